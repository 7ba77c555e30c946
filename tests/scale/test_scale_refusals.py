"""What a user is told where there is no cluster to work with: one sentence, exit code 2, nothing stored or lost."""

import subprocess
import sys

import pytest

from workbench.errors import ClusterError
from workbench.scale import open_executor


def test_an_address_is_checked():
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match="such as tcp://host:8786, found 'here'"):
        open_executor("here")


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(ClusterError, match=r'pip install "voc-workbench\[cluster\]"'):
        open_executor("tcp://127.0.0.1:8786")


@pytest.mark.slow
def test_an_address_where_nobody_answers_ends_with_2(tmp_path, make_small_study):
    pytest.importorskip("distributed")
    path = make_small_study(tmp_path / "nobody")
    done = subprocess.run([sys.executable, "-m", "workbench", "analyse", str(path), "--cluster", "tcp://127.0.0.1:1"],
                          capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 2, done.stderr
    assert done.stderr == ("voc: No scheduler answers at tcp://127.0.0.1:1; start one with `dask scheduler`, or leave "
                           "out the cluster.\n")
    assert not (path.parent / ".workbench").exists()


def test_ctrl_c_is_told_in_one_sentence(tmp_path, make_small_study, monkeypatch, capsys):
    from workbench import analysis
    from workbench.__main__ import main

    path = make_small_study(tmp_path / "stopped")
    monkeypatch.setattr(analysis, "analyse", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    monkeypatch.setattr(sys, "argv", ["voc", "analyse", str(path)])
    with pytest.raises(SystemExit, match=r"^130$"):
        main()
    told = capsys.readouterr().err.strip("\n")  # an open line of progress is ended, whether there is one or not
    assert told == "voc: stopped. Finished stages are stored; run the same command to go on."

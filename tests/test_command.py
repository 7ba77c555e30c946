import errno
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.__main__ import app, main
from workbench.embedding import embed
from workbench.feedback import write_csv, write_xlsx
from workbench.store import Store
from workbench.themes.ledger import Ledger, write_ledger


def voc(*arguments, cwd=None):
    return subprocess.run([sys.executable, "-m", "workbench", *map(str, arguments)], capture_output=True, text=True,
                          cwd=cwd, encoding="utf-8")


def test_check_counts_rows_and_writes_the_rejected_ones(tmp_path):
    (tmp_path / "c.csv").write_text("id,feedback_id,text,nps\n1,a,good,9\n2,b,,3\n3,a,again,4\n4,d,=1+1,11\n",
                                    encoding="utf-8")
    done = voc("check", "c.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "4 rows read: 1 comments, 3 rejected." in done.stdout
    assert "bad_nps: 1 (nps should be a number from 0 to 10)\n" in done.stdout
    assert "The rejected rows are in c.rejected.csv." in done.stdout
    rejected = pd.read_csv(tmp_path / "c.rejected.csv")
    assert rejected["reason"].tolist() == ["empty_text", "duplicate_id", "bad_nps"]


WITH_REJECTED = "feedback_id,text\n1,\n2,good\n"


@pytest.mark.parametrize(("feedback", "data", "written"), [
    ("c.csv", "sub/study.yaml", "sub/study.rejected.csv"),
    ("c.csv", "sub/c.csv", "sub/c.rejected.csv"),
    ("c.csv", "sub", "sub.rejected.csv"),
    ("c.csv", "sub/*.csv", "sub.rejected.csv"),
    ("[c].csv", "sub/[c].csv", "sub/[c].rejected.csv"),
    (".", "sub/study.yaml", "sub.rejected.csv"),
    ('"*.csv"', "sub/study.yaml", "sub.rejected.csv"),
])
def test_rejected_rows_lie_beside_what_was_checked_and_are_never_read_as_comments(tmp_path, monkeypatch, feedback, data,
                                                                                  written):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    name = "[c].csv" if feedback == "[c].csv" else "c.csv"
    (tmp_path / "sub" / name).write_text(WITH_REJECTED, encoding="utf-8")
    (tmp_path / "sub" / "study.yaml").write_text(f"name: One\nfeedback: {feedback}\n", encoding="utf-8")
    for _ in range(2):  # the second time over its own file
        done = CliRunner().invoke(app, ["check", data])
        assert done.exit_code == 0, done.output
        assert "2 rows read: 1 comments, 1 rejected." in done.stdout
        assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.rejected.csv")] == [written]


def test_check_tells_what_is_wrong_in_a_study(tmp_path):
    (tmp_path / "c.csv").write_text(WITH_REJECTED, encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: c.csv\nexpected:\n  stage: {usage: 0.2}\n")
    done = voc("check", "study.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "study.yaml:4: 'expected.stage' names 'usage'" in done.stderr
    assert "did you mean 'use'" in done.stderr


@pytest.mark.parametrize("arguments", [("c.csv",), ("c.csv", "--output", "mine.csv")])
def test_check_never_overwrites_a_file_of_the_users(tmp_path, arguments):
    (tmp_path / "c.csv").write_text(WITH_REJECTED, encoding="utf-8")
    own = tmp_path / ("mine.csv" if len(arguments) > 1 else "c.rejected.csv")
    own.write_text("row_number,note\n1,keep me\n", encoding="utf-8")
    done = voc("check", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert f"{own.name} is there already and was not written by `voc check`" in done.stderr
    assert own.read_text(encoding="utf-8") == "row_number,note\n1,keep me\n"


def test_output_names_another_file(tmp_path):
    (tmp_path / "c.csv").write_text(WITH_REJECTED, encoding="utf-8")
    assert voc("check", "c.csv", "--output", "other.csv", cwd=tmp_path).returncode == 0
    assert pd.read_csv(tmp_path / "other.csv")["reason"].tolist() == ["empty_text"]
    assert not (tmp_path / "c.rejected.csv").exists()


def test_strict_makes_rejections_an_error(tmp_path):
    (tmp_path / "c.csv").write_text("feedback_id,text\n1,\n2,good\n", encoding="utf-8")
    done = voc("check", "c.csv", "--strict", cwd=tmp_path)
    assert done.returncode == 2
    assert "--strict allows none" in done.stderr


@pytest.mark.parametrize(("arguments", "message"), [
    (("check", "none.csv"), "no file none.csv"),
    (("analyse", "none.yaml"), "no study file none.yaml"),
    (("report", "voice_of_custmer", "--study", "STUDY"), "did you mean 'voice_of_customer'"),
    (("report", "voice_of_customer", "--study", "STUDY", "-p", "tpo=3"), "did you mean 'top'"),
    (("report", "voice_of_customer", "--study", "STUDY", "-p", "top=many"), "top"),
    (("report", "voice_of_customer", "--study", "STUDY", "-p", "top"), "name=value"),
    (("report", "voice_of_customer", "--study", "STUDY", "-p", "only=market=EG"), "--only"),
    (("report", "voice_of_customer", "--study", "STUDY", "-l", "xx"), "xx"),
])
def test_wrong_input_ends_with_2_and_a_plain_sentence(small_study, tmp_path, monkeypatch, capfd, arguments, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    monkeypatch.setattr(sys, "argv", ["voc", *(str(small_study) if part == "STUDY" else part for part in arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capfd.readouterr().err
    assert ended.value.code == 2
    assert message in told
    assert len(told.strip().splitlines()) <= 2
    assert not list(tmp_path.glob("reports/**/*.html"))


def test_analyse_tells_where_the_tables_are(small_study):
    done = voc("analyse", small_study)
    assert done.returncode == 0
    assert "nothing has changed" in done.stderr
    assert ".workbench" in done.stdout


def test_a_warning_is_a_sentence_without_the_code_that_raised_it(monkeypatch):
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    monkeypatch.setattr(sys, "argv", ["voc", "--help"])
    with pytest.raises(SystemExit):
        main()
    told = warnings.formatwarning(UserWarning("2 texts are cut"), UserWarning, "code.py", 7)
    assert told == "\nvoc: 2 texts are cut\n"


def test_help_lists_the_commands():
    done = voc("--help")
    assert all(name in done.stdout for name in ("check", "analyse", "report", "lab"))


def test_make_lists_its_verbs(request):
    done = subprocess.run(["make"], capture_output=True, text=True, cwd=request.config.rootpath, check=True)
    for verb in ("report", "test", "lab", "lint", "bench", "clean"):
        assert f"make {verb}" in done.stdout


def test_clean_keeps_what_is_tracked(request, tmp_path):
    shutil.copy(request.config.rootpath / "Makefile", tmp_path)
    kept = ["README.md", "sample-report.png"]
    (tmp_path / "reports" / "sample").mkdir(parents=True)
    for name in [*kept, "report.html", "sample/report.html"]:
        (tmp_path / "reports" / name).write_text("x")
    subprocess.run(["make", "clean"], capture_output=True, cwd=tmp_path, check=True)
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == kept


@pytest.mark.parametrize(("error", "told"), [
    (PermissionError(errno.EACCES, "No access", "reports"), "voc: reports cannot be read or written: No access.\n"),
    (OSError(errno.EROFS, "Read-only", "reports"), "voc: reports cannot be read or written: Read-only. Name a folder "
     "elsewhere with --output; what is not stored yet needs a copy of the study on another disk.\n"),
    (OSError(errno.ENOSPC, "No space left"), "voc: a file cannot be read or written: No space left.\n"),
])
def test_a_disk_that_lets_nothing_be_written_is_told_in_a_sentence(monkeypatch, capsys, error, told):
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    monkeypatch.setattr("workbench.__main__.app", Mock(side_effect=error))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("write", [
    lambda place: Store(place).write(Store(place).stage_path("language", "a"), {}, {}),
    lambda place: write_ledger(Ledger(), place / "a.themes.json"),
    lambda place: write_csv(pd.DataFrame({"text": ["late"]}), place / "a.csv"),
    lambda place: write_xlsx({"a": pd.DataFrame({"text": ["late"]})}, place / "a.xlsx"),
    lambda place: embed(["late"], cache=place / "vectors"),
])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_cannot_be_written_ends_every_command_alike(monkeypatch, tmp_path, write, number):
    def refuse(*_, **__):
        raise OSError(number, "no room or no right")

    for name in ("mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    monkeypatch.setattr("workbench.__main__.app", lambda **_: write(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1


def test_other_faults_of_the_system_are_not_hidden(monkeypatch):
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    monkeypatch.setattr("workbench.__main__.app", Mock(side_effect=OSError(errno.EINVAL, "Invalid argument")))
    with pytest.raises(OSError, match="Invalid argument"):
        main()


SPELT = "x\x1b]0;pwn\x07\u202ex"  # gives a terminal another title, and turns the line round


@pytest.mark.parametrize("name", ["c.csv", f"{SPELT}.csv"])
def test_nothing_that_a_file_holds_or_is_called_reaches_the_terminal_as_a_command(tmp_path, name):
    (tmp_path / name).write_text(f"{SPELT},b\n1,2\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text('name: One\nfeedback: "*.csv"\ncolumns: {text: b, nps: c}\n')
    for data in (name, "study.yaml"):
        done = on_a_terminal("check", data, cwd=tmp_path)
        assert r"x\x1b]0;pwn\x07\u202ex" in done
        assert not {"\x1b", "\x07", "\u202e"} & set(done)


def on_a_terminal(*arguments, cwd):
    """Return what a command writes to a terminal; to a pipe `click` itself leaves out the signs that it knows of."""
    pty = pytest.importorskip("pty")
    outer, inner = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "workbench", *arguments], cwd=cwd, stdin=inner, stdout=inner,
                          stderr=inner) as running:
        os.close(inner)
        written = b""
        with suppress(OSError):  # the end, on Linux
            while part := os.read(outer, 4096):
                written += part
        os.close(outer)
    assert running.returncode in (0, 2)
    return written.decode()

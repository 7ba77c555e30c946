import os
import subprocess
import sys
import time

import pytest

from workbench.errors import InputError
from workbench.report.lock import hold_lock


@pytest.fixture
def ended_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_second_run_is_refused_and_the_first_keeps_its_lock(tmp_path):
    path = tmp_path / "lock"
    with hold_lock(path):
        with pytest.raises(InputError, match="being made by another run"), hold_lock(path):
            pass
        assert path.read_text() == str(os.getpid())
    assert not path.exists()


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path, ended_process):
    path = tmp_path / "lock"
    path.write_text(str(ended_process))
    with hold_lock(path):
        assert path.read_text() == str(os.getpid())
    assert list(tmp_path.iterdir()) == []


def test_a_lock_without_a_process_counts_only_while_it_is_young(tmp_path):
    path = tmp_path / "lock"
    path.write_text("")
    with pytest.raises(InputError, match="being made by another run"), hold_lock(path):
        pass
    os.utime(path, (time.time() - 3600,) * 2)
    with hold_lock(path):
        assert path.exists()


def test_the_lock_goes_when_the_run_fails(tmp_path):
    path = tmp_path / "lock"
    with pytest.raises(RuntimeError, match="broken"), hold_lock(path):
        raise RuntimeError("broken")
    assert not path.exists()

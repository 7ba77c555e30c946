"""What is imported, and how."""

import gc
import subprocess
import sys

import pytest

from workbench.imports import all_is_kept


def test_imports_are_kept_and_collections_go_on_as_before():
    before = gc.get_freeze_count()
    with all_is_kept():
        cycle: list[object] = []
        cycle.append(cycle)
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
    gc.unfreeze()
    gc.disable()
    try:
        with all_is_kept():
            pass
        assert not gc.isenabled()
    finally:
        gc.unfreeze()
        gc.enable()
    with pytest.raises(ModuleNotFoundError), all_is_kept():
        raise ModuleNotFoundError
    gc.unfreeze()
    assert gc.isenabled()


def printed_by(script):
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


def test_places_that_share_no_sum_are_hidden_without_equations():
    script = ("import sys\nfrom workbench.insights.linked import hidden_places\n"
              "print(hidden_places(['DE', 'EG', 'IR'], [40, 9, 3], 5))\n"
              "print(sorted({'scipy.sparse.linalg', 'scipy.optimize'} & set(sys.modules)))")
    assert printed_by(script) == "['shown', 'withheld', 'small']\n[]\n"


def test_a_command_ends_without_a_look_at_what_could_be_freed():
    script = ("import atexit, gc, sys\nfrom workbench.__main__ import main\nassert not gc.get_freeze_count()\n"
              "atexit.register(lambda: print('kept', gc.get_freeze_count() > 1_000))\n"
              "sys.argv = ['voc', '--help']\nmain()")
    assert printed_by(script).endswith("kept True\n")


def test_counting_processes_loads_no_tables():
    script = ("import sys\nfrom workbench.scale.machine import count_processes\ncount_processes()\n"
              "print(sorted({'joblib', 'numpy', 'pandas', 'pyarrow', 'workbench.analysis'} & set(sys.modules)))")
    assert printed_by(script) == "[]\n"

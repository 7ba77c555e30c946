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


def test_counting_processes_loads_no_tables():
    script = ("import sys\nfrom workbench.scale.machine import count_processes\ncount_processes()\n"
              "print(sorted({'pandas', 'pyarrow', 'workbench.analysis'} & set(sys.modules)))")
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"

"""A kernel that was made ready runs the report; what nobody takes ends."""

import json
import os
import sys
from threading import Timer

import pytest
from nbformat import v4
from patience import PATIENCE

from workbench.report import ready, render_report
from workbench.report.execution import kernel_environment

COMMAND = [sys.executable, "-m", "workbench.report.kernel", "-f", "کانال.json"]


def test_the_report_runs_in_the_kernel_that_was_ready(write_notebook, tmp_path):
    cell = v4.new_code_cell("import os, sys\nprint('kernel', os.getpid(), os.getcwd(), sys.path[0])")
    notebook = write_notebook(cell)
    with ready.kernel_at_hand(notebook.parent, kernel_environment()):
        [(folder, kernel)] = ready._WAITING
        page = render_report(notebook, output=tmp_path / "page.html", progress=False).html.read_text(encoding="utf-8")
        assert not ready._WAITING
    assert f"kernel {kernel.pid} {folder} {folder}" in page
    assert kernel.poll() is not None


def test_a_kernel_of_another_folder_is_not_taken_and_ends(tmp_path):
    with ready.kernel_at_hand(tmp_path, kernel_environment()):
        [(_, kernel)] = ready._WAITING
        assert ready.take_kernel(COMMAND, tmp_path.parent) is None
        assert kernel.poll() is None
    assert kernel.poll() is not None
    assert not ready._WAITING


def test_one_that_died_is_not_taken(tmp_path):
    with ready.kernel_at_hand(tmp_path, kernel_environment()):
        [(_, kernel)] = ready._WAITING
        kernel.kill()
        kernel.wait()
        assert ready.take_kernel(COMMAND, tmp_path) is None


def test_none_is_made_ready_where_none_is_wanted(tmp_path):
    with ready.kernel_at_hand(tmp_path, {}, wanted=False):
        assert not ready._WAITING


@pytest.mark.skipif(os.name != "posix", reason="pipes cannot be waited for")
def test_it_imports_and_waits_until_it_is_told_its_arguments(monkeypatch):
    reader, writer = os.pipe()
    monkeypatch.setattr(sys, "stdin", os.fdopen(reader, encoding="utf-8"))
    imported = []
    monkeypatch.setattr(ready, "_STORED", 0)
    monkeypatch.setattr(ready, "import_module", imported.append)
    monkeypatch.setattr(ready, "_draw", lambda: os.write(writer, json.dumps(COMMAND[3:]).encode() + b"\n"))
    assert ready.wait_for_arguments() == COMMAND[3:]
    assert imported == list(ready._MODULES)
    os.close(writer)
    with pytest.raises(SystemExit) as ended:
        ready.wait_for_arguments()
    assert ended.value.code == 0
    sys.stdin.close()


@pytest.mark.skipif(os.name != "posix", reason="pipes cannot be waited for")
def test_no_picture_is_drawn_where_the_arguments_come_soon(monkeypatch):
    reader, writer = os.pipe()
    monkeypatch.setattr(sys, "stdin", os.fdopen(reader, encoding="utf-8"))
    monkeypatch.setattr(ready, "_STORED", PATIENCE)
    monkeypatch.setattr(ready, "import_module", lambda _: None)
    monkeypatch.setattr(ready, "_draw", lambda: pytest.fail("drawn"))
    line = json.dumps(COMMAND[3:]).encode() + b"\n"
    soon = Timer(0.1, os.write, (writer, line))
    soon.start()
    assert ready.wait_for_arguments() == COMMAND[3:]
    soon.join()
    os.close(writer)
    sys.stdin.close()

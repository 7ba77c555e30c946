import json
import subprocess
import sys

import nbformat
from nbclient import NotebookClient

from workbench.report import render_report
from workbench.report.execution import _kernel_manager
from workbench.report.kernel import KERNEL_NAME, KERNELSPEC

SLOW = ("rfc3987_syntax", "isoduration", "rfc3986_validator")


def modules_after(statements):
    script = f"import sys\n{statements}\nprint([sys.modules.get(name) is not None for name in {SLOW}])"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def test_the_guard_still_helps():
    """Drop from the guard what this no longer finds: jsonschema then does not load it by itself."""
    guard = "from workbench.report.kernel import skip_slow_import\nskip_slow_import()\n"
    assert modules_after("import jsonschema") == "[True, True, True]"
    assert modules_after(f"{guard}import jsonschema") == "[False, False, False]"


def test_a_request_is_checked_without_the_grammar():
    assert modules_after("from workbench.report import notebooks\n"
                         "notebooks.read_notebook(notebooks.find_notebook('executive'))") == "[False, False, False]"


def test_the_kernel_is_started_through_the_package():
    spec = json.loads((KERNELSPEC / "kernel.json").read_text())
    assert spec["argv"] == ["python", "-m", "workbench.report.kernel", "-f", "{connection_file}"]


def test_the_package_loads_nothing_heavy():
    script = (
        "import sys, workbench.report, workbench.report.kernel\n"
        "print(sorted(set(sys.modules) & {'papermill', 'nbconvert', 'altair', 'vl_convert', 'jinja2', 'nbformat'}))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"


def test_a_notebook_is_executed_without_file_systems_of_other_machines():
    code = ("from workbench.report.kernel import skip_slow_import, without; skip_slow_import()\n"
            "import sys\nwith without('pyarrow.fs'):\n    import papermill\n"
            "print(sorted({'pyarrow', 'numpy'} & set(sys.modules)))\n"
            "import pyarrow.fs\nwith without('pyarrow.fs'):\n    import pyarrow.fs")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_page_is_written_without_the_libraries_that_made_its_numbers():
    code = ("from workbench.report.kernel import skip_slow_import; skip_slow_import()\n"
            "import sys, workbench.report.render, workbench.report.pages, workbench.report.execution, papermill\n"
            "print(sorted({'pandas', 'altair', 'nbconvert', 'sklearn', 'scipy', 'torch'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_report_is_made_without_a_debugger_which_jupyterlab_has(write_notebook, tmp_path):
    told = "print('debugger', '_pydevd_bundle' in sys.modules, hasattr(get_ipython().kernel, 'debugger'))"
    notebook = write_notebook(f"import sys\n{told}", "import debugpy\nprint('as a cell wishes', debugpy.__name__)")
    page = render_report(notebook, output=tmp_path / "page.html", progress=False).html.read_text(encoding="utf-8")
    assert "debugger False False" in page
    assert "as a cell wishes debugpy" in page
    executed = nbformat.read(notebook, as_version=4)
    NotebookClient(executed, kernel_manager_class=_kernel_manager(str(tmp_path)), kernel_name=KERNEL_NAME).execute()
    assert executed.cells[0].outputs[0].text == "debugger True True\n"


def test_a_kernel_ends_without_a_look_at_what_could_be_freed(write_notebook, tmp_path):
    told = tmp_path / "told"
    notebook = write_notebook("import atexit, gc, pathlib\nnow = gc.get_freeze_count()\n"
                              f"told = pathlib.Path({str(told)!r})\n"
                              "atexit.register(lambda: told.write_text(str(gc.get_freeze_count() > now)))")
    render_report(notebook, output=tmp_path / "page.html", progress=False)
    assert told.read_text() == "True"

import json
import subprocess
import sys

from workbench.report.kernel import KERNELSPEC

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

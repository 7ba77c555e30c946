import json
import subprocess
import sys

from workbench.report.kernel import KERNELSPEC


def modules_after(statements):
    script = f"import sys\n{statements}\nprint(sys.modules.get('rfc3987_syntax') is not None)"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def test_the_guard_still_helps():
    """Drop the guard when this fails: jsonschema then no longer loads the grammar by itself."""
    guard = "from workbench.report.kernel import skip_slow_import\nskip_slow_import()\n"
    assert modules_after("import jsonschema") == "True"
    assert modules_after(f"{guard}import jsonschema") == "False"


def test_a_request_is_checked_without_the_grammar():
    assert modules_after("from workbench.report import notebooks\n"
                         "notebooks.read_notebook(notebooks.find_notebook('executive'))") == "False"


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


def test_a_page_is_written_without_the_libraries_that_made_its_numbers():
    code = ("from workbench.report.kernel import skip_slow_import; skip_slow_import()\n"
            "import sys, workbench.report.render, workbench.report.pages, workbench.report.execution, papermill\n"
            "print(sorted({'pandas', 'altair', 'nbconvert', 'sklearn', 'scipy', 'torch'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

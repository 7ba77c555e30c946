"""Rules of the house that a reader relies on: direction of imports, public names, light import, clean notebooks."""

import ast
import importlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import workbench

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "workbench"
ORDER = ["feedback", "language", "embedding", "themes", "journey", "insights", "charts", "report"]
FREE = {"arguments", "columns", "conditions", "digests", "errors", "first_use", "locks",
        "yaml_lines"}  # may be imported by all
ONLY_IN = {"bertopic": {"themes"}, "papermill": {"report"}, "nbconvert": {"report"}, "dask": {"scale"},
           "distributed": {"scale"}}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py"))


def imports_of(path):
    """Every module that a file imports, at its top or within a function; not those for type checking alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_stages_import_left_to_right(path):
    stage = path.relative_to(PACKAGE).parts[0]
    if stage not in ORDER:
        pytest.skip("not a stage")
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "workbench" or len(parts) < 2 or parts[1] in FREE or parts[1] == "__version__":
            continue
        if parts[1] in ORDER:
            assert ORDER.index(parts[1]) <= ORDER.index(stage), f"{stage} imports {parts[1]}, which comes after it"
        else:
            assert stage == "report", f"{stage} imports workbench.{parts[1]}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_heavy_libraries_are_imported_in_their_stage_alone(path):
    stage = path.relative_to(PACKAGE).parts[0]
    for name in imports_of(path):
        library = name.split(".")[0]
        if library in ONLY_IN:
            assert stage in ONLY_IN[library], f"{path.name} imports {library}"


def test_modules_stay_readable():
    long = {path.relative_to(ROOT).as_posix(): count for path in modules()
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > 330}
    assert not long


def test_public_names_are_sorted_and_there():
    assert list(workbench.__all__) == sorted(workbench.__all__)
    for name in workbench.__all__:
        assert getattr(workbench, name).__name__ == name


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'analyze'"):
        _ = workbench.analyze


@pytest.mark.parametrize("stage", ORDER)
def test_each_stage_lists_its_public_names(stage):
    package = importlib.import_module(f"workbench.{stage}")
    assert list(package.__all__) == sorted(package.__all__)
    assert not set(package.__all__) & {path.stem for path in (PACKAGE / stage).iterdir()}
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        getattr(package, name)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def test_importing_the_package_pulls_in_nothing_heavy():
    heavy = ["torch", "bertopic", "pandas", "numpy", "altair", "papermill", "sentence_transformers", "sklearn",
             "dask", "distributed"]
    code = f"import sys, workbench; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def notebooks():
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.name)
def test_notebooks_hold_prose_and_calls_only(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in code) == 1
    assert notebook["metadata"]["kernelspec"]["name"] == "voc"
    kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.Lambda, ast.ListComp, ast.With)
    for cell in code:
        nodes = ast.walk(ast.parse("".join(cell["source"])))
        found = [type(node).__name__ for node in nodes if isinstance(node, kinds)]
        assert not found, f"{cell['id']} holds logic: {found}"


def test_the_wheel_holds_every_tracked_notebook_and_nothing_else_of_their_folder():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    shipped = build["wheel"]["force-include"]
    assert all(source.endswith(".ipynb") and target == f"workbench/{source}" for source, target in shipped.items())
    assert set(shipped) == {path.relative_to(ROOT).as_posix() for path in notebooks()}


def test_the_source_archive_holds_what_it_needs():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    listed = set(build["sdist"]["include"])
    assert listed >= {"environment.yml", "Makefile", "benchmarks", "CHANGELOG.md", "reports/README.md",
                      "reports/sample-report.png", ".ci", "tests", "workbench"}
    assert all(list(ROOT.glob(name)) for name in listed)


def test_the_files_of_the_embedded_model_are_the_ones_that_its_card_names():
    folder = PACKAGE / "embedding" / "model"
    card = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.iterdir():
        assert path.name == "README.md" or path.name in card, path.name


def test_environment_agrees_with_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = {*project["dependencies"], *project["optional-dependencies"]["dev"]}
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    assert {item for item in pip if not item.startswith("--")} == stated
    assert f"python{project['requires-python']}" in environment["dependencies"]


def test_every_dependency_has_a_tested_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {line.split("==")[0].lower().replace("_", "-"): line.split("==")[1]
              for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
              if line and not line.startswith("#")}
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = requirement.split(">")[0].split("=")[0].split("[")[0].strip().lower().replace("_", "-")
        assert name in pinned, f"{name} has no version in constraints.txt"
    assert all(version and "+" not in version for version in pinned.values())


def test_the_package_never_reads_the_gold():
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert not any(name in text for name in ("gold.csv", "gold_comments", "second_coding")), path

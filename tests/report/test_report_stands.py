"""A report that would be made again just as it is stays as it is; whatever it hangs on has it made anew."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat import v4

from workbench.charts.display import RECEIPT_MIME
from workbench.commands import analyse as command
from workbench.report import batch, execution, notebooks, ready, render, render_report, stands
from workbench.standing import keep_note, look_at
from workbench.study import load_study

KEY = "0123456789abcdef" * 4
TABLES = ("themes", "vectors")
PAGE = "executive.en.html"


class World:
    """A study whose analysis is noted, and kernels that only count how often they run."""

    def __init__(self, folder):
        self.study, self.output, self.runs, self.analysed = folder / "study.yaml", folder / "out", 0, KEY
        self.store = folder / ".workbench" / "analyses"
        self.study.write_text("name: Shop\nfeedback: comments.csv\n", encoding="utf-8")
        (folder / "comments.csv").write_text("text\nlate\nدیر\n", encoding="utf-8")
        self.note()

    def note(self, key=KEY, only=None, folder=KEY[:16]):
        place = self.store / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "manifest.json").write_text("{}", encoding="utf-8")
        for name in ("themes.parquet", "vectors.npy"):
            if not (place / name).exists():
                (place / name).touch()
        study = load_study(self.study)
        from workbench.feedback import open_sources

        keep_note(study, only or {}, look_at(study, open_sources(study.feedback, study.folder)), key, place)

    def execute(self, notebook, parameters, **_):
        self.runs += 1
        tables = [{"name": name, "rows": 2, "sha256": "0" * 64} for name in TABLES]
        receipt = {"analysis": self.analysed, "only": {}, "part": "about", "tables": tables,
                   "confidence": 0.95, "minimum_cell": 5}
        output = v4.new_output("display_data", {"text/html": f"<p>{self.runs}</p>", RECEIPT_MIME: receipt})
        if parameters.get("summary_path"):
            Path(parameters["summary_path"]).write_text("{}", encoding="utf-8")
        return v4.new_notebook(cells=[v4.new_code_cell("page.about()", outputs=[output])]), None

    def report(self, notebook="executive", **given):
        return render_report(notebook, **{"study": self.study, "output": self.output, "progress": False, **given})

    def alter_manifest(self, **values):
        file = self.output / "executive.en" / "manifest.json"
        file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **values}), encoding="utf-8")


@pytest.fixture
def world(tmp_path, monkeypatch):
    made = World(tmp_path)
    monkeypatch.setattr(execution, "execute", made.execute)
    monkeypatch.setattr(render, "_today", lambda: "2026-03-20")  # not even at midnight is the day another one
    return made


def test_a_report_stands_file_for_file(world):
    first = world.report()
    before = {file: file.read_bytes() for file in world.output.rglob("*") if file.is_file()}
    again = world.report()
    assert (first.stood, again.stood, world.runs) == (False, True, 1)
    assert (again.html, again.notebook, again.manifest, again.summary) == (
        first.html, first.notebook, first.manifest, first.summary)
    assert len(before) == 4
    assert {file: file.read_bytes() for file in world.output.rglob("*") if file.is_file()} == before


CHANGES = {
    "comments": lambda world: (world.study.parent / "comments.csv").write_text("text\nlate\nlate\n"),
    "study": lambda world: world.study.write_text("name: Shops\nfeedback: comments.csv\n"),
    "people's rules": lambda world: (world.study.parent / "forgotten.csv").write_text("salt,digest\n"),
    "theme numbers": lambda world: (world.study.parent / "study.themes.json").write_text("{}"),
    "another analysis": lambda world: world.note(KEY[::-1], folder="other"),
    "no analysis": lambda world: shutil.rmtree(world.store / KEY[:16]),
    "no note": lambda world: shutil.rmtree(world.store.parent / "standing"),
    "another table": lambda world: (world.store / KEY[:16] / "themes.parquet").write_text("others"),
    "a table gone": lambda world: (world.store / KEY[:16] / "vectors.npy").unlink(),
    "page edited": lambda world: (world.output / PAGE).write_text("edited"),
    "page gone": lambda world: (world.output / PAGE).unlink(),
    "notebook edited": lambda world: (world.output / "executive.en" / "report.ipynb").write_text("{}"),
    "notebook gone": lambda world: (world.output / "executive.en" / "report.ipynb").unlink(),
    "summary gone": lambda world: (world.output / "executive.en" / "summary.json").unlink(),
    "manifest gone": lambda world: (world.output / "executive.en" / "manifest.json").unlink(),
    "manifest damaged": lambda world: (world.output / "executive.en" / "manifest.json").write_text("[1]"),
    "manifest of before": lambda world: world.alter_manifest(stands_by=None),
    "manifest without a page": lambda world: world.alter_manifest(files={}),
    "notebook of before": lambda world: world.alter_manifest(notebook_sha256="0" * 64),
    "a failure since": lambda world: (world.output / "executive.en.failed.html").write_text("failed"),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_whatever_the_report_hangs_on_has_it_made_anew(world, what):
    world.report()
    CHANGES[what](world)
    assert not world.report().stood
    assert world.runs == 2


@pytest.mark.parametrize("given", [
    {"anew": True}, {"language": "fa"}, {"output": "a.html", "language": "de"}, {"only": "market=EG"}, {"study": None},
])
def test_another_request_is_made(world, given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world.report(output=given.get("output", world.output))
    for runs in (2, 3) if set(given) & {"anew", "study"} else (2,):
        assert not world.report(**given).stood
        assert world.runs == runs


def test_what_is_asked_in_other_words_is_the_same(world, tmp_path, monkeypatch):
    world.report("frontline", only={})
    monkeypatch.chdir(tmp_path)
    assert world.report("frontline", study="study.yaml", output="out", parameters={}).stood
    world.report("drivers", parameters={"top": "7"})
    assert world.report("drivers", parameters={"top": 7}).stood
    assert not world.report("drivers", parameters={"top": 8}).stood
    assert not world.report("drivers").stood


def test_the_page_tells_the_day_so_it_stands_for_that_day(world, monkeypatch):
    world.report()
    monkeypatch.setattr(render, "_today", lambda: "2125-03-20")
    assert [world.report().stood for _ in range(2)] == [False, True]


@pytest.mark.parametrize("variable", ["PYTHONPATH", "IPYTHONDIR"])
def test_an_environment_that_leads_elsewhere_counts(world, monkeypatch, variable):
    world.report()
    monkeypatch.setenv(variable, "elsewhere")
    assert [world.report().stood for _ in range(2)] == [False, True]
    monkeypatch.setenv("VOC_PROCESSES", "2")
    assert world.report().stood


@pytest.mark.parametrize(("name", "value"), [
    ("program", lambda: "another"), ("sys", SimpleNamespace(version="3.99", prefix=sys.prefix)),
    ("sys", SimpleNamespace(version=sys.version, prefix="elsewhere")),
])
def test_the_program_counts(world, monkeypatch, name, value):
    world.report()
    monkeypatch.setattr(stands, name, value)
    assert [world.report().stood for _ in range(2)] == [False, True]


def test_a_program_that_changed_while_the_report_was_made_is_not_what_made_it(world, monkeypatch):
    kinds = iter(["before", "after", "after"])
    monkeypatch.setattr(stands, "program", lambda: next(kinds))
    world.report()
    assert not world.report().stood


def test_a_report_of_another_analysis_than_the_one_that_stands_does_not_stand(world):
    world.analysed = KEY[::-1]
    assert [world.report().stood for _ in range(2)] == [False, False]


def test_a_notebook_of_ones_own_is_always_executed(world, tmp_path):
    own = tmp_path / "executive.ipynb"
    shutil.copyfile(notebooks.find_notebook("executive"), own)
    assert [world.report(own).stood for _ in range(2)] == [False, False]


def test_a_notebook_of_the_package_whose_code_was_edited_is_ones_own(world, monkeypatch):
    world.report()
    monkeypatch.setitem(notebooks._CODE, "executive", "0" * 64)
    assert not world.report().stood


@pytest.mark.parametrize("name", sorted(notebooks._CODE))
def test_the_code_of_every_notebook_is_known(name):
    path = notebooks.find_notebook(name)
    notebook = notebooks.read_notebook(path)
    assert notebooks._CODE[name] == notebooks.code_digest(notebook), "look at what it reads, then write this digest"
    assert sorted(notebooks._CODE) == sorted(file.stem for file in path.parent.glob("*.ipynb"))
    notebook.cells[0].source += " More."
    assert notebooks.comes_with_package(path, notebook)
    next(cell for cell in notebook.cells if cell.cell_type == "code").source += "\nopen('more.csv')"
    assert not notebooks.comes_with_package(path, notebook)


def test_it_stands_when_further_tables_were_made(world):
    world.report()
    whole = world.store / "whole"
    whole.mkdir()
    for name in ("themes.parquet", "vectors.npy"):
        os.link(world.store / KEY[:16] / name, whole / name)
    world.note(folder="whole")
    assert world.report().stood


def test_a_report_of_a_part_stands_for_itself(world):
    world.note(only={"market": "EG"})
    for only, stood in (("market=EG", False), ("market=EG", True), (None, False), ("market=EG", True)):
        assert world.report(only=only).stood == stood


def test_the_analysis_of_a_report_that_stands_is_the_one_used_last(world):
    world.report()
    os.utime(world.store / KEY[:16], (0, 0))
    assert world.report().stood
    assert (world.store / KEY[:16]).stat().st_mtime > 1


def test_it_is_told_in_one_line(world, capsys):
    world.report()
    capsys.readouterr()
    world.report(progress=True)
    assert capsys.readouterr().err == f"Stored report {PAGE}: nothing has changed since it was made.\n"
    world.report(progress=False)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("jobs", [1, 2])
def test_of_several_reports_those_that_stand_are_left(world, monkeypatch, capsys, jobs):
    analysed = []
    monkeypatch.setattr(batch, "_analyse", lambda *given: analysed.append(given[1]))
    world.note(only={"market": "EG"})

    def made(**given):
        asked = {"study": world.study, "languages": ("en", "fa"), "parts": ({}, {"market": "EG"}), "jobs": jobs}
        found = batch.render_reports("executive", output=world.output, **asked, **given)
        return [report.stood for report in found]

    assert made() == [False] * 4
    capsys.readouterr()
    assert made() == [True] * 4
    assert analysed == [{}, {"market": "EG"}]
    assert sorted(capsys.readouterr().err.splitlines())[0] == (
        "Stored report executive.en.html: nothing has changed since it was made.")
    (world.output / "executive.fa.html").unlink()
    assert made(progress=False) == [True, False, True, True]
    assert analysed == [{}, {"market": "EG"}, {}]
    assert capsys.readouterr().err == ""
    assert made(anew=True) == [False] * 4
    assert len(analysed) == 5


@pytest.mark.parametrize("anew", [False, True])
def test_no_kernel_is_made_ready_for_reports_that_stand(world, monkeypatch, capsys, anew):
    wanted = []
    monkeypatch.setattr(ready, "kernel_at_hand", lambda folder, environment, wish: wanted.append(wish) or nullcontext())
    monkeypatch.setattr(batch, "_analyse", lambda *given: None)
    for _ in range(2):
        command.report(world.study, "executive", output=world.output, processes=2, anew=anew, quiet=True)
    assert wanted == [True, anew]
    assert capsys.readouterr().out.splitlines() == [str(world.output / PAGE)] * 2


@pytest.mark.slow
def test_the_command_leaves_a_report_that_stands(make_small_study, tmp_path):
    study = make_small_study(tmp_path / "own")
    noon = f"NOON{time.gmtime().tm_hour - 12:+d}"  # a zone in which no midnight is near: a report stands for a day

    def voc(*options):
        asked = [sys.executable, "-m", "workbench", "report", "themes", "--study", study, "--output", tmp_path / "out"]
        return subprocess.run([*asked, *options], capture_output=True, text=True, encoding="utf-8", check=True,
                              env={**os.environ, "TZ": noon})

    page = tmp_path / "out" / "themes.en.html"
    voc()
    made = page.stat().st_mtime_ns
    done = voc()
    assert (done.stdout, done.stderr) == (
        f"{page}\n", "Stored report themes.en.html: nothing has changed since it was made.\n")
    assert page.stat().st_mtime_ns == made
    assert "Stored analysis" in voc("--anew").stderr
    assert page.stat().st_mtime_ns > made
    page.write_text("edited", encoding="utf-8")
    voc()
    assert "edited" not in page.read_text(encoding="utf-8")[:10]

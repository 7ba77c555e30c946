"""Whole runs. A run starts a kernel and takes seconds, so most tests look at the finished reports of `rendered`."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4
from patience import PATIENCE, is_running, wait_until

from workbench.errors import InputError, ParameterError, ReportError
from workbench.report import execution, render_report
from workbench.report.execution import find_failure
from workbench.report.render import check_request
from workbench.report.request import study_name


def run(path, place, **given):
    return render_report(path, output=place, progress=False, **given)


def parameter_cell(source):
    return v4.new_code_cell(source, metadata={"tags": ["parameters"]})


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def no_kernel(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(execution, "execute", refuse)


@pytest.fixture
def last_report(tmp_path):
    """A good report of the notebook `tiny` from an earlier run."""
    place = tmp_path / "out"
    (place / "tiny.en").mkdir(parents=True)
    (place / "tiny.en" / "manifest.json").write_text("earlier")
    (place / "tiny.en.html").write_text("earlier")
    return place


def assert_untouched(place):
    assert (place / "tiny.en.html").read_text() == "earlier"
    assert (place / "tiny.en" / "manifest.json").read_text() == "earlier"
    assert left_in(place / "tiny.en") == ["manifest.json"]
    assert left_in(place) == ["tiny.en", "tiny.en.failed.html", "tiny.en.html"]


def test_a_report_and_its_companions_lie_side_by_side(rendered):
    report = rendered["fa"]
    folder = report.html.parent
    assert report.html == folder / "demo.fa.html"
    assert report.notebook == folder / "demo.fa" / "report.ipynb"
    assert left_in(folder / "demo.fa") == ["manifest.json", "report.ipynb", "summary.json"]
    assert left_in(folder) == [f"demo.{language}{end}" for language in ("ar", "en", "fa") for end in ("", ".html")]


def test_the_notebook_saw_its_parameters_in_their_types(rendered):
    summary = json.loads(rendered["en"].summary.read_text())
    assert summary["market"] == "007"
    assert summary["top"] == 7
    assert os.path.isabs(summary["study"])
    assert summary["study"].endswith("shop.yaml")


def test_the_manifest_says_what_the_report_was_made_from(rendered, demo_notebook):
    report = rendered["ar"]
    facts = json.loads(report.manifest.read_text())
    assert facts["status"] == "complete"
    assert facts["language"] == "ar"
    assert facts["parameters"]["top"] == 7
    assert facts["notebook_sha256"] == hashlib.sha256(demo_notebook.read_bytes()).hexdigest()
    assert facts["files"]["report.html"] == hashlib.sha256(report.html.read_bytes()).hexdigest()
    assert facts["files"]["report.ipynb"] == hashlib.sha256(report.notebook.read_bytes()).hexdigest()
    assert facts["versions"]["papermill"]


def test_the_executed_notebook_is_valid_and_forgets_the_draft(rendered):
    notebook = nbformat.read(rendered["en"].notebook, as_version=4)
    nbformat.validate(notebook)
    assert "output_path" not in notebook.metadata["papermill"]


def test_checked_parameters_bring_no_warning(write_notebook, tmp_path, caplog):
    source = "study: str | None = None\nlanguage: str = 'en'\nmarket: str | None = None"
    notebook = write_notebook(v4.new_code_cell(source, metadata={"tags": ["parameters"]}), "print(market)")
    render_report(notebook, output=tmp_path / "out", progress=False, parameters={"market": "EG"})
    assert "unknown parameter" not in caplog.text


def test_a_notebook_is_not_written_while_it_is_executed(write_notebook, tmp_path, monkeypatch):
    from papermill import engines

    written = []
    monkeypatch.setattr(engines, "write_ipynb", lambda notebook, path: written.append(path))
    render_report(write_notebook(*["print(1)"] * 12), output=tmp_path / "out", progress=False)
    assert not written


def test_the_page_shows_results_only(rendered):
    html = rendered["fa"].html.read_text(encoding="utf-8")
    assert "standard output 7" in html
    assert "standard error" not in html
    assert "import altair" not in html
    assert html.count('<figure class="voc-figure"') == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"languge": "fa"}, r"no parameter 'languge' \(did you mean 'language'\?\); it has language, top"),
        ({"top": "many"}, "'top' takes a whole number; found 'many'."),
        ({}, "needs a value for top: int"),
        ({"top": 1, "study": "other.yaml"}, "'study' is asked for by itself"),
        ({"top": 1, "language": "fa"}, r"'language' is asked for by itself \(--language, in Python language=...\)"),
        ({"top": 1, "only": "market=EG"}, "'only' is asked for by itself"),
        ({"top": 1, "summary_path": "mine.json"}, "'summary_path' cannot be chosen"),
    ],
)
def test_wrong_parameters_are_told_before_a_kernel_starts(write_notebook, tmp_path, no_kernel, given, message):
    path = write_notebook(parameter_cell("language: str = 'en'\ntop: int"))
    with pytest.raises(ParameterError, match=message):
        run(path, tmp_path / "out", parameters=given)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("given", [0, "-1"])
def test_a_page_of_no_theme_is_told_before_a_kernel_starts(write_notebook, tmp_path, no_kernel, given):
    path = write_notebook(parameter_cell("top: int = 12\nothers: int = 0"))
    with pytest.raises(InputError, match="top: expected a whole number from 1 on, found "):
        run(path, tmp_path / "out", parameters={"others": "-3", "top": given})
    assert not (tmp_path / "out").exists()


def test_what_the_user_names_must_exist(write_notebook, tmp_path, no_kernel, monkeypatch):
    path = write_notebook("1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    path.rename(tmp_path / "notebooks" / "voice_of_shops.ipynb")
    (tmp_path / "text.ipynb").write_text("no notebook")
    with pytest.raises(InputError, match=r"no notebook named 'voice_of_shop' \(did you mean 'voice_of_shops'\?\)"):
        run("voice_of_shop", None)
    with pytest.raises(InputError, match=r"no notebook file missing\.ipynb"):
        run("missing.ipynb", None)
    with pytest.raises(InputError, match=r"text\.ipynb is not a Jupyter notebook"):
        run("text.ipynb", None)
    with pytest.raises(InputError, match=r"no study file missing\.yaml"):
        run("voice_of_shops", None, study="missing.yaml")
    with pytest.raises(InputError, match="notebook: expected a path, found int"):
        render_report(3)
    with pytest.raises(InputError, match="not in 'it'"):
        run("voice_of_shops", None, language="it")


def test_a_failing_cell_leaves_the_last_report_and_a_page_that_says_why(write_notebook, last_report):
    cells = [
        parameter_cell("top: int = 1"),
        v4.new_markdown_cell("# Title\n\n## The <b>themes</b>"),
        "from workbench.errors import StudyError\nraise StudyError('the study has no <i>comments</i>.')",
        "2",
    ]
    path = write_notebook(*cells)
    with pytest.raises(ReportError, match=r"cell 3 \(under 'The <b>themes</b>'\) failed: the study has no"):
        run(path, last_report, parameters={"top": "2"})
    assert_untouched(last_report)
    html = (last_report / "tiny.en.failed.html").read_text(encoding="utf-8")
    assert "Cell 3 of the notebook, under “The &lt;b&gt;themes&lt;/b&gt;”" in html
    assert "the study has no &lt;i&gt;comments&lt;/i&gt;." in html
    assert f"voc report {path} --language en --output {last_report} -p top=2" in html
    assert "Content-Security-Policy" in html

    write_notebook("1")
    run(path, last_report)
    assert left_in(last_report) == ["tiny.en", "tiny.en.html"]
    assert left_in(last_report / "tiny.en") == ["manifest.json", "report.ipynb"]


def test_a_killed_kernel_is_told(write_notebook, last_report):
    path = write_notebook("1", "import os\nos.kill(os.getpid(), 9)", "2")
    (last_report / ".tiny.en--leftover").mkdir()
    with pytest.raises(ReportError, match="cell 2 stopped because the kernel died"):
        run(path, last_report)
    assert_untouched(last_report)
    assert "memory runs out" in (last_report / "tiny.en.failed.html").read_text(encoding="utf-8")


def test_a_cell_that_takes_too_long_is_told(write_notebook, last_report):
    path = write_notebook("import time\ntime.sleep(600)", "2")
    with pytest.raises(ReportError, match="cell 1 took longer than 1 seconds"):
        run(path, last_report, timeout=1, language="en")
    assert_untouched(last_report)


def test_ctrl_c_stops_the_kernel_and_leaves_nothing_behind(write_notebook, last_report, tmp_path):
    marker = tmp_path / "kernel"
    path = write_notebook(
        f"import os, pathlib, time\npathlib.Path({str(marker)!r}).write_text(str(os.getpid()))\ntime.sleep(600)"
    )
    script = "import sys; from workbench import render_report as r; r(sys.argv[1], output=sys.argv[2], progress=False)"
    # a shell's background jobs ignore Ctrl-C, and their children inherit that
    process = subprocess.Popen([sys.executable, "-c", script, path, last_report], stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    wait_until(lambda: marker.exists() and marker.read_text())
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in complaint
    assert left_in(last_report) == ["tiny.en", "tiny.en.html"]
    assert (last_report / "tiny.en.html").read_text() == "earlier"
    wait_until(lambda: not is_running(int(marker.read_text())))


def test_two_runs_of_one_report_never_mix(write_notebook, last_report, no_kernel):
    (last_report / ".tiny.en.lock").write_text(str(os.getpid()))
    with pytest.raises(InputError, match="being made by another run"):
        run(write_notebook("1"), last_report)
    assert (last_report / "tiny.en.html").read_text() == "earlier"


@pytest.mark.parametrize(
    ("output", "expected"),
    [("out", "out/tiny.en.html"), ("out/{own}.html", "out/{own}.html"), (None, "reports/tiny.en.html")],
)
def test_the_place_of_a_report(write_notebook, tmp_path, monkeypatch, output, expected):
    monkeypatch.chdir(tmp_path)
    report = run(write_notebook("1"), output)
    assert report.html == tmp_path / expected
    assert report.summary is None
    assert report.manifest.parent == report.html.with_suffix("")


def test_the_report_of_another_study_is_not_replaced(write_notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, second = (tmp_path / team / "survey.yaml" for team in ("north", "south"))
    for study in (first, second):
        study.parent.mkdir()
        study.write_text("name: One\nfeedback: a.csv\n", encoding="utf-8")
    notebook = write_notebook("1")
    made = tmp_path / "reports" / "survey" / f"{notebook.stem}.en"
    made.mkdir(parents=True)
    (made / "manifest.json").write_text(json.dumps({"study": str(first)}), encoding="utf-8")
    check_request(notebook, study=first)
    with pytest.raises(InputError, match=r"is the report of another study, .*north.survey\.yaml: name another folder"):
        check_request(notebook, study=second)
    first.unlink()
    check_request(notebook, study=second)


def test_studies_have_folders_of_their_own(tmp_path):
    assert study_name(tmp_path / "shop.yaml") == "shop"
    assert study_name(tmp_path / "hotel" / "study.yaml") == "hotel"


def executed(*cells):
    return v4.new_notebook(cells=[v4.new_markdown_cell("## Part"), *cells])


def cell(count=1, started=True, outputs=(), exception=None, source="x"):
    record = {"start_time": "2025-03-20T08:00:00" if started else None, "status": "completed", "exception": exception}
    return v4.new_code_cell(source, execution_count=count, outputs=list(outputs), metadata={"papermill": record})


def error(name, message):
    return v4.new_output("error", ename=name, evalue=message, traceback=[])


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        ([cell(), cell(2)], "unfinished", None),
        ([cell(), cell(None, started=False, source=" ")], "unfinished", None),
        ([cell(), cell(None, started=False)], "unfinished", (3, "unfinished", "", "")),
        ([cell(), cell(None)], "unfinished", (3, "unfinished", "", "")),
        ([cell(), cell(2, exception=True)], "error", (3, "unfinished", "", "")),
        ([cell(), cell(None), cell(None, started=False)], "dead", (3, "dead", "", "")),
        ([cell(), cell(2), cell(None, started=False)], "time", (3, "time", "", "")),
        ([cell(), cell(2, outputs=[error("KeyboardInterrupt", "")])], "time", (3, "time", "", "")),
        ([cell(None, started=False)], "dead", (None, "dead", "", "")),
        ([cell(outputs=[error("SystemExit", "0")]), cell()], "unfinished", (2, "error", "SystemExit", "0")),
        ([cell(outputs=[error("KeyError", "a\n'\x1b[31mlast\x1b[0m'")])], "error", (2, "error", "KeyError", "'last'")),
        ([cell(outputs=[error("InputError", "one\ntwo")])], "error", (2, "error", "InputError", "one\ntwo")),
    ],
)
def test_papermills_record_is_not_believed(cells, kind, expected):
    failure = find_failure(executed(*cells), kind)
    found = failure and (failure.cell_number, failure.kind, failure.error, failure.detail)
    assert found == expected


def test_words_of_foreign_exceptions_are_shown_nowhere(write_notebook, tmp_path):
    path = write_notebook("raise ValueError('first line\\ncustomer <b>words</b>')")
    with pytest.raises(ReportError) as raised:
        run(path, tmp_path / "out", language="fa")
    assert "failed with ValueError" in str(raised.value)
    assert "customer" not in str(raised.value)
    html = (tmp_path / "out" / "tiny.fa.failed.html").read_text(encoding="utf-8")
    assert "ValueError" in html
    assert not re.search("customer|first line", html)
    assert re.search(r'<html lang="fa" dir="rtl"', html)


@pytest.mark.parametrize(("given", "message"), [
    ({"timeout": 0}, "timeout: expected a number above 0, found 0."),
    ({"parameters": ["top"]}, "parameters: expected a mapping such as {'top': 20}, found list."),
    ({"study": 3}, "study: expected a path, found int."),
    ({"output": "a.txt/out"}, "a.txt is a file, so there can be no folder of that name; name another."),
])
def test_what_a_report_cannot_be_asked_for(given, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("mine")
    with pytest.raises(InputError) as told:
        render_report("themes", **given)
    assert str(told.value).endswith(message)

"""Receipts, and a report that is made again and compared."""

import json
import re
import shutil

import pytest

from workbench.analysis import analyse
from workbench.errors import InputError
from workbench.feedback.forgotten import add_forgotten
from workbench.report import render_report, verify
from workbench.report.page import Page
from workbench.report.reasons import reasons
from workbench.report.verify import verify_report
from workbench.store import Store
from workbench.study import load_study

NOTEBOOK = """study: str = ""
language: str = "en"
only: str | None = None
"""
CELLS = [
    "import workbench as wb\npage = wb.Page(wb.analyse(study, only=only, progress=False), language)",
    "page.key_figures()",
    "page.who_spoke('market')",
    "page.theme_shares()",
]


def write_notebook(folder):
    import nbformat
    from nbformat import v4

    cells = [v4.new_code_cell(NOTEBOOK, metadata={"tags": ["parameters"]}), *map(v4.new_code_cell, CELLS)]
    path = folder / "short.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def made(small_study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("verify")
    notebook = write_notebook(folder)
    return render_report(notebook, study=small_study, language="fa", output=folder / "out", progress=False)


@pytest.fixture
def copy(made, tmp_path):
    """A copy of the report that a test may alter."""
    shutil.copytree(made.html.parent, tmp_path / "out")
    return tmp_path / "out" / made.html.name


def test_a_receipt_names_every_table_that_was_read(small_analysis):
    receipt = Page(small_analysis, "en").key_figures().receipt
    tables = {table["name"] for table in receipt["tables"]}
    assert {"coverage", "themes", "scores"} <= tables
    assert receipt["counted"] == small_analysis.facts["insights"]["counted"]
    assert receipt["analysis"] == small_analysis.key


def test_a_receipt_changes_with_what_was_read(small_analysis):
    page = Page(small_analysis, "en")
    first = page.who_spoke("market").receipt
    assert first == page.who_spoke("market").receipt
    assert first["arguments"] == {"dimension": "market"}
    assert first != page.who_spoke("language").receipt


def test_a_fresh_report_verifies(made):
    found = verify_report(made.html)
    assert (found.parts, found.differences, found.uncovered) == (3, [], 0)
    assert found.numbers > 20


def test_receipts_can_be_opened_in_the_language_of_the_page(made):
    html = made.html.read_text(encoding="utf-8")
    assert html.count("<summary>رسید عددها</summary>") == 3
    assert '<code dir="ltr">page.theme_shares()</code>' in html


@pytest.mark.parametrize(("pattern", "replacement", "message"), [
    (r'(<p class="value">)[^<]+', r"\g<1>۹۹۹", "key_figures: it shows ۹۹۹, the analysis gives"),
    (r"(:)0\.\d{6,}", r"\g<1>0.987", "it shows 0.987"),
    (r'id="part-3"', 'id="gone"', "no longer shows it"),
], ids=["a number in words", "a number in a chart", "a part taken out"])
def test_an_altered_page_is_found_out(copy, pattern, replacement, message):
    html = copy.read_text(encoding="utf-8")
    altered = re.sub(pattern, replacement, html, count=1)
    assert altered != html
    copy.write_text(altered, encoding="utf-8")
    differences = verify_report(copy).differences
    assert any(message in difference for difference in differences), differences
    assert any("its hash differs" in difference for difference in differences)


def test_altered_data_are_found_out(make_small_study, tmp_path, made, small_study):
    html = tmp_path / made.html.name
    shutil.copytree(made.html.with_suffix(""), html.with_suffix(""))
    shutil.copy(made.html, html)
    study = make_small_study(tmp_path / "study")
    lines = (tmp_path / "study" / "comments.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "study" / "comments.csv").write_text("\n".join(lines[:-9]) + "\n", encoding="utf-8")
    manifest = html.with_suffix("") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(content | {"study": str(study)}), encoding="utf-8")
    differences = verify_report(html).differences
    assert any("the study now gives" in difference for difference in differences)
    assert verify_report(html).since == ["the analysis that it was made from is no longer stored, so that what has "
                                         "changed since cannot be told"]
    assert any(difference.startswith("key_figures: it shows") for difference in differences)


def test_what_has_changed_since_is_told_beside_what_the_report_was_made_from(small_study, made, copy, tmp_path):
    study = tmp_path / "later" / "study.yaml"
    shutil.copytree(small_study.parent, study.parent)
    comments = study.parent / "comments.csv"
    comments.write_text(comments.read_text(encoding="utf-8").replace("the parcel never", "a parcel never"),
                        encoding="utf-8")
    study.write_text(study.read_text(encoding="utf-8") + "insights: {confidence: 0.9}\n", encoding="utf-8")
    manifest = copy.with_suffix("") / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(content | {"study": str(study)}), encoding="utf-8")
    found = verify_report(copy)
    rows = "54 comments, 0 rejected"
    assert found.since == [f"comments.csv has changed ({rows} then; {rows} now)",
                           "settings have changed: insights.confidence"]
    assert found.then == 0
    assert len(found.differences) > 1
    used, now = Store(study.parent / ".workbench").analyses()[0], analyse(study, progress=False)
    assert used.name.startswith(now.key[:16]), "the analysis used last is that of the study as it is"


THEN = {"made_of": {"files": [["a.csv", "1"], ["b.csv", "2"]], "code": "c", "codebook": "d", "encoder": "e"},
        "study": {"themes": {"count": None}, "feedback": [{"path": "a.csv"}]},
        "version": "1", "packages": {"numpy": "2"},
        "facts": {"feedback": {"told": "3 comments", "forgotten": 0}, "coding": {"baseline_run": None}}}


@pytest.mark.parametrize(("changed", "expected"), [
    ({"files": [["a.csv", "1"], ["c.csv", "2"]]}, "b.csv is gone, c.csv is new (3 comments then; 3 comments now)"),
    ({"files": [["a.csv", "1"], ["b.csv", "2"], ["b.csv", "3"]]},
     "b.csv has changed (3 comments then; 3 comments now)"),
    ({"codebook": "x"}, "the codebook has changed"),
    ({"encoder": "x"}, "the encoder has changed"),
    ({"code": "x"}, "the workbench has changed"),
], ids=str)
def test_what_an_analysis_was_made_of_is_compared(changed, expected):
    assert reasons(THEN, {**THEN, "made_of": {**THEN["made_of"], **changed}}) == [expected]


@pytest.mark.parametrize(("changed", "expected"), [
    ({"study": {"themes": {"count": 9}, "feedback": []}}, "settings have changed: feedback, themes.count"),
    ({"version": "2"}, "the workbench has changed"),
    ({"packages": {"numpy": "3"}}, "other versions are installed of numpy"),
    ({"facts": {**THEN["facts"], "feedback": {"told": "2 comments", "forgotten": 1}}},
     "rows of customers who asked to be forgotten: 1 now, 0 then"),
    ({"facts": {**THEN["facts"], "coding": {"baseline_run": 2}}},
     "themes are numbered after another run of the study than then"),
    ({}, "comments dated in days to come are counted up to another day"),
], ids=str)
def test_what_else_decides_an_analysis_is_compared(changed, expected):
    assert reasons(THEN, {**THEN, **changed}) == [expected]


@pytest.mark.slow
def test_the_data_give_the_same_numbers(made):
    assert verify_report(made.html, from_data=True).differences == []


def test_what_the_data_do_not_tell_goes_along(make_small_study, tmp_path):
    study = load_study(make_small_study(tmp_path / "study"))
    add_forgotten(study.forgotten_file, "c1")
    study.ledger_file.write_text("{}", encoding="utf-8")
    (tmp_path / "place").mkdir()
    moved = verify._elsewhere(study, tmp_path / "place")
    assert moved.store_folder == tmp_path / "place" / "store"
    assert moved.ledger_file.read_text(encoding="utf-8") == "{}"
    assert moved.forgotten_file.read_bytes() == study.forgotten_file.read_bytes()
    assert moved.forgotten_file.parent == tmp_path / "place"


@pytest.mark.slow
def test_themes_that_have_a_history_give_the_same_numbers(make_small_study, tmp_path):
    study = make_small_study(tmp_path / "study")
    comments = study.parent / "comments.csv"
    whole = comments.read_text(encoding="utf-8").splitlines(keepends=True)
    comments.write_text("".join(whole[:20]), encoding="utf-8")
    analyse(study, progress=False)
    comments.write_text("".join([whole[0], *whole[20:]]), encoding="utf-8")
    add_forgotten(load_study(study).forgotten_file, "kfa0")
    notebook = write_notebook(tmp_path)
    report = render_report(notebook, study=study, language="en", output=tmp_path / "out", progress=False)
    numbers = analyse(study, progress=False).themes["theme_id"].tolist()[:-1]
    assert numbers != list(range(len(numbers))), "without the ledger they would be the same"
    assert verify_report(report.html, from_data=True).differences == []


@pytest.mark.parametrize(("remove", "message"), [
    ("out/short.fa/manifest.json", "manifest.json is missing"),
    ("out/short.fa.html", r"there is no report .*short\.fa\.html"),
])
def test_what_is_missing_is_told(copy, remove, message):
    (copy.parent.parent / remove).unlink()
    with pytest.raises(InputError, match=message):
        verify_report(copy)


def test_another_page_is_no_report(copy):
    copy.write_text("<p>hello</p>", encoding="utf-8")
    with pytest.raises(InputError, match="holds no receipts"):
        verify_report(copy)

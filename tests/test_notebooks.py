"""The notebook of the report: executed, its numbers those of the analysis, its prose translated, its page readable."""

import inspect
import json
import re
from pathlib import Path

import pytest

from workbench.report.messages import load_messages
from workbench.report.page import Page

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("language", ["ar", "de", "es", "fa", "fr", "tr"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_prose_cell_is_translated(path, language):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"}
    messages = load_messages(language)
    for cell_id, source in prose.items():
        translated = messages.prose(path.stem, cell_id)
        assert translated, f"{path.stem}: {cell_id} has no text in {language}"
        assert re.findall("^#+", translated.strip()) == re.findall("^#+", source), cell_id
    assert set(messages.texts["prose"][path.stem]) == set(prose)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_how_many_themes_to_show_only_where_it_shows_so_many(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "".join(line for cell in cells if cell["cell_type"] == "code" for line in ["\n", *cell["source"]])
    parts = [inspect.getsource(inspect.unwrap(getattr(Page, name))) for name in re.findall(r"page\.(\w+)\(", code)]
    assert "top: int" not in code or any("self.top" in part for part in parts)


@pytest.fixture(scope="module")
def reports(small_study, tmp_path_factory):
    from workbench.report import render_report

    place = tmp_path_factory.mktemp("reports")
    return {language: render_report("voice_of_customer", study=small_study, language=language, output=place,
                                    parameters={"top": 3}, progress=False) for language in ("en", "ar", "fa")}


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_summary_holds_the_numbers_of_the_analysis(reports, small_analysis, language):
    summary = json.loads(reports[language].summary.read_text(encoding="utf-8"))
    assert summary["key"] == small_analysis.key
    assert summary["counted"] == small_analysis.facts["insights"]["counted"]
    minimum = small_analysis.study.insights.minimum_cell
    expected = [None if 0 < count < minimum else count for count in small_analysis.themes["comment_count"]]
    assert [theme["comment_count"] for theme in summary["themes"]] == expected


@pytest.mark.parametrize(("language", "direction", "title"), [
    ("en", "ltr", "What our customers say"),
    ("ar", "rtl", "ماذا يقول عملاؤنا"),
    ("fa", "rtl", "مشتریان ما چه می‌گویند"),
])
def test_the_page_speaks_its_readers_language(reports, language, direction, title):
    html = reports[language].html.read_text(encoding="utf-8")
    assert re.search(rf'<html[^>]*lang="{language}"[^>]*dir="{direction}"', html)
    assert f"<h1>{title}</h1>" in html or re.search(rf"<h1[^>]*>{title}</h1>", html)
    text = re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.DOTALL)
    assert "wb.analyse" not in text
    assert len(re.findall(r'class="voc-figure"', html)) >= 6
    if language == "fa":
        assert "۱" in text


def test_the_same_report_stands(reports, small_study, monkeypatch):
    from workbench.report import render, render_report

    made_on = json.loads(reports["fa"].manifest.read_text(encoding="utf-8"))["stands_by"]["made_on"]
    monkeypatch.setattr(render, "_today", lambda: made_on)  # a report stands for a day, which may just have ended
    place = reports["fa"].html.parent
    asked = {"study": small_study, "language": "fa", "output": place, "progress": False}
    assert render_report("voice_of_customer", parameters={"top": 3}, **asked).stood
    assert reports["fa"].seconds > 0
    assert not reports["fa"].stood


def test_the_page_is_light_enough(reports):
    assert all(report.html.stat().st_size < 2_000_000 for report in reports.values())


def test_headings_stand_in_their_order(reports):
    html = re.sub(r"<script.*?</script>", "", reports["en"].html.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", html)
    assert headings == ["In short", "Who spoke, and who did not", "What they speak of", "Theme by theme",
                        "What changed", "Where in the journey", "How this was made",
                        "What these numbers cannot bear"]

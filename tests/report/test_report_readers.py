"""Three readers, one truth: the short page and the quotes show the numbers of the full report."""

import re

import pytest

from workbench.charts import Html
from workbench.report.messages import load_messages
from workbench.report.page import Page
from workbench.report.sections.brief import MOST_NUMBERS

BRIEF = ("brief_changes", "brief_problems", "brief_actions", "brief_certainty")
NUMBER = re.compile(r'<data value="([^"]+)">([^<]+)</data>')


def brief_of(page):
    return [getattr(page, name)() for name in BRIEF]


@pytest.fixture(scope="module")
def findings(small_analysis):
    """The small study with findings of every kind in its table."""
    import pandas as pd

    table = small_analysis.headlines
    theme = int(small_analysis.themes["theme_id"].iloc[0])
    month = pd.Timestamp("2026-02-01")
    base = dict.fromkeys(table.columns) | {"theme_id": theme, "n": 20, "base": 40, "estimate_low": 0.1,
                                                     "estimate_high": 0.5, "importance": 0.1}
    kinds = [{"kind": "stretch", "estimate": 0.31, "comparison": 0.1, "first_period": month, "last_period": month},
             {"kind": "low_score", "estimate": -17.0, "comparison": 12.0, "estimate_low": -30.0, "estimate_high": -2.0},
             {"kind": "largest", "estimate": 0.42},
             {"kind": "unheard", "dimension": "market", "value": "JO", "n": 0, "estimate": 0.0, "comparison": 0.1}] * 4
    rows = pd.DataFrame([base | kind for kind in kinds])[list(table.columns)]
    rows["theme_id"] = rows["theme_id"].where(rows["kind"] != "unheard").astype("Int64")
    return type(small_analysis)(**{**vars(small_analysis), "tables": {**small_analysis.tables, "headlines": rows}})


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_short_page_has_at_most_nine_numbers(findings, language):
    shown = "".join(part.html for part in brief_of(Page(findings, language)))
    visible = re.sub(r"<details>.*?</details>", "", shown)
    assert 0 < len(NUMBER.findall(visible)) <= MOST_NUMBERS
    for text in NUMBER.sub("", re.sub(r"<a .*?</a>", "", visible)).split("<li"):
        without_dates = re.sub(r"\S+ [۰-۹\d]{4}|\([^)]*\)", "", re.sub(r"<[^>]+>", "", text))
        assert not re.search(r"\d", without_dates), without_dates


def test_every_number_is_one_of_the_full_report(findings):
    page = Page(findings, "en")
    full = page.findings().html + page.key_figures().html
    for value, written in NUMBER.findall(page.brief_changes().html + page.brief_problems().html):
        assert written in full
        assert float(value) in findings.headlines["estimate"].tolist()


def test_interval_and_count_are_one_click_away(findings):
    html = Page(findings, "en").brief_problems().html
    assert html.count("<details>") == html.count("<li") > 0
    assert "20 answers" in html


def test_a_step_for_each_finding_and_none_without_any(findings, small_analysis):
    assert "JO" in Page(findings, "en").brief_actions().html or "Jordan" in Page(findings, "en").brief_actions().html
    none = {**small_analysis.tables, "headlines": small_analysis.headlines.head(0)}
    page = Page(type(small_analysis)(**{**vars(small_analysis), "tables": none}), "fa")
    m = load_messages("fa")
    for name, key in (("brief_changes", "no_change"), ("brief_problems", "no_problem"), ("brief_actions", "no_action")):
        assert m(f"brief.{key}") in getattr(page, name)().html


def test_the_link_leads_to_the_page_beside_it(small_study, small_analysis):
    from workbench.analysis import analyse
    from workbench.report.safety import sanitise

    html = Page(small_analysis, "ar").brief_certainty().html
    assert 'href="voice_of_customer.ar.html"' in sanitise(html)
    part = analyse(small_study, only="market=EG", progress=False)
    assert 'href="voice_of_customer.market-EG.ar.html"' in Page(part, "ar").brief_certainty().html


LINKS = ["javascript:x.html", "//evil.example/a.html", "../a.html", "/etc/a.html", "a.html?x=1"]


@pytest.mark.parametrize("link", LINKS)
def test_only_pages_beside_it_may_be_linked(link):
    from workbench.report.safety import sanitise

    assert "href" not in sanitise(f'<a href="{link}">x</a>')


def test_quotes_stand_before_shares(small_analysis):
    part = Page(small_analysis, "fa").voices_first()
    assert isinstance(part, Html)
    for section in part.html.split("<section>")[1:]:
        assert section.index("<blockquote") < section.index('class="meta">')


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["executive", "frontline"])
def test_a_readers_report_comes_with_the_full_one(small_study, tmp_path, reader):
    from typer.testing import CliRunner

    from workbench.__main__ import app
    from workbench.report.verify import verify_report

    done = CliRunner().invoke(app, ["report", "--for", reader, "--study", str(small_study), "-l", "fa", "-q",
                                    "--output", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.glob("*.html")} == {"voice_of_customer.fa.html", f"{reader}.fa.html"}
    assert verify_report(tmp_path / f"{reader}.fa.html").differences == []


def test_for_goes_with_the_main_report_alone(small_study):
    from typer.testing import CliRunner

    from workbench.__main__ import app

    done = CliRunner().invoke(app, ["report", "other", "--for", "executive", "--study", str(small_study)])
    assert "leave out 'other'" in str(done.exception)

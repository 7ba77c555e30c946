"""Three readers, one truth: the short page and the quotes show the numbers of the full report."""

import re

import pandas as pd
import pytest

from workbench.charts import Html
from workbench.insights.headlines import FIRST
from workbench.report.messages import load_messages
from workbench.report.page import Page
from workbench.report.sections import summary
from workbench.report.sections.brief import MOST_NUMBERS
from workbench.report.sections.wording import isolated, touchpoint_name, value_name

BRIEF = ("brief_changes", "brief_problems", "brief_actions", "brief_certainty")
NUMBER = re.compile(r'<data value="([^"]+)">([^<]+)</data>')


def brief_of(page):
    return [getattr(page, name)() for name in BRIEF]


def with_tables(analysis, **tables):
    return type(analysis)(**{**vars(analysis), "tables": {**analysis.tables, **tables}})


@pytest.fixture(scope="module")
def findings(small_analysis):
    """The small study with findings of every kind in its table."""
    table = small_analysis.headlines
    theme = int(small_analysis.themes["theme_id"].iloc[0])
    month = pd.Timestamp("2026-02-01")
    base = dict.fromkeys(table.columns) | {"theme_id": theme, "n": 20, "base": 40, "estimate_low": 0.1,
                                                     "estimate_high": 0.5, "importance": 0.1}
    kinds = [{"kind": "stretch", "estimate": 0.31, "comparison": 0.1, "first_period": month, "last_period": month},
             {"kind": "low_score", "estimate": -17.0, "comparison": 12.0, "estimate_low": -30.0, "estimate_high": -2.0},
             {"kind": "leaving", "estimate": 0.2, "comparison": 0.11},
             {"kind": "turn", "dimension": "market", "value": "EG", "subject": "delivery", "estimate": -0.3,
              "estimate_low": -0.4, "estimate_high": -0.2, "comparison": 0.62, "first_period": month},
             {"kind": "turn", "dimension": "all", "value": "", "subject": "app", "estimate": 0.2, "estimate_low": 0.1,
              "estimate_high": 0.3, "comparison": 0.51, "first_period": month},
             {"kind": "unheard", "dimension": "market", "value": "JO", "n": 0, "estimate": 0.0, "comparison": 0.1}] * 4
    rows = pd.DataFrame([base | kind for kind in kinds])[list(table.columns)]
    rows["theme_id"] = rows["theme_id"].where(~rows["kind"].isin(["unheard", "turn"])).astype("Int64")
    return with_tables(small_analysis, headlines=rows)


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_short_page_has_at_most_nine_numbers(findings, language):
    shown = "".join(part.html for part in brief_of(Page(findings, language)))
    visible = re.sub(r"<details>.*?</details>", "", shown)
    assert 0 < len(NUMBER.findall(visible)) <= MOST_NUMBERS
    for text in NUMBER.sub("", re.sub(r"<a .*?</a>", "", visible)).split("<li"):
        without_dates = re.sub(r"(\d+ )?\S+ \d{4}|\([^)]*\)", "", re.sub(r"<[^>]+>", "", text))
        assert not re.search(r"\d", without_dates), without_dates


def test_every_number_is_one_of_the_full_report(findings):
    page = Page(findings, "en")
    full = page.findings().html + page.key_figures().html
    for value, written in NUMBER.findall(page.brief_changes().html + page.brief_problems().html):
        assert written in full
        told = findings.headlines
        assert round(float(value), 6) in (told["estimate"].tolist() + (told["estimate"] + told["comparison"]).tolist())


def test_interval_and_count_are_one_click_away(findings):
    html = Page(findings, "en").brief_problems().html
    assert html.count("<details>") == html.count("<li") > 0
    assert "20 answers" in html
    assert "20 customers" in html


@pytest.mark.parametrize("language", ["en", "ar", "fa", "de", "fr", "es", "tr"])
def test_scores_that_turned_are_a_change_and_what_leaving_customers_speak_of_hurts(findings, language):
    page, m = Page(findings, language), load_messages(language)
    changed, hurts = page.brief_changes().html, page.brief_problems().html
    for name, value, other in (("delivery", 0.32, 0.71), ("app", 0.71, 0.32)):
        [item] = [item for item in changed.split("<li ") if touchpoint_name(m, name, findings) in item]
        visible = item.split("<details>")[0]
        assert f">\u2068{m.percent(value)}\u2069</data>" in visible
        assert m.percent(other) not in visible
    assert value_name(m, "market", "EG", findings) in changed.split("<li ")[2].split("<details>")[0]
    assert m.percent(0.31) in NUMBER.findall(hurts)[1][1]
    assert page.brief_actions().html.count("<li") == 9  # four changes, three problems, two silences


def test_a_step_for_each_finding_and_none_without_any(findings, small_analysis):
    assert "Jordan" in Page(findings, "en").brief_actions().html
    nothing = without_findings(small_analysis)
    page, m = Page(nothing, "fa"), load_messages("fa")
    for name, key in (("brief_changes", "no_change"), ("brief_problems", "no_problem"), ("brief_actions", "no_action")):
        assert m(f"brief.{key}") in getattr(page, name)().html


def test_the_short_page_takes_its_findings_from_behind_the_first_page_too(findings):
    rows = findings.headlines
    late = pd.concat([rows[rows["kind"] == kind] for kind in ("stretch", "turn", "unheard", "low_score")])
    page = Page(with_tables(findings, headlines=late), "en")
    first = page.findings().html
    assert first.count("<li ") == FIRST
    assert load_messages("en")("headline.findings") in first
    assert "−17" not in first
    assert "−17" in page.brief_problems().html
    assert len(summary.first_page(page.analysis, headlines=True)["headlines"]) == FIRST


def without_findings(analysis, **tables):
    """The study with everything looked for and nothing found."""
    compared = pd.DataFrame({"theme_id": [0], "n": [12], "score_elsewhere": [10.0], "p_value": [0.4],
                             "p_adjusted": [0.4]})
    unfound = ("headlines", "stretches", "turns", "churn_themes", "impact")
    empty = {name: analysis.tables[name].head(0) for name in unfound}
    return with_tables(analysis, **{**empty, "theme_comparison": compared, **tables})


SURE = pd.DataFrame({"theme_id": [0], "p_adjusted": [0.01], "basis": ["churned"], "difference": [0.2]})


@pytest.mark.parametrize(("part", "table"), [("brief_changes", "stretches"), ("brief_changes", "turns"),
                                             ("brief_problems", "churn_themes")])
def test_what_was_found_and_is_no_headline_is_not_denied(small_analysis, part, table):
    shown = getattr(Page(without_findings(small_analysis, **{table: SURE}), "en"), part)().html
    assert shown == f'<p class="callout">{load_messages("en")("brief.elsewhere")}</p>'


def test_lower_scores_of_a_theme_that_are_no_headline_are_not_denied(small_analysis):
    scores = small_analysis.theme_scores.query("measure == 'nps' and theme_id == 0").assign(score=-40.0)
    compared = pd.DataFrame({"theme_id": [0], "score_elsewhere": [10.0], "p_adjusted": [0.01]})
    nothing = without_findings(small_analysis, theme_comparison=compared, theme_scores=scores)
    assert load_messages("en")("brief.elsewhere") in Page(nothing, "en").brief_problems().html
    better = without_findings(small_analysis, theme_comparison=compared, theme_scores=scores.assign(score=60.0))
    assert load_messages("en")("brief.no_problem") in Page(better, "en").brief_problems().html


@pytest.mark.parametrize(("measure", "leave_out", "key"), [
    ("satisfaction", -0.03, "elsewhere"), ("effort", 0.4, "elsewhere"), ("satisfaction", 0.03, "no_problem"),
    ("effort", -0.4, "no_problem"),
])
def test_lower_scores_of_another_kind_are_not_denied(small_analysis, measure, leave_out, key):
    impact = pd.DataFrame({"measure": [measure], "theme_id": [0], "leave_out": [leave_out], "agreement": ["all"]})
    page = Page(without_findings(small_analysis, impact=impact), "en")
    assert load_messages("en")(f"brief.{key}") in page.brief_problems().html


def test_people_are_asked_and_not_stages_and_only_where_something_was_expected(findings):
    row = findings.headlines.query("kind == 'unheard'").iloc[[0]].assign(dimension="stage", value="awareness")
    m = load_messages("en")
    step = m("brief.do_unheard_of", value=isolated("Awareness"), dimension=m("dimension.stage"))
    assert step in Page(with_tables(findings, headlines=row), "en").brief_actions().html
    guess = with_tables(findings, headlines=row.assign(comparison=float("nan")))
    assert m("brief.no_action") in Page(guess, "en").brief_actions().html


def test_what_could_not_be_looked_for_is_not_told_as_nothing(small_analysis):
    m = load_messages("en")
    periods = small_analysis.periods
    without_dates = with_tables(without_findings(small_analysis), periods=periods.head(0),
                                comments=small_analysis.comments.drop(columns="created_at"))
    assert m("change.no_dates") in Page(without_dates, "en").brief_changes().html
    short = with_tables(without_findings(small_analysis), periods=periods[periods["period"] == periods["period"].min()])
    assert m("change.too_short") in Page(short, "en").brief_changes().html
    not_compared = without_findings(small_analysis, theme_comparison=pd.DataFrame(columns=["theme_id", "p_adjusted"]))
    assert m("brief.not_compared") in Page(not_compared, "en").brief_problems().html


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

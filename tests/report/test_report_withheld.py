"""Cells by which a small one could be computed are hidden in every view: tables, charts, summaries, exports."""

import json
import re
from dataclasses import replace
from html import escape

import pandas as pd
import pytest

from workbench.charts.display import specification
from workbench.report.export import shown_tables
from workbench.report.messages import load_messages
from workbench.report.page import Page
from workbench.report.sections import journey, journey_gaps, journey_map, method, themes, voices
from workbench.report.sections.withheld import hidden_cells
from workbench.report.sections.wording import marked_names, top_themes
from workbench.stages import hear_all, weigh_all
from workbench.themes import count_customers

COUNTS = {"DE": 61, "EG": 23, "IR": 11, "JO": 3}


def heard(dimension, counts, whole=98):
    table = pd.DataFrame({"dimension": dimension, "value": list(counts), "comment_count": list(counts.values())})
    share = table["comment_count"] / whole
    return table.assign(comment_share=share, comment_share_low=share - 0.01, comment_share_high=share + 0.01,
                        expected_share=float("nan"), heard="no expectation")


@pytest.fixture
def analysis(small_analysis):
    """Return the analysis with a market and a language that are too small, and one of each that gives them away."""
    coverage = pd.concat([heard("market", COUNTS), heard("language", dict(zip(("de", "en", "fa", "ar"), COUNTS.values(),
                                                                              strict=True)))], ignore_index=True)
    languages = coverage[coverage["dimension"] == "language"]
    return replace(small_analysis, tables={**small_analysis.tables, "coverage": coverage, "languages": languages})


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "tr", "ar", "fa"])
def test_a_table_of_markets_withholds_the_smallest_of_the_others(analysis, language):
    m = load_messages(language)
    figure = voices.who_spoke(analysis, m, "market")
    assert figure.table[m("words.comments")].tolist() == [
        m.number(61), m.number(23), m("disclosure.withheld"), m("words.hidden")]
    assert m("disclosure.note") in figure.description
    drawn = json.dumps(specification(figure.chart))
    assert str(61 / 98)[:6] in drawn
    assert str(11 / 98)[:6] not in drawn
    assert str(3 / 98)[:6] not in drawn


@pytest.fixture
def of_one_customer(small_analysis):
    """Return the analysis with its largest theme all by one customer, and that theme."""
    comments, members = small_analysis.comments, small_analysis.members
    theme = top_themes(small_analysis, 1)[0]
    own = comments["feedback_id"].isin(members.loc[members["theme_id"] == theme, "feedback_id"])
    comments = comments.assign(customer_id=comments["feedback_id"].mask(own, "loud"))
    counted = count_customers(small_analysis.themes, members, comments)
    return replace(small_analysis, tables={**small_analysis.tables, "comments": comments, "themes": counted}), theme


def test_a_theme_of_one_customer_is_a_small_cell_however_much_is_written(of_one_customer):
    analysis, theme = of_one_customer
    row = analysis.themes.set_index("theme_id").loc[theme]
    assert (row["customer_count"], row["comment_count"] >= 5) == (1, True)
    m = load_messages("en")
    figure, name = themes.theme_shares(analysis, m, 20), marked_names(m, analysis)[theme]
    shown = figure.table.set_index(m("words.theme"))
    assert shown.loc[name, [m("words.comments"), m("leaving.customers"), m("words.share")]].eq(m("words.hidden")).all()
    assert m("themes.few_customers", count=1, minimum=5) in figure.description
    assert name not in figure.description
    for told in (themes.theme_profiles(analysis, m, 20), themes.voices_first(analysis, m, 20)):
        assert escape(name) not in told.html
        assert "customer" in told.html
    others = shown.drop(index=name)[m("leaving.customers")]
    assert (others != m("words.hidden")).any()
    exported = shown_tables(analysis)
    assert exported["themes"].set_index("theme_id").at[theme, "is_hidden"]
    assert exported["periods"].loc[exported["periods"]["theme_id"] == theme, "is_hidden"].all()


def test_a_theme_of_one_customer_is_no_headline_and_is_not_quoted(of_one_customer):
    analysis, theme = of_one_customer
    headlines = weigh_all(analysis.study, analysis.tables, None)[0]["headlines"]
    assert theme not in headlines["theme_id"].dropna().tolist()
    quotes = hear_all(analysis.study, analysis.tables, None)[0]["quotes"]
    assert theme not in set(quotes["theme_id"])
    assert len(quotes)


def test_two_misread_statements_do_not_hide_what_is_told_of_the_main_language(small_analysis):
    """How many statements the main language has would tell how many the others have; whole percents of them do not."""
    m, copies = load_messages("en"), 60
    tables = {}
    for name in ("statements", "assignments", "journey"):
        table = small_analysis.tables[name]
        ids = [key for key in ("statement_id", "feedback_id") if key in table]
        tables[name] = pd.concat([table.assign(**{key: table[key] + f"+{copy}" for key in ids})
                                  for copy in range(copies)], ignore_index=True)
    spoken = pd.Series("en", index=tables["statements"].index)
    spoken[[0, 1]] = "fa"
    tables["statements"] = tables["statements"].assign(language=spoken)
    languages = heard("language", {"en": 598, "fa": 2}, 600)
    analysis = replace(small_analysis, tables={**small_analysis.tables, **tables, "languages": languages})
    told = method.by_language(analysis, m).html
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr.*?</tr>", told, re.DOTALL)]
    shown = {re.sub("<.*?>|[\u2068\u2069]", "", name): cells for name, *cells in rows}
    assert (shown["English"][0], shown["Persian"]) == (m("disclosure.withheld"), [m("words.hidden"), "–", "–", "–"])
    assert all(re.search(r"\d", cell) for cell in shown["English"][1:])
    assert str(len(spoken) - 2) not in told.replace(",", "")


def test_nothing_is_said_where_nothing_is_withheld(analysis):
    m = load_messages("en")
    one = analysis.coverage[analysis.coverage["value"] != "JO"]
    figure = voices.who_spoke(replace(analysis, tables={**analysis.tables, "coverage": one}), m, "market")
    assert m("disclosure.note") not in figure.description


def test_the_summary_and_the_export_leave_out_the_same_cells(analysis, tmp_path):
    Page(analysis).save_summary(tmp_path / "summary.json")
    languages = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["languages"]
    assert languages == {"de": 61, "en": 23, "fa": None, "ar": None}
    table = shown_tables(analysis)["coverage"].set_index("value")
    assert table["is_hidden"].to_dict() == {value: value in ("IR", "JO", "fa", "ar") for value in table.index}
    assert table.loc["IR", ["comment_count", "comment_share", "comment_share_low"]].isna().all()


def test_blind_spots_hide_what_coverage_hides(analysis):
    m = load_messages("en")
    spots = heard("market", COUNTS).assign(within="", base=98, expected_count=30.0, expected_share=0.3, basis="stated",
                                           p_value=0.001, p_adjusted=0.001, verdict="less than expected")
    text = journey_gaps.blind_spots(replace(analysis, tables={**analysis.tables, "blind_spots": spots}), m).html
    assert m("disclosure.withheld") in text
    assert ">11<" not in text
    assert ">23<" in text


def test_the_map_of_the_journey_withholds_a_stage_by_which_a_small_one_could_be_computed(small_analysis):
    m, settings = load_messages("en"), small_analysis.study.insights.model_copy(update={"minimum_cell": 20})
    analysis = replace(small_analysis, study=small_analysis.study.model_copy(update={"insights": settings}))
    grid = analysis.journey_grid
    margins = grid[(grid["touchpoint_id"] == "all") & (grid["theme_id"] == "all")]
    margins = margins.set_index("stage_id")["comment_count"]
    assert margins[["action", "use", "all"]].tolist() == [18, 28, 46]
    html = journey_map.journey_map(analysis, m).html
    assert m("disclosure.note") in html
    assert ">28<" not in html
    assert ">18<" not in html


def test_the_grid_withholds_in_its_table_and_its_chart_alike(small_analysis):
    m, settings = load_messages("en"), small_analysis.study.insights.model_copy(update={"minimum_cell": 15})
    analysis = replace(small_analysis, study=small_analysis.study.model_copy(update={"insights": settings}))
    states = hidden_cells(analysis, "journey_grid")
    grid = analysis.journey_grid
    plane = states[grid["theme_id"] == "all"]
    figure = journey_map.journey_grid(analysis, m)
    written = figure.table.to_numpy().ravel().tolist()
    assert (plane == "withheld").any()
    assert written.count(m("disclosure.withheld")) == (plane == "withheld").sum()
    assert m("disclosure.note") in figure.description
    cells = (grid["theme_id"] == "all") & (grid["stage_id"] != "all") & (grid["touchpoint_id"] != "all")
    shares = grid.loc[cells & (states == "shown") & (grid["comment_count"] > 0), "comment_share"]
    drawn = [row["share"] for rows in specification(figure.chart)["datasets"].values() for row in rows
             if row.get("share") is not None]
    assert sorted(drawn) == pytest.approx(sorted(shares))
    by_theme = journey.themes_by_stage(analysis, m, 50)
    is_withheld = hidden_cells(analysis, "stage_shares")[analysis.stage_shares["theme_id"] >= 0] == "withheld"
    assert is_withheld.any() == (m("disclosure.note") in by_theme.description)

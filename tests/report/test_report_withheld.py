"""Cells by which a small one could be computed are hidden in every view: tables, charts, summaries, exports."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from workbench.charts.display import specification
from workbench.report.export import shown_tables
from workbench.report.messages import load_messages
from workbench.report.page import Page
from workbench.report.sections import journey, journey_gaps, journey_map, voices
from workbench.report.sections.withheld import hidden_cells

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
    is_withheld = hidden_cells(analysis, "stage_shares") == "withheld"
    assert is_withheld.any() == (m("disclosure.note") in by_theme.description)

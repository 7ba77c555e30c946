"""The journey's parts of a report: the map and its gaps, the grid, blind spots and paths, on the small analysis."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from workbench.charts import Figure, MapStage, Voice
from workbench.charts import journey_map as draw_map
from workbench.report.messages import load_messages
from workbench.report.page import Page
from workbench.report.safety import sanitise
from workbench.report.sections import journey_gaps, journey_map, journey_paths

LANGUAGES = ("en", "ar", "fa")
PARTS = ("journey_map", "journey_grid", "blind_spots", "followed", "episode_flow", "touchpoint_weight",
         "fine_but_lost", "turning_points")
EN = load_messages("en")


@pytest.fixture
def changed(small_analysis):
    """Return a function that copies the analysis with other tables, facts of its paths or a smaller least cell."""

    def change_it(tables=None, facts=None, minimum=2):
        study = small_analysis.study
        study = study.model_copy(update={"insights": study.insights.model_copy(update={"minimum_cell": minimum})})
        told = {**small_analysis.facts["paths"], **(facts or {})}
        return replace(small_analysis, study=study, tables={**small_analysis.tables, **(tables or {})},
                       facts={**small_analysis.facts, "paths": told})

    return change_it


def plain(part):
    return part._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_speaks_every_language(changed, part, language):
    shown = getattr(Page(changed(), language), part)()
    text = plain(shown)
    assert text.strip()
    assert not re.search(r"\{\w+\}", text)
    if language != "en" and not isinstance(shown, Figure):
        assert re.search(r"[\u0600-\u06ff]", text)


# The map ---------------------------------------------------------------------------------------------------------


def test_the_map_shows_every_stage_in_order_and_gaps_where_nobody_spoke(changed):
    analysis = changed()
    html = journey_map.journey_map(analysis, EN).html
    names = re.findall(r'class="journey-name" dir="auto">([^<]+)<', html)
    assert names == list(analysis.stages.sort_values("order")["name_en"])
    margins = analysis.journey_grid.query("touchpoint_id == 'all' and theme_id == 'all'").set_index("stage_id")
    silent = sum(margins.loc[stage, "comment_count"] == 0 for stage in analysis.stages["stage_id"])
    assert html.count("journey-stage gap") >= silent
    assert html.count(EN("journey_map.not_heard")) == silent > 0
    grid = analysis.journey_grid.set_index(["stage_id", "touchpoint_id", "theme_id"])
    everybody = grid.loc[("all", "all", "all")]
    score = journey_map._score(EN, everybody["measure"], everybody["score"])
    assert f"that of all comments (\u2068{score}\u2069)" in html


def test_the_map_hides_small_stages_with_everything_in_them(changed):
    html = journey_map.journey_map(changed(minimum=10_000), EN).html
    assert "blockquote" not in html
    assert "journey-volume" not in html
    assert EN("journey_map.figure_hidden", minimum=10_000) in html


def test_the_map_outlives_the_cleaning_of_the_page_and_nothing_hostile_does():
    evil = "<script>x()</script><img src=x onerror=y()>"
    stage = MapStage(evil, evil, 0.5, evil, "bad", (evil,), (Voice(evil, "en", "ltr", evil),))
    html = sanitise(draw_map([stage], title=evil, description=evil, themes_title=evil, numbers_title=evil,
                             numbers="<table></table>", language="ar").html)
    assert "<script" not in html
    assert "<img" not in html
    assert 'class="journey-bar fill-50"' in html
    assert 'dir="rtl"' in html


@pytest.mark.parametrize(("fill", "step"), [(0.001, 5), (0.5, 50), (0.52, 50), (0.53, 55), (1.0, 100)])
def test_bars_are_drawn_in_steps_that_the_style_knows(fill, step):
    from importlib.resources import files

    html = draw_map([MapStage("use", "1%", fill)], title="t", description="d", themes_title="n", numbers_title="t",
                    numbers="", language="en").html
    assert f'"journey-bar fill-{step}"' in html
    style = (files("workbench.report") / "template" / "report.css").read_text(encoding="utf-8")
    assert f".fill-{step} {{" in style


@pytest.mark.parametrize(("low", "high", "mood"), [
    (-90, -20, "bad"), (-90, 5, "even"), (10, 30, "good"), (None, None, "even")])
def test_a_score_is_coloured_only_where_its_whole_interval_lies_to_one_side(low, high, mood):
    row = pd.Series({"score_low": low, "score_high": high}, dtype=float)
    assert journey_map._mood(row, pd.Series({"score": -10.0})) == mood


@pytest.mark.parametrize(("mood", "shown"), [("good", "▲ NPS 3"), ("bad", "▼ NPS 3"), ("even", ">NPS 3")])
def test_a_score_says_without_colour_how_it_stands(mood, shown):
    html = draw_map([MapStage("use", "1%", 1.0, "NPS 3", mood)], title="t", description="d", themes_title="n",
                    numbers_title="t", numbers="", language="fa").html
    assert shown in html
    assert {mark in EN("journey_map.colours", everybody=0) for mark in "▲▼"} == {True}


def test_tone_is_told_finely_enough_to_be_compared():
    row = pd.Series({"measure": "tone", "score": -0.259, "score_low": -0.301, "score_high": -0.212, "score_n": 1006})
    study = SimpleNamespace(insights=SimpleNamespace(minimum_cell=5))
    told = journey_map.score_in_words(row, SimpleNamespace(study=study), EN)
    assert told.translate({0x2068: None, 0x2069: None}).endswith("−0.26 (−0.30 to −0.21; 1,006 statements)")


def test_a_reader_finds_a_voice_in_their_language_first(changed):
    quotes = pd.DataFrame({"stage_id": "use", "role": "typical", "rank": [1, 2, 3], "feedback_id": ["a", "b", "c"],
                           "language": ["en", "de", "fa"],
                           "direction": ["ltr", "ltr", "rtl"], "text": ["one", "zwei", "سه"]})
    voices = journey_map._voices("use", changed({"stage_quotes": quotes}), load_messages("fa"))
    assert [voice.text for voice in voices] == ["سه", "one"]


# The grid --------------------------------------------------------------------------------------------------------


def test_the_grid_says_no_evidence_and_hides_small_cells(changed):
    figure = journey_map.journey_grid(changed(minimum=5), EN)
    cells = set(figure.table.to_numpy().ravel())
    assert EN("words.no_evidence") in cells
    drawn = [row for rows in figure.chart.to_dict()["datasets"].values() for row in rows]
    minimum_share = 5 / 54
    assert all(row["share"] >= minimum_share for row in drawn if row.get("share") is not None)


# Blind spots -----------------------------------------------------------------------------------------------------


def test_a_stage_that_nobody_spoke_of_is_one_blind_spot_and_names_keep_their_direction(changed):
    spots = changed()["blind_spots"]
    pairs = spots[spots["dimension"] == journey_gaps.PAIR]
    stage = changed()["stages"]["stage_id"].iloc[0]
    silent = pairs[pairs["value"] == stage].assign(comment_count=0, verdict="silent", basis="none")
    own = spots[(spots["dimension"] == "stage") & (spots["value"] == stage)].assign(comment_count=0, verdict="silent")
    stages = changed()["stages"].assign(name_en="تجربة")
    shown = changed({"blind_spots": pd.concat([own, silent], ignore_index=True), "stages": stages})
    html = journey_gaps.blind_spots(shown, EN).html
    assert len(silent) > 1
    assert html.count(EN("blind.verdict_silent")) == 1
    assert "\u2068تجربة\u2069 (" in html
    heard = silent.assign(comment_count=0, verdict="not heard", basis="others")
    html = journey_gaps.blind_spots(changed({"blind_spots": heard.reset_index(drop=True), "stages": stages}), EN).html
    assert html.count("\u2068تجربة\u2069 in \u2068") == len(heard)


def test_blind_spots_name_what_is_missing_and_what_cannot_be_judged(changed):
    text = plain(journey_gaps.blind_spots(changed(), EN))
    assert "\u2068Awareness\u2069 (Stage of the journey)" in text
    assert EN("dimension.touchpoint") in text
    assert "nothing was expected" in text  # stages that nobody spoke of


def test_nothing_expected_and_nothing_found_is_said(changed):
    empty = changed()["blind_spots"].iloc[:0]
    assert plain(journey_gaps.blind_spots(changed({"blind_spots": empty}), EN)) == EN("voices.no_expectation")


# Paths -----------------------------------------------------------------------------------------------------------


def test_what_was_left_out_is_told_with_its_reason(changed):
    left = {"no customer": 3, "no date": 0, "date in the future": 2, "shared id": 7}
    facts = {"left_out": left, "shared_ids": 2, "last_day": "2026-10-31"}
    text = plain(journey_paths.followed(changed(facts=facts), EN))
    assert EN("paths.left_no_customer", count=3) in text
    assert "31 October 2026: 2" in text
    assert "7, of 2 ids" in text
    assert EN("paths.left_no_date", count=0) not in text


@pytest.mark.parametrize(("part", "table", "key"), [
    ("episode_flow", "transitions", "paths.no_flow"), ("touchpoint_weight", "touchpoint_weight", "weight.none"),
    ("fine_but_lost", "fine_but_lost", "fine.none"), ("turning_points", "turning_moments", "turns.none")])
def test_what_cannot_be_told_says_why(changed, part, table, key):
    analysis = changed({table: changed()[table].iloc[:0]}, {"turned": 30, "loyal": 40})
    assert plain(getattr(journey_paths, part)(analysis, EN)) == EN(key, minimum=2)


def test_few_turned_customers_are_no_finding(changed):
    text = plain(journey_paths.turning_points(changed(facts={"turned": 1, "loyal": 9}), EN))
    assert text == EN("turns.few", minimum=2)


def test_critical_and_frequent_are_told_apart_in_words(changed):
    table = pd.DataFrame({
        "touchpoint_id": ["renewal", "app"], "customer_count": [40, 200], "base": 500, "customer_share": [0.08, 0.4],
        "bad_count": [30, 60], "bad_share": [0.75, 0.3], "bad_share_low": [0.6, 0.2], "bad_share_high": [0.85, 0.4],
        "bad_share_elsewhere": [0.3, 0.35], "difference": [0.45, -0.05], "difference_low": [0.3, -0.12],
        "difference_high": [0.55, 0.02], "p_value": [1e-6, 0.4], "p_adjusted": [2e-6, 0.4],
        "is_frequent": [False, True], "verdict": ["critical", "frequent"]})
    figure = journey_paths.touchpoint_weight(changed({"touchpoint_weight": table}, minimum=5), EN)
    told = figure.description.translate({0x2068: None, 0x2069: None})
    assert "Critical, beyond chance: Renewal and loyalty." in told
    assert "not worse than the rest as far as chance tells: App." in told
    json.dumps(figure.chart.to_dict())


@pytest.mark.parametrize(("minimum", "shown"), [(6, True), (7, False)])
def test_touchpoints_are_not_held_against_a_few_customers(changed, minimum, shown):
    row = {"touchpoint_id": "app", "customer_count": 30, "base": 36, "bad_count": 15, "bad_share": 0.5,
           "bad_share_low": 0.33, "bad_share_high": 0.67, "bad_share_elsewhere": 0.17, "difference": 0.33,
           "difference_low": -0.1, "difference_high": 0.5, "p_adjusted": 0.2, "verdict": "frequent"}
    text = plain(journey_paths.touchpoint_weight(changed({"touchpoint_weight": pd.DataFrame([row])}, minimum=minimum),
                                                 EN))
    assert ("App" in text) == shown


def test_a_step_beyond_chance_is_named(changed):
    table = pd.DataFrame({
        "from_stage": ["action"], "to_stage": ["use"], "customer_count": [40], "base": [50], "customer_share": [0.8],
        "customer_share_low": [0.67], "customer_share_high": [0.89], "expected_count": [20.0], "expected_share": [0.4],
        "p_value": [0.001], "p_adjusted": [0.001]})
    told = journey_paths.episode_flow(changed({"transitions": table}), EN).description
    assert "from Action to Use" in told.translate({0x2068: None, 0x2069: None})


# Exports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count", "hidden"), [
    ("journey_grid", "comment_count", ("mention_count", "statement_count", "comment_share", "score")),
    ("touchpoint_weight", "customer_count", ("customer_share", "bad_count", "bad_share", "difference", "p_value")),
    ("fine_but_lost", "customer_count", ("bad_count", "bad_share", "p_value")),
    ("transitions", "customer_count", ("customer_share", "base", "p_value")),
    ("turning_moments", "moment_count", ("turned_count", "precision", "lift", "p_value"))])
def test_small_cells_leave_the_house_empty(changed, name, count, hidden):
    from workbench.report.export import shown_tables

    found = changed()[name]
    small = {name: found.assign(**{count: found[count].clip(1, 29)})}
    table = shown_tables(changed(small, minimum=30))[name]
    assert len(table) > 0
    assert table[[count, *hidden]].isna().all(axis=None)


def test_tables_of_single_customers_do_not_leave_the_house(changed):
    from workbench.report.export import shown_tables

    assert not {"episodes", "turned_customers", "stage_quotes"} & set(shown_tables(changed()))

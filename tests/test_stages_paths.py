"""The stage that follows customers, on small studies."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from workbench.analysis import analyse
from workbench.report.messages import load_messages
from workbench.report.sections import headline
from workbench.stages import follow_all, is_current, paths, tell_all, weigh_all


@pytest.fixture
def change(tmp_path, make_small_study):
    """A function that writes the small study with other columns or settings and analyses it."""

    def change_it(settings="", drop=(), **columns):
        path = make_small_study(tmp_path / "own", settings)
        table = pd.read_csv(path.parent / "comments.csv", dtype=str).drop(columns=list(drop)).assign(**columns)
        table.to_csv(path.parent / "comments.csv", index=False)
        return analyse(path, tables=["episodes"], progress=False)

    return change_it


def test_what_cannot_be_followed_is_in_the_facts(change):
    analysis = change("journey: {last_day: 2026-02-28}\n")
    facts = analysis.facts["paths"]
    late = analysis.comments.merge(analysis.profile)
    late = late[late["is_counted"] & (late["created_at"] >= "2026-03-01")]
    assert facts["left_out"]["date in the future"] == len(late) > 0
    assert facts["last_day"] == "2026-02-28"
    assert facts["used"] + sum(facts["left_out"].values()) == analysis.facts["insights"]["counted"]
    assert analysis.episodes["last"].max() < pd.Timestamp("2026-03-01")


def test_a_stored_analysis_is_made_again_when_a_day_to_come_has_come(tmp_path, make_small_study, monkeypatch):
    path = make_small_study(tmp_path / "own")

    def late_on(day):
        monkeypatch.setattr(paths, "last_day", lambda study: day)
        analysis = analyse(path, tables=["episodes"], progress=False)
        return analysis, analysis.facts["paths"]["left_out"]["date in the future"]

    before, late = late_on(date(2026, 2, 28))
    after, none = late_on(date(2026, 3, 31))
    assert late > none == 0
    assert before.key != after.key
    assert late_on(date(2026, 4, 1))[0].key == after.key


def test_dates_to_come_are_no_part_of_any_time(small_analysis):
    """One day and month that changed places would make a pause of months in which comments should have come."""
    days = pd.Series(pd.date_range("2026-01-01", "2026-03-20", periods=len(small_analysis.comments)))
    days.iloc[-1] = pd.Timestamp("2026-11-05")
    comments = small_analysis.comments.assign(created_at=days.to_numpy(), customer_id=None)
    found = {}
    for name, last in (("told", date(2026, 3, 20)), ("later", date(2026, 12, 1))):
        study = small_analysis.study
        study = study.model_copy(update={"journey": study.journey.model_copy(update={"last_day": last})})
        tables = {**small_analysis.tables, "comments": comments}
        told, facts = tell_all(study, tables, None)
        tables |= told
        made, _ = follow_all(study, tables, None)
        found[name] = (tables["periods"]["period"].max().month, len(weigh_all(study, tables, None)[0]["gaps"]))
        assert facts["exceeded_day"] == {"told": "2026-03-20", "later": None}[name]
        assert is_current(study, facts)
        assert is_current(small_analysis.study, facts) == (name == "later")
        shown = replace(small_analysis, tables={**tables, **made}, facts={**small_analysis.facts, "insights": facts})
        text = headline.about(shown, load_messages("en")).html
        assert ("dated after 20 March 2026: 1" in text) == (name == "told")
        assert ("November" in text) == (name == "later")
    assert found == {"told": (3, 0), "later": (11, 1)}


def test_what_one_customer_says_in_a_month_is_no_stretch_and_no_change(small_analysis):
    largest = small_analysis.themes.query("theme_id >= 0")["theme_id"].iloc[0]
    members = small_analysis.members
    own = small_analysis.comments["feedback_id"].isin(members.loc[members["theme_id"] == largest, "feedback_id"])
    months = pd.Series(pd.date_range("2025-01-01", periods=6, freq="MS"))[np.arange(len(own)) % 6].to_numpy()
    told = {}
    for name, whose in (("one", own.map({True: "k"})), ("many", None)):
        comments = small_analysis.comments.assign(created_at=np.where(own, months[5], months), customer_id=whose)
        tables = {**small_analysis.tables, "comments": comments}
        tables |= tell_all(small_analysis.study, tables, None)[0]
        changes = weigh_all(small_analysis.study, tables, None)[0]["changes"]
        told[name] = [table.set_index("theme_id").at[largest, "p_value"] for table in (tables["stretches"], changes)]
    assert max(told["many"]) < 0.01
    assert min(told["one"]) > 0.05


def test_the_gap_of_the_study_makes_the_episodes(change):
    assert len(change("journey: {episode_gap_days: 60}\n").episodes) == 18


def test_an_id_in_two_markets_at_once_is_not_followed(change):
    analysis = change(customer_id="k")
    assert analysis.facts["paths"]["shared_ids"] == 1
    assert analysis.facts["paths"]["left_out"]["shared id"] == analysis.facts["insights"]["counted"]
    assert not len(analysis.episodes)


def test_without_customers_or_dates_only_the_grid_is_made(change):
    analysis = change(drop=["customer_id", "created_at", "nps"])
    assert analysis.facts["paths"]["left_out"]["no customer"] == analysis.facts["insights"]["counted"]
    assert not len(analysis.turning_moments)
    grid = analysis.journey_grid
    whole = grid[(grid[["stage_id", "touchpoint_id", "theme_id"]] == "all").all(axis=1)]
    assert int(whole["comment_count"].iloc[0]) == analysis.facts["insights"]["counted"]


def test_a_touchpoint_may_be_expected(change):
    spots = change("  touchpoint: {partners: 0.5}\n").blind_spots
    row = spots[(spots["dimension"] == "touchpoint") & (spots["value"] == "partners")].iloc[0]
    assert row["verdict"] in ("less than expected", "not heard")
    assert row["basis"] == "stated"

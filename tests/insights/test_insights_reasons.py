"""What insights say where they found nothing, and what stands behind their numbers."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from workbench.insights import (
    explain_change,
    find_seasons,
    measure_churn,
    measure_false_alarms,
    rank_headlines,
    share_by_period,
    try_null_worlds,
    weigh_by_money,
)
from workbench.stages.evidence import _change
from workbench.stages.insights import tell_all
from workbench.stages.tone import count_tones
from workbench.themes import share_interval

DAYS = pd.date_range("2026-01-01", periods=60)


def comments_with(size=60, **columns):
    ids = [f"c{i:04}" for i in range(size)]
    return pd.DataFrame({"feedback_id": ids, "text": "x", "language": "en", **columns})


def about(comments, rows, **columns):
    return pd.DataFrame({"feedback_id": comments["feedback_id"].iloc[rows], **columns})


@pytest.mark.parametrize(("missing", "reason"), [("created_at", "no_dates"), ("nps", "no_scores"),
                                                 ("market", "too_few_answers")])
def test_turns_that_could_not_be_looked_for_say_why(small_analysis, missing, reason):
    """That nothing was found beyond chance is only true where something was looked for."""
    counted = small_analysis.comments.drop(columns=missing)
    nothing = pd.DataFrame({"feedback_id": [], "cut": [], "subject": []}, dtype=object)
    voice = SimpleNamespace(counted=counted, subjects=nothing)
    told = pd.concat(_change(small_analysis.study, small_analysis.tables, voice)[1]).set_index("insight")
    assert told.at["turns", "reason"] == reason


def test_a_change_of_people_of_one_kind_cannot_be_parted():
    table, reasons = explain_change(comments_with(created_at=DAYS, nps=[0, 10] * 30))
    assert table.empty
    assert ["nps", "one_group"] in reasons.to_numpy().tolist()


@pytest.mark.parametrize(("rows", "reason"), [(range(3), "no_theme_of_customers"), (range(55), "no_theme_of_customers"),
                                              (range(0), "no_themes")])
@pytest.mark.parametrize("known", [True, False])
def test_leaving_beside_no_theme_says_why(rows, reason, known):
    churned = [True, False, False] * 20 if known else [None] * 60
    comments = comments_with(churned=churned)
    found = measure_churn(comments, about(comments, list(rows), theme_id=0))
    assert found.themes.empty
    assert reason in found.reasons["reason"].tolist()


def test_money_without_a_cell_of_ten_customers_says_so():
    comments = comments_with(customer_id=[f"k{i}" for i in range(60)], revenue=10.0)
    table, notes = weigh_by_money(comments, about(comments, list(range(9)), cut="theme", value="0"))
    assert table.empty
    assert notes["reason"].tolist() == ["no_cell_of_customers"]


@pytest.mark.parametrize(("revenues", "days", "expected"), [
    ([100.0, 300.0], ["2026-01-01", "2026-02-01"], 300.0),
    ([100.0, 300.0], ["2026-01-01", None], 100.0),  # what has no date is not the latest
    ([100.0, np.inf], ["2026-01-01", "2026-02-01"], 100.0),
    ([100.0, -5.0], ["2026-01-01", "2026-02-01"], 100.0)])
def test_the_latest_usable_revenue_of_a_customer_counts(revenues, days, expected):
    people = [f"k{i}" for i in range(20)]
    comments = comments_with(40, customer_id=people * 2, revenue=np.repeat(revenues, 20),
                             created_at=pd.to_datetime(np.repeat(days, 20)))
    table, notes = weigh_by_money(comments, about(comments, list(range(40)), cut="theme", value="0"))
    assert table["revenue"].tolist() == [20 * expected]
    assert "infinite_revenue" not in notes["reason"].tolist()


def test_how_many_left_stands_beside_what_they_took():
    comments = comments_with(customer_id=[f"k{i}" for i in range(60)], revenue=10.0, churned=[True] * 2 + [False] * 58)
    table, _ = weigh_by_money(comments, about(comments, list(range(20)), cut="theme", value="0"))
    assert table["left_count"].tolist() == [2]


def test_a_day_with_two_comments_is_no_peak():
    days = pd.date_range("2026-01-05", periods=140).repeat(3)
    days = days[days.day_of_week != 2].append(pd.DatetimeIndex(["2026-01-07", "2026-01-14"]))
    comments = comments_with(len(days), created_at=days)
    spoken = (days.day_of_week == 2) | ((days.day_of_week == 6) & (np.arange(len(days)) % 3 > 0))
    table, _ = find_seasons(comments, about(comments, np.flatnonzero(spoken), theme_id=0), confidence=0.9)
    row = table.set_index("cycle").loc["weekday"]
    assert (row["peak"], row["peak_count"], row["peak_base"]) == (6, 40, 60)
    low, high = share_interval(pd.Series([40]), 60, 0.9)
    assert (row["peak_share_low"], row["peak_share_high"]) == pytest.approx((low[0], high[0]))


def test_false_findings_have_the_studys_confidence():
    comments = comments_with(created_at=DAYS, nps=[0, 10, 7, 9] * 15)
    members = about(comments, list(range(0, 60, 3)), theme_id=0)
    shares = share_by_period(comments, members, "week")
    tables = [try_null_worlds(comments, members, confidence=0.6),
              measure_false_alarms(comments, members, shares, "week", worlds=40, confidence=0.6)]
    for table in tables:
        low, high = share_interval(table["worlds_with_findings"], 40, 0.6)
        assert table["world_share_low"].tolist() == low.tolist()
        assert table["world_share_high"].tolist() == high.tolist()


def test_a_headline_is_not_compared_with_a_small_rest_nor_made_of_a_small_side():
    themes = pd.DataFrame({"theme_id": [0], "comment_count": [40], "comment_share": [0.4], "comment_share_low": [0.3],
                           "comment_share_high": [0.5]})
    stretch = pd.DataFrame({"theme_id": [0], "first_period": [DAYS[0]], "last_period": [DAYS[1]], "p_adjusted": [0.001],
                            "comment_count": [36], "base": [50], "comment_share": [0.7], "comment_share_low": [0.6],
                            "comment_share_high": [0.8], "comment_count_elsewhere": [4],
                            "comment_share_elsewhere": [0.08]})
    turn = pd.DataFrame({"dimension": [""], "value": [""], "subject": ["app"], "n": [30], "n_before": [6],
                         "n_after": [24], "change": [0.4], "change_low": [0.3], "change_high": [0.5],
                         "standing_before": [0.2], "turned_on": [DAYS[9]], "p_adjusted": [0.001]})
    empty = pd.DataFrame()
    for minimum, kinds, told in ((4, {"largest", "stretch", "turn"}, True), (5, {"largest", "stretch", "turn"}, False),
                                 (7, {"largest", "stretch"}, False)):
        table = rank_headlines(themes, empty, empty, stretch, empty, turns=turn, minimum_cell=minimum)
        assert set(table["kind"]) == kinds
        assert table.set_index("kind")["comparison"].notna()["stretch"] == told


def test_duplicates_that_count_are_not_told_to_be_left_out(small_analysis):
    """They are said to be read and not counted."""
    profile = small_analysis.profile.assign(duplicate_of=small_analysis.profile["feedback_id"].iloc[0])
    tables = {**small_analysis.tables, "profile": profile}
    for count, told in ((False, len(profile)), (True, 0)):
        settings = small_analysis.study.insights.model_copy(update={"count_duplicates": count})
        study = small_analysis.study.model_copy(update={"insights": settings})
        assert tell_all(study, tables, None)[1]["duplicates"] == told


def test_examples_of_contradictions_are_redacted_with_their_whole_comments(small_analysis):
    """A name on a line of its own is one because of the farewell on the line above."""
    tables = dict(small_analysis.tables)
    ids = tables["profile"].loc[tables["profile"]["is_counted"], "feedback_id"].head(1).tolist()
    text = "Late!\nBest regards,\nJane Doe"
    comments = tables["comments"].copy()
    comments.loc[comments["feedback_id"].isin(ids), ["text", "nps"]] = [text, 10]
    statements = tables["statements"].copy()
    chosen = statements["feedback_id"].isin(ids)
    statements.loc[chosen, ["text", "start", "end", "language"]] = ["Jane Doe", 20, 28, "en"]
    tone = tables["tone"].copy()
    own = tone["statement_id"].isin(statements.loc[chosen, "statement_id"])
    tone.loc[own, ["tone", "word", "score", "abstained", "calibrated"]] = [-1, "negative", -0.95, False, True]
    tables |= {"comments": comments, "statements": statements, "tone": tone}
    shown = count_tones(small_analysis.study, tables, None)[0]["contradiction_examples"]
    assert shown.loc[shown["feedback_id"].isin(ids), "text"].tolist() == ["[name]"]

"""Intervals of shares of comments where customers write several: coverage on planted data, and where it is told."""

import numpy as np
import pandas as pd
import pytest

from workbench.analysis import analyse
from workbench.insights import cover, cover_stages
from workbench.insights.clusters import cluster_of
from workbench.journey.share import count_stages
from workbench.stages.journey import journey_inputs
from workbench.stages.quality import quality_inputs
from workbench.themes import likeness, share_effects, share_interval, widen_intervals

SHARES = np.array([0.01, 0.02, 0.05, 0.1, 0.2, 0.4])


def planted(chance, loyal, sizes):
    """Comments of customers who speak of a theme as often as they like to: alike by `loyal`, 0 to 1, for each theme."""
    loyal, whose = np.broadcast_to(loyal, SHARES.shape), np.repeat(np.arange(len(sizes)), sizes)
    leaning = np.tile(SHARES, (len(sizes), 1))
    for theme, alike in enumerate(loyal):
        if alike > 0:
            scale = (1 - alike) / alike
            leaning[:, theme] = chance.beta(SHARES[theme] * scale, (1 - SHARES[theme]) * scale, len(sizes))
    rows, themes = np.nonzero(chance.random((len(whose), len(SHARES))) < leaning[whose])
    table = pd.DataFrame({"theme_id": range(len(SHARES)), "comment_count": np.bincount(themes, minlength=len(SHARES))})
    return table, pd.DataFrame({"feedback_id": rows, "theme_id": themes}), pd.Series(whose)


def intervals(table, said, clusters):
    wide = widen_intervals(table, "theme_id", said, clusters)
    return wide["comment_share_low"].to_numpy(), wide["comment_share_high"].to_numpy()


def covered(chance, loyal, draw_sizes, runs=150):
    """Return how often each share lies within its interval, as it was and as it is, and how much wider it is."""
    inside, widths = np.zeros((2, len(SHARES))), np.zeros((2, len(SHARES)))
    for _ in range(runs):
        table, said, clusters = planted(chance, loyal, draw_sizes())
        naive = share_interval(table["comment_count"], len(clusters))
        for way, (low, high) in enumerate((naive, intervals(table, said, clusters))):
            inside[way] += (low <= SHARES) & (high >= SHARES)
            widths[way] += high - low
    return inside / runs, widths[1] / widths[0]


@pytest.mark.parametrize("loyal", [0.4, [0.4, 0.0] * 3])
def test_intervals_of_common_and_rare_themes_cover_where_customers_are_loyal_to_them(loyal):
    chance = np.random.default_rng(5)
    (naive, found), wider = covered(chance, loyal, lambda: chance.integers(4, 9, 150))
    is_loyal = np.broadcast_to(loyal, SHARES.shape) > 0
    assert naive[is_loyal].max() < 0.85
    assert found.min() > 0.9
    assert found.mean() > 0.94
    assert wider.max() < 2.5


def test_a_few_who_write_most_are_allowed_for():
    chance = np.random.default_rng(6)
    (naive, found), _ = covered(chance, 0.3, lambda: np.minimum(np.ceil(chance.pareto(1.2, 150) * 2), 120).astype(int))
    assert naive.mean() < 0.65
    assert found.mean() > 0.93


def test_one_who_wrote_most_does_not_hide_how_like_comments_are():
    chance = np.random.default_rng(7)
    (naive, found), _ = covered(chance, 0.4, lambda: np.array([200] + [1] * 150))
    assert naive[2:].max() < 0.5
    assert found.mean() > 0.85


def test_intervals_hardly_widen_where_customers_are_not_loyal_to_themes():
    chance = np.random.default_rng(8)
    (_, found), wider = covered(chance, 0.0, lambda: chance.integers(4, 9, 150))
    assert found.mean() > 0.93
    assert wider.max() < 1.1


def test_where_nobody_wrote_twice_intervals_are_digit_for_digit_what_they_were():
    table, said, _ = planted(np.random.default_rng(9), 0.0, np.ones(140, dtype=int))
    for clusters in (range(140), [f"comment {row}" for row in range(140)]):
        low, high = intervals(table, said, pd.Series(clusters))
        as_before = share_interval(table["comment_count"], 140)
        assert low.tolist() == as_before[0].tolist()
        assert high.tolist() == as_before[1].tolist()


def test_one_customer_alone_is_one_voice():
    said = pd.DataFrame({"feedback_id": range(30), "value": "a"})
    assert share_effects(said, pd.Series("k", index=range(60)), ["a", "b"]).tolist() == [60.0, 60.0]
    assert share_effects(said, pd.Series(dtype=object), ["a"]).tolist() == [1.0]


def test_what_all_speak_of_is_widened_by_the_others():
    clusters = pd.Series(np.repeat(range(20), 5))
    said = pd.concat([pd.DataFrame({"feedback_id": range(100), "value": "all"}),
                      pd.DataFrame({"feedback_id": range(50), "value": "half"})])
    assert share_effects(said, clusters, ["all", "nobody"]).tolist() == pytest.approx([5.0, 5.0])


def test_the_order_of_rows_does_not_matter():
    chance = np.random.default_rng(10)
    table, said, clusters = planted(chance, 0.3, chance.integers(1, 9, 300))
    clusters = "customer " + clusters.astype(str)
    mixed = said.sample(frac=1, random_state=1), clusters.sample(frac=1, random_state=2)
    assert [end.tolist() for end in intervals(table, said, clusters)] == \
        [end.tolist() for end in intervals(table, *mixed)]
    values = said.rename(columns={"theme_id": "value"})
    assert likeness(values, clusters) == likeness(values.sample(frac=1, random_state=3), mixed[1])


def test_stages_of_a_theme_allow_for_who_wrote_several():
    ids = [f"f{number}" for number in range(60)]
    statements = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids})
    best = pd.DataFrame({"statement_id": statements["statement_id"], "stage_id": ["use"] * 30 + ["action"] * 30})
    themes = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": [0, 0, 1] * 20})
    given = {"themes": themes, "theme_ids": [0, 1, 2]}
    several = pd.Series(np.repeat(range(10), 6), index=ids)
    naive, alone, wide = (count_stages(statements, best, best, ["action", "use"], clusters=clusters, **given)
                          for clusters in (None, pd.Series(range(60), index=ids), several))
    pd.testing.assert_frame_equal(naive, alone, check_exact=True)
    spans = [(table["comment_share_high"] - table["comment_share_low"]).to_numpy() for table in (naive, wide)]
    assert (spans[1] > 1.25 * spans[0])[(naive["theme_id"] < 2) & (naive["stage_id"] != "unassigned")].all()
    assert spans[1][naive["theme_id"] == 2].tolist() == [1.0] * 3


def test_who_was_heard_is_told_of_customers_not_of_how_often_they_write():
    comments = pd.DataFrame({"market": ["DE"] * 60 + ["EG"] * 40, "customer_id": np.repeat(range(10), 10)})
    expected = {"market": {"DE": 0.4, "EG": 0.6}}
    assert cover(comments.drop(columns="customer_id"), expected)["heard"].tolist() == \
        ["more than expected", "less than expected"]
    assert cover(comments, expected)["heard"].tolist() == ["as expected"] * 2
    sets = pd.DataFrame({"statement_id": range(40), "stage_id": "use"})
    statements = pd.DataFrame({"statement_id": range(100), "feedback_id": range(100)})
    heard = [cover_stages(sets, statements, ["use"], 100, {"use": 0.6}, clusters=clusters)["heard"].tolist()
             for clusters in (None, comments["customer_id"])]
    assert heard == [["less than expected"], ["as expected"]]


def test_whoever_writes_for_an_account_is_in_the_keys(small_analysis):
    study, tables = small_analysis.study, small_analysis.tables
    other = {**tables, "comments": tables["comments"].assign(account_id="firm")}
    for inputs in (quality_inputs, journey_inputs):
        assert inputs(study, other) != inputs(study, tables)


@pytest.mark.parametrize("only", [None, "market=EG"])
def test_an_analysis_tells_intervals_that_allow_for_who_wrote_several(small_study, only):
    found = analyse(small_study, only=only, progress=False)
    counted = found.profile.loc[found.profile["is_counted"], "feedback_id"]
    own = found.comments.set_index("feedback_id", drop=False).loc[counted]
    said = found.statements.merge(found.assignments)[["feedback_id", "theme_id"]].drop_duplicates()
    said = said[said["feedback_id"].isin(counted)]
    assert own["customer_id"].duplicated().any()
    wide = widen_intervals(found.themes, "theme_id", said, cluster_of(own).set_axis(own["feedback_id"]))
    for table in (found.themes, found.theme_groups, found.coverage):
        low, high = share_interval(table["comment_count"], len(counted))
        span, naive = table["comment_share_high"] - table["comment_share_low"], high - low
        assert (span[table["comment_share_low"].notna()] >= naive - 1e-12).all()
        assert (span > 1.05 * naive).any()
    ends = ["comment_share_low", "comment_share_high"]
    pd.testing.assert_frame_equal(found.themes[ends], wide[ends])

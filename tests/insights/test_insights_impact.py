from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
import pytest

from workbench.insights import measure_impact
from workbench.insights.impact import Regression, interval, leave_out
from workbench.insights.incidence import gather, membership
from workbench.insights.measures import clusters, score_values, standing
from workbench.insights.weights import Dealer, chance_of_weights, relative_weights, resample_weights

generator = np.random.default_rng


def comments_with(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"feedback_id": [f"c{i}" for i in range(size)], **columns})


def members_of(indicators):
    rows, themes = np.nonzero(indicators)
    return pd.DataFrame({"feedback_id": [f"c{i}" for i in rows], "theme_id": themes})


def answers(tendency, seed=0):
    """Answers from 0 to 10 that follow a tendency."""
    return np.clip(np.round(6 + tendency + generator(seed).normal(0, 2, len(tendency))), 0, 10)


def explained(indicators, score):
    if indicators.shape[1] == 0:
        return 0.0
    design = np.column_stack([np.ones(len(score)), indicators])
    residual = score - design @ np.linalg.lstsq(design, score, rcond=None)[0]
    return 1 - residual.var() / score.var()


def shapley(indicators, score):
    """Return each column's mean gain in R squared over all orders: Lindeman, Merenda and Gold (1980)."""
    count = indicators.shape[1]
    parts = np.zeros(count)
    for column in range(count):
        rest = [other for other in range(count) if other != column]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(rest, size):
                without = explained(indicators[:, list(chosen)], score)
                parts[column] += weight * (explained(indicators[:, [*chosen, column]], score) - without)
    return parts


@pytest.mark.parametrize("columns", [2, 3, 5])
def test_relative_weights_are_near_exact_shapley_shares(columns):
    rng = generator(columns)
    common = rng.normal(size=(600, 1))
    themes = (rng.normal(size=(600, columns)) + common > 0.6).astype(float)
    score = themes @ np.linspace(-3, 2, columns) + rng.normal(0, 2, 600)
    ours, exact = relative_weights(themes, score), shapley(themes, score)
    assert ours.sum() == pytest.approx(explained(themes, score))
    assert exact.sum() == pytest.approx(explained(themes, score))
    assert np.abs(ours - exact).max() < 0.015


def test_weights_of_a_score_without_spread_are_zero():
    assert relative_weights(np.eye(3), np.ones(3)).tolist() == [0, 0, 0]


def test_weights_of_nothing_do_not_pass_as_more_than_chance():
    rng = generator(4)
    p = [chance_of_weights((rng.random((80, 2)) < 0.3).astype(float), rng.normal(size=80), seed, 199)
         for seed in range(150)]
    assert 0.02 <= (np.concatenate(p) < 0.05).mean() <= 0.09


@pytest.mark.parametrize("sizes", [[20] * 12, [60, 40, 30, 20, 15, 10, 8, 5, 4, 3, 2, 1] * 2])
def test_a_few_customers_who_write_much_do_not_make_a_weight(sizes):
    rng, count = generator(9), len(sizes)
    people = np.repeat(np.arange(count), sizes)
    p = [chance_of_weights((rng.random((count, 1)) < 0.5).astype(float)[people], rng.normal(size=count)[people]
                           + rng.normal(0, 0.5, len(people)), seed, 99, people)[0] for seed in range(60)]
    assert np.mean(np.array(p) < 0.05) <= 0.15  # 0.67 and 0.75 were customers taken for strangers


def test_shuffled_scores_of_a_customer_stay_together():
    groups = np.array([2, 0, 2, 1, 0, 2])
    dealt = Dealer(np.array([7.0, 1.0, 7.0, 4.0, 1.0, 7.0]), groups).deal(generator(1))
    assert sorted(set(dealt)) == [1.0, 4.0, 7.0]
    assert pd.Series(dealt).groupby(groups).nunique().tolist() == [1, 1, 1]


def test_resamples_draw_whole_clusters():
    themes = np.repeat(generator(0).random((4, 2)) < 0.5, 10, axis=0).astype(float)
    drawn = resample_weights(themes, np.arange(40.0), np.repeat(range(4), 10))
    assert len(np.unique(drawn.round(9), axis=0)) <= 35  # ways to draw four of four with repetition


def test_leaving_out_is_the_score_less_the_score_of_the_rest():
    themes, score = np.array([[1.0], [1], [0], [0], [0]]), np.array([0.0, 2, 10, 4, 4])
    value, _ = leave_out(gather(themes), score)
    assert value[0] == pytest.approx(score.mean() - score[2:].mean())


@pytest.mark.parametrize("overlapping", [False, True])
@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_cover_as_they_say(overlapping, clustered):
    rng = generator(10 + overlapping + 2 * clustered)
    effect, shares = np.array([-3.0, 0.0, 2.0]), [0.3, 0.25, 0.15]

    def world(size):
        themes = (rng.random((size, 3)) < shares).astype(float)
        if overlapping:
            themes[:, 1] = rng.random(size) < np.where(themes[:, 0] > 0, 0.7, 0.1)
        groups = np.unique(rng.integers(0, size // 2, size), return_inverse=True)[1] if clustered else np.arange(size)
        shared = rng.normal(0, 1, groups.max() + 1)[groups] if clustered else 0
        return themes, themes @ effect + shared + rng.normal(0, 2, size), groups

    themes, score, groups = world(300_000)
    big = gather(themes, groups)
    truth = leave_out(big, score)[0], Regression(big).adjusted(score)[0]
    hits = []
    for _ in range(250):
        themes, score, groups = world(300)
        spoken = gather(themes, groups)
        fewest = np.minimum(*spoken.clusters_beside())
        for found, true in zip((leave_out(spoken, score), Regression(spoken).adjusted(score)), truth, strict=True):
            low, high, _ = interval(*found, fewest, 0.95)
            hits.append((low <= true) & (true <= high))
    assert 0.925 <= np.mean(hits) <= 0.975


def test_of_two_correlated_themes_only_the_adjusted_change_names_the_right_one():
    rng = generator(7)
    guilty = rng.random(1500) < 0.3
    bystander = rng.random(1500) < np.where(guilty, 0.7, 0.08)
    comments = comments_with(nps=answers(-4.0 * guilty), rating=rng.integers(1, 6, 1500), rating_max=5)
    table = measure_impact(comments, members_of(np.column_stack([guilty, bystander])), measures=("nps",)).table
    table = table.set_index("theme_id")
    assert table.at[1, "leave_out_high"] < 0  # left out alone, the bystander looks guilty
    assert table.at[1, "adjusted_low"] < 0 < table.at[1, "adjusted_high"]
    assert table["agreement"].to_dict() == {0: "all", 1: "leave_out_only"} or table.at[1, "agreement"] == "partly"
    assert table.at[0, "weight"] > 1.5 * table.at[1, "weight"]


def test_a_theme_hidden_behind_another_shows_when_that_is_held_equal():
    rng = generator(8)
    one = rng.random(2000) < 0.5
    two = rng.random(2000) < np.where(one, 0.8, 0.2)
    comments = comments_with(nps=answers(3.0 * one - 2.2 * two, 1))
    table = measure_impact(comments, members_of(np.column_stack([one, two])), measures=("nps",)).table
    assert table.set_index("theme_id").at[1, "adjusted_high"] < 0


def test_themes_always_spoken_of_together_are_not_parted():
    one = generator(2).random(200) < 0.4
    comments = comments_with(nps=answers(-3.0 * one))
    table = measure_impact(comments, members_of(np.column_stack([one, one])), measures=("nps",)).table
    assert table["agreement"].tolist() == ["inseparable"] * 2
    assert table["adjusted"].isna().all()


def test_one_account_that_writes_a_hundred_times_is_one_voice():
    rng = generator(1)
    loud = np.arange(200) < 100
    alone = comments_with(nps=np.where(loud, 0, answers(np.zeros(200))))
    together = alone.assign(account_id=np.where(loud, "A", None))
    about = members_of(np.column_stack([loud | (rng.random(200) < 0.15)]))
    width = {name: (table["adjusted_high"] - table["adjusted_low"]).iloc[0] for name, table in (
        ("alone", measure_impact(alone, about, measures=("nps",)).table),
        ("together", measure_impact(together, about, measures=("nps",)).table))}
    assert width["together"] > 2 * width["alone"]


@pytest.mark.parametrize(("columns", "reason"), [
    ({}, "no_scores"), ({"nps": [np.nan] * 60}, "no_scores"), ({"nps": [10] * 60}, "one_value"),
    ({"nps": [0, 10] * 10 + [np.nan] * 40}, "too_few_answers"),
    ({"rating": [np.inf] * 60, "rating_max": [5] * 60}, "no_scores"),
])
def test_what_cannot_be_judged_says_why(columns, reason):
    comments = pd.DataFrame({"feedback_id": [f"c{i}" for i in range(60)], **columns})
    found = measure_impact(comments, members_of(np.eye(60, 3)))
    assert reason in set(found.reasons["reason"])
    assert found.table.empty
    assert list(found.table.columns)[:2] == ["measure", "theme_id"]


def test_more_themes_than_answers_bear_are_left_out_and_counted():
    rng = generator(6)
    themes = rng.random((60, 40)) < 0.4
    found = measure_impact(comments_with(nps=answers(np.zeros(60))), members_of(themes), measures=("nps",))
    assert len(found.table) == 12
    assert (found.left_out["reason"] == "too_many_themes").sum() == len(found.left_out) == 28


def test_themes_of_few_or_nearly_all_answers_are_left_out():
    themes = np.zeros((60, 3), dtype=bool)
    themes[:9, 0], themes[:55, 1], themes[:30, 2] = True, True, True
    found = measure_impact(comments_with(nps=answers(np.zeros(60))), members_of(themes), measures=("nps",))
    assert found.left_out[["theme_id", "reason"]].values.tolist() == [[0, "few_answers"], [1, "nearly_all"]]
    assert found.table["theme_id"].tolist() == [2]


def test_the_order_of_rows_does_not_matter():
    rng = generator(5)
    themes = rng.random((120, 3)) < 0.4
    comments, members = comments_with(nps=answers(-2.0 * themes[:, 0])), members_of(themes)
    one = measure_impact(comments, members, measures=("nps",)).table
    two = measure_impact(comments.iloc[::-1], members.iloc[::-1], measures=("nps",)).table
    pd.testing.assert_frame_equal(one, two, check_exact=False, rtol=1e-9)


def test_membership_and_clusters_of_nothing():
    assert membership(pd.Series(["a"]), pd.DataFrame({"feedback_id": [], "theme_id": []}))[1].shape == (1, 0)
    assert clusters(comments_with(nps=[1, 2])).tolist() == [0, 1]


def test_standing_compares_answers_to_the_same_question():
    comments = comments_with(nps=[0, 10, np.nan, np.nan], rating=[np.nan, np.nan, 1, 5], rating_max=[5] * 4)
    assert standing(comments).tolist() == [0.25, 0.75, 0.25, 0.75]


def test_an_unknown_measure_has_no_values():
    assert score_values(comments_with(nps=[1]), "love").isna().all()

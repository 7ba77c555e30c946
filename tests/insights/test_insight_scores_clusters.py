"""Intervals and tests of scores where customers speak several times: coverage on planted data."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights.cell_scores import choose_answers, score_cells
from workbench.insights.clusters import cluster_of, clustered_difference, design_effect, design_effects
from workbench.insights.scores import mean_score, score_all, share_score


def planted(chance, customers=80, each=5):
    """Customers with a leaning of their own answer several times; everybody's true NPS is 0 by symmetry."""
    leaning = chance.normal(0, 2.5, customers)
    answer = 7.5 + np.repeat(leaning, each) + chance.normal(0, 1.0, customers * each)
    nps = pd.Series(np.select([answer > 8.5, answer > 6.5], [10, 7], 0))
    return pd.DataFrame({"feedback_id": [str(i) for i in range(len(nps))], "nps": nps,
                         "rating": np.select([answer > 8.5, answer > 7.5, answer > 6.5], [5, 4, 3], 2), "rating_max": 5,
                         "customer_id": np.repeat([f"k{i}" for i in range(customers)], each)})


def coverage(measure, truth, clustered, runs=300):
    chance, inside = np.random.default_rng(11), 0
    for _ in range(runs):
        comments = planted(chance)
        comments = comments if clustered else comments.drop(columns="customer_id")
        row = score_all(comments).set_index("measure").loc[measure]
        inside += row["score_low"] <= truth <= row["score_high"]
    return inside / runs


@pytest.mark.slow
@pytest.mark.parametrize(("measure", "truth"), [("nps", 0.0), ("csat", 0.5)])
def test_clustered_intervals_cover(measure, truth):
    assert 0.92 <= coverage(measure, truth, clustered=True) <= 0.985
    assert coverage(measure, truth, clustered=False) < 0.80


def test_whoever_answers_once_changes_nothing():
    comments = pd.DataFrame({"feedback_id": list("abcdef"), "nps": [10, 9, 3, 7, 8, 0], "customer_id": list("uvwxyz")})
    pd.testing.assert_frame_equal(score_all(comments), score_all(comments.drop(columns="customer_id")))


def test_intervals_widen_where_customers_repeat_themselves():
    comments = planted(np.random.default_rng(3))
    wide, narrow = score_all(comments), score_all(comments.drop(columns="customer_id"))
    assert ((wide["score_high"] - wide["score_low"]) > 1.5 * (narrow["score_high"] - narrow["score_low"])).all()
    assert (wide["score"] == narrow["score"]).all()


def test_an_account_is_one_voice():
    comments = pd.DataFrame({"feedback_id": list("abc"), "customer_id": ["x", "y", ""], "account_id": ["f", "f", None]})
    assert cluster_of(comments).nunique() == 2


def test_the_design_effect_of_copies_is_their_number():
    values = pd.Series(np.repeat(np.random.default_rng(0).normal(size=200), 4))
    effect, count = design_effect(values, pd.Series(np.repeat(range(200), 4)))
    assert effect == pytest.approx(4, rel=0.02)
    assert count == 200


def test_one_cluster_tells_nothing_of_a_difference():
    one, two = pd.Series([1.0, 2.0, 3.0]), pd.Series([4.0, 6.0], index=[3, 4])
    assert np.isnan(clustered_difference(one, two, pd.Series(["a", "a", "a", "b", "c"]))[1])


def test_without_repetition_the_test_is_near_welchs():
    from scipy.stats import ttest_ind

    chance = np.random.default_rng(2)
    one, two = pd.Series(chance.normal(0, 1, 60)), pd.Series(chance.normal(0.4, 2, 80), index=range(60, 140))
    p = clustered_difference(one, two, pd.Series(range(140)))[1]
    assert p == pytest.approx(ttest_ind(one, two, equal_var=False).pvalue, rel=0.15)


@pytest.mark.parametrize("answer", [10, 8, 0])
@pytest.mark.parametrize("people", [1, 2, 9])
def test_people_who_all_answer_alike_are_as_many_as_they_are_however_often_they_do(answer, people):
    once = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(people)], "nps": answer, "rating": 5, "rating_max": 5,
                         "effort": 7, "customer_id": [f"k{i}" for i in range(people)]})
    often = pd.concat([once] * 12, ignore_index=True).assign(feedback_id=[f"f{i}" for i in range(12 * people)])
    alone, repeated = score_all(once).drop(columns="n"), score_all(often).drop(columns="n")
    pd.testing.assert_frame_equal(alone, repeated)
    cells = [score_cells(part[["feedback_id"]].assign(stage_id="use"), ["stage_id"], choose_answers(part))
             for part in (once, often)]
    pd.testing.assert_frame_equal(*(cell.drop(columns="score_n") for cell in cells))
    assert cells[1]["score_low"].iloc[0] == pytest.approx(repeated["score_low"].iloc[0])


def test_what_one_customer_says_forty_times_is_one_answer():
    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(40)], "nps": [10, 0] * 20, "rating": [4, 2] * 20,
                             "rating_max": 5, "customer_id": "one"})
    scores = score_all(comments).set_index("measure")
    assert scores.loc["nps", "score_high"] - scores.loc["nps", "score_low"] > 100
    assert scores.loc["csat", "score_high"] - scores.loc["csat", "score_low"] > 0.85
    assert scores.loc["satisfaction", ["score_low", "score_high"]].isna().all()
    answers = choose_answers(comments.drop(columns="nps"))
    cell = score_cells(comments[["feedback_id"]].assign(stage_id="use"), ["stage_id"], answers)
    assert cell[["score_low", "score_high"]].isna().all(axis=None)


def test_shares_near_all_cover_where_few_people_answer_often():
    chance, inside, runs = np.random.default_rng(5), 0, 400
    people = pd.Series(np.repeat(range(10), 10))
    for _ in range(runs):
        answers = chance.random(100) < np.repeat(chance.beta(0.95, 0.05, 10), 10)
        found = share_score(pd.Series(answers.astype(float)), clusters=people)
        inside += found["score_low"] <= 0.95 <= found["score_high"]
    assert inside / runs >= 0.94  # 0.73 where those who are all alike counted as often as they answered


@pytest.mark.parametrize("count", range(2, 12))
def test_ratings_that_are_all_alike_have_no_interval_though_their_mean_is_rounded(count):
    found = mean_score(pd.Series([0.8] * count))
    assert np.isnan(found["score_low"])
    assert np.isnan(found["score_high"])
    effects, _ = design_effects(np.full(2 * count, 0.8), np.zeros(2 * count, dtype=int), np.repeat(range(count), 2))
    assert effects.tolist() == [1.0]

"""Intervals and tests of scores where customers speak several times: coverage on planted data."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights.clusters import cluster_of, clustered_difference, design_effect
from workbench.insights.scores import score_all


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

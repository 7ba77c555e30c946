"""Scores against arithmetic that anyone can redo, and against published examples."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights import compare_themes, net_promoter_score, score_all, score_by, share_score
from workbench.insights.multiplicity import adjust
from workbench.insights.scores import answer_values
from workbench.themes import share_interval


def answers(promoters, passives, detractors):
    return pd.Series([10] * promoters + [8] * passives + [3] * detractors)


@pytest.mark.parametrize(("counts", "score"), [
    ((70, 10, 20), 50.0),     # the textbook case: 70 % promoters less 20 % detractors
    ((50, 30, 20), 30.0), ((0, 0, 7), -100.0), ((7, 0, 0), 100.0), ((1, 1, 1), 0.0), ((0, 5, 0), 0.0),
])
def test_net_promoter_score_is_promoters_less_detractors(counts, score):
    told = net_promoter_score(answers(*counts))
    assert told["score"] == pytest.approx(score)
    assert told["score_low"] <= told["score"] <= told["score_high"]


@pytest.mark.parametrize(("answer", "points"), [(0, -100), (6, -100), (7, 0), (8, 0), (9, 100), (10, 100)])
def test_the_bounds_of_promoters_and_detractors(answer, points):
    assert net_promoter_score(pd.Series([answer]))["score"] == points


def test_the_adjusted_wald_interval_by_hand():
    """Three pseudo-answers: 10.75 promoters, 5.75 detractors of 33; worked with pencil and paper."""
    told = net_promoter_score(answers(10, 15, 5))
    middle = (10.75 - 5.75) / 33
    half = 1.959964 * ((16.5 / 33 - middle**2) / 33) ** 0.5
    assert told["score_low"] == pytest.approx(100 * (middle - half), abs=1e-4)
    assert told["score_high"] == pytest.approx(100 * (middle + half), abs=1e-4)


@pytest.mark.parametrize(("hits", "n"), [(8, 10), (0, 10), (10, 10), (263, 500)])
def test_a_share_has_wilsons_interval(hits, n):
    told = share_score(pd.Series([1.0] * hits + [0.0] * (n - hits)))
    low, high = share_interval(pd.Series([hits]), n)
    assert (told["score_low"], told["score_high"]) == (pytest.approx(low[0]), pytest.approx(high[0]))


def test_wilsons_interval_as_published():
    """Newcombe (1998), table 1, method 3: 81 of 263 gives 0.2553 to 0.3662."""
    told = share_score(pd.Series([1.0] * 81 + [0.0] * 182))
    assert round(told["score_low"], 4) == 0.2553
    assert round(told["score_high"], 4) == 0.3662


@pytest.mark.parametrize(("rating", "highest", "hit"), [
    (5, 5, 1), (4, 5, 1), (3, 5, 0), (10, 10, 1), (8, 10, 1), (7, 10, 0), (3, 3, 1), (2, 3, 0), (0, 5, 0),
])
def test_satisfied_are_the_two_highest_of_five(rating, highest, hit):
    assert answer_values(pd.DataFrame({"rating": [rating], "rating_max": [highest]}))["csat"].tolist() == [hit]


@pytest.mark.parametrize(("effort", "hit"), [(1, 1), (3, 1), (4, 0), (7, 0)])
def test_low_effort_is_one_to_three(effort, hit):
    assert answer_values(pd.DataFrame({"effort": [effort]}))["low_effort"].tolist() == [hit]


def test_missing_answers_are_in_no_measure():
    comments = pd.DataFrame({"nps": [10, None, 2], "rating": [None, None, None], "rating_max": [5, 5, 5],
                             "effort": [1.0, None, None]})
    table = score_all(comments).set_index("measure")
    assert table["n"].to_dict() == {"nps": 2, "effort": 1, "low_effort": 1}


def test_no_score_at_all_gives_no_row():
    assert len(score_all(pd.DataFrame({"feedback_id": ["a"]}))) == 0
    assert len(score_by(pd.DataFrame({"feedback_id": ["a"], "market": ["DE"]}), "market")) == 0


def test_equal_answers_have_no_p_value():
    comments = pd.DataFrame({"market": ["DE"] * 20 + ["EG"] * 20, "nps": [10] * 40})
    assert score_by(comments, "market")["p_value"].isna().all()


def test_small_cells_are_hidden_with_everything_that_is_told_of_them():
    comments = pd.DataFrame({"market": ["DE"] * 30 + ["JO"] * 4, "nps": [9, 3] * 17})
    row = score_by(comments, "market", minimum=5).set_index("value").loc["JO"]
    assert row["is_hidden"]
    assert row[["score", "score_low", "score_high", "score_elsewhere", "p_adjusted"]].isna().all()


@pytest.mark.parametrize(("others", "shown"), [(["JO"] * 2, False), (["JO"] * 2 + ["EG"] * 2, False),
                                               (["JO"] * 3 + ["EG"] * 2, True), (["JO"] * 5, True)])
def test_a_hidden_cell_is_not_told_by_the_rest_of_the_others(others, shown):
    comments = pd.DataFrame({"market": ["DE"] * 12 + others, "nps": [9, 3] * 6 + [10] * len(others)})
    row = score_by(comments, "market", minimum=5).set_index("value").loc["DE"]
    assert row["score"] == 0
    assert (row["score_elsewhere"] == 100) == shown


@pytest.mark.parametrize(("small", "shown"), [(["JO"], False), (["JO"] * 3 + ["EG"], False),
                                              (["JO"] * 3 + ["EG"] * 2, True), ([], True)])
def test_a_hidden_cell_is_not_what_two_shown_ones_leave(small, shown):
    """The score of all is that of one cell and of all else; of hidden cells it leaves what the shown ones do not."""
    comments = pd.DataFrame({"market": ["DE"] * 12 + ["IR"] * 12 + small, "nps": [9, 3] * 12 + [10] * len(small)})
    table = score_by(comments, "market", minimum=5).set_index("value").loc[["DE", "IR"]]
    assert (table["score"] == 0).all()
    assert table["score_elsewhere"].notna().tolist() == [shown] * 2
    assert table["p_value"].notna().tolist() == [shown] * 2


def test_empty_values_are_no_cell():
    comments = pd.DataFrame({"market": ["DE", "", None], "nps": [9, 3, 3]})
    assert score_by(comments, "market", minimum=1)["value"].tolist() == ["DE"]


def test_benjamini_and_hochberg_as_published():
    """Benjamini and Hochberg (1995), section 4.1: four of fifteen are rejected at 0.05."""
    p = pd.Series([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
                   0.6528, 0.7590, 1.0])
    assert int((adjust(p) <= 0.05).sum()) == 4


def test_no_difference_is_rarely_found():
    chance = np.random.default_rng(5)
    found = 0
    for _ in range(60):
        comments = pd.DataFrame({"market": chance.choice(list("abcdefgh"), 240), "nps": chance.integers(0, 11, 240)})
        found += bool((score_by(comments, "market")["p_adjusted"] < 0.05).any())
    assert found <= 8  # 3 are expected; 9 of 60 at 0.05 would happen once in 250 times


def test_themes_are_compared_over_customers():
    """Twenty answers of one person are one person's."""
    comments = pd.DataFrame({"feedback_id": [str(i) for i in range(60)], "nps": [0] * 20 + [10, 7] * 20,
                             "customer_id": ["one"] * 20 + [f"k{i}" for i in range(40)]})
    members = pd.DataFrame({"feedback_id": [str(i) for i in range(20)], "theme_id": 0})
    assert len(compare_themes(comments, members)) == 0

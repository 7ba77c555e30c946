"""Pauses in collection: found where there is one, and not made of weekends or of chance."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights import find_gaps


def daily(counts, first="2026-01-01"):
    return pd.DataFrame({"created_at": pd.date_range(first, periods=len(counts)).repeat(counts)})


@pytest.mark.parametrize("each_day", [0.5, 4.0])
def test_chance_alone_makes_hardly_a_pause(each_day):
    chance = np.random.default_rng(4)
    found = [len(find_gaps(daily(chance.poisson(each_day, 180)))) > 0 for _ in range(60)]
    assert np.mean(found) <= 0.05


def test_weekends_without_comments_are_no_pause_and_a_week_without_any_is():
    days = pd.date_range("2026-01-05", periods=140)
    counts = np.where(days.day_of_week < 5, np.random.default_rng(5).poisson(10, 140), 0)
    assert not len(find_gaps(daily(counts)))
    counts[70:77] = 0
    found = find_gaps(daily(counts, "2026-01-05")).iloc[0]
    assert (found["first_day"], found["last_day"]) == (pd.Timestamp("2026-03-14"), pd.Timestamp("2026-03-22"))
    assert 30 < found["expected_count"] < 60


def test_a_pause_that_lasts_to_the_end_of_the_data_is_open():
    chance = np.random.default_rng(6)
    ours = daily(chance.poisson(5, 100)).assign(market="DE")
    theirs = daily(chance.poisson(5, 80)).assign(market="IR")
    found = find_gaps(pd.concat([ours, theirs], ignore_index=True))
    assert found[["dimension", "value", "is_open"]].values.tolist() == [["market", "IR", True]]

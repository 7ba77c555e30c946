import numpy as np
import pandas as pd
import pytest

from workbench.themes import share_interval

# Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3 (Wilson score).
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("count", "base", "low", "high"), PUBLISHED)
def test_published_intervals(count, base, low, high):
    found_low, found_high = share_interval(pd.Series([count]), base)
    assert found_low.iloc[0] == pytest.approx(low, abs=5e-5)
    assert found_high.iloc[0] == pytest.approx(high, abs=5e-5)


def test_nothing_heard_is_not_nought():
    low, high = share_interval(pd.Series([0]), 0)
    assert (low.iloc[0], high.iloc[0]) == (0.0, 1.0)


def test_everybody():
    low, high = share_interval(pd.Series([12]), 12)
    assert high.iloc[0] == 1.0
    assert 0.7 < low.iloc[0] < 0.8


def test_intervals_cover_as_they_say():
    generator = np.random.default_rng(0)
    counts = pd.Series(generator.binomial(60, 0.2, size=4000))
    low, high = share_interval(counts, 60)
    assert 0.93 < ((low <= 0.2) & (high >= 0.2)).mean() < 0.97

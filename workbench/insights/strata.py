"""Shares compared among people who are alike in something else: two by two tables, stratum by stratum."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.themes import share_interval

_NEGLIGIBLE = 1e-30


def band_of(counts: pd.Series) -> pd.Series:
    """Return the band of each count: 1, 2, 3, 4 to 5, 6 to 7, 8 to 11, 12 to 15, 16 to 22, and so on.

    Counts of one band are alike within the square root of two.

    Examples
    --------
    >>> band_of(pd.Series([1, 2, 3, 4, 5, 6, 7, 8, 11, 12])).tolist()
    [0, 2, 3, 4, 4, 5, 5, 6, 6, 7]
    """
    return (2 * np.log2(counts)).astype(int)


def compare_within(hits: np.ndarray, inside: np.ndarray, strata: np.ndarray, confidence: float = 0.95
                   ) -> tuple[float, float, float, float]:
    """Return the difference of two shares among people of one stratum, its interval and the p-value of its test.

    The difference is Mantel's and Haenszel's: that within each stratum, weighted by how many people are on both sides
    there. The test is exact, given how many people and hits each stratum has; with one stratum it is Fisher's.

    Source: Newcombe (1998), score interval of a difference of two proportions, for strata as Yan and Su (2010),
    Stratified Wilson and Newcombe Confidence Intervals for Multiple Binomial Proportions; Mehta, Patel and Gray (1985)
    for the distribution that the test rests on.

    Parameters
    ----------
    hits, inside
        Whether each person is a hit, and of the group that is compared with all others.
    strata
        The number of each one's stratum, from 0.

    Returns
    -------
    tuple
        Difference, the ends of its interval, and p-value (two-sided, at least 1e-30); NaN where no stratum has people
        on both sides.

    Examples
    --------
    >>> hits, inside = np.array([1, 1, 1, 0, 0, 0, 0, 1] * 5), np.array([1, 1, 1, 1, 0, 0, 0, 0] * 5)
    >>> [round(value, 3) for value in compare_within(hits, inside, np.zeros(40, dtype=int))]
    [0.5, 0.191, 0.695, 0.004]
    """
    n = np.bincount(strata)
    own, bad = (np.bincount(strata, weights=values, minlength=len(n)).astype(int) for values in (inside, hits))
    both = np.bincount(strata, weights=inside * hits, minlength=len(n)).astype(int)
    told = (own > 0) & (own < n)
    if not told.any():
        return (float("nan"),) * 4
    n, own, bad, both = n[told], own[told], bad[told], both[told]
    return *_difference(both, own, bad - both, n - own, confidence), _exact(both, own, bad, n)


def _difference(hits: np.ndarray, n: np.ndarray, others: np.ndarray, m: np.ndarray, confidence: float
                ) -> tuple[float, float, float]:
    """Return the weighted difference of hits/n and others/m, and the ends of its interval."""
    weights = n * m / (n + m) / (n * m / (n + m)).sum()
    shares = np.array([weights @ (hits / n), weights @ (others / m)])
    worth = 1 / np.array([(weights**2 / n).sum(), (weights**2 / m).sum()])
    low, high = (ends.to_numpy() for ends in share_interval(pd.Series(shares * worth), pd.Series(worth), confidence))
    found = shares[0] - shares[1]
    return (float(found), float(found - np.hypot(shares[0] - low[0], high[1] - shares[1])),
            float(found + np.hypot(high[0] - shares[0], shares[1] - low[1])))


def _exact(both: np.ndarray, own: np.ndarray, bad: np.ndarray, n: np.ndarray) -> float:
    """Return how probable it is that hits fall on the group in a way no likelier than they did."""
    from scipy.special import gammaln

    of_factorial = gammaln(np.arange(n.max() + 1) + 1.0)
    chances, least = np.ones(1), 0
    for people, inside, hits in zip(n, own, bad, strict=True):
        places = np.arange(max(0, inside + hits - people), min(inside, hits) + 1)
        ways = sum(of_factorial[number] for number in (inside, people - inside, hits, people - hits)) \
            - of_factorial[people] - sum(of_factorial[numbers] for numbers in (
                places, inside - places, hits - places, people - inside - hits + places))
        part = np.exp(ways - ways.max())
        part /= part.sum()
        kept = np.flatnonzero(part > _NEGLIGIBLE)
        chances = np.convolve(chances, part[kept[0]:kept[-1] + 1])
        least += places[kept[0]]
    place = both.sum() - least
    found = chances[place] if 0 <= place < len(chances) else 0.0
    return float(np.clip(chances[chances <= found * (1 + 1e-7)].sum(), _NEGLIGIBLE, 1.0))

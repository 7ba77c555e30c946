"""Shares compared among people who are alike in something else: two by two tables, stratum by stratum."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.insights.clusters import likeness_within
from workbench.insights.incidence import gather
from workbench.themes import share_interval

_NEGLIGIBLE = 1e-30
_TURNS, _MOST = 1999, 1000  # clusters whose signs are turned


def band_of(counts: pd.Series) -> pd.Series:
    """Return the band of each count: 1, 2, 3, 4 to 5, 6 to 7, 8 to 11, 12 to 15, 16 to 22, and so on.

    Counts of one band are alike within the square root of two.

    Examples
    --------
    >>> band_of(pd.Series([1, 2, 3, 4, 5, 6, 7, 8, 11, 12])).tolist()
    [0, 2, 3, 4, 4, 5, 5, 6, 6, 7]
    """
    return (2 * np.log2(counts)).astype(int)


def compare_within(hits: np.ndarray, inside: np.ndarray, strata: np.ndarray, confidence: float = 0.95,
                   clusters: np.ndarray | None = None) -> tuple[float, float, float, float]:
    """Return the difference of two shares among people of one stratum, its interval and the p-value of its test.

    The difference is Mantel's and Haenszel's: that within each stratum, weighted by how many people are on both sides
    there. The test is exact, given how many people and hits each stratum has; with one stratum it is Fisher's. Where
    clusters have several people, whose fates are alike, the interval is wider, and the p-value no less than the part of
    the ways to turn the signs of what the clusters add to the difference that leave one as large.

    Source: Newcombe (1998), score interval of a difference of two proportions, for strata as Yan and Su (2010),
    Stratified Wilson and Newcombe Confidence Intervals for Multiple Binomial Proportions; Mehta, Patel and Gray (1985)
    for the distribution that the test rests on; Donner and Klar (2000), Design and Analysis of Cluster Randomization
    Trials in Health Research, for the interval with clusters; Canay, Romano and Shaikh (2017), Randomization Tests
    under an Approximate Symmetry Assumption, for the test.

    Parameters
    ----------
    hits, inside
        Whether each person is a hit, and of the group that is compared with all others.
    strata
        The number of each one's stratum, from 0.
    clusters
        The number of each one's cluster, such as the account; without it, each stands alone.

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
    exact = _exact(both, own, bad, n)
    if clusters is None or len(np.unique(clusters)) == len(clusters):
        return *_difference(both, own, bad - both, n - own, 1.0, confidence), exact
    kept = told[strata]
    effect, _ = effect_on_difference(hits[kept], inside[kept], strata[kept], clusters[kept])
    return *_difference(both, own, bad - both, n - own, effect, confidence), \
        max(exact, _turned(hits[kept], inside[kept], strata[kept], clusters[kept]))


def effect_on_difference(hits: np.ndarray, inside: np.ndarray, strata: np.ndarray, clusters: np.ndarray
                         ) -> tuple[float, int]:
    """Return by how much clusters widen the variance of `compare_within`'s difference, and how many are on a side.

    At least 1, and no less than the likeness of people of one cluster has it: that of few people is not seen. The
    clusters are those of the side with fewer.

    Examples
    --------
    >>> hits, inside, one = np.array([1, 1, 0, 0] * 9), np.array([1, 1, 0, 0, 0, 0, 1, 1, 1] * 4), np.zeros(36, int)
    >>> [round(effect_on_difference(hits, inside, one, np.arange(36) // each)[0], 2) for each in (2, 4)]
    [1.64, 1.52]
    """
    hits, inside = hits.astype(float), inside.astype(bool)
    groups = np.unique(clusters, return_inverse=True)[1]
    sides, count = min(len(np.unique(groups[side])) for side in (inside, ~inside)), int(groups.max()) + 1
    if count < 2 or sides < 1:
        return float(len(hits)) if count < 2 else 1.0, sides
    part = np.bincount(strata, weights=inside) / np.maximum(np.bincount(strata), 1)
    pulls = inside - part[strata]
    side = 2 * strata + inside
    beyond = pulls * (hits - (np.bincount(side, weights=hits) / np.maximum(np.bincount(side), 1))[side])
    alike, own = likeness_within(gather(np.zeros((len(hits), 1)), groups), hits), float((beyond**2).sum())
    expected = 1 + alike * (float((np.bincount(groups, weights=pulls) ** 2).sum() / (pulls**2).sum()) - 1)
    found = count / (count - 1) * float((np.bincount(groups, weights=beyond) ** 2).sum()) / own if own > 0 else 1.0
    return max(1.0, expected, found), sides


def _turned(hits: np.ndarray, inside: np.ndarray, strata: np.ndarray, clusters: np.ndarray) -> float:
    """Return how often turned signs of what each cluster adds make a difference as large; of many, by the normal.

    What no turn reaches is rarer than turns can tell, and bounded by the normal. Source: Bentkus and Dzindzalieta
    (2015), A Tight Gaussian Bound for Weighted Sums of Rademacher Random Variables.
    """
    from scipy.special import ndtr

    people = np.maximum(np.bincount(strata), 1)
    pulls, beyond = (values - (np.bincount(strata, weights=values) / people)[strata] for values in (inside, hits))
    added = np.bincount(np.unique(clusters, return_inverse=True)[1], weights=pulls * beyond)
    found, size = abs(added.sum()), float(np.sqrt((added**2).sum()))
    if not size:
        return 1.0
    by_normal = float(2 * ndtr(-found / size))
    if len(added) > _MOST:
        return by_normal
    turned = np.random.default_rng(0).choice([-1.0, 1.0], (_TURNS, len(added))) @ added
    reached = int((np.abs(turned) >= found - 1e-9 * size).sum())
    return (1 + reached) / (1 + _TURNS) if reached else min(1 / (1 + _TURNS), by_normal / (4 * float(ndtr(-(2**0.5)))))


def widened_chance(chance: float, effect: float, clusters: int) -> float:
    """Return the one-sided p-value of what varies more than a test has it, by Student's t of so many clusters.

    Examples
    --------
    >>> [round(widened_chance(0.01, effect, clusters), 3) for effect, clusters in ((1.0, 1000), (2.0, 20), (2.0, 1))]
    [0.01, 0.058, 1.0]
    """
    from scipy.special import ndtri, stdtr

    return max(chance, float(stdtr(clusters - 1, ndtri(chance) / np.sqrt(effect)))) if clusters > 1 else 1.0


def _difference(hits: np.ndarray, n: np.ndarray, others: np.ndarray, m: np.ndarray, effect: float, confidence: float
                ) -> tuple[float, float, float]:
    """Return the weighted difference of hits/n and others/m, and the ends of its interval, for people in clusters."""
    weights = n * m / (n + m) / (n * m / (n + m)).sum()
    shares = np.array([weights @ (hits / n), weights @ (others / m)])
    worth = 1 / np.array([(weights**2 / n).sum(), (weights**2 / m).sum()]) / effect
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

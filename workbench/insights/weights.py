"""Relative weights: how much of the explained spread of a score goes with each of several overlapping themes."""

from __future__ import annotations

import numpy as np

_LEAST_RESAMPLES, _MOST_RESAMPLES = 99, 999
_OPERATIONS = 4e9  # multiplications that all resamples may take together


def relative_weights(indicators: np.ndarray, score: np.ndarray, sizes: np.ndarray | None = None) -> np.ndarray:
    """Return the part of the explained variance (R squared) that goes with each column; the parts sum to it.

    The columns are replaced by the uncorrelated ones nearest to them, on which the score is regressed; what each of
    those explains is handed back to the columns that it stands for. The sum does not depend on the order of the
    columns, and stays defined where they overlap.

    Source: Johnson (2000), A heuristic method for estimating the relative weight of predictor variables.

    Parameters
    ----------
    indicators
        One row a comment, one column a theme.
    score
        One value a comment.
    sizes
        How often each row counts, for resamples.

    Returns
    -------
    numpy.ndarray
        One weight a column, 0 or more. All 0 where the score has no spread.

    Examples
    --------
    >>> themes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> relative_weights(themes, np.array([0.0, 1.0, 2.0, 3.0])).round(2).tolist()
    [0.8, 0.2]
    """
    root, back, correlation = _correlations(indicators, score, sizes)
    return np.asarray((root**2) @ ((back @ correlation) ** 2))


def _correlations(indicators: np.ndarray, score: np.ndarray, sizes: np.ndarray | None
                  ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the root of the columns' correlations, its inverse, and the columns' correlations with the score."""
    share = np.full(len(score), 1 / len(score)) if sizes is None else sizes / sizes.sum()
    centred = indicators - share @ indicators
    deviation = score - share @ score
    spread = np.sqrt(share @ centred**2)
    own = np.sqrt(float(share @ deviation**2))
    scaled = centred / np.where(spread > 1e-12, spread, np.inf)
    among = (scaled * share[:, None]).T @ scaled
    values, axes = np.linalg.eigh(among)
    kept = values > 1e-10
    size = np.sqrt(np.where(kept, values, 0.0))
    inverse = np.where(kept, 1 / np.where(kept, size, 1.0), 0.0)
    with_score = (scaled * share[:, None]).T @ (deviation / own) if own > 1e-12 else np.zeros(indicators.shape[1])
    return (axes * size) @ axes.T, (axes * inverse) @ axes.T, with_score


def resample_weights(indicators: np.ndarray, score: np.ndarray, groups: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the relative weights of resamples of whole clusters: one row a resample.

    As many as the size of the data allows, from 99 to 999.

    Examples
    --------
    >>> themes = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], 20, axis=0)
    >>> resample_weights(themes, themes @ np.array([2.0, 1.0]), np.arange(80)).shape
    (999, 2)
    """
    generator = np.random.default_rng(seed)
    cost = indicators.size * max(indicators.shape[1], 1)
    count = int(np.clip(_OPERATIONS / max(cost, 1), _LEAST_RESAMPLES, _MOST_RESAMPLES))
    clusters = int(groups.max()) + 1
    drawn = (np.bincount(generator.integers(0, clusters, clusters), minlength=clusters) for _ in range(count))
    return np.array([relative_weights(indicators, score, times[groups].astype(float)) for times in drawn])


def chance_of_weights(indicators: np.ndarray, score: np.ndarray, seed: int = 0, shuffles: int = 999,
                      groups: np.ndarray | None = None) -> np.ndarray:
    """Return, for each column, how often shuffled scores give it a weight as large: a p-value.

    A weight is never below zero, so its interval cannot tell whether it is more than chance; this does. Scores of
    a cluster are alike without any theme making them so: the clusters' means are shuffled over whole clusters, and
    what is beyond the mean within each.

    Parameters
    ----------
    indicators, score
        As for `relative_weights`.
    seed, shuffles
        Of the shuffles, and how many there are.
    groups
        The number of each row's cluster, from 0; without it, every row stands alone.

    Examples
    --------
    >>> themes = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], 10, axis=0)
    >>> chance_of_weights(themes, themes @ np.array([1.0, 0.0])).round(3).tolist()
    [0.001, 1.0]
    """
    root, back, correlation = _correlations(indicators, score, None)
    observed = (root**2) @ ((back @ correlation) ** 2)
    generator = np.random.default_rng(seed)
    reached = np.zeros(len(observed))
    groups = np.arange(len(score)) if groups is None else groups
    spread = indicators.std(axis=0)
    scaled = (indicators - indicators.mean(axis=0)) / np.where(spread > 1e-12, spread, np.inf)
    for _ in range(shuffles):
        dealt = _deal(score, groups, generator)
        shuffled = scaled.T @ (dealt - dealt.mean()) / max(float(dealt.std()) * len(score), 1e-12)
        reached += (root**2) @ ((back @ shuffled) ** 2) >= observed - 1e-12
    return np.asarray((1 + reached) / (1 + shuffles))


def _deal(score: np.ndarray, groups: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return the scores with the clusters' means shuffled over clusters, and what is beyond them within each."""
    means = np.bincount(groups, weights=score) / np.bincount(groups)
    rows = np.argsort(groups, kind="stable")
    within = np.empty(len(score))
    within[rows] = (score - means[groups])[np.argsort(groups + generator.random(len(score)))]
    return np.asarray(means[generator.permutation(len(means))][groups] + within)

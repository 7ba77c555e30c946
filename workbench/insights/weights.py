"""Relative weights: how much of the explained spread of a score goes with each of several overlapping themes.

Indicators may be plain or sparse. All is told from moments: sums of the score, of each theme, and of each pair of
themes that meet in a comment. A resample weighs clusters anew, and its moments are one product of its weights with the
moments of the clusters.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

_LEAST_RESAMPLES, _MOST_RESAMPLES = 99, 999
_OPERATIONS = 4e9  # multiplications that all resamples may take together
_AT_ONCE = 32  # resamples
_BLOCK = 500_000  # numbers of shuffled scores held at a time


def relative_weights(indicators: np.ndarray | sp.csr_array, score: np.ndarray, sizes: np.ndarray | None = None
                     ) -> np.ndarray:
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
    together = sizes is None
    groups = np.zeros(len(score), dtype=int) if together else np.arange(len(score))
    times = np.ones((1, 1)) if together else np.asarray(sizes, dtype=float)[None, :]
    return np.asarray(_weights(*_roots(*_moments(indicators, score, groups), times))[0])


def _weights(root: np.ndarray, back: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    return np.asarray(np.matmul(root**2, np.matmul(back, correlation[..., None]) ** 2)[..., 0])


def pair_products(matrix: sp.csr_array) -> tuple[sp.csr_array, np.ndarray]:
    """Return a column for each pair of columns that meet in a row, with the product of the two; and which pair it is.

    A column meets itself. Pairs are numbered by the first column times the number of columns, plus the second, which
    is not before the first.

    Examples
    --------
    >>> pairs, kinds = pair_products(sp.csr_array(np.array([[1.0, 0, 2], [0, 3, 0]])))
    >>> pairs.toarray().tolist(), kinds.tolist()
    ([[1.0, 2.0, 0.0, 4.0], [0.0, 0.0, 9.0, 0.0]], [0, 2, 4, 8])
    """
    matrix = sp.csr_array(matrix)
    matrix.sort_indices()
    ends = np.repeat(matrix.indptr[1:], np.diff(matrix.indptr))  # of the row of each entry
    after = ends - np.arange(matrix.nnz)  # entries from each to the end of its row
    left = np.repeat(np.arange(matrix.nnz), after)
    right = left + np.arange(len(left)) - np.repeat(np.cumsum(after) - after, after)
    kinds, columns = np.unique(matrix.indices[left].astype(np.int64) * matrix.shape[1] + matrix.indices[right],
                               return_inverse=True)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[left]
    products = (matrix.data[left] * matrix.data[right], (rows, columns))
    return sp.csr_array(products, shape=(matrix.shape[0], len(kinds))), kinds


def _moments(indicators: np.ndarray | sp.csr_array, score: np.ndarray, groups: np.ndarray
             ) -> tuple[sp.csr_array, np.ndarray]:
    """Return the moments of each cluster and the pairs among them.

    The columns are 1, the score and its square, the themes, the themes times the score, and the pairs of themes. The
    score is taken from its mean, so that little is lost where moments are taken from each other.
    """
    matrix = sp.csr_array(indicators, dtype=np.float64)
    score = score - score.mean()
    pairs, kinds = pair_products(matrix)
    columns = np.column_stack([np.ones(len(score)), score, score**2])
    moments = sp.csr_array(sp.hstack([columns, matrix, sp.diags_array(score) @ matrix, pairs], format="csr"))
    gathered = sp.csr_array((np.ones(len(groups)), (groups, np.arange(len(groups)))))
    return sp.csr_array(gathered @ moments), kinds


def _roots(moments: sp.csr_array, kinds: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the roots of the columns' correlations, their inverses, and the columns' correlations with the score.

    Each for every row of `times`: how often each cluster counts.
    """
    sums = (moments.T @ times.T).T
    means = sums[:, 1:] / sums[:, :1]
    themes = (means.shape[1] - 2 - len(kinds)) // 2
    score, square = means[:, 0], means[:, 1]
    share, with_score, pairs = np.split(means[:, 2:], [themes, 2 * themes], axis=1)
    among = np.zeros((len(times), themes, themes))
    left, right = np.divmod(kinds, max(themes, 1))
    among[:, left, right] = pairs
    among[:, right, left] = pairs
    own = np.sqrt(np.maximum(square - score**2, 0.0))
    variance = np.einsum("rkk->rk", among) - share**2
    varies = variance > 1e-9 * np.einsum("rkk->rk", among)
    among -= share[:, :, None] * share[:, None, :]
    scale = np.where(varies, 1 / np.sqrt(np.where(varies, variance, 1.0)), 0.0)
    among *= scale[:, :, None] * scale[:, None, :]
    known = own > 1e-12
    correlation = scale * (with_score - share * score[:, None]) / np.where(known, own, np.inf)[:, None]
    values, axes = np.linalg.eigh(among)
    kept = values > 1e-10
    size = np.sqrt(np.where(kept, values, 0.0))
    inverse = np.where(kept, 1 / np.where(kept, size, 1.0), 0.0)
    turned = axes.swapaxes(1, 2)
    return (axes * size[:, None, :]) @ turned, (axes * inverse[:, None, :]) @ turned, correlation


def resample_weights(indicators: np.ndarray | sp.csr_array, score: np.ndarray, groups: np.ndarray, seed: int = 0
                     ) -> np.ndarray:
    """Return the relative weights of resamples of whole clusters: one row a resample.

    As many as the size of the data allows, from 99 to 999.

    Examples
    --------
    >>> themes = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], 20, axis=0)
    >>> resample_weights(themes, themes @ np.array([2.0, 1.0]), np.arange(80)).shape
    (999, 2)
    """
    generator = np.random.default_rng(seed)
    rows, themes = indicators.shape
    count = int(np.clip(_OPERATIONS / max(rows * themes * max(themes, 1), 1), _LEAST_RESAMPLES, _MOST_RESAMPLES))
    clusters = int(groups.max()) + 1
    moments, kinds = _moments(indicators, score, groups)
    drawn = []
    for first in range(0, count, _AT_ONCE):
        times = [np.bincount(generator.integers(0, clusters, clusters), minlength=clusters)
                 for _ in range(min(_AT_ONCE, count - first))]
        drawn.append(_weights(*_roots(moments, kinds, np.array(times, dtype=float))))
    return np.concatenate(drawn)


def chance_of_weights(indicators: np.ndarray | sp.csr_array, score: np.ndarray, seed: int = 0, shuffles: int = 999,
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
    matrix, rows = sp.csr_array(indicators, dtype=np.float64), len(score)
    root, back, correlation = _roots(*_moments(matrix, score, np.zeros(rows, dtype=int)), np.ones((1, 1)))
    observed = _weights(root, back, correlation)[0]
    generator = np.random.default_rng(seed)
    share = matrix.mean(axis=0)
    variance = (matrix**2).mean(axis=0) - share**2
    spread = np.sqrt(np.where(variance > 1e-9 * share, variance, np.inf))
    hand = Dealer(score, np.arange(rows) if groups is None else groups)
    reached, at_once = np.zeros(len(observed)), max(1, _BLOCK // max(rows, 1))
    for first in range(0, shuffles, at_once):
        dealt = np.array([hand.deal(generator) for _ in range(min(at_once, shuffles - first))])
        dealt -= dealt.mean(axis=1, keepdims=True)
        with_score = (matrix.T @ dealt.T) / spread[:, None] / np.maximum(dealt.std(axis=1) * rows, 1e-12)
        reached += ((root[0] ** 2) @ ((back[0] @ with_score) ** 2) >= observed[:, None] - 1e-12).sum(axis=1)
    return np.asarray((1 + reached) / (1 + shuffles))


class Dealer:
    """Deals scores out anew: the clusters' means over clusters, and what is beyond them within each.

    Clusters of one size are shuffled within as the rows of one table, which is faster than sorting all rows.
    """

    def __init__(self, score: np.ndarray, groups: np.ndarray) -> None:
        sizes = np.bincount(groups)
        self.groups = groups
        self.means = np.bincount(groups, weights=score) / sizes
        self.beyond = score - self.means[groups]
        order, starts = np.argsort(groups, kind="stable"), np.cumsum(sizes) - sizes
        self.tables = [order[starts[sizes == size][:, None] + np.arange(size)] for size in np.unique(sizes) if size > 1]

    def deal(self, generator: np.random.Generator) -> np.ndarray:
        """Return the scores of one shuffle."""
        dealt = generator.permutation(self.means)[self.groups]
        for table in self.tables:
            dealt[table] += generator.permuted(self.beyond[table], axis=1)
        return np.asarray(dealt)

    def deal_many(self, generator: np.random.Generator, count: int) -> np.ndarray:
        """Return the scores of many shuffles at once, a row a shuffle: the better way where there are few scores."""
        dealt = generator.permuted(np.tile(self.means, (count, 1)), axis=1)[:, self.groups]
        for table in self.tables:
            order = generator.random((count, *table.shape)).argsort(axis=2)
            dealt[:, table] += self.beyond[table[np.arange(len(table))[:, None], order]]
        return np.asarray(dealt)

"""Which comments speak of which themes, kept sparse, and sums over the clusters of their writers, all themes at once.

A comment speaks of one or two of a hundred themes. What is asked of a theme against all other comments can be told from
the comments, and the clusters, that do speak of it, and from totals: nothing needs a number for each comment and theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import scipy.sparse as sp


@dataclass(frozen=True)
class Incidence:
    """Comments by themes, with the cluster that each comment comes from.

    An entry is a comment and a theme that it speaks of; a cell is a cluster and a theme that any of its comments speaks
    of. `matrix` has 1.0 for each entry; `sizes` are the comments of each cluster; `rows` is the comment of each entry
    and `cells` its cell; `themes` and `clusters` are those of each cell and `counts` the entries in it.
    """

    matrix: sp.csr_array
    groups: np.ndarray
    sizes: np.ndarray
    rows: np.ndarray
    cells: np.ndarray
    themes: np.ndarray
    clusters: np.ndarray
    counts: np.ndarray

    @property
    def theme_sizes(self) -> np.ndarray:
        """The comments that speak of each theme."""
        return self.per_theme(self.counts)

    def per_theme(self, of_cells: np.ndarray) -> np.ndarray:
        """Return, for each theme, the sum of a value of its cells."""
        return np.bincount(self.themes, weights=of_cells, minlength=self.matrix.shape[1])

    def per_cell(self, of_comments: np.ndarray) -> np.ndarray:
        """Return, for each cell, the sum of a value of the comments in it."""
        return np.bincount(self.cells, weights=of_comments[self.rows], minlength=len(self.counts))

    def per_cluster(self, of_comments: np.ndarray) -> np.ndarray:
        """Return, for each cluster, the sum of a value of its comments."""
        return np.bincount(self.groups, weights=of_comments, minlength=len(self.sizes))

    def clusters_beside(self) -> tuple[np.ndarray, np.ndarray]:
        """Return how many clusters speak of each theme, and how many of anything else."""
        within = self.per_theme(np.ones(len(self.counts)))
        only = self.per_theme(self.counts == self.sizes[self.clusters])
        return within, len(self.sizes) - only

    def squares(self, sums: np.ndarray, on_sums: np.ndarray, on_sizes: np.ndarray, told: np.ndarray) -> np.ndarray:
        """Return, for each theme, the sum over all clusters of the square of a value.

        The value of a cluster without the theme is `on_sums` times its sum and `on_sizes` times its size; that of a
        cluster with it is `told`, by cell. Where the sums are whole numbers, so are all that are taken from each other.

        Parameters
        ----------
        sums
            A sum for each cluster.
        on_sums, on_sizes
            A factor for each theme.
        told
            A value for each cell.
        """
        own_sums, own_sizes = sums[self.clusters], self.sizes[self.clusters]
        square, product, size = (total - self.per_theme(own) for total, own in (
            (sums @ sums, own_sums**2), (sums @ self.sizes, own_sums * own_sizes),
            (self.sizes @ self.sizes, own_sizes**2)))
        without = on_sums**2 * square + 2 * on_sums * on_sizes * product + on_sizes**2 * size
        return np.asarray(np.maximum(without, 0.0) + self.per_theme(told**2))


def membership(feedback_ids: pd.Series, members: pd.DataFrame) -> tuple[np.ndarray, sp.csr_array]:
    """Return the themes that comments speak of, and a row a comment, a column a theme: 1.0 where it does.

    Examples
    --------
    >>> members = pd.DataFrame({"feedback_id": ["a", "b", "b"], "theme_id": [0, 0, 4]})
    >>> themes, spoken = membership(pd.Series(["b", "c"]), members)
    >>> themes.tolist(), spoken.toarray().tolist()
    ([0, 4], [[1.0, 1.0], [0.0, 0.0]])
    """
    from scipy.sparse import csr_array

    rows = pd.Index(feedback_ids).get_indexer(members["feedback_id"])
    here = rows >= 0
    themes, columns = np.unique(members["theme_id"].to_numpy(dtype=np.int64)[here], return_inverse=True)
    spoken = csr_array((np.ones(int(here.sum())), (rows[here], columns)), shape=(len(feedback_ids), len(themes)))
    spoken.sum_duplicates()
    spoken.data[:] = 1.0
    return themes, spoken


def gather(matrix: sp.csr_array | np.ndarray, groups: np.ndarray | None = None) -> Incidence:
    """Return the incidence of comments by themes with their clusters; without `groups`, each comment is its own.

    Parameters
    ----------
    matrix
        As `membership` makes it, or the same as a plain array of 0 and 1.
    groups
        The number of each comment's cluster, from 0 without gaps.

    Examples
    --------
    >>> spoken = gather(np.array([[1, 0], [1, 1], [0, 0]]), np.array([0, 0, 1]))
    >>> spoken.counts.tolist(), spoken.theme_sizes.tolist(), spoken.clusters_beside()[1].tolist()
    ([2.0, 1.0], [2.0, 1.0], [1.0, 2.0])
    """
    from scipy.sparse import csr_array

    matrix = csr_array(matrix, dtype=np.float64)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    groups = np.arange(matrix.shape[0]) if groups is None else groups
    sizes = np.bincount(groups).astype(float)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    key = groups[rows].astype(np.int64) * max(matrix.shape[1], 1) + matrix.indices
    distinct, cells = np.unique(key, return_inverse=True)
    clusters, themes = np.divmod(distinct, max(matrix.shape[1], 1))
    counts = np.bincount(cells, minlength=len(distinct)).astype(float)
    return Incidence(matrix, groups, sizes, rows, cells, themes, clusters, counts)

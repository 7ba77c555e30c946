"""Neighbours after few rows have changed: only what those rows can change is compared again."""

from __future__ import annotations

import numpy as np

from workbench.themes.neighbours import EXACT_UP_TO, fill_neighbours, nearest_neighbours
from workbench.themes.whole_numbers import ONE, in_steps

_WORTH = 0.2  # of the rows: with more to be searched anew, all are
_MARGIN = 4.0  # of whole numbers, by more than which a similarity in single precision is not off


def update_neighbours(vectors: np.ndarray, order: np.ndarray, known: np.ndarray, cosine: np.ndarray, new: np.ndarray
                      ) -> tuple[np.ndarray, np.ndarray]:
    """Return what `nearest_neighbours` returns, of rows most of which had neighbours before.

    A row that had neighbours keeps them but for those that a new row is nearer than. What is new, and what has lost a
    neighbour, is compared with all rows.

    Parameters
    ----------
    vectors
        Unit-length rows, shape ``(n, d)``; at most `EXACT_UP_TO`, for beyond not all pairs are compared.
    order
        Places of rows, as for `nearest_neighbours`; rows that were there before are in the order of then.
    known
        Earlier neighbours of ``vectors[order]``, nearest first, as positions in it, shape ``(n, count)``; -1 for one
        that there was not, or that is gone.
    cosine
        Their similarities.
    new
        Boolean, shape ``(n,)``: rows that were not there before, or were others. They are nobody's known neighbours.

    Returns
    -------
    indices, similarities
        Both of shape ``(n, count)``, nearest first.

    Examples
    --------
    >>> vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.8, 0.6], [0.6, 0.8], [1.0, 0.0]], dtype=np.float32)
    >>> known, cosine = nearest_neighbours(vectors[:4], 1)
    >>> known, cosine = np.vstack([known, [[-1]]]), np.vstack([cosine, [[0]]])
    >>> update_neighbours(vectors, np.arange(5), known, cosine, np.arange(5) == 4)[0].ravel().tolist()
    [4, 3, 3, 2, 0]
    """
    count = known.shape[1]
    anew = new | (known < 0).any(axis=1)
    if len(order) > EXACT_UP_TO or anew.mean() > _WORTH or count >= len(order):
        return nearest_neighbours(vectors, count, order=order)
    steps = in_steps(vectors, np.int16, order)
    indices, similarities = known.astype(np.int32), cosine.astype(np.float32)
    fill_neighbours(indices, similarities, steps, np.flatnonzero(anew), np.arange(len(order)))
    kept, added = np.flatnonzero(~anew), np.flatnonzero(new)
    beside = steps[added].astype(np.float32).T
    for start in range(0, len(kept), 1024):
        _let_in(indices, similarities, kept[start : start + 1024], added, steps, beside)
    return indices, similarities


def _let_in(indices: np.ndarray, similarities: np.ndarray, rows: np.ndarray, added: np.ndarray, steps: np.ndarray,
            beside: np.ndarray) -> None:
    """Put added rows among the neighbours of some rows where they are near enough; ties go to the earlier row."""
    count = indices.shape[1]
    near = steps[rows].astype(np.float32) @ beside
    some = (near >= similarities[rows, -1:] * ONE - _MARGIN).any(axis=1)
    rows = rows[some]
    own = steps[rows].astype(np.float32)[:, None, :]
    old = np.matmul(own, steps[indices[rows]].astype(np.float32).transpose(0, 2, 1))[:, 0]
    values = np.hstack([old, near[some]])
    places = np.hstack([indices[rows], np.broadcast_to(added.astype(np.int32), (len(rows), len(added)))])
    best = np.lexsort((places, -values), axis=1)[:, :count]
    indices[rows] = np.take_along_axis(places, best, axis=1)
    similarities[rows] = np.take_along_axis(values, best, axis=1) / ONE

"""The nearest-neighbour graph over statements."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from workbench.themes.all_pairs import MOST, compare_all
from workbench.themes.in_cells import compare_in_cells
from workbench.themes.whole_numbers import ONE, in_steps

EXACT_UP_TO = 30_000
_BLOCK = 1024
_ROOM = 2**23  # pairs that are compared at once, at most; sorting out those that tie takes three times their room
_FOLD = 16


def nearest_neighbours(vectors: np.ndarray, count: int, exact_up_to: int = EXACT_UP_TO,
                       order: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's nearest other rows by cosine, and the similarities.

    Up to `exact_up_to` rows all pairs are compared, each once. Beyond, rows are sorted into cells of about
    400 by k-means, and those of a cell are compared with all rows of the 32 nearest cells: time then grows with
    the number of rows, no longer with its square. Similarities are sums of whole numbers, so that no machine, thread
    count or block size changes their last bit; ties go to the earlier row.

    Parameters
    ----------
    vectors
        Unit-length rows, shape ``(n, d)``.
    count
        Neighbours a row; fewer where there are not so many rows.
    exact_up_to
        Number of rows up to which all pairs are compared.
    order
        Places of rows: neighbours are searched among ``vectors[order]``, of which no copy is made.

    Returns
    -------
    indices, similarities
        Both of shape ``(n, min(count, n - 1))``, nearest first.

    Notes
    -----
    Memory: of all pairs, 2,048 rows by 2,048 at a time, and a million candidates or what one such block adds; of cells,
    1,024 rows by what 32 cells hold at a time, and 8 million pairs at most; and the result.

    Source of the cells: Sivic and Zisserman (2003), Video Google (inverted file); Jegou, Douze and Schmid (2011).

    Examples
    --------
    >>> indices, similarities = nearest_neighbours(np.eye(3, dtype=np.float32)[[0, 0, 1]], 1)
    >>> indices.ravel().tolist(), similarities.ravel().tolist()
    ([1, 0, 0], [1.0, 1.0, 0.0])
    """
    rows = len(vectors)
    count = max(min(count, rows - 1), 0)
    steps = in_steps(vectors, np.int16, order)
    return compare_all(steps, count) if rows <= min(exact_up_to, MOST) else compare_in_cells(steps, count)


def fill_neighbours(indices: np.ndarray, similarities: np.ndarray, steps: np.ndarray, own: np.ndarray,
                    others: np.ndarray) -> None:
    """Write the neighbours of some rows among others into the results, in their place.

    Parameters
    ----------
    indices, similarities
        Of all rows, shape ``(n, count)``.
    steps
        All rows, as `in_steps` returns them.
    own
        Places of the rows whose neighbours are searched.
    others
        Places of the rows among which they are searched, ascending; `own` are among them.

    Examples
    --------
    >>> indices, similarities = np.zeros((3, 1), dtype=np.int32), np.zeros((3, 1), dtype=np.float32)
    >>> fill_neighbours(indices, similarities, in_steps(np.eye(3)[[0, 0, 1]]), np.array([0, 1]), np.arange(3))
    >>> indices.ravel().tolist(), similarities.ravel().tolist()
    ([1, 0, 0], [1.0, 1.0, 0.0])
    """
    others_steps = steps[others].astype(np.float32)
    height = max(min(_BLOCK, len(own), _ROOM // max(len(others), 1)), 1)
    room = np.empty((height, len(others)), dtype=np.float32)  # fresh pages for each block cost time
    for start in range(0, len(own), height):
        part = own[start : start + height]
        block = np.matmul(steps[part].astype(np.float32), others_steps.T, out=room[: len(part)])
        block[np.arange(len(part)), np.searchsorted(others, part)] = -2 * ONE
        nearest = _top(block, indices.shape[1])
        indices[part] = others[nearest]
        similarities[part] = np.take_along_axis(block, nearest, axis=1) / ONE


def _top(block: np.ndarray, count: int) -> np.ndarray:
    """Return the `count` largest of each row, largest first, ties by position.

    Of a wide block the columns are folded into groups of 16 first: the largest of a row are all in the `count` groups
    with the largest maxima, unless groups tie there.
    """
    if count == 0:
        return np.zeros((len(block), 0), dtype=np.int64)
    groups = block.shape[1] // _FOLD
    if groups < 4 * count:
        return _top_of_all(block, count)
    folded = block[:, :groups].copy()
    for start in range(groups, _FOLD * groups, groups):
        np.maximum(folded, block[:, start : start + groups], out=folded)
    best = np.argpartition(folded, -count, axis=1)[:, -count:]
    torn = _tied(folded, np.take_along_axis(folded, best, axis=1))
    rest = np.broadcast_to(np.arange(_FOLD * groups, block.shape[1]), (len(block), block.shape[1] - _FOLD * groups))
    places = np.hstack([*(best + start for start in range(0, _FOLD * groups, groups)), rest])
    values = np.take_along_axis(block, places, axis=1)
    largest = np.argpartition(values, -count, axis=1)[:, -count:]
    torn |= _tied(values, np.take_along_axis(values, largest, axis=1))
    indices = np.take_along_axis(places, largest, axis=1)
    indices[torn] = _top_of_all(block[torn], count)
    return _in_order(block, indices)


def _top_of_all(block: np.ndarray, count: int) -> np.ndarray:
    indices = np.argpartition(block, -count, axis=1)[:, -count:]
    values = np.take_along_axis(block, indices, axis=1)
    for row in np.flatnonzero(_tied(block, values)):  # the earliest stay
        edge = values[row].min()
        above = np.flatnonzero(block[row] > edge)
        level = np.flatnonzero(block[row] == edge)
        indices[row] = np.concatenate([above, level])[:count]
    return _in_order(block, indices)


def _tied(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return in which rows more values equal the least chosen one than there was room for."""
    edge = chosen.min(axis=1, keepdims=True)
    return np.asarray((values == edge).sum(axis=1) > (chosen == edge).sum(axis=1))


def _in_order(block: np.ndarray, indices: np.ndarray) -> np.ndarray:
    values = np.take_along_axis(block, indices, axis=1)
    return np.take_along_axis(indices, np.lexsort((indices, -values), axis=1), axis=1)


def fuzzy_graph(indices: np.ndarray, similarities: np.ndarray) -> sp.csr_matrix:
    """Return a symmetric graph whose weights say how near two rows are, as seen from both.

    Each row's distances are scaled by its own neighbourhood, so that dense and sparse regions weigh alike; the
    two directions are joined as the probability that either holds (fuzzy union).

    Source: McInnes, Healy and Melville (2018), UMAP, section 3.1, with the mean distance in place of the
    searched bandwidth.

    Examples
    --------
    >>> graph = fuzzy_graph(np.array([[1], [0]]), np.array([[0.9], [0.9]]))
    >>> graph.toarray().tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    rows, count = indices.shape
    distances = np.maximum(1.0 - similarities.astype(np.float64), 0.0)
    beyond = distances - distances[:, :1] if count else distances
    scale = beyond.mean(axis=1, keepdims=True) + 1e-6 if count else 1.0
    weights = np.exp(-beyond / scale)
    graph = sp.csr_matrix((weights.ravel(), indices.ravel(), np.arange(rows + 1) * count), shape=(rows, rows))
    graph.sort_indices()
    other = graph.T.tocsr()
    both = graph.multiply(other).tocsr()
    graph = graph + other
    del other
    return sp.csr_matrix(graph - both)

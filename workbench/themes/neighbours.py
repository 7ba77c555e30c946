"""The nearest-neighbour graph over statements."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

_BLOCK = 1024
_STEPS = 100_000.0  # similarities are compared in steps of a hundred-thousandth


def nearest_neighbours(vectors: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's nearest other rows by cosine, and the similarities.

    Exact. Similarities are rounded to five decimals and ties go to the earlier row, so that the last bit of a
    floating-point sum decides nothing.

    Parameters
    ----------
    vectors
        Unit-length rows, shape ``(n, d)``.
    count
        Neighbours a row; fewer where there are not so many rows.

    Returns
    -------
    indices, similarities
        Both of shape ``(n, min(count, n - 1))``, nearest first.

    Examples
    --------
    >>> indices, similarities = nearest_neighbours(np.eye(3, dtype=np.float32)[[0, 0, 1]], 1)
    >>> indices.ravel().tolist(), similarities.ravel().tolist()
    ([1, 0, 0], [1.0, 1.0, 0.0])
    """
    rows = len(vectors)
    count = max(min(count, rows - 1), 0)
    indices = np.zeros((rows, count), dtype=np.int64)
    similarities = np.zeros((rows, count), dtype=np.float32)
    for start in range(0, rows, _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        np.rint(np.multiply(block, _STEPS, out=block), out=block)
        own = np.arange(len(block))
        block[own, own + start] = -2.0 * _STEPS
        nearest = _top(block, count)
        indices[start : start + _BLOCK] = nearest
        similarities[start : start + _BLOCK] = np.take_along_axis(block, nearest, axis=1) / _STEPS
    return indices, similarities


def _top(block: np.ndarray, count: int) -> np.ndarray:
    """Return the `count` largest of each row, largest first, ties by position."""
    if count == 0:
        return np.zeros((len(block), 0), dtype=np.int64)
    indices = np.argpartition(block, -count, axis=1)[:, -count:]
    values = np.take_along_axis(block, indices, axis=1)
    edge = values.min(axis=1, keepdims=True)
    torn = (block == edge).sum(axis=1) > (values == edge).sum(axis=1)
    for row in np.flatnonzero(torn):  # more rows equal the last value than there is room for: the earliest stay
        above = np.flatnonzero(block[row] > edge[row])
        level = np.flatnonzero(block[row] == edge[row])
        indices[row] = np.concatenate([above, level])[:count]
    values = np.take_along_axis(block, indices, axis=1)
    order = np.lexsort((indices, -values), axis=1)
    return np.take_along_axis(indices, order, axis=1)


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
    graph = sp.csr_matrix(
        (weights.ravel(), (np.repeat(np.arange(rows), count), indices.ravel())), shape=(rows, rows)
    )
    joined = graph + graph.T - graph.multiply(graph.T)
    return sp.csr_matrix(joined)

"""Communities of the neighbour graph: what becomes a theme."""

from __future__ import annotations

import random

import numpy as np
import scipy.sparse as sp

_RUNS = 5
_SHARE_LEFT_OUT = 0.2


def communities(graph: sp.csr_matrix, resolution: float, seed: int = 0) -> np.ndarray:
    """Return the community of each row, found by the Leiden method.

    Parameters
    ----------
    graph
        Symmetric weights, shape ``(n, n)``.
    resolution
        Higher gives more and smaller communities; 1 is modularity.
    seed
        Decides the order of visits.

    Returns
    -------
    numpy.ndarray
        int64, shape ``(n,)``, numbered from 0.

    Notes
    -----
    Source: Traag, Waltman and van Eck (2019), From Louvain to Leiden.

    Examples
    --------
    >>> two_pairs = sp.csr_matrix(np.kron(np.eye(2), np.array([[0.0, 1.0], [1.0, 0.0]])))
    >>> communities(two_pairs, resolution=1.0).tolist()
    [0, 0, 1, 1]
    """
    import igraph

    upper = sp.triu(graph, k=1).tocoo()
    network = igraph.Graph(n=graph.shape[0], edges=np.column_stack([upper.row, upper.col]))
    igraph.set_random_number_generator(random.Random(seed))
    try:
        found = network.community_leiden(
            objective_function="modularity", weights=upper.data.tolist(), resolution=resolution, n_iterations=-1
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(found.membership, dtype=np.int64)


def survival(graph: sp.csr_matrix, resolution: float, seed: int = 0) -> float:
    """Return how well the partition survives leaving rows out, from 0 (as by chance) to 1 (unchanged).

    The graph is partitioned five times with a fifth of its rows left out; survival is the mean adjusted Rand
    index between those partitions and the whole one, on the rows they share. No labels are used.

    Examples
    --------
    >>> blocks = sp.csr_matrix(np.kron(np.eye(3), np.ones((20, 20)) - np.eye(20)))
    >>> survival(blocks, resolution=1.0)
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    whole = communities(graph, resolution, seed)
    agreements = []
    for run in range(_RUNS):
        kept = _sample(graph.shape[0], seed + run)
        part = communities(sp.csr_matrix(graph[kept][:, kept]), resolution, seed + run)
        agreements.append(adjusted_rand_score(whole[kept], part))
    return round(float(np.mean(agreements)), 4)


def _sample(rows: int, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return np.sort(generator.choice(rows, size=max(1, round(rows * (1 - _SHARE_LEFT_OUT))), replace=False))

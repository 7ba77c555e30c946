"""Communities of the neighbour graph: what becomes a theme."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

_RUNS = 5
_VOTES, _DISAGREED = 8, 0.05
_SHARE_LEFT_OUT = 0.2


def communities(graph: sp.csr_matrix, resolution: float, seed: int = 0) -> np.ndarray:
    """Return the community of each row: Leiden on a graph whose edges several runs agree on.

    One Leiden run decides near-ties by the order of its visits. Here eight quick runs come first; an edge whose
    ends they put together keeps its weight, one whose ends they part loses nearly all of it. The last run then
    follows what the runs agree on.

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
    Sources: Traag, Waltman and van Eck (2019), From Louvain to Leiden; Poulin and Theberge (2019), Ensemble
    clustering for graphs.

    Examples
    --------
    >>> two_pairs = sp.csr_matrix(np.kron(np.eye(2), np.array([[0.0, 1.0], [1.0, 0.0]])))
    >>> communities(two_pairs, resolution=1.0).tolist()
    [0, 0, 1, 1]
    """
    import igraph

    upper = sp.triu(graph, k=1).tocoo()
    network = igraph.Graph(n=graph.shape[0], edges=np.column_stack([upper.row, upper.col]))
    together = np.zeros(len(upper.data))
    for run in range(_VOTES):
        part = _leiden(network, upper.data, resolution, seed * _VOTES + run, iterations=2)
        together += part[upper.row] == part[upper.col]
    agreed = upper.data * (_DISAGREED + (1 - _DISAGREED) * together / _VOTES)
    return _leiden(network, agreed, resolution, seed, iterations=-1)


def _leiden(network: Any, weights: np.ndarray, resolution: float, seed: int, iterations: int) -> np.ndarray:
    import igraph

    igraph.set_random_number_generator(random.Random(seed))
    try:
        found = network.community_leiden(objective_function="modularity", weights=weights.tolist(),
                                         resolution=resolution, n_iterations=iterations)
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(found.membership, dtype=np.int64)


def resample(graph: sp.csr_matrix, resolution: float, seed: int = 0, groups: np.ndarray | None = None
             ) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return five partitions, each without a fifth of the rows: which rows were kept, and their communities.

    Rows of one group (the statements of a comment) are kept or left out together. The rows are cut out of the
    graph, which is not built anew: what is measured is how much a theme hangs on single comments.

    Examples
    --------
    >>> blocks = sp.csr_matrix(np.kron(np.eye(3), np.ones((20, 20)) - np.eye(20)))
    >>> [(len(kept), len(set(part))) for kept, part in resample(blocks, resolution=1.0)]
    [(48, 3), (48, 3), (48, 3), (48, 3), (48, 3)]
    """
    samples = []
    for run in range(_RUNS):
        generator = np.random.default_rng(seed + run)
        codes = np.arange(graph.shape[0]) if groups is None else pd.factorize(groups, sort=True)[0]
        count = int(codes.max(initial=-1)) + 1
        chosen = generator.choice(count, size=max(1, round(count * (1 - _SHARE_LEFT_OUT))), replace=False)
        kept = np.flatnonzero(np.isin(codes, chosen))
        samples.append((kept, communities(sp.csr_matrix(graph[kept][:, kept]), resolution, seed + run)))
    return samples


def survival(labels: np.ndarray, samples: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return how well a partition survives leaving rows out: 0 as by chance, 1 unchanged.

    The mean adjusted Rand index between it and the partitions of `resample`, on the rows they share. No labels
    given by people are used.

    Examples
    --------
    >>> survival(np.array([0, 0, 1, 1]), [(np.array([0, 1, 2]), np.array([5, 5, 7]))])
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    return round(float(np.mean([adjusted_rand_score(labels[kept], part) for kept, part in samples])), 4)


def persistence(labels: np.ndarray, samples: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return, for each label, how much of it is found again when rows are left out, 0 to 1.

    The mean over resamples of the largest Jaccard overlap between its rows and a community. Below 0.5 a theme is
    usually dissolved by leaving a fifth of the rows out.

    Source: Hennig (2007), Cluster-wise assessment of cluster stability.

    Examples
    --------
    >>> persistence(np.array([0, 0, 1, 1]), [(np.array([0, 1, 2, 3]), np.array([5, 5, 5, 7]))]).round(2).tolist()
    [0.67, 0.5]
    """
    count = int(labels.max(initial=-1)) + 1
    found = np.zeros((len(samples), count))
    for row, (kept, part) in enumerate(samples):
        own = labels[kept]
        both = np.zeros((count, int(part.max(initial=-1)) + 1))
        np.add.at(both, (own[own >= 0], part[own >= 0]), 1)
        sizes = np.bincount(own[own >= 0], minlength=count)[:, None] + np.bincount(part)[None, :]
        found[row] = (both / np.maximum(sizes - both, 1)).max(axis=1, initial=0.0)
    return found.mean(axis=0)

"""Communities of the neighbour graph: what becomes a theme."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.themes.many import Many, in_turn

RUNS = 5
_VOTES, _VOTES_OF_CORES, _DISAGREED = 6, 8, 0.05
_SHARE_LEFT_OUT = 0.2
_EDGES_AT_ONCE = 65_536
_MOST_ITERATIONS = 50  # three or four are enough where rounding decides nothing


def communities(graph: sp.csr_matrix | Network, resolution: float, seed: int = 0, votes: int = _VOTES,
                many: Many = in_turn) -> np.ndarray:
    """Return the community of each row: Leiden on what several runs agree on.

    One Leiden run decides near-ties by the order of its visits. Here a few quick runs come first. What all of them put
    together is a core, and stays together: from there on cores are the nodes, of which there are a tenth as many. A few
    more runs are made on them; an edge whose ends these put together keeps its weight, one whose ends they part loses
    nearly all of it. The last run then follows what the runs agree on.

    Parameters
    ----------
    graph
        Symmetric weights, shape ``(n, n)``, or the network of them.
    resolution
        Higher gives more and smaller communities; 1 is modularity.
    seed
        Decides the order of visits.
    votes
        Quick runs on all rows, one at least.
    many
        Who does these; they are the same whoever does them.

    Returns
    -------
    numpy.ndarray
        int64, shape ``(n,)``, numbered from 0.

    Notes
    -----
    Sources: Traag, Waltman and van Eck (2019), From Louvain to Leiden; Ovelgoenne and Geyer-Schulz (2013), An ensemble
    learning strategy for graph clustering (cores); Poulin and Theberge (2019), Ensemble clustering for graphs (edges).

    Examples
    --------
    >>> two_pairs = sp.csr_matrix(np.kron(np.eye(2), np.array([[0.0, 1.0], [1.0, 0.0]])))
    >>> communities(two_pairs, resolution=1.0).tolist()
    [0, 0, 1, 1]
    """
    network = as_network(graph)
    together = np.ones(len(network.weights), dtype=bool)
    for part in quick_runs(network, [(resolution, seed * votes + vote) for vote in range(votes)], many):
        together &= part[network.ends[0]] == part[network.ends[1]]
    core = _connected(network, together)
    small = contract(network, core)
    share = np.zeros(len(small.weights))
    for part in quick_runs(small, [(resolution, vote) for vote in range(_VOTES_OF_CORES)], in_turn):
        share += (part[small.ends[0]] == part[small.ends[1]]) / _VOTES_OF_CORES
    agreed = small.weights * (_DISAGREED + (1 - _DISAGREED) * share)
    return leiden(small._replace(weights=agreed), resolution, seed, iterations=-1)[core]


def _connected(network: Network, chosen: np.ndarray) -> np.ndarray:
    """Return the number of the group of each node that some of the edges connect, in the order of the nodes."""
    from scipy.sparse.csgraph import connected_components

    count = network.graph.vcount()
    edges = sp.coo_matrix((np.ones(int(chosen.sum())), network.ends[:, chosen]), shape=(count, count))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)


class Network(NamedTuple):
    """A graph as igraph wants it, and the two ends and weight of each edge, ascending by ends.

    ``within`` is the weight of the edges that lie within each node, none where nodes are single rows. Another process
    is sent all but the graph, and makes it of them: once, if it is sent the same again and again.
    """

    graph: Any
    ends: np.ndarray
    weights: np.ndarray
    within: np.ndarray

    def degrees(self) -> np.ndarray:
        """Return the weight of all that is tied to each node; an edge within it is tied to it with both ends."""
        both = np.bincount(self.ends.ravel(), np.tile(self.weights, 2), len(self.within))
        return np.asarray(both + 2 * self.within)

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (self.ends.dtype.str, *(part.tobytes() for part in (self.ends, self.weights, self.within)))


@lru_cache(maxsize=1)
def _received(kind: str, ends: bytes, weights: bytes, within: bytes) -> Network:
    return _network(np.frombuffer(ends, kind).reshape(2, -1), np.frombuffer(weights), np.frombuffer(within))


def _network(ends: np.ndarray, weights: np.ndarray, within: np.ndarray) -> Network:
    """Return the network of these edges; igraph reads pairs five times as fast as rows of an array."""
    import igraph

    starts = range(0, ends.shape[1], _EDGES_AT_ONCE)
    pairs = chain.from_iterable(zip(*ends[:, at:at + _EDGES_AT_ONCE].tolist(), strict=True) for at in starts)
    return Network(igraph.Graph(n=len(within), edges=pairs), ends, weights, within)


def as_network(graph: sp.csr_matrix | Network) -> Network:
    """Return what Leiden runs on; making it of weights takes as long as a run, so it is made once.

    Examples
    --------
    >>> as_network(sp.csr_matrix(np.array([[0.0, 0.5], [0.5, 0.0]]))).weights.tolist()
    [0.5]
    """
    if isinstance(graph, Network):
        return graph
    upper = sp.triu(graph, k=1).tocoo()
    return _network(np.stack([upper.row, upper.col]), upper.data, np.zeros(graph.shape[0]))


def contract(network: Network, groups: np.ndarray) -> Network:
    """Return the network whose nodes are groups of nodes; what joins two groups is one edge.

    Communities of it are as good as the same communities of the rows: what lies within a node counts on.

    Examples
    --------
    >>> line = as_network(sp.csr_matrix(np.array([[0, 1, 0], [1, 0, 2], [0, 2, 0]], dtype=float)))
    >>> small = contract(line, np.array([0, 0, 1]))
    >>> small.weights.tolist(), small.within.tolist(), small.degrees().tolist()
    ([2.0], [1.0, 0.0], [4.0, 2.0])
    """
    count = int(groups.max(initial=-1)) + 1
    first, second = np.sort(groups[network.ends], axis=0)
    inside = first == second
    within = np.bincount(groups, network.within, count)
    within += np.bincount(first[inside], network.weights[inside], count)
    pairs, place = np.unique(first[~inside] * np.int64(count) + second[~inside], return_inverse=True)
    weights = np.bincount(place, network.weights[~inside], len(pairs))
    return _network(np.stack(np.divmod(pairs, max(count, 1))), weights, within)


def cut_out(network: Network, nodes: np.ndarray) -> Network:
    """Return the network of some nodes, ascending, as if it had been made of them alone.

    Examples
    --------
    >>> triangle = as_network(sp.csr_matrix(np.array([[0, 1, 2], [1, 0, 3], [2, 3, 0]], dtype=float)))
    >>> cut_out(triangle, np.array([0, 2])).weights.tolist()
    [2.0]
    """
    inside = np.zeros(network.graph.vcount(), dtype=bool)
    inside[nodes] = True
    kept = inside[network.ends].all(axis=0)
    ends = (np.cumsum(inside) - 1)[network.ends[:, kept]]
    graph = network.graph.induced_subgraph(nodes.tolist(), implementation="copy_and_delete")
    return Network(graph, ends, network.weights[kept], network.within[nodes])


def leiden(network: Network, resolution: float, seed: int, iterations: int = 2) -> np.ndarray:
    """Return the communities of one run, quick where it has few iterations; -1: until nothing moves, at most fifty.

    igraph by itself would go on for ever where nodes move to and fro between places that differ by rounding alone.

    Examples
    --------
    >>> leiden(as_network(sp.csr_matrix(np.kron(np.eye(2), 1 - np.eye(3)))), 1.0, seed=0).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    import igraph

    weights = array("d", network.weights.tobytes())  # a list of them takes four times the room
    degrees = network.degrees()
    igraph.set_random_number_generator(random.Random(seed))
    run = partial(  # modularity: igraph by itself leaves out what lies within a node
        network.graph.community_leiden, objective_function="CPM", weights=weights, node_weights=degrees.tolist(),
        resolution=resolution / max(degrees.sum(), 1e-9))
    try:
        if iterations >= 0:
            return np.asarray(run(n_iterations=iterations).membership, dtype=np.int64)
        before: list[int] | None = None
        for _ in range(_MOST_ITERATIONS):
            found = run(n_iterations=1, initial_membership=before).membership
            if before is not None and len(set(zip(before, found, strict=True))) == len(set(before)) == len(set(found)):
                break
            before = found
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(found, dtype=np.int64)


def quick_runs(network: Network, runs: list[tuple[float, int]], many: Many, iterations: int = 2
               ) -> Iterable[np.ndarray]:
    """Return the communities of quick runs, one for each resolution and seed, whoever makes them.

    Examples
    --------
    >>> pair = as_network(sp.csr_matrix(np.array([[0.0, 1.0], [1.0, 0.0]])))
    >>> [part.tolist() for part in quick_runs(pair, [(1.0, 0), (1.0, 1)], in_turn)]
    [[0, 0], [0, 0]]
    """
    return many(_quick_run, runs, network, iterations)


def _quick_run(resolution: float, seed: int, network: Network, iterations: int) -> np.ndarray:
    return leiden(network, resolution, seed, iterations)


def resample(graph: sp.csr_matrix, resolution: float, seed: int = 0, groups: np.ndarray | None = None
             ) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return five partitions, each without a fifth of the rows: which rows were kept, and their communities.

    The rows are cut out of the graph, which is not built anew: what is measured is how much a theme hangs on single
    comments.

    Examples
    --------
    >>> blocks = sp.csr_matrix(np.kron(np.eye(3), np.ones((20, 20)) - np.eye(20)))
    >>> [(len(kept), len(set(part))) for kept, part in resample(blocks, resolution=1.0)]
    [(48, 3), (48, 3), (48, 3), (48, 3), (48, 3)]
    """
    network = as_network(graph)

    def find(kept: np.ndarray, run: int) -> np.ndarray:
        return communities(cut_out(network, kept), resolution, run)

    return leave_out(graph.shape[0], find, seed, groups)


def leave_out(count: int, find: Callable[[np.ndarray, int], np.ndarray], seed: int = 0,
              groups: np.ndarray | None = None, runs: int = RUNS, many: Many = in_turn
              ) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return what is found without a fifth of the rows, several times: the rows kept, and their labels.

    Rows of one group (the statements of a comment) are kept or left out together.

    Parameters
    ----------
    count
        Number of rows.
    find
        From positions of rows and a seed to their labels; one that cannot be pickled is asked in this process.
    many
        Who asks it.

    Examples
    --------
    >>> [len(kept) for kept, _ in leave_out(10, lambda rows, seed: rows % 2, runs=2)]
    [8, 8]
    """
    codes = np.arange(count) if groups is None else pd.factorize(groups, sort=True)[0]
    number = int(codes.max(initial=-1)) + 1
    samples = []
    for run in range(runs):
        generator = np.random.default_rng(seed + run)
        chosen = generator.choice(number, size=max(1, round(number * (1 - _SHARE_LEFT_OUT))), replace=False)
        samples.append((np.flatnonzero(np.isin(codes, chosen)), seed + run))
    found = many(find, samples)
    return [(kept, part) for (kept, _), part in zip(samples, found, strict=True)]


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
        inside = (own >= 0) & (part >= 0)
        np.add.at(both, (own[inside], part[inside]), 1)
        theirs = np.bincount(part[part >= 0], minlength=both.shape[1])
        sizes = np.bincount(own[own >= 0], minlength=count)[:, None] + theirs[None, :]
        found[row] = (both / np.maximum(sizes - both, 1)).max(axis=1, initial=0.0)
    return found.mean(axis=0)

"""The ways to find themes, behind one interface: from rows and a seed to a label for each of the rows."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.errors import InputError
from workbench.themes.communities import Network, as_network, communities, cut_out
from workbench.themes.given import Given, nearest_given
from workbench.themes.many import Many, in_turn
from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours
from workbench.themes.resolution import natural_resolution, resolution_for
from workbench.themes.whole_numbers import in_steps

Method = Literal["graph", "umap_hdbscan", "kmeans", "guided", "zero_shot", "manual"]
METHODS: tuple[str, ...] = get_args(Method)
Find = Callable[[np.ndarray, int], np.ndarray]
"""From positions of rows, ascending, and a seed to a label of each: 0, 1, 2, ..., or -1."""

_KMEANS_STARTS = 4
_UMAP = {"n_neighbors": 15, "n_components": 5, "min_dist": 0.0, "metric": "cosine"}
_SAMPLE_VOTES = 2


@dataclass(frozen=True)
class Wanted:
    """How themes are to be found.

    ``count`` is about how many themes (graph, guided, zero_shot) or just how many (kmeans); ``match`` the least
    similarity to a word or example of a given theme, None for the one of `background`.
    """

    method: Method = "graph"
    resolution: float | Literal["auto"] = "auto"
    count: int | None = None
    minimum_size: int = 8
    neighbours: int = 20
    seed: int = 0
    given: Given | None = None
    match: float | None = None

    def __post_init__(self) -> None:
        """Say what is missing."""
        if self.method not in METHODS:
            raise InputError(f"there is no method {self.method!r} for themes; there are {', '.join(METHODS)}.")
        if self.method == "kmeans" and self.count is None:
            raise InputError("the method kmeans needs to be told how many themes: give count.")
        if self.method in ("guided", "zero_shot", "manual") and self.given is None:
            raise InputError(f"the method {self.method} needs given themes, and there are none.")


@dataclass(frozen=True)
class Finder:
    """A way to find themes in some points: ``find``, the resolution where there is one, and how many are given."""

    find: Find
    resolution: float | None = None
    given: int = 0


def make_finder(points: np.ndarray, wanted: Wanted, count_themes: Callable[[np.ndarray], int],
                many: Many = in_turn, comments: np.ndarray | None = None) -> Finder:
    """Return the way to find themes that is wanted.

    Parameters
    ----------
    points
        Unit length, one a distinct text.
    wanted
        The settings.
    count_themes
        How many themes a partition comes to, once small communities are given away.
    many
        Who runs what is run several times on a graph.
    comments
        The comment of each point; each its own by default.

    Examples
    --------
    >>> points = np.repeat(np.eye(2), 9, axis=0)
    >>> finder = make_finder(points, Wanted("kmeans", count=2), lambda part: 2)
    >>> len(set(finder.find(np.arange(18), 0)))
    2
    """
    if wanted.method == "kmeans":
        return Finder(lambda rows, seed: _kmeans(points[rows], wanted.count or 1, seed))
    if wanted.method == "umap_hdbscan":
        return Finder(lambda rows, seed: _umap_hdbscan(points[rows], seed))
    whose = np.arange(len(points)) if comments is None else pd.factorize(comments)[0]
    if wanted.method == "zero_shot" and wanted.given is not None:
        return _zero_shot(points, wanted, wanted.given, count_themes, whose, many)
    return _communities(points, wanted, count_themes, whose, many)


def _communities(points: np.ndarray, wanted: Wanted, count_themes: Callable[[np.ndarray], int], whose: np.ndarray,
                 many: Many) -> Finder:
    """Communities of the neighbour graph; given themes are further nodes, tied to the rows nearest to their texts."""
    graph = fuzzy_graph(*nearest_neighbours(points, wanted.neighbours))
    given = wanted.given if wanted.method == "guided" else None
    number = len(given.names) if given is not None else 0
    if given is not None:
        graph = _tie(graph, points, given, wanted)
    rows, network = len(points), as_network(graph)
    del graph  # the network holds all of it
    whose = np.concatenate([whose, len(whose) + np.arange(number)])
    resolution = _resolution(network, wanted, lambda part: count_themes(part[:rows]), whose, many)
    return Finder(_FindCommunities(network, resolution, rows, many), resolution, number)


@dataclass(frozen=True)
class _FindCommunities:
    """A `Find` that other processes can be sent: communities of the rows, of which the nodes that follow are none.

    Runs on the whole network are for `many`; those on some of the rows are for whoever asks, who is one of several.
    """

    network: Network
    resolution: float
    rows: int
    many: Many

    def __call__(self, chosen: np.ndarray, seed: int) -> np.ndarray:
        if len(chosen) == self.rows:
            part = communities(self.network, self.resolution, seed, many=self.many)
        else:
            nodes = np.concatenate([chosen, np.arange(self.rows, self.network.graph.vcount())])
            part = communities(cut_out(self.network, nodes), self.resolution, seed, _SAMPLE_VOTES)
        return _given_first(part[: len(chosen)], part[len(chosen) :])


def _given_first(labels: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """Number the communities that hold a given theme by the first such theme, the rest after them."""
    if not len(anchors):
        return labels
    number = np.arange(max(labels.max(initial=0), anchors.max()) + 1) + len(anchors)
    for place in range(len(anchors) - 1, -1, -1):
        number[anchors[place]] = place
    return number[labels]


def _tie(graph: sp.csr_matrix, points: np.ndarray, given: Given, wanted: Wanted) -> sp.csr_matrix:
    """Add a node for each given theme, tied at full weight to the nearest rows that match one of its texts."""
    theme, cosine = nearest_given(points, given, wanted.match)
    order = np.lexsort((np.arange(len(points)), -cosine))
    order = order[theme[order] >= 0]
    rank = pd.Series(theme[order]).groupby(theme[order]).cumcount().to_numpy()
    near = order[rank < wanted.neighbours * 2]
    ties = sp.csr_matrix((np.full(len(near), 2.0), (near, theme[near])), shape=(len(points), len(given.names)))
    return sp.csr_matrix(sp.bmat([[graph, ties], [ties.T, None]]))


def _zero_shot(points: np.ndarray, wanted: Wanted, given: Given, count_themes: Callable[[np.ndarray], int],
               whose: np.ndarray, many: Many) -> Finder:
    """What matches a given theme is in it; communities of the rest are found beside."""
    theme, _ = nearest_given(points, given, wanted.match)
    rest = np.flatnonzero(theme < 0)
    if len(rest) < 2:
        return Finder(lambda rows, seed: theme[rows], given=len(given.names))
    beside = _communities(points[rest], wanted, lambda part: len(given.names) + count_themes(part), whose[rest],
                          many)

    def find(rows: np.ndarray, seed: int) -> np.ndarray:
        labels = theme[rows].copy()
        free = np.flatnonzero(labels < 0)
        if len(free):
            labels[free] = beside.find(np.searchsorted(rest, rows[free]), seed) + len(given.names)
        return labels

    return Finder(find, beside.resolution, len(given.names))


def _resolution(network: Network, wanted: Wanted, count_themes: Callable[[np.ndarray], int], whose: np.ndarray,
                many: Many) -> float:
    if wanted.count is not None:
        return resolution_for(network, wanted.count, count_themes, wanted.seed)
    if wanted.resolution == "auto":
        return natural_resolution(network, wanted.seed, whose, many)
    return float(wanted.resolution)


def _kmeans(points: np.ndarray, count: int, seed: int) -> np.ndarray:
    """One thread: several would add up in another order each time."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    distinct = len(np.unique(in_steps(points), axis=0))
    with threadpool_limits(limits=1):
        model = KMeans(min(count, distinct), n_init=_KMEANS_STARTS, random_state=seed).fit(points)
    return model.labels_.astype(np.int64)


def _umap_hdbscan(points: np.ndarray, seed: int) -> np.ndarray:
    """BERTopic's own way, with its defaults and a seed."""
    from hdbscan import HDBSCAN

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of one thread because of the seed, and of small data
        from umap import UMAP

        if len(points) < _UMAP["n_neighbors"] + 2:  # type: ignore[operator]
            return np.full(len(points), -1, dtype=np.int64)
        low = UMAP(**_UMAP, random_state=seed).fit_transform(points)
        return HDBSCAN(min_cluster_size=10).fit_predict(low).astype(np.int64)

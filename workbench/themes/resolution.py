"""How fine themes are to be: the resolution of the communities, from the graph alone or from a number of themes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from workbench.themes.communities import Network, as_network, leiden, quick_runs
from workbench.themes.many import Many, in_turn

_STARTS, _RANGE, _FINEST, _NEVER = 3, (0.25, 16.0), 8.0, 1e-6
_SEARCHED, _HALVINGS = (0.01, 100.0), 14


def natural_resolution(graph: sp.csr_matrix | Network, seed: int = 0, comments: np.ndarray | None = None,
                       many: Many = in_turn) -> float:
    """Return the resolution at which the graph's own communities are likeliest, without any label.

    Communities at resolution 1 (modularity) tell how much denser ties are within than between; the first guess is the
    resolution at which maximising modularity is maximising the likelihood of a graph of just these two densities: their
    difference over the difference of their logarithms, a mean of three runs. Where neighbours cling together, themes
    become fine; where everything runs into everything, they stay broad. Where texts are hard to tell apart that stops
    too early: where the graph is described more briefly at 8 than at the guess, the resolution is 8, or the lowest
    point of a parabola through the two and what is half way between, if that is described more briefly still. Ties
    between statements of one comment are not described: they are near for their context, whatever they are about.

    The guess is between 0.25 and 16, and is kept where it is above 8. That end was chosen with labels in sight: among
    many rows that are alike the description gains by still finer communities, which are no longer what people call a
    subject.

    Parameters
    ----------
    graph
        Symmetric weights of n rows, or the network of them.
    seed
        Of the runs.
    comments
        Shape ``(n,)``: the comment of each row; each row its own by default.
    many
        Who makes the runs.

    Returns
    -------
    float
        In steps of a twentieth.

    Notes
    -----
    Source of the guess: Newman (2016), Equivalence between modularity optimization and maximum likelihood methods.

    Examples
    --------
    >>> tight = np.kron(np.eye(30), np.ones((10, 10))) + 0.001
    >>> loose = np.kron(np.eye(30), np.ones((10, 10))) + 0.1
    >>> natural_resolution(sp.csr_matrix(tight)) > natural_resolution(sp.csr_matrix(loose)) > 0.25
    True
    """
    network = as_network(graph)
    ends, weights = network.ends, network.weights
    if comments is not None:
        told = comments[ends[0]] != comments[ends[1]]
        ends, weights = ends[:, told], weights[told]

    def lengths(*resolutions: float) -> list[float]:
        parts = quick_runs(network, [(resolution, seed) for resolution in resolutions], many)
        return [description_length(ends, weights, part) for part in parts]

    guess = _likeliest_resolution(network, seed, many)
    if guess >= _FINEST:
        return guess
    first, last = lengths(guess, _FINEST)
    if first <= last:
        return guess
    middle, reach = lengths(float(np.sqrt(guess * _FINEST)))[0], np.log(_FINEST / guess)
    place = 0.5 + (first - last) / (first - 2 * middle + last) / 4 if middle < last else 1.0
    return _in_twentieths(guess * np.exp(reach * place))


def _likeliest_resolution(network: Network, seed: int, many: Many) -> float:
    """Return the mean guess of a few runs; what a second iteration adds does not move it."""
    runs = quick_runs(network, [(1.0, seed + start) for start in range(_STARTS)], many, iterations=1)
    degrees = network.degrees()
    found = [_likeliest(network, degrees, part) for part in runs]
    return _in_twentieths(np.clip(np.mean(found), *_RANGE))


def _likeliest(network: Network, degrees: np.ndarray, part: np.ndarray) -> float:
    total = network.weights.sum()
    inside = network.weights[part[network.ends[0]] == part[network.ends[1]]].sum()
    expected = (np.bincount(part, degrees) ** 2).sum() / (4 * total) if total else 0.0
    if not 0 < expected < total or inside <= 0:
        return 1.0
    dense, sparse = inside / expected, max((total - inside) / (total - expected), _NEVER)
    return float((dense - sparse) / np.log(dense / sparse)) if dense > sparse else 1.0


def _in_twentieths(value: float) -> float:
    return round(float(value) * 20) / 20


def description_length(ends: np.ndarray, weights: np.ndarray, part: np.ndarray) -> float:
    """Return how long the briefest account of a graph is that names its communities first, in nats a tie.

    Told are the communities, how many ties lie within and between them, how many each row has, and the ties: finer
    communities take more to name, and leave less to be said of the ties. What is the same for all communities of one
    graph is left out, so that only differences mean anything. A tie of weight 0.3 counts as three tenths of one, since
    weights tell how likely it is that there is one.

    Source: Zhang and Peixoto (2020), Statistical inference of assortative community structures (uniform planted
    partition, corrected for degrees).

    Parameters
    ----------
    ends, weights
        Of each tie once, shapes ``(2, m)`` and ``(m,)``.
    part
        Shape ``(n,)``: the community of each row.

    Examples
    --------
    >>> network = as_network(sp.csr_matrix(np.kron(np.eye(9), np.ones((9, 9)))))
    >>> nine, one, each = (description_length(network.ends, network.weights, part)
    ...     for part in (np.arange(81) // 9, np.zeros(81), np.arange(81)))
    >>> nine < min(one, each)
    True
    """
    from scipy.special import gammaln

    rows, ties = len(part), float(weights.sum())
    if ties <= 0:
        return 0.0
    code = np.unique(part, return_inverse=True)[1]
    first, second = code[ends]
    sizes = np.bincount(code)
    count = len(sizes)
    degrees = np.bincount(first, weights, count) + np.bincount(second, weights, count)
    within = float(weights[first == second].sum())
    between = max(ties - within, 0.0)
    likely = (gammaln(within + 1) + gammaln(between + 1) - within * np.log(count / 2)
              - between * np.log(max(count * (count - 1) / 2, 1)) - (np.log(ties + 1) if count > 1 else 0)
              + (gammaln(sizes) - gammaln(degrees + sizes)).sum())
    named = gammaln(sizes + 1).sum() + gammaln(count) + gammaln(rows - count + 1)
    return float(-(likely + named) / ties)


def resolution_for(graph: sp.csr_matrix | Network, count: int, count_themes: Callable[[np.ndarray], int],
                   seed: int = 0) -> float:
    """Return the resolution that gives about so many themes.

    Parameters
    ----------
    graph
        Symmetric weights.
    count
        How many themes are wanted.
    count_themes
        How many themes a partition comes to, once small communities are given away. There are fewest both where all
        is one community and where most communities are too small; the number is sought between.

    Examples
    --------
    >>> graph = sp.csr_matrix(np.kron(np.eye(6), np.ones((9, 9))) + 0.2)
    >>> resolution = resolution_for(graph, 6, lambda part: len(set(part)))
    >>> from workbench.themes.communities import communities
    >>> len(set(communities(graph, resolution)))
    6
    """
    network = as_network(graph)
    low, high = _SEARCHED
    apart = len(network.graph.connected_components())
    best = (count + 1, 1.0)
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(low * high))
        part = leiden(network, middle, seed)
        found = count_themes(part)
        best = min(best, (abs(found - count), middle))
        if found == count:
            break
        crumbled = int(part.max()) + 1 - apart > 2 * found
        low, high = (middle, high) if found < count and not crumbled else (low, middle)
    return best[1]

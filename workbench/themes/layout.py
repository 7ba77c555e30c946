"""A map of all statements in two dimensions: like themes near each other, statements around their theme's middle."""

from __future__ import annotations

import numpy as np

from workbench.columns import UNASSIGNED_THEME

_GAP = 1.04  # of the sum of two radii: how near two themes may come
_ROUNDS = 400


def lay_out(vectors: np.ndarray, theme_ids: np.ndarray, centres: np.ndarray, centre_ids: np.ndarray) -> np.ndarray:
    """Return a place on a map for every statement.

    Themes are laid out by classical scaling of the distances between their centres, then pushed apart until none covers
    another. A theme's disc is as large as its statements are many. Within it, a statement stands in the direction in
    which it differs from the centre, as far out as its rank by distance from it. A statement of no theme stands between
    the three themes that it is most like. Near means alike only roughly: 2 dimensions cannot hold more.

    Source of the scaling: Torgerson (1952), Multidimensional scaling: I. Theory and method.

    Parameters
    ----------
    vectors : ndarray of shape (n_statements, n_dimensions)
        Of unit length; zero where a text has no vector.
    theme_ids : ndarray of shape (n_statements,)
        -1 for no theme.
    centres : ndarray of shape (n_themes, n_dimensions)
    centre_ids : ndarray of shape (n_themes,)
        The theme of each centre.

    Returns
    -------
    ndarray of shape (n_statements, 2), float32
        From -1 to 1. The same input gives the same map; the order of the statements does not matter.

    Examples
    --------
    >>> vectors = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]])
    >>> lay_out(vectors, np.array([0, 0, 1]), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])).shape
    (3, 2)
    """
    if not len(vectors) or not len(centres):
        return np.zeros((len(vectors), 2), dtype=np.float32)
    unit = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    sizes = np.array([(theme_ids == theme).sum() for theme in centre_ids])
    radii = np.sqrt(np.maximum(sizes, 1) / max(sizes.sum(), 1)) * 0.5
    middles = _apart(_scaled(unit), radii)
    places = np.zeros((len(vectors), 2))
    axes = _axes(unit)
    for number, theme in enumerate(centre_ids):
        own = np.flatnonzero(theme_ids == theme)
        places[own] = middles[number] + radii[number] * _within(vectors[own] - unit[number], axes)
    loose = np.flatnonzero(theme_ids == UNASSIGNED_THEME)
    places[loose] = _between(vectors[loose], unit, middles)
    reach = np.abs(places).max() or 1.0
    return np.asarray(places / reach, dtype=np.float32)


def _scaled(unit: np.ndarray) -> np.ndarray:
    """Return the centres in two dimensions by classical scaling; fixed signs, so that chance mirrors no map."""
    if len(unit) < 2:
        return np.zeros((len(unit), 2))
    squared = np.maximum(2 - 2 * unit @ unit.T, 0)
    inner = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    values, directions = np.linalg.eigh(inner)
    best = directions[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    best = np.pad(best, ((0, 0), (0, 2 - best.shape[1])))
    return best * _signs(best)


def _signs(columns: np.ndarray) -> np.ndarray:
    strongest = columns[np.abs(columns).argmax(axis=0), np.arange(columns.shape[1])]
    return np.where(strongest < 0, -1.0, 1.0)


def _apart(middles: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Push discs apart, each pair by half of what they overlap, until none does or the rounds are over."""
    spread = np.abs(middles).max() or 1.0
    places = middles / spread
    turn = np.arange(len(places)) * 2.399963  # the golden angle, where two discs share a middle
    places = places + 1e-6 * np.column_stack([np.cos(turn), np.sin(turn)])
    x, y = places.T.copy()
    touching = _GAP * (radii[:, None] + radii[None])
    np.fill_diagonal(touching, 0)
    for _ in range(_ROUNDS):
        across, up = x - x[:, None], y - y[:, None]
        distance = np.sqrt(across * across + up * up)
        overlap = np.maximum(touching - distance, 0)
        if not overlap.any():
            break
        distance = np.maximum(distance, 1e-9)
        x, y = (own + 0.5 * (away / distance * overlap).sum(axis=0) for own, away in ((x, across), (y, up)))
    return np.column_stack([x, y])


def _axes(unit: np.ndarray) -> np.ndarray:
    """Return two directions along which themes differ most: the same for all discs, so that they can be compared."""
    _, _, directions = np.linalg.svd(unit - unit.mean(axis=0), full_matrices=False)
    axes = np.zeros((2, unit.shape[1]))
    axes[:min(2, len(directions))] = directions[:2]
    return axes * _signs(axes.T)[:, None]


def _within(differences: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Return places in the unit disc: the direction of the difference, the rank of its length (evenly filling it)."""
    flat = differences @ axes.T
    angle = np.arctan2(flat[:, 1], flat[:, 0])
    length = np.round(np.linalg.norm(differences, axis=1), 6)
    rank = np.searchsorted(np.sort(length), length, side="right") - 0.5
    radius = np.sqrt(rank / max(len(length), 1))
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def _between(vectors: np.ndarray, unit: np.ndarray, middles: np.ndarray, block: int = 20_000) -> np.ndarray:
    places = np.zeros((len(vectors), 2))
    for start in range(0, len(vectors), block):
        likeness = np.asarray(vectors[start:start + block]) @ unit.T
        weight = np.maximum(likeness, 0) ** 4
        if weight.shape[1] > 3:
            least = np.partition(weight, -3, axis=1)[:, [-3]]
            weight = np.where(weight >= least, weight, 0)
        total = weight.sum(axis=1, keepdims=True)
        places[start:start + block] = weight @ middles / np.where(total > 0, total, 1)
    return places

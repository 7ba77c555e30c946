"""Where each theme's centre is, how like it each statement is, and how like is like enough."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from workbench.columns import UNASSIGNED_THEME
from workbench.themes.prepare import unit_length
from workbench.themes.whole_numbers import in_steps, similarity

LEAST_FLOOR = 0.1
FOREIGN_QUANTILE = 0.8
_BLOCK = 4096
_BINS = 10_000


def theme_centres(labels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return one unit-length centre a label, for labels 0, 1, 2, ...

    Examples
    --------
    >>> theme_centres(np.array([0, 0, -1]), np.eye(2)[[0, 0, 1]]).tolist()
    [[1.0, 0.0]]
    """
    rows = np.flatnonzero(labels >= 0)
    shape = (int(labels.max(initial=-1)) + 1, len(labels))
    chosen = sp.csr_matrix((np.ones(len(rows)), (labels[rows], rows)), shape=shape)
    return unit_length(np.asarray(chosen @ points.astype(np.float64)).astype(np.float32))


def nearest_centre(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest centre of each row, ties to the first, and its cosine; -1 and 0 for rows of no length.

    A block of rows at a time: no table of all rows by all themes is kept.

    Examples
    --------
    >>> nearest_centre(np.eye(3)[[2, 0]], np.eye(3))[0].tolist()
    [2, 0]
    """
    nearest = np.full(len(points), UNASSIGNED_THEME, dtype=np.int64)
    cosine = np.zeros(len(points), dtype=np.float32)
    present = np.flatnonzero(np.linalg.norm(points, axis=1) > 0) if len(centres) else np.zeros(0, dtype=np.int64)
    aims = in_steps(centres)
    for start in range(0, len(present), _BLOCK):
        rows = present[start : start + _BLOCK]
        alike = similarity(in_steps(points[rows]), aims)
        nearest[rows] = np.argmax(alike, axis=1)
        cosine[rows] = alike.max(axis=1)
    return nearest, cosine


def own_similarity(labels: np.ndarray, points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the cosine of each row with the centre of its label, 0 for rows without one.

    Examples
    --------
    >>> own_similarity(np.array([1, -1]), np.eye(2), np.eye(2)).tolist(), own_similarity(np.array([0]), np.eye(1),
    ...     np.eye(1)).tolist()
    ([0.0, 0.0], [1.0])
    """
    cosine = np.zeros(len(labels), dtype=np.float32)
    aims = in_steps(centres)
    assigned = np.flatnonzero(labels >= 0)
    for start in range(0, len(assigned), _BLOCK):
        rows = assigned[start : start + _BLOCK]
        alike = similarity(in_steps(points[rows]), aims)
        cosine[rows] = alike[np.arange(len(rows)), labels[rows]]
    return cosine


def similarity_floor(labels: np.ndarray, points: np.ndarray, centres: np.ndarray) -> float:
    """Return the similarity to a centre that most statements of other themes do not reach.

    The 80th percentile of the similarities of assigned statements to the centres of the other themes, and 0.1 at
    least: what is no nearer to its theme than that is in it by no merit of its own. Counted in ten thousandths, a
    block of rows at a time. A higher percentile takes out what people assign: where all speak of one subject, every
    theme is like every other, and at the 95th up to a tenth of the statements that people had labelled fell out.

    Examples
    --------
    >>> similarity_floor(np.array([0, 1]), np.eye(2), np.eye(2))
    0.1
    """
    counts = np.zeros(2 * _BINS + 1, dtype=np.int64)
    aims = in_steps(centres)
    assigned = np.flatnonzero(labels >= 0)
    for start in range(0, len(assigned), _BLOCK):
        rows = assigned[start : start + _BLOCK]
        bins = np.rint(similarity(in_steps(points[rows]), aims) * _BINS).astype(np.int64).clip(-_BINS, _BINS) + _BINS
        counts += np.bincount(bins.ravel(), minlength=len(counts))
        counts -= np.bincount(bins[np.arange(len(rows)), labels[rows]], minlength=len(counts))
    if not counts.sum():
        return LEAST_FLOOR
    place = int(np.searchsorted(np.cumsum(counts), FOREIGN_QUANTILE * counts.sum()))
    return max((place - _BINS) / _BINS, LEAST_FLOOR)

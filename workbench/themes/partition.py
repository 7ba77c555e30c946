"""From the points of statements to a partition: distinct texts, communities, and what leaving rows out does to them."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.themes.centres import nearest_centre, theme_centres
from workbench.themes.communities import communities, natural_resolution, resample, resolution_for, survival
from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours

Resolution = float | Literal["auto"]


class Partition(NamedTuple):
    """A label for each statement (-1 for those that took no part), and the partitions of the resamples.

    ``rows`` are the distinct texts that were partitioned, ``samples`` the resamples of these, ``resolution`` the one
    that was used.
    """

    labels: np.ndarray
    rows: np.ndarray
    samples: list[tuple[np.ndarray, np.ndarray]]
    survival: float | None
    resolution: float | None


class Wanted(NamedTuple):
    """How many themes, how large, from how many neighbours."""

    resolution: Resolution
    themes: int | None
    minimum_size: int
    neighbours: int
    seed: int


def partition(statements: pd.DataFrame, points: np.ndarray, wanted: Wanted, resampled: bool = True) -> Partition:
    """Partition the distinct texts; equal texts go together and weigh as one point of the graph.

    Arabic and Persian in Latin letters take no part: the encoder knows few of their words, so that they would
    make a theme of their own, of a spelling and not of a subject.
    """
    present = (np.linalg.norm(points, axis=1) > 0) & ~romanised(statements)
    labels = np.full(len(points), UNASSIGNED_THEME, dtype=np.int64)
    codes, first = _distinct(statements, present)
    if len(first) < 2:
        labels[present] = 0
        return Partition(labels, first, [(np.arange(len(first)), np.zeros(len(first), dtype=np.int64))], None, None)
    graph = fuzzy_graph(*nearest_neighbours(points[first], wanted.neighbours))
    comments = statements["feedback_id"].to_numpy()
    resolution = _resolution(graph, wanted, codes, comments[present])
    whole = communities(graph, resolution, wanted.seed)
    labels[present] = whole[codes]
    if not resampled:
        return Partition(labels, first, [], None, resolution)
    samples = resample(graph, resolution, wanted.seed, comments[first])
    return Partition(labels, first, samples, survival(whole, samples), resolution)


def _distinct(statements: pd.DataFrame, present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the text of each present statement, and the first statement of each text."""
    keys = (statements["language"] + "\x1f" + statements["text"]).to_numpy()[present]
    codes, distinct = pd.factorize(keys, sort=True)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[codes[::-1]] = np.flatnonzero(present)[::-1]
    return codes, first


def _resolution(graph, wanted: Wanted, codes: np.ndarray, comments: np.ndarray) -> float:  # type: ignore[no-untyped-def]
    if wanted.themes is not None:
        return resolution_for(graph, wanted.themes,
                              lambda part: len(large(part[codes], comments, wanted.minimum_size)), wanted.seed)
    if wanted.resolution == "auto":
        return natural_resolution(graph, wanted.seed)
    return float(wanted.resolution)


def romanised(statements: pd.DataFrame) -> np.ndarray:
    """Return which statements are Arabic, Persian or Hindi in Latin letters."""
    if "romanised" not in statements:
        return np.zeros(len(statements), dtype=bool)
    return statements["romanised"].to_numpy(dtype=bool)


def large(labels: np.ndarray, comments: np.ndarray, minimum_size: int) -> np.ndarray:
    """Return the labels that at least so many comments have, ascending.

    Examples
    --------
    >>> large(np.array([0, 0, 1, 1]), np.array(["a", "b", "c", "c"]), 2).tolist()
    [0]
    """
    pairs = pd.DataFrame({"label": labels, "comment": comments}).drop_duplicates()
    sizes = pairs.groupby("label").size()
    return sizes.index[(sizes >= minimum_size) & (sizes.index >= 0)].to_numpy(dtype=np.int64)


def absorb_small(labels: np.ndarray, points: np.ndarray, comments: pd.Series, minimum_size: int) -> np.ndarray:
    """Give the statements of communities with too few comments to the nearest large one; number from 0."""
    labels = _compact(labels)
    kept = large(labels, comments.to_numpy(), minimum_size)
    if not len(kept):
        return np.full(len(labels), UNASSIGNED_THEME)
    small = np.isin(labels, kept, invert=True) & (labels >= 0)
    labels = labels.copy()
    labels[small] = kept[nearest_centre(points[small], theme_centres(labels, points)[kept])[0]]
    return _compact(labels)


def _compact(labels: np.ndarray) -> np.ndarray:
    """Number the labels that are there from 0 without gaps; -1 stays."""
    kept = np.unique(labels[labels >= 0])
    return np.where(labels >= 0, np.searchsorted(kept, labels), UNASSIGNED_THEME)


def adopt(labels: np.ndarray, points: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Give statements that took no part in the finding to the nearest theme; the floor decides whether they stay."""
    centres = theme_centres(labels, points)
    if not len(centres) or not which.any():
        return labels
    labels = labels.copy()
    labels[which] = nearest_centre(points[which], centres)[0]
    return labels

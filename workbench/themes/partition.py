"""From the points of statements to a partition: distinct texts, communities, and what leaving rows out does to them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.themes.centres import nearest_centre, theme_centres
from workbench.themes.communities import RUNS, leave_out, survival
from workbench.themes.given import chosen_themes
from workbench.themes.many import Many, in_turn
from workbench.themes.methods import Finder, Wanted, make_finder
from workbench.themes.whole_numbers import in_steps, similarity

_COSTLY_RUNS = 2


class Partition(NamedTuple):
    """A label for each statement (-1 for those that took no part), and the partitions of the resamples.

    ``rows`` are the distinct texts that were partitioned, ``samples`` the resamples of these, ``resolution`` the one
    that was used. The first ``given`` labels are those of given themes.
    """

    labels: np.ndarray
    rows: np.ndarray
    samples: list[tuple[np.ndarray, np.ndarray]]
    survival: float | None
    resolution: float | None
    given: int


def partition(statements: pd.DataFrame, points: np.ndarray, wanted: Wanted, resampled: bool = True,
              many: Many = in_turn) -> Partition:
    """Partition the distinct texts; equal texts go together and weigh as one point.

    Arabic, Persian and Hindi in Latin letters take no part: the encoder knows few of their words, so that they would
    make a theme of their own, of a spelling and not of a subject. Themes that people chose for each comment (manual)
    are theirs whatever the text.
    """
    comments = statements["feedback_id"].to_numpy()
    chosen = chosen_themes(wanted.given, statements["feedback_id"])
    if wanted.method == "manual":
        everything = np.arange(len(points))
        return Partition(chosen, everything, [(everything, chosen)], None, None, len(wanted.given.names))  # type: ignore[union-attr]
    present = (np.linalg.norm(points, axis=1) > 0) & ~romanised(statements)
    labels = np.full(len(points), UNASSIGNED_THEME, dtype=np.int64)
    codes, first = _distinct(statements, present)
    if len(first) < 2:
        labels[present] = 0
        return Partition(labels, first, [(np.arange(len(first)), np.zeros(len(first), dtype=np.int64))], None, None, 0)
    finder = make_finder(points[first], wanted,
                         lambda part: len(large(part[codes], comments[present], wanted.minimum_size)),
                         many, comments[first])
    whole = finder.find(np.arange(len(first)), wanted.seed)
    labels[present] = whole[codes]
    samples = _resample(finder, wanted, comments[first], many) if resampled else []
    return Partition(labels, first, samples, survival(whole, samples) if samples else None, finder.resolution,
                     finder.given)


def _resample(finder: Finder, wanted: Wanted, comments: np.ndarray, many: Many
              ) -> list[tuple[np.ndarray, np.ndarray]]:
    runs = _COSTLY_RUNS if wanted.method == "umap_hdbscan" else RUNS
    return leave_out(len(comments), finder.find, wanted.seed, comments, runs, many)


def _distinct(statements: pd.DataFrame, present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the text of each present statement, and the first statement of each text."""
    keys = (statements["language"] + "\x1f" + statements["text"]).to_numpy()[present]
    codes, distinct = pd.factorize(keys, sort=True)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[codes[::-1]] = np.flatnonzero(present)[::-1]
    return codes, first


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


def absorb_small(labels: np.ndarray, points: np.ndarray, comments: pd.Series, minimum_size: int, given: int = 0
                 ) -> np.ndarray:
    """Give the statements of communities with too few comments to the nearest large one; number from 0, -1 stays.

    The first `given` labels are themes that people gave, which may be small.

    Examples
    --------
    >>> points = np.array([[1.0, 0.0], [0.9, 0.1], [0.8, 0.2]])
    >>> absorb_small(np.array([4, 4, 7]), points, pd.Series(["a", "b", "c"]), 2).tolist()
    [0, 0, 0]
    """
    there = np.unique(labels[labels >= 0])
    kept = np.union1d(large(labels, comments.to_numpy(), minimum_size), there[there < given])
    if not len(kept):
        return np.full(len(labels), UNASSIGNED_THEME)
    small = np.isin(labels, kept, invert=True) & (labels >= 0)
    number = np.where(labels >= 0, np.searchsorted(kept, labels), UNASSIGNED_THEME)
    number[small] = UNASSIGNED_THEME
    number[small] = nearest_centre(points[small], theme_centres(number, points))[0]
    return number


def merge_nearest(labels: np.ndarray, points: np.ndarray, count: int, given: int = 0) -> np.ndarray:
    """Merge the two labels with the nearest centres until no more than `count` are left; given themes stay apart.

    A graph that falls into more parts than themes are wanted has no resolution at which there are fewer.

    Examples
    --------
    >>> merge_nearest(np.array([0, 1, 2]), np.array([[1.0, 0.0], [0.0, 1.0], [0.1, 0.9]]), 2).tolist()
    [0, 1, 1]
    """
    while (number := int(labels.max(initial=-1)) + 1) > max(count, given, 1):
        steps = in_steps(theme_centres(labels, points))
        alike = np.triu(similarity(steps, steps) + 2, k=1)
        alike[:given, :given] = 0
        first, second = np.unravel_index(np.argmax(alike), alike.shape)
        renumbered = np.where(np.arange(number) > second, np.arange(number) - 1, np.arange(number))
        renumbered[second] = first
        labels = np.where(labels >= 0, renumbered[labels], labels)
    return labels


def adopt(labels: np.ndarray, points: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Give statements that took no part in the finding to the nearest theme; the floor decides whether they stay."""
    centres = theme_centres(labels, points)
    if not len(centres) or not which.any():
        return labels
    labels = labels.copy()
    labels[which] = nearest_centre(points[which], centres)[0]
    return labels

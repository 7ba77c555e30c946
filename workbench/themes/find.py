"""find_themes(): from statements and their vectors to themes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from workbench.columns import ASSIGNMENTS, STATEMENTS, UNASSIGNED_THEME, check_table, names
from workbench.errors import InputError
from workbench.themes.communities import communities, persistence, resample, survival
from workbench.themes.describe import describe
from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours
from workbench.themes.prepare import in_context, unit_length, without_language
from workbench.themes.share import count_themes

if TYPE_CHECKING:
    from bertopic import BERTopic

    from workbench.language.glossary import Glossary

_CORE_SHARE = 0.5
_LEAST_FLOOR = 0.1


@dataclass(frozen=True)
class Themes:
    """What was found.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a theme, -1 ("unassigned") last; columns as the themes contract.
    assignments : pandas.DataFrame
        One row a statement; columns as the theme-assignments contract.
    terms : pandas.DataFrame
        ``theme_id, language, rank, term, weight``: what each language says in each theme.
    labels : pandas.DataFrame
        ``theme_id, language, label, is_borrowed``: a name in each reading language.
    vectors : numpy.ndarray
        One centre a theme, in the order of ``theme_id`` from 0.
    model : BERTopic or None
        The fitted BERTopic object; absent when there is no theme or when the result was read from a store.
    facts : dict
        The settings and figures of this very run: resolution, survival of the partition, similarity floor.
    """

    table: pd.DataFrame
    assignments: pd.DataFrame
    terms: pd.DataFrame
    labels: pd.DataFrame
    vectors: np.ndarray
    model: BERTopic | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def find_themes(
    statements: pd.DataFrame,
    vectors: np.ndarray,
    *,
    seed: int = 0,
    resolution: float = 1.5,
    minimum_size: int = 8,
    neighbours: int = 30,
    floor: float | None = None,
    remove_language: bool = True,
    label_languages: tuple[str, ...] = ("en", "ar", "fa"),
    counted: pd.Series | None = None,
    confidence: float = 0.95,
    glossary: Glossary | None = None,
    order_number: str | None = None,
) -> Themes:
    """Return the themes of a set of statements, described and named.

    Themes are Leiden communities of the nearest-neighbour graph. The same statements give the same themes in
    any row order. Statements without a vector, and those less similar to their theme's centre than the floor,
    are in theme -1, which is counted like any other.

    Parameters
    ----------
    statements
        As `split_statements` returns them, n rows.
    vectors
        Unit length or zero, shape ``(n, d)``.
    seed
        Decides ties between equally good partitions.
    resolution
        Of the communities: higher gives more and smaller themes.
    minimum_size
        A theme holds at least so many comments; smaller communities are given to the nearest theme.
    neighbours
        Neighbours a statement in the graph.
    floor
        Least cosine similarity to the centre. None: the 95th percentile of similarities to other themes'
        centres, which is what a statement reaches that has nothing to do with a theme, and 0.1 at least.
    remove_language
        Whether what all statements of a language share is taken out of the vectors first.
    label_languages
        Reading languages to name the themes in.
    counted
        Boolean, indexed by feedback_id: which comments enter shares (all by default). Duplicates and empty
        answers are left out this way.
    confidence
        Of the intervals of shares.
    glossary
        Terms that are counted as one, from `workbench.language.load_glossary`.
    order_number
        The study's pattern of order numbers, which are no terms.

    Returns
    -------
    Themes

    Raises
    ------
    InputError
        If the table lacks columns or the numbers of rows differ.

    Examples
    --------
    >>> from workbench.language import split_statements
    >>> from workbench.embedding import embed
    >>> texts = ["the invoice is wrong", "الفاتورة غلط", "صورتحساب اشتباه است", "internet is slow"] * 3
    >>> comments = pd.DataFrame({"feedback_id": [str(i) for i in range(12)], "text": texts})
    >>> statements = split_statements(comments)
    >>> found = find_themes(statements, embed(statements.text), minimum_size=2, neighbours=2, floor=0.0)
    >>> int(found.table.statement_count.sum()), found.assignments.shape
    (12, (12, 4))
    """
    check_table(statements, STATEMENTS, "statements")
    if len(statements) != len(vectors):
        raise InputError(f"expected one vector a statement: {len(statements)} statements, {len(vectors)} vectors.")
    order = statements["statement_id"].argsort(kind="stable").to_numpy()
    ordered, points = statements.iloc[order].reset_index(drop=True), np.asarray(vectors, dtype=np.float32)[order]
    points = _prepared(ordered, points, remove_language)
    part = _partition(ordered, points, resolution, neighbours, seed)
    labels = _absorb_small(part.labels, points, ordered["feedback_id"], minimum_size)
    stability = persistence(labels[part.rows], part.samples)
    labels = _adopt(labels, points, _romanised(ordered))
    labels, centres, strength, floor = _apply_floor(labels, points, floor)
    labels, ranked = _number_by_size(labels, len(centres), ordered)
    centres, stability = centres[ranked], stability[ranked]
    assignments = _assignments(ordered, labels, strength)
    description = describe(ordered, assignments, points, centres, label_languages, glossary=glossary,
                           order_number=order_number)
    table = count_themes(ordered, assignments, description.labels, counted, confidence)
    table["stability"] = [*stability.round(4), float("nan")]
    facts = {"resolution": resolution, "survival": part.survival, "floor": floor, "seed": seed,
             "minimum_size": minimum_size, "neighbours": neighbours, "theme_count": len(centres),
             "remove_language": remove_language}
    back = assignments.set_index("statement_id").loc[statements["statement_id"]].reset_index()
    return Themes(table, back[names(ASSIGNMENTS)], description.terms, description.labels, centres,
                  description.model, facts)


def assign_themes(statements: pd.DataFrame, vectors: np.ndarray, *, seed: int = 0, resolution: float = 1.5,
                  minimum_size: int = 8, neighbours: int = 30, floor: float | None = None,
                  remove_language: bool = True) -> np.ndarray:
    """Return the theme of each statement as `find_themes` finds it, without describing, naming or resampling.

    This is for finding themes again: with fewer comments, another seed or another setting. The numbers of the themes
    are not those of `find_themes`.

    Returns
    -------
    numpy.ndarray
        int64, shape ``(n,)``, -1 where there is none.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"], "text": ["late", "دیر"],
    ...     "language": ["en", "fa"]})
    >>> assign_themes(statements, np.array([[1.0, 0.0], [1.0, 0.0]]), minimum_size=2, remove_language=False).tolist()
    [0, 0]
    """
    order = statements["statement_id"].argsort(kind="stable").to_numpy()
    ordered, points = statements.iloc[order].reset_index(drop=True), np.asarray(vectors, dtype=np.float32)[order]
    points = _prepared(ordered, points, remove_language)
    part = _partition(ordered, points, resolution, neighbours, seed, resampled=False)
    labels = _absorb_small(part.labels, points, ordered["feedback_id"], minimum_size)
    labels = _apply_floor(_adopt(labels, points, _romanised(ordered)), points, floor)[0]
    found = np.empty(len(labels), dtype=np.int64)
    found[order] = labels
    return found


def _prepared(statements: pd.DataFrame, points: np.ndarray, remove_language: bool) -> np.ndarray:
    without = without_language(points, statements["language"]) if remove_language else points
    return in_context(without, statements)


class _Partition(NamedTuple):
    """Communities of the distinct texts, carried over to all statements."""

    labels: np.ndarray
    rows: np.ndarray
    samples: list[tuple[np.ndarray, np.ndarray]]
    survival: float | None


def _partition(statements: pd.DataFrame, points: np.ndarray, resolution: float, neighbours: int,
               seed: int, resampled: bool = True) -> _Partition:
    """Partition the distinct texts; equal texts go together and weigh as one point of the graph.

    Arabic and Persian in Latin letters take no part: the encoder knows few of their words, so that they would
    make a theme of their own, of a spelling and not of a subject.
    """
    present = (np.linalg.norm(points, axis=1) > 0) & ~_romanised(statements)
    labels = np.full(len(points), UNASSIGNED_THEME, dtype=np.int64)
    keys = (statements["language"] + "\x1f" + statements["text"]).to_numpy()[present]
    codes, distinct = pd.factorize(keys, sort=True)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[codes[::-1]] = np.flatnonzero(present)[::-1]
    if len(distinct) < 2:
        labels[present] = 0
        return _Partition(labels, first, [(np.arange(len(first)), np.zeros(len(first), dtype=np.int64))], None)
    graph = fuzzy_graph(*nearest_neighbours(points[first], neighbours))
    whole = communities(graph, resolution, seed)
    labels[present] = whole[codes]
    if not resampled:
        return _Partition(labels, first, [], None)
    samples = resample(graph, resolution, seed, statements["feedback_id"].to_numpy()[first])
    return _Partition(labels, first, samples, survival(whole, samples))


def _romanised(statements: pd.DataFrame) -> np.ndarray:
    if "romanised" not in statements:
        return np.zeros(len(statements), dtype=bool)
    return statements["romanised"].to_numpy(dtype=bool)


def _adopt(labels: np.ndarray, points: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Give statements that took no part in the finding to the nearest theme; the floor decides whether they stay."""
    centres = _centres(labels, points)
    which = which & (np.linalg.norm(points, axis=1) > 0)
    if not len(centres) or not which.any():
        return labels
    labels = labels.copy()
    labels[which] = np.argmax(np.round(points[which] @ centres.T, 5), axis=1)
    return labels


def _centres(labels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return one unit-length centre a label, for labels 0, 1, 2, ..."""
    count = int(labels.max(initial=-1)) + 1
    sums = np.zeros((count, points.shape[1]), dtype=np.float64)
    np.add.at(sums, labels[labels >= 0], points[labels >= 0])
    return unit_length(sums.astype(np.float32))


def _compact(labels: np.ndarray) -> np.ndarray:
    """Number the labels that are there from 0 without gaps; -1 stays."""
    kept = np.unique(labels[labels >= 0])
    return np.where(labels >= 0, np.searchsorted(kept, labels), UNASSIGNED_THEME)


def _absorb_small(labels: np.ndarray, points: np.ndarray, comments: pd.Series, minimum_size: int) -> np.ndarray:
    """Give the statements of communities with too few comments to the nearest large one."""
    labels = _compact(labels)
    sizes = comments.groupby(labels).nunique()
    large = [label for label in sizes.index if label >= 0 and sizes[label] >= minimum_size]
    small = np.isin(labels, large, invert=True) & (labels >= 0)
    if not large:
        return np.full(len(labels), UNASSIGNED_THEME)
    centres = _centres(labels, points)[large]
    labels = labels.copy()
    labels[small] = np.asarray(large)[np.argmax(np.round(points[small] @ centres.T, 5), axis=1)]
    return _compact(labels)


def _apply_floor(labels: np.ndarray, points: np.ndarray, floor: float | None
                 ) -> tuple[np.ndarray, np.ndarray, np.ndarray, float | None]:
    """Return labels with what is unlike its theme taken out, the centres, each statement's strength, the floor."""
    centres = _centres(labels, points)
    strength = np.zeros(len(labels), dtype=np.float32)
    if not len(centres):
        return labels, centres, strength, floor
    similar = np.round(points @ centres.T, 5)
    assigned = labels >= 0
    strength[assigned] = similar[assigned, labels[assigned]]
    if floor is None:
        floor = _floor_of(similar, labels)
    outside = assigned & (strength < floor)
    labels = np.where(outside, UNASSIGNED_THEME, labels)
    return labels, centres, np.where(labels >= 0, np.clip(strength, 0, 1), 0).astype(np.float32), floor


def _floor_of(similar: np.ndarray, labels: np.ndarray) -> float:
    foreign = np.ones_like(similar, dtype=bool)
    rows = np.flatnonzero(labels >= 0)
    foreign[rows, labels[rows]] = False
    others = similar[rows][foreign[rows]]
    return max(round(float(np.quantile(others, 0.95)), 4), _LEAST_FLOOR) if len(others) else _LEAST_FLOOR


def _number_by_size(labels: np.ndarray, count: int, statements: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return labels numbered by comments, most first, ties by the earliest statement; and the old label of each.

    A theme that the floor has emptied is dropped.
    """
    frame = pd.DataFrame({"label": labels, "comment": statements["feedback_id"], "id": statements["statement_id"]})
    sizes = frame[frame["label"] >= 0].groupby("label").agg(comments=("comment", "nunique"), first=("id", "min"))
    ranked = sizes.sort_values(["comments", "first"], ascending=[False, True]).index.to_numpy(dtype=np.int64)
    number = np.full(count + 1, UNASSIGNED_THEME, dtype=np.int64)
    number[ranked] = np.arange(len(ranked))
    return number[labels], ranked


def _assignments(statements: pd.DataFrame, labels: np.ndarray, strength: np.ndarray) -> pd.DataFrame:
    """Core: the half of each theme that is most like its centre; a theme is described from it."""
    frame = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": labels, "strength": strength})
    rank = frame.groupby("theme_id")["strength"].rank(pct=True, method="average")
    frame["is_core"] = (frame["theme_id"] >= 0) & (rank > 1 - _CORE_SHARE)
    return frame

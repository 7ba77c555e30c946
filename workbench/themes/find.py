"""find_themes(): from statements and their vectors to themes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import ASSIGNMENTS, UNASSIGNED_THEME, names
from workbench.themes.centres import own_similarity, similarity_floor, theme_centres
from workbench.themes.checks import check_kinds, check_settings, check_statements
from workbench.themes.communities import persistence
from workbench.themes.describe import describe
from workbench.themes.given import Given, given_table, name_given, nearest_given
from workbench.themes.many import Many, in_turn
from workbench.themes.methods import Method, Wanted
from workbench.themes.partition import Partition, absorb_small, adopt, merge_nearest, partition, romanised
from workbench.themes.prepare import LanguageOffsets, in_context, language_offsets, no_offsets, take_out
from workbench.themes.share import count_themes

if TYPE_CHECKING:
    from bertopic import BERTopic

    from workbench.language.glossary import Glossary

_CORE_SHARE = 0.5


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
    make_model : callable or None
        What makes `model`; None when there is no theme or when the result was read from a store.
    facts : dict
        The settings and figures of this very run: resolution, survival of the partition, similarity floor.
    offsets : LanguageOffsets or None
        What was taken out of the vectors, so that new statements can be treated alike.
    given : pandas.DataFrame
        ``name, theme_id, matched_count, outcome``: what became of each given theme.
    """

    table: pd.DataFrame
    assignments: pd.DataFrame
    terms: pd.DataFrame
    labels: pd.DataFrame
    vectors: np.ndarray
    make_model: Callable[[], BERTopic] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    offsets: LanguageOffsets | None = None
    given: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        return f"<Themes: {len(self.table) - 1} of {len(self.assignments):,} statements>"

    @cached_property
    def model(self) -> BERTopic | None:
        """The fitted BERTopic object, made when it is first asked for; None where `make_model` is.

        It holds the terms of each theme's core statements; its ``documents_`` are what ``hierarchical_topics``,
        ``merge_topics``, ``get_document_info`` and ``topics_over_time`` ask for; ``visualize_barchart``,
        ``visualize_heatmap`` and ``visualize_hierarchy`` need nothing. What asks for UMAP or a language model of its
        own does not work: ``visualize_topics``, ``find_topics``, ``transform``. New statements are given to themes by
        `assign_themes`.
        """
        return self.make_model() if self.make_model is not None else None


def find_themes(
    statements: pd.DataFrame,
    vectors: np.ndarray,
    *,
    seed: int = 0,
    method: Method = "graph",
    resolution: float | Literal["auto"] = "auto",
    count: int | None = None,
    minimum_size: int = 8,
    neighbours: int = 20,
    floor: float | None = None,
    given: Given | None = None,
    match: float | None = None,
    remove_language: bool = True,
    label_languages: tuple[str, ...] = ("en", "ar", "fa"),
    counted: pd.Series | None = None,
    confidence: float = 0.95,
    glossary: Glossary | None = None,
    order_number: str | None = None,
    comments: pd.DataFrame | None = None,
    many: Many = in_turn,
) -> Themes:
    """Return the themes of a set of statements, described and named.

    Themes are Leiden communities of the nearest-neighbour graph, unless another method is named. The same statements
    give the same themes in any row order. Statements without a vector, and those less similar to their theme's
    centre than the floor, are in theme -1, which is counted like any other.

    Parameters
    ----------
    statements
        As `split_statements` returns them, n rows.
    vectors
        Unit length or zero, shape ``(n, d)``.
    seed
        Decides ties between equally good partitions.
    method
        ``graph``; ``umap_hdbscan``, BERTopic's own way; ``kmeans`` with `count` themes; ``guided``, communities that
        gather around given themes; ``zero_shot``, what matches a given theme is in it and further themes are found
        beside; ``manual``, the themes that people chose for each comment.
    resolution
        Of the communities: higher gives more and smaller themes. "auto": `natural_resolution`, a rule that needs
        no labels.
    count
        About so many themes, in place of a resolution.
    minimum_size
        A theme holds at least so many comments; smaller communities are given to the nearest theme.
    neighbours
        Neighbours a statement in the graph.
    floor
        Least cosine similarity to the centre. None: `similarity_floor`, what a statement reaches that has nothing
        to do with a theme.
    given
        Given themes, from `embed_given` or `given_by_column`.
    match
        Least similarity to a word or example of a given theme. None: what one pair of statements in a hundred
        reaches.
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
    comments
        The whole comments, with ``feedback_id`` and ``text``: names that only they give away are no terms either.
    many
        Who does the runs on the graph, of which there are many; the themes are the same whoever does them.

    Returns
    -------
    Themes

    Raises
    ------
    InputError
        If a table lacks columns or values, the numbers of rows differ, a setting is not what it can be, or a method
        lacks what it needs.

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
    check_tables(statements=statements)
    check_statements(statements, vectors)
    check_settings(seed, resolution, count, minimum_size, neighbours, floor, match, confidence)
    check_kinds(label_languages, given, counted, glossary, comments)
    order = statements["statement_id"].argsort(kind="stable").to_numpy()
    ordered = statements.iloc[order].reset_index(drop=True)
    points, offsets = _points(ordered, vectors, order, remove_language)
    wanted = Wanted(method, resolution, count, minimum_size, neighbours, seed,
                    given.prepared(offsets) if given is not None else None, match)
    part = partition(ordered, points, wanted, many=many)
    labels = _settle(part, ordered, points, wanted)
    stability = persistence(labels[part.rows], part.samples)
    labels, centres, strength, floor = _apply_floor(labels, points, floor, by_hand=method == "manual")
    labels, ranked = _number_by_size(labels, len(centres), ordered)
    centres, stability = centres[ranked], stability[ranked]
    assignments = _assignments(ordered, labels, strength)
    description = describe(ordered, assignments, points, centres, label_languages, glossary=glossary,
                           order_number=order_number, comments=comments)
    outcome = given_table(wanted.given if part.given else None, part.labels, _matched(points, part, wanted), labels)
    theme_labels = name_given(description.labels, outcome)
    table = count_themes(ordered, assignments, theme_labels, counted, confidence)
    table["stability"] = [*stability.round(4), float("nan")]
    facts = {"method": method, "resolution": part.resolution, "survival": part.survival, "floor": floor, "seed": seed,
             "minimum_size": minimum_size, "neighbours": neighbours, "theme_count": len(centres),
             "remove_language": remove_language, "asked_count": count}
    back = assignments.set_index("statement_id").loc[statements["statement_id"]].reset_index()
    return Themes(table, back[names(ASSIGNMENTS)], description.terms, theme_labels, centres, description.make_model,
                  facts, offsets, outcome)


def refind_themes(statements: pd.DataFrame, vectors: np.ndarray, *, floor: float | None = None,
                  remove_language: bool = True, **settings: Any) -> np.ndarray:
    """Return the theme of each statement as `find_themes` finds it, without describing, naming or resampling.

    This is for finding themes again: with fewer comments, another seed or another setting. The numbers of the themes
    are not those of `find_themes`.

    Parameters
    ----------
    statements, vectors, floor, remove_language, settings
        As for `find_themes`.

    Returns
    -------
    numpy.ndarray
        int64, shape ``(n,)``, -1 where there is none.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"], "text": ["late", "دیر"],
    ...     "language": ["en", "fa"]})
    >>> refind_themes(statements, np.array([[1.0, 0.0], [1.0, 0.0]]), minimum_size=2, remove_language=False).tolist()
    [0, 0]
    """
    check_tables(statements=statements)
    order = statements["statement_id"].argsort(kind="stable").to_numpy()
    ordered = statements.iloc[order].reset_index(drop=True)
    points, offsets = _points(ordered, vectors, order, remove_language)
    wanted = Wanted(**settings)
    if wanted.given is not None:
        wanted = replace(wanted, given=wanted.given.prepared(offsets))
    part = partition(ordered, points, wanted, resampled=False)
    labels = _settle(part, ordered, points, wanted)
    labels = _apply_floor(labels, points, floor, by_hand=wanted.method == "manual")[0]
    found = np.empty(len(labels), dtype=np.int64)
    found[order] = labels
    return found


def _points(statements: pd.DataFrame, vectors: np.ndarray, order: np.ndarray, remove_language: bool
            ) -> tuple[np.ndarray, LanguageOffsets]:
    """Return what themes are found in, a row a statement, and what was taken out of the vectors, which are in `order`.
    """
    raw = np.asarray(vectors[order], dtype=np.float32)
    offsets = language_offsets(raw, statements["language"]) if remove_language else no_offsets(raw.shape[1])
    raw = take_out(raw, statements["language"], offsets)  # what it was is let go of
    return in_context(raw, statements), offsets


def _settle(part: Partition, statements: pd.DataFrame, points: np.ndarray, wanted: Wanted
            ) -> np.ndarray:
    """Return labels without communities that are too small, and with the statements that took no part."""
    labels = absorb_small(part.labels, points, statements["feedback_id"], wanted.minimum_size, part.given)
    if wanted.count is not None:
        labels = merge_nearest(labels, points, wanted.count, part.given)
    return labels if wanted.method == "manual" else adopt(labels, points, romanised(statements))


def _matched(points: np.ndarray, part: Partition, wanted: Wanted) -> np.ndarray:
    """Return the number of statements that match each given theme."""
    if wanted.given is None:
        return np.zeros(0, dtype=np.int64)
    theme = part.labels if wanted.method == "manual" else nearest_given(points, wanted.given, wanted.match)[0]
    return np.bincount(theme[theme >= 0], minlength=len(wanted.given.names))


def _apply_floor(labels: np.ndarray, points: np.ndarray, floor: float | None, by_hand: bool = False
                 ) -> tuple[np.ndarray, np.ndarray, np.ndarray, float | None]:
    """Return labels with what is unlike its theme taken out, the centres, each statement's strength, the floor.

    What people put in a theme stays there, unless a floor is asked for.
    """
    centres = theme_centres(labels, points)
    strength = own_similarity(labels, points, centres)
    if not len(centres):
        return labels, centres, strength, floor
    if floor is None and not by_hand:
        floor = similarity_floor(labels, points, centres)
    if floor is not None:
        labels = np.where(strength < floor, UNASSIGNED_THEME, labels)
    return labels, centres, np.where(labels >= 0, np.clip(strength, 0, 1), 0).astype(np.float32), floor


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

"""Themes that people give: by words and examples, or by naming the theme of each comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.arguments import check_kind
from workbench.columns import UNASSIGNED_THEME
from workbench.errors import InputError
from workbench.themes.whole_numbers import in_steps, similarity

if TYPE_CHECKING:
    from workbench.embedding.encoders import Encoder
    from workbench.themes.prepare import LanguageOffsets

NO_MATCH, SHARED, FOUND = "no_match", "shared", "found"
_BACKGROUND_QUANTILE, _BACKGROUND_ROWS, _MOST = 0.99, 1000, 0.4
_BLOCK = 4096


@dataclass(frozen=True)
class Given:
    """Themes that are given.

    Attributes
    ----------
    names : tuple of str
        What people call them.
    theme : numpy.ndarray
        The number of the theme that each text is of.
    vectors : numpy.ndarray
        One a text, unit length or zero, as `embed_statements` makes them.
    languages : tuple of str
        The language of each text.
    chosen : pandas.Series
        By feedback_id: the name of the comment's theme, for `manual`.
    """

    names: tuple[str, ...]
    theme: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    vectors: np.ndarray = field(default_factory=lambda: np.zeros((0, 1), dtype=np.float32))
    languages: tuple[str, ...] = ()
    chosen: pd.Series | None = None

    def prepared(self, offsets: LanguageOffsets) -> Given:
        """Return the same themes with vectors treated as those of the statements were."""
        if not len(self.vectors):
            return self
        from workbench.themes.prepare import take_out

        moved = take_out(self.vectors, pd.Series(self.languages), offsets)
        return Given(self.names, self.theme, moved, self.languages, self.chosen)


def embed_given(themes: dict[str, list[str]], encoder: Encoder | str = "embedded", names: tuple[str, ...] = ()
                ) -> Given:
    """Return given themes from their words and examples, in any languages.

    Raises
    ------
    InputError
        If a theme has neither words nor examples, or its texts are no list.

    Examples
    --------
    >>> given = embed_given({"invoices": ["invoice", "الفاتورة غلط"], "speed": ["اینترنت کند است"]})
    >>> given.names, given.theme.tolist()
    (('invoices', 'speed'), [0, 0, 1])
    """
    from workbench.embedding import embed_statements
    from workbench.language import identify_languages

    check_kind("themes", themes, Mapping, "a mapping of names to lists of texts, such as {'price': ['too dear']}")
    for name, texts in themes.items():
        check_kind(f"the given theme {name!r}", texts, (list, tuple), "a list of texts")
        if not any(text.strip() for text in texts):
            raise InputError(f"the given theme {name!r} has neither words nor examples: give one at least.")
    texts = [text for group in themes.values() for text in group]
    languages = identify_languages(texts)["language"]
    vectors = embed_statements(pd.DataFrame({"text": texts, "language": languages.to_numpy()}), encoder, names=names)
    theme = np.repeat(np.arange(len(themes)), [len(group) for group in themes.values()])
    return Given(tuple(themes), theme, vectors, tuple(languages))


def given_by_column(column: pd.Series) -> Given:
    """Return the themes that a column names, one name a comment, indexed by feedback_id; empty is none.

    Raises
    ------
    InputError
        If it is no column.

    Examples
    --------
    >>> given_by_column(pd.Series({"a": "price", "b": None, "c": "delivery"})).names
    ('delivery', 'price')
    """
    check_kind("column", column, pd.Series, "a Series of names, indexed by feedback_id")
    chosen = column.dropna().astype(str).str.strip()
    chosen = chosen[chosen != ""]
    return Given(tuple(sorted(set(chosen))), chosen=chosen)


def chosen_themes(given: Given | None, comments: pd.Series) -> np.ndarray:
    """Return the number of the theme that people chose for each comment, -1 for none."""
    if given is None or given.chosen is None:
        return np.full(len(comments), UNASSIGNED_THEME, dtype=np.int64)
    return pd.Index(given.names).get_indexer(pd.Index(comments.map(given.chosen)))


def background(points: np.ndarray) -> float:
    """Return the similarity that one pair of statements in a hundred reaches: what is nearer than that matches.

    0.4 at most, since in few or repetitive statements many pairs say the same.

    Examples
    --------
    >>> background(np.eye(3))
    0.0
    """
    rows = np.linspace(0, len(points) - 1, min(len(points), _BACKGROUND_ROWS)).astype(np.int64)
    steps = in_steps(points[rows])
    upper = np.triu_indices(len(rows), k=1)
    pairs = similarity(steps, steps)[upper]
    return round(min(float(np.quantile(pairs, _BACKGROUND_QUANTILE)), _MOST), 4) if len(pairs) else 0.0


def nearest_given(points: np.ndarray, given: Given, match: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return the given theme with the nearest text to each row, -1 where none matches, and the cosine.

    Parameters
    ----------
    points
        Unit length, n rows.
    given
        With vectors prepared as the points were.
    match
        Least cosine; None: that of `background`.

    Examples
    --------
    >>> given = Given(("a", "b"), np.array([0, 1]), np.eye(2), ("en", "en"))
    >>> nearest_given(np.array([[0.0, 1.0], [-1.0, 0.0]]), given, 0.5)[0].tolist()
    [1, -1]
    """
    least = background(points) if match is None else match
    aims = in_steps(given.vectors)
    theme, cosine = np.full(len(points), UNASSIGNED_THEME, dtype=np.int64), np.zeros(len(points), dtype=np.float32)
    if not len(aims):
        return theme, cosine
    for start in range(0, len(points), _BLOCK):
        alike = similarity(in_steps(points[start : start + _BLOCK]), aims)
        cosine[start : start + _BLOCK] = alike.max(axis=1)
        theme[start : start + _BLOCK] = given.theme[np.argmax(alike, axis=1)]
    return np.where(cosine >= max(least, 1e-6), theme, UNASSIGNED_THEME), cosine


def given_table(given: Given | None, labels: np.ndarray, matched: np.ndarray, final: np.ndarray) -> pd.DataFrame:
    """Return what became of each given theme.

    Parameters
    ----------
    given
        The given themes.
    labels
        The label of each statement as it was found, in which a given theme has its own number.
    matched
        The number of statements that match each given theme.
    final
        The theme_id of each statement.

    Returns
    -------
    pandas.DataFrame
        ``name, theme_id, matched_count, outcome``: found; no_match, where no statement is like its words and
        examples; shared, where it fell together with a given theme before it.
    """
    columns = ["name", "theme_id", "matched_count", "outcome"]
    if given is None:
        return pd.DataFrame({"name": pd.Series(dtype=object), "theme_id": pd.Series(dtype=np.int64),
                             "matched_count": pd.Series(dtype=np.int64), "outcome": pd.Series(dtype=object)})
    rows = []
    for number, name in enumerate(given.names):
        ids = final[(labels == number) & (final >= 0)]
        outcome = FOUND if len(ids) else SHARED if matched[number] else NO_MATCH
        rows.append((name, int(ids[0]) if len(ids) else UNASSIGNED_THEME, int(matched[number]), outcome))
    return pd.DataFrame(rows, columns=columns)


def name_given(labels: pd.DataFrame, outcome: pd.DataFrame) -> pd.DataFrame:
    """Return the labels with the names that people gave in place of those that were made, in every language.

    Examples
    --------
    >>> labels = pd.DataFrame({"theme_id": [0, 1], "language": "fa", "label": ["a", "b"], "is_borrowed": True})
    >>> outcome = pd.DataFrame({"name": ["price"], "theme_id": [1]})
    >>> name_given(labels, outcome)[["label", "is_borrowed"]].values.tolist()
    [['a', True], ['price', False]]
    """
    names = outcome[outcome["theme_id"] >= 0].drop_duplicates("theme_id").set_index("theme_id")["name"]
    given = labels["theme_id"].map(names.to_dict())
    return labels.assign(label=labels["label"].where(given.isna(), given),
                         is_borrowed=labels["is_borrowed"] & given.isna())

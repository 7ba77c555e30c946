"""What each theme says, language by language, and what it is called.

Assignment, description and label are three things: none of them changes another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.themes.naming import LABEL_TERMS, name_themes
from workbench.themes.words import Vocabulary, count_comments, find_terms, number_terms, sorted_distinct

if TYPE_CHECKING:
    from bertopic import BERTopic

    from workbench.language.glossary import Glossary

_TERMS = 10
_LEAST_COMMENTS = 3
_SHARED = 2  # one person's words are not what a language says
_NEAR = 0.3  # of how near a term is to any theme: farther, "late" would name praise where few words are known
_SEPARATOR = "\u241f"
_COLUMNS = ["theme_id", "language", "rank", "term", "weight", "comment_count"]


@dataclass(frozen=True)
class Description:
    """Terms and labels of all themes, and what makes the BERTopic object of them, if a term was weighed."""

    terms: pd.DataFrame
    labels: pd.DataFrame
    make_model: Callable[[], BERTopic] | None


def describe(statements: pd.DataFrame, assignments: pd.DataFrame, vectors: np.ndarray, centres: np.ndarray,
             label_languages: tuple[str, ...], *, glossary: Glossary | None = None,
             order_number: str | None = None, comments: pd.DataFrame | None = None) -> Description:
    """Return what each language says in each theme, and a name in each reading language.

    Terms are weighed by class-based TF-IDF (Grootendorst 2022) over the core statements of each theme, each
    language's terms being kept apart, and shown in their commonest written form. Terms of one concept of the
    glossary are one term.

    Returns
    -------
    Description
        ``terms``: ``theme_id, language, rank, term, weight, comment_count``, with rows for each language that speaks
        in a theme. Where no term of a language is weighed there, because its statements lie outside the core, those
        that most of its comments use, two at least, stand with the weight 0;
        ``labels``: as `name_themes` returns them.
    """
    used = find_terms(statements, glossary, order_number, comments)
    vocabulary = number_terms(used)
    rows = used["row"].to_numpy(dtype=np.int64)
    core = assignments["is_core"].to_numpy() & (assignments["theme_id"] >= 0).to_numpy()
    themes = assignments["theme_id"].to_numpy(dtype=np.int64)[rows]
    described = core[rows]
    counts = _counted(themes, vocabulary)
    weighed = _rank(_weigh(themes[described], vocabulary.of_use[described]), counts)
    own = _complete(weighed, counts, vocabulary)
    terms = own[_is_described(own, weighed)].reset_index(drop=True)
    near = nearest_terms(place_terms(rows, vocabulary, vectors), centres)
    spoken = terms.sort_values(["theme_id", "weight", "comment_count"], ascending=[True, False, False], kind="stable")
    spoken = pd.concat([spoken, _across(used, themes, set(terms["theme_id"]))])
    labels = name_themes(range(len(centres)), own, near, spoken, label_languages)
    return Description(terms, labels, partial(_model, used, assignments, vectors, core) if described.any() else None)


def _counted(themes: np.ndarray, vocabulary: Vocabulary) -> pd.DataFrame:
    """Return how many comments of each theme use each term: ``theme_id, language, number, term, comment_count``."""
    counts = count_comments(themes, vocabulary)
    number = counts["term"].to_numpy()
    return pd.DataFrame({"theme_id": counts["group"], "language": vocabulary.languages[number], "number": number,
                         "term": vocabulary.forms[number], "comment_count": counts["comment_count"]})


def _weigh(themes: np.ndarray, numbers: np.ndarray) -> pd.DataFrame:
    """Return the weight of each term in each theme that uses it: ``theme_id, number, weight``."""
    from workbench.themes.engine import weigh_used

    if not len(themes):
        return pd.DataFrame(columns=["theme_id", "number", "weight"])
    return weigh_used(pd.DataFrame({"theme_id": themes, "number": numbers}), "theme_id", "number")


def _model(used: pd.DataFrame, assignments: pd.DataFrame, vectors: np.ndarray, core: np.ndarray) -> BERTopic:
    from workbench.themes.engine import fit_bertopic

    tokens = used["language"] + _SEPARATOR + used["key"]
    documents = tokens.groupby(used["row"]).agg(" ".join).reindex(range(len(assignments)), fill_value="")
    rows = np.flatnonzero(core)
    return fit_bertopic(documents.iloc[rows].tolist(), vectors[rows], assignments["theme_id"].to_numpy()[rows])


def _rank(weights: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return each theme's terms by language, best first: only those that several comments of the theme use."""
    if not len(weights):
        return pd.DataFrame(columns=_COLUMNS)
    table = weights.merge(counts, on=["theme_id", "number"], how="left")
    most = table.groupby("theme_id")["comment_count"].transform("max")
    table = table[table["comment_count"] >= most.clip(_SHARED, _LEAST_COMMENTS)]  # few words: those of two
    table["weight"] = table["weight"].round(6)
    table = table.sort_values(["theme_id", "language", "weight", "term"], ascending=[True, True, False, True])
    table["rank"] = table.groupby(["theme_id", "language"]).cumcount() + 1
    return table.loc[table["rank"] <= _TERMS, _COLUMNS].reset_index(drop=True)


def _complete(weighed: pd.DataFrame, counts: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """Return the terms with rows for those languages of a theme in which too few for a name were weighed.

    One comment's words are no terms: two of the theme use each. They stand behind those that were weighed, in the order
    of the comments that use them there, and then of how much of a term's use is there.
    """
    by = ["theme_id", "language"]
    ranked = weighed.groupby(by).size()
    count = counts[counts["comment_count"].ge(_SHARED)]
    count = count[~pd.MultiIndex.from_frame(count[by]).isin(ranked.index[ranked >= LABEL_TERMS])]
    known = pd.MultiIndex.from_frame(weighed[[*by, "term"]])
    count = count[~pd.MultiIndex.from_frame(count[[*by, "term"]]).isin(known)]
    if not len(count):
        return weighed
    everywhere = count_comments(np.zeros_like(vocabulary.of_use), vocabulary)["comment_count"].to_numpy()
    count = count.assign(everywhere=everywhere[count["number"]])
    count = count.sort_values(["theme_id", "language", "comment_count", "everywhere", "term"],
                              ascending=[True, True, False, True, True])
    before = ranked.reindex(pd.MultiIndex.from_frame(count[by])).fillna(0).to_numpy(dtype=np.int64)
    count = count.assign(weight=0.0, rank=count.groupby(by).cumcount() + 1 + before)
    rows = pd.concat([weighed.astype(count[_COLUMNS].dtypes), count.loc[count["rank"] <= _TERMS, _COLUMNS]])
    return rows.sort_values(["theme_id", "language", "rank"], ignore_index=True)


def _is_described(own: pd.DataFrame, weighed: pd.DataFrame) -> np.ndarray:
    """Return which terms were weighed, or stand for a language in which none was."""
    by = ["theme_id", "language"]
    count = weighed.groupby(by).size().reindex(pd.MultiIndex.from_frame(own[by])).to_numpy()
    return np.isnan(count) | (own["rank"].to_numpy() <= count)


def _across(used: pd.DataFrame, themes: np.ndarray, described: set[int]) -> pd.DataFrame:
    """Return ``theme_id, term`` of themes in which no language has a term: words that comments in several share."""
    silent = (themes >= 0) & ~np.isin(themes, sorted(described))
    inside = used[silent].assign(theme_id=themes[silent])
    count = inside.groupby(["theme_id", "key"]).agg(comments=("comment", "nunique"), term=("surface", "min"))
    count = count[count["comments"] >= _SHARED].reset_index()
    count = count.sort_values(["theme_id", "comments", "key"], ascending=[True, False, True])
    return count.loc[count.groupby("theme_id").cumcount() < _TERMS, ["theme_id", "term"]]


@dataclass(frozen=True)
class TermPlaces:
    """Where terms lie among the statements: a row of unit length, a written form and a language each."""

    means: np.ndarray
    terms: np.ndarray
    languages: np.ndarray


def place_terms(rows: np.ndarray, vocabulary: Vocabulary, vectors: np.ndarray) -> TermPlaces:
    """Return the places of the terms that three comments use: of each, the mean of the statements that use it.

    Parameters
    ----------
    rows
        The statement of each use.
    vocabulary
        As `number_terms` returns it.
    vectors
        One a statement, shape ``(n, d)``.

    Examples
    --------
    >>> used = pd.DataFrame({"row": [0, 1, 2, 3], "comment": ["a", "b", "c", "d"], "language": ["fa", "fa", "fa", "en"],
    ...     "key": ["پیک", "پیک", "پیک", "late"], "surface": ["پیک", "پیک", "پیک", "late"]})
    >>> places = place_terms(used["row"].to_numpy(), number_terms(used), np.eye(4, dtype=np.float32))
    >>> places.terms.tolist(), (places.means * 9).astype(int).tolist()
    (['پیک'], [[5, 5, 5, 0]])
    """
    people = count_comments(np.zeros_like(vocabulary.of_use), vocabulary)["comment_count"].to_numpy()
    several = np.flatnonzero(people >= _LEAST_COMMENTS)
    uses = sorted_distinct(vocabulary.of_use * np.int64(len(vectors)) + rows)
    term, row = np.divmod(uses, max(len(vectors), 1))
    chosen = sp.csr_matrix((np.ones(len(uses), dtype=np.float32), (term, row)), (len(people), len(vectors)))[several]
    sums = np.asarray(chosen @ np.asarray(vectors, dtype=np.float32))
    means = sums / np.diff(chosen.indptr).astype(np.float32)[:, None]
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    return TermPlaces(means, vocabulary.forms[several], vocabulary.languages[several])


def nearest_terms(places: TermPlaces, centres: np.ndarray) -> pd.DataFrame:
    """Return, for each theme and language, the language's terms by nearness to the theme's centre.

    A term that is less than three tenths as near to it as to the centre that is nearest to the term is none of its.
    """
    columns = ["theme_id", "language", "term", "similarity"]
    if not len(places.terms) or not len(centres):
        return pd.DataFrame(columns=columns)
    similar = np.round(places.means @ centres.T, 4)
    parts = [_nearest(similar, places.terms, np.flatnonzero(places.languages == language), language)
             for language in sorted(set(places.languages))]
    table = pd.concat(parts).sort_values(["theme_id", "language"], kind="stable", ignore_index=True)
    return table.loc[table["similarity"] >= _NEAR * table["nearest"], columns].reset_index(drop=True)


def _nearest(similar: np.ndarray, terms: np.ndarray, rows: np.ndarray, language: str) -> pd.DataFrame:
    """Return the terms of one language nearest to each theme, ties in alphabetical order."""
    rows = rows[np.argsort(terms[rows], kind="stable")]
    near = rows[_largest(similar[rows].T)]
    themes = np.repeat(np.arange(len(near)), near.shape[1])
    return pd.DataFrame({"theme_id": themes, "language": language, "term": terms[near.ravel()],
                         "similarity": similar[near.ravel(), themes],
                         "nearest": similar[near.ravel()].max(axis=1)})


def _largest(values: np.ndarray) -> np.ndarray:
    """Return the places of the ten largest of each row, of values rounded to four digits; ties by place."""
    width = values.shape[1]
    keys = -np.rint(values * 10_000).astype(np.int64) * width + np.arange(width)
    if width > _TERMS:
        keys = np.partition(keys, _TERMS - 1, axis=1)[:, :_TERMS]
    return np.sort(keys, axis=1) % width

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

from workbench.themes.naming import name_themes
from workbench.themes.words import find_terms, written_forms

if TYPE_CHECKING:
    from bertopic import BERTopic

    from workbench.language.glossary import Glossary

_TERMS = 10
_LEAST_COMMENTS = 3
_SHARED = 2  # one person's words are not what a language says
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
    core = assignments["is_core"].to_numpy() & (assignments["theme_id"] >= 0).to_numpy()
    rows = used["row"].to_numpy(dtype=np.int64)
    described = core[rows]
    weights = pd.DataFrame(columns=["theme_id", "language", "key", "weight"])
    if described.any():
        weights = _weigh(used[described], assignments["theme_id"].to_numpy()[rows[described]])
    forms = written_forms(used)
    weighed = _rank(weights, forms, used, assignments)
    terms = _complete(weighed, forms, used, assignments)
    near = nearest_terms(place_terms(used, forms, vectors), centres)
    spoken = terms.sort_values(["theme_id", "weight", "comment_count"], ascending=[True, False, False], kind="stable")
    spoken = pd.concat([spoken, _across(used, assignments, set(terms["theme_id"]))])
    labels = name_themes(range(len(centres)), weighed, near, spoken, label_languages)
    return Description(terms, labels, partial(_model, used, assignments, vectors, core) if described.any() else None)


def _weigh(used: pd.DataFrame, themes: np.ndarray) -> pd.DataFrame:
    from workbench.themes.engine import weigh_used

    tokens = pd.DataFrame({"theme_id": themes, "token": used["language"] + _SEPARATOR + used["key"]})
    weights = weigh_used(tokens, "theme_id", "token")
    parts = weights["token"].str.split(_SEPARATOR, n=1, expand=True)
    return pd.DataFrame({"theme_id": weights["theme_id"], "language": parts[0], "key": parts[1],
                         "weight": weights["weight"]})


def _model(used: pd.DataFrame, assignments: pd.DataFrame, vectors: np.ndarray, core: np.ndarray) -> BERTopic:
    from workbench.themes.engine import fit_bertopic

    tokens = used["language"] + _SEPARATOR + used["key"]
    documents = tokens.groupby(used["row"]).agg(" ".join).reindex(range(len(assignments)), fill_value="")
    rows = np.flatnonzero(core)
    return fit_bertopic(documents.iloc[rows].tolist(), vectors[rows], assignments["theme_id"].to_numpy()[rows])


def _rank(weights: pd.DataFrame, forms: pd.Series, used: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return each theme's terms by language, best first: only those that several comments of the theme use."""
    if not len(weights):
        return pd.DataFrame(columns=_COLUMNS)
    theme = assignments["theme_id"].to_numpy()[used["row"].to_numpy()]
    seen = used.assign(theme_id=theme).groupby(["theme_id", "language", "key"])["comment"].nunique()
    table = weights.join(seen.rename("comment_count"), on=["theme_id", "language", "key"])
    most = table.groupby("theme_id")["comment_count"].transform("max")
    table = table[table["comment_count"] >= most.clip(_SHARED, _LEAST_COMMENTS)]  # few words: those of two
    table["term"] = forms.reindex(pd.MultiIndex.from_frame(table[["language", "key"]])).to_numpy()
    table["weight"] = table["weight"].round(6)
    table = table.sort_values(["theme_id", "language", "weight", "term"], ascending=[True, True, False, True])
    table["rank"] = table.groupby(["theme_id", "language"]).cumcount() + 1
    return table.loc[table["rank"] <= _TERMS, _COLUMNS].reset_index(drop=True)


def _complete(weighed: pd.DataFrame, forms: pd.Series, used: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return the terms with rows for those languages of a theme in which no term was weighed.

    One comment's words are no terms: two of the theme use each. They stand in the order of the comments that use them
    there, and then of how much of a term's use is there.
    """
    theme = assignments["theme_id"].to_numpy()[used["row"].to_numpy(dtype=np.int64)]
    inside = used.assign(theme_id=theme)[theme >= 0]
    by = ["theme_id", "language", "key"]
    count = inside.groupby(by)["comment"].nunique().rename("comment_count").reset_index()
    known = pd.MultiIndex.from_frame(weighed[by[:2]])
    count = count[~pd.MultiIndex.from_frame(count[by[:2]]).isin(known) & count["comment_count"].ge(_SHARED)]
    if not len(count):
        return weighed
    everywhere = used.groupby(by[1:])["comment"].nunique().rename("everywhere")
    count = count.join(everywhere, on=by[1:])
    count["term"] = forms.reindex(pd.MultiIndex.from_frame(count[by[1:]])).to_numpy()
    count = count.sort_values(["theme_id", "language", "comment_count", "everywhere", "term"],
                              ascending=[True, True, False, True, True])
    count = count.assign(weight=0.0, rank=count.groupby(by[:2]).cumcount() + 1)
    rows = pd.concat([weighed.astype(count[_COLUMNS].dtypes), count.loc[count["rank"] <= _TERMS, _COLUMNS]])
    return rows.sort_values(["theme_id", "language", "rank"], ignore_index=True)


def _across(used: pd.DataFrame, assignments: pd.DataFrame, described: set[int]) -> pd.DataFrame:
    """Return ``theme_id, term`` of themes in which no language has a term: words that comments in several share."""
    theme = assignments["theme_id"].to_numpy()[used["row"].to_numpy(dtype=np.int64)]
    inside = used.assign(theme_id=theme)[(theme >= 0) & ~np.isin(theme, sorted(described))]
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


def place_terms(used: pd.DataFrame, forms: pd.Series, vectors: np.ndarray) -> TermPlaces:
    """Return the places of the terms that three comments use: of each, the mean of the statements that use it.

    Parameters
    ----------
    used
        As `find_terms` returns it.
    forms
        As `written_forms` returns it.
    vectors
        One a statement, shape ``(n, d)``.

    Examples
    --------
    >>> used = pd.DataFrame({"row": [0, 1, 2, 3], "comment": ["a", "b", "c", "d"], "language": ["fa", "fa", "fa", "en"],
    ...     "key": ["پیک", "پیک", "پیک", "late"], "surface": ["پیک", "پیک", "پیک", "late"]})
    >>> places = place_terms(used, written_forms(used), np.eye(4, dtype=np.float32))
    >>> places.terms.tolist(), (places.means * 9).astype(int).tolist()
    (['پیک'], [[5, 5, 5, 0]])
    """
    nowhere = TermPlaces(np.zeros((0, np.shape(vectors)[1]), dtype=np.float32), *np.zeros((2, 0), dtype=object))
    if not len(used):
        return nowhere
    groups, found = pd.factorize(pd.MultiIndex.from_frame(used[["language", "key"]]), sort=True)
    people = pd.DataFrame({"group": groups, "comment": used["comment"]}).drop_duplicates()["group"]
    several = np.flatnonzero(np.bincount(people, minlength=len(found)) >= _LEAST_COMMENTS)
    if not len(several):
        return nowhere
    uses = pd.DataFrame({"group": groups, "row": used["row"].to_numpy(dtype=np.int64)}).drop_duplicates()
    chosen = sp.csr_matrix((np.ones(len(uses), dtype=np.float32), (uses["group"], uses["row"])),
                           (len(found), len(vectors)))[several]
    sums = np.asarray(chosen @ np.asarray(vectors, dtype=np.float32))
    means = sums / np.diff(chosen.indptr).astype(np.float32)[:, None]
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    return TermPlaces(means, forms.reindex(found[several]).to_numpy(dtype=object),
                      found[several].get_level_values(0).to_numpy(dtype=object))


def nearest_terms(places: TermPlaces, centres: np.ndarray) -> pd.DataFrame:
    """Return, for each theme and language, the language's terms by nearness to the theme's centre."""
    columns = ["theme_id", "language", "term", "similarity"]
    if not len(places.terms) or not len(centres):
        return pd.DataFrame(columns=columns)
    similar = np.round(places.means @ centres.T, 4)
    parts = [_nearest(similar, places.terms, np.flatnonzero(places.languages == language), language)
             for language in sorted(set(places.languages))]
    return pd.concat(parts).sort_values(["theme_id", "language"], kind="stable", ignore_index=True)[columns]


def _nearest(similar: np.ndarray, terms: np.ndarray, rows: np.ndarray, language: str) -> pd.DataFrame:
    """Return the terms of one language nearest to each theme, ties in alphabetical order."""
    rows = rows[np.argsort(terms[rows], kind="stable")]
    near = np.stack([rows[np.argsort(-column, kind="stable")[:_TERMS]] for column in similar[rows].T])
    themes = np.repeat(np.arange(len(near)), near.shape[1])
    return pd.DataFrame({"theme_id": themes, "language": language, "term": terms[near.ravel()],
                         "similarity": similar[near.ravel(), themes]})

"""What each theme says, language by language, and what it is called.

Assignment, description and label are three things: none of them changes another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.feedback import redact
from workbench.language import count_terms, script_of

if TYPE_CHECKING:
    from bertopic import BERTopic

    from workbench.language.glossary import Glossary

_TERMS = 10
_LABEL_TERMS = 3
_LEAST_COMMENTS = 3
_SEPARATOR = "\u241f"
_SCRIPTS = {"ar": ("Arab",), "fa": ("Arab",), "ur": ("Arab",), "hi": ("Deva",), "ru": ("Cyrl",), "zh": ("Hani",),
            "ja": ("Hani", "Hira", "Kana", "Jpan")}
_PLACEHOLDER = re.compile(r"\[\w+\]")


@dataclass(frozen=True)
class Description:
    """Terms and labels of all themes, and the BERTopic object that weighed the terms."""

    terms: pd.DataFrame
    labels: pd.DataFrame
    model: BERTopic | None


def describe(statements: pd.DataFrame, assignments: pd.DataFrame, vectors: np.ndarray, centres: np.ndarray,
             label_languages: tuple[str, ...], *, glossary: Glossary | None = None,
             order_number: str | None = None) -> Description:
    """Return what each language says in each theme, and a name in each reading language.

    Terms are weighed by class-based TF-IDF (Grootendorst 2022) over the core statements of each theme, each
    language's terms being kept apart, and shown in their commonest written form. Terms of one concept of the
    glossary are one term.

    Returns
    -------
    Description
        ``terms``: ``theme_id, language, rank, term, weight, comment_count``;
        ``labels``: ``theme_id, language, label, is_borrowed``. A label is borrowed when nobody wrote in that
        language within the theme: then the language's terms nearest to the theme's centre are used.
    """
    used = _term_table(statements, glossary, order_number)
    core = assignments["is_core"].to_numpy() & (assignments["theme_id"] >= 0).to_numpy()
    model = None
    weights = pd.DataFrame(columns=["theme_id", "language", "key", "weight"])
    if core.any() and len(used):
        model, weights = _weigh(used, assignments, vectors, core)
    surfaces = _surfaces(used)
    terms = _rank(weights, surfaces, used, assignments)
    near = _nearest_terms(used, surfaces, vectors, centres)
    labels = _name(terms, near, len(centres), label_languages)
    return Description(terms, labels, model)


def _term_table(statements: pd.DataFrame, glossary: Glossary | None = None, order_number: str | None = None
                ) -> pd.DataFrame:
    """Return one row a term of a statement: ``row, comment, language, key, surface``; personal data are no terms."""
    rows: list[tuple[int, str, str, str, str]] = []
    count = count_terms if glossary is None else glossary.count_terms
    parts = (statements["feedback_id"], statements["text"], statements["language"])
    for row, (comment, text, language) in enumerate(zip(*parts, strict=True)):
        shown = _PLACEHOLDER.sub(" ", redact(text, order_number=order_number))
        rows.extend((row, comment, language, _one_word(key), surface) for key, surface in count(shown, language))
    return pd.DataFrame(rows, columns=["row", "comment", "language", "key", "surface"])


def _one_word(key: str) -> str:
    return "_".join(key.split())


def _weigh(used: pd.DataFrame, assignments: pd.DataFrame, vectors: np.ndarray, core: np.ndarray
           ) -> tuple[BERTopic, pd.DataFrame]:
    from workbench.themes.engine import fit_bertopic

    tokens = used["language"] + _SEPARATOR + used["key"]
    documents = tokens.groupby(used["row"]).agg(" ".join).reindex(range(len(assignments)), fill_value="")
    rows = np.flatnonzero(core)
    themes = assignments["theme_id"].to_numpy()[rows]
    model = fit_bertopic(documents.iloc[rows].tolist(), vectors[rows], themes)
    theme_of = dict(zip(model.topics_, themes.tolist(), strict=True))
    matrix = model.c_tf_idf_.tocoo()
    vocabulary = pd.Series(model.vectorizer_model.get_feature_names_out())
    parts = vocabulary.str.split(_SEPARATOR, n=1, expand=True)
    topic_rows = sorted(theme_of)
    return model, pd.DataFrame({
        "theme_id": [theme_of[topic_rows[row]] for row in matrix.row],
        "language": parts[0].to_numpy()[matrix.col],
        "key": parts[1].to_numpy()[matrix.col],
        "weight": matrix.data,
    })


def _surfaces(used: pd.DataFrame) -> pd.Series:
    """Return the commonest written form of each key, ties to the shorter and then the earlier in the alphabet.

    A word that is also written small is shown small, except in German: it was large for opening a sentence.
    """
    small = used["surface"].str.lower()
    seen = set(zip(used["language"], used["surface"], strict=True))
    pairs = zip(used["language"], small, strict=True)
    also = np.array([language != "de" and (language, word) in seen for language, word in pairs], dtype=bool)
    used = used.assign(surface=np.where(also, small, used["surface"]))
    counts = used.groupby(["language", "key", "surface"]).size().rename("n").reset_index()
    counts["length"] = counts["surface"].str.len()
    counts = counts.sort_values(["n", "length", "surface"], ascending=[False, True, True])
    return counts.drop_duplicates(["language", "key"]).set_index(["language", "key"])["surface"]


def _rank(weights: pd.DataFrame, surfaces: pd.Series, used: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return each theme's terms by language, best first: only those that several comments of the theme use."""
    columns = ["theme_id", "language", "rank", "term", "weight", "comment_count"]
    if not len(weights):
        return pd.DataFrame(columns=columns)
    theme = assignments["theme_id"].to_numpy()[used["row"].to_numpy()]
    seen = used.assign(theme_id=theme).groupby(["theme_id", "language", "key"])["comment"].nunique()
    table = weights.join(seen.rename("comment_count"), on=["theme_id", "language", "key"])
    most = table.groupby("theme_id")["comment_count"].transform("max")
    table = table[table["comment_count"] >= most.clip(2, _LEAST_COMMENTS)]  # a theme of few words shows those of two
    table["term"] = surfaces.reindex(pd.MultiIndex.from_frame(table[["language", "key"]])).to_numpy()
    table["weight"] = table["weight"].round(6)
    table = table.sort_values(["theme_id", "language", "weight", "term"], ascending=[True, True, False, True])
    table["rank"] = table.groupby(["theme_id", "language"]).cumcount() + 1
    return table.loc[table["rank"] <= _TERMS, columns].reset_index(drop=True)


def _nearest_terms(used: pd.DataFrame, surfaces: pd.Series, vectors: np.ndarray, centres: np.ndarray) -> pd.DataFrame:
    """Return, for each theme and language, the language's terms by nearness to the theme's centre.

    A term's place is the mean of the statements that use it.
    """
    columns = ["theme_id", "language", "term", "similarity"]
    if not len(used) or not len(centres):
        return pd.DataFrame(columns=columns)
    several = used.groupby(["language", "key"])["comment"].transform("nunique") >= _LEAST_COMMENTS
    groups = used[several].groupby(["language", "key"])["row"].unique()
    if not len(groups):
        return pd.DataFrame(columns=columns)
    means = np.stack([vectors[rows].mean(axis=0) for rows in groups])
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    similar = np.round(means @ centres.T, 4)
    languages = groups.index.get_level_values("language").to_numpy()
    terms = surfaces.reindex(groups.index).to_numpy()
    theme, row = np.meshgrid(np.arange(len(centres)), np.arange(len(groups)))
    table = pd.DataFrame({"theme_id": theme.ravel(), "language": languages[row.ravel()],
                          "term": terms[row.ravel()], "similarity": similar.ravel()})
    table = table.sort_values(["theme_id", "language", "similarity", "term"], ascending=[True, True, False, True])
    return table[table.groupby(["theme_id", "language"]).cumcount() < _TERMS].reset_index(drop=True)


def _name(terms: pd.DataFrame, near: pd.DataFrame, count: int, languages: tuple[str, ...]) -> pd.DataFrame:
    """Return a label for each theme in each reading language; no label is used twice in a language."""
    own = {group: list(part["term"]) for group, part in terms.groupby(["theme_id", "language"])}
    borrowed = {group: list(part["term"]) for group, part in near.groupby(["theme_id", "language"])}
    spoken = {theme: list(part["term"]) for theme, part in
              terms.sort_values(["theme_id", "weight"], ascending=[True, False], kind="stable").groupby("theme_id")}
    rows: list[tuple[int, str, str, bool]] = []
    for language in languages:
        taken: set[str] = set()
        for theme in range(count):
            words = own.get((theme, language), [])
            is_borrowed = len(words) < _LABEL_TERMS
            pool = words + [word for word in borrowed.get((theme, language), []) if word not in words]
            pool = _in_own_script(pool, language) or spoken.get(theme, [])
            label = _free_label(pool, taken) or f"{theme + 1}"
            taken.add(label)
            rows.append((theme, language, label, is_borrowed))
    table = pd.DataFrame(rows, columns=["theme_id", "language", "label", "is_borrowed"])
    return table[table["theme_id"] != UNASSIGNED_THEME]


def _in_own_script(words: list[str], language: str) -> list[str]:
    """Return the words in the language's own letters first: a Persian label is not made of Latin letters."""
    scripts = _SCRIPTS.get(language)
    if scripts is None:
        return words
    return sorted(words, key=lambda word: script_of(word) not in scripts)


def _free_label(pool: list[str], taken: set[str]) -> str:
    """Join the first terms of the pool, going on to later ones while the label is taken."""
    for last in range(_LABEL_TERMS - 1, max(len(pool), _LABEL_TERMS)):
        chosen = [*pool[: _LABEL_TERMS - 1], *pool[last : last + 1]]
        label = " · ".join(chosen)
        if label and label not in taken:
            return label
    return ""

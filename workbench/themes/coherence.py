"""Do the terms of a theme belong together, and do themes differ in their terms? Language by language."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.columns import is_among

_TERMS = 6
_LEAST_COMMENTS = 20


def measure_coherence(used: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Return how much the terms of each theme occur together in comments, by language, beside terms of other themes.

    The normalised pointwise mutual information of two terms is -1 where they never occur in one comment, 0 where they
    do as often as by chance, 1 where always. A theme's coherence is the mean over the pairs of its first six weighed
    terms in the language; the window is the whole comment. In short comments most pairs never meet, so the figure
    says something only beside the same mean over pairs of terms from different themes.

    Languages with fewer than 20 comments are not measured, nor are themes with a single term in the language.

    Parameters
    ----------
    used
        As `find_terms` returns it.
    terms
        ``theme_id, language, rank, term, weight``.

    Returns
    -------
    pandas.DataFrame
        ``theme_id, language, value, n`` (pairs), ``across`` (the mean over pairs from different themes).

    Notes
    -----
    Sources: Bouma (2009), Normalized pointwise mutual information; Lau, Newman and Baldwin (2014), Machine reading
    tea leaves.

    Examples
    --------
    >>> words = {0: ["پیک", "دیر"], 1: ["قبض", "گران"]}
    >>> rows = [(n, "fa", word, word) for n in range(20) for word in words[n % 2]]
    >>> used = pd.DataFrame(rows, columns=["comment", "language", "key", "surface"])
    >>> terms = pd.DataFrame({"theme_id": [0, 0, 1, 1], "language": "fa", "rank": [1, 2, 1, 2], "weight": 1.0,
    ...     "term": words[0] + words[1]})
    >>> measure_coherence(used, terms).values.tolist()
    [[0, 'fa', 1.0, 1, -1.0], [1, 'fa', 1.0, 1, -1.0]]
    """
    columns = ["theme_id", "language", "value", "n", "across"]
    keys = _keys_of(terms[(terms["rank"] <= _TERMS) & (terms["weight"] > 0)], used)
    comments = used.groupby("language")["comment"].nunique()
    keys = keys[keys["language"].map(comments) >= _LEAST_COMMENTS]
    if not len(keys):
        return pd.DataFrame(columns=columns)
    known = keys[["language", "key"]].drop_duplicates().sort_values(["language", "key"], ignore_index=True)
    known["term"], known["comments"] = known.index, known["language"].map(comments)
    npmi = _npmi_of_all(known, used)
    own = keys[["language", "theme_id", "key"]].merge(known, on=["language", "key"]).drop_duplicates()
    own = own[["language", "theme_id", "term"]]
    pairs = own.merge(own, on=["language", "theme_id"])
    pairs = pairs[pairs["term_x"] < pairs["term_y"]]
    # pairs that never meet are stored as 0, which stands for -1
    pairs["above"] = np.asarray(npmi[pairs["term_x"].to_numpy(), pairs["term_y"].to_numpy()]).ravel()
    found = pairs.groupby(["language", "theme_id"])["above"].agg(above="sum", n="size").reset_index()
    found["value"] = (found["above"] / found["n"] - 1).round(4)
    across = _across(known["language"], npmi, found.groupby("language")[["above", "n"]].sum())
    return found.assign(across=found["language"].map(across))[columns]


def _across(languages: pd.Series, npmi: sp.csr_matrix, within: pd.DataFrame) -> pd.Series:
    """Return the mean over the pairs of each language's terms that stand in different themes."""
    terms = languages.value_counts().reindex(within.index)
    others = terms * (terms - 1) // 2 - within["n"]
    above = pd.Series(np.asarray(npmi.sum(axis=1)).ravel()).groupby(languages).sum() - within["above"]
    return (above / others.where(others > 0) - 1).round(4)


def _keys_of(terms: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Return the terms with the key that their written form is counted under most often."""
    terms, small = terms.assign(term=terms["term"].str.lower()), used["surface"].str.lower()
    sought = is_among(small, terms["term"])
    counts = used.loc[sought, ["language", "key"]].assign(term=small[sought], surface=used["surface"])
    counts = counts.groupby(["language", "term", "surface", "key"]).size().rename("n").reset_index()
    known = counts.sort_values(["n", "key"], ascending=[False, True]).drop_duplicates(["language", "term"])
    return terms.merge(known[["language", "term", "key"]], on=["language", "term"])


def _npmi_of_all(known: pd.DataFrame, used: pd.DataFrame) -> sp.csr_matrix:
    """Return 1 more than the value of each pair of terms of a language that meet in a comment, in the upper half."""
    uses = used.loc[is_among(used["key"], known["key"]), ["language", "key", "comment"]]
    uses = uses.merge(known, on=["language", "key"]).drop_duplicates(["term", "comment"])
    said = uses.groupby(["language", "comment"], sort=False).ngroup()
    holds = sp.csr_matrix((np.ones(len(uses)), (said, uses["term"])), (int(said.max()) + 1, len(known)))
    met = sp.coo_matrix(sp.triu(holds.T @ holds, k=1))
    alone = np.asarray(holds.sum(axis=0)).ravel()
    total = known["comments"].to_numpy(dtype=float)[met.row]
    return sp.csr_matrix((_npmi(met.data, alone[met.row], alone[met.col], total) + 1, (met.row, met.col)), met.shape)


def _npmi(joint: np.ndarray, left: np.ndarray, right: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the value of each pair that meets; one that every comment holds counts as 1, its limit."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(joint * total / (left * right)) / -np.log(joint / total)
    return np.where(joint >= total, 1.0, value)


def measure_diversity(terms: pd.DataFrame) -> pd.DataFrame:
    """Return, for each language, the share of the themes' first weighed terms that stand in one theme only.

    1 where no term stands in two themes; low values say that themes repeat each other.

    Source: Dieng, Ruiz and Blei (2020), Topic modeling in embedding spaces, whose share counts distinct terms.

    Returns
    -------
    pandas.DataFrame
        ``language, value, n`` (terms).

    Examples
    --------
    >>> terms = pd.DataFrame({"theme_id": [0, 0, 1, 1], "language": "ar", "rank": [1, 2, 1, 2],
    ...     "weight": 1.0, "term": ["سعر", "غالي", "سعر", "بطيء"]})
    >>> measure_diversity(terms).values.tolist()
    [['ar', 0.5, 4]]
    """
    first = terms[(terms["rank"] <= _TERMS) & (terms["weight"] > 0)]
    if not len(first):
        return pd.DataFrame(columns=["language", "value", "n"])
    alone = ~first.duplicated(["language", "term"], keep=False)
    found = alone.groupby(first["language"]).agg(["mean", "size"]).reset_index()
    found.columns = ["language", "value", "n"]
    return found.assign(value=found["value"].astype(float).round(4))

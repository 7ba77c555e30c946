"""Do the terms of a theme belong together, and do themes differ in their terms? Language by language."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

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
    parts = []
    keys = _keys_of(terms[(terms["rank"] <= _TERMS) & (terms["weight"] > 0)], used)
    comments = used.groupby("language")["comment"].nunique()
    for language, part in keys.groupby("language", sort=True):
        if comments.get(str(language), 0) >= _LEAST_COMMENTS:
            parts.append(_of_language(part, used[used["language"] == language]).assign(language=language))
    columns = ["theme_id", "language", "value", "n", "across"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _keys_of(terms: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Return the terms with the key that their written form is counted under most often."""
    counts = used.groupby(["language", "surface", "key"]).size().rename("n").reset_index()
    folded = counts.assign(term=counts["surface"].str.lower()).sort_values(["n", "key"], ascending=[False, True])
    known = folded.drop_duplicates(["language", "term"])[["language", "term", "key"]]
    return terms.assign(term=terms["term"].str.lower()).merge(known, on=["language", "term"])


def _of_language(terms: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    keys = pd.Index(sorted(set(terms["key"])))
    mine = used[used["key"].isin(keys)].drop_duplicates(["comment", "key"])
    total = used["comment"].nunique()
    rows, _ = pd.factorize(mine["comment"])
    shape = (int(rows.max(initial=-1)) + 1, len(keys))
    holds = sp.csr_matrix((np.ones(len(mine)), (rows, keys.get_indexer(mine["key"]))), shape)
    met = sp.coo_matrix(sp.triu(holds.T @ holds, k=1))
    alone = np.asarray(holds.sum(axis=0)).ravel()
    npmi = sp.csr_matrix((_npmi(met.data, alone[met.row], alone[met.col], total) + 1, (met.row, met.col)), met.shape)
    within, pairs, rows_of_themes = 0.0, 0, []
    for theme, part in terms.groupby("theme_id", sort=True):
        index = np.sort(keys.get_indexer(pd.Index(part["key"].unique())))
        count = len(index) * (len(index) - 1) // 2
        if count:
            above = float(npmi[index][:, index].sum())  # pairs that never meet are stored as 0, which stands for -1
            rows_of_themes.append((theme, round(above / count - 1, 4), count))
            within, pairs = within + above, pairs + count
    others = len(keys) * (len(keys) - 1) // 2 - pairs
    across = round((float(npmi.sum()) - within) / others - 1, 4) if others > 0 else float("nan")
    return pd.DataFrame(rows_of_themes, columns=["theme_id", "value", "n"]).assign(across=across)


def _npmi(joint: np.ndarray, left: np.ndarray, right: np.ndarray, total: int) -> np.ndarray:
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

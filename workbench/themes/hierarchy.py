"""Themes within groups within areas: two or three levels, and what each group is called."""

from __future__ import annotations

from math import ceil

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED, UNASSIGNED_THEME
from workbench.themes.describe import nearest_terms, place_terms
from workbench.themes.naming import name_themes
from workbench.themes.prepare import unit_length
from workbench.themes.share import share_interval
from workbench.themes.voices import widen_intervals
from workbench.themes.words import Vocabulary, count_comments, number_terms

PREFIXES = ("area", "group", "theme")
GROUP_COLUMNS = ["level", "group_id", "parent_id", "label", "label_language", "theme_ids", "theme_count",
                 "comment_count", "comment_share", "comment_share_low", "comment_share_high"]
_ONE_LEVEL, _TWO_LEVELS = 4, 12  # themes from which on there are groups, and groups within areas
_CANDIDATES = 60
_TERMS, _LEAST_COMMENTS = 10, 3


def nest_themes(theme_ids: list[int], centres: np.ndarray) -> pd.DataFrame:
    """Return where each theme stands in the hierarchy, from coarse to fine.

    The centres are joined by average linkage of their cosine distances. From four themes on there are areas, from
    twelve on groups within the areas. Each level is cut where the mean silhouette is greatest: areas among 2 up to
    the square root of the number of themes (but 3 at least), groups among more than that up to half of the themes.

    An area or group is called after its lowest theme id, so its id stays as long as that theme stays in it.

    Parameters
    ----------
    theme_ids
        k themes, without -1.
    centres
        Unit length, shape ``(k, d)``.

    Returns
    -------
    pandas.DataFrame
        ``theme_id``, the levels that there are of ``area`` and ``group``, and ``theme``: ids as text.

    Notes
    -----
    Sources: Sokal and Michener (1958), average linkage; Rousseeuw (1987), Silhouettes.

    Examples
    --------
    >>> around = np.array([[1, 0.1], [1, 0], [0, 1], [0.1, 1]]) / 1.005
    >>> nest_themes([0, 1, 2, 5], around)["area"].tolist()
    ['area-0', 'area-0', 'area-2', 'area-2']
    """
    nested = pd.DataFrame({"theme_id": np.asarray(theme_ids, dtype=np.int64)})
    count = len(nested)
    if count >= _ONE_LEVEL:
        distances = _distances(centres)
        widest = max(3, round(count**0.5))
        areas = _cut(distances, 2, widest)
        nested["area"] = _ids(areas, theme_ids, "area")
        found = len(set(areas.tolist()))
        if count >= _TWO_LEVELS:
            nested["group"] = _ids(_cut(distances, found + 1, max(found + 1, ceil(count / 2))), theme_ids, "group")
    nested["theme"] = [f"theme-{theme}" for theme in theme_ids]
    return nested


def _distances(centres: np.ndarray) -> np.ndarray:
    unit = unit_length(np.asarray(centres, dtype=np.float64))
    distances: np.ndarray = np.clip(np.round(1.0 - unit @ unit.T, 5), 0, 2)
    np.fill_diagonal(distances, 0.0)
    return np.maximum(distances, distances.T)


def _cut(distances: np.ndarray, fewest: int, most: int) -> np.ndarray:
    """Return the partition of greatest silhouette between `fewest` and `most` clusters, ties to the fewer."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics import silhouette_score

    tree = linkage(squareform(distances, checks=False), method="average")
    most = min(most, len(distances) - 1)
    best, best_score = np.ones(len(distances), dtype=np.int64), -2.0
    for count in sorted({round(step) for step in np.linspace(fewest, most, min(_CANDIDATES, most - fewest + 1))}):
        labels = fcluster(tree, count, criterion="maxclust")
        if 1 < len(set(labels.tolist())) < len(labels):
            score = round(float(silhouette_score(distances, labels, metric="precomputed")), 6)
            if score > best_score:
                best, best_score = labels, score
    return best


def _ids(labels: np.ndarray, theme_ids: list[int], prefix: str) -> list[str]:
    frame = pd.DataFrame({"label": labels, "theme": theme_ids})
    return [f"{prefix}-{lowest}" for lowest in frame.groupby("label")["theme"].transform("min")]


def levels_of(nested: pd.DataFrame) -> list[str]:
    """Return the levels of a hierarchy, coarse to fine.

    Examples
    --------
    >>> levels_of(nest_themes([0, 1], np.eye(2)))
    ['theme']
    """
    check_tables(nested=nested)
    return [name for name in PREFIXES if name in nested]


def name_groups(nested: pd.DataFrame, centres: np.ndarray, used: pd.DataFrame, themes_of_rows: np.ndarray,
                vectors: np.ndarray, labels: pd.DataFrame) -> pd.DataFrame:
    """Return what each area, group and theme is called in each reading language.

    A group of one theme is called as the theme is; apart from that no label is used twice, on whatever level. The
    others are named by class-based TF-IDF, as themes are, over
    the terms of all their themes: what sets the group apart from the other groups of its level.

    Parameters
    ----------
    nested
        As `nest_themes` returns it.
    centres
        In its order.
    used
        As `find_terms` returns it.
    themes_of_rows
        The theme of each statement, in the order of `vectors`.
    vectors
        One a statement.
    labels
        ``theme_id, language, label``: what the themes are called.

    Returns
    -------
    pandas.DataFrame
        ``group_id, language, label``.
    """
    check_tables(nested=nested, used=used, labels=labels)
    languages = tuple(dict.fromkeys(labels["language"]))
    given = {(int(theme), language): label for theme, language, label in
             zip(labels["theme_id"], labels["language"], labels["label"], strict=True)}
    vocabulary, rows = number_terms(used), used["row"].to_numpy(dtype=np.int64)
    places = place_terms(rows, vocabulary, vectors)
    parts: list[pd.DataFrame] = []
    reserved = {(-1 - number, language): label for number, ((_, language), label) in enumerate(given.items())}
    for level in levels_of(nested):
        codes, ids = pd.factorize(nested[level])
        members = [nested.loc[codes == code, "theme_id"].tolist() for code in range(len(ids))]
        single = {(code, language): given[themes[0], language] for code, themes in enumerate(members)
                  for language in languages if len(themes) == 1 and (themes[0], language) in given}
        own = _terms_of(vocabulary, _lookup(nested["theme_id"], codes, themes_of_rows)[rows], len(ids))
        near = nearest_terms(places, _middles(centres, codes, len(ids)))
        named = name_themes(range(len(ids)), own, near, own.sort_values(
            ["theme_id", "weight", "term"], ascending=[True, False, True]), languages, reserved | single)
        several = ~pd.MultiIndex.from_frame(named[["theme_id", "language"]]).isin(list(single))
        reserved |= {(-1 - len(reserved) - number, language): label for number, (language, label) in
                     enumerate(zip(named.loc[several, "language"], named.loc[several, "label"], strict=True))}
        parts.append(pd.DataFrame({"group_id": np.asarray(ids)[named["theme_id"]], "language": named["language"],
                                   "label": named["label"]}))
    return pd.concat(parts, ignore_index=True)


def _lookup(theme_ids: pd.Series, codes: np.ndarray, themes_of_rows: np.ndarray) -> np.ndarray:
    found = pd.Series(codes, index=theme_ids).reindex(themes_of_rows, fill_value=UNASSIGNED_THEME)
    return found.to_numpy(dtype=np.int64)


def _middles(centres: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    sums = np.zeros((count, centres.shape[1]))
    np.add.at(sums, codes, np.asarray(centres, dtype=np.float64))
    return unit_length(sums.astype(np.float32))


def _terms_of(vocabulary: Vocabulary, group_of_uses: np.ndarray, count: int) -> pd.DataFrame:
    """Return each group's terms by language, best first, weighed over the groups of a level."""
    from workbench.themes.engine import weigh_classes

    counts = count_comments(group_of_uses, vocabulary).rename(columns={"group": "theme_id", "term": "number"})
    if not len(counts):
        return pd.DataFrame(columns=["theme_id", "language", "term", "weight"])
    keys, numbers = pd.factorize(counts["number"])
    shape = (count, len(numbers))
    weights = weigh_classes(sp.csr_matrix((counts["comment_count"].astype(float), (counts["theme_id"], keys)), shape))
    weights.sum_duplicates()  # in order, a cell is found at once
    counts["weight"] = np.asarray(weights[counts["theme_id"].to_numpy(), keys]).ravel().round(6)
    counts["language"] = vocabulary.languages[counts["number"]]
    counts["term"] = vocabulary.forms[counts["number"]]
    most = counts.groupby("theme_id")["comment_count"].transform("max")
    counts = counts[counts["comment_count"] >= most.clip(1, _LEAST_COMMENTS)]
    counts = counts.sort_values(["theme_id", "language", "weight", "term"], ascending=[True, True, False, True])
    return counts[counts.groupby(["theme_id", "language"]).cumcount() < _TERMS]


def count_groups(nested: pd.DataFrame, names: pd.DataFrame, members: pd.DataFrame, base: int,
                 confidence: float = 0.95, clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return one row for each area, group and theme, and one for what is unassigned.

    A comment counts once in each group that any of its themes belongs to. Intervals are Wilson's.

    Parameters
    ----------
    nested
        As `nest_themes` returns it.
    names
        As `name_groups` returns it; the first language is the table's.
    members
        ``feedback_id, theme_id``: counted comments and their themes, -1 among them.
    base
        Counted comments.
    confidence
        Of the intervals.
    clusters
        Whom each counted comment comes from, indexed by feedback_id; intervals then allow for who wrote several.

    Returns
    -------
    pandas.DataFrame
        ``level`` (1 is the coarsest; the last one holds the themes), ``group_id, parent_id`` (empty at level 1),
        ``label, label_language, theme_ids`` (joined by blanks), ``theme_count, comment_count, comment_share`` with
        ``_low`` and ``_high``; in the order of a tree, the largest first, the unassigned last.

    Examples
    --------
    >>> nested = nest_themes([0, 1], np.eye(2))
    >>> names = pd.DataFrame({"group_id": ["theme-0", "theme-1"], "language": "fa", "label": ["قیمت", "پیک"]})
    >>> members = pd.DataFrame({"feedback_id": ["a", "a", "b"], "theme_id": [0, 1, -1]})
    >>> count_groups(nested, names, members, 2)[["level", "group_id", "comment_count"]].values.tolist()
    [[1, 'theme-0', 1], [1, 'theme-1', 1], [1, 'unassigned', 1]]
    """
    check_tables(nested=nested, names=names, members=members)
    levels = levels_of(nested)
    parts = [_level(nested, levels, depth) for depth in range(len(levels))]
    parts.append(pd.DataFrame({"level": [1], "group_id": [UNASSIGNED], "parent_id": [""],
                               "theme_ids": [str(UNASSIGNED_THEME)], "theme_count": [0]}))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    first = names.drop_duplicates("group_id").set_index("group_id")
    table["label"] = table["group_id"].map(first["label"]).astype(object).fillna(UNASSIGNED).astype("str")
    table["label_language"] = table["group_id"].map(first["language"]).astype(object).fillna("en").astype("str")
    return recount_groups(table, members, base, confidence, clusters)


def recount_groups(groups: pd.DataFrame, members: pd.DataFrame, base: int, confidence: float = 0.95,
                   clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return the table of `count_groups` with the counts of other comments: those of one market, for example."""
    check_tables(groups=groups, members=members)
    pairs = groups[["group_id"]].assign(theme_id=groups["theme_ids"].str.split()).explode("theme_id")
    pairs["theme_id"] = pairs["theme_id"].astype("int64")
    said = members[["feedback_id", "theme_id"]].merge(pairs)[["feedback_id", "group_id"]].drop_duplicates()
    counts = said.groupby("group_id").size()
    table = groups.assign(comment_count=counts.reindex(groups["group_id"], fill_value=0).to_numpy())
    low, high = share_interval(table["comment_count"], base, confidence)
    table["comment_share"] = table["comment_count"] / base if base else 0.0
    table["comment_share_low"], table["comment_share_high"] = low, high
    if clusters is not None:
        table = widen_intervals(table, "group_id", said, clusters, confidence)
    return table.loc[_tree_order(table), GROUP_COLUMNS].reset_index(drop=True)


def _level(nested: pd.DataFrame, levels: list[str], depth: int) -> pd.DataFrame:
    grouped = nested.groupby(levels[depth], sort=True)
    table = pd.DataFrame({"theme_ids": grouped["theme_id"].agg(lambda ids: " ".join(map(str, sorted(ids)))),
                          "theme_count": grouped.size()})
    table["parent_id"] = grouped[levels[depth - 1]].first() if depth else ""
    return table.rename_axis("group_id").reset_index().assign(level=depth + 1)


def _tree_order(table: pd.DataFrame) -> list[int]:
    """Return the rows as a tree is read: each group before what it holds, the largest first, the unassigned last."""
    ranked = table.assign(rest=table["group_id"] == UNASSIGNED).sort_values(
        ["rest", "comment_count", "group_id"], ascending=[True, False, True])
    below = {str(parent): list(part.index) for parent, part in ranked.groupby("parent_id")}
    order: list[int] = []
    waiting = below.get("", [])[::-1]
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting += below.get(str(table.at[row, "group_id"]), [])[::-1]
    return order

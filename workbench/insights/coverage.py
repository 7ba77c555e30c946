"""Who spoke, and who was hardly heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import UNDETERMINED
from workbench.insights.clusters import cluster_of
from workbench.insights.multiplicity import adjust
from workbench.themes import share_effects, share_interval

MISSING = "(not stated)"
NOTHING = (MISSING, UNDETERMINED)
DIMENSIONS = ("language", "market", "channel", "segment", "source")


def cover(comments: pd.DataFrame, expected: Mapping[Any, Mapping[str, float]] | None = None,
          confidence: float = 0.95) -> pd.DataFrame:
    """Return how many comments came from each language, market, channel and so on, against what was expected.

    Parameters
    ----------
    comments
        The counted comments, with any of the columns in `DIMENSIONS`; intervals allow for who wrote several where
        there is a ``customer_id`` or an ``account_id``.
    expected
        For a dimension, the share of all customers in each of its values.
    confidence
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        ``dimension, value, comment_count, comment_share`` with ``_low`` and ``_high`` (Wilson),
        ``expected_share`` (empty where nothing is expected) and ``heard``: "as expected", "less than expected" or
        "more than expected" beyond chance (score test, adjusted over the dimension by Benjamini and Hochberg: of
        twenty markets one would be by chance), "not heard" for a count of 0, and "no expectation". Shares are of all
        comments; in a dimension of which something is expected they are of the comments that state a value, and the
        rest has none.

    Examples
    --------
    >>> comments = pd.DataFrame({"market": ["DE"] * 30 + ["EG"] * 30})
    >>> table = cover(comments, {"market": {"DE": 0.5, "EG": 0.3, "JO": 0.2}})
    >>> table[["value", "comment_count", "heard"]].values.tolist()
    [['DE', 30, 'as expected'], ['EG', 30, 'more than expected'], ['JO', 0, 'not heard']]
    """
    check_tables(comments=comments)
    comments, wanted = comments.reset_index(drop=True), expected or {}
    clusters = cluster_of(comments)
    parts = [
        _cover_one(comments[name].astype(object), name, clusters, wanted.get(name, {}), confidence)
        for name in DIMENSIONS
        if name in comments.columns
    ]
    columns = ["dimension", "value", "comment_count", "comment_share", "comment_share_low", "comment_share_high",
               "expected_share", "heard"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _cover_one(values: pd.Series, dimension: str, clusters: pd.Series, expected: Mapping[str, float],
               confidence: float) -> pd.DataFrame:
    values = values.where(values.notna() & (values != ""), MISSING)
    counts = values.value_counts()
    counts = counts.reindex([*counts.index, *(value for value in expected if value not in counts.index)], fill_value=0)
    table = counts.rename("comment_count").rename_axis("value").reset_index()
    table = table.sort_values(["comment_count", "value"], ascending=[False, True], ignore_index=True)
    is_stated = ~table["value"].isin(NOTHING)
    of_all = not expected
    base = len(values) if of_all else int(table["comment_count"].where(is_stated, 0).sum())
    table.insert(0, "dimension", dimension)
    table["comment_share"] = table["comment_count"] / base if base else 0.0
    effects = state_effects(values, clusters if of_all else clusters[~values.isin(NOTHING)], table["value"])
    table["comment_share_low"], table["comment_share_high"] = share_interval(
        table["comment_count"] / effects, base / effects, confidence)
    table["expected_share"] = table["value"].map(dict(expected)).astype(float)
    silent = np.where(table["expected_share"].notna() & (base > 0), "not heard", "no expectation")
    table["heard"] = _judge(table, base / effects, confidence).mask(table["comment_count"] == 0, silent)
    shares = ["comment_share", "comment_share_low", "comment_share_high"]
    table[shares] = table[shares].where(of_all | is_stated)
    return table


def state_effects(values: pd.Series, clusters: pd.Series, stated: pd.Series) -> pd.Series:
    """Return by how much clusters widen the variance of the share of comments that state each value.

    Parameters
    ----------
    values
        What comments state.
    clusters
        Whom each comment of the base comes from, with an index that `values` has.
    stated
        The values whose shares are told.

    Examples
    --------
    >>> market = pd.Series(["DE"] * 4 + ["EG"] * 4)
    >>> state_effects(market, pd.Series(list("aabbccdd")), pd.Series(["DE", "EG", "JO"])).round(2).tolist()
    [2.33, 2.33, 2.0]
    """
    said = pd.DataFrame({"feedback_id": values.index, "value": values.to_numpy()})
    return pd.Series(share_effects(said, clusters, stated.tolist()), index=stated.index)


def _judge(table: pd.DataFrame, worth: Any, confidence: float) -> pd.Series:
    """Return how shares of so many comments stand to what was expected, beyond chance over all of the table."""
    from scipy.special import ndtr

    share, expected = table["comment_share"], table["expected_share"]
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (share - expected).abs() / (expected * (1 - expected) / worth) ** 0.5
    sure = adjust(2 * ndtr(-apart)) < 1 - confidence
    heard = pd.Series("as expected", index=table.index).mask(sure & (share < expected), "less than expected")
    return heard.mask(sure & (share > expected), "more than expected").where(expected.notna(), "no expectation")


def cover_stages(sets: pd.DataFrame, statements: pd.DataFrame, stage_ids: list[str], base: int,
                 expected: Mapping[str, float] | None = None, confidence: float = 0.95,
                 clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return how many comments speak of each journey stage, with the columns of `cover`.

    A comment may speak of several stages. Every stage has a row; one that nobody speaks of is "not heard".
    `expected` is the share of comments that should speak of a stage; `clusters` as for `cover_places`.

    Examples
    --------
    >>> sets = pd.DataFrame({"statement_id": ["a/0", "a/1"], "stage_id": ["use", "use"]})
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "a/1"], "feedback_id": ["a", "a"]})
    >>> table = cover_stages(sets, statements, ["awareness", "use"], base=4)
    >>> table[["value", "comment_count", "heard"]].values.tolist()
    [['awareness', 0, 'not heard'], ['use', 1, 'no expectation']]
    """
    check_tables(sets=sets, statements=statements)
    joined = sets.merge(statements[["statement_id", "feedback_id"]], on="statement_id")
    return cover_places(joined, "stage", "stage_id", stage_ids, base, expected, confidence, clusters)


def cover_places(mentions: pd.DataFrame, dimension: str, column: str, ids: list[str], base: int,
                 expected: Mapping[str, float] | None = None, confidence: float = 0.95,
                 clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return how many comments speak of each of some places, such as stages or touchpoints, as `cover_stages` does.

    Parameters
    ----------
    mentions
        ``feedback_id`` and the column that says where.
    dimension
        What the places are called in the table.
    column
        The column of `mentions`.
    ids
        Every place, in order.
    base
        How many comments count in all.
    clusters
        Whom each of these comes from, indexed by feedback_id; intervals then allow for who wrote several.

    Examples
    --------
    >>> mentions = pd.DataFrame({"feedback_id": ["a", "a"], "touchpoint_id": ["app", "app"]})
    >>> table = cover_places(mentions, "touchpoint", "touchpoint_id", ["app", "shop"], base=4)
    >>> table[["value", "comment_count", "heard"]].values.tolist()
    [['app', 1, 'no expectation'], ['shop', 0, 'not heard']]
    """
    check_tables(mentions=mentions)
    counts = mentions.groupby(column)["feedback_id"].nunique()
    table = pd.DataFrame({"dimension": dimension, "value": ids})
    table["comment_count"] = table["value"].map(counts).fillna(0).astype(int)
    table["comment_share"] = table["comment_count"] / base if base else 0.0
    effects = pd.Series(1.0, index=table.index)
    if clusters is not None:
        said = mentions[["feedback_id", column]].drop_duplicates().rename(columns={column: "value"})
        effects = pd.Series(share_effects(said, clusters, ids), index=table.index)
    table["comment_share_low"], table["comment_share_high"] = share_interval(
        table["comment_count"] / effects, base / effects, confidence)
    table["expected_share"] = table["value"].map(dict(expected or {})).astype(float)
    table["heard"] = _judge(table, base / effects, confidence).mask(table["comment_count"] == 0, "not heard")
    return table

"""Blind spots: where hardly anybody was heard, against what the study expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED
from workbench.insights.clusters import cluster_of, widening
from workbench.insights.coverage import NOTHING, cover_places, state_effects
from workbench.insights.multiplicity import ALPHA, adjust
from workbench.themes import share_interval

COLUMNS = ["dimension", "value", "within", "comment_count", "base", "comment_share", "comment_share_low",
           "comment_share_high", "expected_share", "expected_count", "basis", "p_value", "p_adjusted", "verdict"]


def find_blind_spots(coverage: pd.DataFrame, mentions: pd.DataFrame, comments: pd.DataFrame,
                     ids: Mapping[str, list[str]], expected: Mapping[Any, Mapping[str, float]] | None = None,
                     confidence: float = 0.95) -> pd.DataFrame:
    """Return how many comments each stage, touchpoint, language, market, ... has, and whether that is too few.

    What is expected is what the study states (``basis`` "stated"). For a stage within a market it is the stage's
    stated share or, where none is stated, its share of all comments (``basis`` "others"): a market that is silent
    where the others speak. Nothing is expected of the rest (``basis`` "none"), and that is said rather than
    guessed. What one customer, or account, writes often is no more surprise than what one voice says: counts and bases
    of stages and touchpoints are divided by what clusters widen the variance by (`widening`); of what customers state,
    customers are counted, each in parts where they state several values.

    Parameters
    ----------
    coverage
        As `cover` and `cover_stages` return it.
    mentions
        As `place_statements` returns them.
    comments
        The counted comments, with ``feedback_id`` and, where known, what they state (``market``, ...), ``customer_id``
        and ``account_id``.
    ids
        Every ``stage_id`` and ``touchpoint_id``.
    expected
        For a dimension, the share of comments (stages, touchpoints) or customers (the rest) of its values.

    Returns
    -------
    pandas.DataFrame
        ``dimension`` ("stage", "touchpoint", "language", ..., "stage in market"), ``value, within`` (the market of
        a stage in a market, else empty), ``comment_count, base, comment_share`` with ``_low`` and ``_high``
        (Wilson), ``expected_share, expected_count, basis``, the chance of as few comments (binomial, ``p_value``;
        ``p_adjusted`` by Benjamini and Hochberg within the dimension) and ``verdict``:

        * "not heard" (nobody at all) and "less than expected": fewer than chance would leave, p_adjusted < 0.05;
        * "too few to tell": silence itself would be no surprise among so few comments;
        * "as expected" otherwise; "no expectation" where nothing was expected but somebody spoke; "silent" where
          nothing was expected and nobody spoke.

    Examples
    --------
    >>> mentions = pd.DataFrame({"feedback_id": ["f0", "f1"], "stage_id": ["use", "use"], "touchpoint_id": "app"})
    >>> comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(50)]})
    >>> spots = find_blind_spots(pd.DataFrame(), mentions, comments,
    ...     {"stage_id": ["awareness", "use"], "touchpoint_id": ["app"]}, {"stage": {"awareness": 0.2}})
    >>> spots[["dimension", "value", "comment_count", "expected_count", "verdict"]].values.tolist()[:2]
    [['stage', 'awareness', 0, 10.0, 'not heard'], ['stage', 'use', 2, nan, 'no expectation']]
    """
    check_tables(coverage=coverage, mentions=mentions, comments=comments)
    stated = expected or {}
    clusters = cluster_of(comments)
    if "feedback_id" in comments:
        clusters = clusters.set_axis(comments["feedback_id"])
    parts = [_places(mentions, "stage", ids["stage_id"], clusters, stated, confidence),
             _places(mentions, "touchpoint", ids["touchpoint_id"], clusters, stated, confidence)]
    if len(coverage):
        parts.append(_covered(coverage, comments, clusters, confidence))
    if "market" in comments:
        parts.append(_stages_in_markets(mentions, comments, clusters, ids["stage_id"], stated, confidence))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return _judge(table)[COLUMNS]


def _places(mentions: pd.DataFrame, dimension: str, ids: list[str], clusters: pd.Series,
            stated: Mapping[Any, Mapping[str, float]], confidence: float) -> pd.DataFrame:
    real, base, column = [place for place in ids if place != UNASSIGNED], len(clusters), f"{dimension}_id"
    table = cover_places(mentions, dimension, column, real, base, stated.get(dimension), confidence, clusters)
    effect = widening(_said(mentions, column), clusters, pd.Series("", index=clusters.index))
    return _in_voices(table.assign(within="", base=base, basis="stated"), effect.get("", 1.0))


def _in_voices(table: pd.DataFrame, effect: Any) -> pd.DataFrame:
    return table.assign(voices=table["comment_count"] / effect, voices_base=table["base"] / effect)


def _with_intervals(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    low, high = share_interval(table["voices"], table["voices_base"], confidence)
    return table.assign(comment_share_low=low, comment_share_high=high)


def _said(mentions: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return ``feedback_id, value``: what comments speak of, each once."""
    real = mentions.loc[mentions[column] != UNASSIGNED, ["feedback_id", column]].drop_duplicates()
    return real.rename(columns={column: "value"})


def _covered(coverage: pd.DataFrame, comments: pd.DataFrame, clusters: pd.Series, confidence: float) -> pd.DataFrame:
    """Return the rows of what comments state, with shares of those that state a value."""
    table = coverage[(coverage["dimension"] != "stage") & ~coverage["value"].isin(NOTHING)]
    base = table.groupby("dimension")["comment_count"].transform("sum")
    share = table["comment_count"] / base.where(base > 0)
    table = table.assign(within="", base=base, basis="stated", comment_share=share)
    parts = [_of_customers(part, comments, clusters, confidence) for _, part in table.groupby("dimension", sort=False)]
    return pd.concat(parts) if parts else table


def _of_customers(table: pd.DataFrame, comments: pd.DataFrame, clusters: pd.Series, confidence: float) -> pd.DataFrame:
    """Return the rows of a dimension with their intervals and how many customers they stand for.

    Languages are told of comments that do not state them: as many customers as comments on average stand for them.
    """
    name = table["dimension"].iloc[0]
    if name == "language" or name not in comments:
        return _with_intervals(_in_voices(table, len(clusters) / max(clusters.nunique(), 1)), confidence)
    value = comments[name].astype(object).set_axis(clusters.index)
    whose = clusters[value.notna() & ~value.isin(["", *NOTHING])]
    table = _with_intervals(_in_voices(table, state_effects(value, whose, table["value"])), confidence)
    pairs = whose.groupby([value[whose.index], whose]).size()
    sizes = whose.value_counts().reindex(pairs.index.get_level_values(1)).to_numpy()
    voices = (pairs / sizes).groupby(level=0).sum()  # in the order of names: rows may come in any
    return table.assign(voices=table["value"].map(voices).astype(float).fillna(0.0), voices_base=whose.nunique())


def _stages_in_markets(mentions: pd.DataFrame, comments: pd.DataFrame, clusters: pd.Series, stage_ids: list[str],
                       stated: Mapping[Any, Mapping[str, float]], confidence: float) -> pd.DataFrame:
    market = comments.loc[comments["market"].notna() & (comments["market"] != ""), ["feedback_id", "market"]]
    stages = [stage for stage in stage_ids if stage != UNASSIGNED]
    base = market["market"].value_counts()
    pairs = mentions[["feedback_id", "stage_id"]].drop_duplicates().merge(market, on="feedback_id")
    cells = pd.MultiIndex.from_product([stages, sorted(base.index)], names=["value", "within"])
    counts = pairs.rename(columns={"stage_id": "value", "market": "within"}).groupby(["value", "within"]).size()
    table = counts.reindex(cells, fill_value=0).rename("comment_count").reset_index()
    table["base"] = table["within"].map(base).astype(int)
    table["comment_share"] = table["comment_count"] / table["base"]
    named = table["value"].map(dict(stated.get("stage", {}))).astype(float)
    overall = pairs.groupby("stage_id")["feedback_id"].nunique() / max(len(market), 1)
    effect = widening(_said(mentions, "stage_id"), clusters, market.set_index("feedback_id")["market"])
    table = table.assign(dimension="stage in market",
                         expected_share=named.fillna(table["value"].map(overall).astype(float).fillna(0.0)),
                         basis=named.isna().map({True: "others", False: "stated"}))
    return _with_intervals(_in_voices(table, table["within"].map(effect).astype(float)), confidence)


def _judge(table: pd.DataFrame) -> pd.DataFrame:
    from scipy.special import betainc

    known = table["expected_share"].notna() & (table["expected_share"] > 0)
    share = table["expected_share"].where(known)
    count, base, stands = table["voices"], table["voices_base"], share.fillna(0.5)
    as_few = pd.Series(betainc((base - count).clip(lower=1e-9), count + 1, 1 - stands), index=table.index)
    table = table.assign(
        expected_count=table["base"] * share, basis=table["basis"].where(known, "none"), expected_share=share,
        p_value=as_few.mask(count >= base, 1.0).where(known))
    table["p_adjusted"] = table.groupby("dimension")["p_value"].transform(adjust)
    silence = (1 - stands) ** base
    sure = table["p_adjusted"] < ALPHA
    too_few = known & ((silence >= ALPHA) | (count == 0))
    verdict = pd.Series("as expected", index=table.index).mask(too_few, "too few to tell")
    verdict = verdict.mask(sure, "less than expected").mask(sure & (count == 0), "not heard")
    silent = (count == 0).map({True: "silent", False: "no expectation"})
    return table.assign(verdict=verdict.where(known, silent))

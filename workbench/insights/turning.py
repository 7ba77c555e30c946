"""Turning points: after which moment a loyal customer turned."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.columns import UNASSIGNED
from workbench.insights.clusters import cluster_of, effects_of_groups
from workbench.insights.histories import moments_of
from workbench.insights.multiplicity import adjust
from workbench.insights.strata import effect_on_difference, widened_chance
from workbench.themes import share_interval

TURN_COLUMNS = ["kind", "place_id", "moment_count", "turned_count", "precision", "precision_low", "precision_high",
                "base", "base_turned", "base_share", "lift", "lift_low", "lift_high", "p_value", "p_adjusted"]
TURNED_COLUMNS = ["customer_id", "feedback_id", "turned_on", "good_answers", "fell_to", "touchpoints", "stages"]
KINDS = {"touchpoint": "touchpoint_id", "stage": "stage_id", "theme": "theme_id"}


def find_turned(histories: pd.DataFrame, levels: pd.Series, least_good: int = 2) -> pd.DataFrame:
    """Return the comments of loyal customers, and the one at which each that turned did so.

    A customer is loyal after `least_good` good answers in a row, the first ones ever given. From then on every
    comment is at risk, up to and with the one that carries the first bad answer: there the customer turned. A
    middling answer ends loyalty without a turn. Answers of one moment (`moments_of`) have no order and are one answer,
    middling where they are not alike.

    Parameters
    ----------
    histories
        As `follow_customers` returns them.
    levels
        1 good, 0 middling, -1 bad; indexed by feedback_id (of an NPS: promoter, passive, detractor).
    least_good
        Good answers that make a customer loyal.

    Returns
    -------
    pandas.DataFrame
        One row a comment at risk: ``customer_id, feedback_id, created_at, good_answers`` (before it), ``is_moment``
        (said after the last good answer, up to and with the first bad one), ``has_turned`` (of the customer) and
        ``is_answered`` (an answer came with it or later: whether the customer stayed is known), and ``whose`` (the
        account, where one is known, else the customer).

    Examples
    --------
    >>> histories = pd.DataFrame({"customer_id": "k", "feedback_id": ["a", "b", "c", "d"],
    ...     "created_at": pd.date_range("2026-01-01", periods=4)})
    >>> turned = find_turned(histories, pd.Series({"a": 1.0, "b": 1.0, "d": -1.0}))
    >>> turned[["feedback_id", "good_answers", "is_moment", "has_turned"]].values.tolist()
    [['c', 2, True, True], ['d', 2, True, True]]
    """
    check_tables(histories=histories)
    check_series(levels=levels)
    rows = histories[["customer_id", "feedback_id", "created_at"]]
    rows = rows.assign(level=histories["feedback_id"].map(levels).astype(float),
                       whose=cluster_of(histories).groupby(histories["customer_id"]).transform("min"))
    customer = rows["customer_id"]
    rows["level"] = _at_once(rows, moments_of(histories))
    good, spoilt = (rows["level"] == 1).astype(int), (rows["level"] <= 0).astype(int)
    rows["good_answers"] = good.groupby(customer).cumsum() - good
    earlier_spoilt = spoilt.groupby(customer).cumsum() - spoilt
    at_risk = rows[(rows["good_answers"] >= least_good) & (earlier_spoilt == 0)].copy()
    turn = at_risk["level"] == -1
    at_risk["has_turned"] = turn.groupby(at_risk["customer_id"]).transform("any")
    last_good = at_risk["good_answers"].groupby(at_risk["customer_id"]).transform("max")
    at_risk["is_moment"] = at_risk["has_turned"] & (at_risk["good_answers"] == last_good) & (at_risk["level"] != 1)
    moment = [at_risk["customer_id"], at_risk["good_answers"]]
    at_risk["is_answered"] = at_risk["level"].notna().groupby(moment).transform("any").astype(bool)
    return at_risk.drop(columns="level").reset_index(drop=True)


def _at_once(rows: pd.DataFrame, moment: pd.Series) -> pd.Series:
    """Return the level of each moment's answers at the first comment with one; the others have none."""
    answered = rows[rows["level"].notna()].assign(moment=moment)
    together = answered.groupby(["customer_id", "moment"])["level"].transform("mean")
    level = together.where(together.abs() == 1, 0.0)
    return level[~answered.duplicated(["customer_id", "moment"])].reindex(rows.index)


def name_turned(at_risk: pd.DataFrame, mentions: pd.DataFrame, levels: pd.Series) -> pd.DataFrame:
    """Return the customers who turned: when, after how many good answers, and what they spoke of.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, feedback_id`` (with the first bad answer), ``turned_on, good_answers, fell_to`` (-1),
        ``touchpoints, stages`` (of the moment, joined by commas).

    Examples
    --------
    >>> at_risk = pd.DataFrame({"customer_id": ["k"], "feedback_id": ["d"], "good_answers": [2],
    ...     "created_at": pd.to_datetime(["2026-05-01"]), "is_moment": [True], "has_turned": [True]})
    >>> mentions = pd.DataFrame({"feedback_id": ["d"], "stage_id": ["use"], "touchpoint_id": ["renewal"]})
    >>> name_turned(at_risk, mentions, pd.Series({"d": -1.0}))[["customer_id", "touchpoints"]].values.tolist()
    [['k', 'renewal']]
    """
    check_tables(at_risk=at_risk, mentions=mentions)
    check_series(levels=levels)
    moments = at_risk[at_risk["is_moment"]]
    table = moments[moments["feedback_id"].map(levels) == -1].rename(columns={"created_at": "turned_on"})
    table = table.assign(fell_to=-1)
    for name in ("touchpoint", "stage"):
        spoken = moments[["customer_id", "feedback_id"]].merge(mentions, on="feedback_id")
        spoken = spoken[spoken[f"{name}_id"] != UNASSIGNED].drop_duplicates(["customer_id", f"{name}_id"])
        joined = spoken.sort_values(f"{name}_id").groupby("customer_id")[f"{name}_id"].agg(", ".join)
        table[f"{name}s"] = table["customer_id"].map(joined).astype(object).fillna("")
    return table.sort_values(["turned_on", "customer_id"], ignore_index=True)[TURNED_COLUMNS]


def weigh_moments(at_risk: pd.DataFrame, mentions: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return what loyal customers speak of at the moment they turn, against the moments at which they stay.

    A moment is what a loyal customer says from one answer to the next, the next one included: each ends with
    staying or turning. What is said after a customer's last answer ends with neither and is left out. Precision is the
    share of the moments with a touchpoint (stage, theme) at which the customer turned; lift is how many times oftener
    that is than at moments without it. A customer turns once at most, and a moment counts once for a place. The
    p-value is Fisher's, one-sided, adjusted over all places of all kinds by Benjamini and Hochberg. Where accounts have
    several customers, who turn alike, intervals are wider, and p-values no less than `widened_chance` has them.

    Source of the lift's interval: Katz and others (1978), logarithm of a ratio of two proportions, one half added
    to each count. Moments of one customer at other times serve as their own comparison, as in a case-crossover
    study (Maclure 1991).

    Parameters
    ----------
    at_risk
        As `find_turned` returns it; ``whose`` may be missing.
    mentions
        As `place_statements` returns them.

    Returns
    -------
    pandas.DataFrame
        ``kind`` ("touchpoint", "stage", "theme"), ``place_id, moment_count, turned_count, precision`` with ``_low``
        and ``_high`` (Wilson), ``base, base_turned, base_share`` (all moments), ``lift`` with ``_low`` and
        ``_high``, ``p_value`` and ``p_adjusted``; the surest first within a kind. Empty where nobody was loyal or
        nobody turned.

    Examples
    --------
    >>> at_risk = pd.DataFrame({"customer_id": list("abcdef"), "feedback_id": list("abcdef"), "good_answers": 1,
    ...     "is_answered": True, "is_moment": [True] * 3 + [False] * 3, "has_turned": [True] * 3 + [False] * 3})
    >>> mentions = pd.DataFrame({"feedback_id": list("abcdef"), "stage_id": "use", "theme_id": "-1",
    ...     "touchpoint_id": ["renewal"] * 3 + ["app"] * 3})
    >>> table = weigh_moments(at_risk, mentions)
    >>> table[["place_id", "moment_count", "turned_count", "p_value"]].values.tolist()[0]
    ['renewal', 3, 3, 0.05]
    """
    check_tables(at_risk=at_risk, mentions=mentions)
    at_risk = at_risk[at_risk["is_answered"]]
    if not at_risk["is_moment"].any():
        return pd.DataFrame(columns=TURN_COLUMNS)
    at_risk = at_risk.assign(whose=at_risk["whose"] if "whose" in at_risk else at_risk["customer_id"])
    moments = at_risk.groupby(["customer_id", "good_answers"]).agg(is_moment=("is_moment", "any"),
                                                                   whose=("whose", "first")).reset_index()
    if at_risk["whose"].nunique() == at_risk["customer_id"].nunique():
        moments["whose"] = range(len(moments))  # a customer turns once at most, and moments are no more alike for it
    parts = [_weigh_kind(kind, column, at_risk, mentions, moments, confidence) for kind, column in KINDS.items()]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=TURN_COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    return table.assign(p_adjusted=adjust(table["p_value"]))[TURN_COLUMNS]


def _weigh_kind(kind: str, column: str, at_risk: pd.DataFrame, mentions: pd.DataFrame, moments: pd.DataFrame,
                confidence: float) -> pd.DataFrame:
    """Return the places of one kind; `moments` are those of all, with whether each is a turn, and whose it is."""
    real = mentions.loc[~mentions[column].isin([UNASSIGNED, "-1"]), ["feedback_id", column]].drop_duplicates()
    met = at_risk[["customer_id", "good_answers", "feedback_id", "is_moment"]].merge(real, on="feedback_id")
    once = met.groupby(["customer_id", "good_answers", column])["is_moment"].any().reset_index()
    table = once.groupby(column)["is_moment"].agg(moment_count="size", turned_count="sum").reset_index()
    table = table.rename(columns={column: "place_id"}).assign(kind=kind, base=len(moments),
                                                              base_turned=int(moments["is_moment"].sum()))
    numbered = once.merge(moments.reset_index(names="moment")[["customer_id", "good_answers", "moment"]])
    groups = [pd.Index(numbered.loc[numbered[column] == place, "moment"]) for place in table["place_id"]]
    table["precision"] = table["turned_count"] / table["moment_count"]
    effects = effects_of_groups(moments["is_moment"], moments["whose"], groups)
    table["precision_low"], table["precision_high"] = share_interval(
        table["turned_count"] / effects, table["moment_count"] / effects, confidence)
    table["base_share"] = table["base_turned"] / table["base"]
    table = table.join(_lift(table, moments, groups, confidence))
    return table.sort_values(["p_value", "turned_count", "place_id"], ascending=[True, False, True])


def _lift(table: pd.DataFrame, moments: pd.DataFrame, groups: list[pd.Index], confidence: float) -> pd.DataFrame:
    """Return the ratio of the shares that turned with and without the place, its interval and p-value."""
    from scipy.stats import hypergeom, norm

    whose, is_turn = pd.factorize(moments["whose"])[0], moments["is_moment"].to_numpy()
    told = [effect_on_difference(is_turn, moments.index.isin(group), np.zeros(len(is_turn), dtype=int), whose)
            for group in groups] if len(set(whose)) < len(whose) else [(1.0, 0)] * len(groups)
    effects = np.array([effect for effect, _ in told])
    a, n = table["turned_count"].astype(float), table["moment_count"].astype(float)
    c, d = table["base_turned"] - a, table["base"] - n
    ratio = ((a + 0.5) / (n + 0.5)) / ((c + 0.5) / (d + 0.5))
    spread = (1 / (a + 0.5) - 1 / (n + 0.5) + 1 / (c + 0.5) - 1 / (d + 0.5)).clip(lower=0) ** 0.5
    reach = np.exp(float(norm.ppf(0.5 + confidence / 2)) * spread * np.sqrt(effects))
    p_value = pd.Series(hypergeom.sf(a - 1, n + d, a + c, n), index=table.index)
    if len(set(whose)) < len(whose):
        p_value = pd.Series([widened_chance(chance, *own) for chance, own in zip(p_value, told, strict=True)],
                            index=table.index, dtype=float)
    return pd.DataFrame({"lift": ratio.where(d > 0), "lift_low": (ratio / reach).where(d > 0),
                         "lift_high": (ratio * reach).where(d > 0), "p_value": p_value.round(12)})

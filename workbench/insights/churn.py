"""Leaving: which themes go with it, how well it can be foretold, and what is only stated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.arguments import check_tables
from workbench.insights.clusters import cluster_of, clustered_differences, effects_of_groups, worth
from workbench.insights.incidence import gather, membership
from workbench.insights.leaving import mark_leaving
from workbench.insights.measures import standing
from workbench.themes import share_interval, widen_intervals

GROUPS = ("promoter", "passive", "detractor")
_FEWEST, _FEWEST_OF_THEME, _FOLDS, _BINS = 30, 10, 5, 5
THEME_COLUMNS = ["basis", "theme_id", "n", "base", "share_with", "share_without", "difference", "difference_low",
                 "difference_high", "p_value", "p_adjusted"]


@dataclass(frozen=True)
class Churn:
    """``themes`` (leaving beside each theme), ``calibration``, ``measures`` of the forecast, and ``reasons``."""

    themes: pd.DataFrame
    calibration: pd.DataFrame
    measures: pd.DataFrame
    reasons: pd.DataFrame


def reasons_by_group(comments: pd.DataFrame, members: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return what promoters, passives and detractors each speak of: the stated reasons beside the score.

    Intervals allow for who wrote several where there is a ``customer_id`` or an ``account_id``.

    Returns
    -------
    pandas.DataFrame
        ``group, theme_id, comment_count, base, comment_share`` with ``_low`` and ``_high`` (Wilson); empty without
        a likelihood to recommend.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["1", "2", "3"], "nps": [10, 0, 3]})
    >>> members = pd.DataFrame({"feedback_id": ["1", "3"], "theme_id": [0, 0]})
    >>> reasons_by_group(comments, members)[["group", "comment_count", "base"]].values.tolist()
    [['promoter', 1, 1], ['detractor', 1, 2]]
    """
    check_tables(comments=comments, members=members)
    columns = ["group", "theme_id", "comment_count", "base", "comment_share", "comment_share_low",
               "comment_share_high"]
    if "nps" not in comments or not comments["nps"].notna().any():
        return pd.DataFrame(columns=columns)
    answered = comments[comments["nps"].notna()]
    group = pd.Series(np.select([answered["nps"] >= 9, answered["nps"] >= 7], GROUPS[:2], GROUPS[2]),
                      index=pd.Index(answered["feedback_id"]), name="group")
    base = group.value_counts()
    said = members[["feedback_id", "theme_id"]].drop_duplicates()
    joined = said.merge(group.reset_index(), on="feedback_id")
    counts = joined.groupby(["group", "theme_id"]).size()
    index = pd.MultiIndex.from_product([[name for name in GROUPS if name in base], sorted(set(joined["theme_id"]))],
                                       names=["group", "theme_id"])
    table = counts.reindex(index, fill_value=0).rename("comment_count").reset_index()
    table["base"] = table["group"].map(base).astype(int)
    table["comment_share"] = table["comment_count"] / table["base"]
    whose = cluster_of(answered).set_axis(group.index)
    return widen_intervals(table, "theme_id", said, whose, confidence, group)[columns]


def measure_churn(comments: pd.DataFrame, members: pd.DataFrame, confidence: float = 0.95, seed: int = 0) -> Churn:
    """Return how leaving goes with themes, by what happened where that is known, else by what customers say.

    Customers are counted, not comments; in intervals and p-values those of one account are worth what they tell, since
    they leave together. Where ``churned`` is known of thirty customers, at least ten of either kind,
    the basis is "churned", and a logistic regression on themes and scores foretells it for customers whom it has not
    seen (five folds, whole customers apart); its probabilities are calibrated (Platt) within each training part.
    Otherwise the basis is "stated": phrases of leaving in the comments, which is a statement and not a forecast.

    Source: Platt (1999) on calibration; Brier (1950) on scoring; Newcombe (1998), method 10, for differences.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id, text, language``; ``customer_id``, ``churned`` and scores.
    members
        ``feedback_id, theme_id``.

    Returns
    -------
    Churn
        ``themes``: share of leavers among customers who speak of a theme and among the others, the difference with
        its interval, Fisher's exact p-value and that adjusted over themes. ``calibration``: five groups of customers
        by forecast: ``forecast, observed`` with interval, ``n``. ``measures``: ``name, value`` of "brier",
        "brier_of_base_rate", "calibration_error", "auc", "customers", "left". ``reasons``: ``part, reason``:
        "no_outcomes", "too_few_outcomes", "nobody_leaves", "stated_only", "no_themes", "no_theme_of_customers" (none
        that ten customers speak of and ten do not).

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": [f"{i}" for i in range(60)], "text": "so lala", "language": "de",
    ...     "churned": [True, False, False] * 20})
    >>> members = pd.DataFrame({"feedback_id": [f"{i}" for i in range(0, 60, 3)], "theme_id": 0})
    >>> found = measure_churn(comments, members)
    >>> found.themes[["basis", "n", "share_with", "share_without"]].values.tolist()
    [['churned', 20, 1.0, 0.0]]
    """
    check_tables(comments=comments, members=members)
    people, themes, spoken, whose = _people(comments, members)
    known = people["churned"].notna()
    outcome = people.loc[known, "churned"].astype(bool).to_numpy()
    left = int(outcome.sum())
    empty = pd.DataFrame(columns=["forecast", "observed", "observed_low", "observed_high", "n"])
    nothing = pd.DataFrame(columns=["name", "value"])
    if not known.any() or min(left, len(outcome) - left) < _FEWEST_OF_THEME or len(outcome) < _FEWEST:
        reasons = [("forecast", "too_few_outcomes" if known.any() else "no_outcomes"), ("themes", "stated_only")]
        stated = people["leaving"].to_numpy()
        if not stated.any():
            reasons.append(("themes", "nobody_leaves"))
        beside = _beside(themes, spoken, stated, whose, "stated", confidence)
        return Churn(beside, empty, nothing, _reasons(reasons, themes, beside))
    judged = spoken[np.flatnonzero(known)]
    forecast = _foretell(judged, people[known], outcome, seed)
    accounts = whose[known.to_numpy()]
    beside = _beside(themes, judged, outcome, accounts, "churned", confidence)
    calibration = _calibration(forecast, outcome, accounts, confidence)
    return Churn(beside, calibration, _measures(forecast, outcome, calibration), _reasons([], themes, beside))


def _reasons(told: list[tuple[str, str]], themes: np.ndarray, beside: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons there are, and why no theme could be compared, if none could."""
    if not len(beside):
        told = [*told, ("themes", "no_theme_of_customers" if len(themes) else "no_themes")]
    return pd.DataFrame(told, columns=["part", "reason"])


def _people(comments: pd.DataFrame, members: pd.DataFrame
            ) -> tuple[pd.DataFrame, np.ndarray, sp.csr_array, np.ndarray]:
    """Return a row a customer, the themes, which of them each speaks of, and the number of each one's account.

    A comment of nobody known is a customer, and a customer without an account is one.

    Whether a customer left is as the latest comment that knows it has it.
    """
    order = ["created_at", "feedback_id"] if "created_at" in comments else ["feedback_id"]
    comments = comments.sort_values(order, na_position="first", ignore_index=True)
    who = comments["feedback_id"].astype(str)
    if "customer_id" in comments:
        who = who.mask(comments["customer_id"].notna(), "customer " + comments["customer_id"].astype(str))
    facts = pd.DataFrame({"who": who, "standing": standing(comments), "leaving": mark_leaving(comments)})
    facts["cluster"] = cluster_of(comments)
    facts["churned"] = comments["churned"].astype(object) if "churned" in comments else None
    people = facts.groupby("who").agg(standing=("standing", "mean"), leaving=("leaving", "any"),
                                      churned=("churned", "last"), cluster=("cluster", "first"))
    themes, spoken = membership(comments["feedback_id"], members[members["theme_id"] >= 0])
    places = people.index.get_indexer(pd.Index(who))
    of_people = sp.csr_array((np.ones(len(who)), (places, np.arange(len(who)))), shape=(len(people), len(who))) @ spoken
    return people, themes, sp.csr_array(of_people > 0, dtype=np.float64), pd.factorize(people.pop("cluster"))[0]


def _beside(themes: np.ndarray, spoken: sp.csr_array, left: np.ndarray, whose: np.ndarray, basis: str,
            confidence: float) -> pd.DataFrame:
    from scipy.stats import false_discovery_control

    size = spoken.sum(axis=0).astype(int)
    kept = np.flatnonzero(np.minimum(size, len(left) - size) >= _FEWEST_OF_THEME)
    chances, gone = _chances(spoken[:, kept], left, whose), int(left.sum())
    outcome, accounts = pd.Series(left, dtype=float), pd.Series(whose)
    rows = []
    for place, p in zip(kept, chances, strict=True):
        theme, n, own = themes[place], size[place], _both(spoken[:, [place]], left)[0]
        rest, other, inside = len(left) - n, gone - own, spoken[:, [place]].toarray()[:, 0] > 0
        worths = [worth(outcome[side], accounts) for side in (inside, ~inside)]
        low, high = _difference(own / n * worths[0], worths[0], other / rest * worths[1], worths[1], confidence)
        rows.append((basis, theme, n, n + rest, own / n, other / rest, own / n - other / rest, low, high, p))
    table = pd.DataFrame(rows, columns=THEME_COLUMNS[:-1])
    table["p_adjusted"] = false_discovery_control(table["p_value"]) if len(table) else pd.Series(dtype=float)
    return table


def _both(spoken: sp.csr_array, left: np.ndarray) -> np.ndarray:
    return np.asarray((spoken.T @ left.astype(float)).astype(int))


def _chances(spoken: sp.csr_array, left: np.ndarray, whose: np.ndarray) -> np.ndarray:
    """Return Fisher's exact p-value of each column: leaving goes with being inside no more than chance would do.

    Where accounts have several customers, it is no less than that of `clustered_differences` over accounts.
    """
    from scipy.stats import fisher_exact

    size, gone = spoken.sum(axis=0).astype(int), int(left.sum())
    exact = np.array([fisher_exact([[own, n - own], [gone - own, len(left) - n - gone + own]])[1]
                      for own, n in zip(_both(spoken, left), size, strict=True)])
    if not len(exact) or len(np.unique(whose)) == len(whose):
        return exact
    groups = np.unique(whose, return_inverse=True)[1]
    clustered = clustered_differences(gather(spoken, groups), left.astype(float))[1]
    return np.maximum(exact, np.nan_to_num(clustered, nan=1.0))


def _difference(own: float, n: float, other: float, rest: float, confidence: float) -> tuple[float, float]:
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(own, n, other, rest, method="newcomb", alpha=1 - confidence)
    return float(low), float(high)


def _foretell(spoken: sp.csr_array, people: pd.DataFrame, left: np.ndarray, seed: int) -> np.ndarray:
    """Return a probability for each customer from a model that was fitted without that customer."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    score = people["standing"]
    features = np.column_stack([spoken.toarray(), score.fillna(0.5), score.isna()])
    inner = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    model = CalibratedClassifierCV(LogisticRegression(C=0.3, max_iter=1000), method="sigmoid", cv=inner)
    outer = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed + 1)
    return np.asarray(cross_val_predict(model, features, left, cv=outer, method="predict_proba")[:, 1])


def _calibration(forecast: np.ndarray, left: np.ndarray, whose: np.ndarray, confidence: float) -> pd.DataFrame:
    order = np.argsort(forecast, kind="stable")
    parts = np.array_split(order, _BINS)
    table = pd.DataFrame({"forecast": [forecast[part].mean() for part in parts],
                          "observed": [left[part].mean() for part in parts], "n": [len(part) for part in parts]})
    count = pd.Series([int(left[part].sum()) for part in parts])
    effects = effects_of_groups(pd.Series(left), pd.Series(whose), [pd.Index(part) for part in parts])
    table["observed_low"], table["observed_high"] = share_interval(count / effects, table["n"] / effects, confidence)
    return table[["forecast", "observed", "observed_low", "observed_high", "n"]]


def _measures(forecast: np.ndarray, left: np.ndarray, bins: pd.DataFrame) -> pd.DataFrame:
    from sklearn.metrics import brier_score_loss, roc_auc_score

    error = float((np.abs(bins["forecast"] - bins["observed"]) * bins["n"]).sum() / bins["n"].sum())
    base = np.full(len(left), left.mean())
    values = {"brier": brier_score_loss(left, forecast), "brier_of_base_rate": brier_score_loss(left, base),
              "calibration_error": error, "auc": roc_auc_score(left, forecast), "customers": len(left),
              "left": int(left.sum())}
    return pd.DataFrame({"name": list(values), "value": [float(value) for value in values.values()]})

"""How customers ended, by the touchpoints they met: what is critical, what is merely frequent, and what looked fine."""

from __future__ import annotations

import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED
from workbench.insights.episodes import judge_outcome
from workbench.insights.multiplicity import ALPHA, adjust
from workbench.themes import share_interval

ALL = "all"
WEIGHT_COLUMNS = ["touchpoint_id", "customer_count", "base", "customer_share", "customer_share_low",
                  "customer_share_high", "bad_count", "bad_share", "bad_share_low", "bad_share_high",
                  "bad_share_elsewhere", "difference", "difference_low", "difference_high", "p_value", "p_adjusted",
                  "is_frequent", "verdict"]
FINE_COLUMNS = ["touchpoint_id", "customer_count", "bad_count", "bad_share", "bad_share_low", "bad_share_high",
                "base_elsewhere", "bad_share_elsewhere", "p_value", "p_adjusted"]
_GOOD_RATING = 0.75  # four of five stars
_LEAST = 5


def end_customers(histories: pd.DataFrame) -> pd.DataFrame:
    """Return how each customer ended.

    Parameters
    ----------
    histories
        As `follow_customers` returns them, with ``nps`` and ``churned`` where they are known.

    Returns
    -------
    pandas.DataFrame
        ``customer_id, last_nps`` (the last one given), ``churned, outcome`` as `judge_outcome` states it.

    Examples
    --------
    >>> histories = pd.DataFrame({"customer_id": ["k1", "k1", "k2"], "feedback_id": ["a", "b", "c"],
    ...     "nps": [9, 2, None]})
    >>> end_customers(histories)[["customer_id", "outcome"]].values.tolist()
    [['k1', 'bad'], ['k2', 'unknown']]
    """
    check_tables(histories=histories)
    rows = histories[["customer_id"]].assign(
        last_nps=histories["nps"].astype(float) if "nps" in histories else float("nan"))
    rows["churned"] = histories["churned"].astype("boolean") if "churned" in histories else \
        pd.Series(pd.NA, index=rows.index, dtype="boolean")
    table = rows.groupby("customer_id").agg(last_nps=("last_nps", "last"), churned=("churned", "last"))
    table["outcome"] = judge_outcome(table["last_nps"], table["churned"])
    return table.reset_index()


def weigh_touchpoints(histories: pd.DataFrame, mentions: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return, for each touchpoint, how many customers met it and how much oftener they ended badly than others.

    Frequent is what at least as many customers met as the middle touchpoint. Critical is what goes with a bad
    ending beyond chance: the shares of customers who ended badly, among those who met it and those who did not,
    differ (Fisher's exact test, adjusted over the touchpoints by Benjamini and Hochberg). The unit is the
    customer, so one who writes often counts once. It is an association: the touchpoint need not be the cause.

    Source of the interval: Newcombe (1998), score interval of a difference of two proportions.

    Parameters
    ----------
    histories
        As `follow_customers` returns them.
    mentions
        ``feedback_id, touchpoint_id``.

    Returns
    -------
    pandas.DataFrame
        ``touchpoint_id, customer_count, base`` (customers whose ending is known), ``customer_share`` and
        ``bad_share`` with ``_low`` and ``_high`` (Wilson), ``bad_count, bad_share_elsewhere, difference`` with
        ``_low`` and ``_high``, ``p_value, p_adjusted, is_frequent`` and ``verdict``: "critical and frequent",
        "critical", "protective", "frequent" or "neither". Touchpoints that fewer than 5 customers met, or all but
        fewer than 5, are not tested. Empty where no ending is known.

    Examples
    --------
    >>> histories = pd.DataFrame({"customer_id": [f"k{i}" for i in range(40)],
    ...     "feedback_id": [f"f{i}" for i in range(40)], "nps": [0] * 20 + [10] * 20})
    >>> mentions = pd.DataFrame({"feedback_id": histories["feedback_id"],
    ...     "touchpoint_id": ["renewal"] * 20 + ["app"] * 20})
    >>> weigh_touchpoints(histories, mentions)[["touchpoint_id", "bad_share", "verdict"]].values.tolist()
    [['app', 0.0, 'protective'], ['renewal', 1.0, 'critical and frequent']]
    """
    check_tables(histories=histories, mentions=mentions)
    ended = _known(histories)
    met = _met(ended, histories, mentions)
    if not len(met):
        return pd.DataFrame(columns=WEIGHT_COLUMNS)
    table = met.groupby("touchpoint_id").agg(customer_count=("is_bad", "size"), bad_count=("is_bad", "sum"))
    table = table.reset_index().astype({"bad_count": int})
    table["base"] = len(ended)
    for name, count, base in (("customer", "customer_count", "base"), ("bad", "bad_count", "customer_count")):
        table[f"{name}_share"] = table[count] / table[base]
        table[f"{name}_share_low"], table[f"{name}_share_high"] = share_interval(table[count], table[base], confidence)
    rest = table["base"] - table["customer_count"]
    elsewhere = int(ended["is_bad"].sum()) - table["bad_count"]
    table["bad_share_elsewhere"] = elsewhere / rest.where(rest > 0)
    tested = (table["customer_count"] >= _LEAST) & (rest >= _LEAST)
    table = table.join(_compare(table["bad_count"], table["customer_count"], elsewhere, rest, tested, confidence))
    table["is_frequent"] = table["customer_count"] >= table["customer_count"].median()
    table["verdict"] = [_verdict(*row) for row in zip(table["p_adjusted"], table["difference"], table["is_frequent"],
                                                      strict=True)]
    return table[WEIGHT_COLUMNS]


def _known(histories: pd.DataFrame) -> pd.DataFrame:
    ended = end_customers(histories)
    ended = ended[ended["outcome"] != "unknown"]
    return ended.assign(is_bad=ended["outcome"] == "bad")


def _met(ended: pd.DataFrame, histories: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return one row a customer and touchpoint."""
    real = mentions.loc[mentions["touchpoint_id"] != UNASSIGNED, ["feedback_id", "touchpoint_id"]].drop_duplicates()
    joined = histories[["feedback_id", "customer_id"]].merge(real, on="feedback_id")
    pairs = joined[["customer_id", "touchpoint_id"]].drop_duplicates()
    return pairs.merge(ended[["customer_id", "is_bad"]], on="customer_id")


def _compare(hits: pd.Series, n: pd.Series, hits_elsewhere: pd.Series, n_elsewhere: pd.Series, tested: pd.Series,
             confidence: float) -> pd.DataFrame:
    """Return the difference of two shares in each row, its interval and its p-value."""
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import confint_proportions_2indep

    rows = []
    for a, b, c, d, known in zip(hits, n, hits_elsewhere, n_elsewhere, tested, strict=True):
        if not known:
            rows.append((float("nan"),) * 4)
            continue
        low, high = confint_proportions_2indep(a, b, c, d, method="newcomb", compare="diff", alpha=1 - confidence)
        rows.append((a / b - c / d, low, high, float(fisher_exact([[a, b - a], [c, d - c]]).pvalue)))
    table = pd.DataFrame(rows, columns=["difference", "difference_low", "difference_high", "p_value"], index=hits.index)
    return table.assign(p_adjusted=adjust(table["p_value"]))


def _verdict(p_adjusted: float, difference: float, is_frequent: bool) -> str:
    if p_adjusted < ALPHA and difference > 0:
        return "critical and frequent" if is_frequent else "critical"
    if p_adjusted < ALPHA:
        return "protective"
    return "frequent" if is_frequent else "neither"


def find_fine_but_lost(histories: pd.DataFrame, mentions: pd.DataFrame, tone: pd.DataFrame | None = None,
                       confidence: float = 0.95) -> pd.DataFrame:
    """Return the customers whose every touchpoint went well and who ended badly all the same.

    A touchpoint went well for a customer where every rating given there reaches three quarters of its scale or,
    where none was given, the mean tone of what was said there is above zero. Only customers whose every touchpoint
    is known to have gone well enter the table; the ending is the last likelihood to recommend, or having left,
    and never the rating itself.

    Parameters
    ----------
    histories
        As `follow_customers` returns them, with ``rating`` and ``rating_max`` where they are known.
    mentions
        As `place_statements` returns them.
    tone
        ``statement_id, tone``, where tone was measured.

    Returns
    -------
    pandas.DataFrame
        A row "all", then one a touchpoint: ``touchpoint_id, customer_count, bad_count, bad_share`` with ``_low`` and
        ``_high`` (Wilson), ``base_elsewhere`` and ``bad_share_elsewhere`` (for "all": customers of whom some
        touchpoint went badly; for a touchpoint: customers whose every touchpoint went well and who did not meet
        it), ``p_value`` (Fisher) and ``p_adjusted`` (over the touchpoints; "all" stands for itself). Empty where
        neither ratings nor tone, or no ending, is known.

    Examples
    --------
    >>> histories = pd.DataFrame({"customer_id": ["k1", "k2"], "feedback_id": ["a", "b"], "nps": [1, 9],
    ...     "rating": [5, 2], "rating_max": 5})
    >>> mentions = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"],
    ...     "touchpoint_id": ["technician", "app"]})
    >>> find_fine_but_lost(histories, mentions)[["touchpoint_id", "customer_count", "bad_count"]].values.tolist()
    [['all', 1, 1], ['technician', 1, 1]]
    """
    check_tables(histories=histories, mentions=mentions)
    ended = _known(histories)
    met = _judged(histories, mentions, tone)
    met = met.merge(ended[["customer_id", "is_bad"]], on="customer_id")
    if not len(met):
        return pd.DataFrame(columns=FINE_COLUMNS)
    all_well = met.groupby("customer_id")["went_well"].agg("all")
    customers = ended.set_index("customer_id")["is_bad"].loc[all_well.index]
    fine = met[met["customer_id"].map(all_well).astype(bool)]
    well, rest = customers[all_well], customers[~all_well]
    counts = fine.groupby("touchpoint_id")["is_bad"].agg(["size", "sum"])
    rows = [(ALL, len(well), int(well.sum()), len(rest), int(rest.sum()))]
    rows += [(name, int(n), int(bad), len(well) - int(n), int(well.sum()) - int(bad))
             for name, n, bad in counts.itertuples()]
    table = pd.DataFrame(rows, columns=["touchpoint_id", "customer_count", "bad_count", "base_elsewhere", "other"])
    table["bad_share"] = table["bad_count"] / table["customer_count"].where(table["customer_count"] > 0)
    table["bad_share_low"], table["bad_share_high"] = share_interval(table["bad_count"], table["customer_count"],
                                                                     confidence)
    table["bad_share_elsewhere"] = table["other"] / table["base_elsewhere"].where(table["base_elsewhere"] > 0)
    tested = (table["customer_count"] >= _LEAST) & (table["base_elsewhere"] >= _LEAST)
    compared = _compare(table["bad_count"], table["customer_count"], table["other"], table["base_elsewhere"], tested,
                        confidence)
    table["p_value"] = compared["p_value"]
    table["p_adjusted"] = adjust(table["p_value"].where(table["touchpoint_id"] != ALL)).fillna(
        table["p_value"].where(table["touchpoint_id"] == ALL))
    return table[FINE_COLUMNS]


def _judged(histories: pd.DataFrame, mentions: pd.DataFrame, tone: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row a customer and touchpoint with whether it went well; those of whom nothing is known are out."""
    real = mentions.loc[mentions["touchpoint_id"] != UNASSIGNED, ["statement_id", "feedback_id", "touchpoint_id"]]
    rows = histories[["feedback_id", "customer_id"]].merge(real.drop_duplicates(), on="feedback_id")
    rows["rating"] = float("nan")
    if {"rating", "rating_max"} <= set(histories):
        share = histories.set_index("feedback_id")
        rows["rating"] = rows["feedback_id"].map((share["rating"] / share["rating_max"]).astype(float))
    rows["tone"] = float("nan")
    if tone is not None and "tone" in tone:
        rows["tone"] = rows["statement_id"].map(tone.set_index("statement_id")["tone"]).astype(float)
    cells = rows.groupby(["customer_id", "touchpoint_id"]).agg(rating=("rating", "min"), tone=("tone", "mean"))
    known = cells[cells.notna().any(axis=1)]
    well = (known["rating"] >= _GOOD_RATING).where(known["rating"].notna(), known["tone"] > 0)
    return well.rename("went_well").astype(bool).reset_index()

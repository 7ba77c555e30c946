"""How customers ended, by the touchpoints they met: what is critical, what is merely frequent, and what looked fine."""

from __future__ import annotations

import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED
from workbench.insights.clusters import cluster_of, effects_of_groups
from workbench.insights.episodes import judge_outcome
from workbench.insights.multiplicity import ALPHA, adjust
from workbench.insights.strata import band_of, compare_within
from workbench.themes import share_effects, share_interval

ALL = "all"
WEIGHT_COLUMNS = ["touchpoint_id", "customer_count", "base", "customer_share", "customer_share_low",
                  "customer_share_high", "bad_count", "bad_share", "bad_share_low", "bad_share_high",
                  "bad_share_elsewhere", "difference", "difference_low", "difference_high", "p_value", "p_adjusted",
                  "is_frequent", "verdict"]
FINE_COLUMNS = ["touchpoint_id", "customer_count", "bad_count", "bad_share", "bad_share_low", "bad_share_high",
                "base_elsewhere", "bad_share_elsewhere", "difference", "p_value", "p_adjusted"]
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
    differ among customers who wrote about as often (`compare_within` bands of `band_of`, adjusted over the touchpoints
    by Benjamini and Hochberg). Who writes often meets more touchpoints, and often is one who leaves: without the bands
    every touchpoint would be blamed for it. The unit is the customer, so one who writes often counts once; intervals
    and p-values allow for accounts, whose customers end alike. It is an association: the touchpoint need not be the
    cause.

    Parameters
    ----------
    histories
        As `follow_customers` returns them, with ``account_id`` where it is known.
    mentions
        ``feedback_id, touchpoint_id``.

    Returns
    -------
    pandas.DataFrame
        ``touchpoint_id, customer_count, base`` (customers whose ending is known), ``customer_share`` and
        ``bad_share`` with ``_low`` and ``_high`` (Wilson), ``bad_count, bad_share_elsewhere``, ``difference`` with
        ``_low`` and ``_high`` (within bands, so that it need not be that of the two shares), ``p_value, p_adjusted,
        is_frequent`` and ``verdict``: "critical and frequent", "critical", "protective", "frequent" or "neither".
        Touchpoints that fewer than 5 customers met, or all but fewer than 5, are not tested. Empty where no ending is
        known.

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
    groups = [met.loc[met["touchpoint_id"] == name, "customer_id"] for name in table["touchpoint_id"]]
    said = met.rename(columns={"customer_id": "feedback_id", "touchpoint_id": "value"})
    known = ended.set_index("customer_id")
    of_met = share_effects(said, known["whose"], table["touchpoint_id"].tolist())
    of_bad = effects_of_groups(known["is_bad"], known["whose"], [pd.Index(group) for group in groups])
    for name, count, base, effects in (("customer", "customer_count", "base", of_met),
                                       ("bad", "bad_count", "customer_count", of_bad)):
        table[f"{name}_share"] = table[count] / table[base]
        table[f"{name}_share_low"], table[f"{name}_share_high"] = share_interval(
            table[count] / effects, table[base] / effects, confidence)
    rest = table["base"] - table["customer_count"]
    elsewhere = int(ended["is_bad"].sum()) - table["bad_count"]
    table["bad_share_elsewhere"] = elsewhere / rest.where(rest > 0)
    tested = (table["customer_count"] >= _LEAST) & (rest >= _LEAST)
    table = table.join(_compare(ended, groups, tested, confidence))
    table["is_frequent"] = table["customer_count"] >= table["customer_count"].median()
    table["verdict"] = [_verdict(*row) for row in zip(table["p_adjusted"], table["difference"], table["is_frequent"],
                                                      strict=True)]
    return table[WEIGHT_COLUMNS]


def _known(histories: pd.DataFrame) -> pd.DataFrame:
    ended = end_customers(histories)
    ended = ended[ended["outcome"] != "unknown"]
    written = ended["customer_id"].map(histories["customer_id"].value_counts())
    whose = cluster_of(histories).groupby(histories["customer_id"]).min()  # an account, where one is known
    return ended.assign(is_bad=ended["outcome"] == "bad", band=band_of(written), whose=ended["customer_id"].map(whose))


def _met(ended: pd.DataFrame, histories: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return one row a customer and touchpoint."""
    real = mentions.loc[mentions["touchpoint_id"] != UNASSIGNED, ["feedback_id", "touchpoint_id"]].drop_duplicates()
    joined = histories[["feedback_id", "customer_id"]].merge(real, on="feedback_id")
    pairs = joined[["customer_id", "touchpoint_id"]].drop_duplicates()
    return pairs.merge(ended[["customer_id", "is_bad"]], on="customer_id")


def _compare(people: pd.DataFrame, groups: list[pd.Series], tested: pd.Series, confidence: float) -> pd.DataFrame:
    """Return the difference of each group of customers to all others of `people`, its interval and its p-value."""
    bad, bands, accounts = people["is_bad"].to_numpy(), people["band"].to_numpy(), pd.factorize(people["whose"])[0]
    rows = [compare_within(bad, people["customer_id"].isin(group).to_numpy(), bands, confidence, accounts) if known
            else (float("nan"),) * 4 for group, known in zip(groups, tested, strict=True)]
    return pd.DataFrame(rows, columns=["difference", "difference_low", "difference_high", "p_value"],
                        index=tested.index).assign(p_adjusted=lambda table: adjust(table["p_value"]))


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
    and never the rating itself. Customers are compared with others who wrote about as often, and accounts
    allowed for, as in `weigh_touchpoints`.

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
        it), ``difference`` within bands, its ``p_value`` and ``p_adjusted`` (over the touchpoints; "all" stands for
        itself). Empty where neither ratings nor tone, or no ending, is known.

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
    people = ended[ended["customer_id"].isin(all_well.index)]
    well = people[people["customer_id"].map(all_well).astype(bool)]
    fine = met[met["customer_id"].isin(well["customer_id"])]
    groups = {ALL: well["customer_id"], **dict(iter(fine.groupby("touchpoint_id")["customer_id"]))}
    rows = [_count(name, people if name == ALL else well, group) for name, group in groups.items()]
    table = pd.DataFrame(rows, columns=["touchpoint_id", "customer_count", "bad_count", "base_elsewhere", "other"])
    table["bad_share"] = table["bad_count"] / table["customer_count"].where(table["customer_count"] > 0)
    known = people.set_index("customer_id")
    effects = effects_of_groups(known["is_bad"], known["whose"], [pd.Index(group) for group in groups.values()])
    table["bad_share_low"], table["bad_share_high"] = share_interval(table["bad_count"] / effects,
                                                                     table["customer_count"] / effects, confidence)
    table["bad_share_elsewhere"] = table["other"] / table["base_elsewhere"].where(table["base_elsewhere"] > 0)
    tested = (table["customer_count"] >= _LEAST) & (table["base_elsewhere"] >= _LEAST)
    compared = pd.concat([_compare(people, [groups[ALL]], tested[:1], confidence),
                          _compare(well, [groups[name] for name in table["touchpoint_id"][1:]], tested[1:],
                                   confidence)])
    return table.join(compared)[FINE_COLUMNS]


def _count(name: str, people: pd.DataFrame, group: pd.Series) -> tuple[str, int, int, int, int]:
    inside = people["customer_id"].isin(group)
    bad = people["is_bad"]
    return name, int(inside.sum()), int((bad & inside).sum()), int((~inside).sum()), int((bad & ~inside).sum())


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

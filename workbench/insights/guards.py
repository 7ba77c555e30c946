"""Guards: signs that a number says something else than it seems to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.insights.clusters import cluster_of, worth
from workbench.insights.measures import MEASURES
from workbench.themes import share_interval

_FEWEST, _TOP, _LOUD = 20, 0.01, 0.30
GUARDS = ["guard", "subject", "verdict", "reason", "value", "value_low", "value_high", "n"]


def guard_concentration(comments: pd.DataFrame, members: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return how unevenly comments come from customers: in all, and in each theme.

    Returns
    -------
    pandas.DataFrame
        ``theme_id`` (missing for all comments), ``comment_count, customer_count, gini`` (0 everybody writes alike, 1
        one writes everything), ``top_share``, the share of comments by the loudest hundredth of customers (one at
        least) with ``_low`` and ``_high``, and ``few_people``: they write three comments in ten or more, of twenty.
        Empty where customers are not known.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": [f"{i}" for i in range(30)],
    ...     "customer_id": ["loud"] * 20 + [f"k{i}" for i in range(10)]})
    >>> guard_concentration(comments, pd.DataFrame({"feedback_id": [], "theme_id": []}))[
    ...     ["comment_count", "customer_count", "top_share", "few_people"]].round(2).values.tolist()
    [[30, 11, 0.67, True]]
    """
    check_tables(comments=comments, members=members)
    columns = ["theme_id", "comment_count", "customer_count", "gini", "top_share", "top_share_low", "top_share_high",
               "few_people"]
    if "customer_id" not in comments or not comments["customer_id"].notna().any():
        return pd.DataFrame(columns=columns)
    known = comments.loc[comments["customer_id"].notna(), ["feedback_id", "customer_id"]]
    parts: list[tuple[Any, pd.Series]] = [(pd.NA, known["customer_id"])]
    joined = members[members["theme_id"] >= 0].merge(known, on="feedback_id")
    parts += [(theme, part["customer_id"]) for theme, part in joined.groupby("theme_id")]
    rows = [(theme, *_concentration(people)) for theme, people in parts]
    table = pd.DataFrame(rows, columns=["theme_id", "comment_count", "customer_count", "gini", "top_count"])
    table["theme_id"] = table["theme_id"].astype("Int64")
    table["top_share"] = table["top_count"] / table["comment_count"].clip(lower=1)
    table["top_share_low"], table["top_share_high"] = share_interval(table["top_count"], table["comment_count"],
                                                                     confidence)
    table["few_people"] = (table["top_share"] >= _LOUD) & (table["comment_count"] >= _FEWEST)
    return table[columns]


def _concentration(people: pd.Series) -> tuple[int, int, float, int]:
    sizes = np.sort(people.value_counts().to_numpy())
    n, total = len(sizes), int(sizes.sum())
    gini = float((2 * np.arange(1, n + 1) - n - 1) @ sizes / (n * total)) if total else 0.0
    return total, n, gini, int(sizes[-max(1, round(n * _TOP)):].sum())


def guard_scores(comments: pd.DataFrame, explained: pd.DataFrame, bad_text: pd.Series, gaps: pd.DataFrame,
                 confidence: float = 0.95) -> pd.DataFrame:
    """Return, for each score that rose from the first half of the time to the second, what speaks against the rise.

    Each check that applies has a row; ``verdict`` is "warning" or "fine".

    * ``volume``: comments a day fell by a third or more, beyond chance: fewer were asked, or fewer spoke.
    * ``mix``: the rise is mostly that other people answered, or mix hides what happened within groups.
    * ``text``: the share of comments whose words are bad (`bad_text`) rose, beyond chance.
    * ``paused``: collection paused within the time.

    Parameters
    ----------
    comments
        The counted comments, with ``created_at`` and scores; ``customer_id`` and ``account_id`` where known.
    explained
        As `explain_change` returns it.
    bad_text
        For each comment, whether its words are bad, told apart from its score; missing where that is not known.
    gaps
        As `find_gaps` returns them.

    Returns
    -------
    pandas.DataFrame
        With the columns of `GUARDS`; ``subject`` is the measure, ``value`` the change with its interval. Where no
        score rose, one row a measure says so (guard "score", reason "not_rising").

    Examples
    --------
    >>> from workbench.insights.mix import explain_change
    >>> days = list(pd.date_range("2026-01-01", periods=60)) * 2 + list(pd.date_range("2026-03-02", periods=60))
    >>> comments = pd.DataFrame({"created_at": days, "nps": [0, 10, 7] * 40 + [9, 10] * 30,
    ...     "market": ["DE", "IR"] * 90})
    >>> explained, _ = explain_change(comments, ("market",))
    >>> told = guard_scores(comments, explained, pd.Series(pd.NA, index=comments.index), pd.DataFrame())
    >>> told.loc[told["verdict"] == "warning", ["guard", "reason"]].values.tolist()
    [['volume', 'fewer_spoke']]
    """
    check_tables(comments=comments, explained=explained, gaps=gaps)
    check_series(bad_text=bad_text)
    rows: list[tuple[object, ...]] = []
    for measure in MEASURES:
        own = explained[explained["measure"] == measure]
        if not len(own):
            continue
        sign = -1 if measure == "effort" else 1  # less effort is better
        if sign * own.iloc[0]["change"] <= 0:
            rows.append(("score", measure, "fine", "not_rising", own.iloc[0]["change"], own.iloc[0]["change_low"],
                         own.iloc[0]["change_high"], own.iloc[0]["n_before"] + own.iloc[0]["n_after"]))
            continue
        day = pd.Timestamp(own.iloc[0]["split_on"])
        dated = comments[comments["created_at"].notna()]
        rows += [("volume", measure, *_volume(dated, day, confidence)), ("mix", measure, *_mix(own)),
                 ("paused", measure, *_paused(gaps, len(dated)))]
        if bad_text.notna().any():
            rows.append(("text", measure, *_text(dated, bad_text, day, confidence)))
    return pd.DataFrame(rows, columns=GUARDS)


def _volume(dated: pd.DataFrame, day: pd.Timestamp, confidence: float) -> tuple[object, ...]:
    """Return whether comments a day fell, by the exact interval of a ratio of two Poisson rates.

    Where customers wrote several times, comments count for as many as they are worth.
    """
    is_after = dated["created_at"] >= day
    before, after = int((~is_after).sum()), int(is_after.sum())
    spans = (day - dated["created_at"].min().normalize()).days or 1, (dated["created_at"].max() - day).days + 1
    ratio = after / max(before, 1) * spans[0] / spans[1]
    low, high = (end / (1 - end) * spans[0] / spans[1] if end < 1 else float("inf")
                 for end in _share_ends(is_after, cluster_of(dated), confidence))
    fell = ratio < 2 / 3 and high < 1
    return ("warning" if fell else "fine", "fewer_spoke" if fell else "as_many_spoke", ratio, low, high, before + after)


def _share_ends(is_after: pd.Series, whose: pd.Series, confidence: float) -> tuple[float, float]:
    """Return Clopper and Pearson's interval (1934) of the share of comments that came afterwards, over customers.

    Counts are divided by how much wider their ratio varies over customers than over comments, at least 1.
    """
    from scipy.special import betaincinv

    n, count = len(is_after), int(is_after.sum())
    if not n:
        return 0.0, 1.0
    told = pd.DataFrame({"after": is_after, "before": ~is_after}).groupby(whose).sum()
    people = len(told)
    if people in (1, n) or count in (0, n):
        effect = n / people
    else:
        pulls = told["after"] / count - told["before"] / (n - count)
        effect = max(1.0, people / (people - 1) * float((pulls**2).sum()) / (1 / count + 1 / (n - count)))
    own, other, tail = count / effect, (n - count) / effect, (1 - confidence) / 2
    return (float(betaincinv(own, other + 1, tail)) if count else 0.0,
            float(betaincinv(own + 1, other, 1 - tail)) if count < n else 1.0)


def _mix(own: pd.DataFrame) -> tuple[object, ...]:
    suspicious = own[own["verdict"].isin(["mostly_mix", "mix_hides"])]
    row = (suspicious if len(suspicious) else own).iloc[0]
    return ("warning" if len(suspicious) else "fine", str(row["verdict"]), row["mix"], row["mix_low"], row["mix_high"],
            int(row["n_before"] + row["n_after"]))


def _paused(gaps: pd.DataFrame, n: int) -> tuple[object, ...]:
    days = float(gaps.loc[gaps["dimension"] == "all", "days"].sum()) if len(gaps) else 0.0
    return ("warning" if days else "fine", "collection_paused" if days else "no_gaps", days, float("nan"),
            float("nan"), n)


def _text(dated: pd.DataFrame, bad_text: pd.Series, day: pd.Timestamp, confidence: float) -> tuple[object, ...]:
    from statsmodels.stats.proportion import confint_proportions_2indep

    bad = bad_text.reindex(dated.index)
    known = bad.notna()
    sides = [bad[known & side].astype(float) for side in (dated["created_at"] >= day, dated["created_at"] < day)]
    if min(map(len, sides)) < _FEWEST:
        return "fine", "too_few_texts", float("nan"), float("nan"), float("nan"), int(known.sum())
    whose = cluster_of(dated)
    worths = [worth(side, whose) for side in sides]
    counts = [value for side, n in zip(sides, worths, strict=True) for value in (float(side.mean()) * n, n)]
    low, high = confint_proportions_2indep(*counts, method="newcomb", alpha=1 - confidence)
    worse = float(low) > 0
    return ("warning" if worse else "fine", "words_got_worse" if worse else "words_agree",
            float(sides[0].mean() - sides[1].mean()), float(low), float(high), int(known.sum()))

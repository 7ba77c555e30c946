"""Themes over time: shares per period, and stretches in which a theme was unusually present."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from workbench.arguments import check_choice, check_tables
from workbench.insights.clusters import cluster_of
from workbench.insights.searches import Dealt, count_periods, sharpest
from workbench.themes import share_interval, span_effects, widen_intervals

_FREQUENCY = {"week": "W-SUN", "month": "M", "quarter": "Q"}
_LONGEST_GAP = 13  # periods from one comment to the next


def share_by_period(comments: pd.DataFrame, members: pd.DataFrame, period: str = "month",
                    confidence: float = 0.95) -> pd.DataFrame:
    """Return each theme's share of the comments of each period.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id`` and ``created_at``. Undated ones are left out, and so are those
        beyond a gap of more than twelve empty periods: a single wrong year must not stretch the table. Intervals allow
        for who wrote several where there is a ``customer_id`` or an ``account_id``.
    members
        ``feedback_id, theme_id``.
    period
        "week" (Monday to Sunday), "month" or "quarter".

    Returns
    -------
    pandas.DataFrame
        ``theme_id, period`` (its first day), ``comment_count, base, comment_share`` with ``_low`` and ``_high``
        (Wilson), and ``is_partial``: the first or last period, where the data start or end more than a tenth of
        it away from its edge. Every theme has every period between first and last; a period without comments has
        a base of 0 and no share.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b", "c"],
    ...     "created_at": pd.to_datetime(["2026-01-01", "2026-01-31", "2026-02-10"])})
    >>> table = share_by_period(comments, pd.DataFrame({"feedback_id": ["a"], "theme_id": [0]}))
    >>> table[["comment_count", "base", "comment_share", "is_partial"]].values.tolist()
    [[1, 2, 0.5, False], [0, 1, 0.0, True]]
    """
    check_tables(comments=comments, members=members)
    check_choice("period", period, _FREQUENCY)
    dated = _in_time(comments, period)
    columns = ["theme_id", "period", "comment_count", "base", "comment_share", "comment_share_low",
               "comment_share_high", "is_partial"]
    if not len(dated):
        return pd.DataFrame(columns=columns)
    when = dated["created_at"].dt.to_period(_FREQUENCY[period])
    periods = pd.period_range(when.min(), when.max(), freq=_FREQUENCY[period])
    base = when.value_counts().reindex(periods, fill_value=0)
    said = members[["feedback_id", "theme_id"]].drop_duplicates()
    joined = said.merge(pd.DataFrame({"feedback_id": dated["feedback_id"], "period": when}), on="feedback_id")
    themes = sorted(set(members["theme_id"]))
    counts = joined.groupby(["theme_id", "period"]).size()
    index = pd.MultiIndex.from_product([themes, periods], names=["theme_id", "period"])
    table = counts.reindex(index, fill_value=0).rename("comment_count").reset_index()
    table["base"] = table["period"].map(base).astype(int)
    table["comment_share"] = table["comment_count"] / table["base"].where(table["base"] > 0)
    whose = cluster_of(dated).set_axis(dated["feedback_id"])
    table = widen_intervals(table, "theme_id", joined, whose, confidence, when.set_axis(whose.index).rename("period"))
    ends = ["comment_share_low", "comment_share_high"]
    table[ends] = table[ends].where(table["base"] > 0)
    table["is_partial"] = table["period"].isin(_partial(periods, dated["created_at"]))
    table["period"] = table["period"].dt.start_time
    return table[columns]


def one_voice_a_period(comments: pd.DataFrame, members: pd.DataFrame, period: str = "month"
                       ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables with all comments that a customer (or account) wrote in one period as one comment.

    One customer's comments on one matter come together in time, and would pass for a stretch of it. What stands out of
    these tables, many different people spoke of.

    Parameters
    ----------
    comments, members, period
        As for `share_by_period`, whose comments without a place in time are left out; ``customer_id`` and
        ``account_id`` where known.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b", "c"], "customer_id": "k",
    ...     "created_at": pd.to_datetime(["2026-01-01", "2026-01-31", "2026-02-10"])})
    >>> voices, of = one_voice_a_period(comments, pd.DataFrame({"feedback_id": ["a", "b", "c"], "theme_id": [0, 0, 1]}))
    >>> voices["feedback_id"].tolist(), of.values.tolist()
    (['a', 'c'], [['a', 0], ['c', 1]])
    """
    check_tables(comments=comments, members=members)
    dated = _in_time(comments, period).sort_values("feedback_id")
    return one_voice(dated, members, dated["created_at"].dt.to_period(_FREQUENCY[period]))


def one_voice(dated: pd.DataFrame, members: pd.DataFrame, when: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables with all comments that a customer (or account) wrote at one time as one comment.

    Parameters
    ----------
    dated, members
        As for `one_voice_a_period`; of a customer's comments the first in the order of rows stands for all.
    when
        The time of each, such as its week, with the same index.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b"], "customer_id": "k"})
    >>> members = pd.DataFrame({"feedback_id": ["a", "b"], "theme_id": [0, 1]})
    >>> one_voice(comments, members, pd.Series([3, 3]))[1].values.tolist()
    [['a', 0], ['a', 1]]
    """
    first = dated.groupby([cluster_of(dated), when.rename("when")])["feedback_id"].transform("first")
    voices = dated[dated["feedback_id"] == first]
    voice = pd.Series(first.to_numpy(), index=dated["feedback_id"])
    said = members[members["feedback_id"].isin(voice.index)]
    return voices, said.assign(feedback_id=said["feedback_id"].map(voice)).drop_duplicates(["feedback_id", "theme_id"])


def _in_time(comments: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return the comments with a date in the main span."""
    dated = comments[comments["created_at"].notna()]
    return dated[in_main_span(dated["created_at"].dt.to_period(_FREQUENCY[period]))]


def in_main_span(when: pd.Series) -> pd.Series:
    """Return which rows lie in the span with most comments, spans being parted by more than twelve empty periods.

    Examples
    --------
    >>> in_main_span(pd.Series(pd.PeriodIndex(["2026-01", "2026-03", "2031-01"], freq="M"))).tolist()
    [True, True, False]
    """
    if not len(when):
        return pd.Series(dtype=bool, index=when.index)
    counts = when.value_counts().sort_index()
    places = np.array([period.ordinal for period in counts.index])
    span = np.concatenate([[0], np.cumsum(np.diff(places) > _LONGEST_GAP)])
    main = int(np.bincount(span, weights=counts.to_numpy()).argmax())
    return when.isin(counts.index[span == main])


def drop_stray_dates(comments: pd.DataFrame) -> pd.DataFrame:
    """Return the comments without the dates that lie more than twelve empty months away from most comments.

    One wrong year would otherwise pass for years without comments. The comments themselves stay, undated.

    Examples
    --------
    >>> comments = pd.DataFrame({"created_at": pd.to_datetime(["2026-01-01", "2026-02-01", "2031-01-01"])})
    >>> drop_stray_dates(comments)["created_at"].isna().tolist()
    [False, False, True]
    """
    check_tables(comments=comments)
    if "created_at" not in comments:
        return comments
    written = comments["created_at"]
    kept = in_main_span(written.dropna().dt.to_period("M"))
    return comments.assign(created_at=written.where(kept.reindex(comments.index, fill_value=False)))


def drop_future_dates(comments: pd.DataFrame, last_day: date | None) -> pd.DataFrame:
    """Return the comments without the dates after `last_day`: nobody has written then, so such a date is a mistake.

    A day and a month that changed places would otherwise pass for a pause of months. The comments themselves stay,
    undated. Without a last day, all dates stay.

    Examples
    --------
    >>> comments = pd.DataFrame({"created_at": pd.to_datetime(["2026-11-05 18:00", "2026-12-11 00:00"])})
    >>> drop_future_dates(comments, date(2026, 11, 5))["created_at"].isna().tolist()
    [False, True]
    """
    check_tables(comments=comments)
    if last_day is None or "created_at" not in comments:
        return comments
    end = pd.Timestamp(last_day) + pd.Timedelta(days=1)
    return comments.assign(created_at=comments["created_at"].where(comments["created_at"] < end))


def _partial(periods: pd.PeriodIndex, times: pd.Series) -> list[pd.Period]:
    """Return the first and last period where the data do not reach their edge."""
    first, last = periods[0], periods[-1]
    partial = []
    if times.min() - first.start_time > 0.1 * (first.end_time - first.start_time):
        partial.append(first)
    if last.end_time - times.max() > 0.1 * (last.end_time - last.start_time):
        partial.append(last)
    return partial


def find_stretches(shares: pd.DataFrame, seed: int = 0, confidence: float = 0.95,
                   voices: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return, for each theme, the stretch of periods in which it stood out most, and how surprising that is.

    Every run of consecutive periods, up to half of all and to 26, is compared with the rest by its likelihood ratio
    (Kulldorff's scan statistic). The p-value is the share of up to 1,999 shuffles (see `chance_of`) of the same
    comments over the same periods whose best run is at least as surprising: it allows for the many runs that were
    tried. Across themes the p-values are adjusted by Benjamini and Hochberg.

    Source: Kulldorff (1997), A Spatial Scan Statistic; Benjamini and Hochberg (1995).

    Parameters
    ----------
    shares
        As `share_by_period` returns them.
    seed
        Of the shuffles.
    voices
        The same shares of `one_voice_a_period`, in which stretches are looked for where customers may write more than
        once; counts and shares of what is found are those of `shares`.

    Returns
    -------
    pandas.DataFrame
        ``theme_id, first_period, last_period, comment_count, base, comment_share`` with ``_low`` and ``_high``
        for the stretch, the same for the rest with the suffix ``_elsewhere``, ``p_value`` and ``p_adjusted``.
        Empty for fewer than three periods.

    Examples
    --------
    >>> periods = pd.date_range("2026-01-01", periods=6, freq="MS")
    >>> shares = pd.DataFrame({"theme_id": 0, "period": periods, "comment_count": [1, 1, 20, 22, 1, 1], "base": 50})
    >>> stretch = find_stretches(shares).iloc[0]
    >>> stretch.first_period.month, stretch.last_period.month, bool(stretch.p_adjusted < 0.01)
    (3, 4, True)
    """
    check_tables(shares=shares)
    from scipy.stats import false_discovery_control

    table = _stretches(shares, shares if voices is None else voices, seed)
    for where in ("", "_elsewhere"):
        count, base = table[f"comment_count{where}"], table[f"base{where}"]
        table[f"comment_share{where}"] = count / base.where(base > 0)
        low, high = share_interval(count, base, confidence)
        table[f"comment_share{where}_low"], table[f"comment_share{where}_high"] = low, high
    columns = ["theme_id", "first_period", "last_period", "comment_count", "base", "comment_share",
               "comment_share_low", "comment_share_high", "comment_count_elsewhere", "base_elsewhere",
               "comment_share_elsewhere", "comment_share_elsewhere_low", "comment_share_elsewhere_high", "p_value"]
    table = table[columns]
    table["p_adjusted"] = false_discovery_control(table["p_value"]) if len(table) else pd.Series(dtype=float)
    return table


def widen_spans(found: pd.DataFrame, comments: pd.DataFrame, members: pd.DataFrame, period: str = "month",
                confidence: float = 0.95) -> pd.DataFrame:
    """Return stretches or changes with intervals that allow for customers (or accounts) who wrote several comments.

    Parameters
    ----------
    found
        As `find_stretches` or `find_changes` returns it.
    comments, members, period
        What the shares were told of, as for `share_by_period`.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": range(90), "customer_id": [day // 6 for day in range(90)],
    ...     "created_at": pd.date_range("2026-01-01", periods=90)})
    >>> members = pd.DataFrame({"feedback_id": range(30, 60), "theme_id": 0})
    >>> shares = share_by_period(comments, members, "week")
    >>> for found in (find_stretches(shares), widen_spans(find_stretches(shares), comments, members, "week")):
    ...     print(found[["comment_share", "comment_share_low", "comment_share_high"]].round(2).values.tolist())
    [[1.0, 0.88, 1.0]]
    [[1.0, 0.56, 1.0]]
    """
    check_tables(found=found, comments=comments, members=members)
    if not len(found):
        return found
    dated = _in_time(comments, period)

    def numbered(days: pd.Series) -> np.ndarray:
        return np.asarray(pd.PeriodIndex(days.dt.to_period(_FREQUENCY[period])).asi8)

    when, is_change = pd.Series(numbered(dated["created_at"]), index=dated["feedback_id"]), "changed_in" in found
    spans = pd.DataFrame({
        "value": found["theme_id"].to_numpy(),
        "first": when.min() if is_change else numbered(found["first_period"]),
        "end": numbered(found["changed_in"]) if is_change else numbered(found["last_period"]) + 1})
    said = members[["feedback_id", "theme_id"]].drop_duplicates().rename(columns={"theme_id": "value"})
    effects = span_effects(said, cluster_of(dated).set_axis(when.index), when, spans)
    sides = [("_before", "share_before"), ("_after", "share_after")] if is_change else \
        [("", "comment_share"), ("_elsewhere", "comment_share_elsewhere")]
    ends = {}
    for (side, share), effect in zip(sides, effects, strict=True):
        ends[f"{share}_low"], ends[f"{share}_high"] = share_interval(
            found[f"comment_count{side}"] / effect, found[f"base{side}"] / effect, confidence)
    return found.assign(**ends)


def _stretches(shares: pd.DataFrame, voices: pd.DataFrame, seed: int) -> pd.DataFrame:
    themes, periods, counts, bases = count_periods(voices)
    if not len(themes):
        return pd.DataFrame(columns=["theme_id", "first_period", "last_period", "comment_count", "base",
                                     "comment_count_elsewhere", "base_elsewhere", "p_value"])
    surprise, first, length = sharpest("stretch", counts, bases)
    dealt = Dealt(seed, ("stretch",))
    chances = [dealt.chance("stretch", total, bases, best)
               for total, best in zip(counts.sum(axis=1).tolist(), surprise, strict=True)]
    _, _, counts, bases = count_periods(shares)
    totals = counts.sum(axis=1)
    after = (first + length)[:, None]
    inside = (np.arange(len(periods)) >= first[:, None]) & (np.arange(len(periods)) < after)
    own, base = (counts * inside).sum(axis=1), inside @ bases
    return pd.DataFrame({
        "theme_id": themes, "first_period": periods[first], "last_period": periods[first + length - 1],
        "comment_count": own, "base": base, "comment_count_elsewhere": totals - own,
        "base_elsewhere": bases.sum() - base, "p_value": chances})

"""Themes over time: shares per period, and stretches in which a theme was unusually present."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.themes import share_interval

_FREQUENCY = {"week": "W-SUN", "month": "M", "quarter": "Q"}
_SHUFFLES = 1999


def share_by_period(comments: pd.DataFrame, members: pd.DataFrame, period: str = "month",
                    confidence: float = 0.95) -> pd.DataFrame:
    """Return each theme's share of the comments of each period.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id`` and ``created_at``; undated ones are left out.
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
    dated = comments.loc[comments["created_at"].notna(), ["feedback_id", "created_at"]]
    columns = ["theme_id", "period", "comment_count", "base", "comment_share", "comment_share_low",
               "comment_share_high", "is_partial"]
    if not len(dated):
        return pd.DataFrame(columns=columns)
    when = dated["created_at"].dt.to_period(_FREQUENCY[period])
    periods = pd.period_range(when.min(), when.max(), freq=_FREQUENCY[period])
    base = when.value_counts().reindex(periods, fill_value=0)
    joined = members.merge(dated.assign(period=when), on="feedback_id")
    themes = sorted(set(members["theme_id"]))
    counts = joined.groupby(["theme_id", "period"])["feedback_id"].nunique()
    index = pd.MultiIndex.from_product([themes, periods], names=["theme_id", "period"])
    table = counts.reindex(index, fill_value=0).rename("comment_count").reset_index()
    table["base"] = table["period"].map(base).astype(int)
    table["comment_share"] = table["comment_count"] / table["base"].where(table["base"] > 0)
    low, high = share_interval(table["comment_count"], table["base"], confidence)
    table["comment_share_low"] = low.where(table["base"] > 0)
    table["comment_share_high"] = high.where(table["base"] > 0)
    table["is_partial"] = table["period"].isin(_partial(periods, dated["created_at"]))
    table["period"] = table["period"].dt.start_time
    return table[columns]


def _partial(periods: pd.PeriodIndex, times: pd.Series) -> list[pd.Period]:
    """Return the first and last period where the data do not reach their edge."""
    first, last = periods[0], periods[-1]
    partial = []
    if times.min() - first.start_time > 0.1 * (first.end_time - first.start_time):
        partial.append(first)
    if last.end_time - times.max() > 0.1 * (last.end_time - last.start_time):
        partial.append(last)
    return partial


def find_stretches(shares: pd.DataFrame, seed: int = 0, confidence: float = 0.95) -> pd.DataFrame:
    """Return, for each theme, the stretch of periods in which it stood out most, and how surprising that is.

    Every run of consecutive periods, up to half of all, is compared with the rest by its likelihood ratio
    (Kulldorff's scan statistic). The p-value is the share of 1,999 shuffles of the same comments over the same
    periods whose best run is at least as surprising: it allows for the many runs that were tried. Across themes
    the p-values are adjusted by Benjamini and Hochberg.

    Source: Kulldorff (1997), A Spatial Scan Statistic; Benjamini and Hochberg (1995).

    Parameters
    ----------
    shares
        As `share_by_period` returns them.
    seed
        Of the shuffles.

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
    from scipy.stats import false_discovery_control

    rows = []
    for theme, part in shares.groupby("theme_id"):
        ordered = part.sort_values("period")
        if len(ordered) >= 3 and ordered["comment_count"].sum() > 0:
            rows.append({"theme_id": theme, **_best_stretch(ordered, seed, confidence)})
    columns = ["theme_id", "first_period", "last_period", "comment_count", "base", "comment_share",
               "comment_share_low", "comment_share_high", "comment_count_elsewhere", "base_elsewhere",
               "comment_share_elsewhere", "comment_share_elsewhere_low", "comment_share_elsewhere_high", "p_value"]
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = false_discovery_control(table["p_value"]) if len(table) else pd.Series(dtype=float)
    return table


def _best_stretch(part: pd.DataFrame, seed: int, confidence: float) -> dict[str, object]:
    counts, bases = part["comment_count"].to_numpy(), part["base"].to_numpy()
    runs = _runs(len(counts))
    observed = _surprise(counts[None, :], bases, runs)[0]
    shuffled = np.random.default_rng(seed).multivariate_hypergeometric(bases, int(counts.sum()), size=_SHUFFLES)
    null = _surprise(shuffled, bases, runs).max(axis=1)
    best = int(np.argmax(np.round(observed, 9)))
    inside = runs[best].astype(bool)
    days = part["period"].to_numpy()[inside]
    result: dict[str, object] = {"first_period": days[0], "last_period": days[-1]}
    for suffix, chosen in (("", inside), ("_elsewhere", ~inside)):
        count, base = int(counts[chosen].sum()), int(bases[chosen].sum())
        low, high = share_interval(pd.Series([count]), base, confidence)
        result |= {f"comment_count{suffix}": count, f"base{suffix}": base,
                   f"comment_share{suffix}": count / base if base else float("nan"),
                   f"comment_share{suffix}_low": float(low.iloc[0]), f"comment_share{suffix}_high": float(high.iloc[0])}
    result["p_value"] = float((1 + (null >= observed[best] - 1e-9).sum()) / (1 + _SHUFFLES))
    return result


def _runs(count: int) -> np.ndarray:
    """Return every run of consecutive periods up to half of all, as rows of 0 and 1."""
    longest = max(1, count // 2)
    rows = [(start, start + size) for size in range(1, longest + 1) for start in range(count - size + 1)]
    runs = np.zeros((len(rows), count))
    for row, (start, end) in enumerate(rows):
        runs[row, start:end] = 1
    return runs


def _surprise(counts: np.ndarray, bases: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Return the log likelihood ratio of each run being richer than the rest; 0 where it is not richer."""
    inside, total = counts @ runs.T, counts.sum(axis=1, keepdims=True)
    base_inside = runs @ bases
    base_outside = bases.sum() - base_inside
    richer = inside * base_outside > (total - inside) * base_inside
    value = (_log_likelihood(inside, base_inside) + _log_likelihood(total - inside, base_outside)
             - _log_likelihood(total, bases.sum()))
    return np.where(richer, value, 0.0)


def _log_likelihood(count: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return the log likelihood of a share at its best estimate, 0 log 0 being 0."""
    from scipy.special import xlogy

    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(base > 0, count / np.maximum(base, 1), 0.0)
    return np.asarray(xlogy(count, share) + xlogy(base - count, 1 - share))

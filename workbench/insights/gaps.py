"""Silent gaps: days without a comment, where comments should have come."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from workbench.arguments import check_tables

_NEAR = 28  # days before and after a gap


def find_gaps(comments: pd.DataFrame, dimensions: tuple[str, ...] = ("channel", "market", "source", "language")
              ) -> pd.DataFrame:
    """Return stretches of days without a comment that are longer than chance makes them: collection may have paused.

    A gap of some days is judged by the comments of the four weeks before and after, and by how many comments each day
    of the week has: a Sunday without one is no gap where hardly any comes on Sundays. The p-value is the chance that
    none of so many comments falls into the gap, if all days of one name are alike; their number is divided by how much
    more weekly counts vary than chance alone would let them. It is multiplied by the number of days with comments,
    after each of which a gap could have begun, over all cells (Bonferroni).

    Source: Przyborowski and Wilenski (1940), the conditional test of two Poisson rates.

    Parameters
    ----------
    comments
        All comments with ``created_at``, not only the counted ones.

    Returns
    -------
    pandas.DataFrame
        ``dimension`` ("all" for everything), ``value, first_day, last_day, days, expected_count, p_adjusted``, and
        ``is_open``: nothing came from then to the end of the data. Only gaps with an adjusted p-value below 0.05.

    Examples
    --------
    >>> days = pd.date_range("2026-01-01", periods=120).repeat(3)
    >>> comments = pd.DataFrame({"created_at": [day for day in days if day.month != 3 or day.day > 21]})
    >>> find_gaps(comments)[["dimension", "days", "is_open"]].values.tolist()
    [['all', 21, False]]
    """
    check_tables(comments=comments)
    columns = ["dimension", "value", "first_day", "last_day", "days", "expected_count", "p_adjusted", "is_open"]
    if "created_at" not in comments or not comments["created_at"].notna().any():
        return pd.DataFrame(columns=columns)
    days = comments["created_at"].dt.normalize()
    end = days.max()
    cells = [("all", "", days.dropna())]
    cells += [(name, str(value), part.dropna()) for name in dimensions if name in comments
              for value, part in days.groupby(comments[name]) if part.notna().sum() >= 20]
    rows, looked = [], 0
    for dimension, value, part in cells:
        found, count = _gaps(part, end)
        looked += count
        rows += [(dimension, value, *row) for row in found]
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = (table["p_adjusted"].astype(float) * max(looked, 1)).clip(upper=1.0)
    return table[table["p_adjusted"] < 0.05].reset_index(drop=True)


def _gaps(days: pd.Series, end: pd.Timestamp) -> tuple[list[tuple[object, ...]], int]:
    """Return each gap between days with comments, its expected count and p-value; and how many could have begun."""
    first = days.min()
    daily = np.bincount((days - first).dt.days, minlength=(end - first).days + 1)
    heard = np.flatnonzero(daily)
    if len(heard) < 2:
        return [], 0
    weekly = daily[: len(daily) // 7 * 7].reshape(-1, 7).sum(axis=1)
    spread = max(1.0, float(weekly.var() / weekly.mean())) if len(weekly) > 3 and weekly.mean() > 0 else 1.0
    weekday = np.arange(len(daily)) % 7
    usual = (np.bincount(weekday, weights=daily) / np.bincount(weekday))[weekday]
    rows: list[tuple[object, ...]] = []
    for before, after in pairwise([*heard.tolist(), len(daily)]):
        start, length = before + 1, after - before - 1
        if length > 0:
            near = np.r_[max(0, start - _NEAR) : start, after : min(after + _NEAR, len(daily))]
            count, base, own = daily[near].sum(), usual[near].sum(), usual[start:after].sum()
            rows.append((first + pd.Timedelta(days=start), first + pd.Timedelta(days=after - 1), length,
                         float(count * own / base), float((base / (base + own)) ** (count / spread)),
                         after == len(daily)))
    return rows, len(heard)

"""Silent gaps: days without a comment, where comments should have come."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd


def find_gaps(comments: pd.DataFrame, dimensions: tuple[str, ...] = ("channel", "market", "source", "language")
              ) -> pd.DataFrame:
    """Return stretches of days without a comment that are longer than chance makes them: collection may have paused.

    A gap of some days is judged by the comments that would have come in them at the rate of the four weeks before and
    after: their number, divided by how much more weekly counts vary than chance alone would let them, is taken as
    Poisson, and the p-value multiplied by the number of gaps that were looked at, over all cells (Bonferroni).

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
    """Return each gap between days with comments, with its expected count and p-value; and how many there are."""
    first = days.min()
    daily = np.bincount((days - first).dt.days, minlength=(end - first).days + 1)
    heard = np.flatnonzero(daily)
    if len(heard) < 2:
        return [], 0
    weekly = daily[: len(daily) // 7 * 7].reshape(-1, 7).sum(axis=1)
    spread = max(1.0, float(weekly.var() / weekly.mean())) if len(weekly) > 3 and weekly.mean() > 0 else 1.0
    rows: list[tuple[object, ...]] = []
    for before, after in pairwise([*heard.tolist(), len(daily)]):
        start, length = before + 1, after - before - 1
        if length > 0:
            near = np.concatenate([daily[max(0, start - 28) : start], daily[after : after + 28]])
            expected = float(near.mean()) * length if len(near) else 0.0
            rows.append((first + pd.Timedelta(days=start), first + pd.Timedelta(days=after - 1), length, expected,
                         float(np.exp(-expected / spread)), after == len(daily)))
    return rows, len(rows)

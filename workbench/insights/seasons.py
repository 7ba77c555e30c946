"""Seasons: whether a theme comes back on the same days of the week or in the same months of the year."""

from __future__ import annotations

import numpy as np
import pandas as pd

CYCLES = {"weekday": 7, "month_of_year": 365}  # days of one turn
_TURNS, _SHUFFLES, _FEWEST = 2, 1999, 20
COLUMNS = ["cycle", "theme_id", "n", "peak", "peak_share", "share", "p_value", "p_adjusted"]


def find_seasons(comments: pd.DataFrame, members: pd.DataFrame, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return which themes follow the days of the week or the months of the year, and which cycles cannot be told.

    What counts is what comes back: where a theme is more or less spoken of than all comments are, on the same
    weekday of different weeks, or in the same month of different years. Something that happened once is no season.
    The p-value is the share of 1,999 shuffles of the theme's comments within each week (or year) in which as much
    comes back, adjusted over themes (Benjamini and Hochberg).

    Returns
    -------
    pandas.DataFrame
        A row a cycle and theme with twenty dated comments or more: ``peak`` is the weekday (0 Monday to 6 Sunday) or
        month (1 to 12) with the highest share, ``peak_share`` that share, ``share`` the theme's share of all.
    pandas.DataFrame
        ``cycle, reason``: "no_dates", "no_times" (all on one weekday or month) or "too_short", where the comments
        do not cover two turns.

    Examples
    --------
    >>> days = pd.date_range("2026-01-05", periods=140)
    >>> comments = pd.DataFrame({"feedback_id": [f"{i}" for i in range(140)], "created_at": days})
    >>> sundays = pd.DataFrame({"feedback_id": [f"{i}" for i in range(6, 140, 7)], "theme_id": 0})
    >>> seasons, reasons = find_seasons(comments, sundays)
    >>> seasons[["cycle", "n", "peak"]].values.tolist(), reasons.values.tolist()
    ([['weekday', 20, 6]], [['month_of_year', 'too_short']])
    """
    from scipy.stats import false_discovery_control

    dated = comments[comments["created_at"].notna()] if "created_at" in comments else comments.iloc[:0]
    parts, reasons = [], []
    for cycle, days in CYCLES.items():
        reason = _reason(dated, cycle, days)
        if reason is not None:
            reasons.append((cycle, reason))
            continue
        table = _cycle(dated, members, cycle, seed)
        table["p_adjusted"] = false_discovery_control(table["p_value"]) if len(table) else pd.Series(dtype=float)
        parts.append(table)
    kept = [part for part in parts if len(part)]
    found = pd.concat(kept, ignore_index=True)[COLUMNS] if kept else pd.DataFrame(columns=COLUMNS)
    return found, pd.DataFrame(reasons, columns=["cycle", "reason"])


def _reason(dated: pd.DataFrame, cycle: str, days: int) -> str | None:
    if not len(dated):
        return "no_dates"
    if (dated["created_at"].max() - dated["created_at"].min()).days + 1 < _TURNS * days:
        return "too_short"
    return "no_times" if _phase(dated, cycle).nunique() < 2 else None


def _phase(dated: pd.DataFrame, cycle: str) -> pd.Series:
    return dated["created_at"].dt.day_of_week if cycle == "weekday" else dated["created_at"].dt.month


def _cycle(dated: pd.DataFrame, members: pd.DataFrame, cycle: str, seed: int) -> pd.DataFrame:
    phase, first = _phase(dated, cycle), 0 if cycle == "weekday" else 1
    codes, size = phase.to_numpy() - first, 7 if cycle == "weekday" else 12
    turn = dated["created_at"].dt.to_period("W-SUN" if cycle == "weekday" else "Y").astype(str).to_numpy()
    base = np.bincount(codes, minlength=size)
    rows = []
    for theme, part in members[members["theme_id"] >= 0].groupby("theme_id"):
        own = dated["feedback_id"].isin(part["feedback_id"]).to_numpy()
        if own.sum() >= _FEWEST:
            rows.append((cycle, theme, int(own.sum()), *_season(own, codes, turn, base, first, seed)))
    return pd.DataFrame(rows, columns=COLUMNS[:-1])


def _season(own: np.ndarray, codes: np.ndarray, turn: np.ndarray, base: np.ndarray, first: int, seed: int
            ) -> tuple[int, float, float, float]:
    """Return the peak, its share, the share of all and the p-value of one theme in one cycle."""
    cells = pd.DataFrame({"turn": turn, "code": codes, "own": own}).groupby(["turn", "code"], as_index=False).agg(
        base=("own", "size"), own=("own", "sum"))
    generator = np.random.default_rng(seed)
    sums, squares = np.zeros((_SHUFFLES + 1, len(base))), np.zeros((_SHUFFLES + 1, len(base)))
    for _, part in cells[cells.groupby("turn")["own"].transform("sum") > 0].groupby("turn"):
        bases, count, place = part["base"].to_numpy(), int(part["own"].sum()), part["code"].to_numpy()
        dealt = generator.multivariate_hypergeometric(bases, count, size=_SHUFFLES)
        beyond = np.vstack([part["own"].to_numpy()[None, :], dealt]) - bases * count / bases.sum()
        sums[:, place] += beyond
        squares[:, place] += beyond**2
    comes_back = ((sums**2 - squares) / np.maximum(base, 1)).sum(axis=1)
    rate = np.where(base > 0, np.bincount(codes[own], minlength=len(base)) / np.maximum(base, 1), -1.0)
    peak = int(rate.argmax())
    p = (comes_back >= comes_back[0] - 1e-9).mean()
    return peak + first, float(rate[peak]), float(own.mean()), float(p)

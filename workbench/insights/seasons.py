"""Seasons: whether a theme comes back on the same days of the week or in the same months of the year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.chance import ENOUGH, FIRST
from workbench.insights.clusters import cluster_of
from workbench.insights.incidence import membership
from workbench.insights.trends import one_voice
from workbench.themes import share_effects, share_interval

CYCLES = {"weekday": 7, "month_of_year": 365}  # days of one turn
_TURNS, _SHUFFLES, _FEWEST = 2, 1999, 20
_AT_ONCE = 2_000_000  # numbers of what is dealt that are held at a time
_Hands = dict[tuple[int, int], np.random.Generator]  # by turn and number of comments
COLUMNS = ["cycle", "theme_id", "n", "peak", "peak_count", "peak_base", "peak_share", "peak_share_low",
           "peak_share_high", "share", "p_value", "p_adjusted"]


def find_seasons(comments: pd.DataFrame, members: pd.DataFrame, seed: int = 0, confidence: float = 0.95
                 ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return which themes follow the days of the week or the months of the year, and which cycles cannot be told.

    What counts is what comes back: where a theme is more or less spoken of than all comments are, on the same
    weekday of different weeks, or in the same month of different years. Something that happened once is no season.
    The p-value is the share of up to 1,999 shuffles (see `chance_of`) of the theme's comments within each week (or
    year) in which as much comes back, adjusted over themes (Benjamini and Hochberg). Themes with as many comments in a
    week share its shuffles. What one customer (or account) writes in a week, or in a month of the year, is one voice
    there; counts and shares are those of comments, and intervals allow for who wrote several.

    Returns
    -------
    pandas.DataFrame
        A row a cycle and theme with twenty dated comments or more: ``peak`` is the weekday (0 Monday to 6 Sunday) or
        month (1 to 12) whose share is surely highest, by the lower end of its interval: a day with two comments, both
        of the theme, is no peak. ``peak_share`` is that share with ``_low`` and ``_high`` (Wilson), of ``peak_base``
        comments; ``share`` is the theme's share of all.
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
    check_tables(comments=comments, members=members)
    from scipy.stats import false_discovery_control

    dated = comments[comments["created_at"].notna()] if "created_at" in comments else comments.iloc[:0]
    parts, reasons = [], []
    for cycle, days in CYCLES.items():
        reason = _reason(dated, cycle, days)
        if reason is not None:
            reasons.append((cycle, reason))
            continue
        table = _cycle(dated, members, cycle, seed, confidence)
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


def _cycle(dated: pd.DataFrame, members: pd.DataFrame, cycle: str, seed: int, confidence: float) -> pd.DataFrame:
    first = 0 if cycle == "weekday" else 1
    themes, counts, bases = _placed(dated, members, cycle)
    voices, said = one_voice(dated.sort_values("feedback_id"), members,
                             dated["created_at"].dt.to_period("W-SUN" if cycle == "weekday" else "M"))
    speaking, own, of_voices = _placed(voices, said, cycle)
    heard = np.flatnonzero(counts.sum(axis=(1, 2)) >= _FEWEST)
    chances = _chances(own[np.searchsorted(speaking, themes[heard])], of_voices, seed)
    effects = _effects(dated, members, cycle, themes[heard]) if len(heard) else np.ones((0, bases.shape[1]))
    peaks = _peaks(counts[heard].sum(axis=1), bases.sum(axis=0), effects, first, confidence)
    rows = [(cycle, themes[place], int(counts[place].sum()), *peak, float(counts[place].sum() / bases.sum()), chance)
            for place, peak, chance in zip(heard, peaks, chances, strict=True)]
    return pd.DataFrame(rows, columns=COLUMNS[:-1])


def _placed(dated: pd.DataFrame, members: pd.DataFrame, cycle: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the themes, the comments of each by turn and weekday (or month), and all comments by these."""
    size, first = (7, 0) if cycle == "weekday" else (12, 1)
    codes = _phase(dated, cycle).to_numpy() - first
    turns = pd.factorize(dated["created_at"].dt.to_period("W-SUN" if cycle == "weekday" else "Y"), sort=True)[0]
    themes, spoken = membership(dated["feedback_id"], members[members["theme_id"] >= 0])
    entries = spoken.tocoo()
    shape = (int(turns.max()) + 1, size)
    bases = np.bincount(turns * size + codes, minlength=shape[0] * size).reshape(shape)
    places = (entries.col.astype(np.int64) * shape[0] + turns[entries.row]) * size + codes[entries.row]
    counts = np.bincount(places, minlength=len(themes) * bases.size).reshape(len(themes), *shape)
    return themes, counts, bases


def _effects(dated: pd.DataFrame, members: pd.DataFrame, cycle: str, themes: np.ndarray) -> np.ndarray:
    """Return by how much clusters widen the share of each theme, a row, on each weekday or in each month, a column."""
    size, first = (7, 0) if cycle == "weekday" else (12, 1)
    said = members[["feedback_id", "theme_id"]].drop_duplicates().rename(columns={"theme_id": "value"})
    phase = (_phase(dated, cycle) - first).set_axis(dated["feedback_id"])
    effects = share_effects(said, cluster_of(dated).set_axis(phase.index), np.repeat(themes, size).tolist(), base=phase,
                            of=list(range(size)) * len(themes))
    return effects.reshape(len(themes), size)


def _peaks(counts: np.ndarray, base: np.ndarray, effects: np.ndarray, first: int, confidence: float
           ) -> list[tuple[int, int, int, float, float, float]]:
    """Return each row's weekday or month whose share is surely highest, its counts, and its share with an interval."""
    low, high = (np.asarray(end).reshape(counts.shape) for end in share_interval(
        pd.Series((counts / effects).ravel()), pd.Series((base / effects).ravel()), confidence))
    rows, peak = np.arange(len(counts)), np.where(base > 0, low, -1.0).argmax(axis=1)
    own, of = counts[rows, peak], base[peak]
    return list(zip((peak + first).tolist(), own.tolist(), of.tolist(), own / of, low[rows, peak], high[rows, peak],
                    strict=True))


def _chances(own: np.ndarray, bases: np.ndarray, seed: int) -> np.ndarray:
    """Return the p-value of each theme in one cycle, as `chance_of` has it.

    Parameters
    ----------
    own
        Each theme's comments: a table a theme, a row a turn, a column a weekday or month.
    bases
        All comments, a row a turn.
    """
    spoken, weight = own.sum(axis=2), 1 / np.maximum(bases.sum(axis=0), 1)
    beyond = own - spoken[:, :, None] * (bases / np.maximum(bases.sum(axis=1), 1)[:, None])
    observed = (beyond.sum(axis=1) ** 2 - (beyond**2).sum(axis=1)) @ weight
    hands: _Hands = {}

    def reached(themes: np.ndarray, count: int) -> np.ndarray:
        blocks = _coming_back(spoken[themes], bases, count, hands, seed) if len(themes) else ()
        return sum(((block >= observed[themes, None] - 1e-9).sum(axis=1) for block in blocks), np.zeros(len(themes)))

    found, drawn = reached(np.arange(len(own)), FIRST), np.full(len(own), FIRST)
    rare = np.flatnonzero(found < ENOUGH)
    found[rare] += reached(rare, _SHUFFLES - FIRST)
    drawn[rare] = _SHUFFLES
    return np.asarray((1 + found) / (1 + drawn))


def _coming_back(spoken: np.ndarray, bases: np.ndarray, shuffles: int, hands: _Hands, seed: int
                 ) -> Iterator[np.ndarray]:
    """Return, for each theme and shuffle, how much of what is beyond the expected in one turn is so in others too.

    What is dealt to so many comments of a turn serves all themes with as many there. Some shuffles at a time.

    Parameters
    ----------
    spoken
        The comments of each theme, a row, in each turn, a column.
    hands
        What deals to so many comments of a turn, by both; new ones are added.
    """
    from scipy.sparse import csr_array

    themes, turns = np.nonzero(spoken)
    sizes, weight, most = bases.sum(axis=1), 1 / np.maximum(bases.sum(axis=0), 1), int(spoken.max(initial=0)) + 1
    kinds, which = np.unique(turns * most + spoken[themes, turns], return_inverse=True)
    ends = np.searchsorted(themes, np.arange(len(spoken) + 1))
    together = csr_array((np.ones(len(which)), which, ends), shape=(len(spoken), len(kinds)))
    some = max(1, _AT_ONCE // max(1, len(kinds) * bases.shape[1]))
    for count in (min(some, shuffles - first) for first in range(0, shuffles, some)):
        beyond = np.empty((len(kinds), count, bases.shape[1]))
        for place, (turn, number) in enumerate(zip(*np.divmod(kinds, most), strict=True)):
            if (turn, number) not in hands:
                hands[turn, number] = np.random.default_rng([seed, turn, number])
            beyond[place] = hands[turn, number].multivariate_hypergeometric(bases[turn], number, size=count)
            beyond[place] -= bases[turn] * number / sizes[turn]
        sums = (together @ beyond.reshape(len(kinds), -1)).reshape(len(spoken), count, -1)
        yield sums**2 @ weight - together @ (beyond**2 @ weight)

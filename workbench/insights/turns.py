"""Turns: what was spoken of with low scores until some day and with high ones from then on, or the reverse."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.chance import chance_of
from workbench.insights.measures import clusters
from workbench.insights.weights import Dealer

FEWEST, FEWEST_ON_A_SIDE = 12, 5
_SHUFFLES, _BLOCK = 4999, 500_000
COLUMNS = ["cut", "subject", "dimension", "value", "n", "turned_on", "n_before", "n_after", "standing_before",
           "standing_after", "change", "change_low", "change_high", "p_value", "p_adjusted"]


def find_turns(comments: pd.DataFrame, subjects: pd.DataFrame, dimension: str | None = None, seed: int = 0,
               confidence: float = 0.95) -> pd.DataFrame:
    """Return, for each subject in each value of a dimension, the day on which its scores turned most.

    Every day that leaves five answers or more on either side is tried; the p-value is the share of up to 4,999
    shuffles (see `chance_of`) of the same scores over the same days whose best day is at least as sharp, so it allows
    for the many days that were tried. Scores of an account or customer are alike on all their days, which would pass
    for a turn: means of customers are shuffled over whole customers, and what is beyond the mean within each. P-values
    are adjusted over all cells (Benjamini and Hochberg). The interval is Welch's for the day that was chosen, and so
    somewhat too narrow; where somebody answered several times it is no narrower than that of means over clusters, with
    one degree of freedom less than the side with fewer of them has, and empty where that is one.

    Source: Welch (1947); Cochran (1977), Sampling Techniques, chapter 11, for means over clusters.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id, created_at, standing`` (0 to 1, as `standing` makes it), the
        column that `dimension` names, and ``customer_id`` and ``account_id`` where known.
    subjects
        ``feedback_id, cut, subject``: what each comment speaks of, such as cut "theme", subject "3".
    dimension
        Such as "market"; without it, subjects are looked at in all comments.
    seed
        Of the shuffles.

    Returns
    -------
    pandas.DataFrame
        A row a cell with twelve scored comments or more, with `COLUMNS`: ``turned_on`` is the day of the first
        comment after the turn, ``change`` the mean standing after less that before.

    Examples
    --------
    >>> days = pd.date_range("2026-01-01", periods=30)
    >>> comments = pd.DataFrame({"feedback_id": [f"{i}" for i in range(30)], "created_at": days, "market": "IR",
    ...     "standing": [0.1, 0.3] * 10 + [0.9, 0.8] * 5})
    >>> about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "term", "subject": "پیک"})
    >>> turn = find_turns(comments, about, "market").iloc[0]
    >>> turn["subject"], turn["value"], turn["turned_on"].date().isoformat(), bool(turn["p_adjusted"] < 0.01)
    ('پیک', 'IR', '2026-01-21', True)
    """
    check_tables(comments=comments, subjects=subjects)
    from scipy.stats import false_discovery_control

    usable = comments[comments["created_at"].notna() & comments["standing"].notna()]
    usable = usable.assign(value=usable[dimension] if dimension else "", dimension=dimension or "",
                           cluster=clusters(usable))
    joined = subjects.drop_duplicates().merge(
        usable[["feedback_id", "created_at", "standing", "dimension", "value", "cluster"]], on="feedback_id")
    joined = joined.sort_values(["cut", "subject", "value", "created_at", "feedback_id"])
    rows = [row for key, part in joined.groupby(["cut", "subject", "dimension", "value"], sort=True)
            if len(part) >= FEWEST and (row := _turn(key, part, seed, confidence)) is not None]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    table["p_adjusted"] = false_discovery_control(table["p_value"]) if len(table) else pd.Series(dtype=float)
    return table.sort_values(["p_value", "cut", "subject", "value"], ignore_index=True)


def _turn(key: Iterable[object], part: pd.DataFrame, seed: int, confidence: float) -> tuple[object, ...] | None:
    scores, days = part["standing"].to_numpy(), part["created_at"].to_numpy()
    places = np.arange(FEWEST_ON_A_SIDE, len(scores) - FEWEST_ON_A_SIDE + 1)
    places = places[days[places - 1] < days[np.minimum(places, len(days) - 1)]]
    if not len(places) or np.ptp(scores) == 0:
        return None
    observed = _sharpness(scores[None, :], places)[0]
    place = int(places[int(observed.argmax())])
    whose = np.unique(part["cluster"], return_inverse=True)[1]
    p = _chance(scores, whose, places, float(observed.max()), seed)
    before, after = scores[:place], scores[place:]
    low, high = _interval(scores, whose, place, confidence)
    return (*key, len(scores), pd.Timestamp(days[place]).normalize(), len(before), len(after), before.mean(),
            after.mean(), after.mean() - before.mean(), low, high, p)


def _interval(scores: np.ndarray, whose: np.ndarray, place: int, confidence: float) -> tuple[float, float]:
    """Return the interval of the mean from a place on less that before it; empty where it cannot be told."""
    from scipy.special import stdtrit
    from scipy.stats import ttest_ind

    before, after = scores[:place], scores[place:]
    people, count = min(len(np.unique(whose[:place])), len(np.unique(whose[place:]))), len(np.unique(whose))
    if (np.ptp(before) == 0 and np.ptp(after) == 0) or people < 2:
        return float("nan"), float("nan")
    if count == len(scores):
        with warnings.catch_warnings():  # scores that are all alike on one side have no variance there
            warnings.simplefilter("ignore", RuntimeWarning)
            low, high = ttest_ind(after, before, equal_var=False).confidence_interval(confidence)
        return float(low), float(high)
    parts = np.concatenate([(before.mean() - before) / len(before), (after - after.mean()) / len(after)])
    of_people = count / (count - 1) * (np.bincount(whose, parts) ** 2).sum()
    of_answers = before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after)
    half = float(stdtrit(people - 1, 0.5 + confidence / 2)) * max(of_people, of_answers) ** 0.5
    change = after.mean() - before.mean()
    return float(change - half), float(change + half)


def _sharpness(scores: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return, for each row of scores and each place, the difference of means on either side over its error."""
    size = scores.shape[1]
    before = np.cumsum(scores, axis=1)[:, places - 1]
    after = scores.sum(axis=1, keepdims=True) - before
    gap = np.abs(after / (size - places) - before / places)
    return np.asarray(gap / np.sqrt(1 / places + 1 / (size - places)))


def _chance(scores: np.ndarray, groups: np.ndarray, places: np.ndarray, observed: float, seed: int) -> float:
    """Return the share of shuffles whose sharpest place is at least as sharp, a block of rows at a time."""
    generator, hand = np.random.default_rng(seed), Dealer(scores, groups)
    rows = max(1, _BLOCK // len(scores))

    def reaches(count: int) -> np.ndarray:
        blocks = (hand.deal_many(generator, min(rows, count - first)) for first in range(0, count, rows))
        return np.concatenate([_sharpness(block, places).max(axis=1) >= observed - 1e-12 for block in blocks])

    return chance_of(reaches, _SHUFFLES)

"""Searches for runs of periods in which a theme stood out, and for the period from which it was different.

Both compare a part of the time with the rest by their likelihood ratio. How surprising the best part is, shuffles of as
many comments over the same periods tell: they serve all themes that are spoken of as often.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from workbench.insights.chance import chance_among

_SHUFFLES = 1999
_LONGEST_RUN = 26
_FEWEST = 3  # periods


class Dealt:
    """What shuffles of so many comments over the same periods come to, drawn once for all themes of as many.

    Parameters
    ----------
    seed
        Of the shuffles.
    searches
        Those that the shuffles serve: "stretch" and "change".
    """

    def __init__(self, seed: int = 0, searches: tuple[str, ...] = ("stretch", "change")) -> None:
        self._seed, self._searches = seed, searches
        self._known: dict[tuple[bytes, int], tuple[np.random.Generator, dict[str, np.ndarray]]] = {}

    def sharpest(self, search: str, total: int, bases: np.ndarray, count: int = _SHUFFLES) -> np.ndarray:
        """Return the best of each of the first shuffles in a search, in the order of their drawing.

        Examples
        --------
        >>> Dealt().sharpest("change", 4, np.array([9, 9, 9])).shape
        (1999,)
        """
        key = bases.tobytes(), total
        if key not in self._known:
            self._known[key] = np.random.default_rng(self._seed), {name: np.zeros(0) for name in self._searches}
        generator, best = self._known[key]
        if (lacking := count - len(best[search])) > 0:
            counts = generator.multivariate_hypergeometric(bases, total, size=lacking)
            for name, values in best.items():
                best[name] = np.append(values, sharpest(name, counts, bases)[0])
        return best[search][:count]

    def chance(self, search: str, total: int, bases: np.ndarray, observed: float) -> float:
        """Return the p-value of the best that a search has found in so many comments, by up to 1,999 shuffles."""
        return chance_among(lambda count: self.sharpest(search, total, bases, count) >= observed - 1e-9, _SHUFFLES)


def count_periods(shares: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the themes that are spoken of, the periods, the comments of each theme by period, and of all by period.

    With fewer than three periods there is nothing to search, and no theme.

    Parameters
    ----------
    shares
        As `share_by_period` returns them: ``theme_id, period, comment_count, base``.

    Examples
    --------
    >>> shares = pd.DataFrame({"theme_id": [0] * 3 + [1] * 3, "period": [1, 2, 3] * 2,
    ...     "comment_count": [3, 4, 1, 0, 0, 0], "base": [9, 8, 7] * 2})
    >>> themes, periods, counts, bases = count_periods(shares)
    >>> themes.tolist(), periods.tolist(), counts.tolist(), bases.tolist()
    ([0], [1, 2, 3], [[3, 4, 1]], [9, 8, 7])
    """
    counts = shares.pivot(index="theme_id", columns="period", values="comment_count").fillna(0)
    bases = shares.groupby("period")["base"].max().reindex(counts.columns)
    counts = counts[(counts.sum(axis=1) > 0) & (counts.shape[1] >= _FEWEST)]
    return counts.index.to_numpy(), counts.columns.to_numpy(), counts.to_numpy(dtype=np.int64), bases.to_numpy()


def sharpest(search: str, counts: np.ndarray, bases: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return what a search finds in each row: first how surprising it is, then where it is.

    Parameters
    ----------
    search
        "stretch" (where: its start and length) or "change" (where: the first period after it).
    counts, bases
        Comments of each row by period, and all comments by period.

    Examples
    --------
    >>> bases = np.array([9, 9, 9, 9])
    >>> _, start, length = sharpest("stretch", np.array([[0, 5, 6, 0]]), bases)
    >>> start.tolist(), length.tolist(), sharpest("change", np.array([[0, 0, 6, 5]]), bases)[1].tolist()
    ([1], [2], [2])
    """
    return _scan(counts, bases) if search == "stretch" else _split(counts, bases)


def _scan(counts: np.ndarray, bases: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each row's most surprising run of periods: its log likelihood ratio, start and length.

    Runs go up to half of all periods, and to 26. One length at a time, so that memory grows with the periods and
    not with the runs.
    """
    rows, periods = counts.shape
    sums, base_sums = _summed(counts), np.append(0.0, np.cumsum(bases))
    best, start, length = np.full(rows, -1.0), np.zeros(rows, dtype=int), np.ones(rows, dtype=int)
    for size in range(1, min(max(1, periods // 2), _LONGEST_RUN) + 1):
        inside, base = sums[size:] - sums[:-size], base_sums[size:] - base_sums[:-size]
        surprise = _once_a_count(partial(_surprise, base_total=base_sums[-1]), inside, base, sums[-1])
        value = surprise.max(axis=0)
        better = np.flatnonzero(value > best)
        best[better], start[better], length[better] = value[better], surprise[:, better].argmax(axis=0), size
    return best, start, length


def _split(counts: np.ndarray, bases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's sharpest split: its log likelihood ratio, and the first period after it."""
    sums = _summed(counts)
    value = _once_a_count(partial(_sharpness, base_total=bases.sum()), sums[1:-1], np.cumsum(bases)[:-1], sums[-1])
    return value.max(axis=0), value.argmax(axis=0) + 1


def _summed(counts: np.ndarray) -> np.ndarray:
    """Return the comments before each period, and of all: a row a period, since long rows are fast to work on."""
    sums = np.zeros((counts.shape[1] + 1, len(counts)), dtype=np.int64)
    np.cumsum(counts.T, axis=0, out=sums[1:])
    return sums


def _sharpness(before: np.ndarray, base: np.ndarray, total: np.ndarray, base_total: int) -> np.ndarray:
    return np.round(_log_likelihood(before, base) + _log_likelihood(total - before, base_total - base)
                    - _log_likelihood(total, np.asarray(base_total)), 9)


def _once_a_count(ratio: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray], counts: np.ndarray,
                  bases: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return a ratio of counts, bases and totals; where all columns have one total, it is worked out once a count.

    Parameters
    ----------
    ratio
        Of counts, bases and totals, each number by itself.
    counts
        Whole numbers, a column a shuffle.
    bases
        Of each row.
    totals
        Of each column.
    """
    least, most = int(counts.min()), int(counts.max())
    if most - least + 1 >= counts.shape[1] or (totals != totals[0]).any():
        return ratio(counts, bases[:, None], totals)
    known = ratio(np.arange(least, most + 1), bases[:, None], totals[:1])
    return np.asarray(known.ravel().take(counts + (np.arange(len(bases)) * known.shape[1] - least)[:, None]))


def _surprise(inside: np.ndarray, base: np.ndarray, total: np.ndarray, base_total: float) -> np.ndarray:
    """Return the log likelihood ratio of runs being richer than the rest; 0 where they are not richer."""
    outside, base_outside = total - inside, base_total - base
    richer = inside * base_outside > outside * base
    value = (_log_likelihood(inside, base) + _log_likelihood(outside, base_outside)
             - _log_likelihood(total, np.asarray(base_total)))
    return np.round(np.where(richer, value, 0.0), 9)


def _log_likelihood(count: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return the log likelihood of a share at its best estimate, 0 log 0 being 0."""
    from scipy.special import xlogy

    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(base > 0, count / np.maximum(base, 1), 0.0)
    return np.asarray(xlogy(count, share) + xlogy(base - count, 1 - share))

"""Small cells are hidden, and so many others that none of the small ones can be computed from the rest.

Secondary (complementary) suppression: L. H. Cox, "Suppression methodology and statistical disclosure control",
Journal of the American Statistical Association 75, 1980; A. Hundepool and others, "Statistical Disclosure Control",
2012, chapter 4. Where a line of a table and its total are shown, one hidden cell is the total less the others. So a
line hides further cells, the smallest first, until what is hidden in it cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.arguments import check_tables
from workbench.insights.bounds import Intervals, is_fixed

SHOWN, SMALL, WITHHELD = "shown", "small", "withheld"
_TOTAL: Final = "all"


class Lines(NamedTuple):
    """How numbers of `counted` add up: along each of `along` to a total, for every value of the other `axes`."""

    counted: str
    axes: tuple[str, ...]
    along: tuple[str, ...]


class Sums(NamedTuple):
    """One way in which cells add up: the line that each is in, -1 for none, and the cell that is each line's total.

    A total that is no cell is -1; it is taken as known to the reader.
    """

    line: NDArray[np.int64]
    totals: NDArray[np.int64]


def hide_small(table: pd.DataFrame, count: str, minimum: int, columns: list[str]) -> pd.DataFrame:
    """Return the table with `columns` emptied where `count` is from 1 to below `minimum`, marked in ``is_hidden``.

    A count of 0 is not hidden: that nobody was heard is no secret, and it tells nothing about anybody.

    Examples
    --------
    >>> table = pd.DataFrame({"market": ["DE", "JO", "IR"], "n": [40, 3, 0], "share": [0.4, 0.03, 0.0]})
    >>> hide_small(table, "n", 5, ["share"]).values.tolist()
    [['DE', 40, 0.4, False], ['JO', 3, nan, True], ['IR', 0, 0.0, False]]
    """
    check_tables(table=table)
    hidden = table[count].gt(0) & table[count].lt(minimum)
    shown = table.copy()
    shown[columns] = shown[columns].mask(hidden)
    shown["is_hidden"] = hidden
    return shown


def what_is_hidden(table: pd.DataFrame, lines: Lines, minimum: int, secret: pd.Series | None = None) -> pd.Series:
    """Return for each row whether its cell is shown, is too small, or is withheld so that no small one can be computed.

    The rules of `hide_until_safe`, for one table. Rows that say "all" on an axis are totals of that axis.

    Parameters
    ----------
    table
        The whole table, not a part of it, so that every view of the same counts hides the same cells. Rows that say
        "all" on an axis are its totals; without such rows totals are taken as known to the reader.
    lines
        Which counts add up.
    minimum
        Counts from 1 to below it are small.
    secret
        For each row, whether it is withheld whatever its count, as for `hide_until_safe`.

    Returns
    -------
    pandas.Series
        "shown", "small" or "withheld", with the index of `table`; the same whatever the order of its rows.

    Examples
    --------
    >>> table = pd.DataFrame({"market": ["DE", "EG", "IR", "JO"], "n": [40, 9, 12, 3]})
    >>> what_is_hidden(table, Lines("n", ("market",), ("market",)), 5).tolist()
    ['shown', 'withheld', 'shown', 'small']
    """
    counts = table[lines.counted].fillna(0).to_numpy(dtype=np.int64)
    keys = table[list(lines.axes)].astype(str).reset_index(drop=True)
    states = hide_until_safe(counts, [_lines_along(keys, axis) for axis in lines.along], rank_of(keys, counts), minimum,
                             secret=None if secret is None else secret.to_numpy(dtype=bool) & (counts > 0))
    return pd.Series(states, index=table.index, dtype=object)


def rank_of(names: pd.DataFrame, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the positions of cells in the order in which they are withheld: the smallest first, empty ones last."""
    order = names.assign(_empty=counts == 0, _count=counts).sort_values(["_empty", "_count", *names], kind="stable")
    return order.index.to_numpy(dtype=np.int64)


def hide_until_safe(counts: NDArray[np.int64], known: Sequence[Sums], rank: NDArray[np.int64], minimum: int,
                    given: NDArray[np.object_] | None = None, secret: NDArray[np.bool_] | None = None
                    ) -> NDArray[np.object_]:
    """Return for each cell whether it is shown, is too small, or is withheld so that no small one can be computed.

    Of a line whose total is shown the reader knows the sum of what is hidden. Cells are withheld, the smallest of the
    others first and empty ones last, until the sum is no small count itself and there is more than one way to divide
    it: a small cell is known to be from 1 to below `minimum`, a withheld one to be empty or no less than that. Where a
    line has no more cells its total is withheld, if it is a cell. Of a line whose total is hidden one cell is hidden at
    least, or the others would tell the total. Sums over several lines are examined last: while all the sums together
    leave one count only for a small cell, one more cell of the lines that do so is withheld.

    Parameters
    ----------
    counts
        Of each cell.
    known
        Every way in which they add up.
    rank
        As `rank_of` returns it.
    minimum
        Counts from 1 to below it are small.
    given
        What was decided before: the state of a cell, or "" where it is open. A cell that is shown stays so.
    secret
        Cells that are withheld whatever their counts, and that sums over several lines must tell as little as small
        ones, such as those of few people.

    Examples
    --------
    >>> counts = np.array([40, 9, 12, 3])
    >>> one_line = Sums(np.zeros(4, dtype=np.int64), np.array([-1]))
    >>> hide_until_safe(counts, [one_line], np.array([3, 1, 2, 0]), 5).tolist()
    ['shown', 'withheld', 'shown', 'small']
    """
    small = (counts > 0) & (counts < minimum)
    kept = small if secret is None else small | secret
    hidden, is_open = kept.copy(), np.ones(len(counts), dtype=bool)
    if given is not None:
        is_open = given != SHOWN
        hidden |= given == WITHHELD
    exact, seen, before = [_exact(*sums, counts) for sums in known], Intervals(counts, small, minimum, kept), -1
    is_crossed = len(known) > 1 or any((totals >= 0).any() for _, totals in known)
    while known and before < hidden.sum():
        before = hidden.sum()
        cells = _Cells(counts, small, kept, hidden, rank[is_open[rank]], is_open, minimum)
        more = np.unique(np.concatenate([_next(*sums, cells) for sums in known]))
        if not is_crossed:  # no sum shares a cell with another, so that none is to be examined further
            hidden[more] = True
            continue
        more = more if len(more) else _next_of_fixed(known, cells)
        hidden[more if len(more) else _next_of_pinned(exact, cells, seen)] = True
    return np.where(small, SMALL, np.where(hidden, WITHHELD, SHOWN)).astype(object)


class _Cells(NamedTuple):
    counts: NDArray[np.int64]
    small: NDArray[np.bool_]
    kept: NDArray[np.bool_]  # small or secret
    hidden: NDArray[np.bool_]
    rank: NDArray[np.int64]  # of those that may be withheld
    is_open: NDArray[np.bool_]
    minimum: int


def _lines_along(keys: pd.DataFrame, axis: str) -> Sums:
    """Return the line of each row along an axis; a row that says "all" is the total of its line."""
    others = [name for name in keys if name != axis]
    line = (keys.groupby(others, sort=True).ngroup() if others else pd.Series(0, keys.index)).to_numpy(dtype=np.int64)
    is_total = (keys[axis] == _TOTAL).to_numpy()
    totals = np.full(int(line.max(initial=-1)) + 1, -1, dtype=np.int64)
    totals[line[is_total]] = np.flatnonzero(is_total)
    return Sums(np.where(is_total, -1, line), totals)


def _next(line: NDArray[np.int64], totals: NDArray[np.int64], cells: _Cells) -> NDArray[np.int64]:
    """Return the next cell to hide of each line that is not safe: its smallest one, or its total."""
    counts, small, _, hidden, rank, is_open, minimum = cells

    def summed(chosen: NDArray[np.bool_], weights: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        chosen = chosen & (line >= 0)
        values = None if weights is None else weights[chosen]
        return np.bincount(line[chosen], values, minlength=len(totals)).astype(np.int64)

    few, more, total = summed(small), summed(hidden & ~small), summed(hidden, counts)
    unsafe = (few > 0) & (total < minimum) | (few + more > 0) & _is_one_way(few, more, total, minimum)
    is_told = (totals < 0) | ~hidden[totals]
    unsafe = np.where(is_told, unsafe, few + more == 0)
    ordered = rank[(line[rank] >= 0) & ~hidden[rank]]
    ordered = ordered[unsafe[line[ordered]]]
    found, first = np.unique(line[ordered], return_index=True)
    without = np.setdiff1d(np.flatnonzero(unsafe & is_told & (totals >= 0)), found)
    without = totals[without]
    return np.concatenate([ordered[first], without[is_open[without]]])


def _exact(line: NDArray[np.int64], totals: NDArray[np.int64], counts: NDArray[np.int64]) -> Sums:
    """Return the lines that add up to their totals; of others, where a comment counts twice, there is no such sum."""
    inside = line >= 0
    summed = np.bincount(line[inside], counts[inside], minlength=len(totals)).astype(np.int64)
    adds_up = (totals < 0) | (counts[totals] == summed)
    return Sums(np.where(inside & adds_up[line], line, -1), np.where(adds_up, totals, -1))


def _next_of_fixed(known: Sequence[Sums], cells: _Cells) -> NDArray[np.int64]:
    """Return one more cell to hide for each small or secret cell that the sums fix: the smallest one of its lines."""
    fixed = np.flatnonzero(cells.kept & is_fixed(known, cells.hidden))
    least = _least_of_lines(known, cells)
    best, first = np.full(len(fixed), len(cells.rank), dtype=np.int64), 0
    for line, totals in known:
        inside = line[fixed] >= 0
        best[inside] = np.minimum(best[inside], least[first + line[fixed[inside]]])
        first += len(totals)
    return cells.rank[np.unique(best[best < len(cells.rank)])]


def _next_of_pinned(known: Sequence[Sums], cells: _Cells, seen: Intervals) -> NDArray[np.int64]:
    """Return one more cell to hide for each small cell that only one count fits: the smallest of the lines that pin it.

    Where these have no more cells, it is the total of one.
    """
    pinned = seen.find_pinned(known, cells.hidden)
    least, totals = _least_of_lines(known, cells), np.concatenate([totals for _, totals in known])
    found = []
    for lines in pinned.values():
        best = least[lines].min(initial=len(cells.rank))
        above = totals[lines][totals[lines] >= 0]
        above = above[~cells.hidden[above] & cells.is_open[above]]
        if best < len(cells.rank):
            found.append(cells.rank[best])
        elif len(above):
            found.append(above[np.argmin(cells.counts[above])])
    return np.unique(np.array(found, dtype=np.int64))


def _least_of_lines(known: Sequence[Sums], cells: _Cells) -> NDArray[np.int64]:
    """Return for each line, one way of adding up after another, the rank of its smallest cell that may be withheld."""
    none = len(cells.rank)
    place = np.full(len(cells.counts), none, dtype=np.int64)
    place[cells.rank] = np.arange(none)
    place[cells.hidden] = none
    parts = []
    for line, totals in known:
        least = np.full(len(totals), none, dtype=np.int64)
        np.minimum.at(least, line[line >= 0], place[line >= 0])
        parts.append(least)
    return np.concatenate(parts)


def _is_one_way(few: NDArray[np.int64], more: NDArray[np.int64], total: NDArray[np.int64], minimum: int
                ) -> NDArray[np.bool_]:
    """Return where only one count of a hidden cell goes with what the reader knows.

    `few` cells are from 1 to below `minimum`, `more` are 0 or not below it, and all together are `total`. So the small
    ones sum up to the total, or to anything that leaves `minimum` or more for the others. A withheld cell must stay
    unknown as well: it lies in a second line, which it protects.
    """
    most = few * (minimum - 1)
    with_none = (few <= total) & (total <= most)
    left = np.where(more > 0, np.minimum(total - minimum, most), 0)
    sums = np.maximum(left - few + 1, 0) + with_none
    only = np.where(with_none, total, few)
    are_known = (few == 1) | (only == few) | (only == most)
    return (sums <= 1) & (more == 1) | (sums <= 1) & (few > 0) & are_known | (more > 0) & (total == 0)

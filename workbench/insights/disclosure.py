"""Small cells are hidden, and so many others that none of the small ones can be computed from the rest.

Secondary (complementary) suppression: L. H. Cox, "Suppression methodology and statistical disclosure control",
Journal of the American Statistical Association 75, 1980; A. Hundepool and others, "Statistical Disclosure Control",
2012, chapter 4. Where a line of a table and its total are shown, one hidden cell is the total less the others. So a
line hides further cells, the smallest first, until what is hidden in it cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SHOWN, SMALL, WITHHELD = "shown", "small", "withheld"
_TOTAL: Final = "all"


class Lines(NamedTuple):
    """How numbers of `counted` add up: along each of `along` to a total, for every value of the other `axes`."""

    counted: str
    axes: tuple[str, ...]
    along: tuple[str, ...]


_GRID: Final[tuple[str, ...]] = ("stage_id", "touchpoint_id", "theme_id")
# the tables that add up, or nearly: a comment that speaks of two stages counts in both
ADDING_UP: Final[dict[str, Lines]] = {
    "blind_spots": Lines("comment_count", ("dimension", "within", "value"), ("value",)),
    "coverage": Lines("comment_count", ("dimension", "value"), ("value",)),
    "group_reasons": Lines("comment_count", ("group", "theme_id"), ("group", "theme_id")),
    "journey_grid": Lines("comment_count", _GRID, _GRID),
    "languages": Lines("comment_count", ("dimension", "value"), ("value",)),
    "periods": Lines("comment_count", ("theme_id", "period"), ("theme_id", "period")),
    "stage_shares": Lines("comment_count", ("theme_id", "stage_id"), ("theme_id", "stage_id")),
    "theme_groups": Lines("comment_count", ("parent_id", "group_id"), ("group_id",)),
    "themes": Lines("statement_count", ("theme_id",), ("theme_id",)),
    "tone_shares": Lines("n", ("dimension", "value"), ("value",)),
    "transitions": Lines("customer_count", ("from_stage", "to_stage"), ("to_stage",)),
}
# tables that hold counts of another once more, by the columns that name a cell in both, and the column that counts
SAME_COUNTS: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "adequacy_cells": ("coverage", ("dimension", "value"), "n"),
    "blind_spots": ("coverage", ("dimension", "value"), "comment_count"),
    "stage_shares": ("journey_grid", ("theme_id", "stage_id"), "comment_count"),
}


def hide_small(table: pd.DataFrame, count: str, minimum: int, columns: list[str]) -> pd.DataFrame:
    """Return the table with `columns` emptied where `count` is from 1 to below `minimum`, marked in ``is_hidden``.

    A count of 0 is not hidden: that nobody was heard is no secret, and it tells nothing about anybody.

    Examples
    --------
    >>> table = pd.DataFrame({"market": ["DE", "JO", "IR"], "n": [40, 3, 0], "share": [0.4, 0.03, 0.0]})
    >>> hide_small(table, "n", 5, ["share"]).values.tolist()
    [['DE', 40, 0.4, False], ['JO', 3, nan, True], ['IR', 0, 0.0, False]]
    """
    hidden = table[count].gt(0) & table[count].lt(minimum)
    shown = table.copy()
    shown[columns] = shown[columns].mask(hidden)
    shown["is_hidden"] = hidden
    return shown


def what_is_hidden(table: pd.DataFrame, lines: Lines, minimum: int) -> pd.Series:
    """Return for each row whether its cell is shown, is too small, or is withheld so that no small one can be computed.

    Of a line whose total is shown the reader knows the sum of what is hidden. Cells are withheld, the smallest of the
    others first and empty ones last, until the sum is no small count itself and there is more than one way to divide
    it: a small cell is known to be from 1 to below `minimum`, a withheld one to be empty or no less than that. Where a
    line has no more cells its total is withheld, if it is a row of the table. Each line is safe by itself; sums over
    several lines are not examined.

    Parameters
    ----------
    table
        The whole table, not a part of it, so that every view of the same counts hides the same cells. Rows that say
        "all" on an axis are its totals; without such rows totals are taken as known to the reader.
    lines
        Which counts add up.
    minimum
        Counts from 1 to below it are small.

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
    small = (counts > 0) & (counts < minimum)
    hidden = small.copy()
    keys = table[list(lines.axes)].astype(str).reset_index(drop=True)
    order = keys.assign(_empty=counts == 0, _count=counts).sort_values(["_empty", "_count", *lines.axes], kind="stable")
    rank = order.index.to_numpy()
    known = [_lines_along(keys, axis) for axis in lines.along]
    while small.any() and known:
        more = np.unique(np.concatenate([_next(*line, counts, small, hidden, rank, minimum) for line in known]))
        if not len(more):
            break
        hidden[more] = True
    states = np.where(small, SMALL, np.where(hidden, WITHHELD, SHOWN))
    return pd.Series(states, index=table.index, dtype=object)


def _lines_along(keys: pd.DataFrame, axis: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the line of each row, -1 for a total, and of each line the row of its total, -1 without one."""
    others = [name for name in keys if name != axis]
    line = (keys.groupby(others, sort=True).ngroup() if others else pd.Series(0, keys.index)).to_numpy(dtype=np.int64)
    is_total = (keys[axis] == _TOTAL).to_numpy()
    totals = np.full(int(line.max(initial=-1)) + 1, -1, dtype=np.int64)
    totals[line[is_total]] = np.flatnonzero(is_total)
    return np.where(is_total, -1, line), totals


def _next(line: NDArray[np.int64], totals: NDArray[np.int64], counts: NDArray[np.int64], small: NDArray[np.bool_],
          hidden: NDArray[np.bool_], rank: NDArray[np.int64], minimum: int) -> NDArray[np.int64]:
    """Return the next row to hide of each line that is not safe: its smallest cell, or its total."""
    def summed(rows: NDArray[np.bool_], weights: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        chosen = rows & (line >= 0)
        values = None if weights is None else weights[chosen]
        return np.bincount(line[chosen], values, minlength=len(totals)).astype(np.int64)

    few, more, total = summed(small), summed(hidden & ~small), summed(hidden, counts)
    unsafe = (few > 0) & (total < minimum) | (few + more > 0) & _is_one_way(few, more, total, minimum)
    unsafe &= (totals < 0) | ~hidden[totals]
    ordered = rank[(line[rank] >= 0) & ~hidden[rank]]
    ordered = ordered[unsafe[line[ordered]]]
    found, first = np.unique(line[ordered], return_index=True)
    without = np.setdiff1d(np.flatnonzero(unsafe & (totals >= 0)), found)
    return np.concatenate([ordered[first], totals[without]])


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


def hidden_in(name: str, tables: Mapping[str, pd.DataFrame], minimum: int) -> pd.Series:
    """Return `what_is_hidden` of a table of an analysis, the same for the same counts in every table that holds them.

    Parameters
    ----------
    name
        One of `ADDING_UP` or `SAME_COUNTS`.
    tables
        The tables of the analysis, each as a whole.
    minimum
        Counts from 1 to below it are small.

    Examples
    --------
    >>> coverage = pd.DataFrame({"dimension": "market", "value": ["DE", "JO"], "comment_count": [40, 3]})
    >>> cells = pd.DataFrame({"decision": "", "dimension": "market", "value": ["JO", "DE"], "n": [3, 40]})
    >>> hidden_in("adequacy_cells", {"coverage": coverage, "adequacy_cells": cells}, 5).tolist()
    ['small', 'withheld']
    """
    table = tables[name]
    first, keys, count = SAME_COUNTS.get(name, ("", (), ""))
    own = what_is_hidden(table, ADDING_UP.get(name, Lines(count, keys, ())), minimum)
    if first not in tables:
        return own
    source = tables[first].assign(state=hidden_in(first, tables, minimum))
    if "touchpoint_id" in source:
        source = source[source["touchpoint_id"] == _TOTAL]
    known = source[source["state"] == WITHHELD]
    places = pd.MultiIndex.from_arrays([known[key].astype(str) for key in keys])
    is_withheld = pd.MultiIndex.from_arrays([table[key].astype(str) for key in keys]).isin(places)
    return own.mask((own == SHOWN) & is_withheld, WITHHELD)

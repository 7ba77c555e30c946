"""What a reader can tell of hidden cells who knows every sum: which are fixed, and which have one count left.

The check of a pattern of hidden cells by linear programming: A. Hundepool and others, "Statistical Disclosure Control",
2012, section 4.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from workbench.insights.disclosure import Sums

MOST_CELLS = 400  # above it intervals take more than a second; sums are solved of any number
_RIDGE, _PROJECTIONS, _NOUGHT = 1e-7, 3, 1e-5
_GUESSES = 12


class Equations(NamedTuple):
    """All sums: ``sums @ hidden cells`` is known; ``rows`` are the numbers of the lines, one way after another."""

    cells: NDArray[np.int64]
    rows: NDArray[np.int64]
    sums: Any


def equations(known: Sequence[Sums], hidden: NDArray[np.bool_]) -> Equations:
    """Return the sums of hidden cells that a reader knows; a hidden total is less than nothing in its line."""
    from scipy.sparse import coo_array

    at = np.flatnonzero(hidden)
    column = np.full(len(hidden), -1, dtype=np.int64)
    column[at] = np.arange(len(at))
    rows, columns, signs, first = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)], 0
    for line, totals in known:
        inside = at[line[at] >= 0]
        told = np.flatnonzero((totals >= 0) & hidden[totals])
        rows += [first + line[inside], first + told]
        columns += [column[inside], column[totals[told]]]
        signs += [np.ones(len(inside)), -np.ones(len(told))]
        first += len(totals)
    used, number = np.unique(np.concatenate(rows), return_inverse=True)
    shape = (len(used), len(at))
    return Equations(at, used, coo_array((np.concatenate(signs), (number, np.concatenate(columns))), shape).tocsc())


def is_fixed(known: Sequence[Sums], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which hidden cells have one value only that goes with every sum, over however many lines.

    A cell is fixed by linear equations when no vector of their null space has an entry there. One vector at random
    shows it: it is projected on the null space, and its entry is nought where all entries are. Sums are eliminated
    those first that share cells with the fewest others, which fills in little and is found at once.

    Parameters
    ----------
    known
        Every way in which the cells add up.
    hidden
        Which cells the reader does not see.

    Examples
    --------
    >>> from workbench.insights.disclosure import Sums
    >>> rows = Sums(np.array([0, 0, 1, 1]), np.array([-1, -1]))
    >>> columns = Sums(np.array([0, 1, 0, 1]), np.array([-1, -1]))
    >>> is_fixed([rows, columns], np.array([True, True, True, True])).tolist()
    [False, False, False, False]
    >>> is_fixed([rows, columns], np.array([True, True, True, False])).tolist()
    [True, True, True, False]
    """
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import splu

    cells, rows, sums = equations(known, hidden)
    found = np.zeros(len(hidden), dtype=bool)
    if len(rows):
        square = (sums @ sums.T + _RIDGE * eye_array(len(rows))).tocsc()
        order = np.argsort(np.diff(square.indptr), kind="stable")
        square, sums = square[order][:, order].tocsc(), sums.tocsr()[order]
        solve = splu(square, permc_spec="NATURAL", diag_pivot_thresh=0.0, options={"SymmetricMode": True}).solve
        probe = np.random.default_rng(0).uniform(1.0, 2.0, len(cells))
        for _ in range(_PROJECTIONS):
            probe = probe - sums.T @ solve(sums @ probe)
        found[cells] = np.abs(probe) < _NOUGHT
    return found


class Intervals:
    """What small cells may be as far as was seen: every solution of the sums that was found counts for all cells.

    A small cell lies between 1 and the count below the minimum, a withheld one is not below 0. What was seen stays
    possible when more cells are hidden.

    Parameters
    ----------
    counts
        Of all cells.
    small
        Which cells are small.
    minimum
        Counts from 1 to below it are small.
    kept
        Cells that are not to be told: the small ones and others, of which nothing is known.
    """

    def __init__(self, counts: NDArray[np.int64], small: NDArray[np.bool_], minimum: int, kept: NDArray[np.bool_]
                 ) -> None:
        self.counts, self.small, self.minimum, self.kept = counts.astype(float), small, minimum, kept
        self.low, self.high = self.counts.copy(), self.counts.copy()

    def find_pinned(self, known: Sequence[Sums], hidden: NDArray[np.bool_]) -> dict[int, NDArray[np.int64]]:
        """Return the cells not to be told that only one count fits, each with the numbers of the lines that pin it."""
        in_lines = np.zeros(len(hidden), dtype=bool)
        for line, totals in known:
            in_lines |= line >= 0
            in_lines[totals[totals >= 0]] = True
        found = equations(known, hidden & in_lines)
        if not len(found.rows) or len(found.cells) > MOST_CELLS:
            return {}
        draw, before = np.random.default_rng(0), -1
        for _ in range(_GUESSES):
            left = self._pinned(found)
            if not len(left) or len(left) == before:
                break
            before, wish = len(left), np.zeros(len(found.cells))
            wish[left] = draw.choice([-1.0, 1.0], len(left))
            for way in (wish, -wish):
                self._solve(way, found)
        pinned = {}
        for cell in self._pinned(found):
            wish = np.zeros(len(found.cells))
            wish[cell] = 1.0
            if cell in self._pinned(found):
                duals = [self._solve(way, found) for way in (wish, -wish)]
                if cell in self._pinned(found):
                    pinned[int(found.cells[cell])] = found.rows[np.any(np.abs(duals) > _NOUGHT, axis=0)]
        return pinned

    def _pinned(self, found: Equations) -> NDArray[np.int64]:
        """Return the places of cells not to be told for which no two whole numbers were seen to be possible."""
        low, high = (ends[found.cells] for ends in (self.low, self.high))
        return np.flatnonzero(self.kept[found.cells] & (np.floor(high + _NOUGHT) <= np.ceil(low - _NOUGHT)))

    def _solve(self, wish: NDArray[np.float64], found: Equations) -> NDArray[np.float64]:
        """See one more solution, that which is least by a wish; return what each sum counts for it."""
        from scipy.optimize import linprog

        small = self.small[found.cells]
        bounds = np.column_stack([np.where(small, 1.0, 0.0), np.where(small, self.minimum - 1.0, np.inf)])
        made = linprog(wish, A_eq=found.sums, b_eq=found.sums @ self.counts[found.cells], bounds=bounds, method="highs")
        if made.status != 0:  # the true counts are a solution; one that is not found says nothing
            return np.zeros(len(found.rows))
        np.minimum.at(self.low, found.cells, made.x)
        np.maximum.at(self.high, found.cells, made.x)
        return np.asarray(made.eqlin.marginals)

"""All pairs of rows, each compared once: a similarity is the same from both sides."""

from __future__ import annotations

import numpy as np

from workbench.themes.whole_numbers import ONE

MOST = 2**18
"""Rows that a candidate's number has room for."""

_TILE = 2048  # rows by rows that are compared at once
_HELD = 2**20  # candidates, beyond which each row keeps its nearest alone
_VALUE = 26  # bits of a similarity in whole numbers, of which none is beyond twice `ONE`


def compare_all(steps: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's nearest other rows and the similarities, as `nearest_neighbours` does.

    Rows are compared a square tile at a time. The tile of a row with its own neighbours in the table says how near a
    row must at least be; whatever reaches that, seen from either side, is a candidate. As candidates come together, the
    bound rises. So half of the products are enough, and few of them are ever sorted.

    Parameters
    ----------
    steps
        At most `MOST` rows, as `in_steps` returns them.
    count
        Neighbours a row, fewer than there are rows.

    Returns
    -------
    indices, similarities
        Both of shape ``(n, count)``, nearest first, ties by place.

    Examples
    --------
    >>> from workbench.themes.whole_numbers import in_steps
    >>> compare_all(in_steps(np.eye(3)[[0, 0, 1]]), 1)[0].ravel().tolist()
    [1, 0, 0]
    """
    if not count:
        return np.zeros((len(steps), 0), dtype=np.int32), np.zeros((len(steps), 0), dtype=np.float32)
    wide, nearest = steps.astype(np.float32), _Nearest(len(steps), count)
    tiles = [slice(start, min(start + _TILE, len(steps))) for start in range(0, len(steps), _TILE)]
    room = np.empty(min(_TILE, len(steps)) ** 2, dtype=np.float32)  # fresh pages for each tile cost time
    for own in tiles:
        nearest.begin(_products(wide, own, own, room), own)
    for number, own in enumerate(tiles):
        nearest.turn_to(own)
        for other in tiles[number + 1 :]:
            nearest.add(_products(wide, own, other, room), own, other)
    return nearest.told()


def _products(wide: np.ndarray, own: slice, other: slice, room: np.ndarray) -> np.ndarray:
    rows, columns = wide[own], wide[other]
    place = room[: len(rows) * len(columns)].reshape(len(rows), len(columns))
    return np.matmul(rows, columns.T, out=place)


def _reaching(block: np.ndarray, bound: np.ndarray, first_row: int, first_column: int
              ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows, columns and values of the products that reach a bound."""
    hit = np.flatnonzero(block >= bound)
    row, column = np.divmod(hit, block.shape[1])
    return row + first_row, column + first_column, block.ravel()[hit]


class _Nearest:
    """The nearest rows so far, as whole numbers that sort by row, then nearest first, then by place."""

    def __init__(self, rows: int, count: int) -> None:
        self._rows, self._count, self._bits = rows, count, max(rows - 1, 1).bit_length()
        self._least = np.full(rows, -2 * ONE, dtype=np.float32)  # to be a candidate
        self._next = np.zeros(rows, dtype=np.int64)  # the place from which on others are yet to come
        self._candidates: list[np.ndarray] = []
        self._held = 0

    def begin(self, block: np.ndarray, own: slice) -> None:
        """Take in how rows of a tile are like each other."""
        np.fill_diagonal(block, -np.inf)
        if self._count < len(block):
            self._least[own] = np.partition(block, -self._count, axis=1)[:, -self._count]
        self._hold(*_reaching(block, self._least[own, None], own.start, own.start))

    def turn_to(self, own: slice) -> None:
        """Go on with the rows of a tile: they have been compared with all that stand before them and beside them."""
        self._next[own] = own.stop

    def add(self, block: np.ndarray, own: slice, other: slice) -> None:
        """Take in how the rows of a tile are like those of a later one; all before that were compared with them."""
        self._hold(*_reaching(block, self._least[own, None], own.start, other.start))
        row, column, value = _reaching(block, self._least[other], own.start, other.start)
        self._hold(column, row, value)
        self._next[own], self._next[other] = other.stop, own.stop

    def tighten(self) -> None:
        """Let go of all but the nearest of each row; what equals the last of them and stands later is none of them."""
        keys = np.sort(np.concatenate(self._candidates))
        row = keys >> (_VALUE + self._bits)
        first = np.flatnonzero(np.diff(row, prepend=-1))
        rank = np.arange(len(keys)) - np.repeat(first, np.diff(first, append=len(keys)))
        keys, last = keys[rank < self._count], keys[rank == self._count - 1]
        own, value, place = self._parts(last)
        self._least[own] = value + (place < self._next[own])
        self._candidates, self._held = [keys], len(keys)

    def told(self) -> tuple[np.ndarray, np.ndarray]:
        """Return places and similarities, a row for each."""
        self.tighten()
        _, value, place = self._parts(self._candidates[0].reshape(self._rows, self._count))
        return place.astype(np.int32), value / np.float32(ONE)

    def _hold(self, row: np.ndarray, place: np.ndarray, value: np.ndarray) -> None:
        keys = (row << _VALUE) + (int(2 * ONE) - value.astype(np.int64))
        self._candidates.append((keys << self._bits) + place)
        self._held += len(keys)
        if self._held > _HELD:
            self.tighten()

    def _parts(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the rows, similarities and places that candidates hold."""
        value = int(2 * ONE) - ((keys >> self._bits) & (2**_VALUE - 1))
        return keys >> (_VALUE + self._bits), value.astype(np.float32), keys & (2**self._bits - 1)

"""Nearest rows of more rows than all pairs can be compared of: rows are sorted into cells, and cells are compared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

from workbench.themes.whole_numbers import ONE, in_steps

_BLOCK = 1024
_ROOM = 2**23  # pairs that are compared at once, at most
_CELL = 400
_PROBES = 32
_ROUNDS = 8
_SAMPLE = 50
_VALUE = 25  # bits of a similarity in whole numbers, counted from the largest one down
_LARGEST = 2 ** (_VALUE - 1)  # more than the product of a row with itself, which rounding may take beyond `ONE`


def compare_in_cells(steps: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's nearest other rows and the similarities, as `nearest_neighbours` does.

    Rows that are the same to the last number are compared once for all of them, since customers often write the same
    few words. The rows of a cell among themselves say how near a row must at least be; few of the others are, and no
    more than these are ever sorted.

    Parameters
    ----------
    steps
        Rows, as `in_steps` returns them.
    count
        Neighbours a row, fewer than there are rows.

    Returns
    -------
    indices, similarities
        Both of shape ``(n, count)``, nearest first, ties by place.

    Examples
    --------
    >>> compare_in_cells(in_steps(np.eye(3)[[0, 0, 1]], np.int16), 1)[0].ravel().tolist()
    [1, 0, 0]
    """
    indices = np.zeros((len(steps), count), dtype=np.int32)
    similarities = np.zeros((len(steps), count), dtype=np.float32)
    if count:
        first, kind = _kinds(steps)
        found, value = _compare_kinds(steps, first, count + 1)
        for rows, nearest, near in _spread(found, value, kind, count):
            indices[rows], similarities[rows] = nearest, near / ONE
    return indices, similarities


def _kinds(steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each kind of row, ascending, and the kind of each row. Rows of one kind are the same."""
    weights = np.random.default_rng(0).integers(-(2**62), 2**62, steps.shape[1])
    told = np.concatenate([steps[start : start + _BLOCK].astype(np.int64) @ weights
                           for start in range(0, len(steps), _BLOCK)])
    _, first, place = np.unique(told, return_index=True, return_inverse=True)
    leader = first[place]
    for start in range(0, len(steps), _BLOCK):
        part = slice(start, start + _BLOCK)
        apart = np.flatnonzero((steps[part] != steps[leader[part]]).any(axis=1)) + start
        leader[apart] = apart
    return np.unique(leader, return_inverse=True)


def _compare_kinds(steps: np.ndarray, first: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest kinds of each kind, itself among them, and their products; -1 where there are not so many."""
    found = np.full((len(first), count), -1, dtype=np.int32)
    value = np.zeros((len(first), count), dtype=np.float32)
    for own, others in _cells(steps, first, max(_PROBES, count)):
        beside = steps[first[others]].astype(np.float32)
        height = max(min(_BLOCK, len(own), _ROOM // len(others)), 1)
        room = np.empty((height, len(others)), dtype=np.float32)  # fresh pages for each block cost time
        for start in range(0, len(own), height):
            rows = own[start : start + height]
            block = np.matmul(beside[start : start + len(rows)], beside.T, out=room[: len(rows)])
            least = np.partition(block[:, : len(own)], -count, axis=1)[:, -count] if count <= len(own) else \
                np.full(len(rows), -_LARGEST)
            hit = np.flatnonzero(block >= least[:, None])
            row, column = np.divmod(hit, len(others))
            row, rank, place, near = _nearest(row, block.ravel()[hit], others[column], len(rows), count)
            found[rows[row], rank], value[rows[row], rank] = place, near
    return found, value


def _nearest(row: np.ndarray, value: np.ndarray, place: np.ndarray, rows: int, count: int
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return rows, ranks, places and values of the `count` largest values of each row, ties by place.

    All three are one whole number each while they are sorted.
    """
    bits = int(place.max(initial=1)).bit_length()
    keys = (((row << _VALUE) + (_LARGEST - value.astype(np.int64))) << bits) + place
    keys.sort()
    row = keys >> (_VALUE + bits)
    rank = np.arange(len(keys)) - np.searchsorted(row, np.arange(rows))[row]
    best = rank < count
    keys = keys[best]
    value = (_LARGEST - ((keys >> bits) & (2**_VALUE - 1))).astype(np.float32)
    return row[best], rank[best], keys & (2**bits - 1), value


def _spread(found: np.ndarray, value: np.ndarray, kind: np.ndarray, count: int
            ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield, some kinds at a time, their rows, the nearest other rows of each and the products with them.

    The nearest rows of a kind are of the nearest kinds, and of each the first ones.
    """
    members = np.argsort(kind, kind="stable")
    begin = np.searchsorted(kind[members], np.arange(len(found) + 1))
    size = np.minimum(np.diff(begin), count + 1)
    for start in range(0, len(found), _BLOCK):
        near = found[start : start + _BLOCK]
        many = np.where(near >= 0, size[near], 0)
        of = np.repeat(near.ravel(), many.ravel())
        turn = np.arange(len(of)) - np.repeat(np.cumsum(many) - many.ravel(), many.ravel())
        row, rank, place, product = _nearest(
            np.repeat(np.arange(len(near)), many.sum(axis=1)), np.repeat(value[start : start + _BLOCK], many.ravel()),
            members[begin[of] + turn], len(near), count + 1)
        places, products = np.empty((len(near), count + 1), dtype=np.int64), np.empty((len(near), count + 1))
        places[row, rank], products[row, rank] = place, product
        rows = members[begin[start] : begin[start + len(near)]]
        own = kind[rows] - start
        others = places[own] != rows[:, None]
        others[others.all(axis=1), -1] = False
        yield rows, places[own][others].reshape(-1, count), products[own][others].reshape(-1, count)


def _cells(steps: np.ndarray, first: np.ndarray, probes: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield, for each cell, its kinds, and these with those of the cells nearest to it."""
    centres = _cell_centres(steps, -(-len(steps) // _CELL))
    used, cell = np.unique(_nearest_cell(steps, centres, first), return_inverse=True)
    members = np.split(np.argsort(cell, kind="stable"), np.searchsorted(np.sort(cell), np.arange(1, len(used))))
    for place, own in enumerate(members):
        near = centres[used] @ centres[used[place]]
        near[place] = np.inf
        nearest = np.argsort(-near, kind="stable")[:probes]
        yield own, np.concatenate([members[other] for other in nearest])


def _nearest_cell(steps: np.ndarray, centres: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the cell of each of some rows, a block at a time: there are as many cells as rows by 400."""
    return np.concatenate([np.argmax(steps[places[start : start + _BLOCK]].astype(np.float32) @ centres.T, axis=1)
                           for start in range(0, len(places), _BLOCK)])


def _cell_centres(steps: np.ndarray, number: int) -> np.ndarray:
    """Return the centres of spherical k-means over an even sample of the rows, in whole steps."""
    sample = steps[np.linspace(0, len(steps) - 1, min(len(steps), _SAMPLE * number)).astype(np.int64)]
    centres = sample[np.linspace(0, len(sample) - 1, number).astype(np.int64)].astype(np.float32)
    for _ in range(_ROUNDS):
        cell = _nearest_cell(sample, centres, np.arange(len(sample)))
        ones = np.ones(len(sample), dtype=np.int32)
        chosen = sp.csr_matrix((ones, (cell, np.arange(len(sample)))), shape=(number, len(sample)))
        sums = np.asarray(chosen @ sample)
        empty = np.abs(sums).sum(axis=1) == 0
        centres = np.where(empty[:, None], centres, in_steps(sums))
    return centres

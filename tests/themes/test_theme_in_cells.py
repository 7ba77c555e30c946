"""Rows are compared in cells: what is found there is what a full sort of the same cells finds."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from workbench.themes import in_cells
from workbench.themes.in_cells import compare_in_cells
from workbench.themes.whole_numbers import ONE, in_steps


def sorted_in_full(steps, count):
    """Return neighbours and similarities, each row compared with every row of the cells near its own, one by one."""
    wide = steps.astype(np.float64)
    centres = in_cells._cell_centres(steps, -(-len(steps) // in_cells._CELL)).astype(np.float64)
    cell = np.argmax(wide @ centres.T, axis=1)
    used = np.unique(cell)
    found, cosine = np.zeros((len(steps), count), dtype=int), np.zeros((len(steps), count))
    for row in range(len(steps)):
        likeness = centres[used] @ centres[cell[row]]
        likeness[used == cell[row]] = np.inf
        near = used[np.argsort(-likeness, kind="stable")[:max(in_cells._PROBES, count + 1)]]
        others = np.flatnonzero(np.isin(cell, near) & (np.arange(len(steps)) != row))
        products = wide[others] @ wide[row]
        best = np.argsort(-products, kind="stable")[:count]
        found[row], cosine[row] = others[best], products[best] / ONE
    return found, cosine


def planted(rows, kind):
    random = np.random.default_rng(rows)
    points = random.normal(size=(rows, 6))
    if kind == "alike":
        points = points[random.integers(0, max(rows // 6, 1), rows)]
        points[:: 9] = 0
    return in_steps(points * 0 + points[:1] if kind == "same" else points, np.int16)


@pytest.mark.parametrize("kind", ["apart", "alike", "same"])
@pytest.mark.parametrize(("rows", "count", "cell", "probes"), [
    (2, 1, 400, 32), (50, 7, 5, 2), (300, 15, 20, 4), (300, 15, 400, 32), (300, 3, 2, 3), (120, 119, 10, 2)])
def test_each_row_has_the_neighbours_of_a_full_sort(monkeypatch, kind, rows, count, cell, probes):
    for name, size in (("_CELL", cell), ("_PROBES", probes), ("_BLOCK", 64)):
        monkeypatch.setattr(in_cells, name, size)
    steps = planted(rows, kind)
    found, cosine = compare_in_cells(steps, count)
    order, values = sorted_in_full(steps, count)
    assert (found == order).all()
    assert np.allclose(cosine, values)
    assert (found.dtype, cosine.dtype) == (np.int32, np.float32)


def test_rows_are_of_one_kind_only_where_they_are_the_same(monkeypatch):
    steps = planted(200, "alike")
    first, kind = in_cells._kinds(steps)
    assert len(first) == len(np.unique(steps, axis=0))
    assert (np.diff(first) > 0).all()
    assert (steps[first[kind]] == steps).all()
    monkeypatch.setattr(in_cells.np.random, "default_rng", lambda seed: _AllTheSame())
    first, kind = in_cells._kinds(steps)
    assert (steps[first[kind]] == steps).all()


class _AllTheSame:
    """Weights under which all rows look alike."""

    def integers(self, low, high, size):
        return np.zeros(size, dtype=np.int64)


def test_threads_change_no_neighbour(monkeypatch):
    monkeypatch.setattr(in_cells, "_CELL", 60)
    steps = in_steps(np.random.default_rng(3).normal(size=(900, 16)), np.int16)
    with threadpool_limits(1):
        found, cosine = compare_in_cells(steps, 12)
    again, same = compare_in_cells(steps, 12)
    assert (again == found).all()
    assert (same == cosine).all()

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from workbench.themes import all_pairs, nearest_neighbours
from workbench.themes.all_pairs import compare_all
from workbench.themes.whole_numbers import ONE, in_steps


def sorted_in_full(steps, count):
    wide = steps.astype(np.float64)
    every = wide @ wide.T
    np.fill_diagonal(every, -np.inf)
    order = np.argsort(-every, axis=1, kind="stable")[:, :count]
    return order, np.take_along_axis(every, order, axis=1) / ONE


def planted(rows, kind):
    random = np.random.default_rng(rows)
    points = random.normal(size=(rows, 6))
    if kind == "ties":
        points = points[random.integers(0, max(rows // 4, 1), rows)]
    return in_steps(points * 0 + points[:1] if kind == "same" else points, np.int16)


@pytest.mark.parametrize("kind", ["apart", "ties", "same"])
@pytest.mark.parametrize(("tile", "held"), [(7, 10), (64, 2**20), (64, 500), (2048, 2**20)])
@pytest.mark.parametrize(("rows", "count"), [(1, 0), (2, 1), (3, 2), (50, 7), (64, 5), (200, 15), (200, 70)])
def test_each_row_has_the_neighbours_of_a_full_sort(monkeypatch, kind, tile, held, rows, count):
    monkeypatch.setattr(all_pairs, "_TILE", tile)
    monkeypatch.setattr(all_pairs, "_HELD", held)
    steps = planted(rows, kind)
    found, cosine = compare_all(steps, count)
    order, values = sorted_in_full(steps, count)
    assert (found == order).all()
    assert np.allclose(cosine, values)
    assert (found.dtype, cosine.dtype) == (np.int32, np.float32)


def test_opposite_and_empty_rows_are_neighbours_too(monkeypatch):
    monkeypatch.setattr(all_pairs, "_TILE", 2)
    found, cosine = compare_all(in_steps(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])), 3)
    assert found.tolist() == [[3, 2, 1], [2, 0, 3], [0, 1, 3], [0, 2, 1]]
    assert cosine[1].tolist() == [0, -1, -1]


@pytest.mark.parametrize("rows", [0, 1])
def test_who_is_alone_has_no_neighbour(rows):
    found, cosine = nearest_neighbours(np.zeros((rows, 4)), 15)
    assert found.shape == cosine.shape == (rows, 0)


def test_neither_row_order_nor_threads_change_who_is_near(monkeypatch):
    monkeypatch.setattr(all_pairs, "_TILE", 100)
    random = np.random.default_rng(2)
    steps, order = in_steps(random.normal(size=(450, 16)), np.int16), random.permutation(450)
    with threadpool_limits(1):
        found, cosine = compare_all(steps, 12)
    assert (compare_all(steps, 12)[0] == found).all()
    again, turned = compare_all(steps[order], 12)
    assert (turned == cosine[order]).all()
    apart = (np.diff(cosine[order], axis=1) < 0).all(axis=1)  # where no tie is decided by place
    assert apart.mean() > 0.8
    assert (order[again[apart]] == found[order][apart]).all()

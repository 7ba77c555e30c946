"""The most similar statements are searched again only for what is new, and nothing is different for it."""

import numpy as np
import pandas as pd
import pytest

from workbench.stages import likeness
from workbench.store import Store
from workbench.themes import known_neighbours
from workbench.themes.neighbours import nearest_neighbours

VECTORS = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float16)
IDS = np.array([f"c{number:02}/0" for number in range(60)])


@pytest.fixture
def run(tmp_path):
    store = Store(tmp_path)

    def search(rows, name, vectors=VECTORS, forgotten=()):
        ids = pd.Series(IDS[rows], dtype="str")
        order = np.argsort(ids.to_numpy().astype(str), kind="stable")
        table = likeness.find_likeness(ids, vectors[rows], 5, store)
        found = likeness.search_in(table, ids)(vectors[rows], 5, order)
        whole = nearest_neighbours(vectors[rows], 5, order=order)
        assert np.array_equal(found[0], whole[0])
        assert np.array_equal(found[1], whole[1])
        gone = table["statement_id"].isin(forgotten) | table["neighbour_id"].isin(forgotten)
        kept = ~ids.isin(forgotten).to_numpy()
        store.write(store.stage_path("language", name), {"statements": pd.DataFrame({"statement_id": ids[kept]})}, {})
        store.write(store.stage_path("embedding", name), {"vectors": vectors[rows][kept]}, {})
        store.write(store.stage_path("reading", name), {"likeness": table[~gone]}, {})
        way = likeness.likeness_way(table)
        store.write(store.analysis_path(name), {}, {"stages": dict.fromkeys(("language", "embedding", "reading"), name),
                                                    "facts": {"reading": {"likeness_way": way}}})
        return table

    return search


@pytest.fixture
def updated(monkeypatch):
    """How many rows each update was told are new."""
    told = []

    def update(vectors, order, known, cosine, new):
        told.append(int(new.sum()))
        return known_neighbours.nearest_neighbours(vectors, known.shape[1], order=order) if new.all() else \
            plain(vectors, order, known, cosine, new)

    plain = known_neighbours.update_neighbours
    monkeypatch.setattr(known_neighbours, "update_neighbours", update)
    return told


def test_rows_that_come_go_and_change(run, updated):
    run(np.arange(50), "one")
    run(np.random.default_rng(1).permutation(np.arange(2, 55)), "two")
    changed = VECTORS.copy()
    changed[7] = changed[8]
    run(np.arange(2, 55), "three", changed)
    table = run(np.arange(2, 55), "four", changed)
    assert updated == [5, 1, 0]
    assert table.groupby("statement_id").size().eq(5).all()
    assert table["cosine"].dtype == np.float32


def test_who_was_forgotten_is_new_when_found_again(run, updated):
    run(np.arange(50), "one", forgotten=["c03/0"])
    run(np.arange(50), "two")
    assert updated == [1]


def test_other_vectors_and_too_many_statements_are_searched_as_a_whole(run, updated, monkeypatch):
    run(np.arange(50), "one")
    run(np.arange(50), "two", np.hstack([VECTORS, VECTORS]))
    assert updated == []
    monkeypatch.setattr("workbench.themes.neighbours.EXACT_UP_TO", 10)
    ids = pd.Series(IDS[:20])
    table = likeness.find_likeness(ids, VECTORS[:20], 3, Store("nowhere"))
    assert not len(table)
    assert likeness.likeness_way(table) is None
    assert likeness.search_in(table, ids)(VECTORS[:20], 3, np.arange(20))[0].shape == (20, 3)


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_few_statements(run, rows):
    for name in ("one", "two"):
        assert len(run(np.arange(rows), name)) == rows * (rows - 1)

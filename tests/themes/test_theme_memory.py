import tracemalloc

import numpy as np
import pandas as pd
import pytest

from workbench.themes import all_pairs, in_cells, prepare, whole_numbers
from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours
from workbench.themes.prepare import in_context, language_offsets, take_out, unit_length
from workbench.themes.whole_numbers import in_steps

ROWS, DIMENSIONS = 30_000, 128
LANGUAGES = ["ar", "en", "fa"]


@pytest.fixture(scope="module")
def vectors():
    found = unit_length(np.random.default_rng(0).normal(size=(ROWS, DIMENSIONS)).astype(np.float32))
    found[::1000] = 0
    return found


@pytest.fixture(scope="module")
def statements():
    return pd.DataFrame({"feedback_id": [f"c{row // 2}" for row in range(ROWS)], "text": "late again",
                         "language": np.resize(LANGUAGES, ROWS)})


def peak_of(work):
    """Return the most bytes that were held at once, beside those that were there before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def prepared(vectors, statements):
    offsets = language_offsets(vectors, statements["language"])
    return offsets.means, in_context(take_out(vectors, statements["language"], offsets), statements)


def test_blocks_change_no_bit_of_what_themes_are_found_in(vectors, statements, monkeypatch):
    some, rows = vectors[:500], statements[:500]
    means, points = prepared(some, rows)
    steps = in_steps(points)
    for module in (prepare, whole_numbers):
        monkeypatch.setattr(module, "_BLOCK", 7)
    again = prepared(some, rows)
    assert np.array_equal(again[0], means)
    assert np.array_equal(again[1], points)
    assert (in_steps(points) == steps).all()


def test_what_is_taken_out_is_the_mean_of_those_that_have_a_vector(vectors, statements):
    present = vectors.any(axis=1)
    offsets = language_offsets(vectors, statements["language"])
    assert np.allclose(offsets.means[0], vectors[present].mean(axis=0), atol=1e-6)
    own = present & (statements["language"] == "fa").to_numpy()
    pulled = (vectors[own] - offsets.means[0]).mean(axis=0) * own.sum() / (own.sum() + 20)
    assert np.allclose(offsets.means[1 + LANGUAGES.index("fa")], pulled, atol=1e-6)


def test_whole_steps_are_the_same_numbers_in_half_the_room(vectors):
    whole = in_steps(vectors, np.int16)
    assert whole.dtype == np.int16
    assert (whole == in_steps(vectors)).all()


@pytest.mark.parametrize("exact_up_to", [30_000, 0])
def test_block_size_changes_no_neighbour(vectors, monkeypatch, exact_up_to):
    some = vectors[:2000]
    indices, similarities = nearest_neighbours(some, 10, exact_up_to)
    for module, name, size in ((in_cells, "_BLOCK", 50), (in_cells, "_ROOM", 40_000), (all_pairs, "_TILE", 300)):
        monkeypatch.setattr(module, name, size)
        again = nearest_neighbours(some, 10, exact_up_to)
        assert np.array_equal(again[0], indices)
        assert np.array_equal(again[1], similarities)


def test_steps_take_little_more_room_than_their_result(vectors):
    assert peak_of(lambda: in_steps(vectors)) < 2 * vectors.nbytes


def test_points_take_no_more_room_than_a_few_times_the_vectors(vectors, statements):
    assert peak_of(lambda: prepared(vectors, statements)) < 3.5 * vectors.nbytes


def test_the_graph_of_no_neighbours_has_no_edges():
    assert fuzzy_graph(np.zeros((3, 0), dtype=np.int32), np.zeros((3, 0), dtype=np.float32)).nnz == 0

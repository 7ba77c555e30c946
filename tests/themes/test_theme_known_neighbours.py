"""Neighbours after a change are what they would be if all were searched anew."""

import numpy as np
import pytest

from workbench.themes import known_neighbours, neighbours
from workbench.themes.known_neighbours import update_neighbours
from workbench.themes.neighbours import nearest_neighbours

COUNT = 6


def points(rows, seed=0):
    """Unit vectors, a third of them the same as others, so that there are ties."""
    chance = np.random.default_rng(seed)
    found = chance.normal(size=(rows, 5)).astype(np.float16)
    found[:: 3] = found[chance.integers(0, rows, len(found[:: 3]))]
    return found


def before(vectors, there):
    """Return what an earlier run has found among some of the rows, as positions among all."""
    places = np.flatnonzero(there)
    found, cosine = nearest_neighbours(vectors[places], COUNT)
    known, old = np.full((len(vectors), COUNT), -1), np.zeros((len(vectors), COUNT), dtype=np.float32)
    known[places], old[places] = places[found], cosine
    return known, old


@pytest.mark.parametrize("new", [0, 1, 7, 60])
@pytest.mark.parametrize("gone", [0, 1, 5])
def test_what_is_known_and_what_is_new_give_what_a_whole_search_gives(new, gone, monkeypatch):
    vectors = points(400)
    chance = np.random.default_rng(new)
    order = chance.permutation(400)
    is_new = np.isin(np.arange(400), chance.choice(400, new, replace=False))
    known, cosine = before(vectors[order], ~is_new)
    dropped = np.flatnonzero(~is_new)[:gone]
    kept = np.delete(np.arange(400), dropped)
    position = np.full(401, -1)
    position[kept] = np.arange(len(kept))
    monkeypatch.setattr(known_neighbours, "nearest_neighbours", lambda *_, **__: pytest.fail("all were searched"))
    monkeypatch.setattr(known_neighbours, "_WORTH", 0.9)
    places = chance.permutation(len(kept))
    left = np.empty((len(kept), 5), dtype=vectors.dtype)
    left[places] = vectors[order[kept]]
    found = update_neighbours(left, places, position[known[kept]], cosine[kept], is_new[kept])
    whole = nearest_neighbours(left, COUNT, order=places)
    assert np.array_equal(found[0], whole[0])
    assert np.array_equal(found[1], whole[1])


def test_few_rows_many_new_ones_or_too_many_are_searched_as_a_whole(monkeypatch):
    vectors, asked = points(50), []

    def search(*given, **how):
        asked.append(given)
        return nearest_neighbours(*given, **how)

    monkeypatch.setattr(known_neighbours, "nearest_neighbours", search)
    for new in (np.arange(50) < 30, np.ones(50, dtype=bool)):
        found = update_neighbours(vectors, np.arange(50), *before(vectors, ~new) if not new.all() else
                                  (np.full((50, COUNT), -1), np.zeros((50, COUNT))), new)
        assert np.array_equal(found[0], nearest_neighbours(vectors, COUNT)[0])
    monkeypatch.setattr(known_neighbours, "EXACT_UP_TO", 40)
    nothing = np.zeros(50, dtype=bool)
    update_neighbours(vectors, np.arange(50), *before(vectors, ~nothing), nothing)
    assert len(asked) == 3
    assert neighbours.EXACT_UP_TO > 40

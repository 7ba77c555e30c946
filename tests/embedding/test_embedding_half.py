import sqlite3
from contextlib import closing

import numpy as np
import pytest

from workbench.embedding import embed, load_encoder

TEXTS = ["the invoice is wrong", "الفاتورة غلط", "صورتحساب اشتباه است", "", "late"]


def test_a_vector_is_the_same_whether_it_was_known_or_not(tmp_path):
    alone, cold, warm = embed(TEXTS), embed(TEXTS, cache=tmp_path), embed(TEXTS, cache=tmp_path)
    assert np.array_equal(alone, cold)
    assert np.array_equal(cold, warm)


def test_vectors_are_rounded_to_half_precision_and_no_further():
    exact, found = load_encoder().encode(TEXTS), embed(TEXTS)
    assert found.dtype == np.float32
    assert np.array_equal(found, exact.astype(np.float16).astype(np.float32))
    assert np.abs((found * exact).sum(axis=1)[[0, 1, 2, 4]] - 1).max() < 1e-4


def test_a_stored_vector_takes_two_bytes_a_number(tmp_path):
    embed(TEXTS, cache=tmp_path)
    with closing(sqlite3.connect(next(tmp_path.glob("*.sqlite")))) as connection:
        sizes = {len(blob) for (blob,) in connection.execute("SELECT vector FROM vectors")}
    assert sizes == {2 * load_encoder().dimensions}


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_vectors_that_were_stored_whole_are_read_as_well(tmp_path, kind):
    embed(TEXTS, cache=tmp_path)
    vector = np.linspace(0, 1, load_encoder().dimensions).astype(kind)
    with closing(sqlite3.connect(next(tmp_path.glob("*.sqlite")))) as connection, connection:
        connection.execute("UPDATE vectors SET vector = ?", (vector.tobytes(),))
    assert np.array_equal(embed(["late"], cache=tmp_path)[0], vector.astype(np.float16).astype(np.float32))

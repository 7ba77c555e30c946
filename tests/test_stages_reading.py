"""What statements say by themselves is read again only for what is new, and nothing is different for it."""

from types import SimpleNamespace
from zlib import crc32

import numpy as np
import pandas as pd
import pytest

from workbench.journey.scorer import Read
from workbench.stages import reading
from workbench.store import Store

PARTS = {"stages": ("buy", "use"), "touchpoints": ("shop",)}
ENCODER = SimpleNamespace(identity="encoder")


def scorer():
    parts = {kind: tuple(SimpleNamespace(id=one) for one in ids) for kind, ids in PARTS.items()}
    return SimpleNamespace(model=SimpleNamespace(**parts))


def rows(count=20):
    """Return statements, two a comment, their vectors, and the comments."""
    of = np.arange(count) // 2
    statements = pd.DataFrame({"statement_id": [f"c{one:02}/{place % 2}" for place, one in enumerate(of)],
                               "feedback_id": [f"c{one:02}" for one in of],
                               "text": [f"late {place}" for place in range(count)], "language": "en"}).astype("str")
    comments = pd.DataFrame({"feedback_id": sorted(set(statements["feedback_id"])), "touchpoint": "shop",
                             "channel": None, "question": "why?"})
    vectors = np.random.default_rng(0).normal(size=(count, 4)).astype(np.float16)
    return statements, vectors, comments


@pytest.fixture
def run(tmp_path):
    """Read, store as an analysis of this name, and return how many statements were read."""
    store = Store(tmp_path)

    def told(made, statements, vectors, comments, way="model", forgotten=()):
        counts = []

        def read(scorer, encoder, statements, vectors, comments):
            counts.append(len(statements))
            of = comments.set_index("feedback_id").reindex(statements["feedback_id"])
            asked = [of[name].astype("str").fillna("") for name in ("touchpoint", "channel", "question")]
            values = np.array([[crc32("/".join(row).encode()) / 2**32] for row in
                               zip(statements["text"], statements["language"], *asked, strict=True)])
            scores = (values + vectors.sum(axis=1, keepdims=True)).astype(np.float32)
            return Read(scores * [1, 2, 3], scores * [4, 5], scores * [1, -1] > 0), (10 * values[:, 0]).astype(int) - 1

        tables = {"statements": statements, "vectors": vectors, "comments": comments}
        table, new = reading.read_new(read, scorer(), ENCODER, tables, store, way)
        assert new == sum(counts)
        found, recorded = reading.reader_of(table)(scorer(), ENCODER, statements, vectors, comments)
        whole, places = read(None, None, statements, vectors, comments)
        for name in ("stages", "touchpoints", "named"):
            assert np.array_equal(getattr(found, name), getattr(whole, name).astype(getattr(found, name).dtype))
        assert recorded.tolist() == places.tolist()
        assert table["statement_id"].tolist() == statements["statement_id"].tolist()
        kept = ~statements["statement_id"].isin(forgotten).to_numpy()
        store.write(store.stage_path("feedback", made), {"comments": comments}, {})
        store.write(store.stage_path("language", made), {"statements": statements[kept]}, {})
        store.write(store.stage_path("embedding", made), {"vectors": vectors[kept]}, {})
        store.write(store.stage_path("reading", made), {"reading": table[kept]}, {})
        stages = dict.fromkeys(("feedback", "language", "embedding", "reading"), made)
        store.write(store.analysis_path(made), {}, {"stages": stages, "facts": {"reading": {"reading_way": way}}})
        return new

    return told


def test_rows_that_come_go_move_and_change_alone_are_read(run):
    statements, vectors, comments = rows()
    order = np.random.default_rng(1).permutation(np.arange(2, 20))
    assert run("one", statements[:16], vectors[:16], comments) == 16
    assert run("two", statements.iloc[order].reset_index(drop=True), vectors[order], comments[::-1]) == 4
    assert run("three", statements, vectors, comments) == 2
    assert run("four", statements, vectors, comments) == 0


@pytest.mark.parametrize(("column", "count"), [("touchpoint", 2), ("channel", 2), ("question", 2)])
def test_a_row_that_says_something_else_is_read_again(run, column, count):
    statements, vectors, comments = rows()
    run("one", statements, vectors, comments)
    changed = comments.assign(**{column: comments[column].where(comments["feedback_id"] != "c03", "shop window")})
    assert run("two", statements, vectors, changed) == count
    assert run("three", statements, vectors, comments.drop(columns=column).assign(**{column: changed[column]})) == 0


@pytest.mark.parametrize("column", ["text", "language"])
def test_a_statement_that_says_something_else_is_read_again(run, column):
    statements, vectors, comments = rows()
    run("one", statements, vectors, comments)
    statements.loc[5, column] = "fa"
    assert run("two", statements, vectors, comments) == 1


def test_another_vector_is_read_again_and_other_dimensions_all(run):
    statements, vectors, comments = rows()
    run("one", statements, vectors, comments)
    vectors[7] *= 2
    assert run("two", statements, vectors, comments) == 1
    assert run("three", statements, vectors[:, :3], comments) == 20


def test_another_way_reads_all(run):
    assert run("one", *rows()) == 20
    assert run("two", *rows(), way="other") == 20


def test_who_was_forgotten_is_read_when_found_again(run):
    run("one", *rows(), forgotten=["c03/0", "c03/1"])
    assert run("two", *rows()) == 2


def test_statements_of_which_none_is_known_are_all_read(run):
    statements, vectors, comments = rows()
    run("one", statements[:4], vectors[:4], comments)
    assert run("two", statements[4:].reset_index(drop=True), vectors[4:], comments) == 16

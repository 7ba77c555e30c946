import gc
import os

import numpy as np
import pandas as pd
import pytest

from workbench import digests
from workbench.errors import DiskError, StoreError
from workbench.store import Store, array_digest, digest, table_digest


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_what_is_written_is_read(store):
    path = store.stage_path("themes", digest("a"))
    table = pd.DataFrame({"text": ["خوب", "سيئ", None], "n": [1, 2, 3]})
    vectors = np.eye(3, dtype=np.float32)
    store.write(path, {"table": table, "vectors": vectors}, {"facts": {"n": 3}})
    read = store.read(path)
    pd.testing.assert_frame_equal(read["table"], table)
    np.testing.assert_array_equal(read["vectors"], vectors)
    assert store.manifest(path)["facts"] == {"n": 3}


def test_an_absent_result_is_nothing_and_half_a_folder_is_not_a_result(store):
    path = store.analysis_path(digest("a"))
    assert store.read(path) is None
    path.mkdir(parents=True)
    (path / "table.parquet").write_bytes(b"half")
    assert store.read(path) is None


def test_nothing_is_left_behind_when_writing_fails(store):
    path = store.stage_path("themes", digest("a"))
    with pytest.raises(AttributeError):
        store.write(path, {"table": object()}, {})
    assert list(path.parent.iterdir()) == []


def test_writing_twice_keeps_a_complete_result(store):
    path = store.stage_path("themes", digest("a"))
    for _ in range(2):
        store.write(path, {"table": pd.DataFrame({"a": [1]})}, {})
    assert len(store.read(path)["table"]) == 1
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_damage_is_told(store):
    path = store.stage_path("themes", digest("a"))
    store.write(path, {"table": pd.DataFrame({"a": [1]})}, {})
    (path / "table.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(StoreError, match="is damaged; delete that folder"):
        store.read(path)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "store").write_text("a file, not a folder")
    with pytest.raises(StoreError, match="cannot be written"):
        Store(tmp_path / "store").write(tmp_path / "store" / "x" / "y", {}, {})


def test_digests_see_values_names_and_kinds():
    table = pd.DataFrame({"a": [1, 2]})
    assert len({table_digest(t) for t in (
        table, table.rename(columns={"a": "b"}), table.astype(float), table.iloc[::-1], table.head(1))}) == 5


def used_on(store, path, day, manifest=None):
    store.write(path, {"table": pd.DataFrame({"a": [day]})}, manifest or {})
    os.utime(path, (day, day))
    return path


def analysis_of(store, day):
    """An analysis and the stage that it is made of, last used on a day counted from 1970."""
    key = digest("stage", day)
    stage = used_on(store, store.stage_path("themes", key), day)
    return used_on(store, store.analysis_path(digest(day)), day, {"stages": {"themes": key}}), stage


def there(store):
    return {path for kind in ("stages", "analyses") for path in (store.folder / kind).iterdir()}


def test_the_analyses_used_last_are_kept_with_their_stages(store):
    made = {day: analysis_of(store, day) for day in (10, 20, 30, 40, 50, 60, 70)}
    store.mark_used(made[10][0])
    between = used_on(store, store.stage_path("language", digest("lately")), 45)
    before = used_on(store, store.stage_path("language", digest("long ago")), 35)
    assert set(store.prune(keep=5)) == {*made[20], *made[30], before}
    assert there(store) == {path for day in (10, 40, 50, 60, 70) for path in made[day]} | {between}


def test_a_small_store_loses_nothing(store):
    interrupted = used_on(store, store.stage_path("language", digest("interrupted")), 1)
    made = {path for day in (10, 20, 30, 40) for path in analysis_of(store, day)}
    assert store.prune(keep=5) == []
    assert there(store) == made | {interrupted}


def test_what_is_being_written_is_never_removed_and_what_was_given_up_is(store):
    for day in range(10, 80, 10):
        analysis_of(store, day)
    writing, left = ([store.folder / kind / name for kind in ("stages", "analyses")]
                     for name in (".half-made", ".given-up"))
    for path in (*writing, *left):
        path.mkdir()
    for path in left:
        os.utime(path, (1, 1))
    store.prune(keep=5)
    assert set(writing) <= there(store)
    assert not set(left) & there(store)


def test_a_shared_stage_stays_while_one_kept_analysis_needs_it(store):
    key = digest("shared")
    shared = used_on(store, store.stage_path("feedback", key), 1)
    for day in range(10, 80, 10):
        used_on(store, store.analysis_path(digest(day)), day, {"stages": {"feedback": key}})
    store.prune(keep=5)
    assert shared in there(store)
    assert len(there(store)) == 6


TEXTS = ["late", None, "دیر", "", "متأخر", "late"]


def in_pieces(texts, *cuts):
    """Return a text column whose values lie in several pieces of memory."""
    return pd.concat([pd.Series(part, dtype="str") for part in np.split(np.array(texts, dtype=object), cuts)],
                     ignore_index=True)


@pytest.mark.parametrize("column", [
    in_pieces(TEXTS, 2, 3), in_pieces(TEXTS, 6), in_pieces(["x", *TEXTS, "y"], 3).iloc[1:7],
    pd.Series(TEXTS[::-1], dtype="str").iloc[::-1],
])
def test_the_digest_of_texts_does_not_hang_on_where_they_lie(column):
    assert table_digest(pd.DataFrame({"text": column})) == table_digest(pd.DataFrame({"text": pd.Series(TEXTS,
                                                                                                        dtype="str")}))


@pytest.mark.parametrize("other", [
    ["late", "", "دیر", None, "متأخر", "late"], ["late", None, "دیر", "", "متأخرl", "ate"], ["la", "te", *TEXTS[1:]],
    TEXTS[:5], TEXTS[::-1], ["late", "", "دیر", "", "متأخر", "late"],
])
def test_other_texts_have_another_digest(other):
    assert table_digest(pd.DataFrame({"text": pd.Series(other, dtype="str")})) != \
        table_digest(pd.DataFrame({"text": pd.Series(TEXTS, dtype="str")}))


@pytest.mark.parametrize(("values", "other"), [
    ([1.0, None], [1.0, 0.0]), ([1, 2], [2, 1]), ([True, False], [True, True]),
    (pd.to_datetime(["2026-01-01", None]), pd.to_datetime(["2026-01-01", "2026-01-02"])),
    (pd.to_datetime(["2026-01-01"], utc=True), pd.to_datetime(["2026-01-02"], utc=True)),
    (pd.Categorical(["a", "b"]), pd.Categorical(["b", "a"])), (pd.array([1, None], dtype="Int64"), [1, 2]),
    (np.array(["a", None], dtype=object), np.array(["a", "None"], dtype=object)),
])
def test_every_kind_of_column_counts(values, other):
    digests = [table_digest(pd.DataFrame({"value": each})) for each in (values, values, other)]
    assert digests[0] == digests[1] != digests[2]


def test_arrays_of_one_content_and_two_shapes_or_kinds_differ():
    wide = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert array_digest(wide) == array_digest(np.asfortranarray(wide)) == array_digest(wide[::-1][::-1])
    assert len({array_digest(each) for each in (wide, wide.reshape(3, 2), wide.astype(np.float64), wide + 1,
                                                wide[:0])}) == 5


def test_a_gathered_folder_outlives_the_folders_that_it_was_made_of(store, monkeypatch):
    stages = [store.stage_path(name, digest(name)) for name in ("language", "embedding")]
    store.write(stages[0], {"statements": pd.DataFrame({"text": ["دیر"]}), "profile": pd.DataFrame({"a": [1]})}, {})
    store.write(stages[1], {"vectors": np.eye(1, dtype=np.float32)}, {})
    sources = {"statements": stages[0], "vectors": stages[1]}
    store.gather(store.analysis_path("a" * 16), sources, {"key": "a"})

    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    store.gather(store.analysis_path("b" * 16), sources, {"key": "b"})
    for stage in stages:
        store.write(stage, {"statements": pd.DataFrame({"text": ["another"]})}, {})
    for key in "ab":
        tables = store.read(store.analysis_path(key * 16))
        assert sorted(tables) == ["statements", "vectors"]
        assert tables["statements"]["text"].tolist() == ["دیر"]
        assert tables["vectors"].tolist() == [[1.0]]
    with pytest.raises(StoreError, match="could not be written"):
        store.gather(store.analysis_path("c" * 16), {"terms": stages[0]}, {})
    assert not store.analysis_path("c" * 16).exists()


def test_an_array_that_cannot_be_written_is_read_once(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(300_000, dtype=np.float32))
    stored = np.load(tmp_path / "a.npy", mmap_mode="r")
    whole = array_digest(stored)
    assert array_digest(stored) == array_digest(np.array(stored)) == whole
    assert len(digests._READ_ONLY) == 1
    assert array_digest(stored[1:]) != whole
    free = np.array(stored)
    before = array_digest(free)
    free[0] = 7
    assert array_digest(free) != before
    del stored
    gc.collect()
    assert not digests._READ_ONLY


@pytest.mark.parametrize("manifest", ["[]", "null", '{"files": 3}', ""])
def test_a_manifest_that_is_none_is_told(tmp_path, manifest):
    store = Store(tmp_path)
    path = store.stage_path("language", "a")
    store.write(path, {"statements": pd.DataFrame({"text": ["late"]})}, {})
    (path / "manifest.json").write_text(manifest)
    with pytest.raises(StoreError, match="is damaged; delete that folder"):
        store.read(path)


@pytest.mark.parametrize(("raised", "told"), [
    (OSError("14336 requested and 8096 written"), "the disk is full"),
    (OSError(28, "Error writing bytes to file. Detail: [errno 28] No space left on device"), "No space left on device"),
])
def test_a_disk_that_is_full_is_told_in_plain_words(tmp_path, monkeypatch, raised, told):
    def cut_short(*_, **__):
        raise raised

    monkeypatch.setattr(np, "save", cut_short)
    store = Store(tmp_path)
    with pytest.raises(DiskError, match=rf"could not be written to .* \({told}\)\.$"):
        store.write(store.stage_path("embedding", "a" * 16), {"vectors": np.ones((2, 2))}, {})

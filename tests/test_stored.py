"""Tables of a stored folder are read when they are asked for."""

import copy
import os
import pickle
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench import beside, stored
from workbench.analysis import analyse
from workbench.beside import GatheredTables
from workbench.errors import StoreError
from workbench.report.receipts import Watched
from workbench.store import Store, array_digest, digest, table_digest
from workbench.stored import read_file

TABLES = {"a": pd.DataFrame({"n": [1, 2]}), "b": pd.DataFrame({"text": ["دیر", None]}), "v": np.eye(2)}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def path(store):
    path = store.analysis_path(digest("a"))
    store.write(path, TABLES, {"key": "a"})
    return path


@pytest.fixture
def reads(monkeypatch):
    """The files that are read, in order."""
    told = []
    monkeypatch.setattr(stored, "read_file", lambda file: told.append(file.name) or read_file(file))
    return told


def test_a_table_is_read_once_and_only_if_it_is_asked_for(store, path, reads):
    tables = store.open(path)
    assert list(tables) == list(TABLES)
    assert len(tables) == 3
    assert "b" in tables
    assert "c" not in tables
    assert tables.get("c") is None
    assert reads == []
    assert tables["b"] is tables["b"]
    assert reads == ["b.parquet"]
    assert {**tables}.keys() == TABLES.keys()
    assert reads == ["b.parquet", "a.parquet", "v.npy"]


def test_what_is_not_there_is_nothing_or_unknown(store, path):
    assert store.open(store.analysis_path(digest("b"))) is None
    with pytest.raises(KeyError):
        store.open(path)["c"]


@pytest.mark.parametrize("made", [pickle.loads, copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"])
def test_a_copy_holds_every_table(store, path, made):
    tables = store.open(path)
    other = made(pickle.dumps(tables) if made is pickle.loads else tables)
    shutil.rmtree(path)
    assert type(other) is dict
    pd.testing.assert_frame_equal(other["a"], TABLES["a"])
    assert np.array_equal(other["v"], TABLES["v"])


@pytest.mark.parametrize("harm", [
    lambda path: (path / "b.parquet").unlink(),
    lambda path: (path / "b.parquet").write_bytes((path / "b.parquet").read_bytes()[:-1]),
    lambda path: (path / "manifest.json").write_text("{"),
    lambda path: (path / "manifest.json").write_text("{}"),
], ids=["a file gone", "a file cut", "half a manifest", "another manifest"])
def test_damage_that_can_be_seen_from_outside_is_told_at_once(store, path, harm):
    harm(path)
    with pytest.raises(StoreError, match="is damaged; delete that folder and run again"):
        store.open(path)


def test_damage_within_a_file_is_told_when_it_is_read(store, path):
    content = (path / "b.parquet").read_bytes()
    (path / "b.parquet").write_bytes(b"x" * len(content))
    tables = store.open(path)
    assert tables["a"]["n"].tolist() == [1, 2]
    with pytest.raises(StoreError, match="is damaged; delete that folder and run again"):
        tables["b"]


def test_a_folder_of_an_earlier_version_is_read(store, path):
    manifest = store.manifest(path)
    assert manifest.pop("sizes").keys() == {"a.parquet", "b.parquet", "v.npy"}
    (path / "manifest.json").write_text(str(manifest).replace("'", '"'))
    assert store.open(path)["a"]["n"].tolist() == [1, 2]


def removed(store, path):
    assert store.prune(keep=0) == [path]


def made_anew(store, path):
    os.replace(path, path.with_name("aside"))
    store.write(path, {**TABLES, "b": pd.DataFrame({"text": ["another"]})}, {"key": "a", "forgotten": 1})


def made_anew_while_it_is_read(store, path):
    made_anew(store, path)
    shutil.copytree(path.with_name("aside"), path, dirs_exist_ok=True)


@pytest.mark.parametrize("change", [removed, made_anew, made_anew_while_it_is_read])
def test_tables_of_two_states_are_never_mixed(store, path, change):
    tables = store.open(path)
    assert tables["a"]["n"].tolist() == [1, 2]
    assert tables["v"].tolist() == [[1, 0], [0, 1]]
    change(store, path)
    with pytest.raises(StoreError, match="was removed or made anew since it was opened"):
        tables["b"]
    assert tables["a"]["n"].tolist() == [1, 2]
    assert tables["v"].tolist() == [[1, 0], [0, 1]]


def test_reading_marks_a_folder_as_used(store, path):
    tables = store.open(path)
    os.utime(path, (1, 1))
    tables["a"]
    assert path.stat().st_mtime > 1


@pytest.mark.parametrize("column", [
    ["late", None, "دیر"], [1, 2, 3], [1.5, None, 2], [True, False, True], pd.array([1, None, 3], dtype="Int64"),
    pd.to_datetime(["2026-01-01", None, "2026-01-03"]), pd.to_datetime(["2026-01-01"] * 3, utc=True),
    pd.Categorical(["a", "b", "a"]), pd.array([True, None, False], dtype="boolean"), [None, None, None],
    pd.Series(["a", "b", "c"], dtype=object), [["a"], [], ["b", "c"]],
])
def test_a_table_is_read_as_pandas_reads_it(tmp_path, column):
    pd.DataFrame({"a": column, "b": [1, 2, 3]}).to_parquet(tmp_path / "t.parquet", index=False)
    expected = pd.read_parquet(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(read_file(tmp_path / "t.parquet"), expected)
    assert type(read_file(tmp_path / "t.parquet")["a"].array) is type(expected["a"].array)
    assert list(read_file(tmp_path / "t.parquet", ["b", "c"])) == ["b"]


def test_an_analysis_reads_what_it_is_asked_for(small_study, reads):
    analysis = analyse(small_study, progress=False)
    assert {"comments", "themes", "vectors"} <= set(analysis.tables)
    assert len(analysis.tables) > 60
    assert {"comments", "tables", "folder"} <= set(dir(analysis))
    assert "themes" in analysis._ipython_key_completions_()
    watched = Watched(analysis)
    assert "themes" in watched.tables
    assert watched.tables.get("none") is None
    assert len(watched.tables) > 60
    assert replace(analysis, only={"a": "b"}).tables is analysis.tables
    assert reads == []
    assert watched.read == set()
    assert analysis["themes"] is analysis.themes
    assert watched.tables["scores"] is analysis.scores
    assert reads == ["themes.parquet", "scores.parquet"]
    assert watched.read == {"scores"}
    with pytest.raises(AttributeError, match=r"an analysis has no 'theme'; its tables are .*themes"):
        analysis.theme  # noqa: B018


def digests(tables):
    return {name: array_digest(np.asarray(table)) if isinstance(table, np.ndarray) else table_digest(table)
            for name, table in tables.items()}


@pytest.mark.slow
def test_a_large_analysis_holds_no_table_longer_than_a_stage(make_small_study, tmp_path, monkeypatch, small_analysis):
    monkeypatch.setattr(beside, "_LARGE", 0)
    held, make_room = [], GatheredTables.make_room

    def look(tables):
        make_room(tables)
        held.extend(name for stored in tables._opened.values() for name in stored._read if name != "vectors")

    monkeypatch.setattr(GatheredTables, "make_room", look)
    found = analyse(make_small_study(tmp_path), progress=False, processes=1)
    assert set(held) <= {"theme_centres", "theme_offsets", "found_centres"}
    assert digests(found.tables) == digests(small_analysis.tables)

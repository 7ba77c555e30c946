import os
import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.embedding import embed, identify_encoder, list_caches, prune_caches
from workbench.errors import EncoderError, StoreError


class OtherEncoder:
    name, identity, dimensions = "folder/other", "f" * 64, 2

    def encode(self, texts):
        return np.ones((len(texts), 2), np.float32)


@pytest.fixture
def study(tmp_path):
    pd.DataFrame({"feedback_id": ["1"], "text": ["late"]}).to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: a.csv\n")
    folder = tmp_path / ".workbench" / "vectors"
    embed(["late", "دیر"], cache=folder)
    embed(["late"], OtherEncoder(), cache=folder)
    return tmp_path / "study.yaml", folder


def test_caches_are_listed_with_their_encoders(study):
    table = list_caches(study[1])
    assert dict(zip(table["encoder"], table["vectors"], strict=True)) == {"embedded": 2, "other": 1}
    assert (table["megabytes"] > 0).all()


def test_pruning_removes_every_file_of_an_old_encoder_and_no_other(study):
    gone = prune_caches(study[1], [identify_encoder("embedded")])
    assert gone["encoder"].tolist() == ["other"]
    assert {file.name[:32] for file in study[1].iterdir()} == {identify_encoder("embedded")[:32]}


def test_the_command_shows_and_prunes(study):
    shown = CliRunner().invoke(app, ["cache", str(study[0])])
    assert shown.exit_code == 0
    assert "2 vectors" in shown.output
    assert "not in use" in shown.output
    pruned = CliRunner().invoke(app, ["cache", str(study[0]), "--prune"])
    assert "Removed 1 caches" in pruned.output
    assert list_caches(study[1])["encoder"].tolist() == ["embedded"]


def test_what_is_stored_is_shown_though_the_encoder_is_out_of_reach(study):
    study[0].write_text("name: One\nfeedback: a.csv\nencoder: gone.npz\n")
    shown = CliRunner().invoke(app, ["cache", str(study[0])])
    assert shown.exit_code == 0
    assert "2 vectors" in shown.output
    assert "cannot be told: The encoder file gone.npz cannot be read" in shown.output
    with pytest.raises(EncoderError, match=r"gone\.npz cannot be read"):
        CliRunner().invoke(app, ["cache", str(study[0]), "--prune"], catch_exceptions=False)
    assert len(list_caches(study[1])) == 2


def test_an_empty_store_is_told(study, tmp_path):
    prune_caches(study[1], [])
    assert "No vectors are stored in" in CliRunner().invoke(app, ["cache", str(study[0])]).output


def test_looking_at_a_cache_is_not_writing_it(study):
    for file in study[1].iterdir():
        os.utime(file, (1e9, 1e9))
    for _ in range(2):
        assert {f"{time:%Y-%m-%d}" for time in list_caches(study[1])["written"]} == {"2001-09-09"}


def test_an_older_cache_has_no_name(tmp_path):
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB)")
    assert list_caches(tmp_path)[["encoder", "vectors"]].values.tolist() == [["", 0]]


def test_a_file_that_is_no_cache_is_told(tmp_path):
    (tmp_path / "x.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match="not a cache of vectors, or it is damaged; remove it"):
        list_caches(tmp_path)


def test_a_cache_is_read_where_nothing_can_be_written_beside_it(study):
    for file in study[1].glob("*.sqlite"):
        shared = file.with_name(f"{file.name}-shm")
        shared.unlink(missing_ok=True)
        shared.symlink_to(study[1] / "gone" / "x")  # SQLite cannot make it, as on a disk that is only to be read
    table = list_caches(study[1])
    assert dict(zip(table["encoder"], table["vectors"], strict=True)) == {"embedded": 2, "other": 1}


def test_no_folder_is_an_empty_list(tmp_path):
    assert len(list_caches(tmp_path / "none")) == 0

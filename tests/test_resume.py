"""A run that is killed at any moment is finished by the next one, with the tables of a run that never was."""

import os
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from workbench.analysis import analyse
from workbench.embedding import cache as vector_cache
from workbench.embedding import embed, load_encoder
from workbench.store import Store, array_digest, table_digest

ANALYSE = "from workbench.scale import blocks; blocks.ROWS = 100; from workbench.__main__ import main; main()"
SETTINGS = "name: Killed\nfeedback: comments.csv\nquality: {resamples: 1, seeds: 1}\n"


def write_study(folder, make_small_study):
    """Write a study of a thousand comments, no two alike, of the small study's."""
    chance = np.random.default_rng(0)
    texts = pd.read_csv(make_small_study(folder).parent / "comments.csv")["text"].unique()
    rows = pd.DataFrame({"feedback_id": [f"f{number:04d}" for number in range(1_000)]})
    pairs = chance.integers(0, len(texts), (len(rows), 2))
    rows["text"] = [f"{texts[one]}. {texts[other]} {number}" for number, (one, other) in enumerate(pairs)]
    rows["created_at"] = [f"2026-0{month}-1{day}" for month, day in chance.integers(1, 9, (len(rows), 2))]
    rows["nps"], rows["customer_id"] = chance.integers(0, 11, len(rows)), [f"c{n // 2}" for n in range(len(rows))]
    rows.to_csv(folder / "comments.csv", index=False)
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    return folder / "study.yaml"


def start(study, processes):
    """Start an analysis in a process of its own, or in several, whose progress can be read."""
    command = [sys.executable, "-W", "ignore", "-c", ANALYSE, "analyse", str(study), "--processes", str(processes)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0,
                            env={**os.environ, "PYTHONUNBUFFERED": "1"})


def kill_after(study, processes, words, pause):
    """Kill a run with SIGKILL, so many seconds after its progress has come to a word; return whether it was running."""
    run, seen = start(study, processes), b""
    while words not in seen and (read := run.stderr.read(1)):
        seen += read
    try:
        run.wait(pause)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGKILL)
    run.wait()
    run.stderr.close()
    return run.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def whole(tmp_path_factory, make_small_study):
    return analyse(write_study(tmp_path_factory.mktemp("whole"), make_small_study), progress=False)


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_a_run_that_is_killed_again_and_again_ends_with_the_same_tables(tmp_path, make_small_study, whole, processes):
    study = write_study(tmp_path / "killed", make_small_study)
    chance = np.random.default_rng(0)
    killed = [kill_after(study, processes, words, pause) for words, pause in zip(
        (b"language", b"embedding", b"themes", b"quality", b"journey", b"tone", b"evidence"),
        chance.uniform(0, 0.5, 7), strict=True)]
    assert sum(killed) >= 3
    found = analyse(study, progress=False)
    assert found.tables.keys() == whole.tables.keys()
    for name, value in found.tables.items():
        digest = array_digest if isinstance(value, np.ndarray) else table_digest
        assert digest(value) == digest(whole[name]), name
    store = Store(study.parent / ".workbench")
    folders = [path for kind in ("stages", "analyses") for path in sorted((store.folder / kind).glob("[!.]*"))]
    assert len(folders) == 1 + len(found.facts)
    assert all(store.read(path) is not None for path in folders)


def test_encoding_goes_on_where_it_was_broken_off(tmp_path, monkeypatch):
    encoder, texts = load_encoder("embedded"), [f"{text} {number}" for number in range(8) for text in
                                                ("late", "دیر شد", "متأخر")]
    asked = []

    class Breaking:
        name, identity, dimensions = encoder.name, encoder.identity, encoder.dimensions

        def encode(self, some):
            if len(asked) == 2:
                raise KeyboardInterrupt
            asked.append(list(some))
            return encoder.encode(some)

    monkeypatch.setattr(vector_cache, "_BATCH", 8)
    with pytest.raises(KeyboardInterrupt):
        embed(texts, Breaking(), cache=tmp_path)
    done = [text for some in asked for text in some]
    asked.clear()
    np.testing.assert_array_equal(embed(texts, Breaking(), cache=tmp_path), embed(texts, encoder))
    assert len(done) == 16
    assert sorted(text for some in asked for text in some) == sorted(set(texts) - set(done))

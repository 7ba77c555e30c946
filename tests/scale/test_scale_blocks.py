"""Blocks of rows: the same whoever works on them, and the tables the same whatever their size."""

import numpy as np
import pandas as pd
import pytest

from workbench import scale, stages
from workbench.scale import Local, blocks, cut_rows, join_tables
from workbench.store import Store, array_digest, table_digest
from workbench.study import load_study

LONG = "ب" * 600_000


@pytest.mark.parametrize(("texts", "comments", "expected"), [
    ([], None, [(0, 0)]),
    (["late"], None, [(0, 1)]),
    (["دیر"] * 2_000, None, [(0, 2000)]),
    (["دیر"] * 4_001, None, [(0, 2000), (2000, 4000), (4000, 4001)]),
    ([LONG, LONG, "late"], None, [(0, 1), (1, 3)]),
    ([LONG * 2, "late"], None, [(0, 1), (1, 2)]),
    (["a"] * 2_001, [0] * 1_999 + [1, 1], [(0, 1999), (1999, 2001)]),
    (["a"] * 2_001, [7] * 2_001, [(0, 2001)]),
    ([LONG, LONG, "late"], ["x", "x", "y"], [(0, 2), (2, 3)]),
])
def test_blocks_are_cut_by_rows_and_characters_and_never_through_a_comment(texts, comments, expected):
    given = None if comments is None else pd.Series(comments)
    found = cut_rows(pd.Series(texts, dtype="str"), given)
    assert [(part.start, part.stop) for part in found] == expected


def test_a_text_that_is_missing_counts_as_empty():
    assert len(cut_rows(pd.Series(["late", None], dtype="str"))) == 1


def test_parts_without_rows_do_not_change_the_types_of_a_table():
    full, empty = pd.DataFrame({"text": ["دیر"], "n": [1]}), pd.DataFrame({"text": [], "n": []}, dtype=object)
    joined = join_tables([empty, full, empty, full])
    assert joined.dtypes.tolist() == full.dtypes.tolist()
    assert joined.index.tolist() == [0, 1]
    assert list(join_tables([empty]).columns) == ["text", "n"]


def test_done_blocks_are_told():
    told = []
    local = Local()
    local.tell = lambda done, total: told.append((done, total))
    assert list(local.map_blocks(len, [("ab",), ("c",)])) == [2, 1]
    assert told == [(1, 2), (2, 2)]


def test_nothing_of_dask_is_needed_without_a_cluster():
    with scale.open_executor(processes=1) as executor:
        assert isinstance(executor, Local)


def digests(tables):
    return {name: array_digest(np.asarray(table)) if isinstance(table, np.ndarray) else table_digest(table)
            for name, table in tables.items()}


@pytest.mark.parametrize("stage", ["split_comments", "embed_all", "read_all", "tell_tones"])
def test_the_size_of_blocks_changes_no_table(small_study, small_analysis, tmp_path, monkeypatch, stage):
    study, compute = load_study(small_study), getattr(stages, stage)
    whole, facts = compute(study, small_analysis.tables, Store(tmp_path / "whole"))
    monkeypatch.setattr(blocks, "ROWS", 7)
    parts, facts_of_parts = compute(study, small_analysis.tables, Store(tmp_path / "parts"))
    assert digests(parts) == digests(whole)
    assert facts_of_parts == facts


def test_the_size_of_blocks_changes_no_theme_that_statements_are_given_to(small_study, small_analysis, monkeypatch):
    study = load_study(small_study).with_themes(sample=20)
    whole = digests(stages.find_all(study, small_analysis.tables, None)[0])
    monkeypatch.setattr(blocks, "ROWS", 3)
    assert digests(stages.find_all(study, small_analysis.tables, None)[0]) == whole

"""Rows that an earlier run has read are not read again, and nothing is different for it."""

import numpy as np
import pandas as pd
import pytest

from workbench.analysis import analyse
from workbench.errors import StoreError
from workbench.forget import forget
from workbench.stages.earlier import same_rows
from workbench.store import Store, array_digest, table_digest
from workbench.study import load_study

MAIL = "The app crashes when I pay.\nSent from my iPhone"


def digests(analysis):
    return {name: array_digest(value) if isinstance(value, np.ndarray) else table_digest(value)
            for name, value in analysis.tables.items()}


def facts(analysis):
    return {stage: {name: fact for name, fact in found.items() if name != "told"}
            for stage, found in analysis.facts.items()}


def change(study, rows):
    file = study.parent / "comments.csv"
    rows(pd.read_csv(file, dtype=str)).to_csv(file, index=False)


def with_news(table):
    """Return rows in another order, one gone, one reworded, one in another language than it states, four new."""
    table = table.iloc[1:].sample(frac=1, random_state=0).reset_index(drop=True)
    table.loc[3, "text"] = "now the invoice is right, but the courier was rude"
    table.loc[5, "language"] = "de"
    new = table.head(4).assign(feedback_id=["n1", "n2", "n3", "n4"], customer_id=["k1", "k2", "k3", "k4"],
                               text=["the parcel came too late", MAIL, "سرعت اینترنت خوب است", table["text"].iloc[9]])
    return pd.concat([new.head(2), table, new.tail(2)])




def read_texts(monkeypatch):
    """Return the list of texts that are split and of statements that are encoded from now on."""
    from workbench import embedding, language

    seen = {"comments": [], "statements": []}
    split, embed = language.split_statements, embedding.embed_pairs

    def note_split(comments, **settings):
        seen["comments"].append(len(comments))
        return split(comments, **settings)

    def note_embed(texts, *rest, **settings):
        seen["statements"].append(len(texts) // 2)
        return embed(texts, *rest, **settings)

    monkeypatch.setattr(language, "split_statements", note_split)
    monkeypatch.setattr(embedding, "embed_pairs", note_embed)
    return seen


@pytest.mark.slow
def test_new_rows_alone_are_read_and_the_tables_are_those_of_a_run_from_nothing(tmp_path, make_small_study,
                                                                               monkeypatch):
    def stating(table):
        return table.assign(language="en")

    again = make_small_study(tmp_path / "again")
    change(again, stating)
    analyse(again, progress=False)
    change(again, with_news)
    cold = make_small_study(tmp_path / "cold")
    change(cold, lambda table: with_news(stating(table)))
    first = analyse(cold, progress=False)
    seen = read_texts(monkeypatch)
    second = analyse(again, progress=False)
    assert seen["comments"] == [6]
    assert 0 < seen["statements"][0] < 12
    assert facts(second)["language"] == facts(first)["language"]
    assert second.facts["language"]["language_disagreements"] > 0
    assert second.facts["language"]["boilerplate"] == 1
    for name in ("comments", "statements", "boilerplate", "profile", "vectors"):
        assert digests(second)[name] == digests(first)[name], name


@pytest.mark.slow
def test_all_tables_are_those_of_a_run_from_nothing(tmp_path, make_small_study):
    again = make_small_study(tmp_path / "again")
    analyse(again, progress=False)
    change(again, with_news)
    (tmp_path / "again" / "study.themes.json").unlink()
    second = analyse(again, progress=False)
    cold = make_small_study(tmp_path / "cold")
    change(cold, with_news)
    assert digests(second) == digests(analyse(cold, progress=False))


def test_rows_that_only_go_are_not_read_at_all(tmp_path, make_small_study, monkeypatch):
    study = make_small_study(tmp_path)
    analyse(study, tables=["vectors"], progress=False)
    change(study, lambda table: table.iloc[4:])
    seen = read_texts(monkeypatch)
    found = analyse(study, tables=["vectors"], progress=False)
    assert (seen["comments"], seen["statements"]) == ([0], [])
    assert set(found.statements["feedback_id"]) == set(found.comments["feedback_id"])


@pytest.mark.slow
def test_another_unit_or_other_code_reads_everything(tmp_path, make_small_study, monkeypatch):
    study = make_small_study(tmp_path)
    analyse(study, progress=False)
    seen = read_texts(monkeypatch)
    analyse(load_study(study).model_copy(update={"unit": "comment"}), progress=False)
    monkeypatch.setattr("workbench.stages.earlier.code_digest", lambda: "other")
    change(study, lambda table: table.iloc[1:])
    analyse(study, progress=False)
    assert seen["comments"] == [54, 53]


@pytest.mark.slow
def test_who_is_forgotten_is_not_taken_over_from_an_earlier_run(tmp_path, make_small_study):
    study = make_small_study(tmp_path)
    change(study, lambda table: pd.concat([table, table.head(1).assign(
        feedback_id="m1", customer_id="K-100200", text=MAIL.replace("pay", "pay with my kettle-77"))]))
    first = analyse(study, progress=False)
    assert "m1" in set(first.boilerplate["feedback_id"])
    done = forget(load_study(study), "K-100200", reports=tmp_path / "reports")
    assert done.left == []
    assert done.rows["boilerplate"] == 2
    found = analyse(study, progress=False)
    for name in ("comments", "statements", "boilerplate", "profile"):
        assert "m1" not in set(found[name]["feedback_id"]), name
    assert len(found.statements) == len(found["vectors"])
    stored = Store(load_study(study).store_folder).folder
    assert not [path for path in stored.rglob("*") if path.is_file() and b"kettle-77" in path.read_bytes()]


@pytest.mark.parametrize(("now", "then", "same"), [
    ([("a", "x", "en")], [("a", "x", "en")], [0]),
    ([("a", "x", None)], [("a", "x", None)], [0]),
    ([("a", "x", "en")], [("a", "x", None)], [-1]),
    ([("a", "y", "en")], [("a", "x", "en")], [-1]),
    ([("b", "x", "en")], [("a", "x", "en")], [-1]),
    ([("b", "y", "de"), ("a", "x", "en")], [("a", "x", "en"), ("b", "y", "de")], [1, 0]),
    ([], [("a", "x", "en")], []),
    ([("a", "x", "en")], [], [-1]),
])
def test_a_row_is_the_same_where_all_that_is_asked_is(now, then, same):
    columns = ["id", "text", "language"]
    tables = [pd.DataFrame(rows, columns=columns).astype("str") for rows in (now, then)]
    assert same_rows(*tables, "id", ("text", "language")).tolist() == same


def test_a_broken_table_is_told(tmp_path):
    store = Store(tmp_path)
    path = store.stage_path("language", "a" * 16)
    store.write(path, {"statements": pd.DataFrame({"a": [1], "b": [2]})}, {})
    assert list(store.read_table(path, "statements", ["b", "c"]).columns) == ["b"]
    (path / "statements.parquet").write_bytes(b"no table")
    with pytest.raises(StoreError, match="is damaged; delete that folder"):
        store.read_table(path, "statements")

"""Words that an earlier run has counted are not counted again, and nothing is different for it."""

import pandas as pd
import pytest

from workbench.scale import Local
from workbench.stages.words import count_all, with_words
from workbench.store import Store
from workbench.study import load_study
from workbench.themes import count_words, find_terms

TEXTS = {"a": "The invoices are wrong. The courier was kind.", "b": "فاکتور اشتباه است", "c": "الفاتورة غلط",
         "d": "Late.\nBest regards,\nJane Doe-Millerton", "e": "请尽快修好"}
PARTS = [("a/0", "a", 0, 23, "en"), ("a/1", "a", 24, 45, "en"), ("b/0", "b", 0, 17, "fa"), ("c/0", "c", 0, 12, "ar"),
         ("d/0", "d", 0, 5, "en"), ("d/1", "d", 20, 38, "en"), ("e/0", "e", 0, 5, "zh")]


def tables_of(texts, parts=PARTS):
    rows = [(name, comment, start, end, texts[comment][start:end], language)
            for name, comment, start, end, language in parts if comment in texts]
    statements = pd.DataFrame(rows, columns=["statement_id", "feedback_id", "start", "end", "text", "language"])
    return {"comments": pd.DataFrame({"feedback_id": list(texts), "text": list(texts.values())}),
            "statements": statements}


class Counting(Local):
    """Notes which statements are counted."""

    def __init__(self):
        self.seen = []

    def map_blocks(self, function, blocks, *shared):
        self.seen += [name for block in blocks for name in block[0]["statement_id"]]
        return super().map_blocks(function, blocks, *shared)


def run(store, study, tables, run_id="one"):
    """Count, and store what an analysis would have stored."""
    executor = Counting()
    made, facts = count_all(study, tables, store, executor)
    keys = {"feedback": f"f{run_id}", "language": f"l{run_id}", "words": f"w{run_id}"}
    for stage, own in (("feedback", {"comments": tables["comments"]}), ("words", made),
                       ("language", {"statements": tables["statements"]})):
        store.write(store.stage_path(stage, keys[stage]), own, {"facts": {}})
    store.write(store.analysis_path(run_id), {}, {"stages": keys, "facts": {"words": facts}})
    return made["words"], executor.seen


@pytest.fixture
def study(tmp_path):
    (tmp_path / "glossary.csv").write_text("concept,language,term\nbilling,en,invoice\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: Words\nfeedback: a.csv\n", encoding="utf-8")
    return load_study(tmp_path / "study.yaml")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def changed(name, text):
    return {**TEXTS, name: text}


@pytest.mark.parametrize(("texts", "counted"), [
    (TEXTS, []),
    ({"f": "too late", **TEXTS}, ["f/0"]),
    (dict(reversed(TEXTS.items())), []),
    ({name: text for name, text in TEXTS.items() if name != "b"}, []),
    (changed("b", "فاکتور درست است"), ["b/0"]),
    (changed("a", "The invoices are wrong. The courier was rude."), ["a/0", "a/1"]),  # its comment tells names
])
def test_what_is_as_it_was_is_not_counted_again(store, study, texts, counted):
    assert run(store, study, tables_of(TEXTS))[1] == [name for name, *_ in PARTS]
    parts = [*PARTS, ("f/0", "f", 0, 8, "en")]
    tables = tables_of(texts, parts)
    again, seen = run(store, study, tables, "two")
    assert seen == counted
    anew = count_words(tables["statements"], None, None, tables["comments"])
    pd.testing.assert_frame_equal(again, anew)


@pytest.mark.parametrize("update", [{"glossary": "glossary.csv"}, {"order_number": r"K-\d+"}])
def test_what_makes_terms_of_words_counts_all_of_them_again(store, study, update):
    run(store, study, tables_of(TEXTS))
    words, seen = run(store, study.model_copy(update=update), tables_of(TEXTS), "two")
    assert len(seen) == len(PARTS)
    assert words["term_keys"].str.contains("concept_billing").any() == ("glossary" in update)


def test_another_language_of_a_statement_counts_it_again(store, study):
    run(store, study, tables_of(TEXTS))
    tables = tables_of(TEXTS)
    tables["statements"].loc[0, "language"] = "de"
    assert run(store, study, tables, "two")[1] == ["a/0"]


def test_who_was_forgotten_is_counted_again_and_nobody_else(store, study):
    words, _ = run(store, study, tables_of(TEXTS))
    store.write(store.stage_path("words", "wtwo"), {"words": words[words["statement_id"] != "c/0"]}, {})
    keys = {"feedback": "fone", "language": "lone", "words": "wtwo"}
    facts = store.manifest(store.analysis_path("one"))["facts"]
    store.write(store.analysis_path("two"), {}, {"stages": keys, "facts": facts})
    again, seen = run(store, study, tables_of(TEXTS), "three")
    assert seen == ["c/0"]
    pd.testing.assert_frame_equal(again, words)


def test_words_go_with_their_statements_whatever_their_order(store, study):
    tables = tables_of(TEXTS)
    words, _ = run(store, study, tables)
    joined = with_words({**tables, "words": words.iloc[::-1]})
    pd.testing.assert_frame_equal(find_terms(joined), find_terms(tables["statements"], comments=tables["comments"]))
    assert "Millerton" not in set(find_terms(joined)["surface"])

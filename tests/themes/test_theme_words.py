"""Terms that were counted are not counted again, and are what counting them anew returns."""

import numpy as np
import pandas as pd
import pytest

from workbench.feedback import redact_parts
from workbench.language import count_terms, load_glossary
from workbench.themes import words
from workbench.themes.hierarchy import _Spoken, _terms_of
from workbench.themes.words import find_terms, written_forms

TEXTS = ["The invoices are wrong", "فاکتور اشتباه است", "الفاتورة غلط", "请尽快修好", "Jane Doe-Millerton", "",
         "Parcel ABCD-WXYZ late"]
COMMENTS = pd.DataFrame({"feedback_id": [f"c{n}" for n in range(7)], "text": TEXTS})
STATEMENTS = pd.DataFrame({"feedback_id": COMMENTS["feedback_id"], "text": TEXTS, "start": 0,
                           "end": [len(text) for text in TEXTS],
                           "language": ["en", "fa", "ar", "zh", "en", "en", "en"]})


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch):
    monkeypatch.setattr(words, "_COUNTED", {})


def plainly(statements, comments, order_number=None):
    rows = [(row, comment, language, "_".join(key.split()), surface)
            for row, (comment, text, language) in enumerate(zip(
                statements["feedback_id"], redact_parts(statements, comments, order_number=order_number),
                statements["language"], strict=True))
            for key, surface in count_terms(words._PLACEHOLDER.sub(" ", text), language)]
    return pd.DataFrame(rows, columns=["row", "comment", "language", "key", "surface"])


@pytest.mark.parametrize("kept", [100_000, 4])
@pytest.mark.parametrize("order", [None, r"ABCD-WXYZ"])
def test_terms_in_any_order_and_once_more(monkeypatch, kept, order):
    monkeypatch.setattr(words, "_KEPT", kept)
    for rows in ([0, 1, 2], [3, 2, 0, 6, 5, 4, 1], [5], range(7)):
        part = STATEMENTS.iloc[list(rows)].reset_index(drop=True)
        pd.testing.assert_frame_equal(find_terms(part, None, order, COMMENTS), plainly(part, COMMENTS, order))
    assert len(words._COUNTED) == min(kept, 7)


def test_more_statements_than_are_kept_are_counted_without_being_kept(monkeypatch):
    monkeypatch.setattr(words, "_KEPT", 6)
    pd.testing.assert_frame_equal(find_terms(STATEMENTS, comments=COMMENTS), plainly(STATEMENTS, COMMENTS))
    assert not words._COUNTED


def test_nothing_is_counted_twice(monkeypatch):
    first = find_terms(STATEMENTS, comments=COMMENTS)
    monkeypatch.setattr(words, "count_terms", None)
    pd.testing.assert_frame_equal(find_terms(STATEMENTS, comments=COMMENTS), first)


def test_what_decides_terms_is_not_taken_for_the_same(tmp_path):
    line = STATEMENTS.iloc[[4]].reset_index(drop=True)
    farewell = pd.DataFrame({"feedback_id": ["c4"], "text": ["Late.\nBest regards,\n" + TEXTS[4]]})
    inside = line.assign(start=len(farewell["text"][0]) - len(TEXTS[4]), end=len(farewell["text"][0]))
    assert len(find_terms(line, comments=COMMENTS))
    assert not len(find_terms(inside, comments=farewell))
    number = STATEMENTS.iloc[[6]]
    assert len(find_terms(number, comments=COMMENTS)) > len(find_terms(number, None, r"ABCD-WXYZ", COMMENTS))
    file = tmp_path / "glossary.csv"
    file.write_text("concept,language,term,mistranslation\nbilling,en,invoice,\n", encoding="utf-8")
    glossary = load_glossary(file, ["en"])
    one = STATEMENTS.iloc[[0]]
    assert find_terms(one)["key"][0] != find_terms(one, glossary)["key"][0] == "concept_billing"
    assert find_terms(one.assign(language="de"))["key"].tolist() != find_terms(one)["key"].tolist()


def test_terms_of_groups_are_counted_by_comment():
    said = "late late wrong,late,wrong bill,bill late,late wrong bill"
    used = pd.DataFrame([(row, f"c{row // 2}", "en", word, word) for row, text in enumerate(said.split(","))
                         for word in text.split()], columns=["row", "comment", "language", "key", "surface"])
    groups = np.array([0, 0, 1, -1, 1])
    found = _terms_of(_Spoken.of(used), written_forms(used), groups, 2)
    inside = used.assign(theme_id=groups[used["row"]]).query("theme_id >= 0")
    plain = inside.groupby(["theme_id", "language", "key"])["comment"].nunique()
    for _, row in found.iterrows():
        assert row["comment_count"] == plain[row["theme_id"], row["language"], row["term"]]
    assert found["weight"].gt(0).all()
    assert len(found)

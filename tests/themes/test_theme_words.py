"""Terms that were kept are what counting them anew returns, and what decides them is looked at."""

import numpy as np
import pandas as pd
import pytest

from workbench.feedback import redact_parts
from workbench.language import count_terms, load_glossary
from workbench.themes import words
from workbench.themes.hierarchy import _terms_of
from workbench.themes.words import count_words, find_terms, number_terms

TEXTS = ["The invoices are wrong", "فاکتور اشتباه است", "الفاتورة غلط", "请尽快修好", "Jane Doe-Millerton", "",
         "Parcel ABCD-WXYZ late"]
COMMENTS = pd.DataFrame({"feedback_id": [f"c{n}" for n in range(7)], "text": TEXTS})
STATEMENTS = pd.DataFrame({"feedback_id": COMMENTS["feedback_id"], "text": TEXTS, "start": 0,
                           "end": [len(text) for text in TEXTS],
                           "language": ["en", "fa", "ar", "zh", "en", "en", "en"]})


def plainly(statements, comments, order_number=None):
    rows = [(row, comment, language, "_".join(key.split()), surface)
            for row, (comment, text, language) in enumerate(zip(
                statements["feedback_id"], redact_parts(statements, comments, order_number=order_number),
                statements["language"], strict=True))
            for key, surface in count_terms(words._PLACEHOLDER.sub(" ", text), language)]
    return pd.DataFrame(rows, columns=["row", "comment", "language", "key", "surface"])


@pytest.mark.parametrize("order", [None, r"ABCD-WXYZ"])
@pytest.mark.parametrize("rows", [[0, 1, 2], [3, 2, 0, 6, 5, 4, 1], [5], range(7), []])
def test_terms_that_were_kept_are_those_that_are_counted_now(rows, order):
    part = STATEMENTS.iloc[list(rows)].reset_index(drop=True)
    plain = plainly(part, COMMENTS, order)
    kept = count_words(STATEMENTS.assign(statement_id=[f"c{n}/0" for n in range(7)]), None, order, COMMENTS)
    joined = part.assign(statement_id=part["feedback_id"] + "/0").merge(kept, on="statement_id", how="left")
    pd.testing.assert_frame_equal(find_terms(part, None, order, COMMENTS), plain)
    pd.testing.assert_frame_equal(find_terms(joined), plain)


def test_kept_words_are_counted_as_they_are_written_and_without_a_glossary(tmp_path):
    file = tmp_path / "glossary.csv"
    file.write_text('concept,language,term,mistranslation\nbilling,en,"wrong\ninvoices",\n', encoding="utf-8")
    texts = ["wrong invoices again and again", "my name is Jane Doe"]
    statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"], "text": texts,
                               "language": "en"})
    found = count_words(statements, load_glossary(file, ["en"]))
    assert found["term_keys"].tolist() == ["concept_billing", "name"]
    assert found["term_forms"].tolist() == ["wrong invoices", "name"]
    assert found["word_count"].tolist() == [len(text.split()) for text in texts]
    assert found["content_count"].tolist() == [len(count_terms(text, "en")) for text in texts]
    assert found["content_count"][1] == 3


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
    found = _terms_of(number_terms(used), groups[used["row"]], 2)
    inside = used.assign(theme_id=groups[used["row"]]).query("theme_id >= 0")
    plain = inside.groupby(["theme_id", "language", "key"])["comment"].nunique()
    for _, row in found.iterrows():
        assert row["comment_count"] == plain[row["theme_id"], row["language"], row["term"]]
    assert found["weight"].gt(0).all()
    assert len(found)


@pytest.mark.parametrize(("language", "written", "shown"), [
    ("ar", ["المكالمه", "المكالمة"], "المكالمة"),
    ("ar", ["مكالمه", "المكالمة"], "المكالمة"),  # the shorter is no better
    ("ar", ["المكالمه", "المكالمه", "المكالمة", "مكالمة"], "مكالمة"),  # as many with the one ending as with the other
    ("ar", ["المكالمه", "المكالمه", "المكالمة"], "المكالمه"),  # what most people write
    ("ar", ["بيته", "بيته", "بيت"], "بيته"),
    ("ar", ["ارسل", "أرسل"], "أرسل"),
    ("ar", ["انجليزي", "إنجليزي"], "إنجليزي"),
    ("ar", ["يبقى", "يبقي"], "يبقى"),  # either may be right
    ("fa", ["كلاس", "کلاس"], "کلاس"),
    ("fa", ["خوبي", "خوبی"], "خوبی"),
    ("en", ["bills", "bill"], "bill"),
])
def test_of_forms_that_are_as_common_the_well_spelt_is_shown(language, written, shown):
    for surfaces in (written, written[::-1]):
        used = pd.DataFrame({"language": language, "key": "k", "surface": surfaces, "comment": range(len(surfaces))})
        assert number_terms(used).forms.tolist() == [shown]


def test_no_words_have_no_forms():
    assert len(number_terms(find_terms(pd.DataFrame({"feedback_id": [], "text": [], "language": []}))).forms) == 0


@pytest.mark.parametrize("uses", [0, 1, 400])
def test_comments_are_counted_once_for_each_group_and_term(uses):
    random = np.random.default_rng(uses)
    used = pd.DataFrame({"language": random.choice(["en", "fa"], uses), "key": random.choice(["a", "b", "c"], uses),
                         "comment": random.choice(list("uvwxyz"), uses)}, dtype="str")
    groups = random.integers(-1, 3, uses)
    vocabulary = number_terms(used.assign(surface=used["key"]))
    found = words.count_comments(groups, vocabulary)
    grouped = used.assign(group=groups, term=vocabulary.of_use)[groups >= 0].groupby(["group", "term"])
    assert found.set_index(["group", "term"])["comment_count"].to_dict() == grouped["comment"].nunique().to_dict()
    assert found[["group", "term"]].values.tolist() == sorted(map(list, grouped.groups))

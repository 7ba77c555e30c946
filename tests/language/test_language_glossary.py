"""A study's terms: counted as one, and warned about where machine translation is known to have missed them."""

import pandas as pd
import pytest

from workbench.errors import StudyError
from workbench.language import LANGUAGES, load_glossary
from workbench.stages import split_comments
from workbench.study import load_study

TERMS = """concept,language,term,mistranslation
voice of the customer,en,Voice of the Customer,
voice of the customer,,VOC,
voice of the customer,ar,صوت العميل,
voice of the customer,ar,صوت الزبون,
voice of the customer,fa,صدای مشتری,
voice of the customer,ar,المركبات العضوية المتطايرة,yes
voice of the customer,fa,ترکیبات آلی فرار,yes
router,ar,راوتر,
router,ar,جهاز التوجيه,yes
"""
WRONG = [  # as machine translation has it in articles on the subject
    "تساعد المركبات العضوية المتطايرة الشركات على فهم عملائها",
    "برنامج للمركبات العضوية المتطايرة وإدارة التجربة",
    "نجمع بيانات مركبات عضوية متطايرة من الاستبيانات",
]
RIGHT = [
    "يساعد صوت العميل الشركات على فهم عملائها",
    "برنامج لصوت العميل وإدارة التجربة",
    "رائحة مواد عضوية من الجهاز",
]


@pytest.fixture(scope="module")
def glossary(tmp_path_factory):
    file = tmp_path_factory.mktemp("glossary") / "glossary.csv"
    file.write_text(TERMS, encoding="utf-8")
    return load_glossary(file, LANGUAGES)


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_separators_of_spreadsheets_are_read(tmp_path, glossary, sign):
    (tmp_path / "saved.csv").write_text(TERMS.replace(",", sign), encoding="utf-8-sig")
    assert load_glossary(tmp_path / "saved.csv", LANGUAGES) == glossary


@pytest.mark.parametrize("text", WRONG)
def test_a_known_mistranslation_is_found(glossary, text):
    assert glossary.mistranslations(text, "ar") == [("voice of the customer", "المركبات العضوية المتطايرة")]


@pytest.mark.parametrize("text", RIGHT)
def test_the_right_term_and_other_chemistry_are_not(glossary, text):
    assert glossary.mistranslations(text, "ar") == []


@pytest.mark.parametrize(("text", "language"), [
    ("our voice of the customer team", "en"), ("our VOC team", "en"), ("voices of customers", "en"),
    ("برنامج صوت العميل", "ar"), ("وصوت الزبون مهم", "ar"), ("برنامج VOC", "ar"), ("صدای مشتری‌ها مهم است", "fa"),
    ("صداي مشتري", "fa"), ("unser VOC", "de"),
])
def test_terms_of_a_concept_share_one_key(glossary, text, language):
    assert "concept voice of the customer" in [key for key, _ in glossary.count_terms(text, language)]


@pytest.mark.parametrize(("text", "language", "keys"), [
    ("the customer has a voice", "en", ["voic"]), ("my voice broke", "en", ["voic", "broke"]),
    ("العميل سمع صوت", "ar", ["عميل", "سمع", "صوت"]), ("late", "nl", ["late"]),
])
def test_their_words_apart_are_counted_as_ever(glossary, text, language, keys):
    assert [key for key, _ in glossary.count_terms(text, language)] == keys


def test_a_concept_is_shown_by_its_first_term(glossary):
    assert glossary.count_terms("صوت الزبون", "ar") == [("concept voice of the customer", "VOC")]


@pytest.mark.parametrize(("content", "message"), [
    ("concept,term\na,b\n", "lacks language"),
    ("concept,language,term\n,en,b\n", r"glossary\.csv:2: a row needs a concept and a term"),
    ("concept,language,term\na,en,12\n", r"glossary\.csv:2: the term has no word"),
    ("concept,language,term\na,en,fan\nb,en,fans\n", r"glossary\.csv:3: .* another concept \(line 2\)"),
    ("concept,language,term,mistranslation\na,en,b c,maybe\n", r"glossary\.csv:2: mistranslation should be yes"),
])
def test_what_cannot_be_a_glossary_is_refused_with_its_line(tmp_path, content, message):
    file = tmp_path / "glossary.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        load_glossary(file, LANGUAGES)


def test_a_missing_or_unreadable_glossary_is_told(tmp_path):
    with pytest.raises(StudyError, match="There is no glossary"):
        load_glossary(tmp_path / "none.csv", LANGUAGES)
    (tmp_path / "bad.csv").write_bytes(b"concept,language,term\na,en,\xff\xfe\n")
    with pytest.raises(StudyError, match="cannot be read as UTF-8"):
        load_glossary(tmp_path / "bad.csv", LANGUAGES)


def test_mistranslations_and_boilerplate_are_facts_of_a_run(tmp_path):
    (tmp_path / "glossary.csv").write_text(TERMS, encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: a.csv\nglossary: glossary.csv\n", encoding="utf-8")
    comments = pd.DataFrame({"feedback_id": list("abcdef"), "text": [
        *WRONG, RIGHT[0], "Too slow.\nSent from my iPhone", "اقرأ المزيد"]})
    tables, facts = split_comments(load_study(tmp_path / "study.yaml"), {"comments": comments}, None)
    assert facts["mistranslations"] == [{
        "concept": "voice of the customer", "language": "ar", "term": "المركبات العضوية المتطايرة", "comments": 3}]
    assert facts["boilerplate"] == 2
    assert "Sent from my iPhone" not in set(tables["statements"]["text"])
    assert tables["profile"].set_index("feedback_id").loc[["e", "f"], "is_counted"].tolist() == [True, False]

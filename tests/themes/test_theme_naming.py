import numpy as np
import pandas as pd
import pytest

from workbench.language import LANGUAGES, script_of
from workbench.stages.themes import LABEL_LANGUAGES
from workbench.themes import naming
from workbench.themes.describe import TermPlaces, describe, nearest_terms
from workbench.themes.naming import name_themes


def table(*rows):
    return pd.DataFrame(rows, columns=["theme_id", "language", "term"])


def test_every_language_of_the_sample_is_named_in():
    assert set(LABEL_LANGUAGES) == set(LANGUAGES)


def test_no_label_repeats_even_in_another_order_or_case():
    own = table(*((theme, "en", word) for theme, words in enumerate(
        [["bill", "late", "box"], ["Late", "bill", "box"], ["box", "bill", "late"]]) for word in words))
    labels = name_themes(range(3), own, own.iloc[:0], own, ("en",))["label"]
    assert labels.is_unique
    assert len({frozenset(label.casefold().split(" · ")) for label in labels}) == 3


def test_fallbacks_stand_in_order_near_words_then_what_is_said_then_a_number():
    own, near = table((0, "ar", "سعر")), table((0, "fa", "قیمت"), (1, "fa", "پیک"))
    labels = name_themes([0, 1, 2], own, near, own, ("fa", "tr")).set_index(["theme_id", "language"])
    assert labels.loc[(0, "fa"), "label"] == "قیمت"
    assert labels.loc[(0, "tr"), "label"] == "سعر"
    assert labels.loc[(1, "tr"), "label"] == "پیک"
    assert labels.loc[(2, "tr"), "label"] == "3"
    assert labels["is_borrowed"].all()


def test_a_language_of_few_words_lends_none_of_another_while_its_own_make_a_free_label():
    near = table(*((theme, "fa", word) for theme in range(10) for word in ("پیک", "قبض", "قیمت", "سرعت", "غذا")))
    own = table(*((theme, "en", f"word{theme}") for theme in range(10)))
    labels = name_themes(range(10), own, near, own, ("fa",))["label"]
    assert labels.map(script_of).eq("Arab").all()
    assert labels.is_unique


def test_what_two_comments_of_a_theme_say_stands_before_words_of_other_themes():
    texts = ["wrong invoice amount"] * 6 + ["قبض اشتباه", "قبض اشتباه", "قبض گران"] + ["پیک دیر"] * 3
    labels = described(texts, ["en"] * 6 + ["fa"] * 6, [0] * 9 + [1] * 3).labels.set_index(["theme_id", "language"])
    assert labels.loc[(0, "fa"), "label"].split(" · ")[:2] == ["قبض", "اشتباه"]


@pytest.mark.parametrize(("nearness", "found"), [(0.2, [0]), (0.4, [0, 1])])
def test_words_that_lie_far_from_a_theme_do_not_name_it(nearness, found):
    centres = np.array([[1, 0], [nearness, (1 - nearness**2) ** 0.5]])
    near = nearest_terms(TermPlaces(np.array([[1.0, 0]]), np.array(["late"]), np.array(["en"])), centres)
    assert near["theme_id"].tolist() == found


def test_given_labels_are_kept_and_not_used_again():
    own = table((0, "en", "bill"), (1, "en", "bill"))
    labels = name_themes([0, 1], own, own.iloc[:0], own, ("en",), {(1, "en"): "bill"})
    assert labels["label"].tolist() == ["1", "bill"]


def described(texts, languages, themes):
    statements = pd.DataFrame({"text": texts, "language": languages})
    statements["feedback_id"] = [f"c{n}" for n in range(len(texts))]
    vectors = np.eye(int(max(themes)) + 1)[themes].astype(np.float32)
    assignments = pd.DataFrame({"statement_id": statements["feedback_id"] + "/0", "theme_id": themes, "strength": 1.0,
                                "is_core": [True] * (len(texts) - 1) + [False]})
    return describe(statements, assignments, vectors, np.eye(int(max(themes)) + 1), ("en", "fa", "hi"))


def test_each_language_that_speaks_in_a_theme_has_a_row_of_terms():
    texts = ["wrong invoice amount"] * 6 + ["late parcel courier"] * 6
    texts += ["Rechnung zu hoch", "फ़ोन खराब", "قبض اشتباه"] * 2 + ["facture trop chère"]
    languages = ["en"] * 12 + ["de", "hi", "fa"] * 2 + ["fr"]
    terms = described(texts, languages, [0] * 6 + [1] * 6 + [0, 1, 0] * 2 + [0]).terms
    assert set(terms.loc[terms["theme_id"] == 0, "language"]) == {"en", "de", "fa"}  # not one person's French
    assert set(terms.loc[terms["theme_id"] == 1, "language"]) == {"en", "hi"}
    assert (terms.loc[terms["language"] == "en", "weight"] > 0).all()
    assert (terms.loc[terms["language"] == "fa", "weight"] == 0).all()


def test_words_that_no_language_says_twice_still_name_a_theme_where_several_comments_say_them():
    texts = ["wifi late", "wifi دیر", "router wifi", "bill"]
    description = described([*texts, "a b c"], ["sv", "fa", "pl", "da", "en"], [0, 0, 0, 1, 1])
    assert description.terms.empty
    assert description.labels["label"].tolist() == ["wifi", "2"] * 3


@pytest.mark.parametrize("text", ["late late late", "فقط همین", "配送"])
def test_one_repeated_word_still_names_a_theme(text):
    description = described([text] * 4, [{"l": "en", "ف": "fa", "配": "zh"}[text[0]]] * 4, [0] * 4)
    labels = description.labels["label"]
    assert (labels.str.len() > 0).all()
    assert description.make_model is None or len(description.terms)


def test_labels_are_in_the_letters_of_their_language_where_people_used_them():
    texts = ["wrong invoice amount"] * 6 + ["مبلغ صورتحساب اشتباه"] * 6
    labels = described(texts, ["en"] * 6 + ["fa"] * 6, [0] * 12).labels.set_index("language")["label"]
    assert (script_of(labels["en"]), script_of(labels["fa"])) == ("Latn", "Arab")


@pytest.mark.parametrize(("language", "terms", "label"), [
    ("ar", ["التطبيق", "اقدر", "شوي", "الدخول", "الرمز"], "التطبيق · الدخول · الرمز"),
    ("fa", ["خوب", "تونم", "عاشق", "سریع"], "خوب · عاشق · سریع"),
    ("ar", ["شوي", "اقدر"], "شوي · اقدر"),
])
def test_words_that_say_little_by_themselves_name_a_theme_only_where_there_are_no_others(language, terms, label):
    own = pd.DataFrame({"theme_id": 0, "language": language, "term": terms})
    assert name_themes([0], own, own.iloc[:0], own, (language,))["label"].tolist() == [label]


def test_a_persian_label_holds_no_word_in_two_forms():
    terms = ["مرغ", "مرغش", "بد", "بدترین", "برنج"]
    own = pd.DataFrame({"theme_id": 0, "language": "fa", "term": terms})
    assert name_themes([0], own, own.iloc[:0], own, ("fa", "en"))["label"].tolist() == ["مرغ · بد · برنج"] * 2
    for kept in (["سر", "سرد", "نان"], ["شیر", "شیرین", "نانوایی"]):
        own = own.iloc[:3].assign(term=kept)
        assert name_themes([0], own, own.iloc[:0], own, ("fa",))["label"].tolist() == [" · ".join(kept)]


def test_many_words_of_a_theme_are_compared_by_their_forms_and_not_with_each_other(monkeypatch):
    class Counting:
        def __init__(self):
            self.calls = 0

        def fullmatch(self, *given):
            self.calls += 1
            return ending.fullmatch(*given)

    ending, letters = naming._PERSIAN_ENDING, "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
    words = [first + second + "رد" for first in letters for second in letters]
    monkeypatch.setattr(naming, "_PERSIAN_ENDING", counting := Counting())
    terms = pd.DataFrame({"theme_id": 0, "language": "fa", "term": words})
    label = name_themes([0], terms, terms.iloc[:0], terms, ("fa",))["label"].iloc[0]
    assert label == " · ".join(words[:3])
    assert 0 < counting.calls <= 5 * len(words)

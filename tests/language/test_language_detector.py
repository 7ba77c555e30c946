import numpy as np
import pytest

from workbench.language import detector
from workbench.language.detector import detect

LATIN = ("en", "de", "fr", "es", "tr", "pt", "it", "nl")
TEXTS = ["the delivery was late", "die Lieferung kam zu spät", "تحویل دیر شد و کسی جواب نداد", "الخدمة بطيئة جدا",
         "配送很慢，客服不回复", "", " ", "12", "THE ROUTER IS SLOW", "cafe\u0301 trop cher", "👍",
         "\ud800 half a pair", "ama internet yine kesildi " * 40, "x" * 3000 + " the end"]


@pytest.mark.parametrize("languages", [LATIN, ("ar", "fa", "ur"), ("zh", "ja"), ("no", "sr", "en")])
def test_answers_are_those_of_py3langid(languages):
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    theirs = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    theirs.set_languages(list(languages))
    expected = [[dict(theirs.rank(text))[language] for language in languages] for text in TEXTS]
    found = detect(TEXTS, languages)
    np.testing.assert_allclose(found, expected, atol=2e-4)
    assert [theirs.classify(text)[0] for text in TEXTS[:5]] == [languages[place] for place in found[:5].argmax(axis=1)]


@pytest.mark.parametrize(("batch", "few"), [(1, 0), (3, 0), (20_000, 5), (5, 100)])
def test_no_text_has_a_part_in_the_answer_of_another(monkeypatch, batch, few):
    together = detect(TEXTS, LATIN)
    monkeypatch.setattr(detector, "_BATCH", batch)
    monkeypatch.setattr(detector, "_FEW", few)
    order = np.random.default_rng(0).permutation(len(TEXTS))
    assert (detect([TEXTS[place] for place in order], LATIN) == together[order]).all()


def test_nothing_to_read_is_as_likely_in_each_language():
    assert (detect(["", "12"], LATIN) == 1 / len(LATIN)).all()
    assert detect([], LATIN).shape == (0, len(LATIN))

"""The tone of statements: words, what turns them, the shipped model, and what it admits not to know."""

import numpy as np
import pandas as pd
import pytest

from tests.added_backwards import added_backwards
from workbench.embedding import embed_statements, load_encoder
from workbench.insights.tone import bearable_languages, features, load_shipped, measure_error, tell_tone
from workbench.insights.tone.errors import _macro_f1
from workbench.insights.tone.features import NAMES, lexical_features
from workbench.insights.tone.lexicon import FOLDER
from workbench.insights.tone.shipped import SENTENCES, read_sentences

LANGUAGES = {"ar", "de", "en", "es", "fa", "fr", "hi", "it", "ja", "nl", "pt", "ru", "tr", "zh"}


def net(text, language):
    return float(np.sign(lexical_features([text], [language])[0, NAMES.index("net")]))


@pytest.mark.parametrize(("language", "good", "turned"), [
    ("en", "it was good", "it was not good"),
    ("ar", "الخدمة جيدة", "الخدمة ليست جيدة"),
    ("ar", "كان كويس", "ما كان كويس"),
    ("fa", "خیلی تمیز بود", "اصلا تمیز نبود"), ("fa", "کیفیت خوبی داشت", "کیفیت خوبی نداشت"),
    ("de", "die Leute waren freundlich", "die Leute waren nicht freundlich"),
    ("fr", "le service est rapide", "le service n'est pas rapide"),
    ("es", "el trato fue amable", "el trato no fue nada amable"),
    ("tr", "çok memnun kaldım", "hiç memnun kalmadım"),
    ("it", "il personale è gentile", "il personale non è gentile"),
    ("pt", "o pessoal é simpático", "o pessoal não é simpático"),
    ("nl", "het was lekker", "het was niet lekker"),
    ("ru", "мне понравилось", "мне не понравилось"),
    ("zh", "我很满意", "我不满意"),
    ("ja", "使いやすいです", "使いやすくないです"),
    ("hi", "खाना अच्छा था", "खाना अच्छा नहीं था"),
])
def test_a_negator_turns_praise(language, good, turned):
    assert net(good, language) == 1
    assert net(turned, language) == -1


@pytest.mark.parametrize(("language", "text"), [
    ("en", "no problem at all"), ("en", "he was never rude"), ("ar", "بدون مشاكل"), ("fa", "بد نبود"),
    ("fa", "اصلا گران نبود"),
    ("de", "es gab keine Probleme"), ("tr", "gecikmedi"), ("zh", "没问题"), ("ja", "問題なく使えています"),
])
def test_a_negator_turns_blame(language, text):
    assert net(text, language) == 1


@pytest.mark.parametrize(("language", "text"), [
    ("fa", "سفارشم نرسید"), ("fa", "برقش نبود"), ("fa", "دستمال نداشت"), ("fa", "هنوز نیاوردن"),
    ("tr", "size ulaşılamıyor"),
])
def test_a_word_of_blame_that_has_its_own_not_is_not_turned_by_it(language, text):
    assert net(text, language) == -1


def test_a_persian_negator_turns_what_its_own_clause_says():
    rows = lexical_features(["اتاق سرد بود حوله نبود", "عالی بود حوله نبود"], ["fa", "fa"])
    assert not rows[:, [NAMES.index("blame_turned"), NAMES.index("praise_turned")]].any()
    assert net("بی نهایت بد بود", "fa") == -1
    assert net("بدون هماهنگی با ما دیر آوردن", "fa") == -1


@pytest.mark.parametrize(("language", "text", "told"), [
    ("fa", "فوق العاده بد بود", -1), ("fa", "فوق‌العاده سرد رسید", -1), ("fa", "فوق العاده افتضاح", -1),
    ("fa", "فوق العاده بود", 1), ("fa", "فوق العاده خوشمزه بود", 1), ("fa", "فوق العاده بود سرد نبود", 1),
    ("fa", "وحشتناک خوشمزه بود", 1), ("fa", "وحشتناک بود", -1), ("fa", "جدا افتضاح بود", -1),
    ("en", "super slow", -1), ("en", "super", 1), ("en", "awfully good", 1), ("en", "amazingly rude staff", -1),
    ("de", "super schlecht", -1), ("de", "schrecklich nett", 1), ("fr", "super lent", -1), ("tr", "süper kötü", -1),
])
def test_praise_that_strengthens_what_follows_it_praises_nothing(language, text, told):
    assert net(text, language) == told


@pytest.mark.parametrize(("language", "text", "told"), [
    ("ar", "كان الإفطار رائعا", 1), ("ar", "وكانت الغرفة نظيفا ومريحا", 1), ("ar", "كان الموظف سيئا", -1),
    ("ar", "سأعود إلى هذا الفندق", 1), ("fa", "دیگه ازش غذا نمی‌خرم", -1), ("fa", "حالمونو بهم زد", -1),
    ("fa", "دستمال کاغذی فرستاده نشد", -1),
])
def test_accusatives_and_vows_are_read(language, text, told):
    assert net(text, language) == told


def test_what_follows_but_is_told_apart():
    row = dict(zip(NAMES, lexical_features(["تمیز بود ولی کارمندا بی‌ادب بودن"], ["fa"])[0], strict=True))
    assert row["has_but"] == 1
    assert row["net_first"] > 0 > row["net_after_but"]


def test_emoji_speak_where_no_word_does():
    rows = lexical_features(["😡😡", "😍", "🙄"], ["und"] * 3)
    assert rows[0, NAMES.index("emoji_blame")] > 0
    assert rows[1, NAMES.index("emoji_praise")] > 0
    assert rows[2, NAMES.index("emoji_irony")] > 0


def test_features_are_the_same_however_a_python_adds(monkeypatch):
    texts = ["very slow, but great, but a bit expensive, but slightly rude"]
    plainly = lexical_features(texts, ["en"])
    monkeypatch.setattr("workbench.insights.tone.features.sum", added_backwards, raising=False)
    np.testing.assert_array_equal(lexical_features(texts, ["en"]), plainly)


def test_odd_texts_have_finite_features():
    rows = lexical_features(["", "   ", "!!!", "a" * 5000, "\u202e", "𝕊𝕠 𝕓𝕒𝕕"], ["en", "fa", "zh", "de", "xx", "und"])
    assert np.isfinite(rows).all()


@pytest.mark.parametrize(("part", "language"), [('"thanks no', "en"), ("but ", "en"), ("very good ", "en"),
                                                ("شكرا ", "ar"), ("但是", "zh"),
                                                pytest.param("不很好", "zh", marks=pytest.mark.slow)])
def test_words_of_tone_without_end_are_read_in_linear_time(part, language):
    assert np.isfinite(lexical_features([part * (400_000 // len(part))], [language])).all()


def test_what_stands_beside_a_word_is_the_same_among_many_words(monkeypatch):
    sentences = read_sentences()
    texts = [" ".join(part) for _, part in sentences.groupby("language")["text"]]
    languages = sorted(sentences["language"].unique())
    texts = [text.translate(dict.fromkeys(map(ord, ".!?,;:،؛。！？；：…"), " ")) for text in texts]
    among_many = lexical_features(texts, languages)
    monkeypatch.setattr(features, "_MANY", 10_000)
    assert np.array_equal(lexical_features(texts, languages), among_many)


def test_every_language_has_sentences_and_words():
    assert {path.stem for path in SENTENCES.glob("*.tsv")} == LANGUAGES
    assert {path.stem for path in FOLDER.glob("*.tsv")} == LANGUAGES | {"any"}


def test_the_sentences_keep_to_their_form():
    table = read_sentences()
    assert set(table["tone"]) == {-1, 0, 1}
    assert not table.isna().any().any()
    assert set(table["kind"]) <= {"plain", "negation", "irony", "mixed", "dialect", "romanised", "emoji"}
    counts = table.groupby(["language", "tone"]).size().unstack()
    assert (counts >= 5).all().all()
    assert table.loc[table["kind"].eq("irony"), "tone"].eq(-1).all()


@pytest.fixture(scope="module")
def shipped():
    return load_shipped(load_encoder())


def test_held_out_trades_are_told_better_than_by_guessing(shipped):
    errors = measure_error(shipped.held_out).set_index("language")
    assert errors.at["all", "accuracy"] > errors.at["all", "majority"] + 0.15
    assert bearable_languages(errors.reset_index()) == LANGUAGES


def tell(texts, languages, shipped, calibrated=frozenset(LANGUAGES)):
    ids = [f"{number}/0" for number in range(len(texts))]
    statements = pd.DataFrame({"statement_id": ids, "text": texts, "language": languages})
    return tell_tone(statements, embed_statements(statements), shipped.model, calibrated)


def test_clear_words_are_told_in_every_main_language(shipped):
    good = {"en": "the staff were lovely and so helpful", "ar": "خدمة رائعة وموظفين محترمين",
            "de": "sehr zufrieden, top",
            "fa": "عالی بود، خیلی راضیم", "fr": "très satisfaite, merci",
            "es": "excelente trato", "tr": "çok memnunum"}
    bad = {"en": "awful, rude and far too slow", "ar": "خدمة سيئة جدا وتأخير", "de": "schlecht und unverschämt teuer",
           "fa": "افتضاح بود، دیر رسید", "fr": "service nul et lent",
           "es": "pésimo, una vergüenza", "tr": "berbat, rezalet"}
    assert tell(list(good.values()), list(good), shipped)["word"].eq("positive").all()
    assert tell(list(bad.values()), list(bad), shipped)["word"].eq("negative").all()


def test_persian_praise_that_is_denied_is_no_praise(shipped):
    texts = ["نونش تازه نبود", "خوشمزه نبود", "کیفیت مناسبی نداشت", "سرویس قاشق و چنگال موجود نبود", "بی نهایت بد بود"]
    told = tell(texts, ["fa"] * len(texts), shipped)
    assert told["word"].ne("positive").all()
    assert told["word"].eq("negative").sum() >= 4


def test_an_unmeasured_language_is_abstained_from(shipped):
    table = tell(["terrible terrible", "terrible terrible"], ["en", "und"], shipped)
    assert table["word"].tolist() == ["negative", "uncertain"]
    assert table["calibrated"].tolist() == [True, False]


def test_probabilities_are_a_tone_each(shipped):
    table = tell(["good", "bad", "", "the box is blue"], ["en"] * 4, shipped)
    shares = table[["p_negative", "p_neutral", "p_positive"]]
    assert np.allclose(shares.sum(axis=1), 1, atol=2e-4)
    assert np.allclose(table["score"], shares["p_positive"] - shares["p_negative"], atol=2e-4)
    assert (table["tone"] == shares.to_numpy().argmax(axis=1) - 1).all()


def test_row_order_does_not_matter(shipped):
    texts, languages = ["good", "بد بود", "الخدمة وحشة"], ["en", "fa", "ar"]
    one, two = tell(texts, languages, shipped), tell(texts[::-1], languages[::-1], shipped)
    assert one["score"].tolist() == two["score"].tolist()[::-1]


def test_no_statement_gives_an_empty_table(shipped):
    assert len(tell([], [], shipped)) == 0


def test_every_statement_of_an_analysis_has_a_tone(small_analysis):
    assert small_analysis.tone["statement_id"].tolist() == small_analysis.statements["statement_id"].tolist()
    assert set(small_analysis.tone_errors["language"]) == LANGUAGES | {"all"}


def test_macro_f1_is_that_of_a_library():
    from sklearn.metrics import f1_score

    chance = np.random.default_rng(0)
    for n in (1, 3, 40, 40, 40):
        truth, told = chance.choice([-1, 1], n) if n < 40 else chance.integers(-1, 2, n), chance.integers(-1, 2, n)
        assert _macro_f1(truth, told) == f1_score(truth, told, average="macro", labels=np.unique(truth),
                                                  zero_division=0.0)


def test_a_model_is_known_by_what_it_has_learned_and_not_by_its_temperature(shipped):
    from dataclasses import replace

    known = shipped.model.fingerprint()
    assert replace(shipped.model, temperature=3.0).fingerprint() == known
    learned = shipped.model.learned()
    for name in ("mean", "deviation", "weights", "constants"):
        other = {**learned, name: learned[name] + 1e-9}
        assert type(shipped.model)().with_learned(other).fingerprint() != known, name

import pandas as pd
import pytest

from tests.added_backwards import added_backwards
from workbench.language import LANGUAGES, arabic_script, identify, identify_languages, romanised
from workbench.language.arabic_script import fold_letters, respell_as_persian, tell_apart
from workbench.language.romanised import romanised_language

SENTENCES = {
    "en": "The courier arrived late and the parcel was damaged",
    "ar": "وصل الطرد متأخرا وكانت العلبة مكسورة",
    "fa": "بسته خیلی دیر رسید و جعبه شکسته بود",
    "de": "Die Lieferung kam zu spät und das Paket war beschädigt",
    "fr": "Le colis est arrivé en retard et la boîte était abîmée",
    "es": "El paquete llegó tarde y la caja estaba rota",
    "tr": "Kargo çok geç geldi ve kutu kırılmıştı",
    "pt": "A encomenda chegou atrasada e a caixa estava partida",
    "it": "Il pacco è arrivato in ritardo e la scatola era rotta",
    "nl": "Het pakket kwam te laat aan en de doos was kapot",
    "ru": "Посылка пришла поздно, коробка была сломана",
    "zh": "快递来得太晚，盒子也坏了",
    "ja": "荷物が遅れて届き、箱が壊れていました",
    "hi": "पार्सल देर से आया और डिब्बा टूटा हुआ था",
    "ur": "پارسل بہت دیر سے آیا اور ڈبہ ٹوٹا ہوا تھا",
    "ko": "택배가 늦게 왔고 상자가 부서졌어요",
    "th": "พัสดุมาช้าและกล่องเสียหาย",
}


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_every_language_is_known(language, text):
    row = identify_languages([text]).iloc[0]
    assert row["language"] == language
    assert row["confidence"] > 0.5
    assert not row["romanised"]


def test_confidence_is_the_same_however_a_python_adds(monkeypatch):
    texts = [*SENTENCES.values(), "walahi el net ba2alo 3 ayam mesh shaghal keda", "ok super", "net kam"]
    plainly = identify_languages(texts)
    for module in (arabic_script, identify, romanised):
        monkeypatch.setattr(module, "sum", added_backwards, raising=False)
    pd.testing.assert_frame_equal(identify_languages(texts), plainly, check_exact=True)


def test_stated_languages_are_fifteen():
    assert set(LANGUAGES) == set(SENTENCES) - {"ko", "th"}


@pytest.mark.parametrize(("text", "language"), [
    ("خيلي كند است و پشتيباني جواب نميدهد", "fa"),
    ("هنوز سفارشم نرسيده", "fa"),
    ("كي ميرسه اين بسته", "fa"),
    ("التطبيق بطيء ولا أحد يرد", "ar"),
    ("النت مقطوع من امبارح ومحدش بيرد", "ar"),
    ("الفني ما يجي بموعده ابد", "ar"),
    ("بدي حدا يرد علي", "ar"), ("شخص ما يستخدم حسابي", "ar"), ("انسرقت بطاقتي", "ar"), ("كيف بقدر استرد مصاريي", "ar"),
    ("طعم غذا عالیییی", "fa"), ("شما فوق العاده اییییییین", "fa"), ("رااااائع جداااااا", "ar"),
    ("سروس خراب ہے کوئی جواب نہیں دیتا", "ur"),
])
def test_languages_of_arabic_script_are_told_apart_on_any_keyboard(text, language):
    assert identify_languages([text])["language"][0] == language


@pytest.mark.parametrize(("text", "language"), [
    ("el net ba2alo 3 ayam", "ar"), ("el mandoob et2akhar awy w ma7adesh byrod", "ar"),
    ("wallah mesh kwayes 5ales", "ar"),
    ("shu hal khidma, kteer 3atel", "ar"), ("salam net ma ghate", "fa"), ("kheili dir resid vali khoob bood", "fa"),
    ("poshtibani javab nemide", "fa"),
])
def test_romanised_arabic_and_persian_are_found(text, language):
    row = identify_languages([text]).iloc[0]
    assert (row["language"], row["romanised"]) == (language, True)


@pytest.mark.parametrize("text", [
    "4G is slow in 2nd floor, 5GHz too", "my iPhone15 and ps5 on wifi6", "call me l8r at 3pm",
    "2 days, 3 calls, 4 emails", "b2b and mp3",
    "Die Lieferung kam am 3. Mai um 14h an", "Die Hast der Leute war schlimm", "Kargo 3 günde geldi ama kutu ezik",
    "Barang datang terlambat dan rusak, saya kecewa sekali", "Pelayanan di toko ini bagus dan cepat",
    "El chico de la tienda es muy amable",
    "La ragazza era gentile e brava", "C'est fini, je pars", "De man was aardig maar kwam te laat",
    "order A3F9X2 never came",
    "O rapaz da loja foi simpático", "Man kommt nicht durch", "1977'de taşındık",
])
def test_other_languages_are_not_called_romanised(text):
    assert romanised_language(text) == ("", 0.0)


@pytest.mark.parametrize("text", [
    "", " ", "-", "10/10", "👍👍", "...", "5", "ok", "https://example.com", "@someone",
])
def test_without_evidence_nothing_is_said(text):
    row = identify_languages([text]).iloc[0]
    assert (row["language"], row["romanised"]) == ("und", False)


OTHERS = {
    "pl": "Paczka przyszła za późno i pudełko było uszkodzone", "cs": "Balík přišel pozdě a krabice byla rozbitá",
    "sv": "Paketet kom för sent och lådan var trasig", "da": "Pakken kom for sent, og kassen var gået i stykker",
    "fi": "Paketti tuli myöhässä ja laatikko oli rikki", "hu": "A csomag későn érkezett és a doboz sérült volt",
    "ro": "Coletul a ajuns târziu și cutia era stricată", "vi": "Gói hàng đến muộn và hộp bị hỏng",
    "id": "Paketnya datang terlambat dan kotaknya rusak", "hr": "Paket je stigao kasno i kutija je bila razbijena",
    "ca": "El paquet va arribar tard i la caixa estava trencada", "uk": "Посилка прийшла пізно, коробка була зламана",
    "bg": "Пратката пристигна късно и кутията беше счупена",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_language_that_is_not_ours_is_taken_for_none_of_ours(text):
    row = identify_languages([text]).iloc[0]
    assert row["language"] == "und"
    assert row["confidence"] > 0.8
    assert not row["romanised"]


@pytest.mark.parametrize(("text", "language"), [
    ("La tarifa fija es cara", "es"), ("how do I do that", "en"), ("can i set a timer", "en"),
    ("Maria ändert sich", "de"), ("Pagina instellingen", "nl"), ("El azul de la caja", "es"),
    ("Ruoli e permessi", "it"), ("нет", "ru"),
    ("всё хорошо", "ru"), ("ок", "ru"), ("очень медленно", "ru"), ("Lokale adressen wijzigen", "nl"),
])
def test_short_texts_of_ours_stay_ours(text, language):
    assert identify_languages([text])["language"].tolist() == [language]


@pytest.mark.parametrize(("text", "language"), [
    ("bom", "pt"), ("Ótimo", "pt"), ("RUIM!!", "pt"), ("amei", "pt"), ("otimo produto", "pt"),
    ("Continuo aguardando", "pt"),
    ("Entregue no prazo!", "pt"), ("Pedido conforme solicitado", "pt"), ("Vale a pena", "pt"),
    ("poor quality", "en"), ("bad service", "en"), ("service nul", "fr"), ("top qualität", "de"),
    ("prima product", "nl"), ("prodotto rotto", "it"), ("pésima atención", "es"), ("kaliteli ürün", "tr"),
])
def test_two_words_of_praise_or_blame_tell_their_language(text, language):
    assert identify_languages([text])["language"].tolist() == [language]


@pytest.mark.parametrize("text", ["super", "ok super", "Excelente!"])
def test_words_that_several_languages_share_tell_none_by_themselves(text):
    assert identify_languages([text])["confidence"].iloc[0] < 0.9


def test_answers_are_in_order_and_do_not_depend_on_company():
    texts = [*SENTENCES.values(), "-", *reversed(SENTENCES.values())]
    together = identify_languages(texts)
    assert list(together.columns) == ["language", "confidence", "romanised"]
    assert together["confidence"].between(0, 1).all()
    alone = pd.concat([identify_languages([text]) for text in texts], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


def test_no_texts_give_an_empty_table_of_the_same_kinds():
    assert identify_languages([]).dtypes.equals(identify_languages(["late"]).dtypes)


def test_chances_add_up():
    even = dict.fromkeys(("ar", "fa", "ur"), 1 / 3)
    assert sum(tell_apart("خوب", even, even).values()) == pytest.approx(1)


@pytest.mark.parametrize(("left", "right"), [
    ("كتابي", "کتابی"), ("مُهِمّ", "مهم"), ("أحمد", "احمد"), ("خدمة", "خدمه"), ("عـــالي", "عالی"),
])
def test_folding_brings_spellings_together(left, right):
    assert fold_letters(left) == fold_letters(right)


def test_respelling_changes_only_what_persian_keyboards_write_otherwise():
    assert respell_as_persian("خيلي كم") == "خیلی کم"
    assert respell_as_persian("late") == "late"


@pytest.mark.parametrize(("text", "language"), [
    ("土卫二 (Enceladus)", "zh"), ("每列火车都有 MetroPlus 和 Metro", "zh"), ("소포클레스(Sophocles)와", "ko"),
    ("Компания Couchsurfing", "ru"), ("تطبيق Telvana", "ar"), ("Box 3 が熱い", "ja"),
    ("the app said 错误 again and again", "en"), ("my friend Юрий likes the service", "en"),
])
def test_latin_names_do_not_make_a_text_latin(text, language):
    assert identify_languages([text])["language"].tolist() == [language]

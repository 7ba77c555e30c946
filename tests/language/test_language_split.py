import random

import pandas as pd
import pytest

from workbench.columns import STATEMENTS, names
from workbench.errors import InputError
from workbench.language import split_statements
from workbench.language.boundaries import count_words, statement_spans
from workbench.language.connectives import least_words, turning_points
from workbench.language.normalise import embedding_text
from workbench.language.sentence_ends import is_stop


def pieces(text, language):
    return [text[start:end] for start, end in statement_spans(text, language)]


def table(*texts, **columns):
    return pd.DataFrame({"feedback_id": [f"f{number}" for number in range(len(texts))], "text": list(texts), **columns})


@pytest.mark.parametrize(("language", "text", "count"), [
    ("en", "Late. Rude! Why? Never again…", 4), ("en", "late again. the courier was kind", 2),
    ("en", "It works.Thanks a lot", 2),
    ("ar", "تأخر التوصيل. هل هذا معقول؟ لا أحد يرد", 3), ("ar", "الخدمة سيئة.المندوب تأخر", 2),
    ("fa", "دیر رسید. چرا؟ جواب بدید", 3), ("ur", "بہت دیر ہوئی۔ کوئی جواب نہیں دیتا۔", 2),
    ("hi", "देर से आया। डिब्बा टूटा था।", 2),
    ("zh", "物流很慢。包装也破了！客服在哪？", 3), ("ja", "配達が遅い。箱も壊れていた！", 2),
    ("ko", "배송이 늦었어요. 실망입니다.", 2),
    ("de", "Zu spät. Nie wieder!", 2), ("fr", "Trop tard ! Plus jamais.", 2),
    ("es", "¿Por qué? ¡Nunca más!", 2), ("pt", "Tarde. Nunca mais!", 2),
    ("it", "Tardi. Mai più!", 2), ("nl", "Te laat. Nooit meer!", 2), ("tr", "Geç geldi. Bir daha asla!", 2),
    ("ru", "Поздно. Никогда больше!", 2),
    ("en", "slow\nexpensive\n\nrude", 3), ("en", "no break at all", 1), ("en", "fast?!?! never", 2),
    ("en", "Really?Yes", 2),
    ("ar", "أعجبني الموسّع. ويعجبني التطبيق", 2), ("fa", "از سال 85. بعد زنگ زدم", 2),
])
def test_sentences_end_in_every_script(language, text, count):
    assert len(pieces(text, language)) == count


@pytest.mark.parametrize(("language", "text"), [
    ("en", "It costs 3.5 or 1,200 euro"), ("en", "e.g. the box"), ("en", "ask Dr. Smith about no. 5"),
    ("en", "see https://a.example/b.c?d=1.5&e=f!g for it"),
    ("en", "write to a.b@c.example and wait"), ("en", 'he said "Stop. Now. Please." and left'),
    ("en", "the box (it was late. again!) is here"),
    ("en", "version 5.2.1 is out"), ("en", "J. Smith called"), ("en", "wait... what"),
    ("en", "AT&amp;T and &quot;others&quot; are the same to me"),
    ("en", "it was fine ;) and quick as ever"), ("en", "at 10 a.m. they came"), ("en", "I ❤️ this phone"),
    ("de", "Es kostet z. B. ca. 3.5 Euro"), ("de", "Am 3. Mai kam der 2. Techniker"),
    ("de", "Hr. Dr. Müller aus der Hauptstr. 5"), ("de", "d.h. nichts"),
    ("fr", "M. Durand « C'est faux. Non. » a dit"), ("es", "p. ej. la caja"), ("es", "Sr. Pérez"),
    ("tr", "3. kez geldi"), ("ru", "и т. д. и т. п."),
    ("ru", "ул. Ленина, д. 5, кв. 3"), ("ar", "د. أحمد و م. خالد"),
    ("ar", "الفندق قريب من المطار حوالي #1633;#1637; دقيقة بالسيارة"),
    ("fa", "د. رضایی گفت «صبر کنید. می‌آید.» و رفت"), ("hi", "डॉ. शर्मा"),
    ("ja", "「すみません。遅れます。」と言われた"), ("zh", "他说“没有。不行。”就挂了"),
    ("nl", "bijv. de doos o.a. van dhr. Jansen"), ("it", "il sig. Rossi e la dott. Bianchi"),
    ("pt", "o Sr. Silva"),
])
def test_nothing_is_cut_inside_numbers_abbreviations_addresses_and_quotations(language, text):
    assert pieces(text, language) == [text]


@pytest.mark.parametrize(("language", "text", "second"), [
    ("en", "late again, but the courier was kind", "but the courier was kind"),
    ("en", "The shop staff were great, however the app never works", "however the app never works"),
    ("de", "Das Netz ist gut, aber der Preis ist zu hoch", "aber der Preis ist zu hoch"),
    ("fr", "la livraison est rapide mais le prix est trop haut", "mais le prix est trop haut"),
    ("fr", "la box marche bien par contre le prix est trop haut", "par contre le prix est trop haut"),
    ("es", "la línea va muy bien pero la factura viene mal", "pero la factura viene mal"),
    ("it", "la linea va bene ma la fattura è sbagliata", "ma la fattura è sbagliata"),
    ("pt", "a internet é muito boa mas a fatura veio errada", "mas a fatura veio errada"),
    ("nl", "de lijn is goed, maar de factuur klopt niet", "maar de factuur klopt niet"),
    ("tr", "kargo hızlı ama fiyat yüksek", "ama fiyat yüksek"),
    ("ru", "интернет быстрый, но дорого берут", "но дорого берут"),
    ("ar", "الخدمة ممتازة لكن السعر غالي", "لكن السعر غالي"),
    ("ar", "الموقع بعيد و لكن السعر مناسب", "و لكن السعر مناسب"),
    ("ar", "النت سريع بس الفاتورة غلط", "بس الفاتورة غلط"),
    ("ar", "التركيب سريع إلا أن الفني تأخر", "إلا أن الفني تأخر"),
    ("fa", "پیک مودب بود ولی دیر رسید", "ولی دیر رسید"),
    ("fa", "پيك مودب بود ولي دير رسيد", "ولي دير رسيد"), ("fa", "سرعت خوبه اما قیمت بالاست", "اما قیمت بالاست"),
    ("fa", "غذا خوب بود فقط نوشابه نداشت", "فقط نوشابه نداشت"),
    ("fa", "کیفیتش خوبه البته قیمتش بالاست", "البته قیمتش بالاست"),
    ("ur", "رفتار اچھی ہے لیکن بل غلط آیا", "لیکن بل غلط آیا"),
    ("hi", "समय पर आया लेकिन डिब्बा टूटा हुआ था", "लेकिन डिब्बा टूटा हुआ था"),
    ("hi", "नेट बहुत तेज़ है पर बिल गलत आया है", "पर बिल गलत आया है"),
    ("zh", "物流真的很快，但是包装太差了吧", "但是包装太差了吧"),
    ("ja", "写真は綺麗ですが、配達がとても遅い", "配達がとても遅い"),
    ("ko", "배송은 빨랐지만 포장이 엉망이었어요", "포장이 엉망이었어요"),
    ("th", "ส่งเร็วมากเลยนะคะขอบคุณ แต่ราคาแพงไปหน่อยสำหรับเรา", "แต่ราคาแพงไปหน่อยสำหรับเรา"),
])
def test_connectives_cut_where_both_sides_say_something(language, text, second):
    assert pieces(text, language)[1:] == [second]


@pytest.mark.parametrize(("language", "text", "parts"), [
    ("ar", "فندق رائع جدا والغرف قديمة", ["فندق رائع جدا", "والغرف قديمة"]),
    ("ar", "الغرفة صغيرة و الخدمة سيئة", ["الغرفة صغيرة", "و الخدمة سيئة"]),
    ("ar", "الموقع ممتاز الإفطار سيئ", ["الموقع ممتاز", "الإفطار سيئ"]),
    ("ar", "الأكل لذيذ وموقعه بعيد جدا", ["الأكل لذيذ", "وموقعه بعيد جدا"]),
    ("ar", "فندق جميل لاكن الانترنت ضعيف", ["فندق جميل", "لاكن الانترنت ضعيف"]),
    ("ar", "الفندق جميل والموظفون كانوا وقحين", ["الفندق جميل", "والموظفون كانوا وقحين"]),
    ("ar", "الغرفة وسخة ولا يوجد مصعد", ["الغرفة وسخة", "ولا يوجد مصعد"]),
    ("ar", "الموقع قريب أما الإفطار فكان سيئا", ["الموقع قريب", "أما الإفطار فكان سيئا"]),
    ("ar", "كانت تجربة سيئة ولا أنصح به أبدا", ["كانت تجربة سيئة", "ولا أنصح به أبدا"]),
    ("fa", "غذا گرم بود پیک هم دیر رسید", ["غذا گرم بود", "پیک هم دیر رسید"]),
    ("fa", "خیلی زود رسید، کیفیت غذا بد بود", ["خیلی زود رسید،", "کیفیت غذا بد بود"]),
    ("fa", "پیتزا سرد بود واقعا متاسفم", ["پیتزا سرد بود", "واقعا متاسفم"]),
    ("fa", "بسته سالم رسید ضمنا قیمت بالا بود", ["بسته سالم رسید", "ضمنا قیمت بالا بود"]),
])
def test_comments_without_marks_are_cut_where_a_clause_ends_and_another_begins(language, text, parts):
    assert pieces(text, language) == parts


@pytest.mark.parametrize(("language", "text"), [
    ("ar", "فندق جميل الشكل وهادئ جدا"), ("ar", "فندق نظيف وهادئ وقريب من الحرم"), ("ar", "غرفة رائعة بسعر مناسب"),
    ("ar", "أشكر الاستقبال والخدمة والموظفين"), ("ar", "كان من أفضل الموظفين شكرا لكم"),
    ("fa", "غذایی که سفارش داده بود خیلی سرد بود"), ("fa", "وقتی غذا رسید پیک هم رفته بود"),
    ("fa", "هم غذا دیر رسید و هم سرد شده بود"), ("fa", "مشخص بود غذا مال دیروز است"),
    ("fa", "شور و چرب بودن غذا آزارم داد"),
])
def test_what_belongs_to_one_clause_is_not_cut(language, text):
    assert pieces(text, language) == [text]


@pytest.mark.parametrize(("language", "text"), [
    ("en", "nice but slow"), ("en", "but it is slow"), ("de", "das ist aber schade"),
    ("fr", "ma box marche plus mais bon"), ("tr", "3 gün ancak 2 saat"),
    ("nl", "het duurt maar 3 dagen bij jullie"), ("hi", "समय पर सामान घर पर पहुँच गया"), ("zh", "不但便宜"),
    ("zh", "好但贵"), ("ja", "なんでもいい"),
    ("ar", "لكن غالي"), ("fa", "ولی گرونه"), ("fa", "این بار فقط دو تا فرستادن"),
    ("xx", "good but bad and bad but good"),
    ("pt", "quero mais velocidade em casa toda"),
])
def test_connectives_do_not_cut_off_scraps(language, text):
    assert pieces(text, language) == [text]


@pytest.mark.parametrize(("text", "expected"), [
    ("- slow\n- expensive", ["slow", "expensive"]), ("1. slow\n2. rude", ["slow", "rude"]),
    ("1) slow 2) dear 3) rude staff", ["slow", "dear", "rude staff"]),
    ("• slow • dear", ["slow", "dear"]), ("١- الخدمة سيئة ٢- السعر غالي", ["الخدمة سيئة", "السعر غالي"]),
    ("① 遅い ② 高い", ["遅い", "高い"]),
    ("box 2) and no list", ["box 2) and no list"]),
])
def test_list_items_are_statements_without_their_markers(text, expected):
    assert pieces(text, "en") == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Great! 👍👍 Slow line.", ["Great! 👍👍", "Slow line."]),
    ("the courier was kind 👍 the line is too slow 😡", ["the courier was kind 👍", "the line is too slow 😡"]),
    ("👍", ["👍"]), ("👍 great", ["👍 great"]), ("Late !!! ...", ["Late !!! ..."]), ("...", ["..."]),
    ("  late \n ", ["late"]), ("late\n👍", ["late\n👍"]),
])
def test_emoji_and_marks_belong_to_what_stands_before_them(text, expected):
    assert pieces(text, "en") == expected


def test_a_mail_programs_line_break_is_no_end():
    text = "the courier who came on the second of May did not even ring the\nbell of my house"
    assert pieces(text, "en") == [text]


def test_a_comment_in_quotation_marks_is_still_split():
    assert len(pieces('"It was late. Nobody called me."', "en")) == 2


FRAGMENTS = [
    "late", "3.5", "e.g.", "!", "?", "…", "\n", " ", "  ", "بد بود", "ولی", "ولي", "می\u200cشود", "،", "؟",
    "「遅い。」", "。", "但是", "👍🏽", "👩\u200d🔧", "(x. y!)",
    "https://a.b/c.d", "a@b.cd", '"Hm. No."', "- ", "1) ", "2) ", "but", "aber", ";", "؛", "।", "देर से",
    "\u202e", "\u2067", "\u200b", "İ", "ß", "\r\n", "٣٫٥", "x", "-",
]


def hostile_comments(count=400):
    draw = random.Random(7)
    lengths = [draw.randint(1, 25) for _ in range(count)]
    return ["".join(draw.choice(FRAGMENTS) + draw.choice(["", " "]) for _ in range(length)) for length in lengths]


@pytest.mark.parametrize("language", ["en", "fa", "ar", "ja", "hi", "th"])
def test_offsets_hold_and_no_letter_is_lost(language):
    for text in hostile_comments():
        if not text.strip():
            continue
        spans = statement_spans(text, language)
        assert spans
        last = 0
        for start, end in spans:
            assert last <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
            assert not any(map(str.isalpha, text[last:start]))
            last = end
        assert not text[last:].strip()


def test_table_keeps_to_its_contract():
    texts = hostile_comments(200)
    comments = table(*texts)
    before = comments.copy()
    statements = split_statements(comments)
    pd.testing.assert_frame_equal(comments, before)
    assert list(statements.columns) == [*names(STATEMENTS), "romanised"]
    assert statements["statement_id"].is_unique
    text_of = dict(zip(comments["feedback_id"], comments["text"], strict=True))
    assert all(text_of[row.feedback_id][row.start:row.end] == row.text for row in statements.itertuples())
    assert statements["direction"].isin(["rtl", "ltr"]).all()
    assert statements["language_confidence"].between(0, 1).all()
    pd.testing.assert_frame_equal(statements, split_statements(comments))


def test_order_of_comments_changes_nothing_else():
    comments = table(*hostile_comments(60))
    there = split_statements(comments).set_index("statement_id").sort_index()
    back = split_statements(comments.iloc[::-1]).set_index("statement_id").sort_index()
    pd.testing.assert_frame_equal(there, back)


@pytest.mark.parametrize(("text", "count"), [
    ("", 0), ("  \n", 0), ("\u200b\u202e", 0), (None, 0), ("-", 1), (".", 1), ("👍", 1),
])
def test_visible_comments_give_a_statement_and_blank_ones_none(text, count):
    assert len(split_statements(table("ok then", text))) == 1 + count


def test_no_comments_give_an_empty_table():
    statements = split_statements(table())
    assert len(statements) == 0
    assert list(statements.columns) == [*names(STATEMENTS), "romanised"]


def test_a_comment_can_be_the_unit():
    statements = split_statements(table("  Late. Rude! ", "دیر. بد"), unit="comment")
    assert statements["text"].tolist() == ["Late. Rude!", "دیر. بد"]
    assert statements["start"].tolist() == [2, 0]


def test_unit_has_two_values():
    with pytest.raises(InputError, match="unit must be 'statement' or 'comment', not 'word'"):
        split_statements(table("late"), unit="word")


@pytest.mark.parametrize(("columns", "message"), [
    (["text"], "lacks feedback_id; it has text"), (["feedback_id"], "lacks text; it has feedback_id"),
    ([], "it has no columns"),
])
def test_missing_columns_are_named(columns, message):
    with pytest.raises(InputError, match=message):
        split_statements(table("late")[columns])


def test_ids_must_be_unique():
    comments = table("late", "rude")
    comments["feedback_id"] = "same"
    with pytest.raises(InputError, match="feedback_id must be unique; 1 rows repeat"):
        split_statements(comments)


def test_a_stated_language_is_kept_where_nothing_speaks_against_it():
    statements = split_statements(table("top", "super", "ok", language=["nl", "pt-BR", "zz"]))
    assert statements["language"].tolist() == ["nl", "pt", "zz"]
    assert statements["language_confidence"].tolist() == [1.0, 1.0, 1.0]
    assert statements.attrs["language_disagreements"] == 0


@pytest.mark.parametrize("nothing", [None, "", "und", "unknown language", float("nan")])
def test_what_is_no_language_is_not_stated(nothing):
    assert split_statements(table("Die Lieferung kam viel zu spät", language=[nothing]))["language"].tolist() == ["de"]


def test_a_short_statement_of_a_comment_in_no_language_of_ours_is_in_none():
    comments = pd.DataFrame({"feedback_id": ["a"], "text": [
        "Paczka przyszła za późno i pudełko było uszkodzone. Kurier super."]})
    assert split_statements(comments)["language"].tolist() == ["und", "und"]
    alone = split_statements(comments.assign(text="Kurier super."))
    assert alone["language"].tolist() == ["de"]


def test_a_statement_surely_in_another_language_keeps_its_own():
    text = "The technician never came and nobody called me back. ما حدا رد علي من أسبوعين وأنا أنتظر الفني"
    statements = split_statements(table(text, language=["en"]))
    assert statements["language"].tolist() == ["en", "ar"]
    assert statements.attrs["language_disagreements"] == 1
    assert statements["direction"].tolist() == ["ltr", "rtl"]


def test_a_short_statement_takes_the_language_of_its_comment():
    text = "Die Lieferung kam leider erst nach drei Wochen an. Super. Prima Leistung, vielen Dank dafür!"
    assert set(split_statements(table(text))["language"]) == {"de"}


def test_romanised_comments_are_marked_also_in_their_short_statements():
    statements = split_statements(table("kheili dir resid va javab nemidan. bad!", "The parcel came late"))
    assert statements["romanised"].tolist() == [True, True, False]
    assert statements["language"].tolist() == ["fa", "fa", "en"]


@pytest.mark.parametrize(("text", "words"), [
    ("", 0), ("...", 0), ("too dear", 2), ("می\u200cشود گفت", 2), ("太贵了吧", 2), ("app太贵", 2),
    ("ช้ามาก", 1.2),
])
def test_words_are_counted_in_every_script(text, words):
    assert count_words(text) == pytest.approx(words)


@pytest.mark.parametrize(("text", "at", "verdict"), [
    ("Late. Again", 4, "yes"), ("late.", 4, "yes"), ("3.5", 1, ""), ("Dr. No", 2, ""),
    ("said no. Then", 7, "yes"), ("no. 5", 2, ""), ("500 руб. Дорого", 7, "yes"),
    ("etc. Then", 3, "yes"), ("etc. and", 3, ""), ("a.b", 1, ""), ("late.The", 4, "yes"), ("late.the", 4, ""),
])
def test_full_stops_are_judged_by_what_stands_around_them(text, at, verdict):
    assert is_stop(text, at, at + 1, at + 1) == verdict


def test_languages_without_connectives_have_no_pattern():
    assert turning_points("xx") is None
    assert turning_points("de", romanised=True) is None
    assert turning_points("fa", romanised=True).search("khoob bood vali dir resid")
    assert (least_words("de"), least_words("fa")) == (3, 2)


@pytest.mark.parametrize(("language", "text", "parts"), [
    ("en", "John said 'it was fine. really.' and we left", ["John said 'it was fine. really.' and we left"]),
    ("en", "They don't care. It's the managers' fault.", ["They don't care.", "It's the managers' fault."]),
    ("en", "He wrote ‘no. never.’ to us", ["He wrote ‘no. never.’ to us"]),
    ("fa", "ر.ک. به سایت. لطفا درست کنید", ["ر.ک. به سایت.", "لطفا درست کنید"]),
    ("ar", "ق.م. المبلغ كبير. أعيدوه لي", ["ق.م. المبلغ كبير.", "أعيدوه لي"]),
    ("zh", "见https://a.cn/x。他们没有回复。", ["见https://a.cn/x。", "他们没有回复。"]),
    ("th", "บริการดีมาก แต่ราคาแพงมาก", ["บริการดีมาก", "แต่ราคาแพงมาก"]),
    ("ar", "كتب لي: \"سنتصل بك غدا. شكرا.\" ولم يتصل أحد", ["كتب لي: \"سنتصل بك غدا. شكرا.\" ولم يتصل أحد"]),
])
def test_quotations_dotted_letters_and_addresses_stay_whole(language, text, parts):
    assert [text[start:end] for start, end in statement_spans(text, language)] == parts


@pytest.mark.parametrize("part", ["a", "很", "a@", "a.", '"a". ', "a b c; ", "a; ", "😀", "😀 ", "12-",
                                  "a but b ", "_", "#a", "خوب ولی بد ", "می\u200c", "(a", "a' "])
def test_a_cell_as_long_as_a_spreadsheet_holds_is_split_and_read_in_linear_time(part):
    text = part * (32_000 // len(part)) + "1"
    statements = split_statements(table(text))
    assert statements["end"].max() == len(text)
    assert len(embedding_text(text)) <= len(text)


@pytest.mark.parametrize("part", [" ", " \t", "3a", "ma7abb", "。[", "?\n"])
def test_what_says_nothing_is_read_in_linear_time_however_long_it_is(part):
    text = part * (200_000 // len(part)) + "!\n1"
    assert split_statements(table(text))["end"].max() == len(text)


def test_brackets_that_never_close_are_read_in_linear_time():
    assert len(split_statements(table(("(" + "a" * 30_000) * 2 + "نظر"))) == 1


def test_what_is_looked_at_beside_a_mark_is_enough_to_cut_a_long_comment():
    text = "; ".join(["the courier came late again"] * 300)
    assert len(pieces(text, "en")) == 300


@pytest.mark.parametrize(("text", "left"), [
    ("ask @jane@social.example now", "ask now"), ("#tag-me@x.example y", "y"), ("(see)jo@x.example", "(see)"),
])
def test_addresses_go_as_a_whole(text, left):
    assert embedding_text(text) == left


@pytest.mark.parametrize(("stated", "language"), [
    ("fas", "fa"), ("per", "fa"), ("ara", "ar"), ("eng", "en"), ("GER", "de"), ("fa-IR", "fa"), ("swe", "swe"),
])
def test_codes_of_three_letters_are_those_of_two(stated, language):
    assert set(split_statements(table("ok", language=[stated]))["language"]) == {language}

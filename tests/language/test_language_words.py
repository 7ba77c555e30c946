import re

import pytest

from workbench.language import count_terms, counting_key, embedding_text, normalise, stop_words, tokenise
from workbench.language.script import strip_controls
from workbench.language.stems import bare_arabic, stem
from workbench.language.stop_lists import word_set

ZWNJ = "\u200c"


@pytest.mark.parametrize(("language", "spellings"), [
    ("fa", ["می شود", f"می{ZWNJ}شود", "میشود", "ميشود"]), ("fa", ["نمی خواهم", f"نمی{ZWNJ}خواهم", "نميخواهم"]),
    ("fa", ["کتاب ها", f"کتاب{ZWNJ}ها", "کتابها", "كتاب ها"]), ("fa", ["کتاب های", f"کتاب{ZWNJ}های", "کتابهای"]),
    ("fa", ["کتاب هایم", f"کتاب{ZWNJ}هایم", "کتابهایم"]), ("fa", ["خانهٔ ما", "خانه ی ما", "خانه ما"]),
    ("fa", ["۴۸", "٤٨", "48"]),
    ("ar", ["خدمة", "خدمه"]), ("ar", ["إلى", "الى", "الي"]), ("ar", ["أحمد", "احمد", "آحمد"]),
    ("ar", ["مُمْتاز", "ممتاز", "ممتـــاز", "ﻣﻤﺘﺎﺯ"]),
    ("ar", ["مسؤول", "مسوول"]), ("ar", ["کتاب", "كتاب"]), ("ar", ["شيء", "شي"]), ("ur", ["كيا", "کیا"]),
    ("tr", ["IŞIK", "ışık"]), ("tr", ["İADE", "iade"]), ("de", ["GROSS", "groß"]), ("ja", ["ＷｉＦｉ", "wifi"]),
    ("ja", ["ｱﾌﾟﾘ", "アプリ"]),
    ("en", ["don’t", "don't", "DON'T"]), ("en", ["ﬁne", "fine"]), ("fr", ["e\u0301te\u0301", "été"]),
    ("hi", ["२४", "24"]),
])
def test_spellings_share_a_key(language, spellings):
    assert len({counting_key(spelling, language) for spelling in spellings}) == 1


@pytest.mark.parametrize(("language", "left", "right"), [
    ("tr", "ısı", "isi"), ("fa", "کتاب", "کتابها"), ("fa", "دست من", "دستمن"), ("fa", "راحت تر", "راحتتر"),
    ("hi", "की", "का"), ("de", "schön", "schon"),
    ("ar", "علم", "عمل"), ("ja", "かき", "がき"),
])
def test_different_words_keep_different_keys(language, left, right):
    assert counting_key(left, language) != counting_key(right, language)


@pytest.mark.parametrize("text", [
    "می شود", "ﷺ", "İstanbul", "خانهٔ", "ＷｉＦｉ", "کتاب های من", "९०", "", " a  b ",
])
@pytest.mark.parametrize("language", ["fa", "ar", "tr", "en"])
def test_a_key_of_a_key_is_itself(text, language):
    key = counting_key(text, language)
    assert counting_key(key, language) == key


@pytest.mark.parametrize(("text", "read"), [
    ("see https://a.example/b?c=1 now", "see now"), ("mail me: a.b@c.example!", "mail me: !"),
    ("@team help", "help"), ("order 1234567 late", "order late"),
    ("order AB-99231 late", "order late"), ("call +49 170 1234567 please", "call please"),
    ("شماره ۰۹۱۲۳۴۵۶۷۸۹ من", "شماره من"),
    ("48 hours and 1,200 euro", "48 hours and 1,200 euro"), ("it costs 1 299 euro", "it costs 1 299 euro"),
    ("5G and wifi6 and iPhone15", "5G and wifi6 and iPhone15"),
    ("\u202eevil\u202c", "evil"), ("<script>x", "x"),
    ("call [phone] or [email], my [national_id]", "call or , my"), ("it is [broken] [1]", "it is [broken] [1]"),
    ("", ""), ("https://a.example", ""), ("a  b\n c", "a b c"),
])
def test_the_encoder_reads_words_only(text, read):
    assert embedding_text(text) == read


@pytest.mark.parametrize(("text", "read"), [
    ("Telvana's app", "app"), ("TELVANA is slow", "is slow"), ("Telvana'nın uygulaması", "uygulaması"),
    ("Telvanas App", "App"),
    ("Telvanaxyz stays", "Telvanaxyz stays"), ("my Box 3 is hot", "my is hot"),
    ("Box 31 stays", "Box 31 stays"), ("تلفانا سيئة", "سيئة"), ("خدمة وتلفانا", "خدمة"),
    ("بتلفانا", ""), ("لتلفانا فرع", "فرع"), ("تلوانا بد است", "بد است"), (f"تلوانایی{ZWNJ}ها بد", "بد"),
    ("تلواناست", ""), ("Телваной доволен", "доволен"),
    ("特瓦纳很好", "很好"), ("Telvana很好", "很好"), ("ناتلوانا", "ناتلوانا"), ("a.c", "a.c"),
])
def test_names_are_left_out_as_whole_words(text, read):
    names = ["Telvana", "Box 3", "تلفانا", "تلوانا", "Телвана", "特瓦纳", "", "a+c"]
    assert embedding_text(text, names) == read


@pytest.mark.parametrize(("language", "text", "words"), [
    ("en", "Don't touch, it's 5GHz!", ["Don't", "touch", "it's", "5GHz"]),
    ("fr", "l’app n'est", ["l’app", "n'est"]),
    ("fa", f"سفارش{ZWNJ}هایم نمی{ZWNJ}رسد.", [f"سفارش{ZWNJ}هایم", f"نمی{ZWNJ}رسد"]),
    ("ar", "مُمتاز، جدًا!", ["مُمتاز", "جدًا"]),
    ("hi", "डिलीवरी देर से हुई।", ["डिलीवरी", "देर", "से", "हुई"]), ("ur", "بہت سست۔", ["بہت", "سست"]),
    ("ru", "Всё ок?", ["Всё", "ок"]),
    ("tr", "İade gecikti", ["İade", "gecikti"]), ("ko", "배송이 늦어요", ["배송이", "늦어요"]),
    ("zh", "物流很慢，包装也差", ["物流", "很", "慢", "包装", "也", "差"]),
    ("ja", "アプリのログインが遅い", ["アプリ", "ログイン", "遅い"]),
    ("th", "ส่งเร็วแต่แพง", ["ส่ง", "เร็ว", "แต่", "แพง"]), ("xx", "👍 !!", []), ("en", "", []),
])
def test_words_are_cut_right(language, text, words):
    assert tokenise(text, language) == words


def test_chinese_words_join_up_to_the_text():
    assert "".join(tokenise("更新之后应用一直登录不上", "zh")) == "更新之后应用一直登录不上"


@pytest.mark.parametrize(("language", "text", "keys"), [
    ("en", "The bills were wrong and the bill was late", ["bill", "wrong", "bill", "late"]),
    ("en", "I called 3 times on 5 July x", ["call", "juli"]),
    ("de", "Die Rechnungen und die Rechnung", ["rechnung", "rechnung"]),
    ("fr", "L'attente et l’attente", ["attent", "attent"]),
    ("es", "facturación y facturacion", ["factur", "factur"]), ("ru", "счёт и счет", ["счет", "счет"]),
    ("ar", "والتوصيل بالتوصيل للتوصيل التوصيل توصيل", ["توصيل"] * 5),
    ("ar", "خدمة الخدمة خدماتكم وخدمتنا", ["خدم"] * 4), ("ar", "الفواتير والفاتورة فاتوره", ["فاتور"] * 3),
    ("ar", "عشان انا والله مش كده", []), ("ar", "وصل واحد الفني", ["وصل", "فني"]),
    ("ar", "el fatora ghalat awy", ["fatora", "ghalat"]),
    ("fa", f"سفارش سفارش{ZWNJ}ها سفارشها سفارش{ZWNJ}هایم سفارش ها", ["سفارش"] * 5),
    ("fa", "سلام واسه چی دیگه خیلی", []), ("fa", "پیک پيك پیک‌شون پیکتون", ["پیک"] * 4),
    ("fa", "خونه خانه", ["خانه", "خانه"]), ("fa", "salam poshtibani kheili kond", ["poshtibani", "kond"]),
    ("fa", "می‌لرزد میلرزند", ["میلرز"] * 2), ("fa", "تابستان کامپیوتر", ["تابستان", "کامپیوتر"]),
    ("hi", "लड़का लड़की बहुत", ["लड़क", "लड़क"]), ("tr", "faturayı ve faturamız", ["fatura", "fatura"]),
    ("zh", "客服的态度真的很差", ["客服", "态度", "差"]), ("ja", "遅くて遅いです", ["遅", "遅"]),
    ("en", "see https://a.example @you 1234567", []), ("en", "sooooo sloooow", ["slow"]),
    ("xx", "bla bla", ["bla", "bla"]),
])
def test_content_words_are_counted_under_one_key(language, text, keys):
    assert [key for key, _ in count_terms(text, language)] == keys


def test_surfaces_are_what_was_written_without_particles():
    assert [surface for _, surface in count_terms("L'attente, والتوصيل", "fr")] == ["attente", "والتوصيل"]
    assert [surface for _, surface in count_terms("وبالتوصيل السيئ", "ar")] == ["التوصيل", "السيئ"]


def test_stop_words_can_be_given():
    assert count_terms("the bill", "en", stop_words=frozenset({"bill"})) == [("the", "the")]


@pytest.mark.parametrize(("language", "out", "kept"), [
    ("en", "the", "bill"), ("ar", "عشان", "زياره"), ("fa", "واسه", "خدمات"), ("de", "und", "problem"),
    ("fr", "avec", "attente"), ("es", "pero", "mejor"), ("tr", "ve", "kötü"),
    ("pt", "mas", "apoio"), ("it", "che", "attesa"), ("nl", "maar", "slecht"), ("ru", "но", "деньги"),
    ("zh", "的", "慢"), ("ja", "です", "電話"), ("hi", "और", "अच्छा"), ("ur", "اور", "خراب"),
    ("ar", "3ashan", "fatora"), ("fa", "kheili", "poshtibani"),
])
def test_stop_words_leave_the_subjects_of_feedback(language, out, kept):
    assert counting_key(out, language) in stop_words(language)
    assert counting_key(kept, language) not in stop_words(language)


def test_unknown_languages_have_no_stop_words():
    assert stop_words("xx") == frozenset()


@pytest.mark.parametrize(("language", "word", "expected"), [
    ("ar", "فواتيركم", "فاتور"), ("ar", "وقت", "وقت"), ("ar", "والموظفين", "موظف"), ("ar", "بطاقة", "بطاق"),
    ("ar", "wifi", "wifi"), ("fa", "بهترین", "بهترین"), ("fa", "میز", "میز"),
    ("fa", "سریعتر", "سریع"), ("fa", "box", "box"), ("en", "charges", "charg"), ("xx", "charges", "charges"),
    ("zh", "客服", "客服"),
])
def test_stems(language, word, expected):
    assert stem(word.replace("ة", "ه") if language == "ar" else word, language) == expected


@pytest.mark.parametrize(("word", "expected"), [
    ("والتوصيل", "التوصيل"), ("للفني", "الفني"), ("بالبيت", "البيت"), ("والدي", "والدي"), ("وصلت", "وصلت"),
    ("وفواتير", "فواتير"), ("والديكور", "الديكور"), ("وفريق", "فريق"), ("وجديد", "جديد"), ("وأسعار", "أسعار"),
    ("ودودين", "ودودين"), ("ودودًا", "ودودًا"), ("وصولي", "وصولي"), ("وجبات", "وجبات"), ("وسائل", "وسائل"),
    ("وزارة", "وزارة"), ("والدته", "والدته"), ("وقحون", "وقحون"), ("وجدناها", "وجدناها"),
])
def test_particles_written_on_are_taken_off(word, expected):
    assert bare_arabic(word) == expected


@pytest.mark.parametrize(("language", "spellings"), [
    ("fa", ["سیب زمینی", f"سیب{ZWNJ}زمینی", f"سیب{ZWNJ}زمینی{ZWNJ}ها"]), ("fa", ["خوش مزه", f"خوش{ZWNJ}مزه", "خوشمزه"]),
    ("fa", ["فوق العاده", f"فوق{ZWNJ}العاده"]), ("fa", ["بسته بندی", f"بسته{ZWNJ}بندی{ZWNJ}تون"]),
    ("fa", ["غذا", "غذای", "غذاش", f"غذا{ZWNJ}هایمان"]), ("fa", ["پیتزا", "پیتزای", "پیتزاش"]),
    ("ar", ["واي فاي", "الواي فاي", "وايفاي"]), ("ar", ["رائع", "رائعاً", "رائعًا", "ورائعاً"]),
])
def test_a_compound_and_its_forms_are_one_word(language, spellings):
    assert len({tuple(key for key, _ in count_terms(spelling, language)) for spelling in spellings}) == 1
    assert all(len(count_terms(spelling, language)) == 1 for spelling in spellings)


@pytest.mark.parametrize(("left", "right"), [
    (f"سیب{ZWNJ}زمینی", "سیب"), (f"بسته{ZWNJ}بندی", "بسته"), (f"خوش{ZWNJ}مزه", "خوش"), ("لواش", "لوا"), ("تلاش", "تلا"),
])
def test_a_persian_word_is_not_cut_to_a_word_within_it(left, right):
    assert stem(left, "fa") != stem(right, "fa")


def test_formulas_of_thanks_are_no_terms():
    assert count_terms("دستتون درد نکنه", "fa") == []
    assert [key for key, _ in count_terms("دندانم درد دارد", "fa")][-1] == "درد"


def test_what_an_export_has_escaped_is_no_word():
    terms = count_terms("food &amp; drinks &lt;b&gt;cold&lt;/b&gt;", "en")
    assert [key for key, _ in terms] == ["food", "drink", "cold"]


def test_word_set_reads_white_space():
    assert word_set(" a\n b a ") == {"a", "b"}


@pytest.mark.parametrize(("language", "forms"), [
    ("ar", "توصيل التوصيل والتوصيل بالتوصيل للتوصيل وللتوصيل توصيلكم توصيلي فالتوصيل"),
    ("ar", "فاتورة الفاتورة فواتير الفواتير فاتورتي بالفاتورة للفاتورة فاتورتكم والفاتوره فواتيركم"),
    ("ar", "خدمة الخدمات بالخدمة لخدمة خدمتكم وخدمتهم للخدمات خدماتي"),
    ("ar", "سرعة السرعة بسرعة والسرعة سرعات للسرعة"), ("ar", "اشتراك الاشتراك اشتراكي اشتراكات للاشتراك"),
    ("ar", "أجهزة جهاز جهازي بالجهاز والأجهزة"), ("ar", "مشكلة مشاكل مشكلتي مشكلات للمشكلة"),
    ("fa", "سفارش سفارش‌ها سفارشها سفارش‌هایم سفارشم سفارشام سفارش‌هامون سفارشش سفارشتون"),
    ("fa", "قبض قبض‌ها قبضم قبض‌هام قبضمون قبضش قبوض"), ("fa", "مشتری مشتریان مشتری‌ها مشتریا"),
    ("fa", "کارمند کارمندان کارمندا کارمندهاتون"), ("fa", "مشکل مشکلات مشکلم مشکل‌ها مشکلی"),
    ("fa", "رسید رسیده نرسید نرسیده رسیدم می‌رسد میرسه نمی‌رسد نمیرسه"), ("fa", "خراب خرابه خرابن"),
    ("fa", "گران گرون گرونه گران‌تر گرونترین"), ("fa", "فرستادم فرستاده نفرستادند می‌فرستند بفرستید"),
])
def test_all_forms_of_a_word_of_the_trade_are_one(language, forms):
    assert len({stem(counting_key(form, language), language) for form in forms.split()}) == 1


@pytest.mark.parametrize(("language", "one", "other"), [
    ("ar", "سعر", "سعي"), ("ar", "عرض", "عريض"), ("ar", "دعم", "دعوة"), ("ar", "والد", "لد"), ("ar", "محلي", "محلول"),
    ("fa", "گرم", "گره"), ("fa", "خطا", "خط"), ("fa", "مدیریت", "مدیر"), ("fa", "شدید", "شد"), ("fa", "زمان", "زم"),
    ("fa", "پیامبر", "پیام"), ("fa", "کارتون", "کار"), ("fa", "نمونه", "ماند"), ("fa", "میان", "آمد"),
    ("ar", "إلغاء", "غا"), ("ar", "التزام", "تزام"), ("ar", "شريك", "شريت"),
])
def test_words_that_only_look_alike_stay_apart(language, one, other):
    assert stem(counting_key(one, language), language) != stem(counting_key(other, language), language)


@pytest.mark.parametrize("text", [
    "plain words only", "see WWW.x.example now", "write to a@b.example", "http://t.example/a1 is down", "#tag and @me",
    "<b>late</b> [phone] again", "order 4711-0815 never came", "سفارش ۱۲۳۴۵۶ نرسید", "کد ＡＢ１２３４ است", "1.000.000",
    "a \u00a0 b\u2003c\u3000d\te\n", "", "\u200b",
])
def test_what_an_encoder_reads_is_what_every_rule_by_itself_leaves(text):
    left = strip_controls(text)
    for pattern in (normalise._ADDRESS, normalise._TAG, normalise._LONG_NUMBER):
        left = pattern.sub(" ", left)
    assert embedding_text(text) == re.sub(r"\s+", " ", left).strip()

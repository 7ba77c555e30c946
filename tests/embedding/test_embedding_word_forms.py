import numpy as np
import pytest

from workbench.embedding import StaticEncoder
from workbench.embedding.reader import Reader
from workbench.embedding.word_forms import WordForms

WORDS = ["بطاقه", "صراف", "دفع", "حساب", "الفاتوره", "کتاب", "شبکه", "سفارش", "доставка", "поддержка", "заказ",
         "διανομή", "delivery", "آب"]


@pytest.fixture(scope="module")
def forms():
    pieces = ["<unk>", *(f"▁{word}" for word in WORDS), "صر"]
    return WordForms(pieces, np.linspace(0, -10, len(pieces)))


@pytest.mark.parametrize(("word", "form"), [
    ("بطاقه", "بطاقه"),  # known
    ("بطاقتی", "بطاقه"), ("وبطاقتها", "بطاقه"), ("بطاقات", "بطاقه"),  # teh marbuta comes back
    ("الصراف", "صراف"), ("للصراف", "صراف"), ("وبالصراف", "صراف"),
    ("دفعت", "دفع"), ("حسابی", "حساب"), ("لحسابهم", "حساب"),
    ("فاتوره", "الفاتوره"), ("بفاتورتک", "الفاتوره"),  # known with the article alone
    ("کتابهایشان", "کتاب"), ("کتابم", "کتاب"), ("سفارشتان", "سفارش"), ("شبکهای", "شبکه"),
    ("آبست", "آبست"), ("حسابست", "حساب"),  # at least three letters stay
    ("صرا", "صرا"), ("زرافه", "زرافه"),  # nothing is like it
    ("доставку", "доставка"), ("поддержкой", "поддержка"), ("поддержке", "поддержка"), ("заказы", "заказ"),
    ("дом", "дом"), ("διανομής", "διανομή"),
    ("deliveries", "deliveries"), ("配送", "配送"), ("", ""), ("0", "0"),
])
def test_a_word_is_read_by_its_known_form(forms, word, form):
    assert forms.read(word) == form


def test_marks_within_a_word_stay_and_each_run_of_letters_is_read_alone(forms):
    assert forms.read("(بطاقتی؟)") == "(بطاقه؟)"
    assert forms.read("الصراف/заказы") == "صراف/заказ"


def test_the_longest_rest_wins_and_of_equals_the_one_with_least_taken_away():
    forms = WordForms(["▁قلم", "▁بالقلم", "▁القلم"], np.array([-1.0, -9, -9]))
    assert forms.read("وبالقلم") == "بالقلم"
    assert WordForms(["▁کتاب", "▁کتابه"], np.array([-1.0, -9])).read("کتابتهم") == "کتابه"


def test_an_article_is_not_counted_among_the_letters_that_are_left():
    assert WordForms(["▁الد", "▁الا"], np.array([-9.0, -1])).read("الدش سالاد") == "الدش سالاد"
    assert WordForms(["▁بالا", "▁الاست"], np.array([-9.0, -1])).read("بالاست") == "بالا"


def test_the_order_of_the_vocabulary_does_not_matter(forms):
    pieces = [f"▁{word}" for word in WORDS]
    scores = np.linspace(0, -10, len(pieces))
    turned = WordForms(pieces[::-1], scores[::-1])
    straight = WordForms(pieces, scores)
    words = ["وبطاقتها", "للصراف", "поддержкой", "بفاتورتک", "کتابهایشان", "заказы"]
    assert [turned.read(word) for word in words] == [straight.read(word) for word in words]


def test_words_without_a_known_form_are_read_in_pieces():
    reader = Reader(["<unk>", "▁", "صر", "اف", "▁بطاقه"], np.array([0.0, -2, -2, -2, -2]))
    assert reader.tokenise(["صراف", "بطاقتي"]) == [[1, 2, 3], [4]]


def test_inflected_words_come_nearer_to_their_meaning(monkeypatch):
    said = ["سحبت فلوسي ببطاقتي من الصراف الآلي", "الفنادق كانت نظيفة والموظفين لطيفين",
            "رسومكم عالية ومعاملاتكم بطيئة", "возврата денег ждали неделями"]
    meant = ["I withdrew my money with my card from the cash machine", "the hotels were clean and the employees kind",
             "your fees are high and your transactions slow", "waited for weeks for a refund"]
    by_forms = (StaticEncoder().encode(said) * StaticEncoder().encode(meant)).sum(axis=1)
    monkeypatch.setattr(WordForms, "read", lambda self, text: text)
    in_pieces = (StaticEncoder().encode(said) * StaticEncoder().encode(meant)).sum(axis=1)
    assert (by_forms > in_pieces).all()
    assert (by_forms - in_pieces)[:3].mean() > 0.03

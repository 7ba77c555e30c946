"""Redaction and the recognition of empty answers, measured on what is planted in the sample."""

import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.feedback import redact
from workbench.feedback.redaction_score import MEASURED, score_redaction
from workbench.language import says_nothing

FLOORS = {  # recall, precision
    "phone": (0.95, 0.95), "email": (0.95, 0.95), "card": (0.95, 0.95), "iban": (0.95, 0.95), "id": (0.95, 0.95),
    "order": (0.95, 0.95), "address": (0.9, 0.95), "name": (0.88, 0.98), "all but names": (0.95, 0.97),
    "all": (0.93, 0.98),
}


@pytest.fixture(scope="module")
def score(feedback, pii):
    planted = pii[["feedback_id", "start", "end", "type"]]
    return score_redaction(feedback, planted).set_index("type")


@pytest.mark.parametrize("kind", FLOORS)
def test_redaction_finds_what_is_planted_and_little_else(score, kind):
    recall, precision = FLOORS[kind]
    assert score.at[kind, "recall"] >= recall
    assert score.at[kind, "precision"] >= precision


@pytest.mark.parametrize("kind", MEASURED)
def test_the_figures_that_reports_print_are_those_measured(score, kind):
    assert tuple(score.loc[kind, ["found", "planted"]]) == MEASURED[kind]


def test_a_detector_that_finds_nothing_or_half_scores_so(feedback, pii):
    planted = pii[["feedback_id", "start", "end", "type"]]
    nothing = score_redaction(feedback, planted, lambda text: []).set_index("type")
    assert nothing.at["all", "recall"] == 0
    assert pd.isna(nothing.at["all", "precision"])
    everything = score_redaction(feedback, planted, lambda text: [(0, len(text), "name")]).set_index("type")
    assert everything.at["all", "recall"] == 1
    assert everything.at["all", "precision"] < 0.15


def test_a_half_covered_name_is_missed_and_a_title_is_no_leak():
    comments = pd.DataFrame({"feedback_id": ["a", "b"], "text": ["Anna Berg came", "Frau Berg came"]})
    planted = pd.DataFrame({"feedback_id": ["a", "b"], "start": [0, 0], "end": [9, 9], "type": "name"})
    table = score_redaction(comments, planted, lambda text: [(5, 9, "name")]).set_index("type")
    assert table.loc["all", ["planted", "found", "marked", "right"]].tolist() == [2, 1, 2, 2]


def test_tables_without_offsets_are_refused(feedback):
    with pytest.raises(InputError, match="the planted data table lacks start"):
        score_redaction(feedback, pd.DataFrame({"feedback_id": [], "end": [], "type": []}))


def test_answers_that_say_nothing_are_known(feedback, gold_comments):
    flagged = feedback["feedback_id"].map(gold_comments.set_index("feedback_id")["flags"]).str.contains("nothing")
    found = feedback["text"].map(says_nothing)
    assert (found & flagged).sum() / flagged.sum() >= 0.9
    assert (found & flagged).sum() / found.sum() >= 0.97


@pytest.mark.parametrize(("text", "left"), [
    ("to 9 Mill Lane, Hebden please", "to [address] please"),
    ("Lindenweg 4, 12345 Musterstadt, danke", "[address], danke"),
    ("habite 14 bis rue des Lilas à Nantes", "habite [address]"),
    ("calle Mayor 3, 2º izda., Soria", "[address]"),
    ("вот адрес: Омск, улица Мира, дом 5, квартира 8", "вот адрес: [address]"),
    ("نشانی خیابان آزادی، کوچه گل، پلاک ۱۲ واحد ۳ است", "نشانی [address] است"),
    ("العنوان ١٤ شارع عمر بن الخطاب الدور الثالث، شكرا", "العنوان [address]، شكرا"),
    ("住在浦东新区张杨路500号3号楼201室的", "住在[address]的"),
    ("आर्डर फ्लैट 12, शांति सोसाइटी, पुणे में दें", "आर्डर [address] में दें"),
    ("the technician Ravi came", "the technician [name] came"),
    ("mijn broer Piet belde", "mijn broer [name] belde"),
    ("«Lieber Otto, schön»", "«Lieber [name], schön»"),
    ("مع التحية يا ابو خالد", "مع التحية يا [name]"),
    ("شكرا للسيد خالد حباب المدير العام", "شكرا للسيد [name] المدير العام"),
    ("اشكر السيد عيسى داود والسيد عوض", "اشكر السيد [name] والسيد [name]"),
    ("السيد سلطان بات صاحب الفضل", "السيد [name] بات صاحب الفضل"),
    ("السيدة رنيم على أخلاقها", "السيدة [name] على أخلاقها"),
    ("张师傅来了，小王也来了", "[name]师傅来了，[name]也来了"),
])
def test_addresses_and_named_people_are_taken_out(text, left):
    assert redact(text) == left


@pytest.mark.parametrize("text", [
    "the shop in Mill Lane, 3 weeks later", "via App 24 mal", "on my street 5 people", "Platz 3 von 10",
    "Box Drive 3 TB", "شارع التحرير زحمة ٣ ساعات", "خیابان آزادی ۳ بار قطع شد", "小时候", "小程序不好用", "老是断",
    "technician Monday again", "merci à Telvana", "thanks to Telvana for nothing", "آقا این چه وضعیه", "خانم محترم",
    "Liebe Leute, so nicht", "お客さんが多い", "店員さんは親切", "به اسم پیک", "bir bey geldi",
])
def test_streets_without_numbers_and_common_words_stay(text):
    assert redact(text) == text


def test_the_study_s_own_order_numbers_come_first():
    text = "TV-٠٠١٢٣٤ und 123456"
    assert redact(text, order_number=r"TV-\d{6}") == "[order] und 123456"
    assert redact("A1B2", order_number=r"\d*") == "A[order]B[order]"

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from workbench.columns import UNASSIGNED
from workbench.embedding import embed, load_encoder
from workbench.errors import InputError
from workbench.journey import load_journey_model, map_journey
from workbench.journey.scorer import scorer_for
from workbench.themes import share_interval

ENCODER = load_encoder()
CLEAR = [
    ("en", "I had never heard of you until I saw the billboard", "awareness", "advertising"),
    ("ar", "سمعت عنكم من إعلان في التلفزيون", "awareness", "advertising"),
    ("fa", "تبلیغتون رو روی بیلبورد دیدم", "awareness", "advertising"),
    ("de", "Auf dem Plakat habe ich den Namen zum ersten Mal gelesen", "awareness", None),
    ("en", "I compared your quote with two competitors and read the small print", "consideration", None),
    ("ar", "قارنت الشروط والأسعار مع المنافس قبل ما أوقع", "consideration", None),
    ("fa", "قبل از امضا شرایط قرارداد رو با رقیب مقایسه کردم", "consideration", None),
    ("de", "Vor der Unterschrift habe ich das Kleingedruckte mit der Konkurrenz verglichen", "consideration", None),
    ("en", "the courier delivered the parcel two days late", "action", "delivery"),
    ("ar", "المندوب وصل الشحنة متأخر يومين", "action", "delivery"),
    ("fa", "پیک بسته رو دو روز دیر تحویل داد", "action", "delivery"),
    ("de", "Der Kurier hat das Paket zwei Tage zu spät geliefert", "action", "delivery"),
    ("en", "the app crashes when I log in with my fingerprint", "use", "app"),
    ("ar", "التطبيق يقفل كل ما أسجل دخول بالبصمة", "use", "app"),
    ("fa", "اپلیکیشن موقع ورود با اثر انگشت بسته می‌شه", "use", "app"),
    ("de", "Die App stürzt beim Einloggen mit Fingerabdruck ab", "use", "app"),
    ("fa", "کباب سرد و خشک بود", "use", None),
    ("ar", "الطعام لذيذ", "use", None), ("en", "the meal was cold", "use", None),
    ("en", "I recommend you to all my friends", "advocacy", None),
    ("ar", "أنصح كل أصحابي فيكم", "advocacy", None),
    ("fa", "به همه دوستام توصیه می‌کنم", "advocacy", None),
    ("de", "Ich empfehle euch allen Freunden weiter", "advocacy", None),
]
PLACES = [
    ("ar", "الموقع ممتاز، قريب من الحرم"), ("ar", "موقع الفندق رائع وقريب من السوق"),
    ("ar", "جميع الخدمات متوفرة في الفندق"),
    ("fa", "موقعیت هتل خوبه و نزدیک متروئه"), ("en", "great location, close to the beach"),
    ("es", "el sitio es muy bonito"), ("de", "tolle Lage am Strand"),
]
NAMED = [
    ("en", "the technician drilled neatly", "technician"), ("ar", "الفني شغله نظيف", "technician"),
    ("fa", "تکنسین تمیز کار کرد", "technician"),
    ("en", "the webinar lesson taught me a lot", "training"), ("ar", "الندوة والدرس كانوا مفيدين", "training"),
    ("fa", "وبینار و کلاس آموزشی مفید بود", "training"),
    ("en", "a clause of the contract and the notice period", "contract_legal"),
    ("ar", "بند في العقد ومدة الإلغاء", "contract_legal"), ("fa", "بند فسخ قرارداد", "contract_legal"),
    ("en", "our procurement needs a purchase order number", "procurement"),
    ("ar", "قسم المشتريات يحتاج رقم أمر الشراء", "procurement"),
    ("fa", "واحد تدارکات شماره سفارش خرید می‌خواد", "procurement"),
    ("en", "my appointment was rescheduled twice", "scheduling"), ("ar", "أجلوا الموعد مرتين", "scheduling"),
    ("fa", "نوبتم رو دو بار عوض کردن", "scheduling"),
    ("en", "your subcontractor, a partner firm, was rude", "partners"), ("ar", "المقاول الشريك كان وقح", "partners"),
    ("fa", "پیمانکار طرف قرارداد بی‌ادب بود", "partners"),
    ("en", "the invoice is too high", "invoicing"), ("ar", "الفاتورة غالية", "invoicing"),
    ("fa", "مبلغ صورتحساب زیاده", "invoicing"),
    ("en", "the renewal letter for loyal customers", "renewal"), ("ar", "رسالة التجديد لعميل قديم", "renewal"),
    ("fa", "نامه تمدید برای مشتری قدیمی", "renewal"),
    ("en", "I returned the old device for recycling", "returns_disposal"),
    ("ar", "رجعت الجهاز القديم لإعادة التدوير", "returns_disposal"),
    ("fa", "دستگاه قدیمی رو برای بازیافت پس دادم", "returns_disposal"),
]
NOTHING = [("en", "how tall is the Eiffel tower"), ("en", "which planet has the most moons"), ("en", "..."),
           ("ar", "ما هي عاصمة اليابان"), ("fa", "پایتخت ژاپن کجاست"), ("de", "Wie heißt die Hauptstadt von Japan"),
           ("fr", "Quelle est la capitale du Japon")]


def statements_of(rows, comments=None):
    count = len(rows)
    ids = comments or [f"c{place:03d}" for place in range(count)]
    return pd.DataFrame({
        "statement_id": [f"{one}/{place}" for place, one in enumerate(ids)], "feedback_id": ids, "start": 0, "end": 1,
        "text": [row[1] for row in rows], "language": [row[0] for row in rows], "language_confidence": 1.0,
        "direction": "ltr", "script": "Latn",
    })


def mapped(rows, **more):
    statements = statements_of(rows, more.pop("ids", None))
    return map_journey(statements, embed(statements["text"], ENCODER), encoder=ENCODER, **more)


@pytest.mark.parametrize("row", PLACES)
def test_where_a_place_lies_is_not_searched_for(row):
    assert mapped([row]).assignments["stage_id"].tolist() != ["discovery"]


@pytest.mark.parametrize(("row", "stage", "touchpoint"), [(row[:2], row[2], row[3]) for row in CLEAR])
def test_clear_statements_reach_their_stage(row, stage, touchpoint):
    journey = mapped([row])
    assert stage in journey.sets["stage_id"].tolist()
    if touchpoint:
        assert journey.touchpoints["touchpoint_id"].tolist() == [touchpoint]


@pytest.mark.parametrize(("row", "touchpoint"), [(row[:2], row[2]) for row in NAMED])
def test_touchpoints_beyond_sales_and_service_are_found(row, touchpoint):
    assert mapped([row]).touchpoints["touchpoint_id"].tolist() == [touchpoint]


def test_unrelated_text_is_unassigned():
    journey = mapped(NOTHING)
    assert set(journey.assignments["stage_id"]) == {UNASSIGNED}
    assert set(journey.touchpoints["touchpoint_id"]) == {UNASSIGNED}
    assert journey.facts["unassigned_count"] == len(NOTHING)
    assert journey.sets.empty


def test_thresholds_leave_most_held_out_unrelated_sentences_unassigned():
    scorer, _ = scorer_for(load_journey_model(), ENCODER)
    assert 0.3 < scorer.threshold < 1
    assert scorer_for(load_journey_model(), ENCODER)[0] is scorer


def test_row_order_does_not_matter():
    rows = [row[:2] for row in CLEAR] + NOTHING
    statements = statements_of(rows)
    vectors = embed(statements["text"], ENCODER)
    order = np.random.default_rng(3).permutation(len(rows))
    one = map_journey(statements, vectors, encoder=ENCODER)
    two = map_journey(statements.iloc[order].reset_index(drop=True), vectors[order], encoder=ENCODER)
    assert two.assignments["statement_id"].tolist() == statements["statement_id"].iloc[order].tolist()
    for name in ("assignments", "touchpoints"):
        left, right = (getattr(one_of, name).sort_values("statement_id", ignore_index=True) for one_of in (one, two))
        pd.testing.assert_frame_equal(left, right)
    pd.testing.assert_frame_equal(one.table, two.table)


def test_recorded_touchpoint_stands():
    comments = pd.DataFrame({"feedback_id": ["a", "b", "c"], "touchpoint": ["invoicing", "التوصيل", "kiosk 7"]})
    rows = [("en", "the app crashes on login"), ("en", "well"), ("en", "the app crashes on login")]
    journey = mapped(rows, ids=["a", "b", "c"], comments=comments)
    assert journey.touchpoints[["touchpoint_id", "evidence"]].to_numpy().tolist() == [
        ["invoicing", "recorded"], ["delivery", "recorded"], ["app", "text"]]
    assert journey.touchpoints["score"].iloc[:2].tolist() == [1.0, 1.0]
    assert journey.facts["recorded_count"] == 2


def test_question_and_channel_help_a_short_answer():
    rows = [("en", "nobody explained it")]
    asked = pd.DataFrame({"feedback_id": ["a"], "question": ["How was the delivery of your parcel by our courier?"]})
    alone = mapped(rows, ids=["a"], threshold=0.0)
    told = mapped(rows, ids=["a"], comments=asked, threshold=0.0)
    at_app = mapped([("en", "it does not open")], ids=["a"], threshold=0.0,
                    comments=pd.DataFrame({"feedback_id": ["a"], "channel": ["app"]}))
    assert alone.assignments["stage_id"].iloc[0] != "action"
    assert told.assignments["stage_id"].iloc[0] == "action"
    assert at_app.touchpoints["score"].iloc[0] > 0


def test_table_counts_every_cell_and_sums_agree():
    rows = [CLEAR[8][:2], CLEAR[9][:2], CLEAR[12][:2], NOTHING[0], NOTHING[1]]
    ids = ["a", "a", "b", "b", "c"]
    statements = statements_of(rows, ids)
    themes = SimpleNamespace(
        assignments=pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": [0, 0, 1, 0, -1]}),
        table=pd.DataFrame({"theme_id": [0, 1, 2, -1]}))
    journey = map_journey(statements, embed(statements["text"], ENCODER), themes, encoder=ENCODER)
    table = journey.table.set_index(["theme_id", "stage_id"])
    stages = [*(stage.id for stage in journey.model.stages), UNASSIGNED]
    assert journey.table["stage_id"].tolist() == stages * 4
    assert table.loc[(0, "action"), ["statement_count", "comment_count", "comment_share"]].tolist() == [2, 1, 0.5]
    assert table.loc[(0, UNASSIGNED), "comment_count"] == 1
    assert table.loc[(1, "use"), "comment_share"] == 1.0
    assert table.loc[(2, "use"), ["comment_share", "comment_share_low", "comment_share_high"]].tolist() == [0, 0, 1]
    low, high = share_interval(pd.Series([1]), 2)
    assert table.loc[(0, "action"), ["comment_share_low", "comment_share_high"]].tolist() == [low[0], high[0]]
    unassigned = (journey.assignments["stage_id"] == UNASSIGNED).sum()
    assert journey.table["statement_count"].sum() == len(journey.sets) + unassigned


def test_every_statement_is_counted_without_themes():
    journey = mapped([row[:2] for row in CLEAR] + NOTHING)
    assert journey.table["theme_id"].unique().tolist() == [-1]
    assert journey.table["statement_count"].sum() >= len(CLEAR) + len(NOTHING)
    assert journey.facts["calibrated"] is False
    assert journey.assignments["score"].between(0, 1).all()
    assert len(repr(journey)) < 120


def test_no_statements_give_empty_tables_with_all_stages():
    journey = map_journey(statements_of([]), np.zeros((0, ENCODER.dimensions), dtype=np.float32), encoder=ENCODER)
    assert journey.assignments.empty
    assert journey.sets.empty
    assert journey.table["comment_count"].tolist() == [0] * 8


@pytest.mark.parametrize("row", [("en", "the parcel came quickly but the app does not work"),
                                 ("fa", "بسته زود رسید ولی اپلیکیشن کار نمی‌کند"),
                                 ("ar", "وصلت الشحنة بسرعة لكن التطبيق معطل"),
                                 ("de", "Das Paket kam schnell, aber die App funktioniert nicht"),
                                 ("fr", "Le colis est arrivé vite mais l'application ne marche pas")])
def test_a_statement_of_two_stages_has_both(row):
    journey = mapped([row])
    assert set(journey.sets["stage_id"]) == {"action", "use"}


def test_threshold_decides_how_much_is_said():
    rows = [row[:2] for row in CLEAR] + NOTHING[:2]
    counts = [mapped(rows, threshold=one).facts["unassigned_count"] for one in (0.0, 0.5, 1.0)]
    assert counts[0] < counts[1] <= counts[2]
    assert mapped(rows[:-2], threshold=0.0).facts["unassigned_count"] == 0


def test_service_model_maps_too():
    rows = [("en", "sat three hours in the waiting room"), ("de", "Seit gestern repariert und es geht wieder")]
    journey = mapped(rows, model="service_five")
    assert journey.assignments["stage_id"].tolist() == ["wait", "resolution"]


@pytest.mark.parametrize(("change", "message"), [
    ({"vectors": np.zeros((2, 256))}, "1 statements, 2 vectors"),
    ({"vectors": np.zeros((1, 7))}, "expected vectors of 256 dimensions"),
    ({"threshold": 1.5}, "threshold: expected a number from 0 to 1, found 1.5"),
    ({"comments": pd.DataFrame({"text": ["a"]})}, "comments table lacks feedback_id; it has text"),
    ({"statements": pd.DataFrame({"text": ["a"]})}, "statements table lacks statement_id"),
])
def test_wrong_input_is_told(change, message):
    given = {"statements": statements_of([("en", "late")]), "vectors": np.zeros((1, 256), dtype=np.float32), **change}
    with pytest.raises(InputError, match=message):
        map_journey(given.pop("statements"), given.pop("vectors"), encoder=ENCODER, **given)


def test_human_codes_stand_and_prediction_sets_appear():
    rows = [row[:2] for row in CLEAR] * 3 + NOTHING
    statements = statements_of(rows)
    vectors = embed(statements["text"], ENCODER)
    plain = map_journey(statements, vectors, encoder=ENCODER)
    assert plain.predictions.empty
    assert not plain.assignments["is_calibrated"].any()
    stages = [row[2] for row in CLEAR] * 3
    codes = pd.DataFrame({"statement_id": statements["statement_id"].iloc[: len(stages)], "stage_id": stages})
    codes = pd.concat([codes.iloc[1:], pd.DataFrame({"statement_id": [statements["statement_id"].iloc[0]] * 2,
                                                     "stage_id": ["use", "interest"]})], ignore_index=True)
    journey = map_journey(statements, vectors, encoder=ENCODER, codes=codes)
    first = statements["statement_id"].iloc[0]
    own = journey.sets[journey.sets["statement_id"] == first]
    assert own[["stage_id", "score"]].to_numpy().tolist() == [["use", 1.0], ["interest", 1.0]]
    assert journey.assignments.loc[0, ["stage_id", "evidence"]].tolist() == ["use", "coded"]
    assert journey.assignments["is_calibrated"].all()
    assert set(journey.predictions["statement_id"]) == set(statements["statement_id"])
    assert journey.facts["code_count"] == len(stages)
    assert {"macro_f1_before", "macro_f1_after", "macro_f1_gain_low", "coverage"} <= set(journey.facts)
    assert journey.table["statement_count"].sum() == len(journey.sets) + (
        journey.assignments["stage_id"] == UNASSIGNED).sum()
    whose = pd.Series(np.arange(len(statements)) % len(CLEAR), index=statements["feedback_id"])  # who says it thrice
    held_out = map_journey(statements, vectors, encoder=ENCODER, codes=codes, clusters=whose).facts
    assert held_out["macro_f1_gain_low"] < journey.facts["macro_f1_gain_low"] - 0.02


def test_coded_touchpoints_teach_and_stand_before_what_a_system_recorded():
    rows = [(row[0], row[1]) for row in NAMED] * 2
    statements = statements_of(rows)
    comments = pd.DataFrame({"feedback_id": statements["feedback_id"].iloc[:2], "touchpoint": ["app", "app"]})
    codes = pd.DataFrame({"statement_id": statements["statement_id"].iloc[1:], "stage_id": "",
                          "touchpoint_id": ([row[2] for row in NAMED] * 2)[1:]})
    codes.loc[2, "touchpoint_id"] = UNASSIGNED
    journey = map_journey(statements, embed(statements["text"], ENCODER), encoder=ENCODER, codes=codes,
                          comments=comments)
    found = journey.touchpoints
    assert found["evidence"].tolist() == ["recorded"] + ["coded"] * (len(rows) - 1)
    assert found["touchpoint_id"].iloc[:3].tolist() == ["app", NAMED[1][2], UNASSIGNED]
    assert found["is_calibrated"].all()
    assert journey.facts["touchpoint_code_count"] == len(rows) - 1
    assert {"touchpoint_macro_f1_before", "touchpoint_macro_f1_gain_low"} <= set(journey.facts)
    assert not journey.assignments["is_calibrated"].any()
    assert set(journey.assignments["evidence"]) == {"text"}


def test_a_codebook_overrules_but_codes_stand():
    statements = statements_of([CLEAR[8][:2], CLEAR[12][:2], NOTHING[0]])
    themes = SimpleNamespace(
        assignments=pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": [3, 3, -1]}),
        table=pd.DataFrame({"theme_id": [3, -1]}))
    codes = pd.DataFrame({"statement_id": statements["statement_id"].iloc[[1]], "stage_id": ["use"]})
    journey = map_journey(statements, embed(statements["text"], ENCODER), themes, encoder=ENCODER, codes=codes,
                          theme_stages={3: ["advocacy", "interest"], 9: ["use"]})
    assert journey.assignments["evidence"].tolist() == ["codebook", "coded", "text"]
    assert journey.sets["stage_id"].tolist() == ["advocacy", "interest", "use"]


@pytest.mark.parametrize("coverage", [0.0, 1.0, 1.5])
def test_coverage_is_checked(coverage):
    with pytest.raises(InputError, match="coverage: expected a number above 0 and below 1"):
        mapped([CLEAR[0][:2]], coverage=coverage)


def test_examples_share_no_four_words_with_the_sample():
    def runs(text):
        words = re.sub(r"[^\w\s'’\u0900-\u097f\u200c]", " ", text.casefold()).split()
        return {" ".join(words[place:place + 4]) for place in range(len(words) - 3)}

    sample = pd.read_csv("data/sample/feedback.csv", dtype=str, keep_default_na=False)["text"]
    taken = set().union(*sample.map(runs))
    for name in ("seven_stages", "service_five", "data/sample/journey.yaml"):
        texts = load_journey_model(name).examples["text"]
        assert texts[texts.map(lambda text: bool(runs(text) & taken))].tolist() == []

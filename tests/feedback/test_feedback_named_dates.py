import numpy as np
import pandas as pd
import pytest

from workbench.feedback import load_feedback
from workbench.feedback.dates import read_dates
from workbench.feedback.months import month_names, weekday_names
from workbench.feedback.named_dates import decide_months, take_apart

ONE_VALUE = [
    ("12 March 2025", "2025-03-12"),
    ("March 12, 2025", "2025-03-12"),
    ("12-Mar-25", "2025-03-12"),
    ("2025-Mar-12", "2025-03-12"),
    ("2025 March 12", "2025-03-12"),
    ("1st of August, 2025", "2025-08-01"),
    ("12. März 2025", "2025-03-12"),
    ("12 Mrz 2025", "2025-03-12"),
    ("3. Jänner 2025", "2025-01-03"),
    ("Mittwoch, 12. März 2025, 14:03 Uhr", "2025-03-12 14:03"),
    ("12 mars 2025", "2025-03-12"),
    ("1er août 2025", "2025-08-01"),
    ("12 aout 2025", "2025-08-12"),
    ("mercredi 12 mars 2025 à 14:03", "2025-03-12 14:03"),
    ("12 de marzo de 2025", "2025-03-12"),
    ("mar 12 ago 2025", "2025-08-12"),
    ("mié., 12 mar. 2025, 2:03 p. m.", "2025-03-12 14:03"),
    ("12 de março de 2025", "2025-03-12"),
    ("12 maart 2025", "2025-03-12"),
    ("12 Mart 2025 Çarşamba 14:03", "2025-03-12 14:03"),
    ("12 KASIM 2025", "2025-11-12"),
    ("12 AĞUSTOS 2025", "2025-08-12"),
    ("12 марта 2025", "2025-03-12"),
    ("среда, 12 марта 2025 г., 14:03", "2025-03-12 14:03"),
    ("12 मार्च 2025", "2025-03-12"),
    ("2025年3月12日", "2025-03-12"),
    ("2025年3月12日(水) 14:03", "2025-03-12 14:03"),
    ("2025年3月12日 星期三", "2025-03-12"),
    ("2025년 3월 12일 수요일", "2025-03-12"),
    ("١٢ مارس ٢٠٢٥", "2025-03-12"),
    ("الأربعاء، ١٢ مارس ٢٠٢٥ ٢:٠٣ م", "2025-03-12 14:03"),
    ("12 آذار 2025", "2025-03-12"),
    ("12 كانون الثاني/يناير 2025", "2025-01-12"),
    ("12 تشرین الاول 2025", "2025-10-12"),
    ("12 جويلية 2025", "2025-07-12"),
    ("12 غشت 2025", "2025-08-12"),
    ("۱۲ فروردین ۱۴۰۳", "2024-03-31"),
    ("۱۲ فروردين ۱۴۰۳", "2024-03-31"),
    ("سه\u200cشنبه ۱۲ فروردین ۱۴۰۴ ساعت ۱۴:۰۳", "2025-04-01 14:03"),
    ("سه شنبه 12 فروردین ماه 1404", "2025-04-01"),
    ("12 Mehr 1403", "2024-10-03"),
    ("12 حمل 1403", "2024-03-31"),
    ("12 رمضان 1446", "2025-03-12"),
    ("١٢ ربيع الأول ١٤٤٦ هـ", "2024-09-16"),
    ("12 Dhu al-Hijjah 1446", "2025-06-09"),
    ("12 ذي الحجة 1446", "2025-06-09"),
    ("12 ذو الحجة 1446", "2025-06-09"),
    ("۱۲ ذی\u200cالحجه ۱۴۴۶", "2025-06-09"),
    ("12 ربيع الثاني 1446هـ", "2024-10-16"),
    ("12 ربيع الآخر 1446", "2024-10-16"),
    ("mercredi 12 ramadan 1446 AH", "2025-03-12"),
    ("12 chaabane 1446", "2025-02-11"),
    ("Wednesday, Ramadan 12, 1446 AH", "2025-03-12"),
    ("Dhuʻl-H. 12, 1446 AH", "2025-06-09"),
    ("1402 فروردین 1, سه\u200cشنبه", "2023-03-21"),  # its last letter is no mark of a calendar
    ("12 مارس 2025 چهارشنبه", "2025-03-12"),
    ("12 من شهر رمضان المبارك عام 1446 هـ", "2025-03-12"),
    ("Wed, 12 Mar 2025 14:03:00 +0100", "2025-03-12 13:03"),
    ("Wed Mar 12 14:03:00 2025", "2025-03-12 14:03"),
    ("Wed Mar 12 2025 14:03:00 GMT+0100 (Central European Standard Time)", "2025-03-12 13:03"),
    ("Wed 12 Mar 2025 23:30 -0800", "2025-03-13 07:30"),
    ("12 Mar 2025 2:03 PM", "2025-03-12 14:03"),
    ("14:03 12 March 2025", "2025-03-12 14:03"),
    ("31 Dec 69", "2069-12-31"),
    ("Wed 12/03/2025 14:03", "2025-03-12 14:03"),
    ("Mittwoch, 12.03.2025", "2025-03-12"),
    ("Mi., 12.03.2025", "2025-03-12"),
    ("Wed 2025-03-12T14:03:00Z", "2025-03-12 14:03"),
    ("سه\u200cشنبه ۱۴۰۴/۰۱/۱۲", "2025-04-01"),
    ("سه شنبه ۱۴۰۴/۰۱/۱۲", "2025-04-01"),
    ("الأربعاء، ١٢/٠٣/٢٠٢٥ ٢:٠٣ م", "2025-03-12 14:03"),
    ("الأربعاء 1446/09/12 هـ", "2025-03-12"),
    ("1 Jan 70", "1970-01-01"),
    ("12 رمضان 1447 الأربعاء", "2026-03-01"),  # by sighting the day can be another
]
IMPOSSIBLE = [
    "31 April 2025",
    "29 February 2025",
    "30 اسفند 1404",
    "30 صفر 1446",
    "Monday, 12 March 2025",
    "دوشنبه ۱۲ فروردین ۱۴۰۴",
    "Monday Tuesday 12 March 2025",
    "12 فروردین 2025",
    "12 مارس 1403",
    "12 رمضان 2025",
    "12 فروردین 03",
    "March 2025",
    "14 March",
    "12 March or 13 April 2025",
    "12 March April 2025",
    "about 12 March 2025",
    "12 Foo 2025",
    "Wednesday 12 2025",
    "12 2025 March",
    "March 2025 12",
    "12 March 025",
    "12 March 2025 25:00",
    "12 March 2025 10:00 11:00",
    "<b>12 March 2025</b>",
    "12 March 2025 " + "and so on " * 10,
    "5 listopada 2025",
    "Mon 12/03/2025",
    "Wed 12",
    "Wed 46095",
    "Week 12/03/2025",
    "Wed Wed 12/03/2025",
]


@pytest.mark.parametrize(("value", "expected"), ONE_VALUE)
def test_one_date_with_the_name_of_its_month(value, expected):
    times, readable, _ = read_dates(pd.Series([value]))
    assert (times.tolist(), readable.tolist()) == ([pd.Timestamp(expected)], [True])


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_what_is_no_date_with_a_name(value):
    times, readable, _ = read_dates(pd.Series([value]))
    assert (readable.tolist(), times.isna().tolist()) == ([False], [True])


@pytest.mark.parametrize(("beside", "expected"), [
    (["12 grudnia 2025"], "2025-11-05"),
    (["12 prosince 2025", "1. ledna 2026"], None),  # Czech has another word: it tells nothing of Polish and Croatian
    (["12. siječnja 2025"], "2025-10-05"),
    (["12. siječnja 2025", "12 grudnia 2025"], None),
    (["12. siječnja 2025", "12 grudnia 2025", "13 grudnia 2025"], "2025-11-05"),
])
def test_a_name_of_two_months_is_that_of_the_columns_language(beside, expected):
    times, readable, _ = read_dates(pd.Series(["5 listopada 2025", *beside]))
    assert (None if pd.isna(times[0]) else str(times[0].date())) == expected
    assert readable[1:].all()


def test_names_and_numbers_stand_in_one_column():
    values = pd.Series(["12 March 2025", "03/04/2025", "04/13/2025", "1404/01/05", "12 رمضان 1446", "5 مهر 1403", None])
    times, readable, reading = read_dates(values)
    assert times.dt.strftime("%Y-%m-%d").tolist()[:6] == [
        "2025-03-12", "2025-03-04", "2025-04-13", "2025-03-25", "2025-03-12", "2024-09-26"]
    assert readable.all()
    assert reading == "3 with the month's name; 2 month/day/year; 1 year-month-day; 1 Hijri years; 2 Jalali years."
    again, _, told = read_dates(values[::-1])
    pd.testing.assert_series_equal(again.sort_index(), times)
    assert told == reading


def test_every_day_of_a_year_is_read_in_every_width_of_the_report_languages():
    from babel.dates import format_date

    days = pd.date_range("2024-01-01", "2024-12-31")
    for language in ("en", "ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "hi"):
        for width in ("d MMMM y", "d MMM y", "EEEE d MMMM y"):
            written = pd.Series([format_date(day.date(), width, language) for day in days])
            assert (read_dates(written)[0].to_numpy() == days.to_numpy()).all(), (language, width)


def test_names_of_two_months_are_few_and_known():
    double = {name: sorted(months) for name, months in month_names().items() if len(months) > 1}
    assert double == {
        "lip": [("gregorian", 6), ("gregorian", 7)],
        "lis": [("gregorian", 10), ("gregorian", 11)],
        "listopad": [("gregorian", 10), ("gregorian", 11)],
        "listopada": [("gregorian", 10), ("gregorian", 11)],
        "srp": [("gregorian", 7), ("gregorian", 8)],
    }


def test_names_do_not_hang_on_what_babel_was_asked_before():
    from babel.dates import get_day_names, get_month_names

    from workbench.feedback import months

    found = month_names(), weekday_names()
    for language in ("ja", "hr", "pl", "fa"):
        for context in ("stand-alone", "format"):
            get_month_names("wide", context, language)
            get_day_names("wide", context, language)
    months._data_of.cache_clear()
    assert (month_names.__wrapped__(), weekday_names.__wrapped__()) == found


def test_names_are_not_looked_up_where_none_is_written(monkeypatch):
    from workbench.feedback import named_dates

    def refuse(*_):
        raise AssertionError("names were looked up")

    monkeypatch.setattr(named_dates, "month_names", refuse)
    assert read_dates(pd.Series(["2025-03-12 10:15 م", "12/03/2025", "1404/01/05", "46095", None]))[1].all()


@pytest.mark.parametrize("text", ["2025-03-12{}10:00", "12 March{}2025"])
def test_what_is_longer_than_any_date_is_none(text):
    near, far = (text.format(" " * blanks) for blanks in (50, 80))  # patterns would go over many blanks for hours
    assert read_dates(pd.Series([near, far]))[1].tolist() == [True, False]


def test_a_date_with_no_month_of_its_own_is_a_rejected_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,created_at\nlate again,12 March 2025\nتأخر الطرد,31 نيسان 2025\n", encoding="utf-8")
    comments, rejected = load_feedback(path)
    assert comments["created_at"].tolist() == [pd.Timestamp("2025-03-12")]
    assert rejected["reason"].tolist() == ["bad_date"]


def test_no_month_is_decided_of_names_that_do_not_stand_in_the_column():
    name = take_apart("5 listopada 2025").name
    assert decide_months(np.array([], dtype=np.int64))[name] is None

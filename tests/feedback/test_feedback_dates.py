import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.feedback.calendars import hijri_days, jalali_days, to_jalali
from workbench.feedback.dates import read_dates

NEW_YEARS = [  # first day of Farvardin, as the calendar of Iran had or has it
    (1300, "1921-03-21"),
    (1357, "1978-03-21"),
    (1375, "1996-03-20"),
    (1387, "2008-03-20"),
    (1399, "2020-03-20"),
    (1400, "2021-03-21"),
    (1403, "2024-03-20"),
    (1404, "2025-03-21"),
    (1405, "2026-03-21"),
    (1408, "2029-03-20"),
]
JALALI = [
    ((1404, 1, 1), "2025-03-21"),
    ((1403, 12, 30), "2025-03-20"),
    ((1399, 12, 30), "2021-03-20"),
    ((1357, 11, 22), "1979-02-11"),
    ((1404, 6, 31), "2025-09-22"),
    ((1404, 7, 1), "2025-09-23"),
    ((1404, 10, 11), "2026-01-01"),
    ((1405, 2, 11), "2026-05-01"),
]
HIJRI = [
    ((1445, 9, 1), "2024-03-11"),
    ((1446, 1, 1), "2024-07-08"),
    ((1447, 1, 1), "2025-06-27"),
    ((1420, 1, 1), "1999-04-17"),
]


def day(reader, date):
    days, exists = reader(*(np.array([part]) for part in date))
    return str(days.astype("datetime64[D]")[0]) if exists[0] else None


@pytest.mark.parametrize(("year", "expected"), NEW_YEARS)
def test_jalali_new_year(year, expected):
    assert day(jalali_days, (year, 1, 1)) == expected


@pytest.mark.parametrize(("date", "expected"), JALALI)
def test_jalali_known_days(date, expected):
    assert day(jalali_days, date) == expected


@pytest.mark.parametrize(
    "date", [(1404, 12, 30), (1404, 7, 31), (1404, 13, 1), (1404, 0, 1), (1404, 1, 0), (1404, 6, 32)]
)
def test_jalali_days_that_do_not_exist(date):
    assert day(jalali_days, date) is None


def test_every_jalali_day_of_two_centuries_follows_the_one_before():
    year, month, day_ = (
        part.ravel() for part in np.meshgrid(np.arange(1300, 1500), np.arange(1, 13), np.arange(1, 32), indexing="ij")
    )
    days, exists = jalali_days(year, month, day_)
    assert (np.diff(days[exists]) == 1).all()


@pytest.mark.parametrize(("date", "expected"), HIJRI)
def test_hijri_known_days(date, expected):
    assert day(hijri_days, date) == expected


def test_every_hijri_day_of_two_centuries_follows_the_one_before():
    year, month, day_ = (
        part.ravel() for part in np.meshgrid(np.arange(1300, 1500), np.arange(1, 13), np.arange(1, 31), indexing="ij")
    )
    days, exists = hijri_days(year, month, day_)
    assert (np.diff(days[exists]) == 1).all()


ONE_VALUE = [
    ("14/03/2026 10:15 ص", "2026-03-14 10:15"),
    ("14/03/2026 10:15 م", "2026-03-14 22:15"),
    ("2026-03-14 12:05:30 مساءً", "2026-03-14 12:05:30"),
    ("2026-03-14 12:05 صباحًا", "2026-03-14 00:05"),
    ("1404/01/05 10:15 ب.ظ", "2025-03-25 22:15"),
    ("۱۴۰۴/۰۱/۰۵ ۱۰:۱۵ ق.ظ", "2025-03-25 10:15"),
    ("14\u061c/03\u061c/2026", "2026-03-14"),
    ("2026-03-14", "2026-03-14T00:00:00"),
    ("2026-03-14 09:05", "2026-03-14T09:05:00"),
    ("2026-03-14T10:00:00Z", "2026-03-14T10:00:00"),
    ("2026-03-14T10:00:00+03:30", "2026-03-14T06:30:00"),
    ("2026-03-14 23:30:00 -0800", "2026-03-15T07:30:00"),
    ("2026-03-14T10:00:00.250", "2026-03-14T10:00:00.250"),
    ("2026/3/4", "2026-03-04T00:00:00"),
    ("20260314", "2026-03-14T00:00:00"),
    ("14.03.2026", "2026-03-14T00:00:00"),
    ("14.3.26 18:30", "2026-03-14T18:30:00"),
    ("3/4/2026", "2026-04-03T00:00:00"),
    ("3/14/2026 1:05 PM", "2026-03-14T13:05:00"),
    ("3/14/2026 12:05 am", "2026-03-14T00:05:00"),
    ("46095", "2026-03-14T00:00:00"),
    ("46095.5", "2026-03-14T12:00:00"),
    ("۱۴۰۴/۱۲/۲۳", "2026-03-14T00:00:00"),
    ("٢٠٢٦/٠٣/١٤", "2026-03-14T00:00:00"),
    ("23/12/1404", "2026-03-14T00:00:00"),
    ("1447/09/24 هـ", "2026-03-13T00:00:00"),
    ("1447-09-24", "2026-03-13T00:00:00"),
    ("2026年3月14日", "2026-03-14T00:00:00"),
    (dt.date(2026, 3, 14), "2026-03-14T00:00:00"),
    (dt.datetime(2026, 3, 14, 9, 5), "2026-03-14T09:05:00"),
    (dt.datetime(2026, 3, 14, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=1))), "2026-03-14T08:05:00"),
    ("1773446400", "2026-03-14T00:00:00"),
    ("1773446400250", "2026-03-14T00:00:00.250"),
    (46095, "2026-03-14T00:00:00"),
    (46095.0, "2026-03-14T00:00:00"),
    ("2024-02-29", "2024-02-29T00:00:00"),
]
IMPOSSIBLE = [
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "31.04.2026",
    "2026-03-14 24:00",
    "2026-03-14 10:61",
    "soon",
    "1404/12/30",
    "2026",
    "14 March",
    "9999-12-31",
    "2026-03-14T10:00:00+9",
    "13/13/2026",
    "13:00 PM",
    "2026-03-14 13:00 م",
    "0000-01-01",
    "2026-03-14x",
]


@pytest.mark.parametrize(("value", "expected"), ONE_VALUE)
def test_one_date(value, expected):
    times, readable, _ = read_dates(pd.Series([value], dtype=object))
    assert readable.tolist() == [True]
    assert times[0] == pd.Timestamp(expected)
    assert times.dt.tz is None


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_what_is_no_date(value):
    times, readable, _ = read_dates(pd.Series([value]))
    assert (readable.tolist(), times.isna().tolist()) == ([False], [True])


@pytest.mark.parametrize("value", [None, "", "  ", "NA", "n/a", float("nan"), pd.NaT])
def test_missing_dates_are_no_fault(value):
    times, readable, reading = read_dates(pd.Series([value], dtype=object))
    assert (readable.tolist(), times.isna().tolist(), reading) == ([True], [True], "no dates.")


ORDERS = [
    (["01/02/2026", "13/02/2026"], ["2026-02-01", "2026-02-13"], "2 day/month/year."),
    (["01/02/2026", "02/13/2026"], ["2026-01-02", "2026-02-13"], "2 month/day/year."),
    (
        ["01/02/2026", "03/04/2026"],
        ["2026-02-01", "2026-04-03"],
        "2 day/month/year, taken for granted because no number above 12 decides it.",
    ),
    (
        ["02/13/2026", "02/14/2026", "15/02/2026", "01/02/2026"],
        ["2026-02-13", "2026-02-14", None, "2026-01-02"],
        "3 month/day/year, by most rows; 1 rows contradict it.",
    ),
    (["01.02.2026", "2026-02-03"], ["2026-02-01", "2026-02-03"], "1 day.month.year; 1 year-month-day."),
]


@pytest.mark.parametrize(("values", "expected", "told"), ORDERS)
def test_the_order_of_day_and_month_is_decided_over_the_column(values, expected, told):
    times, _, reading = read_dates(pd.Series(values))
    assert [None if pd.isna(time) else str(time.date()) for time in times] == expected
    assert reading == told


def test_row_order_does_not_change_the_reading():
    values = pd.Series(["01/02/2026", "02/13/2026", "1404/01/01", "x"])
    times, readable, reading = read_dates(values)
    again, readable_again, reading_again = read_dates(values[::-1])
    pd.testing.assert_series_equal(times, again.sort_index())
    pd.testing.assert_series_equal(readable, readable_again.sort_index())
    assert reading == reading_again


CALENDARS = [
    (["1404/01/01"], None, "2025-03-21", "Jalali"),
    (["1404/01/01"], "hijri", "1983-10-08", "Hijri"),
    (["1419/01/01 AH"], None, "1998-04-28", "Hijri"),
    (["1447/01/01"], None, "2025-06-27", "Hijri"),
    (["1447/01/01"], "jalali", "2068-03-20", "Jalali"),
]


@pytest.mark.parametrize(("values", "calendar", "expected", "told"), CALENDARS)
def test_years_1300_to_1499(values, calendar, expected, told):
    times, _, reading = read_dates(pd.Series(values), calendar=calendar)
    assert (str(times[0].date()), told in reading) == (expected, True)


def test_typed_columns_keep_their_index():
    times, readable, _ = read_dates(pd.Series(pd.to_datetime(["2026-03-14", None]), index=[7, 9]))
    assert times.index.tolist() == readable.index.tolist() == [7, 9]
    assert readable.all()


def test_days_go_to_the_jalali_calendar_and_back():
    days = np.arange(-60_000, 60_000)  # 1805 to 2134
    year, month, day = to_jalali(days)
    back, exists = jalali_days(year, month, day)
    assert exists.all()
    assert (back == days).all()


def test_a_hijri_year_among_jalali_ones_is_not_taken_for_the_far_future():
    values = pd.Series(["1404/01/05", "1447/01/05", "1403/12/30"])
    times, readable, reading = read_dates(values)
    assert readable.tolist() == [True, False, True]
    assert times.dt.year.tolist()[::2] == [2025, 2025]
    assert reading == ("2 year-month-day; 2 Jalali years; 1 that may be of another calendar, so no dates: state the "
                       "constant `calendar`.")
    assert read_dates(values, calendar="jalali")[1].all()


def test_one_marked_hijri_date_does_not_make_hijri_dates_of_jalali_ones():
    values = pd.Series(["1404/12/23", "1447/09/24 هـ", "1447/09/24", "1419/01/01 AH", "2026-03-14"])
    times, readable, reading = read_dates(values)
    assert readable.tolist() == [False, True, True, True, True]
    assert times.dt.strftime("%Y-%m-%d").tolist()[1:] == ["2026-03-13", "2026-03-13", "1998-04-28", "2026-03-14"]
    assert reading == ("4 year-month-day; 3 Hijri years; 1 that may be of another calendar, so no dates: state the "
                       "constant `calendar`.")
    assert read_dates(values, calendar="hijri")[1].all()


@pytest.mark.parametrize(("values", "calendar", "message"), [
    (["1404/01/05"], None, "values: expected a column of dates, found list"),
    (pd.Series(["1404/01/05"]), "persian", "calendar: expected gregorian, hijri, jalali, found 'persian'"),
])
def test_what_is_no_column_or_calendar_is_told(values, calendar, message):
    with pytest.raises(InputError, match=message):
        read_dates(values, calendar=calendar)

"""Dates and times in the forms that exports use, one form for a whole column where a form is ambiguous."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.arguments import check_kind
from workbench.errors import InputError, shown
from workbench.feedback.calendars import Calendar, gregorian_days, hijri_days, jalali_days
from workbench.feedback.digits import fold_digits
from workbench.feedback.letters import INVISIBLE
from workbench.feedback.missing import as_texts, is_missing
from workbench.feedback.months import folded, weekday_names
from workbench.feedback.named_dates import ANY_DAY, decide_months, take_apart
from workbench.feedback.times import SECOND, TIME, has_zone, time_of_day

_Integers = NDArray[np.int64]
_Days = tuple[_Integers, NDArray[np.bool_]]
_Reader = Callable[[_Integers, _Integers, _Integers], _Days]
_READERS: Final[dict[str, _Reader]] = {"jalali": jalali_days, "hijri": hijri_days}

_TIME: Final = rf"(?:(?:T|,?\s+){TIME})?"
_YEAR_FIRST: Final = re.compile(r"(?P<a>\d{4})([-/.])(?P<b>\d{1,2})\2(?P<c>\d{1,2})" + _TIME)
_COMPACT: Final = re.compile(r"(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})" + _TIME)
_YEAR_LAST: Final = re.compile(r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{4}|\d{2})" + _TIME)
_SERIAL: Final = re.compile(r"(?P<serial>[1-9]\d{4})(?:\.(?P<part>\d+))?")
_EPOCH: Final = re.compile(r"(?P<seconds>[1-3]\d{9})(?P<milli>\d{3})?")
_EXCEL_EPOCH: Final = 25_569  # Excel's number of 1970-01-01
_CALENDARS: Final = ("", "gregorian", "hijri", "jalali")  # the first: years after Christ that nobody had to state
_BY_NAME: Final = "with the month's name"
_ENDS_IN_YEAR: Final = ("year last", "day.month.year")
_DAY_NUMBERS: Final = ("Excel day numbers", "Unix times")
_HIJRI_MARK: Final = re.compile(r"\s*(?<![^\W\d_])(?:هـ|ه\u200d?|AH|A\.H\.)\s*$")
_FAR_EAST: Final = re.compile(
    r"^(\d{4})(?:年|년)\s?(\d{1,2})(?:月|월)\s?(\d{1,2})(?:[日号號]|일)"
    r"(?:\s?\((?:[一二三四五六日月火水木金土]|[월화수목금토일])\)|\s?(?:星期|周|週)[一二三四五六日天]|\s?[日月火水木金土]曜日|\s?[월화수목금토일]요일)?")
_WEEKDAY: Final = re.compile(r"([^\d,،]{1,20}?)[,،.]?\s+(?=\d)")
_LONGEST: Final = 80  # characters; what is longer is no date
_MARKS: Final = re.compile(f"[{INVISIBLE}]")
_LAST_YEAR_OF_JALALI: Final = 1420  # ends in March 2042: later years in that range are Hijri when nothing is said


def read_dates(values: pd.Series, *, calendar: Calendar | None = None) -> tuple[pd.Series, pd.Series, str]:
    """Return a column of dates as naive UTC times, which of them could be read, and how they were read.

    Read are ISO dates and times (with or without a zone), yyyy/mm/dd, dd.mm.yyyy, dd/mm/yyyy or mm/dd/yyyy (decided
    over the whole column: by the first number above 12 in either place, day first when nothing decides), dates with
    the month's name (see `workbench.feedback.named_dates`; the name tells the calendar, and a weekday beside it has to
    be that of the date), Excel day numbers, Unix seconds and milliseconds, and times of Python and pandas, in the
    digits of any script. Times
    with a zone are moved to UTC; times without one are kept as they are; am and pm are read in English, Arabic (``ص``,
    ``م``) and Persian (``ق.ظ``, ``ب.ظ``). Years 1300 to 1499 are Jalali, unless
    `calendar` says ``"hijri"``, values carry the mark ``هـ`` or ``AH``, or all such years lie after 1420 (2042
    as Jalali years). A later year beside earlier ones is then of the other calendar, and no date of the column's; nor
    is a year up to 1420 that lacks the mark which others carry.

    Parameters
    ----------
    values
        Texts, numbers or times; missing values stay missing and count as read.
    calendar
        The calendar of years 1300 to 1499 when it is known; ``"gregorian"`` takes them as they stand.

    Returns
    -------
    times : pandas.Series
        datetime64[ns] without a zone, NaT where missing or not readable.
    readable : pandas.Series
        bool; False where there is a value that is no date of the column's form, or a date that does not exist.
    reading : str
        One sentence on the forms found.

    Raises
    ------
    InputError
        If `values` are no column, or there is no such calendar.

    Examples
    --------
    >>> times, readable, reading = read_dates(pd.Series(["۱۴۰۴/۰۱/۰۱", "2026-02-30", "2026-03-14T10:00:00+03:30"]))
    >>> times.dt.strftime("%Y-%m-%d %H:%M").tolist(), readable.tolist()
    (['2025-03-21 00:00', nan, '2026-03-14 06:30'], [True, False, True])
    >>> reading
    '2 year-month-day; 1 Jalali years; times with a zone moved to UTC.'
    """
    check_kind("values", values, pd.Series, "a column of dates")
    if calendar not in (None, *_CALENDARS[1:]):
        raise InputError(f"calendar: expected {', '.join(_CALENDARS[1:])}, found {shown(calendar)}.")
    places, kept = pd.factorize(np.array(as_texts(values), dtype=object))
    times, readable, reading = read_distinct_dates(pd.Series(kept, dtype=object), places, calendar)
    return pd.Series(times, index=values.index), pd.Series(readable, index=values.index), reading


def read_distinct_dates(kept: pd.Series, places: NDArray[np.int64], calendar: Calendar | None
                        ) -> tuple[NDArray[np.datetime64], NDArray[np.bool_], str]:
    """Return what `read_dates` returns for a column of which each distinct text is given once.

    Parameters
    ----------
    kept
        Distinct texts, or None.
    places
        For each row of the column, which of them it has.
    calendar
        As in `read_dates`.

    Examples
    --------
    >>> read_distinct_dates(pd.Series(["2026-03-14", None]), np.array([0, 1, 0]), None)[1:]
    (array([ True,  True,  True]), '2 year-month-day.')
    """
    missing = is_missing(kept).to_numpy()[places]
    found = pd.concat([_parts_of(kept.iloc[start:start + _PIECE]) for start in range(0, max(1, len(kept)), _PIECE)])
    parts = found.iloc[places[~missing]]
    order, told = _decide_order(parts)
    days, exists, calendars, doubtful = _days(_with_months(parts), order, calendar)
    nanoseconds = parts["nanoseconds"].to_numpy(np.int64)
    inside = (days > -106_000) & (days < 106_000)  # what nanoseconds can count
    good = exists & inside & parts["readable"].to_numpy(bool)
    times = np.full(len(places), np.datetime64("NaT"), dtype="datetime64[ns]")
    readable = np.ones(len(places), dtype=bool)
    moments = np.where(good, np.where(inside, days, 0) * 86_400 * SECOND + nanoseconds, np.iinfo(np.int64).min)
    times[~missing] = moments.astype("datetime64[ns]")
    readable[~missing] = good
    return times, readable, _tell(parts[good], told, calendars[good], int(doubtful.sum()))


_PART_NAMES: Final = ("form", "a", "b", "c", "nanoseconds", "zone", "hijri", "readable", "name", "weekdays")
_Parts = tuple[str, int, int, int, int, bool, bool, bool, int, int]
_FORMS: Final = pd.CategoricalDtype(
    ["Excel day numbers", "Unix times", "day.month.year", "unknown", _BY_NAME, "year last", "year-month-day"])
_NO_NAME: Final = -1
_UNKNOWN: Final[_Parts] = ("unknown", 0, 0, 0, 0, False, False, False, _NO_NAME, ANY_DAY)
_PIECE: Final = 50_000  # distinct dates that are held as Python values at a time


def _parts_of(texts: pd.Series) -> pd.DataFrame:
    """Return the parts of each written date; cells without a value count as not readable."""
    folded = (_MARKS.sub("", fold_digits(text)).strip() for text in as_texts(texts))
    return pd.DataFrame([_parts(text) for text in folded], columns=[*_PART_NAMES]).astype(
        {"form": _FORMS, "a": np.int32, "b": np.int32, "c": np.int32, "nanoseconds": np.int64, "zone": bool,
         "hijri": bool, "readable": bool, "name": np.int16, "weekdays": np.int8})


def _parts(text: str) -> _Parts:
    """Return the form of one written date and its three numbers, before anything is decided."""
    if len(text) > _LONGEST:
        return _UNKNOWN
    hijri = _HIJRI_MARK.search(text) is not None
    text = _HIJRI_MARK.sub("", text)
    text = _FAR_EAST.sub(r"\1-\2-\3", text)
    return _in_three_numbers(text, hijri) or _in_one_number(text) or _in_words(text, hijri) or _UNKNOWN


def _in_three_numbers(text: str, hijri: bool, weekdays: int = ANY_DAY) -> _Parts | None:
    for form, pattern in (("year-month-day", _YEAR_FIRST), ("year-month-day", _COMPACT), ("year last", _YEAR_LAST)):
        match = pattern.fullmatch(text)
        if match:
            dotted = form == "year last" and match["mark"] == "."
            time = time_of_day(match)
            a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
            form = "day.month.year" if dotted else form
            return form, a, b, c, time or 0, has_zone(match), hijri, time is not None, _NO_NAME, weekdays
    return None


def _in_one_number(text: str) -> _Parts | None:
    serial = _SERIAL.fullmatch(text)
    if serial:
        part = float("0." + serial["part"]) if serial["part"] else 0.0
        time = round(part * 86_400) * SECOND
        return "Excel day numbers", int(serial["serial"]), 0, 0, time, False, False, True, _NO_NAME, ANY_DAY
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        seconds, milli = int(epoch["seconds"]), int(epoch["milli"] or 0)
        time = seconds % 86_400 * SECOND + milli * 1_000_000
        return "Unix times", seconds // 86_400 + _EXCEL_EPOCH, 0, 0, time, False, False, True, _NO_NAME, ANY_DAY
    return None


def _in_words(text: str, hijri: bool) -> _Parts | None:
    """Return the parts of a date with the month's name, or with a weekday before its numbers."""
    if found := take_apart(text):
        return (_BY_NAME, found.year, 0, found.day, found.nanoseconds, found.zone, hijri, found.readable, found.name,
                found.weekdays)
    weekday = _WEEKDAY.match(text)
    days = weekday_names().get(folded(weekday[1])) if weekday else None
    return _in_three_numbers(text[weekday.end():], hijri, days) if weekday and days else None


def _with_months(parts: pd.DataFrame) -> pd.DataFrame:
    """Return parts of dates with the months that are written by name as numbers, and the calendars of these names.

    A name that can stand for two months, with nothing in the column to decide it, becomes month 0 of no date.
    """
    named = (parts["name"] != _NO_NAME).to_numpy()
    if not named.any():
        return parts.assign(calendar=np.int8(0))
    names = parts["name"].to_numpy(np.int64)
    months = [month or ("gregorian", 0) for month in decide_months(names[named])]
    numbers = np.array([number for _, number in months])
    calendars = np.array([_CALENDARS.index(of) if of in _READERS else 0 for of, _ in months])
    return parts.assign(b=np.where(named, numbers[names], parts["b"]), calendar=np.where(named, calendars[names], 0))


def _decide_order(parts: pd.DataFrame) -> tuple[str, str]:
    """Return ``day`` or ``month`` for what comes first in dates that end in the year, and why."""
    last = parts[parts["form"] == "year last"]
    day_first, month_first = int((last["a"] > 12).sum()), int((last["b"] > 12).sum())
    if last.empty:
        return "day", ""
    if not day_first and not month_first:
        return "day", "day/month/year, taken for granted because no number above 12 decides it"
    if day_first and month_first:
        found = "day/month/year" if day_first >= month_first else "month/day/year"
        return found.split("/")[0], f"{found}, by most rows; {min(day_first, month_first)} rows contradict it"
    return ("day", "day/month/year") if day_first else ("month", "month/day/year")


def _days(parts: pd.DataFrame, order: str, calendar: Calendar | None
          ) -> tuple[_Integers, NDArray[np.bool_], _Integers, NDArray[np.bool_]]:
    """Return days since 1970-01-01, which exist, the calendar of each, as its place in the list of them, and which are
    none because they may be of another calendar than the rest."""
    form = parts["form"]
    a, b, c, of = (parts[name].to_numpy(np.int64) for name in ("a", "b", "c", "calendar"))
    ends, serial, named = (form.isin(kinds).to_numpy() for kinds in (_ENDS_IN_YEAR, _DAY_NUMBERS, (_BY_NAME,)))
    year = np.where(ends, c, a)
    year = np.where(ends | named, _century(year), year)
    month_first = ends & (order == "month") & (form == "year last").to_numpy()
    month = np.where(month_first, a, b)
    day = np.where(ends, np.where(month_first, b, a), c)
    span = (year >= 1300) & (year <= 1499)
    other = span & ~serial & ~named
    marked = parts["hijri"].to_numpy(bool)
    found = calendar or _calendar(year[other], marked[other])
    of = np.where(other, _CALENDARS.index(found), of)
    days, exists = gregorian_days(np.clip(year, 1, 9999), month, day)
    for number, reader in ((_CALENDARS.index(name), reader) for name, reader in _READERS.items()):
        days[of == number], exists[of == number] = reader(*(part[of == number] for part in (year, month, day)))
    early = year <= _LAST_YEAR_OF_JALALI
    doubtful = other & (calendar is None) & ~(early if found == "jalali" else marked | ~early)
    exists &= ~doubtful
    said = parts["weekdays"].to_numpy(np.int64) >> (days + 3) % 7 & 1
    exists &= ~named | (of == 0) | span
    exists &= (said == 1) | (of == _CALENDARS.index("hijri"))  # a month by sighting begins a day or two apart
    days = np.where(serial, a - _EXCEL_EPOCH, days)
    return days, exists | serial, of, doubtful


def _century(year: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(year >= 100, year, np.where(year < 70, 2000 + year, 1900 + year))


def _calendar(years: NDArray[np.int64], marked: NDArray[np.bool_]) -> Calendar:
    if marked.any() or (years.size and years.min() > _LAST_YEAR_OF_JALALI):
        return "hijri"
    return "jalali"


def _tell(parts: pd.DataFrame, order: str, calendars: _Integers, doubtful: int) -> str:
    forms = {form: int(count) for form, count in sorted(parts["form"].astype(str).value_counts().items())}
    told = [f"{count} {order if form == 'year last' else form}" for form, count in forms.items()]
    counts = np.bincount(calendars, minlength=len(_CALENDARS)).tolist()
    told += [f"{count} {name.title()} years" for name, count in zip(_CALENDARS, counts, strict=True) if name and count]
    year = np.where(parts["form"].isin(_ENDS_IN_YEAR), parts["c"], parts["a"])
    short = int(((year < 100) & ~parts["form"].isin(_DAY_NUMBERS)).sum())
    if short:
        told.append(f"{short} years of two digits taken as 1970 to 2069")
    if doubtful:
        told.append(f"{doubtful} that may be of another calendar, so no dates: state the constant `calendar`")
    if parts["zone"].any():
        told.append("times with a zone moved to UTC")
    return "; ".join(told) + "." if told else "no dates."

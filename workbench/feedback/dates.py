"""Dates and times in the forms that exports use, one form for a whole column where a form is ambiguous."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.feedback.calendars import gregorian_days, hijri_days, jalali_days
from workbench.feedback.digits import fold_digits
from workbench.feedback.letters import INVISIBLE
from workbench.feedback.missing import as_texts, is_missing

Calendar = Literal["gregorian", "jalali", "hijri"]
_Integers = NDArray[np.int64]
_Days = tuple[_Integers, NDArray[np.bool_]]
_Reader = Callable[[_Integers, _Integers, _Integers], _Days]
_READERS: Final[dict[str, _Reader]] = {"gregorian": gregorian_days, "jalali": jalali_days, "hijri": hijri_days}

_TIME: Final = (
    r"(?:(?:T|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9})\d*)?)?"
    r"(?:\s*(?:(?P<half>[AaPp])\.?[Mm]\.?|(?P<arabic>ص(?:باح\u064b?ا\u064b?)?|م(?:ساء\u064b?)?|[قب]\.?ظ\.?)))?(?:\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?"
)
_YEAR_FIRST: Final = re.compile(r"(?P<a>\d{4})([-/.])(?P<b>\d{1,2})\2(?P<c>\d{1,2})" + _TIME)
_COMPACT: Final = re.compile(r"(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})" + _TIME)
_YEAR_LAST: Final = re.compile(r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{4}|\d{2})" + _TIME)
_SERIAL: Final = re.compile(r"(?P<serial>[1-9]\d{4})(?:\.(?P<part>\d+))?")
_EPOCH: Final = re.compile(r"(?P<seconds>[1-3]\d{9})(?P<milli>\d{3})?")
_EXCEL_EPOCH: Final = 25_569  # Excel's number of 1970-01-01
_ENDS_IN_YEAR: Final = ("year last", "day.month.year")
_DAY_NUMBERS: Final = ("Excel day numbers", "Unix times")
_HIJRI_MARK: Final = re.compile(r"\s*(?:هـ|ه\u200d?|AH|A\.H\.)\s*$")
_MARKS: Final = re.compile(f"[{INVISIBLE}]")
_SECOND: Final = 1_000_000_000
_LAST_YEAR_OF_JALALI: Final = 1420  # ends in March 2042: later years in that range are Hijri when nothing is said


def read_dates(values: pd.Series, *, calendar: Calendar | None = None) -> tuple[pd.Series, pd.Series, str]:
    """Return a column of dates as naive UTC times, which of them could be read, and how they were read.

    Read are ISO dates and times (with or without a zone), yyyy/mm/dd, dd.mm.yyyy, dd/mm/yyyy or mm/dd/yyyy (decided
    over the whole column: by the first number above 12 in either place, day first when nothing decides), Excel
    day numbers, Unix seconds and milliseconds, and times of Python and pandas, in the digits of any script. Times
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

    Examples
    --------
    >>> times, readable, reading = read_dates(pd.Series(["۱۴۰۴/۰۱/۰۱", "2026-02-30", "2026-03-14T10:00:00+03:30"]))
    >>> times.dt.strftime("%Y-%m-%d %H:%M").tolist(), readable.tolist()
    (['2025-03-21 00:00', nan, '2026-03-14 06:30'], [True, False, True])
    >>> reading
    '2 year-month-day; 1 Jalali years; times with a zone moved to UTC.'
    """
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
    days, exists, calendars = _days(parts, order, calendar)
    nanoseconds = parts["nanoseconds"].to_numpy(np.int64)
    inside = (days > -106_000) & (days < 106_000)  # what nanoseconds can count
    good = exists & inside & parts["readable"].to_numpy(bool)
    times = np.full(len(places), np.datetime64("NaT"), dtype="datetime64[ns]")
    readable = np.ones(len(places), dtype=bool)
    moments = np.where(good, np.where(inside, days, 0) * 86_400 * _SECOND + nanoseconds, np.iinfo(np.int64).min)
    times[~missing] = moments.astype("datetime64[ns]")
    readable[~missing] = good
    return times, readable, _tell(parts[good], told, calendars)


_PART_NAMES: Final = ("form", "a", "b", "c", "nanoseconds", "zone", "hijri", "readable")
_FORMS: Final = pd.CategoricalDtype(
    ["Excel day numbers", "Unix times", "day.month.year", "unknown", "year last", "year-month-day"])
_PIECE: Final = 50_000  # distinct dates that are held as Python values at a time


def _parts_of(texts: pd.Series) -> pd.DataFrame:
    """Return the parts of each written date; cells without a value count as not readable."""
    folded = (_MARKS.sub("", fold_digits(text)).strip() for text in as_texts(texts))
    return pd.DataFrame([_parts(text) for text in folded], columns=[*_PART_NAMES]).astype(
        {"form": _FORMS, "a": np.int32, "b": np.int32, "c": np.int32, "nanoseconds": np.int64, "zone": bool,
         "hijri": bool, "readable": bool})


def _parts(text: str) -> tuple[str, int, int, int, int, bool, bool, bool]:
    """Return the form of one written date and its three numbers, before anything is decided."""
    hijri = _HIJRI_MARK.search(text) is not None
    text = _HIJRI_MARK.sub("", text)
    text = re.sub(r"^(\d{4})年(\d{1,2})月(\d{1,2})日", r"\1-\2-\3", text)
    for form, pattern in (("year-month-day", _YEAR_FIRST), ("year-month-day", _COMPACT), ("year last", _YEAR_LAST)):
        match = pattern.fullmatch(text)
        if match:
            dotted = form == "year last" and match["mark"] == "."
            time = _nanoseconds(match)
            a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
            form = "day.month.year" if dotted else form
            return form, a, b, c, time or 0, bool(match["zone"]), hijri, time is not None
    serial = _SERIAL.fullmatch(text)
    if serial:
        part = float("0." + serial["part"]) if serial["part"] else 0.0
        return "Excel day numbers", int(serial["serial"]), 0, 0, round(part * 86_400) * _SECOND, False, False, True
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        seconds, milli = int(epoch["seconds"]), int(epoch["milli"] or 0)
        time = seconds % 86_400 * _SECOND + milli * 1_000_000
        return "Unix times", seconds // 86_400 + _EXCEL_EPOCH, 0, 0, time, False, False, True
    return "unknown", 0, 0, 0, 0, False, False, False


def _nanoseconds(match: re.Match[str]) -> int | None:
    """Return the time of day in UTC, or None if no clock shows it."""
    if match["hour"] is None:
        return 0
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if half := match["half"] or match["arabic"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "Ppمب" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = (match["zone"] or "").replace(":", "")
    shift = 0
    if zone[:1] in ("+", "-"):
        shift = (int(zone[1:3]) * 60 + int(zone[3:5] or 0)) * (1 if zone[0] == "+" else -1)
    return ((hour * 60 + minute - shift) * 60 + second) * _SECOND + int((match["fraction"] or "0").ljust(9, "0"))


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


def _days(parts: pd.DataFrame, order: str, calendar: Calendar | None) -> tuple[_Integers, NDArray[np.bool_], str]:
    """Return days since 1970-01-01, which exist, and the calendar that years 1300 to 1499 were read in."""
    form = parts["form"]
    a, b, c = (parts[name].to_numpy(np.int64) for name in "abc")
    ends, serial = (form.isin(kinds).to_numpy() for kinds in (_ENDS_IN_YEAR, _DAY_NUMBERS))
    year = np.where(ends, _century(c), a)
    month_first = ends & (order == "month") & (form == "year last").to_numpy()
    month = np.where(month_first, a, b)
    day = np.where(ends, np.where(month_first, b, a), c)
    other = (year >= 1300) & (year <= 1499) & ~serial
    marked = parts["hijri"].to_numpy(bool)
    found = calendar or _calendar(year[other], marked[other])
    days, exists = gregorian_days(np.clip(year, 1, 9999), month, day)
    if found != "gregorian":
        elsewhere, there = _READERS[found](year, month, day)
        if calendar is None:
            there &= year <= _LAST_YEAR_OF_JALALI if found == "jalali" else marked | (year > _LAST_YEAR_OF_JALALI)
        days, exists = np.where(other, elsewhere, days), np.where(other, there, exists)
    days = np.where(serial, a - _EXCEL_EPOCH, days)
    return days, exists | serial, found if other.any() else ""


def _century(year: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(year >= 100, year, np.where(year < 70, 2000 + year, 1900 + year))


def _calendar(years: NDArray[np.int64], marked: NDArray[np.bool_]) -> Calendar:
    if marked.any() or (years.size and years.min() > _LAST_YEAR_OF_JALALI):
        return "hijri"
    return "jalali"


def _tell(parts: pd.DataFrame, order: str, calendar: str) -> str:
    forms = {form: int(count) for form, count in sorted(parts["form"].astype(str).value_counts().items())}
    told = [f"{count} {order if form == 'year last' else form}" for form, count in forms.items()]
    year = np.where(parts["form"].isin(_ENDS_IN_YEAR), parts["c"], parts["a"])
    other = int(((year >= 1300) & (year <= 1499)).sum())
    if other and calendar:
        told.append(f"{other} {calendar.title()} years")
    short = int(((year < 100) & ~parts["form"].isin(_DAY_NUMBERS)).sum())
    if short:
        told.append(f"{short} years of two digits taken as 1970 to 2069")
    if parts["zone"].any():
        told.append("times with a zone moved to UTC")
    return "; ".join(told) + "." if told else "no dates."

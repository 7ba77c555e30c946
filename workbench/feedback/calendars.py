"""Jalali and Hijri dates as days since 1970-01-01, for whole columns at once."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Calendar = Literal["gregorian", "jalali", "hijri"]
Integers = NDArray[np.int64]

_UNIX_EPOCH: Final = 2440588  # Julian day number of 1970-01-01 (counted at noon)
_JALALI_EPOCH: Final = 1948320
_HIJRI_EPOCH: Final = 1948440


def jalali_days(year: Integers, month: Integers, day: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """Return days since 1970-01-01 for Jalali dates, and which of them exist.

    The 33-year rule (eight leap years in 33, K. M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon
    and Planets 74, 1996), which agrees with the observed calendar of Iran for the years 1178 to 1633.

    Parameters
    ----------
    year, month, day
        Arrays of equal length.

    Returns
    -------
    tuple of two arrays
        Days since 1970-01-01, and True where the date exists.

    Examples
    --------
    >>> days, exists = jalali_days(np.array([1404, 1404]), np.array([1, 12]), np.array([1, 30]))
    >>> days.astype("datetime64[D]")[0], exists
    (np.datetime64('2025-03-21'), array([ True, False]))
    """
    in_year = np.where(month <= 7, 31 * (month - 1), 30 * (month - 1) + 6) + day
    days = _JALALI_EPOCH - 1 + _jalali_new_year(year) + in_year - _UNIX_EPOCH
    leap = _jalali_new_year(year + 1) - _jalali_new_year(year) == 366
    length = np.where(month <= 6, 31, np.where((month <= 11) | leap, 30, 29))
    return days, (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)


def to_jalali(days: Integers) -> tuple[Integers, Integers, Integers]:
    """Return year, month and day in the Jalali calendar for days since 1970-01-01: the inverse of `jalali_days`.

    Examples
    --------
    >>> days = np.array(["2025-03-20", "2025-03-21"], dtype="datetime64[D]").astype(np.int64)
    >>> [part.tolist() for part in to_jalali(days)]
    [[1403, 1404], [12, 1], [30, 1]]
    """
    since = np.asarray(days, dtype=np.int64) + _UNIX_EPOCH - _JALALI_EPOCH
    year = since * 33 // 12053 + 1  # 33 years have 12,053 days; at most one year off
    year = year + (_jalali_new_year(year + 1) <= since) - (_jalali_new_year(year) > since)
    in_year = since - _jalali_new_year(year)
    month = np.where(in_year < 186, in_year // 31, (in_year - 6) // 30) + 1
    return year, month, in_year - np.where(month <= 7, 31 * (month - 1), 30 * (month - 1) + 6) + 1


def hijri_days(year: Integers, month: Integers, day: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """Return days since 1970-01-01 for Hijri dates of the civil tabular calendar, and which of them exist.

    Eleven leap years in 30 (years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29), civil epoch 622-07-16 Julian; as in
    Reingold and Dershowitz, "Calendrical Calculations". The calendar by sighting can differ by a day or two.

    Parameters
    ----------
    year, month, day
        Arrays of equal length.

    Returns
    -------
    tuple of two arrays
        Days since 1970-01-01, and True where the date exists.

    Examples
    --------
    >>> days, exists = hijri_days(np.array([1446]), np.array([1]), np.array([1]))
    >>> days.astype("datetime64[D]"), exists
    (array(['2024-07-08'], dtype='datetime64[D]'), array([ True]))
    """
    days = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + _HIJRI_EPOCH - 385 - _UNIX_EPOCH
    leap = (11 * year + 14) % 30 < 11
    length = np.where(month % 2 == 1, 30, np.where((month == 12) & leap, 30, 29))
    return days, (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)


def gregorian_days(year: Integers, month: Integers, day: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """Return days since 1970-01-01 for Gregorian dates, and which of them exist.

    Examples
    --------
    >>> gregorian_days(np.array([2024, 2026]), np.array([2, 2]), np.array([29, 29]))[1]
    array([ True, False])
    """
    months = (year - 1970) * 12 + np.clip(month, 1, 12) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[M]").astype("datetime64[D]") - first).astype(np.int64)
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    return first.astype(np.int64) + day - 1, exists


def _jalali_new_year(year: Integers) -> Integers:
    """Return the days from the epoch to the first day of each year."""
    return np.asarray(365 * (year - 1) + (8 * year + 21) // 33)

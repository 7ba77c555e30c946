"""Dates with the month's name: taken apart one by one, their months decided over the whole column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import and_
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.feedback.months import Month, folded, month_names, weekday_names
from workbench.feedback.times import TIME, has_zone, time_of_day

ANY_DAY: Final = 0b111_1111  # no weekday is named
_TIME: Final = re.compile(rf"(?<![\d:]){TIME}(?![\d:])(?![^\W\d_])")
_TOKEN: Final = re.compile(r"\d+|[^\d\s.,،;:·|/\-()\[\]]+")
_SHAPE: Final = re.compile(r"(?=.*[^\W\d_])(?=.*\d)(?=.*(?<!\d)(?:\d\d|\d{4})(?!\d))", re.DOTALL)
_LONGEST_NAME: Final = 3  # words
# words that may stand in a date and change nothing: "of", "the", "at", "hour", "year", in the languages of the names
_BESIDE: Final = (
    "of the on at st nd rd th de del den der dem le la las el il lo los a à às al alle o os em dia día am um uhr er re"
    " h hrs om kl klo ob u saat günü tarihinde yılı d m г года год году р року рік в во го е й ж м م ه ق ش في يوم روز"
    " شهر ماه من المبارك عام سنة سال ساعت الساعة هجري هجرية هجری ميلادي ميلادية میلادی شمسی قمری خورشیدی"
    " ہجری hicri ah ap को बजे"
)
_NO_PART: Final = frozenset(["", *map(folded, _BESIDE.split())])


class NamedDate(NamedTuple):
    """One date as it is written: `name` is a place in the names of months, `weekdays` a bit for each day it can be."""

    day: int
    name: int
    year: int
    weekdays: int
    nanoseconds: int
    zone: bool
    readable: bool


def take_apart(text: str) -> NamedDate | None:
    """Return the parts of a date with the month's name, or None if `text` is no such date.

    Read are day, name and year in the orders of the world, with a time and a weekday before or behind. Two numbers
    are needed: "March 2025" is no date. Two digits are a year only in the last place. Any other word makes it no date.

    Parameters
    ----------
    text
        A text whose digits were folded.

    Examples
    --------
    >>> for text in ("Wed, 12 Mar 2025 14:03 UTC", "12 de marzo de 2025", "March 12, 2025", "2025 m. kovo 12 d."):
    ...     part = take_apart(text)
    ...     print(part.day, part.year, part.weekdays, part.zone)
    12 2025 4 True
    12 2025 127 False
    12 2025 127 False
    12 2025 127 False
    >>> take_apart("12 March or 13 March 2025"), take_apart("March 2025"), take_apart("mid March 2025")
    (None, None, None)
    """
    if not _SHAPE.match(text):
        return None
    time = _TIME.search(text)
    rest = f"{text[:time.start()]} {text[time.end():]}" if time else text
    tokens = _TOKEN.findall(rest)
    numbers = [place for place, token in enumerate(tokens) if token.isdecimal()]
    found = _words(tokens)
    if found is None or len(numbers) != 2:
        return None
    at, name, weekdays = found
    order = _day_and_year([tokens[place] for place in numbers], [place < at for place in numbers])
    if order is None:
        return None
    moment = time_of_day(time) if time else 0
    return NamedDate(order[0], name, order[1], weekdays, moment or 0, time is not None and has_zone(time),
                     moment is not None)


def decide_months(names: NDArray[np.int64]) -> list[Month | None]:
    """Return the month that each name of a column stands for, in the order of the names.

    A name that different languages give to different months (``listopad`` is November in Polish and Czech, October in
    Croatian) is that of the language which knows most dates of the column; None where no language does.

    Parameters
    ----------
    names
        For each date of the column, the place of its month's name.

    Examples
    --------
    >>> column = [take_apart(text).name for text in ("5 listopada 2025", "12 grudnia 2025")]
    >>> decide_months(np.array(column))[column[0]], decide_months(np.array(column[:1]))[column[0]]
    (('gregorian', 11), None)
    """
    counts = np.bincount(names, minlength=len(_names()))
    rows: dict[str, int] = {}
    for name, count in zip(_names(), counts.tolist(), strict=True):
        for language in frozenset().union(*month_names()[name].values()) if count else ():
            rows[language] = rows.get(language, 0) + count
    return [_most_heard(month_names()[name], rows) for name in _names()]


def _most_heard(months: dict[Month, frozenset[str]], rows: dict[str, int]) -> Month | None:
    if len(months) == 1:
        return next(iter(months))
    heard = {month: max(rows.get(language, 0) for language in languages) for month, languages in months.items()}
    best = [month for month, count in heard.items() if count == max(heard.values())]
    return best[0] if len(best) == 1 else None


def _words(tokens: Sequence[str]) -> tuple[int, int, int] | None:
    """Return where the month's name stands, which it is and the weekdays that are named; None if a word is neither."""
    months: list[tuple[int, str]] = []
    days: list[int] = []
    place = 0
    while place < len(tokens):
        if tokens[place].isdecimal() or folded(tokens[place]) in _NO_PART:
            place += 1
            continue
        for length in range(_LONGEST_NAME, 0, -1):
            word = folded("".join(tokens[place:place + length]))
            if word in month_names() or word in weekday_names():
                break
        else:
            return None
        if word in month_names():
            months.append((place, word))
        else:
            days.append(weekday_names()[word])
        place += length
    if len(months) > 1 and not _agree(word for _, word in months):  # "mar 12 ago": a weekday, and the month
        days += [weekday_names()[word] for _, word in months if word in weekday_names()]
        months = [(place, word) for place, word in months if word not in weekday_names()]
    if not months or not _agree(word for _, word in months):
        return None
    place, word = min(months, key=lambda each: len(month_names()[each[1]]))
    return place, _places()[word], reduce(and_, days, ANY_DAY)


def _agree(words: Iterable[str]) -> bool:
    """Return whether all names can be of the same month, as in ``آذار (مارس)``."""
    return bool(set.intersection(*(set(month_names()[word]) for word in words)))


def _day_and_year(numbers: Sequence[str], before: Sequence[bool]) -> tuple[int, int] | None:
    first, second = numbers
    year_first = len(first) == 4 and len(second) <= 2 and before[0]
    day_first = len(first) <= 2 and len(second) in (2, 4) and not before[1]
    if year_first:
        return int(second), int(first)
    return (int(first), int(second)) if day_first else None


@cache
def _names() -> tuple[str, ...]:
    return tuple(month_names())


@cache
def _places() -> dict[str, int]:
    return {name: place for place, name in enumerate(_names())}

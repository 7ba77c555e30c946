"""The report's sentences in each language, and its numbers and dates in that language's digits.

One TOML file a language. A message is a text with ``{name}`` placeholders, or a table of plural forms
(``one``, ``few``, ``other``, ...) of which the placeholder ``count`` picks one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from workbench.charts.numerals import direction_of, format_number, format_share, in_digits_of, written_in_digits_of
from workbench.errors import InputError, did_you_mean

FOLDER = Path(__file__).parent / "messages"
PLURAL_FORMS = frozenset(("zero", "one", "two", "few", "many", "other"))
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


_DATE_FORMS = {"de": "d. MMMM y", "es": "d 'de' MMMM 'de' y"}
JALALI_MONTHS = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")


def date_form(language: str, with_day: bool = True) -> str:
    """Return the pattern of a date written out, as Babel takes it.

    Examples
    --------
    >>> date_form("de"), date_form("es", with_day=False), date_form("fa")
    ('d. MMMM y', "MMMM 'de' y", 'd MMMM y')
    """
    form = _DATE_FORMS.get(language, "d MMMM y")
    return form if with_day else form[form.index("MMMM"):]


def jalali_date(day: date) -> str:
    """Return a day in the Jalali calendar, written out in Persian.

    Examples
    --------
    >>> jalali_date(date(2025, 3, 21))
    '۱ فروردین ۱۴۰۴'
    """
    import numpy as np

    from workbench.feedback.calendars import to_jalali

    since = date(day.year, day.month, day.day).toordinal() - date(1970, 1, 1).toordinal()
    year, month, number = (int(part[0]) for part in to_jalali(np.array([since])))
    return in_digits_of(f"{number} {JALALI_MONTHS[month - 1]} {year}", "fa")


@dataclass(frozen=True)
class Messages:
    """All texts of one language. Call it with a key and the values of the placeholders.

    Examples
    --------
    >>> for language in ("en", "ar", "fa"):
    ...     m = load_messages(language)
    ...     print(m("page.figures", count=3), m.percent(0.25), m.direction)
    3 figures 25% ltr
    3 رسوم بيانية 25% rtl
    ۳ نمودار ۲۵٪ rtl
    """

    language: str
    texts: Mapping[str, Any] = field(repr=False)

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return the message with its placeholders filled; numbers are written in the language's digits.

        Parameters
        ----------
        key
            Section and name, such as ``"page.contents"``.
        values
            One for each placeholder. The result is plain text: escape it where it goes into HTML.

        Raises
        ------
        InputError
            When there is no such message, or a placeholder has no value.
        """
        text = self._find(key)
        if isinstance(text, Mapping):
            text = self._plural(key, text, values)
        text = written_in_digits_of(text, self.language)  # before a customer's words stand in it
        return _PLACEHOLDER.sub(lambda match: self._written(key, match[1], values), text)

    @property
    def direction(self) -> str:
        """``"rtl"`` or ``"ltr"``."""
        return direction_of(self.language)

    def number(self, value: Any, digits: int = 0) -> str:
        """Return a number with separators in the language's digits; an en dash where it is missing."""
        return format_number(value, digits, self.language)

    def percent(self, share: Any, digits: int = 0) -> str:
        """Return a share from 0 to 1 as a percentage in the language's digits."""
        return format_share(share, digits, self.language)

    def confidence(self, share: float) -> str:
        """Return the confidence of intervals as it was stated, such as ``95%`` or ``99.5%``."""
        return self.percent(share, 0 if round(share * 100, 6).is_integer() else 1)

    def date(self, day: date) -> str:
        """Return a date (or the date of a time) written out, such as ``21 November 2025``.

        In Persian, the date of the Jalali calendar comes first: ``۳۰ آبان ۱۴۰۴ (۲۱ نوامبر ۲۰۲۵)``.
        """
        from babel.dates import format_date

        written = in_digits_of(format_date(day, date_form(self.language), locale=self.language), self.language)
        return f"{jalali_date(day)} ({written})" if self.language == "fa" else written

    def prose(self, notebook: str, cell_id: str) -> str | None:
        """Return the translation of a notebook's markdown cell, or None where the source stands."""
        text = self.texts.get("prose", {}).get(notebook, {}).get(cell_id)
        return written_in_digits_of(text, self.language) if isinstance(text, str) else None

    def _find(self, key: str) -> Any:
        found: Any = self.texts
        for part in key.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, str) or (isinstance(found, Mapping) and found.keys() <= PLURAL_FORMS and found):
            return found
        hint = did_you_mean(key, message_keys(self.texts))
        raise InputError(f"there is no message {key!r} in {self.language}.toml{hint}.")

    def _plural(self, key: str, forms: Mapping[str, str], values: Mapping[str, Any]) -> str:
        from babel import Locale

        if "count" not in values:
            raise InputError(f"the message {key!r} has plural forms and needs the value 'count'.")
        form = Locale.parse(self.language).plural_form(values["count"])
        return forms.get(form, forms["other"])

    def _written(self, key: str, name: str, values: Mapping[str, Any]) -> str:
        if name not in values:
            raise InputError(f"the message {key!r} needs a value for {{{name}}}.")
        value = values[name]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.number(value, 0 if float(value).is_integer() else 1)
        return self.date(value) if isinstance(value, date) else str(value)


def available_languages() -> list[str]:
    """Return the languages that reports can be written in.

    Examples
    --------
    >>> {"ar", "en", "fa"} <= set(available_languages())
    True
    """
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def load_messages(language: str) -> Messages:
    """Return the messages of a language.

    Parameters
    ----------
    language
        ISO 639-1, one of `available_languages`.

    Raises
    ------
    InputError
        When there is no message file for the language.

    Examples
    --------
    >>> [load_messages(language)("page.contents") for language in ("en", "ar", "fa")]
    ['Contents', 'المحتويات', 'فهرست']
    """
    known = available_languages()
    if language not in known:
        raise InputError(f"reports are written in {', '.join(known)}, not in {language!r}.")
    return Messages(language, tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")))


def message_keys(texts: Mapping[str, Any]) -> list[str]:
    """Return the keys of all messages; plural forms count as one message.

    Examples
    --------
    >>> message_keys({"page": {"contents": "Contents", "figures": {"one": "a figure", "other": "figures"}}})
    ['page.contents', 'page.figures']
    """
    keys = []
    for name, value in texts.items():
        if isinstance(value, Mapping) and not value.keys() <= PLURAL_FORMS:
            keys += [f"{name}.{key}" for key in message_keys(value)]
        else:
            keys.append(name)
    return keys


def placeholders(message: str | Mapping[str, str]) -> set[str]:
    """Return the names that a message (in its widest plural form) wants values for.

    Examples
    --------
    >>> sorted(placeholders("{low} to {high}"))
    ['high', 'low']
    """
    return set(_PLACEHOLDER.findall(message if isinstance(message, str) else message["other"]))

"""Numbers as a reader of the report's language writes them: Persian digits in Persian, Latin digits elsewhere.

One policy for tables, sentences and charts. Babel is asked for separators and the place of the percent sign, but not in
Arabic and Persian, where its data mix Latin digits with Arabic separators.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from numbers import Real
from typing import Any

DIGITS = {"latin": "", "persian": "۰۱۲۳۴۵۶۷۸۹", "arabic": "٠١٢٣٤٥٦٧٨٩"}
USUAL_DIGITS = {"fa": "persian"}  # all other languages write Latin ones unless a study says otherwise
_chosen = dict(USUAL_DIGITS)
_RIGHT_TO_LEFT = ("ar", "fa")
_LEFT_TO_RIGHT_MARK = "\u200e"
_WRITTEN = re.compile(r"(?<![A-Za-z\d])\d+(?:[.,٫٬]\d+)*[%٪]?")  # not the 1 of F1
_TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬٪", "01234567890123456789.,%")


def direction_of(language: str) -> str:
    """Return ``"rtl"`` for a language that is written from right to left, else ``"ltr"``.

    Examples
    --------
    >>> [direction_of(language) for language in ("en", "ar", "fa")]
    ['ltr', 'rtl', 'rtl']
    """
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def choose_digits(language: str, kind: str | None = None) -> None:
    """Write a language's numbers in digits of a kind from here on, in this process: a page has one policy throughout.

    Parameters
    ----------
    language
        ISO 639-1.
    kind
        One of `DIGITS`; None for what is usual in the language.

    Examples
    --------
    >>> choose_digits("ar", "arabic")
    >>> format_share(0.125, 1, "ar"), in_digits_of("2025", "ar")
    ('١٢٫٥٪', '٢٠٢٥')
    >>> choose_digits("ar")
    >>> format_share(0.125, 1, "ar")
    '12.5%'
    """
    _chosen[language] = kind or USUAL_DIGITS.get(language, "latin")


def own_digits(language: str) -> str:
    """Return the ten digits that a language's numbers are written in; nothing where they are Latin.

    Examples
    --------
    >>> own_digits("fa"), own_digits("ar")
    ('۰۱۲۳۴۵۶۷۸۹', '')
    """
    return DIGITS[_chosen.get(language, "latin")]


def in_digits_of(text: str, language: str) -> str:
    """Return `text` with its Latin digits replaced by those of the language.

    Examples
    --------
    >>> in_digits_of("2025", "fa"), in_digits_of("2025", "ar")
    ('۲۰۲۵', '2025')
    """
    digits = own_digits(language)
    return text.translate(str.maketrans("0123456789", digits)) if digits else text


def written_in_digits_of(text: str, language: str) -> str:
    """Return a text of the report with the numbers that stand in it written as the language's other numbers are.

    Parameters
    ----------
    text
        A sentence of ours in Arabic or Persian, in whatever digits it was written; texts of other languages stay.
    language
        ISO 639-1.

    Examples
    --------
    >>> written_in_digits_of("F1 الكلي 50% (0.05)", "ar"), written_in_digits_of("آزمون دقیق، ۰٫۰۵ و ۵۰٪", "fa")
    ('F1 الكلي 50% (0.05)', 'آزمون دقیق، ۰٫۰۵ و ۵۰٪')
    >>> choose_digits("ar", "arabic")
    >>> choose_digits("fa", "latin")
    >>> written_in_digits_of("F1 الكلي 50% (0.05)", "ar"), written_in_digits_of("آزمون دقیق، ۰٫۰۵ و ۵۰٪", "fa")
    ('F1 الكلي ٥٠٪ (٠٫٠٥)', 'آزمون دقیق، 0.05 و 50%')
    >>> choose_digits("ar")
    >>> choose_digits("fa")
    """
    if language not in _RIGHT_TO_LEFT:
        return text
    marks = {**_marks(language), ord("%"): percent_pattern(language)[-1]}
    return _WRITTEN.sub(lambda number: number[0].translate(_TO_LATIN).translate(marks), text)


def format_number(value: Any, digits: int = 0, language: str = "en") -> str:
    """Return a number with thousands separators, or an en dash where there is none.

    Parameters
    ----------
    value
        Any real number; None and NaN are missing.
    digits
        Decimals to show.
    language
        ISO 639-1.

    Examples
    --------
    >>> [format_number(1234.5, 1, language) for language in ("en", "ar", "fa")]
    ['1,234.5', '1,234.5', '۱٬۲۳۴٫۵']
    >>> format_number(-3), format_number(float("nan"))
    ('−3', '–')
    """
    if not isinstance(value, Real) or value != value:
        return "–"
    text = f"{float(value):,.{digits}f}"
    negative = text.startswith("-") and bool(text.strip("-0.,"))
    text = text.lstrip("-").translate(_marks(language))
    return _minus(language) + text if negative else text


def format_share(share: Any, digits: int = 0, language: str = "en") -> str:
    """Return a share between 0 and 1 as a percentage.

    Examples
    --------
    >>> [format_share(0.125, 1, language) for language in ("en", "ar", "fa")]
    ['12.5%', '12.5%', '۱۲٫۵٪']
    """
    number = format_number(float(share) * 100 if isinstance(share, Real) else share, digits, language)
    return number if number == "–" else percent_pattern(language).replace("#", number)


@cache
def separators(language: str) -> tuple[str, str]:
    """Return the marks of decimals and of thousands in a language that writes Latin digits.

    Examples
    --------
    >>> [separators(language) for language in ("en", "ar", "de", "tr")]
    [('.', ','), ('.', ','), (',', '.'), (',', '.')]
    """
    if language in ("en", *_RIGHT_TO_LEFT):
        return ".", ","
    from babel import Locale

    symbols = Locale.parse(language).number_symbols["latn"]
    return symbols["decimal"], symbols["group"]


def percent_pattern(language: str) -> str:
    """Return how a percentage is written, with ``#`` for the number.

    Examples
    --------
    >>> [percent_pattern(language) for language in ("en", "fa", "de", "tr")]
    ['#%', '#٪', '#\xa0%', '%#']
    """
    if language in ("en", *_RIGHT_TO_LEFT):
        return "#٪" if own_digits(language) else "#%"
    return _babel_percent(language)


@cache
def _babel_percent(language: str) -> str:
    from babel import Locale

    pattern = Locale.parse(language).percent_formats[None].pattern
    return str(pattern).replace("#,##0", "#")


def _marks(language: str) -> Mapping[int, int | str]:
    digits = own_digits(language)
    if digits:
        return str.maketrans("0123456789.,", f"{digits}٫٬")
    decimal, thousands = separators(language)
    return {ord("."): decimal, ord(","): thousands}


def _minus(language: str) -> str:
    # Without the mark, a right-to-left paragraph moves the sign to the number's other side.
    return (_LEFT_TO_RIGHT_MARK if direction_of(language) == "rtl" else "") + "−"

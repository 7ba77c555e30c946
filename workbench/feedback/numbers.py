"""Numbers, flags and fixed choices as people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from workbench.feedback.digits import fold_digits
from workbench.feedback.letters import INVISIBLE
from workbench.feedback.missing import as_texts, is_missing

_YES: Final = frozenset("true t yes y 1 ja j oui sí si sim evet e نعم بله بلی да 是 はい हाँ हां wahr vrai".split())  # noqa: SIM905
_NO: Final = frozenset("false f no n 0 nein non não nee hayır hayir لا خیر نه нет 否 いいえ नहीं falsch faux".split())  # noqa: SIM905
_LEFT_OUT: Final = re.compile(rf"[\s'’٬{INVISIBLE}]+")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[. ']\d{3})+),(?:\d{1,2}|\d{4,})")
_POINT_GROUPS: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMA_GROUPS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# between an answer and the highest one possible: 9/10, 9 out of 10, 9 von 10, ٩ من ١٠, ۹ از ۱۰
_OF_SCALE: Final = re.compile(r"(.*\d)\s*(?:[/／⁄]|\b(?:out\s+of|of|von|sur|de|sobre|su|van|из|من|از)\b)\s*(\d{1,3})")


def split_scales(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return answers without the scale that is written behind them, and that scale: 9 and 10 of ``9/10``.

    Examples
    --------
    >>> answers, highest = split_scales(pd.Series(["٧/١٠", "4 von 5", "8", "2026/3/1"]))
    >>> answers.tolist(), highest.tolist()
    (['7', '4', '8', '2026/3/1'], [10.0, 5.0, nan, nan])
    """
    found = [_OF_SCALE.fullmatch(fold_digits(value).strip().lower()) if isinstance(value, str) else None
             for value in values]
    scaled = [match if match and not re.search(r"[/／⁄]", match[1]) else None for match in found]
    answers = [match[1] if match else value for match, value in zip(scaled, values, strict=True)]
    highest = [float(match[2]) if match else np.nan for match in scaled]
    return pd.Series(answers, index=values.index, dtype=object), pd.Series(highest, index=values.index, dtype="float64")


def read_numbers(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return a column of numbers, and which of its values could be read.

    Digits of every script, decimal point or comma, and grouped thousands are read. A lone comma before three
    digits (``1,234``) groups thousands unless another value of the column shows that the comma is decimal, and a lone
    point is decimal unless another value (``1.234.567`` or ``1.234,5``) shows that points group.

    Parameters
    ----------
    values
        Texts or numbers; missing values stay missing and count as read.

    Returns
    -------
    numbers : pandas.Series
        float64, NaN where missing or not readable.
    readable : pandas.Series
        bool; False for what is no finite number.

    Examples
    --------
    >>> numbers, readable = read_numbers(pd.Series(["۷", "8,5", "1.234,5", "inf", "NA"]))
    >>> numbers.tolist(), readable.tolist()
    ([7.0, 8.5, 1234.5, nan, nan], [True, True, True, False, True])
    """
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers = values.astype("float64")
        readable = numbers.isna() | np.isfinite(numbers)
        return numbers.where(np.isfinite(numbers)), readable
    missing = is_missing(values)
    texts = [fold_digits(_LEFT_OUT.sub("", text)) for text in as_texts(values[~missing])]
    comma = any(_DECIMAL_COMMA.fullmatch(text) or (text.count(".") > 1 and _POINT_GROUPS.fullmatch(text))
                for text in texts)
    plain = [_plain(text, comma) for text in texts]
    found = [float(text) if _NUMBER.fullmatch(text) else np.nan for text in plain]
    numbers = pd.Series(np.nan, index=values.index, dtype="float64")
    numbers[~missing] = np.array(found, dtype="float64")
    numbers = numbers.where(np.isfinite(numbers))
    return numbers, missing | numbers.notna()


def read_flags(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return a column of yes and no as a nullable boolean, and which of its values could be read.

    Examples
    --------
    >>> flags, readable = read_flags(pd.Series(["yes", "نه", "", "perhaps"]))
    >>> flags.tolist(), readable.tolist()
    ([True, False, <NA>, <NA>], [True, True, True, False])
    """
    missing = is_missing(values)
    words = [fold_digits(text).strip().lower() for text in as_texts(values)]
    found = [True if word in _YES else False if word in _NO else pd.NA for word in words]
    flags = pd.Series(found, index=values.index, dtype="boolean").mask(missing, pd.NA)
    return flags, missing | flags.notna()


def read_choices(values: pd.Series, choices: Sequence[str]) -> tuple[pd.Series, pd.Series]:
    """Return a column of fixed words in lower case, and which of its values are among `choices`.

    Examples
    --------
    >>> read_choices(pd.Series(["Survey", "fax", ""]), ["survey"])[1].tolist()
    [True, False, True]
    """
    missing = is_missing(values)
    words = pd.Series([text.strip().lower() for text in as_texts(values)], index=values.index, dtype=object)
    known = words.isin(choices)
    return words.where(known & ~missing, None), missing | known


def _plain(text: str, comma: bool) -> str:
    """Return a written number with a decimal point and no groups."""
    if comma and _POINT_GROUPS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if comma and text.count(",") == 1 and "." not in text:
        return text.replace(",", ".")
    if _COMMA_GROUPS.fullmatch(text):
        return text.replace(",", "")
    if _DECIMAL_COMMA.fullmatch(text) or (text.count(".") > 1 and _POINT_GROUPS.fullmatch(text)):
        return text.replace(".", "").replace(",", ".")
    return text

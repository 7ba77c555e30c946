"""What counts as an empty cell, and every kind of cell as text."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

# what exports write for "no value" in columns of numbers, dates, flags and ids of customers; elsewhere these are words
MISSING_MARKS: Final = frozenset({
    "", "<na>", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "nat", "-", "--", "–", "—", ".",
})


def is_missing(values: pd.Series) -> pd.Series:
    """Return where a column of numbers, dates or flags has no value.

    Examples
    --------
    >>> is_missing(pd.Series(["7", "n/a", " ", None, "0"])).tolist()
    [False, True, True, True, False]
    """
    found = [value is None or str(value).strip().lower() in MISSING_MARKS for value in values.astype(object)]
    return pd.Series(found, index=values.index, dtype=bool)


def as_texts(values: pd.Series) -> list[str]:
    """Return every cell as text: whole numbers without a point, times in ISO form.

    Examples
    --------
    >>> as_texts(pd.Series([7.0, "007", True], dtype=object))
    ['7', '007', 'true']
    """
    return [as_text(value) or "" for value in values.astype(object)]


def as_text(value: Any) -> str | None:
    """Return one cell as text, or None if it is empty.

    Examples
    --------
    >>> [as_text(value) for value in (7.0, "NA", None, float("nan"))]
    ['7', 'NA', None, None]
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    return value.isoformat() if isinstance(value, datetime | date) else str(value)

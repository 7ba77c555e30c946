"""Cells as typed columns, and what is wrong with each row.

Every fault has a fixed word. A row with several is rejected for the first in this order, and all are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from workbench.columns import COMMENTS, Column
from workbench.errors import FeedbackError
from workbench.feedback.dates import Calendar, read_dates
from workbench.feedback.missing import as_text
from workbench.feedback.numbers import read_choices, read_flags, read_numbers

REASONS: Final = (
    "broken_row", "missing_id", "empty_text", "bad_date", "bad_nps", "bad_rating", "bad_effort", "bad_number",
    "bad_flag", "bad_choice", "duplicate_id",
)
_BY_NAME: Final = {column.name: column for column in COMMENTS}
_OWN_REASON: Final = {"nps": "bad_nps", "rating": "bad_rating", "effort": "bad_effort"}

Fault = tuple[str, str, "pd.Series[bool]"]


def check_cells(columns: Mapping[str, list[Any]], calendar: Calendar | None = None
                ) -> tuple[pd.DataFrame, list[Fault], list[str]]:
    """Return typed columns, the faults found in them, and sentences on how they were read.

    Parameters
    ----------
    columns
        Cells under their contract names; further columns become text.
    calendar
        The calendar of years 1300 to 1499, when it is known.

    Returns
    -------
    table : pandas.DataFrame
        One row a cell; every contract column of its kind.
    faults : list of (reason, detail, mask)
        One entry a column with faults; the mask is True where the row has it.
    readings : list of str

    Examples
    --------
    >>> table, faults, _ = check_cells({"text": ["gut", "NA", " "], "nps": ["۱۱", "9", ""]})
    >>> [(reason, detail, mask.tolist()) for reason, detail, mask in faults]  # doctest: +NORMALIZE_WHITESPACE
    [('empty_text', 'text is empty.', [False, False, True]),
     ('bad_nps', 'nps should be a number from 0 to 10.', [True, False, False])]
    """
    raw = {name: pd.Series(cells, dtype=object) for name, cells in columns.items()}
    typed: dict[str, pd.Series] = {}
    faults: list[Fault] = []
    told: list[str] = []
    for column in COMMENTS:
        if column.name in raw:
            typed[column.name], found = _read_column(column, raw[column.name], told, calendar)
            faults += [(reason, detail, mask) for reason, detail, mask in found if mask.any()]
    if "rating" in typed:
        typed, found = _check_rating(typed, told)
        faults += [(reason, detail, mask) for reason, detail, mask in found if mask.any()]
    further = {name: _text(cells, strip=False) for name, cells in raw.items() if name not in _BY_NAME}
    return pd.DataFrame({**typed, **further}), sorted(faults, key=lambda fault: REASONS.index(fault[0])), told


def check_constants(constants: Mapping[str, Any]) -> None:
    """Raise if a constant is no value that its column can have.

    Raises
    ------
    FeedbackError
        Naming the column and what it expects.

    Examples
    --------
    >>> check_constants({"source": "fax"})
    Traceback (most recent call last):
    workbench.errors.FeedbackError: The constant for source does not fit: source should be one of survey, review, \
ticket, call, chat, social, interview.
    """
    for name, value in constants.items():
        _, faults, _ = check_cells({name: [value]})
        if faults:
            raise FeedbackError(f"The constant for {name} does not fit: {faults[0][1]}")


def _read_column(column: Column, cells: pd.Series, told: list[str], calendar: Calendar | None
                 ) -> tuple[pd.Series, list[Fault]]:
    name = column.name
    if column.kind == "time":
        times, readable, reading = read_dates(cells, calendar=calendar)
        told.append(f"{name}: {reading}")
        return times, [("bad_date", f"{name} should be a date that exists, such as 2026-03-14.", ~readable)]
    if column.kind == "number":
        return _read_number(column, cells)
    if column.kind == "flag":
        flags, readable = read_flags(cells)
        return flags, [("bad_flag", f"{name} should be yes or no.", ~readable)]
    if column.choices:
        words, readable = read_choices(cells, column.choices)
        return _text(words), [("bad_choice", f"{name} should be one of {', '.join(column.choices)}.", ~readable)]
    if name == "text":
        text = _text(cells, strip=False)
        return text, [("empty_text", "text is empty.", text.isna() | (text.fillna("").str.strip() == ""))]
    text = _text(cells)
    if name == "feedback_id":
        cut = int(text.str.fullmatch(r"\d[.,]\d+[eE]\+\d+").fillna(False).astype(bool).sum())
        if cut:
            told.append(f"feedback_id: {cut} ids look like 5.7E+17, cut short by a spreadsheet; "
                        "different comments may share one.")
        return text, [("missing_id", "feedback_id is empty.", text.isna())]
    return text, []


def _read_number(column: Column, cells: pd.Series) -> tuple[pd.Series, list[Fault]]:
    numbers, readable = read_numbers(cells)
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    inside = numbers.isna() | numbers.between(low, high)
    reason = _OWN_REASON.get(column.name, "bad_number")
    limits = (f" from {column.low:g} to {column.high:g}" if column.low is not None and column.high is not None
              else f" from {column.low:g} on" if column.low is not None else "")
    return numbers.where(inside), [(reason, f"{column.name} should be a number{limits}.", ~(readable & inside))]


def _check_rating(typed: dict[str, pd.Series], told: list[str]) -> tuple[dict[str, pd.Series], list[Fault]]:
    """Fill in the highest possible rating where it is not stated: 5 unless ratings from 5 to 10 occur."""
    rating = typed["rating"]
    stated = typed.get("rating_max", pd.Series(np.nan, index=rating.index))
    unstated = rating[stated.isna() & rating.le(10)]
    default = 10.0 if (unstated > 5).any() else 5.0
    if (stated.isna() & rating.notna()).any():
        told.append(f"rating: taken as out of {default:g}, because no rating_max is stated.")
    highest = stated.fillna(default)
    above = rating > highest
    filled = {**typed, "rating": rating.mask(above), "rating_max": highest}
    order = [column.name for column in COMMENTS if column.name in filled]
    return ({name: filled[name] for name in order},
            [("bad_rating", "rating should not be above rating_max (10 at most where none is stated).", above)])


def _text(cells: pd.Series, strip: bool = True) -> pd.Series:
    """Return cells as text; empty ones, and those of spaces where the outer ones do not count, are missing."""
    texts = [as_text(cell) for cell in cells]
    if strip:
        texts = [text.strip() if text else text for text in texts]
    return pd.Series([text or None for text in texts], index=cells.index, dtype="str")

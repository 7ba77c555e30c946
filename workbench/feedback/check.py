"""Cells as typed columns, and what is wrong with each row.

Every fault has a fixed word. A row with several is rejected for the first in this order, and all are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.columns import COMMENTS, Column
from workbench.errors import FeedbackError
from workbench.feedback.calendars import Calendar
from workbench.feedback.cells import TEXT, Cells, distinct, text_column
from workbench.feedback.dates import read_distinct_dates
from workbench.feedback.missing import is_missing
from workbench.feedback.numbers import read_choices, read_flags, read_numbers, split_scales

REASONS: Final = (
    "broken_row", "missing_id", "empty_text", "bad_date", "bad_nps", "bad_rating", "bad_effort", "bad_number",
    "bad_flag", "bad_choice", "duplicate_id", "forgotten",
)
_BY_NAME: Final = {column.name: column for column in COMMENTS}
_OWN_REASON: Final = {"nps": "bad_nps", "rating": "bad_rating", "effort": "bad_effort"}

Fault = tuple[str, str, "pd.Series[bool]"]


def check_cells(columns: Mapping[str, Sequence[Any]], calendar: Calendar | None = None
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
    typed: dict[str, pd.Series] = {}
    faults: list[Fault] = []
    told: list[str] = []
    for column in COMMENTS:
        if column.name in columns:
            texts = Cells.of(columns[column.name]).texts()
            typed[column.name], found = check_column(column, texts, told, calendar)
            faults += [(reason, detail, mask) for reason, detail, mask in found if mask.any()]
    if "rating" in typed:
        places, values = distinct(Cells.of(columns["rating"]).texts())
        typed, found = _check_rating(typed, _at(split_scales(values)[1], places), told)
        faults += [(reason, detail, mask) for reason, detail, mask in found if mask.any()]
    further = {name: text_column(Cells.of(cells).texts()) for name, cells in columns.items() if name not in _BY_NAME}
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


def check_column(column: Column, texts: pa.ChunkedArray, told: list[str], calendar: Calendar | None
                 ) -> tuple[pd.Series, list[Fault]]:
    """Return a column as its contract states it and what is wrong in it; how dates were read is added to `told`.

    Examples
    --------
    >>> check_column(COMMENTS[0], Cells.of([" a "]).texts(), [], None)[0].tolist()
    ['a']
    """
    name = column.name
    if name == "text":
        text = text_column(texts)
        return text, [("empty_text", "text is empty.", _blank(texts))]
    places, values = distinct(texts)
    if column.kind == "time":
        times, readable, reading = read_distinct_dates(values, places, calendar)
        told.append(f"{name}: {reading}")
        return pd.Series(times), [(
            "bad_date", f"{name} should be a date that exists, such as 2026-03-14.", pd.Series(~readable))]
    if column.kind == "number":
        return _read_number(column, values, places, told)
    if column.kind == "flag":
        flags, known = read_flags(values)
        return pd.Series(flags.array.take(places)), [
            ("bad_flag", f"{name} should be yes or no.", _at(~known, places))]
    if column.choices:
        words, known = read_choices(values, column.choices)
        return _texts_at(words.tolist(), places), [
            ("bad_choice", f"{name} should be one of {', '.join(column.choices)}.", _at(~known, places))]
    stripped = [value.strip() if value else value for value in values]
    text = text_column(texts) if stripped == values.tolist() else _texts_at(stripped, places)
    if name in ("customer_id", "account_id"):
        nobody = is_missing(values) & values.notna() & (values != "")
        if nobody.any():
            told.append(f"{name}: {', '.join(sorted(set(map(str, values[nobody]))))} is read as no id.")
            text = text.mask(_at(nobody, places))
    if name == "feedback_id":
        cut = int(text.str.fullmatch(r"\d[.,]\d+[eE]\+\d+").fillna(False).astype(bool).sum())
        if cut:
            told.append(f"feedback_id: {cut} ids look like 5.7E+17, cut short by a spreadsheet; "
                        "different comments may share one.")
        return text, [("missing_id", "feedback_id is empty.", text.isna())]
    return text, []


def _read_number(column: Column, values: pd.Series, places: np.ndarray, told: list[str]
                 ) -> tuple[pd.Series, list[Fault]]:
    if column.name in _OWN_REASON:
        values, highest = split_scales(values)
        if column.high is not None:
            values = values.mask(highest.notna() & (highest != column.high), "another scale")
        if scaled := int(highest.notna().to_numpy()[places].sum()):
            told.append(f"{column.name}: {scaled} with the highest possible answer behind it, such as 4/5.")
    numbers, readable = read_numbers(values)
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    inside = numbers.isna() | numbers.between(low, high)
    reason = _OWN_REASON.get(column.name, "bad_number")
    limits = (f" from {column.low:g} to {column.high:g}" if column.low is not None and column.high is not None
              else f" from {column.low:g} on" if column.low is not None else "")
    return _at(numbers.where(inside), places), [
        (reason, f"{column.name} should be a number{limits}.", _at(~(readable & inside), places))]


def _check_rating(typed: dict[str, pd.Series], behind: pd.Series, told: list[str]
                  ) -> tuple[dict[str, pd.Series], list[Fault]]:
    """Fill in the highest possible rating where it is not stated: what stands `behind` the rating (``4/5``), else 5
    unless ratings from 5 to 10 occur."""
    rating = typed["rating"]
    column = typed.get("rating_max", pd.Series(np.nan, index=rating.index))
    differs = behind.notna() & column.notna() & (behind != column)
    stated = behind.where(behind >= 1).fillna(column)
    unstated = rating[stated.isna() & rating.le(10)]
    default = 10.0 if (unstated > 5).any() else 5.0
    if (stated.isna() & rating.notna()).any():
        told.append(f"rating: taken as out of {default:g}, because no rating_max is stated.")
    highest = stated.fillna(default)
    above = rating > highest
    filled = {**typed, "rating": rating.mask(above | differs), "rating_max": highest}
    order = [one.name for one in COMMENTS if one.name in filled]
    return ({name: filled[name] for name in order},
            [("bad_rating", "rating should not be above rating_max (10 at most where none is stated).", above),
             ("bad_rating", "rating has another highest answer behind it than rating_max says.", differs)])


def _blank(texts: pa.ChunkedArray) -> pd.Series[bool]:
    """Return which texts are missing or made of white space."""
    pieces = [pc.equal(pc.utf8_trim_whitespace(piece), "").fill_null(True).to_numpy(zero_copy_only=False)
              for piece in texts.chunks]
    return pd.Series(np.concatenate([np.zeros(0, bool), *pieces]))


def _at(values: pd.Series, places: np.ndarray) -> pd.Series:
    """Return for each row the value of its distinct cell."""
    return pd.Series(values.to_numpy()[places])


def _texts_at(values: Sequence[str | None], places: np.ndarray) -> pd.Series:
    return text_column(pa.chunked_array([pa.array(values, TEXT).take(pa.array(places))], TEXT))

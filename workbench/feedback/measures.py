"""Sources of numbers without text, such as visits or conversion: typed rows that stand beside the comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from workbench.columns import NUMBERS, names
from workbench.errors import FeedbackError
from workbench.feedback.calendars import Calendar
from workbench.feedback.cells import Cells, distinct, text_column
from workbench.feedback.check import Fault, check_column
from workbench.feedback.missing import is_missing
from workbench.feedback.numbers import read_numbers

_MOST: Final = 0.9  # of a column's values, when it is taken for one of numbers


def check_measures(columns: Mapping[str, Sequence[Any]], file: str, calendar: Calendar | None = None
                   ) -> tuple[pd.DataFrame, list[Fault], list[str]]:
    """Return typed columns of a source of numbers, the faults found in them, and sentences on how they were read.

    The columns of `workbench.columns.NUMBERS` are of the kinds stated there. Of the others, those with at least
    nine numbers in ten values become numbers, in which what is no number is a fault; the rest are text.

    Parameters
    ----------
    columns
        Cells by name.
    file
        What to call the source in messages.
    calendar
        The calendar of years 1300 to 1499, when it is known.

    Raises
    ------
    FeedbackError
        If no column holds numbers.

    Examples
    --------
    >>> table, faults, told = check_measures({"date": ["۱۴۰۴/۰۱/۰۱"], "visits": ["1,204"], "page": ["home"]}, "a.csv")
    >>> table.values.tolist(), told
    ([[Timestamp('2025-03-21 00:00:00'), 1204.0, 'home']], ['date: 1 year-month-day; 1 Jalali years.', \
'Numbers: visits.'])
    """
    typed: dict[str, pd.Series] = {}
    faults: list[Fault] = []
    told: list[str] = []
    measures: list[str] = []
    for column in NUMBERS:
        if column.name in columns:
            texts = Cells.of(columns[column.name]).texts()
            typed[column.name], found = check_column(column, texts, told, calendar)
            faults += found
    for name in [name for name in columns if name not in names(NUMBERS)]:
        texts = Cells.of(columns[name]).texts()
        places, values = distinct(texts)
        numbers, readable = read_numbers(values)
        stated = ~is_missing(values).to_numpy()[places]
        good = readable.to_numpy()[places]
        if stated.any() and (good & stated).sum() >= _MOST * stated.sum():
            measures.append(name)
            typed[name] = pd.Series(numbers.to_numpy()[places])
            faults.append(("bad_number", f"{name} should be a number.", pd.Series(~good)))
        else:
            typed[name] = text_column(texts)
    if not measures:
        raise FeedbackError(f"{file} is a source of numbers but has no column of numbers; it has "
                            f"{', '.join(columns)}.")
    told.append(f"Numbers: {', '.join(measures)}.")
    return pd.DataFrame(typed), [fault for fault in faults if np.any(fault[2])], told

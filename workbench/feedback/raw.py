"""What every reader of a file hands on: cells as they were found, nothing judged yet."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import numpy as np

from workbench.feedback.cells import Cells, check_width
from workbench.feedback.letters import INVISIBLE

_TITLE_ENDS: Final = re.compile(rf"^[\s{INVISIBLE}]+|[\s{INVISIBLE}]+$")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class BrokenRow:
    """A row that has no columns: where it stands, what is wrong with it, and its cells or its line."""

    number: int
    detail: str
    row: Any


@dataclass(frozen=True)
class RawTable:
    """A file as read: cells by column, the row number of each row, rows without columns, and how it was read.

    ``aside`` is a sentence on what else the file holds, for whoever misses something in it.
    """

    columns: dict[str, Cells]
    numbers: np.ndarray
    broken: list[BrokenRow] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    aside: str = ""

    def __len__(self) -> int:
        return len(self.numbers) + len(self.broken)


def table_of(header: Sequence[Any], columns: Sequence[Sequence[Any]], numbers: Sequence[int],
             broken: list[BrokenRow], readings: list[str]) -> RawTable:
    """Return a raw table of columns and their titles.

    Unnamed columns without a value are left out; others and repeated names get a number.

    Examples
    --------
    >>> table_of(["text", "", "text"], [["good"], [""], ["x"]], [2], [], []).columns
    {'text': ['good'], 'text_2': ['x']}
    """
    named: dict[str, Cells] = {}
    told = list(readings)
    check_width(sum(1 for title in header if title))
    for place, (title, cells) in enumerate(zip(header, columns, strict=True), start=1):
        name = "" if title is None else _TITLE_ENDS.sub("", clean_text(str(title)))
        if not name and all(value is None or value == "" for value in cells):
            continue
        new = free_name(name or f"column_{place}", named)
        if name and new != name:
            told.append(f"Two columns have the same name; the later one is called {new}.")
        named[new] = Cells.of(cells)
    return RawTable(named, np.array(numbers, dtype=np.int64), broken, told)


def clean_text(value: str) -> str:
    """Return `value` with half characters, which no file can hold, replaced.

    Examples
    --------
    >>> clean_text("ok \\ud83d") == "ok \\ufffd"
    True
    """
    return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)


def row_text(row: Any) -> str:
    """Return a row as JSON text, as it is kept for rejected rows.

    Examples
    --------
    >>> row_text({"text": "جيد", "nps": 7})
    '{"text": "جيد", "nps": 7}'
    """
    return clean_text(json.dumps(row, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def plain_cell(value: Any) -> Any:
    """Return a cell of a typed file as text, number, truth value, time or None; what is nested as JSON text.

    Examples
    --------
    >>> plain_cell({"a": [1]}), plain_cell(b"caf\\xc3\\xa9")
    ('{"a": [1]}', 'café')
    """
    if value is None or isinstance(value, bool | int | float | datetime | date):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict | list):
        return row_text(value)
    return str(value) if isinstance(value, Decimal) else _plain(value)


def free_name(name: str, taken: Mapping[str, Any]) -> str:
    """Return a name that is not taken: the name itself, or the name and a number.

    Examples
    --------
    >>> free_name("text", {"text": "good", "text_2": "بد"})
    'text_3'
    """
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free

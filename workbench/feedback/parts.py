"""One source, checked by itself: its rows typed, what is wrong with each, and each as it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from workbench.columns import COMMENTS, NUMBERS, names
from workbench.errors import FeedbackError
from workbench.feedback.check import Fault, check_cells, check_constants
from workbench.feedback.forgotten import DETAIL, REASON, Forgotten
from workbench.feedback.measures import check_measures
from workbench.feedback.missing import as_text
from workbench.feedback.naming import add_constants, header_below, name_columns
from workbench.feedback.raw import RawTable, plain_cell, row_text
from workbench.feedback.sources import Opened

_LOOKED_AT: Final = 20  # rows, for names of columns under a title
_CALENDARS: Final = ("gregorian", "jalali", "hijri")


@dataclass
class Part:
    """A checked source, in file order.

    ``faults`` lists what is wrong with a row by its place; a row without an entry is good. ``order`` says for each
    place which row of ``raw`` stands there: those with columns come first in it, then the broken ones. The rows at
    ``hidden`` places are of customers who asked to be forgotten and are not shown.
    """

    name: str
    kind: str
    raw: RawTable
    order: np.ndarray
    table: pd.DataFrame
    faults: dict[int, list[tuple[str, str]]]
    made_ids: bool
    readings: list[str]
    source: int = 0
    hidden: frozenset[int] = field(default_factory=frozenset)

    def __len__(self) -> int:
        return len(self.order)

    def row_numbers(self) -> np.ndarray:
        """Return the number of each row in its file."""
        broken = np.array([row.number for row in self.raw.broken], dtype=np.int64)
        return np.concatenate([self.raw.numbers, broken])[self.order]

    def rows(self, places: Sequence[int]) -> list[str]:
        """Return rows as they were read, as JSON text."""
        wanted = self.order[np.array(places, dtype=np.int64)]
        whole = wanted < len(self.raw.numbers)
        own = list(self.raw.columns)
        cells = zip(*(column.take(wanted[whole]) for column in self.raw.columns.values()), strict=True)
        found = [""] * len(wanted)
        for place, row in zip(np.flatnonzero(whole).tolist(), cells, strict=True):
            found[place] = row_text(dict(zip(own, row, strict=True)))
        for place in np.flatnonzero(~whole).tolist():
            found[place] = row_text(self.raw.broken[wanted[place] - len(self.raw.numbers)].row)
        return ["{}" if place in self.hidden else row for place, row in zip(places, found, strict=True)]

    def forget(self, forgotten: Forgotten) -> None:
        """Reject every row of a customer on the list, and hide it; broken rows are searched word by word."""
        places: list[int] = []
        if "customer_id" in self.table:
            ids = self.table["customer_id"]
            known = [value for value in ids.dropna().unique() if forgotten.knows(str(value))]
            places += np.flatnonzero(ids.isin(known)).tolist()
        broken = np.flatnonzero(self.order >= len(self.raw.numbers)).tolist()
        rows = [self.raw.broken[at].row for at in self.order[broken] - len(self.raw.numbers)]
        places += [place for place, row in zip(broken, rows, strict=True) if forgotten.stands_in(row)]
        self.hidden = frozenset(places)
        self.faults.update((place, [(REASON, DETAIL)]) for place in sorted(self.hidden))


def check_source(opened: Opened, forgotten: Forgotten | None = None) -> Part:
    """Return a source's rows, typed and checked.

    Parameters
    ----------
    opened
        A file or the rows of a query.
    forgotten
        Customers whose rows are rejected and hidden.

    Raises
    ------
    FeedbackError
        If it has no rows, or what is stated about it does not fit.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_text("text,nps\\nextra,1,2\\ngut,11\\n", encoding="utf-8")
    >>> part = check_source(Opened("a.csv", file))
    >>> part.row_numbers().tolist(), part.faults
    ([2, 3], {1: [('bad_nps', 'nps should be a number from 0 to 10.')], 0: [('broken_row', '3 cells where the header \
has 2.')]})
    """
    raw = opened.read()
    if not len(raw):
        raise FeedbackError(f"{opened.name} has column names but no rows. {raw.aside}".rstrip())
    constants = {name: plain_cell(value) for name, value in opened.constants.items()}
    calendar = constants.pop("calendar", None)
    if calendar not in (None, *_CALENDARS):
        raise FeedbackError(f"The constant for calendar should be one of {', '.join(_CALENDARS)}.")
    check_constants(constants)
    numbers = opened.kind == "numbers"
    named, told_names = _named(raw, opened, names(NUMBERS if numbers else COMMENTS))
    filled, told_constants = add_constants(named, constants, len(raw.numbers))
    table, faults, told_cells = (check_measures(filled, opened.name, calendar) if numbers
                                 else check_cells(filled, calendar))
    told = [*raw.readings, *told_names, *told_constants, *told_cells]
    made_ids = not numbers and "feedback_id" not in table
    if made_ids:
        table.insert(0, "feedback_id", pd.Series(_content_ids(raw), dtype="str"))
        told.append("feedback_id: made from each row's content, because the file has none.")
    order = _file_order(raw)
    if raw.broken:
        table = table.reindex(order).reset_index(drop=True)  # a broken row has no label there and comes out empty
    part = Part(opened.name, opened.kind, raw, order, table, _by_place(faults, raw, order), made_ids, told,
                opened.source)
    if forgotten:
        part.forget(forgotten)
    return part


def _named(raw: RawTable, opened: Opened, contract: Sequence[str]) -> tuple[dict[str, Sequence[Any]], list[str]]:
    try:
        return name_columns(raw.columns, opened.columns, opened.name, contract, opened.in_study)
    except FeedbackError as error:
        first = np.arange(min(len(raw.numbers), _LOOKED_AT))
        rows = list(zip(*(column.take(first) for column in raw.columns.values()), strict=True))
        header = header_below(rows, opened.columns, contract)
        told = error if header is None else (f"The columns of {opened.name} seem to have their names in row "
                                             f"{raw.numbers[header]}: delete the rows above it.")
        raise FeedbackError(f"{told} {raw.aside}".rstrip()) from None


def _file_order(raw: RawTable) -> np.ndarray:
    broken = np.array([row.number for row in raw.broken], dtype=np.int64)
    return np.argsort(np.concatenate([raw.numbers, broken]), kind="stable")


def _by_place(faults: list[Fault], raw: RawTable, order: np.ndarray) -> dict[int, list[tuple[str, str]]]:
    place_of = np.empty(len(order), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    found: dict[int, list[tuple[str, str]]] = {}
    for reason, detail, mask in faults:
        for place in place_of[np.flatnonzero(np.asarray(mask, dtype=bool))].tolist():
            found.setdefault(place, []).append((reason, detail))
    for row, place in zip(raw.broken, place_of[len(raw.numbers):].tolist(), strict=True):
        found[place] = [("broken_row", row.detail)]
    return found


def _content_ids(raw: RawTable) -> list[str]:
    """Return an id for each row that says the same for the same content in whatever format or column order."""
    own = sorted(raw.columns)
    texts = zip(*(map(as_text, raw.columns[name]) for name in own), strict=True)
    contents = ({name: text for name, text in zip(own, row, strict=True) if text} for row in texts)
    return [hashlib.sha256(row_text(content).encode()).hexdigest()[:12] for content in contents]

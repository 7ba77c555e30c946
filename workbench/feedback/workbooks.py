"""The cells of an Excel workbook's sheet, and its formulas that no program has computed yet."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from workbench.errors import FeedbackError
from workbench.feedback.cells import check_width
from workbench.feedback.raw import plain_cell
from workbench.feedback.unpacking import Room, WorkbookArchive, check_rows, size_of

_ESCAPED: Final = re.compile("_x(00[01][0-9A-Fa-f])_")


class _Parser(WorkSheetParser):
    """Counts by column the formulas whose value is not in the file; one whose value is an empty text has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.valueless: Counter[int] = Counter()

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and cell["data_type"] != "str" and element.find(FORMULA_TAG) is not None:
            self.valueless[cell["column"]] += 1
        return cell


def rows_of(path: Path, sheet: str | None, room: Room) -> tuple[list[str], list[tuple[int, list[Any]]], dict[int, int]]:
    """Return the names of a workbook's sheets, the numbered rows of one that hold something, and missing values.

    It is the sheet that is named, else the first. Formulas without a stored value are counted by column, from 1 on.

    Raises
    ------
    FeedbackError
        If it is no workbook that can be read, or unpacks to more than there is room for.
    """
    filled: list[tuple[int, list[Any]]] = []
    try:
        with warnings.catch_warnings(), WorkbookArchive(path, room) as archive:
            warnings.simplefilter("ignore", UserWarning)  # styles and validations that are not needed here
            reader = ExcelReader(path, read_only=True, data_only=True)
            reader.archive.close()
            reader.archive = archive
            reader.read()
            book = reader.wb
            sheets = [each.title for each in book.worksheets]
            read = book.worksheets[sheets.index(sheet) if sheet in sheets else 0]
            with read._get_source() as source:
                parser = _Parser(source, read._shared_strings, data_only=True, epoch=book.epoch,
                                 date_formats=book._date_formats, timedelta_formats=book._timedelta_formats)
                for number, cells in parser.parse():
                    check_rows(number, path.name)
                    row = _trimmed(map(_shown, read._get_row(cells)))
                    check_width(len(row))
                    if row:
                        room.take(size_of(row))
                        filled.append((number, row))
    except (FeedbackError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # a damaged workbook can fail in any part of the reader
        raise FeedbackError(f"{path.name} is not a workbook that can be read: save it as .xlsx or .csv.") from None
    return sheets, filled, dict(parser.valueless)


def _shown(cell: Any) -> Any:
    """Return what a cell holds: an id such as 007 with its zeros, and the signs that workbooks write as ``_x000D_``."""
    value = cell.value
    if type(value) is int and cell.number_format.strip("0") == "":
        return str(value).zfill(len(cell.number_format))
    if not isinstance(value, str) or "_x00" not in value:
        return value
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), value)


def _trimmed(row: Iterable[Any]) -> list[Any]:
    cells = [plain_cell(value) for value in row]
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells

"""Files that hold records of their own: JSON, JSON Lines, Parquet and Excel workbooks."""

from __future__ import annotations

import json
import re
import warnings
import zipfile
from array import array
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from workbench.errors import FeedbackError, did_you_mean
from workbench.feedback.cells import Cells, Packer, RecordPacker, pack
from workbench.feedback.raw import BrokenRow, RawTable, free_name, plain_cell, table_of

_LARGEST_PART: Final = 200_000_000  # bytes, unpacked
_MOST_PACKED: Final = 200  # times; the sheets of real workbooks pack to a tenth or a thirtieth
_ESCAPED: Final = re.compile("_x(00[01][0-9A-Fa-f])_")


def read_json(text: str, name: str) -> RawTable:
    """Return the records of a JSON file: a list of objects, or an object with one such list in it.

    Row numbers count the records from 1. Numbers are kept as they were written.

    Raises
    ------
    FeedbackError
        If it is no JSON, or no list of objects can be told from others in it.

    Examples
    --------
    >>> read_json('[{"text": "gut", "nps": 9.50}, 3]', "a.json").broken
    [BrokenRow(number=2, detail='not an object with named values.', row='3')]
    """
    try:
        content = _parse(text)
    except (ValueError, RecursionError):
        raise FeedbackError(f"{name} is not valid JSON: export it again, or use CSV.") from None
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else None
    if not isinstance(content, list):
        raise FeedbackError(f"{name} should hold a list of objects, one for each comment, such as "
                            '[{"text": ...}, {"text": ...}].')
    return _from_objects(enumerate(content, start=1))


def read_json_lines(lines: Iterable[str], name: str) -> RawTable:
    """Return the records of a file with one JSON object a line; row numbers are line numbers.

    Examples
    --------
    >>> table = read_json_lines(['{"text": "خوب"}\\n', '\\n', '{"text": '], "a.jsonl")
    >>> table.numbers.tolist(), table.broken[0].number, table.broken[0].detail
    ([1], 3, 'not valid JSON.')
    """
    broken: list[BrokenRow] = []

    def records() -> Iterable[tuple[int, Any]]:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = _parse(line)
            except (ValueError, RecursionError):
                broken.append(BrokenRow(number, "not valid JSON.", line.rstrip("\r\n")))
                continue
            yield number, record

    table = _from_objects(records())
    broken = sorted([*table.broken, *broken], key=lambda row: row.number)
    return RawTable(table.columns, table.numbers, broken, table.readings)


def read_parquet(path: Path) -> RawTable:
    """Return the records of a Parquet file; row numbers count from 1.

    Raises
    ------
    FeedbackError
        If it is no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            header = list(file.schema_arrow.names)
            pieces: list[list[Any]] = [[] for _ in header]
            rows = 0
            for batch in file.iter_batches(batch_size=20_000):
                rows += batch.num_rows
                for column, piece in zip(batch.columns, pieces, strict=True):
                    piece.append(pack([plain_cell(value) for value in column.to_pylist()]))
    except (pa.ArrowException, OSError, ValueError, OverflowError):  # a date in no calendar, bytes that are no text
        raise FeedbackError(f"{path.name} is not a Parquet file that can be read: write it again or use CSV.") from None
    return table_of(header, [Cells(piece) for piece in pieces], range(1, rows + 1), [], ["Parquet file."])


def read_workbook(path: Path, sheet: str | None = None) -> RawTable:
    """Return the records of a sheet of an Excel workbook, the first if none is named; row numbers are the sheet's.

    Raises
    ------
    FeedbackError
        If it is no workbook, it has no such sheet, or the sheet is empty.
    """
    _check_size(path)
    sheets, rows = _rows_of(path, sheet)
    if sheet is not None and sheet not in sheets:
        raise FeedbackError(f"{path.name} has no sheet {sheet!r}{did_you_mean(sheet, sheets)}; it has "
                            f"{', '.join(sheets)}.")
    wanted = sheets[0] if sheet is None else sheet
    others = ", ".join(name for name in sheets if name != wanted)
    aside = f"Of {path.name} only the sheet {wanted} is read, not {others}: name one as `sheet`." if others else ""
    filled = [(number, row) for number, row in rows if row]
    if not filled:
        raise FeedbackError(f"The sheet {wanted} of {path.name} is empty. {aside}".rstrip())
    top, header = filled[0]
    width = max(len(row) for _, row in filled)
    titles = [*header, *[None] * (width - len(header))]
    told = [f"Excel workbook, sheet {wanted}."]
    told += [f"Sheets that were not read: {others}."] if others else []
    told += [f"Column names are in row {top}."] if top > 1 else []
    packer = Packer(width)
    for _, row in filled[1:]:
        packer.add([*row, *[None] * (width - len(row))])
    return replace(table_of(titles, packer.columns(), [number for number, _ in filled[1:]], [], told), aside=aside)


def _rows_of(path: Path, sheet: str | None) -> tuple[list[str], list[tuple[int, list[Any]]]]:
    """Return the names of a workbook's sheets, and the numbered rows of the one that is named, else of the first."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # styles and validations that are not needed here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            sheets = [each.title for each in book.worksheets]
            read = book.worksheets[sheets.index(sheet) if sheet in sheets else 0]
            read.reset_dimensions()  # some programs write a wrong one
            rows = [(number, _trimmed(map(_shown, row))) for number, row in enumerate(read.iter_rows(), start=1)]
            book.close()
    except Exception:  # noqa: BLE001  # a damaged workbook can fail in any part of the reader
        raise FeedbackError(f"{path.name} is not a workbook that can be read: save it as .xlsx or .csv.") from None
    return sheets, rows


def _check_size(path: Path) -> None:
    """Raise if a workbook unpacks to what no table of comments does: it would fill the memory."""
    with suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(path) as archive:
        parts = [(part.file_size, part.compress_size) for part in archive.infolist()]
        if any(size > _LARGEST_PART and size > _MOST_PACKED * packed for size, packed in parts):
            raise FeedbackError(f"{path.name} is {path.stat().st_size:,} bytes and unpacks to "
                                f"{sum(size for size, _ in parts):,}: save its comments as .csv.")


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


def _parse(text: str) -> Any:
    """Read JSON with numbers as they are written; NaN is no value, infinity stays a word.

    A name that an object gives twice gets a number the second time, as a column does.
    """
    return json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_object,
                      parse_constant=lambda word: None if word == "NaN" else word)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        found = {}
        for name, value in pairs:
            found[free_name(name, found)] = value
    return found


def _from_objects(records: Iterable[tuple[int, Any]]) -> RawTable:
    numbers, broken, packer = array("q"), [], RecordPacker()
    for number, record in records:
        if isinstance(record, dict):
            packer.add({name: plain_cell(value) for name, value in record.items()})
            numbers.append(number)
        else:
            broken.append(BrokenRow(number, "not an object with named values.", record))
    columns = packer.columns()
    return table_of(list(columns), list(columns.values()), numbers, broken, ["JSON records."])

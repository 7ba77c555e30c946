"""Files that hold records of their own: JSON, JSON Lines, Parquet and Excel workbooks."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from workbench.errors import FeedbackError
from workbench.feedback.raw import BrokenRow, RawTable, plain_cell, table_of


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
    return _from_objects(list(enumerate(content, start=1)), [])


def read_json_lines(text: str, name: str) -> RawTable:
    """Return the records of a file with one JSON object a line; row numbers are line numbers.

    Examples
    --------
    >>> table = read_json_lines('{"text": "خوب"}\\n\\n{"text": ', "a.jsonl")
    >>> table.numbers, table.broken[0].number, table.broken[0].detail
    ([1], 3, 'not valid JSON.')
    """
    records: list[tuple[int, Any]] = []
    broken: list[BrokenRow] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            records.append((number, _parse(line)))
        except (ValueError, RecursionError):
            broken.append(BrokenRow(number, "not valid JSON.", line))
    return _from_objects(records, broken)


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
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError):
        raise FeedbackError(f"{path.name} is not a Parquet file that can be read: write it again or use CSV.") from None
    header = list(table.column_names)
    columns = [[plain_cell(value) for value in table.column(place).to_pylist()] for place in range(len(header))]
    return table_of(header, list(zip(*columns, strict=True)), list(range(1, table.num_rows + 1)), [], ["Parquet file."])


def read_workbook(path: Path) -> RawTable:
    """Return the records of the first sheet of an Excel workbook; row numbers are those of the sheet.

    Raises
    ------
    FeedbackError
        If it is no workbook, or its first sheet is empty.
    """
    import zipfile

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # styles and validations that are not needed here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            sheets = book.sheetnames
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write a wrong one
            rows = [(number, _trimmed(row)) for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)]
            book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError):
        raise FeedbackError(f"{path.name} is not a workbook that can be read: save it as .xlsx or .csv.") from None
    filled = [(number, row) for number, row in rows if row]
    if not filled:
        raise FeedbackError(f"The first sheet of {path.name} ({sheets[0]}) is empty.")
    top, header = filled[0]
    width = max(len(row) for _, row in filled)
    titles = [*header, *[None] * (width - len(header))]
    told = [f"Excel workbook, sheet {sheets[0]}."]
    told += [f"{len(sheets) - 1} further sheets were not read."] if len(sheets) > 1 else []
    told += [f"Column names are in row {top}."] if top > 1 else []
    cells = [[*row, *[None] * (width - len(row))] for _, row in filled[1:]]
    return table_of(titles, cells, [number for number, _ in filled[1:]], [], told)


def _trimmed(row: Iterable[Any]) -> list[Any]:
    cells = [plain_cell(value) for value in row]
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells


def _parse(text: str) -> Any:
    """Read JSON with numbers as they are written; NaN is no value, infinity stays a word."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda word: None if word == "NaN" else word)


def _from_objects(records: list[tuple[int, Any]], broken: list[BrokenRow]) -> RawTable:
    good = [(number, record) for number, record in records if isinstance(record, dict)]
    wrong = [BrokenRow(number, "not an object with named values.", record)
             for number, record in records if not isinstance(record, dict)]
    names = sorted(set(_keys(record for _, record in good)))  # row order must not show in the columns
    rows = [[plain_cell(record.get(name)) for name in names] for _, record in good]
    broken = sorted([*broken, *wrong], key=lambda row: row.number)
    return table_of(names, rows, [number for number, _ in good], broken, ["JSON records."])


def _keys(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    for record in records:
        yield from record

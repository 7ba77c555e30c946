"""Files that hold records of their own: JSON, JSON Lines, Parquet and Excel workbooks."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from workbench.errors import FeedbackError, did_you_mean
from workbench.feedback.cells import Cells, Packer, RecordPacker, pack
from workbench.feedback.raw import BrokenRow, RawTable, free_name, plain_cell, table_of
from workbench.feedback.unpacking import Room

_BATCH: Final = 20_000  # rows of a Parquet file that are read at a time
_PIECE: Final = 50_000_000  # about so many bytes of them are held as Python values


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


def read_parquet(path: Path, room: Room) -> RawTable:
    """Return the records of a Parquet file; row numbers count from 1.

    Parameters
    ----------
    path
        A Parquet file.
    room
        What it may unpack to. What it says of itself is looked at first; what comes out is counted before it is made
        into texts, since a text that repeats takes next to nothing in the file.

    Raises
    ------
    FeedbackError
        If it is no Parquet file, or unpacks to more than there is room for.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            metadata = file.metadata
        repeating, batch_size = _look_into(metadata, room)
        with pq.ParquetFile(path, metadata=metadata, read_dictionary=repeating) as file:
            header = list(file.schema_arrow.names)
            pieces: list[list[Any]] = [[] for _ in header]
            rows = 0
            for batch in file.iter_batches(batch_size=batch_size):
                rows += batch.num_rows
                for column, piece in zip(batch.columns, pieces, strict=True):
                    size = _size_in(column)
                    room.take(size)
                    step = max(1, min(batch.num_rows, batch.num_rows * _PIECE // max(size, 1)))
                    for start in range(0, batch.num_rows, step):
                        piece.append(pack([plain_cell(value) for value in _plain(column[start:start + step])]))
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError):  # a date in no calendar, bytes that are no text
        raise FeedbackError(f"{path.name} is not a Parquet file that can be read: write it again or use CSV.") from None
    return table_of(header, [Cells(piece) for piece in pieces], range(1, rows + 1), [], ["Parquet file."])


def _look_into(metadata: Any, room: Room) -> tuple[list[str], int]:
    """Return which columns to read with each text once, and how many rows at a time; raise if too much is declared.

    A text that is written as what it shares with the one before can be as long as all of its column's together.
    """
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    room.check(8 * metadata.num_rows + sum(group.total_byte_size for group in groups))
    repeating, batch_size = [], _BATCH
    for place in range(metadata.num_columns):
        column = metadata.schema.column(place)
        chunks = [group.column(place) for group in groups]
        room.check(sum(chunk.num_values for chunk in chunks) * max(8, column.length or 0))
        if column.physical_type != "BYTE_ARRAY" or column.logical_type.type == "DECIMAL":
            continue
        if not any(encoding.startswith("DELTA") for chunk in chunks for encoding in chunk.encodings):
            repeating.append(column.path)
            continue
        longest = max((chunk.total_uncompressed_size for chunk in chunks), default=0)
        batch_size = max(1, min(batch_size, int(room.left / 8) // max(longest, 1)))
    return repeating, batch_size


def _size_in(array: Any) -> int:
    """Return about how many bytes the values of an array take once each text is written out, nested ones too."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(array, pa.DictionaryArray):
        lengths = pc.binary_length(array.dictionary).cast(pa.int64())
        return 8 * len(array) + (pc.sum(lengths.take(array.indices)).as_py() or 0)
    if isinstance(array, pa.MapArray):
        return 8 * len(array) + _size_in(array.keys) + _size_in(array.items)
    if isinstance(array, pa.ListArray | pa.LargeListArray | pa.FixedSizeListArray | pa.StructArray):
        inner = array.flatten()
        return 8 * len(array) + sum(map(_size_in, inner if isinstance(inner, list) else [inner]))
    return 8 * len(array) + int(array.nbytes)


def _plain(array: Any) -> list[Any]:
    return list((array.dictionary_decode() if hasattr(array, "dictionary_decode") else array).to_pylist())


def read_workbook(path: Path, sheet: str | None, room: Room) -> RawTable:
    """Return the records of a sheet of an Excel workbook, the first if none is named; row numbers are the sheet's.

    Raises
    ------
    FeedbackError
        If it is no workbook, it has no such sheet, the sheet is empty, or it unpacks to more than there is room for.
    """
    from workbench.feedback.workbooks import rows_of

    sheets, filled, valueless = rows_of(path, sheet, room)
    if sheet is not None and sheet not in sheets:
        raise FeedbackError(f"{path.name} has no sheet {sheet!r}{did_you_mean(sheet, sheets)}; it has "
                            f"{', '.join(sheets)}.")
    wanted = sheets[0] if sheet is None else sheet
    others = ", ".join(name for name in sheets if name != wanted)
    aside = f"Of {path.name} only the sheet {wanted} is read, not {others}: name one as `sheet`." if others else ""
    if not filled:
        raise FeedbackError(f"The sheet {wanted} of {path.name} is empty. {aside}".rstrip())
    top, header = filled[0]
    width = max(len(row) for _, row in filled)
    room.take(8 * sum(width - len(row) for _, row in filled))
    titles = [*header, *[None] * (width - len(header))]
    told = [f"Excel workbook, sheet {wanted}."]
    told += [f"Sheets that were not read: {others}."] if others else []
    told += [f"Column names are in row {top}."] if top > 1 else []
    packer = Packer(width)
    for _, row in filled[1:]:
        packer.add([*row, *[None] * (width - len(row))])
    if valueless:
        names = dict(enumerate(titles, start=1))
        counts = ", ".join(f"{names.get(at) or f'column {at}'} ({cells:,})" for at, cells in sorted(valueless.items()))
        told.append(f"Formulas whose value is not in the file are read as empty cells: {counts}. Open {path.name} in a "
                    "spreadsheet program and save it there.")
    return replace(table_of(titles, packer.columns(), [number for number, _ in filled[1:]], [], told), aside=aside)


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

"""Text with separated columns: the separator is found, and a broken row never takes the next one with it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from workbench.errors import FeedbackError
from workbench.feedback.raw import BrokenRow, RawTable, table_of

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_ONE_COLUMN: Final = "\x1f"
_LONG: Final = re.compile(r"(####|\|\|\|?|::|~\||\^\||;;|@@)")
_QUOTED: Final[dict[str, Any]] = {"quoting": csv.QUOTE_MINIMAL, "doublequote": True, "strict": True}
_UNQUOTED: Final[dict[str, Any]] = {"quoting": csv.QUOTE_NONE}
_LARGEST_FIELD: Final = 1_000_000
_LONGEST_BROKEN: Final = 20  # lines of a row with a wrong number of cells that is still taken for one row


class _Records(NamedTuple):
    header: list[str]
    rows: list[list[str]]
    numbers: list[int]
    broken: list[BrokenRow]


def read_delimited(text: str, name: str, suffix: str) -> RawTable:
    """Return the cells of a file with separated columns; rows with too many or too few cells are broken rows.

    The separator is the one of comma, semicolon, tab and vertical bar that parts the first fifty rows most evenly.
    Row numbers are those that a spreadsheet shows: the header is row 1 and a cell may hold line breaks.

    Parameters
    ----------
    text
        The decoded file.
    name
        What to call the file in messages.
    suffix
        Its suffix; ``.tsv`` and ``.tab`` prefer the tab.

    Raises
    ------
    FeedbackError
        If the file is empty, has no header, or its columns are parted by several characters.

    Examples
    --------
    >>> table = read_delimited("id;text\\n1;gut\\n2;lent;cher\\n", "a.csv", ".csv")
    >>> table.columns, table.numbers
    ({'id': ['1'], 'text': ['gut']}, [2])
    >>> table.broken
    [BrokenRow(number=3, detail='3 cells where the header has 2.', row=['2', 'lent', 'cher'])]
    """
    lines = io.StringIO(text, newline="").readlines()
    stated = re.fullmatch(r"sep=(.)[\r\n]*", lines[0]) if lines else None
    skipped = 1 if stated else 0
    lines = lines[skipped:]
    while lines and not lines[0].strip():
        lines, skipped = lines[1:], skipped + 1
    if not lines:
        raise FeedbackError(f"{name} is empty: expected a header row and comments below it.")
    separator = stated[1] if stated else _separator(lines, suffix)
    _check_separator(lines, separator, name)
    found, told = _best_quoting(lines, separator)
    _check_header(found.header, name)
    sign = SEPARATORS.get(separator, "none" if separator == _ONE_COLUMN else repr(separator))
    offset = skipped + 1
    return table_of(found.header, found.rows, [number + offset for number in found.numbers],
                    [BrokenRow(row.number + offset, row.detail, row.row) for row in found.broken],
                    [f"Column separator: {sign}.", *([told] if told else [])])


def _separator(lines: list[str], suffix: str) -> str:
    """Return the separator that gives the most rows as many cells as the header has."""
    best, best_score = _ONE_COLUMN, (0.0, 0)
    order = sorted(SEPARATORS, key=lambda sign: (sign != "\t") if suffix in (".tsv", ".tab") else 0)
    for sign in order:
        counts = _counts(lines, sign)
        if counts and counts[0] > 1:
            even = sum(count == counts[0] for count in counts) / len(counts)
            score = (round(even, 1), counts[0])
            if score > best_score:
                best, best_score = sign, score
    return best


def _counts(lines: list[str], sign: str) -> list[int]:
    counts: list[int] = []
    try:
        for record in csv.reader(iter(lines[:400]), delimiter=sign):
            counts += [len(record)] if record else []
            if len(counts) == 50:
                break
    except csv.Error:
        pass  # a cell beyond the size limit: what was counted so far decides
    return counts


def _check_separator(lines: list[str], separator: str, name: str) -> None:
    if separator != _ONE_COLUMN and len(_counts(lines, separator)) > 1 and not _LONG.search(lines[0]):
        return
    signs = Counter(sign for line in lines[:50] for sign in sorted(set(_LONG.findall(line))))
    sign, rows = signs.most_common(1)[0] if signs else ("", 0)
    if rows >= 0.9 * min(50, len(lines)):
        raise FeedbackError(f"The columns of {name} are separated by '{sign}', which is more than one character: "
                            "replace it by a tab, see that the first row holds column names, and load the file again.")


def _best_quoting(lines: list[str], separator: str) -> tuple[_Records, str]:
    """Read with ordinary quotes; where rows break, see whether another convention breaks fewer."""
    best, told = _records(lines, separator, _QUOTED), ""
    if best.broken and any('\\"' in line for line in lines):
        found = _records([line.replace('\\"', '""') for line in lines], separator, _QUOTED)
        if len(found.broken) < len(best.broken):
            best, told = found, "Quotes are escaped by a backslash."
    if best.broken and len(best.broken) > _quoted_cells(lines, separator):
        found = _records(lines, separator, _UNQUOTED)
        if len(found.broken) < len(best.broken):
            best, told = found, "Quotation marks are read as part of the text, because as quotes they do not close."
    return best, told


def _quoted_cells(lines: list[str], separator: str) -> int:
    """Count lines with a cell that is quoted as it should be: then quotes are quotes, whatever else is broken."""
    sign = re.escape(separator)
    cell = re.compile(rf'(?:^|{sign})"(?:[^"]|"")*"(?={sign}|[\r\n]|$)')
    return sum(1 for line in lines if '"' in line and cell.search(line))


def _records(lines: list[str], separator: str, quoting: dict[str, Any]) -> _Records:
    found = _Records([], [], [], [])
    for number, (record, detail) in enumerate(_resynchronised(lines, separator, quoting)):
        if number == 0:
            found.header.extend(record)
        elif detail:
            found.broken.append(BrokenRow(number, detail, record))
        elif record:
            found.rows.append(record)
            found.numbers.append(number)
    return found


def _resynchronised(lines: list[str], separator: str, quoting: dict[str, Any]) -> Iterator[tuple[list[str], str]]:
    """Yield records; when a quote does not close, or closes only far below, just its first line is given up.

    It would otherwise swallow every row up to the next quote.
    """
    place, width = 0, 0

    def feed() -> Iterator[str]:
        nonlocal place
        while place < len(lines):
            place += 1
            yield lines[place - 1]

    previous = csv.field_size_limit(_LARGEST_FIELD)
    try:
        reader = csv.reader(feed(), delimiter=separator, **quoting)
        while place < len(lines):
            start = place
            try:
                record, detail = next(reader), ""
            except csv.Error:
                record, detail = [], "a quotation mark that opens a cell and does not close it properly."
            if not detail and width and len(record) > width and not any(record[width:]):
                record = record[:width]
            if not detail and width and record and len(record) != width:
                detail = f"{len(record)} cells where the header has {width}."
            if detail and (place > start + _LONGEST_BROKEN or not record):
                place = start + 1
                record = [lines[start].rstrip("\r\n")]
                reader = csv.reader(feed(), delimiter=separator, **quoting)
            width = width or len(record)
            yield record, detail
    finally:
        csv.field_size_limit(previous)


def _check_header(header: list[str], name: str) -> None:
    """Column names are short and no sentences, links or numbers; a first row that is otherwise is a comment."""
    cells = [cell.strip() for cell in header if cell.strip()]
    data = [cell for cell in cells if len(cell) > 80 or re.search(r"://|[.!؟。]\s|####", cell)
            or re.fullmatch(r"[\d.,:/\-+ ]+", cell)]
    if not cells or len(data) * 4 > len(cells):
        raise FeedbackError(f"The first row of {name} holds data, not column names: put a header row above it "
                            "with a name for every column, one of them 'text'.")

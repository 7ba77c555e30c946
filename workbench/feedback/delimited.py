"""Text with separated columns: the separator is found, and a broken row never takes the next one with it."""

from __future__ import annotations

import csv
import re
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from workbench.errors import FeedbackError
from workbench.feedback.cells import Cells, Packer
from workbench.feedback.raw import BrokenRow, RawTable, table_of

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_ONE_COLUMN: Final = "\x1f"
_LONG: Final = re.compile(r"(####|\|\|\|?|::|~\||\^\||;;|@@)")
_QUOTED: Final[dict[str, Any]] = {"quoting": csv.QUOTE_MINIMAL, "doublequote": True, "strict": True}
_UNQUOTED: Final[dict[str, Any]] = {"quoting": csv.QUOTE_NONE}
_LARGEST_FIELD: Final = 1_000_000
_OPEN_QUOTE: Final = "a quotation mark that opens a cell and does not close it properly."
_TOO_LONG: Final = f"a cell of more than {_LARGEST_FIELD:,} characters, or a quotation mark that does not close."
_HEAD: Final = 400  # lines by which separator and header are judged
_LONGEST_BROKEN: Final = 20  # lines of a row with a wrong number of cells that is still taken for one row


_Change = Callable[[str], str]


class _Quoting(NamedTuple):
    """A convention of quotes: how the reader is set, what is done to each line before, and what is told."""

    settings: dict[str, Any]
    change: _Change | None
    told: str


_ORDINARY: Final = _Quoting(_QUOTED, None, "")
_BACKSLASH: Final = _Quoting(_QUOTED, lambda line: line.replace('\\"', '""'), "Quotes are escaped by a backslash.")
_NONE: Final = _Quoting(_UNQUOTED, None,
                        "Quotation marks are read as part of the text, because as quotes they do not close.")


class _Records(NamedTuple):
    header: list[str]
    columns: list[Cells]
    numbers: array[int]
    broken: list[BrokenRow]


class _Lines:
    """The lines of a file from its header on, anew whenever they are asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.stated, self.skipped = "", 0
        for number, line in enumerate(lines):
            stated = re.fullmatch(r"sep=(.)[\r\n]*", line) if number == 0 else None
            if stated:
                self.stated = stated[1]
            elif line.strip():
                break
            self.skipped += 1
        self.head = list(islice(self, _HEAD))

    def __iter__(self) -> Iterator[str]:
        return islice(self._lines, self.skipped, None)


def read_delimited(text: Iterable[str], name: str, suffix: str) -> RawTable:
    """Return the cells of a file with separated columns; rows with too many or too few cells are broken rows.

    The separator is the one of comma, semicolon, tab and vertical bar that parts the first fifty rows most evenly.
    Row numbers are those that a spreadsheet shows: the header is row 1 and a cell may hold line breaks.

    Parameters
    ----------
    text
        Lines with their ends; they are gone through several times, and never all held.
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
    >>> table = read_delimited(["id;text\\n", "1;gut\\n", "2;lent;cher\\n"], "a.csv", ".csv")
    >>> table.columns, table.numbers.tolist()
    ({'id': ['1'], 'text': ['gut']}, [2])
    >>> table.broken
    [BrokenRow(number=3, detail='3 cells where the header has 2.', row=['2', 'lent', 'cher'])]
    """
    lines = _Lines(text)
    if not lines.head:
        raise FeedbackError(f"{name} is empty: expected a header row and comments below it.")
    separator = lines.stated or _separator(lines.head, suffix)
    _check_separator(lines.head, separator, name)
    found, told = _best_quoting(lines, separator)
    _check_header(found.header, name)
    sign = SEPARATORS.get(separator, "none" if separator == _ONE_COLUMN else repr(separator))
    offset = lines.skipped + 1
    table = table_of(found.header, found.columns, found.numbers,
                     [BrokenRow(row.number + offset, row.detail, row.row) for row in found.broken],
                     [f"Column separator: {sign}.", *([told] if told else [])])
    return RawTable(table.columns, table.numbers + offset, table.broken, table.readings)


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
        for record in csv.reader(iter(lines), delimiter=sign):
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


def _best_quoting(lines: _Lines, separator: str) -> tuple[_Records, str]:
    """Read with ordinary quotes; where rows break, see whether another convention breaks fewer."""
    found, best = _records(lines, separator, _ORDINARY), _ORDINARY
    fewest = len(found.broken)
    if fewest and any('\\"' in line for line in lines):
        broken = _count_broken(lines, separator, _BACKSLASH)
        if broken < fewest:
            best, fewest = _BACKSLASH, broken
    if fewest and fewest > _quoted_cells(lines, separator) and _count_broken(lines, separator, _NONE) < fewest:
        best = _NONE
    return (found if best is _ORDINARY else _records(lines, separator, best)), best.told


def _quoted_cells(lines: Iterable[str], separator: str) -> int:
    """Count lines with a cell that is quoted as it should be: then quotes are quotes, whatever else is broken."""
    sign = re.escape(separator)
    cell = re.compile(rf'(?:^|{sign})"(?:[^"]|"")*"(?={sign}|[\r\n]|$)')
    return sum(1 for line in lines if '"' in line and cell.search(line))


def _count_broken(lines: Iterable[str], separator: str, quoting: _Quoting) -> int:
    return sum(1 for _, detail in _resynchronised(lines, separator, quoting) if detail)


def _records(lines: Iterable[str], separator: str, quoting: _Quoting) -> _Records:
    header: list[str] = []
    broken: list[BrokenRow] = []
    numbers, packer = array("q"), Packer(0)
    for number, (record, detail) in enumerate(_resynchronised(lines, separator, quoting)):
        if number == 0:
            header, packer = record, Packer(len(record))
        elif detail:
            broken.append(BrokenRow(number, detail, record))
        elif record:
            packer.add(record)
            numbers.append(number)
    return _Records(header, packer.columns(), numbers, broken)


def _resynchronised(lines: Iterable[str], separator: str, quoting: _Quoting) -> Iterator[tuple[list[str], str]]:
    """Yield records; when a quote does not close, or closes only far below, just its first line is given up.

    It would otherwise swallow every row up to the next quote.
    """
    source = iter(lines) if quoting.change is None else map(quoting.change, lines)
    waiting: deque[str] = deque()  # lines that come before those of the source: the next one, or ones given back
    taken: list[str] = []  # lines of the record that is being read
    width = 0

    def more() -> bool:
        if not waiting:
            waiting.extend(islice(source, 1))
        return bool(waiting)

    def feed() -> Iterator[str]:
        while more():
            taken.append(waiting.popleft())
            yield taken[-1]

    previous = csv.field_size_limit(_LARGEST_FIELD)
    try:
        reader = csv.reader(feed(), delimiter=separator, **quoting.settings)
        while more():
            taken.clear()
            try:
                record, detail = next(reader), ""
            except csv.Error as error:
                record, detail = [], _TOO_LONG if "field limit" in str(error) else _OPEN_QUOTE
            if not detail and width and len(record) > width and not any(record[width:]):
                record = record[:width]
            if not detail and width and record and len(record) != width:
                detail = f"{len(record)} cell{'s' * (len(record) > 1)} where the header has {width}."
            if detail and (len(taken) > _LONGEST_BROKEN or not record):
                record = [taken[0].rstrip("\r\n")]
                waiting.extendleft(reversed(taken[1:]))
                reader = csv.reader(feed(), delimiter=separator, **quoting.settings)
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

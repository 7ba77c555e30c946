"""Tables as files that a spreadsheet shows and that do nothing there."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from workbench.arguments import check_kind, check_path, check_tables
from workbench.errors import FeedbackError, not_written

_SIGNS: Final = r"[=+\-@＝＋－＠]"
# at the beginning, or where a program that takes another sign for the separator begins a cell or a row; not in ;-)
_STARTS_FORMULA: Final = rf"^(?=[\t\r\n]|{_SIGNS})|(?<=[;|\t\r\n])(?=[\s\"]*{_SIGNS}(?!\)))"
_LONGEST_CELL: Final = 32_767  # characters that a cell of a workbook can hold
_LONGEST_SHEET_NAME: Final = 31
_NOT_IN_WORKBOOKS: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"


def write_csv(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as CSV: UTF-8 with a byte order mark, text that a spreadsheet would run defused.

    A text that begins with ``=``, ``+``, ``-``, ``@`` (or their full-width forms), a tab or a line break gets an
    apostrophe in front. So does what begins so after a semicolon, a vertical bar, a tab or a line break within a text:
    where spreadsheets expect semicolons between cells, a cell begins there. The file is written beside its place and
    moved there.

    Parameters
    ----------
    table
        Any table; its index is not written.
    path
        Where to write; a file that is there is replaced.

    Raises
    ------
    FeedbackError, DiskError
        If there is no such folder, or the disk does not allow it.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "quotes.csv"
    >>> write_csv(pd.DataFrame({"n": [2, 3, 4], "text": ["=1+1", "خوب", "gut;=1+1;-)"]}), path)
    >>> path.read_text(encoding="utf-8-sig").split()
    ['n,text', "2,'=1+1", '3,خوب', "4,gut;'=1+1;-)"]
    """
    check_tables(table=table)
    check_path("path", path)

    def write(place: Path) -> None:
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            _texts(table).to_csv(file, index=False, lineterminator="\r\n")

    _write_beside(Path(path), write)


def kept_from_dates(texts: pd.Series) -> pd.Series:
    """Return texts with an apostrophe before those that a spreadsheet would take for a date or a number.

    Parameters
    ----------
    texts
        Such as ids, which are to come back as they went out.

    Examples
    --------
    >>> kept_from_dates(pd.Series(["12/1", "TV-00012/1", "2026-03/0"])).tolist()
    ["'12/1", 'TV-00012/1', "'2026-03/0"]
    """
    return texts.str.replace(r"^([0-9 .:/-]+)$", r"'\1", regex=True)


def write_xlsx(tables: Mapping[str, pd.DataFrame], path: str | Path, *, right_to_left: bool = False) -> None:
    """Write tables as the sheets of one workbook; a text is a text there, whatever it begins with.

    The same tables give the same bytes: the file does not tell when it was made.

    Parameters
    ----------
    tables
        Sheet name to table; a name is cut to 31 characters.
    path
        Where to write; a file that is there is replaced.
    right_to_left
        Whether the sheets run from right to left.

    Raises
    ------
    FeedbackError, DiskError
        If there is no such folder, or the disk does not allow it.

    Examples
    --------
    >>> from openpyxl import load_workbook
    >>> path = Path(tempfile.mkdtemp()) / "tables.xlsx"
    >>> write_xlsx({"quotes": pd.DataFrame({"text": ["=1+1", "خوب"]})}, path)
    >>> [(cell.value, cell.data_type) for cell in load_workbook(path)["quotes"]["A"]]
    [('text', 's'), ('=1+1', 's'), ('خوب', 's')]
    """

    check_kind("tables", tables, Mapping, "a mapping such as {'quotes': table}")
    check_tables(**tables)
    check_path("path", path)

    def write(place: Path) -> None:
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.active)
        for name, table in tables.items():
            _fill(book.create_sheet(name[:_LONGEST_SHEET_NAME]), table, right_to_left)
        made = BytesIO()
        book.save(made)
        _pack_without_times(made, place)

    _write_beside(Path(path), write)


def _pack_without_times(book: BytesIO, place: Path) -> None:
    with ZipFile(book) as made, ZipFile(place, "w") as packed:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            packed.writestr(ZipInfo(name), content, ZIP_DEFLATED)


def _fill(sheet: Any, table: pd.DataFrame, right_to_left: bool) -> None:
    from openpyxl.styles import Font

    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    shown = table.astype(object).where(table.notna(), None)
    for row, values in enumerate([tuple(map(str, table.columns)), *shown.itertuples(index=False, name=None)], 1):
        for column, value in enumerate(values, 1):
            if value is None:
                continue
            cell = sheet.cell(row, column)
            cell.value = _cell(value)
            if isinstance(cell.value, str):
                cell.data_type = "s"  # or a text that begins with = would be a formula
            if row == 1:
                cell.font = Font(bold=True)


def _cell(value: Any) -> Any:
    """Return a value as a workbook can hold it: a number, a truth value, or a text."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool | int | float):
        return value
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return re.sub(_NOT_IN_WORKBOOKS, "\ufffd", text)[:_LONGEST_CELL]


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every text that would run defused."""
    safe = table.copy()
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]):
            safe[name] = table[name].astype("str").str.replace(_STARTS_FORMULA, "'", regex=True)
    return safe.set_axis([re.sub(_STARTS_FORMULA, "'", str(name)) for name in table.columns], axis=1)


def _write_beside(path: Path, write: Callable[[Path], None]) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        beside = Path(name)
        try:
            write(beside)
            beside.chmod(0o666 & ~_umask())
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or 'no access'}."
        raise not_written(message, error, FeedbackError) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

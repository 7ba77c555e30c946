"""Tables that people write or fill in, as spreadsheets save them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pandas as pd

from workbench.errors import FeedbackError
from workbench.feedback.files import read_file

_SIGNS: Final = re.compile("[,;\t]")


def separator_of(path: str | Path) -> str:
    """Return what separates the columns of a CSV file: the first comma, semicolon or tab of its header.

    Where the comma is a decimal sign, spreadsheets write semicolons.

    Parameters
    ----------
    path
        UTF-8, with a header of plain names.

    Raises
    ------
    OSError, UnicodeDecodeError
        If it cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "coding.csv"
    >>> _ = file.write_text("statement_id;theme\\na/0;3\\n", encoding="utf-8-sig")
    >>> separator_of(file)
    ';'
    """
    with Path(path).open(encoding="utf-8-sig") as stream:
        found = _SIGNS.search(stream.readline())
    return found.group() if found else ","


def read_table(path: str | Path) -> pd.DataFrame:
    """Return a table that people filled in as it stands, every cell a text, empty ones too.

    A row may end early, as it does where people write commas by hand.

    Parameters
    ----------
    path
        Any file that comments can be read from: CSV in any encoding and with any separator, or an Excel workbook.

    Returns
    -------
    pandas.DataFrame
        Indexed by the rows' numbers, the header being row 1.

    Raises
    ------
    FeedbackError
        If it cannot be read, or a row has more cells than the header, or a quotation mark that does not close.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "codes.csv"
    >>> _ = file.write_text("feedback_id;stage_id\\n007;use\\n008;\\n", encoding="utf-16")
    >>> read_table(file).reset_index().values.tolist()
    [[2, '007', 'use'], [3, '008', '']]
    """
    file = Path(path)
    raw = read_file(file)
    short = {row.number: row.row for row in raw.broken if _ends_early(row.row, len(raw.columns))}
    wrong = next((row for row in raw.broken if row.number not in short), None)
    if wrong is not None:
        raise FeedbackError(f"{file.name}, row {wrong.number}: {wrong.detail}")
    columns = {name: [text or "" for text in cells.texts().to_pylist()] for name, cells in raw.columns.items()}
    table = pd.DataFrame(columns, index=raw.numbers, dtype="str")
    for number, cells in short.items():
        table.loc[number] = [*cells, *[""] * (len(raw.columns) - len(cells))]
    return table.sort_index()


def _ends_early(cells: Any, width: int) -> bool:
    """Return whether a row lacks its last cells; one that holds line breaks may have swallowed others."""
    return isinstance(cells, list) and 1 < len(cells) < width and not any("\n" in cell for cell in cells)

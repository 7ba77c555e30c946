"""Tables that people write or fill in, as spreadsheets save them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

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
        If it cannot be read, or a row has more or fewer cells than the header.

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
    if raw.broken:
        raise FeedbackError(f"{file.name}, row {raw.broken[0].number}: {raw.broken[0].detail}")
    columns = {name: [text or "" for text in cells.texts().to_pylist()] for name, cells in raw.columns.items()}
    return pd.DataFrame(columns, index=raw.numbers, dtype="str")

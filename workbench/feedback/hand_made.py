"""CSV files that people write or fill in, as spreadsheets save them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

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
    """Return a CSV file as it stands, every cell a text, empty ones too.

    Parameters
    ----------
    path
        UTF-8, with a header of plain names, separated as `separator_of` tells.

    Raises
    ------
    OSError, ValueError
        If it cannot be read; what pandas and the decoder raise are kinds of ``ValueError``.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "codes.csv"
    >>> _ = file.write_text("feedback_id;stage_id\\n007;use\\n008;\\n", encoding="utf-8")
    >>> read_table(file).values.tolist()
    [['007', 'use'], ['008', '']]
    """
    return pd.read_csv(path, sep=separator_of(path), dtype=str, keep_default_na=False, encoding="utf-8-sig")

"""Rejected rows as a file that a spreadsheet shows and that does nothing there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import pandas as pd

from workbench.errors import FeedbackError

_STARTS_FORMULA: Final = r"^([=+\-@\t\r\n＝＋－＠])"


def write_rejected(rejected: pd.DataFrame, path: str | Path) -> None:
    """Write rejected rows as CSV: UTF-8 with a byte order mark, text that a spreadsheet would run defused.

    A text that begins with ``=``, ``+``, ``-``, ``@`` (or their full-width forms), a tab or a line break gets an
    apostrophe in front. The file is written beside its place and moved there.

    Parameters
    ----------
    rejected
        Rejected rows as `load_feedback` returns them.
    path
        Where to write; a file that is there is replaced.

    Raises
    ------
    FeedbackError
        If the file cannot be written.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "rejected.csv"
    >>> write_rejected(pd.DataFrame({"row_number": [2, 3], "row": ["=1+1", "خوب"]}), path)
    >>> path.read_text(encoding="utf-8-sig").split()
    ['row_number,row', "2,'=1+1", '3,خوب']
    """
    path = Path(path)
    safe = rejected.assign(**{
        name: rejected[name].astype("str").str.replace(_STARTS_FORMULA, r"'\1", regex=True)
        for name in rejected.columns if not pd.api.types.is_numeric_dtype(rejected[name])
    })
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
                safe.to_csv(file, index=False, lineterminator="\r\n")
            os.chmod(beside, 0o666 & ~_umask())
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise FeedbackError(f"{path} cannot be written: {error.strerror or 'no access'}.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

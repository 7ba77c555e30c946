"""Files that show a customer and that the workbench leaves as they are: rendered reports, and tables that people keep.

Texts are compared by their letters and digits alone, since each format writes quotation marks, line breaks and signs
in its own way.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection, Iterable
from html import unescape
from pathlib import Path
from typing import Final

import pandas as pd

SUFFIXES: Final = frozenset({".csv", ".html", ".ipynb", ".json", ".md", ".svg", ".txt", ".xlsx"})
LEAST_TEXT: Final = 12  # characters; shorter ones ("ok", "good") are written by many
LEAST_ID: Final = 6  # characters; shorter ones ("17") may be anything
_LEAST_LETTERS: Final = 8
_BEGINNING: Final = 120  # characters: long quotes are cut, none so early
_BY_ID: Final = ("customer_id", "feedback_id", "statement_id")
_CODED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_DROPPED: Final = re.compile(r"\\[nrt]|[\W_]")


def is_small_number(known_by: str) -> bool:
    """Return whether an id is a number of so few digits that a theme, a score or a count may be the same.

    Examples
    --------
    >>> [is_small_number(known_by) for known_by in ("17", "۱۷", "K7", "1234567")]
    [True, True, False, False]
    """
    return known_by.isdecimal() and len(known_by) < LEAST_ID


def letters(text: str) -> str:
    r"""Return the letters and digits of a text, be it plain or as JSON, HTML or CSV write it.

    Examples
    --------
    >>> plain = 'He said "no" & left <b>\nخیلی دیر شد'
    >>> json_text = r'He said \"no\" \u0026 left \u003cb>\n\u062e\u06cc\u0644\u06cc دیر شد'
    >>> html_text = 'He said &quot;no&quot; &amp; left &lt;b&gt; خیلی دیر شد'
    >>> letters(json_text) == letters(html_text) == letters(plain)
    True
    """
    decoded = _CODED.sub(lambda code: chr(int(code[1], 16)), text)
    return _DROPPED.sub("", unescape(decoded))


def find_traces(files: Iterable[Path], texts: Collection[str], comments: Collection[str],
                is_named_in: Callable[[str], bool], rows: Callable[[pd.DataFrame], pd.Series]) -> list[Path]:
    """Return the files that show a customer, by path.

    Parameters
    ----------
    files
        To read. Of other kinds than `SUFFIXES` none is.
    texts
        What the customer alone wrote, as it is and redacted.
    comments
        Ids of the customer's comments, which stand beside quotes; those of fewer than 6 characters are not sought but
        in CSV files, since any number may be one.
    is_named_in
        Whether the customer's id stands in a text; asked of CSV files.
    rows
        Which rows of a table with ids are the customer's; asked of CSV files.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> page, other = folder / "a.html", folder / "b.csv"
    >>> _ = page.write_text("<p>بسته &quot;هرگز&quot; نرسید</p>", encoding="utf-8")
    >>> _ = other.write_text("row\\nK-1 late\\n")
    >>> [file.name for file in find_traces([page, other], ['بسته "هرگز" نرسید'], [], lambda text: "K-1" in text,
    ...                                    lambda table: pd.Series(False, index=table.index))]
    ['a.html', 'b.csv']
    """
    needles = {letters(text[:_BEGINNING]) for text in texts if len(text) >= LEAST_TEXT}
    needles = {needle for needle in needles if len(needle) >= _LEAST_LETTERS}
    sought = [re.escape(comment) for comment in sorted(comments) if len(comment) >= LEAST_ID]
    named = re.compile(rf"(?<![\w.-])(?:{'|'.join(sought)})(?![\w-])") if sought else None

    def shows(file: Path) -> bool:
        content = _content(file)
        if file.suffix == ".csv" and (is_named_in(content) or rows(_ids(file)).any()):
            return True
        if named is not None and named.search(content):
            return True
        plain = letters(content)
        return any(needle in plain for needle in needles)

    distinct = {file.resolve(): file for file in files if file.suffix in SUFFIXES and file.is_file()}
    return [file for _, file in sorted(distinct.items()) if shows(file)]


def _content(file: Path) -> str:
    if file.suffix == ".xlsx" and zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as book:
            parts = [book.read(name) for name in book.namelist() if name.endswith(".xml")]
        return "\n".join(part.decode("utf-8", "replace") for part in parts)
    return file.read_text(encoding="utf-8", errors="replace")


def _ids(file: Path) -> pd.DataFrame:
    """Return the columns of ids of a CSV file; no rows if it is not such a table."""
    try:
        return pd.read_csv(file, dtype="str", usecols=lambda name: name in _BY_ID, encoding_errors="replace")
    except ValueError:  # empty, or no table
        return pd.DataFrame()

"""From a path, a folder or a pattern to the files in it, and from a file to its raw cells."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Final

from workbench.errors import FeedbackError, did_you_mean
from workbench.feedback.databases import check_readable, is_database
from workbench.feedback.decode import TextFile
from workbench.feedback.delimited import read_delimited
from workbench.feedback.raw import RawTable
from workbench.feedback.records import read_json, read_json_lines, read_parquet, read_workbook
from workbench.feedback.unpacking import UNPACKED_GB, Room

DELIMITED: Final = (".csv", ".tsv", ".tab", ".txt")
JSON_LINES: Final = (".jsonl", ".ndjson")
SUFFIXES: Final = (*DELIMITED, ".json", *JSON_LINES, ".parquet", ".xlsx", ".xlsm")
_ADVICE: Final = {
    ".xls": "save it as .xlsx", ".ods": "save it as .xlsx", ".gz": "unpack it first",
    ".yaml": "load a study with load_study", ".yml": "load a study with load_study",
    ".zip": "unpack it first", ".pdf": "export the comments as .csv",
    ".docx": "export the comments as .csv", ".sav": "save it as .csv", ".dta": "save it as .csv",
}


def find_files(source: str | Path, folder: Path = Path()) -> list[Path]:
    """Return the files that a path, a folder or a pattern such as ``data/*.csv`` stands for, by name.

    What the workbench itself writes beside comments (``NAME.rejected.csv``, ``NAME.themes.json``, ``forgotten.csv``) is
    none of a folder's or a pattern's.

    Parameters
    ----------
    source
        The path or pattern.
    folder
        Where it starts if it is relative; signs of patterns in its own name, as in ``Survey [May]``, are letters.

    Raises
    ------
    FeedbackError
        If there is none, its suffix is not supported, or it is the address of a database.

    Examples
    --------
    >>> find_files("nowhere/comments.csv")
    Traceback (most recent call last):
    workbench.errors.FeedbackError: There is no file nowhere/comments.csv.
    """
    if is_database(source):
        check_readable(str(source), folder)
        raise FeedbackError("A database needs a query: name both in a study, such as feedback: {path: "
                            "sqlite:///file.db, query: SELECT * FROM reviews}, and give that.")
    path = folder / source
    if path.is_dir():
        found = _supported(sorted(path.iterdir()))
        if not found:
            raise FeedbackError(f"The folder {path} holds no file of comments: expected one of {', '.join(SUFFIXES)}.")
        return found
    if path.is_file():
        _check_suffix(path)
        return [path]
    if glob.has_magic(str(source)):
        found = _supported(sorted(folder / name for name in glob.glob(str(source), root_dir=folder, recursive=True)))
        if found:
            return found
        raise FeedbackError(f"No file of comments matches {path}: expected one of {', '.join(SUFFIXES)}.")
    if path.exists() or path.is_symlink():
        raise FeedbackError(f"{path} is no file that can be read: expected a file or a folder of comments.")
    raise FeedbackError(f"There is no file {path}{_near(path)}.")


def read_file(path: Path, sheet: str | None = None, unpacked_gb: float = UNPACKED_GB) -> RawTable:
    """Return the raw cells of one file; of a workbook those of one sheet, the first if none is named.

    Parameters
    ----------
    path
        A file of comments.
    sheet
        The name of a sheet.
    unpacked_gb
        How many gigabytes a workbook or a Parquet file may unpack to.

    Raises
    ------
    FeedbackError
        If the file is empty or cannot be read as what its suffix says, has no such sheet, or unpacks to more.
    """
    try:
        size = path.stat().st_size
        if not size:
            raise FeedbackError(f"{path.name} is empty: expected column names and comments.")
        suffix = path.suffix.lower()
        if suffix in (".xlsx", ".xlsm"):
            return read_workbook(path, sheet, Room(path.name, unpacked_gb))
        if sheet is not None:
            raise FeedbackError(f"{path.name} is no workbook, so it has no sheet {sheet!r}: leave out `sheet`.")
        if suffix == ".parquet":
            return read_parquet(path, Room(path.name, unpacked_gb))
        text = TextFile(lambda: path.open("rb"), path.name)
        if not any(line.strip() for line in text):
            raise FeedbackError(f"{path.name} is empty: expected column names and comments.")
        table = _read_text(text, path.name, suffix)
    except MemoryError:
        raise FeedbackError(f"{path.name} takes more memory than there is: take out what is not needed, or read it "
                            "where there is more.") from None
    except OSError as error:
        raise FeedbackError(f"{path} cannot be opened: {error.strerror or 'unreadable'}.") from None
    return RawTable(table.columns, table.numbers, table.broken, [*text.told, *table.readings])


def _read_text(text: TextFile, name: str, suffix: str) -> RawTable:
    if suffix in JSON_LINES:
        return read_json_lines(text, name)
    if suffix == ".json":
        return read_json(text.text(), name)
    return read_delimited(text, name, suffix)


def _supported(paths: list[Path]) -> list[Path]:
    return [path for path in paths if path.suffix.lower() in SUFFIXES and path.is_file() and path.name[0] not in ".~"
            and path.name != "forgotten.csv" and not path.name.endswith((".rejected.csv", ".themes.json"))]


def _check_suffix(path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return
    advice = f" To read it, {_ADVICE[suffix]}." if suffix in _ADVICE else ""
    ends = f"ends in {suffix}" if suffix else "has no suffix"
    raise FeedbackError(f"{path.name} {ends}; comments are read from {', '.join(SUFFIXES)}.{advice}")


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    beside = sorted(other.name for other in path.parent.iterdir() if other.suffix.lower() in SUFFIXES)
    guess = did_you_mean(path.name, beside)
    return guess or (f"; beside it: {', '.join(beside[:5])}" if beside else "")

"""Files of comments in, two tables out: what can be used and what was rejected, with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np
import pandas as pd

from workbench.columns import COMMENTS, names
from workbench.errors import FeedbackError
from workbench.feedback.check import Fault, check_cells, check_constants
from workbench.feedback.files import find_files, read_file
from workbench.feedback.missing import as_text
from workbench.feedback.naming import add_constants, name_columns
from workbench.feedback.raw import RawTable, row_text

if TYPE_CHECKING:
    from workbench.study import Source

Progress = Callable[[int, int], None]
REJECTED: Final = ("row_number", "reason", "detail", "source_file", "row")
_CALENDARS: Final = ("gregorian", "jalali", "hijri")


class Feedback(NamedTuple):
    """The comments that can be used, and the rows that cannot."""

    comments: pd.DataFrame
    rejected: pd.DataFrame


class _HasSources(Protocol):
    @property
    def feedback(self) -> list[Source]: ...
    @property
    def folder(self) -> Path: ...


class _Part(NamedTuple):
    """One file, checked by itself, in file order: typed rows, what is wrong with each, and each as it was read."""

    table: pd.DataFrame
    faults: list[list[tuple[str, str]]]
    numbers: list[int]
    rows: list[Any]
    file: str
    made_ids: bool
    readings: list[str]


def load_feedback(source: str | Path | _HasSources, *, columns: Mapping[str, str] | None = None,
                  constants: Mapping[str, Any] | None = None, progress: Progress | None = None) -> Feedback:
    """Return the comments of a file, a folder, a pattern or a study, and the rows that were rejected.

    Nothing disappears: every row read is in one of the two tables. CSV and other separated text, JSON, JSON Lines,
    Parquet and Excel workbooks are read; encoding, separator and the form of dates are found and told.

    Parameters
    ----------
    source
        A file, a folder of files, a pattern such as ``"data/*.csv"``, or a study.
    columns
        Contract name to the file's own column name, where they differ.
    constants
        Values for whole columns, such as ``{"source": "review"}``; the file's own column of that name is kept
        beside it. ``{"calendar": "hijri"}`` makes no column but tells how to read years 1300 to 1499.
    progress
        Called with the number of files done and of all files.

    Returns
    -------
    comments : pandas.DataFrame
        The columns of `workbench.columns.COMMENTS` that the files have, typed, then all further columns as text, by
        `feedback_id`. Where a file has no ids, they are made from the rows' content. ``rating_max`` is filled in
        beside ``rating``; ``source_file`` is added when there are several files. ``attrs["readings"]``
        is a list of sentences on how the files were read.
    rejected : pandas.DataFrame
        ``row_number`` (as in a spreadsheet, the header is row 1; line number in JSON Lines; counted from 1 in JSON
        and Parquet), ``reason`` (one of `workbench.feedback.check.REASONS`), ``detail``, ``source_file`` and
        ``row``, the row as read, as JSON text.

    Raises
    ------
    FeedbackError
        If a file is missing, empty, unreadable or has no column for the text.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "comments.csv"
    >>> _ = file.write_text("feedback_id;text;nps\\nb;دیر رسید;۳\\na;sehr gut;10\\nc;too slow;11\\n", encoding="utf-8")
    >>> comments, rejected = load_feedback(file)
    >>> comments[["feedback_id", "text", "nps"]].values.tolist()
    [['a', 'sehr gut', 10.0], ['b', 'دیر رسید', 3.0]]
    >>> rejected[["row_number", "reason", "detail"]].values.tolist()
    [[4, 'bad_nps', 'nps should be a number from 0 to 10.']]
    >>> comments.attrs["readings"]
    ['Encoding: UTF-8.', 'Column separator: semicolon.']
    """
    if not isinstance(source, str | Path):
        if columns or constants:
            raise FeedbackError("A study states columns and constants itself: write them under its feedback setting.")
        return load_sources(source.feedback, source.folder, progress)
    files = [(file, dict(columns or {}), dict(constants or {})) for file in find_files(source)]
    return _load(files, progress)


def load_sources(sources: Sequence[Source], folder: Path, progress: Progress | None = None) -> Feedback:
    """Return the comments of a study's sources as one table, and the rows that were rejected.

    Parameters
    ----------
    sources
        Paths with the mapping and the constants that hold for each.
    folder
        Where relative paths start.
    progress
        Called with the number of files done and of all files.

    Returns
    -------
    Feedback
        As `load_feedback` returns it; an id that two files share is a duplicate in the later one.

    Raises
    ------
    FeedbackError
        As `load_feedback`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import Source
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("feedback_id,Yorum\\n1,çok iyi\\n", encoding="utf-8")
    >>> comments, _ = load_sources([Source(path="a.csv", columns={"text": "Yorum"})], folder)
    >>> comments.text.tolist()
    ['çok iyi']
    """
    files = [(file, dict(source.columns), dict(source.constants))
             for source in sources for file in find_files(folder / source.path)]
    return _load(files, progress)


def _load(files: Sequence[tuple[Path, dict[str, str], dict[str, Any]]], progress: Progress | None) -> Feedback:
    parts: list[_Part] = []
    for done, (file, columns, constants) in enumerate(files):
        if progress is not None:
            progress(done, len(files))
        parts.append(_check_file(file, columns, constants))
    if progress is not None:
        progress(len(files), len(files))
    return _gather(parts)


def _check_file(file: Path, columns: dict[str, str], constants: dict[str, Any]) -> _Part:
    raw = read_file(file)
    if not len(raw):
        raise FeedbackError(f"{file.name} has column names but no rows.")
    calendar = constants.pop("calendar", None)
    if calendar not in (None, *_CALENDARS):
        raise FeedbackError(f"The constant for calendar should be one of {', '.join(_CALENDARS)}.")
    check_constants(constants)
    named, told_names = name_columns(raw.columns, columns, file.name)
    filled, told_constants = add_constants(named, constants, len(raw.numbers))
    table, faults, told_cells = check_cells(filled, calendar)
    told = [*raw.readings, *told_names, *told_constants, *told_cells]
    made_ids = "feedback_id" not in table
    if made_ids:
        table.insert(0, "feedback_id", pd.Series(_content_ids(raw), dtype="str"))
        told.append("feedback_id: made from each row's content, because the file has none.")
    return _in_file_order(raw, table, faults, _Part(table, [], [], [], file.name, made_ids, told))


def _in_file_order(raw: RawTable, table: pd.DataFrame, faults: list[Fault], part: _Part) -> _Part:
    """Put the rows that have no columns where they stood."""
    by_row: list[list[tuple[str, str]]] = [[] for _ in range(len(table))]
    for reason, detail, mask in faults:
        for place in np.flatnonzero(mask.to_numpy(bool)):
            by_row[place].append((reason, detail))
    by_row += [[("broken_row", row.detail)] for row in raw.broken]
    own = list(raw.columns)
    rows: list[Any] = [dict(zip(own, row, strict=True)) for row in zip(*raw.columns.values(), strict=True)]
    rows += [row.row for row in raw.broken]
    numbers = [*raw.numbers, *(row.number for row in raw.broken)]
    order = np.argsort(np.array(numbers), kind="stable")
    return part._replace(
        table=table.reindex(range(len(numbers))).iloc[order].reset_index(drop=True),
        faults=[by_row[place] for place in order], numbers=[numbers[place] for place in order],
        rows=[rows[place] for place in order],
    )


def _gather(parts: list[_Part]) -> Feedback:
    """Return the rows of all files as two tables; only here can ids of different files meet."""
    table = pd.concat([part.table for part in parts], ignore_index=True, sort=False)
    log = pd.DataFrame({
        "row_number": [number for part in parts for number in part.numbers],
        "source_file": pd.Series([part.file for part in parts for _ in part.numbers], dtype="str"),
        "made_id": [part.made_ids for part in parts for _ in part.numbers],
    })
    faults = [found for part in parts for found in part.faults]
    table["feedback_id"] = _count_repeats(table["feedback_id"], log["made_id"])
    _reject_repeats(table, log, faults)
    good = np.array([not found for found in faults])
    rows = [row for part in parts for row in part.rows]
    return Feedback(_comments(table, log, good, parts), _rejected(log, faults, rows))


def _comments(table: pd.DataFrame, log: pd.DataFrame, good: np.ndarray, parts: list[_Part]) -> pd.DataFrame:
    contract = [name for name in names(COMMENTS) if name in table]
    further = [name for name in table if name not in contract]
    comments = table[[*contract, *further]]
    if len(parts) > 1:
        comments = comments.rename(columns={"source_file": "source_file_in_file"})
        comments = comments.assign(source_file=log["source_file"])
    comments = comments[good].sort_values("feedback_id", kind="stable").reset_index(drop=True)
    prefix = "{file}: {reading}" if len(parts) > 1 else "{reading}"
    comments.attrs["readings"] = [prefix.format(file=part.file, reading=reading) for part in parts
                                  for reading in part.readings]
    return comments


def _rejected(log: pd.DataFrame, faults: list[list[tuple[str, str]]], rows: list[Any]) -> pd.DataFrame:
    places = [place for place, found in enumerate(faults) if found]
    rejected = log.iloc[places][["row_number", "source_file"]].reset_index(drop=True)
    rejected["reason"] = pd.Series([faults[place][0][0] for place in places], dtype="str")
    rejected["detail"] = pd.Series([" ".join(detail for _, detail in faults[place]) for place in places], dtype="str")
    rejected["row"] = pd.Series([row_text(rows[place]) for place in places], dtype="str")
    return rejected[list(REJECTED)]


def _content_ids(raw: RawTable) -> list[str]:
    """Return an id for each row that says the same for the same content in whatever format or column order."""
    own = sorted(raw.columns)
    texts = zip(*([as_text(cell) for cell in raw.columns[name]] for name in own), strict=True)
    contents = ({name: text for name, text in zip(own, row, strict=True) if text} for row in texts)
    return [hashlib.sha256(row_text(content).encode()).hexdigest()[:12] for content in contents]


def _count_repeats(ids: pd.Series, made: pd.Series) -> pd.Series:
    """Number the second and later rows of equal content, so that made ids are unique."""
    among = made & ids.notna()
    number = ids[among].groupby(ids[among]).cumcount() + 1
    later = number[number > 1]
    numbered = ids.copy()
    numbered[later.index] = ids[later.index] + "-" + later.astype(str)
    return numbered


def _reject_repeats(table: pd.DataFrame, log: pd.DataFrame, faults: list[list[tuple[str, str]]]) -> None:
    """Add the fault to every row whose id an earlier row has that is not rejected itself."""
    good = table[np.array([not found for found in faults])]
    repeated = good[good["feedback_id"].duplicated(keep=False)]
    if repeated.empty:
        return
    content = pd.util.hash_pandas_object(repeated, index=False)
    firsts = repeated.drop_duplicates("feedback_id")
    first = repeated["feedback_id"].map(dict(zip(firsts["feedback_id"], firsts.index, strict=True)))
    numbers, files = log["row_number"].tolist(), log["source_file"].tolist()
    for place, earlier in zip(first.index.tolist(), first.tolist(), strict=True):
        if place != earlier:
            same = "is the same" if content[place] == content[earlier] else "differs"
            where = f"row {numbers[earlier]} of {files[earlier]}"
            faults[place].append(("duplicate_id", f"feedback_id is already used in {where}; this row {same}."))

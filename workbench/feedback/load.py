"""Files and queries in, tables out: comments that can be used, rows that were rejected with reasons, and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pandas as pd

from workbench.arguments import check_kind, check_number, check_text
from workbench.errors import FeedbackError, InputError
from workbench.feedback.databases import check_address, is_database, read_query
from workbench.feedback.files import find_files
from workbench.feedback.forgotten import Forgotten
from workbench.feedback.gather import Loaded, gather
from workbench.feedback.parts import Part, check_source
from workbench.feedback.raw import clean_text
from workbench.feedback.sources import Opened, open_sources
from workbench.feedback.unpacking import UNPACKED_GB

if TYPE_CHECKING:
    from workbench.study import Source

Progress = Callable[[int, int], None]


class Feedback(NamedTuple):
    """The comments that can be used, and the rows that cannot."""

    comments: pd.DataFrame
    rejected: pd.DataFrame


class _HasSources(Protocol):
    @property
    def feedback(self) -> list[Source]: ...
    @property
    def folder(self) -> Path: ...


def load_feedback(source: str | Path | _HasSources, *, columns: Mapping[str, str] | None = None,
                  constants: Mapping[str, Any] | None = None, sheet: str | None = None, query: str | None = None,
                  password_env: str | None = None, unpacked_gb: float = UNPACKED_GB,
                  progress: Progress | None = None) -> Feedback:
    """Return the comments of a file, a folder, a pattern, a query or a study, and the rows that were rejected.

    Nothing disappears: every row read is in one of the two tables. CSV and other separated text, JSON, JSON Lines,
    Parquet and Excel workbooks are read; encoding, separator and the form of dates are found and told.

    Parameters
    ----------
    source
        A file, a folder of files, a pattern such as ``"data/*.csv"``, the address of a database such as
        ``"postgresql://user@host/name"`` or ``"sqlite:///file.db"``, or a study.
    columns
        Contract name to the file's own column name, where they differ.
    constants
        Values for whole columns, such as ``{"source": "review"}``; the file's own column of that name is kept
        beside it. ``{"calendar": "hijri"}`` makes no column but tells how to read years 1300 to 1499.
    sheet
        The name of the sheet of a workbook; without it the first one is read.
    query
        The SELECT to run on a database.
    password_env
        The environment variable that holds the database's password.
    unpacked_gb
        How many gigabytes a workbook or a Parquet file may unpack to: a small one can hold more than any memory.
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
        ``row_number`` (as in a spreadsheet, the header is row 1; line number in JSON Lines; counted from 1 in JSON,
        Parquet and queries), ``reason`` (one of `workbench.feedback.check.REASONS`), ``detail``,
        ``source_file`` and ``row``, the row as read, as JSON text.

    Raises
    ------
    FeedbackError
        If a file is missing, empty, unreadable or has no column for the text, or a database cannot be read.
    InputError
        If columns or constants are no mapping, or unpacked_gb is no number above 0.

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
        if columns or constants or sheet or query or password_env:
            raise FeedbackError("A study states columns and constants itself, and sheets and queries: write them under "
                                "its feedback setting.")
        if not hasattr(source, "feedback"):
            raise FeedbackError(f"Expected a path, an address or a study, found {type(source).__name__}: a table with "
                                "feedback_id and text needs no loading.")
        return load_sources(source.feedback, source.folder, progress)
    check_number("unpacked_gb", unpacked_gb, 0, between=True)
    for name, given in (("columns", columns), ("constants", constants)):
        check_kind(name, {} if given is None else given, Mapping, "a mapping such as {'text': 'Comment'}")
    for own in (columns or {}).values():
        check_kind("columns", own, str, "the names of the file's own columns")
    for contract_name in constants or {}:
        check_text("constants", contract_name)
    if progress is not None and not callable(progress):
        raise InputError(f"progress: expected a function of two numbers, found {type(progress).__name__}.")
    how: dict[str, Any] = {"columns": columns or {}, "constants": constants or {}}
    if is_database(source):
        check_address(str(source))
        if not query or sheet:
            raise FeedbackError("A database needs a query, query='SELECT ...', and has no sheet.")
        name, rows = read_query(str(source), query, password_env, Path())
        opened = [Opened(name, rows=rows, **how)]
    elif query or password_env:
        raise FeedbackError("query and password_env go with the address of a database, such as sqlite:///file.db.")
    else:
        opened = [Opened(clean_text(file.name), file, sheet=sheet, unpacked_gb=unpacked_gb, **how)
                  for file in find_files(source)]
    loaded = load_opened(opened, progress)
    return Feedback(loaded.comments, loaded.rejected)


def load_sources(sources: Sequence[Source], folder: Path, progress: Progress | None = None,
                 forgotten: Forgotten | None = None) -> Feedback:
    """Return the comments of a study's sources as one table, and the rows that were rejected.

    Parameters
    ----------
    sources
        Paths or addresses of databases, with the mapping and the constants that hold for each. Sources of numbers
        are left out; `load_opened` reads them too.
    folder
        Where relative paths start.
    progress
        Called with the number of files done and of all files.
    forgotten
        Customers whose rows are rejected, without what stands in them.

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
    comments = [source for source in sources if source.kind == "comments"]
    loaded = load_opened(open_sources(comments, folder), progress, forgotten)
    return Feedback(loaded.comments, loaded.rejected)


def load_opened(opened: Sequence[Opened], progress: Progress | None = None,
                forgotten: Forgotten | None = None) -> Loaded:
    """Return everything that opened sources hold: comments, rejected rows, numbers, and a summary of each source.

    Parameters
    ----------
    opened
        As `open_sources` returns them.
    progress
        Called with the number of sources done and of all sources.
    forgotten
        Customers whose rows are rejected, without what stands in them.

    Returns
    -------
    Loaded
        See `workbench.feedback.gather.gather`. Every row of every source is in one of the first three tables.

    Raises
    ------
    FeedbackError
        As `load_feedback`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import Source
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("text,customer_id\\nçok iyi,007\\n", encoding="utf-8")
    >>> _ = (folder / "n.csv").write_text("customer_id,visits\\n007,3\\n", encoding="utf-8")
    >>> loaded = load_opened(open_sources([Source(path="a.csv"), Source(path="n.csv", kind="numbers")], folder))
    >>> loaded.comments.merge(loaded.numbers, on="customer_id")[["text", "visits"]].values.tolist()
    [['çok iyi', 3.0]]
    >>> loaded.sources.values.tolist()
    [['a.csv', 'comments', 1, 1, 0], ['n.csv', 'numbers', 1, 1, 0]]
    """
    parts: list[Part] = []
    for done, one in enumerate(opened):
        if progress is not None:
            progress(done, len(opened))
        parts.append(check_source(one, forgotten))
    if progress is not None:
        progress(len(opened), len(opened))
    return gather(parts)

"""What a study or a path stands for: files, and rows of queries, each with a name and how its columns are called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.feedback.databases import read_query
from workbench.feedback.files import find_files, read_file
from workbench.feedback.raw import RawTable, clean_text, row_text
from workbench.feedback.unpacking import UNPACKED_GB

if TYPE_CHECKING:
    from workbench.study import Source


@dataclass(frozen=True)
class Opened:
    """One file, or the rows of one query, that are read already because only they tell whether anything changed.

    Files of one pattern or folder have one number as their ``source``.
    """

    name: str
    file: Path | None = None
    rows: RawTable | None = None
    sheet: str | None = None
    unpacked_gb: float = UNPACKED_GB
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "comments"
    in_study: bool = False
    source: int = 0

    def read(self) -> RawTable:
        """Return the raw cells."""
        if self.rows is not None:
            return self.rows
        assert self.file is not None
        return read_file(self.file, self.sheet, self.unpacked_gb)


def open_sources(sources: Sequence[Source], folder: Path) -> list[Opened]:
    """Return the files and queries of a study, in order; queries are run.

    Parameters
    ----------
    sources
        Paths or addresses of databases, with the mapping and the constants that hold for each.
    folder
        Where relative paths start.

    Raises
    ------
    FeedbackError
        If there is no such file or a query cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.study import Source
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("text\\nçok iyi\\n", encoding="utf-8")
    >>> [opened.name for opened in open_sources([Source(path="a.csv")], folder)]
    ['a.csv']
    """
    found: list[Opened] = []
    for number, source in enumerate(sources):
        how: dict[str, Any] = {"columns": source.columns, "constants": source.constants, "kind": source.kind,
                               "in_study": True, "source": number}
        if source.query is None:
            part = f" ({source.sheet})" if source.sheet else ""
            how |= {"sheet": source.sheet, "unpacked_gb": source.unpacked_gb}
            found += [Opened(f"{clean_text(file.name)}{part}", file, **how)
                      for file in find_files(source.path, folder)]
            continue
        name, rows = read_query(source.path, source.query, source.password_env, folder)
        taken = sum(other.rows is not None and other.name.partition(" #")[0] == name for other in found)
        found.append(Opened(f"{name} #{taken + 1}" if taken else name, rows=rows, **how))
    return found


def rows_digest(table: RawTable) -> str:
    """Return a SHA-256 of the cells of a table, in order.

    Examples
    --------
    >>> from workbench.feedback.raw import table_of
    >>> one, other = (table_of(["text"], [cells], [1, 2], [], []) for cells in (["a", "b"], ["b", "a"]))
    >>> rows_digest(one) == rows_digest(one), rows_digest(one) == rows_digest(other)
    (True, False)
    """
    hasher = hashlib.sha256(row_text([list(table.columns), len(table)]).encode())
    for cells in table.columns.values():
        for start in range(0, len(cells), 10_000):
            hasher.update(row_text(cells[start:start + 10_000]).encode())
    return hasher.hexdigest()

"""How much a packed file may unpack to, counted while it is read: a small file can hold more than any memory."""

from __future__ import annotations

import zipfile
from typing import IO, Any, Final

from workbench.errors import FeedbackError

UNPACKED_GB: Final = 2.0  # a million comments of two thousand letters; to read them takes 6 GB of memory
_LARGEST_ELEMENT: Final = 16_000_000  # bytes of one row, one text or one part beside the sheets: readers hold it whole
_MOST_ROWS: Final = 1_048_576  # of a sheet, says the format
_BYTES_OF_A_TEXT: Final = 150  # what a text takes in memory beside its letters


class Room:
    """What a file may still unpack to; whoever reads it takes of it what comes out.

    Parameters
    ----------
    name
        What to call the file in messages.
    gigabytes
        How much there is at first, in units of 1,000,000,000 bytes.

    Examples
    --------
    >>> room = Room("a.parquet", 0.5)
    >>> room.take(400_000_000)
    >>> room.take(400_000_000)
    Traceback (most recent call last):
    workbench.errors.FeedbackError: a.parquet unpacks to more than 0.5 GB, which could fill the memory: take out what \
is not needed or, where there is memory for it, name a larger number than 0.5 as `unpacked_gb` beside its `path` in \
the study.
    """

    def __init__(self, name: str, gigabytes: float) -> None:
        self.name = name
        self._gigabytes = gigabytes
        self.left = gigabytes * 1e9

    def check(self, size: float) -> None:
        """Raise if so many bytes do not fit, as a file itself says of its content."""
        if size > self.left:
            limit = f"{self._gigabytes:g}"
            raise FeedbackError(f"{self.name} unpacks to more than {limit} GB, which could fill the memory: take out "
                                "what is not needed or, where there is memory for it, name a larger number than "
                                f"{limit} as `unpacked_gb` beside its `path` in the study.")

    def take(self, size: float) -> None:
        """Take so many bytes, or raise if they are not there."""
        self.check(size)
        self.left -= size


class WorkbookArchive(zipfile.ZipFile):
    """The parts of a workbook as its reader opens them, with what comes out of them counted.

    A part is refused for what the archive's directory says of its size, for what it really unpacks to, for more rows
    than a sheet has, and for a row or a text that is longer than any: XML takes up to eighty times its length in memory
    until an element ends.

    Parameters
    ----------
    path
        A workbook.
    room
        What it may unpack to.
    """

    def __init__(self, path: Any, room: Room) -> None:
        self._room = room
        self._parts: list[_Part] = []
        super().__init__(path)

    def open(self, name: Any, *args: Any, **kwargs: Any) -> Any:
        """Return a part to read from."""
        self._room.check(self.getinfo(getattr(name, "filename", name)).file_size)
        self._parts.append(_Part(super().open(name, *args, **kwargs), self._room))
        return self._parts[-1]

    def close(self) -> None:
        """Close the file and its parts, also those that a reader has left in the middle."""
        for part in self._parts:
            part.close()
        super().close()


class _Part:
    def __init__(self, part: IO[bytes], room: Room) -> None:
        self._part = part
        self._room = room
        self._rows = self._since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._part.read(size if size >= 0 else _LARGEST_ELEMENT + 1)
        self._room.take(len(data) + _BYTES_OF_A_TEXT * data.count(b"<si"))
        self._rows += data.count(b"<row")
        check_rows(self._rows, self._room.name)
        begun = max(data.rfind(b"<row"), data.rfind(b"<si"))
        self._since = self._since + len(data) if begun < 0 else len(data) - begun
        if self._since > _LARGEST_ELEMENT:
            raise FeedbackError(f"{self._room.name} has a row or a part of more than {_LARGEST_ELEMENT:,} bytes, as no "
                                "workbook of comments has: save its comments as .csv.")
        return data

    def close(self) -> None:
        self._part.close()

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def check_rows(number: int, name: str) -> None:
    """Raise if a sheet has so many rows that it cannot be one."""
    if number > _MOST_ROWS:
        raise FeedbackError(f"{name} has rows below the last that a sheet can have, {_MOST_ROWS:,}: save its comments "
                            "as .csv.")


def size_of(cells: list[Any]) -> int:
    """Return about how many bytes cells take in memory.

    Examples
    --------
    >>> size_of(["ab", 1, None])
    34
    """
    return 8 * len(cells) + sum(len(cell) if isinstance(cell, str) else 8 for cell in cells if cell is not None)

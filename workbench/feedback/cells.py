"""One column of cells as they were found, packed: a million short texts take megabytes, not hundreds of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import FeedbackError
from workbench.feedback.missing import as_text

TEXT: Final = pa.large_string()
_PACKED: Final = {str: TEXT, bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
_MOST_COLUMNS: Final = 5_000
_PIECE: Final = 20_000  # rows that are held as Python values before they are packed


class Cells(Sequence[Any]):
    """Cells in pieces; what goes in comes out again, of the same type.

    Parameters
    ----------
    pieces
        Lists of cells, packed or not.

    Examples
    --------
    >>> cells = Cells.of(["gut", None, "خوب"])
    >>> cells[2], cells[:2], len(cells)
    ('خوب', ['gut', None], 3)
    """

    def __init__(self, pieces: Iterable[pa.Array | list[Any]]) -> None:
        self._pieces = list(pieces)
        self._ends = np.cumsum([len(piece) for piece in self._pieces], dtype=np.int64)

    @classmethod
    def of(cls, values: Sequence[Any]) -> Cells:
        """Return `values` as cells; cells stay what they are."""
        return values if isinstance(values, Cells) else cls([pack(values)] if len(values) else [])

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return self.take(np.arange(len(self))[place])
        return self.take(np.array([range(len(self))[place]]))[0]

    def __iter__(self) -> Iterator[Any]:
        for piece in self._pieces:
            yield from (piece if isinstance(piece, list) else piece.to_pylist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = self[:10]
        return repr(shown) if len(self) <= 10 else f"{repr(shown)[:-1]}, ... {len(self):,} cells]"

    def take(self, places: np.ndarray) -> list[Any]:
        """Return the cells at `places`, in that order."""
        found: list[Any] = [None] * len(places)
        at = np.searchsorted(self._ends, places, side="right")
        for number in np.unique(at):
            wanted = np.flatnonzero(at == number)
            piece = self._pieces[number]
            inside = places[wanted] - (self._ends[number] - len(piece))
            values = ([piece[place] for place in inside] if isinstance(piece, list)
                      else piece.take(pa.array(inside)).to_pylist())
            for place, value in zip(wanted.tolist(), values, strict=True):
                found[place] = value
        return found

    def texts(self) -> pa.ChunkedArray:
        """Return every cell as text (see `workbench.feedback.missing.as_text`); what is text already is not copied."""
        pieces = [piece if isinstance(piece, pa.Array) and piece.type == TEXT
                  else pa.array([as_text(cell) for cell in (piece if isinstance(piece, list) else piece.to_pylist())],
                                TEXT)
                  for piece in self._pieces]
        return pa.chunked_array(pieces, TEXT)


class Packer:
    """Takes rows one by one and packs their columns piece by piece, so that few rows are held as Python values.

    Examples
    --------
    >>> packer = Packer(2)
    >>> packer.add(["1", "gut"])
    >>> packer.columns()
    [['1'], ['gut']]
    """

    def __init__(self, width: int) -> None:
        self._rows: list[Sequence[Any]] = []
        self._pieces: list[list[pa.Array | list[Any]]] = [[] for _ in range(width)]

    def add(self, row: Sequence[Any]) -> None:
        """Take one row, as long as there are columns."""
        self._rows.append(row)
        if len(self._rows) >= _PIECE:
            self._pack()

    def columns(self) -> list[Cells]:
        """Return the columns of all rows."""
        self._pack()
        return [Cells(pieces) for pieces in self._pieces]

    def _pack(self) -> None:
        if self._rows:
            for pieces, values in zip(self._pieces, zip(*self._rows, strict=True), strict=True):
                pieces.append(pack(values))
            self._rows = []


class RecordPacker:
    """Takes records with names of their own; a name that comes up late is empty in the records before.

    Examples
    --------
    >>> packer = RecordPacker()
    >>> for record in ({"text": "gut"}, {"nps": "9"}):
    ...     packer.add(record)
    >>> packer.columns()
    {'nps': [None, '9'], 'text': ['gut', None]}
    """

    def __init__(self) -> None:
        self._records: list[dict[str, Any]] = []
        self._done = 0
        self._pieces: dict[str, list[pa.Array | list[Any]]] = {}

    def add(self, record: dict[str, Any]) -> None:
        """Take one record."""
        self._records.append(record)
        if len(self._records) >= _PIECE:
            self._pack()

    def columns(self) -> dict[str, Cells]:
        """Return the columns of all records by name, so that the order of rows does not show in them."""
        self._pack()
        return {name: Cells(self._pieces[name]) for name in sorted(self._pieces)}

    def _pack(self) -> None:
        names = {name for record in self._records for name in record}
        check_width(len(names | set(self._pieces)))
        for name in sorted(names - set(self._pieces)):
            self._pieces[name] = [pa.nulls(self._done, TEXT)] if self._done else []
        if self._records:
            for name, pieces in self._pieces.items():
                pieces.append(pack([record.get(name) for record in self._records]))
        self._done += len(self._records)
        self._records = []


def check_width(columns: int) -> None:
    """Raise if a table has more columns than any table of comments: each takes memory in every row.

    Raises
    ------
    FeedbackError
        With more than 5,000.

    Examples
    --------
    >>> check_width(300)
    """
    if columns > _MOST_COLUMNS:
        raise FeedbackError(f"A table of comments has at most {_MOST_COLUMNS:,} columns, and this one has more: take "
                            "out those that are not needed, and see that names of columns hold no values.")


def pack(values: Sequence[Any]) -> pa.Array | list[Any]:
    """Return cells of one type packed; mixed ones as a list, so that none changes its type.

    Examples
    --------
    >>> pack(["a", None]).type, pack([1, "a"])
    (DataType(large_string), [1, 'a'])
    """
    kinds = set(map(type, values)) - {type(None)}
    kind = next(iter(kinds)) if len(kinds) == 1 else str if not kinds else None
    if kind not in _PACKED:
        return list(values)
    try:
        return pa.array(values, _PACKED[kind], from_pandas=False)
    except (pa.ArrowException, UnicodeError, OverflowError):  # a number beyond 64 bits, half a character
        return list(values)


def distinct(texts: pa.ChunkedArray) -> tuple[np.ndarray, pd.Series]:
    """Return for each row which distinct value it has, and the distinct values in order of appearance.

    Examples
    --------
    >>> places, values = distinct(Cells.of(["b", None, "b"]).texts())
    >>> places.tolist(), values.tolist()
    ([0, 1, 0], ['b', None])
    """
    encoded = pc.dictionary_encode(texts.combine_chunks(), null_encoding="encode")
    return encoded.indices.to_numpy(), pd.Series(encoded.dictionary.to_pylist(), dtype=object)


def text_column(texts: pa.ChunkedArray) -> pd.Series:
    """Return texts as a pandas column that shares their memory; empty texts are missing.

    Examples
    --------
    >>> text_column(Cells.of(["gut", ""]).texts()).tolist()
    ['gut', nan]
    """
    pieces = [pc.if_else(pc.equal(piece, ""), None, piece) if pc.any(pc.equal(piece, "")).as_py() else piece
              for piece in texts.chunks]
    kind: Any = pd.StringDtype(na_value=np.nan)
    return pd.Series(kind.__from_arrow__(pa.chunked_array(pieces, TEXT)))

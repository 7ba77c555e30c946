"""Digests: what results are keyed and known again by."""

from __future__ import annotations

import hashlib
import json
import weakref
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

_WORTH_KNOWING = 1_000_000  # bytes
_READ_ONLY: dict[int, tuple[weakref.ref[np.ndarray], str]] = {}


def digest(*parts: Any) -> str:
    """Return a SHA-256 over values that JSON can write, independent of the order of keys.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_digest(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def array_digest(array: np.ndarray) -> str:
    """Return a digest of an array's kind, shape and numbers, which are read where they lie.

    An array that stays in its file, as one read from a store does, is read once, however often its digest is asked for.

    Examples
    --------
    >>> array_digest(np.eye(2)) == array_digest(np.eye(2)[::-1][::-1]), array_digest(np.zeros(2)) == array_digest(
    ...     np.zeros((2, 1)))
    (True, False)
    """
    known = _READ_ONLY.get(id(array))
    if known is not None and known[0]() is array:
        return known[1]
    hasher = hashlib.sha256(f"{array.dtype} {array.shape}".encode())
    hasher.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    found = hasher.hexdigest()
    if isinstance(array, np.memmap) and not array.flags.writeable and array.nbytes >= _WORTH_KNOWING:
        number = id(array)
        _READ_ONLY[number] = weakref.ref(array, lambda _: _READ_ONLY.pop(number, None)), found
    return found


def table_digest(table: pd.DataFrame) -> str:
    """Return a SHA-256 of a table's columns and values, in row order; the index does not count.

    Examples
    --------
    >>> a = pd.DataFrame({"text": ["خوب", "good"]})
    >>> table_digest(a) == table_digest(a.copy()), table_digest(a) == table_digest(a.iloc[::-1])
    (True, False)
    """
    hasher = hashlib.sha256(repr([(str(name), str(kind)) for name, kind in table.dtypes.items()]).encode())
    for place in range(table.shape[1]):
        _hash_column(hasher, table.iloc[:, place])
    return hasher.hexdigest()


def _hash_column(hasher: Any, column: pd.Series) -> None:
    """Add a column to a digest: numbers and Arrow text where they lie, all else by a hash of each value."""
    if isinstance(column.array, pd.arrays.ArrowStringArray):
        _hash_text(hasher, column.array.__arrow_array__())
    elif isinstance(column.dtype, np.dtype) and column.dtype.kind in "biufmM":
        hasher.update(np.ascontiguousarray(column.to_numpy()).view(np.uint8).data)
    else:
        hasher.update(pd.util.hash_pandas_object(column, index=False).to_numpy().data)


def _hash_text(hasher: Any, texts: Any) -> None:
    """Add Arrow texts to a digest: the length of each, -1 where there is none, then all characters; in any pieces."""
    import pyarrow as pa
    import pyarrow.compute as pc

    pieces = [piece for piece in texts.cast(pa.large_string()).chunks if len(piece)]
    for piece in pieces:
        hasher.update(memoryview(pc.fill_null(pc.binary_length(piece), -1).to_numpy(zero_copy_only=False)).cast("B"))
    for piece in pieces:
        whole = piece.fill_null("") if piece.null_count else piece
        bounds = np.frombuffer(whole.buffers()[1], dtype=np.int64)[whole.offset : whole.offset + len(whole) + 1]
        if bounds[-1] > bounds[0]:
            hasher.update(memoryview(whole.buffers()[2])[bounds[0] : bounds[-1]])


@cache
def code_digest() -> str:
    """Return a SHA-256 of the code that decides results, so that changed code is never served old ones.

    Charts and reports only show what is stored; they do not count.
    """
    root = Path(__file__).parent
    showing = {root / "charts", root / "report"}
    files = sorted(path for path in root.rglob("*.py") if not showing & set(path.parents))
    hasher = hashlib.sha256()
    for path in files:
        hasher.update(path.relative_to(root).as_posix().encode())
        hasher.update(path.read_bytes())
    return hasher.hexdigest()

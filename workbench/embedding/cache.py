"""Vectors by content: a text that was encoded once by a model is not encoded again.

One SQLite file a model, so that two processes may use it at once and an interrupted run keeps what it had.
Texts themselves are not stored, only their SHA-256. Vectors are in half precision there, and everywhere else as they
are when they come from there: whether a text was known makes no difference.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.arguments import check_path
from workbench.embedding.encoders import BatchEncoder, Encoder
from workbench.errors import DiskError, InputError, StoreError, not_written, shown

STORED = np.float16
_BATCH = 4096
_LOOKUP = 500
_GLANCE = 0.01  # seconds between two tries
_PATIENCE = 60.0  # seconds for another process to let go of a cache
_OF_THE_DISK = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)


def embed(
    texts: Sequence[str],
    encoder: Encoder | str = "embedded",
    *,
    cache: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Return one vector a text, each distinct text being encoded once.

    Parameters
    ----------
    texts
        Any sequence of strings: a list, or a column of a table. A missing one counts as empty.
    encoder
        An encoder, or the name of one (see `load_encoder`).
    cache
        A folder for vectors that are known already; none by default.
    progress
        Called with the number of distinct texts done and their total.

    Returns
    -------
    numpy.ndarray
        float32, shape ``(len(texts), encoder.dimensions)``, rows of unit length, each number rounded to half precision
        (11 bits, which moves a cosine by about one hundred-thousandth); a text that holds nothing the model knows has
        the zero vector.

    Raises
    ------
    EncoderError
        If a named encoder cannot be loaded.
    InputError
        If `texts` is a single text, or holds something else than texts; if `encoder` is none.
    StoreError, DiskError
        If the cache is damaged, or cannot be written.

    Examples
    --------
    >>> vectors = embed(["late delivery", "تأخر التوصيل", "تحویل دیر شد", "late delivery", ""])
    >>> vectors.shape
    (5, 256)
    >>> bool((vectors[0] == vectors[3]).all()), float(abs(vectors[4]).sum())
    (True, 0.0)
    """
    from workbench.embedding.encoders import load_encoder

    model = load_encoder(encoder) if isinstance(encoder, str) else encoder
    if not hasattr(model, "encode"):
        raise InputError(f"encoder: expected the name of an encoder, or one from `load_encoder`, found {shown(model)}.")
    if cache is not None:
        check_path("cache", cache)
    inverse, distinct = pd.factorize(_as_column(texts), sort=True)
    vectors = np.zeros((len(distinct), model.dimensions), dtype=STORED)
    keys = [_key(text) for text in distinct]
    known = _read_known(cache, model, keys, vectors)
    missing = np.flatnonzero(~known)
    done = int(known.sum())
    _tell(progress, done, len(distinct))
    batches = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
    for rows, found in zip(batches, _encode(model, [[distinct[row] for row in rows] for rows in batches]), strict=True):
        vectors[rows] = found
        _write(cache, model, [keys[row] for row in rows], vectors[rows])
        done += len(rows)
        _tell(progress, done, len(distinct))
    return vectors[inverse].astype(np.float32)


def _as_column(texts: Sequence[str]) -> np.ndarray:
    """Return texts as an array of strings, a missing one as an empty one."""
    if isinstance(texts, str) or not isinstance(texts, Iterable) or getattr(texts, "ndim", 1) != 1:
        raise InputError("Texts to encode are given as a list or a column; a single one as [text].")
    column = pd.Series(list(texts), dtype=object)
    column = column.where(column.notna(), "")
    if pd.api.types.infer_dtype(column) not in ("string", "empty"):
        at, found = next((at, text) for at, text in enumerate(column) if not isinstance(text, str))
        raise InputError(f"Texts to encode are strings, but number {at + 1:,} of {len(column):,} is of the type "
                         f"{type(found).__name__}; name the column that holds the texts.")
    return column.to_numpy()


def _encode(model: Encoder, batches: list[list[str]]) -> Iterator[np.ndarray]:
    """Return the vectors of every batch in order; an encoder that can work on several at once is given all of them."""
    if isinstance(model, BatchEncoder):
        return model.encode_batches(batches)
    return map(model.encode, batches)


def known_keys(texts: Iterable[str]) -> set[bytes]:
    """Return the keys that texts are cached under.

    Examples
    --------
    >>> known_keys(["دیر شد", "late"]) == known_keys(["late", "دیر شد", "late"])
    True
    """
    return {_key(text) for text in set(texts)}


def forget_vectors(folder: str | Path, keys: Iterable[bytes]) -> int:
    """Remove texts from the caches of all encoders in a folder, and their bytes from the files.

    Parameters
    ----------
    folder
        A cache folder; it need not exist.
    keys
        From `known_keys`.

    Returns
    -------
    int
        Rows removed.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = embed(["too slow", "خیلی کند", "بطيء جدا"], cache=folder)
    >>> forget_vectors(folder, known_keys(["خیلی کند", "never seen"])), forget_vectors(folder, known_keys(["خیلی کند"]))
    (1, 0)
    """
    rows = [(key,) for key in sorted(set(keys))]
    removed = 0
    for file in sorted(Path(folder).glob("*.sqlite")):
        with _connect(file) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                before = connection.total_changes
                connection.executemany("DELETE FROM vectors WHERE key = ?", rows)
                gone = connection.total_changes - before
            if gone:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            removed += gone
    return removed


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _tell(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


@contextmanager
def _open(cache: str | Path, encoder: Encoder) -> Iterator[sqlite3.Connection]:
    folder = Path(cache)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(f"The cache of vectors {folder} cannot be written ({error.strerror}).", error,
                          StoreError) from error
    with _connect(folder / f"{encoder.identity[:32]}.sqlite") as connection:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
        connection.execute("CREATE TABLE IF NOT EXISTS encoder (only INTEGER PRIMARY KEY CHECK (only = 0), name TEXT)")
        with connection:
            connection.execute("INSERT OR IGNORE INTO encoder VALUES (0, ?)", (Path(encoder.name).name,))
        yield connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers go on beside one who writes; where several open a new file at once, SQLite does not wait."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_GLANCE)


@contextmanager
def _connect(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a cache; whatever SQLite has against it is told in one sentence."""
    try:
        with closing(sqlite3.connect(file, timeout=_PATIENCE)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_DISK:  # the rest of a code tells where it was met
            raise DiskError(f"The cache of vectors {file} cannot be written ({error}).") from error
        raise StoreError(f"The cache of vectors {file} cannot be used ({error}); if it is damaged, remove it: its "
                         "vectors are computed again.") from error


def _read_known(cache: str | Path | None, encoder: Encoder, keys: list[bytes], vectors: np.ndarray) -> np.ndarray:
    """Fill the rows of `vectors` that the cache knows; return which they are."""
    known = np.zeros(len(keys), dtype=bool)
    if cache is None:
        return known
    row_of = {key: row for row, key in enumerate(keys)}
    with _open(cache, encoder) as connection:
        for start in range(0, len(keys), _LOOKUP):
            some = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(some))
            found = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some)  # noqa: S608
            for key, blob in found:
                vectors[row_of[key]] = _from_bytes(blob, encoder.dimensions)
                known[row_of[key]] = True
    return known


def _from_bytes(blob: bytes, dimensions: int) -> np.ndarray:
    """Return a stored vector; those that were stored before they were halved have four bytes a number."""
    return np.frombuffer(blob, dtype=STORED if len(blob) == dimensions * np.dtype(STORED).itemsize else np.float32)


def _write(cache: str | Path | None, encoder: Encoder, keys: list[bytes], vectors: np.ndarray) -> None:
    if cache is None:
        return
    rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
    with _open(cache, encoder) as connection, connection:
        connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

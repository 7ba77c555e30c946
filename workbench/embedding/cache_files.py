"""The files of the vector cache: what lies there, and what no encoder in use needs any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import pandas as pd

from workbench.arguments import check_path, check_texts
from workbench.errors import StoreError

_READERS = "-shm"  # SQLite makes it anew for whoever looks
_SUFFIXES = ("", "-wal", _READERS)


def list_caches(folder: str | Path) -> pd.DataFrame:
    """Return the caches in a folder, the last written first.

    Parameters
    ----------
    folder
        A cache folder; it need not exist.

    Returns
    -------
    pandas.DataFrame
        ``encoder`` (its name, empty where an older version wrote the cache), ``identity`` (the first 32 digits),
        ``vectors`` (rows), ``megabytes``, ``written`` (time, UTC).

    Raises
    ------
    StoreError
        If a file there is no cache.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.embedding import embed
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = embed(["too slow", "خیلی کند", "بطيء جدا"], cache=folder)
    >>> list_caches(folder)[["encoder", "vectors"]].values.tolist()
    [['embedded', 3]]
    """
    check_path("folder", folder)
    rows = []
    for file in sorted(Path(folder).glob("*.sqlite")):
        name, count = _read(file)
        parts = {suffix: Path(f"{file}{suffix}").stat() for suffix in _SUFFIXES if Path(f"{file}{suffix}").exists()}
        written = max(part.st_mtime for suffix, part in parts.items() if part.st_size and suffix != _READERS)
        rows.append((name, file.stem, count, sum(part.st_size for part in parts.values()) / 1e6, written))
    table = pd.DataFrame(rows, columns=["encoder", "identity", "vectors", "megabytes", "written"])
    table["written"] = pd.to_datetime(table["written"].astype(float), unit="s", utc=True).dt.floor("s")
    return table.sort_values(["written", "identity"], ascending=[False, True]).reset_index(drop=True)


def prune_caches(folder: str | Path, keep: Collection[str]) -> pd.DataFrame:
    """Remove the caches of all encoders but some, and return what was removed, as `list_caches` shows it.

    Parameters
    ----------
    folder
        A cache folder.
    keep
        Identities of encoders in use, from `identify_encoder`.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.embedding import embed, identify_encoder
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = embed(["too slow", "خیلی کند", "بطيء جدا"], cache=folder)
    >>> len(prune_caches(folder, [identify_encoder("embedded")])), len(prune_caches(folder, []))
    (0, 1)
    """
    check_texts("keep", keep)
    kept = [identity[:32] for identity in keep]
    caches = list_caches(folder)
    gone = caches[~caches["identity"].isin(kept)].reset_index(drop=True)
    for identity in gone["identity"]:
        for suffix in _SUFFIXES:
            Path(folder, f"{identity}.sqlite{suffix}").unlink(missing_ok=True)
    return gone


def _read(file: Path) -> tuple[str, int]:
    """Return the name of the encoder of a cache, and how many vectors it holds."""
    try:
        try:
            return _count(file, "mode=ro")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_CANTOPEN:
                raise
        return _count(file, "immutable=1")  # nothing can be written beside it, as SQLite does for readers, too
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{file} is not a cache of vectors, or it is damaged; remove it: vectors are computed "
                         "again when they are needed.") from error


def _count(file: Path, how: str) -> tuple[str, int]:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?{how}", uri=True, timeout=60)) as connection:
        count = int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'encoder'").fetchone()
        name = connection.execute("SELECT name FROM encoder").fetchone() if known else None
    return (str(name[0]) if name else ""), count

"""The tables of a stored folder, each read from its file when it is first asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import StoreError


class StoredTables(Mapping[str, Any]):
    """Name to pandas table, or to a numpy array that stays in its file; made of a complete folder of a store.

    Every file is looked at when this is made, and read when its table is first asked for; a table that was read stays.
    What is pickled or copied is a dict of all tables.

    Parameters
    ----------
    folder
        A complete folder of a store.

    Attributes
    ----------
    size : int
        Bytes of the files of all tables; arrays, which stay in their files, do not count.

    Raises
    ------
    StoreError
        If a file of the folder is missing or has lost a part; later, when a table is asked for, if its file is broken,
        or if another process has removed the folder or put another in its place since.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.store import Store
    >>> store = Store(tempfile.mkdtemp())
    >>> path = store.stage_path("language", "a")
    >>> store.write(path, {"statements": pd.DataFrame({"text": ["late", "دیر", "متأخر"]})}, {})
    >>> tables = StoredTables(path)
    >>> tables
    <tables: statements>
    >>> tables["statements"]["text"].tolist()
    ['late', 'دیر', 'متأخر']
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Any] = {}
        try:
            self._made = _made(folder)
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            self._files = {str(name).rsplit(".", 1)[0]: folder / name for name in manifest["files"]}
            sizes = {name: file.stat().st_size for name, file in self._files.items()}
            self.size = sum(size for name, size in sizes.items() if self._files[name].suffix != ".npy")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(folder) from error
        whole = manifest.get("sizes", {})  # folders of earlier versions do not tell
        if any(size != whole.get(self._files[name].name, size) for name, size in sizes.items()):
            raise _damaged(folder)

    def let_go(self) -> None:
        """Forget the tables that were read; arrays stay, as they are in their files."""
        self._read = {name: table for name, table in self._read.items() if isinstance(table, np.ndarray)}

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            self._read[name] = self._load(self._files[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return f"<tables: {', '.join(self)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def _load(self, file: Path) -> Any:
        try:
            table = read_file(file)
        except (OSError, ValueError) as error:
            raise (_damaged if self._stands() else _gone)(self._folder) from error
        if not self._stands():  # the file may be of the folder that was put in its place
            raise _gone(self._folder)
        with suppress(OSError):
            os.utime(self._folder)  # in use, so not among those that a store lets go of first
        return table

    def _stands(self) -> bool:
        try:
            return _made(self._folder) == self._made
        except OSError:
            return False


def read_file(file: Path, columns: list[str] | None = None) -> pd.DataFrame | np.ndarray:
    """Return a stored table, or those of some columns that it has; of an array, a view that stays in its file.

    As ``pandas.read_parquet`` would, at less than half of its cost for a small table.

    Raises
    ------
    OSError, ValueError
        If the file is missing or broken.
    """
    if file.suffix == ".npy":
        array: np.ndarray = np.load(file, mmap_mode="r", allow_pickle=False)
        return array
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as stored:
        known = columns and [name for name in columns if name in stored.schema_arrow.names]
        content = stored.read(columns=known, use_threads=False)  # starting threads costs more than most tables
    table: pd.DataFrame = content.to_pandas(types_mapper=_kinds_of_text().get, use_threads=False)
    return table


@cache
def _kinds_of_text() -> dict[Any, Any]:
    """Return what this version of pandas makes of texts, which pyarrow does not ask it."""
    import pyarrow as pa

    kind = pd.Series(["a"]).dtype
    return dict.fromkeys((pa.string(), pa.large_string()), kind) if isinstance(kind, pd.StringDtype) else {}


def _made(folder: Path) -> tuple[int, int, int]:
    """Return what tells a folder from another that is put in its place."""
    manifest = (folder / "manifest.json").stat()
    return manifest.st_ino, manifest.st_mtime_ns, manifest.st_size


def _damaged(folder: Path) -> StoreError:
    return StoreError(f"The stored result {folder} is damaged; delete that folder and run again.")


def _gone(folder: Path) -> StoreError:
    return StoreError(f"The stored result {folder} was removed or made anew since it was opened; run again.")

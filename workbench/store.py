"""Where results are kept: plain tables and arrays in folders that are keyed by what decides their content.

Layout of a store::

    stages/<stage>-<key>/     what one stage made, with a manifest.json; complete or absent
    analyses/<key>/           a whole analysis: every table, the vectors, manifest.json; those used last. Beside them
                              stills/, what its charts look like, and hidden/, which of its cells are hidden, once a
                              report has shown them
    analyses/<key>-<part>/    the same analysis, as far as it was wanted
    vectors/                  the vector cache

A folder is written under a temporary name and moved into place, so a reader never sees half of one. Temporary names
begin with a dot. `Store.prune` keeps a store from growing without end.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from workbench.digests import array_digest, code_digest, digest, file_digest, table_digest
from workbench.errors import StoreError, not_written
from workbench.stored import StoredTables, read_file

__all__ = ["KEPT_ANALYSES", "Store", "Tables", "array_digest", "code_digest", "digest", "file_digest", "table_digest"]

Tables = dict[str, Any]  # pandas tables, and numpy arrays of vectors
KEPT_ANALYSES = 12
_UNFINISHED = 86_400.0  # seconds after which a folder under a temporary name is nobody's


class Store:
    """One folder of stored stages and analyses.

    Parameters
    ----------
    folder
        Made when something is first written to it.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @property
    def vectors(self) -> Path:
        """The folder of the vector cache."""
        return self.folder / "vectors"

    def stage_path(self, stage: str, key: str) -> Path:
        """Return where a stage with this key is kept, whether or not it exists."""
        return self.folder / "stages" / f"{stage}-{key[:16]}"

    def analysis_path(self, key: str, lacking: Sequence[str] = ()) -> Path:
        """Return where an analysis with this key is kept, whether or not it exists; without some stages, elsewhere."""
        return self.folder / "analyses" / (f"{key[:16]}-{digest(*lacking)[:8]}" if lacking else key[:16])

    def holds(self, path: Path) -> bool:
        """Return whether there is a complete folder."""
        return (path / "manifest.json").is_file()

    def read(self, path: Path) -> Tables | None:
        """Return the tables of a complete folder, or nothing if there is none.

        Raises
        ------
        StoreError
            If the folder is there but a file in it is missing or broken.
        """
        tables = self.open(path)
        return None if tables is None else dict(tables)

    def open(self, path: Path) -> StoredTables | None:
        """Return the tables of a complete folder, each read when it is first asked for, or nothing if there is none.

        Raises
        ------
        StoreError
            If the folder is there but a file in it is missing or has lost a part.
        """
        return StoredTables(path) if (path / "manifest.json").is_file() else None

    def read_table(self, path: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return one table of a complete folder, or of its columns those of the list that it has.

        Raises
        ------
        StoreError
            If the file is missing or broken.
        """
        try:
            table = read_file(path / f"{name}.parquet", columns)
        except (OSError, ValueError) as error:
            raise StoreError(f"The stored result {path} is damaged; delete that folder and run again.") from error
        return cast(pd.DataFrame, table)

    def manifest(self, path: Path) -> dict[str, Any]:
        """Return the manifest of a complete folder."""
        content: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        return content

    def write(self, path: Path, tables: Mapping[str, pd.DataFrame | np.ndarray], manifest: Mapping[str, Any]) -> None:
        """Write tables and manifest beside `path` and move them there; a complete folder that stands there stays."""
        self._publish(path, lambda folder: [_write_file(folder, name, value) for name, value in tables.items()],
                      manifest)

    def gather(self, path: Path, sources: Mapping[str, Path], manifest: Mapping[str, Any]) -> None:
        """Make a folder of tables that stand in other folders already: the same files, where the disk can share them.

        Parameters
        ----------
        path
            Of the new folder.
        sources
            Table name to the complete folder that holds it.
        manifest
            As for `write`.

        Examples
        --------
        >>> store = Store(tempfile.mkdtemp())
        >>> stage, whole = store.stage_path("language", "a"), store.analysis_path("b")
        >>> store.write(stage, {"statements": pd.DataFrame({"text": ["late", "دیر"]})}, {})
        >>> store.gather(whole, {"statements": stage}, {})
        >>> store.read(whole)["statements"]["text"].tolist()
        ['late', 'دیر']
        """
        self._publish(path, lambda folder: [_share_file(source, folder, name) for name, source in sources.items()],
                      manifest)

    def _publish(self, path: Path, fill: Callable[[Path], list[str]], manifest: Mapping[str, Any]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
        except OSError as error:
            raise not_written(f"The folder {path.parent} cannot be written ({error.strerror}); `store:` in the study "
                              "file names another.", error, StoreError) from error
        try:
            files = sorted(fill(temporary))
            content = {**manifest, "files": files, "sizes": {name: (temporary / name).stat().st_size for name in files}}
            text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str)
            (temporary / "manifest.json").write_text(text + "\n", encoding="utf-8")
            _move(temporary, path)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else "the disk is full"  # numpy does not say
            raise not_written(f"The result could not be written to {path} ({why}).", error, StoreError) from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def mark_used(self, path: Path) -> None:
        """Note that a folder was used just now, which is what `prune` goes by; one that cannot be marked is left."""
        with suppress(OSError):
            os.utime(path)

    def prune(self, keep: int = KEPT_ANALYSES) -> list[Path]:
        """Remove all but the analyses used last, and the stages that none of these needs; return what was removed.

        Folders that hold more and less of one analysis count once. A stage goes if no kept analysis is made of it and
        it was last used before all of them: what an interrupted or a running analysis has made lately stays. With fewer
        analyses than are kept, no stage goes. Folders under temporary names, which another process may be writing, are
        left alone for a day: what a killed process left goes then.

        Examples
        --------
        >>> store = Store(tempfile.mkdtemp())
        >>> for day, text in enumerate(["late", "دیر", "متأخر"]):
        ...     path = store.analysis_path(digest(text))
        ...     store.write(path, {"comments": pd.DataFrame({"text": [text]})}, {})
        ...     os.utime(path, (day, day))
        >>> store.prune(keep=2) == [store.analysis_path(digest("late"))]
        True
        """
        analyses = self.analyses()
        last = list(dict.fromkeys(map(_key_of, analyses)))[:keep]
        kept = [path for path in analyses if _key_of(path) in last]
        dropped = [path for path in analyses if _key_of(path) not in last]
        if len(last) == keep:
            oldest = min(map(_used, kept), default=0.0)
            needed = {self.stage_path(stage, key) for path in kept for stage, key in self._stages_of(path).items()}
            dropped += [path for path in self._folders("stages") if path not in needed and _used(path) < oldest]
        aside = [path for kind in ("stages", "analyses") for path in (self.folder / kind).glob(".*")]
        dropped += [path for path in aside if _used(path) < time.time() - _UNFINISHED]
        return [path for path in sorted(dropped) if _drop(path)]

    def analyses(self) -> list[Path]:
        """Return the folders of whole analyses, the one used last first."""
        return sorted(self._folders("analyses"), key=lambda path: (_used(path), path.name), reverse=True)

    def find_analysis(self, key: str, tables: Collection[str]) -> Path:
        """Return where an analysis with this key is kept that holds some tables, or where there would be one."""
        found = (path for path in self.analyses() if _key_of(path) == key[:16])
        whole = self.analysis_path(key)
        return next((path for path in found if set(tables) <= set(self.open(path) or ())), whole)

    def analyses_of(self, inputs: str) -> list[tuple[Path, dict[str, Any]]]:
        """Return the whole analyses of some inputs, with their manifests, the one used last first."""
        found = []
        for path in self.analyses():
            with suppress(OSError, ValueError):  # removed by another process, or damaged: `read` tells
                manifest = self.manifest(path)
                if manifest.get("inputs") == inputs:
                    found.append((path, manifest))
        return found

    def _folders(self, kind: str) -> list[Path]:
        found = sorted((self.folder / kind).glob("*"))
        return [path for path in found if not path.name.startswith(".") and (path / "manifest.json").is_file()]

    def _stages_of(self, path: Path) -> dict[str, str]:
        try:
            stages: dict[str, str] = self.manifest(path).get("stages", {})
        except (OSError, ValueError):  # just removed by another process, or damaged: `read` tells
            return {}
        return stages


def _key_of(path: Path) -> str:
    """Return which analysis a folder is of, be it whole or a part of its stages."""
    return path.name.partition("-")[0]


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # removed meanwhile
        return 0.0


def _drop(path: Path) -> bool:
    """Remove a folder, out of every reader's sight at once; return whether it could be."""
    aside = path.with_name(f".{path.name}-dropped-{os.getpid()}")
    try:
        os.replace(path, aside)
    except OSError:
        return False
    shutil.rmtree(aside, ignore_errors=True)
    return True


def _move(temporary: Path, path: Path) -> None:
    """Put a finished folder in its place; one that another process finished first, with the same key, is as good."""
    try:
        os.replace(temporary, path)
    except OSError:
        if not (path / "manifest.json").is_file():
            shutil.rmtree(path, ignore_errors=True)
            os.replace(temporary, path)


def _write_file(folder: Path, name: str, value: pd.DataFrame | np.ndarray) -> str:
    """Write a table as ``DataFrame.to_parquet`` would, at two thirds of its cost for a small one; or an array."""
    if isinstance(value, np.ndarray):
        np.save(folder / f"{name}.npy", value, allow_pickle=False)
        return f"{name}.npy"
    import pyarrow as pa
    from pyarrow.parquet import write_table

    write_table(pa.Table.from_pandas(value, preserve_index=False), folder / f"{name}.parquet")
    return f"{name}.parquet"


def _share_file(source: Path, folder: Path, name: str) -> str:
    """Put a table of another folder into this one: by a second name of its file, or by a copy where there is none."""
    array = source / f"{name}.npy"
    file = array if array.is_file() else source / f"{name}.parquet"
    try:
        os.link(file, folder / file.name)
    except OSError:  # another disk, or one without such links
        shutil.copyfile(file, folder / file.name)
    return file.name

"""Stages that other processes of this machine make while this one makes others; the store is where they meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.room import give_back
from workbench.store import Store
from workbench.stored import StoredTables
from workbench.study import Study
from workbench.timings import timed

if TYPE_CHECKING:
    from workbench.scale import Call
    from workbench.stages import Result

_LARGE = 25_000_000  # bytes in files: some 50,000 comments and what is first told of them

Compute = Callable[[Study, Any, Store], "Result"]


@dataclass(frozen=True)
class Begun:
    """A stage whose inputs are there, to be made by whoever claims its call first.

    Attributes
    ----------
    key : str
        What its tables are stored under.
    """

    name: str
    key: str
    compute: Compute
    call: Call


class GatheredTables(Mapping[str, Any]):
    """Tables that stand in several folders of a store, each read when it is first asked for.

    What is pickled are the folders: another process reads what it needs.

    Parameters
    ----------
    folders
        Table name to the complete folder that holds it.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = dict(folders)
        self._opened: dict[Path, StoredTables] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return GatheredTables, (self._folders,)

    def __getitem__(self, name: str) -> Any:
        return self._open(self._folders[name])[name]

    def _open(self, folder: Path) -> StoredTables:
        if folder not in self._opened:
            self._opened[folder] = StoredTables(folder)
        return self._opened[folder]

    @property
    def folders(self) -> dict[str, Path]:
        """Table name to the folder that holds it."""
        return dict(self._folders)

    def add(self, tables: StoredTables, folder: Path) -> None:
        """Take in the tables of a further folder; they go before those of the same name."""
        self._folders.update(dict.fromkeys(tables, folder))
        self._opened[folder] = tables

    @property
    def is_large(self) -> bool:
        """Whether the tables of all folders together are too large to hold them all the time."""
        return sum(self._open(folder).size for folder in dict.fromkeys(self._folders.values())) > _LARGE

    def make_room(self) -> None:
        """Where tables are large, let go of what was read: who needs it reads it again, and nothing else is held.

        Where they are small, all are read now, so that whoever removes them from the store stops nobody.
        """
        if not self.is_large:
            dict(self)
            return
        for tables in self._opened.values():
            tables.let_go()
        give_back()

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


def make_stage(study: Study, store: Store, tables: Mapping[str, Any], name: str, key: str, compute: Compute) -> float:
    """Compute a stage and store it; return how many seconds that took.

    Parameters
    ----------
    study
        The study.
    store
        Where it is written.
    tables
        What it is made of.
    name, key
        Of the stage.
    compute
        Its computation.
    """
    started = time.perf_counter()
    made, facts = compute(study, tables, store)
    store.write(store.stage_path(name, key), made, {"stage": name, "key": key, "facts": facts})
    del made
    give_back()
    return time.perf_counter() - started


def make_elsewhere(study: Study, store: Store, tables: Mapping[str, Any], name: str, key: str, compute: Compute
                   ) -> float:
    """Do what `make_stage` does in another process, and tell what it cost."""
    with timed(name):
        return make_stage(study, store, tables, name, key, compute)

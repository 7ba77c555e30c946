"""The theme ledger: which themes there have been, so that a theme keeps its number from one run to the next.

A JSON file beside the store, not in it: stores are thrown away. A run is written once and never changed, but for
names that a language model proposes after it, for what a person who asks to be forgotten has in it, and for the keys
and centres of runs long past, which are dropped.
It holds no comment and no id of one: labels, counts, centres of themes, and hashes of statements.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workbench.errors import StoreError, not_written
from workbench.language import counting_key
from workbench.themes.members import keys_of_comments, read_keys, write_keys
from workbench.themes.naming import label_without

KEPT_RUNS: Final = 12  # with keys and centres; of older ones only the summary stays
FIRST_OF_PEOPLE, LAST_OF_PEOPLE = 1_000, 9_999  # theme numbers that a codebook gives


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnownTheme(_Record):
    """A theme as one run left it; one that is not live has vanished and may come back."""

    theme_id: int = Field(ge=0)
    label: str
    labels: dict[str, str] = Field(default_factory=dict, description="by language, where it is another one")
    comment_count: int = Field(ge=0)
    centre: str = ""
    is_live: bool = True


class Run(_Record):
    """What one run found. ``members`` maps a theme (-1: unassigned) to the keys of its statements.

    ``as_found`` is what its themes are known by before any rule. A run that has those of its baseline, under other
    rules, tells what has changed ``since`` the run that these themes were first held against.
    """

    number: int = Field(ge=1)
    found: str
    settings: str
    encoder: str
    last_date: str | None = None
    baseline: int | None = None
    as_found: str = ""
    since: int | None = None
    since_first_id: int = Field(0, ge=0)
    first_new_id: int = Field(ge=0)
    next_id: int = Field(ge=0)
    themes: list[KnownTheme]
    members: dict[int, str] = Field(default_factory=dict)
    members_below: int | None = Field(None, description="the highest key kept, where not all were")
    names: dict[str, int] = Field(default_factory=dict, description="the theme of each name in the codebook")
    proposed: dict[int, list[str]] = Field(default_factory=dict, description="what a language model called a theme")
    period: str | None = None
    period_counts: dict[int, dict[str, int]] = Field(default_factory=dict)
    period_bases: dict[str, int] = Field(default_factory=dict)
    is_whole: bool = True


class _File(_Record):
    version: Literal[1]
    runs: list[Run]


@dataclass(frozen=True)
class Prior:
    """What a run has to go by: its own number, the run that it is held against, and the first number that is free.

    Where the run before had the same themes under other rules, ``since`` is the run that they were first held against,
    and ``since_first_id`` the first number that was free then.
    """

    number: int
    baseline: Run | None
    first_new_id: int
    since: Run | None = None
    since_first_id: int = 0

    @property
    def compared(self) -> Run | None:
        """The run that a report compares this one with."""
        return self.since or self.baseline

    def parts(self) -> list[Any]:
        """Return what results are keyed by."""
        runs = [None if run is None else run.model_dump(mode="json") for run in (self.baseline, self.since)]
        return [self.number, self.first_new_id, self.since_first_id, *runs]


@dataclass(frozen=True)
class Ledger:
    """The runs so far, oldest first."""

    runs: tuple[Run, ...] = field(default=())

    def find(self, found: str) -> Run | None:
        """Return the run that found just this, if it can be made again: what it was held against is still whole."""
        run = next((run for run in reversed(self.runs) if run.found == found), None)
        needed = () if run is None else (number for number in (run.baseline, run.since) if number is not None)
        return run if all(self._whole(number) for number in needed) else None

    def prior(self, found: str, settings: str, as_found: str = "") -> Prior:
        """Return what a run has to go by.

        A run that is in the ledger is held against what it was held against then, so that running twice changes
        nothing. A new one is held against the latest run with the same settings, or else the latest: trying other
        settings once does not disturb the numbers. If that one has the same themes before any rule (`as_found`), this
        one is compared with what that one was compared with.
        """
        run = self.find(found)
        if run is not None:
            return Prior(run.number, self._whole(run.baseline), run.first_new_id, self._whole(run.since),
                         run.since_first_id)
        whole = [run for run in self.runs if run.is_whole]
        alike = [run for run in whole if run.settings == settings]
        baseline = next(reversed(alike or whole), None)
        number, since, since_first_id = self.runs[-1].number + 1 if self.runs else 1, None, 0
        if baseline is not None and as_found and baseline.as_found == as_found:
            since = self._whole(baseline.since or baseline.baseline)
            since_first_id = baseline.since_first_id if baseline.since else baseline.first_new_id
        return Prior(number, baseline, self.next_id, since, since_first_id if since else 0)

    @property
    def next_id(self) -> int:
        """The first number that no theme has had."""
        return max((run.next_id for run in self.runs), default=0)

    def with_run(self, run: Run) -> Ledger:
        """Return the ledger with one more run, those long past thinned.

        It takes the place of a run that found the same, unless it is held against that very run.
        """
        past = [old for old in self.runs if old.found != run.found or old.number == run.baseline]
        old = (one if one.number == run.since else _thin(one) for one in past[:1 - KEPT_RUNS])
        return Ledger((*old, *past[1 - KEPT_RUNS:], run))

    def with_proposed(self, number: int, names: Mapping[int, Collection[str]]) -> Ledger:
        """Return the ledger with what a language model called the themes of a run, beside what it called them before.

        Examples
        --------
        >>> run = Run(number=1, found="f", settings="s", encoder="e", first_new_id=0, next_id=1, themes=[])
        >>> ledger = Ledger((run,)).with_proposed(1, {0: ["Late bills"]})
        >>> ledger.with_proposed(1, {0: ["قبض دیر"]}).runs[0].proposed
        {0: ['Late bills', 'قبض دیر']}
        """
        return Ledger(tuple(_called(run, names) if run.number == number else run for run in self.runs))

    def without(self, comments: Iterable[str], words: Collection[str] = ()) -> Ledger:
        """Return the ledger without the keys of some comments, and without some words in its labels."""
        gone = sorted(set(comments))
        return Ledger(tuple(_without(run, gone, words) for run in self.runs))

    def knows(self, comments: Iterable[str], words: Collection[str] = ()) -> bool:
        """Return whether a key of one of the comments, or one of the words, is in it."""
        return self.without(comments, words) != self

    def _whole(self, number: int | None) -> Run | None:
        return next((run for run in self.runs if run.number == number and run.is_whole), None)


def read_ledger(path: str | Path) -> Ledger:
    """Return the ledger in a file; an empty one where there is no file.

    Raises
    ------
    StoreError
        If the file is there but is no ledger: going on would give themes new numbers.

    Examples
    --------
    >>> read_ledger("no_such_file.json").next_id
    0
    """
    file = Path(path)
    if not file.exists():
        return Ledger()
    try:
        content = _File.model_validate(json.loads(file.read_text(encoding="utf-8")))
        _ = [read_keys(text) for run in content.runs for text in run.members.values()]
    except (OSError, ValueError, ValidationError) as error:
        raise StoreError(f"{file.name} cannot be read as a theme ledger. Restore it from a copy; without it, delete it "
                         "and all themes get new numbers.") from error
    return Ledger(tuple(content.runs))


def write_ledger(ledger: Ledger, path: str | Path) -> None:
    """Write the ledger beside its place and move it there.

    Raises
    ------
    DiskError
        If it cannot be written.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "ledger.json"
    >>> run = Run(number=1, found="f", settings="s", encoder="e", first_new_id=0, next_id=1,
    ...           themes=[KnownTheme(theme_id=0, label="صورتحساب", comment_count=9)])
    >>> write_ledger(Ledger((run,)), path)
    >>> read_ledger(path).runs[0].themes[0].label
    'صورتحساب'
    """
    file = Path(path)
    content = _File(version=1, runs=list(ledger.runs)).model_dump(mode="json", exclude_defaults=False)
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(beside, file)
        except OSError:
            Path(beside).unlink()
            raise
    except OSError as error:
        raise not_written(f"The theme ledger cannot be written to {file} ({error.strerror}).", error,
                          StoreError) from error


def _called(run: Run, names: Mapping[int, Collection[str]]) -> Run:
    return run.model_copy(update={"proposed": {theme: sorted({*run.proposed.get(theme, ()), *names.get(theme, ())})
                                               for theme in sorted({*run.proposed, *names})}})


def _thin(run: Run) -> Run:
    themes = [theme.model_copy(update={"centre": "", "labels": {}}) for theme in run.themes]
    return run.model_copy(update={"themes": themes, "members": {}, "members_below": None, "is_whole": False,
                                  "names": {}, "proposed": {}, "period_counts": {}, "period_bases": {}})


def _without(run: Run, comments: list[str], words: Collection[str]) -> Run:
    kept = {}
    for theme, text in run.members.items():
        keys = read_keys(text)
        gone = keys_of_comments(keys, comments)
        kept[theme] = write_keys(keys[~gone]) if gone.any() else text
    themes = [theme.model_copy(update={
        "label": label_without(theme.label, words),
        "labels": {language: label_without(label, words) for language, label in theme.labels.items()}})
        for theme in run.themes]
    spelt = {counting_key(word, "und") for word in words}
    names = {name: theme for name, theme in run.names.items() if label_without(name, spelt) == name}
    proposed = {theme: [name for name in found if label_without(name, words) == name]
                for theme, found in run.proposed.items()}
    return run.model_copy(update={"members": kept, "themes": themes, "names": names, "proposed": proposed})


def member_table(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys of a run's statements and the theme of each, by key.

    Examples
    --------
    >>> run = Run(number=1, found="f", settings="s", encoder="e", first_new_id=0, next_id=1, themes=[],
    ...           members={0: write_keys(np.array([9, 4], dtype=np.uint64)),
    ...                    -1: write_keys(np.array([5], dtype=np.uint64))})
    >>> [column.tolist() for column in member_table(run)]
    [[4, 5, 9], [0, -1, 0]]
    """
    parts = [(read_keys(text), theme) for theme, text in sorted(run.members.items())]
    keys = np.concatenate([part for part, _ in parts]) if parts else np.zeros(0, dtype=np.uint64)
    themes = np.concatenate([np.full(len(part), theme) for part, theme in parts]) if parts else np.zeros(0, np.int64)
    keys, first = np.unique(keys, return_index=True)
    return keys, themes[first].astype(np.int64)

"""Whether a study stands as it was when its stored analysis was last found to hold, told by the times of its files.

Only what is read of a study tells whether its analysis holds, and reading it loads most of the package. A note in the
store spares that to whoever only wants to know whether there is anything to compute. Whoever reads the analysis
afterwards looks at all of it again; a report that was made of it is left as it is.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workbench.demand import LATER

if TYPE_CHECKING:
    from workbench.feedback.sources import Opened
    from workbench.study import Study

USUAL_STORE: Final = ".workbench"
_NOTES, _ANALYSES = "standing", "analyses"

Seen = dict[str, Any]  # a file's size, times and number; None where there is none


class Standing(NamedTuple):
    """The analysis that holds: its key, and the folder of its tables."""

    key: str
    folder: Path


def look_at(study: Study, opened: Sequence[Opened]) -> Seen | None:
    """Return how every file that a study's analysis hangs on stands now; None where files alone do not tell.

    They do not for rows of a database, a model of the hub, and patterns that go through all folders.

    Parameters
    ----------
    study
        The study.
    opened
        Its sources.
    """
    if any(one.file is None for one in opened) or any("**" in source.path for source in study.feedback):
        return None
    models = _files_of_models(study)
    return None if models is None else _stamps([study.path, *_files_of_sources(study, opened), *_own_files(study),
                                                *models])


def keep_note(study: Study, only: Mapping[str, str], seen: Seen, key: str, folder: Path,
              stages: Collection[str] = tuple(LATER)) -> None:
    """Note in the store that an analysis holds for files as they were seen; a store that cannot be written keeps none.

    What the analysis itself has written is noted as it stands now: the theme ledger and, where themes are kept from the
    analysis used last, which analyses there are.

    Parameters
    ----------
    study, only
        What was analysed: a study just as its file says it.
    seen
        As `look_at` returned it before any other of the files was read.
    key, folder
        Of the analysis.
    stages
        That it is made of.
    """
    file = _note_file(study.store_folder, study.path, only)
    own = [study.ledger_file] if study.themes.refit else [study.ledger_file, study.store_folder / _ANALYSES]
    note = {"study": str(study.path), "seen": {**seen, **_stamps(own)}, "program": program(), "key": key,
            "folder": folder.name, "stages": list(stages)}
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        draft.write_text(json.dumps(note), encoding="utf-8")  # names of files may be no Unicode
        os.replace(draft, file)


def told_stored(key: str) -> str:
    """Return the line that says that nothing is computed."""
    return f"Stored analysis {key[:12]}: nothing has changed since it was made."


def standing_analysis(study: str | Path, only: Mapping[str, str], needed: Collection[str] = tuple(LATER)
                      ) -> str | None:
    """Return the key of the analysis that holds, as `find_standing` finds it; None where none does."""
    found = find_standing(study, only, needed)
    return None if found is None else found.key


def find_standing(study: str | Path, only: Mapping[str, str], needed: Collection[str] = ()) -> Standing | None:
    """Return the analysis that holds, if a note says so and no file has changed since; else None.

    Parameters
    ----------
    study
        The study file.
    only
        The part of the comments that is counted.
    needed
        Stages that it must be made of.
    """
    file = Path(study).resolve()
    try:
        store = _store_of(file)
        note = json.loads(_note_file(store, file, only).read_text(encoding="utf-8"))
        is_of_it = note["study"] == str(file) and note["program"] == program() and set(needed) <= set(note["stages"])
        as_it_was = is_of_it and note["seen"] == _stamps(map(Path, note["seen"]))
        folder = store / _ANALYSES / note["folder"]
        return Standing(str(note["key"]), folder) if as_it_was and (folder / "manifest.json").is_file() else None
    except (OSError, ValueError, KeyError, TypeError):  # no note, or the rest of one
        return None


def table_stamps(folder: Path, names: Iterable[str]) -> Seen:
    """Return how the files of an analysis's tables stand now; None for a table that it does not hold.

    Not when they were last changed: that another analysis shares a file is such a change.
    """
    found = {name: _stamp(folder / f"{name}.parquet") or _stamp(folder / f"{name}.npy") for name in names}
    return {name: None if stamp is None else stamp[:-1] for name, stamp in found.items()}


def _store_of(study: Path) -> Path:
    """Return a study's store; the study is read as one only if it speaks of a store."""
    if b"store" not in study.read_bytes():
        return study.parent / USUAL_STORE
    from workbench.study import load_study

    return load_study(study).store_folder


def _note_file(store: Path, study: Path, only: Mapping[str, str]) -> Path:
    name = json.dumps([study.name, sorted(only.items())], ensure_ascii=False)
    return store / _NOTES / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.json"


def _files_of_sources(study: Study, opened: Sequence[Opened]) -> Iterator[Path]:
    """Yield the files of comments, and the folders in which another one may appear."""
    for one in opened:
        if one.file is not None:
            yield one.file
    for source in study.feedback:
        path = study.folder / source.path
        if path.is_dir():
            yield path
        elif not path.is_file():
            yield from _looked_through(source.path, study.folder)


def _looked_through(pattern: str, folder: Path) -> Iterator[Path]:
    """Yield the folders that a pattern goes through, also those in which it finds nothing yet."""
    while glob.has_magic(pattern):
        pattern = os.path.dirname(pattern)
        yield from (folder / found for found in glob.glob(os.path.join(pattern or os.curdir, ""), root_dir=folder))


def _own_files(study: Study) -> list[Path]:
    """Return the other files that a study reads, which there may be or not."""
    from workbench.journey import model_files

    models = model_files(study.journey_model())
    named = [study.glossary_file, study.codebook_file, study.codes_file]
    return [study.forgotten_file, *models, *{file.parent: None for file in models},
            *(file for file in named if file is not None)]


def _files_of_models(study: Study) -> list[Path] | None:
    """Return the files of the encoder and of the tone model, shipped ones aside; None for a model of the hub."""
    named = [name for name, shipped in ((study.encoder_name(), "embedded"), (study.tone_model(), "shipped"))
             if name != shipped]
    if not all(Path(name).exists() for name in named):
        return None
    return [file for name in named for file in (Path(name), *sorted(Path(name).rglob("*")))]


def _stamps(files: Iterable[Path]) -> Seen:
    return {str(file): _stamp(file) for file in files}


def _stamp(file: Path) -> list[int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns]


def program() -> str:
    """Return what changes with this package's files, and when another library is installed or another version."""
    hasher = hashlib.sha256()
    for folder, inner, names in os.walk(Path(__file__).parent):
        inner[:] = sorted(set(inner) - {"__pycache__"})
        for name in sorted(names):
            hasher.update(f"{name} {_stamp(Path(folder, name))}\n".encode("utf-8", "surrogatepass"))
    own = (sysconfig.get_path(place) for place in ("purelib", "platlib"))
    for place in sorted({*own, *(place for place in sys.path if place.endswith("-packages"))}):
        hasher.update(f"{_stamp(Path(place))}\n".encode())
    return hasher.hexdigest()

"""voc check."""

from __future__ import annotations

from contextlib import suppress
from glob import has_magic
from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.telling import tell
from workbench.errors import InputError

_KEPT = {"comments": "comments", "numbers": "rows of numbers"}


def check(
    data: Annotated[str, typer.Argument(help="A study file, or a file or folder of comments.")],
    output: Annotated[
        Path | None, typer.Option(help="Where rejected rows are written.", show_default="NAME.rejected.csv beside DATA")
    ] = None,
    strict: Annotated[bool, typer.Option(help="Any rejected row is an error.")] = False,
) -> None:
    """Read comments, say how they were read, and write the rows that cannot be used to a CSV file.

    Of a study, what it names beside them is read first, so that a mistake in it is told; so is a column that it names
    and the comments do not have.
    """
    from workbench.feedback import load_opened, open_sources, write_csv
    from workbench.feedback.files import find_files
    from workbench.feedback.forgotten import Forgotten, read_forgotten
    from workbench.stages import check_columns, check_models
    from workbench.study import Source, Study, load_study

    forgotten = Forgotten()
    study: Study | None = None
    if Path(data).suffix.lower() in (".yaml", ".yml"):
        study = load_study(data)
        check_models(study)
        forgotten = read_forgotten(study.forgotten_file)
        opened = open_sources(study.feedback, study.folder)
        paths = [str(study.folder / source.path) for source in study.feedback if source.path]
    else:
        find_files(data)  # an address is told there, which no source without a query can be
        paths = [data]
        opened = open_sources([Source(path=data)], Path())
    comments, rejected, numbers, sources = load_opened(opened, forgotten=forgotten)
    for reading in comments.attrs["readings"]:
        tell(reading)
    if len(sources) > 1:
        for source in sources.to_dict("records"):
            tell(f"{source['source_file']}: {source['rows']:,} rows read: {source['kept']:,} "
                 f"{_KEPT[source['kind']]}, {source['rejected']:,} rejected.")
    measured = f" {len(numbers):,} rows of numbers," if (sources["kind"] == "numbers").any() else ""
    tell(f"{sources['rows'].sum():,} rows read: {len(comments):,} comments,{measured} "
         f"{len(rejected):,} rejected.")
    details = rejected.groupby(["source_file", "reason"])["detail"].agg(["size", "nunique", "first"]).reset_index()
    for found in details.to_dict("records"):
        where = f"{found['source_file']}, " if len(sources) > 1 else ""
        why = f" ({found['first'].rstrip('.')})" if found["nunique"] == 1 else ""
        tell(f"  {where}{found['reason']}: {found['size']:,}{why}")
    if len(rejected):
        target = output or _rejected_file(Path(data), paths)
        _check_replaceable(target, ",".join(rejected.columns))
        write_csv(rejected, target)
        tell(f"The rejected rows are in {target}.")
    if study is not None and len(comments):
        check_columns(study, comments)
    if strict and len(rejected):
        raise InputError(f"{len(rejected):,} rows were rejected, and --strict allows none.")


def _rejected_file(data: Path, sources: list[str]) -> Path:
    """Return ``NAME.rejected.csv`` beside the data, never in a folder that is read as a whole: it is no comments."""
    place = _without_pattern(data.resolve())
    for source in sources:
        folder = _without_pattern(Path(source).resolve())
        if folder.is_dir() and folder in place.parents:
            place = folder
    name = place.name if place.is_dir() else place.stem
    file = place.with_name(f"{name}.rejected.csv")
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


def _without_pattern(path: Path) -> Path:
    """Return the folder that a pattern such as ``data/*.csv`` looks into; a path that is no pattern as it is."""
    while has_magic(str(path)) and not path.exists():
        path = path.parent
    return path


def _check_replaceable(file: Path, header: str) -> None:
    """Raise unless a file is absent or one of ours, known by its first line."""
    if not file.exists():
        return
    first = ""
    with suppress(OSError), file.open(encoding="utf-8-sig", errors="replace") as lines:
        first = lines.readline(len(header) + 2).rstrip("\r\n")
    if first != header:
        raise InputError(f"{file} is there already and was not written by `voc check`, so it is left as it is; "
                         "name another file with --output.")

"""The `voc` command: arguments only; the work is done by the package."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from glob import has_magic
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.errors import InputError, WorkbenchError

app = typer.Typer(
    name="voc",
    help="Voice-of-Customer research workbench: comments in many languages in, reports to decide on out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_KEPT = {"comments": "comments", "numbers": "rows of numbers"}


@app.command()
def check(
    data: Annotated[Path, typer.Argument(help="A study file, or a file or folder of comments.")],
    output: Annotated[
        Path | None, typer.Option(help="Where rejected rows are written.", show_default="NAME.rejected.csv beside DATA")
    ] = None,
    strict: Annotated[bool, typer.Option(help="Any rejected row is an error.")] = False,
) -> None:
    """Read comments, say how they were read, and write the rows that cannot be used to a CSV file."""
    from workbench.feedback import load_opened, open_sources, write_rejected
    from workbench.feedback.forgotten import Forgotten, read_forgotten
    from workbench.study import Source, load_study

    forgotten = Forgotten()
    if data.suffix.lower() in (".yaml", ".yml"):
        study = load_study(data)
        forgotten = read_forgotten(study.forgotten_file)
        opened = open_sources(study.feedback, study.folder)
        paths = [str(study.folder / source.path) for source in study.feedback if source.path]
    else:
        paths = [str(data)]
        opened = open_sources([Source(path=str(data))], Path())
    comments, rejected, numbers, sources = load_opened(opened, forgotten=forgotten)
    for reading in comments.attrs["readings"]:
        typer.echo(reading)
    if len(sources) > 1:
        for source in sources.to_dict("records"):
            typer.echo(f"{source['source_file']}: {source['rows']:,} rows read: {source['kept']:,} "
                       f"{_KEPT[source['kind']]}, {source['rejected']:,} rejected.")
    measured = f" {len(numbers):,} rows of numbers," if (sources["kind"] == "numbers").any() else ""
    typer.echo(f"{sources['rows'].sum():,} rows read: {len(comments):,} comments,{measured} "
               f"{len(rejected):,} rejected.")
    counts = rejected.groupby(["source_file", "reason"]).size().rename("count").reset_index()
    for found in counts.to_dict("records"):
        where = f"{found['source_file']}, " if len(sources) > 1 else ""
        typer.echo(f"  {where}{found['reason']}: {found['count']:,}")
    if len(rejected):
        target = output or _rejected_file(data, paths)
        _check_replaceable(target, ",".join(rejected.columns))
        write_rejected(rejected, target)
        typer.echo(f"The rejected rows are in {target}.")
    if strict and len(rejected):
        raise InputError(f"{len(rejected):,} rows were rejected, and --strict allows none.")


@app.command()
def analyse(
    study: Annotated[Path, typer.Argument(help="The study file.")],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing about progress.")] = False,
) -> None:
    """Analyse a study and store the result; what is stored already is not computed again."""
    from workbench.analysis import analyse as run

    analysis = run(study, progress=not quiet)
    typer.echo(f"{analysis!r}")
    typer.echo(f"Tables: {analysis.folder}")


@app.command()
def report(
    notebook: Annotated[str, typer.Argument(help="The notebook's name or path.")],
    study: Annotated[Path, typer.Option(help="The study file.")],
    language: Annotated[list[str], typer.Option("--language", "-l", help="Of the report; may be repeated.")] = ["en"],  # noqa: B006  # typer reads it
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="A notebook parameter, as name=value.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for the report.")] = None,
    timeout: Annotated[int, typer.Option(help="Seconds that one cell may take.")] = 600,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing about progress.")] = False,
) -> None:
    """Render a notebook as an HTML report that opens offline, one for each language."""
    from workbench.analysis import analyse as run
    from workbench.report.render import check_request, render_report

    given = dict(_pair(text) for text in parameter or [])
    for code in language:
        check_request(notebook, study=study, language=code, parameters=given)
    run(study, progress=not quiet)
    made = [
        render_report(notebook, study=study, language=code, parameters=given, output=output, timeout=timeout,
                      progress=not quiet)
        for code in language
    ]
    for each in made:
        typer.echo(str(each.html))


@app.command()
def forget(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER_ID", help="The id as it stands in the source.")],
    study: Annotated[Path, typer.Option(help="The study file.")],
    reports: Annotated[Path, typer.Option(help="Folder of rendered reports to search.")] = Path("reports"),
) -> None:
    """Remove one customer from everything that a study has stored, and prove it."""
    from workbench.forget import forget as run
    from workbench.study import load_study

    done = run(load_study(study), customer, reports=reports)
    for name, count in sorted(done.rows.items()):
        typer.echo(f"Removed from {name}: {count:,} rows")
    typer.echo(f"{done.folders:,} stored folders written anew, {len(done.dropped):,} removed as a whole, "
               f"{done.vectors:,} vectors removed from the cache.")
    for file, count in done.source_rows.items():
        typer.echo(f"{file} still holds {count:,} rows of this customer: delete them there. They are now rejected.")
    for path in done.reports:
        typer.echo(f"Shows words of this customer, unchanged: {path}")
    if done.left:
        raise WorkbenchError(f"The customer was found afterwards in {', '.join(done.left)}.")
    typer.echo("Everything stored was searched again: nothing of this customer was found.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks, with the workbench's own kernel."""
    from workbench.report.notebooks import find_notebook

    folder = find_notebook("voice_of_customer").parent
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.parent}",
               f"--LabApp.default_url=/lab/tree/{folder.name}/voice_of_customer.ipynb", *context.args]
    os.execv(sys.executable, command)  # noqa: S606  # JupyterLab takes this process's place


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


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InputError(f"a parameter is given as name=value, not as {text!r}.")
    return name.strip(), value


def main() -> None:
    """Run the command: 0 done, 2 the user's input is wrong, 1 anything else."""
    try:
        app(standalone_mode=True)
    except InputError as error:
        typer.echo(f"voc: {error}", err=True)
        sys.exit(2)
    except WorkbenchError as error:
        typer.echo(f"voc: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("voc: stopped. Finished stages are stored; run the same command to go on.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

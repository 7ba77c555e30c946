"""voc analyse, voc report and voc lab."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.errors import InputError

_Processes = Annotated[
    int | None, typer.Option(help="Processes that may work at the same time; without it, by processors and memory.",
                             metavar="N")
]


def analyse(
    study: Annotated[Path, typer.Argument(help="The study file.")],
    assign_only: Annotated[
        bool, typer.Option("--assign-only", help="Give comments to the themes found before; find none anew.")
    ] = False,
    theme_sample: Annotated[
        str | None, typer.Option("--theme-sample", metavar="N|all",
                                 help="Find themes on N statements, and give all others to them; or find them on all.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler whose workers help.", metavar="tcp://HOST:PORT")
    ] = None,
    processes: _Processes = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing about progress.")] = False,
) -> None:
    """Analyse a study and store the result; what is stored already is not computed again."""
    from workbench.analysis import analyse as run
    from workbench.study import load_study

    asked: dict[str, Any] = {"refit": False} if assign_only else {}
    if theme_sample is not None:
        asked["sample"] = int(theme_sample) if theme_sample.isdecimal() else theme_sample
    written = load_study(study)
    wanted = written.with_themes(**asked)
    analysis = run(study if wanted == written else wanted, cluster=cluster, processes=processes, progress=not quiet)
    typer.echo(f"{analysis!r}")
    typer.echo(f"Tables: {analysis.folder}")
    if wanted != written:
        settings = ", ".join(f"{name}: {str(value).lower()}" for name, value in asked.items())
        typer.echo(f"Reports go by the study file: to report on this analysis, write `themes: {{{settings}}}` there.",
                   err=True)


class Reader(StrEnum):
    """Whom a report is for."""

    executive = "executive"
    analyst = "analyst"
    frontline = "frontline"


_EVERYTHING = "voice_of_customer"


def report(
    study: Annotated[Path, typer.Option(help="The study file.")],
    notebook: Annotated[
        str | None, typer.Argument(help="The notebook's name or path; without it, what the reader of --for gets.")
    ] = None,
    reader: Annotated[
        Reader, typer.Option("--for", help="Whom it is for: one page, everything, or quotes first.")
    ] = Reader.analyst,
    language: Annotated[
        list[str],
        typer.Option("--language", "-l", metavar="CODE", help="en, ar, fa, de, fr, es or tr; may be repeated."),
    ] = ["en"],  # noqa: B006  # typer reads it
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A notebook parameter; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder for the report; without it, reports/ and the study's name.")
    ] = None,
    timeout: Annotated[int, typer.Option(help="Seconds that one cell may take.")] = 600,
    only: Annotated[
        str | None, typer.Option(help="Count a part of the comments alone, such as market=EG.", metavar="COLUMN=VALUE")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="One report for each market, segment, touchpoint, ...", metavar="COLUMN")
    ] = None,
    minimum: Annotated[int, typer.Option(help="With --by: comments that a report of its own takes.")] = 30,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Reports that are made at the same time.")] = 1,
    processes: _Processes = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing about progress.")] = False,
) -> None:
    """Render a notebook as an HTML report that opens offline: one for each language, and each part of the comments."""
    from workbench.conditions import read_condition
    from workbench.report.batch import parts_by, render_reports
    from workbench.report.execution import kernel_environment
    from workbench.report.notebooks import find_notebook
    from workbench.report.ready import kernel_at_hand
    from workbench.report.render import check_request
    from workbench.scale.machine import count_processes

    notebooks = _notebooks_for(reader, notebook)
    given = dict(_pair(text) for text in parameter or [])
    for each in notebooks:
        for code in language:
            check_request(each, study=study, language=code, only=only, parameters=given)
    with kernel_at_hand(find_notebook(notebooks[0]).parent, kernel_environment(), count_processes(processes) > 1):
        parts = [read_condition(only)]
        if by is not None:
            from workbench.analysis import analyse as run

            run(study, tables=["tone", "map", "journey"], processes=processes, progress=not quiet)
            large, small = parts_by(study, by, minimum=minimum, only=only)
            parts = [part.only for part in large]
            left = {kept: ", ".join(f"{part.only[by]} ({part.comments})" for part in small
                                    if (part.is_withheld and part.comments >= minimum) == kept)
                    for kept in (False, True)}
            if left[False]:
                typer.echo(f"Fewer than {minimum} comments, so no report: {left[False]}.", err=True)
            if left[True]:
                typer.echo("No report, because with it the size of a part that is too small to be shown could be "
                           f"computed: {left[True]}.", err=True)
        for each in notebooks:
            for made in render_reports(each, study=study, languages=language, parts=parts, jobs=jobs, parameters=given,
                                       output=output, timeout=timeout, processes=processes, progress=not quiet):
                typer.echo(str(made.html))


def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks, with the workbench's own kernel."""
    from workbench.report.notebooks import find_notebook

    folder = find_notebook("voice_of_customer").parent
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.parent}",
               f"--LabApp.default_url=/lab/tree/{folder.name}/voice_of_customer.ipynb", *context.args]
    os.execv(sys.executable, command)  # noqa: S606  # JupyterLab takes this process's place


def _notebooks_for(reader: Reader, notebook: str | None) -> list[str]:
    """Return the notebooks that a reader needs: a short page comes with the full report that it links to."""
    if reader is Reader.analyst:
        return [notebook or _EVERYTHING]
    if notebook not in (None, _EVERYTHING, reader.value):
        raise InputError(f"--for {reader.value} is a form of the report {_EVERYTHING!r}; leave out {notebook!r}.")
    return [_EVERYTHING, reader.value]


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InputError(f"a parameter is given as name=value, not as {text!r}.")
    return name.strip(), value

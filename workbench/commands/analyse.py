"""voc analyse, voc report and voc lab."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.commands.telling import tell
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.report.batch import Part

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
    tell(f"{analysis!r}")
    tell(f"Tables: {analysis.folder}")
    if wanted != written:
        settings = ", ".join(f"{name}: {str(value).lower()}" for name, value in asked.items())
        tell(f"Reports go by the study file: to report on this analysis, write `themes: {{{settings}}}` there.",
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
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
    only: Annotated[
        str | None, typer.Option(help="Count a part of the comments alone, such as market=EG.", metavar="COLUMN=VALUE")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="One report for each market, segment, touchpoint, ...", metavar="COLUMN")
    ] = None,
    minimum: Annotated[int, typer.Option(min=0, help="With --by: comments that a report of its own takes.")] = 30,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Reports that are made at the same time.")] = 1,
    processes: _Processes = None,
    anew: Annotated[bool, typer.Option("--anew", help="Make reports again, also where nothing has changed.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing about progress.")] = False,
) -> None:
    """Render a notebook as an HTML report that opens offline: one for each language, and each part of the comments.

    A report that was made today, and that nothing has changed for since, stays as it is; --anew makes it again.
    """
    from workbench.conditions import read_condition
    from workbench.report.batch import all_stand, render_reports
    from workbench.report.execution import kernel_environment
    from workbench.report.notebooks import find_notebook
    from workbench.report.ready import kernel_at_hand
    from workbench.report.render import check_request
    from workbench.scale.machine import count_processes

    notebooks = _notebooks_for(reader, notebook)
    given = dict(_pair(text) for text in parameter or [])
    parts = [read_condition(only)]
    any_part = parts[0] if by is None else {**parts[0], by: "any"}
    for each in notebooks:
        for code in language:
            check_request(each, study=study, language=code, only=any_part, parameters=given)
    if by is not None:
        parts = _parts(study, by, minimum, only, processes, quiet)
    is_to_be_made = anew or not all_stand(notebooks, study, language, parts, given, output)
    with kernel_at_hand(find_notebook(notebooks[0]).parent, kernel_environment(),
                        is_to_be_made and count_processes(processes) > 1):
        for each in notebooks:
            for made in render_reports(each, study=study, languages=language, parts=parts, jobs=jobs, parameters=given,
                                       output=output, timeout=timeout, processes=processes, progress=not quiet,
                                       anew=anew):
                tell(str(made.html))


def _parts(study: Path, by: str, minimum: int, only: str | None, processes: int | None, quiet: bool
           ) -> list[dict[str, str]]:
    """Return the parts that get a report of their own; tell which do not."""
    from workbench.analysis import analyse as run
    from workbench.report.batch import check_parts, parts_by
    from workbench.study import load_study

    check_parts(study, by, only=only)
    run(study, tables=["tone", "map", "journey"], processes=processes, progress=not quiet)
    large, small = parts_by(study, by, minimum=minimum, only=only)
    for line in told_without_report(small, by, minimum, load_study(study).insights.minimum_cell):
        tell(line, err=True)
    return [part.only for part in large]


def told_without_report(parts: Sequence[Part], by: str, minimum: int, smallest: int) -> list[str]:
    """Return what is told of the parts that get no report; nothing in it tells the size of a part that is not shown.

    Parameters
    ----------
    parts
        The parts that get none.
    by
        What they are told apart by.
    minimum
        Comments that a report of its own takes.
    smallest
        The study's ``minimum_cell``: parts with fewer comments are not shown.

    Examples
    --------
    >>> from workbench.report.batch import Part
    >>> parts = [Part({"market": "IR"}, 40, True), Part({"market": "AT"}, 12), Part({"market": "JO"}, 3)]
    >>> print("\\n".join(told_without_report(parts, "market", 30, 5)))
    Fewer than 30 comments, so no report: AT (12), JO (fewer than 5).
    No report, because with it the size of a part that is too small to be shown could be computed: IR.
    """
    named = [(part, f"{part.only[by]}{_told_size(part, smallest)}") for part in parts]
    few = ", ".join(name for part, name in named if part.comments < minimum)
    withheld = ", ".join(name for part, name in named if part.comments >= minimum)
    return [*([f"Fewer than {minimum} comments, so no report: {few}."] if few else []),
            *([f"No report, because with it the size of a part that is too small to be shown could be computed: "
               f"{withheld}."] if withheld else [])]


def _told_size(part: Part, smallest: int) -> str:
    if part.is_withheld:
        return ""
    return f" (fewer than {smallest})" if part.comments < smallest else f" ({part.comments})"


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

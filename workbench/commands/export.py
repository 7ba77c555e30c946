"""voc export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.telling import tell


def export(
    study: Annotated[Path, typer.Argument(help="The study file.")],
    to: Annotated[Path, typer.Option(help="Folder for the files; an earlier export there is replaced.")],
    language: Annotated[str, typer.Option("--language", "-l", help="Language of the charts.")] = "en",
    only: Annotated[
        str | None, typer.Option(help="Count a part of the comments alone, such as market=EG.", metavar="COLUMN=VALUE")
    ] = None,
    charts: Annotated[bool, typer.Option(help="Make pictures of the charts.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing about progress.")] = False,
) -> None:
    """Write an analysis as CSV files, one workbook, and charts as SVG and PNG."""
    from workbench.analysis import analyse
    from workbench.report.export import check_export, export_analysis

    check_export(to, language)
    files = export_analysis(analyse(study, only=only, progress=not quiet), to, language=language, charts=charts)
    tell(f"{len(files):,} files in {to}.")

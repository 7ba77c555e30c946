"""voc forget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.telling import tell
from workbench.errors import WorkbenchError


def forget(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER_ID", help="The id as it stands in the source.")],
    study: Annotated[Path, typer.Option(help="The study file.")],
    reports: Annotated[
        Path, typer.Option(help="Folder of reports to search, besides that of the study.")
    ] = Path("reports"),
) -> None:
    """Remove one customer from everything that a study has stored, and prove it."""
    from workbench.forget import forget as run
    from workbench.study import load_study

    done = run(load_study(study), customer, reports=reports)
    for name, count in sorted(done.rows.items()):
        tell(f"Removed from {name}: {count:,} rows")
    tell(f"{done.folders:,} stored folders written anew, {len(done.dropped):,} removed as a whole, "
         f"{done.vectors:,} vectors removed from the cache.")
    for file, count in done.source_rows.items():
        tell(f"{file} still holds {count:,} rows of this customer: delete them there. They are now rejected.")
    for path in done.reports:
        tell(f"Shows this customer, left as it is: {path}")
    if done.left:
        raise WorkbenchError(f"The customer was found afterwards in {', '.join(done.left)}.")
    tell("Everything stored was searched again: nothing of this customer was found.")

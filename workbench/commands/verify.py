"""voc verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.telling import tell
from workbench.errors import WorkbenchError


def verify(
    report: Annotated[Path, typer.Argument(help="The HTML file of a report.")],
    from_data: Annotated[bool, typer.Option(help="Analyse the data again instead of reading what is stored.")] = False,
) -> None:
    """Make every number of a report again and compare; any difference is an error."""
    from workbench.report.verify import verify_report

    found = verify_report(report, from_data=from_data)
    tell(f"{found.parts:,} parts with {found.numbers:,} numbers were made again.")
    if found.uncovered:
        tell(f"{found.uncovered:,} outputs of the notebook's own have no receipt and were not checked.")
    if found.since:
        tell(f"Since the report was made: {'; '.join(found.since)}.")
    if found.then is not None:
        tell("The report shows what the analysis gave that it was made from." if not found.then else
             f"Parts that differ from the analysis that the report was made from, too: {found.then:,}.")
    for difference in found.differences:
        tell(f"  {difference}")
    if found.differences:
        other = "what the study gives now" if found.since else "its analysis"
        raise WorkbenchError(f"the report differs from {other} in {len(found.differences):,} places.")
    tell("The report shows what the analysis gives.")

"""The numbers of a report's first page, for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workbench.report.sections.headline import first_findings
from workbench.report.sections.withheld import hidden_cells, is_hidden
from workbench.report.sections.wording import is_small

if TYPE_CHECKING:
    import pandas as pd

    from workbench.analysis import Analysis

_MEASURED = ("score", "comment_share", "estimate", "base", "importance", "p_adjusted")


def first_page(analysis: Analysis, headlines: bool) -> dict[str, Any]:
    """Return the numbers of the first page, ready for a JSON file; those of hidden cells are null."""
    counts = analysis.languages["comment_count"].astype(object).mask(
        is_hidden(hidden_cells(analysis, "languages")), None)
    columns = ["theme_id", "label", "comment_count", "comment_share", "comment_share_low", "comment_share_high"]
    few = is_small(analysis.scores["n"], analysis.study.insights.minimum_cell)
    return {
        "study": analysis.study.name,
        "key": analysis.key,
        "counted": analysis.facts["insights"]["counted"],
        "languages": dict(zip(analysis.languages["value"].astype(str), counts, strict=True)),
        "themes": _records(analysis.themes[columns], "comment_count", is_hidden(hidden_cells(analysis, "themes"))),
        "scores": _records(analysis.scores, "n", few),
        **({"headlines": _findings(analysis)} if headlines else {"left_out": ["headlines"]}),
    }


def _findings(analysis: Analysis) -> list[dict[str, Any]]:
    found = first_findings(analysis)
    return _records(found.drop(columns="state"), "n", is_hidden(found["state"]))


def _records(table: pd.DataFrame, count: str, hidden: pd.Series) -> list[dict[str, Any]]:
    """Return the rows for a JSON file, the measured numbers of hidden ones left out."""
    measured = [str(name) for name in table if str(name).startswith((count, *_MEASURED))]
    shown = table.copy()
    shown[measured] = table[measured].astype(object).mask(hidden, None)
    return list(json.loads(shown.to_json(orient="records", date_format="iso")))

"""Seventh stage: tidy tables to charts. Charts never compute.

Names are loaded when they are first used: a page is written without pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.charts.bars import interval_bars, score_points
    from workbench.charts.display import Figure, Html, configure, label
    from workbench.charts.grids import share_grid
    from workbench.charts.impacts import impact_points
    from workbench.charts.journey_picture import MapStage, Voice, journey_map
    from workbench.charts.lines import share_line
    from workbench.charts.tables import table_html

_HOME = {
    "Figure": "workbench.charts.display",
    "Html": "workbench.charts.display",
    "MapStage": "workbench.charts.journey_picture",
    "Voice": "workbench.charts.journey_picture",
    "configure": "workbench.charts.display",
    "impact_points": "workbench.charts.impacts",
    "interval_bars": "workbench.charts.bars",
    "journey_map": "workbench.charts.journey_picture",
    "label": "workbench.charts.display",
    "score_points": "workbench.charts.bars",
    "share_grid": "workbench.charts.grids",
    "share_line": "workbench.charts.lines",
    "table_html": "workbench.charts.tables",
}

__all__ = [
    "Figure",
    "Html",
    "MapStage",
    "Voice",
    "configure",
    "impact_points",
    "interval_bars",
    "journey_map",
    "label",
    "score_points",
    "share_grid",
    "share_line",
    "table_html",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'workbench.charts' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value

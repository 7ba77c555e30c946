"""Seventh stage: tidy tables to charts. Charts never compute.

Names are loaded when they are first used: a page is written without pandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.charts.bars import interval_bars, score_points
    from workbench.charts.display import Figure, Html, configure, label
    from workbench.charts.grids import share_grid
    from workbench.charts.impacts import impact_points
    from workbench.charts.journey_picture import MapStage, Voice, journey_map
    from workbench.charts.lines import share_line
    from workbench.charts.tables import table_html

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

__getattr__, __dir__ = on_first_use(__name__, __file__)

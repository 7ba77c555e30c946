"""Seventh stage: tidy tables to charts. Charts never compute."""

from workbench.charts.bars import interval_bars, score_points
from workbench.charts.display import Figure, Html, configure, label, table_html
from workbench.charts.grids import share_grid
from workbench.charts.impacts import impact_points
from workbench.charts.journey_map import MapStage, Voice, journey_map
from workbench.charts.lines import share_line

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

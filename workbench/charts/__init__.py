"""Seventh stage: tidy tables to charts. Charts never compute."""

from workbench.charts.bars import interval_bars, score_points
from workbench.charts.display import Figure, Html, configure, label, table_html
from workbench.charts.grids import share_grid
from workbench.charts.lines import share_line

__all__ = [
    "Figure",
    "Html",
    "configure",
    "interval_bars",
    "label",
    "score_points",
    "share_grid",
    "share_line",
    "table_html",
]

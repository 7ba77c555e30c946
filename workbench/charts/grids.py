"""Grids of shares: themes by period, themes by stage."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import pandas as pd

from workbench.arguments import check_columns
from workbench.charts.display import configure
from workbench.charts.look import INK, LINE, RAMP, percent_format

if TYPE_CHECKING:
    import altair as alt

_ROW = 30
_MANY, _COLUMN = 20, 20  # columns that no phone is wide enough for, and the pixels of one of them
_TITLE = 26  # letters of a line of the legend's title, which begins where the names of rows end
_PADDING = {"left": 4, "top": 4, "right": 28, "bottom": 4}  # the last slanted names reach over the right edge
_IS_NARROW = "bandwidth('x') < 38"  # pixels: a number of two digits and its sign would touch the next
_PERCENT = r"[\s\u200e\u200f\u061c]*[%٪][\s\u200e\u200f\u061c]*"


def share_grid(table: pd.DataFrame, *, legend_title: str, language: str, columns: list[str], rows: list[str],
               show_values: bool = False, time: bool = False) -> alt.LayerChart:
    """Return a grid whose cells are the darker, the greater the share; a cell without evidence is left empty.

    Parameters
    ----------
    table
        ``row, column, share`` and ``text``, what a cell says; a missing share is an empty cell.
    legend_title
        What the share is a share of.
    language
        ISO 639-1 of the report.
    columns, rows
        The order of both; every one is shown, even without cells. A grid of more than twenty columns is as wide as
        these need, and drawn smaller on a phone.
    show_values
        Write each cell's text in it; where cells are narrow, as on a phone, without its percent sign.
    time
        Columns are periods: they run from left to right in every language.

    Examples
    --------
    >>> table = pd.DataFrame({"row": ["Delivery"], "column": ["use"], "share": [0.4], "text": ["40%"]})
    >>> chart = share_grid(table, legend_title="Share", language="en", columns=["use"], rows=["Delivery", "Price"])
    >>> chart.to_dict()["height"], chart.to_dict()["padding"]["right"]
    (60, 28)
    >>> shares = table.assign(text="٪\u200e٤٠")
    >>> drawn = share_grid(shares, legend_title="", language="ar", columns=["use"], rows=["Delivery"], show_values=True)
    >>> [row["short"] for rows in drawn.to_dict()["datasets"].values() for row in rows]
    ['٤٠']
    """
    import altair as alt

    check_columns("table", table, ["row", "column", "share", *(["text"] if show_values else [])])
    present = table[table["share"].notna()]
    if show_values:
        present = present.assign(short=present["text"].str.replace(_PERCENT, "", regex=True))
    top = float(present["share"].max()) if len(present) else 1.0
    order = alt.Scale(domain=columns, reverse=False) if time else alt.Scale(domain=columns)
    x = alt.X("column:N", title=None, sort=columns, scale=order,
              axis=alt.Axis(orient="top", labelAngle=-90 if len(columns) > 9 else -45, labelLimit=110,
                            labelFontSize=12, labelOverlap=False, domain=False))
    y = alt.Y("row:N", title=None, sort=rows, scale=alt.Scale(domain=rows),
              axis=alt.Axis(labelLimit=170, labelFontSize=12))
    color = alt.Color("share:Q", title=wrap(legend_title, _TITLE), scale=alt.Scale(range=list(RAMP), domain=[0, top]),
                      legend=alt.Legend(format=percent_format(language), gradientLength=160, tickCount=3))
    base = alt.Chart(present)
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=2, cornerRadius=3).encode(x=x, y=y, color=color)
    layers: list[alt.Chart] = [cells]
    if show_values:
        dark = f"datum.share > {top * 0.55}"
        text = base.mark_text(text=alt.ExprRef(f"{_IS_NARROW} ? datum.short : datum.text"),
                              fontSize=alt.ExprRef(f"{_IS_NARROW} ? 10 : 12"))
        layers.append(text.encode(x=x, y=y, color=alt.condition(dark, alt.value("#ffffff"), alt.value(INK))))
    width = "container" if len(columns) <= _MANY else _COLUMN * len(columns)
    chart = alt.layer(*layers).properties(width=width, height=_ROW * len(rows), view=alt.ViewConfig(stroke=LINE),
                                          padding=_PADDING)
    return configure(chart, language)  # type: ignore[return-value]

"""Two measures of one impact beside each other, with intervals, around zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.arguments import check_columns
from workbench.charts.bars import distinct_labels
from workbench.charts.display import configure
from workbench.charts.look import INK, LINE, PALETTE
from workbench.charts.numerals import direction_of

if TYPE_CHECKING:
    import altair as alt

_ROW = 56  # pixels a theme, with its name above its two points


def impact_points(table: pd.DataFrame, *, axis_title: str, language: str, ways: list[str]) -> alt.LayerChart:
    """Return, for each name, a point with its interval for each way of measuring, beside a line at zero.

    Parameters
    ----------
    table
        ``name, way, value, low, high``; a missing value has no point.
    axis_title
        What the values are.
    ways
        The ways in order; the first is drawn above the second, in the first colour of the palette.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["قیمت", "قیمت"], "way": ["alone", "adjusted"], "value": [-3.0, -1.0],
    ...     "low": [-5.0, -2.5], "high": [-1.0, 0.5]})
    >>> chart = impact_points(table, axis_title="NPS points", language="fa", ways=["alone", "adjusted"])
    >>> len(chart.to_dict()["layer"]), chart.to_dict()["height"]
    (4, 56)
    """
    import altair as alt

    check_columns("table", table, ["name", "way", "value", "low", "high"])
    names = list(dict.fromkeys(table["name"]))
    shown = dict(zip(names, distinct_labels(names, 44, language), strict=True))
    rows = table.assign(name=table["name"].map(shown))
    ends = pd.concat([rows["low"], rows["high"], rows["value"]]).dropna()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    y = alt.Y("name:N", sort=list(shown.values()), axis=None, scale=alt.Scale(paddingInner=0.5, paddingOuter=0.45))
    offset = alt.YOffset("way:N", sort=ways)
    color = alt.Color("way:N", sort=ways, title=None, scale=alt.Scale(domain=ways, range=[PALETTE[0], PALETTE[1]]),
                      legend=alt.Legend(orient="top", columns=1, labelLimit=320))
    scale = alt.Scale(domain=[low, high], nice=True)
    base = alt.Chart(rows)
    x = alt.X("value:Q", title=axis_title, scale=scale, axis=alt.Axis(tickCount=5))
    points = base.mark_point(filled=True, size=70).encode(x=x, y=y, yOffset=offset, color=color)
    spans = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q"), y=y, yOffset=offset, color=color)
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=LINE, strokeWidth=2).encode(x=alt.X("zero:Q"))
    rtl = direction_of(language) == "rtl"
    title = alt.Chart(pd.DataFrame({"name": list(shown.values())})).mark_text(
        align="right" if rtl else "left", baseline="bottom", dy=-15, fontSize=13, color=INK).encode(
        x=alt.datum(low), y=y, text=alt.Text("name:N"))
    chart = alt.layer(zero, spans, points, title).properties(width="container", height=_ROW * len(names))
    return configure(chart, language)  # type: ignore[return-value]

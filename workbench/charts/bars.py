"""Bars with intervals: one quantity for each of a few names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.arguments import check_columns
from workbench.charts.display import configure, label
from workbench.charts.look import INK, PALETTE, SOFT_INK, percent_format
from workbench.charts.numerals import direction_of, in_digits_of

if TYPE_CHECKING:
    import altair as alt

_ROW = 44  # pixels a bar, with its name above it


def interval_bars(table: pd.DataFrame, *, axis_title: str, language: str, percent: bool = True,
                  reference: str | None = None, shades: tuple[str, ...] = PALETTE[:1]) -> alt.LayerChart:
    """Return horizontal bars, each with its name above and its interval as a line, in the order of the table.

    Names stand above their bars, not beside them, so that long ones fit a phone.

    Parameters
    ----------
    table
        ``name, value, low, high`` and, for marks to compare with, the column that `reference` names; ``shade``, the
        position of a bar's colour in `shades`, where there are several.
    axis_title
        What the quantity is.
    language
        ISO 639-1 of the report.
    percent
        Whether values are shares from 0 to 1.
    reference
        A column with a value to compare each bar with, drawn as a tick.
    shades
        Colours of the bars.

    Examples
    --------
    >>> shares = pd.DataFrame({"name": ["Delivery", "التوصيل"], "value": [0.3, 0.1], "low": [0.2, 0.05],
    ...     "high": [0.4, 0.2]})
    >>> interval_bars(shares, axis_title="Share", language="en").to_dict()["height"]
    88
    """
    import altair as alt

    _check(table, [reference] if reference is not None else [])
    rtl = direction_of(language) == "rtl"
    rows = _named(table, language)
    order = list(rows["name"])
    form = percent_format(language) if percent else ",.0f"
    x = alt.X("value:Q", title=axis_title, axis=alt.Axis(format=form, tickCount=5))
    y = alt.Y("name:N", sort=order, axis=None, scale=alt.Scale(paddingInner=0.62, paddingOuter=0.5))
    base = alt.Chart(rows)
    bars = base.mark_bar(color=shades[0]).encode(x=x, y=y)
    if len(shades) > 1:
        domain = list(range(len(shades)))
        bars = bars.encode(color=alt.Color("shade:O", legend=None, scale=alt.Scale(domain=domain, range=list(shades))))
    names = base.mark_text(align="right" if rtl else "left", baseline="bottom", dy=-11, fontSize=13, color=INK).encode(
        x=alt.datum(0), y=y, text=alt.Text("name:N"))
    low, high = alt.X("low:Q", title=axis_title), alt.X2("high:Q")
    spans = base.mark_rule(color=INK, strokeWidth=1.5).encode(x=low, x2=high, y=y)
    layers = [bars, spans, names]
    if reference is not None and rows[reference].notna().any():
        marked = base.transform_filter(f"isValid(datum['{reference}'])")
        layers.append(marked.mark_tick(color=PALETTE[1], stroke="#ffffff", opacity=1, thickness=6, size=20).encode(
            x=alt.X(f"{reference}:Q"), y=y))  # edged in white: orange on blue is told apart by few
    chart = alt.layer(*layers).properties(width="container", height=_ROW * len(rows))
    return configure(chart, language)  # type: ignore[return-value]


def distinct_labels(names: list[str], max_length: int, language: str) -> list[str]:
    """Return the names as a chart shows them, short and isolated, those that would look alike with a number.

    Parameters
    ----------
    names
        Any names, in the order of the chart.
    max_length
        Characters of a name before its number.
    language
        ISO 639-1, for the numbers' digits.

    Examples
    --------
    >>> names = ["late delivery abroad", "late delivery at home", "قیمت"]
    >>> [name.translate({0x2068: None, 0x2069: None}) for name in distinct_labels(names, 15, "fa")]
    ['late delivery…', 'late delivery… (۲)', 'قیمت']
    """
    taken: set[str] = set()
    unique = []
    for short in (label(name, max_length) for name in names):
        number, candidate = 1, short
        while candidate in taken:
            number += 1
            candidate = f"{short} ({in_digits_of(str(number), language)})"
        taken.add(candidate)
        unique.append(candidate)
    return unique


def _check(table: pd.DataFrame, more: Sequence[str] = ()) -> None:
    check_columns("table", table, ["name", "value", "low", "high", *more])


def _named(table: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the table with short, isolated names, no two alike."""
    return table.assign(name=distinct_labels(list(table["name"]), 44, language))


def score_points(table: pd.DataFrame, *, axis_title: str, language: str, everybody: float) -> alt.LayerChart:
    """Return scores as points with intervals, names above them, beside a line for everybody's score.

    Parameters
    ----------
    table
        ``name, value, low, high``.
    everybody
        The score of all comments.

    Examples
    --------
    >>> scores = pd.DataFrame({"name": ["قیمت"], "value": [-20.0], "low": [-45.0], "high": [5.0]})
    >>> len(score_points(scores, axis_title="NPS", language="fa", everybody=3.0).to_dict()["layer"])
    5
    """
    import altair as alt

    _check(table)
    rtl = direction_of(language) == "rtl"
    rows = _named(table, language)
    y = alt.Y("name:N", sort=list(rows["name"]), axis=None, scale=alt.Scale(padding=0.5))
    scale = alt.Scale(domain=[-100, 100])
    base = alt.Chart(rows)
    points = base.mark_point(color=PALETTE[0], size=90).encode(x=alt.X("value:Q", title=axis_title, scale=scale), y=y)
    low, high = alt.X("low:Q", scale=scale), alt.X2("high:Q")
    spans = base.mark_rule(color=SOFT_INK, strokeWidth=2).encode(x=low, x2=high, y=y)
    names = base.mark_text(align="right" if rtl else "left", baseline="bottom", dy=-9, fontSize=13, color=INK).encode(
        x=alt.datum(-100), y=y, text=alt.Text("name:N"))
    edges = names.copy()  # in white, between a name and the line that it crosses
    edges.mark = edges.mark.copy()
    edges.mark.stroke, edges.mark.strokeWidth, edges.mark.aria = "#ffffff", 5, False
    overall = alt.Chart(pd.DataFrame({"all": [everybody]}))
    line = overall.mark_rule(color=PALETTE[1], strokeDash=[5, 4]).encode(x=alt.X("all:Q"))
    chart = alt.layer(line, edges, spans, points, names).properties(width="container", height=_ROW * len(rows))
    return configure(chart, language)  # type: ignore[return-value]

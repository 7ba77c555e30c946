"""Shares over time, with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.arguments import check_choice, check_columns
from workbench.charts.display import configure
from workbench.charts.look import PALETTE, percent_format

if TYPE_CHECKING:
    import altair as alt

_NAMES = 6  # at most
_NEAR_THE_EDGE = 48  # pixels, half the longest name of a month with its year: it ends where the picture does


def share_line(table: pd.DataFrame, *, axis_title: str, language: str, first: pd.Timestamp | None = None,
               last: pd.Timestamp | None = None, period: str = "month") -> alt.LayerChart:
    """Return one share over time with its interval as a band; partial periods are hollow, a stretch is shaded.

    A period without a share is a gap: the line does not run across it. Between two gaps there is no band, so the
    interval of a period that stands alone is an upright line.

    Parameters
    ----------
    table
        ``period, share, low, high, is_partial``.
    axis_title
        What the share is a share of.
    first, last
        Start of the first period of the stretch to shade and end of its last.
    period
        "week", "month" or "quarter"; the axis names the first days of weeks, and the first months of quarters.

    Examples
    --------
    >>> table = pd.DataFrame({"period": pd.to_datetime(["2026-01-01", "2026-02-01"]), "share": [0.1, 0.2],
    ...     "low": [0.05, 0.1], "high": [0.2, 0.3], "is_partial": [False, True]})
    >>> [len(share_line(table, axis_title="Share", language=language).to_dict()["layer"]) for language in ("en", "fa")]
    [4, 4]
    """
    import altair as alt

    check_columns("table", table, ["period", "share", "low", "high", "is_partial"])
    check_choice("period", period, ["week", "month", "quarter"])
    form = f"{'%e. ' if language == 'de' else '%e '}%b %Y" if period == "week" else "%b %Y"
    days = _in_utc(table["period"])
    axis = alt.Axis(format=form, values=_some_of(days), labelFlush=_NEAR_THE_EDGE)
    shaded = _in_utc(pd.Series([] if first is None or last is None else [first, last]))
    span = alt.Scale(type="utc", domain=[_day(days.min()), _day(max([days.max(), *shaded]))])
    x = alt.X("period:T", title=None, axis=axis, scale=span)
    y = alt.Y("share:Q", title=axis_title, axis=alt.Axis(format=percent_format(language), tickCount=4))
    base = alt.Chart(table.assign(period=days, is_alone=_alone(table["share"])))
    band = base.mark_area(color=PALETTE[5], opacity=0.3, invalid="break-paths-show-domains").encode(
        x=x, y=alt.Y("low:Q", title=axis_title), y2=alt.Y2("high:Q"))
    line = base.mark_line(color=PALETTE[0], invalid="break-paths-show-domains").encode(x=x, y=y)
    alone = base.transform_filter("datum.is_alone").mark_rule(color=PALETTE[5], strokeWidth=3).encode(
        x=x, y=alt.Y("low:Q", title=axis_title), y2=alt.Y2("high:Q"))
    dots = base.mark_point(size=55, color=PALETTE[0]).encode(
        x=x, y=y, fill=alt.condition("datum.is_partial", alt.value("#ffffff"), alt.value(PALETTE[0])))
    layers: list[alt.Chart] = [band, line, alone, dots]
    if len(shaded):
        stretch = alt.Chart(pd.DataFrame({"from": shaded[:1], "to": shaded[1:].array}))
        layers.insert(0, stretch.mark_rect(color=PALETTE[4], opacity=0.18, aria=False).encode(
            x=alt.X("from:T", scale=alt.Scale(type="utc")), x2=alt.X2("to:T")))
    chart = alt.layer(*layers).properties(width="container", height=220)
    return configure(chart, language)  # type: ignore[return-value]


def _alone(shares: pd.Series) -> pd.Series:
    """Return whether a share is known while those before and after it are not."""
    known = shares.notna()
    return known & ~known.shift(fill_value=False) & ~known.shift(-1, fill_value=False)


def _some_of(days: pd.Series) -> list[alt.DateTime]:
    """Return the first period and some after it, at equal distances."""
    periods = days.drop_duplicates().sort_values()
    return [_day(day) for day in periods.iloc[:: -(-len(periods) // _NAMES)]]


def _day(day: pd.Timestamp) -> alt.DateTime:
    import altair as alt

    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


def _in_utc(days: pd.Series) -> pd.Series:
    """Return days as the drawing library takes them for the same moments wherever it runs, summer time or not."""
    return pd.to_datetime(days).dt.tz_localize("UTC")

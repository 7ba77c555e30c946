"""The charts' one look: palette, type, axes, number and date names, and what changes from right to left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from workbench.charts.numerals import DIGITS, direction_of, own_digits, percent_pattern, separators

# Okabe and Ito (2008), told apart with every common form of colour blindness; yellow last: it is faint on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6B7280", "#F0E442")
RAMP = ("#EAF3F9", "#B9D8EA", "#7FB6D6", "#3F8FBE", "#0072B2", "#004B76")
DIVERGING = ("#B34700", "#E08A4F", "#F3D3BD", "#F4F5F6", "#B9D8EA", "#4F9BC8", "#005B8F")

INK, SOFT_INK, LINE = "#1F2933", "#52606D", "#E4E7EB"

_LATIN_FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"


def font_stack(language: str) -> str:
    """Return the fonts to try, in order: the shipped one first where the language needs its letters.

    Examples
    --------
    >>> [font_stack(language).split(",")[0] for language in ("en", "ar", "fa")]
    ['system-ui', 'Vazirmatn', 'Vazirmatn']
    """
    return _LATIN_FONTS if direction_of(language) == "ltr" else f"Vazirmatn, {_LATIN_FONTS}"


def vega_config(language: str) -> dict[str, Any]:
    """Return the ``config`` block of a Vega-Lite specification for reports in the language.

    Examples
    --------
    >>> [vega_config(language)["title"]["anchor"] for language in ("en", "ar", "fa")]
    ['start', 'end', 'end']
    """
    rtl = direction_of(language) == "rtl"
    config: dict[str, Any] = {
        "font": font_stack(language),
        "background": "#ffffff",
        "padding": 4,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "view": {"stroke": None, "continuousHeight": 260, "discreteHeight": {"step": 30}},
        "range": {
            "category": list(PALETTE),
            "ordinal": list(RAMP),
            "ramp": list(RAMP),
            "heatmap": list(RAMP),
            "diverging": list(DIVERGING),
        },
        "axis": {**_AXIS, "titleColor": SOFT_INK, "labelColor": INK},
        "axisY": {"orient": "right" if rtl else "left"},
        "axisBand": {"grid": False},
        "axisQuantitative": {"tickCount": 6},
        "legend": {**_LEGEND, "titleColor": SOFT_INK, "labelColor": INK},
        "title": {"anchor": "end" if rtl else "start", "color": INK, "fontSize": 14, "fontWeight": 600, "offset": 12},
        "header": {"labelColor": INK, "labelFontSize": 12, "titleColor": SOFT_INK, "labelFontWeight": 600},
        "mark": {"color": PALETTE[0]},
        "bar": {"cornerRadiusEnd": 2},
        "line": {"strokeWidth": 2.25},
        "point": {"filled": True, "size": 55},
        "rule": {"color": SOFT_INK},
        "text": {"color": INK, "fontSize": 12},
    }
    if rtl:
        config["scale"] = {"xReverse": True}
    if language != "en":
        config["locale"] = {"number": _number_locale(language), "time": _time_locale(language)}
    return config


_AXIS = {
    "domain": False,
    "ticks": False,
    "gridColor": LINE,
    "labelFontSize": 12,
    "labelPadding": 6,
    "labelLimit": 220,
    "titleFontSize": 12,
    "titleFontWeight": 500,
    "titlePadding": 10,
    "labelOverlap": True,
    "labelSeparation": 10,
}
_LEGEND = {
    "orient": "top",
    "columns": 2,
    "labelFontSize": 12,
    "labelLimit": 200,
    "titleFontSize": 12,
    "titleFontWeight": 500,
    "titleLimit": 320,
    "symbolSize": 90,
    "rowPadding": 4,
    "columnPadding": 16,
    "offset": 12,
}


def percent_format(language: str) -> str:
    """Return the format by which axes and legends write a share as a whole percentage.

    The drawing library writes its percent sign after a number only; where it stands before, as in Turkish, it is told
    as the sign of a currency, which no chart has.

    Examples
    --------
    >>> percent_format("de"), percent_format("tr"), vega_config("tr")["locale"]["number"]["currency"]
    ('.0%', '$.0%', ['%', ''])
    """
    return ".0%" if percent_pattern(language).startswith("#") else "$.0%"


def time_axes(spec: dict[str, Any], language: str) -> dict[str, Any]:
    """Return the specification with its horizontal time axes kept from left to right.

    Their labels also get the digits of the language, which the drawing library's own date format never writes.

    Examples
    --------
    >>> spec = {"encoding": {"x": {"field": "day", "type": "temporal"}}}
    >>> [time_axes(spec, language)["encoding"]["x"].get("scale") for language in ("en", "ar", "fa")]
    [None, {'reverse': False}, {'reverse': False}]
    """
    if direction_of(language) == "ltr":
        return spec
    return _with_channels(spec, lambda channel, part: _time_channel(channel, part, language))


def _with_channels(spec: dict[str, Any], change: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Return the specification with every channel of it and of its parts changed."""
    changed: dict[str, Any] = {}
    for key, value in spec.items():
        if key == "encoding":
            changed[key] = {channel: change(channel, part) for channel, part in value.items()}
        elif key in ("layer", "hconcat", "vconcat", "concat"):
            changed[key] = [_with_channels(part, change) for part in value]
        elif key == "spec":
            changed[key] = _with_channels(value, change)
        else:
            changed[key] = value
    return changed


def _time_channel(channel: str, part: Any, language: str) -> Any:
    if channel not in ("x", "y") or not isinstance(part, dict) or part.get("type") != "temporal":
        return part
    part = dict(part)
    if channel == "x" and part.get("scale", {}) is not None:
        part["scale"] = {"reverse": False, **part.get("scale", {})}
    if own_digits(language) and part.get("axis", {}) is not None:
        part["axis"] = {"labelExpr": _in_digits("datum.label", own_digits(language)), **part.get("axis", {})}
    return part


def _in_digits(expression: str, digits: str) -> str:
    for latin, own in enumerate(digits):
        expression = f"replace({expression}, /{latin}/g, '{own}')"
    return expression


def rtl_layout(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the specification with its legends on the right, from right to left, where its quantities grow so.

    Altair's schema does not know these settings, so they are made on the finished specification.

    Examples
    --------
    >>> color = {"field": "way", "type": "nominal", "scale": {"domain": ["alone", "with others"]}}
    >>> spec = rtl_layout({"encoding": {"color": color}, "config": {"scale": {"xReverse": True}}})
    >>> spec["config"]["legend"], spec["encoding"]["color"]["legend"]["values"]
    ({'layout': {'top': {'anchor': 'end'}}}, ['with others', 'alone'])
    """
    config = spec.get("config", {})
    if not config.get("scale", {}).get("xReverse"):
        return spec
    legend = {**config.get("legend", {}), "layout": {"top": {"anchor": "end"}}}
    return {**_with_channels(spec, _rtl_legend), "config": {**config, "legend": legend}}


def _rtl_legend(channel: str, part: Any) -> Any:
    """Return a channel with its legend from right to left, where the order of its values is stated."""
    scale = part.get("scale") if isinstance(part, dict) and channel in ("color", "fill", "stroke", "shape") else None
    if not scale or not isinstance(scale.get("domain"), list) or part.get("legend", {}) is None:
        return part
    legend, domain = part.get("legend", {}), scale["domain"]
    if part.get("type") == "quantitative":
        turned = {**scale, "domain": domain[::-1], "range": scale["range"][::-1]}
        return {**part, "scale": turned, "legend": {**legend, "titleAnchor": "end"}}
    columns = legend.get("columns", _LEGEND["columns"])
    values = [value for start in range(0, len(domain), columns) for value in domain[start:start + columns][::-1]]
    labels = {"align": {"value": "right"}, "x": {"value": -4}}  # beside their symbols, which stay where they are
    return {**part, "legend": {**legend, "values": values, "encoding": {"labels": labels}}}


def _number_locale(language: str) -> dict[str, Any]:
    before, _, percent = percent_pattern(language).partition("#")
    base = {"grouping": [3], "currency": [before, percent]}
    digits = own_digits(language)
    if digits:
        # charts run from left to right: the mark keeps the sign on the far side of Arabic digits, as in tables
        after = percent + "\u200f" if digits == DIGITS["arabic"] else percent
        return base | {"decimal": "٫", "thousands": "٬", "numerals": list(digits), "percent": after}
    decimal, thousands = separators(language)
    return base | {"decimal": decimal, "thousands": thousands, "percent": percent}


_PERIODS = {"ar": ["ص", "م"], "fa": ["ق.ظ.", "ب.ظ."]}


def _time_locale(language: str) -> dict[str, Any]:
    from babel.dates import get_day_names, get_month_names

    def week(width: Literal["abbreviated", "wide"]) -> list[str]:
        days = get_day_names(width, "stand-alone", language)  # Monday is 0; the drawing library begins with Sunday
        return [days[(day - 1) % 7] for day in range(7)]

    def year(width: Literal["abbreviated", "wide"]) -> list[str]:
        months = get_month_names(width, "stand-alone", language)
        return [months[month] for month in range(1, 13)]

    return {
        "dateTime": "%e %B %Y %H:%M",
        "date": "%Y/%m/%d",
        "time": "%H:%M",
        "periods": _PERIODS.get(language, ["AM", "PM"]),
        "days": week("wide"),
        "shortDays": week("abbreviated"),
        "months": year("wide"),
        "shortMonths": year("abbreviated"),
    }

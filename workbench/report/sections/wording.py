"""How numbers, names and intervals are worded in every part of a report."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts.numerals import in_digits_of
from workbench.columns import UNASSIGNED, UNASSIGNED_THEME, UNDETERMINED
from workbench.errors import InputError
from workbench.insights.coverage import MISSING
from workbench.insights.headlines import STABLE

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def isolated(text: Any) -> str:
    """Return a name that keeps its own direction within a sentence of any direction."""
    return f"{_ISOLATE}{text}{_END_ISOLATE}"


def interval(m: Messages, low: Any, high: Any, share: bool = True) -> str:
    """Return an interval in words, such as ``12% to 18%``; nothing where there is none."""
    if pd.isna(low) or pd.isna(high):
        return ""
    write = m.percent if share else m.number
    return m("words.interval", low=isolated(write(low)), high=isolated(write(high)))


def month(m: Messages, day: Any, short: bool = False) -> str:
    """Return a month and year in the language of the report, such as ``March 2026`` or ``Mar 26``."""
    from babel.dates import format_date

    return in_digits_of(format_date(day.date(), "MMM yy" if short else "MMMM y", locale=m.language), m.language)


def value_name(m: Messages, dimension: str, value: str, analysis: Analysis) -> str:
    """Return what a value of a dimension is called in the language of the report; its own name where none is known."""
    from babel import Locale

    if value == MISSING:
        return m("words.not_stated")
    if dimension == "language":
        return m("words.undetermined") if value == UNDETERMINED else Locale(m.language).languages.get(value, value)
    if dimension == "market":
        return str(Locale(m.language).territories.get(value, value))
    if dimension == "stage":
        return stage_names(m, analysis).get(value, value)
    try:
        return m(f"value.{value}")
    except InputError:
        return value


def theme_names(m: Messages, analysis: Analysis) -> dict[int, str]:
    """Return each theme's label in the language of the report."""
    labels = analysis.labels
    own = labels[labels["language"] == (m.language if m.language in set(labels["language"]) else "en")]
    names = dict(zip(own["theme_id"], own["label"], strict=True))
    names[UNASSIGNED_THEME] = m("words.unassigned")
    return names


def is_stable(stability: float) -> bool:
    """Return whether a theme is found again often enough to be spoken of without a warning.

    Source of the limit: Hennig (2008), Dissolution point and isolation robustness: below one half, a cluster is
    dissolved.
    """
    return bool(stability >= STABLE)


def marked_names(m: Messages, analysis: Analysis) -> dict[int, str]:
    """Return the themes' labels, those of unstable themes with a mark that says so."""
    stability = analysis.themes.set_index("theme_id")["stability"]
    return {
        theme: name if theme == UNASSIGNED_THEME or is_stable(stability[theme]) else
        m("themes.unstable_name", theme=name)
        for theme, name in theme_names(m, analysis).items()
    }


def stage_names(m: Messages, analysis: Analysis) -> dict[str, str]:
    """Return each stage's name in the language of the report, in order, "unassigned" last."""
    stages = analysis.stages.sort_values("order")
    column = f"name_{m.language}" if f"name_{m.language}" in stages else "name_en"
    return {**dict(zip(stages["stage_id"], stages[column], strict=True)), UNASSIGNED: m("words.unassigned")}


def paragraph(text: str, css: str = "") -> str:
    """Return an escaped paragraph."""
    attribute = f' class="{css}"' if css else ""
    return f"<p{attribute}>{escape(text)}</p>"

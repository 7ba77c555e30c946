"""What the parts on evidence share: reasons in words, names of what is spoken of, small counts hidden."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html, table_html
from workbench.report.sections.wording import (
    interval,
    is_small,
    isolated,
    marked_names,
    paragraph,
    stage_names,
    touchpoint_name,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

SURE = 0.05


def why_not(analysis: Analysis, m: Messages, insight: str, part: str | None = None, of: str = "") -> Html:
    """Return, in a sentence each, why an insight could not be computed; the words for nothing found where it was.

    Parameters
    ----------
    of
        What it is that could not be computed, where one of several cannot: that there are no answers of one kind must
        not read as if there were none at all.
    """
    table = analysis.evidence_reasons
    own = table[(table["insight"] == insight) & ((table["part"] == part) if part is not None else True)]
    if not len(own):
        return Html(paragraph(_about(m, of, m("reason.nothing_beyond_chance")), "callout"))
    said = [m(f"reason.{row.reason}", count=int(row.n)) for row in own.drop_duplicates("reason").itertuples()]
    return Html("".join(paragraph(_about(m, of, reason), "callout") for reason in said))


def _about(m: Messages, of: str, told: str) -> str:
    return m("headline.condition", dimension=of, value=told) if of else told


def points(m: Messages, value: Any, digits: int = 0) -> str:
    """Return a share or a difference of shares as points of a hundred."""
    return m.number(100 * value, digits) if not pd.isna(value) else "–"


def point_span(m: Messages, low: Any, high: Any) -> str:
    """Return the interval of a difference of shares, in points of a hundred."""
    return interval(m, 100 * low, 100 * high, share=False)


def counts(m: Messages, values: pd.Series, minimum: int) -> pd.Series:
    """Return counts as they are read, small ones hidden."""
    return values.map(m.number).mask(is_small(values, minimum), m("words.hidden"))


def subject_name(analysis: Analysis, m: Messages, cut: str, subject: str) -> str:
    """Return what a theme, a stage or a touchpoint is called."""
    if cut == "theme":
        return marked_names(m, analysis).get(int(subject), subject)
    if cut == "stage":
        return stage_names(m, analysis).get(subject, subject)
    return touchpoint_name(m, subject, analysis)


def place_name(analysis: Analysis, m: Messages, dimension: Any, value: Any) -> str:
    """Return what a cell is called: ``everywhere`` where there is none."""
    if not value or dimension in ("", "all"):
        return m("evidence.everywhere")
    return value_name(m, str(dimension), str(value), analysis)


def shown_table(table: dict[str, Any], m: Messages, caption: str) -> str:
    """Return named columns as a table, as safe HTML."""
    return table_html(pd.DataFrame(table), caption=caption, language=m.language)


def listed(items: list[str], css: str = "") -> str:
    """Return sentences as a list, as safe HTML."""
    attribute = f' class="{css}"' if css else ""
    return f"<ul{attribute}>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def probability(m: Messages, p: float) -> str:
    """Return a p-value with three digits, what is below as such."""
    return isolated("< " + m.number(0.001, 3)) if p < 0.001 else m.number(p, 3)

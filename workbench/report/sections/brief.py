"""One page for those who decide: what changed, what hurts, what to do, how sure.

Each finding shows one number; its interval, its count and what it is compared with are one click away. All of them come
from the same table of findings that the full report shows.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html
from workbench.columns import UNASSIGNED
from workbench.report.sections.headline import finding_sentence
from workbench.report.sections.wording import (
    callout,
    dimension_name,
    is_small,
    isolated,
    period_in_words,
    stage_names,
    theme_names,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

MOST_NUMBERS = 9
MOST_FINDINGS = 3  # of a group: with two numbers on how sure it all is, that stays below nine
CHANGES, PROBLEMS, SILENCES = ("stretch",), ("low_score", "largest"), ("unheard",)


def changes(analysis: Analysis, m: Messages) -> Html:
    """Return what stood out for some time."""
    return _findings(CHANGES, "brief.no_change", analysis, m)


def problems(analysis: Analysis, m: Messages) -> Html:
    """Return what people speak of who recommend less, and what most speak of."""
    return _findings(PROBLEMS, "brief.no_problem", analysis, m)


def actions(analysis: Analysis, m: Messages) -> Html:
    """Return a next step for each finding: what to look into, and whom to ask."""
    rows = [row for kinds in (CHANGES, PROBLEMS[:1], SILENCES) for row in _rows(kinds, analysis)]
    if not rows:
        return callout(m, "brief.no_action")
    steps = [m(f"brief.do_{row['kind']}", **_values(row, analysis, m)) for row in rows]
    return Html("<ol>" + "".join(f'<li dir="{m.direction}">{escape(step)}</li>' for step in steps) + "</ol>")


def certainty(analysis: Analysis, m: Messages, link: str) -> Html:
    """Return how much the page rests on, and where all of it can be read."""
    stability = _found_again(analysis)
    stable = (stability >= analysis.study.quality.stability).mean()
    counted = analysis.facts["insights"]["counted"]
    items = [
        _with_number(m("brief.counted", comments="{}"), m("words.n_comments", count=counted), counted),
        _with_number(m("brief.stable", share="{}"), m.percent(stable), stable) if len(stability) else "",
        escape(m("brief.not_random")),
        escape(m("brief.association")),
    ]
    listed = "".join(f'<li dir="{m.direction}">{item}</li>' for item in items if item)
    return Html(f'<ul>{listed}</ul><p><a href="{escape(link)}">{escape(m("brief.full"))}</a></p>')


def _found_again(analysis: Analysis) -> pd.Series:
    """Return the stability of each theme that was looked for anew without some comments."""
    passport = analysis.passport
    return passport.loc[passport["resamples"] > 0, "stability"].dropna()


def _findings(kinds: tuple[str, ...], nothing: str, analysis: Analysis, m: Messages) -> Html:
    rows = _rows(kinds, analysis)
    if not rows:
        return callout(m, nothing)
    return Html(f'<ul class="brief">{"".join(_finding(row, analysis, m) for row in rows)}</ul>')


def _rows(kinds: tuple[str, ...], analysis: Analysis) -> list[dict[str, Any]]:
    table = analysis.headlines
    table = table[table["kind"].isin(kinds)].head(MOST_FINDINGS)
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _finding(row: dict[str, Any], analysis: Analysis, m: Messages) -> str:
    text = m(f"brief.{row['kind']}", **_values(row, analysis, m), estimate="{}")
    number = m.number(row["estimate"]) if row["kind"] == "low_score" else m.percent(row["estimate"])
    details = escape(finding_sentence(row, theme_names(m, analysis), analysis, m))
    return (f'<li dir="{m.direction}"><p>{_with_number(text, number, row["estimate"])}</p>'
            f"<details><summary>{escape(m('brief.details'))}</summary><p>{details}</p></details></li>")


def _with_number(text: str, number: str, value: float) -> str:
    """Return a sentence whose number is marked as one."""
    before, _, after = text.partition("{}")
    marked = f'<data value="{float(value):.6g}">{escape(isolated(number))}</data>' if "{}" in text else ""
    return f"{escape(before)}{marked}{escape(after)}"


def _values(row: dict[str, Any], analysis: Analysis, m: Messages) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if not pd.isna(row["theme_id"]):
        theme = int(row["theme_id"])
        values |= {"theme": isolated(theme_names(m, analysis)[theme]), "stage": _stage(theme, analysis, m)}
    if not pd.isna(row["first_period"]):
        period = analysis.study.insights.period
        first, last = (period_in_words(m, pd.Timestamp(row[name]), period) for name in ("first_period", "last_period"))
        values["when"] = m("brief.during", period=first) if first == last else \
            m("brief.from_to", first=first, last=last)
    if row["kind"] in SILENCES:
        dimension = str(row["dimension"])
        values |= {"dimension": dimension_name(m, dimension),
                   "value": isolated(value_name(m, dimension, str(row["value"]), analysis))}
    return values


def _stage(theme: int, analysis: Analysis, m: Messages) -> str:
    """Return the stage that most comments of a theme speak of."""
    shares = analysis.stage_shares
    own = shares[(shares["theme_id"] == theme) & (shares["stage_id"] != UNASSIGNED) & (shares["comment_count"] > 0)]
    own = own[~is_small(own["comment_count"], analysis.study.insights.minimum_cell)]
    if not len(own):
        return isolated(m("method.no_stage"))
    best = own.sort_values(["comment_count", "stage_id"], ascending=[False, True]).iloc[0]["stage_id"]
    return isolated(stage_names(m, analysis)[str(best)])

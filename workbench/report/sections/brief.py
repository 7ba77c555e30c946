"""One page for those who decide: what changed, what hurts, what to do, how sure.

Each finding shows one number; its interval, its count and what it is compared with are one click away. All of them come
from the same table of findings, of which the full report shows the first.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html
from workbench.columns import UNASSIGNED
from workbench.insights.disclosure import SHOWN
from workbench.report.sections.change import why_no_stretch
from workbench.report.sections.evidence import SURE
from workbench.report.sections.headline import few_at_other_times, finding_sentence, told_findings, when_in_words
from workbench.report.sections.wording import (
    callout,
    dimension_name,
    has_themes,
    is_small,
    isolated,
    no_themes,
    stage_names,
    theme_names,
    touchpoint_name,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

MOST_NUMBERS = 9
CHANGES, PROBLEMS, SILENCES = ("stretch", "turn"), ("low_score", "leaving"), ("unheard",)
_MOST, _MOST_OF_A_KIND = {CHANGES: 4, PROBLEMS: 3, SILENCES: 2}, 2  # with two numbers on how sure it is, nine at most
_STEPS = {"leaving": "low_score"}  # what is looked into where another kind has the same step


def changes(analysis: Analysis, m: Messages) -> Html:
    """Return what stood out for some time, and of what the scores turned; without any, why."""
    return _findings(CHANGES, analysis, m) or _why_no_change(analysis, m)


def problems(analysis: Analysis, m: Messages) -> Html:
    """Return what people speak of who recommend less, or who leave more often; without any, why."""
    return _findings(PROBLEMS, analysis, m) or _why_no_problem(analysis, m)


def actions(analysis: Analysis, m: Messages) -> Html:
    """Return a next step for each finding: what to look into, and whom to ask."""
    silences = [row for row in _rows(SILENCES, analysis) if not pd.isna(row["comparison"])]  # else it is a guess
    rows = [*_rows(CHANGES, analysis), *_rows(PROBLEMS, analysis), *silences]
    if not rows:
        return callout(m, "brief.no_action")
    steps = [m(f"brief.do_{_STEPS.get(kind, kind)}", **_values(row, analysis, m))
             for row in rows for kind in [_kind(row)]]
    return Html("<ol>" + "".join(f'<li dir="{m.direction}">{escape(step)}</li>' for step in steps) + "</ol>")


def _why_no_change(analysis: Analysis, m: Messages) -> Html:
    """Return that nothing changed only where it could be looked for and nothing was found."""
    stretches = analysis.stretches
    if _any_sure(stretches[stretches["theme_id"] >= 0] if len(stretches) else stretches) or _any_sure(analysis.turns):
        return callout(m, "brief.elsewhere")
    return why_no_stretch(analysis, m) or callout(m, "brief.no_change")


def _why_no_problem(analysis: Analysis, m: Messages) -> Html:
    """Return that no theme goes with low scores or leaving only where themes could be compared by them."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    compared, churn = analysis.theme_comparison, analysis.churn_themes
    left = churn[churn["basis"] == "churned"] if len(churn) else churn
    if not len(compared) and not len(left):
        return callout(m, "brief.not_compared")
    scores = analysis.theme_scores.query("measure == 'nps'").merge(compared, on="theme_id")
    lower = scores.query("score < score_elsewhere")
    more = left[left["difference"] > 0] if len(left) else left
    is_elsewhere = _any_sure(lower) or _any_sure(more) or _any_agreed_worse(analysis.impact)
    return callout(m, "brief.elsewhere" if is_elsewhere else "brief.no_problem")


def _any_agreed_worse(impact: pd.DataFrame) -> bool:
    """Return whether all ways of telling what goes with a score agree on a theme with a worse one."""
    agreed = impact[impact["agreement"] == "all"] if len(impact) else impact
    return len(agreed) > 0 and bool(((agreed["leave_out"] > 0) == (agreed["measure"] == "effort")).any())


def _any_sure(table: pd.DataFrame) -> bool:
    return len(table) > 0 and bool((table["p_adjusted"] < SURE).any())


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


def _findings(kinds: tuple[str, ...], analysis: Analysis, m: Messages) -> Html | None:
    rows = _rows(kinds, analysis)
    if not rows:
        return None
    return Html(f'<ul class="brief">{"".join(_finding(row, analysis, m) for row in rows)}</ul>')


def _rows(kinds: tuple[str, ...], analysis: Analysis) -> list[dict[str, Any]]:
    table = told_findings(analysis)
    table = table[table["kind"].isin(kinds)].groupby("kind", sort=False).head(_MOST_OF_A_KIND)
    return [{str(name): value for name, value in row.items()} for row in table.head(_MOST[kinds]).to_dict("records")]


def _kind(row: dict[str, Any]) -> str:
    """Return what the sentence on a finding is called: a turn has a way, and of what is not people one asks people."""
    if row["kind"] == "turn":
        return "turn_better" if row["estimate"] > 0 else "turn_worse"
    return "unheard_of" if row["dimension"] in ("stage", "touchpoint") else str(row["kind"])


def _number(row: dict[str, Any], m: Messages) -> tuple[float, str]:
    """Return the one number of a finding: where scores stand since they turned, how many left, else the estimate."""
    value = row["estimate"] + (row["comparison"] if row["kind"] in ("turn", "leaving") else 0.0)
    return float(value), m.number(value) if row["kind"] == "low_score" else m.percent(value)


def _finding(row: dict[str, Any], analysis: Analysis, m: Messages) -> str:
    if row["kind"] == "stretch" and row["state"] != SHOWN:
        told = few_at_other_times(row, theme_names(m, analysis), analysis, m)
        return f'<li dir="{m.direction}"><p>{escape(told)}</p></li>'
    text = m(f"brief.{_kind(row)}", **_values(row, analysis, m), estimate="{}")
    value, written = _number(row, m)
    details = escape(finding_sentence(row, theme_names(m, analysis), analysis, m))
    return (f'<li dir="{m.direction}"><p>{_with_number(text, written, value)}</p>'
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
    if row["kind"] == "turn":
        day = isolated(m.date(pd.Timestamp(row["first_period"])))
        return values | {"subject": _subject(row, analysis, m), "when": day}
    if not pd.isna(row["first_period"]):
        values["when"] = when_in_words(row, analysis, m)
    if row["kind"] in SILENCES:
        dimension = str(row["dimension"])
        values |= {"dimension": dimension_name(m, dimension),
                   "value": isolated(value_name(m, dimension, str(row["value"]), analysis))}
    return values


def _subject(row: dict[str, Any], analysis: Analysis, m: Messages) -> str:
    """Return the touchpoint of which scores turned, and the market where it was in one alone."""
    name = isolated(touchpoint_name(m, str(row["subject"]), analysis))
    return f"{name} ({isolated(value_name(m, str(row['dimension']), str(row['value']), analysis))})" if row["value"] \
        else name


def _stage(theme: int, analysis: Analysis, m: Messages) -> str:
    """Return the stage that most comments of a theme speak of."""
    shares = analysis.stage_shares
    own = shares[(shares["theme_id"] == theme) & (shares["stage_id"] != UNASSIGNED) & (shares["comment_count"] > 0)]
    own = own[~is_small(own["comment_count"], analysis.study.insights.minimum_cell)]
    if not len(own):
        return isolated(m("method.no_stage"))
    best = own.sort_values(["comment_count", "stage_id"], ascending=[False, True]).iloc[0]["stage_id"]
    return isolated(stage_names(m, analysis)[str(best)])

"""What became of the themes of the run before, and of the rules of the codebook."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html, table_html
from workbench.columns import UNASSIGNED_THEME
from workbench.insights.disclosure import SMALL
from workbench.report.sections.withheld import hidden_cells, is_hidden, without_hidden
from workbench.report.sections.wording import (
    is_small,
    isolated,
    own_letters,
    paragraph,
    period_name,
    theme_names,
    theme_number,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_THEMES, _PERIODS = 5, 6


def since_last_time(analysis: Analysis, m: Messages) -> Html:
    """Return what changed in the themes since the run before, and rules that do not apply; nothing on a first run."""
    parts = _events(analysis, m) + _rules(analysis, m)
    return Html(f"<h2>{escape(m('kept.title'))}</h2>{''.join(parts)}" if parts else "")


def sample_table(sample: pd.DataFrame, m: Messages) -> Html:
    """Return a sample for coders as a table, each text in its own direction."""
    columns = {"statement_id": m("words.name"), "text": m("kept.text"), "language": m("dimension.language")}
    return Html(table_html(sample, caption=m("kept.sample"), language=m.language, columns=columns))


def _events(analysis: Analysis, m: Messages) -> list[str]:
    facts, events = analysis.facts["coding"], analysis.theme_events
    if facts["baseline_run"] is None:
        return []
    found_again = m("words.n_themes", count=int(events["event"].isin(["continued", "returned"]).sum()))
    told = m("kept.again_undated", themes=found_again) if facts["baseline_date"] is None else \
        m("kept.again", themes=found_again, date=date.fromisoformat(facts["baseline_date"]))
    parts = [paragraph(told)] + ([] if facts["same_encoder"] else [paragraph(m("kept.another_encoder"))])
    changed = events[events["event"] != "continued"]
    return parts + ([_events_table(changed, analysis, m)] if len(changed) else []) + _restated(analysis, m)


def _events_table(changed: pd.DataFrame, analysis: Analysis, m: Messages) -> str:
    names, before = _names(analysis, m)
    minimum, now = analysis.study.insights.minimum_cell, analysis.themes.set_index("theme_id")["comment_count"]
    hidden = analysis.themes.loc[is_hidden(hidden_cells(analysis, "themes")), "theme_id"].tolist()
    rows = []
    for row in changed.to_dict("records"):
        theme, other = int(row["theme_id"]), row["other_id"]
        named = "" if pd.isna(other) else isolated(names.get(int(other), before.get(int(other), str(other))))
        rows.append({"theme": names.get(theme, before.get(theme, str(theme))), "number": theme_number(m, theme),
                     "what": m(f"kept.{row['event']}", theme=named), "then": _count(row["count_before"], minimum, m),
                     "now": m("disclosure.withheld") if theme in hidden and now[theme] >= minimum else
                     _count(now.get(theme), minimum, m)})
    columns = {"theme": m("words.theme"), "number": m("kept.number"), "what": m("kept.what"),
               "then": m("kept.comments_then"), "now": m("kept.comments_now")}
    return table_html(pd.DataFrame(rows), caption=m("kept.events_table"), language=m.language, columns=columns)


def _restated(analysis: Analysis, m: Messages) -> list[str]:
    """Return the shares of the same periods under the old coding and the new, of the largest themes that changed."""
    table = analysis.theme_restated.assign(state=hidden_cells(analysis, "theme_restated"))
    table = table[table["theme_id"] != UNASSIGNED_THEME]
    if not len(table):
        return []
    sizes = table.groupby("theme_id")[["comment_count", "comment_count_before"]].sum().max(axis=1)
    order = sizes.sort_values(ascending=False, kind="stable").index[:_THEMES]
    table = table[table["theme_id"].isin(order) & table["period"].isin(sorted(set(table["period"]))[-_PERIODS:])]
    names, before = _names(analysis, m)
    period = analysis.study.insights.period
    shown = pd.DataFrame({
        "theme": [names.get(theme, before.get(theme, str(theme))) for theme in table["theme_id"]],
        "period": [period_name(m, pd.Timestamp(day), period) for day in table["period"]],
        "then": _shares(table, "_before", analysis, m), "now": _shares(table, "", analysis, m),
    })
    columns = {"theme": m("words.theme"), "period": m("words.period"), "then": m("kept.share_then"),
               "now": m("kept.share_now")}
    return [paragraph(m("kept.restated_note")),
            table_html(shown, caption=m("kept.restated_table"), language=m.language, columns=columns)]


def _shares(table: pd.DataFrame, when: str, analysis: Analysis, m: Messages) -> pd.Series:
    minimum = analysis.study.insights.minimum_cell
    states = table["state"].mask(is_small(table[f"base{when}"], minimum), SMALL)
    shares = without_hidden(table[f"comment_share{when}"].map(m.percent), states, m)
    return shares.mask(table[f"comment_count{when}"].isna(), "–").reset_index(drop=True)


def _rules(analysis: Analysis, m: Messages) -> list[str]:
    from workbench.themes.corrections import is_open

    report = analysis.codebook_report
    if not len(report):
        return []
    minimum, names = analysis.study.insights.minimum_cell, theme_names(m, analysis)
    told = m("codebook.summary", rules=int(report["line"].nunique()),
             open=int(report.loc[is_open(report), "line"].nunique()))
    remarked = report[(report["status"] != "applied") | (report["reason"] != "")]
    if not len(remarked):
        return [paragraph(told)]
    shown = pd.DataFrame([{
        "line": m.number(row["line"]), "rule": row["rule"], "theme": _theme(row["theme_id"], names, m),
        "status": m(f"codebook.{row['status'].replace(' ', '_')}"),
        "why": m(f"codebook.{row['reason']}") if row["reason"] else "",
        "statements": _count(row["statement_count"], minimum, m),
    } for row in remarked.to_dict("records")])
    columns = {"line": m("codebook.line"), "rule": m("codebook.rule"), "theme": m("words.theme"),
               "status": m("codebook.status"), "why": m("codebook.why"), "statements": m("words.statements")}
    return [paragraph(told), table_html(shown, caption=m("codebook.table"), language=m.language, columns=columns)]


def _theme(theme: Any, names: dict[int, str], m: Messages) -> str:
    if pd.isna(theme):
        return "–"
    number = theme_number(m, int(theme))
    return f"{number} {isolated(names[int(theme)])}" if int(theme) in names else number


def _names(analysis: Analysis, m: Messages) -> tuple[dict[int, str], dict[int, str]]:
    """Return the themes' names now, and those of the run before."""
    events, labels = analysis.theme_events.dropna(subset=["label_before"]), analysis.labels_before
    own = labels[labels["language"] == m.language]
    before = dict(zip(events["theme_id"], events["label_before"], strict=True))
    before |= {theme: own_letters(label, m.language)
               for theme, label in zip(own["theme_id"], own["label"], strict=True)}
    return theme_names(m, analysis), before


def _count(value: Any, minimum: int, m: Messages) -> str:
    if value is None or pd.isna(value):
        return "–"
    return m("words.hidden") if is_small(int(value), minimum) else m.number(int(value))

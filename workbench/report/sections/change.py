"""What changed over time."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, label, share_grid, share_line, table_html
from workbench.report.sections.wording import interval, isolated, month, theme_names

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_ALPHA = 0.05


def themes_over_time(analysis: Analysis, m: Messages, top: int) -> Figure | Html:
    """Return a grid of themes by period: which share of each period's comments spoke of each theme."""
    if not len(analysis.periods):
        return _no_dates(m)
    names = theme_names(m, analysis)
    kept = analysis.periods[analysis.periods["theme_id"].between(0, top - 1)]
    minimum = analysis.study.insights.minimum_cell
    table = pd.DataFrame({
        "row": [label(names[theme], 24) for theme in kept["theme_id"]],
        "column": [label(month(m, day, short=True), 20) for day in kept["period"]],
        "share": kept["comment_share"].where(kept["base"] >= minimum).to_numpy(),
        "text": kept["comment_share"].map(m.percent).to_numpy(),
    })
    columns, rows = list(dict.fromkeys(table["column"])), list(dict.fromkeys(table["row"]))
    chart = share_grid(table, legend_title=m("words.share_of_comments"), language=m.language, columns=columns,
                       rows=rows, time=True)
    wide = table.assign(cell=table["text"].where(table["share"].notna(), m("words.hidden")))
    display = wide.pivot_table(index="row", columns="column", values="cell", aggfunc="first")[columns].loc[rows]
    display = display.rename_axis(columns=None).reset_index(names=m("words.theme"))
    partial = kept.loc[kept["is_partial"], "period"].drop_duplicates()
    description = m("change.grid_figure", count=len(rows), periods=len(columns))
    if len(partial):
        description += " " + m("change.partial", months=m("words.list_joint").join(month(m, day) for day in partial))
    return Figure(chart, description, display, title=m("change.grid_title"), language=m.language)


def strongest_change(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return the theme whose stretch is the most certain and largest, as a line with its interval."""
    sure = _sure(analysis)
    if not len(sure):
        return Html(f"<p>{escape(m('change.none' if len(analysis.periods) else 'change.no_dates'))}</p>")
    best = sure.iloc[0]
    line = analysis.periods[analysis.periods["theme_id"] == best["theme_id"]].rename(
        columns={"comment_share": "share", "comment_share_low": "low", "comment_share_high": "high"})
    ends = line.loc[line["period"] > best["last_period"], "period"]
    end = ends.iloc[0] if len(ends) else best["last_period"] + pd.Timedelta(days=30)
    chart = share_line(line[["period", "share", "low", "high", "is_partial"]],
                       axis_title=m("words.share_of_comments"), language=m.language,
                       first=best["first_period"], last=end)
    name = isolated(theme_names(m, analysis)[best["theme_id"]])
    description = m("change.line_figure", theme=name, first=month(m, best["first_period"]),
                    last=month(m, best["last_period"]), share=m.percent(best["comment_share"]),
                    elsewhere=m.percent(best["comment_share_elsewhere"]))
    display = pd.DataFrame({
        m("words.period"): [month(m, day) for day in line["period"]],
        m("words.comments"): line["comment_count"].map(m.number), m("words.base"): line["base"].map(m.number),
        m("words.share"): line["share"].map(m.percent),
        m("words.interval_95"): [interval(m, row.low, row.high) for row in line.itertuples()],
    })
    return Figure(chart, description, display, title=name, language=m.language)


def _sure(analysis: Analysis) -> pd.DataFrame:
    table = analysis.stretches
    if not len(table):
        return table
    sure = table[(table["p_adjusted"] < _ALPHA) & (table["theme_id"] >= 0)]
    gap = (sure["comment_share"] - sure["comment_share_elsewhere"]).rename("gap")
    return sure.loc[gap.sort_values(ascending=False, kind="stable").index]


def stretches(analysis: Analysis, m: Messages) -> Html:
    """Return every theme that stood out for some time, beyond what chance would do."""
    if not len(analysis.periods):
        return _no_dates(m)
    sure = _sure(analysis)
    if not len(sure):
        return Html(f"<p>{escape(m('change.none'))}</p>")
    names = theme_names(m, analysis)
    shown = pd.DataFrame({
        "theme": [names[theme] for theme in sure["theme_id"]],
        "when": [_when(row.first_period, row.last_period, m) for row in sure.itertuples()],
        "share": [f"{m.percent(row.comment_share)} ({interval(m, row.comment_share_low, row.comment_share_high)})"
                  for row in sure.itertuples()],
        "elsewhere": sure["comment_share_elsewhere"].map(m.percent),
        "n": sure["comment_count"].map(m.number),
        "p": [m.number(p, 3) for p in sure["p_adjusted"]],
    })
    columns = {"theme": m("words.theme"), "when": m("words.period"), "share": m("change.share_then"),
               "elsewhere": m("change.share_elsewhere"), "n": m("words.comments"), "p": m("change.p_adjusted")}
    return Html(table_html(shown, caption=m("change.table"), language=m.language, columns=columns))


def _when(first: Any, last: Any, m: Messages) -> str:
    return month(m, first) if first == last else m("words.interval", low=month(m, first), high=month(m, last))


def _no_dates(m: Messages) -> Html:
    return Html(f'<p class="callout">{escape(m("change.no_dates"))}</p>')

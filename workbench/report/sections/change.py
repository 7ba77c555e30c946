"""What changed over time."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, share_grid, share_line, table_html
from workbench.charts.bars import distinct_labels
from workbench.insights.disclosure import SMALL
from workbench.report.sections.withheld import (
    hidden_cells,
    is_hidden,
    withheld_note,
    without_few_customers,
    without_hidden,
)
from workbench.report.sections.wording import (
    callout,
    confidence,
    confidence_interval,
    has_themes,
    interval,
    is_small,
    isolated,
    mark_note,
    marked_names,
    measured_share,
    no_themes,
    period_in_words,
    period_name,
    top_themes,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_ALPHA = 0.05
_COLUMNS = 26  # more periods than this cannot be told apart in a grid
_LEAST = 3  # no stretch can stand out of fewer periods
_MONTHS = {"month": 1, "quarter": 3}


def themes_over_time(analysis: Analysis, m: Messages, top: int) -> Figure | Html:
    """Return a grid of themes by period: which share of each period's comments spoke of each theme."""
    if not len(analysis.periods) or not has_themes(analysis):
        return _no_periods(analysis, m)
    period = analysis.study.insights.period
    ids = top_themes(analysis, top)
    every = analysis.periods.assign(state=hidden_cells(analysis, "periods"))
    every = every[every["theme_id"].isin(ids)]
    days = sorted(every["period"].unique())[-_COLUMNS:]
    kept = _cells(every[every["period"].isin(days)], analysis, m)
    if kept["share"].isna().all():
        return callout(m, "change.grid_hidden", minimum=analysis.study.insights.minimum_cell)
    names = marked_names(m, analysis, short=True)
    ids = [theme for theme in ids if theme in set(kept["theme_id"])]
    rows = dict(zip(ids, distinct_labels([names[theme] for theme in ids], 24, m.language), strict=True))
    columns = dict(zip(days, distinct_labels([period_name(m, day, period, short=True) for day in days], 20,
                                             m.language), strict=True))
    table = kept.assign(row=kept["theme_id"].map(rows), column=kept["period"].map(columns))
    chart = share_grid(table[["row", "column", "share", "text"]], legend_title=m("words.share_of_comments"),
                       language=m.language, columns=list(columns.values()), rows=list(rows.values()), time=True)
    display = table.pivot(index="row", columns="column", values="text").reindex(
        index=list(rows.values()), columns=list(columns.values()))
    display = display.rename_axis(columns=None).reset_index(names=m("words.theme"))
    told = _grid_description(kept, len(ids), every["period"].nunique(), period, m)
    told += withheld_note(kept["state"], m) + mark_note(m, [names[theme] for theme in ids])
    return Figure(chart, told, display,
                  title=m("change.grid_title"), language=m.language)


def _cells(kept: pd.DataFrame, analysis: Analysis, m: Messages) -> pd.DataFrame:
    """Return the cells with ``share`` and ``text``: small cells, and those of small periods, are hidden."""
    minimum = analysis.study.insights.minimum_cell
    states = kept["state"].mask(is_small(kept["base"], minimum), SMALL)
    text = without_hidden(kept["comment_share"].map(m.percent), states, m)
    return kept.assign(share=kept["comment_share"].mask(is_hidden(states)),
                       text=text.mask(kept["base"] == 0, m("words.no_evidence")))


def _grid_description(kept: pd.DataFrame, themes: int, periods: int, period: str, m: Messages) -> str:
    shown = kept["period"].nunique()
    parts = [m("change.grid_figure", themes=m("words.n_themes", count=themes),
               periods=m("words.n_periods", count=shown))]
    if periods > shown:
        parts.append(m("change.last_periods", count=shown, all=periods))
    partial = kept.loc[kept["is_partial"], "period"].drop_duplicates()
    if len(partial):
        parts.append(m("change.partial", months=m("words.list_joint").join(
            period_name(m, day, period) for day in partial)))
    return " ".join(parts)


def strongest_change(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return the theme whose stretch is the most certain and largest, as a line with its interval."""
    sure = _sure(analysis)
    if not len(sure):
        return _no_stretch(analysis, m)
    minimum = analysis.study.insights.minimum_cell
    sure = sure[~is_small(sure["comment_count"], minimum)]
    if not len(sure):
        return callout(m, "change.small")
    best, period = sure.iloc[0], analysis.study.insights.period
    line = _line(analysis, best["theme_id"])
    chart = share_line(line[["period", "share", "low", "high", "is_partial"]],
                       axis_title=m("words.share_of_comments"), language=m.language,
                       first=best["first_period"], last=_end(best["last_period"], period), period=period)
    name = isolated(marked_names(m, analysis)[best["theme_id"]])
    if is_small(best["comment_count_elsewhere"], minimum):  # one would tell the other, beside the count of the theme
        share = elsewhere = m("words.hidden")
    else:
        share, elsewhere = measured_share(m, best), measured_share(m, best, "_elsewhere")
    one = "_one" if best["first_period"] == best["last_period"] else ""
    description = m(f"change.line_figure{one}", theme=name, first=period_in_words(m, best["first_period"], period),
                    last=period_in_words(m, best["last_period"], period),
                    share=share, elsewhere=elsewhere,
                    confidence=confidence(m, analysis)) + withheld_note(line["state"], m)
    return Figure(chart, description, _line_table(line, analysis, m), title=name, language=m.language)


def _line(analysis: Analysis, theme: int) -> pd.DataFrame:
    """Return a theme's periods with ``share, low, high``, which are empty where a cell is small."""
    minimum = analysis.study.insights.minimum_cell
    line = analysis.periods.assign(state=hidden_cells(analysis, "periods")).rename(
        columns={"comment_share": "share", "comment_share_low": "low", "comment_share_high": "high"})
    line = line[line["theme_id"] == theme]
    line = line.assign(state=line["state"].mask(is_small(line["base"], minimum), SMALL))
    line[["share", "low", "high"]] = line[["share", "low", "high"]].mask(is_hidden(line["state"]))
    return line


def _line_table(line: pd.DataFrame, analysis: Analysis, m: Messages) -> pd.DataFrame:
    hidden, small = m("words.hidden"), is_small(line["base"], analysis.study.insights.minimum_cell)
    return pd.DataFrame({
        m("words.period"): [period_name(m, day, analysis.study.insights.period) for day in line["period"]],
        m("words.comments"): without_hidden(line["comment_count"].map(m.number), line["state"], m),
        m("words.base"): line["base"].map(m.number).mask(small, hidden),
        m("words.share"): without_hidden(line["share"].map(m.percent), line["state"], m),
        confidence_interval(m, analysis): [interval(m, row.low, row.high) for row in line.itertuples()],
    })


def _end(day: Any, period: str) -> pd.Timestamp:
    """Return where the period that starts on a day ends: the start of the next one."""
    step = pd.DateOffset(weeks=1) if period == "week" else pd.DateOffset(months=_MONTHS[period])
    return pd.Timestamp(day) + step


def _sure(analysis: Analysis) -> pd.DataFrame:
    table = analysis.stretches
    if not len(table):
        return table
    sure = without_few_customers(table[(table["p_adjusted"] < _ALPHA) & (table["theme_id"] >= 0)], analysis)
    gap = (sure["comment_share"] - sure["comment_share_elsewhere"]).rename("gap")
    return sure.loc[gap.sort_values(ascending=False, kind="stable").index]


def stretches(analysis: Analysis, m: Messages) -> Html:
    """Return every theme that stood out for some time, beyond what chance would do."""
    sure = _sure(analysis)
    if not len(sure):
        return _no_stretch(analysis, m)
    names, minimum = marked_names(m, analysis), analysis.study.insights.minimum_cell
    hidden = is_small(sure["comment_count"], minimum) | is_small(sure["comment_count_elsewhere"], minimum)
    hidden |= is_hidden(hidden_cells(analysis, "stretches").loc[sure.index])
    shares, elsewhere = (sure.apply(lambda row, end=end: measured_share(m, row, end), axis=1)
                         for end in ("", "_elsewhere"))
    shown = pd.DataFrame({
        "theme": [names[theme] for theme in sure["theme_id"]],
        "when": [_when(row.first_period, row.last_period, analysis.study.insights.period, m)
                 for row in sure.itertuples()],
        "share": shares.mask(hidden, m("words.hidden")),
        "elsewhere": elsewhere.mask(hidden, m("words.hidden")),
        "p": [m.number(p, 3) for p in sure["p_adjusted"]],
    })
    columns = {"theme": m("words.theme"), "when": m("words.period"), "share": m("change.share_then"),
               "elsewhere": m("change.share_elsewhere"), "p": m("change.p_adjusted")}
    return Html(table_html(shown, caption=m("change.table"), language=m.language, columns=columns))


def _when(first: Any, last: Any, period: str, m: Messages) -> str:
    name = period_name(m, first, period)
    return name if first == last else m("words.interval", low=name, high=period_name(m, last, period))


def _no_stretch(analysis: Analysis, m: Messages) -> Html:
    return why_no_stretch(analysis, m) or Html(f"<p>{escape(m('change.none'))}</p>")


def why_no_stretch(analysis: Analysis, m: Messages) -> Html | None:
    """Return why no stretch of time could be looked for; None where one could."""
    if not len(analysis.periods) or not has_themes(analysis):
        return _no_periods(analysis, m)
    return callout(m, "change.too_short") if analysis.periods["period"].nunique() < _LEAST else None


def _no_periods(analysis: Analysis, m: Messages) -> Html:
    """Return why there are no periods: nothing is counted, or no theme was found, or nothing has a date."""
    if not analysis.facts["insights"]["counted"]:
        return callout(m, "headline.nothing_counted")
    comments = analysis.comments
    counted = comments["feedback_id"].isin(analysis.profile.query("is_counted")["feedback_id"])
    dated = "created_at" in comments and bool(comments.loc[counted, "created_at"].notna().any())
    return no_themes(m, analysis) if dated else callout(m, "change.no_dates")

"""What changed, whether scores may be trusted that rose, and how many changes pure chance would show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html
from workbench.report.sections.evidence import (
    SURE,
    counts,
    place_name,
    point_span,
    points,
    probability,
    shown_table,
    subject_name,
    why_not,
)
from workbench.report.sections.withheld import without_few_customers
from workbench.report.sections.wording import (
    has_themes,
    interval,
    is_small,
    isolated,
    marked_names,
    no_themes,
    paragraph,
    period_name,
    share_with_interval,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_DIGITS = {"nps": (1, 0), "satisfaction": (100, 1), "effort": (1, 2)}  # factor and digits of what is shown


def turns(analysis: Analysis, m: Messages, top: int) -> Html:
    """Return the touchpoints whose scores turned on some day, beyond chance."""
    table = analysis.turns
    sure = table[table["p_adjusted"] < SURE] if len(table) else table
    if not len(sure):
        return why_not(analysis, m, "turns")
    sure, minimum = sure.head(top).reset_index(drop=True), analysis.study.insights.minimum_cell
    before, after = (is_small(sure[name], minimum) for name in ("n_before", "n_after"))
    rows = list(sure.itertuples())
    shown = {
        m("trends.touchpoint"): [subject_name(analysis, m, row.cut, row.subject) for row in rows],
        m("trends.where"): [place_name(analysis, m, row.dimension, row.value) for row in rows],
        m("trends.turned_on"): [m.date(pd.Timestamp(row.turned_on)) for row in rows],
        m("trends.before"): _told([m.percent(row.standing_before) for row in rows], before, m),
        m("trends.after"): _told([m.percent(row.standing_after) for row in rows], after, m),
        m("leaving.difference"): _told([
            f"{isolated(points(m, row.change))} ({point_span(m, row.change_low, row.change_high)})" for row in rows],
            before | after, m),
        m("words.comments"): counts(m, sure["n"], minimum),
        m("change.p_adjusted"): [probability(m, row.p_adjusted) for row in rows],
    }
    return Html(shown_table(shown, m, m("trends.turns")) + paragraph(m("trends.standing"), "muted small"))


def _told(texts: list[str], hidden: pd.Series, m: Messages) -> pd.Series:
    return pd.Series(texts, dtype=object).mask(hidden, m("words.hidden"))


def changes(analysis: Analysis, m: Messages, top: int) -> Html:
    """Return the themes whose share was different from some time on, beyond chance."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    table = analysis.changes
    sure = table[(table["p_adjusted"] < SURE) & (table["theme_id"] >= 0)] if "p_adjusted" in table else table.iloc[:0]
    sure = without_few_customers(sure, analysis)
    if not len(sure):
        return why_not(analysis, m, "trends")
    names, minimum, period = marked_names(m, analysis), analysis.study.insights.minimum_cell, \
        analysis.study.insights.period
    rows = list(sure.sort_values(["p_value", "theme_id"]).head(top).itertuples())
    shown = {
        m("words.theme"): [names[row.theme_id] for row in rows],
        m("trends.change"): [m(f"trends.{row.kind}") for row in rows],
        m("trends.from"): [period_name(m, pd.Timestamp(row.changed_in), period) for row in rows],
        m("trends.share_before"): [_share(m, row, "before", minimum) for row in rows],
        m("trends.share_after"): [_share(m, row, "after", minimum) for row in rows],
        m("change.p_adjusted"): [probability(m, row.p_adjusted) for row in rows],
    }
    return Html(shown_table(shown, m, m("trends.changes")))


def _share(m: Messages, row: Any, side: str, minimum: int) -> str:
    if is_small(row.comment_count_before, minimum) or is_small(row.comment_count_after, minimum):
        return m("words.hidden")
    share, low, high = (getattr(row, f"share_{side}{end}") for end in ("", "_low", "_high"))
    return share_with_interval(m, share, low, high)


def seasons(analysis: Analysis, m: Messages, top: int) -> Html:
    """Return the themes that come back on certain weekdays or in certain months; and why a cycle cannot be told."""
    table = without_few_customers(analysis.seasons, analysis)
    sure = table[table["p_adjusted"] < SURE] if len(table) else table
    missing = analysis.evidence_reasons.query("insight == 'seasons'")
    told = "".join(paragraph(m(f"trends.{row.part}_{row.reason}"), "muted") for row in missing.itertuples())
    if not len(sure):
        return Html(told + (paragraph(m("trends.no_season")) if len(table) else ""))
    names = marked_names(m, analysis)
    rows = list(sure.sort_values(["p_value", "theme_id"]).head(top).itertuples())
    shown = {m("words.theme"): [names[row.theme_id] for row in rows],
             m("trends.peak"): [_peak(m, row) for row in rows],
             m("trends.share_then"): [_share_then(m, row, analysis.study.insights.minimum_cell) for row in rows],
             m("trends.share_always"): [m.percent(row.share) for row in rows],
             m("change.p_adjusted"): [probability(m, row.p_adjusted) for row in rows]}
    return Html(shown_table(shown, m, m("trends.seasons")) + told)


def _share_then(m: Messages, row: Any, minimum: int) -> str:
    if is_small(row.peak_count, minimum) or is_small(row.peak_base, minimum):
        return m("words.hidden")
    return share_with_interval(m, row.peak_share, row.peak_share_low, row.peak_share_high)


def _peak(m: Messages, row: Any) -> str:
    from babel.dates import get_day_names, get_month_names

    names = get_day_names("wide", "stand-alone", m.language) if row.cycle == "weekday" else \
        get_month_names("wide", "stand-alone", m.language)
    return str(names[int(row.peak)])


def mix(analysis: Analysis, m: Messages) -> Html:
    """Return each score's change from one half of the time to the other, parted into mix and within."""
    table = analysis.mix
    if not len(table):
        scored = [name for name in analysis.scores["measure"] if name in _DIGITS]
        return why_not(analysis, m, "mix", *scored[:1])
    rows = list(table.itertuples())
    shown = {
        m("trends.score"): [m(f"score.{row.measure}") for row in rows],
        m("words.cut"): [m(f"dimension.{row.dimension}") for row in rows],
        m("trends.change"): [_amount(m, row, "change") for row in rows],
        m("trends.mix"): [_amount(m, row, "mix") for row in rows],
        m("trends.within"): [_amount(m, row, "within") for row in rows],
        m("trends.reading"): [m(f"trends.{row.verdict}") for row in rows],
    }
    return Html(shown_table(shown, m, m("trends.mix_table")))


def _amount(m: Messages, row: Any, name: str) -> str:
    factor, digits = _DIGITS[row.measure]
    value, low, high = (factor * getattr(row, part) for part in (name, f"{name}_low", f"{name}_high"))
    ends = m("words.interval", low=isolated(m.number(low, digits)), high=isolated(m.number(high, digits)))
    return f"{isolated(m.number(value, digits))} ({ends})"


def guards(analysis: Analysis, m: Messages) -> Html:
    """Return what speaks against scores that got better, and pauses in collection."""
    table, gaps = analysis.score_guards, analysis.gaps
    parts = []
    if len(table):
        rows = list(table.itertuples())
        parts.append(shown_table({
            m("trends.score"): [m(f"score.{row.subject}") for row in rows],
            m("guards.check"): [m(f"guards.{row.guard}") for row in rows],
            m("guards.result"): [m(f"guards.{row.verdict}") for row in rows],
            m("guards.because"): [m(f"reason.{row.reason}") for row in rows]}, m, m("guards.table")))
    if len(gaps):
        rows = list(gaps.itertuples())
        parts.append(shown_table({
            m("trends.where"): [place_name(analysis, m, row.dimension, row.value) for row in rows],
            m("guards.first_day"): [m.date(pd.Timestamp(row.first_day)) for row in rows],
            m("guards.days"): [m.number(row.days) for row in rows],
            m("guards.expected"): [m.number(row.expected_count) for row in rows]}, m, m("guards.gaps")))
    else:
        parts.append(paragraph(m("reason.no_gaps")))
    return Html("".join(parts))


def null_worlds(analysis: Analysis, m: Messages) -> Html:
    """Return how many findings the same searches make of these very comments when they are shuffled."""
    table = analysis.null_worlds
    if not len(table):
        return Html(paragraph(m("guards.no_worlds"), "callout"))
    rows = list(table.itertuples())
    shown = {m("guards.search"): [m(f"guards.search_{row.search}") for row in rows],
             m("guards.worlds"): [m.number(row.worlds) for row in rows],
             m("guards.with_findings"): [f"{isolated(m.percent(row.world_share))} "
                                         f"({interval(m, row.world_share_low, row.world_share_high)})" for row in rows],
             m("guards.findings"): [m.number(row.findings) for row in rows]}
    return Html(shown_table(shown, m, m("guards.null_table")))

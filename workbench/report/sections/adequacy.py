"""Whether the voice is enough to decide on, and what to collect next."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, interval_bars
from workbench.insights.disclosure import SMALL, WITHHELD
from workbench.report.sections.evidence import place_name, shown_table
from workbench.report.sections.withheld import hidden_cells, is_hidden, without_hidden
from workbench.report.sections.wording import callout, interval, is_small, isolated, paragraph

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_SHARES = ("proxies", "question", "saturation")


def verdicts(analysis: Analysis, m: Messages) -> Html:
    """Return, for each decision, whether the voice is enough, and the reason of each check."""
    checks = analysis.adequacy_checks
    parts = []
    for row in analysis.adequacy.itertuples():
        own = list(checks[checks["decision"] == row.decision].itertuples())
        name = row.decision or m("adequacy.whole")
        verdict = _verdict(row, analysis, m)
        css = "callout" if row.verdict == "adequate" else "callout warning"
        table = shown_table({
            m("adequacy.check"): [m(f"adequacy.check_{check.check}") for check in own],
            m("guards.result"): [m(f"adequacy.{check.verdict}") for check in own],
            m("guards.because"): [m(f"reason.{check.reason}") for check in own],
            m("adequacy.value"): [_value(m, check) for check in own]}, m, m("adequacy.checks"))
        parts.append(f'<section><h3 dir="auto">{escape(name)}</h3>{paragraph(verdict, css)}{table}</section>')
    return Html("".join(parts))


def _verdict(row: Any, analysis: Analysis, m: Messages) -> str:
    """Return the verdict in words, with the count on which it hangs: that of the least heard cell that is asked for."""
    verdict, table = m(f"adequacy.{row.verdict}"), analysis.adequacy_cells
    own = table[(table["decision"] == row.decision) & ~table["dimension"].isin(["", "all"])]
    whole = m("adequacy.verdict", verdict=verdict, comments=m("words.n_comments", count=int(row.n)))
    if not len(own):
        return whole
    least = own.loc[own["worth"].idxmin()]
    state = hidden_cells(analysis, "adequacy_cells")[least.name]
    if state == WITHHELD:
        return whole
    count = m("words.hidden") if state == SMALL else m("words.n_comments", count=int(least["n"]))
    cell = place_name(analysis, m, least["dimension"], least["value"])
    return m("adequacy.verdict_cells", verdict=verdict, cell=isolated(cell), comments=count)


def _value(m: Messages, check: Any) -> str:
    if pd.isna(check.value):
        return "–"
    if check.check in _SHARES:  # a share of proxies beside "nearly all are customers" would contradict it
        return m.percent(1 - check.value if check.reason == "customers_speak" else check.value)
    if check.check == "coverage":
        return m("adequacy.largest_channel", share=m.percent(check.value))
    return m("adequacy.missing_of", missing=int(check.value), all=int(check.limit)) if check.check == "cells" else \
        m("adequacy.days", days=int(check.value))


def cells(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return how many comments there are in each cell asked for and what they are worth, beside how many it takes."""
    table = analysis.adequacy_cells
    if not len(table):
        return callout(m, "headline.nothing_counted")
    table = table.assign(name=[_cell_name(analysis, m, row) for row in table.itertuples()])
    states = hidden_cells(analysis, "adequacy_cells")
    small = is_hidden(states)
    bars = table.loc[~small, ["name", "worth", "needed"]].astype({"needed": float})
    display = pd.DataFrame({
        m("words.name"): table["name"], m("words.comments"): without_hidden(table["n"].map(m.number), states, m),
        m("adequacy.worth"): table["worth"].map(lambda worth: m.number(int(worth))).mask(small, "–"),
        m("adequacy.needed"): table["needed"].map(m.number),
        m("adequacy.precision"): table["precision"].map(lambda half: "± " + m.percent(half)).mask(small, "–"),
        m("adequacy.share"): pd.Series([interval(m, row.comment_share_low, row.comment_share_high)
                                        for row in table.itertuples()], index=table.index).mask(
                                            small | table["dimension"].isin(["", "all"]), "–"),
        m("guards.result"): [m(f"adequacy.{verdict}") for verdict in table["verdict"]],
    })
    if not len(bars):
        return Html(shown_table(dict(display), m, m("adequacy.cells")))
    drawn = bars.assign(value=bars["worth"], low=bars["worth"], high=bars["worth"])
    chart = interval_bars(drawn[["name", "value", "low", "high", "needed"]], axis_title=m("words.comments"),
                          language=m.language, percent=False, reference="needed")
    return Figure(chart, m("adequacy.figure", enough=int((table["verdict"] == "adequate").sum()), all=len(table)),
                  display, title=m("adequacy.cells"), language=m.language)


def _cell_name(analysis: Analysis, m: Messages, row: Any) -> str:
    place = place_name(analysis, m, row.dimension, row.value)
    decision = str(row.decision)
    return f"{place} · {decision}" if decision and analysis.adequacy["decision"].nunique() > 1 else place


def collect_next(analysis: Analysis, m: Messages) -> Html:
    """Return whom to ask next, what, and how many; a hidden cell is asked for in full, so that its size stays hidden.
    """
    table = analysis.adequacy_collect
    if not len(table):
        return Html(paragraph(m("adequacy.nothing_to_collect")))
    minimum = analysis.study.insights.minimum_cell
    asked = analysis.adequacy_cells[["decision", "dimension", "value", "needed"]]
    table = table.merge(asked, on=["decision", "dimension", "value"], how="left")
    hidden = is_small(table["n"], minimum) | is_hidden(hidden_cells(analysis, "adequacy_collect")).to_numpy()
    missing = table["missing"].where(~hidden, table["needed"])
    shown = {m("adequacy.decision"): [name or m("adequacy.whole") for name in table["decision"]],
             m("adequacy.whom"): [place_name(analysis, m, row.dimension, row.value) for row in table.itertuples()],
             m("adequacy.ask"): [ask or m("adequacy.any_question") for ask in table["ask"]],
             m("adequacy.more"): missing.map(m.number).to_list()}
    return Html(shown_table(shown, m, m("adequacy.collect")))


def concentration(analysis: Analysis, m: Messages) -> Html:
    """Return whether few people make most of the noise, in all comments and in any theme."""
    table = analysis.concentration
    if not len(table):
        return Html(paragraph(m("reason.no_customers"), "callout"))
    everybody = table.iloc[0]
    told = m("guards.loudest", share=isolated(m.percent(everybody["top_share"], 1)),
             span=interval(m, everybody["top_share_low"], everybody["top_share_high"], digits=1),
             customers=m("words.n_customers", count=int(everybody["customer_count"])),
             gini=m.number(everybody["gini"], 2))
    loud = int((table["few_people"] & table["theme_id"].notna()).sum())
    return Html(paragraph(told) + paragraph(m("guards.loud_themes", count=loud) if loud else m("guards.no_loud")))

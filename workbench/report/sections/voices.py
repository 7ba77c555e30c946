"""Who spoke, and who was hardly heard."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from workbench.charts import Figure, Html, interval_bars, table_html
from workbench.errors import InputError, did_you_mean
from workbench.insights.coverage import DIMENSIONS
from workbench.report.sections.withheld import hidden_cells, is_hidden, withheld_note, without_hidden
from workbench.report.sections.wording import (
    callout,
    confidence,
    confidence_interval,
    interval,
    isolated,
    share_with_interval,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_BARS = 20
_LESS = ("less than expected", "not heard")


def who_spoke(analysis: Analysis, m: Messages, dimension: str) -> Figure | Html:
    """Return the share of comments in each value of a dimension, beside the expected share where one is stated.

    Where the comments do not say it, one sentence says so.

    Raises
    ------
    InputError
        If there is no such dimension.
    """
    if dimension not in (known := (*DIMENSIONS, "stage")):
        raise InputError(f"there is no dimension {dimension!r}{did_you_mean(dimension, known)}; who spoke is told by "
                         f"{', '.join(known)}.")
    if not analysis.facts["insights"]["counted"]:
        return callout(m, "headline.nothing_counted")
    table = _shown(analysis, m, dimension)
    if not len(table):
        return Html(f'<p class="muted">{escape(m("voices.not_stated", dimension=m(f"dimension.{dimension}")))}</p>')
    told = table[table["comment_share"].notna() | table["is_hidden"]]
    top = told.iloc[int(told["comment_count"].argmax())]
    if top["is_hidden"]:
        return _all_hidden(table, analysis, m, dimension)
    bars = table.drop(columns="value").head(_BARS).rename(columns={
        "comment_share": "value", "comment_share_low": "low", "comment_share_high": "high"})
    named = bars[["name", "value", "low", "high", "expected_share"]].dropna(subset=["value"])
    chart = interval_bars(named, axis_title=m("words.share_of_comments"), language=m.language,
                          reference="expected_share")
    description = m("voices.figure", name=isolated(top["name"]), share=share_with_interval(
        m, top["comment_share"], top["comment_share_low"], top["comment_share_high"]),
                    confidence=confidence(m, analysis)) + withheld_note(table["state"], m)
    if table["expected_share"].notna().any():
        description += " " + m("voices.mark")
        description += "" if dimension == "stage" else " " + m("voices.of_stated")
    return Figure(chart, description, _display(table, analysis, m), title=m(f"voices.by_{dimension}"),
                  language=m.language)


def _all_hidden(table: pd.DataFrame, analysis: Analysis, m: Messages, dimension: str) -> Html:
    """Return the table alone where no cell is large enough for a chart."""
    minimum = analysis.study.insights.minimum_cell
    few = table["comment_count"].max() < minimum
    told = (callout(m, "voices.all_hidden", minimum=minimum) if few else callout(m, "disclosure.note")).html
    return Html(told + table_html(_display(table, analysis, m), caption=m(f"voices.by_{dimension}"),
                                  language=m.language))


def _shown(analysis: Analysis, m: Messages, dimension: str) -> pd.DataFrame:
    table = analysis.coverage.assign(state=hidden_cells(analysis, "coverage"))
    table = table[table["dimension"] == dimension]
    shares = ["comment_share", "comment_share_low", "comment_share_high"]
    table = table.assign(is_hidden=is_hidden(table["state"]))
    table[shares] = table[shares].mask(table["is_hidden"])
    return table.assign(name=[value_name(m, dimension, value, analysis) for value in table["value"]])


def _display(table: pd.DataFrame, analysis: Analysis, m: Messages) -> pd.DataFrame:
    """Return the numbers as they are read: hidden cells say so."""
    hidden = table["is_hidden"]
    count = without_hidden(table["comment_count"].map(m.number), table["state"], m)
    share = table["comment_share"].map(m.percent).mask(hidden, "–")
    span = pd.Series([interval(m, low, high) for low, high in
                      zip(table["comment_share_low"], table["comment_share_high"], strict=True)], index=table.index)
    shown = pd.DataFrame({m("words.name"): table["name"], m("words.comments"): count, m("words.share"): share,
                          confidence_interval(m, analysis): span})
    if table["expected_share"].notna().any():
        shown[m("words.expected")] = table["expected_share"].map(m.percent)
    return shown


def who_was_not_heard(analysis: Analysis, m: Messages) -> Html:
    """Return the cells of every dimension that were heard less than expected, or not at all."""
    table = analysis.coverage.assign(state=hidden_cells(analysis, "coverage"))
    table = table[table["heard"].isin(_LESS)]
    expects = bool(analysis.coverage["expected_share"].notna().any())
    if not len(table):
        return Html(f"<p>{escape(m('voices.all_heard' if expects else 'voices.no_expectation'))}</p>")
    hidden = is_hidden(table["state"])
    shown = pd.DataFrame({
        "dimension": [m(f"dimension.{name}") for name in table["dimension"]],
        "name": [value_name(m, row.dimension, row.value, analysis) for row in table.itertuples()],
        "count": without_hidden(table["comment_count"].map(m.number), table["state"], m),
        "share": table["comment_share"].map(lambda share: m.percent(share, 1)).mask(hidden, "–"),
        "span": ["" if small else interval(m, row.comment_share_low, row.comment_share_high, digits=1)
                 for small, row in zip(hidden, table.itertuples(), strict=True)],
        "expected": table["expected_share"].map(lambda share: m.percent(share, 1)),
    })
    columns = {"dimension": m("words.cut"), "name": m("words.name"), "count": m("words.comments"),
               "share": m("words.share"), "span": confidence_interval(m, analysis), "expected": m("words.expected")}
    told = "" if expects else f"<p>{escape(m('voices.no_expectation'))}</p>"
    return Html(told + table_html(shown, caption=m("voices.unheard_table"), language=m.language, columns=columns))

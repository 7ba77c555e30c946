"""Blind spots: where hardly anybody was heard, and where nothing was expected."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html, table_html
from workbench.report.sections.withheld import hidden_cells, is_hidden, without_hidden
from workbench.report.sections.wording import interval, isolated, paragraph, rows_of, value_name

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_BLIND = ("not heard", "less than expected", "silent")
_KEYS = {"not heard": "not_heard", "less than expected": "less", "silent": "silent"}
PAIR = "stage in market"


def blind_spots(analysis: Analysis, m: Messages) -> Html:
    """Return where fewer spoke than the study expects, and of what the study expects nothing.

    A stage that nobody spoke of has one row, not another one for every market.
    """
    table = analysis.blind_spots
    if not len(table):
        return Html(paragraph(m("voices.no_expectation")))
    nowhere = (table["dimension"] == PAIR) & (table["verdict"] == "silent")
    found = table[table["verdict"].isin(_BLIND) & ~nowhere]
    shown = _table(found, analysis, m) if len(found) else paragraph(m("blind.none"))
    return Html(shown + _notes(table, m))


def _notes(table: pd.DataFrame, m: Messages) -> str:
    notes = [m("blind.how")]
    few = int((table["verdict"] == "too few to tell").sum())
    if few:
        notes.append(m("blind.too_few", count=few))
    expected = table.groupby("dimension", sort=False)["basis"].agg(lambda basis: bool((basis != "none").any()))
    silent = [m(f"dimension.{name}") for name in expected.index[~expected] if name != PAIR]
    if silent:
        notes.append(m("blind.no_expectation", dimensions=m("words.list_joint").join(silent)))
    return "".join(f'<p class="small muted" dir="{m.direction}">{escape(note)}</p>' for note in notes)


def _table(found: pd.DataFrame, analysis: Analysis, m: Messages) -> str:
    states = hidden_cells(analysis, "blind_spots").loc[found.index]
    hidden = is_hidden(states)
    shown = pd.DataFrame({
        "name": [_name(row, analysis, m) for row in rows_of(found)],
        "verdict": [m(f"blind.verdict_{_KEYS[verdict]}") for verdict in found["verdict"]],
        "heard": without_hidden(found["comment_count"].map(m.number), states, m),
        "expected": [m.number(count) for count in found["expected_count"]],
        "span": [interval(m, row.comment_share_low, row.comment_share_high, digits=1)
                 for row in rows_of(found)],
        "share": [m.percent(share, 1) for share in found["expected_share"]],
        "basis": [m(f"blind.basis_{basis}") for basis in found["basis"]],
    })
    shown["span"] = shown["span"].mask(hidden, "–")
    columns = {"name": m("words.name"), "verdict": m("blind.verdict"), "heard": m("words.comments"),
               "expected": m("blind.expected_count"), "span": m("blind.share_heard"), "share": m("words.expected"),
               "basis": m("blind.basis")}
    return table_html(shown, caption=m("blind.table"), language=m.language, columns=columns)


def _name(row: Any, analysis: Analysis, m: Messages) -> str:
    if row.dimension == PAIR:
        return m("blind.pair", stage=isolated(value_name(m, "stage", row.value, analysis)),
                 market=isolated(value_name(m, "market", row.within, analysis)))
    name = isolated(value_name(m, row.dimension, row.value, analysis))
    return m("blind.name", name=name, dimension=m(f"dimension.{row.dimension}"))

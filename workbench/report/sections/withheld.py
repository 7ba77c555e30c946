"""What a report does not show: small cells, and further ones by which a small one could be computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.insights import hidden_in, of_few_customers
from workbench.insights.disclosure import SHOWN, SMALL, WITHHELD

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages


def hidden_cells(analysis: Analysis, name: str) -> pd.Series:
    """Return "shown", "small" or "withheld" for each row of a table of the analysis: see `hidden_in`."""
    return hidden_in(name, analysis.tables, analysis.study.insights.minimum_cell, analysis.folder / "hidden")


def without_few_customers(table: Any, analysis: Analysis) -> Any:
    """Return the rows of a table with a ``theme_id``, but those of themes that too few customers speak of."""
    few = of_few_customers(analysis.tables, analysis.study.insights.minimum_cell)
    return table[~table["theme_id"].isin(few)]


def without_hidden(texts: pd.Series, states: pd.Series, m: Messages) -> pd.Series:
    """Return the texts of cells, in place of hidden ones why they are hidden."""
    return texts.mask(states == SMALL, m("words.hidden")).mask(states == WITHHELD, m("disclosure.withheld"))


def is_hidden(states: pd.Series) -> pd.Series:
    """Return where a cell is not shown, for whichever reason."""
    return states != SHOWN


def withheld_note(states: pd.Series, m: Messages) -> str:
    """Return a sentence, after a space, that says why cells that are not small are hidden; nothing without any."""
    return f" {m('disclosure.note')}" if (states == WITHHELD).any() else ""

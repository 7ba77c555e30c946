"""What a report does not show: small cells, and further ones by which a small one could be computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.insights import hidden_in
from workbench.insights.disclosure import SHOWN, SMALL, WITHHELD

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages


def hidden_cells(analysis: Analysis, name: str) -> pd.Series:
    """Return "shown", "small" or "withheld" for each row of a table of the analysis: see `hidden_in`."""
    return hidden_in(name, analysis.tables, analysis.study.insights.minimum_cell, analysis.folder / "hidden")


def without_hidden(texts: pd.Series, states: pd.Series, m: Messages) -> pd.Series:
    """Return the texts of cells, in place of hidden ones why they are hidden."""
    return texts.mask(states == SMALL, m("words.hidden")).mask(states == WITHHELD, m("disclosure.withheld"))


def is_hidden(states: pd.Series) -> pd.Series:
    """Return where a cell is not shown, for whichever reason."""
    return states != SHOWN


def withheld_note(states: pd.Series, m: Messages) -> str:
    """Return a sentence, after a space, that says why cells that are not small are hidden; nothing without any."""
    return f" {m('disclosure.note')}" if (states == WITHHELD).any() else ""

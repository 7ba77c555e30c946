"""Feedback: files in, one table of comments and one of rejected rows out; nothing disappears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.feedback.dates import read_dates
    from workbench.feedback.duplicates import mark_duplicates
    from workbench.feedback.load import Feedback, load_feedback, load_opened, load_sources
    from workbench.feedback.redaction import find_personal_data, redact, redact_parts
    from workbench.feedback.sources import open_sources
    from workbench.feedback.spreadsheets import write_csv, write_xlsx

__all__ = [
    "Feedback", "find_personal_data", "load_feedback", "load_opened", "load_sources", "mark_duplicates", "open_sources",
    "read_dates", "redact", "redact_parts", "write_csv", "write_xlsx",
]

__getattr__, __dir__ = on_first_use(__name__, __file__)

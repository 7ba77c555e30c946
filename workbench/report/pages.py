"""A notebook with outputs to one HTML page for readers: prose and results, no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.charts.numerals import direction_of
from workbench.report.headings import Outline
from workbench.report.messages import Messages
from workbench.report.outputs import OutputWriter, receipt_of
from workbench.report.safety import markdown_html
from workbench.report.template import page_html

SOURCE_LANGUAGE = "en"  # what the markdown cells of notebooks are written in


def translate_prose(notebook: Any, messages: Messages, name: str) -> None:
    """Replace the text of each markdown cell by the language's own, where there is one.

    Parameters
    ----------
    notebook
        Changed in place.
    messages
        The language; its file holds ``[prose.<name>]`` with one text a cell id.
    name
        The notebook's file name without its ending.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            translated = messages.prose(name, cell.get("id", ""))
            cell.source = translated or cell.source
            cell.metadata["lang"] = messages.language if translated else SOURCE_LANGUAGE


def notebook_page(notebook: Any, messages: Messages) -> str:
    """Return an executed notebook as one HTML page, prose and results without code.

    Parameters
    ----------
    notebook
        nbformat 4; its prose is in the language of the page already, see `translate_prose`.
    messages
        The language of the page.
    """
    known = notebook.metadata.get("voc", {})
    outline, writer = Outline(), OutputWriter(messages)
    parts = [part for cell in notebook.cells for part in _cell_parts(cell, outline, writer) if part.html.strip()]
    return page_html(
        messages,
        title=outline.title or messages("page.untitled"),
        parts=[part.html for part in parts],
        receipts=[part.receipt for part in parts],
        headings=outline.headings,
        facts=_facts(messages, known, writer.figure_count + writer.map_count),
        with_figures=writer.figure_count > 0,
        with_maps=writer.map_count > 0,
    )


@dataclass(frozen=True)
class _Part:
    """A block of the page, and what it was made of, where that is known."""

    html: str
    receipt: Mapping[str, Any] | None = None


def _cell_parts(cell: Any, outline: Outline, writer: OutputWriter) -> list[_Part]:
    if cell.cell_type == "markdown":
        return [_Part(_prose(cell, outline, writer.messages))]
    if cell.cell_type != "code":
        return []
    return [_Part(_outlined(writer.html(output), outline), receipt_of(output)) for output in cell.outputs]


def _prose(cell: Any, outline: Outline, messages: Messages) -> str:
    html = outline.add(markdown_html(cell.source))
    written_in = cell.metadata.get("lang", messages.language)
    if written_in == messages.language or not html.strip():
        return html
    return f'<div lang="{SOURCE_LANGUAGE}" dir="{direction_of(SOURCE_LANGUAGE)}">{html}</div>'


def _outlined(html: str, outline: Outline) -> str:
    # A figure holds its data in a script element, which the outline's last cleaning would take away.
    return html if html.startswith("<figure") else outline.add(html)


def _facts(messages: Messages, known: Mapping[str, Any], figure_count: int) -> list[str]:
    made_on = known.get("generated_on")
    facts = [messages("page.generated", date=date.fromisoformat(made_on))] if made_on else []
    return facts + ([messages("page.figures", count=figure_count)] if figure_count else [])

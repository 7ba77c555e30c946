"""A table as safe HTML: every value escaped, headings marked for screen readers, scrolling inside its own box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import pandas as pd

from workbench.arguments import check_tables
from workbench.charts.numerals import format_number
from workbench.errors import InputError, did_you_mean

Format = Callable[[Any], str]
_WORDS = 3  # too few, hidden, no evidence
_MARKS = ("\u200e", "\u2068")


def table_html(
    table: pd.DataFrame,
    *,
    caption: str,
    language: str,
    columns: dict[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
) -> str:
    """Return the table as HTML that can go into a report as it is.

    The first column heads its row. Numbers, written out or not, stand in cells of the class ``number``. What the report
    itself begins with a mark of direction, such as an interval, runs as the page does; all other cells find their own
    direction, so that a Persian quote reads right in an English report.

    Parameters
    ----------
    table
        Any table; its index is not shown.
    caption
        What the table shows; also its name for screen readers.
    language
        ISO 639-1, for the numbers' digits.
    columns
        The columns to show, in order, with the heading of each. Default: all, under their own names.
    formats
        A column's name and the function that writes one of its values.

    Returns
    -------
    str
        A ``<div>`` that can be focused and scrolled, with one ``<table>``.

    Raises
    ------
    InputError
        When `columns` or `formats` names a column that the table does not have.

    Examples
    --------
    >>> quotes = pd.DataFrame({"theme": ["<b>", "تأخیر"], "comments": [1200, 7]})
    >>> html = table_html(quotes, caption="Themes", language="fa")
    >>> "&lt;b&gt;" in html, "۱٬۲۰۰" in html, "<b>" in html
    (True, True, False)
    """
    check_tables(table=table)
    columns = columns or {str(name): str(name) for name in table.columns}
    formats = formats or {}
    _check_columns(table, [*columns, *formats])
    cells = [_column_cells(table[name], formats.get(name), language) for name in columns]
    numeric = [pd.api.types.is_numeric_dtype(table[name]) or (place > 0 and _are_numbers(cells[place]))
               for place, name in enumerate(columns)]
    head = "".join(_heading(text, number) for text, number in zip(columns.values(), numeric, strict=True))
    body = "".join(_row(row, numeric) for row in zip(*cells, strict=True))
    name = escape(caption)
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{name}"><table>'
        f"<caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _check_columns(table: pd.DataFrame, names: list[str]) -> None:
    found = [str(name) for name in table.columns]
    for name in names:
        if name not in found:
            hint = did_you_mean(name, found)
            raise InputError(f"the table to show has no column {name!r}{hint}; it has {', '.join(found) or 'none'}.")


def _column_cells(values: pd.Series, write: Format | None, language: str) -> list[str]:
    missing = values.isna()
    write = write or _default_format(values, language)
    return ["–" if gone else str(write(value)) for value, gone in zip(values, missing, strict=True)]


def _are_numbers(cells: list[str]) -> bool:
    """Return whether a column's cells are numbers, but for a few words, such as that one is too small to be shown."""
    words = {cell for cell in cells if any(map(str.isalpha, cell))}
    return len(words) <= _WORDS and any(any(map(str.isdigit, cell)) for cell in cells if cell not in words)


def _default_format(values: pd.Series, language: str) -> Format:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return str
    digits = 0 if pd.api.types.is_integer_dtype(values) else 2
    return lambda value: format_number(value, digits, language)


def _heading(text: str, number: bool) -> str:
    return f'<th scope="col" dir="auto"{_number_class(number)}>{escape(text)}</th>'


def _row(cells: tuple[str, ...], numeric: list[bool]) -> str:
    first, *rest = zip(cells, numeric, strict=True)
    row = f'<th scope="row" dir="auto"{_number_class(first[1])}>{escape(first[0])}</th>'
    return f"<tr>{row}{''.join(_cell(cell, number) for cell, number in rest)}</tr>"


def _cell(cell: str, number: bool) -> str:
    if number:
        return f'<td class="number">{escape(cell)}</td>'
    # The mark would decide a direction of the cell's own: an interval below zero would run from its upper end.
    return f'<td>{escape(cell)}</td>' if cell.startswith(_MARKS) else f'<td dir="auto">{escape(cell)}</td>'


def _number_class(number: bool) -> str:
    return ' class="number"' if number else ""

"""What a notebook cell shows: a Figure (chart, description, table) or a piece of Html, and the charts' one look.

A figure carries everything that a page needs to show it without a network: the specification with its data,
a still picture for readers without scripts, a description in words and the numbers as a table.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench.arguments import check_number, check_tables, check_text
from workbench.charts.look import rtl_layout, time_axes, vega_config
from workbench.charts.numerals import direction_of
from workbench.charts.stills import still_picture
from workbench.errors import InputError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

__all__ = ["FIGURE_MIME", "MAP_MIME", "RECEIPT_MIME", "Figure", "Html", "configure", "label"]

FIGURE_MIME = "application/vnd.voc.figure+json"
RECEIPT_MIME = "application/vnd.voc.receipt+json"
MAP_MIME = "application/vnd.voc.map+json"

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_NOT_SHOWN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, eq=False)
class Figure:
    """A chart with its description in words and its numbers as a table; shows itself in a notebook.

    Parameters
    ----------
    chart
        An Altair chart whose data are in it (no addresses).
    description
        What a reader who cannot see the chart should know.
    table
        The numbers behind the chart, or None where they stand elsewhere on the page.
    title
        The heading above the chart.
    language
        ISO 639-1 of the title and description.
    receipt
        What the figure was made of, where a report's page notes it.
    stills
        A folder where the chart's still picture is kept; None draws it each time.

    Raises
    ------
    InputError
        When the description is empty, or the chart reads its data from an address.

    Examples
    --------
    >>> import altair as alt, pandas as pd
    >>> counts = pd.DataFrame({"theme": ["الانتظار", "قیمت", "staff"], "comments": [3, 2, 1]})
    >>> chart = alt.Chart(counts).mark_bar().encode(x="comments", y="theme")
    >>> figure = Figure(chart, "Waiting is named most often.", counts, title="Themes")
    >>> sorted(figure._repr_mimebundle_())
    ['application/vnd.voc.figure+json', 'text/html', 'text/plain']
    """

    chart: alt.TopLevelMixin
    description: str
    table: pd.DataFrame | None
    title: str = ""
    language: str = "en"
    receipt: Mapping[str, Any] | None = None
    stills: Path | None = None

    def __post_init__(self) -> None:
        check_chart(self.chart)
        check_text("description", self.description)
        if self.table is not None:
            check_tables(table=self.table)
        if not self.description.strip():
            name = f" {self.title!r}" if self.title else ""
            raise InputError(f"the figure{name} has no description; say in a sentence what the chart shows.")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        spec = specification(self.chart, check=self.receipt is None)  # those of a page are checked by tests
        still = still_picture(spec, self.stills)
        table = self._table_html()
        figure = {
            "spec": spec,
            "description": self.description,
            "title": self.title,
            "language": self.language,
            "still": still,
            "table_html": table,
        }
        shown = {FIGURE_MIME: figure, "text/html": self._fallback(still, table), "text/plain": self.description}
        return shown | with_receipt(self.receipt)

    def _table_html(self) -> str:
        if self.table is None:
            return ""
        from workbench.charts.tables import table_html

        return table_html(self.table, caption=self.title or self.description, language=self.language)

    def _fallback(self, still: str, table: str) -> str:
        picture = f'<img src="{svg_address(still)}" alt="{html.escape(self.description)}">'
        title = f"<p><strong>{html.escape(self.title)}</strong></p>" if self.title else ""
        numbers = f"<details><summary>{html.escape(self.description)}</summary>{table}</details>" if table else ""
        return f'<div dir="{direction_of(self.language)}">{title}{picture}{numbers}</div>'


@dataclass(frozen=True)
class Html:
    """A piece of a page that is already safe: a trusted template whose values were escaped.

    Examples
    --------
    >>> Html("<p>&lt;b&gt; و سلام</p>")._repr_mimebundle_()["text/plain"]
    '<b> و سلام'
    """

    html: str
    receipt: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_text("html", self.html)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        plain = html.unescape(re.sub(r"<[^>]*>", " ", self.html))
        return {"text/html": self.html, "text/plain": " ".join(plain.split())} | with_receipt(self.receipt)


def check_chart(chart: Any) -> None:
    """Raise unless a value is a chart.

    Raises
    ------
    InputError
        With the kind that was found.

    Examples
    --------
    >>> check_chart("bars.png")
    Traceback (most recent call last):
    workbench.errors.InputError: chart: expected an Altair chart, found str.
    """
    if not callable(getattr(chart, "to_dict", None)) or not hasattr(chart, "config"):
        raise InputError(f"chart: expected an Altair chart, found {type(chart).__name__}.")


def with_receipt(receipt: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the part of an output that carries a receipt; nothing where there is none."""
    return {} if receipt is None else {RECEIPT_MIME: dict(receipt)}


def configure(chart: alt.TopLevelMixin, language: str) -> alt.TopLevelMixin:
    """Return the chart in the one look of all reports, laid out for the language's direction.

    In Arabic and Persian, quantities grow from right to left and the vertical axis stands on the right. Time
    keeps running from left to right: a trend that falls must not look as if it rose.

    Parameters
    ----------
    chart
        A finished Altair chart, single, layered or composed; call this last.
    language
        ISO 639-1 of the report.

    Examples
    --------
    >>> import altair as alt, pandas as pd
    >>> chart = alt.Chart(alt.Data(values=[{"n": 1}])).mark_bar().encode(x="n:Q")
    >>> [configure(chart, language).to_dict()["config"]["axisY"]["orient"] for language in ("en", "ar", "fa")]
    ['left', 'right', 'right']
    """
    check_chart(chart)
    check_text("language", language)
    spec = {} if direction_of(language) == "ltr" else _plain_dict(chart, check=False)
    kept_in_order = time_axes(spec, language)
    configured: Any = chart.copy(deep=False) if kept_in_order == spec else (  # type: ignore[attr-defined]
        type(chart).from_dict(kept_in_order, validate=False))  # type: ignore[attr-defined]
    configured.config = dict(sorted(vega_config(language).items()))  # as it is: it is checked with the whole chart
    return cast("alt.TopLevelMixin", configured)


def label(text: str, max_length: int = 28) -> str:
    """Return a category's name as a chart should show it: short, and in its own direction.

    The name is cut here and not by the chart, which would cut Arabic words within a letter group. The marks
    around it keep mixed directions in order, and keep a category that is called ``constructor`` from emptying
    the chart.

    Parameters
    ----------
    text
        Any name; a customer's words are fine.
    max_length
        Characters as a reader counts them, the ellipsis among them.

    Examples
    --------
    >>> [label(text, 14).strip("\\u2068\\u2069") for text in ("Late delivery again", "تعطل تطبيق iPhone 15", "قیمت")]
    ['Late delivery…', 'تعطل تطبيق…', 'قیمت']
    """
    import regex

    check_number("max_length", max_length, 1, whole=True)
    clean = " ".join(_NOT_SHOWN.sub("", str(text)).split())
    letters = regex.findall(r"\X", clean)
    if len(letters) > max_length:
        cut = "".join(letters[: max_length - 1])
        goes_on_within_word = not letters[max_length - 1].isspace()
        whole_words = cut.rsplit(" ", 1)[0] if goes_on_within_word else cut
        clean = (whole_words if len(whole_words) >= len(cut) / 2 else cut).rstrip(" ،,;:·-") + "…"
    return f"{_ISOLATE}{clean}{_END_ISOLATE}"


def svg_address(svg: str) -> str:
    """Return an SVG picture as a ``data:`` address for an ``<img>``, where its scripts can never run.

    Examples
    --------
    >>> svg_address("<svg/>")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _plain_dict(chart: alt.TopLevelMixin, check: bool) -> dict[str, Any]:
    import altair

    try:
        return chart.to_dict(validate=check)
    except altair.MaxRowsError as error:
        raise InputError("a chart draws at most 5,000 rows; count or sample the table before drawing it.") from error


def specification(chart: alt.TopLevelMixin, check: bool = True) -> dict[str, Any]:
    """Return a chart's specification with its data in it, as a page may hold it.

    Parameters
    ----------
    chart
        An Altair chart.
    check
        Whether to hold it against the schema of charts, which takes longer than making it.

    Raises
    ------
    InputError
        When the chart reads its data from an address or draws more than 5,000 rows.
    altair.utils.schemapi.SchemaValidationError
        When the chart is checked and is none.
    """
    spec = _plain_dict(chart, check)
    spec.pop("usermeta", None)  # embedOptions in there would override the page's own
    if _reads_an_address(spec):
        raise InputError("a figure's data must be in it, but the chart reads them from an address; pass the table.")
    return rtl_layout(spec)


def _reads_an_address(part: Any) -> bool:
    if isinstance(part, dict):
        data = part.get("data")
        if isinstance(data, dict) and "url" in data:
            return True
        return any(_reads_an_address(value) for key, value in part.items() if key not in ("datasets", "values"))
    return isinstance(part, list) and any(_reads_an_address(item) for item in part)

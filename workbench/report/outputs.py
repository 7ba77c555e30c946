"""One notebook output to safe HTML, by an allow-list of kinds; what is not on the list is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from workbench.charts.display import FIGURE_MIME, MAP_MIME, RECEIPT_MIME, svg_address
from workbench.report.messages import Messages
from workbench.report.safety import picture_address, sanitise, script_json

_PICTURES = ("image/svg+xml", "image/png")


@dataclass
class OutputWriter:
    """Writes the outputs of one page and counts its figures.

    Examples
    --------
    >>> from workbench.report.messages import load_messages
    >>> writer = OutputWriter(load_messages("en"))
    >>> output = {"output_type": "display_data", "data": {"text/html": "<p dir='auto'>خوب<script>x()</script></p>"}}
    >>> writer.html(output)
    '<p dir="auto">خوب</p>'
    """

    messages: Messages
    figure_count: int = 0
    map_count: int = 0

    def html(self, output: Mapping[str, Any]) -> str:
        """Return one output (nbformat 4) as HTML, or an empty string where there is nothing to show."""
        kind = output.get("output_type")
        if kind in ("display_data", "execute_result"):
            return self._data(output.get("data", {}))
        if kind == "stream" and output.get("name") == "stdout":
            return _plain(_joined(output.get("text", "")))
        if kind == "error":
            text = self.messages("page.cell_failed", error=str(output.get("ename", "")))
            return f'<p class="callout bad">{escape(text)}</p>'
        return ""

    def _data(self, data: Mapping[str, Any]) -> str:
        if isinstance(data.get(FIGURE_MIME), Mapping):
            return self._figure(data[FIGURE_MIME])
        if isinstance(data.get(MAP_MIME), Mapping):
            return self._map(data[MAP_MIME])
        if "text/html" in data:
            return sanitise(_joined(data["text/html"]))
        for mime in _PICTURES:
            address = picture_address(mime, _joined(data[mime])) if mime in data else None
            if address:
                return _picture(address, _joined(data.get("text/plain", "")))
        return _plain(_joined(data.get("text/plain", "")))

    def _figure(self, figure: Mapping[str, Any]) -> str:
        from workbench.report.template import environment, trusted

        self.figure_count += 1
        spec = {key: value for key, value in dict(figure.get("spec", {})).items() if key != "usermeta"}
        still = figure.get("still")
        return environment().get_template("figure.html.j2").render(
            m=self.messages,
            number=self.figure_count,
            title=str(figure.get("title", "")),
            description=str(figure.get("description", "")),
            language=str(figure.get("language", self.messages.language)),
            still=svg_address(still) if isinstance(still, str) and still else "",
            table=trusted(sanitise(str(figure.get("table_html", "")))),
            spec=trusted(script_json(spec)),
        )


    def _map(self, shown: Mapping[str, Any]) -> str:
        from workbench.report.template import environment, trusted

        self.map_count += 1
        data = dict(shown.get("data", {}))
        still = shown.get("still")
        return environment().get_template("map.html.j2").render(
            m=self.messages,
            number=f"map-{self.map_count}",
            title=str(shown.get("title", "")),
            description=str(shown.get("description", "")),
            language=str(shown.get("language", self.messages.language)),
            texts={name: str(text) for name, text in dict(data.get("texts", {})).items()},
            still=svg_address(still) if isinstance(still, str) and still else "",
            table=trusted(sanitise(str(shown.get("table_html", "")))),
            data=trusted(script_json(data)),
        )


def receipt_of(output: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the receipt that came with an output, if it has one."""
    receipt = output.get("data", {}).get(RECEIPT_MIME)
    return receipt if isinstance(receipt, Mapping) else None


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def _plain(text: str) -> str:
    return f'<pre dir="auto">{escape(text)}</pre>' if text.strip() else ""


def _picture(address: str, alt: str) -> str:
    return f'<p class="picture"><img src="{address}" alt="{escape(alt)}"></p>'

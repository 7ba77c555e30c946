"""A receipt as a reader can open it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from workbench.report.messages import Messages

SHOWN_DIGITS = 16  # of a hash, in hexadecimal


def receipt_html(receipt: Mapping[str, Any], m: Messages) -> str:
    """Return a receipt as a reader can open it, in the language of the page."""
    tables = " · ".join(
        m("receipt.table", name=_code(table["name"]), count=int(table["rows"]),
          sha256=_code(str(table["sha256"])[:SHOWN_DIGITS]))
        for table in receipt.get("tables", [])
    )
    only = ", ".join(f"{name}={value}" for name, value in receipt.get("only", {}).items())
    rows = [
        ("counted", m("receipt.counted_all_of" if receipt.get("count_duplicates") else "receipt.counted_of",
                      counted=receipt.get("counted") or 0, all=receipt.get("comments") or 0)),
        ("part", _code(only) if only else m("receipt.whole")),
        ("tables", tables or m("receipt.no_table")),
        ("interval", m("receipt.interval_of", confidence=m.confidence(receipt["confidence"]),
                       minimum=receipt["minimum_cell"])),
        ("made_by", _code(_call(receipt))),
        ("analysis", _code(str(receipt["analysis"])[:SHOWN_DIGITS])),
    ]
    listed = "".join(f"<dt>{escape(m(f'receipt.{name}'))}</dt><dd>{_marked(text)}</dd>" for name, text in rows)
    return (f'<details class="receipt"><summary>{escape(m("receipt.summary"))}</summary><dl>{listed}</dl>'
            f'<p>{_marked(m("receipt.verify", command=_code("voc verify")))}</p></details>')


_CODE, _END_CODE = "\ue000", "\ue001"  # private characters: they stand for tags until the text is escaped


def _code(text: str) -> str:
    return f"{_CODE}{text.replace(_CODE, '').replace(_END_CODE, '')}{_END_CODE}"


def _marked(text: str) -> str:
    return escape(text).replace(_CODE, '<code dir="ltr">').replace(_END_CODE, "</code>")


def _call(receipt: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in receipt.get("arguments", {}).items())
    return f"page.{receipt['part']}({given})"

"""The page's template, style and script, and how they become one file."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from workbench.charts.stills import FONTS
from workbench.report.headings import Heading
from workbench.report.messages import Messages
from workbench.report.receipt_html import receipt_html
from workbench.report.safety import sanitise, script_hash, script_json
from workbench.report.vega import BUNDLE

FOLDER = Path(__file__).parent


def page_html(
    messages: Messages,
    *,
    title: str,
    parts: Sequence[str],
    receipts: Sequence[Mapping[str, Any] | None] = (),
    headings: Sequence[Heading] = (),
    facts: Sequence[str] = (),
    with_figures: bool = False,
    with_maps: bool = False,
) -> str:
    """Return the whole page as one file that needs no network.

    Parameters
    ----------
    messages
        The language of the page.
    title
        Plain text, for the one h1 and the window.
    parts
        Safe HTML, in order; each part is a block of its own.
    receipts
        What each part was made of, in the same order; None where that is not known.
    headings
        The table of contents.
    facts
        Plain texts under the title.
    with_figures
        Whether the drawing library goes in; it goes in once.
    with_maps
        Whether the script that draws maps goes in.

    Examples
    --------
    >>> from workbench.report.messages import load_messages
    >>> html = page_html(load_messages("fa"), title="صدای <مشتری>", parts=["<p>سلام</p>"])
    >>> '<html lang="fa" dir="rtl"' in html, "<h1>صدای &lt;مشتری&gt;</h1>" in html
    (True, True)
    """
    scripts = [*([_text(BUNDLE)] if with_figures else []), _text(FOLDER / "boot.js"),
               *([_text(FOLDER / "map.js")] if with_maps else [])]
    rtl = messages.direction == "rtl"
    return environment().get_template("page.html.j2").render(
        m=messages,
        title=title,
        parts=[_part(part, receipt, messages) for part, receipt in zip_longest(parts, receipts)],
        receipts=trusted(script_json({_name(number): dict(receipt) for number, receipt in enumerate(receipts, 1)
                                      if receipt is not None})) if any(receipts) else "",
        headings=headings,
        facts=facts,
        font_family="Vazirmatn" if rtl else "",
        css=trusted((_font_face() if rtl else "") + _text(FOLDER / "report.css")),
        scripts=[trusted(script) for script in scripts],
        policy=_policy(scripts),
    )


def _part(html: str, receipt: Mapping[str, Any] | None, messages: Messages) -> Any:
    return trusted(html if receipt is None else html + sanitise(receipt_html(receipt, messages)))


def _name(number: int) -> str:
    return f"part-{number}"


def _policy(scripts: Sequence[str]) -> str:
    hashes = " ".join(script_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def environment() -> Any:
    """Return the template environment; every value is escaped unless it was marked as `trusted`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def trusted(html: str) -> Any:
    """Mark HTML, CSS or script as safe to stand in a template as it is."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - callers pass package files, or text that safety.py has made safe


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _font_face() -> str:
    font = base64.b64encode((FONTS / "Vazirmatn-variable.woff2").read_bytes()).decode("ascii")
    source = f'url("data:font/woff2;base64,{font}") format("woff2")'
    return f'@font-face{{font-family:Vazirmatn;font-weight:400 700;font-display:block;src:{source}}}\n'

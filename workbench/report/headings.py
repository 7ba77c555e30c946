"""The page's headings: one h1, an address for every h2, and the table of contents made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

from workbench.report.safety import sanitise


@dataclass(frozen=True)
class Heading:
    """One entry of the table of contents: the address on the page and the text."""

    anchor: str
    text: str


@dataclass
class Outline:
    """Collects the headings of the parts of a page, in order.

    The first h1 becomes the page's title and leaves the text; every later h1 becomes an h2.

    Examples
    --------
    >>> outline = Outline()
    >>> outline.add("<h1>Voice</h1><h2>الموضوعات</h2>")
    '<h2 id="الموضوعات">الموضوعات</h2>'
    >>> outline.title, [heading.text for heading in outline.headings]
    ('Voice', ['الموضوعات'])
    """

    title: str = ""
    headings: list[Heading] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def add(self, html: str) -> str:
        """Return the safe HTML with its headings numbered into the outline; what goes in must be safe already."""
        if "<h1" not in html and "<h2" not in html:
            return html
        for found in reversed(self._claimed(_HeadingFinder(html).found)):
            html = html[: found.start] + _written(found, html) + html[found.end :]
        # The tags were cut and joined here, so the result is cleaned once more before anybody trusts it.
        return sanitise(html)

    def _claimed(self, found: list[_Found]) -> list[_Found]:
        claimed = []
        for heading in found:
            if heading.level == 1 and not self.title:
                self.title = heading.text
                claimed.append(heading)
                continue
            anchor = self._anchor(heading.attributes.get("id") or heading.text)
            self.headings.append(Heading(anchor, heading.text))
            claimed.append(heading._replace(level=2, attributes={**heading.attributes, "id": anchor}))
        return claimed

    def _anchor(self, text: str) -> str:
        base = "-".join(re.findall(r"\w+", text.lower()))[:60] or "section"
        anchor, number = base, 2
        while anchor in self._used:
            anchor, number = f"{base}-{number}", number + 1
        self._used.add(anchor)
        return anchor


class _Found(NamedTuple):
    """Where a heading starts, where its content starts and ends, and where it ends; what it says."""

    start: int
    inner_start: int
    inner_end: int
    end: int
    level: int
    attributes: dict[str, str]
    text: str


def _written(found: _Found, html: str) -> str:
    if found.level == 1:
        return ""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in found.attributes.items())
    return f"<h2{attributes}>{html[found.inner_start : found.inner_end]}</h2>"


class _HeadingFinder(HTMLParser):
    """Finds where each h1 and h2 starts and ends in a text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Found] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._open: _Found | None = None
        self._text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "h2"):
            start = self._position()
            inner = start + len(self.get_starttag_text() or "")
            attributes = {name: value or "" for name, value in attrs}
            self._open = _Found(start, inner, inner, inner, int(tag[1]), attributes, "")
            self._text = []

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2") and self._open is not None:
            inner_end = self._position()
            text = " ".join("".join(self._text).split())
            self.found.append(self._open._replace(inner_end=inner_end, end=inner_end + len("</h1>"), text=text))
            self._open = None

    def _position(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

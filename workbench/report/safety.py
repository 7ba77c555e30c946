"""What keeps hostile feedback out of the page: the only ways by which text becomes HTML or script data.

Everything that reaches a page goes through one of these functions, whoever made it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from typing import Any

_GLOBAL_ATTRIBUTES = {"class", "dir", "lang", "id", "role", "title", "tabindex"}
_TAG_ATTRIBUTES = {
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    "meter": {"value", "min", "max"},
    "data": {"value"},
}
# fmt: off
_TAGS = frozenset((
    "a", "abbr", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col",
    "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "mark",
    "meter", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var",
))
# fmt: on
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+")
# To the web, within the page, or to a page beside it.
_LINK = re.compile(r"(?:https?://|mailto:|#|[\w-][\w.-]*\.html(?:#[\w-]*)?$)", re.IGNORECASE)
_SCRIPT_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def sanitise(html: str) -> str:
    """Return the HTML with nothing in it that can run, load or take over the page.

    An allow-list of tags and attributes: text, tables, figures and ``data:`` pictures stay; scripts, styles,
    forms, frames, event handlers and addresses of other schemes go.

    Examples
    --------
    >>> sanitise("<p class='quote' dir='auto' onclick='x()'>سلام<script>x()</script></p>")
    '<p class="quote" dir="auto">سلام</p>'
    >>> sanitise("<img src='https://example.org/a.png' alt='a'><a href='javascript:x()'>ب</a>")
    '<img alt="a"><a rel="noopener noreferrer">ب</a>'
    """
    import nh3

    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"*": _GLOBAL_ATTRIBUTES, **_TAG_ATTRIBUTES},
        generic_attribute_prefixes={"aria-"},
        attribute_filter=_keep_attribute,
        url_schemes={"data", "http", "https", "mailto"},
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if _PICTURE.fullmatch(value) else None
    if name == "href":
        return value if _LINK.match(value) else None
    return value


def markdown_html(text: str) -> str:
    """Return markdown as safe HTML; HTML within the markdown is shown as text.

    Examples
    --------
    >>> markdown_html("Themes in *three* languages: <b>ثلاث</b>, سه")
    '<p>Themes in <em>three</em> languages: &lt;b&gt;ثلاث&lt;/b&gt;, سه</p>\\n'
    """
    return sanitise(_markdown().render(text))


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def script_json(value: Any) -> str:
    """Return JSON that can stand inside a ``<script type="application/json">`` and never end it.

    Examples
    --------
    >>> script_json({"text": "</script> سلام"})
    '{"text":"\\\\u003c/script\\\\u003e سلام"}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_SCRIPT_ESCAPES)


def script_hash(script: str) -> str:
    """Return the source expression that allows exactly this inline script in a content security policy.

    Examples
    --------
    >>> script_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def picture_address(mime: str, payload: str) -> str | None:
    """Return a picture output as a ``data:`` address, or None where the payload is no picture data.

    Examples
    --------
    >>> picture_address("image/png", "iVBORw0KGgo=\\n")
    'data:image/png;base64,iVBORw0KGgo='
    >>> picture_address("image/png", "x' onerror='alert(1)") is None
    True
    """
    if mime == "image/svg+xml":
        payload = base64.b64encode(payload.encode()).decode("ascii")
    address = f"data:{mime};base64,{''.join(payload.split())}"
    return address if _PICTURE.fullmatch(address) else None

"""Hostile feedback by every way into the page; the finished HTML is parsed, not searched for words."""

from html.parser import HTMLParser

import pytest
from nbformat import v4

from workbench.charts.display import FIGURE_MIME, RECEIPT_MIME
from workbench.charts.map import MAP_MIME
from workbench.report.exporter import ReportExporter
from workbench.report.safety import markdown_html, picture_address, sanitise, script_json

PAYLOADS = (
    "<script>window.PWN=1</script>",
    "</script><script>window.PWN=1</script>",
    "<img src=x onerror=window.PWN=1>",
    "<svg onload=window.PWN=1><script>window.PWN=1</script></svg>",
    "<svg><style><img src=x onerror=window.PWN=1></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.PWN=1&gt;'>",
    "<iframe srcdoc='<script>parent.PWN=1</script>'></iframe>",
    "<a href='javascript:window.PWN=1'>سلام</a>",
    "<a href=' \x01javascript:window.PWN=1'>x</a>",
    "<a href='data:text/html,<script>window.PWN=1</script>'>x</a>",
    "<form action='https://example.org'><input autofocus onfocus=window.PWN=1></form>",
    "<details open ontoggle=window.PWN=1><summary>x</summary></details>",
    "<h1>a</h1><h1 id='\"><script>window.PWN=1</script>'>b</h1>",
    "<h2 aria-label='x>\"<img src=x onerror=window.PWN=1>'>c</h2>",
    "<h2 aria-label='<h2>x</h2>' class='\" onmouseover=window.PWN=1 x=\"'>d</h2>",
    "<noscript><p title='</noscript><img src=x onerror=window.PWN=1>'></noscript>",
    "<base href='https://example.org/'><link rel=stylesheet href=//example.org/a.css>",
    "<meta http-equiv=refresh content='0;//example.org'>",
    "<p style='background:url(https://example.org/x)'>x</p><style>@import '//example.org/x'</style>",
    "[x](javascript:window.PWN=1) ![x](https://example.org/x.png) <https://example.org/\"onclick=window.PWN=1>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "\"><img src=x onerror=window.PWN=1>",
    "' onerror='window.PWN=1",
    "<!--><img src=x onerror=window.PWN=1>-->",
)
FORBIDDEN_TAGS = {"iframe", "object", "embed", "form", "input", "button", "link", "base", "svg", "math", "template"}
OWN_BUTTONS, BUTTON_ATTRIBUTES = {"enlarge", "reduce", "whole"}, {"type", "data-do", "aria-label"}
MIMES = (
    "text/html",
    "text/plain",
    "text/markdown",
    "text/latex",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "application/javascript",
    "application/vnd.vegalite.v5+json",
    "application/vnd.jupyter.widget-view+json",
)


class Page(HTMLParser):
    """Everything in a page that could run, load or lead away."""

    def __init__(self, html):
        super().__init__()
        self.scripts, self.problems, self.tags = [], [], []
        self._in_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        directs = tag == "meta" and attributes.get("http-equiv") not in (None, "Content-Security-Policy")
        is_own = tag == "button" and attributes.get("data-do") in OWN_BUTTONS and set(attributes) <= BUTTON_ATTRIBUTES
        if (tag in FORBIDDEN_TAGS and not is_own) or directs:
            self.problems.append((tag, attributes))
        for name, value in attributes.items():
            address = (value or "").strip().lower()
            if name.startswith("on") or name in ("style", "srcdoc", "action", "background", "srcset"):
                self.problems.append((tag, name, value))
            if name in ("src", "xlink:href") and not address.startswith("data:image/"):
                self.problems.append((tag, name, value))
            if name == "href" and not address.startswith(("#", "https://", "http://", "mailto:")):
                self.problems.append((tag, name, value))
        if tag == "script":
            self._in_script = True
            self.scripts.append([attributes, ""])

    def handle_endtag(self, tag):
        if tag == "script":
            self._in_script = False

    def handle_data(self, data):
        if self._in_script:
            self.scripts[-1][1] += data

    @property
    def live_scripts(self):
        return [text for attributes, text in self.scripts if attributes.get("type") != "application/json"]


def hostile_outputs(payload):
    figure = {
        "spec": {"title": payload, "usermeta": {"embedOptions": {"ast": False}}, "data": {"values": [{"a": payload}]}},
        "description": payload,
        "title": payload,
        "language": payload,
        "still": payload,
        "table_html": payload,
    }
    shown = {"title": payload, "description": payload, "language": payload, "still": payload, "table_html": payload,
             "data": {"count": 0, "places": "", "colourings": [], "quotes": [[0, payload]], "palette": [],
                      "texts": dict.fromkeys(("colour_by", "enlarge", "reduce", "whole", "help", "legend"), payload)}}
    receipt = {"part": payload, "arguments": {payload: payload}, "only": {payload: payload}, "confidence": 0.95,
               "minimum_cell": 5, "analysis": payload, "comments": 1, "counted": 1,
               "tables": [{"name": payload, "rows": 1, "sha256": payload}]}
    yield v4.new_output("display_data", {MAP_MIME: shown, RECEIPT_MIME: receipt})
    data = {FIGURE_MIME: figure, RECEIPT_MIME: receipt}
    for mime in MIMES:
        yield v4.new_output("display_data", {mime: payload if "json" not in mime else {"x": payload}})
        yield v4.new_output("execute_result", {mime: payload if "json" not in mime else {"x": payload}})
    yield v4.new_output("display_data", data)
    yield v4.new_output("stream", name="stdout", text=payload)
    yield v4.new_output("stream", name="stderr", text=payload)
    yield v4.new_output("error", ename=payload, evalue=payload, traceback=[payload])


def page_of(payload, language="fa"):
    cell = v4.new_code_cell(payload, outputs=list(hostile_outputs(payload)))
    cells = [v4.new_markdown_cell(payload), v4.new_markdown_cell(f"# {payload}"), v4.new_markdown_cell(f"## {payload}"),
             v4.new_raw_cell(payload), cell]
    metadata = {"voc": {"language": language, "notebook": payload}, "title": payload}
    return ReportExporter().from_notebook_node(v4.new_notebook(cells=cells, metadata=metadata))[0]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_lives_by_any_route(payload):
    page = Page(page_of(payload))
    assert page.problems == []
    assert len(page.live_scripts) == 3  # the drawing library, the page's own and that of maps
    assert not any("PWN" in script for script in page.live_scripts)


def test_the_parser_of_these_tests_sees_what_is_live():
    assert Page("<p onclick=x()>").problems
    assert Page("<a href='javascript:x()'>").problems
    assert Page("<img src='https://example.org/'>").problems
    assert Page("<script>x()</script>").live_scripts == ["x()"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_sanitised_text_stays_as_it_is_when_cleaned_again(payload):
    assert sanitise(sanitise(payload)) == sanitise(payload)


def test_what_a_report_needs_is_kept():
    html = (
        '<details><summary>a</summary><div class="table-scroll" tabindex="0" role="region" aria-label="t"><table>'
        '<caption>c</caption><thead><tr><th scope="col" dir="auto">h</th></tr></thead><tbody><tr>'
        '<td class="number" lang="fa" id="x">۱</td></tr></tbody></table></div></details>'
        '<img src="data:image/png;base64,AAAA" alt="p">'
    )
    assert sanitise(html) == html


@pytest.mark.parametrize("source", ["//example.org/a.png", "a.png", "data:text/html;base64,AAAA", "file:///etc/passwd"])
def test_pictures_come_from_the_page_alone(source):
    assert sanitise(f'<img src="{source}">') == "<img>"
    assert "<img" not in markdown_html(f"![x]({source})")


def test_script_data_cannot_end_their_element():
    text = script_json({"a": "</script><!-- \u2028"})
    assert not set(text) & set("<>&\u2028")


def test_a_picture_that_is_none_is_dropped():
    assert picture_address("image/png", "<script>") is None
    assert picture_address("text/html", "AAAA") is None
    assert picture_address("image/svg+xml", "<svg onload=x()>").startswith("data:image/svg+xml;base64,")

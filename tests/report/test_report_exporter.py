import base64
import hashlib
import re

import pytest
from nbformat import v4

from workbench.charts.display import FIGURE_MIME
from workbench.report.exporter import ReportExporter
from workbench.report.headings import Outline
from workbench.report.messages import load_messages
from workbench.report.vega import BUNDLE, BUNDLE_SHA256, build_bundle

FIGURE = {
    "spec": {"mark": "bar", "usermeta": {"embedOptions": {"ast": False}}},
    "description": "What the chart says.",
    "title": "Themes",
    "language": "en",
    "still": "<svg/>",
    "table_html": "<p>numbers</p>",
}


def page(*cells, language="en", name="tiny", **known):
    notebook = v4.new_notebook(cells=list(cells), metadata={"voc": {"language": language, "notebook": name, **known}})
    return ReportExporter().from_notebook_node(notebook)[0]


def shown(**data):
    return v4.new_code_cell("secret_code()", outputs=[v4.new_output("display_data", data)])


def figure(**changes):
    return shown(**{FIGURE_MIME: {**FIGURE, **changes}})


def text(source, cell_id="x"):
    return v4.new_markdown_cell(source, id=cell_id)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fa", "rtl")])
def test_the_page_says_its_language_and_direction(language, direction):
    assert f'<html lang="{language}" dir="{direction}"' in page(text("# A"), language=language)


def test_only_arabic_and_persian_pages_carry_the_font():
    sizes = {language: page(text("# A"), language=language).count("font/woff2") for language in ("en", "ar", "fa")}
    assert sizes == {"en": 0, "ar": 1, "fa": 1}


def test_the_drawing_library_comes_once_and_only_with_a_figure():
    library = BUNDLE.read_text(encoding="utf-8")
    assert page(text("# A")).count(library) == 0
    assert page(figure(), figure()).count(library) == 1


@pytest.mark.parametrize("cells", [[text("# A")], [figure()]])
def test_the_policy_allows_exactly_the_pages_own_scripts(cells):
    html = page(*cells)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == " ".join(f"'sha256-{value}'" for value in hashes)
    assert "unsafe-eval" not in policy


def test_a_figure_has_words_a_still_and_its_numbers():
    html = page(figure())
    body = html[html.index("<figure") : html.index("</figure>")]
    assert '<noscript><img src="data:image/svg+xml;base64,PHN2Zy8+" alt="What the chart says."></noscript>' in body
    assert "<details><summary>Show the numbers</summary><p>numbers</p></details>" in body
    assert '<script type="application/json">{"mark":"bar"}</script>' in body


def test_neither_code_nor_warnings_are_shown():
    streams = [v4.new_output("stream", name=name, text=f"{name} text") for name in ("stdout", "stderr")]
    html = page(v4.new_code_cell("secret_code()", outputs=streams), v4.new_raw_cell("raw text"))
    assert "stdout text" in html
    assert not any(word in html for word in ("stderr text", "secret_code", "raw text"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text/html": "<p>rich</p>", "text/plain": "plain"}, "<p>rich</p>"),
        ({"image/png": "iVBORw0KGgo="}, 'src="data:image/png;base64,iVBORw0KGgo=" alt=""'),
        ({"image/png": "iVBORw0KGgo=", "text/plain": "a <map>"}, 'alt="a &lt;map&gt;"'),
        ({"image/svg+xml": "<svg/>"}, 'src="data:image/svg+xml;base64,PHN2Zy8+"'),
        ({"text/plain": "1 < 2"}, '<pre dir="auto">1 &lt; 2</pre>'),
        ({"text/html": ["<p>in ", "parts</p>"]}, "<p>in parts</p>"),
    ],
)
def test_the_richest_safe_kind_of_an_output_is_shown(data, expected):
    html = page(shown(**data))
    assert expected in html
    assert ">plain<" not in html


def test_kinds_outside_the_list_are_dropped():
    html = page(shown(**{"application/javascript": "run()", "text/latex": "$x$", "application/x+json": {"a": "gone"}}))
    assert not any(word in html for word in ("run()", "$x$", "gone"))


def test_there_is_one_h1_and_the_contents_list_every_h2():
    own = shown(**{"text/html": '<h2 id="own">Two &amp; a half</h2>'})
    html = page(text("# Title\n\n## One"), text("# Another", "y"), own)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["Title"]
    assert re.findall(r'<li><a href="#([^"]+)">(.*?)</a>', html) == [
        ("one", "One"),
        ("another", "Another"),
        ("own", "Two &amp; a half"),
    ]
    assert re.findall(r'<h2 id="([^"]+)"', html) == ["one", "another", "own"]


def test_headings_of_the_same_name_have_addresses_of_their_own():
    outline = Outline()
    outline.add("<h2>موضوع</h2><h2>موضوع</h2><h2>؟</h2>")
    assert [heading.anchor for heading in outline.headings] == ["موضوع", "موضوع-2", "section"]


def test_a_heading_keeps_its_own_marks():
    assert Outline().add('<p>a\nb</p>\n<h2 class="x" dir="auto">A <em>b</em></h2>') == (
        '<p>a\nb</p>\n<h2 class="x" dir="auto" id="a-b">A <em>b</em></h2>'
    )


def test_prose_takes_the_place_of_the_english_source(monkeypatch):
    monkeypatch.setitem(load_messages("fa").texts, "prose", {"tiny": {"title": "# سلام"}})
    html = page(text("# Hello", "title"), text("Source", "other"), language="fa")
    assert "<h1>سلام</h1>" in html
    assert "Hello" not in html
    assert '<div lang="en" dir="ltr"><p>Source</p>' in html


def test_the_date_is_in_the_language_of_the_page():
    assert "ساخته‌شده در ۳۰ اسفند ۱۴۰۳ (۲۰ مارس ۲۰۲۵)" in page(text("# A"), language="fa", generated_on="2025-03-20")


def test_the_language_of_a_plain_papermill_run_is_found():
    notebook = v4.new_notebook(metadata={"papermill": {"parameters": {"language": "ar"}}})
    assert 'lang="ar"' in ReportExporter().from_notebook_node(notebook)[0]
    assert 'lang="fa"' in ReportExporter(language="fa").from_notebook_node(notebook)[0]
    assert 'lang="en"' in ReportExporter().from_notebook_node(v4.new_notebook())[0]


def test_the_page_names_no_address():
    html = page(figure()).replace(BUNDLE.read_text(encoding="utf-8"), "")
    assert re.findall(r"(?:https?:)?//[a-z]+\.[a-z]+", html) == []


def test_the_drawing_library_is_the_one_that_vl_convert_makes():
    assert hashlib.sha256(BUNDLE.read_bytes()).hexdigest() == BUNDLE_SHA256
    assert hashlib.sha256(build_bundle().encode()).hexdigest() == BUNDLE_SHA256
    assert "</script" not in BUNDLE.read_text(encoding="utf-8").lower()


def test_the_fonts_are_small_enough_to_travel_in_every_page():
    from workbench.charts.stills import FONTS

    assert sum(path.stat().st_size for path in FONTS.glob("*.woff2")) <= 90 * 1024
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8").upper()

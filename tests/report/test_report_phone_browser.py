"""A finished page under a finger: what is tapped is large enough, and a scrolled table keeps its rows' names."""

import pandas as pd
import pytest

from workbench.charts.tables import table_html
from workbench.report.messages import load_messages
from workbench.report.template import page_html

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_is_tapped_is_large_enough_for_a_finger(rendered, open_page, language):
    page, _, _ = open_page(rendered[language].html, **PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    heights = page.locator("summary, .contents a, button, select").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)")
    assert len(heights) > 3
    assert min(heights) >= 44


@pytest.mark.parametrize(("language", "way"), [("en", 1), ("ar", -1)])
def test_a_row_keeps_its_name_while_its_table_is_scrolled(rendered, open_page, language, way):
    page, _, _ = open_page(rendered[language].html, **PHONE)
    box = page.locator(".table-scroll").last
    before = box.locator("tbody th").first.bounding_box()
    moved = box.evaluate(f"box => {{ box.scrollLeft = {150 * way}; return box.scrollLeft; }}")
    assert moved == 150 * way
    assert box.locator("tbody th").first.bounding_box()["x"] == pytest.approx(before["x"], abs=2)


@pytest.mark.parametrize(("language", "way"), [("en", 1), ("ar", -1)])
def test_what_a_table_shows_is_read_without_scrolling(open_page, tmp_path, language, way):
    cells = pd.DataFrame([["wide " * 3] * 9], columns=[f"column {number}" for number in range(9)])
    caption = "What nine columns of this table say of a theme, and more " * 2
    parts = [table_html(cells, caption=caption, language=language)]
    file = tmp_path / "page.html"
    file.write_text(page_html(load_messages(language), title="n", parts=parts), encoding="utf-8")
    page, _, _ = open_page(file, **PHONE)
    box = page.locator(".table-scroll")
    for moved in (0, 150 * way):
        assert box.evaluate(f"box => {{ box.scrollLeft = {moved}; return box.scrollLeft; }}") == moved
        edge, text = (page.locator(part).bounding_box() for part in (".table-scroll", "caption"))
        assert edge["x"] - 1 <= text["x"]
        assert text["x"] + text["width"] <= edge["x"] + edge["width"] + 1


def test_a_row_keeps_its_line_where_its_name_stays(rendered, open_page):
    # Lines that cells share are drawn by the table, beneath whatever stays in place.
    page, _, _ = open_page(rendered["en"].html, **PHONE)
    box = page.locator(".table-scroll").last
    assert box.locator("tbody th").first.evaluate("cell => getComputedStyle(cell).position") == "sticky"
    assert box.locator("table").evaluate("table => getComputedStyle(table).borderCollapse") == "separate"


def test_no_letters_are_smaller_than_twelve_pixels(rendered, open_page):
    page, _, _ = open_page(rendered["ar"].html, **PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    sizes = page.evaluate("""[...document.querySelectorAll('main *')].filter(each => !each.closest('svg') &&
        [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    ).map(each => parseFloat(getComputedStyle(each).fontSize))""")
    assert min(sizes) >= 12

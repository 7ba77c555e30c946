"""Numbers in tables stand under their headings and read in the order of the language, in a real browser."""

import pandas as pd
import pytest

from workbench.charts.tables import table_html
from workbench.report.messages import load_messages
from workbench.report.sections.wording import interval
from workbench.report.template import page_html

pytestmark = pytest.mark.browser

SHEET = 673  # pixels between the margins of A4
WIDTH = "document.querySelector('main table').getBoundingClientRect().width"
EDGES = """() => [...document.querySelectorAll('main tr')].map(row => [...row.cells].map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const text = range.getBoundingClientRect(), box = cell.getBoundingClientRect();
  return {left: text.left - box.left, right: box.right - text.right};
}))"""
PLACES = """text => {
  const walker = document.createTreeWalker(document.querySelector('main tbody tr'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const start = walker.currentNode.data.indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, start);
    range.setEnd(walker.currentNode, start + text.length);
    return range.getBoundingClientRect().left;
  }
}"""


def page_file(folder, language):
    m = load_messages(language)
    table = pd.DataFrame({
        "theme": ["الفاتورة", "قیمت"], "comments": [m.number(1207), m.number(9)], "share": [m.percent(0.19), "–"],
        "interval": [interval(m, -78, -25, share=False), interval(m, -9, 4, share=False)],
        "score": [m.number(-100), m.number(-37)], "seen": [m("words.hidden"), m.number(12)],
    })
    html = table_html(table, caption="T", language=language)
    file = folder / "page.html"
    file.write_text(page_html(m, title="T", parts=[html]), encoding="utf-8")
    return file, m


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
@pytest.mark.parametrize("width", [1280, 390])
def test_numbers_stand_under_their_headings(tmp_path, open_page, language, width):
    file, _ = page_file(tmp_path, language)
    page, _, _ = open_page(file, width=width)
    page.evaluate("document.fonts.ready")
    head, *rows = page.evaluate(EDGES)
    for row in rows:
        for column in (1, 2, 4, 5):
            assert row[column]["right"] == pytest.approx(head[column]["right"], abs=1.5)
        if language != "en":
            assert row[3]["right"] == pytest.approx(head[3]["right"], abs=1.5)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_wide_table_stays_on_its_sheet_of_paper(tmp_path, open_page, language):
    m = load_messages(language)
    share = f"{m.percent(0.33)} ({interval(m, 0.25, 0.43)})"
    row = {"touchpoint": "Delivery", "where": "all comments", "when": m.date(pd.Timestamp("2026-04-28")),
           "before": m.percent(0.17), "after": m.percent(0.69), "difference": share, "share": share,
           "comments": m.number(1207), "adjusted": m.number(0.006, 3)}
    file = tmp_path / "page.html"
    file.write_text(page_html(m, title="T", parts=[table_html(pd.DataFrame([row]), caption="T", language=language)]),
                    encoding="utf-8")
    page, _, _ = open_page(file, width=SHEET)
    assert page.evaluate(WIDTH) > SHEET
    page.emulate_media(media="print")
    assert page.evaluate(WIDTH) <= SHEET


def test_a_table_of_ten_columns_with_long_words_stays_on_its_sheet_of_paper(tmp_path, open_page):
    stages = ("Aufmerksamkeit", "Informationssuche", "Interesse", "Abwägung", "Abschluss und Start", "Nutzung",
              "Weiterempfehlung", "Ohne Phase", "Alle Phasen")
    cells = pd.DataFrame([["Rechnungsstellung", *["zu wenige"] * 4, *["1.207"] * 5]], columns=["Kontaktpunkt", *stages])
    file = tmp_path / "page.html"
    file.write_text(page_html(load_messages("de"), title="T", parts=[table_html(cells, caption="T", language="de")]),
                    encoding="utf-8")
    page, _, _ = open_page(file, width=SHEET)
    page.emulate_media(media="print")
    assert page.evaluate(WIDTH) <= SHEET
    assert page.evaluate("Math.min(...[...document.querySelectorAll('td')].map(cell => cell.clientWidth))") > 24


@pytest.mark.parametrize(("language", "low_is_left"), [("en", True), ("ar", False), ("fa", False)])
def test_an_interval_below_zero_reads_from_its_lower_end(tmp_path, open_page, language, low_is_left):
    file, m = page_file(tmp_path, language)
    page, _, _ = open_page(file)
    low, high = (page.evaluate(PLACES, m.number(value).strip("\u200e\u2212")) for value in (78, 25))
    assert (low < high) is low_is_left


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_minus_stands_left_of_its_number(tmp_path, open_page, language):
    file, m = page_file(tmp_path, language)
    page, _, _ = open_page(file)
    written = m.number(-100)
    sign, number = page.evaluate(PLACES, written), page.evaluate(PLACES, written.strip("\u200e\u2212"))
    assert sign < number

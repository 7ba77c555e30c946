"""The finished pages in a real browser without a network."""

import pytest

pytestmark = pytest.mark.browser


def wait_for_figures(page, count=2):
    page.wait_for_function(f"document.querySelectorAll('figure[data-drawn]').length === {count}")


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_figures_are_drawn_without_a_network(rendered, open_page, language):
    page, complaints, requests = open_page(rendered[language].html)
    wait_for_figures(page)
    bars = "figure:nth-of-type(1) .chart svg [aria-roledescription='bar']"
    assert page.locator(bars).count() == 4
    assert page.locator(".chart svg [aria-roledescription='point']").count() == 6
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [rendered[language].html.as_uri()]
    assert page.evaluate("window.PWN") is None


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(rendered, open_page, language, scheme):
    page, _, _ = open_page(rendered[language].html, width=390, color_scheme=scheme)
    wait_for_figures(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".table-scroll").last.evaluate("box => box.scrollWidth > box.clientWidth")


@pytest.mark.parametrize(("language", "side"), [("en", "left"), ("ar", "right"), ("fa", "right")])
def test_text_and_bars_begin_on_the_side_of_the_language(rendered, open_page, language, side):
    page, _, _ = open_page(rendered[language].html)
    wait_for_figures(page)
    where = page.evaluate(
        """() => {
          const figure = document.querySelector('figure .chart svg').getBoundingClientRect();
          const bar = document.querySelector("figure .chart svg [aria-roledescription='bar']").getBoundingClientRect();
          const contents = document.querySelector('nav').getBoundingClientRect();
          const main = document.querySelector('main').getBoundingClientRect();
          return { bar: figure.right - bar.right < bar.left - figure.left, contents: contents.left > main.left };
        }"""
    )
    # Four bars of falling length: the longest fills its plot, so the axis' labels tell its side.
    assert where["contents"] is (side == "right")
    assert where["bar"] is (side == "left")


def test_the_embedded_font_is_used(rendered, open_page):
    page, _, _ = open_page(rendered["fa"].html)
    wait_for_figures(page)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px Vazirmatn', 'سلام')")
    assert page.evaluate("[...document.fonts].map(font => font.status)") == ["loaded"]


def test_without_scripts_the_stills_stand_in(rendered, open_page):
    page, _, _ = open_page(rendered["ar"].html, java_script_enabled=False)
    pictures = page.locator("figure img")
    assert pictures.count() == 2
    assert pictures.first.is_visible()
    assert pictures.first.get_attribute("alt") == "What <b>the</b> chart says."


def test_figures_are_no_landmarks(rendered, open_page):
    page, _, _ = open_page(rendered["en"].html)
    assert page.locator(".chart-card[role=group]").count() == 2


def test_a_table_can_be_reached_and_opened_by_keyboard(rendered, open_page):
    page, _, _ = open_page(rendered["en"].html)
    wait_for_figures(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("figure details summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure details table").first.is_visible()

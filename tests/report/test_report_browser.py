"""The finished pages in a real browser without a network."""

import shutil

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Open a file and return the page, its console errors and every request that it made."""
    contexts = []

    def open_it(path, width=1200, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        contexts.append(context)
        page, complaints, requests = context.new_page(), [], []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        return page, complaints, requests

    yield open_it
    for context in contexts:
        context.close()


def wait_for_figures(page, count=2):
    page.wait_for_function(f"document.querySelectorAll('figure[data-drawn]').length === {count}", timeout=20_000)


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
    assert page.evaluate("document.fonts.check('16px Vazirmatn', 'سلام')")
    assert page.evaluate("[...document.fonts].map(font => font.status)") == ["loaded"]


def test_without_scripts_the_stills_stand_in(rendered, open_page):
    page, _, _ = open_page(rendered["ar"].html, java_script_enabled=False)
    pictures = page.locator("figure img")
    assert pictures.count() == 2
    assert pictures.first.is_visible()
    assert pictures.first.get_attribute("alt") == "What <b>the</b> chart says."


def test_a_table_can_be_reached_and_opened_by_keyboard(rendered, open_page):
    page, _, _ = open_page(rendered["en"].html)
    wait_for_figures(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("figure details summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure details table").first.is_visible()

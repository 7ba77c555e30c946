"""Every notebook of the project as a report in a browser: offline, in each direction, on a phone, in the dark."""

from pathlib import Path

import pytest

from workbench.report import render_report
from workbench.report.verify import verify_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOTEBOOKS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
MAIN = "voice_of_customer"
CASES = [(MAIN, "en"), (MAIN, "ar"), *((name, "fa") for name in NOTEBOOKS)]
MOST_BYTES = 2_000_000
SCREENSHOTS = Path(__file__).parents[2] / "reports" / "screenshots"  # to be looked at; not in git


@pytest.fixture(scope="module")
def reports(small_study, tmp_path_factory):
    """Make each report once, when it is first asked for."""
    place, made = tmp_path_factory.mktemp("whole"), {}

    def make(notebook, language):
        if (notebook, language) not in made:
            made[notebook, language] = render_report(notebook, study=small_study, language=language, output=place,
                                                     progress=False).html
        return made[notebook, language]

    return make


def wait_until_drawn(page):
    page.wait_for_function(
        """() => [...document.querySelectorAll('figure.voc-figure, figure.voc-map')]
                 .filter((figure) => figure.querySelector('script')).every((figure) => figure.dataset.drawn)""")


@pytest.mark.parametrize(("notebook", "language"), CASES)
def test_a_report_is_alive_and_asks_for_nothing(reports, open_page, notebook, language):
    html = reports(notebook, language)
    assert html.stat().st_size < MOST_BYTES
    page, complaints, requests = open_page(html)
    wait_until_drawn(page)
    dead = page.evaluate(
        """() => [...document.querySelectorAll('figure.voc-figure')].filter((figure) => figure.querySelector('script')
                 && !figure.querySelector('.chart svg [aria-roledescription], .chart svg .mark-rect path, '
                                       + '.chart svg .mark-rule line, .chart svg .mark-text text'))
                 .map((figure) => figure.querySelector('figcaption').innerText)""")
    assert dead == []
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [html.as_uri()]


@pytest.mark.parametrize(("notebook", "language"), CASES)
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (1200, "dark"), (390, "light"), (390, "dark")])
def test_nobody_is_shut_out(reports, open_page, notebook, language, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page, _, _ = open_page(reports(notebook, language), width, color_scheme=scheme, bypass_csp=True)
    wait_until_drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{notebook}.{language}.{width}.{scheme}.png", full_page=True)
    found = Axe().run(page)
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found.response["violations"]] == []


@pytest.mark.parametrize(("notebook", "language"), CASES)
def test_every_number_is_made_again(reports, notebook, language):
    found = verify_report(reports(notebook, language))
    assert found.differences == []
    assert found.parts > 0

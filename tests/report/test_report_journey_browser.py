"""The map of the journey in a real browser: beside each other, mirrored, and stacked on a phone."""

from importlib.resources import files

import pytest
from patience import PATIENCE

from workbench.charts import MapStage, Voice, journey_map

pytestmark = pytest.mark.browser
_BOXES = "[...document.querySelectorAll('{}')].map(part => part.getBoundingClientRect().toJSON())"
NAMES = ("Awareness", "Discovery", "Interest", "Consideration", "Action", "Use", "Advocacy")


@pytest.fixture
def boxes(browser, tmp_path):
    """Return a function that draws a map in a window and returns the page's width and where each stage lies."""
    style = (files("workbench.report") / "template" / "report.css").read_text(encoding="utf-8")

    def draw(language, width, names=NAMES):
        voice = Voice("خدمة ممتازة " * 8, "ar", "rtl", "Arabic, a1")
        stages = [MapStage(name, "12% of comments (10% to 14%)", 0.5, "NPS 3 (−9 to 15; 40 answers)", "even",
                           ("late · parcel · courier (12 comments)",), (voice,)) for name in names[1:]]
        stages.insert(0, MapStage(names[0], gap="Nobody spoke of this stage."))
        html = journey_map(stages, title="Map", description="A map.", themes_title="Named most",
                           numbers_title="Numbers", numbers="", language=language).html
        direction = "rtl" if language in ("ar", "fa") else "ltr"
        path = tmp_path / f"{language}{width}.html"
        path.write_text(f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
                        '<meta name="viewport" content="width=device-width">'
                        f"<style>{style}</style><main class='page'><div class='cell'>{html}</div></main></html>",
                        encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri(), timeout=PATIENCE * 1000)
        found = page.evaluate(_BOXES.format(".journey-stage"))
        reach = page.evaluate("document.documentElement.scrollWidth")
        bars = [box["height"] for box in page.evaluate(_BOXES.format(".journey-bar span"))]
        page.close()
        return reach, found, bars

    return draw


@pytest.mark.parametrize(("language", "mirrored"), [("en", False), ("ar", True), ("fa", True)])
def test_stages_run_in_the_direction_of_the_language(boxes, language, mirrored):
    reach, stages, bars = boxes(language, 1280)
    places = [stage["x"] for stage in stages]
    assert places == sorted(places, reverse=mirrored)
    assert len({round(stage["y"]) for stage in stages}) == 1
    assert reach <= 1280
    assert min(bars) > 20


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_stages_stand_below_each_other_on_a_phone(boxes, language):
    reach, stages, bars = boxes(language, 390)
    heights = [stage["y"] for stage in stages]
    assert heights == sorted(heights)
    assert len({round(stage["x"]) for stage in stages}) == 1
    assert reach <= 390
    assert min(bars) > 5


@pytest.mark.parametrize(("language", "mirrored"), [("en", False), ("ar", True)])
def test_thirty_stages_stand_in_rows_and_every_name_is_whole(boxes, language, mirrored):
    reach, stages, _ = boxes(language, 1280, [f"{NAMES[number % 7]} {number}" for number in range(30)])
    places = [(round(stage["y"]), stage["x"] * (-1 if mirrored else 1)) for stage in stages]
    assert places == sorted(places)
    assert min(stage["width"] for stage in stages) > 100
    assert reach <= 1280
    reach, stages, _ = boxes(language, 390, [f"{NAMES[number % 7]} {number}" for number in range(30)])
    assert len({round(stage["x"]) for stage in stages}) == 1
    assert reach <= 390

"""The map of statements: what goes into the page, and what it does in a browser."""

import base64
import json
import re

import numpy as np
import pandas as pd
import pytest

from workbench.charts.map import MAP_MIME, Colouring, PointMap
from workbench.errors import InputError
from workbench.report.messages import load_messages
from workbench.report.outputs import OutputWriter
from workbench.report.page import Page
from workbench.report.sections import atlas
from workbench.report.template import page_html

TEXTS = {name: name for name in ("colour_by", "enlarge", "reduce", "whole", "help", "legend")}
HOSTILE = "</script><script>window.PWN=1</script><img src=x onerror='window.PWN=2'>"


def a_map(count=1000, kinds=3, language="en", **changed):
    draw = np.random.default_rng(0)
    names = ["constructor", "</script><b>x</b>", "سرعة الإنترنت", *(f"kind {each}" for each in range(kinds))][:kinds]
    given = {
        "places": draw.uniform(-1, 1, (count, 2)), "quotes": {0: HOSTILE}, "texts": TEXTS, "description": "Points.",
        "colourings": [Colouring("Theme", names, draw.integers(0, kinds, count)),
                       Colouring("Language", ["ar", "fa"], draw.integers(0, 2, count))],
        "table_html": "<table><tr><td>1</td></tr></table>", "language": language, "title": "A map",
    }
    return PointMap(**given | changed)


def page_of(point_map, language="en"):
    messages = load_messages(language)
    html = OutputWriter(messages).html({"output_type": "display_data", "data": point_map._repr_mimebundle_()})
    return page_html(messages, title="Map", parts=[html], with_maps=True)


def test_numbers_are_packed_and_come_back():
    shown = a_map(count=500, kinds=300)
    payload = shown.payload()
    places = np.frombuffer(base64.b64decode(payload["places"]), "<i2").reshape(-1, 2) / 32_000
    np.testing.assert_allclose(places, shown.places, atol=1e-4)
    assert payload["colourings"][0]["wide"]
    codes = np.frombuffer(base64.b64decode(payload["colourings"][0]["codes"]), "<u2")
    assert codes.tolist() == shown.colourings[0].codes.tolist()


def test_a_hundred_thousand_points_are_a_megabyte():
    assert len(json.dumps(a_map(count=100_000).payload())) < 1_000_000


def test_nothing_hostile_leaves_its_place():
    html = page_of(a_map())
    assert html.count("</script>") == html.count("<script")
    assert "<b>x</b>" not in html


@pytest.mark.parametrize(("changed", "message"), [
    ({"description": " "}, "no description"),
    ({"colourings": [Colouring("Theme", ["a"], np.zeros(3, int))]}, "one kind in every colouring"),
])
def test_a_map_that_says_nothing_is_refused(changed, message):
    with pytest.raises(InputError, match=message):
        a_map(**changed)


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_page_maps_every_counted_statement(small_analysis, language):
    part = Page(small_analysis, language).statement_map()
    counted = small_analysis.profile.loc[small_analysis.profile["is_counted"], "feedback_id"]
    assert len(part.places) == small_analysis.statements["feedback_id"].isin(counted).sum()
    assert [len(each.names) > 0 for each in part.colourings] == [True] * 3
    assert MAP_MIME in part._repr_mimebundle_()
    assert part.receipt["part"] == "statement_map"


@pytest.mark.parametrize(("comments", "expected"), [
    ({"ar": 9, "fa": 8, "tr": 1}, ["ar", "few"]),     # one small kind would be told by its rest, so another joins it
    ({"ar": 9, "tr": 3, "de": 3}, ["ar", "few"]),
    ({"ar": 9, "fa": 8}, ["ar", "fa"]),
])
def test_kinds_of_few_comments_are_one_kind_of_enough(comments, expected):
    rows = [(f"{language}{number}", language) for language, count in comments.items() for number in range(count)
            for _ in range(5)]  # five statements a comment
    points = pd.DataFrame(rows, columns=["feedback_id", "language"])
    found = atlas._colouring("Language", points, "language", {}, 5, "few", "und",
                              pd.Series(False, index=points.index))
    assert list(found.names) == expected
    rest = points.loc[found.codes == len(expected) - 1, "feedback_id"].nunique()
    assert rest >= 5


def test_kinds_that_are_one_on_the_map_are_not_called_few(small_analysis):
    """Of these some are withheld for the sake of small ones: 48 statements of 136 were said to be too few."""
    import dataclasses

    insights = small_analysis.study.insights.model_copy(update={"minimum_cell": 12})
    study = small_analysis.study.model_copy(update={"insights": insights})
    part = Page(dataclasses.replace(small_analysis, study=study), "en").statement_map()
    names = [name for each in part.colourings for name in each.names]
    assert "withheld" in names
    assert "too few" not in names


def test_quotes_are_redacted(small_analysis):
    import dataclasses

    statements = small_analysis.statements.assign(text="call me: 0171 2345678 or a@b.de")
    tables = {**small_analysis.tables, "statements": statements}
    part = Page(dataclasses.replace(small_analysis, tables=tables), "en").statement_map()
    assert part.quotes
    assert not any(re.search(r"2345678|a@b", text) for text in part.quotes.values())


def test_of_very_many_statements_some_are_drawn_and_all_are_counted(small_analysis, monkeypatch):
    whole = Page(small_analysis, "en").statement_map()
    monkeypatch.setattr(atlas, "MOST_POINTS", 10)
    monkeypatch.setattr(atlas, "MOST_QUOTES", 4)
    part = Page(small_analysis, "en").statement_map()
    assert len(part.places) == 10 < len(whole.places)
    assert "10 of these statements are drawn" in part.description
    assert "are drawn" not in whole.description
    assert part.table_html == whole.table_html
    assert [each.names for each in part.colourings] == [each.names for each in whole.colourings]
    at = {tuple(place): row for row, place in enumerate(whole.places.tolist())}
    rows = [at[tuple(place)] for place in part.places.tolist()]
    assert rows == sorted(rows)
    assert [each.codes.tolist() for each in part.colourings] == [each.codes[rows].tolist() for each in whole.colourings]
    assert len(part.quotes) == 4
    assert {rows[row]: text for row, text in part.quotes.items()}.items() <= whole.quotes.items()


@pytest.fixture
def open_map(open_page, tmp_path):
    """Open a page with one map and return it, with its console errors, when the map is drawn."""

    def open_it(point_map, language="en", width=1200):
        path = tmp_path / "map.html"
        path.write_text(page_of(point_map, language), encoding="utf-8")
        page, complaints, _ = open_page(path, width)
        page.wait_for_selector("figure.voc-map[data-drawn]")
        return page, complaints

    return open_it


INK = """() => {
  const canvas = document.querySelector('canvas'), pen = canvas.getContext('2d');
  const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0, dark = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] + data[at + 1] + data[at + 2] < 700) { dark += 1; sum += at; }
  }
  return [dark, sum];
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1200), ("ar", 390), ("fa", 390)])
def test_points_are_drawn_and_nothing_scrolls_sideways(open_map, language, width):
    page, complaints = open_map(a_map(language=language), language, width)
    page.wait_for_function(f"({INK})()[0] > 1000")
    assert page.get_attribute("figure.voc-map", "data-points") == "1000"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    assert page.evaluate("window.PWN") is None


@pytest.mark.browser
def test_it_can_be_moved_enlarged_and_coloured_by_keyboard(open_map):
    page, _ = open_map(a_map())
    page.wait_for_function(f"({INK})()[0] > 1000")
    seen = [page.evaluate(INK)]
    page.focus("canvas")
    for key in ("+", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        page.wait_for_function(f"seen => `${{({INK})()}}` !== `${{seen}}`", arg=seen[-1])
        seen.append(page.evaluate(INK))
    assert len({tuple(each) for each in seen}) == 4
    page.keyboard.press("0")
    page.wait_for_function(f"seen => `${{({INK})()}}` === `${{seen}}`", arg=seen[0])
    page.select_option("select", label="Language")
    assert page.locator(".map-legend button").all_inner_texts() == ["ar", "fa"]
    page.locator(".map-legend button").first.focus()
    page.keyboard.press("Enter")
    assert page.get_attribute(".map-legend button >> nth=0", "aria-pressed") == "true"


@pytest.mark.browser
def test_a_point_tells_its_kinds_and_its_quote_as_text(open_map):
    one = [Colouring("Theme", ["one"], np.zeros(1, int))]
    page, _ = open_map(a_map(count=1, places=np.zeros((1, 2)), colourings=one))
    page.hover("canvas")
    page.wait_for_selector(".map-tip:not([hidden])")
    assert HOSTILE in page.inner_text(".map-tip")
    assert "Theme: one" in page.inner_text(".map-tip")
    assert page.evaluate("window.PWN") is None


@pytest.mark.browser
def test_a_hundred_thousand_points_are_drawn(open_map):
    page, _ = open_map(a_map(count=100_000))
    page.wait_for_function(f"({INK})()[0] > 50_000")

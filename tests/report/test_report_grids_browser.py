"""Grids on a phone, in every language: names of stages and the legend's title are whole."""

import pandas as pd
import pytest

from workbench.charts import Figure, share_grid
from workbench.charts.bars import distinct_labels
from workbench.journey.model import load_journey_model
from workbench.report.messages import load_messages
from workbench.report.outputs import OutputWriter
from workbench.report.template import page_html

pytestmark = pytest.mark.browser

CUT = """() => {
  const edge = document.querySelector('.chart svg').getBoundingClientRect();
  return [...document.querySelectorAll('.chart svg text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1;
  }).map(text => text.textContent);
}"""


@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fa", "fr", "tr"])
def test_no_name_is_cut(open_page, tmp_path, language):
    m = load_messages(language)
    stages = distinct_labels([stage.names[language] for stage in load_journey_model().stages]
                             + [m("method.no_stage")], 20, language)
    rows = ["⁨Rechnung · bekommen…⁩", "⁨الإنترنت · النت · عبر⁩"]
    cells = pd.DataFrame([(row, stage, 0.2, m.percent(0.2)) for row in rows for stage in stages],
                         columns=["row", "column", "share", "text"])
    chart = share_grid(cells, legend_title=m("journey.share_of_theme"), language=language, columns=stages, rows=rows,
                       show_values=True)
    figure = Figure(chart, "n", None, language=language)._repr_mimebundle_()
    html = OutputWriter(m).html({"output_type": "display_data", "data": figure})
    file = tmp_path / "page.html"
    file.write_text(page_html(m, title="n", parts=[html], with_figures=True), encoding="utf-8")
    page, _, _ = open_page(file, width=390, has_touch=True, is_mobile=True)
    page.wait_for_selector("figure[data-drawn]")
    assert page.evaluate(CUT) == []


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.chart svg text')].map(text => text.getBoundingClientRect());
  return boxes.filter((one, place) => boxes.slice(place + 1).some(other =>
    one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1
  )).length;
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_thirty_columns_do_not_lie_over_each_other_on_a_phone(open_page, tmp_path, language):
    m = load_messages(language)
    stages = [f"مرحلة {number}" for number in range(30)]
    cells = pd.DataFrame([(row, stage, 0.2, m.percent(0.2)) for row in ("a", "b") for stage in stages],
                         columns=["row", "column", "share", "text"])
    chart = share_grid(cells, legend_title="n", language=language, columns=stages, rows=["a", "b"], show_values=True)
    html = OutputWriter(m).html({"output_type": "display_data",
                                 "data": Figure(chart, "n", None, language=language)._repr_mimebundle_()})
    file = tmp_path / "page.html"
    file.write_text(page_html(m, title="n", parts=[html], with_figures=True), encoding="utf-8")
    page, _, _ = open_page(file, width=390, has_touch=True, is_mobile=True)
    page.wait_for_selector("figure[data-drawn]")
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

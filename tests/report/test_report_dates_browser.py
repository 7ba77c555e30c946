"""Axes of dates on a phone, in every language: nobody takes a year for a day, and no name runs into the next."""

import re
from itertools import pairwise

import pandas as pd
import pytest

from workbench.charts import Figure, share_grid, share_line
from workbench.report.messages import load_messages
from workbench.report.outputs import OutputWriter
from workbench.report.sections.wording import period_name
from workbench.report.template import page_html

pytestmark = pytest.mark.browser

PERIODS = {"week": "7D", "month": "MS", "quarter": "QS"}
LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "tr")
NAMES = r"""() => [...document.querySelectorAll('figure .chart svg')].map(svg => {
  const edge = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('.role-axis-label text')].filter(
    text => /\d{2}|[۰-۹]{2}/.test(text.textContent) && !/[%٪]/.test(text.textContent) && text.style.opacity !== '0'
      && text.getAttribute('opacity') !== '0').map(text => {
    const box = text.getBoundingClientRect();
    return {text: text.textContent, left: box.left - edge.left, right: box.right - edge.right, width: box.width,
      above: box.top - edge.top};
  });
})"""


@pytest.fixture(params=LANGUAGES)
def shown(request, open_page, tmp_path):
    """The names of dates that a phone shows of a line of weeks, of months and of quarters, and of a grid of months."""
    m = load_messages(request.param)
    figures = []
    for period, step in PERIODS.items():
        days = pd.date_range("2025-09-01" if period != "quarter" else "2024-10-01", periods=13, freq=step)
        table = pd.DataFrame({"period": days, "share": 0.2, "low": 0.1, "high": 0.3, "is_partial": False})
        figures.append(share_line(table, axis_title="n", language=m.language, period=period))
    months = [period_name(m, day, "month", short=True) for day in pd.date_range("2025-09-01", periods=12, freq="MS")]
    cells = pd.DataFrame({"row": "n", "column": months, "share": 0.2, "text": "20"})
    figures.append(share_grid(cells, legend_title="n", language=m.language, columns=months, rows=["n"], time=True))
    writer = OutputWriter(m)
    parts = [writer.html({"output_type": "display_data", "data": Figure(
        chart, "n", None, language=m.language)._repr_mimebundle_()}) for chart in figures]
    file = tmp_path / "page.html"
    file.write_text(page_html(m, title="n", parts=parts, with_figures=True), encoding="utf-8")
    page, _, _ = open_page(file, width=390, has_touch=True, is_mobile=True)
    page.wait_for_function("document.querySelectorAll('figure[data-drawn]').length === 4")
    return page.evaluate(NAMES)


def test_dates_have_whole_years_and_stay_apart(shown):
    for names in shown:
        assert len(names) >= 3
        assert all(re.search(r"(?<![\d۰-۹])(20|۲۰)[\d۰-۹]{2}(?![\d۰-۹])", name["text"]) for name in names), names
        assert all(name["left"] >= -1 and name["right"] <= 1 and name["above"] >= -1 for name in names), names
        places = sorted(names, key=lambda name: name["left"])
        for one, other in pairwise(places):
            assert one["left"] + one["width"] <= other["left"], (one, other)

import base64
import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from workbench.charts.display import FIGURE_MIME, Figure, Html, configure, label
from workbench.charts.tables import table_html
from workbench.errors import InputError

COUNTS = pd.DataFrame({"theme": [label(name) for name in ("Late", "تأخر", "قیمت")], "n": [3, 2, 1]})


def bars(**properties):
    return alt.Chart(COUNTS).mark_bar().encode(x="n:Q", y="theme:N").properties(**properties)


def bundle(chart, **given):
    return Figure(chart, **{"description": "Three themes.", "table": COUNTS, **given})._repr_mimebundle_()


def test_a_figure_carries_everything_that_a_page_needs():
    figure = bundle(bars(width="container"), title="Themes", language="fa")[FIGURE_MIME]
    assert set(figure) == {"spec", "description", "title", "language", "still", "table_html"}
    assert figure["spec"]["width"] == "container"
    assert len(next(iter(figure["spec"]["datasets"].values()))) == 3
    assert "۳" in figure["table_html"]


def test_a_still_of_a_chart_as_wide_as_its_page_has_a_width_of_its_own():
    still = bundle(bars(width="container"))[FIGURE_MIME]["still"]
    width = float(re.search(r'<svg[^>]* width="([\d.]+)"', still)[1])
    assert width > 600
    assert still.count('aria-roledescription="bar"') == 3


def test_the_notebook_shows_the_still_where_the_page_cannot_be():
    shown = bundle(bars(), description='"><script>x()</script>')["text/html"]
    assert "<script" not in shown
    address = re.search(r'<img src="data:image/svg\+xml;base64,([^"]+)"', shown)[1]
    assert base64.b64decode(address).startswith(b"<svg")


@pytest.mark.parametrize("description", ["", "  \n"])
def test_a_figure_without_a_description_is_refused(description):
    with pytest.raises(InputError, match="the figure 'Themes' has no description"):
        Figure(bars(), description, COUNTS, title="Themes")


def test_a_figure_that_fetches_its_data_is_refused():
    chart = alt.layer(alt.Chart("https://example.org/a.csv").mark_bar().encode(x="n:Q"))
    with pytest.raises(InputError, match="data must be in it"):
        bundle(chart, table=None)


def test_a_chart_of_too_many_rows_is_refused():
    chart = alt.Chart(pd.DataFrame({"n": np.arange(5001)})).mark_bar().encode(x="n:Q")
    with pytest.raises(InputError, match="at most 5,000 rows"):
        bundle(chart, table=None)


def test_embed_options_of_a_specification_are_taken_away():
    assert "usermeta" not in bundle(bars(usermeta={"embedOptions": {"ast": False}}))[FIGURE_MIME]["spec"]


@pytest.mark.parametrize(
    ("language", "orient", "reverse"), [("en", "left", None), ("ar", "right", True), ("fa", "right", True)]
)
def test_the_layout_follows_the_direction(language, orient, reverse):
    config = configure(bars(), language).to_dict()["config"]
    assert config["axisY"]["orient"] == orient
    assert config.get("scale", {}).get("xReverse") is reverse
    assert config["legend"]["columns"] == 2
    assert config["legend"]["orient"] == "top"


@pytest.mark.parametrize("compose", [lambda chart: chart, lambda chart: chart + chart, lambda chart: chart | chart])
def test_time_runs_from_left_to_right_in_every_language(compose):
    days = pd.DataFrame({"day": pd.date_range("2025-01-01", periods=3), "n": [1, 2, 3]})
    chart = compose(alt.Chart(days).mark_line().encode(x="day:T", y="n:Q"))
    found = re.findall(r'"x": (\{.*?\}\})', configure(chart, "ar").to_json(indent=None))
    assert found
    assert all('"reverse": false' in channel for channel in found)


def test_an_authors_own_direction_of_time_stands():
    days = pd.DataFrame({"day": pd.date_range("2025-01-01", periods=3), "n": [1, 2, 3]})
    chart = alt.Chart(days).mark_line().encode(x=alt.X("day:T", scale=alt.Scale(reverse=True)), y="n:Q")
    assert configure(chart, "fa").to_dict()["encoding"]["x"]["scale"] == {"reverse": True}


def test_persian_charts_have_persian_digits_on_both_axes():
    days = pd.DataFrame({"day": pd.date_range("2024-11-01", periods=4, freq="MS"), "n": [1, 2, 3, 4000]})
    chart = configure(alt.Chart(days).mark_line().encode(x="day:T", y="n:Q"), "fa")
    still = bundle(chart, table=None)[FIGURE_MIME]["still"]
    texts = "".join(re.findall(r">([^<>]+)</text>", still))
    assert "۲۰۲۵" in texts
    assert "۴٬۰۰۰" in texts
    assert not re.search("[0-9]", texts)


def test_a_category_called_constructor_is_drawn():
    names = pd.DataFrame({"theme": [label("constructor"), label("toString"), label("ok")], "n": [3, 2, 1]})
    chart = alt.Chart(names).mark_bar().encode(x="n:Q", y="theme:N", color="theme:N")
    assert bundle(chart, table=None)[FIGURE_MIME]["still"].count('aria-roledescription="bar"') == 3


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Late delivery", 28, "Late delivery"),
        ("Late delivery again", 14, "Late delivery…"),
        ("Rechnung · bekommen · zahlen", 24, "Rechnung · bekommen…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("a\n  b\tc", 28, "a b c"),
        ("\u202etxt.exe\u2069", 28, "txt.exe"),
        ("می‌خواهم", 28, "می‌خواهم"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦…"),
    ],
)
def test_labels_are_short_and_isolated(text, length, expected):
    assert label(text, length) == f"\u2068{expected}\u2069"


def test_tables_escape_every_place_that_text_can_stand():
    hostile = "<img src=x onerror=alert(1)>"
    html = table_html(pd.DataFrame({hostile: [hostile]}), caption=f'"{hostile}', language="en")
    assert "<img" not in html
    assert html.count("&lt;img") == 4


def test_tables_mark_headings_numbers_and_missing_values():
    table = pd.DataFrame({"theme": ["a", None], "share": [0.5, np.nan], "n": [1200, 3]})
    html = table_html(
        table,
        caption="Shares",
        language="fa",
        columns={"theme": "Theme", "share": "Share"},
        formats={"share": lambda share: f"{share:.0%}"},
    )
    assert '<th scope="col" dir="auto">Theme</th><th scope="col" dir="auto" class="number">Share</th>' in html
    assert '<th scope="row" dir="auto">a</th><td class="number">50%</td>' in html
    assert '<th scope="row" dir="auto">–</th><td class="number">–</td>' in html
    assert 'tabindex="0" role="region" aria-label="Shares"' in html
    assert "1200" not in html


@pytest.mark.parametrize(("cells", "is_number"), [
    (["19%", "4%"], True), (["۱۹٪", "–"], True), (["\u200e−100", "\u200e−37"], True), (["fewer", "7", "fewer"], True),
    (["", "7"], True), (["few", "7", "hidden", "nobody"], True),
    (["late", "7", "dear", "slow", "cold"], False), (["7 days", "8 days"], False), (["–", ""], False),
])
def test_written_numbers_are_numbers(cells, is_number):
    html = table_html(pd.DataFrame({"name": "2026", "n": cells}), caption="T", language="fa")
    assert ('<th scope="col" dir="auto" class="number">n</th>' in html) is is_number
    assert html.count('<td class="number">') == (len(cells) if is_number else 0)
    assert '<th scope="row" dir="auto">2026</th>' in html


def test_an_interval_runs_as_the_page_does_and_a_quote_as_it_was_written():
    cells = ["\u2068\u200e−78\u2069 تا \u2068\u200e−25\u2069", "too late"]
    html = table_html(pd.DataFrame({"name": "a", "n": cells}), caption="T", language="fa")
    assert f"<td>{cells[0]}</td>" in html
    assert '<td dir="auto">too late</td>' in html


@pytest.mark.parametrize("given", [{"columns": {"them": "Theme"}}, {"formats": {"them": str}}])
def test_tables_name_a_column_that_is_not_there(given):
    with pytest.raises(InputError, match=r"no column 'them' \(did you mean 'theme'\?\); it has theme, n"):
        table_html(COUNTS, caption="", language="en", **given)


def test_html_is_also_plain_text():
    assert Html("<p>Late</p><p>again &amp; again</p>")._repr_mimebundle_() == {
        "text/html": "<p>Late</p><p>again &amp; again</p>",
        "text/plain": "Late again & again",
    }

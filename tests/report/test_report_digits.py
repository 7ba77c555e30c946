"""One policy of digits for a page, which a study may set."""

import dataclasses
import re

import pandas as pd
import pytest

from workbench.charts.bars import interval_bars
from workbench.charts.display import specification
from workbench.charts.grids import share_grid
from workbench.charts.lines import share_line
from workbench.charts.numerals import choose_digits, format_number, format_share
from workbench.charts.stills import still_picture
from workbench.errors import StudyError
from workbench.report import render_report
from workbench.report.messages import load_messages, message_keys, placeholders
from workbench.report.page import Page
from workbench.study import load_study

LATIN, PERSIAN, ARABIC = "[0-9]", "[۰-۹]", "[٠-٩]"


@pytest.fixture(autouse=True)
def usual_digits():
    yield
    for language in ("ar", "fa"):
        choose_digits(language)


def visible(html):
    without_codes = re.sub(r"<code.*?</code>|<bdi>.*?</bdi>", "", html)
    return re.sub(r"<[^>]+>", " ", without_codes)


@pytest.mark.parametrize(("language", "chosen", "present", "absent"), [
    ("ar", None, LATIN, ARABIC), ("ar", "arabic", ARABIC, LATIN), ("fa", None, PERSIAN, LATIN),
    ("fa", "latin", LATIN, PERSIAN), ("fa", "arabic", ARABIC, PERSIAN),
])
def test_a_page_writes_the_digits_of_its_study(small_analysis, language, chosen, present, absent):
    digits = {language: chosen} if chosen else {}
    analysis = dataclasses.replace(small_analysis, study=small_analysis.study.model_copy(update={"digits": digits}))
    text = visible(Page(analysis, language).key_figures().html)
    assert re.search(present, text)
    assert not re.search(absent, text)


def test_a_chart_follows_and_the_next_page_is_as_usual(small_analysis):
    study = small_analysis.study.model_copy(update={"digits": {"ar": "arabic"}})
    figure = Page(dataclasses.replace(small_analysis, study=study), "ar").who_spoke("market")
    number = figure.chart.to_dict()["config"]["locale"]["number"]
    assert number["numerals"][:3] == ["٠", "١", "٢"]
    assert number["percent"] == "٪\u200f"
    usual = Page(small_analysis, "ar").who_spoke("market").chart.to_dict()["config"]["locale"]["number"]
    assert "numerals" not in usual


@pytest.mark.parametrize(("kind", "number", "share"), [
    ("latin", "1,234.5", "12%"), ("arabic", "١٬٢٣٤٫٥", "١٢٪"), ("persian", "۱٬۲۳۴٫۵", "۱۲٪")])
def test_separators_go_with_the_digits(kind, number, share):
    choose_digits("ar", kind)
    assert (format_number(1234.5, 1, "ar"), format_share(0.12, 0, "ar")) == (number, share)


@pytest.mark.parametrize(("language", "kind", "absent"), [
    ("ar", None, "[۰-۹٠-٩٪٫٬]"), ("ar", "arabic", "[0-9۰-۹%]"), ("ar", "persian", "[0-9٠-٩%]"),
    ("fa", None, "[0-9٠-٩%]"), ("fa", "latin", "[۰-۹٠-٩٪٫٬]"), ("fa", "arabic", "[0-9۰-۹%]"),
])
def test_numbers_within_sentences_follow_as_well(language, kind, absent):
    choose_digits(language, kind)
    m = load_messages(language)
    wrong = {}
    for key in (key for key in message_keys(m.texts) if not key.startswith("prose.")):
        names = placeholders(m._find(key))
        text = m(key, **(dict.fromkeys(names, "") | ({"count": 3} if "count" in names else {})))
        if re.search(absent, re.sub("[A-Za-z]+[0-9]+", "", text)):  # F1
            wrong[key] = text
    prose = [m.prose(notebook, cell) or "" for notebook, cells in m.texts["prose"].items() for cell in cells]
    assert (wrong, [text for text in prose if re.search(absent, text)]) == ({}, [])


def test_a_customers_words_and_other_languages_keep_their_digits():
    choose_digits("ar", "arabic")
    ar = load_messages("ar")
    assert "iPhone 15" in ar("receipt.table", name="iPhone 15", count=3, sha256="ab12")
    assert "ab12" in ar("receipt.table", name="", count=3, sha256="ab12")
    assert "19 of 20" in load_messages("en")("examined.by_chance_high")
    assert "٢٠" in ar("examined.by_chance_high")


def test_a_wrong_kind_of_digits_is_an_error_with_its_line(make_small_study, tmp_path):
    path = make_small_study(tmp_path / "wrong", "digits: {fa: roman}\n")
    with pytest.raises(StudyError, match=r"study\.yaml:\d+: 'digits\.fa'"):
        load_study(path)


@pytest.mark.slow
def test_the_finished_page_has_them_throughout(make_small_study, tmp_path):
    study = make_small_study(tmp_path / "study", "digits: {fa: latin}\n")
    html = render_report("executive", study=study, language="fa", output=tmp_path / "out", progress=False).html
    main = html.read_text(encoding="utf-8").split("<body>")[1].split('<script type="application/json"')[0]
    shown = visible(main)
    assert re.search(LATIN, shown)
    assert not re.search(PERSIAN, shown)


@pytest.mark.parametrize(("language", "digits", "axis", "numbers"), [
    ("en", None, ["0%", "10%", "20%"], "12,000"), ("tr", None, ["%0", "%10", "%20"], "12.000"),
    ("de", None, ["0\xa0%", "10\xa0%", "20\xa0%"], "12.000"), ("fr", None, None, "12\u202f000"),
    ("ar", None, ["0%", "10%", "20%"], "12,000"), ("fa", None, ["۰٪", "۱۰٪", "۲۰٪"], "۱۲٬۰۰۰"),
    ("ar", "arabic", ["٠٪\u200f", "١٠٪\u200f", "٢٠٪\u200f"], "١٢٬٠٠٠"),
])
def test_axes_and_legends_write_numbers_as_the_language_does(language, digits, axis, numbers):
    bars = pd.DataFrame({"name": ["a"], "value": [0.2], "low": [0.1], "high": [0.2]})
    line = pd.DataFrame({"period": pd.to_datetime(["2026-01-01", "2026-02-01"]), "share": [0.1, 0.2], "low": [0.0, 0.1],
                         "high": [0.2, 0.2], "is_partial": False})
    grid = pd.DataFrame({"row": ["a"], "column": ["b"], "share": [0.2], "text": [""]})
    counts = bars.assign(value=12_000, low=9_000, high=12_000)
    choose_digits(language, digits)
    written = [set(re.findall(">([^<>]+)</text>", still_picture(specification(chart)))) for chart in (
        interval_bars(bars, axis_title="", language=language), share_line(line, axis_title="", language=language),
        share_grid(grid, legend_title="", language=language, columns=["b"], rows=["a"]),
        interval_bars(counts, axis_title="", language=language, percent=False))]
    wanted = axis or [format_share(share, 0, language) for share in (0, 0.1, 0.2)]
    for found in written[:3]:
        assert {wanted[0], wanted[-1]} <= found
    assert numbers in written[3]

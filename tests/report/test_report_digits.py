"""One policy of digits for a page, which a study may set."""

import dataclasses
import re

import pytest

from workbench.charts.numerals import choose_digits, format_number, format_share
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
    assert number["percent"] == "٪"
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

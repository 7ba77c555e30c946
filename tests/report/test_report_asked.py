"""What is told of how themes were looked for: another number than the study asks for, and a sample of statements."""

from dataclasses import replace

import pytest

from workbench.report.page import Page

LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "tr")


def page_of(analysis, language="en", **facts):
    return Page(replace(analysis, facts={**analysis.facts, "themes": {**analysis.facts["themes"], **facts}}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_fewer_themes_than_asked_for_are_told_with_the_reason(small_analysis, language):
    page = page_of(small_analysis, language, asked_count=37, theme_count=6, minimum_size=4)
    for part in (page.how_it_was_made(), page.theme_quality()):
        assert page.messages.number(37) in part.html
        assert "minimum_size" in part.html
        assert f'{page.messages("asked.fewer", minimum=4, setting="X").split("X")[0][:30]}' in part.html


def test_more_themes_than_asked_for_are_told_without_that_reason(small_analysis):
    html = page_of(small_analysis, asked_count=2, theme_count=6).how_it_was_made().html
    assert "Themes that the study asks for: about 2; found: 6." in html
    assert "minimum_size" not in html


@pytest.mark.parametrize("asked", [None, 6])
def test_nothing_is_told_where_the_number_is_reached_or_none_is_asked_for(small_analysis, asked):
    page = page_of(small_analysis, asked_count=asked, theme_count=6)
    assert "the study asks for: about" not in page.how_it_was_made().html + page.theme_quality().html


def test_themes_of_a_sample_are_told_as_such_wherever_their_trust_is_told(small_analysis):
    page = page_of(small_analysis, sampled=200, sampled_of=5000, sampled_alike=0.97)
    told = page.messages("sampled.themes", sampled=200, statements=5000)
    assert told in page.how_it_was_made().html
    assert told in page.passport().html
    unmeasured = small_analysis.passport.assign(resamples=0, seeds=0)
    tables = {**small_analysis.tables, "passport": unmeasured}
    assert told in Page(replace(page.analysis, tables=tables)).passport().html
    assert told not in Page(small_analysis).passport().html

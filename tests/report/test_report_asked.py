"""A number of themes that the study asks for and that there is not is told where the themes' settings stand."""

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

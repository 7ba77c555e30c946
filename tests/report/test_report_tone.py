"""Tone in a report: shares with intervals, small cells hidden, hostile words escaped."""

from dataclasses import replace

import pandas as pd
import pytest

from workbench.charts import Figure, Html
from workbench.report.page import Page


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_every_part_on_tone_is_made(small_analysis, language):
    page = Page(small_analysis, language=language)
    assert isinstance(page.theme_tones(), Figure)
    assert isinstance(page.how_tone_was_told(), Html)
    assert isinstance(page.contradictions(), Html)


def changed(analysis, **tables):
    return replace(analysis, tables={**analysis.tables, **tables})


def test_small_themes_have_no_tone(small_analysis):
    shares = small_analysis.tone_shares.assign(n=2)
    page = Page(changed(small_analysis, tone_shares=shares))
    assert isinstance(page.theme_tones(), Html)
    assert "tone of too few statements" in page.theme_tones().html
    assert "Tone of what is said" not in page.theme_profiles().html


def test_tones_begin_with_stable_themes(small_analysis):
    shares = small_analysis.tone_shares.query("dimension == 'theme' and value in ['0', '1']")
    shares = shares.assign(n=50, negative_share=shares["value"].map({"0": 0.4, "1": 0.9}))
    stability = small_analysis.themes["theme_id"].map({0: 0.9, 1: 0.3})
    page = Page(changed(small_analysis, tone_shares=shares, themes=small_analysis.themes.assign(stability=stability)))
    assert page.theme_tones().table["Negative"].tolist() == ["40%", "90%"]


def contradiction(**row):
    told = {"kind": "high_score_blaming_words", "n": 50, "count": 20, "share": 0.4, "share_low": 0.28,
            "share_high": 0.54, "expected_share": 0.05, "expected_share_low": 0.02, "expected_share_high": 0.09,
            "p_value": 0.001, "beyond_error": True, "reason": ""}
    return pd.DataFrame([{**told, **row}])


EXAMPLE = pd.DataFrame([{
    "kind": "high_score_blaming_words", "rank": 1, "feedback_id": "<b>1</b>", "statement_id": "1/0", "language": "en",
    "direction": "ltr", "score": -0.9, "text": "<script>bad</script>"}])


def shown(analysis, **row):
    return Page(changed(analysis, contradictions=contradiction(**row), contradiction_examples=EXAMPLE)
                ).contradictions().html


def test_contradictions_are_shown_beside_the_models_error(small_analysis):
    html = shown(small_analysis)
    assert "40%" in html
    assert "5%" in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<b>1" not in html


@pytest.mark.parametrize(("row", "told"), [
    ({"beyond_error": False}, "nothing is concluded"), ({"count": 2}, "too few to show"),
    ({"reason": "no such score", "n": 0, "count": 0}, "No comment with such a score"),
    ({"reason": "no scores", "n": 0, "count": 0}, "Without scores"),
])
def test_what_cannot_be_said_of_contradictions(small_analysis, row, told):
    html = shown(small_analysis, **row)
    assert told in html
    assert "blockquote" not in html

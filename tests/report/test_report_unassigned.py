"""The sample of statements that no theme fits."""

from dataclasses import replace

import pytest

from workbench.report.messages import load_messages
from workbench.report.sections.examined import unassigned_sample
from workbench.themes import sample_unassigned

EN = load_messages("en")


def without(analysis, share, text=None):
    """The analysis with so many of its statements in no theme, and the sample that belongs to it."""
    assignments = analysis.assignments.sort_values("statement_id", ignore_index=True)
    outside = assignments.index < round(share * len(assignments))
    assignments = assignments.assign(theme_id=assignments["theme_id"].mask(outside, -1))
    statements = analysis.statements if text is None else analysis.statements.assign(text=text)
    drawn = sample_unassigned(statements, assignments, size=5)
    return replace(analysis, tables={**analysis.tables, "assignments": assignments, "unassigned_sample": drawn})


def test_it_shows_what_was_drawn_and_says_of_how_many_and_from_which_floor(small_analysis):
    analysis = without(small_analysis, 0.5)
    shown = unassigned_sample(analysis, EN).html
    counted = analysis.profile.loc[analysis.profile["is_counted"], "feedback_id"]
    free = set(analysis.assignments.loc[analysis.assignments["theme_id"] < 0, "statement_id"])
    own = analysis.statements[analysis.statements["statement_id"].isin(free)
                              & analysis.statements["feedback_id"].isin(counted)]
    drawn = analysis.unassigned_sample[analysis.unassigned_sample["statement_id"].isin(own["statement_id"])]
    assert 0 < len(drawn) == shown.count("<blockquote") <= 5
    assert f"Shown: {len(drawn)} of {len(own)} statements" in shown
    assert f"below \u2068{EN.number(analysis.facts['themes']['floor'], 2)}\u2069" in shown
    for name in drawn["feedback_id"]:
        assert name in shown


def test_a_comment_that_is_not_counted_is_not_shown(small_analysis):
    analysis = without(small_analysis, 1)
    gone = analysis.unassigned_sample["feedback_id"].iloc[0]
    profile = analysis.profile.assign(is_counted=analysis.profile["feedback_id"] != gone)
    shown = unassigned_sample(replace(analysis, tables={**analysis.tables, "profile": profile}), EN).html
    assert gone not in shown
    assert shown.count("<blockquote") == 4


def test_what_was_given_a_theme_since_is_not_shown(small_analysis):
    analysis = without(small_analysis, 1)
    back = small_analysis.assignments
    stale = replace(analysis, tables={**analysis.tables, "assignments": back.assign(theme_id=0)})
    assert unassigned_sample(stale, EN).html == "<p>Each statement has a theme.</p>"


def test_too_few_comments_are_hidden(small_analysis):
    shown = unassigned_sample(without(small_analysis, 0.02), EN).html
    assert "so none is shown" in shown
    assert "blockquote" not in shown


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_quotes_are_escaped(small_analysis, hostile):
    shown = unassigned_sample(without(small_analysis, 1, hostile), EN).html
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;" in shown


@pytest.mark.parametrize("language", ["ar", "de", "es", "fa", "fr", "tr"])
def test_every_language_tells_it(small_analysis, language):
    shown = unassigned_sample(without(small_analysis, 1), load_messages(language)).html
    assert shown.count("<blockquote") == 5
    assert "{" not in shown

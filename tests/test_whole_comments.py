"""What only the whole comment gives away is shown nowhere that a statement of it is shown."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from workbench.insights import choose_quotes
from workbench.insights.contradiction import find_contradictions
from workbench.report.page import Page
from workbench.themes import find_terms, sample_unassigned
from workbench.themes.sample import draw_sample

NAME = "Jane Doe-Millerton"
WHOLE = f"The bill was wrong.\nBest regards,\n{NAME}"
IDS = ["a", "b", "c"]
COMMENTS = pd.DataFrame({"feedback_id": IDS, "text": WHOLE, "nps": 10.0})
STATEMENTS = pd.DataFrame({"statement_id": [f"{name}/0" for name in IDS], "feedback_id": IDS,
                           "start": len(WHOLE) - len(NAME), "end": len(WHOLE), "text": NAME, "language": "en",
                           "direction": "ltr"})
ASSIGNED = pd.DataFrame({"statement_id": STATEMENTS["statement_id"], "theme_id": 0, "strength": 0.9})


def test_terms():
    assert len(find_terms(STATEMENTS))
    assert not len(find_terms(STATEMENTS, comments=COMMENTS))


def test_the_sample_of_the_unassigned():
    shown = sample_unassigned(STATEMENTS, ASSIGNED.assign(theme_id=-1), comments=COMMENTS)
    assert shown["text"].tolist() == ["[name]"] * 3


def test_the_sample_for_people_to_code():
    assert draw_sample(STATEMENTS, ASSIGNED, np.zeros(3), comments=COMMENTS)["text"].tolist() == ["[name]"] * 3


@pytest.mark.parametrize("longest", [0, 1000])
def test_quotes_of_statements_and_of_whole_comments(longest):
    text = choose_quotes(STATEMENTS, ASSIGNED, COMMENTS, 1, longest_whole=longest)["text"]
    assert text.tolist() == [WHOLE.replace(NAME, "[name]") if longest else "[name]"]


def test_examples_of_contradictions():
    tone = pd.DataFrame({"statement_id": STATEMENTS["statement_id"], "score": -0.9, "tone": -1, "abstained": False})
    held_out = pd.DataFrame({"tone": [1, -1], "p_negative": [0.1, 0.9], "p_neutral": 0.0, "p_positive": [0.9, 0.1],
                             "weight": 1.0})
    _, examples = find_contradictions(COMMENTS, STATEMENTS, tone, held_out)
    assert examples["text"].tolist() == ["[name]"] * 3


def test_the_map(small_analysis):
    comments = small_analysis.comments.assign(text=WHOLE)
    statements = small_analysis.statements.assign(text=NAME, start=len(WHOLE) - len(NAME), end=len(WHOLE))
    tables = {**small_analysis.tables, "comments": comments, "statements": statements}
    quotes = Page(dataclasses.replace(small_analysis, tables=tables), "en").statement_map().quotes
    assert set(quotes.values()) == {"[name]"}

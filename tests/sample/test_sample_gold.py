"""The gold stands where it says, keeps to its lists, and is read by no analysis."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

PACKAGE = Path(__file__).parents[2] / "workbench"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LISTS = {
    "themes": "app_stability app_features connection_speed connection_drops wifi_coverage device_heat "
              "installation_wait technician_skill repeat_visits delivery self_setup call_queue call_rushed "
              "agent_manner chat_bot invoice_errors price_value contract_terms renewal_offer shop_staff "
              "partner_installer training return_refund recycling advertising_promise recommendation moving_house "
              "language_support payment_methods business_account other",
    "stages": "awareness discovery interest consideration action use advocacy",
    "touchpoints": "advertising web shop sales contract_legal procurement scheduling delivery technician training "
                   "product app contact_centre partners invoicing renewal returns_disposal",
}


def test_statements_stand_in_order_within_their_comment(gold: pd.DataFrame) -> None:
    assert (gold["start"] < gold["end"]).all()
    assert (gold["end"] <= gold["text"].str.len()).all()
    before = gold.groupby("feedback_id")["end"].shift(fill_value=0)
    assert (gold["start"] >= before).all()
    assert (gold["statement"] == gold.groupby("feedback_id").cumcount()).all()


def test_statements_begin_and_end_at_a_word(gold: pd.DataFrame) -> None:
    said = [text[start:end] for text, start, end in zip(gold["text"], gold["start"], gold["end"], strict=True)]
    assert all(words == words.strip() and words for words in said)
    inside = [start > 0 and text[start - 1].isalnum() and text[start].isalnum() and text[start].isascii()
              for text, start in zip(gold["text"], gold["start"], strict=True)]
    assert not any(inside)


def test_gold_covers_most_of_what_was_said(gold: pd.DataFrame, feedback: pd.DataFrame) -> None:
    covered = (gold["end"] - gold["start"]).groupby(gold["feedback_id"]).sum()
    lengths = feedback.set_index("feedback_id")["text"].str.len().loc[covered.index]
    assert covered.sum() / lengths.sum() > 0.9
    assert (covered / lengths)[lengths > 60].min() > 0.5


@pytest.mark.parametrize("column", LISTS)
def test_codes_are_of_the_list_and_all_are_used(gold: pd.DataFrame, column: str) -> None:
    used = gold[column].str.split("|").explode()
    assert set(used) - {""} == set(LISTS[column].split())
    assert gold["themes"].ne("").all()


def test_no_theme_takes_more_than_an_eighth(gold: pd.DataFrame, feedback: pd.DataFrame) -> None:
    themes = gold.assign(theme=gold["themes"].str.split("|")).explode("theme")
    assert themes.groupby("theme")["feedback_id"].nunique().max() <= len(feedback) / 8


def test_tone_of_a_comment_lies_within_the_tones_of_its_statements(
        gold: pd.DataFrame, gold_comments: pd.DataFrame) -> None:
    tones = gold.groupby("feedback_id")["tone"].agg(["min", "max"])
    own = gold_comments.set_index("feedback_id")["tone"].loc[tones.index]
    assert (own.between(tones["min"] - 1, tones["max"] + 1)).mean() > 0.98


@pytest.mark.parametrize("folder", [PACKAGE, NOTEBOOKS], ids=["package", "notebooks"])
def test_no_analysis_reads_the_gold(folder: Path) -> None:
    files = [path for kind in ("*.py", "*.yaml", "*.yml", "*.ipynb") for path in folder.rglob(kind)]
    readers = [path.name for path in files
               if any(name in path.read_text(encoding="utf-8") for name in ("gold.csv", "gold_comments", "pii.csv"))]
    assert readers == []
    if folder == PACKAGE:
        assert len(files) > 10

"""The sample study's tables, read once. Gold is read here and in these tests only."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLE / name, keep_default_na=False, dtype=str, encoding="utf-8")


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLE


@pytest.fixture(scope="session")
def feedback() -> pd.DataFrame:
    table = read("feedback.csv")
    for name in ("nps", "rating", "rating_max", "effort", "revenue", "cost"):
        table[name] = pd.to_numeric(table[name])
    table["created_at"] = pd.to_datetime(table["created_at"])
    return table


@pytest.fixture(scope="session")
def gold_comments() -> pd.DataFrame:
    table = read("gold_comments.csv").astype({"tone": int})
    return table.assign(language=table["languages"].str.split("|").str[0])


@pytest.fixture(scope="session")
def gold(feedback: pd.DataFrame) -> pd.DataFrame:
    """The coded statements, with the columns of their comments."""
    table = read("gold.csv").astype({"statement": int, "start": int, "end": int, "tone": int})
    return table.merge(feedback.drop(columns="touchpoint"), on="feedback_id", validate="many_to_one")


@pytest.fixture(scope="session")
def coded(feedback: pd.DataFrame, gold_comments: pd.DataFrame) -> pd.DataFrame:
    """The comments with their own tone, language, variety and flags beside them."""
    return feedback.drop(columns="language").merge(gold_comments, on="feedback_id", validate="one_to_one")


@pytest.fixture(scope="session")
def pii(feedback: pd.DataFrame) -> pd.DataFrame:
    table = read("pii.csv").astype({"start": int, "end": int}).merge(feedback, on="feedback_id", how="left")
    table["said"] = [text[start:end] for text, start, end in
                     zip(table["text"], table["start"], table["end"], strict=True)]
    return table

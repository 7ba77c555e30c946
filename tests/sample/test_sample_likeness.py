"""No two comments of a language are alike, as they would be if a template had made them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer

LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "hi", "it", "ja", "nl", "pt", "ru", "tr", "zh")
PUNCTUATION = r"[!-/:-@\[-`{-~…«»“”„،؛؟।、。「」！？，：]+"  # and no vowel signs of Hindi
SIGNS = {"analyzer": "char", "ngram_range": (4, 4), "binary": True}
WORDS = {"token_pattern": r"\S+", "binary": True}
PAIRS_OF_SIGNS = {"analyzer": "char", "ngram_range": (2, 2), "binary": True}


def closest(texts: pd.Series, settings: dict, least: int) -> float:
    """Return the largest share of common n-grams among all n-grams of any two texts."""
    grams = CountVectorizer(**settings).fit_transform(texts.str.replace(PUNCTUATION, " ", regex=True)).tocsr()
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    grams, sizes = grams[sizes >= least], sizes[sizes >= least]
    common = (grams @ grams.T).toarray().astype(float)
    np.fill_diagonal(common, 0)
    return float((common / (sizes[:, None] + sizes[None] - common)).max())


def originals(coded: pd.DataFrame, language: str) -> pd.Series:
    return coded[(coded["language"] == language) & (coded["dup_of"] == "")]["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_comments_share_many_runs_of_four_signs(coded: pd.DataFrame, language: str) -> None:
    assert closest(originals(coded, language), SIGNS, least=17) < 0.3


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_comments_share_many_words(coded: pd.DataFrame, language: str) -> None:
    settings = PAIRS_OF_SIGNS if language in ("zh", "ja") else WORDS
    assert closest(originals(coded, language), settings, least=6) < 0.35


@pytest.mark.parametrize("language", LANGUAGES)
def test_openings_do_not_recur(coded: pd.DataFrame, language: str) -> None:
    words = originals(coded, language).str.lower().str.split()
    openings = words[words.str.len() > 4].str[:3].str.join(" ").value_counts()
    assert openings.max() <= 2


def test_planted_duplicates_are_near_their_first(coded: pd.DataFrame) -> None:
    text = coded.set_index("feedback_id")["text"]
    again = coded[coded["dup_of"] != ""]
    assert len(again) >= 20
    for repeated, first in zip(again["feedback_id"], again["dup_of"], strict=True):
        assert closest(text[[repeated, first]], {**SIGNS, "ngram_range": (3, 3)}, least=1) > 0.4


def test_a_templated_set_would_be_caught() -> None:
    made = pd.Series([f"The courier came {day} late and the parcel was {state}" for day in ("one day", "two days")
                      for state in ("wet", "open")])
    assert closest(made, SIGNS, least=17) > 0.3
    assert closest(made, WORDS, least=6) > 0.35

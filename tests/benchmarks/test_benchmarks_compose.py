"""Composed comments are as many as asked, the same each time, and say where they are from."""

import pandas as pd
import pytest

from benchmarks import _compose
from benchmarks._compose import SETS, compose, told_missing, write_study
from workbench.feedback import load_feedback
from workbench.study import load_study


@pytest.fixture
def data(tmp_path):
    """A folder with two small public sets in place of the large ones."""
    for name, language in (("banking77_en", "en"), ("persian_snappfood", "fa")):
        texts = [f"{language} text number {number}" for number in range(20)]
        table = pd.DataFrame({"text": [*texts, "", texts[0]], "language": language, "rating": None,
                              "label": ["positive", "negative"] * 11})
        table.to_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def test_distinct_texts_stand_once_and_then_pairs_of_one_language(data):
    made = compose(300, data)
    texts = made.comments["text"]
    assert len(texts) == texts.nunique() == 300
    single = texts[texts.str.count("text number") == 1]
    assert len(single) == 40
    joined = texts[texts.str.count("text number") > 1]
    assert all(text.split()[0] == text.split()[4] for text in joined)
    assert "260 of them two or three texts joined" in made.heading
    assert "2 public sets" in made.heading
    assert not made.synthetic


def test_of_very_many_comments_each_is_halves_of_two_texts(data, monkeypatch):
    monkeypatch.setattr(_compose, "HALVES_BEYOND", 100)
    made = compose(300, data)
    texts = made.comments["text"]
    assert texts.str.fullmatch(r"(en|fa) text number \d+").all()
    assert set(texts[texts.str.startswith("fa")]) == {f"fa text number {number}" for number in range(20)}
    assert "260 of them halves of two texts" in made.heading


def test_the_same_comments_come_again_and_other_seeds_give_others(data):
    first, again, other = compose(100, data), compose(100, data), compose(100, data, seed=1)
    pd.testing.assert_frame_equal(first.comments, again.comments)
    assert first.comments["text"].tolist() != other.comments["text"].tolist()


def test_without_public_sets_the_heading_says_synthetic():
    made = compose(1_500, None)
    assert made.synthetic
    assert "SYNTHETIC" in made.heading
    assert made.comments["text"].nunique() == 1_500
    assert {"en", "ar", "fa"} <= {market_language(market) for market in made.comments["market"]}


def market_language(market):
    return {"GB": "en", "EG": "ar", "IR": "fa"}.get(market, "")


def test_what_is_missing_is_one_sentence_with_its_source(data):
    told = told_missing(data)
    assert told.count(".parquet") == len(SETS) - 2
    assert "dadelani/sib-200" in told
    assert told.endswith("they are left out.")
    assert told_missing(None).endswith("a synthetic stand-in takes their place.")
    for name in SETS:
        (data / f"{name}.parquet").touch()
    assert told_missing(data) == ""


def test_a_composed_study_is_read_without_a_rejected_row(tmp_path):
    made = compose(200, None)
    study = write_study(made.comments, tmp_path / "study", "themes: {refit: false}\n")
    comments, rejected = load_feedback(study.parent / "comments.csv")
    assert len(comments) == 200
    assert rejected.empty
    assert comments["nps"].between(0, 10).sum() == made.comments["nps"].notna().sum() > 100
    assert comments["created_at"].notna().all()
    assert load_study(study).themes.refit is False

"""How much there is of everything that the sample study promises."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from workbench.columns import COMMENTS, SOURCES, SPEAKERS, names

LEAST = {"fa": 180, "ar": 220, "en": 220, "de": 100, "fr": 80, "es": 80, "tr": 60}
SMALL = ("pt", "it", "nl", "ru", "zh", "ja", "hi")
MARKETS = {"GB", "IE", "DE", "AT", "NL", "FR", "ES", "IT", "PT", "TR", "EG", "SA", "AE", "JO", "IR", "IN", "CN",
           "JP", "KZ"}


@pytest.mark.parametrize(("language", "least"), LEAST.items())
def test_each_large_language_has_enough_comments(gold_comments: pd.DataFrame, language: str, least: int) -> None:
    assert (gold_comments["language"] == language).sum() >= least


def test_the_small_languages_have_enough_comments_together_and_each_has_some(gold_comments: pd.DataFrame) -> None:
    counts = gold_comments["language"].value_counts()
    assert counts.reindex(SMALL).sum() >= 250
    assert counts.reindex(SMALL).min() >= 30


def test_there_are_at_least_1200_comments_with_ids_in_order(feedback: pd.DataFrame) -> None:
    assert len(feedback) >= 1200
    assert feedback["feedback_id"].tolist() == [f"TV-{number:05d}" for number in range(1, len(feedback) + 1)]
    assert feedback["created_at"].is_monotonic_increasing


def test_ids_do_not_betray_the_language(gold_comments: pd.DataFrame) -> None:
    """A run of one language longer than chance allows would mean that the order is the writers' own."""
    changes = (gold_comments["language"] != gold_comments["language"].shift()).cumsum()
    assert changes.value_counts().max() <= 7


def test_columns_keep_to_the_contract(feedback: pd.DataFrame) -> None:
    assert set(feedback.columns) == set(names(COMMENTS))
    assert set(feedback["source"]) == set(SOURCES)
    assert set(feedback["speaker"]) == set(SPEAKERS)
    assert set(feedback["market"]) == MARKETS
    assert feedback["text"].str.strip().ne("").all()


def test_dates_cover_the_twelve_months(feedback: pd.DataFrame) -> None:
    assert feedback["created_at"].between("2025-11-01", "2026-10-31 23:59").all()
    months = feedback["created_at"].dt.strftime("%Y-%m").value_counts()
    assert len(months) == 12
    assert months.min() >= 60


def test_employees_and_proxies_speak_too(feedback: pd.DataFrame) -> None:
    counts = feedback["speaker"].value_counts()
    assert counts["employee"] >= 60
    assert counts["proxy"] >= 40


def test_a_third_is_praise_and_a_third_speaks_of_several_things(
        gold_comments: pd.DataFrame, gold: pd.DataFrame) -> None:
    assert (gold_comments["tone"] > 0).mean() >= 0.33
    assert (gold_comments["tone"] < 0).mean() >= 0.4
    assert (gold.groupby("feedback_id").size() > 1).sum() / len(gold_comments) >= 0.33


def test_lengths_run_from_one_word_to_a_story(feedback: pd.DataFrame) -> None:
    spaced = feedback[~feedback["market"].isin(["CN", "JP"])]["text"].str.split().str.len()
    assert (spaced <= 4).mean() >= 0.08
    assert (spaced >= 80).mean() >= 0.06


def test_romanised_rows_and_persian_in_arabic_letters(gold_comments: pd.DataFrame, coded: pd.DataFrame) -> None:
    romanised = coded[coded["variety"].isin(["ar-latn", "fa-latn"])]
    assert len(romanised) >= 40
    assert not romanised["text"].str.contains(r"[\u0621-\u064a\u06a9\u06cc]").any()
    arabic_letters = coded[coded["variety"] == "fa-arabic-letters"]
    assert len(arabic_letters) >= 10
    assert arabic_letters["text"].str.contains("[يك]").mean() > 0.9


@pytest.mark.parametrize("variety", ["ar", "ar-EG", "ar-GULF", "ar-LEV"])
def test_arabic_stands_in_four_varieties(gold_comments: pd.DataFrame, variety: str) -> None:
    assert (gold_comments["variety"] == variety).sum() >= 25


@pytest.mark.parametrize("sign", ["</script>", "onerror=", "=1+1", "javascript:", "\u202e"])
def test_hostile_text_is_there(feedback: pd.DataFrame, sign: str) -> None:
    assert feedback["text"].str.contains(re.escape(sign)).any()


@pytest.mark.parametrize(("flag", "least"), [("hostile", 10), ("dup", 20), ("irony", 40), ("nothing", 30),
                                             ("mixed", 20)])
def test_flags(gold_comments: pd.DataFrame, flag: str, least: int) -> None:
    assert gold_comments["flags"].str.split("|").map(lambda flags: flag in flags).sum() >= least


def test_answers_that_say_nothing_have_no_statement_in_every_language(
        gold_comments: pd.DataFrame, gold: pd.DataFrame) -> None:
    silent = gold_comments[gold_comments["flags"].str.contains("nothing")]
    assert not silent["feedback_id"].isin(gold["feedback_id"]).any()
    assert set(silent["language"]) == set(gold_comments["language"])


def test_emoji_occur_in_about_one_of_ten(feedback: pd.DataFrame) -> None:
    share = feedback["text"].str.contains("[\U0001f300-\U0001faff\u2600-\u27bf]").mean()
    assert 0.06 < share < 0.18


def test_surveys_state_their_question_in_the_language_of_the_comment(coded: pd.DataFrame) -> None:
    surveys = coded["source"] == "survey"
    assert coded.loc[surveys, ["question", "collected_for"]].ne("").all(axis=None)
    assert coded.loc[~surveys, ["question", "collected_for"]].eq("").all(axis=None)
    assert coded[surveys].groupby("question")["language"].nunique().max() == 1
    assert coded.loc[surveys, "collected_for"].nunique() == 3


def test_the_language_column_is_as_full_and_as_wrong_as_the_card_says(
        feedback: pd.DataFrame, gold_comments: pd.DataFrame) -> None:
    stated = feedback["language"] != ""
    assert 0.66 < stated.mean() < 0.74
    assert (feedback["language"] != gold_comments["language"])[stated].sum() == 8


def test_touchpoints_are_mostly_empty(feedback: pd.DataFrame) -> None:
    assert 0.5 < (feedback["touchpoint"] == "").mean() < 0.75


def test_some_customers_come_back_and_some_accounts_have_several_customers(feedback: pd.DataFrame) -> None:
    customers = feedback[feedback["customer_id"] != ""]
    comments = customers["customer_id"].value_counts()
    assert (comments > 1).sum() >= 60
    assert comments.max() <= 5
    accounts = customers[customers["account_id"] != ""].groupby("account_id")
    assert accounts["customer_id"].nunique().between(1, 4).all()
    assert (accounts["customer_id"].nunique() > 1).sum() >= 10
    assert customers[customers["account_id"] != ""]["segment"].eq("business").all()


@pytest.mark.parametrize(("name", "least"), [("company_texts.csv", 12), ("actions.csv", 5)])
def test_company_texts_and_actions_stand_beside_in_two_languages(sample: Path, name: str, least: int) -> None:
    table = pd.read_csv(sample / name, keep_default_na=False)
    languages = table.groupby("id")["language"].agg(set)
    assert len(languages) >= least
    assert languages.map(len).eq(2).all()
    assert languages.map(lambda both: "en" in both).all()


def test_company_texts_hold_promises_initiatives_and_indicators(sample: Path) -> None:
    table = pd.read_csv(sample / "company_texts.csv", keep_default_na=False)
    assert set(table["kind"]) == {"promise", "initiative", "indicator"}
    assert table["text"].str.len().min() > 20
    assert pd.to_datetime(table["since"]).le(pd.Timestamp("2026-10-31")).all()


def test_actions_have_owner_and_dates_in_order(sample: Path) -> None:
    table = pd.read_csv(sample / "actions.csv", parse_dates=["decided_on", "done_on", "check_on"])
    assert table["owner"].notna().all()
    assert (table["decided_on"] < table["check_on"]).all()
    done = table[table["done_on"].notna()]
    assert (done["decided_on"] <= done["done_on"]).all()
    assert (done["done_on"] < done["check_on"]).all()

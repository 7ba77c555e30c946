"""The numbers agree with the words, except where the story says otherwise."""

from __future__ import annotations

import pandas as pd
import pytest

NPS = {-2: (0, 4), -1: (2, 6), 0: (5, 8), 1: (8, 10), 2: (9, 10)}
STARS = {-2: (1, 2), -1: (2, 3), 0: (3, 4), 1: (4, 5), 2: (5, 5)}
EFFORT = {-2: (6, 7), -1: (4, 6), 0: (3, 5), 1: (1, 3), 2: (1, 2)}
OF_A_CUSTOMER = ["account_id", "revenue", "cost", "churned", "market", "segment"]


@pytest.fixture(scope="module")
def unsolved(feedback: pd.DataFrame) -> pd.Series:
    """Visits that were liked although the fault stayed: four or five stars, and no recommendation."""
    return (feedback["rating"] / feedback["rating_max"] >= 0.75) & (feedback["nps"] <= 5)


@pytest.mark.parametrize("tone", [-2, -1, 0, 1, 2])
def test_scores_agree_with_the_tone(coded: pd.DataFrame, unsolved: pd.Series, tone: int) -> None:
    said = coded[(coded["tone"] == tone) & ~unsolved]
    stars = (said["rating"] * 5 / said["rating_max"]).dropna()
    assert said["nps"].dropna().between(*NPS[tone]).all()
    assert stars.between(STARS[tone][0] - 0.5, STARS[tone][1]).all()
    assert said["effort"].dropna().between(*EFFORT[tone]).all()
    assert len(said["nps"].dropna()) > 20
    assert len(stars) > 10


def test_the_exception_is_the_unsolved_visits_only(
        coded: pd.DataFrame, gold: pd.DataFrame, unsolved: pd.Series) -> None:
    visits = set(gold[gold["themes"].str.contains("technician_skill|repeat_visits|partner_installer")
                      | gold["touchpoints"].str.contains("technician")]["feedback_id"])
    assert 50 <= unsolved.sum() <= 80
    assert set(coded[unsolved]["feedback_id"]) <= visits


def test_each_kind_of_source_has_its_own_numbers(feedback: pd.DataFrame, unsolved: pd.Series) -> None:
    customers = feedback[feedback["speaker"] == "customer"]
    reviews = customers[customers["source"] == "review"]
    assert reviews["rating"].notna().all()
    relationship = customers[customers["collected_for"] == "relationship survey"]
    assert 0.9 < relationship["nps"].notna().mean() < 1
    contacts = customers[customers["source"].isin(["call", "ticket", "chat"])]
    assert 0.5 < contacts["effort"].notna().mean() < 0.75
    assert feedback["rating"].notna().equals(feedback["rating_max"].notna())
    assert set(feedback["rating_max"].dropna()) == {5, 10}
    assert set(feedback[feedback["rating_max"] == 10]["market"]) == {"TR", "NL"}


def test_employees_and_proxies_have_neither_scores_nor_money(feedback: pd.DataFrame) -> None:
    others = feedback[feedback["speaker"] != "customer"]
    assert others[["nps", "rating", "effort", "revenue", "cost"]].isna().all(axis=None)
    assert others[["customer_id", "account_id", "churned"]].eq("").all(axis=None)


def test_every_customer_has_one_set_of_facts(feedback: pd.DataFrame) -> None:
    customers = feedback[feedback["speaker"] == "customer"]
    assert customers["customer_id"].ne("").all()
    assert customers[["revenue", "cost"]].gt(0).all(axis=None)
    assert set(customers["churned"]) == {"True", "False"}
    assert customers.groupby("customer_id")[OF_A_CUSTOMER].nunique().max().max() == 1


def test_those_who_rage_leave_more_often(coded: pd.DataFrame) -> None:
    left = coded[coded["churned"] != ""].assign(left=coded["churned"] == "True").groupby("tone")["left"].mean()
    assert left[-2] > 0.25
    assert left[1] < 0.15


def test_near_duplicates_share_customer_and_scores(coded: pd.DataFrame) -> None:
    again = coded[coded["dup_of"] != ""]
    first = coded.set_index("feedback_id").loc[again["dup_of"]].reset_index()
    again = again.reset_index(drop=True)
    assert (again["customer_id"] == first["customer_id"]).all()
    assert (again["text"] != first["text"]).all()
    assert (again["created_at"] > first["created_at"]).all()
    both = again["nps"].notna() & first["nps"].notna()
    assert both.sum() >= 8
    assert (again["nps"] == first["nps"])[both].all()

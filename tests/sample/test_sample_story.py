"""What ``story.md`` says was planted can be counted in the tables."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def story(sample: Path) -> dict[str, str]:
    """The lines of the story's tables: what is counted -> how many."""
    lines = re.findall(r"^\| (.+) \| (.+) \|$", (sample / "story.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {what: count for what, count in lines if what not in ("What", "---")}


def comments(statements: pd.DataFrame) -> int:
    return statements["feedback_id"].nunique()


def about(gold: pd.DataFrame, theme: str) -> pd.DataFrame:
    return gold[gold["themes"].str.split("|").map(lambda themes: theme in themes)]


def blame(gold: pd.DataFrame, theme: str) -> pd.DataFrame:
    return about(gold, theme)[lambda table: table["tone"] < 0]


def praise(gold: pd.DataFrame, theme: str) -> pd.DataFrame:
    return about(gold, theme)[lambda table: table["tone"] > 0]


def test_the_app_breaks_in_march_and_is_mended_in_may(gold: pd.DataFrame, story: dict[str, str]) -> None:
    found = blame(gold, "app_stability")
    broken = found[found["created_at"].between("2026-03-10", "2026-05-12")]
    assert comments(broken) == int(story["complaints from 2026-03-10 to 2026-05-11"]) > 80
    assert comments(found) - comments(broken) <= 3
    relief = praise(gold, "app_stability")[lambda table: table["created_at"] >= "2026-05-12"]
    assert comments(relief) == int(story["relief from 2026-05-12 on"]) >= 15


@pytest.mark.parametrize(("place", "iran"), [("Iran", True), ("all other markets", False)])
@pytest.mark.parametrize("when", ["before", "from"])
def test_the_courier_helps_one_market_only(
        gold: pd.DataFrame, story: dict[str, str], place: str, iran: bool, when: str) -> None:
    said = gold[((gold["market"] == "IR") == iran) & ((gold["created_at"] < "2026-05-01") == (when == "before"))]
    told = story[f"{place}, {when} 2026-05-01: comments on delivery, of these with blame, with praise"]
    counts = [comments(about(said, "delivery")), comments(blame(said, "delivery")), comments(praise(said, "delivery"))]
    assert told == ", ".join(map(str, counts))
    share = counts[1] / counts[0]
    low, high = {(True, "before"): (0.8, 1), (True, "from"): (0, 0.2)}.get((iran, when), (0.35, 0.65))
    assert low <= share <= high


def test_jordan_and_awareness_are_rare(gold: pd.DataFrame, feedback: pd.DataFrame, story: dict[str, str]) -> None:
    assert (feedback["market"] == "JO").sum() == int(story["comments from Jordan (JO)"]) == 6
    aware = comments(gold[gold["stages"].str.contains("awareness")])
    assert aware == int(story["comments with a statement of the stage awareness"])
    assert 1 <= aware <= len(feedback) / 100


def test_visits_are_liked_while_the_fault_stays(feedback: pd.DataFrame, story: dict[str, str]) -> None:
    stars = 5 * feedback["rating"] / feedback["rating_max"]
    found = feedback[(stars >= 3.7) & (feedback["nps"] <= 5)]
    assert len(found) == int(story["comments that praise the visit while the fault stays"])
    assert float(story["their mean rating, of five (those out of ten halved)"]) > 4.5
    assert found["nps"].mean() == pytest.approx(float(story["their mean likelihood to recommend, of ten"]), abs=0.005)
    assert (found.drop_duplicates("customer_id")["churned"] == "True").mean() > 0.45


def test_one_promise_is_contradicted_one_confirmed_one_unheard(
        gold: pd.DataFrame, feedback: pd.DataFrame, story: dict[str, str]) -> None:
    against = story["comments that contradict “Online within 48 hours” or another promise of the advertising"]
    assert comments(blame(gold, "advertising_promise")) == int(against)
    assert 0.04 < int(against) / len(feedback) < 0.08
    confirmed = story["comments that confirm “Every old router gets a second life”"]
    assert comments(praise(gold, "recycling")) == int(confirmed)
    assert comments(blame(gold, "recycling")) == int(story["comments that contradict it"])
    unheard = "climat|klima|اقلیم|آب و هوا|المناخ|气候|碳中和|気候|climático|iklim|климат|जलवायु"
    speaks = feedback["text"].str.contains(unheard, case=False) & feedback["text"].str.contains("2027|neutral|خنث|中和")
    assert speaks.sum() == int(story["comments on “climate-neutral network 2027”"]) == 0


def test_shorter_calls_are_felt(gold: pd.DataFrame, story: dict[str, str]) -> None:
    found = blame(gold, "call_rushed")
    before = found[found["created_at"] < "2026-01-15"]
    assert comments(before) == int(story["complaints of calls cut short before 2026-01-15"])
    assert comments(before) <= 2
    after = int(story["complaints of calls cut short from 2026-01-15 on"])
    assert comments(found) - comments(before) == after >= 60


def test_employees_name_the_heat_a_month_before_customers(gold: pd.DataFrame, story: dict[str, str]) -> None:
    hot = about(gold, "device_heat").assign(day=lambda table: table["created_at"].dt.strftime("%Y-%m-%d"))
    staff, others = hot[hot["speaker"] == "employee"], hot[hot["speaker"] != "employee"]
    assert staff["day"].min() == story["first comment of an employee"] == "2026-06-05"
    assert others["day"].min() == story["first comment of a customer or a proxy"] >= "2026-07-12"
    early = comments(staff[staff["day"] < "2026-07-12"])
    assert early == int(story["comments of employees before 2026-07-12"]) >= 15
    assert comments(others) == int(story["comments of customers and proxies"]) >= 50


def test_loyal_customers_turn_after_one_moment(coded: pd.DataFrame, story: dict[str, str]) -> None:
    turned = {what: day for what, day in story.items() if what.endswith("turned on")}
    assert len(turned) == int(story["customers"]) >= 10
    for what, day in turned.items():
        said = coded[coded["customer_id"] == what[:7]].sort_values("created_at")
        warm, cold = said[said["created_at"] < day], said[said["created_at"] >= day]
        assert len(warm) >= 2
        assert (warm["tone"] > 0).all()
        assert warm["nps"].dropna().ge(9).all()
        assert (cold["tone"] < 0).all()
        assert cold["nps"].dropna().le(2).all()
        assert (said["churned"] == "True").all()


def test_the_card_counts_what_is_there(
        sample: Path, feedback: pd.DataFrame, gold_comments: pd.DataFrame, pii: pd.DataFrame) -> None:
    card = (sample / "README.md").read_text(encoding="utf-8")
    for name in ("channel", "market", "source", "speaker", "segment"):
        for value, count in feedback[name].value_counts().items():
            assert f"| {value} | {count} |" in card
    for month, count in feedback["created_at"].dt.strftime("%Y-%m").value_counts().items():
        assert f"| {month} | {count} |" in card
    for kind, count in pii["type"].value_counts().items():
        assert f"| {kind} | {count} |" in card
    assert f"| Persian | {(gold_comments['language'] == 'fa').sum()} |" in card
    assert f"| comments | {len(feedback)} |" in card

"""Customers in time: who may be followed, episodes, transitions, endings and turning points with known answers."""

from collections import Counter
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from workbench.insights import (
    count_transitions,
    end_customers,
    find_episodes,
    find_fine_but_lost,
    find_turned,
    follow_customers,
    judge_outcome,
    name_turned,
    nps_level,
    strata,
    tell_episodes,
    transitions,
    weigh_moments,
    weigh_touchpoints,
)
from workbench.insights.strata import compare_within


def rows_of(*rows, columns=("customer_id", "created_at")):
    table = pd.DataFrame(rows, columns=list(columns))
    table.insert(0, "feedback_id", [f"f{i}" for i in range(len(table))])
    if "created_at" in table:
        table["created_at"] = pd.to_datetime(table["created_at"], format="ISO8601")
    return table


# Who may be followed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "columns", "left_out", "used"), [
    ([("k", "2026-01-01"), (None, "2026-01-01"), ("", "2026-01-02"), (" ", "2026-01-02")],
     ("customer_id", "created_at"), {"no customer": 3}, 1),
    ([("k", "2026-01-01"), ("k", None)], ("customer_id", "created_at"), {"no date": 1}, 1),
    ([("k", "2026-01-31 23:59"), ("k", "2026-02-01"), ("k", "2030-01-01")],
     ("customer_id", "created_at"), {"date in the future": 2}, 1),
    ([(None, None)], ("customer_id", "created_at"), {"no customer": 1}, 0),
    ([("k",), ("k",)], ("customer_id",), {"no date": 2}, 0),
    ([("2026-01-01",)], ("created_at",), {"no customer": 1}, 0),
    ([("k", "2026-01-01", "DE"), ("k", "2026-01-01", "EG"), ("j", "2026-01-01", "EG")],
     ("customer_id", "created_at", "market"), {"shared id": 2}, 1),
    ([("k", "2026-01-01", "DE"), ("k", "2026-01-05", "EG"), ("k", "2026-01-09", "DE")],
     ("customer_id", "created_at", "market"), {"shared id": 3}, 0),
    ([("k", "2026-01-01", "DE"), ("k", "2026-01-05", "DE"), ("k", "2026-01-09", "EG")],
     ("customer_id", "created_at", "market"), {}, 3),
    ([("k", "2026-01-01", "DE"), ("k", "2026-01-05", None), ("k", "2026-01-09", "DE")],
     ("customer_id", "created_at", "market"), {}, 3),
    ([("k", "2026-01-01", "senior"), ("k", "2026-01-01", "student")],
     ("customer_id", "created_at", "segment"), {"shared id": 2}, 0),
    ([("k", "2026-01-01", "ar"), ("k", "2026-01-01", "fa")],
     ("customer_id", "created_at", "language"), {"shared id": 2}, 0),
    ([("k", "2026-01-01", "ar"), ("k", "2026-01-05", "en"), ("k", "2026-01-09", "ar")],
     ("customer_id", "created_at", "language"), {}, 3),
])
def test_what_cannot_be_followed_is_counted_with_its_reason(rows, columns, left_out, used):
    table, facts = follow_customers(rows_of(*rows, columns=columns), date(2026, 1, 31))
    assert {name: count for name, count in facts["left_out"].items() if count} == left_out
    assert len(table) == facts["used"] == used
    assert facts["used"] + sum(facts["left_out"].values()) == len(rows)


def test_a_shared_id_is_counted_once_and_leaves_the_others_alone():
    rows = rows_of(("k", "2026-01-01", "DE"), ("k", "2026-01-01", "EG"), ("j", "2026-01-03", "EG"),
                   columns=("customer_id", "created_at", "market"))
    table, facts = follow_customers(rows)
    assert (facts["shared_ids"], facts["customers"], table["customer_id"].tolist()) == (1, 1, ["j"])


def test_without_a_last_day_nothing_lies_in_the_future():
    _, facts = follow_customers(rows_of(("k", "2200-01-01")))
    assert facts["left_out"]["date in the future"] == 0


# Episodes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "numbers"), [(9, [1, 2, 3, 1]), (10, [1, 1, 2, 1]), (60, [1, 1, 1, 1])])
def test_a_pause_longer_than_the_gap_begins_a_new_episode(gap, numbers):
    histories, _ = follow_customers(rows_of(("a", "2026-01-01"), ("a", "2026-01-11"), ("a", "2026-02-20"),
                                            ("b", "2026-02-21")))
    found = find_episodes(histories, gap)
    assert [int(name.rsplit("/", 1)[1]) for name in found] == numbers
    assert found.str.startswith(("a/", "b/")).all()


def test_an_episode_tells_its_stages_in_order_and_how_it_ended():
    histories = rows_of(("k", "2026-01-01", 9.0, True), ("k", "2026-01-05", 8.0, True), ("k", "2026-09-01", 9.0, True),
                        columns=("customer_id", "created_at", "nps", "churned"))
    mentions = pd.DataFrame({
        "statement_id": ["f0/0", "f0/2", "f0/10", "f1/0", "f2/0"], "feedback_id": ["f0", "f0", "f0", "f1", "f2"],
        "stage_id": ["interest", "interest", "action", "action", "unassigned"], "touchpoint_id": "unassigned"})
    table = tell_episodes(histories, mentions, 30)
    assert table[["episode_id", "comment_count", "stages", "touchpoints", "last_nps", "outcome"]].values.tolist() == [
        ["k/1", 2, "interest > action", "", 8.0, "good"], ["k/2", 1, "", "", 9.0, "bad"]]


def test_no_histories_make_no_episodes():
    empty, _ = follow_customers(rows_of((None, "2026-01-01")))
    mentions = pd.DataFrame(columns=["statement_id", "feedback_id", "stage_id", "touchpoint_id", "theme_id"])
    assert not len(tell_episodes(empty, mentions))
    assert not len(find_episodes(empty))
    assert not len(count_transitions(empty, find_episodes(empty), mentions, ["use"]))
    assert not len(weigh_touchpoints(empty, mentions))
    assert not len(find_fine_but_lost(empty, mentions))
    at_risk = find_turned(empty, pd.Series(dtype=float))
    assert not len(weigh_moments(at_risk, mentions))
    assert not len(name_turned(at_risk, mentions, pd.Series(dtype=float)))


@pytest.mark.parametrize(("nps", "left", "outcome"), [
    (6, None, "bad"), (7, None, "good"), (None, False, "good"), (None, True, "bad"), (10, True, "bad"),
    (None, None, "unknown"), (0, False, "bad")])
def test_how_an_ending_is_judged(nps, left, outcome):
    judged = judge_outcome(pd.Series([nps], dtype=float), pd.Series([left], dtype="boolean"))
    assert judged.tolist() == [outcome]


# Transitions -------------------------------------------------------------------------------------------------------


def journey_of(*stages):
    """One customer a list of stages, a comment a day."""
    histories = pd.concat([pd.DataFrame({
        "customer_id": f"k{number:03}", "created_at": pd.date_range("2026-01-01", periods=len(path)),
        "feedback_id": [f"k{number:03}-{step}" for step in range(len(path))], "stage_id": list(path),
    }) for number, path in enumerate(stages)], ignore_index=True)
    return histories.drop(columns="stage_id"), histories[["feedback_id", "stage_id"]]


def test_customers_are_counted_once_for_a_pair():
    histories, mentions = journey_of("abab", "ab", "a")
    table = count_transitions(histories, find_episodes(histories), mentions, ["a", "b"])
    pairs = table.set_index(["from_stage", "to_stage"])
    assert pairs["customer_count"].to_dict() == {("a", "a"): 0, ("a", "b"): 2, ("b", "a"): 1, ("b", "b"): 0}
    assert (pairs.loc[("a", "b"), "base"], pairs.loc[("b", "a"), "base"]) == (2, 1)
    assert pairs.loc[("a", "b"), "customer_share"] == 1.0


def test_an_order_that_everybody_keeps_is_beyond_chance():
    histories, mentions = journey_of(*["ab"] * 30)
    pairs = count_transitions(histories, find_episodes(histories), mentions, ["a", "b"]).set_index(
        ["from_stage", "to_stage"])
    assert pairs.loc[("a", "b"), "p_adjusted"] < 0.01
    assert pairs.loc[("a", "b"), "expected_count"] == pytest.approx(15, abs=1)


def test_an_order_of_chance_is_not():
    generator = np.random.default_rng(2)
    histories, mentions = journey_of(*["".join(generator.permutation(list("abc"))) for _ in range(60)])
    table = count_transitions(histories, find_episodes(histories), mentions, ["a", "b", "c"])
    assert (table["p_adjusted"].dropna() > 0.05).all()


def test_one_step_among_many_stages_is_found_however_few_shuffles_there_are():
    """With thirty stages there are nine hundred pairs: what one of 2,000 shuffles can tell would never be enough."""
    generator = np.random.default_rng(6)
    stages = [chr(ord("A") + number) for number in range(30)]
    steps = [("A", "B", generator.choice(stages[2:])) for _ in range(60)]
    paths = [*steps, *(generator.choice(stages, 3) for _ in range(200))]
    histories, mentions = journey_of(*paths)
    table = count_transitions(histories, find_episodes(histories), mentions, stages)
    more = table[(table["p_adjusted"] < 0.05) & (table["customer_count"] > table["expected_count"])]
    assert more[["from_stage", "to_stage"]].values.tolist() == [["A", "B"]]


def test_the_bound_is_the_chance_itself_where_all_are_alike():
    """Sixty customers of two comments each: every order is a toss of a coin, and all sixty fall on one side."""
    histories, mentions = journey_of(*["ab"] * 60)
    table = count_transitions(histories, find_episodes(histories), mentions, ["a", "b"])
    found = table.set_index(["from_stage", "to_stage"]).loc[("a", "b"), "p_value"]
    assert 2 * 0.45**60 < found < 2 * 0.55**60


@pytest.mark.parametrize(("times", "steps"), [(("", ""), 0), (("", " 15:00"), 0), ((" 09:00", " 15:00"), 40)])
def test_comments_of_one_day_have_an_order_only_with_the_time_of_day(times, steps):
    """Surveys come before calls by their ids, and not by what happened."""
    histories = pd.DataFrame([(f"{source}{number:02}", f"k{number:02}", f"2026-03-0{1 + number % 9}{time}")
                              for number in range(40) for source, time in zip(("S", "T"), times, strict=True)],
                             columns=["feedback_id", "customer_id", "created_at"])
    histories["created_at"] = pd.to_datetime(histories["created_at"], format="ISO8601")
    mentions = pd.DataFrame({"feedback_id": histories["feedback_id"],
                             "stage_id": np.where(histories["feedback_id"].str[0] == "S", "action", "use")})
    table = count_transitions(histories, find_episodes(histories), mentions, ["action", "use"])
    assert table["customer_count"].sum() == steps


def test_the_next_comment_with_a_stage_counts_and_no_step_leaves_an_episode():
    histories, mentions = journey_of("a-b")
    table = count_transitions(histories, find_episodes(histories), mentions, ["a", "b"])
    assert table.loc[table["customer_count"] > 0, ["from_stage", "to_stage"]].values.tolist() == [["a", "b"]]
    assert not len(count_transitions(histories, pd.Series(["k/1", "k/1", "k/2"]), mentions, ["a", "b"]))


def steps_of_accounts(chance, effect=0.0, accounts=30):
    """Accounts of eight customers, most of whom go the way of the account; `effect` of them from "a" to "b"."""
    paths = []
    for _ in range(accounts):
        own = chance.permutation(list("abcd"))[:3].tolist()
        for _ in range(8):
            path = own if chance.random() < 0.8 else chance.permutation(own).tolist()
            goes = chance.random() < effect and {"a", "b"} <= set(path)
            paths.append(["a", "b", *(stage for stage in path if stage not in "ab")] if goes else path)
    histories, mentions = journey_of(*paths)
    return histories.assign(account_id=(np.arange(len(histories)) // 24).astype(str)), mentions


@pytest.mark.parametrize("runs", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_customers_of_one_account_go_alike_and_make_no_step(runs, monkeypatch):
    monkeypatch.setattr(transitions, "_SHUFFLES", 299)
    chance, found = np.random.default_rng(12), []
    for _ in range(runs):
        histories, mentions = steps_of_accounts(chance)
        for own in (histories.drop(columns="account_id"), histories):
            table = count_transitions(own, find_episodes(own), mentions, list("abcd"))
            real = table[table["from_stage"] != table["to_stage"]]
            found.append([(real["p_adjusted"] < 0.05).any(), ((real["customer_share_low"] <= 1 / 3) & (
                real["customer_share_high"] >= 1 / 3)).mean()])  # of three others each is as often the next
    naive, allowed = np.mean(found[::2], axis=0), np.mean(found[1::2], axis=0)
    assert naive[0] > 0.8
    assert naive[1] < 0.7
    assert allowed[0] < 0.08
    assert allowed[1] > 0.9


def test_a_step_that_customers_of_many_accounts_make_is_found(monkeypatch):
    monkeypatch.setattr(transitions, "_SHUFFLES", 299)
    histories, mentions = steps_of_accounts(np.random.default_rng(13), 0.9)
    table = count_transitions(histories, find_episodes(histories), mentions, list("abcd"))
    assert table.set_index(["from_stage", "to_stage"]).loc[("a", "b"), "p_adjusted"] < 0.05


def test_accounts_of_one_customer_change_no_digit_of_steps():
    generator = np.random.default_rng(2)
    histories, mentions = journey_of(*["".join(generator.permutation(list("abc"))) for _ in range(60)])
    own = histories.assign(account_id="a" + histories["customer_id"])
    tables = [count_transitions(rows, find_episodes(rows), mentions, list("abc")) for rows in (histories, own)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)


# Endings -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def endings():
    """Two hundred customers: those of the technician end badly although rated well; the app is met by most."""
    n = 200
    nps = np.where(np.arange(n) < 40, 2.0, np.where(np.arange(n) % 5, 9.0, 3.0))
    histories = pd.DataFrame({
        "customer_id": [f"k{i:03}" for i in range(n)], "feedback_id": [f"f{i:03}" for i in range(n)],
        "created_at": pd.Timestamp("2026-01-01"), "nps": nps,
        "rating": np.where(np.arange(n) % 7 == 0, 2.0, 5.0), "rating_max": 5.0})
    places = [("technician", range(40)), ("app", range(30, 200)), ("shop", range(196, 200))]
    mentions = pd.DataFrame([(f"f{i:03}/{place}", f"f{i:03}", place) for place, ids in places for i in ids],
                            columns=["statement_id", "feedback_id", "touchpoint_id"])
    return histories, mentions


def test_critical_is_told_from_frequent(endings):
    table = weigh_touchpoints(*endings).set_index("touchpoint_id")
    assert table["verdict"].to_dict() == {"app": "protective", "shop": "neither", "technician": "critical and frequent"}
    row = table.loc["technician"]
    assert (row["customer_count"], row["bad_count"], row["bad_share"]) == (40, 40, 1.0)
    assert row["difference_low"] < row["difference"] == pytest.approx(1 - row["bad_share_elsewhere"])
    assert np.isnan(table.loc["shop", "p_value"])  # four customers are not tested


def test_a_customer_who_writes_often_counts_once(endings):
    histories, mentions = endings
    often = pd.concat([histories, *(histories[histories["customer_id"] == "k000"].assign(feedback_id=f"x{i}")
                                    for i in range(50))], ignore_index=True)
    more = pd.concat([mentions, pd.DataFrame({"statement_id": [f"x{i}/0" for i in range(50)],
                                              "feedback_id": [f"x{i}" for i in range(50)],
                                              "touchpoint_id": "technician"})])
    counted = ["touchpoint_id", "customer_count", "bad_count", "bad_share", "bad_share_elsewhere", "verdict"]
    once = weigh_touchpoints(histories, mentions)
    pd.testing.assert_frame_equal(weigh_touchpoints(often, more)[counted], once[counted])


@pytest.fixture
def frail():
    """Three hundred customers write once, three hundred four times; of these three in four end badly, else a tenth."""
    wrote = np.repeat([1, 4], 300)
    who = np.repeat(np.arange(600), wrote)
    bad = np.where(wrote == 4, np.arange(600) % 4 > 0, np.arange(600) % 10 == 0)
    histories = pd.DataFrame({
        "customer_id": [f"k{i:03}" for i in who], "feedback_id": [f"f{i:04}" for i in range(len(who))],
        "created_at": pd.Timestamp("2026-01-01"), "nps": np.where(bad, 2.0, 9.0)[who], "rating": 5.0,
        "rating_max": 5.0})
    places = np.random.default_rng(0).choice(list("abcdefgh"), len(who))
    return histories, pd.DataFrame({"statement_id": histories["feedback_id"] + "/0",
                                    "feedback_id": histories["feedback_id"], "touchpoint_id": places})


def test_a_touchpoint_is_not_blamed_for_customers_who_write_often(frail):
    table = weigh_touchpoints(*frail)
    assert not table["verdict"].str.contains("critical").any()
    assert (table["bad_share"] > table["bad_share_elsewhere"] + 0.1).any()  # so that it would be blamed
    fine = find_fine_but_lost(*frail)
    assert not ((fine["p_adjusted"] < 0.05) & (fine["difference"] > 0)).any()


def test_a_touchpoint_of_bad_endings_is_found_among_customers_who_write_as_often(frail):
    histories, mentions = frail
    met = histories.loc[mentions["touchpoint_id"] == "c", "customer_id"]
    often = histories.assign(nps=histories["nps"].mask(histories["customer_id"].isin(met[::2]), 2.0))
    table = weigh_touchpoints(often, mentions).set_index("touchpoint_id")
    assert table.index[table["verdict"].str.contains("critical")].tolist() == ["c"]
    assert table.loc["c", "difference_low"] > 0


def of_accounts(chance, effect, accounts=30):
    """Accounts of eight customers who end alike and meet the same; `effect` of those who met "c" end badly."""
    account = np.repeat(np.arange(accounts), 8)
    size = len(account)
    bad = np.where(chance.random(size) < 0.8, (chance.random(accounts) < 0.5)[account], chance.random(size) < 0.5)
    met = np.where(chance.random(size) < 0.7, chance.integers(0, 6, accounts)[account], chance.integers(0, 6, size))
    bad |= (met == 2) & (chance.random(size) < effect)
    histories = pd.DataFrame({
        "customer_id": [f"k{i:03}" for i in range(size)], "feedback_id": [f"f{i:03}" for i in range(size)],
        "account_id": account.astype(str), "nps": np.where(bad, 0.0, 10.0), "rating": 5.0, "rating_max": 5.0})
    return histories, pd.DataFrame({"statement_id": histories["feedback_id"] + "/0",
                                    "feedback_id": histories["feedback_id"],
                                    "touchpoint_id": np.array(list("abcdef"))[met]})


@pytest.mark.parametrize("runs", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_customers_of_one_account_end_alike_and_make_no_touchpoint_critical(runs):
    chance, found = np.random.default_rng(8), []
    for _ in range(runs):
        histories, mentions = of_accounts(chance, 0.0)
        for own in (histories.drop(columns="account_id"), histories):
            table, fine = weigh_touchpoints(own, mentions), find_fine_but_lost(own, mentions).iloc[1:]
            found.append([(table["p_adjusted"] < 0.05).any(), (fine["p_adjusted"] < 0.05).any(),
                          ((table["difference_low"] <= 0) & (table["difference_high"] >= 0)).mean(),
                          ((table["bad_share_low"] <= 0.5) & (table["bad_share_high"] >= 0.5)).mean()])
    naive, allowed = np.mean(found[::2], axis=0), np.mean(found[1::2], axis=0)
    assert naive[:2].min() > 0.3
    assert naive[2:].max() < 0.85
    assert allowed[:2].max() < 0.08
    assert allowed[2:].min() > 0.92


def test_a_touchpoint_that_customers_of_many_accounts_leave_after_is_found():
    """By Student's t of the accounts it was found in 44 studies of a hundred."""
    chance, found = np.random.default_rng(9), []
    for _ in range(20):
        table = weigh_touchpoints(*of_accounts(chance, 0.9)).set_index("touchpoint_id")
        found.append(table.loc["c", "p_adjusted"] < 0.05)
    assert np.mean(found) > 0.65


def test_of_many_accounts_the_normal_tells_what_turned_signs_do(monkeypatch):
    histories, mentions = of_accounts(np.random.default_rng(11), 0.3, 80)
    turned = weigh_touchpoints(histories, mentions)["p_value"]
    monkeypatch.setattr(strata, "_MOST", 0)
    by_normal = weigh_touchpoints(histories, mentions)["p_value"]
    assert 0 < (turned - by_normal).abs().max() < 0.03


def test_what_no_turned_sign_reaches_is_told_beyond_them():
    hits = np.tile([1, 1, 0, 0], 100)
    p_value = compare_within(hits, hits, np.zeros(400, dtype=int), clusters=np.arange(400) // 4)[3]
    assert 1e-30 < p_value < 1e-20


def test_accounts_of_one_customer_change_no_digit(frail):
    histories, mentions = frail
    alone = histories.assign(account_id="a" + histories["customer_id"])
    for tell in (weigh_touchpoints, find_fine_but_lost):
        pd.testing.assert_frame_equal(tell(histories, mentions), tell(alone, mentions), check_exact=True)


def test_one_stratum_is_tested_as_fisher_does_and_several_as_all_ways_to_deal_have_it():
    for a, b, n, m in ((9, 2, 12, 20), (0, 7, 8, 15), (5, 5, 5, 9)):
        hits = np.array([1] * a + [0] * (n - a) + [1] * b + [0] * (m - b))
        inside = np.arange(n + m) < n
        assert compare_within(hits, inside, np.zeros(n + m, dtype=int))[3] == \
            pytest.approx(fisher_exact([[a, n - a], [b, m - b]]).pvalue)
    hits, inside = np.array([1, 1, 0, 1, 1, 0, 0, 0]), np.array([1, 1, 0, 1, 1, 0, 0, 0])
    strata = np.array([0, 0, 0, 1, 1, 1, 1, 1])
    ways = Counter(sum(hits[list(one)]) + sum(hits[list(two)])
                   for one in combinations(range(3), 2) for two in combinations(range(3, 8), 2))
    assert compare_within(hits, inside, strata)[3] == pytest.approx(
        sum(count for count in ways.values() if count <= ways[4]) / 30)


def test_what_no_stratum_can_compare_is_not_compared():
    assert np.isnan(compare_within(np.array([1, 0, 1]), np.array([1, 1, 0]), np.array([0, 0, 1]))).all()
    difference, low, high, p = compare_within(np.zeros(40, dtype=bool), np.arange(40) % 2, np.arange(40) // 20)
    assert (difference, p) == (0, 1)
    assert low < 0 < high


def test_thousands_in_a_stratum_are_compared():
    hits, inside = np.arange(60_000) % 7 == 0, np.arange(60_000) % 3 == 0
    assert compare_within(hits, inside, np.arange(60_000) % 5)[3] == pytest.approx(1.0, abs=0.05)
    assert compare_within(hits, hits, np.arange(60_000) % 5)[3] == 1e-30


def test_fine_touchpoints_of_a_bad_journey_are_found(endings):
    table = find_fine_but_lost(*endings).set_index("touchpoint_id")
    assert table.index[0] == "all"
    row = table.loc["technician"]
    assert (row["customer_count"], row["bad_count"]) == (34, 34)  # six of forty rated badly
    assert row["p_adjusted"] < 0.001
    assert row["bad_share_low"] > row["bad_share_elsewhere"]


def test_tone_judges_where_no_rating_does(endings):
    histories, mentions = endings
    tone = pd.DataFrame({"statement_id": mentions["statement_id"], "tone": 1.0})
    table = find_fine_but_lost(histories.drop(columns=["rating", "rating_max"]), mentions, tone)
    assert table.set_index("touchpoint_id").loc["technician", ["customer_count", "bad_count"]].tolist() == [40, 40]
    assert not len(find_fine_but_lost(histories.drop(columns=["rating", "rating_max"]), mentions))


def test_the_last_answer_given_is_the_ending():
    histories = rows_of(("k", "2026-01-01", 2.0), ("k", "2026-01-02", 9.0), ("k", "2026-01-03", None),
                        columns=("customer_id", "created_at", "nps"))
    assert end_customers(histories)[["last_nps", "outcome"]].values.tolist() == [[9.0, "good"]]


# Turning points ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "loyal_after", "turned"), [
    ([10, 9, 2], 1, ["f2"]), ([10, 9, 2], 2, ["f2"]), ([10, 2], 2, []), ([10, 2], 1, ["f1"]), ([10, 8, 2], 1, []),
    ([3, 10, 2], 1, []), ([10, 9, 9], 1, []), ([10, None, 2], 1, ["f2"]), ([None, None], 1, []),
    ([10, 2, 1], 1, ["f1"])])
def test_who_turned_and_where(answers, loyal_after, turned):
    histories = rows_of(*[("k", f"2026-01-0{i + 1}", answer) for i, answer in enumerate(answers)],
                        columns=("customer_id", "created_at", "nps"))
    levels = nps_level(histories.set_index("feedback_id")["nps"])
    at_risk = find_turned(histories, levels, loyal_after)
    mentions = pd.DataFrame({"feedback_id": histories["feedback_id"], "stage_id": "use", "touchpoint_id": "app"})
    assert name_turned(at_risk, mentions, levels)["feedback_id"].tolist() == turned


@pytest.mark.parametrize(("days", "answers", "turned"), [
    ((1, 2, 2), [10, 2, 10], []), ((1, 2, 2), [10, 10, 2], []), ((1, 1, 2), [10, 2, 2], []),
    ((1, 2, 2), [10, 2, 3], ["f1"]), ((1, 1, 2), [10, 9, 2], ["f2"]), ((1, 2, 2), [10, None, 2], ["f2"])])
def test_answers_of_one_day_have_no_order(days, answers, turned):
    histories = rows_of(*[("k", f"2026-01-0{day}", answer) for day, answer in zip(days, answers, strict=True)],
                        columns=("customer_id", "created_at", "nps"))
    levels = nps_level(histories.set_index("feedback_id")["nps"])
    at_risk = find_turned(histories, levels, 1)
    mentions = pd.DataFrame({"feedback_id": histories["feedback_id"], "stage_id": "use", "touchpoint_id": "app"})
    assert name_turned(at_risk, mentions, levels)["feedback_id"].tolist() == turned


def test_an_unanswered_comment_before_the_fall_belongs_to_the_moment():
    histories = rows_of(("k", "2026-01-01", 10), ("k", "2026-01-02", None), ("k", "2026-01-03", 0),
                        columns=("customer_id", "created_at", "nps"))
    levels = nps_level(histories.set_index("feedback_id")["nps"])
    mentions = pd.DataFrame({"feedback_id": ["f1", "f2"], "stage_id": ["action", "use"],
                             "touchpoint_id": ["renewal", "unassigned"]})
    row = name_turned(find_turned(histories, levels, 1), mentions, levels).iloc[0]
    assert (row["touchpoints"], row["stages"]) == ("renewal", "action, use")


@pytest.fixture
def turning():
    """Sixty loyal customers answer three times; twenty turn at the third, after a renewal, as one in forty else."""
    rows, places = [], []
    for number in range(60):
        for step in range(3):
            turns = step == 2 and (number < 20 or number == 50)
            rows.append((f"k{number:02}", f"2026-01-0{step + 1}", 0 if turns else 10))
            places.append("renewal" if step == 2 and number < 24 else ["app", "shop"][number % 2])
    histories = rows_of(*rows, columns=("customer_id", "created_at", "nps"))
    mentions = pd.DataFrame({"feedback_id": histories["feedback_id"], "stage_id": "use", "theme_id": "-1",
                             "touchpoint_id": places})
    return find_turned(histories, nps_level(histories.set_index("feedback_id")["nps"]), 1), mentions


def test_the_planted_moment_is_found_with_its_precision(turning):
    table = weigh_moments(*turning)
    first = table.iloc[0]
    assert (first["kind"], first["place_id"], first["turned_count"], first["moment_count"]) == (
        "touchpoint", "renewal", 20, 24)
    assert first["precision"] == pytest.approx(20 / 24)
    assert first["base"] == 120
    assert first["base_turned"] == 21
    assert first["p_adjusted"] < 0.001
    assert first["lift_low"] > 1
    others = table[(table["kind"] == "touchpoint") & (table["place_id"] != "renewal")]
    assert (others["p_adjusted"] > 0.05).all()


def test_places_of_all_kinds_are_adjusted_together(turning):
    from workbench.insights.multiplicity import adjust

    at_risk, mentions = turning
    table = weigh_moments(at_risk, mentions.assign(theme_id=np.where(mentions["touchpoint_id"] == "app", "3", "4")))
    assert set(table["kind"]) == {"touchpoint", "stage", "theme"}
    assert table["p_adjusted"].tolist() == adjust(table["p_value"]).tolist()


def test_what_is_said_after_the_last_answer_is_no_moment_of_staying(turning):
    """Thirty loyal customers speak of a renewal and are never asked again: whether they stayed nobody knows."""
    at_risk, mentions = turning
    silent = rows_of(*[(f"s{number:02}", f"2026-01-0{step + 1}", [10, None][step]) for number in range(30)
                       for step in range(2)], columns=("customer_id", "created_at", "nps"))
    silent["feedback_id"] = "s" + silent["feedback_id"]
    more = find_turned(silent, nps_level(silent.set_index("feedback_id")["nps"]), 1)
    said = more[["feedback_id"]].assign(stage_id="use", theme_id="-1", touchpoint_id="renewal")
    assert (len(more), more["is_answered"].any()) == (30, False)
    both = weigh_moments(pd.concat([at_risk, more], ignore_index=True), pd.concat([mentions, said]))
    pd.testing.assert_frame_equal(both, weigh_moments(at_risk, mentions))


def test_the_probability_is_fishers(turning):
    from scipy.stats import fisher_exact

    row = weigh_moments(*turning).iloc[0]
    expected = fisher_exact([[20, 4], [1, 95]], alternative="greater").pvalue
    assert row["p_value"] == pytest.approx(expected, abs=1e-10)

def loyal_accounts(chance):
    """Twenty-four accounts of ten loyal customers who turn alike, and meet the same places; three answers each."""
    account = np.repeat(np.arange(24), 10)
    leaves = np.where(chance.random(240) < 0.9, (chance.random(24) < 0.4)[account], chance.random(240) < 0.4)
    own, rows, places = chance.integers(0, 6, 24), [], []
    for customer, leaving in enumerate(leaves):
        for step in range(3):
            rows.append((f"k{customer:03}", f"2026-01-0{step + 1}", 0 if leaving and step == 2 else 10))
            places.append(own[account[customer]] if chance.random() < 0.9 else chance.integers(0, 6))
    histories = rows_of(*rows, columns=("customer_id", "created_at", "nps"))
    mentions = pd.DataFrame({"feedback_id": histories["feedback_id"], "stage_id": "use", "theme_id": "-1",
                             "touchpoint_id": np.array(list("abcdef"))[places]})
    return histories.assign(account_id=np.repeat(account, 3).astype(str)), mentions


@pytest.mark.parametrize("runs", [4, pytest.param(50, marks=pytest.mark.slow)])
def test_customers_of_one_account_turn_alike_and_make_no_moment(runs):
    chance, found = np.random.default_rng(10), []
    for _ in range(runs):
        histories, mentions = loyal_accounts(chance)
        levels = nps_level(histories.set_index("feedback_id")["nps"])
        for own in (histories.drop(columns="account_id"), histories):
            table = weigh_moments(find_turned(own, levels, 1), mentions)
            table = table[table["kind"] == "touchpoint"]
            found.append([(table["p_adjusted"] < 0.05).any(),
                          ((table["precision_low"] <= 0.2) & (table["precision_high"] >= 0.2)).mean(),
                          ((table["lift_low"] <= 1) & (table["lift_high"] >= 1)).mean()])
    naive, allowed = np.mean(found[::2], axis=0), np.mean(found[1::2], axis=0)
    assert naive[0] > 0.25
    assert naive[1:].max() < 0.88
    assert allowed[0] < 0.08
    assert allowed[1:].min() > 0.9


def test_accounts_of_one_customer_change_no_digit_of_moments(turning):
    at_risk, mentions = turning
    pd.testing.assert_frame_equal(weigh_moments(at_risk.drop(columns="whose"), mentions),
                                  weigh_moments(at_risk, mentions), check_exact=True)


def test_nobody_turning_gives_no_table():
    histories = rows_of(("k", "2026-01-01", 10), ("k", "2026-01-02", 10), columns=("customer_id", "created_at", "nps"))
    at_risk = find_turned(histories, nps_level(histories.set_index("feedback_id")["nps"]), 1)
    mentions = pd.DataFrame({"feedback_id": ["f1"], "stage_id": "use", "theme_id": "-1", "touchpoint_id": "app"})
    assert len(at_risk) == 1
    assert not len(weigh_moments(at_risk, mentions))

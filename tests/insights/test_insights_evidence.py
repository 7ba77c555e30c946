"""Trends, mix, adequacy, leaving, money and guards on planted data, and what bad input gets."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.stats import binomtest, ttest_ind

from workbench.errors import InputError
from workbench.insights import (
    compare_themes,
    drop_stray_dates,
    estimate_saturation,
    explain_change,
    find_changes,
    find_gaps,
    find_seasons,
    find_stretches,
    find_turns,
    guard_concentration,
    guard_scores,
    judge_adequacy,
    measure_churn,
    measure_false_alarms,
    mix,
    needed_comments,
    null_world,
    one_voice_a_period,
    part_change,
    share_by_period,
    states_leaving,
    try_null_worlds,
    weigh_by_money,
)
from workbench.insights.churn import _beside
from workbench.insights.clusters import clustered_differences
from workbench.insights.guards import _text, _volume
from workbench.insights.impact import interval, leave_out
from workbench.insights.incidence import gather
from workbench.insights.mix import _worth
from workbench.insights.money import _Drawn, _sum_interval
from workbench.settings import Decision
from workbench.stages.evidence import _enough

DAYS = pd.date_range("2026-01-01", periods=360)


def comments_with(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"feedback_id": [f"c{i:04}" for i in range(size)], "text": "x", "language": "en", **columns})


def members_of(*themes):
    return pd.concat([pd.DataFrame({"feedback_id": [f"c{i:04}" for i in np.flatnonzero(inside)], "theme_id": theme})
                      for theme, inside in enumerate(themes)], ignore_index=True)


# Change ----------------------------------------------------------------------------------------------------------


def test_a_theme_that_comes_to_stay_is_found_and_a_steady_one_is_not():
    rng = np.random.default_rng(0)
    new, steady = (rng.random(360) < 0.3) & (np.arange(360) >= 180), rng.random(360) < 0.3
    comments, members = comments_with(created_at=DAYS), members_of(new, steady)
    table = find_changes(share_by_period(comments, members)).set_index("theme_id")
    assert table.at[0, "kind"] == "emerged"
    assert table.at[0, "changed_in"] in (pd.Timestamp("2026-07-01"), pd.Timestamp("2026-06-01"))
    assert table.at[0, "p_adjusted"] < 0.01 < 0.05 < table.at[1, "p_adjusted"]


def test_a_busy_month_is_no_change():
    days = DAYS.append(pd.DatetimeIndex(["2026-06-15"] * 400))
    rng = np.random.default_rng(1)
    comments = comments_with(created_at=days)
    table = find_changes(share_by_period(comments, members_of(rng.random(760) < 0.3)))
    assert table["p_adjusted"].iloc[0] > 0.05


def test_shuffled_dates_seldom_show_changes():
    rng = np.random.default_rng(2)
    comments = comments_with(created_at=DAYS)
    members = members_of(*(rng.random((8, 360)) < 0.2))
    alarms = measure_false_alarms(comments, members, share_by_period(comments, members), worlds=100)
    assert (alarms["worlds_with_findings"] <= 11).all()


def test_customers_who_write_several_times_at_once_make_no_stretch_and_no_change():
    rng, found, runs = np.random.default_rng(3), np.zeros(4), 20
    whose = np.repeat(np.arange(100), 4)
    for seed in range(runs):
        days = (rng.random(100) * 360)[whose] + rng.random(400) * 10
        comments = comments_with(created_at=DAYS[0] + pd.to_timedelta(days, unit="D"), customer_id=whose.astype(str))
        theme = np.where(rng.random(400) < 0.6, rng.integers(0, 10, 100)[whose], rng.integers(0, 10, 400))
        members = members_of(*(theme == number for number in range(10)))
        shares = share_by_period(comments, members)
        voices = share_by_period(*one_voice_a_period(comments, members))
        tables = [search(shares, seed, voices=told) for told in (None, voices)
                  for search in (find_stretches, find_changes)]
        found += [(table["p_adjusted"] < 0.05).any() for table in tables]
        alone, together = tables[0].set_index("theme_id"), tables[2].set_index("theme_id")
        for name in ("comment_count", "base"):
            sums = [table[name] + table[f"{name}_elsewhere"] for table in (alone, together)]
            assert sums[0].tolist() == sums[1].tolist()
    assert (found[:2] > runs / 3).all()
    assert (found[2:] <= 3).all()


def test_comments_of_customers_who_are_not_known_are_voices_of_their_own():
    comments = pd.DataFrame({"feedback_id": list("fedcba"), "customer_id": [None, None, "k", "k", "k", "k"],
                             "created_at": pd.to_datetime(["2026-03-01"] * 4 + ["2026-03-31", None])})
    members = pd.DataFrame({"feedback_id": list("abcdef"), "theme_id": [0, 1, 1, 2, 0, 0]})
    voices, said = one_voice_a_period(comments, members)
    assert voices["feedback_id"].tolist() == ["b", "e", "f"]
    assert said.values.tolist() == [["b", 1], ["b", 2], ["e", 0], ["f", 0]]


def test_what_comes_back_is_a_season_and_what_happened_once_is_not():
    days = pd.date_range("2024-01-01", "2025-12-31")
    december = days.month == 12
    once = (days >= "2025-03-01") & (days < "2025-04-01")
    comments = comments_with(created_at=days)
    table, reasons = find_seasons(comments, members_of(december, once))
    table = table[table["cycle"] == "month_of_year"].set_index("theme_id")
    assert table.at[0, "peak"] == 12
    assert table.at[0, "p_adjusted"] < 0.01
    assert table.at[1, "p_adjusted"] > 0.2
    assert reasons.empty


def test_customers_who_write_several_times_a_day_make_no_season():
    rng, found, runs, whose = np.random.default_rng(0), np.zeros(2), 16, np.repeat(np.arange(100), 4)
    for seed in range(runs):
        comments = comments_with(created_at=DAYS[rng.integers(0, 360, 100)[whose]], customer_id=whose.astype(str))
        theme = np.where(rng.random(400) < 0.7, rng.integers(0, 10, 100)[whose], rng.integers(0, 10, 400))
        members = members_of(*(theme == one for one in range(10)))
        tables = [find_seasons(known, members, seed)[0] for known in (comments, comments.drop(columns="customer_id"))]
        found += [(table["p_adjusted"] < 0.05).any() for table in tables]
        for name in ("n", "share"):
            assert tables[0][name].tolist() == tables[1][name].tolist()
    assert found[0] <= 2
    assert found[1] >= 5


def test_scores_that_turn_are_found_on_their_day_and_steady_ones_are_not():
    rng = np.random.default_rng(3)
    turned = np.where(np.arange(360) < 200, 0.2, 0.7) + rng.normal(0, 0.15, 360)
    comments = comments_with(created_at=DAYS, standing=turned, market=["DE", "IR"] * 180)
    about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "touchpoint", "subject": "delivery"})
    table = find_turns(comments, about, "market")
    assert (abs((table["turned_on"] - DAYS[200]).dt.days) <= 6).all()
    assert (table["p_adjusted"] < 0.001).all()
    steady = find_turns(comments.assign(standing=rng.permutation(turned)), about, "market")
    assert (steady["p_adjusted"] > 0.05).all()


def test_a_turn_from_scores_that_are_all_alike_warns_of_nothing():
    days, standing = DAYS[:30], [0.2] * 20 + [0.9, 0.8] * 5
    comments = pd.DataFrame({"feedback_id": [f"{n}" for n in range(30)], "created_at": days, "standing": standing})
    about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "term", "subject": "delivery"})
    turn = find_turns(comments, about).iloc[0]
    assert turn["change"] == pytest.approx(0.65)
    assert turn["change_low"] < turn["change"] < turn["change_high"]


def test_a_few_customers_who_come_and_go_make_no_turn():
    """Nine customers of steady tastes, whose many comments each lie close together in time: only taking each comment
    for a customer of its own makes turns of them."""
    found = {"customers": 0, "strangers": 0}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        tastes = rng.normal(0.5, 0.2, 9)
        standing = np.repeat(tastes, 12) + rng.normal(0, 0.05, 108)
        comments = comments_with(created_at=DAYS[:108], standing=standing, customer_id=np.repeat(list("abcdefghi"), 12))
        about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "touchpoint", "subject": "delivery"})
        found["customers"] += int(find_turns(comments, about)["p_value"].iloc[0] < 0.05)
        found["strangers"] += int(find_turns(comments.drop(columns="customer_id"), about)["p_value"].iloc[0] < 0.05)
    assert found["customers"] <= 6
    assert found["strangers"] >= 36


def test_a_turn_that_all_customers_make_is_found_though_each_writes_several_comments():
    rng = np.random.default_rng(5)
    standing = np.where(np.arange(360) < 200, 0.3, 0.7) + rng.normal(0, 0.1, 360)
    people = [f"k{number}" for number in rng.integers(0, 90, 360)]
    comments = comments_with(created_at=DAYS, standing=standing, customer_id=people)
    about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "touchpoint", "subject": "delivery"})
    table = find_turns(comments, about)
    assert table["p_value"].iloc[0] < 0.001
    assert abs((table["turned_on"].iloc[0] - DAYS[200]).days) <= 6


def test_intervals_of_turns_cover_where_customers_write_several_comments_at_a_time():
    held, runs = np.zeros(2), 60
    for seed in range(runs):
        rng = np.random.default_rng([seed, 7])
        whose = np.repeat(np.arange(40), rng.integers(4, 9, 40))
        place = np.clip(rng.integers(0, 200, 40)[whose] + rng.normal(0, 6, len(whose)), 0, 200).astype(int)
        standing = 0.3 + rng.normal(0, 0.1, 40)[whose] + rng.normal(0, 0.1, len(whose)) + 0.4 * (place >= 100)
        comments = pd.DataFrame({"feedback_id": np.arange(len(whose)), "created_at": DAYS[place], "standing": standing,
                                 "customer_id": whose.astype(str)})
        about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "touchpoint", "subject": "delivery"})
        for way, own in enumerate((comments.drop(columns="customer_id"), comments)):
            turn = find_turns(own, about).iloc[0]
            held[way] += turn["change_low"] <= 0.4 <= turn["change_high"]
    naive, allowed = held / runs
    assert naive < 0.8
    assert allowed > 0.9


def test_turns_of_strangers_have_welchs_interval_and_of_one_customer_on_a_side_none():
    rng = np.random.default_rng(6)
    comments = comments_with(created_at=DAYS[:60], standing=np.repeat([0.2, 0.8], 30) + rng.normal(0, 0.1, 60))
    about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "touchpoint", "subject": "delivery"})
    strangers = find_turns(comments, about).iloc[0]
    alone = find_turns(comments.assign(customer_id=comments["feedback_id"]), about).iloc[0]
    pd.testing.assert_series_equal(strangers, alone, check_exact=True)
    scores = comments["standing"]
    welch = ttest_ind(scores[30:], scores[:30], equal_var=False).confidence_interval(0.95)
    assert strangers[["change_low", "change_high"]].tolist() == [welch.low, welch.high]
    one = find_turns(comments.assign(customer_id=["k"] * 30 + list(comments["feedback_id"][30:])), about).iloc[0]
    assert one[["change_low", "change_high"]].isna().all()


# Mix -------------------------------------------------------------------------------------------------------------


def test_simpson_both_groups_rise_and_the_whole_falls():
    before = pd.DataFrame({"group": ["a"] * 80 + ["b"] * 20, "value": [90.0] * 80 + [10.0] * 20})
    after = pd.DataFrame({"group": ["a"] * 20 + ["b"] * 80, "value": [95.0] * 20 + [20.0] * 80})
    parts = part_change(before, after)
    assert parts["change"] == pytest.approx(after["value"].mean() - before["value"].mean())
    assert parts["change"] < 0 < parts["within"]
    assert parts["mix"] == pytest.approx(parts["change"] - parts["within"])


def test_a_shift_of_segments_is_told_from_a_change_within_them():
    rng = np.random.default_rng(4)
    late = np.arange(360) >= 180
    easy = rng.random(360) < np.where(late, 0.2, 0.8)
    comments = comments_with(created_at=DAYS, segment=np.where(easy, "easy", "hard"),
                             nps=np.where(easy, 9, np.where(rng.random(360) < 0.5, 2, 8)))
    table, _ = explain_change(comments, ("segment",))
    assert table["verdict"].tolist() == ["mostly_mix"]
    assert table["mix_high"].iloc[0] < 0


def test_a_few_customers_who_come_and_go_make_no_change():
    """Sixty customers of steady tastes write eight comments each, close together in time."""
    found = {"customers": 0, "strangers": 0}
    for seed in range(25):
        rng = np.random.default_rng(seed)
        who = np.repeat(np.arange(60), 8)
        day = 6 * rng.permutation(60)[who] + rng.integers(0, 6, 480)
        nps = np.clip(rng.choice([0, 5, 8, 10], 60)[who] + rng.integers(-1, 2, 480), 0, 10)
        comments = comments_with(created_at=DAYS[day], nps=nps, market=rng.choice(["DE", "IR", "EG"], 60)[who],
                                 customer_id=[f"k{number}" for number in who])
        for name, table in (("customers", comments), ("strangers", comments.drop(columns="customer_id"))):
            found[name] += explain_change(table, ("market",), seed=seed)[0]["verdict"].iloc[0] != "no_change"
    assert found["customers"] <= 5
    assert found["strangers"] >= 13


@pytest.mark.slow
def test_many_scores_in_many_groups_make_no_change():
    rng, found = np.random.default_rng(0), 0
    for seed in range(20):
        names = ("market", "language", "segment", "channel", "source")
        groups = {name: rng.choice(list("abcd"), 360) for name in names}
        groups |= {"nps": np.clip(rng.integers(0, 15, 360) - 3 * (groups["market"] == "a"), 0, 10),
                   "rating": rng.integers(1, 6, 360), "rating_max": 5, "effort": rng.integers(1, 8, 360)}
        table, _ = explain_change(comments_with(created_at=DAYS, **groups), seed=seed)
        found += (table["verdict"] != "no_change").any()
    assert len(table) == 15
    assert found <= 2


def test_thousands_of_groups_are_drawn_some_at_a_time(monkeypatch):
    """All draws of ten thousand markets together would take gigabytes."""
    rng = np.random.default_rng(6)
    comments = comments_with(created_at=DAYS, nps=rng.integers(0, 11, 360), market=rng.choice(list("abcdefgh"), 360))
    whole, _ = explain_change(comments, ("market",))
    sizes = []
    together = mix._parts
    monkeypatch.setattr(mix, "_BLOCK", 4000)
    monkeypatch.setattr(mix, "_parts", lambda *parts: sizes.append(parts[0].size) or together(*parts))
    parts, _ = explain_change(comments, ("market",))
    assert max(sizes) <= 4000 < sum(sizes)
    for name in ("change", "mix", "within"):
        assert parts[name].tolist() == whole[name].tolist()
        assert parts[f"{name}_low"].iloc[0] == pytest.approx(whole[f"{name}_low"].iloc[0], abs=1.5)


def test_copies_of_an_answer_are_worth_one():
    people = pd.DataFrame({"group": list("aabbbc") * 10, "whose": range(60)})
    assert _worth(people) == 60
    assert _worth(people.loc[people.index.repeat(7)]) in (59, 60)
    assert _worth(people.assign(group="a")) == 60


def test_a_score_that_rose_while_words_got_worse_is_a_warning():
    comments = comments_with(created_at=DAYS, nps=np.where(np.arange(360) >= 180, 10, [0, 9] * 180),
                             market=["DE", "IR"] * 180)
    explained, _ = explain_change(comments, ("market",))
    bad = pd.Series(np.arange(360) % 10 < np.where(np.arange(360) >= 180, 7, 1), dtype="boolean")
    table = guard_scores(comments, explained, bad, pd.DataFrame()).set_index("guard")
    assert table.at["text", "reason"] == "words_got_worse"
    assert table.at["volume", "verdict"] == "fine"


@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_as_many_comments_a_day_are_as_many_whatever_the_hour(confidence):
    dated = pd.DataFrame({"created_at": pd.date_range("2026-01-01T18:00", periods=20)})
    _, reason, ratio, low, high, n = _volume(dated, pd.Timestamp("2026-01-11"), confidence)
    assert (reason, ratio, n) == ("as_many_spoke", 1.0, 20)
    ends = binomtest(10, 20).proportion_ci(confidence)
    assert (low, high) == pytest.approx((ends.low / (1 - ends.low), ends.high / (1 - ends.high)))


def test_a_few_customers_who_write_much_are_no_less_volume_and_no_worse_words():
    """Sixty customers write eight comments each within twenty days; nothing changes."""
    rng, warned, covered = np.random.default_rng(0), np.zeros(2), np.zeros(2)
    whose, split, runs = np.repeat(np.arange(60), 8), pd.Timestamp("2026-06-30"), 60
    for _ in range(runs):
        days = np.floor(np.minimum((rng.random(60) * 360)[whose] + rng.random(480) * 20, 359.9))
        dated = comments_with(created_at=DAYS[0] + pd.to_timedelta(days, unit="D"), customer_id=whose.astype(str))
        bad = np.where(rng.random(480) < 0.8, (rng.random(60) < 0.3)[whose], rng.random(480) < 0.3)
        volume = _volume(dated, split, 0.95)
        text = _text(dated, pd.Series(bad, dtype="boolean"), split, 0.95)
        warned += [one[0] == "warning" for one in (volume, text)]
        covered += [volume[3] <= 1 <= volume[4], text[3] <= 0 <= text[4]]
    assert (covered >= 0.88 * runs).all()
    assert (warned <= 0.1 * runs).all()


def test_one_customer_is_one_voice_before_and_after():
    dated = comments_with(created_at=DAYS[:40], customer_id=["k"] * 40)
    assert _volume(dated, DAYS[10], 0.95)[3] < 0.1
    assert _volume(dated, DAYS[0], 0.95)[4] == float("inf")


# Adequacy --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("population", [80, 400, None])
def test_a_cell_with_the_comments_that_it_needs_has_the_precision_that_was_asked_for(population):
    needed = needed_comments(0.05, population=population)
    people = comments_with(market=["DE"] * needed).assign(is_counted=True, says_nothing=False,
                                                          speaks_for_customers=False)
    cells = people.assign(dimension="market", value="DE")[["feedback_id", "dimension", "value"]]
    decision = {"name": "", "cells": {"market": ["DE"]}, "precision": 0.05, "population": population}
    nothing = pd.DataFrame({"feedback_id": [], "theme_id": []})
    cell = judge_adequacy([decision], people, nothing, cells, pd.DataFrame()).cells.iloc[0]
    assert cell["verdict"] == "adequate"
    assert 0.048 < cell["precision"] <= 0.05


@pytest.mark.parametrize(("precision", "population", "needed"), [
    (0.05, None, 385), (0.03, None, 1068), (0.10, None, 97), (0.05, 1000, 278), (0.05, 500, 218), (0.05, 10_000, 370)])
def test_sample_sizes_are_those_of_the_published_tables(precision, population, needed):
    # Cochran (1977); with a population, Krejcie and Morgan (1970), Determining Sample Size, whose table has 217 for 500
    assert needed_comments(precision, population=population) == needed


def voices(size, proxies=0, channels=("web", "phone"), **columns):
    people = comments_with(speaks_for_customers=[i < proxies for i in range(size)], says_nothing=[False] * size,
                           channel=[channels[i % len(channels)] for i in range(size)], market=["DE"] * size, **columns)
    people["is_counted"] = ~people["speaks_for_customers"]
    cells = people.loc[people["is_counted"], ["feedback_id"]].assign(dimension="market", value="DE")
    return people, cells


def judged(size, decision=None, proxies=0, gaps=None, **columns):
    people, cells = voices(size, proxies, **columns)
    question = {"name": "q", "cells": {"market": ["DE"]}, "precision": 0.05, **(decision or {})}
    themes = members_of(*(np.arange(size) % 5 == theme for theme in range(5)))
    found = judge_adequacy([question], people, themes, cells, pd.DataFrame() if gaps is None else gaps)
    return found.verdicts["verdict"].iloc[0], found.checks.set_index("check"), found


@pytest.mark.parametrize(("size", "verdict"), [(20, "inadequate"), (95, "inadequate"), (97, "directional"),
                                               (384, "directional"), (385, "adequate"), (2000, "adequate")])
def test_the_verdict_gets_no_worse_with_more_comments(size, verdict):
    assert judged(size)[0] == verdict


@pytest.mark.parametrize(("change", "check", "verdict", "reason"), [
    ({"proxies": 200}, "proxies", "directional", "proxies_speak"),
    ({"proxies": 600}, "proxies", "inadequate", "proxies_speak"),
    ({"decision": {"purpose": ["x"]}}, "question", "directional", "purpose_unknown"),
    ({"decision": {"purpose": ["x"]}, "collected_for": ["y"] * 1000}, "question", "inadequate",
     "question_does_not_fit"),
    ({"decision": {"purpose": ["x"]}, "collected_for": ["x"] * 1000}, "question", "adequate", "question_fits"),
    ({"channels": ("web",)}, "coverage", "directional", "one_channel"),
    ({"gaps": pd.DataFrame({"dimension": ["all"], "value": [""], "days": [21]}),
      "created_at": pd.date_range("2026-01-01", periods=1000)}, "gaps", "directional", "collection_paused"),
    ({}, "cells", "adequate", "enough_in_each_cell"),
])
def test_each_check_has_its_reason(change, check, verdict, reason):
    overall, checks, _ = judged(1000, **change)
    assert checks.loc[check, ["verdict", "reason"]].tolist() == [verdict, reason]
    assert overall == verdict


def test_what_to_collect_names_just_the_empty_cells():
    found = judged(500, {"cells": {"market": ["DE", "JO"]}, "purpose": ["visit"]},
                   collected_for=["visit"] * 500)[2]
    assert found.collect[["value", "ask", "missing"]].values.tolist() == [["JO", "visit", 385]]


def test_a_decision_about_a_touchpoint_counts_those_who_speak_of_it():
    people, _ = voices(400)
    subjects = pd.DataFrame({"feedback_id": people["feedback_id"], "cut": ["touchpoint"] * 390 + ["stage"] * 10,
                             "subject": ["courier"] * 390 + ["delivery"] * 10})
    asked = Decision(name="q", cells={"touchpoint": ["courier"], "stage": ["delivery"]})
    study = SimpleNamespace(decisions=[asked], insights=SimpleNamespace(confidence=0.95))
    made = _enough(study, people, people, members_of(np.arange(400) % 2 == 0), subjects, pd.DataFrame())
    assert made["adequacy_cells"].set_index("value")["n"].to_dict() == {"courier": 390, "delivery": 10}


@pytest.mark.parametrize(("without", "value", "verdict"), [(0, 1.0, "adequate"), (40, 10 / 11, "adequate"),
                                                           (100, 0.8, "directional")])
def test_what_fits_no_theme_was_not_heard_as_one(without, value, verdict):
    """Themes of few comments are never found, so that found ones alone always seem to be all that is said."""
    people, cells = voices(400)
    themes = members_of(*(np.arange(400) % 5 == theme for theme in range(5)))
    unheard = pd.DataFrame({"feedback_id": people["feedback_id"].head(without), "theme_id": -1})
    found = judge_adequacy([{"name": "q"}], people, pd.concat([themes, unheard]), cells, pd.DataFrame())
    check = found.checks.set_index("check").loc["saturation"]
    assert (check["value"], check["verdict"]) == (pytest.approx(value), verdict)


def test_saturation_covers_the_number_of_themes_that_were_planted():
    rng, inside = np.random.default_rng(5), 0
    weights = 1 / np.arange(1, 41)
    for _ in range(100):
        counts = rng.multinomial(150, weights / weights.sum())
        told = estimate_saturation(counts, 150)
        inside += told["expected_low"] <= 40 <= told["expected_high"]
        assert told["seen"] <= told["expected"]
    assert inside >= 85


def test_a_pause_in_collection_is_found_and_a_quiet_weekend_is_not():
    busy = DAYS.repeat(2)
    weekdays = busy[busy.day_of_week < 5]
    assert find_gaps(comments_with(created_at=weekdays)).empty
    paused = weekdays[(weekdays < "2026-05-01") | (weekdays >= "2026-05-22")]
    gaps = find_gaps(comments_with(created_at=paused))
    assert gaps.loc[gaps["dimension"] == "all", "first_day"].tolist() == [pd.Timestamp("2026-05-01")]


def test_one_wrong_year_is_no_pause():
    days = DAYS[:120].append(pd.DatetimeIndex(["2031-01-01"]))
    comments = drop_stray_dates(comments_with(created_at=days))
    assert comments["created_at"].notna().sum() == 120
    assert find_gaps(comments).empty


# Leaving and money -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "language", "leaves"), [
    ("Ich habe gestern gekündigt", "de", True), ("Kündigungsfrist zwölf Monate", "de", False),
    ("Je résilie mon contrat", "fr", True), ("Frais de résiliation cachés", "fr", False),
    ("Solicito la baja", "es", True), ("Iptal ediyorum", "tr", True), ("passo ad altro operatore", "it", True),
    ("vou cancelar o contrato", "pt", True), ("ik zeg mijn contract op", "nl", True), ("ухожу от вас", "ru", True),
    ("解約します", "ja", True), ("我要退网", "zh", True), ("قررت إلغاء الاشتراك", "ar", True),
    ("الفني ألغى الموعد", "ar", False), ("می‌خواهم قرارداد را فسخ کنم", "fa", True), ("دوسری کمپنی", "ur", False)])
def test_leaving_is_told_from_words_of_leaving(text, language, leaves):
    assert states_leaving(text, language) is leaves


def test_a_theme_that_goes_with_leaving_is_found_and_forecasts_are_calibrated():
    rng = np.random.default_rng(6)
    guilty, other = rng.random(900) < 0.3, rng.random(900) < 0.3
    churned = rng.random(900) < np.where(guilty, 0.6, 0.15)
    found = measure_churn(comments_with(churned=churned), members_of(guilty, other))
    themes = found.themes.set_index("theme_id")
    assert themes.at[0, "difference_low"] > 0.3
    assert themes.at[1, "p_adjusted"] > 0.05
    measures = found.measures.set_index("name")["value"]
    assert measures["calibration_error"] < 0.06
    assert measures["brier"] < measures["brier_of_base_rate"]


def test_a_customer_left_as_the_latest_comment_has_it():
    """Everybody wrote twice, and 10 sorts before 9; in each fifth customer the later comment says that they left."""
    ids = [f"{person:03}-{number}" for person in range(60) for number in (9, 10)]
    comments = pd.DataFrame({"feedback_id": ids, "text": "x", "language": "en",
                             "customer_id": [name[:3] for name in ids],
                             "created_at": pd.to_datetime(["2026-01-09", "2026-01-10"] * 60),
                             "churned": [number == 10 and int(name[:3]) % 5 == 0 for name in ids
                                         for number in [int(name[4:])]]})
    found = measure_churn(comments, pd.DataFrame({"feedback_id": [], "theme_id": []}))
    assert found.measures.set_index("name")["value"][["customers", "left"]].tolist() == [60, 12]


@pytest.mark.parametrize(("columns", "reasons"), [
    ({}, {"no_outcomes", "stated_only", "nobody_leaves"}),
    ({"churned": [True] * 60}, {"too_few_outcomes", "stated_only", "nobody_leaves"}),
    ({"text": ["I'm leaving you"] * 15 + ["fine"] * 45}, {"no_outcomes", "stated_only"})])
def test_without_outcomes_only_stated_leaving_counts(columns, reasons):
    comments = comments_with(number=range(60)).assign(**columns)
    found = measure_churn(comments, members_of(np.arange(60) < 15))
    assert set(found.reasons["reason"]) == reasons
    assert set(found.themes["basis"]) <= {"stated"}
    assert found.measures.empty


@pytest.mark.parametrize(("columns", "reason"), [
    ({}, "no_revenue"), ({"revenue": [1.0] * 60}, "no_customers"),
    ({"revenue": [np.inf] * 60, "customer_id": [f"k{i}" for i in range(60)]}, "infinite_revenue"),
    ({"revenue": [-1.0] * 60, "customer_id": [f"k{i}" for i in range(60)]}, "negative_revenue")])
def test_money_is_refused_with_a_reason(columns, reason):
    comments = comments_with(number=range(60)).assign(**columns)
    about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "theme", "value": "0"})
    table, notes = weigh_by_money(comments, about)
    assert table.empty
    assert reason in set(notes["reason"])


def test_one_infinite_revenue_leaves_the_rest_alone():
    comments = comments_with(customer_id=[f"k{i}" for i in range(60)], revenue=[np.inf] + [100.0] * 59,
                             nps=[0, 10] * 30, churned=[True, False] * 30)
    about = pd.DataFrame({"feedback_id": comments["feedback_id"][:30], "cut": "theme", "value": "0"})
    table, notes = weigh_by_money(comments, about)
    assert table[["customers", "revenue"]].values.tolist() == [[29.0, 2900.0]]
    assert notes.loc[notes["reason"] == "infinite_revenue", "n"].tolist() == [1]
    assert table["excess_low"].iloc[0] <= table["excess"].iloc[0] <= table["excess_high"].iloc[0]


def test_intervals_of_money_hold_what_they_say_of_small_skewed_cells():
    """Eight themes without effect, 160 customers of very unlike revenue: percentiles hold 78 % of the sums."""
    held = []
    for world in range(25):
        chance = np.random.default_rng(world)
        comments = comments_with(customer_id=[f"k{i:03}" for i in range(160)], nps=chance.choice([0, 5, 8, 9, 10], 160),
                                 revenue=chance.lognormal(4, 1.2, 160), churned=chance.random(160) < 0.2)
        about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "theme",
                              "value": chance.integers(0, 8, 160).astype(str)})
        table, _ = weigh_by_money(comments, about, seed=world)
        for name, truth in (("revenue_low_score", 8 * np.exp(4 + 1.2**2 / 2)), ("revenue_share", 1 / 8), ("excess", 0)):
            known = table[table[f"{name}_low"].notna()]
            held += [(name, low <= truth <= high) for low, high in
                     known[[f"{name}_low", f"{name}_high"]].itertuples(index=False)]
    shares = pd.DataFrame(held, columns=["name", "held"]).groupby("name")["held"].agg(["mean", "size"])
    assert shares["size"].min() >= 100
    assert shares["mean"].between(0.86, 0.99).all(), shares


def test_intervals_of_money_hold_in_very_small_cells():
    """Cells of some seven unhappy customers of unlike revenue: how many there are is chance, and so is who they are."""
    chance, held = np.random.default_rng(6), []
    for _ in range(400):
        revenue = np.where(chance.random(160) < 0.05, chance.lognormal(4, 1.0, 160), 0.0)
        low, high = _sum_interval(revenue, _Drawn(revenue, 0), 0.95)
        if np.isfinite(low):
            held.append(low <= 8 * np.exp(4.5) <= high)
    assert len(held) > 150
    assert np.mean(held) > 0.91


def test_the_accounts_are_what_chance_draws_for_money():
    """An account of five customers, each with a fifth of its revenue, tells no more than one of one customer."""
    chance = np.random.default_rng(0)
    whole = pd.DataFrame({"customer_id": [f"k{i:02}" for i in range(60)], "revenue": chance.lognormal(4, 0.5, 60),
                          "nps": [0, 10] * 30, "churned": chance.random(60) < 0.3})
    parts = whole.loc[whole.index.repeat(5)].reset_index(drop=True)
    parts = parts.assign(account_id=parts["customer_id"], revenue=parts["revenue"] / 5,
                         customer_id=parts["customer_id"] + "/" + (parts.index % 5).astype(str))
    found = []
    for comments in (whole, parts):
        comments = comments_with(**comments)
        half = comments["feedback_id"][:len(comments) // 2]
        found.append(weigh_by_money(comments, pd.DataFrame({"feedback_id": half, "cut": "theme", "value": "0"}))[0])
    columns = [f"{name}{end}" for name in ("revenue_low_score", "revenue_share", "excess") for end in ("_low", "_high")]
    pd.testing.assert_frame_equal(found[0][columns], found[1][columns])


def test_a_sum_that_one_customer_decides_has_no_interval():
    comments = comments_with(customer_id=[f"k{i}" for i in range(60)], revenue=[90_000.0] + [100.0] * 59,
                             nps=[0, 10] * 30)
    about = pd.DataFrame({"feedback_id": comments["feedback_id"], "cut": "theme", "value": ["0", "1"] * 30})
    table = weigh_by_money(comments, about)[0].set_index("value")
    assert table.loc["0", ["revenue_low_score_low", "revenue_low_score_high", "revenue_share_low"]].isna().all()
    assert table.loc["0", "revenue_low_score"] == 92_900


# Noise and nothing -----------------------------------------------------------------------------------------------


def test_a_theme_that_one_customer_makes_is_marked():
    people = ["loud"] * 30 + [f"k{i}" for i in range(90)]
    comments = comments_with(customer_id=people)
    table = guard_concentration(comments, members_of(np.arange(120) < 40, np.arange(120) >= 40))
    assert table.set_index("theme_id")["few_people"].to_dict() == {pd.NA: False, 0: True, 1: False}


def alike_within_customers(people, each):
    rng, whose = np.random.default_rng(9), np.repeat(np.arange(people), each)
    size = len(whose)
    theme = np.where(rng.random(size) < 0.8, rng.integers(0, 12, people)[whose], rng.integers(0, 12, size))
    nps = np.where(rng.random(size) < 0.8, rng.choice([0, 8, 10], people)[whose], rng.choice([0, 8, 10], size))
    return comments_with(nps=nps, customer_id=whose.astype(str)), members_of(*(theme == one for one in range(12)))


def test_null_worlds_ask_what_the_search_asks():
    """Nine customers are too few to compare, however much they write."""
    comments, members = alike_within_customers(9, 40)
    assert compare_themes(comments, members).empty
    worlds = try_null_worlds(comments, members, worlds=60).set_index("search")
    assert worlds.at["comparison", "findings"] == 0


@pytest.mark.parametrize(("search", "name", "value"), [
    ("comparison", "clustered_differences", lambda spoken, values, fewest: clustered_differences(
        gather(spoken.matrix), values, fewest)),
    ("impact", "leave_out", lambda spoken, values: leave_out(gather(spoken.matrix), values))])
def test_a_search_that_takes_one_customer_for_many_is_shown_up_by_null_worlds(monkeypatch, search, name, value):
    comments, members = alike_within_customers(60, 8)
    honest = try_null_worlds(comments, members, worlds=20).set_index("search")
    monkeypatch.setattr(null_world, name, value)
    monkeypatch.setattr(null_world, "interval", lambda value, error, fewest, confidence: interval(
        value, error, np.full_like(fewest, 60), confidence))
    monkeypatch.setattr(null_world.Regression, "adjusted", lambda self, score: leave_out(
        gather(self.spoken.matrix), score))
    fooled = try_null_worlds(comments, members, worlds=20).set_index("search")
    assert honest.at[search, "worlds_with_findings"] <= 3
    assert fooled.at[search, "worlds_with_findings"] >= 8


def test_customers_of_one_account_leave_together_and_make_no_theme_of_leaving():
    rng, found, covered, runs, account = np.random.default_rng(2), np.zeros(2), [], 20, np.repeat(np.arange(100), 4)
    for _ in range(runs):
        left = np.where(rng.random(400) < 0.9, (rng.random(100) < 0.25)[account], rng.random(400) < 0.25)
        theme = np.where(rng.random(400) < 0.7, rng.integers(0, 10, 100)[account], rng.integers(0, 10, 400))
        spoken, themes = csr_array(np.eye(10)[theme]), np.arange(10)
        tables = [_beside(themes, spoken, left, whose, "churned", 0.95) for whose in (account, np.arange(400))]
        found += [(table["p_adjusted"] < 0.05).any() for table in tables]
        covered.append([(table["difference_low"].le(0) & table["difference_high"].ge(0)).mean() for table in tables])
    assert found[0] <= 2
    assert found[1] >= 4
    assert np.mean(covered, axis=0)[0] > 0.9 > np.mean(covered, axis=0)[1]


def test_null_worlds_test_only_what_the_data_allow():
    comments = comments_with(nps=[10] * 50)
    assert try_null_worlds(comments, members_of(np.arange(50) < 20))["search"].tolist() == ["comparison"]
    assert try_null_worlds(comments_with(number=range(50)), members_of(np.arange(50) < 20)).empty


@pytest.mark.parametrize("columns", [{}, {"created_at": pd.to_datetime(["2026-01-01"] * 40)},
                                     {"created_at": [pd.NaT] * 40, "nps": [10.0] * 40}, {"nps": [np.nan] * 40}])
def test_bad_input_is_answered_with_empty_tables_and_reasons(columns):
    comments = comments_with(number=range(40)).assign(**columns)
    members = members_of(np.arange(40) < 20)
    seasons, cycles = find_seasons(comments, members)
    mix, reasons = explain_change(comments)
    assert seasons.empty
    assert mix.empty
    assert len(cycles) == 2
    assert len(reasons) == 3
    assert find_gaps(comments).empty


@pytest.mark.parametrize(("given", "message"), [
    ({"precision": 0}, "precision: expected a number above 0 and below 1, found 0"),
    ({"precision": float("nan")}, "precision: expected a number above 0 and below 1, found nan"),
    ({"precision": 0.05, "confidence": 95}, "confidence: expected a number above 0 and below 1, found 95"),
    ({"precision": 0.05, "population": 0}, "population: expected a whole number from 1 on, found 0"),
])
def test_a_precision_that_cannot_be_is_told(given, message):
    with pytest.raises(InputError, match=message):
        needed_comments(**given)


def test_revenue_of_a_cell_is_told_by_its_own_accounts_as_by_all(monkeypatch):
    generator = np.random.default_rng(3)
    customers = [f"k{place}" for place in range(60)]
    comments = pd.DataFrame({"feedback_id": customers, "customer_id": customers, "nps": [0, 10] * 30,
                             "revenue": np.exp(generator.normal(5, 1, 60)), "churned": [True, False, False] * 20})
    subjects = pd.DataFrame({"feedback_id": customers * 2, "cut": "theme",
                             "value": ["0"] * 57 + ["1"] * 3 + ["2"] * 20 + ["3"] * 40})
    table = weigh_by_money(comments, subjects)[0]
    monkeypatch.setattr("workbench.insights.money._LITTLE", 2.0)
    by_all = weigh_by_money(comments, subjects)[0]
    pd.testing.assert_frame_equal(table, by_all, rtol=1e-9)
    assert table["revenue_share_high"].notna().any()

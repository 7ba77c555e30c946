"""Shares of months, stretches, cells of the journey, groups and languages, where customers wrote several comments."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights import (
    Answers,
    count_grid,
    find_changes,
    find_seasons,
    find_stretches,
    judge_adequacy,
    reasons_by_group,
    share_by_period,
    widen_spans,
)
from workbench.insights.clusters import clustered_differences, likeness_within
from workbench.insights.incidence import gather
from workbench.stages.evidence import weigh_all
from workbench.stages.insights import tell_all
from workbench.stages.paths import follow_all
from workbench.stages.quality import examine_all
from workbench.store import Store
from workbench.themes import likeness, share_effects, span_effects
from workbench.themes.parity import measure_dependence, measure_parallel, measure_unassigned

SHARES = np.array([0.05, 0.1, 0.2, 0.4])
LOYAL = 0.4
NO_ANSWERS = Answers("none", "feedback_id", pd.Series(dtype=float))


def few_and_many(few, many):
    """Run a simulation a few times by default and often where slow tests are run; its argument is called runs."""
    return pytest.mark.parametrize("runs", [few, pytest.param(many, marks=pytest.mark.slow)])


def planted(chance, customers=150, months=6, at_once=True):
    """Customers who are loyal to themes, each with four to eight comments, within one month or over all of them."""
    sizes, scale = chance.integers(4, 9, customers), (1 - LOYAL) / LOYAL
    whose = np.repeat(np.arange(customers), sizes)
    leaning = np.column_stack([chance.beta(share * scale, (1 - share) * scale, customers) for share in SHARES])
    rows, themes = np.nonzero(chance.random((len(whose), len(SHARES))) < leaning[whose])
    month = chance.integers(0, months, customers)[whose] if at_once else chance.integers(0, months, len(whose))
    days = pd.to_datetime([f"2026-{number + 1:02d}-{day:02d}" for number, day in
                           zip(month, chance.integers(1, 28, len(whose)), strict=True)])
    comments = pd.DataFrame({"feedback_id": np.arange(len(whose)), "customer_id": whose.astype(str),
                             "created_at": days, "nps": chance.choice([10, 8, 2], customers)[whose]})
    return comments, pd.DataFrame({"feedback_id": rows, "theme_id": themes})


def holds(table, share="comment_share", truth=None):
    truth = SHARES[table["theme_id"]] if truth is None else truth
    return ((table[f"{share}_low"] <= truth) & (table[f"{share}_high"] >= truth)).mean()


def covered(tell, runs, **how):
    """Return how often intervals hold the true share where customers are not known, and where they are."""
    chance, found = np.random.default_rng(17), []
    for _ in range(runs):
        comments, members = planted(chance, **how)
        found.append([holds(tell(own, members)) for own in (comments.drop(columns="customer_id"), comments)])
    return np.mean(found, axis=0)


@few_and_many(40, 120)
@pytest.mark.parametrize(("how", "naive_most"), [({}, 0.8), ({"at_once": False, "months": 2}, 0.87)])
def test_intervals_of_months_cover_where_customers_write_several_comments(runs, how, naive_most):
    naive, found = covered(share_by_period, runs, **how)
    assert naive < naive_most
    assert 0.94 < found < 0.98


@few_and_many(40, 120)
def test_intervals_of_what_groups_speak_of_cover_where_customers_write_several_comments(runs):
    naive, found = covered(reasons_by_group, runs)
    assert naive < 0.8
    assert 0.94 < found < 0.98


@few_and_many(30, 120)
@pytest.mark.parametrize("at_once", [True, False])
def test_intervals_of_spans_of_time_cover_where_customers_write_several_comments(runs, at_once):
    days = {"first_period": pd.Timestamp("2026-02-01"), "last_period": pd.Timestamp("2026-03-01")}
    chance, hits = np.random.default_rng(18), []
    for _ in range(runs):
        comments, members = planted(chance, at_once=at_once)
        inside = comments["feedback_id"][comments["created_at"].dt.month.isin([2, 3])]
        own = np.bincount(members.loc[members["feedback_id"].isin(inside), "theme_id"], minlength=len(SHARES))
        rest = np.bincount(members["theme_id"], minlength=len(SHARES)) - own
        found = pd.DataFrame({"theme_id": range(len(SHARES)), **days, "comment_count": own, "base": len(inside),
                              "comment_count_elsewhere": rest, "base_elsewhere": len(comments) - len(inside)})
        wide = [widen_spans(found, table, members) for table in (comments.drop(columns="customer_id"), comments)]
        hits.append([[holds(table, share) for share in ("comment_share", "comment_share_elsewhere")] for table in wide])
    naive, widened = np.mean(hits, axis=0)
    assert naive.max() < 0.91
    assert widened.min() > 0.93
    assert widened.max() < 0.98


@few_and_many(5, 30)
def test_intervals_of_cells_of_the_journey_cover_where_customers_write_several_comments(runs):
    stages, scale, chance = np.array([0.5, 0.3, 0.2]), (1 - LOYAL) / LOYAL, np.random.default_rng(19)
    ids = {"stage_id": ["0", "1", "2"], "touchpoint_id": ["0", "1", "2"], "theme_id": ["0"]}
    hits = []
    for _ in range(runs):
        whose = np.repeat(np.arange(150), chance.integers(4, 9, 150))
        rows = np.arange(len(whose))
        met = [(chance.random((len(rows), 1)) > chance.dirichlet(stages * scale, 150)[whose].cumsum(axis=1)).sum(axis=1)
               .clip(max=2).astype(str) for _ in range(2)]
        mentions = pd.DataFrame({"statement_id": rows, "feedback_id": rows, "stage_id": met[0],
                                 "touchpoint_id": met[1], "theme_id": "0"})
        for clusters in (None, pd.Series(whose)):
            grid = count_grid(mentions, len(rows), ids, NO_ANSWERS, clusters=clusters)
            grid = grid[(grid["stage_id"] != "all") & (grid["theme_id"] == "all")]
            truth = [stages[int(stage)] * (1 if place == "all" else stages[int(place)])
                     for stage, place in zip(grid["stage_id"], grid["touchpoint_id"], strict=True)]
            hits.append(holds(grid, truth=np.array(truth)))
    assert np.mean(hits[::2]) < 0.85
    assert np.mean(hits[1::2]) > 0.93


@few_and_many(20, 80)
def test_shares_of_languages_and_of_cells_asked_for_cover_where_customers_write_several_comments(runs):
    chance, hits = np.random.default_rng(20), []
    for _ in range(runs):
        comments, members = planted(chance)
        ids, inside = comments["feedback_id"], comments["feedback_id"].isin(
            members.loc[members["theme_id"] == 1, "feedback_id"])
        language = pd.Series(np.where(comments["customer_id"].astype(int) % 3 == 0, "fa", "en"))
        people = comments.assign(is_counted=True, says_nothing=False, speaks_for_customers=False)
        cells = pd.DataFrame({"feedback_id": ids[inside], "dimension": "stage", "value": "use"})
        for own in (people.drop(columns="customer_id"), people):
            clusters = own.get("customer_id")
            alone = measure_unassigned(language, np.where(inside, -1, 0), ids, clusters=clusters)
            asked = judge_adequacy([{"name": "q", "cells": {"stage": ["use"]}}], own, members, cells, pd.DataFrame())
            share = asked.cells.iloc[0]
            hits.append([((alone["low"] <= 0.1) & (alone["high"] >= 0.1)).mean(),
                         share["comment_share_low"] <= 0.1 <= share["comment_share_high"]])
    naive, found = np.mean(hits[::2], axis=0), np.mean(hits[1::2], axis=0)
    assert naive.max() < 0.8
    assert found.min() > 0.93


def test_the_weekday_on_which_a_theme_comes_back_has_an_interval_that_allows_for_who_wrote_several():
    days = pd.Series(np.repeat(pd.date_range("2026-01-05", periods=70), 6))
    comments = pd.DataFrame({"feedback_id": np.arange(420), "created_at": days, "customer_id": np.arange(420) // 6})
    every_second = (days.dt.day_of_week == 6) & (days.dt.isocalendar().week % 2)
    members = pd.DataFrame({"feedback_id": np.flatnonzero(every_second), "theme_id": 0})
    naive, alone, wide = (find_seasons(table, members)[0].iloc[0] for table in (
        comments.drop(columns="customer_id"), comments.assign(customer_id=comments["feedback_id"]), comments))
    pd.testing.assert_series_equal(naive, alone, check_exact=True)
    assert (wide["peak"], wide["peak_count"], wide["peak_base"]) == (6, 30, 60)
    assert [naive["peak_share_low"], naive["peak_share_high"]] == pytest.approx([0.377, 0.623], abs=1e-3)
    assert [wide["peak_share_low"], wide["peak_share_high"]] == pytest.approx([0.228, 0.772], abs=1e-3)


def test_pairs_of_one_id_are_no_more_than_the_id_tells():
    languages, comments = pd.Series(["en", "ar", "fa", "de"] * 12), pd.Series([f"c{n}" for n in range(48)])
    themes = np.array([0, 0, 0, 0, 1, 2, 3, 4] * 6)
    four = measure_parallel(pd.Series(np.repeat(np.arange(12), 4)), languages, themes, comments).iloc[0]
    assert (four["value"], four["n"]) == (0.5, 72)
    assert four["low"] < 0.27  # of twelve that are alike in themselves: 0.25
    assert four["high"] > 0.73
    two = measure_parallel(pd.Series(np.repeat(np.arange(24), 2)), languages, themes, comments).iloc[0]
    assert [two["low"], two["high"]] == pytest.approx([0.3143, 0.6857], abs=1e-4)


def test_where_nobody_wrote_twice_intervals_are_digit_for_digit_what_they_were():
    comments, members = planted(np.random.default_rng(21))
    alone = comments.assign(customer_id=[f"k{number}" for number in range(len(comments))])
    nobody = comments.drop(columns="customer_id")
    for tell in (share_by_period, reasons_by_group):
        pd.testing.assert_frame_equal(tell(nobody, members), tell(alone, members), check_exact=True)
    shares = share_by_period(nobody, members)
    for search in (find_stretches, find_changes):
        found = search(shares)
        pd.testing.assert_frame_equal(found, widen_spans(found, alone, members), check_exact=True)


def test_the_order_of_rows_does_not_matter():
    comments, members = planted(np.random.default_rng(22))
    mixed = comments.sample(frac=1, random_state=1), members.sample(frac=1, random_state=2)
    shares = share_by_period(comments, members)
    pd.testing.assert_frame_equal(shares, share_by_period(*mixed), check_exact=True)
    for found in (find_stretches(shares), find_changes(shares)):
        pd.testing.assert_frame_equal(widen_spans(found, comments, members), widen_spans(found, *mixed),
                                      check_exact=True)


def test_spans_and_bases_tell_what_their_comments_alone_tell():
    comments, members = planted(np.random.default_rng(23), at_once=False)
    said, clusters = members.rename(columns={"theme_id": "value"}), comments["customer_id"]
    month, values, alike = comments["created_at"].dt.month, list(range(len(SHARES))), likeness(said, clusters)
    spans = pd.DataFrame({"value": values, "first": [1, 2, 2, 3], "end": [3, 4, 5, 7]})
    inside, beyond = span_effects(said, clusters, month, spans)
    for row, effect, other in zip(spans.itertuples(), inside, beyond, strict=True):
        is_in = month.between(row.first, row.end - 1)
        assert effect == pytest.approx(share_effects(said, clusters[is_in], [row.value], alike)[0])
        assert other == pytest.approx(share_effects(said, clusters[~is_in], [row.value], alike)[0])
    together = share_effects(said, clusters, values * 6, 0.2, month, np.repeat(range(1, 7), len(values)).tolist())
    apart = np.concatenate([share_effects(said, clusters[month == number], values, 0.2) for number in range(1, 7)])
    assert together == pytest.approx(apart)
    assert share_effects(said, clusters, [0, 9], 0.2, month, [12, 12]).tolist() == [1.0, 1.0]


def test_stages_tell_their_shares_of_people(small_analysis):
    study, tables = small_analysis.study, small_analysis.tables
    some = tables["statements"].query("language == 'fa'")["statement_id"].head(6)
    alone = tables["assignments"]["statement_id"].isin(some)
    tables = {**tables, "assignments": tables["assignments"].assign(
        theme_id=tables["assignments"]["theme_id"].mask(alone, -1))}
    by_theme = tables["assignments"].merge(tables["statements"]).groupby("feedback_id")["theme_id"].min()
    whose = tables["comments"]["feedback_id"].map(by_theme).fillna(-1).astype(int).astype(str)
    alone = [f"k{number}" for number in range(len(whose))]
    narrow, wide = ({**tables, "comments": tables["comments"].assign(customer_id=ids)} for ids in (alone, whose))
    for stage, names in ((tell_all, ["periods", "stretches"]), (follow_all, ["journey_grid"]),
                         (weigh_all, ["group_reasons", "changes"]), (examine_all, ["parity", "quality"])):
        one, other = (stage(study, given, Store("nowhere"))[0] for given in (narrow, wide))
        for name in names:
            assert _spans(other[name]) > _spans(one[name]), name


def test_a_theme_that_one_customer_repeats_goes_with_that_customer(small_analysis):
    study, tables = small_analysis.study, small_analysis.tables
    loyal = tables["statements"].loc[tables["assignments"]["theme_id"] == 0, "feedback_id"]
    own = pd.Series([f"k{number}" for number in range(len(tables["comments"]))])
    is_loyal = tables["comments"]["feedback_id"].isin(loyal)
    nobody, each, one = (examine_all(study, {**tables, "comments": comments}, Store("nowhere"))[0]["passport"]
                         for comments in (tables["comments"].drop(columns="customer_id"),
                                          tables["comments"].assign(customer_id=own),
                                          tables["comments"].assign(customer_id=own.mask(is_loyal, "loyal"))))
    pd.testing.assert_frame_equal(nobody, each, check_exact=True)
    assert each.loc[0, "resample_lowest"] > 0.9
    assert one.loc[0, "resample_lowest"] == 0


def _spans(table):
    return sum((table[end.replace("low", "high")] - table[end]).sum() for end in table if end.endswith("low"))


def test_answers_of_one_who_wrote_most_make_no_difference_of_a_theme():
    chance, found = np.random.default_rng(24), []
    whose = np.concatenate([np.arange(150), np.full(200, 150)])
    for _ in range(300):
        answers = chance.normal(0, 0.9, 151)[whose] + chance.normal(0, 0.45, len(whose))
        speaks = chance.random(len(whose)) < chance.beta(0.15, 1.35, 151)[whose]
        found.append(clustered_differences(gather(speaks[:, None], whose), answers, 10)[1][0] < 0.05)
    assert np.mean(found) < 0.05  # weighing pairs of answers made it 0.13


def test_likeness_of_answers_is_seen_where_one_wrote_most():
    chance = np.random.default_rng(25)
    whose = np.concatenate([np.arange(300), np.arange(150), np.full(200, 300)])
    told = [likeness_within(gather(np.zeros((len(whose), 1)), whose),
                            chance.normal(0, 0.8, 301)[whose] + chance.normal(0, 0.6, len(whose))) for _ in range(60)]
    assert np.mean(told) == pytest.approx(0.64, abs=0.04)


def asked_of(comments, members, **decision):
    everybody = comments.assign(is_counted=True, says_nothing=False, speaks_for_customers=False)
    cells = pd.DataFrame({"feedback_id": comments["feedback_id"], "dimension": "market", "value": "DE"})
    return judge_adequacy([{"name": "q", "cells": {"market": ["DE"]}, **decision}], everybody, members, cells,
                          pd.DataFrame())


def test_how_many_comments_are_still_needed_allows_for_who_wrote_several():
    """Of 110 customers with four comments each, loyal to one of two themes, in place of 440 customers."""
    chance, held = np.random.default_rng(31), []
    whose = np.repeat(np.arange(110), 4)
    for _ in range(60):
        own = chance.random(110) < 0.5
        said = np.where(chance.random(440) < 0.8, own[whose], chance.random(440) < 0.5).astype(int)
        comments = pd.DataFrame({"feedback_id": np.arange(440), "customer_id": whose})
        members = pd.DataFrame({"feedback_id": np.arange(440), "theme_id": said})
        naive, allowed = (asked_of(table, members).cells.iloc[0] for table in (
            comments.drop(columns="customer_id"), comments))
        assert (naive["verdict"], allowed["verdict"]) == ("adequate", "directional")
        held.append([abs(said.mean() - 0.5) <= told["precision"] for told in (naive, allowed)])
    naive, found = np.mean(held, axis=0)
    assert naive < 0.75
    assert found > 0.88


def test_four_copies_of_a_comment_are_worth_one_and_the_others_are_still_needed():
    comments = pd.DataFrame({"feedback_id": np.arange(400), "customer_id": np.arange(400) // 4})
    members = pd.DataFrame({"feedback_id": np.arange(400), "theme_id": np.arange(400) // 4 % 2})
    found = asked_of(comments, members)
    assert found.cells[["n", "worth", "needed", "verdict"]].values.tolist() == [[400, 100.0, 385, "directional"]]
    assert found.collect[["n", "missing"]].values.tolist() == [[400, 285]]
    alone, nobody = (asked_of(table, members) for table in (comments.assign(customer_id=np.arange(400)),
                                                            comments.drop(columns="customer_id")))
    assert alone.cells["worth"].tolist() == [400.0]
    for name in ("verdicts", "checks", "cells", "collect"):
        pd.testing.assert_frame_equal(getattr(alone, name), getattr(nobody, name), check_exact=True)


@few_and_many(20, 40)
def test_what_customers_say_again_and_again_is_not_all_that_would_be_said(runs):
    chance, told = np.random.default_rng(32), []
    shares = 1 / np.arange(1, 101)
    for _ in range(runs):
        own = chance.choice(100, 60, p=shares / shares.sum())
        comments = pd.DataFrame({"feedback_id": np.arange(300), "customer_id": np.arange(300) // 5})
        members = pd.DataFrame({"feedback_id": np.arange(300), "theme_id": own[np.arange(300) // 5]})
        heard = [asked_of(table, members).checks.set_index("check").at["saturation", "value"] for table in (
            comments.drop(columns="customer_id"), comments)]
        told.append([*heard, shares[np.unique(own)].sum() / shares.sum()])
    naive, found, truth = np.mean(told, axis=0)
    assert naive == 1
    assert found == pytest.approx(truth, abs=0.03)
    assert truth < 0.8


def test_themes_that_customers_come_back_to_do_not_hang_on_languages():
    chance, found = np.random.default_rng(33), []
    whose, ids = np.repeat(np.arange(60), 6), pd.Series([f"c{number:03}" for number in range(360)])
    for seed in range(40):
        languages = pd.Series(chance.choice(["en", "fa"], 60)[whose])
        themes = np.where(chance.random(360) < 0.7, chance.integers(0, 6, 60)[whose], chance.integers(0, 6, 360))
        found.append([measure_dependence(languages, themes, ids, seed=seed, shuffles=99, clusters=clusters)["p_value"]
                      < 0.05 for clusters in (None, pd.Series(whose, index=ids))])
    naive, allowed = np.mean(found, axis=0)
    assert naive.min() > 0.3
    assert allowed.max() < 0.1


@few_and_many(20, 80)
def test_parallel_comments_of_one_customer_are_no_more_than_the_customer_tells(runs):
    chance, held = np.random.default_rng(34), []
    pairs, whose = np.repeat(np.arange(200), 2), np.repeat(np.arange(40), 10)
    ids, languages = pd.Series([f"c{number:03}" for number in range(400)]), pd.Series(["en", "fa"] * 200)
    for _ in range(runs):
        lands = chance.random(200) < np.repeat(chance.beta(1, 1, 40), 5)
        themes = chance.integers(0, 8, 200).repeat(2)
        themes[1::2] = (themes[1::2] + ~lands) % 8
        rows = [measure_parallel(pd.Series(pairs), languages, themes, ids, shuffles=1, clusters=clusters).iloc[0]
                for clusters in (None, pd.Series(whose, index=ids))]
        held.append([row["low"] <= 0.5 <= row["high"] for row in rows])
    naive, found = np.mean(held, axis=0)
    assert naive < 0.85
    assert found > 0.9


def test_languages_and_pairs_of_people_who_wrote_once_are_digit_for_digit_what_they_were():
    chance, ids = np.random.default_rng(35), pd.Series([f"c{number:03}" for number in range(120)])
    languages, themes = pd.Series(["en", "fa"] * 60), chance.integers(0, 5, 120)
    alone = pd.Series([f"k{number}" for number in chance.permutation(120)], index=ids)
    for tell in (lambda **own: measure_dependence(languages, themes, ids, shuffles=9, **own),
                 lambda **own: measure_parallel(pd.Series(np.arange(120) // 2), languages, themes, ids, shuffles=9,
                                                **own)):
        pd.testing.assert_frame_equal(tell(), tell(clusters=alone), check_exact=True)

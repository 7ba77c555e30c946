import numpy as np
import pandas as pd
import pytest

from workbench.insights import (
    choose_quotes,
    compare_themes,
    cover,
    cover_stages,
    find_blind_spots,
    find_stretches,
    hide_small,
    mean_score,
    net_promoter_score,
    rank_headlines,
    score_all,
    score_themes,
    share_by_period,
)
from workbench.themes import share_interval


@pytest.mark.parametrize(("answers", "score"), [
    ([10] * 70 + [8] * 10 + [0] * 20, 50), ([9, 10], 100), ([6, 0], -100), ([7, 8], 0), ([10, 8, 8, 3], 0)])
def test_nps_arithmetic(answers, score):
    assert net_promoter_score(pd.Series(answers))["score"] == pytest.approx(score)


def test_nps_without_answers_is_not_a_number():
    result = net_promoter_score(pd.Series([np.nan, np.nan]))
    assert result["n"] == 0
    assert np.isnan(result["score"])


@pytest.mark.parametrize("n", [10, 50])
def test_nps_intervals_cover_as_they_say(n):
    generator = np.random.default_rng(n)
    truth = 100 * (0.45 - 0.25)
    hits = 0
    for _ in range(600):
        answers = generator.choice([10, 8, 2], p=[0.45, 0.30, 0.25], size=n)
        result = net_promoter_score(pd.Series(answers))
        hits += result["score_low"] <= truth <= result["score_high"]
    assert 0.93 <= hits / 600 <= 0.985


def test_mean_of_one_answer_has_no_interval():
    result = mean_score(pd.Series([4.0]))
    assert result["score"] == 4
    assert np.isnan(result["score_low"])


def test_intervals_stay_on_their_scale_and_hold_their_score():
    assert mean_score(pd.Series([1.0, 0.8, 1.0]), scale=(0, 1))["score_high"] == 1.0
    assert np.isnan(mean_score(pd.Series([5.0, 5.0, 5.0]))["score_low"])
    alone = net_promoter_score(pd.Series([10]))
    assert alone["score_low"] <= alone["score"] <= alone["score_high"]


def test_a_measure_without_answers_is_left_out():
    comments = pd.DataFrame({"nps": [np.nan], "rating": [4.0], "rating_max": [5.0]})
    assert score_all(comments)["measure"].tolist() == ["satisfaction", "csat"]
    assert len(score_all(pd.DataFrame({"text": ["a"]}))) == 0


def test_scores_of_themes_count_a_comment_in_each_of_its_themes():
    comments = pd.DataFrame({"feedback_id": ["a", "b"], "nps": [10, 0]})
    members = pd.DataFrame({"feedback_id": ["a", "a", "b"], "theme_id": [0, 1, 1]})
    table = score_themes(comments, members).set_index("theme_id")
    assert table.loc[1, ["n", "score"]].tolist() == [2, 0.0]


def test_coverage_against_expectation():
    comments = pd.DataFrame({"market": ["DE"] * 50 + ["EG"] * 45 + ["JO"] * 3 + [None] * 2})
    table = cover(comments, {"market": {"DE": 0.5, "EG": 0.3, "JO": 0.1, "IQ": 0.05}}).set_index("value")
    assert table.loc[["DE", "EG", "JO", "IQ", "(not stated)"], "heard"].tolist() == [
        "as expected", "more than expected", "less than expected", "not heard", "no expectation"]
    assert table["comment_count"].sum() == 100

def test_of_many_markets_none_is_heard_less_by_chance():
    chance, found = np.random.default_rng(2), []
    for fewer in (1.0, 0.4):
        for _ in range(60):
            share = chance.dirichlet(np.full(20, 3.0))
            expected = {f"m{number}": float(one) for number, one in enumerate(share)}
            share[share.argmax()] *= fewer
            comments = pd.DataFrame({"market": chance.choice(list(expected), 600, p=share / share.sum())})
            table = cover(comments, {"market": expected})
            found.append((table["heard"].isin(["less than expected", "more than expected"]).any(),
                          table.loc[table["expected_share"].idxmax(), "heard"] == "less than expected"))
    by_chance, planted = np.mean(found[:60], axis=0)[0], np.mean(found[60:], axis=0)[1]
    assert by_chance < 0.15
    assert planted > 0.85


def test_blanks_do_not_make_the_stated_ones_rare():
    comments = pd.DataFrame({"market": ["DE"] * 30 + ["EG"] * 30 + [None] * 40, "channel": ["app"] * 60 + [None] * 40})
    table = cover(comments, {"market": {"DE": 0.5, "EG": 0.5}}).set_index("value")
    assert table.loc[["DE", "EG"], "heard"].tolist() == ["as expected", "as expected"]
    assert table.loc[["DE", "EG", "app"], "comment_share"].tolist() == [0.5, 0.5, 0.6]
    assert table.loc["DE", "comment_share_low"] == share_interval(pd.Series([30]), 60)[0][0]
    unsaid = table[table["comment_count"] == 40].set_index("dimension")["comment_share"]
    assert (np.isnan(unsaid["market"]), unsaid["channel"]) == (True, 0.4)


def test_a_finding_of_who_was_hardly_heard_has_both_shares_of_the_same_comments():
    comments = pd.DataFrame({"market": ["DE"] * 80 + ["JO"] * 20 + [None] * 100})
    coverage = cover(comments, {"market": {"JO": 0.4}})
    themes = pd.DataFrame({"theme_id": [0], "comment_count": [50], "comment_share": [0.25]})
    row = rank_headlines(themes.assign(comment_share_low=0.2, comment_share_high=0.3), pd.DataFrame(), pd.DataFrame(),
                         pd.DataFrame(), coverage).set_index("kind").loc["unheard"]
    assert (row["estimate"], row["comparison"]) == (0.2, 0.4)
    nowhere = {"stage_id": [], "touchpoint_id": []}
    spots = find_blind_spots(coverage, pd.DataFrame({"feedback_id": [], **nowhere}), comments[[]], nowhere)
    spots = spots.set_index("value")
    assert spots.loc["JO", ["comment_count", "base", "comment_share"]].tolist() == [20, 100, 0.2]


def test_a_language_that_cannot_be_told_and_what_nobody_states_make_nobody_silent():
    comments = pd.DataFrame({"language": ["fa"] * 50 + ["ar"] * 50 + ["und"] * 60, "market": None})
    table = cover(comments, {"language": {"fa": 0.5, "ar": 0.5}, "market": {"JO": 0.3}}).set_index("value")
    assert table.loc[["fa", "ar", "und", "JO"], "heard"].tolist() == ["as expected"] * 2 + ["no expectation"] * 2


def test_a_stage_may_be_expected_too():
    sets = pd.DataFrame({"statement_id": ["a/0"], "stage_id": ["use"]})
    statements = pd.DataFrame({"statement_id": ["a/0"], "feedback_id": ["a"]})
    table = cover_stages(sets, statements, ["use"], 100, {"use": 0.5})
    assert table["heard"].tolist() == ["less than expected"]


def test_a_stage_that_nobody_speaks_of_is_shown_as_not_heard():
    sets = pd.DataFrame({"statement_id": ["a/0", "a/1", "b/0"], "stage_id": ["use", "use", "action"]})
    statements = pd.DataFrame({"statement_id": ["a/0", "a/1", "b/0"], "feedback_id": ["a", "a", "b"]})
    table = cover_stages(sets, statements, ["awareness", "action", "use"], 2)
    assert table["comment_count"].tolist() == [0, 1, 1]
    assert table["heard"].tolist() == ["not heard", "no expectation", "no expectation"]


def monthly(counts, base=60, theme=0):
    periods = pd.date_range("2025-11-01", periods=len(counts), freq="MS")
    return pd.DataFrame({"theme_id": theme, "period": periods, "comment_count": counts, "base": base})


def test_a_planted_stretch_is_found_with_its_dates():
    row = find_stretches(monthly([3, 4, 2, 3, 25, 28, 4, 3, 2, 4, 3, 3])).iloc[0]
    assert (row["first_period"], row["last_period"]) == (pd.Timestamp("2026-03-01"), pd.Timestamp("2026-04-01"))
    assert row["p_adjusted"] < 0.01
    assert row["comment_share"] == pytest.approx(53 / 120)
    assert row["comment_share_elsewhere"] == pytest.approx(31 / 600)


def test_a_busy_month_is_not_a_stretch():
    table = monthly([5, 5, 20, 5, 5, 5])
    table["base"] = [50, 50, 200, 50, 50, 50]
    assert find_stretches(table)["p_adjusted"].iloc[0] > 0.3


def test_false_alarms_on_flat_data_stay_within_the_nominal_rate():
    generator = np.random.default_rng(3)
    worlds = [monthly(generator.binomial(60, 0.1, size=12), theme=world) for world in range(120)]
    p = find_stretches(pd.concat(worlds))["p_value"]
    assert (p < 0.05).mean() <= 0.10
    assert (p < 0.5).mean() > 0.3  # and it is not simply asleep


def test_one_wrong_year_does_not_stretch_time():
    days = ["1970-01-01", *pd.date_range("2026-01-01", periods=120).astype(str)]
    comments = pd.DataFrame({"feedback_id": [str(n) for n in range(len(days))], "created_at": pd.to_datetime(days)})
    members = pd.DataFrame({"feedback_id": [str(n) for n in range(0, len(days), 3)], "theme_id": 0})
    table = share_by_period(comments, members)
    assert table["period"].min() == pd.Timestamp("2026-01-01")
    assert table["base"].sum() == 120


def test_the_scan_finds_what_trying_every_run_finds():
    from workbench.insights.searches import _log_likelihood, _scan

    generator = np.random.default_rng(0)
    counts, bases = generator.integers(0, 12, size=(20, 10)), np.full(10, 20)
    best, start, length = _scan(counts, bases)
    for row in range(20):
        tried = {}
        for first in range(10):
            for size in range(1, min(5, 10 - first) + 1):
                inside, base = counts[row, first:first + size].sum(), 20 * size
                outside, rest = counts[row].sum() - inside, 200 - base
                value = (_log_likelihood(inside, np.asarray(base)) + _log_likelihood(outside, np.asarray(rest))
                         - _log_likelihood(counts[row].sum(), np.asarray(200)))
                tried[(first, size)] = float(value) if inside * rest > outside * base else 0.0
        assert best[row] == pytest.approx(max(tried.values()), abs=1e-6)
        assert tried[(start[row], length[row])] == pytest.approx(best[row], abs=1e-6)


def test_stretches_do_not_depend_on_row_order():
    table = pd.concat([monthly([3, 4, 2, 3, 25, 28], theme=1), monthly([9, 9, 9, 1, 1, 1], theme=0)])
    pd.testing.assert_frame_equal(find_stretches(table), find_stretches(table.sample(frac=1, random_state=0)))


def test_too_few_periods_give_no_stretch():
    assert len(find_stretches(monthly([1, 20]))) == 0


def test_shares_by_period_name_gaps_and_partial_periods():
    days = ["2026-01-01", "2026-01-31", "2026-03-02", "2026-03-10"]
    comments = pd.DataFrame({"feedback_id": list("abcd"), "created_at": pd.to_datetime(days)})
    members = pd.DataFrame({"feedback_id": ["a", "c"], "theme_id": [0, 0]})
    table = share_by_period(comments, members)
    assert table["base"].tolist() == [2, 0, 2]
    assert table["comment_share"].isna().tolist() == [False, True, False]
    assert table["is_partial"].tolist() == [False, False, True]


def test_undated_comments_are_left_out_of_time():
    comments = pd.DataFrame({"feedback_id": ["a", "b"], "created_at": pd.to_datetime(["2026-01-05", None])})
    assert share_by_period(comments, pd.DataFrame({"feedback_id": ["a", "b"], "theme_id": 0}))["base"].tolist() == [1]
    assert len(share_by_period(comments.iloc[1:], pd.DataFrame({"feedback_id": ["b"], "theme_id": 0}))) == 0


def quoted(scores, texts=None, customers=None, languages=None):
    n = len(scores)
    ids = [f"c{number}" for number in range(n)]
    texts = texts or [f"the courier came late on day {number}" for number in range(n)]
    statements = pd.DataFrame({"statement_id": [f"{i}/0" for i in ids], "feedback_id": ids, "text": texts,
                               "language": languages or ["en"] * n, "direction": "ltr"})
    assignments = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": 0,
                                "strength": np.linspace(0.9, 0.5, n)})
    comments = pd.DataFrame({"feedback_id": ids, "nps": scores, "customer_id": customers or ids})
    return choose_quotes(statements, assignments, comments)


def test_a_contrary_quote_speaks_against_the_majority():
    quotes = quoted([0, 1, 2, 3, 10, 1])
    contrary = quotes[quotes["role"] == "contrary"]
    assert contrary["feedback_id"].tolist() == ["c4"]


def test_without_opposition_there_is_no_contrary_quote():
    assert "contrary" not in set(quoted([0, 1, 2])["role"])
    assert "contrary" not in set(quoted([np.nan, np.nan])["role"])


def test_nobody_is_quoted_twice():
    quotes = quoted([0, 1, 2, 3, 4], customers=["x", "x", "x", "y", "z"])
    assert quotes["feedback_id"].tolist() == ["c0", "c3", "c4"]


def test_languages_take_turns():
    quotes = quoted([0] * 6, languages=["en", "en", "en", "en", "fa", "ar"])
    assert quotes["language"].tolist() == ["en", "ar", "fa", "en"]


def test_a_language_of_very_few_comments_takes_no_turn():
    assert quoted([0] * 102, languages=["en"] * 100 + ["pt", "de"])["language"].tolist() == ["en"] * 4
    assert quoted([0] * 102, languages=["en"] * 100 + ["de"] * 2)["language"].tolist() == ["en", "de", "en", "de"]


def test_courtesy_is_quoted_where_there_is_nothing_else():
    texts = ["Thank you and best regards", "با تشکر از شما", "شكرا لكم جميعا", "late again on day one",
             "the box was wet"]
    assert quoted([0] * 5, texts=texts)["feedback_id"].tolist()[:2] == ["c3", "c4"]
    assert len(quoted([0] * 3, texts=texts[:3])) == 3


def test_quotes_hold_no_personal_data():
    quotes = quoted([0], texts=["write to ann.example@example.com or call +44 20 7946 0958 about it"])
    assert "example.com" not in quotes["text"].iloc[0]
    assert "7946" not in quotes["text"].iloc[0]
    assert "about it" in quotes["text"].iloc[0]


def test_small_cells_are_hidden_and_empty_ones_are_not():
    table = hide_small(pd.DataFrame({"n": [0, 1, 4, 5], "share": [0.0, 0.1, 0.4, 0.5]}), "n", 5, ["share"])
    assert table["is_hidden"].tolist() == [False, True, True, False]
    assert table["share"].isna().tolist() == [False, True, True, False]


THEMES = pd.DataFrame({"theme_id": [0, 1, 2, -1], "comment_count": [40, 30, 4, 50],
                       "comment_share": [0.4, 0.3, 0.04, 0.5], "comment_share_low": 0.0, "comment_share_high": 1.0})


def test_headlines_are_ranked_by_importance_within_a_budget():
    stretch = pd.DataFrame([{"theme_id": 1, "comment_count": 20, "base": 30, "comment_share": 0.66,
                             "comment_share_low": 0.5, "comment_share_high": 0.8, "comment_share_elsewhere": 0.05,
                             "comment_count_elsewhere": 15,
                             "first_period": pd.Timestamp("2026-03-01"), "last_period": pd.Timestamp("2026-04-01"),
                             "p_adjusted": 0.001}])
    table = rank_headlines(THEMES, pd.DataFrame(), pd.DataFrame(), stretch, pd.DataFrame(), budget=2)
    assert table["kind"].tolist() == ["stretch", "largest"]
    assert table["rank"].tolist() == [1, 2]


def test_what_may_be_chance_is_no_headline():
    stretch = pd.DataFrame([{"theme_id": 1, "comment_count": 20, "base": 30, "comment_share": 0.66,
                             "comment_share_low": 0.5, "comment_share_high": 0.8, "comment_share_elsewhere": 0.05,
                             "comment_count_elsewhere": 15,
                             "first_period": pd.Timestamp("2026-03-01"), "last_period": pd.Timestamp("2026-04-01"),
                             "p_adjusted": 0.2}])
    table = rank_headlines(THEMES, pd.DataFrame(), pd.DataFrame(), stretch, pd.DataFrame())
    assert "stretch" not in set(table["kind"])


def test_a_low_score_needs_more_than_chance():
    by_theme = pd.DataFrame({"theme_id": [0, 1], "measure": "nps", "n": [30, 25], "score": [-40.0, 10.0],
                             "score_low": [-60.0, -15.0], "score_high": [-20.0, 35.0]})
    compared = pd.DataFrame({"theme_id": [0, 1], "n": [30, 25], "score_elsewhere": [30.0, 25.0],
                             "p_value": [0.001, 0.2], "p_adjusted": [0.002, 0.2]})
    table = rank_headlines(THEMES, by_theme, compared, pd.DataFrame(), pd.DataFrame())
    low = table[table["kind"] == "low_score"]
    assert low["theme_id"].tolist() == [0]
    assert low["comparison"].tolist() == [30.0]


def test_themes_drawn_at_random_seldom_differ():
    generator = np.random.default_rng(1)
    alarms = 0
    for _ in range(60):
        nps = generator.choice([10, 8, 2], p=[0.4, 0.3, 0.3], size=350)
        comments = pd.DataFrame({"feedback_id": [str(i) for i in range(350)], "nps": nps})
        members = pd.DataFrame({"feedback_id": generator.choice(comments["feedback_id"], 625),
                                "theme_id": np.repeat(np.arange(25), 25)}).drop_duplicates()
        alarms += (compare_themes(comments, members)["p_adjusted"] < 0.05).any()
    assert alarms / 60 <= 0.12


def test_a_theme_of_detractors_differs():
    nps = [0, 3, 7, 2, 6] * 6 + [10, 9, 8, 7, 4] * 14
    comments = pd.DataFrame({"feedback_id": [str(i) for i in range(100)], "nps": nps})
    members = pd.DataFrame({"feedback_id": [str(i) for i in range(30)], "theme_id": 0})
    assert compare_themes(comments, members)["p_adjusted"].iloc[0] < 0.001
    unanimous = comments.assign(nps=[0] * 30 + nps[30:])
    assert compare_themes(unanimous, members)["p_adjusted"].iloc[0] < 0.001
    assert len(compare_themes(comments.drop(columns="nps"), members)) == 0


def test_the_order_of_cells_decides_nothing():
    coverage = cover(pd.DataFrame({"market": ["DE"] * 50}), {"market": {"DE": 0.6, "JO": 0.4}})
    silent = pd.DataFrame({"dimension": "stage", "value": ["awareness", "interest"], "comment_count": 0,
                           "comment_share": 0.0, "comment_share_low": 0.0, "comment_share_high": 0.04,
                           "expected_share": np.nan, "heard": "not heard"})
    both = pd.concat([coverage, silent], ignore_index=True)
    empty = pd.DataFrame()
    first = rank_headlines(THEMES, empty, empty, empty, both)
    for seed in range(5):
        again = rank_headlines(THEMES, empty, empty, empty, both.sample(frac=1, random_state=seed))
        assert again["value"].dropna().tolist()[0] == first["value"].dropna().tolist()[0] == "JO"


@pytest.mark.parametrize(("counted", "told"), [(5, 0), (70, 0), (80, 1)])
def test_silence_among_few_is_no_headline_where_nothing_was_expected(counted, told):
    high = 3.8415 / (counted + 3.8415)  # Wilson's upper end for none of so many
    silent = pd.DataFrame({"dimension": ["stage"], "value": ["awareness"], "comment_count": [0], "comment_share": [0.0],
                           "comment_share_low": [0.0], "comment_share_high": [high], "expected_share": [np.nan],
                           "heard": ["not heard"]})
    spoken = silent.assign(value="use", comment_count=counted, heard="no expectation")
    empty = pd.DataFrame()
    table = rank_headlines(THEMES.iloc[:0], empty, empty, empty, pd.concat([silent, spoken]))
    assert len(table) == told


def test_silence_of_everybody_is_no_headline():
    coverage = cover(pd.DataFrame({"market": pd.Series([], dtype=object)}), {"market": {"DE": 1.0}})
    empty = pd.DataFrame()
    assert len(rank_headlines(THEMES.iloc[:0], empty, empty, empty, coverage)) == 0


def test_few_comments_never_make_a_headline_but_silence_does():
    coverage = cover(pd.DataFrame({"market": ["DE"] * 50}), {"market": {"DE": 0.6, "JO": 0.4}})
    table = rank_headlines(THEMES.iloc[[2, 3]], pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), coverage)
    assert table["kind"].tolist() == ["unheard"]


def test_an_unstable_theme_is_no_headline():
    table = rank_headlines(THEMES.assign(stability=[0.2, 0.8, 0.9, np.nan]), pd.DataFrame(), pd.DataFrame(),
                           pd.DataFrame(), pd.DataFrame())
    assert table["theme_id"].tolist() == [1]


def voices(n=8, **columns):
    """Statements of one theme, the nearest first, each in a direction of its own."""
    ids = [f"c{number}" for number in range(n)]
    statements = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids,
                               "text": [f"this is what number {name} says" for name in ids], "language": "en",
                               "direction": "ltr"})
    assignments = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": 0,
                                "strength": np.linspace(0.9, 0.1, n)})
    comments = pd.DataFrame({"feedback_id": ids, **columns})
    return statements, assignments, comments, np.eye(n)


def test_diverse_quotes_are_far_from_the_typical_and_from_each_other():
    statements, assignments, comments, vectors = voices()
    vectors[3] = vectors[0]
    quotes = choose_quotes(statements, assignments, comments, 1, diverse=2, vectors=vectors)
    assert quotes["role"].tolist() == ["typical", "diverse", "diverse"]
    assert quotes["feedback_id"].tolist() == ["c0", "c1", "c2"]
    vectors[1] = vectors[0]
    quotes = choose_quotes(statements, assignments, comments, 1, diverse=1, vectors=vectors)
    assert quotes["feedback_id"].tolist() == ["c0", "c2"]


@pytest.mark.parametrize("lost", ["everybody", "long enough"])
def test_nothing_fit_to_be_quoted_gives_no_quotes(lost):
    statements, assignments, comments, _ = voices()
    statements = statements.assign(text="short") if lost == "long enough" else statements
    comments = comments.iloc[:0] if lost == "everybody" else comments
    assert choose_quotes(statements, assignments, comments, 1).empty


def test_vectors_in_half_precision_choose_the_same_quotes():
    """Stored vectors are of two bytes a number, in which rounding to five places overflows."""
    statements, assignments, comments, _ = voices()
    vectors = np.random.default_rng(1).normal(size=(len(statements), 6)).astype(np.float16)
    quotes = [choose_quotes(statements, assignments, comments, 1, diverse=3, vectors=kind)
              for kind in (vectors, vectors.astype(np.float32))]
    pd.testing.assert_frame_equal(*quotes)


def test_a_diverse_quote_in_an_unheard_language_comes_first():
    statements, assignments, comments, vectors = voices()
    statements.loc[3, "language"] = "tr"
    quotes = choose_quotes(statements, assignments, comments, 1, diverse=1, vectors=vectors)
    assert quotes["feedback_id"].tolist() == ["c0", "c3"]


@pytest.mark.parametrize("columns", [
    {"customer_id": ["x"] * 8}, {"account_id": ["firm"] * 8}, {"customer_id": ["x"] * 4 + [None] * 4,
                                                              "account_id": [None] * 3 + ["f"] * 5},
])
def test_one_person_or_account_is_quoted_once_in_all_roles(columns):
    statements, assignments, comments, vectors = voices(nps=[0] * 5 + [10] * 3, **columns)
    quotes = choose_quotes(statements, assignments, comments, 3, diverse=3, vectors=vectors)
    for name in columns:
        known = quotes["feedback_id"].map(comments.set_index("feedback_id")[name]).dropna()
        assert known.is_unique


def several_themes(people, themes, **columns):
    """A statement of everybody in each of some themes, in the same order everywhere."""
    ids = [f"c{person:02d}{theme}" for theme in range(themes) for person in range(people)]
    who = [f"k{person:02d}" for _ in range(themes) for person in range(people)]
    statements = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids,
                               "text": [f"this is what number {name} says" for name in ids], "language": "en",
                               "direction": "ltr"})
    assignments = pd.DataFrame({"statement_id": statements["statement_id"],
                                "theme_id": np.repeat(np.arange(themes), people),
                                "strength": np.tile(np.linspace(0.9, 0.1, people), themes)})
    return statements, assignments, pd.DataFrame({"feedback_id": ids, "customer_id": who, **columns})


def quoted_people(quotes, comments):
    return quotes["feedback_id"].map(comments.set_index("feedback_id")["customer_id"])


def test_nobody_is_quoted_in_two_themes_where_there_are_enough_people():
    statements, assignments, comments = several_themes(24, 3)
    vectors = np.random.default_rng(0).normal(size=(72, 8))
    quotes = choose_quotes(statements, assignments, comments, 2, diverse=1, vectors=vectors)
    assert quotes.groupby("theme_id").size().tolist() == [3, 3, 3]
    assert quoted_people(quotes, comments).is_unique
    typical = quotes[(quotes["theme_id"] == 0) & (quotes["role"] == "typical")]
    assert quoted_people(typical, comments).tolist() == ["k00", "k01"]  # the nearest where nobody is quoted yet


def test_where_there_are_too_few_people_the_same_ones_are_quoted_again():
    statements, assignments, comments = several_themes(2, 2)
    quotes = choose_quotes(statements, assignments, comments, 2)
    assert quotes.groupby("theme_id")["feedback_id"].nunique().tolist() == [2, 2]
    assert quoted_people(quotes, comments).tolist() == ["k00", "k01"] * 2


def test_a_theme_of_few_people_chooses_first():
    """The only speaker of the second theme is the most typical one of the first, which has others."""
    statements, assignments, comments = several_themes(4, 2)
    alone = (assignments["theme_id"] == 0) | (comments["customer_id"] == "k00")
    statements, assignments = (table[alone].reset_index(drop=True) for table in (statements, assignments))
    quotes = choose_quotes(statements, assignments, comments, 2)
    assert quoted_people(quotes, comments).tolist() == ["k01", "k02", "k00"]
    order = np.random.default_rng(1).permutation(len(statements))
    again = choose_quotes(statements.iloc[order].reset_index(drop=True), assignments.sample(frac=1, random_state=2),
                          comments.sample(frac=1, random_state=3).reset_index(drop=True), 2)
    pd.testing.assert_frame_equal(quotes, again)


def test_who_speaks_against_one_theme_is_not_quoted_against_the_other_where_somebody_else_does():
    statements, assignments, comments = several_themes(6, 2, nps=[*[0] * 4, 10, 10] * 2)
    quotes = choose_quotes(statements, assignments, comments, 1)
    assert quoted_people(quotes[quotes["role"] == "contrary"], comments).tolist() == ["k04", "k05"]
    assert quoted_people(quotes, comments).is_unique


def test_one_wording_is_quoted_once():
    statements, assignments, comments, vectors = voices()
    statements["text"] = ["The same   Words of all", "the same words of all"] * 4
    quotes = choose_quotes(statements, assignments, comments, 3, diverse=3, vectors=vectors)
    assert len(quotes) == 1


def test_tone_decides_who_speaks_against_the_rest_before_the_score_does():
    statements, assignments, comments, _ = voices(nps=[0] * 7 + [10])
    tone = pd.DataFrame({"statement_id": statements["statement_id"], "tone": [-1] * 5 + [1, -1, -1]})
    by_tone = choose_quotes(statements, assignments, comments, 1, tone=tone)
    assert by_tone.loc[by_tone["role"] == "contrary", "feedback_id"].tolist() == ["c5"]
    firmly = tone.assign(tone=[-1, -1, -1, 1, 1, 1, -1, -1], score=[-0.9, -0.9, -0.9, 0.4, 0.6, 0.8, -0.9, -0.9])
    for firmest, who in ((1, ["c5"]), (0.7, ["c4"]), (0.5, [])):
        told = choose_quotes(statements, assignments, comments, 1, tone=firmly[firmly["score"] < firmest])
        assert told.loc[told["role"] == "contrary", "feedback_id"].tolist() == who
    unsure = tone.assign(abstained=tone["tone"] == 1)
    by_score = choose_quotes(statements, assignments, comments, 1, tone=unsure)
    assert by_score.loc[by_score["role"] == "contrary", "feedback_id"].tolist() == []
    only_score = choose_quotes(statements, assignments, comments, 1)
    assert only_score.loc[only_score["role"] == "contrary", "feedback_id"].tolist() == ["c7"]

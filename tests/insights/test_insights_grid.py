"""The grid's sums, its margins, its scores, and blind spots with a known answer."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights import (
    Answers,
    choose_answers,
    count_grid,
    find_blind_spots,
    mean_score,
    net_promoter_score,
    nps_level,
    place_statements,
    score_cells,
)
from workbench.insights.clusters import cluster_of

AXES = ["stage_id", "touchpoint_id", "theme_id"]
NO_ANSWERS = Answers("none", "feedback_id", pd.Series(dtype=float))
IDS = {"stage_id": ["action", "use", "unassigned"], "touchpoint_id": ["app", "delivery", "shop", "unassigned"],
       "theme_id": ["0", "1", "-1"]}


@pytest.fixture
def mentions():
    generator = np.random.default_rng(5)
    n = 300
    table = pd.DataFrame({
        "statement_id": [f"f{i % 120}/{i}" for i in range(n)], "feedback_id": [f"f{i % 120}" for i in range(n)],
        "stage_id": generator.choice(["action", "use", "unassigned"], n),
        "touchpoint_id": generator.choice(["app", "delivery", "unassigned"], n),
        "theme_id": generator.choice(["0", "1", "-1"], n)})
    again = table.sample(60, random_state=1).assign(stage_id="use")  # statements of two stages
    return pd.concat([table, again]).drop_duplicates(ignore_index=True)


def test_mentions_add_up_to_every_margin(mentions):
    grid = count_grid(mentions, 120, IDS, NO_ANSWERS)
    for axis in AXES:
        others = [name for name in AXES if name != axis]
        cells = grid[grid[axis] != "all"].groupby(others)["mention_count"].sum()
        margin = grid[grid[axis] == "all"].set_index(others)["mention_count"]
        both = pd.concat([cells, margin], axis=1, keys=["cells", "margin"]).fillna(0)
        assert (both["cells"] == both["margin"]).all(), axis
    everything = grid[(grid[AXES] == "all").all(axis=1)].iloc[0]
    assert everything["mention_count"] == len(mentions)
    assert everything["statement_count"] == mentions["statement_id"].nunique()
    assert everything["comment_count"] == 120


def test_statements_of_one_stage_each_add_up_as_well(mentions):
    single = mentions.drop_duplicates("statement_id")
    grid = count_grid(single, 120, IDS, NO_ANSWERS)
    margin = grid[(grid["touchpoint_id"] == "all") & (grid["theme_id"] == "all")]
    parts = margin[margin["stage_id"] != "all"]["statement_count"].sum()
    assert parts == int(margin.loc[margin["stage_id"] == "all", "statement_count"].iloc[0]) == 300


def test_distinct_comments_of_cells_never_fall_short_of_their_margin(mentions):
    grid = count_grid(mentions, 120, IDS, NO_ANSWERS)
    by_stage = grid[(grid["touchpoint_id"] == "all") & (grid["theme_id"] == "all")]
    cells = by_stage[by_stage["stage_id"] != "all"]["comment_count"]
    whole = int(by_stage.loc[by_stage["stage_id"] == "all", "comment_count"].iloc[0])
    assert cells.max() <= whole <= cells.sum()


def test_an_empty_cell_is_there_with_a_count_of_nothing(mentions):
    grid = count_grid(mentions, 120, IDS, NO_ANSWERS)
    shop = grid[(grid["touchpoint_id"] == "shop") & (grid["theme_id"] == "all")]
    assert shop["stage_id"].tolist() == ["action", "use", "unassigned", "all"]
    assert (shop["comment_count"] == 0).all()
    assert shop["score"].isna().all()
    assert (shop["comment_share_high"] > 0).all()


def test_the_order_of_rows_changes_nothing(mentions):
    one = count_grid(mentions, 120, IDS, NO_ANSWERS)
    other = count_grid(mentions.sample(frac=1, random_state=3), 120, IDS, NO_ANSWERS)
    pd.testing.assert_frame_equal(one, other)


def test_only_counted_comments_are_placed_and_nothing_known_is_unassigned():
    statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"]})
    empty = pd.DataFrame({"statement_id": [], "stage_id": []}, dtype=object)
    met = pd.DataFrame({"statement_id": ["a/0", "b/0"], "touchpoint_id": ["app", "app"]})
    themes = pd.DataFrame({"statement_id": ["a/0", "b/0"], "theme_id": [2, 2]})
    placed = place_statements(statements, empty, met, themes, pd.Series(["b"]))
    assert placed[["feedback_id", *AXES]].values.tolist() == [["b", "unassigned", "app", "2"]]


@pytest.mark.parametrize(("measure", "values"), [
    ("nps", [100.0, 100.0, 0.0, -100.0, -100.0, -100.0, 100.0]), ("satisfaction", [0.2, 0.4, 1.0, 0.6, 1.0]),
    ("satisfaction", [0.6]), ("tone", [1.0, -1.0, 1.0]), ("nps", [100.0])])
def test_scores_of_cells_are_those_of_one_cell_alone(measure, values):
    table = pd.DataFrame({"stage_id": "use", "feedback_id": [f"f{i}" for i in range(len(values))]})
    answers = Answers(measure, "feedback_id", pd.Series(values, index=table["feedback_id"]))
    found = score_cells(table, ["stage_id"], answers)
    scales = {"satisfaction": (0.0, 1.0), "tone": (-1.0, 1.0)}
    if measure == "nps":
        alone = net_promoter_score(pd.Series(values).map({100.0: 10, 0.0: 8, -100.0: 0}))
    else:
        alone = mean_score(pd.Series(values), 0.95, scales[measure])
    for name in ("score", "score_low", "score_high"):
        assert found[name].iloc[0] == pytest.approx(alone[name], nan_ok=True)
    assert found["score_n"].iloc[0] == alone["n"]


@pytest.mark.parametrize("known", [1.0, 0.8])
@pytest.mark.parametrize("measure", ["nps", "satisfaction"])
def test_scores_of_cells_know_who_spoke_more_than_once(measure, known):
    rng = np.random.default_rng(2)
    people = rng.integers(0, 25, 150)
    taste = rng.normal(7, 2.5, 25)[people]
    scores = np.clip(np.rint(taste + rng.normal(0, 1, 150)), 0, 10)
    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(150)], "rating": scores, "rating_max": 10,
                             "customer_id": np.where(rng.random(150) < known, [f"k{k}" for k in people], None)})
    comments = comments.rename(columns={"rating": "nps"}) if measure == "nps" else comments
    answers = choose_answers(comments)
    places = pd.Series(rng.choice(["use", "action"], 150))
    found = score_cells(comments[["feedback_id"]].assign(stage_id=places), ["stage_id"], answers)
    clusters = cluster_of(comments)
    for place, row in found.iterrows():
        own = comments[places == place]
        alone = net_promoter_score(own["nps"], clusters=clusters) if measure == "nps" else \
            mean_score(own["rating"] / 10, scale=(0, 1), clusters=clusters)
        assert row[["score", "score_low", "score_high"]].tolist() == pytest.approx(
            [alone["score"], alone["score_low"], alone["score_high"]])


def test_statements_of_one_comment_are_one_voice():
    """Each of twenty comments says the same ten times: no more is known than of twenty statements."""
    comments = pd.DataFrame({"feedback_id": [f"{i}" for i in range(20)]})
    once = pd.DataFrame({"statement_id": [f"{i}/0" for i in range(20)], "tone": [1.0, -1.0, 1.0, 1.0] * 5})
    often = pd.DataFrame({"statement_id": [f"{i}/{k}" for i in range(20) for k in range(10)],
                          "tone": np.repeat(once["tone"].to_numpy(), 10)})
    widths = []
    for tone in (once, often):
        owner = pd.Series(tone["statement_id"].str.split("/").str[0].to_numpy(), index=tone["statement_id"])
        mentions = pd.DataFrame({"statement_id": tone["statement_id"], "feedback_id": owner.to_numpy(),
                                 "stage_id": "use", "touchpoint_id": "app", "theme_id": "0"})
        ids = {"stage_id": ["use"], "touchpoint_id": ["app"], "theme_id": ["0"]}
        cell = count_grid(mentions, 20, ids, choose_answers(comments, tone, owner)).iloc[0]
        widths.append(cell["score_high"] - cell["score_low"])
    assert widths[1] == pytest.approx(widths[0], rel=0.02)


@pytest.mark.parametrize(("columns", "tone", "measure", "unit"), [
    ({"nps": [9.0, 1.0]}, None, "nps", "feedback_id"),
    ({"nps": [np.nan, np.nan], "rating": [4, 5], "rating_max": [5, 5]}, None, "satisfaction", "feedback_id"),
    ({}, None, "none", "feedback_id"),
    ({"nps": [9.0, 1.0]}, pd.DataFrame({"statement_id": ["a/0"], "tone": [1.0]}), "tone", "statement_id"),
    ({"nps": [9.0, 1.0]}, pd.DataFrame({"statement_id": ["a/0"], "tone": [np.nan]}), "nps", "feedback_id"),
])
def test_the_best_measure_of_a_study_is_chosen(columns, tone, measure, unit):
    answers = choose_answers(pd.DataFrame({"feedback_id": ["a", "b"], **columns}), tone)
    assert (answers.measure, answers.unit) == (measure, unit)


@pytest.mark.parametrize(("answer", "level"), [(10, 1), (9, 1), (8, 0), (7, 0), (6, -1), (0, -1)])
def test_levels_of_recommending(answer, level):
    assert nps_level(pd.Series([answer]))[0] == level


# Blind spots -----------------------------------------------------------------------------------------------------


def spots_of(count, base=200, expected=None, market=None):
    spoken = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(count)], "stage_id": "awareness",
                           "touchpoint_id": "app"})
    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(base)]})
    if market is not None:
        comments["market"] = market
    ids = {"stage_id": ["awareness", "unassigned"], "touchpoint_id": ["app", "unassigned"]}
    return find_blind_spots(pd.DataFrame(), spoken, comments, ids, expected)


@pytest.mark.parametrize(("count", "expected", "verdict"), [
    (0, 0.1, "not heard"), (4, 0.1, "less than expected"), (19, 0.1, "as expected"), (60, 0.1, "as expected"),
    (0, 0.01, "too few to tell"), (0, None, "silent"), (7, None, "no expectation"), (0, 0.0, "silent")])
def test_a_stage_is_judged_against_what_the_study_states(count, expected, verdict):
    spots = spots_of(count, expected={} if expected is None else {"stage": {"awareness": expected}})
    row = spots[spots["dimension"] == "stage"].iloc[0]
    assert (row["verdict"], row["basis"]) == (verdict, "stated" if expected else "none")
    assert "unassigned" not in set(spots["value"])


def test_touchpoints_have_expectations_as_well():
    spots = spots_of(3, expected={"touchpoint": {"app": 0.2}})
    row = spots[spots["dimension"] == "touchpoint"].iloc[0]
    assert (row["expected_count"], row["verdict"]) == (40.0, "less than expected")


def test_a_market_is_silent_where_the_others_speak():
    market = ["DE", "EG"] * 100
    spoken = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(0, 160, 2)], "stage_id": "awareness",
                           "touchpoint_id": "app"})
    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(200)], "market": market})
    spots = find_blind_spots(pd.DataFrame(), spoken, comments,
                             {"stage_id": ["awareness", "use"], "touchpoint_id": ["app"]})
    pairs = spots[spots["dimension"] == "stage in market"].set_index(["value", "within"])
    assert pairs.loc[("awareness", "EG"), "verdict"] == "not heard"
    assert pairs.loc[("awareness", "EG"), "basis"] == "others"
    assert pairs.loc[("awareness", "DE"), "verdict"] == "as expected"
    assert pairs.loc[("use", "DE"), "verdict"] == "silent"


def test_what_comments_state_is_compared_with_those_that_state_it():
    from workbench.insights import cover

    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(100)], "market": ["DE"] * 50 + [None] * 50})
    expected = {"market": {"DE": 0.8, "JO": 0.2}}
    spots = find_blind_spots(cover(comments, expected), pd.DataFrame(columns=["feedback_id", *AXES]), comments,
                             {"stage_id": [], "touchpoint_id": []}, expected)
    markets = spots[spots["dimension"] == "market"].set_index("value")
    assert markets.loc["DE", "base"] == 50
    assert markets["verdict"].to_dict() == {"DE": "as expected", "JO": "not heard"}


@pytest.mark.parametrize(("wrote", "verdicts"), [(1, {"not heard"}), (20, {"too few to tell", "as expected"})])
def test_few_customers_who_write_much_leave_no_market_silent(wrote, verdicts):
    """Of 60 comments from Jordan none speaks of two stages: by 60 customers that is silence, by three it is not."""
    generator = np.random.default_rng(4)
    many = pd.DataFrame({"market": "DE", "stage_id": np.repeat(["action", "use", "advocacy"], 160),
                         "customer_id": [f"k{i}" for i in range(480)]})
    few = pd.DataFrame({"market": "JO", "stage_id": "use", "customer_id": [f"j{i // wrote}" for i in range(60)]})
    loyal = generator.choice(["action", "use", "advocacy"], 30)
    others = pd.DataFrame({"market": "DE", "stage_id": np.repeat(loyal, 8),
                           "customer_id": [f"h{i // 8}" for i in range(240)]})
    comments = pd.concat([many, few, others if wrote > 1 else others[:0]], ignore_index=True)
    comments["feedback_id"] = [f"f{i}" for i in range(len(comments))]
    mentions = comments.assign(touchpoint_id="app")
    ids = {"stage_id": ["action", "use", "advocacy"], "touchpoint_id": ["app"]}
    spots = find_blind_spots(pd.DataFrame(), mentions, comments.sample(frac=1, random_state=2), ids)
    pairs = spots[spots["dimension"] == "stage in market"].set_index(["value", "within"])["verdict"]
    assert {pairs["action", "JO"], pairs["advocacy", "JO"]} <= verdicts


@pytest.mark.parametrize("told", ["market", "language"])
def test_one_customer_is_one_voice_of_a_market(told):
    """Eighty comments come from one customer: five of twenty-one customers speak for Jordan, and none for Egypt."""
    from workbench.insights import cover

    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(100)], told: ["de"] * 95 + ["ar"] * 5,
                             "customer_id": ["loud"] * 80 + [f"k{i}" for i in range(20)]})
    expected = {told: {"de": 0.75, "ar": 0.2, "fa": 0.05}}
    nowhere = pd.DataFrame(columns=["feedback_id", *AXES])
    for rows, verdicts in ((comments, ["as expected", "too few to tell"]),
                           (comments.drop(columns="customer_id"), ["less than expected", "not heard"])):
        spots = find_blind_spots(cover(rows, expected), nowhere, rows, {"stage_id": [], "touchpoint_id": []}, expected)
        assert spots.set_index("value")["verdict"][["ar", "fa"]].tolist() == verdicts


def test_many_customers_of_whom_some_write_much_still_tell_of_silence():
    from workbench.insights import cover

    comments = pd.DataFrame({"market": "DE", "customer_id": ["a"] * 90 + ["b"] * 60 + [f"k{i}" for i in range(150)]})
    comments["feedback_id"] = [f"f{i}" for i in range(300)]
    spots = find_blind_spots(cover(comments, {"market": {"DE": 0.95, "EG": 0.05}}), pd.DataFrame(
        columns=["feedback_id", *AXES]), comments, {"stage_id": [], "touchpoint_id": []})
    assert spots.set_index("value").loc["EG", "verdict"] == "not heard"


def test_what_nobody_spoke_of_is_never_as_expected():
    """Of three markets expected alike, fifty-five comments leave one silent by chance once in thirty studies."""
    from workbench.insights import cover

    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(55)], "market": ["DE"] * 55})
    expected = {"market": {"DE": 0.83, "EG": 0.055, "JO": 0.055, "IR": 0.06}}
    spots = find_blind_spots(cover(comments, expected), pd.DataFrame(columns=["feedback_id", *AXES]), comments,
                             {"stage_id": [], "touchpoint_id": []}, expected).set_index("value")
    assert spots.loc["EG", "p_value"] < 0.05 < spots.loc["EG", "p_adjusted"]
    assert spots.loc["EG", "verdict"] == "too few to tell"


def test_blind_spots_are_the_same_to_the_last_bit_in_any_order_of_rows():
    from workbench.insights import cover

    generator = np.random.default_rng(8)
    comments = pd.DataFrame({"feedback_id": [f"f{i}" for i in range(900)],
                             "customer_id": [f"k{i}" for i in generator.integers(0, 90, 900)],
                             "channel": generator.choice(["web", "app", "shop"], 900), "market": "DE"})
    mentions = comments[["feedback_id"]].assign(stage_id=generator.choice(["action", "use"], 900), touchpoint_id="app")
    ids = {"stage_id": ["action", "use"], "touchpoint_id": ["app"]}
    expected = {"channel": {"web": 0.4, "app": 0.3, "shop": 0.3}, "stage": {"use": 0.5}}
    told = [find_blind_spots(cover(rows, expected), mentions, rows, ids, expected)
            for rows in (comments, comments.sample(frac=1, random_state=4))]
    pd.testing.assert_frame_equal(*told, check_exact=True)

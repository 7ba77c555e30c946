"""Shares of tone hold the model's error: planted worlds with a known answer."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from workbench.insights.clusters import design_effect
from workbench.insights.tone import share_tones, shares
from workbench.insights.tone.shares import TRANSFER, _chance_of, _draw_errors, _draw_shares
from workbench.stages import count_tones

ERROR = np.array([[0.75, 0.10, 0.05, 0.10], [0.15, 0.60, 0.15, 0.10], [0.10, 0.10, 0.70, 0.10]])
ANSWERS = np.array(["negative", "neutral", "positive", "uncertain"])
LIKE_HERE = float("inf")  # the held-out texts are such as the study's own
SHARES = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.4, 0.3, 0.3]])


def held_out(chance, count=300, language="en", error=ERROR):
    tones = np.repeat([-1, 0, 1], count // 3)
    answer = [chance.choice(4, p=error[tone + 1]) for tone in tones]
    table = pd.DataFrame(SHARES[answer], columns=["p_negative", "p_neutral", "p_positive"])
    return table.assign(language=language, tone=tones, weight=1.0)


def world(chance, truth, customers=150, each=1, error=ERROR):
    customer = np.repeat(np.arange(customers), each)
    own = np.repeat(chance.choice(3, p=truth, size=customers), each)
    answer = [chance.choice(4, p=error[tone]) for tone in own]
    ids = [str(number) for number in range(len(customer))]
    tone = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "word": ANSWERS[answer]})
    cells = pd.DataFrame({"dimension": "theme", "value": "0", "statement_id": tone["statement_id"], "feedback_id": ids,
                          "language": "en"})
    return tone, cells, pd.Series([f"k{number}" for number in customer], index=ids)


def told(chance, truth, transfer=LIKE_HERE, error=ERROR, **settings):
    tone, cells, clusters = world(chance, truth, error=error, **settings)
    return share_tones(tone, cells, clusters, held_out(chance), seed=1, transfer=transfer).iloc[0]


@pytest.mark.slow
@pytest.mark.parametrize(("truth", "each"), [((0.5, 0.2, 0.3), 1), ((0.1, 0.2, 0.7), 1), ((0.4, 0.2, 0.4), 4)])
def test_intervals_cover_the_planted_share(truth, each):
    chance = np.random.default_rng(4)
    rows = [told(chance, truth, each=each) for _ in range(150)]
    inside = np.mean([row["negative_share_low"] <= truth[0] <= row["negative_share_high"] for row in rows])
    assert inside >= 0.90


def changed_error(chance):
    """The error on texts of another kind than the held-out ones, whatever their language."""
    return np.array([chance.dirichlet(TRANSFER * row) for row in ERROR])


@pytest.mark.slow
@pytest.mark.parametrize("truth", [(0.5, 0.2, 0.3), (0.1, 0.2, 0.7)])
def test_intervals_cover_where_the_model_errs_otherwise_than_on_what_was_held_out(truth):
    chance = np.random.default_rng(4)
    worlds = [(changed_error(chance), chance.integers(1 << 32)) for _ in range(100)]
    inside = [np.mean([row["negative_share_low"] <= truth[0] <= row["negative_share_high"] for row in (
        told(np.random.default_rng(seed), truth, transfer, error, customers=800) for error, seed in worlds)])
        for transfer in (LIKE_HERE, TRANSFER)]
    assert inside[0] < 0.75
    assert inside[1] >= 0.90


def test_no_share_rests_on_errors_that_cannot_have_led_to_the_answers():
    """A fifth is negative; the model calls 5 in 100 praises negative here, of the held-out ones it was 24."""
    known = held_out(np.random.default_rng(1), error=np.array([[0.6, 0.1, 0.1, 0.2], [0.1, 0.5, 0.1, 0.3],
                                                               [0.24, 0.06, 0.5, 0.2]]))
    words = np.repeat(ANSWERS, [160, 130, 590, 120])
    tone = pd.DataFrame({"statement_id": np.arange(1000).astype(str), "word": words})
    cells = tone[["statement_id"]].assign(dimension="all", value="all", feedback_id=tone["statement_id"], language="en")
    people = cells.set_index("feedback_id")["statement_id"]
    here, elsewhere = (share_tones(tone, cells, people, known, transfer=transfer).iloc[0]
                       for transfer in (LIKE_HERE, TRANSFER))
    assert here["negative_share_high"] < 0.04
    assert elsewhere["negative_share_high"] > 0.12


def test_many_languages_are_no_way_around_what_other_texts_change():
    """A change that all languages share is not averaged away among them."""
    chance, languages = np.random.default_rng(1), [f"q{letter}a" for letter in "abcdefgh"]
    tone, cells, clusters = world(chance, (0.5, 0.2, 0.3), customers=800)
    several = cells.assign(language=np.resize(languages, 800))
    known = held_out(chance)
    all_known = pd.concat([known.assign(language=language) for language in ["en", *languages]], ignore_index=True)
    one, many = (share_tones(tone, own, clusters, all_known).iloc[0] for own in (cells, several))
    widths = [row["negative_share_high"] - row["negative_share_low"] for row in (one, many)]
    assert widths[1] > 0.8 * widths[0]


def test_the_bias_of_the_model_is_taken_out():
    chance = np.random.default_rng(7)
    rows = [told(chance, (0.1, 0.2, 0.7), customers=400) for _ in range(6)]
    assert np.mean([row["told_negative_share"] for row in rows]) > 0.15
    assert np.mean([row["negative_share"] for row in rows]) == pytest.approx(0.1, abs=0.035)


def test_repeating_customers_widen_the_interval():
    tone, cells, clusters = world(np.random.default_rng(2), (0.5, 0.2, 0.3), customers=50, each=6)
    known = held_out(np.random.default_rng(3))
    one = share_tones(tone, cells, clusters, known, transfer=LIKE_HERE).iloc[0]
    alone = share_tones(tone, cells, pd.Series(clusters.index, index=clusters.index), known,
                        transfer=LIKE_HERE).iloc[0]
    assert one["negative_share_high"] - one["negative_share_low"] > \
        1.3 * (alone["negative_share_high"] - alone["negative_share_low"])


@pytest.mark.parametrize("word", ["negative", "positive", "neutral"])
def test_what_all_comments_say_is_told_of_as_many_as_wrote_them(word):
    """Ten customers wrote six comments each, all of one tone: sixty strangers would have told much more."""
    ids = [str(number) for number in range(60)]
    tone = pd.DataFrame({"statement_id": ids, "word": word})
    cells = tone[["statement_id"]].assign(dimension="theme", value="0", feedback_id=ids, language="en")
    known, people = held_out(np.random.default_rng(3)), pd.Series(ids, index=ids)
    one = share_tones(tone, cells, people.astype(int) // 6, known).iloc[0]
    ten = share_tones(tone.head(10), cells.head(10), people, known).iloc[0]
    ends = [f"{name}_share{end}" for name in ("negative", "neutral", "positive") for end in ("_low", "_high")]
    assert one[ends].tolist() == ten[ends].tolist()
    assert one["n"] == 60


def test_shares_are_a_whole_and_row_order_does_not_matter():
    tone, cells, clusters = world(np.random.default_rng(2), (0.5, 0.2, 0.3))
    known = held_out(np.random.default_rng(3))
    one, two = share_tones(tone, cells, clusters, known), share_tones(tone, cells.iloc[::-1], clusters, known)
    pd.testing.assert_frame_equal(one, two)
    assert one[["negative_share", "neutral_share", "positive_share"]].sum(axis=1).iloc[0] == pytest.approx(1)


def test_a_comment_counts_once_however_much_it_says():
    """One comment of fifty negative statements against fifty of one positive statement each."""
    ids = [f"a/{number}" for number in range(50)] + [f"b{number}/0" for number in range(50)]
    comments = ["a"] * 50 + [f"b{number}" for number in range(50)]
    tone = pd.DataFrame({"statement_id": ids, "word": ["negative"] * 50 + ["positive"] * 50})
    cells = pd.DataFrame({"dimension": "all", "value": "all", "statement_id": ids, "feedback_id": comments,
                          "language": "en"})
    clusters = pd.Series(comments, index=comments)
    row = share_tones(tone, cells, clusters[~clusters.index.duplicated()], held_out(np.random.default_rng(1))).iloc[0]
    assert row["told_negative_share"] == pytest.approx(1 / 51)
    assert row["n"] == 51


def test_what_is_only_abstained_from_has_no_share():
    tone, cells, clusters = world(np.random.default_rng(2), (0.5, 0.2, 0.3))
    row = share_tones(tone.assign(word="uncertain"), cells.assign(language="xx"), clusters,
                      held_out(np.random.default_rng(3))).iloc[0]
    assert np.isnan(row["negative_share"])
    assert row["abstained_share"] == 1


def test_a_language_that_nothing_is_told_in_is_no_evidence_of_a_tone():
    """Sixty English comments, half of them negative and half positive, and sixty in a language that is left alone."""
    ids, language = [str(number) for number in range(120)], ["en"] * 60 + ["fa"] * 60
    tone = pd.DataFrame({"statement_id": ids, "word": ["negative", "positive"] * 30 + ["uncertain"] * 60,
                         "score": [-0.9, 0.9] * 30 + [0.0] * 60, "tone": [-1, 1] * 30 + [0] * 60,
                         "abstained": [False] * 60 + [True] * 60, "calibrated": [True] * 60 + [False] * 60})
    chance = np.random.default_rng(5)
    known = pd.concat([held_out(chance, 90, "en"), held_out(chance, 90, "fa")], ignore_index=True)
    known.loc[known["language"].eq("fa") & known["tone"].eq(0), ["p_negative", "p_neutral", "p_positive"]] = SHARES[3]
    nothing = pd.DataFrame({"statement_id": [], "theme_id": [], "stage_id": []}, dtype=object)
    tables = {"statements": pd.DataFrame({"statement_id": ids, "feedback_id": ids, "language": language,
                                          "text": "x", "direction": "ltr"}),
              "comments": pd.DataFrame({"feedback_id": ids, "text": "", "nps": [9] * 120}), "tone": tone,
              "tone_held_out": known,
              "profile": pd.DataFrame({"feedback_id": ids, "language": language, "is_counted": True}),
              "assignments": nothing, "stage_sets": nothing}
    study = SimpleNamespace(themes=SimpleNamespace(seed=1), insights=SimpleNamespace(confidence=0.95, minimum_cell=5),
                            order_number=None)
    shares = count_tones(study, tables, None)[0]["tone_shares"].set_index(["dimension", "value"])
    assert shares.at[("all", "all"), "neutral_share"] == pytest.approx(shares.at[("language", "en"), "neutral_share"],
                                                                      abs=0.05)
    assert shares.at[("all", "all"), "neutral_share_high"] < 0.3


def test_nothing_to_count_gives_an_empty_table():
    empty = pd.DataFrame({name: [] for name in ("dimension", "value", "statement_id", "feedback_id", "language")})
    tone = pd.DataFrame({"statement_id": [], "word": []})
    assert len(share_tones(tone, empty, pd.Series(dtype=object), held_out(np.random.default_rng(3)))) == 0


@pytest.mark.parametrize("abstained", [0.3, 1.0])
def test_a_cell_is_what_grouping_tables_tells_of_it(abstained):
    chance, count = np.random.default_rng(3), 400
    owners = np.sort(chance.integers(0, 250, count)).astype(str)
    words = np.where(chance.random(count) < abstained, "uncertain", chance.choice(ANSWERS, count))
    tone = pd.DataFrame({"statement_id": [f"{owner}/{row}" for row, owner in enumerate(owners)], "word": words})
    own = pd.DataFrame({"statement_id": tone["statement_id"], "feedback_id": owners,
                        "language": chance.choice(["en", "fa"], count)})
    silent = own[tone["word"].eq("uncertain").to_numpy()].assign(dimension="theme", value="silent")
    cells = pd.concat([own.assign(dimension="all", value="all"), silent,
                       own.assign(dimension="theme", value=chance.choice(["1", "2"], count))], ignore_index=True)
    clusters = pd.Series([f"k{int(owner) // 2}" for owner in np.unique(owners)], index=np.unique(owners))
    both = pd.concat([held_out(chance), held_out(chance, language="fa")], ignore_index=True)
    found = share_tones(tone, cells, clusters, both, seed=5).set_index(["dimension", "value"])
    said = cells.merge(tone, on="statement_id")
    errors = _draw_errors(both, ["en", "fa"], TRANSFER, np.random.default_rng(5))
    for name, part in said.groupby(["dimension", "value"]):
        weight = 1.0 / part.groupby("feedback_id")["statement_id"].transform("size")
        told = np.array([weight[part["word"] == word].sum() for word in ANSWERS]) / weight.sum()
        spoken = weight.groupby(part["language"]).sum().to_numpy() / weight.sum()
        values = [(part["word"].eq(word) * weight).groupby(part["feedback_id"]).sum() for word in ANSWERS[[0, 2]]]
        effect = max(design_effect(value, clusters)[0] for value in values)
        shares = _draw_shares(told, part["feedback_id"].nunique() / effect, np.einsum("l,dlta->dta", spoken, errors),
                              _chance_of(5, *name))
        low = np.nan if told[3] > 0.9 else np.quantile(shares[:, 0], 0.025)
        assert found.at[name, "negative_share_low"] == pytest.approx(low, nan_ok=True)
        assert found.at[name, "told_negative_share"] == pytest.approx(told[0])
        assert found.at[name, "n"] == part["feedback_id"].nunique()


def test_a_cell_draws_for_itself_and_a_small_one_not_at_all():
    tone, cells, clusters = world(np.random.default_rng(2), (0.5, 0.2, 0.3))
    known = held_out(np.random.default_rng(3))
    few = cells.head(4).assign(dimension="market", value="مصر")
    alone = share_tones(tone, cells, clusters, known)
    both = share_tones(tone, pd.concat([few, cells]), clusters, known, minimum=5)
    pd.testing.assert_frame_equal(both[both["dimension"] == "theme"].reset_index(drop=True), alone)
    small = both.set_index("value").loc["مصر"]
    assert np.isnan(small["negative_share"])
    assert (small["n"], small["statement_count"]) == (4, 4)
    assert share_tones(tone, few, clusters, known, minimum=4)["negative_share"].notna().all()


@pytest.mark.parametrize("worth", [12, 400])
def test_shares_are_drawn_as_by_a_chain_twenty_times_as_long(worth, monkeypatch):
    told = np.array([0.35, 0.25, 0.3, 0.1])
    errors = _draw_errors(held_out(np.random.default_rng(0)), ["en"], LIKE_HERE, np.random.default_rng(0))[:, 0]
    few = _draw_shares(told, worth, errors, np.random.default_rng(1))
    monkeypatch.setattr(shares, "_STEPS", 300)
    many = _draw_shares(told, worth, errors, np.random.default_rng(2))
    assert few.mean(axis=0) == pytest.approx(many.mean(axis=0), abs=0.02)
    assert np.quantile(few, [0.1, 0.9], axis=0) == pytest.approx(np.quantile(many, [0.1, 0.9], axis=0), abs=0.05)

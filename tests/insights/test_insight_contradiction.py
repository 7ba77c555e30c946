"""Scores against words: what is found, and what the model's error alone would yield."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights.contradiction import find_contradictions, score_leaning
from workbench.insights.tone.shares import TRANSFER

LIKE_HERE = float("inf")  # the held-out texts are such as the study's own


def held_out(wrong=0.05):
    count = round(100 * wrong)
    negative = [0.9] * count + [0.05] * (100 - count)
    positive = [0.05] * count + [0.9] * (100 - count)
    return pd.DataFrame({"tone": [1] * 100 + [-1] * 100, "p_negative": [*negative, *positive],
                         "p_positive": [*positive, *negative], "p_neutral": 0.05, "weight": 1.0})


def planted(against, count=200, score=10):
    ids = [f"c{number}" for number in range(count)]
    comments = pd.DataFrame({"feedback_id": ids, "nps": float(score)})
    statements = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids, "language": "en",
                               "direction": "ltr", "text": "call me on 07700 900123, it is terrible"})
    signs = np.where(np.arange(count) < against, -0.9, 0.9) * (1 if score > 5 else -1)
    tone = pd.DataFrame({"statement_id": statements["statement_id"], "score": signs, "tone": np.sign(signs).astype(int),
                         "abstained": False})
    return comments, statements, tone


def row_of(table, kind):
    return table.set_index("kind").loc[kind]


def test_planted_contradictions_are_counted_and_lie_beyond_the_error():
    table, examples = find_contradictions(*planted(40), held_out())
    row = row_of(table, "high_score_blaming_words")
    assert (row["n"], row["count"], row["share"]) == (200, 40, pytest.approx(0.2))
    assert row["share_low"] < 0.2 < row["share_high"]
    assert row["expected_share"] == pytest.approx(0.054, abs=0.002)
    assert row["beyond_error"]
    assert len(examples) == 5


@pytest.mark.parametrize("against", [0, 8, 12])
def test_no_more_than_the_error_is_no_finding(against):
    table, _ = find_contradictions(*planted(against), held_out())
    assert not row_of(table, "high_score_blaming_words")["beyond_error"]


def test_the_reverse_is_found_too():
    table, examples = find_contradictions(*planted(50, score=1), held_out())
    assert row_of(table, "low_score_praising_words")["count"] == 50
    assert set(examples["kind"]) == {"low_score_praising_words"}


def test_examples_hold_no_personal_data():
    _, examples = find_contradictions(*planted(40), held_out())
    assert not examples["text"].str.contains("07700").any()
    assert examples["text"].str.contains("terrible").all()


def test_a_comment_that_is_abstained_from_is_not_counted():
    comments, statements, tone = planted(40)
    table, _ = find_contradictions(comments, statements, tone.assign(abstained=True), held_out())
    assert row_of(table, "high_score_blaming_words")["reason"] == "no such score"


def test_praise_beside_blame_is_no_contradiction():
    comments, statements, tone = planted(40)
    more = statements.assign(statement_id=statements["feedback_id"] + "/1")
    praise = tone.assign(statement_id=more["statement_id"], score=0.9, tone=1)
    table, _ = find_contradictions(comments, pd.concat([statements, more]), pd.concat([tone, praise]), held_out())
    assert row_of(table, "high_score_blaming_words")["count"] == 0


def test_without_scores_there_is_a_reason():
    comments, statements, tone = planted(5)
    table, examples = find_contradictions(comments.drop(columns="nps"), statements, tone, held_out())
    assert table["reason"].tolist() == ["no scores"] * 2
    assert len(examples) == 0


@pytest.mark.parametrize(("scores", "leaning"), [
    ({"nps": [10, 9, 8, 5, 4, 0]}, [1, 1, 0, 0, -1, -1]),
    ({"rating": [5, 4, 3, 2, 1], "rating_max": [5] * 5}, [1, 1, 0, -1, -1]),
    ({"rating": [8, 6, 4], "rating_max": [10] * 3}, [1, 0, -1]),
])
def test_what_a_high_and_a_low_score_is(scores, leaning):
    assert score_leaning(pd.DataFrame(scores)).tolist() == leaning


def test_errors_in_what_few_customers_write_are_no_finding():
    held, found = pd.concat([held_out(0.04)] * 15, ignore_index=True), []
    for seed in range(60):
        chance = np.random.default_rng([seed, 3])
        whose = np.repeat(np.arange(40), chance.integers(4, 9, 40))
        comments, statements, tone = planted(0, len(whose))
        wrong = chance.random(len(whose)) < chance.beta(0.04 * 0.5, 0.96 * 0.5, 40)[whose]  # 4 %, as on held-out texts
        tone = tone.assign(score=np.where(wrong, -0.9, 0.9), tone=np.where(wrong, -1, 1))
        found.append([row_of(find_contradictions(own, statements, tone, held, examples=0, transfer=LIKE_HERE)[0],
                             "high_score_blaming_words")["beyond_error"]
                      for own in (comments, comments.assign(customer_id=whose.astype(str)))])
    naive, allowed = np.mean(found, axis=0)
    assert naive > 0.1
    assert allowed < 0.06


def test_where_nobody_wrote_twice_contradictions_are_digit_for_digit_what_they_were():
    comments, statements, tone = planted(16)
    alone, several = (comments.assign(customer_id=np.arange(200) // each) for each in (1, 4))
    told = [find_contradictions(own, statements, tone, held_out(), transfer=LIKE_HERE)[0]
            for own in (comments, alone, several)]
    pd.testing.assert_frame_equal(told[0], told[1], check_exact=True)
    p = [row_of(table, "high_score_blaming_words")["p_value"] for table in told]
    assert p[0] == pytest.approx(0.18836, abs=1e-5)
    assert p[2] > p[0]


def test_one_customer_alone_is_one_voice():
    comments, statements, tone = planted(200)
    table, _ = find_contradictions(comments.assign(customer_id="k"), statements, tone, held_out())
    row = row_of(table, "high_score_blaming_words")
    assert row["p_value"] == pytest.approx(row["expected_share"])


@pytest.mark.parametrize("often", [8, 15, 30])
def test_what_one_customer_says_again_and_again_is_not_beyond_the_error(often):
    """Beside 200 customers of whom the model errs in as many as on held-out texts, one is ironic every time."""
    comments, statements, tone = planted(10 + often, 200 + often)
    held = pd.concat([held_out()] * 15, ignore_index=True)
    told = [find_contradictions(own, statements, tone, held, transfer=LIKE_HERE) for own in (
        comments, comments.assign(customer_id=[f"k{max(number, often - 1)}" for number in range(len(comments))]))]
    naive, allowed = (row_of(table, "high_score_blaming_words") for table, _ in told)
    assert naive["count"] == allowed["count"] == 10 + often
    assert naive["beyond_error"]
    assert not allowed["beyond_error"]
    assert told[1][1]["feedback_id"].str.removeprefix("c").astype(int).ge(often).sum() == 4  # the fifth is the loud one


def test_an_error_that_other_texts_may_lead_to_is_no_finding():
    """A tenth of praise is told as blame, as among the sample's coded statements, where it was 4 of 100 held out."""
    held = pd.concat([held_out(0.04)] * 5, ignore_index=True)
    rows = [row_of(find_contradictions(*planted(count), held, transfer=transfer)[0], "high_score_blaming_words")
            for count, transfer in ((20, LIKE_HERE), (20, TRANSFER), (100, TRANSFER))]
    assert [row["beyond_error"] for row in rows] == [True, False, True]
    assert rows[1]["expected_share_high"] > 0.1 > rows[0]["expected_share_high"]

import numpy as np
import pandas as pd
import pytest

from workbench.settings import QualitySettings
from workbench.themes.coherence import measure_coherence, measure_diversity
from workbench.themes.quality import measure_quality
from workbench.themes.words import find_terms

TEXTS = {0: "invoice amount wrong", 1: "parcel courier street", 2: "internet speed evening"}


def corpus(texts=TEXTS, each=12):
    rows = [(f"{theme}-{n}", text, theme) for theme, text in texts.items() for n in range(each)]
    table = pd.DataFrame(rows, columns=["feedback_id", "text", "theme_id"]).assign(language="en")
    return table.assign(statement_id=table["feedback_id"] + "/0")


def measured(table, terms=None, centres=None, customers=None, **settings):
    used = find_terms(table)
    ids = sorted(set(table["theme_id"]) - {-1})
    if terms is None:
        rows = [(theme, "en", rank, word, 1.0) for theme in ids for rank, word in enumerate(TEXTS[theme].split(), 1)]
        terms = pd.DataFrame(rows, columns=["theme_id", "language", "rank", "term", "weight"])
    sizes = table.groupby("theme_id")["feedback_id"].nunique().reindex([*ids, -1], fill_value=0)
    themes = pd.DataFrame({"theme_id": sizes.index, "comment_count": sizes.to_numpy(), "stability": 0.8,
                           "statement_count": sizes.to_numpy()})
    counted = table[["feedback_id"]].drop_duplicates()
    if customers is not None:
        counted = counted.assign(customer_id=customers)
    centres = np.eye(max(len(ids), 1))[: len(ids)] if centres is None else centres
    return measure_quality(table.drop(columns="theme_id"), table[["statement_id", "theme_id"]], counted, used, terms,
                           themes, centres, QualitySettings(**settings))


def row(table, measure, theme=-1):
    found = table[(table["measure"] == measure) & (table["theme_id"] == theme)]
    assert len(found) == 1
    return found.iloc[0]


def test_themes_whose_words_meet_are_coherent_and_mixed_ones_are_not():
    table = corpus()
    good = measured(table)
    assert row(good, "coherence")["value"] == 1.0
    assert row(good, "coherence")["verdict"] == "good"
    mixed = pd.DataFrame({"theme_id": [0, 0, 1, 1, 2, 2], "language": "en", "rank": [1, 2] * 3, "weight": 1.0,
                          "term": ["invoice", "courier", "parcel", "speed", "internet", "amount"]})
    poor = measured(table, mixed)
    assert row(poor, "coherence")["value"] == -1.0
    assert row(poor, "coherence")["verdict"] == "poor"
    assert row(poor, "theme_coherence", 1)["verdict"] == "poor"


def test_npmi_is_what_a_hand_computes():
    # 20 comments; 10 hold a, 8 hold b, 6 hold both: log(0.3 / (0.5 * 0.4)) / -log(0.3)
    texts = ["alpha beta"] * 6 + ["alpha"] * 4 + ["beta"] * 2 + ["gamma"] * 8
    used = find_terms(pd.DataFrame({"feedback_id": [str(n) for n in range(20)], "text": texts, "language": "en"}))
    terms = pd.DataFrame({"theme_id": [0, 0], "language": "en", "rank": [1, 2], "weight": 1.0,
                          "term": ["alpha", "beta"]})
    assert measure_coherence(used, terms)["value"].tolist() == [pytest.approx(0.33677, abs=1e-4)]


def test_a_language_of_few_comments_is_not_measured():
    found = measured(corpus(each=3))
    assert row(found, "coherence")["verdict"] == "unmeasured"


def test_diversity_is_the_share_of_terms_of_one_theme():
    terms = pd.DataFrame({"theme_id": [0, 0, 1, 1], "language": ["fa"] * 4, "rank": [1, 2, 1, 2], "weight": 1.0,
                          "term": ["قیمت", "گران", "قیمت", "پیک"]})
    assert measure_diversity(terms)["value"].tolist() == [0.5]
    assert row(measured(corpus(), diversity=0.9), "diversity")["verdict"] == "good"


@pytest.mark.parametrize(("unassigned", "verdict"), [(0, "good"), (60, "poor")])
def test_coverage_counts_comments_with_a_theme(unassigned, verdict):
    extra = corpus({-1: "something else"}, unassigned) if unassigned else corpus().iloc[:0]
    coverage = row(measured(pd.concat([corpus(), extra])), "coverage")
    assert coverage["value"] == pytest.approx(36 / (36 + unassigned))
    assert coverage["low"] <= coverage["value"] <= coverage["high"]
    assert coverage["verdict"] == verdict


def test_one_large_theme_is_told():
    table = pd.concat([corpus(), corpus({0: TEXTS[0]}, 300).assign(feedback_id=lambda t: "x" + t["feedback_id"],
                                                                  statement_id=lambda t: "x" + t["statement_id"])])
    found = measured(table)
    assert row(found, "largest_share")["verdict"] == "poor"
    assert row(found, "gini")["value"] == pytest.approx(2 * (12 + 2 * 12 + 3 * 312) / (3 * 336) - 4 / 3, abs=1e-4)


def test_near_duplicates_need_like_centres_and_like_terms():
    centres = np.array([[1.0, 0, 0], [0.99, 0.1, 0], [0, 0, 1]])
    assert "near_duplicate" not in set(measured(corpus(), centres=centres)["measure"])
    shared = pd.DataFrame({"theme_id": [0, 0, 1, 1, 2], "language": "en", "rank": [1, 2, 1, 2, 1], "weight": 1.0,
                           "term": ["invoice", "amount", "invoice", "parcel", "internet"]})
    found = measured(corpus(), shared, centres)
    pair = found[found["measure"] == "near_duplicate"]
    assert pair[["theme_id", "other_theme_id", "n"]].values.tolist() == [[0, 1, 1]]
    assert "near_duplicate" not in set(measured(corpus(), shared, centres, duplicate_terms=0.6)["measure"])


def test_junk_is_told_by_its_kind():
    texts = {0: "it was and so on and then it is what it is", 1: "Your order 123 has shipped!"}
    table = corpus({0: texts[0], 1: texts[1]})
    table.loc[table["theme_id"] == 1, "text"] = [f"Your order {n} has shipped!" for n in range(12)]
    table.loc[table["theme_id"] == 0, "text"] = [f"it was {'so ' * n}and on" for n in range(12)]
    terms = pd.DataFrame({"theme_id": [0, 1], "language": "en", "rank": 1, "weight": 1.0, "term": ["so", "order"]})
    customers = ["one"] * 12 + [f"k{n}" for n in range(12)]
    found = measured(table, terms, np.eye(2), customers)
    assert row(found, "stop_words", 0)["verdict"] == "poor"
    assert row(found, "stop_words", 1)["verdict"] == "good"
    assert row(found, "one_customer", 0)["verdict"] == "poor"
    assert row(found, "one_customer", 1)["verdict"] == "good"
    assert row(found, "one_template", 1)["value"] == 1.0
    assert row(found, "one_template", 0)["verdict"] == "good"


def test_unknown_customers_are_unmeasured_not_good():
    assert row(measured(corpus()), "one_customer", 0)["verdict"] == "unmeasured"


def test_without_themes_nothing_is_good_or_poor_but_coverage():
    table = corpus({-1: "something else"}, 30)
    empty = pd.DataFrame(columns=["theme_id", "language", "rank", "term", "weight"])
    found = measured(table, empty, np.zeros((0, 3)))
    assert row(found, "coverage")["verdict"] == "poor"
    assert row(found, "largest_share")["verdict"] == "unmeasured"
    assert row(found, "gini")["verdict"] == "unmeasured"

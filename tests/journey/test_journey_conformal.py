import numpy as np
import pytest

from workbench.journey.conformal import conformal_level, conformal_levels, sets_at


@pytest.mark.parametrize(("count", "coverage", "expected"), [
    (9, 0.9, 0.9), (19, 0.9, 0.9), (99, 0.9, 0.9), (8, 0.9, 1.0), (19, 0.95, 0.95), (0, 0.9, 1.0), (3, 0.5, 0.5)])
def test_the_level_is_the_right_order_statistic(count, coverage, expected):
    missed = np.random.default_rng(1).permutation(np.arange(1, count + 1) / (count + 1))
    assert conformal_level(missed, coverage) == pytest.approx(expected)


def draw(random, count, skill):
    """Probabilities that are what they say: the right class is drawn from them."""
    scores = random.dirichlet(np.full(5, skill), count)
    right = (random.random((count, 1)) > scores.cumsum(axis=1)).sum(axis=1).clip(max=4)
    return scores, right


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_coverage_is_within_three_points_in_each_language(coverage):
    random = np.random.default_rng(4)
    held = {}
    parts = [("en", 0.2), ("fa", 1.0), ("ar", 0.5)]
    known = [(language, *draw(random, 1500, skill)) for language, skill in parts]
    missed = np.concatenate([1 - scores[np.arange(1500), right] for _, scores, right in known])
    levels = conformal_levels(missed, np.repeat([one[0] for one in known], 1500), coverage)
    for language, skill in parts:
        scores, right = draw(random, 4000, skill)
        inside = sets_at(scores, np.full(4000, language), levels)
        held[language] = inside[np.arange(4000), right].mean()
    assert {language: share for language, share in held.items() if abs(share - coverage) > 0.03} == {}


def test_a_level_for_all_would_not_hold_in_each_language():
    random = np.random.default_rng(4)
    (sure, right_sure), (unsure, right_unsure) = draw(random, 3000, 0.2), draw(random, 3000, 3.0)
    missed = np.concatenate([1 - sure[np.arange(3000), right_sure], 1 - unsure[np.arange(3000), right_unsure]])
    level = {"": conformal_level(missed, 0.9)}
    shares = [sets_at(scores, np.full(3000, "xx"), level)[np.arange(3000), right].mean()
              for scores, right in ((sure, right_sure), (unsure, right_unsure))]
    assert max(shares) - min(shares) > 0.03


def test_few_rows_of_a_language_move_its_level_less_than_many_do():
    missed = np.concatenate([np.linspace(0, 0.5, 4000), np.full(1, 0.9), np.linspace(0.4, 0.9, 400)])
    levels = conformal_levels(missed, np.array(["en"] * 4000 + ["ja"] + ["ru"] * 400), 0.9)
    assert sorted(levels) == ["", "en", "ja", "ru"]
    assert levels[""] < levels["ja"] < 0.7 < levels["ru"]


@pytest.mark.parametrize("count", [8, 12, 40, 200])
def test_few_rows_of_a_language_unlike_the_others_keep_its_coverage(count):
    random, held = np.random.default_rng(7), []
    for _ in range(50):
        (sure, right_sure), (scores, right) = draw(random, 200, 0.3), draw(random, count, 3.0)
        missed = np.concatenate([1 - sure[np.arange(200), right_sure], 1 - scores[np.arange(count), right]])
        levels = conformal_levels(missed, np.array(["en"] * 200 + ["tr"] * count), 0.9)
        scores, right = draw(random, 300, 3.0)
        held.append(sets_at(scores, np.full(300, "tr"), levels)[np.arange(300), right].mean())
    assert np.mean(held) == pytest.approx(0.9, abs=0.025)


def test_a_weight_of_two_is_the_statement_twice():
    missed, weights = np.array([0.3, 0.1, 0.6, 0.2]), np.array([1.0, 3.0, 2.0, 5.0])
    twice = np.repeat(missed, weights.astype(int))
    assert [conformal_level(missed, one, weights) for one in (0.2, 0.5, 0.8, 0.9)] == \
        [conformal_level(twice, one) for one in (0.2, 0.5, 0.8, 0.9)]


def test_the_best_is_always_inside():
    scores = np.array([[0.4, 0.35, 0.25], [0.0, 0.0, 0.0]])
    assert sets_at(scores, np.array(["en", "en"]), {"": 0.1}).tolist() == [[True, False, False], [True, True, True]]


@pytest.mark.parametrize(("coded", "level"), [
    (["en"], 0.95), (["en", "fa"], 0.9 + 0.1 / 3), (["en", "fa", "ar"], 0.925)])
def test_a_language_without_codes_is_asked_to_miss_less_the_fewer_have_some(coded, level):
    missed = np.random.default_rng(3).permutation(np.arange(1, 1200) / 1200)
    levels = conformal_levels(missed, np.resize(coded, len(missed)), 0.9)
    assert levels[""] == pytest.approx(level, abs=1e-9)
    assert sorted(levels) == ["", *sorted(coded)]


@pytest.mark.parametrize("coded", [1, 2, 4])
def test_sets_of_languages_without_codes_hold_the_class_though_languages_differ(coded):
    """Languages are read with unlike skill; a level for all holds it less often in those that nobody coded."""
    random, held = np.random.default_rng(12), []
    for _ in range(150):
        parts = [draw(random, 400, skill) for skill in random.lognormal(-0.5, 0.5, coded + 1)]
        missed = np.concatenate([1 - scores[np.arange(400), right] for scores, right in parts[:coded]])
        levels = conformal_levels(missed, np.repeat([str(number) for number in range(coded)], 400), 0.9)
        scores, right = parts[coded]
        held.append([sets_at(scores, np.full(400, "new"), {"": level})[np.arange(400), right].mean()
                     for level in (conformal_level(missed, 0.9), levels[""])])
    shared, own = np.mean(held, axis=0)
    assert shared < own
    assert 0.9 < own < 0.96

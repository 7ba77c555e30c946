"""What is told of all themes at once from sparse sums, beside the same formulas written out plainly."""

import numpy as np
import pandas as pd
import pytest

from workbench.insights import score_all, score_themes
from workbench.insights.chance import chance_of
from workbench.insights.clusters import clustered_difference, clustered_differences
from workbench.insights.impact import Regression, _twins, interval, leave_out
from workbench.insights.incidence import gather, membership
from workbench.insights.weights import Dealer, chance_of_weights, pair_products, relative_weights, resample_weights


def world(seed, rows=300, clustered=True):
    """Return seven themes of which two nearly coincide, a score and who gave it."""
    rng = np.random.default_rng(seed)
    themes = (rng.random((rows, 7)) < [0.3, 0.2, 0.05, 0.5, 0.1, 0.1, 0.04]).astype(float)
    themes[:, 5] = themes[:, 4]
    themes[:3, 5] = 1 - themes[:3, 5]
    groups = np.unique(rng.integers(0, rows // 3, rows), return_inverse=True)[1] if clustered else np.arange(rows)
    score = rng.choice([-100.0, 0.0, 100.0], rows) + 20 * themes[:, 0] + rng.normal(0, 9, groups.max() + 1)[groups]
    return themes, score, groups


def plain_error(influence, groups):
    sums = pd.DataFrame(influence).groupby(groups).sum().to_numpy()
    return np.sqrt((sums**2).sum(axis=0) * len(sums) / (len(sums) - 1)) / len(influence)


def plain_leave_out(themes, score):
    share = themes.mean(axis=0)
    inside = (themes * score[:, None]).sum(axis=0) / themes.sum(axis=0)
    outside = ((1 - themes) * score[:, None]).sum(axis=0) / (1 - themes).sum(axis=0)
    count, n = themes.sum(axis=0), len(score)
    slope_with = themes * (score[:, None] - inside) / share / np.sqrt(1 - 1 / count)
    slope_without = (1 - themes) * (score[:, None] - outside) / (1 - share) / np.sqrt(1 - 1 / (n - count))
    difference = inside - outside
    return share * difference, share * (slope_with - slope_without) + difference * (themes - share)


def plain_adjusted(themes, score):
    """Return the value, and the influences of the slopes and of the shares."""
    design = np.column_stack([np.ones(len(score)), themes])
    inverse = np.linalg.pinv(design.T @ design)
    coefficients = inverse @ design.T @ score
    leverage = np.diag(design @ inverse @ design.T)
    residual = (score - design @ coefficients) / np.sqrt(1 - leverage)
    share = themes.mean(axis=0)
    slopes = share * len(score) * (residual[:, None] * (design @ inverse))[:, 1:]
    return coefficients[1:] * share, slopes, coefficients[1:] * (themes - share)


def plain_chance(themes, score, groups):
    """Return the errors that leaving out and adjusting would have if no theme made a difference."""
    n, share = len(score), themes.mean(axis=0)
    same = (groups[:, None] == groups) & ~np.eye(n, dtype=bool)
    scaled = (score - score.mean()) / score.std()
    alike = np.clip((np.outer(scaled, scaled) * same).sum() / same.sum(), 0, 1) if same.any() else 0.0
    covariance = np.eye(n) + alike * same
    slopes = themes / themes.sum(axis=0) - (1 - themes) / (1 - themes).sum(axis=0)
    design = np.column_stack([np.ones(n), themes])
    inverse = np.linalg.pinv(design.T @ design)
    rest = score - design @ inverse @ design.T @ score
    plain = np.sqrt(score.var(ddof=1) * np.einsum("ij,ik,kj->j", slopes, covariance, slopes))
    adjusted = (inverse @ design.T @ covariance @ design @ inverse).diagonal()[1:]
    return share * plain, share * np.sqrt(rest @ rest / (n - design.shape[1]) * adjusted)


def plain_correlations(themes, score, sizes):
    share = sizes / sizes.sum()
    centred, deviation = themes - share @ themes, score - share @ score
    spread, own = np.sqrt(share @ centred**2), np.sqrt(share @ deviation**2)
    scaled = centred / np.where(spread > 1e-12, spread, np.inf)
    values, axes = np.linalg.eigh((scaled * share[:, None]).T @ scaled)
    size = np.sqrt(np.where(values > 1e-10, values, 0))
    back = (axes * np.divide(1, size, out=np.zeros_like(size), where=size > 0)) @ axes.T
    return (axes * size) @ axes.T, back, (scaled * share[:, None]).T @ (deviation / own)


def plain_weights(themes, score, sizes):
    root, back, correlation = plain_correlations(themes, score, sizes)
    return root**2 @ (back @ correlation) ** 2


@pytest.mark.parametrize("clustered", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_leaving_out_and_adjusting_are_the_plain_formulas(seed, clustered):
    themes, score, groups = world(seed, clustered=clustered)
    spoken = gather(themes, groups)
    value, influence = plain_leave_out(themes, score)
    least, least_adjusted = plain_chance(themes, score, groups)
    for ours, plain in zip(leave_out(spoken, score), (value, np.maximum(plain_error(influence, groups), least)),
                           strict=True):
        assert ours == pytest.approx(plain, rel=1e-9)
    value, slopes, shares = plain_adjusted(themes, score)
    error = np.maximum(plain_error(slopes + shares, groups), least_adjusted)
    for ours, plain in zip(Regression(spoken).adjusted(score), (value, error), strict=True):
        assert ours == pytest.approx(plain, rel=1e-8)


def test_the_adjusted_change_is_the_regression_of_statsmodels():
    from statsmodels.api import OLS, add_constant

    rng = np.random.default_rng(3)
    themes = (rng.random((400, 3)) < [0.2, 0.4, 0.3]).astype(float)
    groups = np.unique(rng.integers(0, 150, 400), return_inverse=True)[1]
    score = themes @ [3.0, 0.0, -2.0] + rng.normal(size=150)[groups] + rng.normal(size=400)
    model = OLS(score, add_constant(themes)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    share = themes.mean(axis=0)
    assert Regression(gather(themes, groups)).adjusted(score)[0] == pytest.approx(model.params[1:] * share)
    assert plain_error(plain_adjusted(themes, score)[1], groups) == pytest.approx(model.bse[1:] * share, rel=0.02)


@pytest.mark.parametrize("clustered", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_differences_of_all_themes_are_those_of_each(seed, clustered):
    from scipy.stats import t

    themes, score, groups = world(seed, clustered=clustered)
    elsewhere, p = clustered_differences(gather(themes, groups), score)
    least = plain_chance(themes, score, groups)[0] / themes.mean(axis=0)
    values, people, count = pd.Series(score), pd.Series(groups), groups.max() + 1
    for column in range(themes.shape[1]):
        own = pd.Series(themes[:, column] > 0)
        inside, outside = values[own], values[~own]
        pulls = ((inside - inside.mean()) / len(inside)).reindex(values.index, fill_value=0) - \
            ((outside - outside.mean()) / len(outside)).reindex(values.index, fill_value=0)
        error = max((pulls.groupby(people).sum() ** 2).sum() * count / (count - 1), least[column] ** 2) ** 0.5
        difference, one = clustered_difference(inside, outside, people)
        assert elsewhere[column] == pytest.approx(outside.mean())
        assert difference == pytest.approx(inside.mean() - outside.mean())
        assert p[column] == pytest.approx(one, rel=1e-8)
        fewest = min(people[own].nunique(), people[~own].nunique())
        assert one == pytest.approx(2 * t.sf(abs(difference) / error, fewest - 1), rel=1e-8)


@pytest.mark.parametrize("shares", [[0.6, 0.25, 0.15], [0.9, 0.08, 0.02]])
@pytest.mark.parametrize("clustered", [True, False])
def test_few_answers_that_happen_to_be_alike_are_no_finding(shares, clustered):
    from scipy.stats import false_discovery_control

    rng, found, runs = np.random.default_rng(8), np.zeros(2), 100
    themes = np.repeat(np.eye(20), np.repeat([10, 15, 30], [9, 7, 4]), axis=0)
    themes = np.vstack([themes, np.zeros((400 - len(themes), 20))])
    groups = np.repeat(np.arange(200), 2) if clustered else np.arange(400)
    for _ in range(runs):
        spoken = gather(rng.permutation(themes), groups)
        answers = rng.choice([100.0, 0.0, -100.0], 400, p=shares)
        told = interval(*leave_out(spoken, answers), np.minimum(*spoken.clusters_beside()), 0.95)[2]
        p = clustered_differences(spoken, answers, 10)[1]
        found += [(false_discovery_control(one) < 0.05).any() for one in (p[~np.isnan(p)], told)]
    assert (found <= 0.08 * runs).all()  # without the least variance 22 to 100, and up to 52


@pytest.mark.parametrize(("answers", "inside", "groups"), [
    ([100.0, 100, 100, 100, 100, 100], [1, 1, 1, 0, 0, 0], range(6)),  # no spread
    ([100.0, 0, 0, -100], [1, 0, 0, 0], range(4)),  # one customer speaks of it
    ([100.0, 0, 0, -100], [1, 1, 1, 1], range(4)),  # everybody does
    ([100.0, 0, 0, -100], [1, 1, 0, 0], [0, 0, 1, 1]),  # one customer on either side
])
def test_themes_that_cannot_be_compared_have_no_p_value(answers, inside, groups):
    spoken = gather(np.array(inside)[:, None], np.array(list(groups)))
    assert np.isnan(clustered_differences(spoken, np.array(answers))[1]).all()


def test_one_customer_alone_is_no_evidence():
    themes, answers = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([3.0, 9.0, 4.0])
    assert np.isnan(clustered_differences(gather(themes, np.zeros(3, dtype=int)), answers)[1]).all()


def test_sides_need_answers_and_clusters():
    spoken = gather(np.arange(40)[:, None] < 12, np.arange(40) // 2)
    answers = np.random.default_rng(0).choice([-100.0, 100.0], 40)
    assert np.isfinite(clustered_differences(spoken, answers, 6)[1]).all()
    assert np.isnan(clustered_differences(spoken, answers, 7)[1]).all()  # six clusters speak of it


@pytest.mark.parametrize("seed", range(3))
def test_weights_are_the_plain_formula(seed):
    themes, score, groups = world(seed)
    ones = np.ones(len(score))
    assert relative_weights(themes, score) == pytest.approx(plain_weights(themes, score, ones), rel=1e-7, abs=1e-12)
    times = np.random.default_rng(seed).integers(0, 3, len(score)).astype(float)
    assert relative_weights(themes, score, times) == pytest.approx(plain_weights(themes, score, times), rel=1e-7,
                                                                  abs=1e-12)
    generator = np.random.default_rng(seed)
    count = groups.max() + 1
    plain = [plain_weights(themes, score, np.bincount(generator.integers(0, count, count), minlength=count)[groups])
             for _ in range(40)]
    assert resample_weights(themes, score, groups, seed)[:40] == pytest.approx(np.array(plain), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_chances_of_weights_are_those_of_shuffles_one_by_one(seed):
    themes, score, groups = world(seed)
    root, back, correlation = plain_correlations(themes, score, np.ones(len(score)))
    observed = root**2 @ (back @ correlation) ** 2
    generator, hand, reached = np.random.default_rng(seed), Dealer(score, groups), 0
    scaled = (themes - themes.mean(axis=0)) / themes.std(axis=0)
    for _ in range(99):
        dealt = hand.deal(generator)
        shuffled = scaled.T @ (dealt - dealt.mean()) / dealt.std() / len(score)
        reached = reached + (root**2 @ (back @ shuffled) ** 2 >= observed - 1e-12)
    assert chance_of_weights(themes, score, seed, 99, groups).tolist() == ((1 + reached) / 100).tolist()


def test_pairs_are_products_of_columns():
    themes = world(0, 60)[0]
    pairs, kinds = pair_products(gather(themes).matrix)
    left, right = np.divmod(kinds, themes.shape[1])
    assert (left <= right).all()
    assert pairs.toarray().tolist() == (themes[:, left] * themes[:, right]).tolist()
    assert pairs.sum() == (np.triu(themes.T @ themes)).sum()


def test_twins_are_themes_that_correlate_nearly_fully():
    themes = world(0, 3000)[0]
    assert _twins(gather(themes)).tolist() == [False] * 4 + [True, True, False]
    assert _twins(gather(themes[:, :1])).tolist() == [False]


def test_membership_takes_a_comment_once_and_leaves_others_out():
    members = pd.DataFrame({"feedback_id": ["b", "b", "x", "a"], "theme_id": [7, 7, 3, -1]})
    themes, spoken = membership(pd.Series(["a", "b"]), members)
    assert (themes.tolist(), spoken.toarray().tolist()) == ([-1, 7], [[1.0, 0.0], [0.0, 1.0]])


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("clustered", [True, False])
def test_deals_keep_means_of_clusters_and_what_is_beyond(clustered, at_once):
    _, score, groups = world(1, 60, clustered)
    hand, generator = Dealer(score, groups), np.random.default_rng(2)
    dealt = hand.deal_many(generator, 400) if at_once else np.array([hand.deal(generator) for _ in range(400)])
    means = np.bincount(groups, weights=score) / np.bincount(groups)
    for one in dealt[:20]:
        found = np.bincount(groups, weights=one) / np.bincount(groups)
        assert np.sort(found) == pytest.approx(np.sort(means))
        for group in range(groups.max() + 1):
            inside = groups == group
            assert np.sort(one[inside] - found[group]) == pytest.approx(np.sort(score[inside] - means[group]))
    assert len(np.unique(dealt.round(6), axis=0)) == 400
    assert np.bincount(groups, weights=dealt.mean(axis=0)) / np.bincount(groups) == \
        pytest.approx(np.full(len(means), means.mean()), abs=5 * means.std() / 20)


def test_scores_of_themes_are_those_of_their_comments_alone():
    themes, _, groups = world(3, 200)
    rng = np.random.default_rng(3)
    comments = pd.DataFrame({"feedback_id": [f"c{i}" for i in range(200)], "nps": rng.integers(0, 11, 200),
                             "rating": np.where(themes[:, 2] > 0, np.nan, rng.integers(1, 6, 200)), "rating_max": 5,
                             "customer_id": [f"k{group}" for group in groups]})
    rows, columns = np.nonzero(themes)
    members = pd.DataFrame({"feedback_id": [f"c{i}" for i in rows], "theme_id": columns - 1})
    plain = [score_all(part, 0.9).assign(theme_id=theme)
             for theme, part in members.merge(comments, on="feedback_id").groupby("theme_id")]
    expected = pd.concat(plain, ignore_index=True)
    pd.testing.assert_frame_equal(score_themes(comments, members, 0.9), expected[["theme_id", *expected.columns[:-1]]])


@pytest.mark.parametrize("kept", [[], ["c"]])
def test_themes_without_answers_have_no_scores(kept):
    comments = pd.DataFrame({"feedback_id": ["a", "b", "c"], "nps": [9, 3, None], "rating": None, "rating_max": 5})
    members = pd.DataFrame({"feedback_id": kept, "theme_id": np.array([4] * len(kept), dtype=int)})
    found = score_themes(comments, members)
    assert found.columns.tolist() == ["theme_id", "measure", "n", "score", "score_low", "score_high"]
    assert found.empty


@pytest.mark.parametrize(("reaching", "expected"), [
    (lambda place: place % 5 == 0, (1 + 40) / 200),  # forty of the first 199: enough is known
    (lambda place: place % 10 == 9, (1 + 199) / 2000),  # nineteen: all are made
    (lambda place: place > 1900, (1 + 98) / 2000),
])
def test_shuffling_ends_where_chance_does_as_well(reaching, expected):
    made = []

    def reaches(count):
        made.extend(range(len(made), len(made) + count))
        return reaching(np.array(made[-count:]))

    assert chance_of(reaches, 1999) == expected


def test_few_shuffles_are_all_made():
    assert chance_of(lambda count: np.ones(count, dtype=bool), 99) == 1.0

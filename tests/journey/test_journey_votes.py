import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from workbench.journey import scorer as scoring
from workbench.journey import votes as module
from workbench.journey.votes import fit_votes, votes
from workbench.themes.whole_numbers import in_steps

ALL = np.arange(60)


def planted(seed=0, count=60):
    random = np.random.default_rng(seed)
    points = in_steps(random.normal(size=(count, 5)))
    return points, np.eye(3)[random.integers(0, 3, count)] - 1 / 3, random.uniform(0.5, 2, count)


def test_what_is_held_out_is_what_the_others_vote():
    points, wanted, weight = planted()
    _, held_out = fit_votes(points, wanted, weight, ALL)
    for row in (0, 17, 59):
        others = np.delete(ALL, row)
        weights, _ = fit_votes(points[others], wanted[others], weight[others], others[:0])
        assert votes(points[[row]], points[others], weights) == pytest.approx(held_out[[row]], abs=1e-5)


@pytest.mark.parametrize("asked", [[], [59], [0, 1, 30], list(range(5, 60, 4))])
def test_whoever_is_held_out_the_weights_and_what_is_told_of_them_are_the_same(asked):
    points, wanted, weight = planted(3)
    every, told = fit_votes(points, wanted, weight, ALL)
    weights, held_out = fit_votes(points, wanted, weight, np.array(asked, dtype=int))
    assert np.allclose(weights, every, atol=1e-9)
    assert held_out.shape == (len(asked), 3)
    assert np.allclose(held_out, told[asked], atol=1e-9)


def test_weights_are_those_of_a_plain_solution():
    points, wanted, weight = planted(4)
    unit = points.astype(np.float64) / 4000
    near = np.exp(2 * (unit @ unit.T - 1))
    plain = np.linalg.solve(near + np.diag(0.3 / weight), wanted)
    assert np.allclose(fit_votes(points, wanted, weight, ALL[:7])[0], plain, atol=1e-5)
    assert np.allclose(votes(points, points, plain), near @ plain, atol=1e-5)


def test_votes_tell_apart_what_no_straight_line_does():
    angle = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    circle = in_steps(np.column_stack([np.cos(angle), np.sin(angle)]))
    quarter = (np.floor(angle / (np.pi / 2)).astype(int) % 2)[:, None]
    wanted = np.hstack([quarter, 1 - quarter]) - 0.5
    weights, held_out = fit_votes(circle, wanted, np.ones(80), np.arange(80))
    assert (votes(circle, circle, weights).argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.9
    assert (held_out.argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.85
    line = circle @ np.linalg.lstsq(circle, wanted, rcond=None)[0]
    assert (line.argmax(axis=1) == wanted.argmax(axis=1)).mean() < 0.7


def test_a_heavier_example_draws_more():
    points, nobody = in_steps(np.eye(2)), np.arange(0)
    light, _ = fit_votes(points, np.array([[1.0], [-1.0]]), np.array([1.0, 1.0]), nobody)
    heavy, _ = fit_votes(points, np.array([[1.0], [-1.0]]), np.array([4.0, 1.0]), nobody)
    assert votes(points, points, heavy)[0, 0] > votes(points, points, light)[0, 0]


def test_blocks_change_nothing_that_is_seen(monkeypatch):
    points, wanted, weight = planted(1)
    weights, _ = fit_votes(points, wanted, weight, ALL[:9])
    whole = votes(points, points, weights)
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert np.allclose(votes(points, points, weights), whole, atol=1e-12)
    assert np.allclose(fit_votes(points, wanted, weight, ALL[:9])[0], weights, atol=1e-12)
    assert votes(points[:0], points, weights).shape == (0, 3)


def test_neither_row_order_nor_threads_change_how_near_texts_are():
    random = np.random.default_rng(6)
    points, examples = in_steps(random.normal(size=(700, 48)), np.int16), in_steps(random.normal(size=(90, 48)))
    turned, order = examples.T.astype(np.float32), random.permutation(700)
    with threadpool_limits(1):
        near = module._nearness(points, turned)
    assert (module._nearness(points, turned) == near).all()
    assert (module._nearness(points[order], turned) == near[order]).all()
    assert (np.vstack([module._nearness(points[:301], turned), module._nearness(points[301:], turned)]) == near).all()
    weights = random.normal(size=(90, 4))
    assert np.allclose(votes(points[order], examples, weights), votes(points, examples, weights)[order], atol=1e-12)


def test_few_examples_are_all_held_out_and_of_many_about_as_many_in_whatever_order():
    texts = [f"example {number}" for number in range(6000)]
    assert scoring._drawn(texts[:2900]).all()
    drawn = scoring._drawn(texts)
    assert 1300 < drawn.sum() < 1700
    assert (scoring._drawn(texts[::-1]) == drawn[::-1]).all()

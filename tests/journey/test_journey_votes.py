import numpy as np
import pytest

from workbench.journey import votes as module
from workbench.journey.votes import fit_votes, votes


def planted(seed=0, count=60):
    random = np.random.default_rng(seed)
    points = random.normal(size=(count, 5))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points, np.eye(3)[random.integers(0, 3, count)] - 1 / 3, random.uniform(0.5, 2, count)


def test_what_is_held_out_is_what_the_others_vote():
    points, wanted, weight = planted()
    _, held_out = fit_votes(points, wanted, weight)
    for row in (0, 17, 59):
        others = np.arange(len(points)) != row
        weights, _ = fit_votes(points[others], wanted[others], weight[others])
        assert votes(points[[row]], points[others], weights) == pytest.approx(held_out[[row]], abs=1e-5)


def test_votes_tell_apart_what_no_straight_line_does():
    angle = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    quarter = (np.floor(angle / (np.pi / 2)).astype(int) % 2)[:, None]
    wanted = np.hstack([quarter, 1 - quarter]) - 0.5
    weights, held_out = fit_votes(circle, wanted, np.ones(80))
    assert (votes(circle, circle, weights).argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.9
    assert (held_out.argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.85
    line = circle @ np.linalg.lstsq(circle, wanted, rcond=None)[0]
    assert (line.argmax(axis=1) == wanted.argmax(axis=1)).mean() < 0.7


def test_a_heavier_example_draws_more():
    points = np.eye(2)
    light, _ = fit_votes(points, np.array([[1.0], [-1.0]]), np.array([1.0, 1.0]))
    heavy, _ = fit_votes(points, np.array([[1.0], [-1.0]]), np.array([4.0, 1.0]))
    assert votes(points, points, heavy)[0, 0] > votes(points, points, light)[0, 0]


def test_blocks_and_half_precision_change_nothing_that_is_seen(monkeypatch):
    points, wanted, weight = planted(1)
    weights, _ = fit_votes(points, wanted, weight)
    whole = votes(points, points, weights)
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert np.allclose(votes(points, points, weights), whole, atol=1e-12)
    assert np.allclose(votes(points.astype(np.float16), points, weights), whole, atol=0.01)
    assert votes(points[:0], points, weights).shape == (0, 3)

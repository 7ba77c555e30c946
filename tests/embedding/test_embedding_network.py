"""A batch changes the table by the slope of its loss, and the loss is what the documents say."""

import numpy as np
import pytest

from workbench.embedding.training.network import RowAdam, batch_loss

STEP = 1e-6


def unit(draw, rows, dimensions=5):
    vectors = draw.normal(size=(rows, dimensions))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def batch():
    draw = np.random.default_rng(3)
    same = np.eye(6, dtype=bool)
    same[1, 4] = same[4, 1] = True  # one English sentence with two translations
    teacher = unit(draw, 6)
    teacher[4] = teacher[1]
    return unit(draw, 6), unit(draw, 6), teacher, same


def test_the_slope_is_that_of_the_loss(batch):
    foreign, english, teacher, same = batch
    slope = batch_loss(foreign, english, teacher, same, 2.0)[1]
    both = np.concatenate([foreign, english])
    for row, column in np.ndindex(both.shape):
        sides = []
        for step in (STEP, -STEP):
            moved = both.copy()
            moved[row, column] += step
            sides.append(batch_loss(moved[:6], moved[6:], teacher, same, 2.0)[0])
        assert slope[row, column] == pytest.approx((sides[0] - sides[1]) / (2 * STEP), abs=1e-5)


def test_the_loss_is_contrast_with_soft_targets_and_distance(batch):
    foreign, english, teacher, same = batch
    alike = np.exp(teacher @ teacher.T / 0.05)
    target = 0.6 * same / same.sum(1, keepdims=True) + 0.4 * alike / alike.sum(1, keepdims=True)

    def contrast(left, right):
        scores = 20 * left @ right.T
        rows = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        columns = scores.T - np.log(np.exp(scores.T).sum(1, keepdims=True))
        return -(target * (rows + columns)).sum() / 6

    distance = sum((1 - (side * teacher).sum(1)).mean() for side in (foreign, english))
    wanted = (contrast(foreign, english) + 0.5 * contrast(foreign, teacher) + 0.25 * contrast(english, teacher)
              + 3.0 * distance)
    assert batch_loss(foreign, english, teacher, same, 3.0)[0] == pytest.approx(wanted)


def test_a_row_that_no_batch_touches_stays_and_the_first_step_is_as_long_as_the_rate():
    table, adam = np.ones((3, 4), np.float32), RowAdam(3, 4)
    gradient = np.array([[2.0, -2.0, 2.0, -2.0]], np.float32)
    adam.update(table, np.array([1]), gradient, 0.1)
    assert (table[[0, 2]] == 1).all()
    assert table[1] == pytest.approx([0.9, 1.1, 0.9, 1.1], abs=1e-5)
    assert adam.steps.tolist() == [0, 1, 0]

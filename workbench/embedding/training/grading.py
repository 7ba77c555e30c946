"""From a table of numbers to whole steps: how long a token's step is, how many steps each of its numbers takes.

The squared error of a text is the sum of its tokens' errors. For a given size of the file it is least where a step is
as long as the inverse root of how often its token is read (Gersho and Gray, "Vector Quantization and Signal
Compression", 1992, chapter 8); counts in training texts are no counts in comments, so that a power of them is taken.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbench.embedding.graded import GradedModel, pack_steps

_FREQUENCY_POWER = 0.35
_LENGTH_POWER = 0.5
_LEAST_SHARE = 2e-8
_GRADES_PER_OCTAVE = 2
_WIDEST = 10
"""No step is longer or shorter than the middle one by more than a factor of 2 to the 10 / 2."""
_NOUGHT = 0.05
"""By how much of a step the rounding to nought reaches further."""
_LIMIT = 127
_KEPT = 0.9995
"""The share of the numbers of a grade and a direction that stay as long as they are: the longest make a file large."""
_MOST_LENGTHENING = 2.0
_TRIES = 14


def grade_table(pieces: list[str], scores: np.ndarray, table: np.ndarray, counts: np.ndarray, bits: float
                ) -> GradedModel:
    """Return a model as its file holds it.

    Parameters
    ----------
    pieces, scores
        The vocabulary.
    table
        float32, the vectors of the tokens, as they are summed.
    counts
        How often each token is read, as `reading_shares` tells it.
    bits
        How many bits a number takes on average, by its entropy; the file takes about 5 percent more.

    Returns
    -------
    GradedModel
        Its vectors are turned: the first direction is that in which the weighted vectors of the tokens differ most.

    Examples
    --------
    >>> table = np.random.default_rng(0).normal(size=(500, 8)).astype(np.float32)
    >>> model = grade_table(["x"] * 500, np.zeros(500), table, np.linspace(1, 0, 500), 3.5)
    >>> likeness = np.linalg.norm(model.table() @ model.table().T - table @ table.T) / np.linalg.norm(table @ table.T)
    >>> bool(likeness < 0.2)
    True
    """
    grades, steps = _grade(table, counts)
    turned = table @ _main_axes(table / steps[grades, None])
    steps = steps * _fitting_scale(turned, grades, steps, bits)
    numbers = count_steps(turned, steps[grades])
    limits = _cut_short(numbers, grades, len(steps))
    model = GradedModel(pieces, scores.astype(np.float16), grades, steps, limits,
                        _shifts(turned, numbers, grades, steps), pack_steps(numbers, grades, limits))
    return replace(model, steps=steps * _lengthening(table, model))


def _grade(table: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the grade of each token, from the shortest step on, and the steps of the grades to a common scale."""
    share = counts / max(counts.sum(), 1e-9) + _LEAST_SHARE
    lengths = np.square(table).sum(1) + 1e-6
    level = -0.5 * _GRADES_PER_OCTAVE * np.log2(share**_FREQUENCY_POWER * lengths**-_LENGTH_POWER)
    level = np.clip(np.rint(level - np.median(level)), -_WIDEST, _WIDEST)
    found, grades = np.unique(level, return_inverse=True)
    return grades.astype(np.uint8), np.exp2(found / _GRADES_PER_OCTAVE).astype(np.float32)


def _main_axes(table: np.ndarray) -> np.ndarray:
    axes: np.ndarray = np.linalg.eigh((table.T @ table).astype(np.float64))[1][:, ::-1].astype(np.float32)
    return axes * np.where(axes[np.abs(axes).argmax(axis=0), np.arange(len(axes))] < 0, -1, 1).astype(np.float32)


def _fitting_scale(table: np.ndarray, grades: np.ndarray, steps: np.ndarray, bits: float) -> np.float32:
    """Return what the steps are multiplied by, so that numbers take the bits asked for, or 127 steps at most."""
    every = max(1, len(table) // 30_000)
    some, grade = table[::every], grades[::every]
    least = np.log2(max(float((np.abs(table) / steps[grades, None]).max()) / _LIMIT, 1e-9))
    low, high = -12.0, 4.0
    for _ in range(_TRIES):
        middle = (low + high) / 2
        if middle < least or _entropy(count_steps(some, (steps * np.float32(2**middle))[grade]), grade) > bits:
            low = middle
        else:
            high = middle
    return np.float32(2**high)


def _entropy(numbers: np.ndarray, grades: np.ndarray) -> float:
    """Return the mean bits of a number, told apart by grade and direction."""
    total = 0.0
    for grade in np.unique(grades):
        part = (numbers[grades == grade] + _LIMIT).astype(np.int64)
        width = 2 * _LIMIT + 1
        counts = np.bincount((part + np.arange(part.shape[1]) * width).ravel())
        counts = counts[counts > 0]
        total += part.size * np.log2(len(part)) - float(counts @ np.log2(counts))
    return total / numbers.size


def count_steps(table: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return how many steps long the numbers of a table are, int16; a step for each row.

    Examples
    --------
    >>> count_steps(np.array([[0.52, -1.7, 9.0]]), np.array([1.0])).tolist()
    [[0, -2, 9]]
    """
    whole = np.minimum(np.floor(np.abs(table) / steps[:, None] + (0.5 - _NOUGHT)), _LIMIT)
    return (np.sign(table) * whole).astype(np.int16)


def _cut_short(numbers: np.ndarray, grades: np.ndarray, many: int) -> np.ndarray:
    """Cut the few longest numbers of each grade and direction in place; return how long they may be."""
    limits = np.zeros((many, numbers.shape[1]), dtype=np.uint8)
    for grade in range(many):
        member = grades == grade
        limits[grade] = np.ceil(np.quantile(np.abs(numbers[member]), _KEPT, axis=0))
        longest = limits[grade].astype(np.int16)
        numbers[member] = np.clip(numbers[member], -longest, longest)
    return limits


def _lengthening(table: np.ndarray, model: GradedModel) -> np.ndarray:
    """Return by how much each grade's vectors are shorter on average than they were.

    The nearest steps make the tokens that are read seldom a little shorter, and they are what a text is about.
    """
    many = len(model.steps)
    before, after = (np.bincount(model.grades, np.linalg.norm(rows, axis=1), many) for rows in (table, model.table()))
    longer = np.divide(before, after, out=np.ones(many), where=after > 0)
    return np.minimum(longer, _MOST_LENGTHENING).astype(np.float32)


def _shifts(table: np.ndarray, numbers: np.ndarray, grades: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return by how much numbers of one step, and of more, are shorter on average than that many steps."""
    shifts = np.zeros((len(steps), table.shape[1], 2), dtype=np.float16)
    for grade, step in enumerate(steps):
        member = grades == grade
        whole = np.abs(numbers[member])
        missing = whole - np.abs(table[member]) / step
        for place, chosen in enumerate((whole == 1, whole > 1)):
            shifts[grade, :, place] = (missing * chosen).sum(axis=0) / np.maximum(chosen.sum(axis=0), 1)
    return shifts

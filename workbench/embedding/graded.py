"""Vectors of tokens in whole steps: short steps for tokens that are read often, long ones for the others.

A text is a sum of tokens, so that a token's error counts as often as the token is read. Each token has a grade, each
grade a step; a number of a vector is kept as how many steps it is long. A direction in which the tokens of a grade
differ little takes few values then, and few bits once the file is compressed.

Sources: Huang and Schultheiss, "Block quantization of correlated Gaussian random variables", 1963 (bits by direction);
Sullivan, "Efficient scalar quantization of exponential and Laplacian random variables", 1996 (whole steps, a wider one
at nought, and where between two steps a value is put back).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

_BLOCK = 2048
_LETTER = 256


@dataclass(frozen=True)
class GradedModel:
    """What a model file of version 2 holds, as it lies there.

    Attributes
    ----------
    pieces : list of str
        The N tokens.
    scores : numpy.ndarray
        float16, N unigram log-probabilities.
    grades : numpy.ndarray
        uint8, the grade of each token.
    steps : numpy.ndarray
        float32, the step of each of G grades.
    limits : numpy.ndarray
        uint8, shape ``(G, dimensions)``: the most steps that a number of a grade is long.
    shifts : numpy.ndarray
        float16, shape ``(G, dimensions, 2)``: by how much numbers of one step, and of more, are put back shorter.
    packed : numpy.ndarray
        uint8: grade by grade, the numbers of its tokens as `pack_steps` packs them.
    """

    pieces: list[str]
    scores: np.ndarray
    grades: np.ndarray
    steps: np.ndarray
    limits: np.ndarray
    shifts: np.ndarray
    packed: np.ndarray

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.limits.shape[1])

    def table(self) -> np.ndarray:
        """Return the vectors of the tokens, float32, one row a token."""
        return self.rows(np.arange(len(self.grades)))

    def rows(self, tokens: np.ndarray) -> np.ndarray:
        """Return the vectors of some tokens, float32; each is the same whatever others are asked for."""
        out = np.empty((len(tokens), self.dimensions), dtype=np.float32)
        shifts = self.shifts.astype(np.float32)
        for start in range(0, len(tokens), _BLOCK):
            some = tokens[start : start + _BLOCK]
            grades, numbers = self.grades[some], self.numbers(some)
            shift = np.where(np.abs(numbers) > 1, shifts[grades, :, 1], shifts[grades, :, 0])
            rows = (numbers - np.sign(numbers) * shift) * self.steps[grades, None]
            out[start : start + _BLOCK] = rows
        return out

    def numbers(self, tokens: np.ndarray) -> np.ndarray:
        """Return how many steps long the numbers of some tokens are, int16, one row a token."""
        grades = self.grades[tokens]
        letter, divisor, counts, starts = self._layout
        at = starts[grades, None] + letter[grades] * counts[grades, None] + self._place[tokens, None]
        limits = self.limits[grades].astype(np.int16)
        return self.packed[at] // divisor[grades] % (2 * limits + 1) - limits

    @property
    def is_whole(self) -> bool:
        """Whether the parts of the file fit each other."""
        grades = len(self.steps)
        if not (self.limits.ndim == 2 and len(self.pieces) == len(self.scores) == len(self.grades)
                and len(self.limits) == grades and self.shifts.shape == (*self.limits.shape, 2)
                and (self.grades < grades).all()):
            return False
        letter, _, counts, starts = self._layout
        return len(self.packed) == starts[-1] + counts[-1] * (letter[-1, -1] + 1)

    @cached_property
    def _layout(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        letter, divisor = letters(self.limits)
        counts = np.bincount(self.grades, minlength=len(self.steps))
        ends = np.cumsum(counts * (letter[:, -1] + 1))
        return letter, divisor, counts, np.concatenate([[0], ends[:-1]])

    @cached_property
    def _place(self) -> np.ndarray:
        """Return which of the tokens of its grade each token is."""
        order = np.argsort(self.grades, kind="stable")
        counts = self._layout[2]
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
        return place


def letters(limits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return in which byte of a token each number lies, and what the byte is divided by to find it.

    Numbers that lie side by side share a byte as long as it has a value for each of their combinations.

    Examples
    --------
    >>> letter, divisor = letters(np.array([[7, 7, 1, 1, 1]], np.uint8))
    >>> letter.tolist(), divisor.tolist()
    ([[0, 0, 1, 1, 1]], [[1, 15, 1, 3, 9]])
    """
    letter = np.zeros(limits.shape, dtype=np.int64)
    divisor = np.ones(limits.shape, dtype=np.int16)
    for grade, row in enumerate(limits.astype(int)):
        byte, product = 0, 1
        for axis, values in enumerate(2 * row + 1):
            if product * values > _LETTER:
                byte, product = byte + 1, 1
            letter[grade, axis], divisor[grade, axis] = byte, product
            product *= values
    return letter, divisor


def pack_steps(numbers: np.ndarray, grades: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Return numbers as bytes: grade by grade, and in a grade the first bytes of all its tokens, then the second ones.

    Examples
    --------
    >>> numbers = np.array([[1, -1, 0], [0, 1, 1]])
    >>> pack_steps(numbers, np.array([0, 0]), np.ones((1, 3), np.uint8)).tolist()
    [11, 25]
    """
    letter, divisor = letters(limits)
    parts = []
    for grade, limit in enumerate(limits.astype(np.int64)):
        lifted = (numbers[grades == grade] + limit) * divisor[grade]
        first = np.flatnonzero(np.diff(letter[grade], prepend=-1))
        parts.append(np.add.reduceat(lifted, first, axis=1).T.astype(np.uint8).ravel())
    return np.concatenate(parts)

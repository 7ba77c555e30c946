"""What is trained: a table of token vectors, and how one batch changes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.embedding.training.corpus import Corpus

_DROPPED_TEXT, _DROPPED_ENGLISH = 0.12, 0.05
_SHARPNESS = 20.0
_SOFTNESS = 0.05
_CERTAIN = 0.6
_SHORTEST = 1e-12


class RowAdam:
    """Adam for a table of which each batch touches a few rows; the second moment is one number a row.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015.
    """

    def __init__(self, rows: int, dimensions: int) -> None:
        self.first = np.zeros((rows, dimensions), np.float32)
        self.second = np.zeros(rows, np.float32)
        self.steps = np.zeros(rows, np.int32)

    def update(self, table: np.ndarray, rows: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        """Change `rows` of `table` in place."""
        self.steps[rows] += 1
        count = self.steps[rows].astype(np.float32)
        second = 0.99 * self.second[rows] + 0.01 / gradient.shape[1] * np.einsum("ij,ij->i", gradient, gradient)
        first = self.first[rows]
        first *= 0.9
        first += 0.1 * gradient
        self.first[rows], self.second[rows] = first, second
        first *= (rate / (1 - 0.9**count) / (np.sqrt(second / (1 - 0.99**count)) + 1e-8))[:, None]
        table[rows] -= first


class Network:
    """A table of token vectors, with what its optimiser remembers."""

    def __init__(self, table: np.ndarray) -> None:
        self.table = table
        self.adam = RowAdam(*table.shape)

    def state(self) -> dict[str, np.ndarray]:
        """Return all that the network is and that its optimiser remembers, as arrays."""
        return {"table": self.table, "first": self.adam.first, "second": self.adam.second, "steps": self.adam.steps}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take over what `state` returned."""
        self.table = state["table"]
        self.adam.first, self.adam.second, self.adam.steps = state["first"], state["second"], state["steps"]


@dataclass(frozen=True)
class Batch:
    """Texts and their English sides, by their numbers in the corpus."""

    text: np.ndarray
    english: np.ndarray


def train_batch(network: Network, corpus: Corpus, batch: Batch, rate: float, pull: float, draw: np.random.Generator
                ) -> float:
    """Change a network by one batch and return its loss.

    Parameters
    ----------
    network, corpus, batch
        What is trained, and on what.
    rate
        Of learning, for the table.
    pull
        Weight of the distance to the teacher's own vector.
    draw
        Decides which words are read in pieces.
    """
    from scipy import sparse

    left, left_starts = gather(corpus, batch.text, _DROPPED_TEXT, draw)
    right, right_starts = gather(corpus, batch.english, _DROPPED_ENGLISH, draw)
    rows, position = np.unique(np.concatenate([left, right]), return_inverse=True)
    starts = np.concatenate([left_starts, right_starts + len(left), [len(position)]])
    bags = sparse.csr_matrix((np.ones(len(position), np.float32), position, starts), shape=(len(starts) - 1, len(rows)))
    sums = bags @ network.table[rows]
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), _SHORTEST)
    sides = sums / lengths
    teacher = corpus.teacher[corpus.teacher_row[batch.english]]
    same = batch.english[:, None] == batch.english[None, :]
    loss, slope = batch_loss(sides[: len(teacher)], sides[len(teacher) :], teacher, same, pull)
    slope = (slope - sides * (slope * sides).sum(axis=1, keepdims=True)) / lengths
    network.adam.update(network.table, rows, bags.T @ slope, rate)
    return loss


def batch_loss(foreign: np.ndarray, english: np.ndarray, teacher: np.ndarray, same: np.ndarray, pull: float
               ) -> tuple[float, np.ndarray]:
    """Return a batch's loss and its slope: contrast between texts with soft targets, and the distance to the teacher.

    The target of a row is its own English side (and equal ones) for 60 %, and what the teacher holds alike for the
    rest. Source of the contrast: van den Oord and others, "Representation learning with contrastive predictive coding",
    2018; of soft targets from a teacher: Hinton and others, "Distilling the knowledge in a neural network", 2015.

    Parameters
    ----------
    foreign, english, teacher
        Vectors of n texts, of their English sides, and the teacher's of these: unit length, shape ``(n, dimensions)``.
    same
        Which English sides are equal, shape ``(n, n)``.
    pull
        Weight of the distance to the teacher.

    Returns
    -------
    tuple
        The loss, and its slope by `foreign` and below it by `english`, shape ``(2 * n, dimensions)``.

    Examples
    --------
    >>> one, other = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> apart, met = (batch_loss(texts, one, one, np.eye(2, dtype=bool), 2.0)[0] for texts in (other, one))
    >>> met < apart
    True
    """
    target = _target(teacher, same)
    target = target + target.T
    met, met_slope = _contrast(foreign, english, target)
    taught, taught_slope = _contrast(foreign, teacher, target)
    own, own_slope = _contrast(english, teacher, target)
    distance = 2 - np.mean((foreign * teacher).sum(axis=1)) - np.mean((english * teacher).sum(axis=1))
    drawn = pull / len(teacher) * teacher
    slope = np.concatenate([met_slope @ english + 0.5 * taught_slope @ teacher - drawn,
                            met_slope.T @ foreign + 0.25 * own_slope @ teacher - drawn])
    return float(met + 0.5 * taught + 0.25 * own + pull * distance), slope


def _target(teacher: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return what each row is to find, shares that add up to 1."""
    target = teacher @ teacher.T
    target -= target.max(axis=1, keepdims=True)
    target *= 1 / _SOFTNESS
    np.exp(target, out=target)
    target *= (1 - _CERTAIN) / target.sum(axis=1, keepdims=True)
    rows, columns = np.nonzero(same)
    target[rows, columns] += (_CERTAIN / same.sum(axis=1)).astype(target.dtype)[rows]
    return target


def _contrast(left: np.ndarray, right: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Return how badly rows find each other, in both directions, and the slope of that by their cosines.

    `target` is what each row of one side is to find, added up over both directions.
    """
    scores = left @ right.T
    scores *= _SHARPNESS
    missed = 2 * _SHARPNESS * len(scores) - np.vdot(target, scores)
    scores -= _SHARPNESS
    np.exp(scores, out=scores)
    rows, columns = scores.sum(axis=1, keepdims=True), scores.sum(axis=0, keepdims=True)
    missed += np.log(rows).sum() + np.log(columns).sum()
    scores *= 1 / rows + 1 / columns
    scores -= target
    scores *= _SHARPNESS / len(scores)
    return float(missed) / len(scores), scores


def gather(corpus: Corpus, texts: np.ndarray, drop: float, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the tokens of texts end to end and where each text starts; a share `drop` of words is read in pieces."""
    ids, lengths = ragged(corpus.ids, corpus.offsets, texts)
    hit = corpus.is_word[ids] & (draw.random(len(ids)) < drop)
    pieces, counts = ragged(corpus.broken_ids, corpus.broken_offsets, ids[hit])
    times = np.ones(len(ids), dtype=np.int64)
    times[hit] = counts
    flat = np.empty(times.sum(), dtype=ids.dtype)
    is_broken = np.repeat(hit, times)
    flat[~is_broken], flat[is_broken] = ids[~hit], pieces
    owner = np.repeat(np.repeat(np.arange(len(texts)), lengths), times)
    ends = np.cumsum(np.bincount(owner, minlength=len(texts)))
    return flat, np.concatenate([[0], ends[:-1]])


def ragged(flat: np.ndarray, offsets: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return some of many lists that lie end to end, and their lengths.

    Examples
    --------
    >>> ragged(np.array([7, 8, 9]), np.array([0, 1, 3]), np.array([1, 0]))
    (array([8, 9, 7]), array([2, 1]))
    """
    starts, lengths = offsets[which], offsets[which + 1] - offsets[which]
    shift = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) if len(which) else 0
    return flat[np.arange(lengths.sum()) + shift], lengths

"""What is trained: a table of token vectors, and how one batch changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.embedding.training.corpus import Corpus

_DROPPED_TEXT, _DROPPED_ENGLISH = 0.12, 0.05
_SHARPNESS = 20.0
_SOFTNESS = 0.05
_CERTAIN = 0.6


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
        first = 0.9 * self.first[rows] + 0.1 * gradient
        second = 0.99 * self.second[rows] + 0.01 * np.square(gradient).mean(1)
        self.first[rows], self.second[rows] = first, second
        size = rate / (1 - 0.9**count) / (np.sqrt(second / (1 - 0.99**count)) + 1e-8)
        table[rows] -= first * size[:, None]


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
    import torch
    from torch.nn import functional

    left, left_starts = gather(corpus, batch.text, _DROPPED_TEXT, draw)
    right, right_starts = gather(corpus, batch.english, _DROPPED_ENGLISH, draw)
    rows, position = np.unique(np.concatenate([left, right]), return_inverse=True)
    weight = torch.from_numpy(network.table[rows]).requires_grad_()
    places = torch.from_numpy(position)
    sides = ((places[:len(left)], left_starts), (places[len(left):], right_starts))
    foreign, student = (
        functional.normalize(functional.embedding_bag(ids, weight, torch.from_numpy(starts), mode="sum"), dim=1)
        for ids, starts in sides)
    teacher = torch.from_numpy(corpus.teacher[corpus.teacher_row[batch.english]])
    same = torch.from_numpy(batch.english[:, None] == batch.english[None, :]).float()
    loss = batch_loss(foreign, student, teacher, same, pull)
    gradient = torch.autograd.grad(loss, weight)[0].numpy()
    network.adam.update(network.table, rows, gradient, rate)
    return float(loss.detach())


def batch_loss(foreign: Any, english: Any, teacher: Any, same: Any, pull: float) -> Any:
    """Return the loss of one batch: contrast between its texts with soft targets, and the distance to the teacher.

    The target of a row is its own English side (and equal ones) for 60 %, and what the teacher holds alike for the
    rest. Source of the contrast: van den Oord and others, "Representation learning with contrastive predictive coding",
    2018; of soft targets from a teacher: Hinton and others, "Distilling the knowledge in a neural network", 2015.
    """
    import torch
    from torch.nn import functional

    with torch.no_grad():
        alike = torch.softmax(teacher @ teacher.T / _SOFTNESS, 1)
        target = _CERTAIN * same / same.sum(1, keepdim=True) + (1 - _CERTAIN) * alike

    def contrast(left: Any, right: Any) -> Any:
        scores = left @ right.T * _SHARPNESS
        both = functional.log_softmax(scores, 1) + functional.log_softmax(scores.T, 1)
        return -(target * both).sum() / len(left)

    distance = (1 - (foreign * teacher).sum(1)).mean() + (1 - (english * teacher).sum(1)).mean()
    return (contrast(foreign, english) + 0.5 * contrast(foreign, teacher) + 0.25 * contrast(english, teacher)
            + pull * distance)


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

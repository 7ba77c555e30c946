"""What the rest of the study says of a statement: its comment, the statements most like it, and how common stages are.

All three work on log-scores, shape ``(n, classes)``, one row a statement, the last class being "unrelated".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.themes import nearest_neighbours

_COMMENT_WEIGHT = 0.4
_LIKENESS_WEIGHT = 0.3
NEIGHBOURS = 15
_BLOCK = 16_384
_STEPS = 50
_PRETENDED = 50.0
_SHARED = 100.0

Search = Callable[[np.ndarray, int, np.ndarray], tuple[np.ndarray, np.ndarray]]


def search_all(vectors: np.ndarray, count: int, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest neighbours of rows in an order, as positions in it, and their cosines.

    Examples
    --------
    >>> search_all(np.eye(2), 1, np.array([1, 0]))[0].tolist()
    [[1], [0]]
    """
    return nearest_neighbours(vectors, count, order=order)


def softmax(logs: np.ndarray) -> np.ndarray:
    """Return rows that add up to 1.

    Examples
    --------
    >>> softmax(np.zeros((1, 4))).tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return np.asarray(powers)


def lean_on_comment(logs: np.ndarray, comments: np.ndarray, weight: float = _COMMENT_WEIGHT) -> np.ndarray:
    """Return scores to which the mean of the comment's other statements is added, by `weight`.

    What a comment is about is often said once: "and it was rude, too" tells its stage only by what stands beside it.

    Examples
    --------
    >>> lean_on_comment(np.array([[2.0, -2.0], [0.0, 0.0], [1.0, -1.0]]), np.array(["a", "a", "b"]), 0.5).tolist()
    [[2.0, -2.0], [1.0, -1.0], [1.0, -1.0]]
    """
    leaning = logs - logs.mean(axis=1, keepdims=True)
    codes = pd.factorize(comments, sort=True)[0]
    count = codes.max(initial=-1) + 1
    sums = np.column_stack([np.bincount(codes, column, count) for column in leaning.T])
    sizes = np.bincount(codes, minlength=count)
    for start in range(0, len(logs), _BLOCK):
        part = slice(start, start + _BLOCK)
        others = sizes[codes[part]] - 1
        beside = (sums[codes[part]] - leaning[part]) / np.maximum(others, 1)[:, None]
        leaning[part] += weight * beside * (others > 0)[:, None]
    return np.asarray(leaning)


@dataclass(frozen=True)
class Likeness:
    """The most similar statements of other comments: rows, and root weights; both of shape ``(n, neighbours)``.

    A statement weighs by the square of its root weight. Both are held as they come out of the search, which takes a
    third of the room.
    """

    rows: np.ndarray
    roots: np.ndarray


def most_alike(vectors: np.ndarray, comments: np.ndarray, ids: np.ndarray, count: int = NEIGHBOURS,
               search: Search = search_all) -> Likeness:
    """Return the statements most similar to each; those of the same comment weigh nothing, others by squared cosine.

    Parameters
    ----------
    vectors
        Of n statements, shape ``(n, d)``.
    comments, ids
        ``feedback_id`` and ``statement_id``; the latter decides ties, so that row order does not.
    count
        Neighbours a statement.
    search
        What finds them.

    Examples
    --------
    >>> vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    >>> most_alike(vectors, np.array(["a", "b", "b"]), np.array(["a/0", "b/0", "b/1"]), 1).roots.tolist()
    [[1.0], [1.0], [0.0]]
    """
    order = np.argsort(ids.astype(str), kind="stable")
    found, cosine = search(vectors, count, order)
    codes = pd.factorize(comments, sort=True)[0].astype(np.int32)
    order = order.astype(np.int32)
    rows, roots = np.empty_like(found), np.empty_like(cosine)
    for start in range(0, len(order), _BLOCK):
        part = slice(start, start + _BLOCK)
        own, others = order[part], order[found[part]]
        rows[own] = others
        roots[own] = np.maximum(cosine[part], 0.0) * (codes[others] != codes[own][:, None])
    return Likeness(rows, roots)


def lean_on_likeness(logs: np.ndarray, likeness: Likeness, weight: float = _LIKENESS_WEIGHT) -> np.ndarray:
    """Return scores to which those of the most similar statements of other comments are added, by `weight`.

    One step of label propagation on the nearest-neighbour graph: a statement without a telling word leans on what
    is said in nearly the same way elsewhere, in whatever language.

    Source: Zhou et al. (2004), Learning with Local and Global Consistency.

    Parameters
    ----------
    logs
        Of the n statements.
    likeness
        From `most_alike`.
    weight
        Of the neighbours' weighted mean.

    Examples
    --------
    >>> logs = np.array([[2.0, -2.0], [0.0, 0.0], [0.0, 0.0]])
    >>> likeness = Likeness(np.array([[1], [0], [0]]), np.array([[1.0], [1.0], [0.0]]))
    >>> lean_on_likeness(logs, likeness, 0.5).tolist()
    [[2.0, -2.0], [1.0, -1.0], [0.0, 0.0]]
    """
    wide = np.asarray(logs, dtype=np.float64)
    centred = wide - wide.mean(axis=1, keepdims=True)
    leaning = centred.copy()
    for start in range(0, len(logs), _BLOCK):
        part = slice(start, start + _BLOCK)
        near = likeness.roots[part].astype(np.float64) ** 2
        mean = np.einsum("ij,ijk->ik", near, centred[likeness.rows[part]])
        leaning[part] += weight * mean / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)
    return leaning


def how_common(logs: np.ndarray, pretended: float = _PRETENDED, towards: np.ndarray | None = None) -> np.ndarray:
    """Return how common each class is in these statements, estimated without any code: shape ``(classes,)``.

    The examples are as many for each stage; a study's statements are not. Expectation-maximisation finds the shares
    under which the scores agree with themselves. They are drawn towards equal shares, or those of `towards`, as if
    `pretended` more statements were spread so, and few statements change little.

    Source: Saerens, Latinne and Decaestecker (2002), Adjusting the Outputs of a Classifier to New a Priori
    Probabilities.

    Examples
    --------
    >>> logs = np.log(np.array([[0.9, 0.1]] * 400 + [[0.1, 0.9]] * 100))
    >>> how_common(logs).round(2).tolist()
    [0.81, 0.19]
    """
    classes = logs.shape[1]
    expected = np.full(classes, 1.0 / classes) if towards is None else towards
    shares = expected
    parts = [softmax(logs[start : start + _BLOCK]) for start in range(0, len(logs), _BLOCK)]
    for _ in range(_STEPS):
        shares = (sum((_told(part, shares) for part in parts), np.zeros(classes)) + pretended * expected) / (
            len(logs) + pretended)
    return np.round(shares, 6)


def _told(scores: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return how many statements speak of each class, if classes are as common as these shares."""
    return np.asarray(shares * ((1.0 / (scores @ shares)) @ scores))


def how_common_in(logs: np.ndarray, languages: np.ndarray, shares: np.ndarray, shared: float = _SHARED) -> np.ndarray:
    """Return how common each class is in each row's language, drawn towards the shares of all; shape as `logs`.

    Languages come from other markets and other sources, and do not say the same: what is asked in one is rarely
    asked in another. A language with few statements keeps to the shares of all (partial pooling).

    Source: as for `how_common`, with the shares of all as the expectation of a Dirichlet prior for each language.

    Parameters
    ----------
    logs
        Of n statements.
    languages
        Of the statements.
    shares
        Of all statements, from `how_common`.
    shared
        How many statements the shares of all weigh in each language.

    Examples
    --------
    >>> logs = np.log(np.array([[0.9, 0.1]] * 400 + [[0.1, 0.9]] * 100))
    >>> shares = how_common_in(logs, np.array(["en"] * 400 + ["fa"] * 100), how_common(logs))
    >>> shares[[0, -1]].round(2).tolist()
    [[0.96, 0.04], [0.45, 0.55]]
    """
    codes, known = pd.factorize(languages, sort=True)
    own = [how_common(logs[codes == code], shared, shares) for code in range(len(known))]
    return np.array(own).reshape(-1, logs.shape[1])[codes]


def lean_on_language(logs: np.ndarray, languages: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return scores to which is added how common each class is in the row's language, as `how_common_in` takes them.

    Examples
    --------
    >>> lean_on_language(np.zeros((1, 2)), np.array(["fa"]), np.array([0.5, 0.5])).round(2).tolist()
    [[-0.69, -0.69]]
    """
    common = how_common_in(logs, languages, shares)
    np.log(common, out=common)
    common += logs
    return common

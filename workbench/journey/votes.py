"""What the examples vote that a text is like: kernel ridge regression on vectors, beside the straight one.

A straight line through the examples knows a stage by what its examples share. Examples of one stage that have little
in common ("my whole choir is with you now", "I hereby cancel") are better told by which of them a text is like.
As with the straight regression, an example's vote without that example comes in closed form. It asks for the diagonal
of an inverse, which costs twice what the fit does; of the examples that stand last in the fit, it comes from their own
corner of the Cholesky factor, which costs next to nothing. So only some are asked for.

Cosines are sums of whole numbers (`workbench.themes.whole_numbers`): in single precision, and yet the same in whatever
order they are added. So are votes, in double precision: what an example is worth and how near it is are both rounded to
a four-millionth, and the sums of their products are exact up to 512. A text is told the same whatever stands beside it.

Source: Saunders, Gammerman and Vovk (1998), Ridge Regression Learning Algorithm in Dual Variables; Rifkin and Lippert
(2007), Notes on Regularized Least Squares, for the leave-one-out formula; Golub and Van Loan (2013), Matrix
Computations, section 4.2, for the factor of a matrix's last rows.
"""

from __future__ import annotations

import numpy as np

from workbench.themes.whole_numbers import ONE

_REACH = 1.0  # of the Gaussian kernel: exp(-reach * squared distance)
_RIDGE = 0.3
_FINE = 2.0**22
_BLOCK = 512  # texts by twice as many examples: what is between stays in the processor's own memory


def votes(steps: np.ndarray, examples: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return what the examples vote of each text, more the more they are like it.

    Parameters
    ----------
    steps
        Vectors of n texts, as `in_steps` returns them, shape ``(n, d)``.
    examples
        Vectors of m examples, as `in_steps` returns them, shape ``(m, d)``.
    weights
        What the examples' votes are worth, from `fit_votes`, shape ``(m, classes)``.

    Returns
    -------
    numpy.ndarray
        float64, shape ``(n, classes)``.

    Examples
    --------
    >>> from workbench.themes.whole_numbers import in_steps
    >>> votes(in_steps(np.eye(2)), in_steps(np.eye(2)[:1]), np.array([[1.0, -1.0]])).round(2).tolist()
    [[1.0, -1.0], [0.14, -0.14]]
    """
    told = np.zeros((len(steps), weights.shape[1]))
    for first in range(0, len(examples), 2 * _BLOCK):
        some = slice(first, first + 2 * _BLOCK)
        turned, worth = examples[some].astype(np.float32).T, weights[some]
        for start in range(0, len(steps), _BLOCK):
            part = slice(start, start + _BLOCK)
            told[part] += _nearness(steps[part], turned).astype(np.float64) @ worth
    return told


def fit_votes(examples: np.ndarray, wanted: np.ndarray, weight: np.ndarray,
              asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what the examples' votes are worth, and what is voted of some examples without each of them.

    Parameters
    ----------
    examples
        Vectors of m examples, as `in_steps` returns them, shape ``(m, d)``.
    wanted
        What each is to be given, shape ``(m, classes)``.
    weight
        How much each example counts, shape ``(m,)``.
    asked
        Places of the examples that are held out, ascending.

    Returns
    -------
    tuple of numpy.ndarray
        Of shape ``(m, classes)`` and ``(len(asked), classes)``.

    Examples
    --------
    >>> from workbench.themes.whole_numbers import in_steps
    >>> weights, held_out = fit_votes(in_steps(np.eye(2)), np.array([[1.0], [-1.0]]), np.ones(2), np.array([1]))
    >>> weights.round(2).tolist(), held_out.round(2).tolist()
    ([[0.86], [-0.86]], [[0.1]])
    """
    from scipy.linalg.lapack import dpotrf, dpotrs, dtrtri

    order = np.append(np.delete(np.arange(len(examples)), asked), asked)
    points = examples[order]
    near, turned = np.empty((len(order), len(order))), points.T.astype(np.float32)
    for start in range(0, len(order), _BLOCK):
        near[start : start + _BLOCK] = _nearness(points[start : start + _BLOCK], turned)
    near[np.diag_indices_from(near)] += _RIDGE / weight[order]
    half, _ = dpotrf(near.T, lower=1, clean=0, overwrite_a=1)
    weights = np.empty_like(wanted)
    weights[order], _ = dpotrs(half, wanted[order], lower=1)
    first = len(order) - len(asked)
    corner, _ = dtrtri(half[first:, first:], lower=1)
    spread = np.einsum("ij,ij->j", np.tril(corner), np.tril(corner))
    return np.rint(weights * _FINE) / _FINE, wanted[asked] - weights[asked] / spread[:, None]


def _nearness(steps: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Return how near vectors are to others, 0 to 1, rounded, single precision; the others turned, a column each."""
    near = steps.astype(np.float32) @ turned
    near *= np.float32(2 * _REACH / ONE)
    near -= np.float32(2 * _REACH)
    np.exp(near, out=near)
    near *= np.float32(_FINE)
    np.rint(near, out=near)
    near /= np.float32(_FINE)
    return near

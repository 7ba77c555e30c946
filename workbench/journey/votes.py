"""What the examples vote that a text is like: kernel ridge regression on vectors, beside the straight one.

A straight line through the examples knows a stage by what its examples share. Examples of one stage that have little
in common ("my whole choir is with you now", "I hereby cancel") are better told by which of them a text is like.
As with the straight regression, every example's vote without that example comes in closed form.

Source: Saunders, Gammerman and Vovk (1998), Ridge Regression Learning Algorithm in Dual Variables; Rifkin and Lippert
(2007), Notes on Regularized Least Squares, for the leave-one-out formula.
"""

from __future__ import annotations

import numpy as np

_REACH = 1.0  # of the Gaussian kernel: exp(-reach * squared distance)
_RIDGE = 0.3
_BLOCK = 1_024


def votes(vectors: np.ndarray, examples: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return what the examples vote of each text, more the more they are like it.

    Parameters
    ----------
    vectors
        Of n texts, unit length or zero, shape ``(n, d)``.
    examples
        Vectors of m examples, unit length, shape ``(m, d)``.
    weights
        Of the examples' votes, from `fit_votes`, shape ``(m, classes)``.

    Returns
    -------
    numpy.ndarray
        float64, shape ``(n, classes)``.

    Examples
    --------
    >>> votes(np.eye(2), np.eye(2)[:1], np.array([[1.0, -1.0]])).round(2).tolist()
    [[1.0, -1.0], [0.14, -0.14]]
    """
    told = np.empty((len(vectors), weights.shape[1]))
    turned = np.ascontiguousarray(examples.T, dtype=np.float64)  # in single precision, scores would hang on row order
    for start in range(0, len(vectors), _BLOCK):
        part = slice(start, start + _BLOCK)
        told[part] = _nearness(np.asarray(vectors[part], dtype=np.float64) @ turned) @ weights
    return told


def fit_votes(examples: np.ndarray, wanted: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of the examples' votes, and what is voted of each example without it.

    Parameters
    ----------
    examples
        Vectors of m examples, unit length, shape ``(m, d)``.
    wanted
        What each is to be given, shape ``(m, classes)``.
    weight
        How much each example counts, shape ``(m,)``.

    Returns
    -------
    tuple of numpy.ndarray
        Both of shape ``(m, classes)``.

    Examples
    --------
    >>> weights, held_out = fit_votes(np.eye(2), np.array([[1.0], [-1.0]]), np.ones(2))
    >>> weights.round(2).tolist(), held_out.round(2).tolist()
    ([[0.86], [-0.86]], [[-0.1], [0.1]])
    """
    from scipy.linalg.blas import dsymm
    from scipy.linalg.lapack import dpotrf, dpotri

    points = np.asarray(examples, dtype=np.float64)
    near = _nearness(points @ points.T)
    near[np.diag_indices_from(near)] += _RIDGE / weight
    half, _ = dpotrf(near.T, lower=0, overwrite_a=1)
    inverse, _ = dpotri(half, lower=0, overwrite_c=1)
    weights = dsymm(1.0, inverse, wanted, lower=0)
    return weights, wanted - weights / inverse.diagonal()[:, None]


def _nearness(cosines: np.ndarray) -> np.ndarray:
    """Turn cosines of vectors of unit length into how near they are, 0 to 1, in their place."""
    cosines -= 1
    cosines *= 2 * _REACH
    return np.exp(cosines, out=cosines)

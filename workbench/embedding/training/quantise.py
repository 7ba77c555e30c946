"""One byte for four numbers by a codebook of 256 centroids (product quantisation): model files of version 1.

Source: Jégou, Douze and Schmid, "Product quantization for nearest neighbor search", 2011; here one codebook serves all
sub-vectors, since a random rotation has made them alike.
"""

from __future__ import annotations

import numpy as np

from workbench.embedding.model_file import WIDTH

_BLOCK = 65_536


def rotation(dimensions: int, seed: int) -> np.ndarray:
    """Return a random rotation; it spreads every direction evenly over the sub-vectors.

    Examples
    --------
    >>> turn = rotation(4, 0)
    >>> bool(np.allclose(turn @ turn.T, np.eye(4), atol=1e-6))
    True
    """
    values = np.random.default_rng(seed).standard_normal((dimensions, dimensions))
    return np.linalg.qr(values)[0].astype(np.float32)


def encode_table(table: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the codes of a table: uint8, one row a token."""
    return _nearest(_directions(table).reshape(-1, WIDTH), centres).reshape(len(table), -1)


def _directions(table: np.ndarray) -> np.ndarray:
    return table / (np.linalg.norm(table, axis=1, keepdims=True) + 1e-9)


def _nearest(parts: np.ndarray, centres: np.ndarray) -> np.ndarray:
    half = 0.5 * np.square(centres).sum(1)
    out = np.empty(len(parts), np.uint8)
    for start in range(0, len(parts), _BLOCK):
        out[start:start + _BLOCK] = (parts[start:start + _BLOCK] @ centres.T - half).argmax(1)
    return out

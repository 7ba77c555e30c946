"""From a table of numbers to one byte for four of them: a codebook of 256 centroids (product quantisation).

Source: Jégou, Douze and Schmid, "Product quantization for nearest neighbor search", 2011; here one codebook serves all
sub-vectors, since a random rotation has made them alike.
"""

from __future__ import annotations

import numpy as np

from workbench.embedding.model_file import CENTROIDS, WIDTH, ModelFile

_SAMPLE = 400_000
_ROUNDS = 25
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


def learn_codebook(table: np.ndarray, seed: int) -> np.ndarray:
    """Return centroids (256 x 4, as precise as float16) of the sub-vectors of a table's directions, by k-means."""
    draw = np.random.default_rng(seed)
    parts = _directions(table).reshape(-1, WIDTH)
    parts = parts[draw.choice(len(parts), min(_SAMPLE, len(parts)), replace=False)]
    centres = parts[draw.choice(len(parts), CENTROIDS, replace=len(parts) < CENTROIDS)].copy()
    for _ in range(_ROUNDS):
        nearest = _nearest(parts, centres)
        counts = np.bincount(nearest, minlength=CENTROIDS)[:, None]
        sums = np.stack([np.bincount(nearest, parts[:, axis], CENTROIDS) for axis in range(WIDTH)], 1)
        fresh = parts[draw.choice(len(parts), CENTROIDS)]
        centres = np.where(counts > 0, sums / np.maximum(counts, 1), fresh).astype(np.float32)
    return centres.astype(np.float16).astype(np.float32)


def encode_table(table: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the codes of a table: uint8, one row a token."""
    return _nearest(_directions(table).reshape(-1, WIDTH), centres).reshape(len(table), -1)


def round_table(table: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return a table as a model file gives it back.

    Examples
    --------
    >>> table = np.random.default_rng(0).normal(size=(500, 8)).astype(np.float32)
    >>> back = round_table(table, learn_codebook(table, 0))
    >>> bool(((table * back).sum(1) > 0.9 * np.square(table).sum(1)).mean() > 0.9)
    True
    """
    decoded = centres[encode_table(table, centres)].reshape(table.shape)
    return _directions(decoded) * np.linalg.norm(table, axis=1, keepdims=True)


def pack_model(pieces: list[str], scores: np.ndarray, table: np.ndarray, centres: np.ndarray) -> ModelFile:
    """Return a model as its file holds it."""
    norms = np.linalg.norm(table, axis=1).astype(np.float16)
    return ModelFile(pieces, scores.astype(np.float16), encode_table(table, centres), centres.astype(np.float16), norms)


def _directions(table: np.ndarray) -> np.ndarray:
    return table / (np.linalg.norm(table, axis=1, keepdims=True) + 1e-9)


def _nearest(parts: np.ndarray, centres: np.ndarray) -> np.ndarray:
    half = 0.5 * np.square(centres).sum(1)
    out = np.empty(len(parts), np.uint8)
    for start in range(0, len(parts), _BLOCK):
        out[start:start + _BLOCK] = (parts[start:start + _BLOCK] @ centres.T - half).argmax(1)
    return out

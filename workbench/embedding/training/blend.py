"""A share of another model in a table that was trained apart: what both agree on stays, the noise of each falls."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from workbench.embedding.static import StaticEncoder
from workbench.embedding.tokeniser import build_tokenizer

_SAMPLE = 20_000


def blend_table(table: np.ndarray, pieces: list[str], scores: np.ndarray, other: Path, share: float,
                texts: list[str], seed: int) -> np.ndarray:
    """Return a table of which a share is another model's, for the entries that both know.

    The other model is turned into the space of the table by the rotation that brings its vectors of some English texts
    nearest to those of the table (orthogonal Procrustes: Schönemann, "A generalized solution of the orthogonal
    Procrustes problem", 1966).

    Parameters
    ----------
    table, pieces, scores
        Token vectors and their vocabulary.
    other
        A model file of as many dimensions.
    share
        Of the other model, 0 to 1.
    texts
        English texts to turn it by; at most 20,000 are drawn.
    seed
        Of the draw.

    Raises
    ------
    EncoderError
        If the other model cannot be read.
    """
    encoder = StaticEncoder(other)
    known = encoder.vocabulary()
    rows = np.array([known.get(piece, -1) for piece in pieces])
    shared = rows >= 0
    theirs = encoder.table()[rows[shared]] @ _turn(encoder, table, pieces, scores, texts, seed)
    usual = np.linalg.norm(table, axis=1).mean() / np.linalg.norm(encoder.table(), axis=1).mean()
    out = table.copy()
    out[shared] = (1 - share) * table[shared] + share * usual * theirs
    return out


def rotation_between(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the rotation that brings the rows of one table nearest to those of another.

    Examples
    --------
    >>> points = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    >>> quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    >>> bool(np.allclose(rotation_between(points, points @ quarter), quarter))
    True
    """
    left, _, right = np.linalg.svd(source.T @ target)
    turn: np.ndarray = left @ right
    return turn


def _turn(encoder: StaticEncoder, table: np.ndarray, pieces: list[str], scores: np.ndarray, texts: list[str], seed: int
          ) -> np.ndarray:
    order = np.random.default_rng(seed).permutation(len(texts))[:_SAMPLE]
    some = [texts[number] for number in order]
    tokenizer = build_tokenizer(pieces, scores)
    mine = np.stack([table[encoding.ids].sum(0) if encoding.ids else np.zeros(table.shape[1], np.float32)
                     for encoding in tokenizer.encode_batch_fast(some, add_special_tokens=False)])
    mine /= np.linalg.norm(mine, axis=1, keepdims=True) + 1e-9
    return rotation_between(encoder.encode(some), mine).astype(np.float32)

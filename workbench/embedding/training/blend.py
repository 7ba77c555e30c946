"""A share of another model in a table that was trained apart: what both agree on stays, the noise of each falls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workbench.embedding.static import StaticEncoder
from workbench.embedding.tokeniser import WORD_START, build_tokenizer

_SAMPLE = 20_000
# What a model says of a word that it can only read in pieces is worth less than what it says of one it knows.
_IN_PIECES = 3 / 7


def blend_table(table: np.ndarray, pieces: list[str], scores: np.ndarray, others: Sequence[tuple[Path, float]],
                own_weight: float, texts: list[str], apart: np.ndarray, seed: int) -> np.ndarray:
    """Return the weighted mean of a table and of other models, entry by entry: errors that they do not share fall.

    The other models are turned into the space of the table by the rotation that brings their vectors of some English
    texts nearest to those of the table (orthogonal Procrustes: Schönemann, "A generalized solution of the orthogonal
    Procrustes problem", 1966). An entry that another model does not have is read in its pieces, for 3/7 of its weight.

    Parameters
    ----------
    table, pieces, scores
        Token vectors and their vocabulary.
    others
        Model files of as many dimensions, and the weight of each.
    own_weight
        Of the table itself.
    texts
        English texts to turn them by; at most 20,000 are drawn.
    apart
        Entries that other models are not asked about, one truth value each.
    seed
        Of the draw.

    Raises
    ------
    EncoderError
        If another model cannot be read.
    """
    total = np.full((len(table), 1), own_weight, np.float32)
    out = table * total
    for path, share in others:
        encoder = StaticEncoder(path)
        theirs, is_whole = _their_table(encoder, pieces)
        theirs = theirs @ _turn(encoder, table, pieces, scores, texts, seed)
        if is_whole.any():
            usual = np.linalg.norm(table[is_whole], axis=1).mean() / np.linalg.norm(theirs[is_whole], axis=1).mean()
            theirs *= usual
        says = theirs.any(axis=1) & ~apart
        weight = np.where(says, share * np.where(is_whole, 1, _IN_PIECES), 0).astype(np.float32)[:, None]
        out += weight * theirs
        total += weight
    return np.divide(out, total, out=table.copy(), where=total > 0)


def _their_table(encoder: StaticEncoder, pieces: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return what another model says of each entry, and which entries it has itself."""
    known = encoder.vocabulary()
    rows = np.array([known.get(piece, -1) for piece in pieces])
    table = encoder.table()  # unpacked anew at each call
    theirs = table[rows]
    lacking = np.flatnonzero(rows < 0)
    for number, ids in zip(lacking, encoder.tokenise([pieces[row].replace(WORD_START, "") for row in lacking]),
                           strict=True):
        theirs[number] = table[ids].sum(axis=0)
    return theirs, rows >= 0


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

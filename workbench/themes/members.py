"""Statements as keys: enough to know one again at a later run, and nothing that can be read."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

KEPT_KEYS: Final = 20_000
_TEXT_BITS: Final = 24


def member_keys(statements: pd.DataFrame) -> np.ndarray:
    """Return a key a statement: 40 bits of a hash of its comment's id, then 24 bits of a hash of its text.

    A statement is known again only if id and text are the same, so that ids that a source gives by row number do
    not join what does not belong together. The first part alone tells whose comment it is, so that a comment can be
    forgotten. 24 bits are too few to tell a text by.

    Parameters
    ----------
    statements
        With ``feedback_id`` and ``text``.

    Returns
    -------
    numpy.ndarray
        uint64, one a row.

    Examples
    --------
    >>> statements = pd.DataFrame({"feedback_id": ["a", "a", "b"], "text": ["late", "دیر", "late"]})
    >>> keys = member_keys(statements)
    >>> [bool(keys[0] >> 24 == keys[1] >> 24), bool(keys[0] >> 24 == keys[2] >> 24)]
    [True, False]
    """
    comments = np.fromiter((_hash(one, 5) for one in statements["feedback_id"]), np.uint64, len(statements))
    texts = np.fromiter((_hash(one, _TEXT_BITS // 8) for one in statements["text"]), np.uint64, len(statements))
    return (comments << np.uint64(_TEXT_BITS)) | texts


def keys_of_comments(keys: np.ndarray, comments: Iterable[str]) -> np.ndarray:
    """Return which keys belong to one of the comments.

    Examples
    --------
    >>> keys = member_keys(pd.DataFrame({"feedback_id": ["a", "b"], "text": ["late", "دیر"]}))
    >>> keys_of_comments(keys, ["b"]).tolist()
    [False, True]
    """
    sought = np.array(sorted({_hash(one, 5) for one in comments}), dtype=np.uint64)
    return np.isin(keys >> np.uint64(_TEXT_BITS), sought)


def sample_keys(keys: np.ndarray, most: int = KEPT_KEYS) -> np.ndarray:
    """Return which keys are kept where there are more than `most`: the lowest ones, so that two runs keep the same.

    Examples
    --------
    >>> sample_keys(np.array([30, 10, 20], dtype=np.uint64), most=2).tolist()
    [False, True, True]
    """
    if len(keys) <= most:
        return np.ones(len(keys), dtype=bool)
    return keys <= np.partition(keys, most - 1)[most - 1]


def write_keys(keys: np.ndarray) -> str:
    """Return keys as text for a JSON file, in ascending order.

    Examples
    --------
    >>> read_keys(write_keys(np.array([7, 5], dtype=np.uint64))).tolist()
    [5, 7]
    """
    return base64.b64encode(np.sort(keys).astype("<u8").tobytes()).decode("ascii")


def read_keys(text: str) -> np.ndarray:
    """Return what `write_keys` wrote."""
    return np.frombuffer(base64.b64decode(text, validate=True), dtype="<u8").astype(np.uint64)


def write_centre(centre: np.ndarray) -> str:
    """Return a theme's centre as text: one byte a dimension, which keeps cosines to about a hundredth.

    Examples
    --------
    >>> read_centre(write_centre(np.array([0.6, -0.8]))).astype(float).round(2).tolist()
    [0.6, -0.8]
    """
    largest = float(np.abs(centre).max(initial=0.0))
    whole = np.round(centre / largest * 127) if largest else np.zeros_like(centre)
    return base64.b64encode(whole.astype(np.int8).tobytes()).decode("ascii")


def read_centre(text: str) -> np.ndarray:
    """Return what `write_centre` wrote, at length one."""
    centre = np.frombuffer(base64.b64decode(text, validate=True), dtype=np.int8).astype(np.float32)
    length = float(np.linalg.norm(centre))
    return centre / length if length else centre


def _hash(text: object, size: int) -> int:
    raw = str(text).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=size).digest(), "big")

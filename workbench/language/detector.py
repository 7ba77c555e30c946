"""The language detector (py3langid), read for many texts at once.

py3langid walks a text byte by byte through an automaton, which costs more in Python than all else that is done to a
text here. Many texts take a step together instead. Its answers are the same, added up in double precision and always
in the same order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

_BATCH = 20_000
_FEW = 16


class _Model(NamedTuple):
    """Moves of the automaton by row and byte, the row of each state, its feature or -1, and what features weigh."""

    moves: np.ndarray
    rows: np.ndarray
    features: np.ndarray
    weights: np.ndarray
    priors: np.ndarray
    languages: list[str]


@cache
def _model() -> _Model:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    read = LanguageIdentifier.from_model_file(MODEL_FILE)
    return _Model(np.asarray(read.tk_nextmove).reshape(-1, 256), np.asarray(read.tk_row, dtype=np.int64),
                  np.asarray(read.tk_output, dtype=np.int32), read.nb_ptc, read.nb_pc, read.nb_classes)


@cache
def _weights(languages: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the weights and priors of some languages, and which of them each column speaks for."""
    model = _model()
    columns = [place for place, language in enumerate(model.languages) if language in languages]
    speaks_for = np.array([languages.index(model.languages[place]) for place in columns])
    return model.weights[:, columns].astype(np.float64), model.priors[columns].astype(np.float64), speaks_for


def detect(texts: Sequence[str], languages: tuple[str, ...]) -> np.ndarray:
    """Return how likely each text is in each of some languages; a text without any sign is as likely in each.

    Source: Lui and Baldwin (2012), langid.py, as py3langid continues it: byte n-grams, naive Bayes, softened by the
    square root of the length.

    Parameters
    ----------
    texts
        Any texts; none has a part in the answer of another.
    languages
        ISO 639-1, of those that py3langid knows.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(texts), len(languages))``, in the order of the languages; rows add up to 1.

    Examples
    --------
    >>> chances = detect(["the delivery was late", "die Lieferung kam zu spät"], ("en", "de"))
    >>> chances.argmax(axis=1).tolist(), chances.sum(axis=1).round(6).tolist()
    ([0, 1], [1.0, 1.0])
    """
    parts = [_detect(texts[start : start + _BATCH], languages) for start in range(0, len(texts), _BATCH)]
    return np.concatenate([np.zeros((0, len(languages))), *parts])


def _detect(texts: Sequence[str], languages: tuple[str, ...]) -> np.ndarray:
    weights, priors, speaks_for = _weights(languages)
    encoded = [_encode(text) for text in texts]
    counts = _count_features(encoded)
    scores = np.asarray(counts @ weights) + priors
    scores[np.diff(counts.indptr) == 0] = 0.0
    scores /= np.sqrt(np.maximum(np.array([[len(one)] for one in encoded]), 1))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = np.zeros((len(texts), len(languages)))
    for column, language in enumerate(speaks_for):
        chances[:, language] += powers[:, column]
    return chances / chances.sum(axis=1, keepdims=True)


def _encode(text: str) -> bytes:
    if text.isupper():
        text = text.lower()
    return unicodedata.normalize("NFC", text).encode("utf-8", errors="surrogatepass")


def _count_features(encoded: list[bytes]) -> sp.csr_matrix:
    """Return log(1 + count) of each text's features, shape ``(texts, features)``."""
    lengths = np.array([len(one) for one in encoded], dtype=np.int64)
    met = _walk(np.frombuffer(b"".join(encoded), dtype=np.uint8), lengths)
    said = met >= 0
    ends = np.concatenate([[0], np.cumsum(lengths)])
    indptr = np.concatenate([[0], np.cumsum(said)])[ends]
    counts = sp.csr_matrix((np.ones(int(indptr[-1])), met[said], indptr), (len(encoded), len(_model().weights)))
    counts.sum_duplicates()
    np.log1p(counts.data, out=counts.data)
    return counts


def _walk(text: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the feature met at each byte, -1 where there is none; the longest texts go on alone at last."""
    model = _model()
    met = np.full(len(text), -1, dtype=np.int32)
    order = np.argsort(-lengths, kind="stable")
    starts = (np.cumsum(lengths) - lengths)[order]
    going = np.searchsorted(-lengths[order], -np.arange(int(lengths.max(initial=0))))
    state = np.zeros(len(lengths), dtype=np.int64)
    step = 0
    while step < len(going) and going[step] > _FEW:
        at = starts[: going[step]] + step
        state = model.moves[model.rows[state[: going[step]]], text[at]]
        met[at] = model.features[state]
        step += 1
    left = going[step] if step < len(going) else 0
    for start, length, now in zip(starts[:left], lengths[order][:left], state[:left].tolist(), strict=True):
        for at in range(start + step, start + length):
            now = model.moves[model.rows[now], text[at]]
            met[at] = model.features[now]
    return met

"""What is done to vectors before themes are looked for: language taken out, context put in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.language import tokenise

_LANGUAGE_PULL = 20.0
_CONTEXT_WORDS = 8.0


def without_language(vectors: np.ndarray, languages: pd.Series) -> np.ndarray:
    """Return vectors from which what all statements of one language share has been taken out.

    People of one language write alike, whatever they write about. The mean of all statements is taken out of
    each, and then each language's own mean; a language of few statements is moved less (by ``n / (n + 20)``),
    since its mean is hardly known.

    Examples
    --------
    >>> out = without_language(np.eye(2, dtype=np.float32), pd.Series(["en", "fa"]))
    >>> out.shape
    (2, 2)
    """
    return take_out(vectors, languages, language_offsets(vectors, languages))


@dataclass(frozen=True)
class LanguageOffsets:
    """What is taken out of vectors: the mean of all (first row of ``means``), then that of each language."""

    languages: tuple[str, ...]
    means: np.ndarray


def no_offsets(dimensions: int) -> LanguageOffsets:
    """Return offsets that take nothing out."""
    return LanguageOffsets((), np.zeros((1, dimensions), dtype=np.float32))


def language_offsets(vectors: np.ndarray, languages: pd.Series) -> LanguageOffsets:
    """Return what `without_language` takes out of these vectors, so that later ones can be treated alike.

    Examples
    --------
    >>> language_offsets(np.eye(2, dtype=np.float32), pd.Series(["en", "fa"])).languages
    ('en', 'fa')
    """
    present = np.linalg.norm(vectors, axis=1) > 0
    means = [np.zeros(vectors.shape[1], dtype=np.float32)]
    if present.any():
        means[0] = vectors[present].mean(axis=0, dtype=np.float32)
    found = []
    for language in sorted(set(languages)):
        rows = (languages == language).to_numpy() & present
        if rows.any():
            found.append(language)
            means.append((vectors[rows] - means[0]).mean(axis=0) * (rows.sum() / (rows.sum() + _LANGUAGE_PULL)))
    return LanguageOffsets(tuple(found), np.stack(means).astype(np.float32))


def take_out(vectors: np.ndarray, languages: pd.Series, offsets: LanguageOffsets) -> np.ndarray:
    """Return vectors without what the offsets hold, at unit length; of a language unknown to them, the mean of all.

    Examples
    --------
    >>> take_out(np.eye(2), pd.Series(["en", "ja"]), no_offsets(2)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    present = np.linalg.norm(vectors, axis=1) > 0
    row = pd.Index(offsets.languages).get_indexer(pd.Index(languages)) + 1
    own = np.where((row > 0)[:, None], offsets.means[row], 0)
    moved = np.asarray(vectors, dtype=np.float32) - offsets.means[0] - own
    return unit_length(moved.astype(np.float32)) * present[:, None]


def in_context(vectors: np.ndarray, statements: pd.DataFrame) -> np.ndarray:
    """Return vectors that lean towards the rest of their comment, the more so the shorter the statement is.

    "And then they said it again" means little without what was said before. The mean direction of the comment's
    statements is added with a weight of ``8 / (words + 8)``.

    Parameters
    ----------
    vectors
        Unit length or zero, one a statement.
    statements
        With ``feedback_id``, ``text`` and ``language``.

    Examples
    --------
    >>> statements = pd.DataFrame({"feedback_id": ["a", "a", "b"], "text": ["bill wrong", "again", "slow"],
    ...     "language": "en"})
    >>> in_context(np.eye(3), statements).round(2).tolist()
    [[0.94, 0.34, 0.0], [0.36, 0.93, 0.0], [0.0, 0.0, 1.0]]
    """
    comment = pd.factorize(statements["feedback_id"], sort=True)[0]
    sums = np.zeros((int(comment.max(initial=-1)) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, comment, vectors)
    words = [len(tokenise(text, language)) for text, language in
             zip(statements["text"], statements["language"], strict=True)]
    weight = _CONTEXT_WORDS / (np.asarray(words, dtype=np.float32)[:, None] + _CONTEXT_WORDS)
    present = np.linalg.norm(vectors, axis=1, keepdims=True) > 0
    return unit_length(vectors + weight * unit_length(sums)[comment]) * present


def unit_length(vectors: np.ndarray) -> np.ndarray:
    """Return the rows at length one; rows of no length stay zero.

    Examples
    --------
    >>> unit_length(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)

"""What is done to vectors before themes are looked for: language taken out, context put in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.arguments import check_series, check_tables
from workbench.language import tokenise

_LANGUAGE_PULL = 20.0
_CONTEXT_WORDS = 8.0
_BLOCK = 2048  # rows: beside what goes in and what comes out, memory does not grow with them


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
    check_series(languages=languages)
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
    present = _present(vectors)
    means: list[np.ndarray] = [np.zeros(vectors.shape[1], dtype=np.float32)]
    if present.any():
        means[0] = _mean(vectors, np.flatnonzero(present), means[0])
    found = []
    for language in sorted(set(languages)):
        rows = np.flatnonzero((languages == language).to_numpy() & present)
        if len(rows):
            found.append(language)
            means.append(_mean(vectors, rows, means[0]) * np.float64(len(rows) / (len(rows) + _LANGUAGE_PULL)))
    return LanguageOffsets(tuple(found), np.stack(means).astype(np.float32))


def _present(vectors: np.ndarray) -> np.ndarray:
    """Return which rows have a length."""
    parts = [np.asarray(vectors[rows]).any(axis=1) for rows in _blocks(len(vectors))]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)


def _mean(vectors: np.ndarray, rows: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Return the mean of some rows as seen from an origin, added up in their order, whatever the blocks."""
    total = np.zeros(vectors.shape[1], dtype=np.float32)
    for block in _blocks(len(rows)):
        part = np.asarray(vectors[rows[block]], dtype=np.float32) - origin
        part[0] += total
        total = part.sum(axis=0)
    return np.asarray(total / np.float32(len(rows)))


def _blocks(count: int) -> list[slice]:
    return [slice(start, start + _BLOCK) for start in range(0, count, _BLOCK)]


def take_out(vectors: np.ndarray, languages: pd.Series, offsets: LanguageOffsets) -> np.ndarray:
    """Return vectors without what the offsets hold, at unit length; of a language unknown to them, the mean of all.

    Examples
    --------
    >>> take_out(np.eye(2), pd.Series(["en", "ja"]), no_offsets(2)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    row = pd.Index(offsets.languages).get_indexer(pd.Index(languages)) + 1
    out = np.empty(np.shape(vectors), dtype=np.float32)
    for block in _blocks(len(out)):
        own = np.where((row[block] > 0)[:, None], offsets.means[row[block]], 0)
        part = np.asarray(vectors[block], dtype=np.float32)
        out[block] = unit_length(part - offsets.means[0] - own) * part.any(axis=1, keepdims=True)
    return out


def in_context(vectors: np.ndarray, statements: pd.DataFrame) -> np.ndarray:
    """Return vectors that lean towards the rest of their comment, the more so the shorter the statement is.

    "And then they said it again" means little without what was said before. The mean direction of the comment's
    statements is added with a weight of ``8 / (words + 8)``.

    Parameters
    ----------
    vectors
        Unit length or zero, one a statement.
    statements
        With ``feedback_id``, ``text`` and ``language``; where ``word_count`` is there, texts are not looked at.

    Examples
    --------
    >>> statements = pd.DataFrame({"feedback_id": ["a", "a", "b"], "text": ["bill wrong", "again", "slow"],
    ...     "language": "en"})
    >>> in_context(np.eye(3), statements).round(2).tolist()
    [[0.94, 0.34, 0.0], [0.36, 0.93, 0.0], [0.0, 0.0, 1.0]]
    """
    check_tables(statements=statements)
    comment = pd.factorize(statements["feedback_id"])[0]
    whose = sp.csr_matrix((np.ones(len(comment), dtype=np.float32), (comment, np.arange(len(comment)))),
                          (int(comment.max(initial=-1)) + 1, len(comment)))
    sums = unit_length(np.asarray(whose @ vectors, dtype=np.float32))
    weight = _CONTEXT_WORDS / (_words(statements)[:, None] + _CONTEXT_WORDS)
    out = np.empty(np.shape(vectors), dtype=np.result_type(vectors, np.float32))
    for block in _blocks(len(out)):
        leaning = vectors[block] + weight[block] * sums[comment[block]]
        out[block] = unit_length(leaning) * vectors[block].any(axis=1, keepdims=True)
    return out


def _words(statements: pd.DataFrame) -> np.ndarray:
    """Return how many words each statement has, as `count_words` told, or else counted here."""
    if "word_count" in statements:
        return statements["word_count"].to_numpy(dtype=np.float32)
    parts = zip(statements["text"], statements["language"], strict=True)
    return np.fromiter((len(tokenise(text, language)) for text, language in parts), np.float32, len(statements))


def unit_length(vectors: np.ndarray) -> np.ndarray:
    """Return the rows at length one; rows of no length stay zero.

    Examples
    --------
    >>> unit_length(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    unit = np.zeros_like(vectors)
    for block in _blocks(len(unit)):
        lengths = np.linalg.norm(vectors[block], axis=1, keepdims=True)
        np.divide(vectors[block], lengths, out=unit[block], where=lengths > 1e-9)
    return unit

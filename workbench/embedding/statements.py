"""Statements to vectors: what the encoder is given, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.arguments import check_columns, check_texts
from workbench.embedding.cache import embed
from workbench.embedding.encoders import EMBEDDED, Encoder
from workbench.language import count_terms, embedding_text


def embed_statements(
    statements: pd.DataFrame,
    encoder: Encoder | str = EMBEDDED,
    *,
    names: Sequence[str] = (),
    cache: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Return one vector a statement: of the whole statement and of its content words, in equal parts.

    Names of companies and products, links, handles and long numbers are left out before encoding: they would draw
    together what is about different things. Content words are encoded a second time without the rest, since
    talkative comments otherwise lie near each other for being talkative.

    Parameters
    ----------
    statements
        With ``text`` and ``language``, as `split_statements` returns them.
    encoder, cache, progress
        As for `embed`.
    names
        Names to leave out.

    Returns
    -------
    numpy.ndarray
        float32, shape ``(len(statements), dimensions)``, rows of unit length, or zero where nothing is left.

    Examples
    --------
    >>> statements = pd.DataFrame({"text": ["Acme lost my parcel", "شركة Acme ضيعت الطرد", "Acme"],
    ...     "language": ["en", "ar", "en"]})
    >>> vectors = embed_statements(statements, names=["Acme"])
    >>> vectors.shape, float(np.abs(vectors[2]).sum())
    ((3, 256), 0.0)
    """
    return embed_pairs(texts_to_embed(statements, names), encoder, cache=cache, progress=progress)


def embed_pairs(texts: Sequence[str], encoder: Encoder | str = EMBEDDED, *, cache: str | Path | None = None,
                progress: Callable[[int, int], None] | None = None) -> np.ndarray:
    """Return one vector a statement, of the texts that `texts_to_embed` returns.

    Parameters
    ----------
    texts
        2 n texts: n whole statements, then the content words of each.
    encoder, cache, progress
        As for `embed`.

    Returns
    -------
    numpy.ndarray
        float32, shape ``(n, dimensions)``, rows of unit length, or zero.

    Examples
    --------
    >>> embed_pairs(["was late", "پیک دیر آمد", "late", "پیک"]).shape
    (2, 256)
    """
    both = embed(texts, encoder, cache=cache, progress=progress)
    vectors = both[: len(texts) // 2] + both[len(texts) // 2 :]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)


def texts_to_embed(statements: pd.DataFrame, names: Sequence[str] = ()) -> list[str]:
    """Return what is encoded of statements: each whole, without names and addresses, then the content words of each.

    Examples
    --------
    >>> statements = pd.DataFrame({"text": ["Acme was late", "پیک دیر آمد"], "language": ["en", "fa"]})
    >>> texts_to_embed(statements, ["Acme"])
    ['was late', 'پیک دیر آمد', 'late', 'پیک']
    """
    check_columns("statements", statements, ["text", "language"])
    check_texts("names", names)
    whole = [embedding_text(text, names) for text in statements["text"]]
    content = [
        " ".join(surface for _, surface in count_terms(text, language))
        for text, language in zip(whole, statements["language"], strict=True)
    ]
    return [*whole, *content]

"""How the embedded encoder reads a text: letters folded, cut into words, words into pieces of a vocabulary."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

WORD_START = "▁"
UNKNOWN, PADDING = "<unk>", "<pad>"
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
# Folding that the model was trained with: changing it would change every vector.
_FOLDS = (
    ("[\u064b-\u0652\u0670\u0640\u200e\u200f\u00ad\ufe0f]", ""),
    ("\u200c", " "),
    ("\u064a", "\u06cc"),
    ("\u0649", "\u06cc"),
    ("\u0643", "\u06a9"),
    ("[\u0623\u0625\u0622\u0671]", "\u0627"),
    ("\u0629", "\u0647"),
    ("i\u0307", "i"),
    ("\u2019", "'"),
    (r"\d+", "0"),
)


def build_tokenizer(pieces: list[str], scores: np.ndarray) -> Any:
    """Return the tokenizer of a vocabulary: whole words where it has them, else the likeliest pieces.

    Parameters
    ----------
    pieces
        The first must be the unknown one; ``▁`` marks the start of a word.
    scores
        Their log-probabilities.

    Returns
    -------
    tokenizers.Tokenizer

    Examples
    --------
    >>> tokenizer = build_tokenizer(["<unk>", "▁late", "▁دیر", "ly"], np.array([0.0, -1, -1, -2]))
    >>> tokenizer.encode("LATE lately دير", add_special_tokens=False).tokens
    ['▁late', '▁late', 'ly', '▁دیر']
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    pairs = list(zip(pieces, scores.astype(np.float64).tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(pairs, unk_id=0, byte_fallback=False))
    folds = [normalizers.Replace(Regex(pattern), by) for pattern, by in _FOLDS]
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), *folds])
    words = Regex(rf"[{_CJK}ー]+|[^\w\s'{_CJK}]|'")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(),
        pre_tokenizers.Split(words, "isolated"),
        pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False),
    ])
    return tokenizer


def mend_surrogates(text: str) -> str:
    r"""Return a text that can be written in UTF-8: pairs of surrogates joined, those that stand alone replaced.

    Examples
    --------
    >>> [ascii(mend_surrogates(text)) for text in ("\ud83d\ude21", "late \ud83d")]
    ["'\\U0001f621'", "'late \\ufffd'"]
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_cjk(word: str) -> bool:
    """Return whether a word is a run of Chinese or Japanese characters, which is cut anywhere.

    Examples
    --------
    >>> is_cjk("▁遅い"), is_cjk("▁دیر")
    (True, False)
    """
    return re.search(f"[{_CJK}]", word) is not None

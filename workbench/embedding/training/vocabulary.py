"""The vocabulary of an encoder: whole words first, pieces for what is left, single letters for the rest."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd

from workbench.embedding.tokeniser import PADDING, UNKNOWN, WORD_START, build_tokenizer
from workbench.embedding.training.pairs import language_weight

_JOINED = 2000
_BATCH = 8192
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
# Pieces and letters lie far below every whole word, so that a word that is known is never cut.
_PIECE_PENALTY = 8.0
_LETTER_SCORE = -25.0
_LEAST_LETTERS = 3
_LONGEST_TEXT = 96


def count_words(rows: pd.DataFrame, english: pd.Series) -> pd.DataFrame:
    """Return the words of a table of texts, most weighty first.

    Parameters
    ----------
    rows
        With ``text`` and ``language``.
    english
        English texts, counted as well.

    Returns
    -------
    pandas.DataFrame
        ``word`` (folded, with the mark of a word's start), ``count``, ``weighted`` (by how much each language counts),
        ``cjk`` (a run of Chinese or Japanese characters).

    Examples
    --------
    >>> rows = pd.DataFrame({"text": ["دیر شد", "zu spät"], "language": ["fa", "de"]})
    >>> count_words(rows, pd.Series(["too late", "late"]))["word"].tolist()
    ['▁late', '▁spät', '▁too', '▁zu', '▁دیر', '▁شد']
    """
    splitter = build_tokenizer([UNKNOWN, PADDING, WORD_START], np.zeros(3))
    raw: Counter[str] = Counter()
    weighted: Counter[str] = Counter()
    parts = [(str(language), group.drop_duplicates())
             for language, group in rows.groupby("language", sort=True)["text"]]
    for language, texts in [*parts, ("en", english.drop_duplicates())]:
        weight = float(language_weight(pd.Series([language]))[0])
        for word, count in _words(texts.tolist(), splitter).items():
            raw[word] += count
            weighted[word] += count * weight  # type: ignore[assignment]  # a Counter may hold fractions
    table = pd.DataFrame({"word": list(raw), "count": list(raw.values()), "weighted": [weighted[word] for word in raw]})
    table["cjk"] = table["word"].str.contains(_CJK)
    return table.sort_values(["weighted", "word"], ascending=[False, True]).reset_index(drop=True)


def learn_pieces(words: pd.DataFrame, pieces: int, cjk_pieces: int) -> dict[str, float]:
    """Return pieces of words, and runs of Chinese and Japanese, with their scores (a Unigram model of each)."""
    plain = words[~words["cjk"] & (words["count"] >= 2) & (words["word"].str.len() > 3)]
    runs = words[words["cjk"]]
    times = np.minimum(np.ceil(np.sqrt(runs["weighted"])), 30).astype(int)
    found = _train_unigram(runs["word"].repeat(times).tolist(), cjk_pieces, 0.0)
    return _train_unigram(plain["word"].tolist(), pieces, -_PIECE_PENALTY) | found


def choose_vocabulary(words: pd.DataFrame, size: int, pieces: dict[str, float], keep: Sequence[str]
                      ) -> tuple[list[str], np.ndarray]:
    """Return the entries of a vocabulary and their scores.

    Parameters
    ----------
    words
        From `count_words`.
    size
        How many entries there may be.
    pieces
        From `learn_pieces`.
    keep
        Words that enter whatever their count.

    Returns
    -------
    pieces : list of str
        The two special entries and the mark of a word's start, whole words, pieces, letters.
    scores : numpy.ndarray
        float16 log-probabilities.
    """
    scores = {UNKNOWN: 0.0, PADDING: 0.0, WORD_START: -3.0}
    rest = pieces | {letter: _LETTER_SCORE for letter in _letters(words) if letter not in pieces}
    total = float(words["count"].sum())
    count_of = dict(zip(words["word"], words["count"], strict=True))
    for word in chain((word for word in keep if not _CJK.search(word)), words.loc[~words["cjk"], "word"]):
        if len(scores) + len(rest) >= size:
            break
        rest.pop(word, None)
        scores[word] = float(np.log((count_of.get(word, 0) + 1) / total))
    scores.update((piece, score) for piece, score in rest.items() if piece not in scores)
    return list(scores), np.asarray(list(scores.values()), dtype=np.float16)


def encode_texts(texts: Sequence[str], pieces: list[str], scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the token ids of all texts end to end (int32), and where each begins (``len(texts) + 1`` offsets).

    Examples
    --------
    >>> encode_texts(["late", "", "دیر late"], ["<unk>", "▁late", "▁دیر"], np.array([0.0, -1, -1]))
    (array([1, 2, 1], dtype=int32), array([0, 1, 1, 3]))
    """
    tokenizer = build_tokenizer(pieces, scores)
    ids: list[np.ndarray] = [np.zeros(0, np.int32)]
    lengths = np.zeros(len(texts) + 1, dtype=np.int64)
    for start in range(0, len(texts), _BATCH):
        batch = list(texts[start:start + _BATCH])
        for row, encoding in enumerate(tokenizer.encode_batch_fast(batch, add_special_tokens=False), start + 1):
            ids.append(np.asarray(encoding.ids[:_LONGEST_TEXT], dtype=np.int32))
            lengths[row] = len(ids[-1])
    return np.concatenate(ids), np.cumsum(lengths)


def break_words(pieces: list[str], scores: np.ndarray, parts: dict[str, float]
                ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how each entry reads from pieces alone: token ids, offsets, and which entries are whole words.

    A share of the words of each batch is read this way in training, so that pieces learn to stand for unknown words.
    """
    is_word = np.array([len(piece) > 4 and piece not in parts for piece in pieces])
    low = np.where(is_word, -1000.0, scores.astype(np.float64))
    ids, offsets = encode_texts([piece.replace(WORD_START, "") for piece in pieces], pieces, low)
    return ids, offsets, is_word


def _words(texts: list[str], splitter: object) -> Counter[str]:
    """Count words after folding; texts are joined by line breaks so that few calls are made."""
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), _JOINED):
        joined = splitter.normalizer.normalize_str("\n".join(texts[start:start + _JOINED]))  # type: ignore[attr-defined]
        found = splitter.pre_tokenizer.pre_tokenize_str(joined)  # type: ignore[attr-defined]
        counts.update(word for word, _ in found)
    return counts


def _letters(words: pd.DataFrame) -> list[str]:
    letters: Counter[str] = Counter()
    for word, count in zip(words["word"], words["count"], strict=True):
        for letter in dict.fromkeys(word):
            letters[letter] += count
    return [letter for letter, count in letters.items() if count >= _LEAST_LETTERS and letter != WORD_START]


def _train_unigram(words: list[str], size: int, offset: float) -> dict[str, float]:
    from tokenizers import Tokenizer, models, trainers

    if not words:
        return {}
    tokenizer = Tokenizer(models.Unigram())
    trainer = trainers.UnigramTrainer(vocab_size=size, special_tokens=[UNKNOWN], unk_token=UNKNOWN, max_piece_length=8,
                                      show_progress=False, n_sub_iterations=1)
    tokenizer.train_from_iterator(words, trainer)
    entries = json.loads(tokenizer.to_str())["model"]["vocab"]
    # The trainer adds up in another order in every run: scores agree to ten digits, and so must their order here.
    rounded = sorted((-round(score, 3), piece) for piece, score in entries if piece != UNKNOWN)
    return {piece: offset - score for score, piece in rounded}

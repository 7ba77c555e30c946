"""What a model is trained on, as numbers: rows, tokens and teacher vectors, in one folder that a run can go on from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.embedding.training.pairs import language_weight
from workbench.embedding.training.romanise import romanise
from workbench.embedding.training.vocabulary import break_words, encode_texts

_TWICE = ("rom_sent", "rom_own", "rom_tatoeba")
_ROMANISED = ("ar", "fa")
_MOSTLY = 0.3
# How often entries are read in comments is told by sentences; words of lexicons and of buttons are lists.
_AS_SENTENCES = {"ui": 0.35, "wn": 0.15, "emoji": 0.01, "place": 0.01}
_OWN = "own"
_ENGLISH_COUNTS = 4.0


@dataclass
class Corpus:
    """Token ids of all texts, which texts are pairs, and the teacher's vectors (reduced, centred, unit length)."""

    rows: pd.DataFrame
    english_only: np.ndarray
    ids: np.ndarray
    offsets: np.ndarray
    broken_ids: np.ndarray
    broken_offsets: np.ndarray
    is_word: np.ndarray
    teacher: np.ndarray
    teacher_row: np.ndarray

    @property
    def size(self) -> int:
        """Entries of the vocabulary."""
        return len(self.is_word)


def add_romanised(pairs: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return pairs with their Arabic and Persian rows once more in Latin letters (sentences twice, spelled otherwise).

    The copies have language ``rom`` and a kind that begins with ``rom_``; names of places are not copied.

    Examples
    --------
    >>> pairs = pd.DataFrame({"text": ["تأخر", "spät"], "language": ["ar", "de"], "english": "late", "kind": "wn"})
    >>> add_romanised(pairs, 0)[["language", "kind"]].values.tolist()
    [['ar', 'wn'], ['de', 'wn'], ['rom', 'rom_wn']]
    """
    some = pairs[pairs["language"].isin(_ROMANISED) & (pairs["kind"] != "place")]
    draw = np.random.default_rng(seed)
    parts = [pairs]
    for copy in range(2):
        seeds = draw.integers(0, 2**31, len(some)).tolist()
        spelled = [romanise(*row) for row in zip(some["text"], some["language"], seeds, strict=True)]
        part = some.assign(text=spelled, language="rom", kind="rom_" + some["kind"])
        parts.append(part if copy == 0 else part[part["kind"].isin(_TWICE)])
    copies = pd.concat(parts[1:])
    return pd.concat([pairs, copies[copies["text"].str.len() > 1]], ignore_index=True)


def write_corpus(folder: Path, pairs: pd.DataFrame, english: pd.Series, vocabulary: tuple[list[str], np.ndarray],
                 parts: dict[str, float]) -> None:
    """Write pairs and English texts as token ids into a folder.

    Parameters
    ----------
    folder
        ``rows.parquet``, ``texts.parquet``, ``tokens.npz`` and ``vocabulary.npz`` are written there.
    pairs
        ``text``, ``language``, ``english``, ``kind``, ``split``.
    english
        Texts that are in English only.
    vocabulary, parts
        Entries with their scores, and which of them are pieces.
    """
    texts = pd.concat([pairs["text"], pairs["english"], english]).drop_duplicates().reset_index(drop=True)
    position = pd.Series(texts.index, index=texts.to_numpy())
    rows = pairs[["language", "kind", "split"]].copy()
    rows["text_id"] = position.loc[pairs["text"]].to_numpy()
    rows["english_id"] = position.loc[pairs["english"]].to_numpy()
    pieces, scores = vocabulary
    ids, offsets = encode_texts(texts.tolist(), pieces, scores)
    broken_ids, broken_offsets, is_word = break_words(pieces, scores, parts)
    np.savez(folder / "tokens.npz", ids=ids, offsets=offsets, broken_ids=broken_ids, broken_offsets=broken_offsets,
             is_word=is_word, english_only=position.loc[english.drop_duplicates()].to_numpy())
    rows.to_parquet(folder / "rows.parquet")
    texts.rename("text").to_frame().to_parquet(folder / "texts.parquet")
    (folder / "vocabulary.json").write_text(json.dumps([pieces, scores.astype(float).tolist()]), encoding="utf-8")


def read_vocabulary(folder: Path) -> tuple[list[str], np.ndarray]:
    """Return the entries and scores that `write_corpus` wrote."""
    pieces, scores = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    return pieces, np.asarray(scores, dtype=np.float16)


def spelled_in_latin(corpus: Corpus) -> np.ndarray:
    """Return which entries are mostly met in Arabic and Persian spelled in Latin letters, one truth value each."""
    copies = corpus.rows.loc[corpus.rows["language"].astype(str) == "rom", "text_id"].unique()
    is_copy = np.zeros(len(corpus.offsets) - 1, dtype=bool)
    is_copy[copies] = True
    seen = np.bincount(corpus.ids, minlength=corpus.size)
    there = np.bincount(corpus.ids[np.repeat(is_copy, np.diff(corpus.offsets))], minlength=corpus.size)
    return np.asarray(there >= _MOSTLY * np.maximum(seen, 1))


def reading_shares(corpus: Corpus) -> np.ndarray:
    """Return how often each entry is read, float64, as shares of one; every language is counted by itself first.

    Where a language has rows that were written as customers write (kind ``own``), they are half of what is counted.
    A language then counts by `language_weight`, English, which stands beside all of them, as four of the first.
    """
    rows = corpus.rows[corpus.rows["split"].astype(str) == "train"]
    kinds = rows["kind"].astype(str).str.removeprefix("rom_")
    sides = [(str(name), group.index, group["text_id"]) for name, group in rows.groupby("language", observed=True)]
    total = np.zeros(corpus.size)
    for language, index, texts in [*sides, ("", rows.index, rows["english_id"])]:
        weight = float(language_weight(pd.Series([language]))[0]) if language else _ENGLISH_COUNTS
        is_own = kinds.loc[index].eq(_OWN).to_numpy()
        sentences = kinds.loc[index].map(_AS_SENTENCES).fillna(1.0).to_numpy()
        parts = [_token_shares(corpus, texts.to_numpy()[chosen], sentences[chosen])
                 for chosen in (is_own, ~is_own) if chosen.any()]
        total += weight * np.mean(parts, axis=0)
    return np.asarray(total / max(total.sum(), 1e-9))


def _token_shares(corpus: Corpus, texts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share of each entry among the tokens of some texts; a text counts once, by its greatest weight."""
    of_text = np.zeros(len(corpus.offsets) - 1)
    np.maximum.at(of_text, texts, weights)
    counts = np.bincount(corpus.ids, np.repeat(of_text, np.diff(corpus.offsets)), corpus.size)
    return np.asarray(counts / max(counts.sum(), 1e-9))


def attach_teacher(folder: Path, names: pd.Series, vectors: np.ndarray) -> None:
    """Write the teacher's vectors beside a corpus, and which text has which (-1: none).

    Parameters
    ----------
    folder
        Where `write_corpus` wrote.
    names, vectors
        The texts that the teacher read, and what it made of them.
    """
    row_of = pd.Series(np.arange(len(names)), index=names.to_numpy())
    texts = pd.read_parquet(folder / "texts.parquet")["text"]
    rows = row_of.reindex(texts.to_numpy()).fillna(-1).to_numpy().astype(np.int64)
    np.save(folder / "teacher-vectors.npy", vectors)
    np.save(folder / "teacher-rows.npy", rows)


def read_corpus(folder: Path) -> Corpus:
    """Return what `write_corpus` and `attach_teacher` wrote; the teacher's vectors stay on disk until they are read."""
    rows = np.load(folder / "teacher-rows.npy")
    with np.load(folder / "tokens.npz") as tokens:
        arrays = {name: tokens[name] for name in tokens.files}
    only = arrays.pop("english_only")
    return Corpus(pd.read_parquet(folder / "rows.parquet"), only[rows[only] >= 0], teacher_row=rows,
                  teacher=np.load(folder / "teacher-vectors.npy", mmap_mode="r"), **arrays)

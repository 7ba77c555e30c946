"""Teaching an encoder that is there the words of a trade: their vectors move to their English meaning, no others do.

No teacher and no pairs of the first training are needed: the meaning is what the encoder itself makes of the English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.embedding.model_file import Model, read_model, write_model
from workbench.embedding.reader import Reader
from workbench.embedding.static import EMBEDDED_MODEL, StaticEncoder
from workbench.embedding.tokeniser import WORD_START, build_tokenizer, is_cjk
from workbench.embedding.training.pairs import check_rows, read_pairs
from workbench.embedding.training.rows import add_rows, change_rows
from workbench.errors import InputError

_GLOSSARY = ("term", "language", "english")
_ARTICLE = "ال"
_PASSES = 12
_PACE = {"glossary": 0.5, "pairs": 0.15}
# A word's log-probability: above the first it hardly moves, below the second it moves freely.
_FREQUENT, _RARE = -9.0, -14.0
_LEAST_MOBILITY = 0.02


@dataclass(frozen=True)
class Adaptation:
    """What an adaptation changed.

    Attributes
    ----------
    terms : pandas.DataFrame
        ``term``, ``language``, ``english``, ``before``, ``after``: cosine of term and meaning.
    rejected : pandas.DataFrame
        Rows that could not be used, with ``reason``.
    rest : pandas.DataFrame
        One row, of 1,600 texts in 13 languages that were written for the first training: ``texts``,
        ``unchanged_share`` (the very same vector) and ``mean_cosine`` (before against after, of all of them).
    new_words : int
        Words that the vocabulary did not have.
    """

    terms: pd.DataFrame
    rejected: pd.DataFrame
    rest: pd.DataFrame
    new_words: int


def continue_encoder(
    output: str | Path,
    *,
    glossary: str | Path | None = None,
    pairs: Sequence[str | Path] = (),
    base: str | Path = EMBEDDED_MODEL,
) -> Adaptation:
    """Write a copy of an encoder that knows the words of a glossary, or of pairs, and tell what it changed.

    A word that the vocabulary lacks is added as a whole; an Arabic one also with its article. Then the vectors of the
    words of each term are moved, rare words more than frequent ones, until their sum points where the English does
    (Kaczmarz's projections, "Angenäherte Auflösung von Systemen linearer Gleichungen", 1937). All other words keep
    their vectors bit for bit.

    Parameters
    ----------
    output
        The model file to write; a study names it as ``encoder: FILE.npz``.
    glossary
        CSV file with ``term``, ``language`` and ``english`` (its meaning in a few plain words).
    pairs
        Tables of pairs, as for `read_pairs`: sentences move their words a little.
    base
        The model to start from; the embedded one by default.

    Raises
    ------
    InputError
        If nothing is given, a table cannot be read, or no row of it can be used.
    EncoderError
        If the base cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "terms.csv").write_text(
    ...     "term,language,english\\nشارژ شگفت‌انگیز,fa,prepaid credit bonus\\nباقة التجوال,ar,roaming data bundle\\n")
    >>> done = continue_encoder(folder / "telecom.npz", glossary=folder / "terms.csv")
    >>> bool((done.terms["after"] > done.terms["before"] + 0.1).all()), bool(done.rest["unchanged_share"][0] > 0.97)
    (True, True)
    """
    rows, rejected = _read_rows(glossary, pairs)
    before = StaticEncoder(base)
    model = read_model(Path(base).read_bytes(), Path(base))
    grown = _add_words(model, rows[rows["from"] == "glossary"])
    table = grown.table()
    moved = _move(table, grown, rows)
    write_model(Path(output), change_rows(grown, moved, table[moved]))
    after = StaticEncoder(output)
    terms = rows.rename(columns={"text": "term"})[["term", "language", "english"]].assign(
        before=_cosines(before, rows), after=_cosines(after, rows))
    return Adaptation(terms, rejected, _compare_rest(before, after), len(grown.pieces) - len(model.pieces))


def _read_rows(glossary: str | Path | None, pairs: Sequence[str | Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    if glossary is None and not pairs:
        raise InputError("Give a glossary (term, language, english) or tables of pairs to learn from.")
    kept, rejected = [], []
    if glossary is not None:
        table = _read_glossary(Path(glossary))
        reason = check_rows(table)
        kept.append(table[reason.eq("")].assign(**{"from": "glossary"}))
        rejected.append(table[reason.ne("")].assign(reason=reason[reason.ne("")], file=Path(glossary).name))
    if pairs:
        table, bad = read_pairs(pairs)
        kept.append(table.assign(**{"from": "pairs"}))
        rejected.append(bad)
    rows = pd.concat(kept, ignore_index=True)[["text", "language", "english", "from"]]
    if not len(rows):
        raise InputError("No row can be learnt from: each needs a term, its language's code and its English.")
    return rows.sort_values(["from", "language", "text", "english"]).reset_index(drop=True), pd.concat(rejected)


def _read_glossary(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(f"The glossary {path} cannot be read; a CSV file in UTF-8 is needed.") from error
    missing = [name for name in _GLOSSARY if name not in table]
    if missing:
        raise InputError(f"{path.name} lacks {', '.join(missing)}; a glossary has {', '.join(_GLOSSARY)}, separated by "
                         f"commas. Its first line is read as: {', '.join(map(repr, table.columns))}.")
    return table.rename(columns={"term": "text"})


def _add_words(model: Model, terms: pd.DataFrame) -> Model:
    """Return a model whose vocabulary has every word of the terms; a new one starts as the sum of its pieces."""
    tokenizer = build_tokenizer(model.pieces, model.scores)
    known = set(model.pieces)
    words = [word for text, language in zip(terms["text"], terms["language"], strict=True)
             for word in _forms(text, language, tokenizer)]
    new = [word for word in dict.fromkeys(words) if word not in known]
    if not new:
        return model
    table = model.table()
    texts = [word.replace(WORD_START, "") for word in new]
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    sums = np.stack([table[encoding.ids].sum(0) for encoding in encodings])
    is_rare = (model.scores < _RARE + 1) & np.char.startswith(np.array(model.pieces), WORD_START)
    usual = float(np.median(np.linalg.norm(table[is_rare], axis=1))) if is_rare.any() else 1.0
    sums *= usual / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9)
    return add_rows(model, new, np.full(len(new), _RARE, np.float16), sums)


def _forms(text: str, language: str, tokenizer: object) -> list[str]:
    """Return the words of a term as vocabulary entries; those of Arabic also with the article."""
    folded = tokenizer.normalizer.normalize_str(text)  # type: ignore[attr-defined]
    words = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(folded)]  # type: ignore[attr-defined]
    forms = [word.removeprefix(WORD_START) if is_cjk(word) else word for word in words]
    if language == "ar":
        forms += [WORD_START + _ARTICLE + word.removeprefix(WORD_START) for word in words
                  if not word.startswith(WORD_START + _ARTICLE)]
    return forms


def _move(table: np.ndarray, model: Model, rows: pd.DataFrame) -> np.ndarray:
    """Move rows of a table in place; return which were."""
    texts, meanings, paces = _lessons(rows)
    reader = Reader(model.pieces, model.scores)
    mobility = _mobility(model)
    lessons = [(*np.unique(read, return_counts=True), pace, goal) for (read, pace), goal in _goals(
        reader.tokenise(texts), paces, [table[ids].sum(0) for ids in reader.tokenise(meanings)]).items()
        if mobility[list(read)].any() and np.linalg.norm(goal) > 1e-6]
    for _ in range(_PASSES):
        for ids, counts, pace, goal in lessons:
            now = counts @ table[ids]
            missing = goal * (np.linalg.norm(now) / np.linalg.norm(goal)) - now
            weight = mobility[ids] * counts
            table[ids] += pace * np.outer(weight / (weight @ counts), missing)
    moved = np.unique(np.concatenate([np.zeros(0, int), *(ids for ids, *_ in lessons)]))
    return moved[mobility[moved] > 0]


def _goals(tokens: list[list[int]], paces: list[float], meanings: list[np.ndarray]
           ) -> dict[tuple[tuple[int, ...], float], np.ndarray]:
    """Return where each text is to point: one of several meanings between them.

    Drawn to one after the other, it would grow shorter each time, until nothing of it was left.
    """
    goals: dict[tuple[tuple[int, ...], float], np.ndarray] = {}
    for ids, pace, meaning in zip(tokens, paces, meanings, strict=True):
        key = tuple(ids), pace
        goals[key] = goals.get(key, 0) + meaning / (np.linalg.norm(meaning) + 1e-9)
    return goals


def _lessons(rows: pd.DataFrame) -> tuple[list[str], list[str], list[float]]:
    """Return texts, their meanings and how fast each is learnt; an Arabic word comes with its article as well."""
    lessons = []
    for text, language, english, source in rows.itertuples(index=False):
        lessons.append((text, english, _PACE[source]))
        if language == "ar" and source == "glossary" and " " not in text and not text.startswith(_ARTICLE):
            lessons.append((_ARTICLE + text, english, _PACE[source]))
    texts, meanings, paces = (list(part) for part in zip(*lessons, strict=True))
    return texts, meanings, paces


def _mobility(model: Model) -> np.ndarray:
    """Return how freely each entry moves: frequent words hardly, marks of punctuation and of words not at all."""
    scores = model.scores.astype(np.float32)
    mobility = np.clip((_FREQUENT - scores) / (_FREQUENT - _RARE), _LEAST_MOBILITY, 1)
    mobility[[number for number, piece in enumerate(model.pieces) if not re.search(r"\w", piece)]] = 0
    return mobility


def _cosines(encoder: StaticEncoder, rows: pd.DataFrame) -> np.ndarray:
    both = encoder.encode(rows["text"].tolist()) * encoder.encode(rows["english"].tolist())
    return both.sum(axis=1).round(4)


def _compare_rest(before: StaticEncoder, after: StaticEncoder) -> pd.DataFrame:
    """Compare both models on the texts that were written for the first training, in all its languages."""
    texts = pd.read_csv(EMBEDDED_MODEL.parent / "own-pairs.csv")["text"].drop_duplicates().tolist()
    same = (before.encode(texts) * after.encode(texts)).sum(axis=1)
    return pd.DataFrame({"texts": [len(texts)], "unchanged_share": [float(np.mean(same > 1 - 1e-6))],
                         "mean_cosine": [float(same.mean())]})

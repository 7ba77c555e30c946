"""Sentences that a model will be judged by are kept out of what it learns from: exact and near matches."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

_SCRIPTS_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_WORDS, _LETTERS = 5, 8
_ALIKE = 0.6


def find_evaluation_rows(pairs: pd.DataFrame, evaluation: Iterable[str]) -> pd.Series:
    """Return why a pair must not be trained on: ``evaluation_exact``, ``evaluation_near``, or an empty string.

    Texts are compared without case, marks and punctuation. A near match shares at least 60 % (Jaccard) of its runs of
    five words, or of eight characters in scripts without spaces. So a sentence of less than five words, or eight such
    characters, has exact matches only, and of a sentence of ten words one is not near in which a middle word is
    another. A single word is too common to be told from chance, so it matches nothing.

    Parameters
    ----------
    pairs
        With ``text`` and ``english``; either side may match.
    evaluation
        The sentences, of any language.

    Returns
    -------
    pandas.Series
        One string a row of `pairs`.

    Examples
    --------
    >>> pairs = pd.DataFrame({"text": ["Wo bleibt mein Paket?", "تأخر التوصيل", "quittung"],
    ...     "english": ["Where is my parcel?", "Delivery was late", "receipt"]})
    >>> find_evaluation_rows(pairs, ["where is my PARCEL", "receipt"]).tolist()
    ['evaluation_exact', '', '']
    """
    known = _Evaluation(evaluation)
    sides = {}
    for column in ("text", "english"):
        codes, distinct = pd.factorize(pairs[column])
        sides[column] = np.array([known.match(text) for text in distinct], dtype=object)[codes]
    reason = np.where(sides["text"] != "", sides["text"], sides["english"])
    exact = (sides["text"] == "evaluation_exact") | (sides["english"] == "evaluation_exact")
    return pd.Series(np.where(exact, "evaluation_exact", reason), index=pairs.index, dtype=object)


def fold(text: str) -> str:
    """Return the words of a text, lower-cased and without marks.

    Examples
    --------
    >>> fold("Wo bleibt mein Paket?!"), fold("أَينَ طردي؟")
    ('wo bleibt mein paket', 'اين طردي')
    """
    letters = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


def _runs(folded: str) -> set[str]:
    if _SCRIPTS_WITHOUT_SPACES.search(folded):
        return {folded[place:place + _LETTERS] for place in range(len(folded) - _LETTERS + 1)}
    words = folded.split()
    return {" ".join(words[place:place + _WORDS]) for place in range(len(words) - _WORDS + 1)}


class _Evaluation:
    """Evaluation sentences by their runs of words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.exact = {folded for folded in map(fold, texts) if _is_telling(folded)}
        self.runs: dict[str, list[frozenset[str]]] = {}
        for folded in sorted(self.exact):
            runs = frozenset(_runs(folded))
            for run in runs:
                self.runs.setdefault(run, []).append(runs)

    def match(self, text: str) -> str:
        folded = fold(text)
        if folded in self.exact:
            return "evaluation_exact"
        runs = _runs(folded)
        candidates = [theirs for run in runs for theirs in self.runs.get(run, ())]
        near = any(len(runs & theirs) >= _ALIKE * len(runs | theirs) for theirs in candidates)
        return "evaluation_near" if near else ""


def _is_telling(folded: str) -> bool:
    return " " in folded or (len(folded) >= _LETTERS and bool(_SCRIPTS_WITHOUT_SPACES.search(folded)))

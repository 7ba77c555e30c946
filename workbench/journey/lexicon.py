"""Looking up telling words: each distinct word of the texts once, however many texts and words there are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

_LETTER = "[\\w\u0900-\u097f]"  # Python does not count Devanagari vowel signs as part of a word
_RUN = re.compile(f"{_LETTER}+")
_SHORT = 3
_UNSPACED = ("zh", "ja")
_ARABIC_PREFIXES = frozenset(one + other for one in ("", "و", "ف")
                             for other in ("", "ب", "ک", "ل", "ت", "ه", "لل", "ال", "بال", "کال", "فال"))
_LONGEST_PREFIX = max(map(len, _ARABIC_PREFIXES))

Columns = tuple[int, ...]


@dataclass(frozen=True)
class _Words:
    """Single words and the columns they stand for: those that may go on, and those that may not."""

    prefixes: frozenset[str]
    beginnings: dict[str, Columns]
    wholes: dict[str, Columns]

    def columns(self, run: str) -> Iterable[int]:
        """Yield the columns that a word of a text names."""
        for cut in range(_LONGEST_PREFIX + 1 if len(self.prefixes) > 1 else 1):
            if run[:cut] in self.prefixes:
                rest = run[cut:]
                if rest in self.wholes:
                    yield from self.wholes[rest]
                for length in self.lengths.get(rest[: _SHORT + 1], ()):
                    yield from self.beginnings.get(rest[:length], ())

    @cached_property
    def lengths(self) -> dict[str, tuple[int, ...]]:
        """How long the words that may go on are, by their first four letters: most words of a text begin no such one.
        """
        found: dict[str, set[int]] = defaultdict(set)
        for word in self.beginnings:
            found[word[: _SHORT + 1]].add(len(word))
        return {start: tuple(sorted(lengths)) for start, lengths in found.items()}


@dataclass(frozen=True)
class Lexicon:
    """Telling words, ready to be looked up in texts: single words, and what is searched for (phrases)."""

    words: tuple[_Words, ...]
    phrases: tuple[tuple[str, str, int], ...]

    def hits(self, texts: Sequence[str], columns: int) -> np.ndarray:
        """Return which columns each folded text names, float32 of 0 and 1, shape ``(len(texts), columns)``.

        Examples
        --------
        >>> lexicon = lexicon_of([("en", "late", 0), ("ar", "تاخر", 0), ("en", "spot on", 1)])
        >>> lexicon.hits(["latest", "relate", "بالتاخر", "it was spot on"], 2).tolist()
        [[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
        """
        found = np.zeros((len(texts), columns), dtype=np.float32)
        runs = [_RUN.findall(text) for text in texts]
        place, distinct = pd.factorize(np.array([run for one in runs for run in one], dtype=object))
        told = [(number, column) for number, run in enumerate(distinct)
                for words in self.words for column in words.columns(run)]
        if told:
            named = np.zeros((len(distinct), columns), dtype=bool)
            named[tuple(np.array(told).T)] = True
            row = np.repeat(np.arange(len(texts)), [len(one) for one in runs])
            hit = np.flatnonzero(np.isin(place, [number for number, _ in told]))
            where, columns_named = np.nonzero(named[place[hit]])
            found[row[hit][where], columns_named] = 1
        everything = "\n".join(texts)
        for language, phrase, column in self.phrases:
            if phrase in everything:
                pattern = _pattern(language, phrase)
                rows = [place for place, text in enumerate(texts) if phrase in text and pattern.search(text)]
                found[rows, column] = 1
        return found


def lexicon_of(words: Iterable[tuple[str, str, int]]) -> Lexicon:
    """Return a lexicon of rows of language, folded word and column.

    Examples
    --------
    >>> lexicon_of([("ja", "広告", 0)]).hits(["新しい広告です"], 1).tolist()
    [[1.0]]
    """
    single: dict[bool, tuple[dict[str, Columns], dict[str, Columns]]] = defaultdict(lambda: ({}, {}))
    phrases = []
    for language, word, column in words:
        if language in _UNSPACED or not _RUN.fullmatch(word):
            phrases.append((language, word, column))
        else:
            table = single[language == "ar"][len(word) <= _SHORT]
            table[word] = (*table.get(word, ()), column)
    tables = [_Words(_ARABIC_PREFIXES if arabic else frozenset([""]), *single[arabic]) for arabic in sorted(single)]
    return Lexicon(tuple(tables), tuple(phrases))


def _pattern(language: str, word: str) -> re.Pattern[str]:
    if language in _UNSPACED:
        return re.compile(re.escape(word))
    prefix = f"(?:{'|'.join(sorted(_ARABIC_PREFIXES - {''}))})?" if language == "ar" else ""
    end = f"(?!{_LETTER})" if len(word) <= _SHORT else ""
    return re.compile(f"(?<!{_LETTER}){prefix}{re.escape(word)}{end}")

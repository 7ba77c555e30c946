"""Words that a vocabulary lacks, read by the nearest form of theirs that it has.

Arabic joins articles, prepositions and pronouns to words; few of the forms are in a vocabulary of whole words. What is
taken off is what light stemmers of Arabic take off (Larkey, Ballesteros and Connell 2002, "Improving stemming for
Arabic information retrieval"), with the endings of Persian. In Cyrillic and Greek letters two words that begin alike
are taken for forms of one, as truncation does (McNamee and Mayfield 2004, "Character n-gram tokenization for European
language text retrieval"). Latin letters are left alone: there it helps some languages as much as it hurts others.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from workbench.embedding.tokeniser import WORD_START

# In folded letters: yeh and kaf as in Persian, teh marbuta as heh, every alef bare.
_BEFORE = ("وبال", "وال", "فال", "بال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "")
_FEMININE = "تهم تها تکم تنا تک ته تی ات"  # behind a word whose teh marbuta became a teh
_ENDINGS = "هما کما هم هن ها کم کن نا نی ی ک ه ات ون ین ان یه ت وا ا"
_PERSIAN = "هایمان هایتان هایشان هایی هایم هایت هایش های هام هاش ترین تر مان تان شان یم ید ند ست ام اش ای م ش"
_BEHIND = (*((ending, "ه") for ending in _FEMININE.split()), ("یه", "ی"),
           *((ending, "") for ending in f"{_ENDINGS} {_PERSIAN}".split()))
_BY_LAST = {letter: [pair for pair in _BEHIND if pair[0][-1] == letter]
            for letter in sorted({ending[-1] for ending, _ in _BEHIND})}
_ARTICLE = "ال"
_FIRST_LETTER = "\u0370"
_ARABIC, _ALPHABET = "\u0621-\u063a\u0641-\u064a\u066e-\u06d3", f"{_FIRST_LETTER}-\u03ff\u0400-\u052f"
_RUN = re.compile(f"[{_ARABIC}]+|[{_ALPHABET}]+")
_IS_ARABIC = re.compile(f"[{_ARABIC}]+")
_LEAST_ARABIC, _LEAST_ALPHABET = 3, 4  # letters
_ALIKE = 0.8  # of the letters of a word
_LONGER = 2  # letters


class WordForms:
    """The words of a vocabulary, and which of them an unknown word is a form of.

    Parameters
    ----------
    pieces
        The vocabulary; ``▁`` marks the start of a word.
    scores
        Log-probabilities of the pieces.

    Examples
    --------
    >>> forms = WordForms(["▁بطاقه", "▁صراف", "▁доставка"], np.array([-9.0, -9, -9]))
    >>> forms.read("وبطاقتی؟"), forms.read("الصراف"), forms.read("доставку"), forms.read("زرافه")
    ('بطاقه؟', 'صراف', 'доставка', 'زرافه')
    """

    def __init__(self, pieces: Sequence[str], scores: np.ndarray) -> None:
        self._pieces = pieces
        self._all_scores = scores

    def read(self, text: str) -> str:
        """Return a folded text with each unknown word in the known form that is read in its place, if there is one."""
        return _RUN.sub(self._known, text)

    @cached_property
    def _scores(self) -> dict[str, float]:
        """Return the words of these scripts with their scores."""
        start = len(WORD_START)
        beyond_latin = ((piece, score) for piece, score in zip(self._pieces, self._all_scores.tolist(), strict=True)
                        if piece[start : start + 1] >= _FIRST_LETTER)
        return {piece[start:]: score for piece, score in beyond_latin
                if piece.startswith(WORD_START) and _RUN.fullmatch(piece, start)}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(word for word in self._scores if not _IS_ARABIC.fullmatch(word))

    def _known(self, found: re.Match[str]) -> str:
        word = found[0]
        if word in self._scores:
            return word
        return self._without_clitics(word) if _IS_ARABIC.fullmatch(word) else self._beginning_alike(word)

    def _without_clitics(self, word: str) -> str:
        """Return the longest known rest of an Arabic or Persian word; of equals that with the least taken away."""
        found = []
        for before in _BEFORE:
            if word.startswith(before):
                found += [(length, -len(before) - taken, self._scores[form], form)
                          for bare, length, taken in _rests(word[len(before):])
                          for form in (bare, _ARTICLE + bare) if form in self._scores]
        return max(found)[-1] if found else word

    def _beginning_alike(self, word: str) -> str:
        """Return the known word that shares the longest beginning with this one; of equals the shortest."""
        for length in range(len(word) - 1, _LEAST_ALPHABET - 1, -1):
            if length < _ALIKE * len(word):
                break
            beginning, place = word[:length], bisect_left(self._sorted, word[:length])
            longest = len(beginning) + _LONGER
            found = []
            while place < len(self._sorted) and self._sorted[place].startswith(beginning):
                if len(self._sorted[place]) <= longest:
                    found.append((-len(self._sorted[place]), self._scores[self._sorted[place]], self._sorted[place]))
                place += 1
            if found:
                return max(found)[-1]
        return word


def _rests(word: str) -> list[tuple[str, int, int]]:
    """Return what may be left when an ending is taken off, its letters without the article, and the letters taken."""
    bare = [(word, 0), *((word[: len(word) - len(ending)] + instead, len(ending))
                         for ending, instead in _BY_LAST.get(word[-1:], ()) if word.endswith(ending))]
    rests = [(rest, len(rest.removeprefix(_ARTICLE)), taken) for rest, taken in bare]
    return [found for found in rests if found[1] >= _LEAST_ARABIC]

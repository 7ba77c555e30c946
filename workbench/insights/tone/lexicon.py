"""Words of praise and blame in fourteen languages, with what turns, strengthens or sets them against each other.

One file a language in ``lexicon/``: a kind, a weight, and words or phrases parted by commas. A ``*`` at the end stands
for any ending. ``any.tsv`` holds emoji. Kinds: ``praise`` and ``blame`` (weight 1 to 3), ``negator_before`` and
``negator_after`` (what they turn follows or precedes them), ``contrast``, ``end`` (of a clause, over which no negator
reaches back), ``more`` and ``less`` (a factor), ``laugh``, and ``irony`` (turns of phrase that seldom mean what they
say).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from workbench.language import counting_key, tokenise
from workbench.language.stems import bare_arabic, stem

FOLDER: Final = Path(__file__).parent / "lexicon"
UNSPACED: Final = frozenset({"zh", "ja"})
_LONGEST_PHRASE: Final = 4
_SHORTEST_STEM: Final = 4
_MOST_KNOWN: Final = 100_000  # words of a language
# stems are no evidence where a language glues whole clauses to a word
_NOT_STEMMED: Final = frozenset({"tr"})
_TURKISH_NOT: Final = re.compile(
    r"(?<=..)(?:m[ıiuü]yor|m[ae]d[ıi]|m[ae]m[ıi]ş|m[ae]z(?:d[ıi]|s[ıi]n|lar|ler)?$|m[ae]y[ae]c|m[ae]d[ae]n$"
    r"|[ae]m[ıiuü]yor|[ae]m[ae]d[ıi])"
)
_PERSIAN_NOT: Final = re.compile(
    r"^نمی...|^ن(?:رس|دار|شد|بود|کرد|داد|یومد|یامد|دید|خور|تون|توان|گرفت|گذاشت|خواست|زد|فرست)"
)
_ARABIC_NOT: Final = re.compile(r"^(?:ما|م).{3,}ش$")

Meaning = tuple[str, float]


class Hit(NamedTuple):
    """A word or phrase of the lexicon: what it means, and the first and last place that it takes."""

    kind: str
    weight: float
    first: int
    last: int


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, by their counting keys, by stem, and by beginning; and what phrases open with."""

    language: str
    whole: Mapping[str, tuple[Meaning, ...]]
    stems: Mapping[str, tuple[Meaning, ...]]
    beginnings: Mapping[str, tuple[Meaning, ...]]
    openings: frozenset[str]


@cache
def lexicon_of(language: str) -> Lexicon:
    """Return the words of a language with those of emoji; emoji alone where there is no file.

    Examples
    --------
    >>> lexicon_of("fa").whole["افتضاح"], lexicon_of("de").whole["großartig".replace("ß", "ss")]
    ((('blame', -3.0),), (('praise', 3.0),))
    """
    whole: dict[str, list[Meaning]] = {}
    stems: dict[str, list[Meaning]] = {}
    beginnings: dict[str, list[Meaning]] = {}
    for kind, weight, word in [*_rows(language), *_rows("any")]:
        ending = word.endswith("*")
        key = counting_key(word.rstrip("*"), language)
        _add(beginnings if ending else whole, key, (kind, weight))
        if kind in ("praise", "blame") and not ending and " " not in key and language not in _NOT_STEMMED | UNSPACED:
            root = stem(key, language)
            if len(root) >= _SHORTEST_STEM:
                _add(stems, root, (kind, weight))
    ends = {key for key, meanings in whole.items() if ("end", 1.0) in meanings}
    for key in [key for key in whole if key.rpartition(" ")[0] and key.rpartition(" ")[2] in ends]:
        _add(whole, key, ("end", 1.0))
    openings = frozenset(key.split(" ", 1)[0] for key in whole if " " in key)
    known, roots, starts = ({key: tuple(value) for key, value in table.items()} for table in (whole, stems, beginnings))
    return Lexicon(language, known, roots, starts, openings)


def _rows(name: str) -> list[tuple[str, float, str]]:
    file = FOLDER / f"{name}.tsv"
    if not file.is_file():
        return []
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [(kind, float(weight), word.strip()) for kind, weight, words in rows for word in words.split(", ")]


def _add(table: dict[str, list[Meaning]], key: str, meaning: Meaning) -> None:
    """Add a meaning, unless the word has one of that kind: what stands first in the file holds."""
    known = table.setdefault(key, [])
    if key and meaning[0] not in {kind for kind, _ in known}:
        known.append(meaning)


def find_hits(key: str, language: str) -> tuple[list[Hit], int]:
    """Return what a text holds of the lexicon, the longest phrases first, and how many places the text has.

    Parameters
    ----------
    key
        The text's counting key. Places are words; in Chinese and Japanese they are characters.
    language
        ISO 639-1.

    Examples
    --------
    >>> [(hit.kind, hit.weight) for hit in find_hits("the courier was not rude", "en")[0]]
    [('negator_before', 1.0), ('blame', -2.0)]
    >>> [hit.kind for hit in find_hits("物流很慢", "zh")[0]], [hit.kind for hit in find_hits("خوب نبود", "fa")[0]]
    (['more', 'blame'], ['blame'])
    """
    lexicon = lexicon_of(language)
    if language in UNSPACED:
        return _scan_characters(key, lexicon)
    words, known = tokenise(key, language), _meanings(language)
    hits: list[Hit] = []
    following = 0
    for place in [place for place, word in enumerate(words) if known[word] is not None]:
        if place < following:
            continue
        word = words[place]
        meanings, following = _phrase(words, place, lexicon) if word in lexicon.openings else ((), 0)
        for kind, weight in meanings or known[word] or ():
            hits.append(Hit(kind, weight, place, max(following - 1, place)))
    return hits, len(words)


def _phrase(words: list[str], place: int, lexicon: Lexicon) -> tuple[tuple[Meaning, ...], int]:
    """Return what the longest phrase that begins here means, if one does, and where it has ended."""
    for length in range(min(_LONGEST_PHRASE, len(words) - place), 1, -1):
        found = lexicon.whole.get(" ".join(words[place : place + length]))
        if found:
            return found, place + length
    return (), 0


class _Meanings(dict[str, tuple[Meaning, ...] | None]):
    """What every word that was met means by itself; None where that is nothing, and no phrase opens with it."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, word: str) -> tuple[Meaning, ...] | None:
        if len(self) > _MOST_KNOWN:
            self.clear()
        found = word_meanings(word, self._language)
        self[word] = meanings = found if found or word in lexicon_of(self._language).openings else None
        return meanings


@cache
def _meanings(language: str) -> _Meanings:
    return _Meanings(language)


def word_meanings(word: str, language: str) -> tuple[Meaning, ...]:
    """Return what one word means, by itself, without its article, by its beginning or by its stem.

    Examples
    --------
    >>> word_meanings("gecikmedi", "tr"), word_meanings("ومريحا", "ar")
    ((('blame', -2.0), ('negator_itself', 1.0)), (('praise', 2.0),))
    """
    lexicon = lexicon_of(language)
    found = lexicon.whole.get(word) or lexicon.whole.get(word.replace("'", ""))
    if not found and language == "ar":
        found = lexicon.whole.get(counting_key(bare_arabic(word), language)) or lexicon.whole.get(word.lstrip("و"))
        if not found and word.endswith("ا") and len(word) >= _SHORTEST_STEM:  # the accusative: "كان رائعا"
            found = lexicon.whole.get(word[:-1]) or lexicon.whole.get(word[:-1].lstrip("و"))
    turns = "negator_after" if found else "negator_itself"  # the lexicon weighs whole words with their "not"
    if not found and lexicon.beginnings:
        starts = (word[:length] for length in range(len(word), 1, -1))
        found = next((lexicon.beginnings[start] for start in starts if start in lexicon.beginnings), None)
    if not found and lexicon.stems:
        found = lexicon.stems.get(stem(word, language))
    found = found or ()
    if not any(kind.startswith("negator") for kind, _ in found) and _turns_itself(word, language):
        found = (*found, (turns, 1.0))
    return found


def _turns_itself(word: str, language: str) -> bool:
    """Return whether the word is a verb with a "not" in it, as Turkish, Persian and spoken Arabic have."""
    pattern = {"tr": _TURKISH_NOT, "fa": _PERSIAN_NOT, "ar": _ARABIC_NOT}.get(language)
    return bool(pattern and pattern.search(word))


def _scan_characters(key: str, lexicon: Lexicon) -> tuple[list[Hit], int]:
    hits = []
    place = 0
    for match in _any_of(lexicon.language).finditer(key):
        place = match.start()
        hits += [Hit(kind, weight, place, match.end() - 1) for kind, weight in lexicon.whole[match.group()]]
    return hits, len(key)


@cache
def _any_of(language: str) -> re.Pattern[str]:
    words = sorted(lexicon_of(language).whole, key=lambda word: (-len(word), word))
    return re.compile("|".join(re.escape(word) for word in words if word))

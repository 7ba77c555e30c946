"""Arabic and Persian in Latin letters, by rule: the way people type them, in many spellings.

Short vowels are not written in Arabic script, so they are guessed: a syllable opens with one consonant, and at most two
consonants meet. Every spelling is drawn from a seed; nothing is taken from a list of words.
"""

from __future__ import annotations

import random
import re
import unicodedata

# A letter's spellings, most usual first: each is taken with 55 % of what the ones before it left.
_ARABIC = {
    "ا": ("a", "aa"), "أ": ("a", "2a"), "إ": ("i", "2e", "e"), "آ": ("aa", "2a", "a"), "ٱ": ("a",), "ى": ("a",),
    "ء": ("2", "'", ""), "ئ": ("2", "2e", "e"), "ؤ": ("2", "2o", "o"), "ب": ("b",), "ت": ("t",), "ث": ("th", "s", "t"),
    "ج": ("j", "g"), "ح": ("7", "h"), "خ": ("kh", "5", "7'"), "د": ("d",), "ذ": ("th", "d", "z", "dh"), "ر": ("r",),
    "ز": ("z",), "س": ("s",), "ش": ("sh", "ch"), "ص": ("s", "9"), "ض": ("d", "dh", "9'"), "ط": ("t", "6"),
    "ظ": ("z", "th", "6'"), "ع": ("3", "a", "'"), "غ": ("gh", "8", "3'"), "ف": ("f",), "ق": ("q", "2", "k", "g"),
    "ک": ("k",), "ل": ("l",), "م": ("m",), "ن": ("n",), "ه": ("h",), "ة": ("a", "eh", "ah", "at"), "پ": ("p",),
    "چ": ("ch",), "گ": ("g",), "ڤ": ("v",),
}
_PERSIAN = {
    "ا": ("a", "aa"), "آ": ("a", "aa"), "أ": ("a",), "ء": ("", "'"), "ئ": ("", "e", "y"), "ؤ": ("o",), "ب": ("b",),
    "پ": ("p",), "ت": ("t",), "ث": ("s",), "ج": ("j",), "چ": ("ch",), "ح": ("h",), "خ": ("kh", "x"), "د": ("d",),
    "ذ": ("z",), "ر": ("r",), "ز": ("z",), "ژ": ("zh", "j"), "س": ("s",), "ش": ("sh",), "ص": ("s",), "ض": ("z",),
    "ط": ("t",), "ظ": ("z",), "ع": ("a", "", "'"), "غ": ("gh", "q"), "ف": ("f",), "ق": ("gh", "q"), "ک": ("k",),
    "گ": ("g",), "ل": ("l",), "م": ("m",), "ن": ("n",), "ه": ("h",),
}
_LETTERS = {"ar": _ARABIC, "fa": _PERSIAN}
_SHORT = {"ar": ("a", "i", "a", "e", "u", "a", "i"), "fa": ("a", "e", "a", "o", "e")}
_WAW = {"ar": ("w", ("u", "oo", "o", "ou")), "fa": ("v", ("o", "u", "oo"))}
_YEH, _LAST_YEH = ("i", "i", "ee", "e"), ("i", "i", "ee", "y")
_DOUBLED = "\u0651"
_MARKS = {"\u064e": "a", "\u0650": "i", "\u064f": "u", "\u064b": "an", "\u064c": "un", "\u064d": "in"}
_JOINED = {"و": "w", "ف": "f", "ب": "b", "ک": "k", "ل": "l"}
_CONSONANT, _VOWEL = "c", "v"
_SAME = str.maketrans({"،": ",", "؟": "?", "؛": ";", "ي": "ی", "ك": "ک", "\u200c": " ", "ـ": ""})
Unit = tuple[str, str]


def romanise(text: str, language: str, seed: int) -> str:
    """Return one spelling of an Arabic or Persian text in Latin letters; whatever is in other letters stays.

    Parameters
    ----------
    text
        In Arabic script.
    language
        ``"ar"`` or ``"fa"``.
    seed
        Another seed gives another of the many spellings in use.

    Examples
    --------
    >>> romanise("مشكلة في الفاتورة", "ar", 7), romanise("کیفیت خوب بود", "fa", 1), romanise("late", "ar", 0)
    ('machakula fi alfatura', 'kefet khoob bod', 'late')
    """
    draw = random.Random(seed)
    text = unicodedata.normalize("NFKC", text).translate(_SAME)
    style = {letter: _pick(draw, ways) for letter, ways in _LETTERS[language].items()}
    return re.sub("[\u0621-\u06ff]+", lambda match: _word(match.group(), language, style, draw), text)


def _pick(draw: random.Random, ways: tuple[str, ...]) -> str:
    for way in ways[:-1]:
        if draw.random() < 0.55:
            return way
    return ways[-1]


def _word(word: str, language: str, style: dict[str, str], draw: random.Random) -> str:
    before, rest = _take_prefix(word, style, draw) if language == "ar" else ("", word)
    return before + _join(_units(rest, language, style, draw), language, draw)


def _take_prefix(word: str, style: dict[str, str], draw: random.Random) -> tuple[str, str]:
    """Return what Arabic writes at the front of a word (article, preposition, and), spelled, and the word itself."""
    if len(word) > 4 and word[0] in _JOINED and word[1:3] == "ال":
        return _JOINED[word[0]] + draw.choice(("al ", "el ", "al", "el")), word[3:]
    if len(word) > 4 and word.startswith("لل"):
        return draw.choice(("lil", "lel ", "li ")), word[2:]
    if len(word) > 3 and word.startswith("ال"):
        return draw.choice(("al ", "el ", "al", "el", "il")), word[2:]
    if len(word) > 4 and word[0] == "و":
        return draw.choice(("w ", "wa ", "wa", "w")), word[1:]
    if len(word) > 4 and word[0] in "بل":
        return style[word[0]] + draw.choice(("i", "e", "i ")), word[1:]
    return "", word


def _units(word: str, language: str, style: dict[str, str], draw: random.Random) -> list[Unit]:
    """Return (consonant or vowel, spelling) of each letter."""
    units: list[Unit] = []
    for place, letter in enumerate(word):
        after = word[place + 1:place + 2]
        if letter == _DOUBLED and units:
            units.append((_CONSONANT, units[-1][1]))
        elif letter in _MARKS:
            units.append((_VOWEL, _MARKS[letter]))
        elif letter in "وی":
            units.append(_glide(letter, after, units, language, draw))
        elif letter == "ه" and not after and language == "fa" and not _after_vowel(units):
            units.append((_VOWEL, draw.choice(("e", "eh", "e"))))
        elif spelling := style.get(letter, ""):
            is_vowel = letter in "اآأإىة" or (spelling[0] in "aeo" and letter != "ع")
            units.append((_VOWEL if is_vowel else _CONSONANT, spelling))
    return units


def _glide(letter: str, after: str, units: list[Unit], language: str, draw: random.Random) -> Unit:
    """Return و or ی: a consonant at the start of a word and beside a vowel, else a long vowel."""
    beside = "اآیة" if letter == "و" else "اآوة"
    is_consonant = not units or _after_vowel(units) or (after != "" and after in beside)
    if letter == "و":
        consonant, vowels = _WAW[language]
    else:
        consonant, vowels = "y", _YEH if after else _LAST_YEH
    return (_CONSONANT, consonant) if is_consonant else (_VOWEL, draw.choice(vowels))


def _after_vowel(units: list[Unit]) -> bool:
    return bool(units) and units[-1][0] == _VOWEL


def _join(units: list[Unit], language: str, draw: random.Random) -> str:
    """Return the letters as one word, with a guessed short vowel where consonants meet."""
    out: list[str] = []
    for place, (kind, spelling) in enumerate(units):
        out.append(spelling)
        if kind == _VOWEL:
            continue
        coming = [unit[0] for unit in units[place + 1:place + 3]]
        if coming[:1] == [_CONSONANT]:
            needed = place == 0 or coming[1:] != [_VOWEL]
            if (needed and draw.random() < 0.88) or draw.random() < 0.3:
                out.append(draw.choice(_SHORT[language]))
        elif not coming and language == "ar" and draw.random() < 0.12:
            out.append(draw.choice(("a", "i", "u")))
    return "".join(out)

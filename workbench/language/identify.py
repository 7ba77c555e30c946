"""Which language a text is written in, also where it is a short one, a retyped one or in Latin letters."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import pandas as pd

from workbench.arguments import check_texts
from workbench.columns import UNDETERMINED
from workbench.language.arabic_script import ARABIC_SCRIPT_LANGUAGES, respell_as_persian, tell_apart
from workbench.language.detector import detect
from workbench.language.romanised import romanised_language
from workbench.language.script import script_of
from workbench.language.short_words import SHORT_WORDS

LANGUAGES: Final[tuple[str, ...]] = (
    "en", "ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi", "ur",
)

_LATIN_LANGUAGES: Final = ("en", "de", "fr", "es", "tr", "pt", "it", "nl")
_HAN_LANGUAGES: Final = ("zh", "ja")
# languages that are not ours, of which a text is told to be in none of ours
_OTHERS_IN_LATIN: Final = (
    "pl", "cs", "sk", "sl", "hr", "sv", "da", "no", "nn", "fi", "et", "hu", "ro", "vi", "id", "lt", "lv", "tl", "ca",
)
_OTHERS_IN_CYRILLIC: Final = ("uk", "bg", "sr", "mk", "be", "kk", "ky", "tg", "mn", "tt", "ba")
# a script that only one language of this world's feedback is written in says it all
_BY_SCRIPT: Final = {
    "Deva": "hi", "Jpan": "ja", "Hang": "ko", "Thai": "th", "Grek": "el", "Hebr": "he", "Armn": "hy",
    "Geor": "ka", "Beng": "bn", "Guru": "pa", "Gujr": "gu", "Orya": "or", "Taml": "ta", "Telu": "te", "Knda": "kn",
    "Mlym": "ml", "Sinh": "si", "Laoo": "lo", "Khmr": "km", "Mymr": "my", "Ethi": "am",
}
_NOT_WORDS: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S[^\s@]*@\S+\.\S+|@\w+|\d+", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_LATIN_IN_BRACKETS: Final = re.compile("[(（][^()（）A-Za-z]*[A-Za-z][^()（）]*+(?:[)）]|$)")
_LATIN_RUN: Final = re.compile("[A-Za-z\u00c0-\u024f]+")
_NOT_LATIN: Final = re.compile("[^\\W\\d_A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_DENSE: Final = frozenset({"Hani", "Jpan", "Hang", "Hira", "Kana"})
_LEAST_LETTERS: Final = 3
_LEAST_CONFIDENCE: Final = 0.3
_SURE: Final = 0.99
_CLEAR: Final = 0.95
# chosen on the training split of SIB-200, cut to 12 and 25 characters
_WEIGHT_OF_A_WORD: Final = 0.6
_FLOOR: Final = 1e-3
_AHEAD: Final = math.exp(2)
_NEAR: Final = math.exp(-1)
_FEW_WORDS: Final = 40  # characters
_SURE_OF_WORDS: Final = 0.9
_LEAST_CYRILLIC: Final = 15  # letters: Russian is by far the commonest

Answer = tuple[str, float, bool]
_CANNOT_TELL: Final[Answer] = (UNDETERMINED, 0.0, False)


@cache
def _common_words(language: str) -> frozenset[str]:
    from stopwordsiso import stopwords

    return frozenset(stopwords(language)) | SHORT_WORDS.get(language, frozenset())


def _weigh_words(text: str, chances: Mapping[str, float]) -> dict[str, float]:
    """Return how likely a short text is in each language, every common word of a language speaking for it."""
    words = set(_WORD.findall(text.lower()))
    return {language: (confidence + _FLOOR) * math.exp(_WEIGHT_OF_A_WORD * len(words & _common_words(language)))
            for language, confidence in chances.items()}


def _heard(texts: Sequence[str], languages: tuple[str, ...]) -> list[dict[str, float]]:
    return [dict(zip(languages, row, strict=True)) for row in detect(texts, languages).tolist()]


def _surest(chances: Mapping[str, float]) -> tuple[str, float]:
    language = max(chances, key=lambda code: chances[code])
    return language, chances[language]


def _in_latin_script(texts: list[str]) -> list[Answer]:
    answers = [(language, confidence, True) if language else _CANNOT_TELL
               for language, confidence in map(romanised_language, texts)]
    asked = [place for place, text in enumerate(texts)
             if not answers[place][2] and len(_LETTERS.findall(text)) >= _LEAST_LETTERS]
    some = [texts[place] for place in asked]
    for place, answer in zip(asked, _among(some, _LATIN_LANGUAGES, _OTHERS_IN_LATIN), strict=True):
        answers[place] = answer
    return answers


def _in_cyrillic(texts: list[str]) -> list[Answer]:
    """Return Russian for whatever is not clearly in another language."""
    answers: list[Answer] = [("ru", _SURE, False)] * len(texts)
    asked = [place for place, text in enumerate(texts) if len(_LETTERS.findall(text)) >= _LEAST_CYRILLIC]
    some = [texts[place] for place in asked]
    for place, answer in zip(asked, _among(some, ("ru",), _OTHERS_IN_CYRILLIC), strict=True):
        answers[place] = answer if answer[0] == UNDETERMINED else answers[place]
    return answers


def _among(texts: list[str], ours: tuple[str, ...], others: tuple[str, ...]) -> list[Answer]:
    """Return which of our languages each text is in; none where one of the others is several times as likely."""
    answers: list[Answer] = []
    every = (*ours, *others)
    for text, row in zip(texts, detect(texts, every).tolist(), strict=True):
        own, rest = row[: len(ours)], row[len(ours) :]
        total = math.fsum(own)
        if alone := _only_one_with(text, ours):
            answers.append((alone, _SURE_OF_WORDS, False))
        elif max(rest) > _NEAR * max(own) and _is_another(text, dict(zip(every, row, strict=True)), ours):
            answers.append((UNDETERMINED, 1.0 - total, False))
        else:
            answers.append(_likeliest(text, {language: chance / (total or 1.0)
                                             for language, chance in zip(ours, own, strict=True)}))
    return answers


def _only_one_with(text: str, languages: tuple[str, ...]) -> str:
    """Return the only language in which every word of a few is common, and one of short feedback; '' for none."""
    words = set(_WORD.findall(text.lower())) if len(text) <= _FEW_WORDS else set()
    found = [language for language in languages
             if not words.isdisjoint(SHORT_WORDS.get(language, ())) and words <= _common_words(language)]
    return found[0] if len(found) == 1 else ""


def _likeliest(text: str, chances: Mapping[str, float]) -> Answer:
    language, confidence = _surest(chances)
    if confidence < _CLEAR:
        weights = _weigh_words(text, chances)
        language = max(weights, key=lambda code: (weights[code], code))
        confidence = weights[language] / math.fsum(weights.values())
    return (language, confidence, False) if confidence >= _LEAST_CONFIDENCE else _CANNOT_TELL


def _is_another(text: str, chances: Mapping[str, float], ours: tuple[str, ...]) -> bool:
    """Return whether a language that is not ours is several times as likely as each of ours, words weighed in."""
    weights = _weigh_words(text, chances)
    return max(weights[language] for language in weights if language not in ours) > \
        _AHEAD * max(weights[language] for language in ours)


def _in_arabic_script(texts: list[str]) -> list[Answer]:
    texts = [_STRETCHED.sub(r"\1", text) for text in texts]  # each letter would be weighed as often as it stands
    respelt = [respell_as_persian(text) for text in texts]
    heard = _heard([*texts, *respelt], ARABIC_SCRIPT_LANGUAGES)
    answers: list[Answer] = []
    for text, typed, other in zip(texts, heard[: len(texts)], heard[len(texts) :], strict=True):
        chances = tell_apart(text, typed, other)
        language = max(chances, key=lambda code: (chances[code], code))
        answers.append((language, chances[language], False))
    return answers


def _in_han_letters(texts: list[str]) -> list[Answer]:
    return [(*_surest(chances), False) for chances in _heard(texts, _HAN_LANGUAGES)]


def _script_of_language(text: str) -> str:
    """Return the script that a text's sentences are in; Latin names within other scripts do not count.

    A letter of Chinese, Japanese or Korean says as much as three Latin ones.
    """
    script = script_of(text)
    if script != "Latn":
        return script
    rest = _LATIN_IN_BRACKETS.sub(" ", text)
    other = "".join(_NOT_LATIN.findall(rest))
    if not other:
        return script
    latin = _LATIN_RUN.findall(rest)
    weight = 3 if script_of(other) in _DENSE else 1
    names = all(word[0].isupper() or word[0].isdigit() for word in latin)
    ahead = weight * len(other) > sum(map(len, latin)) or (names and 2 * weight * len(other) > sum(map(len, latin)))
    return script_of(other) if ahead else script


def _identify(texts: list[str]) -> list[Answer]:
    """Return the answer for each text; those of one script are asked about together."""
    scripts = [_script_of_language(text) for text in texts]
    answers = [_by_script(script) for script in scripts]
    for script, ask in _ASKED.items():
        places = [place for place, found in enumerate(scripts) if found == script]
        keep = _keep_digits if script == "Latn" else " "
        words = [_NOT_WORDS.sub(keep, texts[place]) for place in places]
        for place, answer in zip(places, ask(words), strict=True):
            answers[place] = answer
    return answers


_ASKED: Final = {"Latn": _in_latin_script, "Cyrl": _in_cyrillic, "Arab": _in_arabic_script, "Hani": _in_han_letters}


def _by_script(script: str) -> Answer:
    language = _BY_SCRIPT.get(script, UNDETERMINED)
    return language, _SURE if language != UNDETERMINED else 0.0, False


def _keep_digits(match: re.Match[str]) -> str:
    """Keep digits (they are letters in Arabizi), drop addresses."""
    return match.group() if match.group().isdigit() else " "


def identify_languages(texts: Sequence[str]) -> pd.DataFrame:
    """Return the language of every text, how sure that is, and whether it is romanised.

    A detector (py3langid) is asked among the languages of ``LANGUAGES`` that the text's script allows, and common words
    are weighed where it is in doubt. Where a widespread language that is not among them, such as Polish or Indonesian,
    is several times as likely as each of them, the text is in none. Text in Arabic script gets a second opinion, since
    Persian is often typed with Arabic letters; Latin letters are searched for Arabic, Persian and Hindi first. Every
    different text is read once.

    Parameters
    ----------
    texts
        Texts of any length.

    Returns
    -------
    pandas.DataFrame
        One row a text, in order: ``language`` (ISO 639-1; one of ``LANGUAGES`` or the only language of its script;
        ``"und"`` where it is another one or cannot be told), ``confidence`` (0 to 1; of ``"und"`` how sure it is that
        it is another one, 0 where nothing can be told), ``romanised`` (Arabic, Persian or Hindi in Latin letters).

    Examples
    --------
    >>> comments = ["Lieferung kam zu spät", "خيلي كند است", "الخدمة ممتازة", "el net ba2alo 3 ayam", "👍 10/10",
    ...     "Paczka przyszła za późno"]
    >>> identify_languages(comments)[["language", "romanised"]].values.tolist()
    [['de', False], ['fa', False], ['ar', False], ['ar', True], ['und', False], ['und', False]]
    """
    check_texts("texts", texts)
    distinct = list(dict.fromkeys(texts))
    answers = dict(zip(distinct, _identify(distinct), strict=True))
    rows = [answers[text] for text in texts]
    return pd.DataFrame({
        "language": pd.Series([row[0] for row in rows], dtype="str"),
        "confidence": pd.Series([row[1] for row in rows], dtype="float64"),
        "romanised": pd.Series([row[2] for row in rows], dtype="bool"),
    })

"""Which language a text is written in, also where it is a short one, a retyped one or in Latin letters."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from workbench.columns import UNDETERMINED
from workbench.language.arabic_script import ARABIC_SCRIPT_LANGUAGES, respell_as_persian, tell_apart
from workbench.language.romanised import romanised_language
from workbench.language.script import script_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES: Final[tuple[str, ...]] = (
    "en", "ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi", "ur",
)

_LATIN_LANGUAGES: Final = ("en", "de", "fr", "es", "tr", "pt", "it", "nl")
# a script that only one language of this world's feedback is written in says it all
_BY_SCRIPT: Final = {
    "Cyrl": "ru", "Deva": "hi", "Jpan": "ja", "Hang": "ko", "Thai": "th", "Grek": "el", "Hebr": "he", "Armn": "hy",
    "Geor": "ka", "Beng": "bn", "Guru": "pa", "Gujr": "gu", "Orya": "or", "Taml": "ta", "Telu": "te", "Knda": "kn",
    "Mlym": "ml", "Sinh": "si", "Laoo": "lo", "Khmr": "km", "Mymr": "my", "Ethi": "am",
}
_NOT_WORDS: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|@\w+|\d+", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_LATIN_IN_BRACKETS: Final = re.compile("[(（][^()（）]*[A-Za-z][^()（）]*(?:[)）]|$)")
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

Answer = tuple[str, float, bool]
_CANNOT_TELL: Final[Answer] = (UNDETERMINED, 0.0, False)


@cache
def _whole_detector() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE
    from py3langid.langid import LanguageIdentifier as Detector

    return Detector.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _detector(languages: tuple[str, ...]) -> LanguageIdentifier:
    detector = copy.copy(_whole_detector())
    detector.set_languages(list(languages))
    return detector


def _in_latin_script(text: str) -> Answer:
    language, confidence = romanised_language(text)
    if language:
        return language, confidence, True
    if len(_LETTERS.findall(text)) < _LEAST_LETTERS:
        return _CANNOT_TELL
    language, confidence = _detector(_LATIN_LANGUAGES).classify(text)
    if confidence < _CLEAR:
        language, confidence = _weigh_words(text)
    return (language, confidence, False) if confidence >= _LEAST_CONFIDENCE else _CANNOT_TELL


@cache
def _common_words(language: str) -> frozenset[str]:
    from stopwordsiso import stopwords

    return frozenset(stopwords(language))


def _weigh_words(text: str) -> tuple[str, float]:
    """Return the likeliest language of a short text, every common word of a language speaking for it."""
    words = set(_WORD.findall(text.lower()))
    weights = {
        language: (confidence + _FLOOR) * math.exp(_WEIGHT_OF_A_WORD * len(words & _common_words(language)))
        for language, confidence in _detector(_LATIN_LANGUAGES).rank(text)
    }
    language = max(weights, key=lambda code: (weights[code], code))
    return language, weights[language] / sum(weights.values())


def _in_arabic_script(text: str) -> Answer:
    detector = _detector(ARABIC_SCRIPT_LANGUAGES)
    chances = tell_apart(text, dict(detector.rank(text)), dict(detector.rank(respell_as_persian(text))))
    language = max(chances, key=lambda code: (chances[code], code))
    return language, chances[language], False


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


def _identify(text: str) -> Answer:
    script = _script_of_language(text)
    if script == "Zyyy":
        return _CANNOT_TELL
    words = _NOT_WORDS.sub(" ", text) if script != "Latn" else _NOT_WORDS.sub(_keep_digits, text)
    if script == "Latn":
        return _in_latin_script(words)
    if script == "Arab":
        return _in_arabic_script(words)
    if script == "Hani":
        language, confidence = _detector(("zh", "ja")).classify(words)
        return language, confidence, False
    language = _BY_SCRIPT.get(script, UNDETERMINED)
    return language, _SURE if language != UNDETERMINED else 0.0, False


def _keep_digits(match: re.Match[str]) -> str:
    """Keep digits (they are letters in Arabizi), drop addresses."""
    return match.group() if match.group().isdigit() else " "


def identify_languages(texts: Sequence[str]) -> pd.DataFrame:
    """Return the language of every text, how sure that is, and whether it is romanised.

    A detector restricted to the stated languages (py3langid) is asked among those that the text's script allows,
    and common words are weighed where it is in doubt. Text in Arabic script gets a second
    opinion, since Persian is often typed with Arabic letters; Latin letters are searched for Arabic, Persian and Hindi
    first. Every different text is read once.

    Parameters
    ----------
    texts
        Texts of any length.

    Returns
    -------
    pandas.DataFrame
        One row a text, in order: ``language`` (ISO 639-1; one of ``LANGUAGES`` or the only language of its script;
        ``"und"`` where it cannot be told), ``confidence`` (0 to 1), ``romanised`` (Arabic, Persian or
        Hindi in Latin letters).

    Examples
    --------
    >>> comments = ["Lieferung kam zu spät", "خيلي كند است", "الخدمة ممتازة", "el net ba2alo 3 ayam", "👍 10/10"]
    >>> identify_languages(comments)[["language", "romanised"]].values.tolist()
    [['de', False], ['fa', False], ['ar', False], ['ar', True], ['und', False]]
    """
    answers = {text: _identify(text) for text in dict.fromkeys(texts)}
    rows = [answers[text] for text in texts]
    return pd.DataFrame({
        "language": pd.Series([row[0] for row in rows], dtype="str"),
        "confidence": pd.Series([row[1] for row in rows], dtype="float64"),
        "romanised": pd.Series([row[2] for row in rows], dtype="bool"),
    })

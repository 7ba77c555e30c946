"""Comments that say nothing ("n/a", "لا شيء", "特になし"), and text that no customer wrote ("Sent from my iPhone")."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import pandas as pd

from workbench.arguments import check_columns, check_text, remembered
from workbench.language.formulas import BOILERPLATE, NOTHING, WEB_LINE
from workbench.language.normalise import counting_key
from workbench.language.stop_lists import word_set

_FILLERS: Final = re.compile(
    r"\b(?:at the moment|right now|for now|so far|at this time|currently|sorry|thanks|thank you|im moment|derzeit"
    r"|zurzeit|zur zeit|danke|pour le moment|pour l'instant|merci|por ahora|de momento|gracias|por enquanto"
    r"|obrigad[oa]|per ora|al momento|grazie|op dit moment|bedankt|su an(?:da|lik)?|simdilik|tesekkurler|пока"
    r"|спасибо)\b"
)
_NOT_WORDS: Final = re.compile(r"[^\w\s']|_")
_SPACES: Final = re.compile(r"\s+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_REPEATED: Final = re.compile(r"([^\W\d_])\1{2,}")
_EMOJI_SAYS: Final = re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]")
_ADDED_KINDNESS: Final = re.compile(r"(?: (?:شكرا|شكرا لكم|ممنون|مرسی|تشکر|متشکرم|با تشکر|धन्यवाद|شکریہ|谢谢|请))+$")
_LONGEST: Final = 60
_TYPO_FROM: Final = 6


def _plain(text: str) -> str:
    """Return a text as it is compared: counting key without regard to language, without punctuation."""
    key = _fold(text)
    key = _SPACES.sub(" ", _NOT_WORDS.sub(" ", key)).strip().strip("'")
    return _REPEATED.sub(r"\1", key)


def _fold(text: str) -> str:
    folded = counting_key(text, "fa").replace("ё", "е").replace("ı", "i")
    if folded.isascii():
        return folded
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


_PHRASES: Final = frozenset(
    plain for line in NOTHING.splitlines() for phrase in line.split("|") if (plain := _plain(phrase)))
_PHRASES_BY_LENGTH: Final = {
    length: tuple(sorted(phrase for phrase in _PHRASES if len(phrase) == length))
    for length in sorted({len(phrase) for phrase in _PHRASES})
}
# one slip of the key away from a phrase, and yet words of their own
_REAL_WORDS: Final = frozenset(map(_plain, word_set("""
    nicht noting nothings noticing nicely nones niente leggere nadal enada ничья ничего нечего keinen keines keinem
    keine anfragen geenen goede idee
"""))) - _PHRASES


@remembered(100_000)
def says_nothing(text: str) -> bool:
    """Return whether an answer says nothing: it is blank, a dash, or a way to say "nothing".

    Whole answers are compared, whatever their case, punctuation, spelling of Arabic and Persian letters, and with
    one slip of the key in the longer ones. A short answer that says something ("bad", "nothing works", an emoji)
    is never meant.

    Parameters
    ----------
    text
        A whole comment.

    Returns
    -------
    bool
        True if it says nothing.

    Examples
    --------
    >>> [says_nothing(text) for text in ("N/A", "نظري ندارم.", "特になし", "Keine Angabe", "لا شيء", "—")]
    [True, True, True, True, True, True]
    >>> [says_nothing(text) for text in ("bad", "عالی", "nothing works", "没有信号", "👍", "10")]
    [False, False, False, False, False, False]
    """
    check_text("text", text)
    if len(text) > _LONGEST:
        return not text.strip()
    if _EMOJI_SAYS.search(text):
        return False
    plain = _plain(text)
    if not plain:
        return True
    if plain in _PHRASES:
        return True
    shorter = _plain(_ADDED_KINDNESS.sub("", _FILLERS.sub(" ", plain)))
    return shorter in _PHRASES or _is_slip(plain)


def _is_slip(plain: str) -> bool:
    """Return whether `plain` is one inserted, lost, changed or swapped letter away from a longer phrase."""
    if len(plain) < _TYPO_FROM or plain in _REAL_WORDS or any(map(str.isdigit, plain)):
        return False
    return any(
        _one_slip(plain, phrase)
        for length in (len(plain) - 1, len(plain), len(plain) + 1) if length >= _TYPO_FROM
        for phrase in _PHRASES_BY_LENGTH.get(length, ())
        if phrase[0] == plain[0] and phrase.count(" ") <= plain.count(" ") + 1
    )


def _one_slip(left: str, right: str) -> bool:
    if len(left) > len(right):
        left, right = right, left
    at = next((index for index, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), len(left))
    if len(left) < len(right):
        return left[at:] == right[at + 1:]
    return left[at + 1:] == right[at + 1:] or (
        left[at:at + 2] == right[at:at + 2][::-1] and left[at + 2:] == right[at + 2:])


_EDGES: Final = " \t\r\n.!…。！*-–—_\"'“”«»()<>|"


def is_boilerplate(text: str) -> bool:
    """Return whether a text is one that a device, a mail program or a survey put there, not a customer.

    Parameters
    ----------
    text
        A statement or a whole comment.

    Returns
    -------
    bool
        True if all of it is such a text.

    Examples
    --------
    >>> [is_boilerplate(text) for text in ("Sent from my iPhone", "Von meinem iPhone gesendet", "发自我的iPhone")]
    [True, True, True]
    >>> [is_boilerplate(text) for text in ("Sent from my house to the wrong shop, twice!", "توصيل بطيء")]
    [False, False]
    """
    check_text("text", text)
    core = text.strip(_EDGES)
    return bool(core) and bool(BOILERPLATE.fullmatch(core) or WEB_LINE.fullmatch(core))


def drop_boilerplate(statements: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that a customer wrote: no theme is made of "Sent from my iPhone".

    The comments keep their whole text; the numbers of the remaining statements stay as they were.

    Parameters
    ----------
    statements
        As `split_statements` returns them.

    Returns
    -------
    pandas.DataFrame
        The rows that are not boilerplate, in order, with a new index.

    Examples
    --------
    >>> table = pd.DataFrame({"text": ["Too slow.", "Sent from my iPhone", "خیلی کند", "ادامه مطلب", "اقرأ المزيد"]})
    >>> drop_boilerplate(table)["text"].tolist()
    ['Too slow.', 'خیلی کند']
    """
    check_columns("statements", statements, ["text"])
    kept = [not is_boilerplate(text) for text in statements["text"]]
    rest = statements[kept].reset_index(drop=True)
    rest.attrs = {}
    return rest

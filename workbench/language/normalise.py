"""Spellings brought to one form: keys for counting words, and the text that an encoder reads.

Neither is ever shown: quotes are the customer's own characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from typing import Final

from workbench.arguments import check_text, remembered
from workbench.language.script import strip_controls
from workbench.language.stop_lists import word_set

_ARABIC_LETTER: Final = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_VOWEL_SIGNS: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0640]")
# Arabic: hamza carriers to bare letters, alef maksura to yeh, teh marbuta to heh; Persian yeh and kaf to Arabic ones
_TO_ARABIC: Final = str.maketrans("أإآٱىیےئکةۀہھەۃؤ", "اااا" "يييي" "ك" "هههههه" "و", "ء")
# Persian: the same, to Persian shapes
_TO_PERSIAN: Final = str.maketrans("أإآٱىيےئكةۀہھەۃؤ", "اااا" "یییی" "ک" "هههههه" "و", "ء")
_TO_URDU: Final = str.maketrans("أإٱىيكةهۀؤ", "ااا" "یی" "ک" "ہہہ" "و", "ء")
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")
_ZWNJ: Final = "\u200c"
_JOINERS: Final = re.compile("[\u200c\u200d]+")

_PERSIAN_PREFIX: Final = re.compile(r"(?<!\w)(ن?می)[\s\u200c]+(?=\w{2})")
_PERSIAN_SUFFIX: Final = re.compile(
    r"(?<=\w)[\s\u200c]+(ها(?:یی|ی|یم|یت|یش|یمان|یتان|یشان|یمون|یتون|یشون|م|ت|ش|مون|تون|شون)?|تر(?:ین|ی)?|"
    r"ام|ات|اش|ای|ایم|اید|اند|مان|تان|شان|مون|تون|شون|گی)(?!\w)"
)
# written apart these are words of their own, and only a joiner shows that they are endings
_ONLY_AFTER_JOINER: Final = word_set("ام ات ای مان تان شان مون تون شون تر تری اش گی")
_HEH_OF_TOUCH: Final = re.compile(r"(?<=ه)[\s\u200c]ی(?!\w)")
_APOSTROPHES: Final = "’ʼ＇`"


def _compose(text: str) -> str:
    """Return the text in compatibility form, without the joined-up words that it makes of single signs.

    NFKC turns U+FDFA into eighteen letters and circled or squared letters into plain ones; only presentation forms,
    full and half width and ligatures of letters are wanted.
    """
    if text.isascii():
        return text
    text = text.replace("\ufdfa", " ").replace("\ufdfb", " ").replace("\ufdfd", " ")
    return unicodedata.normalize("NFKC", text)


def _fold_case(text: str, language: str) -> str:
    text = text.replace("I", "ı") if language in {"tr", "az"} else text
    text = text.replace("İ", "i")
    return text.lower().replace("ß", "ss") if language == "de" else text.lower()


def _join_persian(text: str) -> str:
    """Return the text with verb prefixes and endings glued on, however they were set apart."""
    if _ZWNJ not in text and len(text.split()) < 2:
        return text
    text = _PERSIAN_PREFIX.sub(r"\1", text)
    text = _HEH_OF_TOUCH.sub("", text)
    glued = _PERSIAN_SUFFIX.sub(_glue, text)
    return text if glued == text else _PERSIAN_SUFFIX.sub(_glue, glued)


def _glue(match: re.Match[str]) -> str:
    apart = _ZWNJ not in match.group()
    return match.group() if apart and match[1] in _ONLY_AFTER_JOINER else match[1]


@remembered(200_000)
def counting_key(word_or_text: str, language: str) -> str:
    """Return the form in which a word or a text is counted, so that its spellings fall together.

    Compatibility forms and width are resolved, vowel signs and tatweel go, digits become 0 to 9, letters small
    (with the dotless i in Turkish). Arabic: one alef, yeh, kaf and heh, no hamza. Persian: Persian yeh and kaf
    whatever keyboard it was, and verb prefixes and endings joined whether they were spaced, half-spaced or glued.

    Parameters
    ----------
    word_or_text
        A word or a text.
    language
        ISO 639-1.

    Returns
    -------
    str
        The key: for counting only, never to be shown.

    Examples
    --------
    >>> {counting_key(word, "fa") for word in ("می شود", "می‌شود", "میشود", "ميشود")}
    {'میشود'}
    >>> counting_key("مُنتَجـــاتٌ أصليّة", "ar"), counting_key("İADE", "tr"), counting_key("ＷｉＦｉ５", "ja")
    ('منتجات اصليه', 'iade', 'wifi5')
    """
    check_text("word_or_text", word_or_text)
    check_text("language", language)
    if word_or_text.isascii() and word_or_text.isalnum():
        return _fold_case(word_or_text, language)
    text = strip_controls(_compose(word_or_text))
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    text = _fold_case(text, language)
    if not text.isascii():
        if _ARABIC_LETTER.search(text):
            text = _fold_arabic_script(_VOWEL_SIGNS.sub("", text), language)
        text = _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match.group())), text)
        text = _JOINERS.sub("", text)
    return " ".join(text.split())


def _fold_arabic_script(text: str, language: str) -> str:
    if language == "fa":
        return _join_persian(text.translate(_TO_PERSIAN))
    if language == "ur":
        return text.translate(_TO_URDU)
    return text.translate(_TO_ARABIC)


_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\w)[@#](?=\w)[\w.]*\w(?:[\w.+-]*@[\w-]+(?:\.[\w-]+)+)?", re.IGNORECASE
)
# markup, and the placeholders that stand for redacted personal data
_TAG: Final = re.compile(
    r"<[^<>]{1,200}>|"
    r"\[(?:e-?mail|phone|card|iban|name|address|handle|url|id|order|account|ip|plate|birthdate|[a-z]+_(?:id|number))\]"
)
# five digits and more, seven in groups that are no thousands, and codes of letters and digits: orders, accounts
_LONG_NUMBER: Final = re.compile(
    r"(?<![\w.,-])(?!\d{1,3}(?:[.,  ٬]\d{3})+(?!\d))(?:\d{5,}|[+#]?\d(?:[ ./()-]{0,2}\d){6,})(?!\w)"
    r"|(?<![\w-])(?=[\w-]*\d[\w-]*\d[\w-]*\d)[A-Za-z]{1,5}[-_]?\d[\w-]{2,}(?!\w)"
)
# every address, tag and long number holds one of these
_MAY_BE_LEFT_OUT: Final = re.compile(r"[@#<\[\d]|://|www\.", re.IGNORECASE)
_ARABIC_CLITICS: Final = "(?:[وف]?(?:[بكل]?ال|لل|[بكل])?)?"
_ARABIC_SUFFIXES: Final = (
    "(?:\u200c?(?:ها|های|هایی|یی|یها|ی|ام|ات|اش|م|ت|ش|مون|تون|شون|مان|تان|شان|است|ست|ية|ي|ه|نا)){0,2}"
)
_LATIN_SUFFIXES: Final = "(?:['’]\\w{1,5}|s)?"
_CYRILLIC_SUFFIXES: Final = "(?:ом|ой|ами|а|у|е|ы|и|я|й|ь)?"


@lru_cache(maxsize=64)
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern of whole names with the particles that languages write together with them."""
    parts = []
    for name in sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name)):
        body = r"[\s\u200c-]*".join(re.escape(part) for part in name.split())
        if _ARABIC_LETTER.search(name):
            body = _either_keyboard(body)
            parts.append(rf"(?<!\w){_ARABIC_CLITICS}{body}{_ARABIC_SUFFIXES}(?!\w)")
        elif re.search("[\u0400-\u04ff]", name):
            stem = re.sub("[аяйь]\\Z", "", body)
            parts.append(rf"(?<!\w){stem}{_CYRILLIC_SUFFIXES}(?!\w)")
        elif re.search("[\u0900-\u0dff\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7af]", name):
            parts.append(body)
        else:
            parts.append(rf"(?<![^\W\u0600-\u06ff]){body}{_LATIN_SUFFIXES}(?![^\W\u0600-\u06ff\u3040-\u9fff])")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _either_keyboard(body: str) -> str:
    for letters in ("يیى", "كک", "ةه", "اأإآ"):
        body = re.sub(f"[{letters}]", f"[{letters}]", body)
    return body


def embedding_text(text: str, names: Sequence[str] = ()) -> str:
    """Return what an encoder reads of a text: its words, without addresses, numbers of orders, and names.

    Names of the company and of its products stand in comments of every subject; left in, they draw those comments
    together. Handles, tags of markup, e-mail and web addresses, and long numbers say nothing about the subject. What
    an export has escaped (``&amp;``) is read as what it stands for.

    Parameters
    ----------
    text
        A statement.
    names
        Names to leave out as whole words, in any letters; Arabic and Persian particles written together with a
        name, and genitives, go with it.

    Returns
    -------
    str
        The text with single spaces. Empty only if nothing but such things was in it.

    Examples
    --------
    >>> names = ["Telvana", "تلفانا"]
    >>> [embedding_text(text, names) for text in (
    ...     "Telvana's app is slow, see https://t.example/a1", "خدمة وتلفانا سيئة", "Auftrag 4711-0815 kam nie")]
    ['app is slow, see', 'خدمة سيئة', 'Auftrag kam nie']
    """
    check_text("text", text)
    text = strip_controls(unescape(text) if "&" in text else text)
    if _MAY_BE_LEFT_OUT.search(text):
        for pattern in (_ADDRESS, _TAG, _LONG_NUMBER):
            text = pattern.sub(" ", text)
    pattern_of_names = _name_pattern(tuple(names))
    if pattern_of_names:
        text = pattern_of_names.sub(" ", text)
    return " ".join(text.split())

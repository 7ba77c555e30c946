"""Scripts, writing direction, direction controls and digits: how a text is to be shown."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

import regex

from workbench.arguments import check_text, remembered

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

_SCRIPTS: Final = (
    ("Latn", "Latin"), ("Arab", "Arabic"), ("Cyrl", "Cyrillic"), ("Hani", "Han"), ("Hira", "Hiragana"),
    ("Kana", "Katakana"), ("Deva", "Devanagari"), ("Hang", "Hangul"), ("Thai", "Thai"), ("Grek", "Greek"),
    ("Hebr", "Hebrew"), ("Armn", "Armenian"), ("Geor", "Georgian"), ("Beng", "Bengali"), ("Guru", "Gurmukhi"),
    ("Gujr", "Gujarati"), ("Orya", "Oriya"), ("Taml", "Tamil"), ("Telu", "Telugu"), ("Knda", "Kannada"),
    ("Mlym", "Malayalam"), ("Sinh", "Sinhala"), ("Laoo", "Lao"), ("Tibt", "Tibetan"), ("Mymr", "Myanmar"),
    ("Khmr", "Khmer"), ("Ethi", "Ethiopic"), ("Mong", "Mongolian"), ("Bopo", "Bopomofo"), ("Syrc", "Syriac"),
    ("Thaa", "Thaana"), ("Cher", "Cherokee"), ("Tfng", "Tifinagh"), ("Nkoo", "Nko"),
)
_ONE_SCRIPT: Final = [(code, regex.compile(rf"\p{{Script={name}}}")) for code, name in _SCRIPTS]
_LETTER: Final = regex.compile(r"\p{L}")
# addresses are written in Latin letters in every language: they say nothing about the writer's script
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S[^\s@]*@\S+\.\S+|[@#][\w.]+", re.IGNORECASE)

_BIDI_MARKS: Final = "\u200e\u200f\u061c"
_EMBEDDINGS: Final = "\u202a\u202b"
_OVERRIDES: Final = "\u202d\u202e"
_POP_EMBEDDING: Final = "\u202c"
_ISOLATES: Final = "\u2066\u2067\u2068"
_BIDI_CONTROL: Final = re.compile(f"[{_BIDI_MARKS}\u202a-\u202e\u2066-\u2069]")
# all that takes no room on the page, save tab, line ends, and the joiners that Persian and emoji are spelt with
_CONTROL: Final = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b{_BIDI_MARKS}\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0001]"
)
_PARAGRAPH_END: Final = re.compile("([\n\r\x1c-\x1e\x85\u2029]+)")

_DIGIT: Final = re.compile(r"\d")
_PERSIAN_DIGITS: Final = "۰۱۲۳۴۵۶۷۸۹"


class _ScriptTable(dict[str, str]):
    """The script code of every character that was met, '' for what is not a letter."""

    def __missing__(self, character: str) -> str:
        code = ""
        if _LETTER.match(character):
            code = next((code for code, pattern in _ONE_SCRIPT if pattern.match(character)), "Zzzz")
        self[character] = code
        return code


class _StrengthTable(dict[str, str]):
    """'rtl' or 'ltr' of every letter that was met, '' for all else."""

    def __missing__(self, character: str) -> str:
        kind = unicodedata.bidirectional(character)
        strength = ""
        if unicodedata.category(character)[0] == "L":
            strength = "rtl" if kind in {"R", "AL"} else "ltr" if kind == "L" else ""
        self[character] = strength
        return strength


_SCRIPT_OF: Final = _ScriptTable()
_STRENGTH_OF: Final = _StrengthTable()


def _own_words(text: str) -> str:
    """Return `text` without web addresses, e-mail addresses, handles and tags, if letters are left then."""
    if "." not in text and "@" not in text and "#" not in text:
        return text
    shorter = _ADDRESS.sub(" ", text)
    return shorter if _LETTER.search(shorter) else text


def _count_scripts(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for character, count in Counter(_own_words(text)).items():
        code = _SCRIPT_OF[character]
        if code:
            counts[code] = counts.get(code, 0) + count
    return counts


@remembered(50_000)
def script_of(text: str) -> str:
    """Return the script that most letters of `text` belong to.

    Web addresses, e-mail addresses, handles and tags are left out. Han letters beside a fair share of kana are
    Japanese.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The ISO 15924 code: ``Latn``, ``Arab``, ``Cyrl``, ``Deva``, ``Jpan``, ``Hani``, ``Hang``, ``Thai`` ...;
        ``Zyyy`` where there is no letter.

    Examples
    --------
    >>> [script_of(text) for text in ("Lieferung zu spät", "app خیلی کند است", "配達が遅い", "物流很慢", "10/10 👍")]
    ['Latn', 'Arab', 'Jpan', 'Hani', 'Zyyy']
    """
    check_text("text", text)
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else "Zyyy"
    counts = _count_scripts(text)
    kana = counts.pop("Hira", 0) + counts.pop("Kana", 0)
    han = counts.pop("Hani", 0)
    if kana or han:
        counts["Jpan" if kana * 10 >= han else "Hani"] = kana + han
    return max(counts, key=lambda code: (counts[code], code)) if counts else "Zyyy"


def direction_of(text: str) -> str:
    """Return the direction that most letters of `text` are written in.

    The first strong letter, which browsers go by, is wrong for the many comments that begin with a product's
    name; it only settles a tie here.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        ``"rtl"`` or ``"ltr"``; ``"ltr"`` where there is no letter.

    Examples
    --------
    >>> [direction_of(text) for text in ("Box 3 لا يعمل منذ أسبوع", "سرعت Wi-Fi خیلی کمه", "too dear", "5/5")]
    ['rtl', 'rtl', 'ltr', 'ltr']
    """
    check_text("text", text)
    if text.isascii():
        return "ltr"
    text = _own_words(text)
    strengths = [strength for strength in map(_STRENGTH_OF.__getitem__, text) if strength]
    rightward = strengths.count("rtl")
    leftward = len(strengths) - rightward
    if rightward == leftward:
        return strengths[0] if strengths else "ltr"
    return "rtl" if rightward > leftward else "ltr"


def _stray_controls(paragraph: str) -> set[int]:
    """Return the offsets of the direction controls that are not one half of a pair, and of every override."""
    stray: set[int] = set()
    open_controls: list[int] = []
    for match in _BIDI_CONTROL.finditer(paragraph):
        at, control = match.start(), match.group()
        if control in _BIDI_MARKS:
            continue
        if control not in _POP_EMBEDDING + POP_ISOLATE:
            open_controls.append(at)
            continue
        openers = _ISOLATES if control == POP_ISOLATE else _EMBEDDINGS + _OVERRIDES
        if open_controls and paragraph[open_controls[-1]] in openers:
            opened = open_controls.pop()
            if paragraph[opened] in _OVERRIDES:
                stray |= {opened, at}
        else:
            stray.add(at)
    return stray | set(open_controls)


def isolate(text: str) -> str:
    """Return `text` so that its direction cannot reach what stands around it.

    Every paragraph is wrapped in a first-strong isolate (Unicode Standard Annex 9, X5c), because an isolate ends
    where its paragraph ends. Controls that are not one half of a pair are removed before, and so are overrides,
    which would show letters in an order in which nobody wrote them.

    Parameters
    ----------
    text
        A customer's own words.

    Returns
    -------
    str
        U+2068, the text, U+2069; an empty text stays empty.

    Examples
    --------
    >>> [ascii(isolate(text)) for text in ("late", "بد", chr(0x202E) + "spät" + chr(0x2069))]
    ["'\\\\u2068late\\\\u2069'", "'\\\\u2068\\\\u0628\\\\u062f\\\\u2069'", "'\\\\u2068sp\\\\xe4t\\\\u2069'"]
    """
    check_text("text", text)
    pieces = _PARAGRAPH_END.split(text)
    for index in range(0, len(pieces), 2):
        stray = _stray_controls(pieces[index])
        kept = "".join(character for at, character in enumerate(pieces[index]) if at not in stray)
        pieces[index] = f"{FIRST_STRONG_ISOLATE}{kept}{POP_ISOLATE}" if kept else ""
    return "".join(pieces)


def strip_controls(text: str) -> str:
    """Return `text` without direction controls and other characters that take no room on the page.

    Tabs and line ends stay, and so do the zero-width joiner and non-joiner: Persian words and emoji are spelt
    with them. Halves of surrogate pairs, which no file can hold, go too.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text without them.

    Examples
    --------
    >>> [ascii(strip_controls(text)) for text in (chr(0x202E) + "evil", "a" + chr(0x200B) + "b", "می" + chr(0x200C))]
    ["'evil'", "'ab'", "'\\\\u0645\\\\u06cc\\\\u200c'"]
    """
    check_text("text", text)
    return text if text.isprintable() else _CONTROL.sub("", text)  # none of them is printable


def to_digits(text: str, language: str) -> str:
    """Return `text` with every digit in the shape that a report in `language` uses.

    Parameters
    ----------
    text
        Any text; digits of all scripts are read.
    language
        ISO 639-1. Persian gets Persian digits, all others get 0 to 9.

    Returns
    -------
    str
        The text, as long as before.

    Examples
    --------
    >>> to_digits("48 ساعت", "fa"), to_digits("٤٨ ساعة", "ar"), to_digits("48時間", "ja")
    ('۴۸ ساعت', '48 ساعة', '48時間')
    """
    check_text("text", text)
    check_text("language", language)
    digits = _PERSIAN_DIGITS if language == "fa" else "0123456789"
    return _DIGIT.sub(lambda match: digits[unicodedata.decimal(match.group())], text)

"""Where sentences end, in every script: the marks that end one, and all that only looks like such a mark."""

from __future__ import annotations

import re
from typing import Final

from workbench.language.stop_lists import word_set

EMOJI: Final = (
    "[\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23fa\u203c\u2049\u3030\u303d"
    "\U0001f000-\U0001faff][\u200d\ufe0f\u20e3\U000e0020-\U000e007f\u2600-\u27bf\U0001f000-\U0001faff]*"
)
_CLOSERS: Final = "'\"”’»）)\\]】」』›*_"
_STOP: Final = ".!?…؟۔。！？｡।॥‼⁇⁈⁉"

MARK: Final = re.compile(
    f"(?P<line>(?<![ \t])[ \t]*[\n\r\u2028\u2029\x0b\x0c\x85]+)"
    f"|(?P<stop>[{_STOP}]+)[{_CLOSERS}]*(?:\\s*{EMOJI})*"
    f"|(?P<semicolon>[;؛；])"
    f"|(?P<emoji>{EMOJI}(?:\\s*{EMOJI})*)"
    f"|(?P<bullet>(?<![^\\s])(?:[•●▪◦‣➢►▶·](?=\\s*\\w)|[(（]?\\d{{1,2}}[).\\-–）](?=\\s+[^\\W\\d])))"
    f"|(?P<numbered>(?<![^\\s])[①-⑳])"
)
HAS_MARK: Final = re.compile(
    f"[{_STOP};؛；\n\r\u2028\u2029\x0b\x0c\x85•●▪◦‣➢►▶·①-⑳\u2600-\u27bf\U0001f000-\U0001faff]|\\d[)\\-–）]"
)
BULLET: Final = re.compile(r"\s*(?:[-*·–—]+\s+|[•●▪◦‣➢►▶①-⑳]\s*)(?=\w)")
LIST_NUMBER: Final = re.compile(r"\s*[(（]?\d{1,2}[.)\-–）]\s+(?=\w)")

_OPENERS: Final = r"""["'“”‘«„»「『(（\[【<]|www|://|@"""
HAS_PROTECTED: Final = re.compile(_OPENERS)
# at most a long sentence: a quotation mark that was never closed must not swallow the rest of a comment
PROTECTED: Final = re.compile(
    r"(?P<address>(?:https?://|www\.)[^\s<>\"。，！？、；：“”「」（）]*[\w/]|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r'|(?<![\w"])"[^"\n]{1,200}"(?!\w)|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|»[^«»\n]{1,200}«'
    r"|(?<!\w)'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w)){1,200}[.!?]'(?!\w)|(?<!\w)‘[^‘\n]{1,200}?[.!?]’(?!\w)"
    r"|「[^」\n]{1,200}」|『[^』\n]{1,200}』|(?<![:;=8xX'\-^(])\([^()\n]{1,200}(?<![:;=])\)"
    r"|（[^（）\n]{1,200}）"
    r"|\[[^\[\]\n]{1,200}\]|【[^】\n]{1,200}】|<[^<>\n]{1,200}>"
)

# never at the end of a sentence
_ABBREVIATIONS: Final = word_set("""
        dr mr mrs ms prof st vs fig approx dept est min max ext tel no nr nos vol pp ca inkl exkl ggf evtl bzw
        z.b zb d.h u.a o.ä s.o s.u v.a i.d.r hr fr frau herr str std tsd mio mrd abs art bspw sog vgl zzgl mwst
        mind max betr geb mme mlle mm env av bd tél adr réf ref p.ex c.-à-d sr sra srta ud uds vd vds pág pag
        núm num aprox p.ej ej avda sig dott dott.ssa ing geom avv spett gent es p.es art exmo exma d dª sto sta
        eng nº n.º dhr mevr bijv evt t.a.v m.b.t o.a d.w.z incl excl resp vb sn doç av cad sok mah apt no tic
        ltd alb yrd ул д кв г руб тыс млн млрд стр см т.е т.к т.н им пр пл корп тел ул. обл р-н напр डॉ श्री रु
        नं कि.मी सं प्रो मो أ.د ص.ب د م أ ت ص ش هـ ق.م ص.پ ه.ش ه.ق خ ع ک мин сек ч e.g i.e a.k.a eg ie cf rs
    """)
# at the end of one where a capital follows, or where letters have no capitals and nothing else is known
_MAY_END: Final = word_set("""
        etc usw ecc enz a.m p.m inc ltd co corp gmbh u.s u.k إلخ الخ и.т.д т.д т.п др u.s.w
    """)
# words of some language, and abbreviations only before a number ("no. 5", "art. 12")
_BEFORE_NUMBER: Final = word_set("no nos mind art est es gent num cad mah ing tic ext abs resp max")
# "500 руб. Дорого": a unit, not a title
_AMOUNT_BEFORE: Final = re.compile(r"\d\s*\Z")
_ONE_LETTER_WORDS: Final = frozenset({"a", "и", "я"})
_ORDINAL_BEFORE: Final = re.compile(
    r"\b(?:der|die|das|den|dem|des|am|vom|zum|beim|im|ab|bis|seit|mein|meinen|meine|ihr|unser|pünktlich"
    r"|schon|und|oder"
    r"|zum|bereits)\s+\d{1,2}\Z", re.IGNORECASE)
# vowel signs are no word characters to re, and yet part of a word
_SIGNS: Final = "\u064b-\u0652\u0670\u0640\u200c\u0900-\u0963\u0e31-\u0e4e"
_WORD_BEFORE: Final = re.compile(rf"[^\W\d_][\w.\-{_SIGNS}]*\Z")
NEXT: Final = re.compile(r"\s*[\"'“”«»„‘’(（¿¡\[「『*_]*(\w)")
_LETTER_GLUED: Final = re.compile(r"[^\W\d_]{2}")


def is_stop(text: str, start: int, mark_end: int, end: int) -> str:
    """Return whether a run of end marks ends a sentence: ``"yes"``, ``"weak"`` (if both sides are long) or ``""``.

    Parameters
    ----------
    text
        The comment.
    start, mark_end, end
        Where the marks begin, where they end, and where closing quotes and emoji after them end.

    Returns
    -------
    str
        ``"yes"``, ``"weak"`` or ``""``.

    Examples
    --------
    >>> [is_stop(text, at, at + 1, at + 1) for text, at in (("Late. Again", 4), ("3.5 stars", 1), ("Dr. No", 2))]
    ['yes', '', '']
    """
    marks = text[start:mark_end]
    if marks.strip(".…"):
        return "yes"
    following = text[end:end + 2]
    if not following.strip():
        return "yes"
    if len(marks) > 1 or marks == "…":
        return _after_dots(text, end)
    if not following[0].isspace() and end == mark_end:
        return _glued(text, start, end)
    return _after_full_stop(text, start, end)


def _after_dots(text: str, end: int) -> str:
    following = NEXT.match(text, end)
    return "yes" if following and following[1].isupper() else "weak"


def _glued(text: str, start: int, end: int) -> str:
    """Judge a full stop with no space behind it: a slip of the hand, a number, a name or an address."""
    before, after = text[max(start - 2, 0):start], text[end:end + 2]
    if not (_LETTER_GLUED.fullmatch(before) and _LETTER_GLUED.fullmatch(after)):
        return ""
    if "\u0600" <= before[1] <= "\u06ff" and "\u0600" <= after[0] <= "\u06ff":
        return "yes"
    if before[1].islower() and after[0].isupper() and after[1].islower():
        return "yes"
    return "yes" if before[1] >= "\u0900" and after[0] >= "\u0900" else ""


def _after_full_stop(text: str, start: int, end: int) -> str:
    following = NEXT.match(text, end)
    next_letter = following[1] if following else ""
    word = _WORD_BEFORE.search(text, max(start - 16, 0), start)
    if word is None:
        return "" if _is_ordinal(text, start, next_letter) else "yes"
    token = word.group().casefold()
    if token in _MAY_END:
        return "" if next_letter.islower() else "yes"
    if token in _BEFORE_NUMBER:
        return "" if next_letter.isdigit() else "yes"
    if next_letter.isupper() and _AMOUNT_BEFORE.search(text, max(start - 24, 0), word.start()):
        return "yes"
    if token in _ABBREVIATIONS or token.endswith("str") or _is_initial(token):
        return "yes" if word.group() == "I" else ""
    return "yes"


def _is_initial(token: str) -> bool:
    """Return whether the last part of a token is one letter, and not one that is a word."""
    last = token.rsplit(".", 1)[-1]
    without_case = last.upper() == last.lower() and last.isalpha() and "." in token
    return len(last) == 1 and (last.islower() or without_case) and token not in _ONE_LETTER_WORDS


def _is_ordinal(text: str, start: int, next_letter: str) -> bool:
    """Return whether digits before a full stop are an ordinal ("am 3. Mai", "3. kez") or a number in a list."""
    digits = re.search(r"\d+\Z", text[max(start - 6, 0):start])
    if digits is None or len(digits.group()) > 2:
        return False
    at_line_start = not text[:start - len(digits.group())].rpartition("\n")[2].strip()
    return at_line_start or next_letter.islower() or bool(_ORDINAL_BEFORE.search(text, max(start - 24, 0), start))

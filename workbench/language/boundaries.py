"""Where the statements of one comment begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from workbench.language.connectives import is_open, least_words, turning_points
from workbench.language.sentence_ends import (
    BULLET,
    HAS_MARK,
    HAS_PROTECTED,
    LIST_NUMBER,
    MARK,
    NEXT,
    PROTECTED,
    is_stop,
)

_HAS_CONTENT: Final = re.compile(r"[^\W_]")
_SIZED_LETTER: Final = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SIZED_WORD: Final = re.compile(r"(?<!\S)[^\s\w]*\w\S*")
_WIDE: Final = 0.5
_THIN: Final = 0.2
_WORDS_AT_A_MARK: Final = 3
_WORDS_AFTER_A_COMMA: Final = 2
_DIGITS: Final = re.compile(r"\d+")
_ENTITY: Final = re.compile(r"(?:&#?\w{1,8}|#\d{3,5})\Z")  # some exports lose the ampersand
_SMILEY_REST: Final = re.compile(r"['-]?[)(DPpO|/\]\[]")
_HARD_WRAP: Final = 60
_LOOK: Final = 500  # characters; nobody says fewer than four words in so many
_MOSTLY: Final = 0.8

# a place where a statement may end: where, from where its other side is counted, how many words each side needs
Cut = tuple[int, int, int]


def count_words(text: str) -> float:
    """Return how much a piece of text says, in words.

    Scripts without spaces between words are counted by letters: two for a word of Chinese or Japanese, five for
    Thai, Lao and Khmer.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    float
        0 where there is no letter or digit.

    Examples
    --------
    >>> count_words("too dear"), count_words("خیلی گران است"), count_words("太贵了吧")
    (2.0, 3.0, 2.0)
    """
    if text.isascii():
        return float(len(_SIZED_WORD.findall(text)))
    wide = _SIZED_LETTER.findall(text)
    if not wide:
        return float(len(_SIZED_WORD.findall(text)))
    rest = len(_SIZED_WORD.findall(_SIZED_LETTER.sub(" ", text)))
    return round(rest + sum(_THIN if letter < "\u2000" else _WIDE for letter in wide), 1)


def statement_spans(text: str, language: str, romanised: bool = False) -> list[tuple[int, int]]:
    """Return where the statements of a comment begin and end.

    Parameters
    ----------
    text
        A comment with at least one visible character.
    language
        ISO 639-1 of the comment; it says which connectives to look for.
    romanised
        Whether it is Arabic or Persian in Latin letters.

    Returns
    -------
    list[tuple[int, int]]
        Offsets, in order, without overlap, white space and list markers left out.

    Examples
    --------
    >>> for text, language in (("Late. Rude!", "en"), ("دیر شد ولی خوب بود", "fa"), ("物流很快。包装太差", "zh")):
    ...     print([text[start:end] for start, end in statement_spans(text, language)])
    ['Late.', 'Rude!']
    ['دیر شد', 'ولی خوب بود']
    ['物流很快。', '包装太差']
    """
    pattern = turning_points(language, romanised)
    turns = list(pattern.finditer(text)) if pattern else []
    if not turns and not HAS_MARK.search(text):
        return [_trim(text, 0, len(text))]
    protected = _protected(text)
    firm, weak, items = _marks(text, protected)
    weak += [_turn(text, match, language) for match in turns if not _within(match.end() - 1, protected)
             and not (match.groupdict().get("after") and is_open(text, match.start(), language))]
    spaces = _wide_spaces(text, language)
    return _tidy(text, _places(text, firm, sorted(weak + spaces)), items)


def _protected(text: str) -> list[tuple[int, int]]:
    """Return the spans of addresses, quotations and brackets, save one that holds nearly all of the comment."""
    if not HAS_PROTECTED.search(text):
        return []
    most = _MOSTLY * len(text.strip())
    return [match.span() for match in PROTECTED.finditer(text)
            if match["address"] or match.end() - match.start() < most]


def _within(at: int, protected: list[tuple[int, int]]) -> tuple[int, int] | None:
    before = bisect_right(protected, at, key=lambda span: span[0]) - 1
    return protected[before] if before >= 0 and at < protected[before][1] else None


def _marks(text: str, protected: list[tuple[int, int]]) -> tuple[list[int], list[Cut], set[int]]:
    """Return the places where a statement ends for certain, those where it may end, and where list items begin."""
    firm: list[int] = []
    weak: list[Cut] = []
    items: list[re.Match[str]] = []
    for match in MARK.finditer(text):
        kind = match.lastgroup
        span = _within(match.start(), protected) if protected else None
        if span:
            if kind == "stop" and match.end() >= span[1] and _capital_follows(text, match.end()):
                firm.append(match.end())
        elif kind == "line":
            if not _is_hard_wrap(text, match.start(), match.end()):
                firm.append(match.end())
        elif kind == "stop":
            verdict = is_stop(text, match.start(), match.end("stop"), match.end())
            if verdict == "yes":
                firm.append(match.end())
            elif verdict:
                weak.append((match.end(), match.end(), _WORDS_AT_A_MARK))
        elif kind == "semicolon":
            if not _is_entity_or_smiley(text, match.start()):
                weak.append((match.end(), match.end(), _WORDS_AT_A_MARK))
        elif kind == "emoji":
            weak.append((match.end(), match.end(), _WORDS_AT_A_MARK))
        else:
            items.append(match)
    begins, stops = _list_items(text, items)
    return sorted({*firm, *begins, *stops} - {0}), weak, begins


def _list_items(text: str, items: list[re.Match[str]]) -> tuple[set[int], set[int]]:
    """Return where list items begin, and where a sentence ends in a number that only looked like one."""
    numbers = [int(digits[0]) if (digits := _DIGITS.search(item.group())) else 0 for item in items]
    listed = [
        numbers.count(0) > 1 if number == 0
        else (2 in numbers[at:] if number == 1 else number - 1 in numbers[:at])
        for at, number in enumerate(numbers)
    ]
    begins = {item.start() for item, is_listed in zip(items, listed, strict=True) if is_listed}
    stops = {item.end() for item, is_listed in zip(items, listed, strict=True)
             if not is_listed and item.group().endswith(".") and is_stop(text, item.end() - 1, item.end(), item.end())}
    return begins, stops


def _capital_follows(text: str, end: int) -> bool:
    following = NEXT.match(text, end)
    return bool(following and following.start() < following.start(1) and following[1].isupper())


def _is_hard_wrap(text: str, start: int, end: int) -> bool:
    """Return whether a mail program broke the line: it is long and goes on with a small letter."""
    line = start - text.rfind("\n", 0, start) - 1
    return line >= _HARD_WRAP and text.count("\n", start, end) == 1 and text[end:end + 1].islower()


def _is_entity_or_smiley(text: str, at: int) -> bool:
    if text[at] != ";":
        return False
    return bool(_ENTITY.search(text, max(at - 10, 0), at) or _SMILEY_REST.match(text, at + 1))


def _turn(text: str, match: re.Match[str], language: str) -> Cut:
    if match.groupdict().get("after"):
        return match.end(), match.end(), least_words(language)
    comma = text[:match.start()].rstrip()[-1:] in {",", "،", "，", ";", "؛"}
    return match.start(), match.end(), _WORDS_AFTER_A_COMMA if comma else least_words(language)


def _wide_spaces(text: str, language: str) -> list[Cut]:
    """Return the spaces of languages that put them between clauses, not words."""
    if language not in {"zh", "ja", "th", "lo", "km"}:
        return []
    words = 4 if language in {"th", "lo", "km"} else _WORDS_AT_A_MARK
    return [(match.end(), match.end(), words) for match in re.finditer(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", text)]


def _places(text: str, firm: list[int], weak: list[Cut]) -> list[int]:
    """Return where to cut: at every firm place, and at a weak one if there is enough on both sides of it."""
    ends = [*firm, len(text)]
    places: list[int] = []
    last, following = 0, 0
    for at, right, words in weak:
        while ends[following] < at:
            last = ends[following]
            places.append(last)
            following += 1
        left, rest = text[max(last, at - _LOOK):at], text[right:min(ends[following], right + _LOOK)]
        if count_words(left) >= words and count_words(rest) >= words:
            places.append(at)
            last = at
    return places + ends[following:]


def _tidy(text: str, places: list[int], items: set[int]) -> list[tuple[int, int]]:
    """Return trimmed spans; one without a letter or digit joins the one before it, or else the one after it."""
    spans: list[tuple[int, int]] = []
    start = looked = 0
    for end in places:
        if _HAS_CONTENT.search(text, looked, end):
            spans.append((start, end))
            start = end
        elif spans:
            spans[-1] = (spans[-1][0], end)
            start = end
        looked = end
    if start < len(text):
        spans = [*spans[:-1], (spans[-1][0], len(text))] if spans else [(start, len(text))]
    return [_trim(text, *span, is_numbered=bool(items)) for span in spans]


def _trim(text: str, start: int, end: int, is_numbered: bool = False) -> tuple[int, int]:
    """Return the span without the white space at its ends and without a list marker."""
    marker = BULLET.match(text, start, end) or (LIST_NUMBER.match(text, start, end) if is_numbered else None)
    start = marker.end() if marker else start
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())

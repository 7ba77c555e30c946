"""Cards, bank accounts, national identity numbers and order numbers in a text whose digits were folded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Final

from workbench.feedback.announcing import ID_WORDS, ORDER_WORDS, is_announced
from workbench.feedback.checksums import (
    IBAN_LENGTHS,
    is_aadhaar,
    is_card,
    is_chinese_id,
    is_egyptian_id,
    is_french_id,
    is_gulf_id,
    is_iban,
    is_melli_code,
    is_spanish_id,
    is_turkish_id,
)
from workbench.feedback.letters import INVISIBLE, one_case

Span = tuple[int, int, str]

_GAP: Final = rf"[ .\-_{INVISIBLE}]"  # invisible direction marks stand between digits too
_RUN: Final = re.compile(rf"(?<![0-9A-Za-z])\d(?:{_GAP}{{0,2}}\d){{7,33}}(?![0-9])")
_FOURS: Final = re.compile(r"(?<![0-9A-Za-z])\d{4}(?:[/,|]\d{4}){3}(?![0-9])")
_IBAN_START: Final = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2} ?\d{2}(?=[ .\-]?[0-9A-Za-z])")
_PAIRS: Final = r"\d{2}(?P<gap>[ -]?)\d{2}(?P=gap)\d{2}(?![0-9\-])"
_SORT_CODE: Final = re.compile(rf"(?i)(?<![a-z])sort ?-?code\b[^0-9\n]{{0,12}}(?P<code>{_PAIRS})")
_ACCOUNT_AFTER: Final = re.compile(r"[^0-9\n]{0,30}(?P<account>\d{8}|\d{4} \d{4})(?![0-9])")
_ACCOUNT_BEFORE: Final = re.compile(r"(?<![0-9])(?P<account>\d{8}|\d{4} \d{4})[^0-9\n]{0,20}\Z")
_ACCOUNT_WORD: Final = re.compile(r"(?i)(?<![a-z])(?:acc(?:oun)?t?|a/c|bank)(?![a-z])")
_SORT_AND_ACCOUNT: Final = re.compile(
    r"(?<![0-9\-])(?P<code>\d{2}-\d{2}-\d{2})[ ,/]{1,3}"
    r"(?:(?i:acc(?:ount|t)?|a/c)[ .:]{1,3}(?:(?i:no|number)[ .:]{1,3})?)?(?P<account>\d{8})(?![0-9])"
)
_SPANISH: Final = re.compile(r"(?<![0-9A-Za-z])(?:\d{2}\.?\d{3}\.?\d{3}|[XYZxyz]-?\d{7})[ -]?[A-Za-z](?![0-9A-Za-z])")
_PATTERNS: Final = (
    # Italian codice fiscale; British national insurance number; Indian tax number; Mexican CURP
    re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{6}\d{2}[A-EHLMPRSTa-ehlmprst]\d{2}[A-Za-z]\d{3}[A-Za-z](?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9A-Za-z])[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9A-Za-z])[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z](?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9A-Za-z])[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d(?![0-9A-Za-z])"),
)
_CHECKS: Final[dict[int, tuple[Callable[[str], bool], ...]]] = {
    11: (is_turkish_id,), 12: (is_aadhaar,), 14: (is_egyptian_id,), 15: (is_gulf_id, is_french_id),
}
_BARE_ID: Final = re.compile(rf"(?<![0-9A-Za-z+])\d(?:{_GAP}?\d){{9,17}}[Xx]?(?![0-9A-Za-z])")
_PERSIAN: Final = re.compile("[پچژگکی]")
_ARABIC: Final = re.compile("[\u0620-\u06d3]")
_ID_VALUE: Final = re.compile(
    rf"[^\d\n,;،.]{{0,14}}?(?<![A-Za-z])(?P<value>[A-Za-z]{{0,5}}-?\d(?:{_GAP}?\d|[A-Za-z]){{4,20}})(?![0-9A-Za-z])"
)
_ORDER_VALUE: Final = re.compile(r"(?=(?:[A-Za-z\-/_]{0,12}\d){4})[0-9A-Za-z](?:[\-/_]?[0-9A-Za-z]){3,30}")
_DAY_OR_YEAR: Final = re.compile(r"(?:19|20)\d\d|\d{1,4}[\-/]\d{1,2}[\-/]\d{1,4}|\d{1,2}/\d{1,2}")
_MONEY_FOLLOWS: Final = re.compile(
    r"[ \u200c]?(?:هزار[ \u200c]?)?(?:توم[او]?ن|ریال|ريال|درهم|دينار|جنيه|ليرة|[€$£₺]"
    r"|(?i:eur|usd|euros?|reais|tl|lira|dollars?)(?![a-z]))"
)
_ORDER_SHAPE: Final = re.compile(
    r"(?<![0-9A-Za-z\-/])[A-Z]{2,5}-(?:[A-Z]{1,3}-)?\d{3,12}(?:-\d{2,8}){0,2}(?:-[A-Z])?(?![0-9A-Za-z\-/])"
    r"|(?<![0-9A-Za-z])#(?!65[12]\d\d;)\d{5,20}(?![0-9A-Za-z])"  # "#65271;" is half of an Arabic letter's entity
)


def find_sort_codes(text: str) -> Iterator[Span]:
    """Yield British sort codes and the account numbers beside them, as bank accounts.

    Six digits in pairs may be a day: they count after the words, or before eight digits where they are no day.

    Examples
    --------
    >>> for text in ("sort code 20-11-12 and 12345678", "40-47-84 12345678", "paid 12-11-25 12345678"):
    ...     print([text[start:end] for start, end, _ in find_sort_codes(text)])
    ['20-11-12', '12345678']
    ['40-47-84', '12345678']
    []
    """
    for match in _SORT_CODE.finditer(text):
        yield *match.span("code"), "iban"
        beside = _ACCOUNT_AFTER.match(text, match.end()) or _ACCOUNT_BEFORE.search(
            text, max(0, match.start() - 40), match.start())
        if beside:
            yield *beside.span("account"), "iban"
    for match in _SORT_AND_ACCOUNT.finditer(text):
        day, month = sorted(map(int, match["code"].replace(" ", "-").split("-")[:2]))
        if month > 31 or day > 12 or _ACCOUNT_WORD.search(text, max(0, match.start() - 40), match.start("account")):
            yield *match.span("code"), "iban"
            yield *match.span("account"), "iban"


def find_ibans(text: str) -> Iterator[Span]:
    """Yield every bank account number that passes mod 97 or is announced; Iranian ones also where IR was left out.

    Examples
    --------
    >>> list(find_ibans("send it to DE89 3704 0044 0532 0130 00 please"))
    [(11, 38, 'iban')]
    """
    for match in _IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(match.group()[:2].upper(), 0)
        end = _end_of(text, match.start(), length)
        if end and (is_iban(_plain(text[match.start():end]).upper()) or is_announced("iban", text, match.start())):
            yield match.start(), end, "iban"
    for match in _RUN.finditer(text):
        digits = _plain(match.group())
        if len(digits) == 24 and (is_iban("IR" + digits) or is_announced("iban", text, match.start())):
            yield *match.span(), "iban"


def find_cards(text: str) -> Iterator[Span]:
    """Yield every payment card number, also where an expiry date or a code follows it after a space.

    Examples
    --------
    >>> list(find_cards("card 4111 1111 1111 1111 12/27"))
    [(5, 24, 'card')]
    """
    for match in chain(_RUN.finditer(text), _FOURS.finditer(text)):
        for start, end in _windows(match, 13, 19):
            digits = _plain(text[start:end])
            if is_card(digits) or (len(digits) in (15, 16) and is_announced("card", text, match.start())):
                yield start, end, "card"
                break


def find_ids(text: str) -> Iterator[Span]:
    """Yield national identity numbers: by check digit, by an unmistakable shape, or after a word that announces one.

    A bare number of ten digits passes the Iranian check by chance once in eleven times, so it counts only in
    a text with Persian letters, and the Saudi one only in a text with Arabic letters.

    Examples
    --------
    >>> list(find_ids("para 12345678Z"))
    [(5, 14, 'id')]
    >>> list(find_ids("کد ملی من 0013542418"))
    [(10, 20, 'id')]
    """
    for announced in ID_WORDS.finditer(one_case(text)):
        value = _ID_VALUE.match(text, announced.end())
        if value:
            yield *value.span("value"), "id"
    for match in _SPANISH.finditer(text):
        if is_spanish_id(_plain(match.group())):
            yield *match.span(), "id"
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield *match.span(), "id"
    for match in _BARE_ID.finditer(text):
        if _is_id(_plain(match.group()), text, separated=not match.group().isalnum()):
            yield *match.span(), "id"


def find_orders(text: str) -> Iterator[Span]:
    """Yield order, customer, invoice and ticket numbers that a word or their shape announces.

    Examples
    --------
    >>> list(find_orders("Bestellnummer 7712055 steht, order 2025 nicht"))
    [(14, 21, 'order')]
    """
    for announced in ORDER_WORDS.finditer(one_case(text)):
        value = _ORDER_VALUE.match(text, announced.end())
        if value and not _DAY_OR_YEAR.fullmatch(value.group()) and not _MONEY_FOLLOWS.match(text, value.end()):
            yield *value.span(), "order"
    for match in _ORDER_SHAPE.finditer(text):
        yield *match.span(), "order"


def _is_id(digits: str, text: str, separated: bool) -> bool:
    if any(check(digits) for check in _CHECKS.get(len(digits), ())) or is_chinese_id(digits):
        return True
    if len(digits) != 10 or separated:
        return False
    return (_PERSIAN.search(text) is not None and is_melli_code(digits)) or (
        _ARABIC.search(text) is not None and is_gulf_id(digits))


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _end_of(text: str, start: int, length: int) -> int:
    """Return where `length` letters and digits end that at most one separator parts, or 0 if there are fewer."""
    place, found, gap = start, 0, 0
    while place < len(text) and found < length:
        char = text[place]
        if char.isascii() and char.isalnum():
            found, gap = found + 1, 0
        elif char in " .-\u200e\u200f" and gap < 2:
            gap += 1
        else:
            return 0
        place += 1
    follows = text[place:place + 1]
    return place if length and found == length and not (follows.isascii() and follows.isalnum()) else 0


def _windows(match: re.Match[str], shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a run of digit groups that begin and end with a group, long ones first."""
    groups = [(match.start() + part.start(), match.start() + part.end()) for part in re.finditer(r"\d+", match.group())]
    sizes = [0]
    for start, end in groups:
        sizes.append(sizes[-1] + end - start)
    for first in range(len(groups)):
        for last in range(len(groups) - 1, first - 1, -1):
            if shortest <= sizes[last + 1] - sizes[first] <= longest and _touching(groups[first:last + 1]):
                yield groups[first][0], groups[last][1]


def _touching(groups: list[tuple[int, int]]) -> bool:
    return all(right[0] - left[1] <= 2 for left, right in pairwise(groups))

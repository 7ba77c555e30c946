"""Telephone numbers in a text whose digits were folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.feedback.announcing import is_announced
from workbench.feedback.letters import INVISIBLE

REGIONS: Final = (
    "GB", "IE", "DE", "AT", "NL", "FR", "ES", "IT", "PT", "TR", "EG", "SA", "AE", "JO", "IR", "IN", "CN", "JP", "KZ",
)
_TRUNK_REGIONS: Final = tuple(region for region in REGIONS if region not in ("ES", "PT", "KZ"))
# where numbers are written without a leading zero, and what such a number opens with
_BARE: Final = {
    "ES": r"[6789]\d{8}", "PT": r"[29]\d{8}", "IT": r"3\d{8,9}", "CN": r"1[3-9]\d{9}", "IN": r"[6-9]\d{9}",
    "KZ": r"8?7\d{9}", "TR": r"5\d{9}", "IR": r"9\d{9}", "SA": r"5\d{8}", "AE": r"5\d{8}", "JO": r"7\d{8}",
}
_CANDIDATE: Final = re.compile(
    rf"(?<![0-9A-Za-z.,/€$£¥₹₺#])(?<!\d:)(?:(?:\+|00)[ {INVISIBLE}]?)?\(?\d(?:[ .\-_/(){INVISIBLE}]{{0,3}}\d){{5,16}}"
    r"(?!\d|[A-Za-z]|[.,:]\d|[ ]?[%€$£¥₹₺])"
)
_DATE: Final = re.compile(r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))(?!\d|[-/.]\d)")
_MONEY: Final = re.compile(r"\s?(?:EUR|USD|GBP|SAR|AED|EGP|JOD|IRR|INR|JPY|KZT|TL|TRY|Rs|rials?|tomans?|euros?|"
                           r"dollars?|ریال|تومان|تومن|هزار|میلیون|ريال|درهم|جنيه|دينار|元|円|रुपये|тенге|руб)", re.I)


def find_phones(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield telephone numbers: valid in international form or in one of `REGIONS`, or announced by a word.

    Dates, sums of money and version numbers are no telephone numbers. Validity is that of the
    numbering plans in the phonenumbers library, which is loaded when the first candidate appears.

    Examples
    --------
    >>> list(find_phones("call 0171 2345678 after 2026-03-14, version 10.0.19041.1"))
    [(5, 17, 'phone')]
    """
    for match in _CANDIDATE.finditer(text):
        start, end = match.span()
        written = match.group()
        if _DATE.match(written) or _MONEY.match(text, end):
            continue
        announced = is_announced("phone", text, start)
        if announced or (_is_plausible(written) and _is_valid(written)):
            yield start, end, "phone"


def _is_plausible(written: str) -> bool:
    """Groups joined by points are a version or an amount unless they look like 06.12.34.56.78 or 0171.2345678."""
    digits = re.sub(r"\D", "", written)
    if not 9 <= len(digits) <= 15 or len(set(digits)) == 1:
        return False
    if "." not in written or written.startswith(("+", "00")):
        return True
    groups = re.split(r"\D+", written.strip("("))
    return groups[0].startswith("0") and len(groups[0]) >= 2 and (len(groups) <= 3 or all(len(g) == 2 for g in groups))


def _is_valid(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    if written.startswith("+"):
        return _is_number("+" + digits, None)
    if digits.startswith("00"):
        return _is_number("+" + digits[2:], None)
    if digits.startswith("0"):
        return any(_is_number(digits, region) for region in _TRUNK_REGIONS)
    bare = any(re.fullmatch(form, digits) and _is_number(digits, region) for region, form in _BARE.items())
    return bare or (len(digits) >= 11 and _is_number("+" + digits, None))


def _is_number(digits: str, region: str | None) -> bool:
    import phonenumbers  # its metadata is large; most texts have no candidate

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False

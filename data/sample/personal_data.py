"""Invented personal data that takes the place of ``{PHONE}``, ``{CARD}``, ``{IBAN}``, ``{NATID}`` and ``{EMAIL}``.

Every value is well formed, so that a redactor can be measured on it, and belongs to nobody: telephone numbers
come from the ranges that regulators reserve for fiction (or, where a country has none, are a mobile prefix and
a row of zeros), cards start with a test range, bank codes are made up, birthdays and serial numbers are drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import check_digits as check
from draws import digits, pick, whole

PLACEHOLDER = re.compile(r"\{(PHONE|CARD|IBAN|NATID|PAN|EMAIL)(_E)?\}")
KIND = {"PHONE": "phone", "CARD": "card", "IBAN": "iban", "NATID": "national_id", "PAN": "national_id",
        "EMAIL": "email"}
EASTERN = {"fa": "۰۱۲۳۴۵۶۷۸۹", "ar": "٠١٢٣٤٥٦٧٨٩", "hi": "०१२३४५६७८९"}

# reserved for fiction: GB, IE, DE, FR; elsewhere a mobile prefix and zeros. # stands for a drawn digit
PHONES = {
    "GB": "07700 900###", "IE": "020 91# ####", "DE": "030 23125 ###", "AT": "0664 00000##", "NL": "06 1000 00##",
    "FR": "06 39 98 ## ##", "ES": "600 000 0##", "IT": "320 000 00##", "PT": "910 000 0##", "TR": "0532 000 00 ##",
    "EG": "0100 000 00##", "SA": "050 000 00##", "AE": "050 000 00##", "JO": "079 000 00##", "IR": "0912 000 00##",
    "IN": "90000 000##", "CN": "138 0000 00##", "JP": "090-0000-00##", "KZ": "+7 701 000 00 ##",
}
# what follows the check digits; letters are the invented bank, # a drawn digit
ACCOUNTS = {
    "GB": "TLVN000000########", "IE": "TLVN000000########", "DE": "99900000##########", "AT": "99900000########",
    "NL": "TLVN0#########", "FR": "9990000000###########55", "ES": "99900000############",
    "IT": "X9990000000############", "PT": "99900000###########55", "TR": "999990################",
    "EG": "9990000000###############", "SA": "99##################", "AE": "999################",
    "JO": "TLVN9990##################", "IR": "099###################", "KZ": "999#############",
}
EMAIL_NAMES = {
    "ar-058": "lawoffice.wb", "ar-308": "abu.faisal87", "de-051": "buchhaltung.holtkamp", "en-101": "pradeep.nambiar",
    "en-215": "rosalind.hargreave", "es-045": "nuria.pz", "fa-075": "m.solati", "fa-170": "parsa.term1",
    "fr-042": "thibault.lescure", "it-015": "graziella.montefusco",
}
EMAIL_WORDS = ("home.line", "post", "kitchen.table", "third.floor", "house", "write.me", "family.mail", "letterbox")


class Planted(NamedTuple):
    """A datum in the final text."""

    start: int
    end: int
    kind: str


def fill(row: dict) -> tuple[str, list[Planted], Callable[[int], int]]:
    """Return the final text, the data that replaced placeholders, and a map from written to final offsets."""
    parts, planted, moves, here, length = [], [], [], 0, 0
    for found in PLACEHOLDER.finditer(row["text"]):
        parts.append(row["text"][here:found.start()])
        length += len(parts[-1])
        value = invent(found, row)
        parts.append(value)
        planted.append(Planted(length, length + len(value), KIND[found.group(1)]))
        length += len(value)
        here = found.end()
        moves.append((here, length - here))
    parts.append(row["text"][here:])

    def final(offset: int) -> int:
        return offset + next((shift for end, shift in reversed(moves) if offset >= end), 0)

    return "".join(parts), planted, final


def invent(found: re.Match[str], row: dict) -> str:
    """Return the value for one placeholder of one comment."""
    kind, eastern = found.group(1), found.group(2)
    owner = row.get("dup_of") or row["key"]
    name = (kind, owner, found.start() if not row.get("dup_of") else "again")
    value = {"PHONE": _phone, "CARD": _card, "IBAN": _iban, "NATID": _national_id, "PAN": _pan,
             "EMAIL": _email}[kind](row["market"], owner, name)
    return value.translate(str.maketrans("0123456789", EASTERN[row["lang"]])) if eastern else value


def _draw(pattern: str, *name: object) -> str:
    drawn = iter(digits(pattern.count("#"), *name)) if "#" in pattern else iter("")
    return "".join(next(drawn) if sign == "#" else sign for sign in pattern)


def _fours(value: str) -> str:
    return " ".join(value[place:place + 4] for place in range(0, len(value), 4))


def _phone(market: str, owner: str, name: tuple) -> str:
    return _draw(PHONES[market], *name)


def _card(market: str, owner: str, name: tuple) -> str:
    start = {"IR": "60379900000", "TR": "97920000000"}.get(market, "40000000000")
    number = check.luhn(start + digits(4, *name))
    return number if whole(0, 2, *name, "spaces") == 0 else _fours(number)


def _iban(market: str, owner: str, name: tuple) -> str:
    number = check.iban(market, _draw(ACCOUNTS[market], *name))
    return number if whole(0, 1, *name, "spaces") == 0 else _fours(number)


def _email(market: str, owner: str, name: tuple) -> str:
    local = EMAIL_NAMES.get(owner) or f"{pick(EMAIL_WORDS, *name)}{digits(2, *name)}"
    return f"{local}@{pick(('example.com', 'example.org'), *name, 'domain')}"


def _pan(market: str, owner: str, name: tuple) -> str:
    letters = "".join(pick("ABCDEFGHJKLMNPQRSTUVWXYZ", *name, place) for place in range(3))
    return f"{letters}PV{digits(4, *name)}{pick('ABCDEFGHJK', *name, 'last')}"


def _birthday(name: tuple, pattern: str) -> str:
    year, month, day = whole(1951, 1999, *name, "y"), whole(1, 12, *name, "m"), whole(1, 28, *name, "d")
    return pattern.format(year=year, yy=year % 100, month=month, day=day)


def _first_valid(make: Callable[[int], str | None]) -> str:
    return next(value for value in map(make, range(50)) if value)


def _national_id(market: str, owner: str, name: tuple) -> str:
    def drawn(count: int, *more: object) -> str:
        return digits(count, *name, *more)

    ymd, dmy = "{yy:02d}{month:02d}{day:02d}", "{day:02d}{month:02d}{yy:02d}"
    makers: dict[str, Callable[[], str]] = {
        "GB": lambda: f"QQ {_fours(drawn(6))[:2]} {drawn(6)[2:4]} {drawn(6)[4:]} {pick('ABCD', *name)}",
        "IE": lambda: check.pps(drawn(7)),
        "DE": lambda: check.steuer_id(f"{whole(1, 9, *name)}{drawn(9)}"),
        "AT": lambda: _first_valid(lambda n: check.sv_number(f"{whole(1, 9, *name)}{drawn(2, n)}",
                                                             _birthday(name, dmy))),
        "NL": lambda: _first_valid(lambda n: check.bsn(f"{whole(1, 2, *name)}{drawn(7, n)}")),
        "FR": lambda: check.nir(f"2{_birthday(name, '{yy:02d}{month:02d}')}99{drawn(6)}"),
        "ES": lambda: check.dni(f"000{drawn(5)}"),
        "IT": lambda: check.codice_fiscale(f"TLVNAX{_birthday(name, '{yy:02d}')}"
                                           f"{pick('ABCDEHLMPRST', *name, 'month')}{whole(1, 28, *name):02d}Z999"),
        "PT": lambda: check.nif(f"2{drawn(7)}"),
        "TR": lambda: check.kimlik(f"{whole(1, 9, *name)}{drawn(8)}"),
        "EG": lambda: check.egyptian_id(f"2{_birthday(name, ymd)}88{drawn(4)}"),
        "SA": lambda: check.luhn(f"1{drawn(8)}"),
        "AE": lambda: "-".join(re.fullmatch(r"(784)(\d{4})(\d{7})(\d)", check.luhn(  # type: ignore[union-attr]
            f"784{_birthday(name, '{year}')}{drawn(7)}")).groups()),
        "JO": lambda: f"9{_birthday(name, '{yy:02d}')}{drawn(7)}",
        "IR": lambda: check.melli(f"00{drawn(7)}"),
        "IN": lambda: _fours(check.verhoeff(f"{whole(2, 9, *name)}{drawn(10)}")),
        "CN": lambda: check.resident_id(f"990000{_birthday(name, '{year}{month:02d}{day:02d}')}{drawn(3)}"),
        "JP": lambda: check.my_number(drawn(11)),
        "KZ": lambda: _first_valid(lambda n: check.iin(f"{_birthday(name, ymd)}4{drawn(4, n)}")),
    }
    return makers[market]()

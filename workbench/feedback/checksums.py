"""Check digits of cards, bank accounts and national identity numbers, written from their published rules."""

from __future__ import annotations

from datetime import date
from typing import Final

# Length of an IBAN by country, from the SWIFT IBAN Registry.
IBAN_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IR": 26, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}

# Verhoeff's scheme: multiplication in the dihedral group D5 and its permutation (J. Verhoeff, 1969).
_D5: Final = ("0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
              "5987604321", "6598710432", "7659821043", "8765932104", "9876543210")
_PERMUTATION: Final = ("0123456789", "1576283094", "5803796142", "8916043527",
                       "9453126870", "4286573901", "2793806415", "7046913258")
_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_CHINA_CHECKS: Final = "10X98765432"


def is_luhn(digits: str) -> bool:
    """Return whether `digits` end in their Luhn check digit (ISO/IEC 7812-1).

    Examples
    --------
    >>> [is_luhn(digits) for digits in ("4111111111111111", "4111111111111112")]
    [True, False]
    """
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Return whether `text`, capitals and digits without spaces, is an IBAN (ISO 13616, mod 97).

    Examples
    --------
    >>> [is_iban(text) for text in ("GB82WEST12345698765432", "GB82WEST12345698765431", "XX82WEST12345698765432")]
    [True, False, False]
    """
    if IBAN_LENGTHS.get(text[:2]) != len(text) or not text[2:4].isdigit():
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


def is_card(digits: str) -> bool:
    """Return whether `digits` have the length, the opening digits and the Luhn digit of a payment card.

    Examples
    --------
    >>> [is_card(digits) for digits in ("378282246310005", "1234567890123452", "0000000000000000")]
    [True, False, False]
    """
    opening = {13: ("4",), 14: ("30", "36", "38", "39"), 15: ("34", "37"), 16: tuple("2345689"), 19: ("4", "6", "9")}
    return digits.startswith(opening.get(len(digits), ("none",))) and len(set(digits)) > 1 and is_luhn(digits)


def is_melli_code(digits: str) -> bool:
    """Return whether 10 `digits` are an Iranian national code (weights 10 to 2, mod 11).

    Examples
    --------
    >>> [is_melli_code(digits) for digits in ("0013542419", "0013542418", "1111111111")]
    [True, False, False]
    """
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return int(digits[9]) == (rest if rest < 2 else 11 - rest)


def is_turkish_id(digits: str) -> bool:
    """Return whether 11 `digits` are a Turkish identity number (two check digits).

    Examples
    --------
    >>> [is_turkish_id(digits) for digits in ("10000000146", "10000000147")]
    [True, False]
    """
    if len(digits) != 11 or digits[0] == "0":
        return False
    values = [int(digit) for digit in digits]
    tenth = (7 * sum(values[0:9:2]) - sum(values[1:8:2])) % 10
    return values[9] == tenth and values[10] == sum(values[:10]) % 10


def is_gulf_id(digits: str) -> bool:
    """Return whether `digits` are a Saudi (10, opening 1 or 2) or Emirati (15, opening 784) identity number.

    Examples
    --------
    >>> [is_gulf_id(digits) for digits in ("1000000008", "784198012345678", "784300012345672", "3000000008")]
    [True, True, False, False]
    """
    saudi = len(digits) == 10 and digits[0] in "12"
    emirati = len(digits) == 15 and digits.startswith("784") and digits[3:5] in ("19", "20")
    return (saudi or emirati) and is_luhn(digits)


def is_egyptian_id(digits: str) -> bool:
    """Return whether 14 `digits` have the century, birth date and governorate of an Egyptian national number.

    Examples
    --------
    >>> [is_egyptian_id(digits) for digits in ("29001011234567", "29013011234567")]
    [True, False]
    """
    if len(digits) != 14 or digits[0] not in "23" or not (1 <= int(digits[7:9]) <= 35 or digits[7:9] == "88"):
        return False
    return _is_date(("19" if digits[0] == "2" else "20") + digits[1:7])


def is_aadhaar(digits: str) -> bool:
    """Return whether 12 `digits` are an Indian Aadhaar number (opening 2 to 9, Verhoeff).

    Examples
    --------
    >>> [is_aadhaar(digits) for digits in ("234123412346", "234123412347")]
    [True, False]
    """
    if len(digits) != 12 or digits[0] in "01":
        return False
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_D5[check][int(_PERMUTATION[place % 8][int(digit)])])
    return check == 0


def is_chinese_id(text: str) -> bool:
    """Return whether 18 characters are a Chinese resident number (GB 11643-1999).

    Examples
    --------
    >>> [is_chinese_id(text) for text in ("11010519491231002X", "110105194912310021")]
    [True, False]
    """
    if len(text) != 18 or not text[:17].isdigit() or not _is_date(text[6:14]):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return _CHINA_CHECKS[total % 11] == text[17].upper()


def is_spanish_id(text: str) -> bool:
    """Return whether `text` is a Spanish DNI or NIE: the letter is the number mod 23.

    Examples
    --------
    >>> [is_spanish_id(text) for text in ("12345678Z", "X1234567L", "12345678A")]
    [True, True, False]
    """
    number = text[:-1].upper()
    if number[:1] in "XYZ":
        number = str("XYZ".index(number[0])) + number[1:]
    return len(number) == 8 and number.isdigit() and text[-1].upper() == _DNI_LETTERS[int(number) % 23]


def is_french_id(digits: str) -> bool:
    """Return whether 15 `digits` are a French social security number (key = 97 - number mod 97).

    Examples
    --------
    >>> [is_french_id(digits) for digits in ("255081416802538", "255081416802539")]
    [True, False]
    """
    return len(digits) == 15 and digits[0] in "12" and 97 - int(digits[:13]) % 97 == int(digits[13:])


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True

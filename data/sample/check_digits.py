"""Check digits of cards, accounts and national numbers; each follows the rule that the issuing country publishes."""

from __future__ import annotations

_DIHEDRAL = [[(a + b) % 5 if a < 5 and b < 5 else
              5 + (a + b) % 5 if a < 5 else
              5 + (a - 5 - b) % 5 if b < 5 else
              (a - b) % 5 for b in range(10)] for a in range(10)]
_SHUFFLE = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    _SHUFFLE.append([_SHUFFLE[-1][_SHUFFLE[1][digit]] for digit in range(10)])

_CODICE_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
    2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23], strict=True))


def _numbers(text: str) -> list[int]:
    return [int(sign) for sign in text]


def luhn_sum(number: str) -> int:
    """Return the Luhn sum of a whole number; a valid one is divisible by ten."""
    signs = _numbers(number)[::-1]
    return sum(signs[0::2]) + sum(sum(divmod(2 * sign, 10)) for sign in signs[1::2])


def luhn(number: str) -> str:
    """Append the Luhn check digit (cards, Saudi and Emirati ids)."""
    return number + str(-luhn_sum(number + "0") % 10)


def iban_rest(iban: str) -> int:
    """Return the remainder of ISO 13616: 1 for a valid account number."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97


def iban(country: str, account: str) -> str:
    """Return country, the two check digits of ISO 13616, and account."""
    return f"{country}{98 - iban_rest(country + '00' + account):02d}{account}"


def verhoeff_state(number: str) -> int:
    """Return the state after a whole number; 0 for a valid one."""
    state = 0
    for place, sign in enumerate(_numbers(number)[::-1]):
        state = _DIHEDRAL[state][_SHUFFLE[place % 8][sign]]
    return state


def verhoeff(number: str) -> str:
    """Append the Verhoeff check digit (Aadhaar)."""
    return next(number + str(last) for last in range(10) if verhoeff_state(number + str(last)) == 0)


def weighted(number: str, weights: list[int]) -> int:
    """Return the sum of digits times weights."""
    return sum(sign * weight for sign, weight in zip(_numbers(number), weights, strict=True))


def melli(nine: str) -> str:
    """Append the check digit of the Iranian national code."""
    rest = weighted(nine, list(range(10, 1, -1))) % 11
    return nine + str(rest if rest < 2 else 11 - rest)


def kimlik(nine: str) -> str:
    """Append both check digits of the Turkish identity number."""
    signs = _numbers(nine)
    tenth = (7 * sum(signs[0::2]) - sum(signs[1::2])) % 10
    return f"{nine}{tenth}{(sum(signs) + tenth) % 10}"


def dni(eight: str) -> str:
    """Append the letter of the Spanish identity number."""
    return eight + "TRWAGMYFPDXBNJZSQVHLCKE"[int(eight) % 23]


def bsn(eight: str) -> str | None:
    """Append the digit of the Dutch citizen number's eleven-test, or give none where no digit fits."""
    last = weighted(eight, list(range(9, 1, -1))) % 11
    return None if last == 10 else eight + str(last)


def nif(eight: str) -> str:
    """Append the check digit of the Portuguese tax number."""
    rest = weighted(eight, list(range(9, 1, -1))) % 11
    return eight + str(0 if rest < 2 else 11 - rest)


def codice_fiscale(fifteen: str) -> str:
    """Append the check letter of the Italian tax code."""
    total = sum(_CODICE_ODD[sign] if place % 2 == 0 else int(sign) if sign.isdigit() else ord(sign) - 65
                for place, sign in enumerate(fifteen))
    return fifteen + chr(65 + total % 26)


def nir(thirteen: str) -> str:
    """Append the two-digit key of the French social security number."""
    return f"{thirteen}{97 - int(thirteen) % 97:02d}"


def steuer_id(ten: str) -> str:
    """Append the check digit of the German tax number (ISO 7064, MOD 11,10)."""
    product = 10
    for sign in _numbers(ten):
        product = ((sign + product) % 10 or 10) * 2 % 11
    return ten + str((11 - product) % 10)


def pps(seven: str) -> str:
    """Append the check letter of the Irish public service number."""
    return seven + "WABCDEFGHIJKLMNOPQRSTUV"[weighted(seven, list(range(8, 1, -1))) % 23]


def resident_id(seventeen: str) -> str:
    """Append the check character of the Chinese identity number (ISO 7064, MOD 11-2)."""
    weights = [pow(2, place, 11) for place in range(17, 0, -1)]
    return seventeen + "10X98765432"[weighted(seventeen, weights) % 11]


def my_number(eleven: str) -> str:
    """Append the check digit of the Japanese individual number."""
    rest = weighted(eleven, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return eleven + str(0 if rest <= 1 else 11 - rest)


def iin(eleven: str) -> str | None:
    """Append the check digit of the Kazakh identity number, or give none where no digit fits."""
    rest = weighted(eleven, list(range(1, 12))) % 11
    if rest == 10:
        rest = weighted(eleven, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11
    return None if rest == 10 else eleven + str(rest)


def egyptian_id(thirteen: str) -> str:
    """Append the last digit of the Egyptian national number."""
    rest = 11 - weighted(thirteen, [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return thirteen + str(rest % 10)


def sv_number(three: str, birthday: str) -> str | None:
    """Return the Austrian insurance number with its check digit in fourth place, or none where no digit fits."""
    last = weighted(three + birthday, [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11
    return None if last == 10 else f"{three}{last}{birthday}"

"""Digits of every script read as 0 to 9, one character for one character, so that offsets stay true."""

from __future__ import annotations

import unicodedata
from typing import Final

# signs that numbers, dates and addresses are written with; each is one character for one character
_SIGNS: Final = {
    "٫": ".", "٬": ",", "−": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "－": "-", "＋": "+", "／": "/",
    "．": ".", "＠": "@", "：": ":", "（": "(", "）": ")", "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ",
    "\u3000": " ",
}


class _Plain(dict[int, str]):
    """What a character is read as; each is looked up in Unicode's tables when it is first seen."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = plain = str(unicodedata.decimal(letter, letter)) if code > 127 else letter
        return plain


_PLAIN: Final = _Plain({ord(sign): plain for sign, plain in _SIGNS.items()})


def fold_digits(text: str) -> str:
    """Return `text` with every decimal digit as 0 to 9 and number signs as ASCII, of the same length.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        As long as `text`: character i of it stands for character i of `text`.

    Examples
    --------
    >>> [fold_digits(text) for text in ("call 0171", "زنگ ۰۹۱۲", "اتصل ٠٥٠٫٥")]
    ['call 0171', 'زنگ 0912', 'اتصل 050.5']
    """
    return text if text.isascii() else text.translate(_PLAIN)

"""Bytes of a text file as text: which encoding, decided once for the file and told."""

from __future__ import annotations

import codecs
import re
from typing import Final

from workbench.errors import FeedbackError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"), (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_NOT_TEXT: Final = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"), (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"\x1f\x8b", "a compressed file"), (b"%PDF", "a PDF"),
)
_ENCODING_NAMES: Final = {
    "cp1252": "Windows-1252 (Western)", "cp1254": "Windows-1254 (Turkish)", "cp1256": "Windows-1256 (Arabic)",
    "cp1251": "Windows-1251 (Cyrillic)",
}
_RUSSIAN: Final = frozenset("оеаинт".encode("cp1251"))
_STRAY: Final = re.compile("[\udc80-\udcff]")


def decode(data: bytes, name: str) -> tuple[str, list[str]]:
    """Return the text of a file and sentences on its encoding.

    UTF-8 with or without a byte order mark, UTF-16 and UTF-32, or a Windows code page. A file that is UTF-8 but for
    a few bytes is read as UTF-8, and those bytes as Windows-1252 or, among Arabic letters, Windows-1256.

    Parameters
    ----------
    data
        The whole file.
    name
        What to call the file in messages.

    Raises
    ------
    FeedbackError
        If the file is no text or its encoding cannot be told.

    Examples
    --------
    >>> decode("Größe,نظر".encode("utf-16"), "a.csv")
    ('Größe,نظر', ['Encoding: UTF-16.'])
    >>> decode("text\\nschön und größer\\n".encode("cp1252"), "a.csv")[1]
    ['Encoding: Windows-1252 (Western), because the file is not valid UTF-8.']
    """
    for opening, what in _NOT_TEXT:
        if data.startswith(opening):
            raise FeedbackError(f"{name} should be text but is {what}: give it the suffix of its kind, or export it "
                                "as CSV.")
    for bom, codec, told in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom):], codec, name), [f"Encoding: {told}."]
    codec16 = _silent_utf16(data[:4000])
    if codec16:
        return _strict(data, codec16, name), ["Encoding: UTF-16."]
    text = data.decode("utf-8", "surrogateescape")
    stray = len(_STRAY.findall(text))
    if not stray:
        return text, ["Encoding: UTF-8."]
    others = sum(1 for char in text if char > "\x7f") - stray
    if stray <= others:
        return _repair(text, stray)
    codec = _code_page(data, name)
    return data.decode(codec, "replace"), [f"Encoding: {_ENCODING_NAMES[codec]}, because the file is not valid UTF-8."]


def _strict(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8":
            text = data.decode("utf-8", "surrogateescape")
            return _repair(text, len(_STRAY.findall(text)))[0]
        raise FeedbackError(f"{name} opens as {codec.upper()} but cannot be read as such from byte {error.start} on: "
                            "save it again as UTF-8.") from None


def _silent_utf16(data: bytes) -> str:
    """Text in UTF-16 without a mark shows by its zero bytes, all in the same half."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) * 10 < len(data):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _repair(text: str, stray: int) -> tuple[str, list[str]]:
    """Read bytes that are not UTF-8 as Windows-1252 beside Latin letters, else as what the file's script suggests."""
    arabic = len(re.findall("[\u0620-\u06d3]", text)) > sum(1 for char in text if "\u0080" <= char < "\u0250")
    lines = sum(1 for line in text.split("\n") if _STRAY.search(line))
    if arabic:
        text = re.sub("(?<![A-Za-z\udc80-\udcff])[\udc80-\udcff]+(?![A-Za-z\udc80-\udcff])", _as_arabic, text)
    western = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
    name = _ENCODING_NAMES["cp1252"] + (f" or {_ENCODING_NAMES['cp1256']}" if arabic else "")
    return text.translate(western), [f"Encoding: UTF-8; {stray} bytes in {lines} rows are not valid UTF-8 "
                                     f"and were read as {name}."]


def _as_arabic(match: re.Match[str]) -> str:
    return match.group().encode("utf-8", "surrogateescape").decode("cp1256", "replace")


def _code_page(data: bytes, name: str) -> str:
    """Tell code pages by which high bytes are common: they stand alone in Western words, in runs in other scripts."""
    high = re.findall(rb"[\x80-\xff]", data)
    letters = [byte[0] for byte in high if byte[0] >= 0xC0]
    in_runs = sum(len(run) for run in re.findall(rb"[\xc0-\xff]{3,}", data))
    if not letters:
        return "cp1252"
    if in_runs > 0.5 * len(letters):
        if letters.count(0xC7) > 0.05 * len(letters):  # alef, one letter in eight of Arabic and Persian
            return "cp1256"
        if sum(letter in _RUSSIAN for letter in letters) > 0.35 * len(letters):  # every second letter of Russian
            return "cp1251"
        raise FeedbackError(f"The encoding of {name} cannot be told: it is neither UTF-8, UTF-16 nor Windows-1252 or "
                            "1256. Save it as UTF-8 and load it again.")
    dotless = letters.count(0xFD) + letters.count(0xFE) + letters.count(0xF0)
    return "cp1254" if dotless > 0.3 * len(letters) and letters.count(0xFD) > 0.15 * len(letters) else "cp1252"

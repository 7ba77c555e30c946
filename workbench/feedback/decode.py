"""Bytes of a text file as lines: which encoding, decided once for the file and told; a block is held at a time."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

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
    "cp1251": "Windows-1251 (Cyrillic)", "cp1255": "Windows-1255 (Hebrew)", "iso8859_6": "ISO 8859-6 (Arabic)",
}
_SIGNS: Final = "€…‘’“”•–—™ŠšŽžŒœŸ\u00a0¡£§©ª«®°±²´µ·º»½¿".encode("cp1252")  # those of Western texts, beside letters
_ELSEWHERE_LETTERS: Final = "ŠšŽžŒœŸ".encode("cp1252")  # where old Macs have ä, ö, ü and é
_ENOUGH: Final = 20  # bytes that say which code page it is
_RUSSIAN: Final = frozenset("оеаинт".encode("cp1251"))
_STRAY: Final = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII: Final = re.compile("[^\\x00-\\x7f]")
_ARABIC: Final = re.compile("[\u0620-\u06d3]")
_LATIN: Final = re.compile("[\u0080-\u024f]")
_WESTERN: Final = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_BLOCK: Final = 1 << 20


class TextFile:
    """A text file: its lines, as often as they are asked for, and sentences on its encoding in ``told``.

    UTF-8 with or without a byte order mark, UTF-16 and UTF-32, or a Windows code page. A file that is UTF-8 but for
    a few bytes is read as UTF-8, and those bytes as Windows-1252 or, among Arabic letters, Windows-1256.

    Parameters
    ----------
    opener
        Opens the file's bytes anew.
    name
        What to call the file in messages.

    Raises
    ------
    FeedbackError
        If the file is no text or its encoding cannot be told.

    Examples
    --------
    >>> file = TextFile(lambda: io.BytesIO("Größe,نظر\\n1,2".encode("utf-16")), "a.csv")
    >>> list(file), file.told
    (['Größe,نظر\\n', '1,2'], ['Encoding: UTF-16.'])
    >>> TextFile(lambda: io.BytesIO("text\\nschön und größer\\n".encode("cp1252")), "a.csv").told
    ['Encoding: Windows-1252 (Western), because the file is not valid UTF-8.']
    """

    def __init__(self, opener: Callable[[], BinaryIO], name: str) -> None:
        self._open = opener
        self._name = name
        self._skip = 0
        self._codec = "utf-8"
        self._errors = "strict"
        self._arabic = False
        with opener() as file:
            head = file.read(4000)
        for opening, what in _NOT_TEXT:
            if head.startswith(opening):
                raise FeedbackError(f"{name} should be text but is {what}: give it the suffix of its kind, or export "
                                    "it as CSV.")
        self.told = [f"Encoding: {self._decide(head)}."]

    def __iter__(self) -> Iterator[str]:
        """Yield the lines with their ends, whichever those are."""
        for block in self._texts():
            yield from io.StringIO(block, newline="")

    def text(self) -> str:
        """Return the whole file."""
        return "".join(self._texts())

    def _decide(self, head: bytes) -> str:
        for bom, codec, told in _BOMS:
            if head.startswith(bom):
                self._skip, self._codec = len(bom), codec
                return told if codec != "utf-8" or self._is_valid() else self._repair(_Strays(self._blocks()))
        if wide := _silent_utf16(head):
            self._codec = wide
            return "UTF-16"
        if self._is_valid():
            return "UTF-8"
        strays = _Strays(self._blocks())
        if strays.count <= strays.others:
            return self._repair(strays)
        self._codec, self._errors = _code_page(self._blocks(), self._name), "replace"
        return f"{_ENCODING_NAMES[self._codec]}, because the file is not valid UTF-8"

    def _is_valid(self) -> bool:
        try:
            for block in self._blocks():
                block.decode()
        except UnicodeDecodeError:
            return False
        return True

    def _repair(self, strays: _Strays) -> str:
        self._errors, self._arabic = "surrogateescape", strays.arabic > strays.latin
        name = _ENCODING_NAMES["cp1252"] + (f" or {_ENCODING_NAMES['cp1256']}" if self._arabic else "")
        return (f"UTF-8; {strays.count} bytes in {strays.lines} rows are not valid UTF-8 "
                f"and were read as {name}")

    def _blocks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces that end where a line ends."""
        rest: list[bytes] = []
        with self._open() as file:
            file.read(self._skip)
            while data := file.read(_BLOCK):
                cut = data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1
                if cut:
                    yield b"".join([*rest, data[:cut]])
                    rest = []
                rest.append(data[cut:])
        if any(rest):
            yield b"".join(rest)

    def _texts(self) -> Iterator[str]:
        if self._codec.startswith("utf-16") or self._codec.startswith("utf-32"):
            yield from self._wide_texts()
            return
        for block in self._blocks():
            text = block.decode(self._codec, self._errors)
            yield text if self._errors != "surrogateescape" or text.isascii() else _repair(text, self._arabic)

    def _wide_texts(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._codec)()
        place, rest = self._skip, ""
        with self._open() as file:
            file.read(self._skip)
            while True:
                data = file.read(_BLOCK)
                waiting = len(decoder.getstate()[0])
                try:
                    text = rest + decoder.decode(data, final=not data)
                except UnicodeDecodeError as error:
                    raise FeedbackError(f"{self._name} opens as {self._codec.upper()} but cannot be read as such from "
                                        f"byte {place - waiting + error.start} on: save it again as UTF-8.") from None
                place += len(data)
                cut = len(text) if not data else text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1
                rest = text[cut:]
                if cut:
                    yield text[:cut]
                if not data:
                    return


class _Strays:
    """How many bytes of a file are not UTF-8, in how many lines, and what stands around them."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.count = self.others = self.lines = self.arabic = self.latin = 0
        for block in blocks:
            text = block.decode("utf-8", "surrogateescape")
            if text.isascii():
                continue
            found = len(_STRAY.findall(text))
            self.count += found
            self.others += len(_BEYOND_ASCII.findall(text)) - found
            self.lines += sum(1 for line in text.split("\n") if _STRAY.search(line)) if found else 0
            self.arabic += len(_ARABIC.findall(text))
            self.latin += len(_LATIN.findall(text))


def _silent_utf16(data: bytes) -> str:
    """Text in UTF-16 without a mark shows by its zero bytes, all in the same half."""
    for part in (data, data[:40]):  # all of it, or column names in Latin letters above comments in others
        even, odd = part[0::2].count(0), part[1::2].count(0)
        if max(even, odd) * 10 >= len(part) > 4 * min(even, odd):
            return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _repair(text: str, arabic: bool) -> str:
    """Read bytes that are not UTF-8 as Windows-1252 beside Latin letters, else as what the file's script suggests."""
    if arabic:
        text = re.sub("(?<![A-Za-z\udc80-\udcff])[\udc80-\udcff]+(?![A-Za-z\udc80-\udcff])", _as_arabic, text)
    return text.translate(_WESTERN)


def _as_arabic(match: re.Match[str]) -> str:
    return match.group().encode("utf-8", "surrogateescape").decode("cp1256", "replace")


def _unknown(name: str) -> FeedbackError:
    return FeedbackError(f"The encoding of {name} cannot be told: it is neither UTF-8, UTF-16 nor Windows-1252 or "
                         "1256. Save it as UTF-8 and load it again.")


def _code_page(blocks: Iterator[bytes], name: str) -> str:
    """Tell code pages by which high bytes are common: they stand alone in Western words, in runs in other scripts."""
    counts: Counter[int] = Counter()
    in_runs = 0
    for block in blocks:
        counts.update(b"".join(re.findall(rb"[\x80-\xff]+", block)))
        in_runs += sum(len(run) for run in re.findall(rb"[\xc0-\xff]{3,}", block))
    letters = sum(counts[byte] for byte in range(0xC0, 0x100))
    if in_runs > 0.5 * letters:
        if counts[0xC7] > 0.05 * letters:  # alef, one letter in eight of Arabic and Persian
            return "iso8859_6" if counts[0xEA] > counts[0xED] else "cp1256"  # yeh, which stands in different places
        if sum(counts[byte] for byte in range(0xE0, 0xFB)) > 0.99 * letters:  # neither capitals nor я
            return "cp1255"
        if sum(counts[letter] for letter in _RUSSIAN) > 0.35 * letters:  # every second letter of Russian
            return "cp1251"
        raise _unknown(name)
    odd = sum(count for byte, count in counts.items() if byte < 0xC0 and byte not in _SIGNS)
    elsewhere = sum(counts[byte] for byte in _ELSEWHERE_LETTERS)
    if counts.total() >= _ENOUGH and (odd > 0.15 * counts.total() or elsewhere > 0.5 * counts.total()):
        raise _unknown(name)
    dotless = counts[0xFD] + counts[0xFE] + counts[0xF0]
    return "cp1254" if dotless > 0.3 * letters and counts[0xFD] > 0.15 * letters else "cp1252"

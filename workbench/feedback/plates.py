"""Licence plates of vehicles in a text whose digits were folded: by a word for them, or by an unmistakable form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.feedback.letters import one_case, one_keyboard

Span = tuple[int, int, str]

_ARABIC: Final = "[\u0621-\u064a]"
_SPACED_ARABIC: Final = rf"{_ARABIC}(?:[ ]{_ARABIC}){{1,2}}"
_PERSIAN_PLATE: Final = r"\d{2}[ ]?(?:الف|[\u0621-\u064aپژچگ])[ ]?\d{3}"
_RUSSIAN_LETTER: Final = "[АВЕКМНОРСТУХABEKMHOPCTYX]"
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滬遼魯蘇贛陝閩貴寧瓊"
# forms that hardly anything else has
_SURE: Final = re.compile(
    rf"(?<![0-9\u0620-\u06d3]){_PERSIAN_PLATE}[ \-]{{0,3}}(?:[اإ]يران)[ \-]{{0,3}}\d{{2}}(?!\d)"
    r"|(?<![\w\-])[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}(?![\w\-])"
    rf"|(?<!\w){_RUSSIAN_LETTER}\d{{3}}(?<![0]{{3}})[АВЕКМНОРСТУХ]{{2}}[ ]?\d{{2,3}}(?!\w)"
    rf"|[{_PROVINCES}][A-HJ-NP-Z][·•・. ]?(?=[A-Z0-9]*\d)[A-Z0-9]{{5,6}}(?![A-Za-z0-9])"
    r"|[\u4e00-\u9fff]{2,4}[ ]?\d{3}[ ]?[\u3041-\u3093][ ]?(?:\d{2}-\d{2}|[・.]{1,3}\d{1,3})(?!\d)"
)
# the same and others, each beside a word that says what it is
_FORMS: Final = re.compile(
    r"(?i:(?<![\w\-])(?:"
    r"[a-zäöü]{1,3}[ \-][a-z]{1,2}[ ]?\d{1,4}[eh]?"  # German
    r"|[a-z]{2}\d{2}[ ]?[a-z]{3}"  # British
    r"|[a-z]{2}[ \-]?\d{3}[ \-]?[a-z]{2}"  # French, Italian
    r"|(?:0[1-9]|[1-7]\d|8[01])[ ]?[a-z]{1,3}[ ]?\d{2,5}"  # Turkish
    r"|\d{4}[ \-]?[b-df-hj-np-tv-z]{3}"  # Spanish
    r"|[a-z]{2,3}[ \-]?\d{3,4}[ \-]?[a-z]{0,3}|\d{1,3}-[a-z]{1,3}-\d{1,6}"  # Polish, Irish, Dutch and more
    r"|[a-z]{3}\d[a-z]\d{2}|\d{2}[ \-][a-z]{2,3}[ \-][a-z0-9]{1,2}|[a-z]{2}[ \-]\d{2}[ \-][a-z]{2}"  # Brazil, Portugal
    r"|[a-z]{2}[ \-]?\d{1,2}[ \-]?[a-z]{1,3}[ \-]?\d{4}|[a-z][ ]?\d{3}[ ]?[a-z]{2}[ ]?\d{2,3}|[a-z][ \-]?\d{4,5}"
    rf")(?![\w]))|(?<![0-9\u0620-\u06d3]){_PERSIAN_PLATE}[ \-]{{0,3}}\d{{2}}(?!\d)"
    rf"|(?<![\u0620-\u06d3]){_SPACED_ARABIC}[ ]?\d{{1,4}}(?!\d)|(?<!\d)\d{{1,4}}[ ]?{_SPACED_ARABIC}(?![\u0620-\u06d3])"
    r"|(?<!\w)[а-яё]\d{3}[а-яё]{2}[ ]?\d{0,3}(?!\w)"
)
_WORD: Final = (
    r"(?:(?<![a-z])(?:number[ ]?plates?|licen[cs]e[ ]?plates?|plate(?:[ ](?:no\.?|number))?|car[ ]reg|reg(?:istration)?"
    r"[ ](?:no\.?|number|plate)|vehicle[ ]reg(?:istration)?|(?:kfz-)?kennzeichen|nummernschild"
    r"|plaque[ ]d[’']immatriculation|plaque|immatricul[ée]\w*|matr[ií]cula|patente|placa|targa(?:to|ta)?|kenteken"
    r"|plaka(?:s[ıi]|m|l[ıi])?"
    r"|pelak)(?![a-z])|гос\.?[ ]?номер\w*|номер[ ]машины|پلا[كک]|شماره[ ]?(?:خودرو|ماش[يی]ن)"
    r"|لوح(?:[ةه]|ات|تها)(?:[ ](?:ال)?(?:سيار[ةه]|مركب[ةه]))?|نمر[ةه](?:[ ](?:ال)?(?:سيار[ةه]|عربي[ةه]))?"
    r"|车牌号?|車牌|ナンバー(?:プレート)?|गाड़ी नंबर)"
)
_BEFORE: Final = re.compile(rf"{_WORD}[^\d\n.!?؟]{{0,14}}$")
_AFTER: Final = re.compile(r"[ ,]{0,2}(?:plakal[ıi]|plakas[ıi]|kennzeichen|nolu araç)")
_MAY_STAND: Final = re.compile(_WORD)


def find_plates(text: str) -> Iterator[Span]:
    """Yield the licence plates of vehicles that a word announces, or whose form is that of nothing else.

    French, Iranian (with the word Iran), Russian, Chinese and Japanese plates are known by their form. German, British,
    Turkish, Spanish, Arab and other plates look like names of products, so a word such as "plate" has to stand by.

    Parameters
    ----------
    text
        A comment whose digits were folded.

    Examples
    --------
    >>> for text in ("Kennzeichen M-AB 1234 steht", "your van AB-123-CD", "پلاک 12 ب 345 - 67", "لوحة ا ب ج 1234 هنا",
    ...              "the X-T 5 and the GT12 PRO"):
    ...     print([text[start:end] for start, end, _ in find_plates(text)])
    ['M-AB 1234']
    ['AB-123-CD']
    ['12 ب 345 - 67']
    ['ا ب ج 1234']
    []
    """
    typed = one_keyboard(text)
    for match in _SURE.finditer(typed):
        yield *match.span(), "plate"
    lowered = one_case(text)
    if not _MAY_STAND.search(lowered):
        return
    for match in _FORMS.finditer(lowered):
        written = text[match.start():match.end()]
        is_word = " " in written and written != written.upper()
        if not is_word and (_BEFORE.search(lowered[max(0, match.start() - 50):match.start()])
                            or _AFTER.match(lowered, match.end())):
            yield *match.span(), "plate"

"""Postal addresses, as far as a word for a street and a house number give them away.

Best effort, with a preference for leaving a street name alone: a street without a number is no address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from workbench.feedback.letters import one_keyboard

Span = tuple[int, int, str]

_CAP: Final = r"\p{Lu}[\p{L}\p{M}'’.-]*"
_CAPS: Final = rf"{_CAP}(?:[ ]{_CAP}){{0,3}}"
_OF: Final = r"(?:(?:de|du|des|del|della|delle|dei|degli|di|da|do|das|dos|la|las|los|le|les)[ ]|(?:d|l|dell|all)['’])"
_NUMBER: Final = r"\d{1,4}(?:[ ]?(?:bis|ter)(?!\p{L})|[ ]?[A-Da-d](?![\p{L}\p{M}'’]))?"
_CODE_AND_TOWN: Final = rf"(?:,?[ ](?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:[ ][A-Z]{{2}})?[ ]{_CAP}(?:[ ]{_CAP})?)"
_TOWN: Final = rf"(?:{_CODE_AND_TOWN}|,[ ]{_CAP}(?:[ ]{_CAP})?)"
_ENDS: Final = r"(?=[ ]*(?:[,.;:!?)\n]|$))"

_ENGLISH: Final = "Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Close|Row|Walk|Court|Terrace|Crescent|Gardens|Grove|Mews"
_GERMAN: Final = "stra(?:ß|ss)e|str[.]|weg|allee|gasse|kamp|ufer|damm|platz|ring|steig|chaussee"
_DUTCH: Final = "straat|laan|weg|plein|kade|gracht|dijk|singel|steeg"
_FRENCH: Final = "rue|avenue|av[.]|boulevard|bd|impasse|chemin|allée|quai|route|place|square"
_IBERIAN: Final = (
    "[Cc]alle|[Cc]/|[Aa]vda[.]?|[Aa]v[.]|[Aa]venida|[Pp]laza|[Pp]aseo|[Rr]ua|[Tt]ravessa|[Pp]raça|[Ee]strada"
)
_ITALIAN: Final = "[Vv]iale|[Vv]ia|[Pp]iazza|[Cc]orso|[Vv]icolo"
_TURKISH: Final = r"Mahallesi|Mah[.]?|Caddesi|Cad[.]?|Soka(?:k|ğı)|Sok[.]?|Bulvarı"
_RUSSIAN: Final = r"(?:[Уу]лица|[Уу]л[.]|[Пп]роспект|[Пп]р-т|[Пп]ереулок|[Пп]ер[.])"
_ARABIC_WORD: Final = r"[\u0620-\u065f\u0670-\u06d3\u200c]+"
_FLOOR: Final = rf"(?:[ ،,]{{1,2}}(?:الدور|الطابق|شق[ةه])[ ](?:\d{{1,4}}|{_ARABIC_WORD}))"
_HAN: Final = r"\p{Han}"
_PLACE: Final = r"(?:(?![在到至从是于])\p{Han})"

_RULES: Final = tuple(regex.compile(one_keyboard(rule)) for rule in (
    rf"(?<![\w.,])\d{{1,4}}[A-Da-d]?,?[ ]{_CAPS}[ ](?:{_ENGLISH})(?![\p{{L}}]){_TOWN}?",
    rf"(?<!\p{{L}})\p{{Lu}}[\p{{L}}-]{{2,}}(?:{_GERMAN}|{_DUTCH})[ ]{_NUMBER}(?!\d)(?:{_TOWN}|(?![.,:]?\d))",
    rf"(?<!\p{{L}})(?:{_CAP}[ ])?(?:Straße|Strasse|Str[.]|Weg|Allee|Gasse)[ ]{_NUMBER}{_CODE_AND_TOWN}",
    rf"(?<![\w.,]){_NUMBER},?[ ](?i:{_FRENCH})[ ]{_OF}{{0,2}}{_CAPS}(?:[ ]à[ ]{_CAP}|{_TOWN})?",
    rf"(?<!\p{{L}})(?:{_IBERIAN})[ ]?{_OF}{{0,2}}{_CAPS},?[ ](?:n[.]?[ºo°][ ]?)?{_NUMBER}(?!\d)"
    rf"(?:,[ ]\d{{1,2}}[ºª.o°][ ]?(?:(?:izda|dcha|dto|esq)[.]?|[A-H](?!\p{{L}}))?)?{_TOWN}?",
    rf"(?<!\p{{L}})(?:{_ITALIAN})[ ]{_OF}?{_CAPS},?[ ](?:n[.][ ]?)?{_NUMBER}(?:{_TOWN}|{_ENDS})",
    rf"(?<!\p{{L}}){_CAPS}[ ](?:{_TURKISH}),?[ ](?:{_CAPS}[ ](?:{_TURKISH}),?[ ])?No[:.]?[ ]?\d{{1,4}}"
    rf"(?:[/ ][A-Z]?\d{{0,3}})?(?:[ ]Daire[:.]?[ ]?\d+)?",
    rf"(?<!\p{{L}})(?:{_CAP},[ ])?{_RUSSIAN}[ ]{_CAPS},?[ ](?:дом|д[.])?[ ]?\d{{1,4}}\p{{L}}?(?!\d)"
    rf"(?:,?[ ](?:квартира|кв[.])[ ]?\d{{1,4}})?",
    rf"(?<!\p{{L}})(?:المبنى|مبنى|عمار[ةه]|بناي[ةه]|فيلا)[ ](?:رقم[ ])?\d{{1,5}}[،,]?[ ]شارع"
    rf"(?:[ ]{_ARABIC_WORD}){{1,3}}{_FLOOR}?",
    rf"(?<!\d)\d{{1,5}}[،,]?[ ]شارع[ ]{_ARABIC_WORD}(?:[ ](?:بن|ابن|(?!الدور|الطابق|الشق)ال{_ARABIC_WORD}"
    rf"|(?<=بن[ ]){_ARABIC_WORD})){{0,3}}{_FLOOR}?",
    rf"(?<!\p{{L}})شارع(?:[ ]{_ARABIC_WORD}){{1,3}}[،,]?[ ](?:مبنى|عمار[ةه]|بناي[ةه]|فيلا|رقم)[ ]"
    rf"(?:رقم[ ])?\d{{1,5}}{_FLOOR}?",
    rf"(?<!\p{{L}})(?:{_ARABIC_WORD}[،,][ ]?)?(?:خیابان|بلوار|کوچه|کوی|میدان)[ ][^.؟!\n\d]{{2,60}}?"
    rf"(?:\d{{1,3}}[^.؟!\n\d]{{1,20}}?)?پلاک[ ]?\d{{1,4}}"
    rf"(?:[،, ]{{1,2}}(?:واحد|طبقه)[ ]?(?:\d{{1,3}}|{_ARABIC_WORD}))?",
    r"(?<=کد[ \u200c]?پستی[^\d\n]{0,14})\d{5}[- ]?\d{5}(?!\d)",  # an Iranian postcode is one of a house
    r"(?<=(?<!\p{L})(?i:cep)[^\p{L}\d\n]{0,4})\d{5}-?\d{1,3}(?![ .\-]?\d)",  # a Brazilian one of a street
    rf"(?={_HAN}{{1,30}}?[路街道巷弄]\d)(?:{_PLACE}{{2,4}}[省市区县镇]){{0,4}}{_PLACE}{{1,6}}[路街道巷弄]\d{{1,5}}[号弄](?:\d{{1,5}}(?:号楼|[弄号栋幢室]|单元))*",
    rf"{_HAN}{{2,8}}[市区町村][\p{{Han}}\p{{Hiragana}}\p{{Katakana}}ー]{{1,8}}?\d{{1,3}}(?:丁目|番地?|-)\d{{1,4}}(?:[-番の]\d{{1,4}})*号?"
    rf"(?:[ ][\p{{Katakana}}ー]{{2,12}}[ ]?{_HAN}{{0,6}}\d{{2,4}}(?:号室)?)?",
    r"(?:फ्लैट|मकान|प्लॉट)(?:[ ](?:नंबर|नं[.]?))?[ ]\d{1,4}(?:,[ ][\p{Devanagari}\p{M} ]{2,24}?){1,3}(?=[ ]में|[।.,\n]|$)",
))
_HAS_DIGIT: Final = regex.compile(r"\d")


def find_addresses(text: str) -> Iterator[Span]:
    """Yield postal addresses: a word for a street with a house number, in fifteen languages.

    Parameters
    ----------
    text
        A comment whose digits were folded.

    Examples
    --------
    >>> for text in ("to 9 Mill Lane, Hebden please", "Lindenweg 4, 12345 Musterstadt", "خیابان آزادی، پلاک 12 است"):
    ...     print([text[start:end] for start, end, _ in find_addresses(text)])
    ['9 Mill Lane, Hebden']
    ['Lindenweg 4, 12345 Musterstadt']
    ['خیابان آزادی، پلاک 12']
    >>> list(find_addresses("the shop in Mill Lane, 3 weeks, via App 24 mal"))
    []
    """
    if not _HAS_DIGIT.search(text):
        return
    typed = one_keyboard(text)
    for rule in _RULES:
        for match in rule.finditer(typed):
            yield *match.span(), "address"

"""Dates of birth in a text whose digits were folded: a date beside a word for birth, in four calendars' months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.feedback.letters import one_case, one_keyboard

Span = tuple[int, int, str]

_LATIN_MONTHS: Final = r"""
    jan(?:uary|uar|vier|uari|eiro)?|jänner|ene(?:ro)?|gen(?:naio)?|ocak|feb(?:ruary|ruar|bruar[iy]|rero|braio)?
    |février|fevereiro|f[ée]v|şubat|mar(?:ch|s|zo|ço|t)?|märz|maart|mrz|apr(?:il|ile)?|avril|abr(?:il)?|nisan|may[ıo]?
    |mai|maggio|maio|mei|mayıs|june?|juni|juin|junio|giugno|junho|haziran|july?|juli|juillet|julio|luglio|julho
    |temmuz|aug(?:ust|ustus)?|août|ago(?:sto)?|ağustos|sep(?:t(?:ember|embre|iembre)?)?|settembre|setembro|set|eylül
    |oct(?:ober|obre|ubre)?|okt(?:ober)?|ottobre|outubro|ekim|nov(?:ember|embre|iembre|embro)?|kasım
    |dec(?:ember|embre)?|dez(?:ember|embro)?|déc(?:embre)?|dic(?:iembre|embre)?|aralık
    |farvardin|ordibehesht|khordad|tir|mordad|shahrivar|mehr|aban|azar|dey|bahman|esfand
    |muharram|safar|rajab|sha[’']?ban|ramadan|shawwal|январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]
    |августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]
"""
_OTHER_MONTHS: Final = """
    يناير|فبراير|مارس|[اأ]بريل|مايو|يونيو|يونيه|يوليو|يوليه|[اأ]غسطس|سبتمبر|[اأ]كتوبر|نوفمبر|ديسمبر
    |كانون (?:الثاني|ال[اأ]ول)|شباط|[آا]ذار|نيسان|[اأ]يار|حزيران|تموز|[آا]ب|[اأ]يلول|تشرين (?:الثاني|ال[اأ]ول)
    |جانفي|فيفري|[اأ]فريل|ماي|جوان|جويلية|[اأ]وت
    |محرم|صفر|ربيع (?:ال[اآأ]?خر|الثاني|ال[اأ]ول)|جماد[يى] (?:ال[اآأ]?خر[ةه]?|الثاني[ةه]|ال[اأ]ول[يى])|رجب|شعبان
    |رمضان|شوال|ذ[وي] ?القعد[ةه]|ذ[وي] ?الحج[ةه]
    |فروردین|اردیبهشت|خرداد|تیر|مرداد|[اآ]مرداد|شهریور|مهر|[آا]بان|[آا]ذر|دی|بهمن|اسفند
    |ژانویه|فوریه|مارس|[آا]وریل|مه|ژوئن|ژوئیه|جولای|[اآ]وت|سپتامبر|اکتبر|نوامبر|دسامبر
    |जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर
"""
_CUES: Final = r"""
    (?<![a-z])(?:born(?: on| in)?(?: the)?|date of birth|birth ?date|d\.?o\.?b\.?|(?:my|his|her) birthday
    |geboren(?: am| op)?|geb\.|geburtsdatum|geburtstag|née?(?:\(e\))? le|date de naissance|anniversaire
    |nac[ií] el|naci[oó] el|nacid[oa] el|fecha de nacimiento|cumpleaños|sono nat[oa](?: il)?|nat[oa] il|data di nascita
    |compleanno|nasc(?:i|eu|ida|ido) (?:em|a|no dia)|data de nascimento|geboortedatum|verjaardag
    |do[gğ]um (?:tarihi|günü)\w*|tavallod\w*|motevalled\w*|mawalid)
    |родил(?:ся|ась)|дат[аы] рождения|день рождения|туған күн\w*
    |تاريخ (?:ال)?(?:ميلاد|ولاد[ةه]|مولد)\w*|عيد ميلاد\w*|(?:من )?مواليد|ولدت|مولود[ةه]?
    |متولد|تاریخ تولد\w*|تولدم|زاده(?=[ :]*\d)
    |出生日期|出生于|出生|生日|生年月日|誕生日|जन्म ?(?:तिथि|दिन|तारीख)?
"""
_LINKS: Final = r"""
    (?:is|was|the|on|am|den|ist|war|est|c[’']est|es|el|le|il|è|é|em|op|den|a|dia|olan|tarihim|tarihi|benim|yawm|год[а]?
    |هو|هي|في|يوم|بتاريخ|به|در|روز|تاریخ|من|عام|是|为|は|है)(?!\w)
"""
_CUES_AFTER: Final = r"""
    geboren|do[gğ]umlu|do[gğ]dum|tarihinde do[gğ]|года? рождения|г\. ?р\.|به دنیا [آا]مد|متولد شد|生まれ|出生
    |को (?:मेरा )?जन्म
"""


def _joined(words: str) -> str:
    return one_keyboard(re.sub(r"\n\s*", "", words))


_MONTH: Final = rf"(?:(?:{_joined(_LATIN_MONTHS)})(?![a-zà-ÿ])\.?|(?:{_joined(_OTHER_MONTHS)})(?![\u0620-\u06d3]))"
_DATE: Final = (
    r"(?:\d{1,2} ?[./\-] ?\d{1,2} ?[./\-] ?(?:\d{4}|\d{2})|\d{4} ?[./\-] ?\d{1,2} ?[./\-] ?\d{1,2}|\d{8}"
    r"|(?:平成|昭和|令和|大正)?\d{1,4} ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?[日号])?|\d{1,2} ?月 ?\d{1,2} ?[日号]"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º|°|-?[еуоao])?(?: (?:of|de|d[’']|من|از|شهر|ماه))? ?{_MONTH}"
    r"(?:(?: (?:de|del|سنة|سنه|عام|سال|ماه))?,? ?\d{2,4})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}[./]\d{{1,2}}\.?)(?!\d|[:%]\d)"
)
_CUE: Final = re.compile(_joined(_CUES))
_AFTER_CUE: Final = re.compile(rf"[\s:=(,\-–*]{{0,4}}(?:{_joined(_LINKS)}[\s:]{{0,3}}){{0,3}}(?P<date>{_DATE})")
_BEFORE_CUE: Final = re.compile(
    rf"(?<![\d./:\-])(?P<date>{_DATE})(?=[ ,]{{0,2}}(?:\w+ )??(?:{_joined(_CUES_AFTER)}))")
_SOON: Final = re.compile(_joined(_CUES_AFTER))


def find_birthdates(text: str) -> Iterator[Span]:
    """Yield dates beside a word for birth; any other date, and a year alone, stays.

    Days and months may be written in digits or with the month's name in the Gregorian, the Jalali or the Hijri
    calendar. Nothing but a linking word may stand between the word and the date, so that the day on which a birthday
    present came is not taken for a birthday.

    Parameters
    ----------
    text
        A comment whose digits were folded.

    Examples
    --------
    >>> for text in ("I was born on 14 March 1958, so", "متولد 3 خرداد 1362 هستم", "تاريخ ميلادي 12/5/1980",
    ...              "geb. 1.2.70", "14 Mart 1985 doğumluyum", "born lucky, delivered on 14.03.2026"):
    ...     print([text[start:end] for start, end, _ in find_birthdates(text)])
    ['14 March 1958']
    ['3 خرداد 1362']
    ['12/5/1980']
    ['1.2.70']
    ['14 Mart 1985']
    []
    """
    lowered = one_case(text)
    for cue in _CUE.finditer(lowered):
        date = _AFTER_CUE.match(lowered, cue.end())
        if date:
            yield *date.span("date"), "birthdate"
    if _SOON.search(lowered):
        for match in _BEFORE_CUE.finditer(lowered):
            yield *match.span("date"), "birthdate"

"""One form for the forms of a word: light stems, for counting words together and never for showing them."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from workbench.language.normalise import counting_key
from workbench.language.stop_lists import word_set
from workbench.language.trade_words import base_form

if TYPE_CHECKING:
    from Stemmer import Stemmer

_SNOWBALL: Final = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "tr": "turkish", "ru": "russian", "hi": "hindi",
}
_ACCENTS_FORGOTTEN: Final = frozenset({"fr", "es", "it", "pt", "nl"})
_SHORTEST_STEM: Final = 3
_LOCK: Final = threading.Lock()
_ZWNJ: Final = "\u200c"

_AR_PARENTS: Final = "(?!والد(?:[تة]?(?:ي|ه|ها|هم|ك|كم|نا|ا)?|ي(?:ن|ه|ها|هم|ك|نا|ا))$)"
_AR_ARTICLE: Final = re.compile(f"^{_AR_PARENTS}(?:[وف]?[بك]?ال|[وف]?لل|هال|عال)(?=..)(?!ال?ه$)")
_AR_SWALLOWED: Final = re.compile(f"{_AR_PARENTS}(?:[وف]?[بك]ال|[وف]ال|[وف]?لل)(?=..)(?!ه$)")
_AR_AND: Final = re.compile("^و(?=.{4})")
_AR_PARTICLE: Final = re.compile("^[فبكل](?=.{4,}(?:ه|ات)$)")
_AR_PARTICLE_KEPT: Final = re.compile(
    "^(?:بطار|بيان|برمج|بطاق|بداي|بوصل|بصم|فاتور|فضيح|فرص|فتر|فعالي|فايد|فيديو|كامير|كلم|كفا|كهرب|كابل|كارث|كميه|كتاب"
    "|لعب|لغ|لجن|لوح|لمب|لحظ|لايح|لهج|كثاف|كيبل|بوابه|بوابات|بلاغات|باقه|باقات|فاتيح)")
# words whose first letter is no "and", with their endings: counting keys
_AR_AND_KEPT: Final = re.compile(
    "^و(?:"
    "صل|صول|صوليه|صله|عد|عي|قت|قتيه|قف|قوف|قوع|قع|قح|قاح|قاي|قود|جد|جود|جه|جوه|جهه|جهات|جاه|جب|جبه|جيه|جيز|داع|دايع|ديع|دود|الد|"
    "ضع|ضعي|ضعه|ضعيه|ضعيات|ضح|ضوح|افق|افر|افي|افد|اجه|اجهه|اجهات|اجب|احد|احه|ازن|اسط|اسع|اصل|اضح|اعي|اقع|اقعي|اقف|اقي|اثق|"
    "اتس|اتساب|ايف|ايفاي|ايرلس|اي|رق|رقي|رقه|رده|رود|رد|رشه|رط|رم|راثي|زن|زع|زار|زاري|زاره|زير|سط|سيط|سيل|سايل|ساد|سايد|ساخ|سخ|سواس|"
    "شيك|شاح|صف|صفه|صفات|طن|طني|ظف|ظيف|ظيفي|ظايف|عك|عاء|فر|فرت|فره|فق|فد|فود|فاه|فاء|كيل|كال|كالات|كاله|كلاء|"
    "لد|لاد|لاده|لايه|لايات|لاء|لاع|ليد|ليم|لايم|هم|همي|يب|يكند|يسكي|ثق|ثيق|ثايق|ثوق|ثير|تير|حيد|حده|حدات|حش|حل|دع|ريد|سام"
    ")(?:ا|ت|تم|ه|ها|هم|هن|ك|كم|كو|كن|نا|ناه|ناها|ناهم|ني|ي|يه|يات|ات|ين|يين|ون|يون|ان|تان|تين|وا|و|وه|وها|وني|ونا|تي|ته|تها|تهم|تك|تكم|تنا|تني"
    "|تو|توا|توه|توها|توني|تونا|لي|لنا|لك|لكم|تلي|تلك|ش|تش|نيش|وش)?$"
)
_AR_PRONOUN: Final = re.compile("(?<=.{3})(?:هما|هم|ها|كم|كو|نا|ني|ك)$")
_AR_MINE: Final = re.compile("(?<=.{4})تي$")
_AR_PLURAL: Final = re.compile("(?<=.{3})(?:يات|ات|يين|ين|ون|تين)$")
_AR_FEMININE: Final = re.compile("(?<=.{3})[هت]$")
_AR_BROKEN: Final = {
    "فواتير": "فاتور", "اسعار": "سعر", "اجهز": "جهاز", "عروض": "عرض", "عقود": "عقد", "فروع": "فرع", "خطوط": "خط",
    "مشاكل": "مشكل", "زباين": "زبون", "عملا": "عميل", "مواعيد": "موعد", "ارقام": "رقم", "رسايل": "رسال",
    "اعطال": "عطل", "بيوت": "بيت", "برامج": "برنامج", "شبابيك": "شباك", "طلبيات": "طلب", "موظفو": "موظف",
    "اسلاك": "سلك", "كوابل": "كابل", "كيبل": "كابل", "محلات": "محل", "نجوم": "نجم", "نت": "انترنت",
}
# what follows a joiner and is no word of its own
_FA_ENDING: Final = re.compile("ها(?:ی|یی|یم|یت|یش|م|ت|ش)?(?:[متش][او]ن)?|تر(?:ین|ی)?"
                              "|[اه]?(?:م|ت|ش|ی)|[اه]?(?:یم|ید|ند)|[متش][او]ن|گی|ست|است|رو|را|و")
_FA_AFTER_ALEF: Final = re.compile("(?<=..ا)[یش]$")
_FA_PLURAL: Final = re.compile("(?<=..)(?:ها|های|هایی|هایم|هایت|هایش|هایمان|هایتان|هایشان"
                               "|هام|هات|هاش|هامون|هاتون|هاشون)$")
_FA_POSSESSIVE: Final = re.compile("(?<=...)(?:مون|تون|شون)$|(?<=....)(?:مان|تان|شان)$")
_FA_COMPARED: Final = re.compile("(?<=....)(?:تر|ترین)$|(?<=...)ترین$")
_FA_WHOLE: Final = word_set("""
        زمان درمان ساختمان اسمان سازمان فرمان تومان نشان تابستان زمستان داستان بیمارستان دبیرستان دبستان استان
        پریشان مهمان میهمان قهرمان همزمان کردستان خوزستان پاکستان افغانستان عربستان گلستان لرستان دوستان ازمون
        میمون پیرامون تلویزیون کامپیوتر دفتر دختر دکتر کمتر بیشتر بهتر اینتر فیلتر مشتر هلیکوپتر ادیتور خاکستر
        بهترین بیشترین کمترین تنها بها مستمر کارتون پشیمان تلاش پاداش پرخاش کنکاش نقاش معاش قماش خفاش لواش تراش خراش
        فراش داداش یواش شاباش گرایش
    """)
_FA_VERB: Final = re.compile("^ن?می(?=...?)(.+?)(?:م|ی|د|ه|یم|ید|ند|ین|ن)?$")
_FA_NO_VERB: Final = re.compile("^می(?:ز|زان|زی|دان|وه|لیون|لیارد|ان|انه|انگین|همان|راث|خ|کرو.*|نی"
                               "|گو|ل|لیم.*|زبان|س|سر|هن)$")
_FA_SPOKEN: Final = {
    "خونه": "خانه", "گرون": "گران", "ارزون": "ارزان", "تموم": "تمام", "اسون": "اسان", "نون": "نان", "خیابون": "خیابان",
    "مهربون": "مهربان", "همسایمون": "همسایه", "گوشیم": "گوشی", "نت": "اینترنت", "پشتیبانا": "پشتیبان",
}
_CYRILLIC_YO: Final = str.maketrans("ё", "е")


@cache
def _stemmer(language: str) -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer(_SNOWBALL[language], 0)  # stems are kept below already


@lru_cache(maxsize=200_000)
def stem(key: str, language: str) -> str:
    """Return the stem of a counting key.

    Arabic loses its written-on particles, article, pronouns and regular endings; the commonest broken plurals of
    the trade go to their singular. Persian loses plural, possessive and comparative endings, and its present verbs
    their prefix and person. The commonest words of the trade are known by their forms. Ten more languages are stemmed
    by Snowball (M. F. Porter, 2001); the rest stay.

    Parameters
    ----------
    key
        A single word as ``counting_key`` gives it, for Persian with its joiners.
    language
        ISO 639-1.

    Returns
    -------
    str
        The stem; a word in other letters than the language's own is left as it is.

    Examples
    --------
    >>> [stem(word, "ar") for word in ("والتوصيل", "توصيل", "خدمتكم", "خدمات")]
    ['توصيل', 'توصيل', 'خدم', 'خدم']
    >>> [stem(word, "fa") for word in ("سفارش‌هایم", "سفارشها", "سفارش")], stem("rechnungen", "de")
    (['سفارش', 'سفارش', 'سفارش'], 'rechnung')
    """
    if language == "ar":
        return _stem_arabic(key) if "\u0600" <= key[:1] <= "\u06ff" else key
    if language == "fa":
        return _stem_persian(key) if "\u0600" <= key[:1] <= "\u06ff" else key
    if language not in _SNOWBALL:
        return key.replace(_ZWNJ, "")
    with _LOCK:
        stemmed = str(_stemmer(language).stemWord(key.translate(_CYRILLIC_YO)))
    if len(stemmed) < _SHORTEST_STEM - (language == "hi") and len(key) > _SHORTEST_STEM:
        stemmed = key
    return _without_accents(stemmed) if language in _ACCENTS_FORGOTTEN else stemmed


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter) != "Mn")


def bare_arabic(word: str) -> str:
    """Return an Arabic word without the particles that are written on to its front.

    Parameters
    ----------
    word
        A word, in any spelling.

    Returns
    -------
    str
        The word; the article stays, and is put back where a particle had swallowed it.

    Examples
    --------
    >>> [bare_arabic(word) for word in ("والتوصيل", "للتوصيل", "بالخدمة", "وصل")]
    ['التوصيل', 'التوصيل', 'الخدمة', 'وصل']
    """
    article = _AR_SWALLOWED.match(word)
    if article:
        return "ال" + word[article.end():]
    if _AR_AND.match(word) and not _AR_AND_KEPT.match(counting_key(word, "ar")):
        return word[1:]
    return word


def _stem_arabic(word: str) -> str:
    if known := base_form(word, "ar"):
        return _AR_FEMININE.sub("", known)
    article = _AR_ARTICLE.match(word)
    if article:
        word = word[article.end():]
    elif _AR_AND.match(word) and not _AR_AND_KEPT.match(word):
        return _stem_arabic(word[1:])
    elif _AR_PARTICLE.match(word) and not _AR_PARTICLE_KEPT.match(word):
        word = word[1:]
    if known := base_form(word, "ar"):
        return _AR_FEMININE.sub("", known)
    if word in _AR_BROKEN:
        return _AR_BROKEN[word]
    word = _AR_MINE.sub("", word)
    word = _AR_PRONOUN.sub("", word)
    shorter = _AR_PLURAL.sub("", word)
    word = shorter if shorter != word else _AR_FEMININE.sub("", word)
    return _AR_BROKEN.get(word, word)


def _stem_persian(word: str) -> str:
    pieces = [piece for piece in word.split(_ZWNJ) if piece]
    while len(pieces) > 1 and _FA_ENDING.fullmatch(pieces[-1]):
        pieces.pop()
    word = "".join(pieces)
    word = _FA_SPOKEN.get(word, word)
    if word in _FA_WHOLE:
        return word
    if known := base_form(word, "fa"):
        return _FA_SPOKEN.get(known, known)
    verb = _FA_VERB.match(word)
    if verb and not _FA_NO_VERB.match(word):
        return "می" + verb[1]
    word = _FA_AFTER_ALEF.sub("", word)
    plural = _FA_PLURAL.sub("", word)
    if plural == word:
        plural = _FA_POSSESSIVE.sub("", word)
        plural = _FA_PLURAL.sub("", plural) if plural != word else _FA_COMPARED.sub("", word)
    return _FA_SPOKEN.get(plural, plural)

"""Words that turn a comment round ("late, but kind"): where one statement ends and another begins."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_COMMA: Final = r"(?<=[,،，;؛–—])\s*"
_SPACE: Final = r"(?<=\s)"
_END: Final = r"(?![\w\u200c])"
_CLAUSE: Final = 200  # characters


def _any_of(words: str) -> str:
    return "|".join(words.split())


# how to read a row: what must stand before (a comma, or only a space), and the words; the cut comes before them
_BEFORE: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "en": ((_SPACE, r"but(?!\s+(?:also|not\b|for\b|then\s+again))|although|whereas|even\s+though"),
           (_COMMA, r"but|though|however|yet|while|nevertheless|on\s+the\s+other\s+hand|except\s+that|pity|shame")),
    "de": ((_COMMA, r"aber|jedoch|allerdings|doch|dafür|nur|obwohl|trotzdem|leider"),
           (r"(?<!\bist )(?<!\bwar )(?<!\bsind )(?<!\bwaren )(?<!\bhat )(?<!\bhaben )(?<!\bhatte )(?<!\bwird )"
            r"(?<!\bkann )(?<!\bich )(?<!\ber )(?<!\bsie )(?<!\bes )(?<!\bwir )(?<!\bdas )(?<!\bjetzt )(?<!\bdann )"
            r"(?<!\bmuss )(?<!\bdie )(?<!\bder )(?<!\bwurde )(?<!\bhabe )(?<!\bbin )(?<!\bdafür )(?<!\boder )" + _SPACE,
            r"aber|allerdings\s+(?:ist|war|sind|waren|hat|haben)")),
    "fr": ((_SPACE, r"mais(?!\s+(?:aussi|non)\b)|par\s+contre|en\s+revanche|sauf\s+que|alors\s+que"),
           (_COMMA, r"mais|cependant|pourtant|toutefois|néanmoins|dommage")),
    "es": ((_SPACE, r"pero|sin\s+embargo|aunque|en\s+cambio|sólo\s+que|solo\s+que"),
           (_COMMA, r"mas|no\s+obstante|eso\s+sí|lástima")),
    "it": ((_SPACE, r"ma(?!\s+anche\b)|tuttavia|purtroppo"), (_COMMA, r"però|peccato|invece|mentre|anche\s+se")),
    "pt": ((_SPACE, r"mas(?!\s+também\b)|porém|no\s+entanto|contudo|só\s+que"),
           (_COMMA, r"todavia|entretanto|embora|pena")),
    "nl": ((_SPACE, r"maar(?!\s+(?:\d|een?\s+(?:paar|beetje)|liefst|ook\b|niet\b))|echter(?=,)"),
           (_COMMA, r"maar|echter|alleen|helaas|hoewel|terwijl|jammer")),
    "tr": ((_SPACE, r"ama|amma|fakat|ancak(?!\s+\d)|lakin|oysa|yalnız(?=,)|ne\s+var\s+ki"),
           (_COMMA, r"ama|yalnız|maalesef")),
    "ru": ((_SPACE, r"но|однако|зато"), (_COMMA, r"а\s+вот|а|хотя|правда|только")),
    "ar": ((_SPACE, r"(?:و\s*)?لا?كن(?:ه|ها|هم|ن?[يى]|نا|ك|كم)?|بس|إلا\s+[أا]ن(?:ه|ها|هم|ني|نا)?"
                    r"|الا\s+ان(?:ه|ها|هم|ني|نا)?|غير\s+أن|بينما|رغم\s+(?:ذلك|أن|ان)|مع\s+ذلك|و?لل[أا]سف|(?:و\s*)?لقد|وبالنسب[ةه]"
                    r"|كما(?=\s+(?:[أا]ن(?:ه|ها|هم|ني|نا)?|[يت]وجد|لا|لم)\s)"
                    r"|[أا]ما(?=\s+(?:ال\w+|بالنسب[ةه]|عن|من\s+ناحي[ةه])\s)"
                    r"|(?:و\s*)?لا(?=\s*[أا]نصح)|(?:و\s*)?لن(?=\s+[أا](?:عود|كرر))|و\s*لا(?=\s*[يت]وجد)"
                    r"|و\s*(?:[يت]وجد|[أا]نصح\w*|[أا]شكر\w*|[أا]خص\w*|نشكر\w*)"
                    r"|و\s*(?:شكر[اً]{1,2}|ي?عيبه|ي?عيبها|ينقصه|ينقصها)"),
           (_COMMA, r"أما|اما|ومع\s+ذلك|ورغم\s+ذلك|والحين")),
    "fa": ((_SPACE, r"اما|ول[یىي]|منتها|منته[یىي]|ل[یي][کك]ن|ولیکن|در\s+عوض|هرچند|با\s+این\s+حال|متاسفانه|متأسفانه"),
           (_SPACE, r"ضمنا[ًٌ]?|در\s+ضمن|ضمن\s+[اآ]ین\s*که|علاوه\s+بر\s+این"),
           (_COMMA, r"حیف|فقط|البته"),
           (r"(?:(?<=\bبود )|(?<=\bبودن )|(?<=\bهست )|(?<=\bهستش )|(?<=\bاست )|(?<=\bداشت )|(?<=\bداره )|(?<=\bدارد )"
            r"|(?<=\bرسید )|(?<=\bشد )|(?<=\bکردن )|(?<=\bکرد )|(?<=\bآوردن )|(?<=\bخوبه )|(?<=\bعالیه )|(?<=\bبودم )"
            r"|(?<=\bممنون ))",
            r"حیف|فقط|البته")),
    "ur": ((_SPACE, r"لیکن|مگر|البتہ|تاہم|جبکہ|حالانکہ"), (_COMMA, r"پر")),
    "hi": ((_SPACE, r"लेकिन|मगर|किंतु|किन्तु|परंतु|परन्तु|हालांकि|हालाँकि|जबकि"), (_COMMA, r"पर"),
           (r"(?:(?<=है )|(?<=हैं )|(?<=था )|(?<=थी )|(?<=थे )|(?<=गया )|(?<=गई )|(?<=गए )|(?<=हूँ )|(?<=हूं ))", r"पर")),
    "th": ((_SPACE, r"แต่(?:ว่า)?(?=.)"),),
    "ko": ((_SPACE, r"하지만|그런데|근데|그러나|다만|그래도"),),
    "zh": (("", r"(?<!不)(?<!非)但(?:是(?!凡))?(?!愿|凡)|(?<!只)(?<!再好)(?<!最好)不[过過]|可是|然而|(?<=[，,])就是"),),
    "ja": (("", r"しかし|だけど(?![、,])|(?<=[、。！？!?\s])でも(?=[、\s\w])|ただし|(?<=[、。！？!?\s])ただ(?=、)"),),
}
# what is said of a thing in Arabic: a sentence may end with it, and a nominal sentence does not begin without it
_AR_SAID: Final = "(?:" + _any_of(r"""
    رائع ممتاز جيد جميل نظيف مريح سي[ئءى] سئ سيي?ئ ضعيف هاد[ئيى] مناسب متعاون محترم لطيف لذيذ متنوع قديم صغير كبير واسع
    بط[يئ]+ء? غالي مرتفع بعيد قريب مميز متميز راقي فخم مزعج متواضع متوسط عادي معقول مقبول ضيق قذر متسخ وسخ مهمل متهالك
    بارد حار مزدحم سريع بشوش ودود خلوق محدود قليل كثير كارث كويس حلو وحش خلاب ساحر مثالي عالي سهل صعب خراب متوفر معدوم
    رديئ?ء? [أا]كثر\s+من\s+رائع
""") + ")(?:[ةه]|ين|ون|[اً]{1,2}|[يى]ة)?"
_AR_END: Final = rf"(?<!\w)(?:{_AR_SAID}|جد[اً]{{1,2}}|للغاي[ةه])[،,]?\s+"
_AR_THING: Final = _any_of(r"""
    ال\w{2,} \w{2,}(?:ه|ها) كل\s+شي[ئءى]* فندق منتجع مكان موقع خدم[ةه] خدمات استقبال [أا]كل طعام [إا]فطار غرف[ةه]?
    موظف\w+ سعر [أا]سعار
""")
_AR_NO_THING: Final = _any_of("[بلكف] غير في من على عن حتى هو هي مع جدا ذ")
_AR_PLACE: Final = r"(?:(?:في\w*|به|بها|هناك|هنا|ب?ال\w+|لل\w+|كان\w*|تعتبر|يعتبر)\s+){0,2}"
_AR_NOT: Final = _any_of(r"لا لم ليس\w* غير كان\w* [يت]حتاج مش مو [أا]قل [أا]سو[أاء] [أا]فضل تم")
_AR_TOLD: Final = r"(?:و\s?)?(?:(?:سكن|[أا]قم|قضي|نزل|زر|استمتع|[أا]عجب|حجز)(?:ت|نا|ني|تني)\w*|لا\s*[يت]وجد|لم)"
_AR_NEXT: Final = (rf"(?!(?:و\s?)?{_AR_SAID}\b)(?:(?:و\s?)?(?:{_AR_THING})|و\s?(?!{_AR_NO_THING})\w{{3,}})\s+"
                   rf"{_AR_PLACE}(?:{_AR_SAID}(?!\w)|(?:{_AR_NOT})\s)|{_AR_TOLD}\s")
_FA_END: Final = r"(?<!\w)(?:(?<!مشخص )(?<!معلوم )(?<!قرار )(?<!مجبور )ن?بود(?:ند)?|" + _any_of("""
    [اه]ست(?:ش|ن|ند)? نیست(?:ن|ند)? ن?داشت(?:ن|ند|م|یم)? ن?دار(?:ه|د|ن|ند) ن?شد ن?کرد(?:ن|ند|م|یم)? ن?رسید اومد
    [آا]ورد(?:ن|ند) خوبه عالیه کمه بده ن?دادن فرستاد(?:ن|ند)
""") + r")[،,]?\s+"
_FA_THING: Final = _any_of(r"""
    کیفیت پیک بسته[\s\u200c]*بندی قیمت غذا طعم مزه حجم سس پیتزا برنج مرغ جوجه گوشت نوشابه سالاد رفتار برخورد پشتیبانی
    سرعت سیب\s+زمینی اندازه دستگاه برنامه سایت پرسنل کارمند فروشنده اینترنت خدمات
""")
_FA_FIRST: Final = _any_of(r"واقعا واقعاً خیلی اصلا اصلاً قطعا لطفا لطفاً کلا در\s+کل در\s+مجموع")
_FA_THANKS: Final = _any_of(r"ممنون مرسی متشکر سپاس با\s+تشکر دست\w*\s+درد")
_FA_ALSO: Final = r"(?!(?:و|هم|شاید|باز|بعد|اون|این|من|ما)\s)\w{2,}\s+هم\s"
_FA_NEXT: Final = (rf"(?:(?:و\s+)?(?:(?:{_FA_THING})(?:\u200c?\w{{1,4}})?\s|{_FA_ALSO})|(?:{_FA_FIRST})\s"
                   rf"|{_FA_THANKS})")
_FA_OPEN: Final = re.compile(r"(?<!\w)(?:که|ک|اگر|اگه|وقتی|چون|هرچ[یه]|هم)(?!\w)[^.!?؟،,\n]*\Z")
# where a clause has ended with its verb or what is said of its thing, and another begins: the cut comes between;
# Japanese and Korean turn with an ending: the cut comes after it
_AFTER: Final[dict[str, str]] = {
    "ar": f"{_AR_END}(?={_AR_NEXT})",
    "fa": f"{_FA_END}(?={_FA_NEXT})",
    "ja": r"(?<=\w)(?:が、|けれども?、?|(?<!だ)けど、?|だけど、|のに、)",
    "ko": r"(?<=\w)(?:지만|는데)[,\s]",
}
_ROMANISED: Final[dict[str, str]] = {
    "ar": r"bas|bs|laken|lakin|wala?ken",
    "fa": r"vali|valy|ama|amma",
}
# clauses without a verb "to be" or with glued pronouns are whole with two words
_SHORT_CLAUSES: Final = frozenset({"ar", "fa", "ur", "tr", "ru", "ko", "th"})


@cache
def turning_points(language: str, romanised: bool = False) -> re.Pattern[str] | None:
    """Return the pattern of a language's contrastive connectives.

    A match that has a group ``after`` is an ending, and the statement ends after it; any other match begins a new
    statement.

    Parameters
    ----------
    language
        ISO 639-1.
    romanised
        Whether the text is Arabic or Persian in Latin letters.

    Returns
    -------
    re.Pattern or None
        The compiled pattern; None for a language without a list.

    Examples
    --------
    >>> [turning_points(language).search(text).group().strip() for language, text in
    ...  (("en", "late but kind"), ("fa", "دیر آمد ولی خوب بود"), ("de", "teuer, aber gut"))]
    ['but', 'ولی', 'aber']
    """
    if romanised:
        words = _ROMANISED.get(language)
        return re.compile(rf"{_SPACE}(?:{words}){_END}", re.IGNORECASE) if words else None
    rows = _BEFORE.get(language)
    if rows is None:
        return None
    end = "" if language in {"zh", "ja", "th"} else _END
    parts = [rf"{before}(?:{words}){end}" for before, words in rows]
    if language in _AFTER:
        parts.append(f"(?P<after>{_AFTER[language]})")
    return re.compile("|".join(parts), re.IGNORECASE)


def is_open(text: str, at: int, language: str) -> bool:
    """Return whether the clause that ends before a place waits for another ("when it came ...").

    Parameters
    ----------
    text
        A comment.
    at
        Where a match of `turning_points` begins.
    language
        ISO 639-1.

    Returns
    -------
    bool
        Always False but in Persian, whose verbs end what is subordinate as well.

    Examples
    --------
    >>> is_open("غذایی که رسید خیلی سرد بود", 10, "fa"), is_open("غذا رسید خیلی سرد بود", 4, "fa")
    (True, False)
    """
    return language == "fa" and bool(_FA_OPEN.search(text, max(at - _CLAUSE, 0), at))


def least_words(language: str) -> int:
    """Return how many words must stand on either side of a connective for each side to say something.

    Parameters
    ----------
    language
        ISO 639-1.

    Returns
    -------
    int
        2 or 3.

    Examples
    --------
    >>> least_words("en"), least_words("ar")
    (3, 2)
    """
    return 2 if language in _SHORT_CLAUSES else 3

"""Words that turn a comment round ("late, but kind"): where one statement ends and another begins."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_COMMA: Final = r"(?<=[,،，;؛–—])\s*"
_SPACE: Final = r"(?<=\s)"
_END: Final = r"(?![\w\u200c])"

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
    "ar": ((_SPACE, r"(?:و\s*)?لكن(?:ه|ها|هم|ني|نا|ك|كم)?|بس|إلا\s+[أا]ن(?:ه|ها|هم|ني|نا)?|الا\s+ان(?:ه|ها|هم|ني|نا)?"
                    r"|غير\s+أن|بينما|رغم\s+(?:ذلك|أن|ان)|مع\s+ذلك|للأسف|للاسف"),
           (_COMMA, r"أما|اما|ومع\s+ذلك|ورغم\s+ذلك|والحين")),
    "fa": ((_SPACE, r"اما|ول[یىي]|منتها|منته[یىي]|ل[یي][کك]ن|ولیکن|در\s+عوض|هرچند|با\s+این\s+حال|متاسفانه|متأسفانه"),
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
# Japanese and Korean turn with an ending: the cut comes after it
_AFTER: Final[dict[str, str]] = {
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

"""Stated leaving: whether a comment says that its writer has left, is leaving or means to."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from workbench.arguments import check_tables, check_text
from workbench.language import counting_key

# One pattern a language: a customer who speaks of going, in the first person or as a demand. Words of leaving alone
# ("cancellation fee", "the engineer left") do not count.
_PATTERNS: dict[str, str] = {
    "en": r"\b(?:i(?:'| a)?m|we(?:'| a)?re|i(?:'| ha)?ve|we(?:'| ha)?ve|i(?:'| wi)?ll(?: be)?|we(?:'| wi)?ll(?: be)?|"
          r"i want to|i'd like to|please)\s+(?:now |just |already |finally )?(?:leav(?:e|ing)(?: you| for| to| at| as)|"
          r"left you|cancel(?:led|ling|ing)?\b(?!.{0,12}appointment)|switch(?:ed|ing)? (?:to|provider|away)|"
          r"going elsewhere|go elsewhere|moving (?:to another|elsewhere)|terminat)|\bnever again\b|"
          r"\bcancel my (?:contract|account|subscription)|\b(?:goodbye|bye) \w*\s*(?:for good|forever)",
    "de": r"\b(?:ich|wir|hiermit|habe?n?|werden?)\b.{0,40}\b(?:kündigen?|kündige|gekündigt|wechs(?:ele?|eln|le)\b"
          r".{0,20}anbieter|anbieter.{0,12}gewechselt)\b|\bnie wieder\b|\bkündigung ist (?:raus|unterwegs|geschrieben)",
    "fr": r"\b(?:je|nous|on|j')\s?.{0,25}(?:résili|vous quitte|change(?:rai|ons|r)? d'opérateur|pars chez|passe chez|"
          r"suis parti)|\brésiliation (?:envoyée|demandée|faite)|\bplus jamais\b|\bje m'en vais\b",
    "es": r"\b(?:me (?:doy|he dado|daré|voy a dar) de baja|solicito la baja|pido la baja|quiero (?:la baja|"
          r"darme de baja|cancelar)|me (?:voy|cambio|paso|he cambiado|marcho) (?:a|de|con)\b.{0,20}(?:compañía|"
          r"operador|otra|competencia)|portabilidad|nunca más)",
    "it": r"\b(?:disdico|disdett[ao] (?:inviata|mandata|fatta)|ho disdetto|voglio (?:disdire|recedere)|faccio disdetta|"
          r"recedo|passo a(?:d| un)? ?altr\w+|cambio (?:operatore|gestore)|me ne vado|mai più)\b",
    "pt": r"\b(?:vou (?:cancelar|rescindir|mudar de operadora|embora)|quero (?:cancelar|rescindir)|cancelei o contrato|"
          r"já (?:cancelei|rescindi)|peço (?:a )?rescisão|mudo de operadora|nunca mais)\b",
    "nl": r"\b(?:ik|we|wij)\b.{0,30}\b(?:zeg(?:gen)? .{0,25}\bop|opgezegd|opzeggen|stap(?:pen)? over|overgestapt|"
          r"vertrek)\b|\bopzegging is (?:verstuurd|de deur uit)|\bnooit (?:meer|weer)\b",
    "tr": r"iptal ett(?:im|ik|iriyorum)|iptal (?:edeceğim|ediyorum|etmek istiyorum|edin)|fesh|ayrılıyor|ayrıldı[mk]|"
          r"ayrılacağ|başka (?:firmaya|şirkete|operatöre)|numara(?:mı|mızı) taşı|bir daha asla",
    "ru": r"расторг(?:аю|аем|ла|ли|нула?)\b|хо(?:чу|тим) расторгнуть|"
          r"\bухожу|уходим|ушла? от вас|переш(?:ёл|ла|ли) к|перехожу к|отключ(?:аюсь|усь|ите меня)|"
          r"больше никогда|меняю провайдера",
    "hi": r"बंद कर(?:वा|ा)? ?(?:रह|दूँ|दी|दिया|ना चाह)|कनेक्शन (?:कटव|बंद कर)|छोड़ रह|छोड़ दिया आप|दूसरी कंपनी|"
          r"दूसरा कनेक्शन ले|फिर कभी नहीं",
    "ja": r"解約(?:し|届|の手続)|他社に|乗り換え(?:ます|まし|る)|二度と",
    "zh": r"(?:我|我们|已经|要|申请|去).{0,6}(?:退订|销户|注销|解约|退网|携号转网|换(?:别家|一家|运营商|宽带))|再也不",
    "ar": r"(?<!\w)(?:س|سوف |راح |رح |ح|بدي |ابغي |ابي |عايز |عاوز |اريد |قررت |نويت |قررنا )(?:ان )?(?:الغي|نلغي|"
          r"الغا|افسخ|اغير الشركه|انتقل الي)|(?<!\w)(?:الغيت|لغيت|فسخت|فسخنا) (?:ال)?(?:اشتراك|عقد|خط|تعاقد)|"
          r"(?<!\w)(?:انتقلت|حولت|رحت) (?:الي|ل|علي|ع) ?(?:شركه|المنافس)|لن اعود اليكم|اخر (?:شهر|مره) معكم",
    "fa": r"(?:قرارداد|اشتراک|سرویس|خط).{0,12}(?:فسخ|لغو|کنسل).{0,3}(?:می ?کن|کردم|کردیم|کنید|کنم)|"
          r"می ?خواه?م.{0,20}(?:فسخ|لغو|قطع).{0,4}کن|(?:رفتم|رفتیم|میرم|میرویم|میروم) سراغ|"
          r"(?:دیگه|دیگر) (?:مشتریتان|مشتری شما|مشتریتون) نیست|(?:دیگه|دیگر) برنمی ?گرد|خداحافظ برای همیشه",
}
LANGUAGES = tuple(_PATTERNS)


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    written = _PATTERNS.get(language)
    return None if written is None else re.compile(written, re.IGNORECASE)


def states_leaving(text: str, language: str) -> bool:
    """Return whether a text states leaving, by a small list of phrases in each of fourteen languages.

    The list favours precision: who is leaving may say so in words that are not in it.

    Examples
    --------
    >>> [states_leaving(text, language) for text, language in [
    ...     ("I'm leaving you for good", "en"), ("سألغي الاشتراك", "ar"), ("می‌خواهم قرارداد را فسخ کنم", "fa"),
    ...     ("The cancellation fee is hidden", "en")]]
    [True, True, True, False]
    """
    check_text("text", text)
    check_text("language", language)
    pattern = _pattern(language)
    return bool(pattern and pattern.search(counting_key(text, language)))


def mark_leaving(comments: pd.DataFrame) -> pd.Series:
    """Return, for each comment, whether it states leaving.

    Parameters
    ----------
    comments
        With ``text`` and ``language`` (as the profile tells it).
    """
    check_tables(comments=comments)
    pairs = zip(comments["text"].astype(str), comments["language"].astype(str), strict=True)
    return pd.Series([states_leaving(text, language) for text, language in pairs], index=comments.index, dtype=bool)

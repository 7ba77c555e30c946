"""Words that announce a number: what stands behind "IBAN", "Bestellnummer" or "شماره‌ام" is what the word says.

A number whose check digit is wrong, because it was misheard or mistyped, is still found by the word before it.
"""

from __future__ import annotations

import re
from typing import Final

from workbench.feedback.letters import one_case, one_keyboard

_ID_LATIN: Final = r"""
    national (?:id|identity|insurance)(?: (?:card|no\.?|number))?|id (?:card|no\.?|number)|identity (?:card|number)
    |passport(?: (?:no\.?|number))?|aadhaa?r|pps(?:n| number)?|ssn|emirates id|pan(?= (?:card|no|number|[a-z]{5}\d))
    |driv(?:ing|er[’']?s) licen[cs]e|personalausweis(?:nummer|nr\.?)?|ausweis(?:nummer|nr\.?)|steuer-?id
    |(?:reise)?pass(?:nummer|-?nr\.?)|reisepass|führerschein(?:nummer|nr\.?)?|bsn|num[eé]ro de passeport|passeport
    |permis de conduire|pasaporte|carn[eé] de conducir|passaporto|patente di guida|passaporte|carta de condução|paspoort
    |rijbewijs|pasaport|ehliyet|shomare passport
    |burgerservicenummer|carte d.identit[eé]|num[eé]ro de s[eé]curit[eé] sociale|dni|nie|nif|cpf|codice fiscale
    |carta d.identit[aà]|cart[aã]o de cidad[aã]o|(?:t\.?c\.?|kimlik) (?:kimlik )?(?:no|numaram?)\.?|kod[ei]? melli
    |melli code|иин|паспорт|my ?number
"""
_ID_OTHER: Final = r"""
    کد ?ملی|شماره ?ملی|شناسنامه|گذرنامه|پاسپورت|الهوي[ةه]|هويت[يى]|(?:ال)?رقم (?:ال)?(?:قومي|وطني|قومى|وطنى)
    |(?:رقم )?(?:ال)?بطاق[ةه] (?:الشخصي[ةه]|المفوَّ?ض)|إقام[ةه]|جواز|رخص[ةه] (?:ال)?قياد[ةه]|الرقم المدني
    |گواهینامه|身份证(?:号码?)?|护照(?:号码?)?|護照|パスポート(?:番号)?|マイナンバー|運転免許|आधार|पासपोर्ट|загранпаспорт|жсн
"""
_ORDER_LATIN: Final = r"""
    (?:order|ticket|case|reference|ref\.?|invoice|customer|account|contract|parcel|tracking|booking
        |reservation|confirmation)
        (?: (?:no\.?|number|nr\.?|id|ref\.?))?
    |(?:bestell|auftrags|kunden|rechnungs|vertrags|ticket|vorgangs|sendungs)-?(?:nummer|nr\.?)|bestellung
    |(?:num[eé]ro|n[°ºo]\.?) (?:de )?(?:la )?(?:commande|client|contrat|dossier|facture)|commande
    |(?:n[uú]mero|n[°ºo.]+|c[oó]digo) (?:de |do |da )?(?:pedido|cliente|contrato|factura|fatura|encomenda)
    |(?:pedido|encomenda)(?: (?:de )?(?:n[uú]mero|n[°ºo.]+))?
    |(?:numero|n[°º.]+) (?:d.)?(?:ordine|cliente|contratto|fattura)|ordine|(?:bestel|order|klant|factuur)nummer
    |(?:sipari[sş]|m[uü][sş]teri|fatura|abone) (?:no|numaras[ıi]|numaram)
"""
_ORDER_OTHER: Final = r"""
    (?:رقم )?(?:ال)?طلب(?:يتي|ي[ةه]|ي)?(?: رقم)?
    |(?:رقم|كود) (?:ال)?(?:فاتور|بلاغ|شكوى|عميل|اشتراك|شحن|حجز|تتبع|عضوي|حساب|عقد|بوليص|تذكر)\w*
    |(?:شمار[هۀ]\u200c?[ٔی]?|کد) ?(?:ی )?(?:سفارش|فاکتور|پیگیری|رهگیری|اشتراک|مرسوله|پرونده|حساب|قرارداد|بلی[طت]
    |رزرو|مشترک|مشتری|شکایت|تیکت|قبض)\w*|سفارشم? شمار[هۀ]
    |订单号?|单号|工单号?|客户号|注文番号|お客様番号|(?:номер )?(?:заказ|договор|заявк)[а-я]*(?: №)?|ऑर्डर(?: नंबर)?
"""
_PHONE_LATIN: Final = r"""
    phone|tel\.?(?!l)|telephone|mobile|mob\.?|cell(?:phone)?|call me|ring me|whats?app|my number|number is|reach me
    |telefon\w*|handy\w*|mobil\w*|ruf\w* (?:\w+ )?an|nummer is|t[eé]l[eé]phone|mon num[eé]ro|le bon est|portable
    |t[eé]l[eé]fono|m[oó]vil|tlf\.?|mi n[uú]mero|cellulare|cell\.|telem[oó]vel|celular|telefone|telef\w*|cep|numaram|gsm
    |shomare\w*|mobayl\w*
"""
_PHONE_OTHER: Final = r"""
    هاتف\w*|تل[يی]?فن\w*|تل[يی]?فون\w*|جوال\w*|موبا[يی]ل\w*|رقم[يى]|واتس\w*|محمول\w*|شماره\u200c?ام|شمارم
    |شماره[\u200c ]?تماس|تماس|همراه|电话|手机|微信|qq|電話|携帯|联系|फ़?ोन|फोन|मोबाइल|नंबर|телефон\w*|номер\w*|тел\.
"""
_CARD: Final = "card|karte|carte|tarjeta|carta|cart[aã]o|kart[ıi]?|بطاق|کارت|كارت|карт|卡|カード|कार्ड"
_IBAN: Final = "iban|sheba|شبا|[آا][یي]بان"


def _any_of(latin: str, other: str) -> str:
    """Return a pattern of either list for texts of `one_case`; no letter precedes a word in Latin letters."""
    lists = [re.sub(r"\n\s*", "", words) for words in (latin, other)]
    joined = one_keyboard(lists[1]).replace(" ?", "[ \u200c]?")
    return f"(?:(?<![a-z])(?:{lists[0]})|{joined})"


ID_WORDS: Final = re.compile(_any_of(_ID_LATIN, _ID_OTHER))
ORDER_WORDS: Final = re.compile(
    _any_of(_ORDER_LATIN, _ORDER_OTHER) + r"[^\S\n]*(?:(?:[:#№=\-]|is|ist|est|es|é|n[°º]|هو|是|は)[^\S\n]*){0,3}"
)
_BEFORE: Final = {
    "phone": re.compile(_any_of(_PHONE_LATIN, _PHONE_OTHER) + r"[^\d\n+]{0,12}$"),
    "card": re.compile(rf"(?:{one_keyboard(_CARD)})[^\d\n]{{0,20}}$"),
    "iban": re.compile(rf"(?:{one_keyboard(_IBAN)})[^\d\n]{{0,16}}$"),
}


def is_announced(kind: str, text: str, start: int) -> bool:
    """Return whether a word shortly before `start` announces a phone, card or iban.

    Parameters
    ----------
    kind
        ``phone``, ``card`` or ``iban``.
    text
        A comment.
    start
        Where the number begins.

    Examples
    --------
    >>> [is_announced("phone", text, len(text)) for text in ("mein Handy: ", "شماره‌ام ", "we paid ")]
    [True, True, False]
    """
    return _BEFORE[kind].search(one_case(text[max(0, start - 40):start])) is not None

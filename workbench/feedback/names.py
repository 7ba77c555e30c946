"""Names of people, as far as an introduction, a title, a label or a sign-off gives them away.

A name in the middle of a sentence is not found: without a model of names that would take half of all nouns with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from workbench.feedback.letters import one_keyboard

Span = tuple[int, int, str]

# a capitalised word, and a name of one to four of them with the particles that stand between
_CAP: Final = r"\p{Lu}[\p{L}\p{M}'’]*(?:-\p{Lu}[\p{L}\p{M}'’]*)*\.?"
_BETWEEN: Final = "de|del|della|di|da|do|dos|das|du|van|von|der|den|ter|ten|zu|bin|ibn|al|el|la|le|y|e"
_CASED: Final = rf"{_CAP}(?:[ ](?:(?:{_BETWEEN})[ ]){{0,2}}{_CAP}){{0,3}}"
_FULL: Final = rf"(?=\p{{Lu}}[^ ]*\p{{Ll}}){_CAP}(?:[ ](?:(?:{_BETWEEN})[ ]){{0,2}}{_CAP}){{1,3}}"
_UNCASED: Final = r"\p{Ll}[\p{L}'’-]+(?:[ ]\p{Ll}[\p{L}'’-]+)?"
_ARABIC_WORD: Final = r"[\u0620-\u065f\u0670-\u06d3\u06fa-\u06ff\u200c]+"
_ARABIC: Final = rf"{_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{0,4}}"

# said of oneself: any spelling of the name is believed
_MY_NAME_IS: Final = """
    my name is|my name[’']s|name[’']s|mein name ist|ich heiße|ich heisse|je m[’']appelle|mon nom est|me llamo
    |mi nombre es|mi chiamo|il mio nome [èe]|chamo-me|me chamo|meu nome [ée]|mijn naam is|ik heet|benim ad[ıi]m|ismim
    |меня зовут|мо[её] имя|менің атым|esme man|esmam|esmi|ismi
"""
# said of oneself, or of anything: only two capitalised words are a name
_I_AM: Final = """
    this is|it[’']s|i[’']m|i am|myself|ich bin|hier ist|hier spricht|je suis|ici|c[’']est|soy|sono|sou|sou [oa]|ik ben
    |u spreekt met|met|ben|ad[ıi]m|я|это
"""
_LABELS: Final = """
    contact|name|full name|ansprechpartner|ansprechpartnerin|kontakt|nom|nombre|contacto|nome|contatto|naam|isim
    |ad soyad|имя|фио|контакт
"""
_SHORT_TITLES: Final = "mr|mrs|ms|dr|prof|sr|sra|sig|sig[.]ra|mevr|dhr|mme|mlle"
_TITLES: Final = """
    Herr|Herrn|Frau|Familie|Fam[.]|Miss|[Mm]onsieur|[Mm]adame|[Ss]eñora?|[Dd]oña|[Dd]ona|[Ss]enhora?|[Ss]ignor[ae]?
    |[Mm]evrouw|[Mm]eneer|[Ss]ayın
"""
_DEARS: Final = "Dear|Lieber?|Chère?|Caro|Cara|Querid[oa]|Car[oa]|Prezad[oa]|Geachte|Beste|Уважаем(?:ый|ая)"
# people who are named right after what they are: "the technician Sandeep", "mijn broer Henk"
_PEOPLE: Final = r"""
    technician|engineer|installer|trainer|my (?:husband|wife|son|daughter|brother|sister|mum|dad|neighbour|friend)
    |namens|(?:somebody|someone|chap|guy|lady|man|woman|agent|person|lad|colleague|technician|engineer)
    (?: (?:on|in|at|from) (?:the )?\w+)? (?:called|named)
    |une certaine|un certain|technicienne?|conseill(?:er|ère)|mon (?:mari|fils|frère)|ma (?:femme|fille|sœur)
    |técnic[oa]|gestora?|asesora?|compañer[oa]|mi (?:marido|mujer|hijo|hija|hermano|hermana)
    |tecnico|collega|mio (?:marito|figlio|fratello)|mia (?:moglie|figlia|sorella)|formadora?
    |monteur|mijn (?:man|vrouw|zoon|dochter|broer|zus|buurman|buurvrouw)|mein (?:Mann|Sohn|Bruder|Nachbar)
    |meine (?:Frau|Tochter|Schwester|Nachbarin)|(?:менеджер|мастер|техник|оператор|консультант|сосед|инженер)\p{L}{0,3}
    |yo soy(?: la| el)?
"""
_THANKS: Final = """
    thanks to|thank you to|kudos to|shout-?out to|dank(?:e)? an|merci à|gracias a|grazie a|obrigad[oa] (?:ao?|à)
    |dankzij|dank aan|bedankt|complimenti a|bravo a|bravo à
"""
# what shows that somebody was thanked, and not a company
_OF_A_TEAM: Final = """
    who|from|in your|at your|qui|que|du|de la|della|del|aus dem|aus der|vom|von|van|che
"""
_FAREWELLS: Final = """
    regards|yours sincerely|yours faithfully|yours truly|sincerely|cheers|many thanks
    |mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe|schöne) gr(?:ü|ue)(?:ß|ss)e|mfg|hochachtungsvoll|lg|vg
    |cordialement|saludos?|atentamente
    |(?:cordiali|distinti) saluti|atenciosamente|cumprimentos|met vriendelijke groet(?:en)?|groet(?:en|jes)?|mvg|gr
    |sayg[ıi]lar[ıi]mla|с уважением
"""
_ARABIC_NAME_IS: Final = "[اإ]سم[يى]"
_PERSIAN_NAME_IS: Final = "[اإ]سمم|نامم|نام من|اسم من|جناب آقای|سرکار خانم"
_ARABIC_LABELS: Final = "للتواصل|الاسم|الإسم|المسؤول|نام|نام و نام خانوادگی|تماس|رابط|مشترک"
_ARABIC_TITLES: Final = "(?:ال|لل)(?:[اأ]ستاذ[ةه]?|سيد[ةه]?|[اآ]نس[ةه])|مدام"
# a word that ends as surnames do; others after "Mr" are mostly what he does: "the postman", "the manager"
_PERSIAN_SURNAME: Final = r"[\u0620-\u06d3\u200c]{2,}(?:ی|پور|زاده|نژاد|یان|فر|نیا|راد|وند)"
_PERSIAN_TITLES: Final = "[اآ]قای|خانم|خانوم|مهندس|سرکار خانم"
# "to the name of" somebody; what is called so is no person
_CALLED: Final = (
    "شرکتی|فروشگاهی|محصولی|سرویسی|خدماتی|برنامه[ \u200c]?ای|اپی|اپلیکیشنی|سایتی|کالایی|طرحی|بسته[ \u200c]?ای"
    "|چیزی|جایی"
)
_KUNYA: Final = "[اأ]?بو|[اأ]م"
_ARABIC_FAREWELLS: Final = """
    مع (?:خالص |فائق )?(?:التحية|التقدير|الشكر)|تحيات[يى]|[اأ](?:خو|خت)كم
    |با (?:احترام|تشکر|سپاس)|(?:ارادتمند|مخلص)(?: شما)?
"""


def _one_of(words: str, any_case: bool = True) -> str:
    joined = regex.sub(r"\n\s*", "", words)
    return f"(?i:{joined})" if any_case else f"(?:{joined})"


_CASED_RULES: Final = tuple(regex.compile(rule) for rule in (
    rf"(?<!\p{{L}}){_one_of(_MY_NAME_IS)}[ ,:]{{1,2}}(?P<name>{_CASED}|{_UNCASED})",
    rf"(?<!\p{{L}}){_one_of(_I_AM)}[ ](?P<name>{_FULL})(?![ ]\p{{Lu}})",
    rf"(?<!\p{{L}}){_one_of(_LABELS)}[ ]?:[ ]?(?P<name>{_CASED})",
    rf"(?<!\p{{L}}){_one_of(_SHORT_TITLES)}\.?[ ](?P<name>{_CASED})",
    rf"(?<!\p{{L}}){_one_of(_TITLES, any_case=False)}[ ](?P<name>{_CASED})",
    rf"(?P<name>{_FULL})(?=,?[ ](?i:speaking|here(?=[,.!]|$)|calling from|à l'appareil|am apparat)(?!\p{{L}}))",
    rf"(?<!\p{{L}}){_one_of(_PEOPLE)},?[ ](?P<name>\p{{Lu}}\p{{Ll}}{{2,}}(?:[ ]\p{{Lu}}\p{{Ll}}+)?)(?!\p{{L}})",
    rf"(?<!\p{{L}}){_one_of(_THANKS)}[ ](?P<name>\p{{Lu}}\p{{Ll}}{{2,}})(?=,?[ ](?:{_one_of(_OF_A_TEAM)})(?!\p{{L}}))",
    rf"^(?P<name>{_FULL})(?=,[ ](?i:customer|client|abonnée?|cliente|Kunde|Kundin|klant|abonado|account)(?!\p{{L}}))",
    rf"(?:^|[\"“„«»\n.!?][ ]?)(?:{_DEARS})[ ](?P<name>\p{{Lu}}\p{{Ll}}+)(?=,)",
    r"(?<!\p{L})(?P<name>\p{Lu}[\p{Ll}\p{M}]+)(?=[ ](?i:bey|hanım)(?!\p{L}))",
    r"(?<!\p{L})bir[ ](?P<name>(?!genç|yaşlı)\p{Ll}{3,})(?=[ ]bey(?!\p{L}))",
    r"(?<!\p{L})(?P<name>\p{Lu}\p{Ll}+)(?=-(?:апа|ага|ханым|бей|джан)(?!\p{L}))",
    rf"(?<!\p{{L}}){_one_of(_FAREWELLS)}(?:[ ]*[,.!:\-]\s*|\s+)(?P<name>{_CASED})[.]?[ ]*(?=$|[\n,;])",
))
_ARABIC_RULES: Final = tuple(regex.compile(one_keyboard(rule)) for rule in (
    rf"(?<!\p{{L}})و?{_one_of(_ARABIC_NAME_IS)}[ :]{{1,2}}(?P<name>{_ARABIC})",
    rf"(?:^|[.!؟،,\n][ ]?)معكم?[ ](?P<name>{_ARABIC})",
    rf"(?<!\p{{L}})[اأ]نا[ ](?P<name>{_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{1,3}})"
    r"(?=[،,][ ]?و?(?:هاتف|رقم|جوال|موبا|بريد))",
    rf"(?<!\p{{L}}){_one_of(_PERSIAN_NAME_IS)}[ :]{{1,2}}(?P<name>{_ARABIC})",
    rf"(?<!(?:{_CALLED})[ ])(?<!\p{{L}})به[ ](?:اسم|نام)[ ](?P<name>{_ARABIC_WORD}[ ]{_ARABIC_WORD})(?=[ ]?[،,.؛])",
    rf"(?:^|[.!؟،,:\n]|سلام|احترام)[ ]?اینجانب[ ](?P<name>{_ARABIC})",
    rf"(?:^|[.!؟،,:\n]|سلام)[ ]?من[ ](?P<name>{_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{1,2}})"
    r"[ ](?:هستم|ام|می\u200c?باشم)(?!\p{L})",
    rf"(?<!\p{{L}}){_one_of(_ARABIC_LABELS)}[ ]?:[ ]?(?P<name>{_ARABIC})",
    rf"(?<!\p{{L}})[وفب]?{_one_of(_ARABIC_TITLES)}[ ](?P<name>(?!ال|وال|وبعض)(?:عبد[ ])?[\u0620-\u0652]+"
    r"(?:[ ](?!المدير|الموظف|المس[ؤو]ول|اللي|الذي|التي|الى|المحترم)ال[\u0620-\u0652]{3,}"
    r"|[ ](?!و|ال)[\u0620-\u0652]{3,}(?=[ ]*(?:$|[.،,؛:!؟\n])"
    r"|[ ](?:و|(?:ال)?(?:مدير|مس[ؤئو]ول|موظف)|(?:من|في|على|الذي|محترم|ل[اأ]ن\p{L}*)(?!\p{L}))))?)(?!\p{L})",
    rf"(?<!\p{{L}})يا[ ](?P<name>(?:{_KUNYA})[ ](?!ال){_ARABIC_WORD})",
    rf"(?<!\p{{L}})(?:{_PERSIAN_TITLES})[ ](?P<name>{_ARABIC_WORD})"
    r"(?=[ ]?[،,.!؛]|[ ](?:بود|هستن|هستم|خیلی|که)(?!\p{L}))",
    rf"(?<!\p{{L}})[اآ]قای[ ](?:(?:مهندس|دکتر|حاج)[ ])?(?P<name>{_PERSIAN_SURNAME})(?!\p{{L}})",
    rf"(?<!\p{{L}})(?:خانم|سرکار)[ ](?:مهندس|دکتر)[ ](?P<name>{_PERSIAN_SURNAME})(?!\p{{L}})",
    rf"(?:[،,][ ]?|اسمش\w{{0,3}}[ ](?:{_ARABIC_WORD}[ ])?)[اآ]قا[ ](?P<name>{_ARABIC_WORD})"
    r"(?=[ ]?[،,.]|(?<=اسمش.{1,24})[ ])",
    rf"{_one_of(_ARABIC_FAREWELLS)}[ ](?P<name>(?!لل|لكم|لهم|و){_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{0,2}})[.]?\s*$",
    rf"{_one_of(_ARABIC_FAREWELLS)}(?:[ ]*[،,.:]\s*|[ ]*\n\s*)"
    rf"(?P<name>(?!لل|لكم|لهم|لصاحب|الجزيل){_ARABIC})[.]?[ ]*(?=$|[\n،,])",
))
# the commonest surnames, without those that begin another word after "little" ("小时", "小程序", "小龙虾")
_SURNAMES: Final = (
    "李王张刘陈杨赵黄周吴徐孙胡朱郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘"
    "蔡蒋杜魏苏吕丁卢姚沈姜崔钟谭陆汪范廖贾韦邹熊孟秦邱侯尹薛闫黎陶贺郝顾龚邵"
)
_HAN_PEOPLE: Final = "先生|女士|小姐|师傅|師傅|阿姨|经理|經理"
_NOT_SAN: Final = (
    "作業員|係員|お?客|皆|娘|奥|息子|業者|店員|担当|担当者|職人|隣"
    "|お?母|お?父|お?兄|お?姉|孫|嫁|旦那|子|患者|屋|婆|爺"
)
_OTHER_RULES: Final = tuple(regex.compile(rule) for rule in (
    r"मेरा नाम[ ](?P<name>\p{Devanagari}+(?:[ ]\p{Devanagari}+){0,2}?)(?=[ ](?:है|हैं|और)|[।,])",
    r"मैं[ ](?P<name>\p{Devanagari}+(?:[ ]\p{Devanagari}+){0,2}?)(?=[ ]बोल)",
    r"(?:我(?:的名字)?叫|联系人[:是]?|姓名[:是]?)(?P<name>\p{Han}{2,3}?)(?=[^\p{Han}]|$|[是在的住手电来从])",
    rf"(?P<name>[老小][{_SURNAMES}])(?![期边围末年到转])",
    rf"(?P<name>[{_SURNAMES}]\p{{Han}}{{0,2}}?)(?=(?:{_HAN_PEOPLE}))",
    rf"(?<![\p{{Han}}々\p{{Katakana}}ー])(?!(?:{_NOT_SAN})さん)(?P<name>[\p{{Han}}々]{{2,3}})(?=さん(?!\p{{Han}}))",
    r"(?P<name>[\p{Han}々]{1,4}[ ]?[\p{Han}\p{Hiragana}\p{Katakana}々]{0,4}?)(?=と申します|ともうします)",
    r"(?:名前は|氏名[:は]?|担当者?[:は])[ ]?(?P<name>[\p{Han}\p{Katakana}々]{2,8})",
))

# words that end a name: what an introduction is followed by when no name comes, or after it
_STOP_WORDS: Final = """
    i and from of the a an my in at is am was with not so just here calling speaking but on by for or to it customer
    dear sir madam und aus von ich habe der die das nicht et de j'ai je habite à y e en con da di mio ed ho ik uit
    van ve ben и я из adım adim sorry very really still Sie Ihr Kunde Kundin Nachbar Techniker Monteur Berater National
    و من از در به با که را این ان آن تا یک برای هستم است بود شد شما ما هم خیلی واقعا مشتری ناراضی راضی ناراحت کاربر
    مشترک خدا خداوند خودم خود همسرم پدرم مادرم شماره موبایل تلفن کد ملی ساکن اهل عضو متقاضی خریدار قدیمی جدید ثابت
    بیمار معلم کارمند دانشجو مدیر فقط همون همان یه شرکت محترم سلام واحد خدابیامرز مسئول مسوول
    ورقمي ورقم رقم رقمي وانا وأنا انا أنا وعندي عندي ومن وساكن ساكن عميل عميلة زبون مشترك وهاتفي هاتفي وجوالي جوالي
    ورقمى رقمى وايميلي ايميلي وبريدي كنت وكنت في فى على عن مع الى إلى لكن ولكن ما مش لا لم عايز اريد أريد ابغى ابي وبدي
    بدي اسكن أسكن اشتريت طلبت وطلبت واشتركت اشتركت اتصل اتصلت واتصلت وبتصل بخصوص والله يا كل هذا هذه مدير وبعدين حق
    Leute Team Damen Herren Kunden Sir Madam Customer Service Support Monday Tuesday Wednesday Thursday Friday
    Saturday Sunday January February March April May June July August September October November December
    بيرد بيقول بيكلم قالي رد كلمني اتصل جاء اجا اللي
    تکنسین کارشناس اپراتور پشتیبان فروشنده منشی پاسخگو مسئول مسوول محترم عزیز گرامی دکتر مهندس آقا خانم جوان پیر
    فراوان همه همگی بسیار پستچی محترمی گرامی عزیزی فنی بعدی قبلی پشتیبانی دیگری خوبی مودبی نصابی مسئولی کناری اداری
    شبکه نصاب نرم فروش ناظر کامپیوتر برق عمران پشت ها های هایی
    ندارد نداره ندارم نداشت نداشتند نبود نیست بردن نبردند نیاوردند ازش نه
    كان او قالت قال لكم المرحومه المرحوم الشركة كذا هيك शिकायत ग्राहक 是 在 的
"""
_ONE_KEYBOARD: Final = str.maketrans("یک", "يك")  # alef maksura stays: "على" is "on", "علی" is Ali
_STOPS: Final = frozenset(_STOP_WORDS.translate(_ONE_KEYBOARD).split())
_PARTICLES: Final = frozenset(_BETWEEN.split("|"))
_JOINING: Final = frozenset(("عبد", "ابو", "أبو", "بو", "بن", "ابن", "بنت", "آل", "ال", "ام", "أم", "أبي"))


def find_names(text: str) -> Iterator[Span]:
    """Yield names after introductions, titles and labels, before "speaking" and in sign-offs.

    Best effort for fifteen languages; a name in mid-sentence is not looked for.

    Parameters
    ----------
    text
        A comment, its digits folded or not.

    Examples
    --------
    >>> text = "My name is Jane Doe and I wait"
    >>> [text[start:end] for start, end, _ in find_names(text)]
    ['Jane Doe']
    >>> text = "اسمي سامي عبد الكريم ورقمي عندكم"
    >>> [text[start:end] for start, end, _ in find_names(text)]
    ['سامي عبد الكريم']
    """
    yield from _find(_CASED_RULES, text, text, longest=6)
    if not text.isascii() and regex.search(r"\p{Arabic}", text):
        yield from _find(_ARABIC_RULES, text, one_keyboard(text), longest=3)
    if not text.isascii() and regex.search(r"[\p{Han}\p{Devanagari}]", text):
        yield from _find(_OTHER_RULES, text, text, longest=4)


def _find(rules: tuple[regex.Pattern[str], ...], text: str, typed: str, longest: int) -> Iterator[Span]:
    for rule in rules:
        for match in rule.finditer(typed):
            start, end = match.span("name")
            end = start + _name_length(text[start:end], longest)
            if end - start > 1 or text[start:end] >= "\u3400":
                yield start, end, "name"


def _name_length(words: str, longest: int) -> int:
    """Return how many characters of `words` are the name: up to the first that belongs to the sentence."""
    name: list[str] = []
    capital = words[:1].isupper()
    for word in words.split(" "):
        particle = capital and name and word in _PARTICLES
        is_stop = word.translate(_ONE_KEYBOARD) in _STOPS and not particle
        if is_stop or sum(part not in _JOINING for part in name) >= longest:
            break
        name.append(word)
    return len(" ".join(name).rstrip(".'’"))

"""Names of people, as far as the words around them give them away.

Introductions, titles, labels, sign-offs, and what only people are or do ("a lady called", "Martha in your team"). A
name with nothing of the kind beside it is not found, unless it is announced elsewhere in the comment: without a model
of names that would take half of all nouns with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import regex

from workbench.feedback.cased_names import BETWEEN, NAMES_OF_WRITERS, UNSURE_NAMES
from workbench.feedback.letters import one_keyboard
from workbench.feedback.name_rules import Rule
from workbench.feedback.people_spoken_of import SPOKEN_OF
from workbench.feedback.uncased_names import ARABIC_RULES, HAN_AND_HINDI_RULES

Span = tuple[int, int, str]

_WORD: Final = re.compile(r"[^\W\d_]+")
_ARABIC: Final = regex.compile(r"\p{Arabic}")
_HAN_OR_HINDI: Final = regex.compile(r"[\p{Han}\p{Devanagari}]")
_PART: Final = regex.compile(r"(?<!\p{L})\p{Lu}\p{Ll}{2,}(?!\p{L})")

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
    زنگ تماس گفت گفتن گفتند اومد آمد آمدند اومدن جواب قول تشکر زد کرد داد رفت
    ندارد نداره ندارم نداشت نداشتند نبود نیست بردن نبردند نیاوردند ازش نه
    But Your My The Not Very Late Flight Cancelled Booking Delayed
    پیک سالهاست سال‌هاست شدیدا کاملا سپاسگزارم سپاسگذارم متشکرم ممنونم ممنون متشکر راننده موتوری گفته میگه میگفت
    كان او قالت قال لكم المرحومه المرحوم الشركة كذا هيك शिकायत ग्राहक 是 在 的
"""
_ONE_KEYBOARD: Final = str.maketrans("یک", "يك")  # alef maksura stays: "على" is "on", "علی" is Ali
_STOPS: Final = frozenset(_STOP_WORDS.translate(_ONE_KEYBOARD).split())
_PARTICLES: Final = frozenset(BETWEEN.split("|"))
_JOINING: Final = frozenset(("عبد", "ابو", "أبو", "بو", "بن", "ابن", "بنت", "آل", "ال", "ام", "أم", "أبي"))


def find_names(text: str) -> Iterator[Span]:
    """Yield names that an introduction, a title, a label, a sign-off or a word for a person gives away.

    Best effort for fifteen languages. A name found once is found wherever the comment repeats it with a capital.

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
    >>> text = "A lady called Martha rang. Martha was kind"
    >>> [text[start:end] for start, end, _ in find_names(text)]
    ['Martha', 'Martha']
    """
    if text.upper() != text.lower():
        yield from _in_cased_letters(text)
    if text.isascii():
        return
    if _ARABIC.search(text):
        yield from _find(ARABIC_RULES, text, one_keyboard(text), longest=3)
    if _HAN_OR_HINDI.search(text):
        yield from _find(HAN_AND_HINDI_RULES, text, text, longest=4)


def _in_cased_letters(text: str) -> Iterator[Span]:
    words = frozenset(_WORD.findall(text.replace("İ", "i").lower()))
    found = [span for rules in (NAMES_OF_WRITERS, SPOKEN_OF) for span in _of_rules(rules, text, words)]
    yield from found
    yield from _again(text, found)
    yield from _of_rules(UNSURE_NAMES, text, words)


def _of_rules(rules: tuple[Rule, ...], text: str, words: frozenset[str]) -> Iterator[Span]:
    patterns = tuple(each.pattern for each in rules if not words.isdisjoint(each.words))
    return _find(patterns, text, text, longest=6)


def _find(patterns: tuple[regex.Pattern[str], ...], text: str, typed: str, longest: int) -> Iterator[Span]:
    for pattern in patterns:
        for match in pattern.finditer(typed):
            for start, end in match.spans("name"):
                end = start + _name_length(text[start:end], longest)
                if end - start > 1 or text[start:end] >= "\u3400":
                    yield start, end, "name"


def _again(text: str, found: list[Span]) -> Iterator[Span]:
    """Yield where a comment repeats a capitalised name, or a part of it, that was announced elsewhere in it."""
    words = {word for start, end, _ in found for word in _PART.findall(text[start:end])} - _STOPS
    known = {place for start, end, _ in found for place in range(start, end)}
    for match in _PART.finditer(text) if words else ():
        if match.group() in words and match.start() not in known:
            yield *match.span(), "name"


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

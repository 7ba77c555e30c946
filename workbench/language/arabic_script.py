"""Arabic, Persian or Urdu: the second opinion on text in Arabic script.

Persian is often typed with Arabic yeh and kaf and without joiners, and general detectors then call it Arabic;
writing all of it with Persian letters first only turns the mistake round. So letters are folded to one shape for
reading words, telling letters are weighed as they were typed, and a general detector is heard on both spellings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from operator import mul
from typing import Final

ARABIC_SCRIPT_LANGUAGES: Final = ("ar", "fa", "ur")

_DROPPED: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_FOLD: Final = str.maketrans({
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ۃ": "ه", "ە": "ه",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ۓ": "ے", "ھ": "ه",
})
_PERSIAN_SPELLING: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه"})
_WORD: Final = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]+")

_FUNCTION_WORDS: Final = {
    "ar": """
        من فی علی الی عن هذا هذه ذلک تلک التی الذی الذین لا لم لن ما مع کان کانت یکون هو هی هم نحن انا انت انتم
        قد لقد کل بعد قبل عند بین او ثم لکن ولکن حتی منذ غیر ایضا جدا فقط هناک هنا حیث کما اذا لان لانه بدون
        خلال حول مثل نفس یوم ایام انه انها لیس لیست فیه فیها منه منها علیه علیها به بها له لها لهم لی لنا عندی
        عندکم مش مو مافی مفیش مافیش فیش ماشی کده کدا دی ده دا اللی احنا انتو عشان علشان لسه لسا بس وش ایش شو لیش
        لیه ازای کیف متی وین فین هلا هلق الحین دلوقتی اوی کتیر کثیر مره حلو زی زین خلاص یعنی والله یا بدی ابی
        ابغی عایز عاوز مب موب تم وتم وقد وهو وهی ولا وما ومن وفی وعلی وکان وکانت فلا حد حدا شی شیء بعض اکثر اقل
        افضل ممتاز سیء سییه جید رایع واحد واحده وانا وانت کنت حاجه برضه برضو بقی بقالی لازم ممکن شکرا ارجو یرجی
        هل ای اما عدم ولم دون ولو لو کی بطاقتی یمکننی یمکنک مصاری مصاریی بزبط مزبطش قدیش هسا عبین اشی استلم اختار
        ضیعت انسرقت انسرق استرد راتبی یستخدم استخدم عملته عملت
    """,
    "fa": """
        از به در را که این ان با برای تا هم یا اگر ولی اما هر همه چند یک بود شد است هست نیست نبود بودن شدن شده
        شود میشود می نمی کرد کرده کردن کند کنم کنید کنند کردم میکنم میکند میکنن کنه میکنه داره دارد دارم دارند
        داشت ندارد نداره ندارم نداشت شما ما من او انها ایشان خود خودم خودتون خودش چرا چه چی کی کجا چطور هیچ هنوز
        دیگر دیگه خیلی بسیار فقط همین همان چون پس بعد قبل روی زیر بین باید شاید باشد باشه باش های ها هایی تر
        ترین رو تو واسه اینکه وقتی بدون خوب خوبه خوبی بد بده عالی عالیه ممنون متاسفانه لطفا سلام مرسی بدم بشه
        نشد نشه میشه نمیشه اومد اومده میاد گفت گفتن گفتم گفتند رفتم رفت امد دادم داد دادن بودم بودند شدم همش
        اصلا واقعا الان امروز دیروز سال روز ماه هفته ساعت چیزی کسی کاش البته حتی مثل نظر بار بارم دو سه چهار پنج
        شش هفت هشت نه ده توی اند ایم میخوام نمیدونم میگن میگه کنن کنین بکنید بدید بگم بگید اینا اونا اون اینو
        اونو ازش بهش بهم برام براش باز
    """,
    "ur": """
        کا کی کے کو سے میں ہے ہیں نے پر اور کہ یہ وہ تھا تھی تھے ہوں ہو گیا گئی گئے نہیں بھی تو ہی جو اس ان کر
        کیا لیے لئے تک ایک اپنی اپنے اپنا بہت ساتھ بعد پہلے جب تب اب ہم آپ مجھے مجھ میرا میری میرے ہمارے ہمارا
        ان کوئی کچھ رہا رہی رہے ہوا ہوئی ہوئے ہوتا ہوتی ہوتے کرتے کرتا کرتی کرنے کرنا دیا دی دیے والے والا والی
        لیکن مگر اگر یا سب سکتا سکتے سکتی چاہیے گا گی گے جس جن کسی ہر دو تین بار بالکل اچھا اچھی اچھے برا خراب
        شکریہ کیوں کب کہاں کیسے ابھی صرف زیادہ کم دن پھر دے لے آیا آئی آئے کہا کہتے ہاں
    """,
}

# (letters, language that they speak for, weight); what a keyboard makes counts for less than what a spelling needs
_LETTERS: Final = (
    ("پچژگ", "not_ar"), ("ٹڈڑںےھہۃۓ", "ur"), ("ةأإىؤ", "ar"), ("كي", "arabic_keys"), ("کی", "persian_keys"),
    ("ثذضظطصعحق", "arabic_sounds"),
)
# of words that stand on a line each
_AFFIXES: Final = {
    "ar_article": re.compile("^(?:[وفبک]?ال|لل|وبال|ولل)(?=.{3})", re.MULTILINE),
    "fa_verb": re.compile("^ن?می(?=.{2})", re.MULTILINE),
    "fa_ending": re.compile("(?<=..)(?:ها|های|هایی|هاش|هامون|ترین|تر|شون|تون|مون|اند|ند|یم|ید|گی|ای)$", re.MULTILINE),
    "ur_ending": re.compile("(?:وں|یں|ئے|تے|نے|یاں)$", re.MULTILINE),
}

# multinomial logistic regression on the training split of SIB-200 and on reviews, cut to 10 to 80 characters and
# whole, Persian as it is and retyped with Arabic letters: one row a language; a constant, the words of ar, fa and ur,
# _LETTERS, _AFFIXES, and what is heard of the text as typed, respelt, and respelt for Urdu
_WEIGHTS: Final = {
    "ar": (-0.26, 2.62, -2.75, -0.1, -1.58, -0.13, 3.82, -1.15, 3.0, 0.5, 2.0, -1.25, 0.23, -0.02, 0.79, -0.16, -0.54),
    "fa": (0.72, -1.7, 2.49, -2.0, 1.33, -1.43, -3.5, 1.27, -1.39, -0.4, -1.5, 1.56, -0.19, -0.77, 0.06, -0.37, -0.58),
    "ur": (-0.46, -0.92, 0.26, 2.1, 0.25, 1.55, -0.32, -0.12, -1.61, -0.1, -0.5, -0.32, -0.04, 0.79, -0.84, 0.53, 1.11),
}
_MOST_OF_ONE_LETTER: Final = 3.0
_FLOOR: Final = 1e-4


def fold_letters(text: str) -> str:
    """Return `text` with the letters that Arabic, Persian and Urdu write differently in one shape.

    Vowel signs and tatweel go, yeh and kaf and heh and alef get their Persian shape. For reading words only: what
    it gives back is no spelling of any language.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The folded text.

    Examples
    --------
    >>> fold_letters("كتابي") == fold_letters("کتابی")
    True
    """
    return _DROPPED.sub("", text).translate(_FOLD)


def respell_as_persian(text: str) -> str:
    """Return `text` as it would look if it had been typed with Persian letters.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text with Persian yeh, kaf and heh.

    Examples
    --------
    >>> respell_as_persian("خيلي كند") == "خیلی کند"
    True
    """
    return text.translate(_PERSIAN_SPELLING)


class _Groups(dict[int, str | None]):
    """The number of the group of telling letters that a character is in; all other characters go."""

    def __missing__(self, code: int) -> None:
        self[code] = None


_GROUPS: Final = tuple(str(place) for place in range(len(_LETTERS)))
_GROUP_OF: Final = _Groups({ord(letter): place for place, (group, _) in zip(_GROUPS, _LETTERS, strict=True)
                            for letter in group})
_AR_WORDS: Final = frozenset(map(fold_letters, _FUNCTION_WORDS["ar"].split()))
_FA_WORDS: Final = frozenset(map(fold_letters, _FUNCTION_WORDS["fa"].split()))
_UR_WORDS: Final = frozenset(_FUNCTION_WORDS["ur"].split())
_AR_ONLY: Final = _AR_WORDS - _FA_WORDS
_FA_ONLY: Final = _FA_WORDS - _AR_WORDS


def _features(text: str, typed: Mapping[str, float], respelt: Mapping[str, float]) -> list[float]:
    words, words_as_typed = _WORD.findall(fold_letters(text)), _WORD.findall(text)
    of_words = 1.0 / math.sqrt(max(len(words), 1))
    of_letters = 1.0 / math.sqrt(max(sum(map(len, words)), 1))
    telling = text.translate(_GROUP_OF)
    known = [sum(map(_AR_ONLY.__contains__, words)), sum(map(_FA_ONLY.__contains__, words)),
             sum(map(_UR_WORDS.__contains__, words_as_typed))]
    letters = [telling.count(group) for group in _GROUPS]
    lines, lines_as_typed = "\n".join(words), "\n".join(words_as_typed)
    affixes = [len(pattern.findall(lines_as_typed if name == "ur_ending" else lines))
               for name, pattern in _AFFIXES.items()]
    heard = {"typed": typed, "respelt": respelt}
    odds = [math.log((heard[spelling].get(language, 0.0) + _FLOOR) / (heard[spelling].get("fa", 0.0) + _FLOOR))
            for spelling, language in (("typed", "ar"), ("respelt", "ar"), ("respelt", "ur"))]
    return [1.0, *(count * of_words for count in known),
            *(min(count * of_letters, _MOST_OF_ONE_LETTER) for count in letters),
            *(count * of_words for count in affixes), *odds]


def tell_apart(text: str, typed: Mapping[str, float], respelt: Mapping[str, float]) -> dict[str, float]:
    """Return how likely a text in Arabic script is Arabic, Persian or Urdu.

    Function words and affixes are read with folded letters, telling letters as they were typed, and the opinion
    of a general detector is weighed for both spellings.

    Parameters
    ----------
    text
        A text in Arabic script.
    typed, respelt
        What a general detector gives ``ar``, ``fa`` and ``ur`` (0 to 1) for the text as typed and for
        ``respell_as_persian(text)``.

    Returns
    -------
    dict[str, float]
        A probability for each of the three; they add up to 1.

    Examples
    --------
    >>> nothing_heard = dict.fromkeys(ARABIC_SCRIPT_LANGUAGES, 1 / 3)
    >>> for text in ("خيلي كند است و جواب نميدهند", "الخدمة بطيئة جدا ولا أحد يرد", "سروس بہت سست ہے"):
    ...     chances = tell_apart(text, nothing_heard, nothing_heard)
    ...     print(max(chances, key=chances.get))
    fa
    ar
    ur
    """
    features = _features(text, typed, respelt)
    scores = {language: math.fsum(map(mul, weights, features)) for language, weights in _WEIGHTS.items()}
    top = max(scores.values())
    powers = {language: math.exp(score - top) for language, score in scores.items()}
    total = math.fsum(powers.values())
    return {language: power / total for language, power in powers.items()}

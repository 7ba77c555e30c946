"""Statements that are courtesy and nothing else: "Thank you and best regards", "با تشکر", "شكرا لكم"."""

from __future__ import annotations

import re
from typing import Final

from workbench.arguments import check_text
from workbench.language.stop_lists import word_set

_LONGEST: Final = 100
_WORD: Final = re.compile("[\\w\u0900-\u097f]+")
_LETTERS: Final = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "\u0640": None, "\u0307": None}
    | {chr(sign): None for sign in range(0x64B, 0x653)})


def _folded(words: str) -> frozenset[str]:
    return frozenset(word.lower().translate(_LETTERS) for word in word_set(words))


# one of these is in every courtesy
_KIND: Final = _folded("""
    thanks thank thankyou thx cheers regards sincerely greetings
    danke dank dankeschön grüße gruß grüßen grüssen mfg lg vg hochachtungsvoll merci cordialement salutations
    gracias saludos saludo atentamente cordialmente grazie saluti
    obrigado obrigada obg atenciosamente cumprimentos abraço abraços
    teşekkür teşekkürler tesekkurler sağol sağolun saygılar saygılarımla bedankt groet groeten groetjes mvg
    спасибо благодарю благодарим уважением
    شكرا شكر الشكر مشكور مشكورين مشكورة أشكركم نشكركم تحياتي تحياتنا التحية تحية والتقدير تسلموا تسلم العافية عليكم
    ممنون ممنونم ممنونیم مرسی سپاس سپاسگزارم سپاسگزار سپاسگذارم متشکرم متشکر متشکریم تشکر دمتون نباشید نکنه خداقوت قوت
    धन्यवाद शुक्रिया dhanyavad shukriya mersi mamnoon shukran shokran
    谢谢 谢谢你 谢谢您 谢谢你们 感谢 非常感谢 多谢 ありがとう ありがとうございます ありがとうございました 感謝します
""")
# what stands beside them
_BESIDE: Final = _folded("""
    you so very much a lot many all for everything again and best kind warm with wishes to your team the in advance dear
    sir madam hi hello everyone yours good day nice have
    vielen herzlichen besten lieben liebe freundlichen schöne viele mit für alles im voraus ihr euch ihnen und hallo
    guten tag an alle beste beaucoup mille bien à vous bonne journée pour tout et cordiales toute équipe d avance
    bonjour muchas por todo un cordial de antemano todos y equipo hola tante per tutto cordiali distinti tutti tanto
    ciao mil e muito tudo desde já um grande equipe çok ederim ederiz her şey için olun iyi günler çalışmalar kolay
    gelsin hartelijk voor met vriendelijke alvast en jullie veel u большое вам за всё с огромное заранее и всем
    لكم لك لكل جزيل جزيلا الجزيل كثيرا جدا كل و مع خالص فائق والاحترام الجميع للجميع جميعا السلام ورحمة ورحمه الله
    وبركاته ألف الله يعطيكم يعطيك ولكم والشكر من القلب أيديكم ايدكم
    با از شما خیلی زیاد بابت همه چی چیز گرم فراوان عزیز عزیزان دوستان موفق باشید سلام خسته دست دستتون دستت دستشون درد
    واقعا بسیار بی نهایت لطف لطفتون زحمات زحماتتون ارادتمند احترام خدا مرسی
    आपका आप बहुत सभी को का
""")
_COURTESY: Final = _KIND | _BESIDE


def is_courtesy(text: str) -> bool:
    """Return whether a text thanks or greets and says nothing else.

    Parameters
    ----------
    text
        A statement or a whole comment.

    Returns
    -------
    bool
        False where it says what the thanks are for, or holds a single word that is no courtesy.

    Examples
    --------
    >>> [is_courtesy(text) for text in ("Thank you and best regards!", "با تشکر", "شكرًا لكم جميعا", "Vielen Dank")]
    [True, True, True, True]
    >>> [is_courtesy(text) for text in ("Thanks for nothing", "ممنون بابت ارسال سریع", "a good day", "")]
    [False, False, False, False]
    """
    check_text("text", text)
    if len(text) > _LONGEST:
        return False
    words = frozenset(_WORD.findall(text.lower().translate(_LETTERS)))
    return not words.isdisjoint(_KIND) and words <= _COURTESY

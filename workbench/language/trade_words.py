"""The commonest words of the trade in Arabic and Persian, so that every form of them is counted under one key.

Endings that are written on to a word ("قبضم", "فاتورتي") cannot be told from its own letters by a rule alone; with the
word known, they can. Words that are not here keep the light stems of `workbench.language.stems`.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from workbench.language.stop_lists import word_set

# as counting keys: no hamza, heh for teh marbuta
_AR_NOUNS: Final = word_set("""
    توصيل فاتوره خدمه موظف مشكله تطبيق جهاز سرعه اشتراك سعر عقد عميل باقه شبكه انترنت راوتر مودم شاشه رقم هاتف جوال
    بطاقه حساب طلب موعد تركيب صيانه شركه فرع عرض خصم دفع دفعه رصيد مبلغ ضمان بلاغ تذكره رساله مكالمه مندوب مدير سايق
    طرد شحن شحنه استرجاع استبدال منتج كابل اشاره تغطيه قسط تجديد الغا اعلان تدريب دوره برنامج تحديث ايميل بريد موقع
    صفحه شقه مكتب منزل بطاريه كاميرا جوده تجربه معامله اسلوب تعامل استقبال انتظار تسليم تاخير فلوس حراره قرار تقسيط
    بيانات صوت اتصال مستخدم زبون ملاحظه اقتراح سياسه استخدام تسجيل دعم ترقيه
    التزام الكتروني شريك
""")
_AR_BEFORE: Final = "بلكفو"
_AR_AFTER: Final = tuple(sorted(
    {number + owner for number in ("", "ات", "ين", "ون", "ان")
     for owner in ("", "ي", "ك", "كم", "كو", "هم", "ها", "نا", "ه")}, key=lambda ending: (len(ending), ending)))

_FA_NOUNS: Final = word_set("""
    سفارش قبض تکنسین اینترنت قیمت مشکل دستگاه مودم پشتیبان پشتیبانی کارمند مشتری خانه شرکت سرعت خدمت خدمات سرویس
    قرارداد برنامه گوشی شماره کارت حساب پول پرداخت تخفیف بسته پیک مرسوله ارسال تحویل نصب نصاب تعمیر تعمیرکار کابل
    سیم فیبر انتن شبکه باتری شارژر صفحه سایت پیام پیامک تماس تلفن اپراتور کارشناس فروشنده فروشگاه شعبه نماینده
    نمایندگی مدیر همکار اموزش مربی کلاس تبلیغ وعده نوبت انتظار هزینه قسط فاکتور صورتحساب مالیات گارانتی ضمانت
    مرجوعی بازیافت لامپ جعبه محصول کیفیت کالا رفتار برخورد لحن زبان ربات ایمیل درخواست شکایت اشتراک تمدید اعتبار
    مصرف حجم سیستم اطلاعات پاسخ جواب همسایه ساختمان منزل مغازه خونه قطعی اختلال روتر رمز
""")
_FA_ADJECTIVES: Final = word_set("""
    خراب گران ارزان گرون ارزون سریع ضعیف قوی داغ گرم قطع وصل ساده سخت پیچیده گیج مودب محترم مهربان مهربون افتضاح
    مزخرف عالی کامل اشتباه غلط دیر زود شلوغ کثیف تمیز راحت سنگین سبک واضح مفید
""")
_FA_PLURALS: Final = ("", "ها", "ا", "ان", "ات")
_FA_OWNERS: Final = ("", "م", "ت", "ش", "مون", "تون", "شون", "مان", "تان", "شان", "ام", "اش", "ی", "ای", "یی", "و",
                     "رو", "ه", "یه")
_FA_AFTER: Final = tuple(sorted({number + owner for number in _FA_PLURALS for owner in _FA_OWNERS},
                                key=lambda ending: (len(ending), ending)))
_FA_AFTER_ADJECTIVE: Final = ("", "ه", "ن", "م", "ی", "یم", "ید", "ند", "ست", "تر", "تره", "ترین", "تری", "ترن")
_FA_OTHERWISE: Final = {"قبوض": "قبض", "خطوط": "خط", "مراکز": "مرکز", "شعب": "شعبه", "مبالغ": "مبلغ"}

# past and present stem; "-" where the present is written like too many other words
_FA_VERBS: Final = """
    رسید رس خرید خر فرستاد فرست گرفت گیر شکست شکن پرداخت پرداز اورد ار افتاد افت گذاشت گذار فروخت فروش نوشت نویس
    ماند مان موند مون رفت - امد - اومد - دید بین پرسید پرس
    کشید کش سوخت سوز ریخت ریز پذیرفت پذیر ساخت ساز شناخت شناس فهمید فهم
    چسبید چسب خندید خند چرخید چرخ پیچید پیچ بخشید بخش پسندید پسند فرسود فرسا دزدید دزد ترسید ترس دوید دو شنید شنو
    زد زن دانست دان دونست دون توانست توان تونست تون گفت گوی گفت گ امد ا
    کرد کن شد شو شد ش داد ده داد د فروریخت فروریز بازگشت بازگرد برگشت برگرد برداشت بردار
"""
_FA_SAME_VERB: Final = {"اومد": "امد", "موند": "ماند", "دونست": "دانست", "تونست": "توانست"}
_FA_PAST_ENDINGS: Final = ("", "م", "ی", "یم", "ید", "ین", "ند", "ن", "ه", "هام", "های", "هاند", "هایم", "هاید", "هاست",
                          "هبود")
_FA_PRESENT_ENDINGS: Final = ("م", "ی", "د", "ه", "یم", "ید", "ین", "ند", "ن")
_FA_NO_VERB: Final = frozenset({"شدید", "نزد", "میان", "میانه", "نمونه", "نگین",
                                  "نبرد", "بیند", "دیده", "خریدار", "ببین"})


@cache
def _persian_verbs() -> dict[str, str]:
    stems = _FA_VERBS.split()
    forms: dict[str, str] = {}
    for past, present in zip(stems[::2], stems[1::2], strict=True):
        infinitive = _FA_SAME_VERB.get(past, past) + "ن"
        written = [before + past + ending for before in ("", "ن", "می", "نمی") for ending in _FA_PAST_ENDINGS]
        if present != "-":
            written += [before + present + ending for before in ("می", "نمی", "ب", "ن")
                        for ending in _FA_PRESENT_ENDINGS if len(before + present + ending) > 4 or before == "می"]
        for form in written:
            forms.setdefault(form, infinitive)
    return {form: verb for form, verb in forms.items() if form not in _FA_NO_VERB}


@cache
def _persian_words() -> dict[str, str]:
    words = {**_FA_OTHERWISE, **{word: word for word in sorted(_FA_NOUNS | _FA_ADJECTIVES)}}
    for endings, nouns in ((_FA_AFTER, _FA_NOUNS), (_FA_AFTER_ADJECTIVE, _FA_ADJECTIVES)):
        for ending in endings:
            for noun in sorted(nouns, key=lambda word: (-len(word), word)):
                words.setdefault(noun + ending, noun)
    return {**_persian_verbs(), **words}


@cache
def _arabic_words() -> dict[str, str]:
    words = {noun: noun for noun in sorted(_AR_NOUNS)}
    for before in ("", *_AR_BEFORE):
        for ending in _AR_AFTER:
            for noun in sorted(_AR_NOUNS):
                open_form = noun[:-1] + ("" if ending[:2] == "ات" else "ت") if noun[-1] == "ه" and ending else noun
                words.setdefault(before + open_form + ending, noun)
    return words


def base_form(word: str, language: str) -> str | None:
    """Return the word of the trade that an Arabic or Persian word is a form of.

    Parameters
    ----------
    word
        A counting key, in Arabic without the article.
    language
        ``"ar"`` or ``"fa"``.

    Returns
    -------
    str or None
        A noun or adjective as a counting key; for a Persian verb its infinitive; None for a word that is not known.

    Examples
    --------
    >>> [base_form(word, "fa") for word in ("قبضم", "مشتریان", "خرابه", "نرسیده", "میرسه", "خطا")]
    ['قبض', 'مشتری', 'خراب', 'رسیدن', 'رسیدن', None]
    >>> [base_form(word, "ar") for word in ("فاتورتي", "بسرعه", "اشتراكي", "خدماتكم", "كتابي")]
    ['فاتوره', 'سرعه', 'اشتراك', 'خدمه', None]
    """
    return (_arabic_words() if language == "ar" else _persian_words()).get(word)

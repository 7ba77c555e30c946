"""What announces a name in scripts without capitals: Arabic and Persian, Chinese, Japanese and Hindi."""

from __future__ import annotations

from typing import Final

import regex

from workbench.feedback.letters import one_keyboard
from workbench.feedback.name_rules import joined, one_of

_ARABIC_WORD: Final = r"[\u0620-\u065f\u0670-\u06d3\u06fa-\u06ff\u200c]+"
_ARABIC: Final = rf"{_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{0,4}}"

_ARABIC_NAME_IS: Final = "[اإ]سم[يى]"
# "my name to show", "my name and my identity", "my name is spelt wrongly": nobody is named
_NO_ARABIC_NAME: Final = (
    "لي(?:عكس|كون|ظهر|صبح|ت)|و(?:هو|هي|هل|رقم|عنوان|بيانات|تاريخ|لم|لكن|كيف)|وال\\p{L}{3}|كمتزوج"
    "|(?:ولا|في|من|عن|شو|ليش|كيف|[إا]ذا|لو|غير|خط[اأ]|خاطئ"
    "|مكتوب|بشكل|بعد|قبل|ليس|مش|لان|لأن|كما|الأول|الاول|الأخير|القانوني|الحقيقي|الكامل)(?!\\p{L})"
)
_PERSIAN_NAME_IS: Final = "[اإ]سمم|نامم|نام من|اسم من|جناب آقای|سرکار خانم"
_ARABIC_LABELS: Final = """
    للتواصل|الاسم|الإسم|المسؤول|المرسل|مقدم (?:الشكوى|الطلب)|صاحب الحساب|اسم (?:العميل|المشترك)
    |نام|نام و نام خانوادگی|تماس|رابط|مشترک|فرستنده|شاکی|نام (?:مشتری|خانوادگی)|امضا
"""
# names that are no other words: a second name is seldom told from the rest of a sentence otherwise
_ARABIC_NAMES: Final = joined("""
    محمد|[اأ]حمد|محمود|مصطفي|عمر|عمرو|عثمان|خالد|حسن|حسين|حسام|[إا]براهيم|[إا]سماعيل|يوسف|ياسر|ياسين|سعد
    |سعود|فهد|فيصل|سليمان|صلاح|طارق|حمز[ةه]|حامد|حمدي|هاني|هشام|وليد|وائل|وسيم|ماجد|مازن|مروان|ناصر|نبيل
    |زياد|زيد|رامي|رشاد|عاطف|عصام|عيسي|غسان|فؤاد|فادي|قاسم|لؤي|مراد|معتز|موسي|هيثم|يحيي|يونس|يعقوب|[أا]يمن
    |[إا]يهاب|[أا]شرف|بلال|تامر|حازم|سامح|سامي|سمير|شادي|عبد[هو]|عبدالله|عبدالرحمن|عبدالعزيز|عطي[ةه]|جمع[ةه]
    |فتحي|مجدي|محسن|مدحت|فاطم[ةه]|مريم|سار[ةه]|ليلي|نادي[ةه]|سمير[ةه]|صفاء|[أا]سماء|دينا|رانيا|ريهام|زينب
    |سلمي|شيماء|عائش[ةه]|غاد[ةه]|لمياء|لينا|مرو[ةه]|نجلاء|نهي|نور[ةه]|ياسمين
""")
# "madam" is "constantly" in Persian
_ARABIC_TITLES: Final = (
    "(?:ال|لل)(?:[اأ]ستاذ[ةه]?|سيد[ةه]?|[اآ]نس[ةه])|مدام(?!.{0,80}(?:[پچژگ]|[ ]می|[ ]است|[ ]شود))|مستر"
)
# a word that ends as surnames do; others after "Mr" are mostly what he does: "the postman", "the manager"
_PERSIAN_SURNAME: Final = r"[\u0620-\u06d3\u200c]{2,}(?:ی|پور|زاده|نژاد|یان|فر|نیا|راد|وند)"
# what stands behind "Mr" and is no name: the article, a verb, an "and" that belongs to no name
_NO_NAME_AFTER: Final = "ال|وال|وبعض|زرت|كان|قام|و(?!ليد|ائل|سيم|سام|فاء|جدي|هيب|داد|ضاح|رد(?!\\p{L}))"
_PERSIAN_TITLES: Final = "[اآ]قای|خانم|خانوم|مهندس|سرکار خانم"
_PERSIAN_NAMES: Final = joined("""
    محمد|علی|رضا|حسین|حسن|مهدی|امیر|سعید|حمید|مجید|احمد|محسن|مصطفی|مرتضی|عباس|جواد|کاظم|هادی|بهرام|بهزاد
    |فرهاد|فرشاد|کیوان|مهران|مهرداد|آرش|سینا|پویا|پیمان|کامران|نیما|وحید|ناصر|علیرضا|محمدرضا|امیرحسین|مریم
    |زهرا|فاطمه|سارا|لیلا|نرگس|سمیرا
""")
# "to the name of" somebody; what is called so is no person
_CALLED: Final = (
    "شرکتی|فروشگاهی|محصولی|سرویسی|خدماتی|برنامه[ \u200c]?ای|اپی|اپلیکیشنی|سایتی|کالایی|طرحی|بسته[ \u200c]?ای"
    "|چیزی|جایی"
)
_KUNYA: Final = "[اأ]?بو|[اأ]م"
_ARABIC_FAREWELLS: Final = """
    مع (?:خالص |فائق )?(?:التحية|التقدير|الشكر)|تحيات[يى]|[اأ](?:خو|خت|بن)كم|المخلص
    |با (?:احترام|تشکر|سپاس)|(?:ارادتمند|مخلص)(?: شما)?|دوستدار شما|با تشکر و احترام|با سپاس و احترام
"""
_ARABIC_PERSONS: Final = (
    "موظف[ةه]?|شاب|بنت|شخص|فني|مندوب|سائق|سواق|مهندس[ةه]?|دكتور[ةه]?|رجل|سيد[ةه]|ولد|طفل|[اأ]بن[يى]|بنت[يى]"
)
# what stands before the name in praise of an employee: "to the engineer ...", "to ... of the department"
_ARABIC_THANKS: Final = "(?:ال)?شكر\\p{L}*|[اأ]شكر|تحي[ةه]|الفضل|التقدير|ممنون\\p{L}*"
_ARABIC_TRADES: Final = "مهندس|بشمهندس|دكتور|موظف|[اأ]خ|[اأ]خت|كابتن|شيف|مدير|فني|مدرب|مندوب"
_ARABIC_RANKS: Final = "دكتور[ةه]?|مهندس[ةه]?|شيخ[ةه]?|حاج[ةه]?|كابتن|شيف|[اأ]خ|[اأ]خت|موظف[ةه]?|مدرب[ةه]?"
_NOBODY_IN_ARABIC: Final = (
    "ال|لل|ه[مان]?(?!\\p{L})|ك[مم]?(?!\\p{L})|كل|جميع|موظف|فريق|شرك|قسم|فرع|مدير|شخص|شاب|بنت|هذ|غالي|حبيب|عزيز|صديق|صاحب"
    "|عميل|جماع|شباب|ناس|عم(?!\\p{L})|[اأ]ستاذ|[اأ]خ(?!\\p{L})|طاقم|ادار|إدار|خدم|واحد|من(?!\\p{L})"
)
_DEPARTMENT: Final = "[ ](?:من|في|ب)[ ]?(?:قسم|فرع|فريق|خدم[ةه]|مكتب|[اإ]دار[ةه])"
# "with respect they treat": a verb closes the sentence, not a name
_PERSIAN_DOING: Final = (
    rf"(?:{_ARABIC_WORD}[ ]){{0,2}}(?:ن?می\u200c?\p{{L}}+|کردن?د?|کن[هند]{{1,2}}|کنید|بودن?د?|است|شد|دار[هد]|داشت)"
    r"[.]?\s*$"
)
_PERSIAN_PERSONS: Final = (
    "آقایی|اقایی|خانمی|خانومی|شخصی|فردی|کارشناسی|اپراتوری|راننده[ \u200c]?ای|نصابی|تکنسینی|کارمندی|پیکی"
    "|فروشنده[ \u200c]?ای"
)
_PERSIAN_ROLES: Final = "رئیس|ریس|مدیر|مسئول|مسوول|سرپرست|کارشناس|معاون|حسابدار|مدیرعامل|صاحب|نماینده|وکیل|مشتری"
_PERSIAN_DEED: Final = "تشکر|ممنون|متشکر|سپاس|قدردان|کمال|تماس|صحبت|زنگ|راهنما|پیگیر"
_HINDI_NOBODY: Final = (
    "सर|भाई|मैडम|हाँ|हां|जी|पिता|माता|बाबू|गुरु|चाचा|अंकल|आंटी|दीदी|सेठ|डॉक्टर|मैनेजर|भैया|पंडित|मास्टर|बड़े|साहब|बहन|दादा|दादी|नाना|नानी"
    "|इंजीनियर|अजी|मम्मी|पापा|मौसी|बुआ|बेटा|धन्यवाद|नमस्ते|देखो|सुनो|वकील|मालिक|मित्र|अरे|साब"
)
_HINDI_PERSONS: Final = "लड़क|आदमी|व्यक्ति|महिला|कर्मचारी|एजेंट|तकनीशियन|टेक्नीशियन|इंजीनियर"


ARABIC_RULES: Final = tuple(regex.compile(one_keyboard(rule)) for rule in (
    rf"(?<!\p{{L}})و?{one_of(_ARABIC_NAME_IS)}[ :]{{1,2}}(?!{_NO_ARABIC_NAME})(?P<name>{_ARABIC})",
    rf"(?:^|[.!؟،,\n][ ]?)معكم?[ ](?!مصاري|فلوس|نقود|وقت|حق|كل)(?P<name>{_ARABIC})",
    rf"(?<!\p{{L}})[اأ]نا[ ](?P<name>{_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{1,3}})"
    r"(?=[،,][ ]?و?(?:هاتف|رقم|جوال|موبا|بريد))",
    rf"(?<!\p{{L}}){one_of(_PERSIAN_NAME_IS)}[ :]{{1,2}}(?P<name>{_ARABIC})",
    rf"(?<!(?:{_CALLED})[ ])(?<!\p{{L}})به[ ](?:اسم|نام)[ ](?P<name>{_ARABIC_WORD}[ ]{_ARABIC_WORD})(?=[ ]?[،,.؛])",
    rf"(?:^|[.!؟،,:\n]|سلام|احترام)[ ]?اینجانب[ ](?P<name>{_ARABIC})",
    rf"(?:^|[.!؟،,:\n]|سلام)[ ]?من[ ](?!شهرک|خیابان|میدان|محله|ساکن|اهل)"
    rf"(?P<name>{_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{1,2}})"
    r"[ ](?:هستم|ام|می\u200c?باشم)(?!\p{L})",
    rf"(?<!\p{{L}}){one_of(_ARABIC_LABELS)}[ ]?:[ ]?(?P<name>{_ARABIC})",
    rf"(?<!\p{{L}})[وفبل]?{one_of(_ARABIC_TITLES)}[ /](?P<name>(?!{_NO_NAME_AFTER})(?:عبد[ ])?[\u0620-\u0652]+"
    rf"(?:[ ](?:{_ARABIC_NAMES})(?!\p{{L}})"
    r"|[ ](?!المدير|الموظف|المس[ؤئو]{1,2}ل|اللي|الذي|التي|الى|المحترم)ال[\u0620-\u0652]{3,}"
    r"|[ ](?!و|ال)[\u0620-\u0652]{3,}(?=[ ]*(?:$|[.،,؛:!؟\n])"
    r"|[ ](?:و|(?:ال)?(?:مدير|مس[ؤئو]{1,2}ل|موظف)|(?:من|في|على|الذي|محترم|ل[اأ]ن\p{L}*)(?!\p{L}))))?)(?!\p{L})",
    rf"(?<!\p{{L}})(?:{_ARABIC_PERSONS})(?:[ ]{_ARABIC_WORD}){{0,3}}[ ][اأ]سم(?:ه|ها|و)[ ]"
    rf"(?P<name>{_ARABIC_WORD}(?:[ ](?:{_ARABIC_NAMES})(?!\p{{L}}))?)",
    rf"(?<!\p{{L}})[وفبل]?(?:ال|لل)(?:[اأ]خت?|عامل[ةه]?|مدير[ةه]?|شيف|كابتن)[ ]"
    rf"(?P<name>(?:{_ARABIC_NAMES})(?:[ ](?:{_ARABIC_NAMES}|ال[\u0620-\u0652]{{3,}}ي))?)(?!\p{{L}})",
    rf"(?<!\p{{L}})(?:{_ARABIC_THANKS})(?:[ ]{_ARABIC_WORD}){{0,2}}[ ]و?لل(?:{_ARABIC_TRADES})[ةه]?[ ]"
    rf"(?P<name>(?!{_NOBODY_IN_ARABIC}|وال|وكل|وجميع|ولل|ولكل){_ARABIC_WORD}"
    rf"(?:[ ]ال[\u0620-\u0652]{{2,}}ي(?!\p{{L}}))?)",
    rf"(?<!\p{{L}})(?:{_ARABIC_THANKS})[ ]?(?:ل|[اإ]ل[ىي][ ])(?P<name>(?!{_NOBODY_IN_ARABIC}){_ARABIC_WORD}"
    rf"(?:[ ](?!من|في){_ARABIC_WORD})?)(?={_DEPARTMENT})",
    rf"(?<!\p{{L}})[وفب]?(?:ال|لل)(?:{_ARABIC_RANKS})[ ](?P<name>(?!{_NOBODY_IN_ARABIC}){_ARABIC_WORD}"
    r"[ ]ال[\u0620-\u0652]{3,}ي)(?!\p{L})",
    rf"(?<!\p{{L}})يا[ ](?:{_ARABIC_RANKS}|[اأ]ستاذ[ةه]?|مدام|[اآ]نس[ةه])[ ]"
    rf"(?P<name>(?!{_NOBODY_IN_ARABIC}){_ARABIC_WORD})(?=[ ]?[،,.!؟\n]|$)",
    rf"(?:^|[.!؟،:«\"\n][ ]?)(?:عزيزي|عزيزتي|حبيبي|حبيبتي)[ ]"
    rf"(?P<name>(?!{_NOBODY_IN_ARABIC}){_ARABIC_WORD})(?=[ ]?[،,:!])",
    rf"(?<!\p{{L}})(?:لك|إليك|مرحبا|[اأ]هلا|هلا|سلام|بخير)[ ]يا[ ](?P<name>(?!{_NOBODY_IN_ARABIC}){_ARABIC_WORD})"
    r"(?=[ ]?[،,!.]|$)",
    rf"(?<!\p{{L}})(?:مسجل[ةه]?[ ]ب[اإ]سم)[ ](?P<name>(?!زوج|والد|شركة|المر){_ARABIC_WORD}[ ]{_ARABIC_WORD})",
    rf"(?:^|[.!،؟\n][ ]?|[اأ]خوكم[ ]|تحياتي[ ])(?P<name>(?:{_KUNYA})[ ](?!ال){_ARABIC_WORD})[.]?\s*$",
    rf"(?:^|[.!؟\n][ ]?)(?P<name>{_ARABIC_WORD}[ ]{_ARABIC_WORD})(?=[ ]?[،,][ ]?(?:{_PERSIAN_ROLES})"
    rf"(?:[ ]{_ARABIC_WORD}){{0,3}}[ ]?[.]?\s*$)",
    rf"(?<!\p{{L}})(?:{_PERSIAN_PERSONS})[ ]به[ ](?:اسم|نام)[ ](?P<name>{_ARABIC_WORD}(?:[ ]{_ARABIC_WORD})?)",
    rf"(?<!\p{{L}})(?:از|به|با|توسط)[ ](?:سرکار[ ])?(?:[اآ]قای|خانم|خانوم)[ ]"
    rf"(?P<name>{_ARABIC_WORD}(?:[ ]{_PERSIAN_SURNAME})?)"
    rf"(?=[ ](?:{_PERSIAN_DEED}))",
    rf"(?<!\p{{L}})يا[ ](?P<name>(?:{_KUNYA})[ ](?!ال){_ARABIC_WORD})",
    rf"(?<!\p{{L}})(?:{_PERSIAN_TITLES})[ ](?P<name>{_ARABIC_WORD})"
    r"(?=[ ]?[،,.!؛]|[ ](?:بود|هستن|هستم|خیلی|که)(?!\p{L}))",
    rf"(?<!\p{{L}})(?:[اآ]قای|خانم)[ ](?:(?:مهندس|دکتر|حاج)[ ])?"
    rf"(?P<name>(?:{_PERSIAN_NAMES})[ ]{_PERSIAN_SURNAME})(?!\p{{L}})",
    rf"(?<!\p{{L}})[اآ]قای[ ](?:(?:مهندس|دکتر|حاج)[ ])?(?P<name>{_PERSIAN_SURNAME})(?!\p{{L}})",
    rf"(?<!\p{{L}})(?:خانم|سرکار)[ ](?:مهندس|دکتر)[ ](?P<name>{_PERSIAN_SURNAME})(?!\p{{L}})",
    rf"(?:[،,][ ]?|اسمش\w{{0,3}}[ ](?:{_ARABIC_WORD}[ ])?)[اآ]قا[ ](?P<name>{_ARABIC_WORD})"
    r"(?=[ ]?[،,.]|(?<=اسمش.{1,24})[ ])",
    rf"{one_of(_ARABIC_FAREWELLS)}[ ](?!{_PERSIAN_DOING})"
    rf"(?P<name>(?!لل|لكم|لهم|و){_ARABIC_WORD}(?:[ ]{_ARABIC_WORD}){{0,2}})[.]?\s*$",
    rf"{one_of(_ARABIC_FAREWELLS)}(?:[ ]*[،,.:]\s*|[ ]*\n\s*)"
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
HAN_AND_HINDI_RULES: Final = tuple(regex.compile(rule) for rule in (
    r"मेरा नाम[ ](?P<name>\p{Devanagari}+(?:[ ]\p{Devanagari}+){0,2}?)(?=[ ](?:है|हैं|और)|[।,])",
    r"(?<!\p{Devanagari})(?:श्री|श्रीमती|सुश्री|कुमारी)[ ]"
    r"(?P<name>\p{Devanagari}{3,}(?:[ ]\p{Devanagari}+)?)(?=[ ](?:ने|को|से|जी)|[।,])",
    rf"(?<!\p{{Devanagari}})(?!(?:{_HINDI_NOBODY})[ ])(?P<name>\p{{Devanagari}}{{3,}})"
    r"(?=[ ]जी[ ](?:ने|को|से|का|की|के)(?!\p{Devanagari}))",
    rf"(?<!\p{{Devanagari}})(?P<name>\p{{Devanagari}}{{3,}})(?=[ ]नाम[ ](?:का|की|के)[ ](?:{_HINDI_PERSONS}))",
    r"मैं[ ](?P<name>\p{Devanagari}+(?:[ ]\p{Devanagari}+){0,2}?)(?=[ ]बोल)",
    r"(?:我(?:的名字)?叫|联系人[:是]?|姓名[:是]?)(?P<name>\p{Han}{2,3}?)(?=[^\p{Han}]|$|[是在的住手电来从])",
    rf"(?P<name>[老小][{_SURNAMES}])(?![期边围末年到转])",
    rf"(?P<name>[{_SURNAMES}]\p{{Han}}{{0,2}}?)(?=(?:{_HAN_PEOPLE}))",
    rf"(?<![\p{{Han}}々\p{{Katakana}}ー])(?!(?:{_NOT_SAN})さん)(?P<name>[\p{{Han}}々]{{2,3}})(?=さん(?!\p{{Han}}))",
    r"(?P<name>[\p{Han}々]{1,4}[ ]?[\p{Han}\p{Hiragana}\p{Katakana}々]{0,4}?)(?=と申します|ともうします)",
    r"(?:名前は|氏名[:は]?|担当者?[:は])[ ]?(?P<name>[\p{Han}\p{Katakana}々]{2,8})",
))


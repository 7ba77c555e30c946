"""Names that the words around them give away, in the languages of the workbench, and words that must stay."""

import pytest

from workbench.feedback.name_rules import rule
from workbench.feedback.redaction import redact

NAMED = [
    ("a lovely lady in the shop called Martha helped", "a lovely lady in the shop called [name] helped"),
    ("Spoke to someone, Nigel I think, on Monday", "Spoke to someone, [name] I think, on Monday"),
    ("your chap Barry sorted it", "your chap [name] sorted it"),
    ("Fatima in your Leeds team rebuilt it", "[name] in your Leeds team rebuilt it"),
    ("I talked to Gwen who refunded me", "I talked to [name] who refunded me"),
    ("cake for our Maeve who teaches", "cake for our [name] who teaches"),
    ("I cancelled Ernest's funeral plan", "I cancelled [name]'s funeral plan"),
    ("Rosalind and her team were great", "[name] and her team were great"),
    ("the line in the name of Edith Palmer", "the line in the name of [name]"),
    ("account holder: Edith Palmer", "account holder: [name]"),
    ("All the best, Edith Palmer", "All the best, [name]"),
    ("It failed. Edith Palmer, Head of Operations", "It failed. [name], Head of Operations"),
    ("Ihr Mitarbeiter Torsten hat geholfen", "Ihr Mitarbeiter [name] hat geholfen"),
    ("die Kollegin Heike vom Service", "die Kollegin [name] vom Service"),
    ("mit freundlichem Gruß, Uwe Brandt", "mit freundlichem Gruß, [name]"),
    ("une dame très gentille prénommée Odile", "une dame très gentille prénommée [name]"),
    ("Les prénoms : Alain, Gilles et maintenant Hervé.", "Les prénoms : [name], [name] et maintenant [name]."),
    ("me atendió una chica que se llama Noelia", "me atendió una chica que se llama [name]"),
    ("hablé con una persona, Noelia, y listo", "hablé con una persona, [name], y listo"),
    ("la línea está a nombre de Noelia Prado", "la línea está a nombre de [name]"),
    ("una ragazza di nome Ilaria", "una ragazza di nome [name]"),
    ("um rapaz chamado Thiago resolveu", "um rapaz chamado [name] resolveu"),
    ("een medewerker genaamd Joost", "een medewerker genaamd [name]"),
    ("Selim isimli personel ilgilendi", "[name] isimli personel ilgilendi"),
    ("Selim Beye teşekkürler", "[name] Beye teşekkürler"),
    ("девушка по имени Алёна помогла", "девушка по имени [name] помогла"),
    ("Дай Бог здоровья вашему Тимуру, приехал", "Дай Бог здоровья вашему [name], приехал"),
    ("Deepak ji came twice", "[name] ji came twice"),
    ("दीपक जी ने मदद की", "[name] जी ने मदद की"),
    ("दीपक नाम का लड़का आया", "[name] नाम का लड़का आया"),
    ("श्री दीपक वर्मा ने फोन किया", "श्री [name] ने फोन किया"),
    ("موظف الاستقبال اسمه وليد", "موظف الاستقبال اسمه [name]"),
    ("شكرا للمهندس وليد على صبره", "شكرا للمهندس [name] على صبره"),
    ("الفضل لهند من قسم المبيعات", "الفضل ل[name] من قسم المبيعات"),
    ("الدكتورة هند الحربي كانت راقية", "الدكتورة [name] كانت راقية"),
    ("يا أستاذ وليد، ردوا", "يا أستاذ [name]، ردوا"),
    ("كتبوا «عزيزتي هند، اشتقنا»", "كتبوا «عزيزتي [name]، اشتقنا»"),
    ("الخط مسجل باسم وليد الحربي", "الخط مسجل باسم [name]"),
    ("الخدمة ممتازة. أبو وليد", "الخدمة ممتازة. [name]"),
    ("مقدم الشكوى: وليد الحربي", "مقدم الشكوى: [name]"),
    ("خانمی به نام سپیده جواب داد", "خانمی به نام [name] جواب داد"),
    ("از آقای کیوان تشکر می‌کنم", "از آقای [name] تشکر می‌کنم"),
    ("پیگیری کنید. سپیده رادمنش، مدیر خرید", "پیگیری کنید. [name]، مدیر خرید"),
    ("شاکی: سپیده رادمنش", "شاکی: [name]"),
    ("اسمي وليد الحربي", "اسمي [name]"), ("شكرا لمستر وليد الحربي", "شكرا لمستر [name]"),
    ("اسمي ليلى الحربي", "اسمي [name]"), ("اسمي ولاء الحربي", "اسمي [name]"),
    ("با احترام سپیده رادمنش", "با احترام [name]"),
    ("كان معنا مستر حسن عطية دينمو الفندق", "كان معنا مستر [name] دينمو الفندق"),
    ("موظف يستحق الشكر اسمه محمد احمد من الاستقبال", "موظف يستحق الشكر اسمه [name] من الاستقبال"),
    ("أشكر السيد/احمد اباظة", "أشكر السيد/[name]"), ("والاخت صفاء كانت لطيفة", "والاخت [name] كانت لطيفة"),
    ("من السيد جمال المسؤل عن الشقق", "من السيد [name] المسؤل عن الشقق"),
    ("آقای علی رضایی خیلی کمک کرد", "آقای [name] خیلی کمک کرد"),
    ("از خانم سارا احمدی تشکر می‌کنم", "از خانم [name] تشکر می‌کنم"),
    ("meu nome e João Prado", "meu nome e [name]"), ("my name is J. R. Palmer", "my name is [name]"),
    # what was announced once is known where it stands alone
    ("The engineer Boris came. Boris left, and Boris's van", "The engineer [name] came. [name] left, and [name]'s van"),
    ("My name is Edith Palmer, or Palmer on the bill", "My name is [name], or [name] on the bill"),
]
STAYS = [
    "Someone in your team helped", "Everybody on the team, Monday to Friday", "I spoke to Support in your shop",
    "a man in the shop, then nothing", "a product called Turbo", "une box appelée Horizon", "eine App, Version drei",
    "our Wifi is down, our Friends say", "Mother's funeral, Today's wedding", "the manager, Monday, said no",
    "in the name of God Almighty", "thanks to Telvana for nothing", "der Techniker Termin war um neun",
    "Die Mitarbeiter Ihrer Hotline, die Techniker, alle", "mi casa a nombre de nadie", "un certain temps",
    "Tamam bey", "marka adlı ürün", "Sir ji please", "भाई जी ने कहा", "देखो जी बिल में", "वकील साहब ने", "नाम का फर्क",
    "موظف في الاستقبال رائع", "شكرا للموظفين في الفرع", "شكرا للمدير على التعاون", "شكرا لكم من قسم المبيعات",
    "يا أستاذ شو هالحكي", "الدكتور جاء متأخرا", "عزيزي العميل، نشكرك", "من ابو ظبي", "المهندس وصل الساعة خمسة",
    "أريد أن أصحح اسمي ليعكس ذلك", "لماذا تحتاج اسمي وهويتي", "اسمي مكتوب بشكل خاطئ",
    "محتاجة اغير اسمي شو اعمل؟", "معك مصاري ؟",
    "با مشتری با احترام رفتار می‌کنند", "با مشتری با احترام برخورد میکنه", "من شهرک گلستان هستم",
    "خانم محترم", "از خانم فروشنده تشکر می‌کنم", "به نام خدا سلام", "مدیر محترم، لطفا", "شخصی سازی به نام خودم",
    "آقای پیک خیلی مودب بود", "من سالهاست مشتری شما هستم", "من شدیدا شیرینی خور هستم", "مدام تغییر ایجاد می‌شود",
    "كتبها محمود السيد ورفض التوقيع", "السيد زرت الفندق في الصيف", "كيف أغير اسمي كمتزوج",
    "Recebi, em meu nome e no meu endereço", "And this is California. No snow here", "it is February. Bad weather",
    "I am But Your service is bad",
    "Boris",
]


@pytest.mark.parametrize(("text", "left"), NAMED)
def test_names_are_taken_out_beside_what_gives_them_away(text, left):
    assert redact(text) == left
    assert redact(left) == left


@pytest.mark.parametrize("text", STAYS)
def test_words_that_are_no_names_stay(text):
    assert redact(text) == text


@pytest.mark.parametrize("phrases", ["My name is", "(?:a|b) c", "se[nñ]or"])
def test_a_rule_that_would_never_be_tried_is_refused(phrases):
    with pytest.raises(ValueError, match="must begin with a plain word in small letters"):
        rule("(?P<name>x)", phrases)


@pytest.mark.parametrize("part", ["Mr Aa ", "Mr Aa Bb ", "lady ", "lady, Aa, ", "Names: Aa, ", "Aa in your team ", "Aa",
                                  "شكرا ل", "شكرا للمهندس ", "Aa Bb, director ", "خانمی به نام ", "दीपक जी "])
def test_hostile_repetition_is_read_in_linear_time(part):
    assert redact(part * (40_000 // len(part)))

"""Internet addresses, licence plates, dates of birth and papers: what must go, and what only looks like them."""

import pytest

from workbench.feedback.redaction import find_personal_data, redact

IP = [
    ("my IP is 91.12.44.7, blocked again", "my IP is [ip], blocked again"),
    ("login von 185.143.233.120 war ich nicht", "login von [ip] war ich nicht"),
    ("meine IP-Adresse: 5.9.1.2", "meine IP-Adresse: [ip]"),
    ("mon adresse IP est 82.64.10.9 depuis hier", "mon adresse IP est [ip] depuis hier"),
    ("mi dirección IP 81.40.3.22", "mi dirección IP [ip]"),
    ("عنوان الآي بي ٨٥٫١٥٤٫٢٢٫٩ محظور", "عنوان الآي بي [ip] محظور"),
    ("آی‌پی من ۵.۲۰۰.۱۵.۷ بسته شد", "آی‌پی من [ip] بسته شد"),
    ("IP adresim 88.240.7.31 engellendi", "IP adresim [ip] engellendi"),
    ("айпи 95.24.8.11 заблокирован", "айпи [ip] заблокирован"),
    ("从203.0.113.45登录", "从203.0.113.45登录"),  # a letter touches it: a word for addresses must stand by
    ("logged in from 2a02:8108:8ac0:1f00:a1b2:c3d4:e5f6:7", "logged in from [ip]"),
    ("über 2001:db8::ff00:42:8329 kam nichts", "über [ip] kam nichts"),
    ("http://185.143.233.120/ ist weg", "http://[ip]/ ist weg"),
]
NO_IP = [
    "IP 192.168.100.254 does not answer", "router at 10.0.0.138", "localhost 127.0.0.1 and ::1", "mask 255.255.255.0",
    "Version 117.0.5938.132 stürzt ab", "app 10.12.44.107", "firmware 3.14.159.26", "نسخه ۱۱۷.۱۲۰.۱۲۳.۱ خراب است",
    "at 12:30:45 and 18:00:00", "std::vector and a::b", "MAC 00:1A:2B:3C:4D:5E", "12.11.20.25", "1.2.3.4 steps",
    "fe80::1 on my link", "sürüm 212.100.30.11", "300.400.500.600 on the scale",
]
PLATES = [
    ("Kennzeichen M-AB 1234 steht seit Tagen hier", "Kennzeichen [plate] steht seit Tagen hier"),
    ("mein kfz-kennzeichen: B XY 77", "mein kfz-kennzeichen: [plate]"),
    ("your van AB-123-CD blocked us", "your van [plate] blocked us"),
    ("plaque d'immatriculation AB 123 CD", "plaque d'immatriculation [plate]"),
    ("34 ABC 123 plakalı araç çarptı", "[plate] plakalı araç çarptı"),
    ("plakam 06 BD 4567", "plakam [plate]"),
    ("پلاک ۱۲ ب ۳۴۵ ایران ۶۷ بود", "پلاک [plate] بود"),
    ("خودروی ۴۴ج۷۶۵-ایران۱۱", "خودروی [plate]"),
    ("پلاک ۲۲د۴۵۶-۳۳ راننده", "پلاک [plate] راننده"),
    ("لوحة السيارة أ ب ج ١٢٣٤ واقفة", "لوحة السيارة [plate] واقفة"),
    ("رقم اللوحة س ص ٤٥٦", "رقم اللوحة [plate]"),
    ("number plate AB12 CDE on the drive", "number plate [plate] on the drive"),
    ("your driver, reg no. lk19xyz, sped", "your driver, reg no. [plate], sped"),
    ("matrícula 1234 BCD de la furgoneta", "matrícula [plate] de la furgoneta"),
    ("furgone targa AB 123 CD", "furgone targa [plate]"),
    ("busje met kenteken 12-ABC-3", "busje met kenteken [plate]"),
    ("placa ABC1D23 do entregador", "placa [plate] do entregador"),
    ("машина А123ВС77 стояла", "машина [plate] стояла"),
    ("快递车京A12345停在门口", "快递车[plate]停在门口"),
    ("車は品川300あ12-34でした", "車は[plate]でした"),
]
NO_PLATES = [
    "my X-T 5 and the GT12 PRO", "USB-C 3 ports, HD-TV 4", "10 GB 500 MB", "16 MAY 24", "the tariff M-L 200",
    "placa base B 550 rota", "plate 7 of 10 was cold", "بين ٢٠ و ٣٠٠ ريال", "پلاک ۱۲ واحد ۳", "kenteken vergeten",
    "Kennzeichen vergessen, 3 Tage 24 Stunden", "la plaque de cuisson 3 feux", "WH100 XM4", "50 TL 100",
    "the plate was 2000 years old",
    "خیابان ۱۲ کوچه ۳۴۵", "plakası yok", "AB-12345-CD",
]
BORN = [
    ("I was born on 14 March 1958, so", "I was born on [birthdate], so"),
    ("DOB: 03/04/1971", "DOB: [birthdate]"),
    ("date of birth is March 14, 1958", "date of birth is [birthdate]"),
    ("my birthday is February 24th", "my birthday is [birthdate]"),
    ("geboren am 3. Mai 1949 in", "geboren am [birthdate] in"),
    ("Max, geb. 01.02.1970", "Max, geb. [birthdate]"),
    ("am 14.03.1985 geboren", "am [birthdate] geboren"),
    ("née le 1er août 1962", "née le [birthdate]"),
    ("date de naissance : 12/05/1980", "date de naissance : [birthdate]"),
    ("nací el 5 de mayo de 1977", "nací el [birthdate]"),
    ("sono nata il 7 luglio 1990", "sono nata il [birthdate]"),
    ("nasci em 02/11/1988", "nasci em [birthdate]"),
    ("geboortedatum 12-05-1966", "geboortedatum [birthdate]"),
    ("doğum tarihim 12.05.1980", "doğum tarihim [birthdate]"),
    ("14 Mart 1985 doğumluyum", "[birthdate] doğumluyum"),
    ("родился 14 марта 1958 года", "родился [birthdate] года"),
    ("14.03.1958 года рождения", "[birthdate] года рождения"),
    ("تاريخ ميلادي ١٢/٥/١٩٨٠", "تاريخ ميلادي [birthdate]"),
    ("من مواليد ٣ رمضان ١٤٠٢ هـ", "من مواليد [birthdate] هـ"),
    ("ولدت في ٧ كانون الثاني ١٩٧٥", "ولدت في [birthdate]"),
    ("متولد ۳ خرداد ۱۳۶۲ هستم", "متولد [birthdate] هستم"),
    ("تاریخ تولدم ۱۳۶۲/۰۳/۱۲ است", "تاریخ تولدم [birthdate] است"),
    ("زاده ۳ خرداد ۱۳۶۲ در شیراز", "زاده [birthdate] در شیراز"),
    ("۱۲ اسفند ۱۳۵۸ به دنیا آمدم", "[birthdate] به دنیا آمدم"),
    ("出生日期：1985年3月14日", "出生日期：[birthdate]"),
    ("昭和35年3月14日生まれです", "[birthdate]生まれです"),
    ("जन्म तिथि 14/03/1985 है", "जन्म तिथि [birthdate] है"),
]
NOT_BORN = [
    "delivered on 14 March 2026", "my birthday present came on 14/03/2026", "born lucky, delivered on 14.03.2026",
    "geliefert am 14.03.2026", "zum Geburtstag bestellt, am 14.03.2026 geliefert", "livré le 12/05/2025",
    "entregado el 5 de mayo de 2025", "تم التوصيل في ١٢/٥/٢٠٢٥", "هدية عيد ميلاد ابني وصلت ١٢/٥/٢٠٢٥",
    "۱۲ خرداد ۱۴۰۴ رسید", "سفارش تولد دخترم ۱۲ خرداد رسید", "doğum günü hediyesi 12.05.2025 geldi",
    "2026年3月14日出货", "I was born in 1958", "متولد ۱۳۶۲", "the 3 newborn sets", "geboren 1949",
    "订单生日蛋糕2026年3月14日送到",
]
PAPERS = [
    ("passport no. C01X00T47 expired", "passport no. [id] expired"),
    ("numéro de passeport 12AB34567", "numéro de passeport [id]"),
    ("mi pasaporte AAB123456", "mi pasaporte [id]"),
    ("pasaport U01234567", "pasaport [id]"),
    ("护照号E12345678", "护照号[id]"),
    ("رقم جواز سفري A1234567", "رقم جواز سفري [id]"),
    ("شماره گذرنامه‌ام B12345678 است", "شماره گذرنامه‌ام [id] است"),
    ("Führerschein B072RRE2I55 gescannt", "Führerschein [id] gescannt"),
    ("driving licence MORGA657054SM9IJ", "driving licence [id]"),
]
NO_PAPERS = [
    "the passport office took 12 weeks", "Führerschein seit 1998", "جواز السفر تأخر ٣ أسابيع", "passport queue 45 min",
]


@pytest.mark.parametrize(("text", "left"), [*IP, *PLATES, *BORN, *PAPERS])
def test_what_leads_to_a_person_becomes_its_placeholder(text, left):
    assert redact(text) == left
    assert redact(left) == left


@pytest.mark.parametrize("text", [*NO_IP, *NO_PLATES, *NOT_BORN, *NO_PAPERS])
def test_what_only_looks_alike_stays(text):
    assert redact(text) == text


def test_kinds_beside_each_other_keep_to_their_places():
    text = "Max, geb. 01.02.1970, IP 91.12.44.7, Kennzeichen M-AB 1234, tel 0171 2345678"
    assert [(text[start:end], kind) for start, end, kind in find_personal_data(text)] == [
        ("01.02.1970", "birthdate"), ("91.12.44.7", "ip"), ("M-AB 1234", "plate"), ("0171 2345678", "phone")]


@pytest.mark.parametrize("part", ["1.1.1.1 ", "::", "a:1:", "born on ", "born on 1 ", "plate ", "plate A 1 ",
                                  "1 plakalı ", "متولد ", "12ب345", "AB-123-", "1年1月", "1.1 w"])
def test_hostile_repetition_is_read_in_linear_time(part):
    assert redact(part * (40_000 // len(part)))

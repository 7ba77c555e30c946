"""Names in messengers, e-mail addresses that were pulled apart, British bank accounts; and what only looks alike."""

import pytest

from workbench.feedback import redact

FOUND = [
    ("微信: abc123", "微信: [handle]"), ("微信：xiaoming", "微信：[handle]"),
    ("加我微信 wxid_9a8b7c", "加我微信 [handle]"),
    ("微信号：wang_88吧", "微信号：[handle]吧"), ("telegram @x", "telegram [handle]"),
    ("Telegram: @ali_r.", "Telegram: [handle]."), ("my Telegram is jane_doe", "my Telegram is [handle]"),
    ("تلگرام: alireza است", "تلگرام: [handle] است"), ("آیدی تلگرام @ali", "آیدی تلگرام [handle]"),
    ("تلگرامم ali_reza99 است", "تلگرامم [handle] است"), ("تليجرام: ahmad_88", "تليجرام: [handle]"),
    ("انستغرام @ahmad.s", "انستغرام [handle]"), ("سناب: ahmad_88", "سناب: [handle]"),
    ("لاین: taro_55", "لاین: [handle]"),
    ("LINE ID: taro55", "LINE ID: [handle]"), ("ライン taro_55", "ライン [handle]"),
    ("my wechat abc123", "my wechat [handle]"),
    ("Skype: live:jane.doe", "Skype: [handle]"), ("Телеграм: ivanov", "Телеграм: [handle]"),
    ("тг @ivan", "тг [handle]"),
    ("insta: jane.doe_1", "insta: [handle]"), ("telegram kullanıcı adı: ayse_34", "telegram kullanıcı adı: [handle]"),
    ("ali . reza @ firma . de", "[email]"), ("ali . reza @ firma . de bitte melden", "[email] bitte melden"),
    ("ali @ firma . de.", "[email]."), ("ali@firma .com please", "[email] please"), ("ali.reza @ firma.de", "[email]"),
    ("jane @ firma . co .uk please", "[email] please"), ("رضا ali @ sherkat . ir لطفا", "رضا [email] لطفا"),
    ("sort code 20-00-00 account number 12345678", "sort code [iban] account number [iban]"),
    ("sort code: 200000, acc 1234 5678", "sort code: [iban], acc [iban]"),
    ("my account 12345678 sort-code 20 00 00", "my account [iban] sort-code [iban]"),
    ("refund to 40-47-84 12345678 please", "refund to [iban] [iban] please"),
    ("to my bank 12-03-25 12345678", "to my bank [iban] [iban]"),
]
ALIKE = [
    "Telegram: never answers", "telegram channel is good", "line 12a was late", "production line: A1234",
    "error on line id 4 again", "on telegram they wrote 3 times", "Instagram 2023", "insta360 broke", "微信 pay 很好",
    "微信支付 OK", "微信：好", "discord v1.2.3", "Telegram Web", "skype windows10", "telegram iphone13",
    "خرید آنلاین: shop24",
    "تلگرام app خراب", "تلگرام: خوب", "viber out", "snap decision", "LINE: the app is slow",
    "meet me @ work . it was great", "see you @ hotel. in the end", "@ store. so bad", "fly @ 5 . es war gut",
    "I was @ starbucks . me and my friend", "problema @ loja . com problema", "3 @ 5.de", "late @ night . de nada",
    "cheaper @ acme.com", "it was good. cheaper @ acme.com",
    "ordered 12-03-25 12345678", "sort the code 12 34 56", "sort code please", "12-34-56",
]


@pytest.mark.parametrize(("text", "left"), FOUND)
def test_it_becomes_its_placeholder(text, left):
    assert redact(text) == left
    assert redact(left) == left


@pytest.mark.parametrize("text", ALIKE)
def test_what_only_looks_alike_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize("part", ["a . ", "a @ ", "@ a . ", "a . b @ ", "x @ y . com ", "telegram ", "微信:",
                                  "line id ", "sort code ", "sort code 12-34-56 ", "12-34-56 12345678 "])
def test_hostile_repetition_is_read_in_linear_time(part):
    redact(part * (40_000 // len(part)))

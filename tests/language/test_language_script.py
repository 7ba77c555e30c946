import pytest

from workbench.language import direction_of, isolate, script_of, strip_controls, to_digits

FSI, PDI, RLO, LRO, PDF = map(chr, (0x2068, 0x2069, 0x202E, 0x202D, 0x202C))
RLE, RLI, LRI, RLM = map(chr, (0x202B, 0x2067, 0x2066, 0x200F))


@pytest.mark.parametrize(("text", "script"), [
    ("late", "Latn"), ("Größe", "Latn"), ("متأخر", "Arab"), ("Доставка", "Cyrl"), ("देर से", "Deva"),
    ("配達が遅い", "Jpan"), ("カタカナ", "Jpan"), ("物流很慢", "Hani"), ("배송", "Hang"), ("ช้ามาก", "Thai"),
    ("αργά", "Grek"),
    ("איחור", "Hebr"), ("", "Zyyy"), ("10/10 👍", "Zyyy"), ("-", "Zyyy"), ("app خیلی خیلی کند", "Arab"),
    ("کند www.example.com/a/very/long/address", "Arab"), ("https://example.com", "Latn"), ("我喜欢の", "Jpan"),
    ("这家店的服务真的非常非常好，下次还来の", "Hani"),
])
def test_script_is_that_of_most_letters(text, script):
    assert script_of(text) == script


@pytest.mark.parametrize(("text", "direction"), [
    ("Box 3 لا يعمل منذ أسبوع", "rtl"), ("late", "ltr"), ("خیلی کند", "rtl"), ("بہت سست", "rtl"), ("שלום", "rtl"),
    ("I said شكرا and then left the shop", "ltr"), ("5/5", "ltr"), ("۵", "ltr"), ("", "ltr"), ("ab بد", "ltr"),
    ("بد ab", "rtl"),
    ("@company_support_desk بد", "rtl"), ("物流", "ltr"),
])
def test_direction_is_that_of_most_letters_and_of_the_first_in_a_tie(text, direction):
    assert direction_of(text) == direction


@pytest.mark.parametrize(("text", "shown"), [
    ("late", f"{FSI}late{PDI}"),
    ("", ""),
    (f"{RLO}evil", f"{FSI}evil{PDI}"),
    (f"{RLO}evil{PDF} x", f"{FSI}evil x{PDI}"),
    (f"a{PDI}b", f"{FSI}ab{PDI}"),
    (f"a{PDF}b", f"{FSI}ab{PDI}"),
    (f"{RLI}a", f"{FSI}a{PDI}"),
    (f"{RLI}a{PDI}b", f"{FSI}{RLI}a{PDI}b{PDI}"),
    (f"{RLE}a{PDF}b", f"{FSI}{RLE}a{PDF}b{PDI}"),
    (f"{RLE}{LRI}a{PDF}{PDI}", f"{FSI}{LRI}a{PDI}{PDI}"),
    (f"a{RLM}!", f"{FSI}a{RLM}!{PDI}"),
    ("one\n\ntwo", f"{FSI}one{PDI}\n\n{FSI}two{PDI}"),
    (f"{RLI}one\ntwo{PDI}", f"{FSI}one{PDI}\n{FSI}two{PDI}"),
])
def test_isolated_text_cannot_turn_what_stands_around_it(text, shown):
    assert isolate(text) == shown


@pytest.mark.parametrize("text", [RLO * 5 + "x", PDI * 5, f"{RLI}{RLE}{LRO}x{PDF}", f"x{PDF}{PDI}{RLO}"])
def test_isolated_text_is_balanced(text):
    depth = 0
    for character in isolate(text):
        depth += (character in f"{FSI}{RLI}{LRI}{RLE}") - (character in f"{PDI}{PDF}")
        assert depth >= 0
        assert character not in f"{RLO}{LRO}"
    assert depth == 0


@pytest.mark.parametrize(("text", "clean"), [
    (f"{RLO}evil", "evil"), ("a\x00b\x07", "ab"), ("می\u200cشود", "می\u200cشود"), ("👩\u200d🔧", "👩\u200d🔧"),
    ("a\tb\nc", "a\tb\nc"), ("\ufeffa\u200bb\u00adc", "abc"), ("\ud800x", "x"),
])
def test_controls_go_and_joiners_stay(text, clean):
    assert strip_controls(text) == clean


@pytest.mark.parametrize(("text", "language", "shown"), [
    ("48 ساعت", "fa", "۴۸ ساعت"), ("٤٨", "fa", "۴۸"), ("۴۸", "en", "48"), ("٤٨", "ar", "48"), ("४८", "hi", "48"),
    ("４８", "ja", "48"), ("x", "fa", "x"), ("3.5", "fa", "۳.۵"), ("²", "fa", "²"),
])
def test_digits_are_those_of_the_report(text, language, shown):
    assert to_digits(text, language) == shown

import re
from datetime import date

import pytest

from workbench.charts.numerals import format_number
from workbench.errors import InputError
from workbench.journey import load_journey_model
from workbench.report.messages import available_languages, load_messages, message_keys, placeholders

LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "tr")


def keys_of(language):
    # Prose is the translation of notebooks that are written in English, so only the others have it.
    return {key for key in message_keys(load_messages(language).texts) if not key.startswith("prose.")}


def prose_of(language):
    return {key for key in message_keys(load_messages(language).texts) if key.startswith("prose.")}


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_every_language_has_the_same_messages(language):
    assert keys_of(language) == keys_of("en")


@pytest.mark.parametrize("language", ["de", "es", "fa", "fr", "tr"])
def test_all_translations_have_the_same_prose(language):
    assert prose_of(language) == prose_of("ar")


def test_every_message_has_the_same_placeholders_in_every_language():
    for key in keys_of("en"):
        found = {language: placeholders(load_messages(language)._find(key)) for language in LANGUAGES}
        assert all(each == found["en"] for each in found.values()), key


def test_plural_forms_are_complete():
    from babel import Locale

    for language in LANGUAGES:
        messages = load_messages(language)
        needed = set(Locale.parse(language).plural_form.tags) | {"other"}
        for key in keys_of(language):
            text = messages._find(key)
            assert isinstance(text, str) or set(text) == needed, (language, key)


def test_the_languages_are_those_of_the_files():
    assert available_languages() == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_app_is_one_word_as_a_channel_and_as_a_touchpoint(language):
    assert load_messages(language)("value.app") == load_journey_model().name("app", language)


QUOTES = {"en": "“”", "ar": "«»", "fa": "«»", "de": "„“", "fr": "«»", "es": "«»", "tr": "“”"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_made_of_words_stand_in_quotes_within_sentences(language):
    first, last = QUOTES[language]
    for section in ("brief", "finding"):
        for key, text in load_messages(language).texts[section].items():
            for name in re.findall(r".?\s?\{(?:theme|subject)\}\s?.?", text):
                assert (name[0], name[-1]) == (first, last), (section, key)


def test_loyal_customers_who_turn_away_do_not_come_back():
    texts = load_messages("fa").texts
    told = " ".join([*texts["turns"].values(), texts["prose"]["journey"]["turns"]])
    assert "روی‌گردان" in told
    assert not re.search("برگشت|برمی‌گرد|برنگشت", told)


@pytest.mark.parametrize(("language", "unit"), [
    ("en", "percentage points"), ("fr", "points de pourcentage"), ("tr", "yüzde puan"), ("es", "puntos porcentuales")])
def test_differences_of_shares_are_in_points_that_nobody_takes_for_scores(language, unit):
    texts = load_messages(language).texts
    told = [text for key, text in texts["finding"].items() if key.startswith(("turn", "leaving"))]
    headings = [texts[section]["difference"].lower() for section in ("weight", "leaving")]
    assert all(unit in text for text in [*told, *headings, texts["leaving"]["forecast"]])


@pytest.mark.parametrize("language", LANGUAGES)
def test_stable_themes_are_called_so_wherever_they_come_first(language):
    texts = load_messages(language).texts
    stable = texts["examined"]["verdict_stable"]
    assert stable in texts["themes"]["scores_figure"]
    assert stable in texts["tone"]["figure"].lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_marks_of_a_score_are_explained(language):
    told = load_messages(language)("journey_map.colours", everybody=0)
    assert told.index("▲") < told.index("▼")


def all_texts_of(language):
    """Return every text of a language, each plural form and each piece of prose, by its key."""
    def walk(texts, prefix=""):
        for name, value in texts.items():
            if isinstance(value, str):
                yield f"{prefix}{name}", value
            else:
                yield from walk(value, f"{prefix}{name}.")
    return dict(walk(load_messages(language).texts))


@pytest.mark.parametrize(("language", "wrong"), [
    ("fr", r"(?<![\u202f\xa0])[;:!?»](?=\s|$)(?! floor)|«(?!\u202f)"),  # these marks have a space that does not break
    ("de", r"\d ?%"), ("fr", r"\d[ \u202f]?%"), ("es", r"\d ?%"), ("tr", r"\d\s?%"),  # as numbers are written elsewhere
    ("tr", r"\}[’']"),  # an ending would have to follow the vowels of whatever is put in
    ("de", r"\b(?:aus|bei|mit|von) \{(?:answers|comments|customers)\}(?! \w)"),  # „von 139 Kommentare“
])
def test_texts_are_written_as_their_language_is(language, wrong):
    faults = {key: text for key, text in all_texts_of(language).items() if re.search(wrong, text)}
    assert not faults


@pytest.mark.parametrize(("language", "other_words"), [
    ("de", r"Felder\b|Tonfall|Weggang|\bgegangen"),
    ("fr", r"\bcases?\b|\b[Tt]on\b|[Vv]oix (?:presque )?absente|mauvaises? fins?"),
    ("es", r"período|semejanza|\bcuotas?\b|hallar|\bintervalos? del"),
    ("tr", r"\b[Tt]ema(?!s)"),
    ("ar", r"الفصل|حاسمة"),
    ("fa", r"تعیین‌کننده|بازه‌های \{"),
])
def test_one_thing_has_one_word(language, other_words):
    faults = {key: text for key, text in all_texts_of(language).items() if re.search(other_words, text)}
    assert not faults


@pytest.mark.parametrize(
    ("language", "number", "share", "day"),
    [
        ("en", "1,234.5", "12%", "20 March 2025"),
        ("ar", "1,234.5", "12%", "20 مارس 2025"),
        ("de", "1.234,5", "12\xa0%", "20. März 2025"),
        ("fr", "1\u202f234,5", "12\xa0%", "20 mars 2025"),
        ("es", "1.234,5", "12\xa0%", "20 de marzo de 2025"),
        ("tr", "1.234,5", "%12", "20 Mart 2025"),
        ("fa", "۱٬۲۳۴٫۵", "۱۲٪", "۳۰ اسفند ۱۴۰۳ (۲۰ مارس ۲۰۲۵)"),
    ],
)
def test_numbers_and_dates_follow_one_digit_policy(language, number, share, day):
    m = load_messages(language)
    assert (m.number(1234.5, 1), m.percent(0.12), m.date(date(2025, 3, 20))) == (number, share, day)


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (-3, "en", "−3"),
        (-3, "ar", "\u200e−3"),
        (-3, "fa", "\u200e−۳"),
        (-0.2, "en", "0"),
        (None, "fa", "–"),
        (float("nan"), "en", "–"),
    ],
)
def test_negative_and_missing_numbers(value, language, expected):
    assert format_number(value, 0, language) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "لا رسوم بيانية"), (1, "رسم بياني واحد"), (2, "رسمان بيانيان"), (3, "3 رسوم بيانية"), (11, "11 رسمًا بيانيًا")],
)
def test_arabic_plurals(count, expected):
    assert load_messages("ar")("page.figures", count=count) == expected


def test_values_are_put_in_once():
    text = load_messages("en")("page.failed_lead", name="{count} {name}")
    assert text == "The report “{count} {name}” was started and did not finish."


def test_prose_is_found_by_notebook_and_cell(monkeypatch):
    m = load_messages("fa")
    monkeypatch.setitem(m.texts, "prose", {"tiny": {"title": "# سلام"}})
    assert m.prose("tiny", "title") == "# سلام"
    assert m.prose("tiny", "other") is None
    assert m.prose("other", "title") is None


def test_wrong_use_is_refused():
    m = load_messages("en")
    with pytest.raises(InputError, match=r"no message 'page.contens' in en.toml \(did you mean 'page.contents'\?\)"):
        m("page.contens")
    with pytest.raises(InputError, match="no message 'page'"):
        m("page")
    with pytest.raises(InputError, match=r"needs a value for \{name\}"):
        m("page.failed_lead")
    with pytest.raises(InputError, match="plural forms and needs the value 'count'"):
        m("page.figures")
    with pytest.raises(InputError, match="reports are written in ar, de, en, es, fa, fr, tr, not in 'it'"):
        load_messages("it")

"""Names of months and weekdays in many languages: the CLDR's, and those of calendars that Babel has no names for."""

from __future__ import annotations

import pickle
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from workbench.feedback.calendars import Calendar
from workbench.feedback.letters import INVISIBLE, one_case

Month = tuple[Calendar, int]

# with the regions whose months have names of their own: the Levant, the Maghreb, Austria, ...
_LOCALES: Final = (
    "en", "en_GB", "en_CA", "en_AU", "ar", "ar_IQ", "ar_LB", "ar_MA", "ar_DZ", "ar_TN", "ar_MR", "fa", "fa_AF", "de",
    "de_AT", "fr", "fr_CA", "es", "es_MX", "es_PE", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi", "ur",
    "pl", "cs", "sk", "sl", "hr", "sv", "da", "no", "fi", "et", "hu", "ro", "id", "lt", "lv", "ca", "el", "uk", "bg",
    "sr", "mk", "be", "kk", "az", "he", "bn",
)
_WIDTHS: Final = ("wide", "abbreviated", "short")
# Solar Hijri and Hijri months: CLDR, calendars "persian" and "islamic", which Babel leaves out, without vowel signs
_JALALI: Final = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",  # Afghanistan
    "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
)
_HIJRI: Final = (
    "محرم صفر ربيع_الأول ربيع_الآخر جمادى_الأولى جمادى_الآخرة رجب شعبان رمضان شوال ذو_القعدة ذو_الحجة",
    # as they are written behind a day, with ``ذي``, and with "the second" in place of "the other"
    "المحرم صفر ربيع_الأول ربيع_الثاني جمادى_الأول جمادى_الثانية رجب شعبان رمضان شوال ذي_القعدة ذي_الحجة",
    "محرم صفر ربیع_الاول ربیع_الثانی جمادی_الاول جمادی_الثانی رجب شعبان رمضان شوال ذیقعده ذیحجه",
    "Muharram Safar Rabi_I Rabi_II Jumada_I Jumada_II Rajab Shaban Ramadan Shawwal Dhul_Qidah Dhul_Hijjah",
    "Muh Saf Rabi_I Rabi_II Jum_I Jum_II Raj Sha Ram Shaw Dhul_Q Dhul_H",
    "mouharram safar rabia_al_awal rabia_ath_thani joumada_al_oula joumada_ath_thania rajab chaabane ramadan chawwal"
    " dhou_al_qida dhou_al_hijja",
    "Muharrem Safer Rebiülevvel Rebiülahir Cemaziyelevvel Cemaziyelahir Recep Şaban Ramazan Şevval Zilkade Zilhicce",
    # the romanisation of the Library of Congress (ALA-LC) without its signs
    "Muharram Safar Rabi_al_Awwal Rabi_al_Thani Jumada_al_Ula Jumada_al_Akhirah Rajab Shaban Ramadan Shawwal"
    " Dhu_al_Qadah Dhu_al_Hijjah",
)
# what the CLDR lacks: the short name of March in German Excel, and two months as Egypt spells them
_FURTHER: Final = {"de": {"mrz": 3}, "ar": {"يونيه": 6, "يوليه": 7}}
_ALIKE: Final = str.maketrans({"ة": "ه", "ۃ": "ه", "ہ": "ه", "ı": "i", "ـ": "", **dict.fromkeys("'’‘ʻʼʿʾ`´॰", "")})
_GAP: Final = re.compile(rf"[\s._\-{INVISIBLE}]+")


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """Return a word without what people leave out: capitals, accents, hamzas, points, spaces and apostrophes.

    Examples
    --------
    >>> [folded(word) for word in ("Févr.", "AĞUSTOS", "كانون الأول", "Shaʻban")]
    ['fevr', 'agustos', 'كانونالاول', 'shaban']
    """
    apart = unicodedata.normalize("NFKD", one_case(word))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _GAP.sub("", one_case(plain.translate(_ALIKE)))


@cache
def month_names() -> dict[str, dict[Month, frozenset[str]]]:
    """Return the folded names of months, each with the months that it stands for and the languages that say so.

    Nearly all names stand for one month. Names of Gregorian months are those of the CLDR, wide and abbreviated, as
    Babel has them.

    Examples
    --------
    >>> names = month_names()
    >>> [list(names[name]) for name in ("marz", "اذار", "اذر", "رمضان")]
    [[('gregorian', 3)], [('gregorian', 3)], [('jalali', 9)], [('hijri', 9)]]
    >>> sorted(names["listopad"])
    [('gregorian', 10), ('gregorian', 11)]
    """
    found: dict[str, dict[Month, set[str]]] = {}
    for name, month, language in _all_names():
        found.setdefault(folded(name), {}).setdefault(month, set()).add(language)
    return {name: {month: frozenset(found[name][month]) for month in sorted(found[name])} for name in sorted(found)}


@cache
def weekday_names() -> dict[str, int]:
    """Return the folded names of weekdays, each with the days that it can mean: bit 0 for Monday, bit 6 for Sunday.

    Examples
    --------
    >>> names = weekday_names()
    >>> names["wednesday"] == names["الاربعاء"] == names["چهارشنبه"] == 1 << 2
    True
    """
    found: dict[str, int] = {}
    for locale in _LOCALES:
        for number, name in _written(locale, "days"):
            found[folded(name)] = found.get(folded(name), 0) | 1 << number
    return found


def _all_names() -> Iterator[tuple[str, Month, str]]:
    for locale in _LOCALES:
        for number, name in _written(locale, "months"):
            yield name, ("gregorian", number), locale.split("_")[0]
    for language, names in _FURTHER.items():
        for name, number in names.items():
            yield name, ("gregorian", number), language
    for line in _JALALI:
        for number, name in enumerate(line.split(), start=1):
            yield name, ("jalali", number), "jalali"
    for line in _HIJRI:
        for number, name in enumerate(line.split(), start=1):
            yield name, ("hijri", number), "hijri"


def _written(locale: str, kind: str) -> Iterator[tuple[int, str]]:
    """Yield the names that a locale has of its own, with their numbers; ``3月`` and the like are no names."""
    for widths in _data_of(locale).get(kind, {}).values():
        for width in _WIDTHS:
            names = widths.get(width, {}) if isinstance(widths, dict) else {}
            for number, name in names.items() if isinstance(names, dict) else ():
                if not any(letter.isdigit() for letter in name):
                    yield number, name


@cache
def _data_of(locale: str) -> dict[str, Any]:
    """Return Babel's data of one locale as they are stored, without those of others that it falls back on.

    What Babel gives for a name that a locale lacks depends on which locale it was first asked about.
    """
    from babel.localedata import resolve_locale_filename

    stored = Path(resolve_locale_filename(locale)).read_bytes()
    data: dict[str, Any] = pickle.loads(stored)  # noqa: S301  # a file of the installed library
    return {kind: data.get(kind, {}) for kind in ("months", "days")}

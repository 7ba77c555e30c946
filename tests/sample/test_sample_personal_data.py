"""Invented personal data stands where ``pii.csv`` says, and is well formed."""

from __future__ import annotations

import re

import pandas as pd
import phonenumbers
import pytest

WESTERN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
IBAN_LENGTH = {"GB": 22, "IE": 22, "DE": 22, "AT": 20, "NL": 18, "FR": 27, "ES": 24, "IT": 27, "PT": 25, "TR": 26,
               "EG": 29, "SA": 24, "AE": 23, "JO": 30, "IR": 26, "KZ": 20}
NATIONAL_ID = {"IR": r"\d{10}", "EG": r"[23]\d{13}", "SA": r"[12]\d{9}", "ES": r"\d{8}[A-Z]", "KZ": r"\d{12}",
               "IN": r"[A-Z]{3}P[A-Z]\d{4}[A-Z]|[2-9]\d{11}", "TR": r"[1-9]\d{10}", "JP": r"\d{12}",
               "CN": r"\d{17}[\dX]"}
IN_DIGITS = ("phone", "card", "iban", "national_id")


def western(text: str) -> str:
    return re.sub(r"[\s-]", "", text.translate(WESTERN))


def of_type(pii: pd.DataFrame, kind: str) -> list[tuple[str, str]]:
    found = pii[pii["type"] == kind]
    assert len(found) >= 5
    return list(zip(found["said"], found["market"], strict=True))


def luhn_holds(number: str) -> bool:
    doubled = [int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def weighted(number: str, weights: range) -> int:
    return sum(int(sign) * weight for sign, weight in zip(number, weights, strict=False))


def test_every_entry_stands_in_a_comment_and_none_overlaps(pii: pd.DataFrame) -> None:
    assert pii["text"].notna().all()
    assert (pii["said"] != "").all()
    assert (pii["said"] == pii["said"].str.strip()).all()
    assert (pii["end"] <= pii["text"].str.len()).all()
    previous = pii.sort_values(["feedback_id", "start"]).groupby("feedback_id")["end"].shift(fill_value=0)
    assert (pii["start"] >= previous).all()


def test_no_placeholder_is_left(feedback: pd.DataFrame) -> None:
    assert not feedback["text"].str.contains(r"\{[A-Z_]+\}").any()


def test_cards_hold_the_luhn_sum(pii: pd.DataFrame) -> None:
    for said, _ in of_type(pii, "card"):
        assert re.fullmatch(r"\d{16}", western(said))
        assert luhn_holds(western(said))


def test_accounts_hold_the_iban_check_and_the_length_of_their_country(pii: pd.DataFrame) -> None:
    for said, market in of_type(pii, "iban"):
        number = western(said)
        assert number.startswith(market)
        assert len(number) == IBAN_LENGTH[market]
        assert int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


def test_telephone_numbers_parse_in_their_country(pii: pd.DataFrame) -> None:
    for said, market in of_type(pii, "phone"):
        assert phonenumbers.is_possible_number(phonenumbers.parse(said, market))


def test_e_mail_addresses_are_at_example_domains(pii: pd.DataFrame) -> None:
    for said, _ in of_type(pii, "email"):
        assert re.fullmatch(r"[a-z0-9.]+@example\.(com|org)", said)


def test_national_numbers_have_the_form_of_their_country(pii: pd.DataFrame) -> None:
    for said, market in of_type(pii, "national_id"):
        assert re.fullmatch(NATIONAL_ID[market], western(said))


def test_iranian_codes_saudi_ids_and_spanish_letters_hold_their_checks(pii: pd.DataFrame) -> None:
    checked = 0
    for said, market in of_type(pii, "national_id"):
        number = western(said)
        if market == "IR":
            rest = weighted(number[:9], range(10, 1, -1)) % 11
            assert int(number[9]) == (rest if rest < 2 else 11 - rest)
        elif market == "SA":
            assert luhn_holds(number)
        elif market == "ES":
            assert number[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[int(number[:8]) % 23]
        else:
            continue
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize("market", ["IR", "EG", "SA"])
def test_some_numbers_are_written_in_eastern_digits(pii: pd.DataFrame, market: str) -> None:
    numbers = pii[(pii["market"] == market) & pii["type"].isin(IN_DIGITS)]["said"]
    assert numbers.str.contains("[۰-۹٠-٩]").sum() >= 2


def test_written_data_is_listed_wherever_it_is_said_again(pii: pd.DataFrame) -> None:
    for (_, said), found in pii.groupby(["feedback_id", "said"]):
        assert len(found) == found["text"].iloc[0].count(said)

import math

import pandas as pd
import pytest

from workbench.feedback.numbers import read_choices, read_flags, read_numbers

ONE_NUMBER = [
    ("7", 7),
    ("۷", 7),
    ("٧٫٥", 7.5),
    ("7,5", 7.5),
    ("7.5", 7.5),
    ("-12", -12),
    ("−12", -12),
    ("1,234.50", 1234.5),
    ("1.234,50", 1234.5),
    ("1,234", 1234),
    ("1.234", 1.234),
    ("1.234.567", 1234567),
    ("1 234,5", 1234.5),
    ("1'234.5", 1234.5),
    ("1e3", 1000),
    ("١٬٢٣٤", 1234),
    (7, 7),
    (7.25, 7.25),
    (" 8 ", 8),
]
NO_NUMBER = ["nine", "inf", "-Infinity", "9/10", "7,5,1", "1.2.3", "€5", "1e999", "5 stars", "0x10"]


@pytest.mark.parametrize(("value", "expected"), ONE_NUMBER)
def test_one_number(value, expected):
    numbers, readable = read_numbers(pd.Series([value], dtype=object))
    assert (numbers.tolist(), readable.tolist(), str(numbers.dtype)) == ([expected], [True], "float64")


@pytest.mark.parametrize("value", NO_NUMBER)
def test_what_is_no_number(value):
    numbers, readable = read_numbers(pd.Series([value]))
    assert (math.isnan(numbers[0]), readable.tolist()) == (True, [False])


@pytest.mark.parametrize("value", [None, "", " ", "NA", "n/a", "#N/A", "null", "-", float("nan"), pd.NA])
def test_missing_numbers_are_no_fault(value):
    numbers, readable = read_numbers(pd.Series([value], dtype=object))
    assert (math.isnan(numbers[0]), readable.tolist()) == (True, [True])


COLUMNS = [
    (["1,234", "1,5"], [1.234, 1.5]),
    (["1,234", "2,000,000"], [1234, 2000000]),
    (["1.200", "950", "1.200,50"], [1200, 950, 1200.5]),
    (["1,234.5", "1,5"], [1234.5, 1.5]),
    (["1.234.567", "12.000", "7"], [1234567, 12000, 7]),
    (["۱٬۲۰۰", "8,5"], [1200, 8.5]),
    (["1’200", "\u200f15"], [1200, 15]),
]


@pytest.mark.parametrize(("values", "expected"), COLUMNS)
def test_the_column_decides_what_a_lone_comma_means(values, expected):
    assert read_numbers(pd.Series(values))[0].tolist() == expected


def test_infinite_numbers_are_refused_in_typed_columns_too():
    numbers, readable = read_numbers(pd.Series([1.5, math.inf, math.nan]))
    assert readable.tolist() == [True, False, True]
    assert numbers.isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("yes", True),
        ("TRUE", True),
        (True, True),
        (1, True),
        ("۱", True),
        ("ja", True),
        ("نعم", True),
        ("evet", True),
        ("是", True),
        ("no", False),
        ("false", False),
        (False, False),
        (0.0, False),
        ("nein", False),
        ("خیر", False),
        ("нет", False),
    ],
)
def test_flags_in_many_languages(value, expected):
    flags, readable = read_flags(pd.Series([value], dtype=object))
    assert (flags.tolist(), readable.tolist(), str(flags.dtype)) == ([expected], [True], "boolean")


def test_flags_that_are_none():
    flags, readable = read_flags(pd.Series(["maybe", "2", None], dtype=object))
    assert (flags.isna().all(), readable.tolist()) == (True, [False, False, True])


def test_choices_are_lower_case_words():
    words, known = read_choices(pd.Series([" Survey ", "fax", None], dtype=object), ("survey", "call"))
    assert words.tolist() == ["survey", None, None]
    assert known.tolist() == [True, False, True]

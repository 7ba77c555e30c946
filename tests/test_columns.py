"""Texts are looked up among others as pandas does it."""

import numpy as np
import pandas as pd
import pytest

from workbench.columns import COMMENTS, check_table, is_among
from workbench.errors import InputError

TEXTS = pd.Series(["متأخر", None, "late", "", "late"], index=list("abcde"), name="text")


@pytest.mark.parametrize("known", [["late", "دیر"], ["late", None], [], [""], ["متأخر", "متأخر"]])
def test_texts_are_found_as_pandas_finds_them(known):
    values = pd.Series(known, dtype="str")
    for column in (TEXTS, TEXTS.iloc[1:4], pd.concat([TEXTS, TEXTS]), TEXTS.iloc[:0]):
        pd.testing.assert_series_equal(is_among(column, values), column.isin(values))
    pd.testing.assert_series_equal(is_among(TEXTS, pd.concat([values, values])), TEXTS.isin(values))


@pytest.mark.parametrize(("column", "known"), [
    (pd.Series([1, 2]), pd.Series([2])), (TEXTS, pd.Series(["late", 1], dtype=object)),
    (pd.Series(["late", np.nan], dtype=object), TEXTS)])
def test_what_is_no_text_is_found_as_well(column, known):
    pd.testing.assert_series_equal(is_among(column, known), column.isin(known))


def test_what_is_no_table_is_told():
    with pytest.raises(InputError, match=r"comments: expected a table \(pandas\.DataFrame\), found list"):
        check_table(["late", "دیر"], COMMENTS, "comments")  # type: ignore[arg-type]

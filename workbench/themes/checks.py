"""What `find_themes` is given, checked before any work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.arguments import check_kind, check_number
from workbench.columns import COMMENTS, STATEMENTS, check_table, check_vectors
from workbench.errors import InputError, shown
from workbench.language.glossary import Glossary
from workbench.themes.given import Given

_FILLED = ("statement_id", "feedback_id", "text", "language")


def check_statements(statements: pd.DataFrame, vectors: np.ndarray) -> None:
    """Raise unless every statement has an id of its own, a comment, a text, a language and a vector.

    Raises
    ------
    InputError
        With what is missing, and in how many rows.

    Examples
    --------
    >>> row = {"statement_id": "a/0", "feedback_id": "a", "start": 0, "end": 3, "text": "دیر", "language": None,
    ...     "language_confidence": 1.0, "direction": "rtl", "script": "Arab"}
    >>> check_statements(pd.DataFrame([row]), np.ones((1, 2)))
    Traceback (most recent call last):
    workbench.errors.InputError: the statements table has 1 rows without language.
    """
    check_table(statements, STATEMENTS, "statements")
    check_vectors(statements, vectors)
    for column in _FILLED:
        if lacking := int(statements[column].isna().sum()):
            raise InputError(f"the statements table has {lacking:,} rows without {column}.")
    if repeated := int(statements["statement_id"].duplicated().sum()):
        raise InputError(f"statement_id must be unique; {repeated:,} rows repeat an earlier one.")


def check_settings(seed: int, resolution: float | str, count: int | None, minimum_size: int, neighbours: int,
                   floor: float | None, match: float | None, confidence: float) -> None:
    """Raise unless every setting is a number that it can be, as `find_themes` says.

    Raises
    ------
    InputError
        With the setting and what is expected.

    Examples
    --------
    >>> check_settings("a", "auto", None, 8, 20, None, None, 0.95)
    Traceback (most recent call last):
    workbench.errors.InputError: seed: expected a whole number from 0 on, found 'a'.
    """
    check_number("seed", seed, 0, whole=True)
    if resolution != "auto":
        check_number('resolution, where it is not "auto"', resolution, 0)
    if count is not None:
        check_number("count", count, 1, whole=True)
    check_number("minimum_size", minimum_size, 1, whole=True)
    check_number("neighbours", neighbours, 1, whole=True)
    for name, value in (("floor", floor), ("match", match)):
        if value is not None:
            check_number(name, value, -1, 1)
    check_number("confidence", confidence, 0, 1, between=True)


def check_kinds(label_languages: Any, given: Any, counted: Any, glossary: Any, comments: Any) -> None:
    """Raise unless what else `find_themes` takes is of the kind that it says.

    Raises
    ------
    InputError
        With what is expected and what was found.

    Examples
    --------
    >>> check_kinds("en", None, None, None, None)
    Traceback (most recent call last):
    workbench.errors.InputError: label_languages: expected several codes, such as ("en", "fa"), found 'en'.
    """
    if not isinstance(label_languages, tuple | list) or not label_languages:
        raise InputError('label_languages: expected several codes, such as ("en", "fa"), found '
                         f"{shown(label_languages)}.")
    for name, value, kind, wanted in (
            ("given", given, Given, "themes from `embed_given` or `given_by_column`"),
            ("counted", counted, pd.Series, "a Series of truth values, indexed by feedback_id"),
            ("glossary", glossary, Glossary, "a glossary from `load_glossary`")):
        if value is not None:
            check_kind(name, value, kind, wanted)
    if comments is not None:
        check_table(comments, COMMENTS, "comments")

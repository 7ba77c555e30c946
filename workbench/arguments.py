"""What a function was given, checked at its door: a wrong kind or number is told with its name and what is expected."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache, wraps
from inspect import signature
from numbers import Integral, Real
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from workbench.errors import InputError, did_you_mean, shown

Given = ParamSpec("Given")
Got = TypeVar("Got")


def check_number(name: str, value: Any, low: float = -math.inf, high: float = math.inf, *, whole: bool = False,
                 between: bool = False) -> None:
    """Raise unless a value is a finite number within limits.

    Parameters
    ----------
    name
        What the caller calls it.
    value
        What was given; a truth value is no number.
    low, high
        Its limits.
    whole
        Whether it is to be a whole number.
    between
        Whether the limits themselves are left out.

    Raises
    ------
    InputError
        With what is expected and what was found.

    Examples
    --------
    >>> check_number("seed", 0, 0, whole=True)
    >>> check_number("confidence", 95, 0, 1, between=True)
    Traceback (most recent call last):
    workbench.errors.InputError: confidence: expected a number above 0 and below 1, found 95.
    >>> check_number("processes", "two", 1, whole=True)
    Traceback (most recent call last):
    workbench.errors.InputError: processes: expected a whole number from 1 on, found 'two'.
    """
    is_number = isinstance(value, Integral if whole else Real) and not isinstance(value, bool)
    if is_number and abs(value) <= sys.float_info.max and (low < value < high if between else low <= value <= high):
        return
    limits = f" above {low:g} and below {high:g}" if between else f" from {low:g} to {high:g}"
    if math.isinf(high):
        limits = "" if math.isinf(low) else f" above {low:g}" if between else f" from {low:g} on"
    raise InputError(f"{name}: expected a {'whole ' if whole else ''}number{limits}, found {shown(value)}.")


def check_kind(name: str, value: Any, kind: type | tuple[type, ...], wanted: str) -> None:
    """Raise unless a value is of a kind.

    Parameters
    ----------
    name
        What the caller calls it.
    value
        What was given.
    kind
        A class, or several.
    wanted
        What is expected, in words.

    Raises
    ------
    InputError
        With what is expected and the kind that was found.

    Examples
    --------
    >>> check_kind("columns", "text", dict, "a mapping such as {'text': 'Comment'}")
    Traceback (most recent call last):
    workbench.errors.InputError: columns: expected a mapping such as {'text': 'Comment'}, found str.
    """
    if not isinstance(value, kind):
        raise InputError(f"{name}: expected {wanted}, found {type(value).__name__}.")


def check_tables(**tables: Any) -> None:
    """Raise unless all that is given is tables, by the names that the caller has for them.

    Raises
    ------
    InputError
        With the first that is none, and the kind that was found.

    Examples
    --------
    >>> check_tables(comments=3)
    Traceback (most recent call last):
    workbench.errors.InputError: comments: expected a table (pandas.DataFrame), found int.
    """
    for name, table in tables.items():
        if getattr(table, "ndim", 0) != 2 or not hasattr(table, "columns"):
            raise InputError(f"{name}: expected a table (pandas.DataFrame), found {type(table).__name__}.")


def check_columns(name: str, table: Any, columns: Iterable[str]) -> None:
    """Raise unless what is given is a table that has some columns.

    Raises
    ------
    InputError
        With the columns that are missing and those that were found, or the kind that was found.

    Examples
    --------
    >>> import pandas as pd
    >>> check_columns("comments", pd.DataFrame({"text": ["good"]}), ["feedback_id", "text"])
    Traceback (most recent call last):
    workbench.errors.InputError: the comments table lacks feedback_id; it has text.
    """
    check_tables(**{name: table})
    missing = [column for column in columns if column not in table.columns]
    if missing:
        found = ", ".join(map(str, table.columns)) or "no columns"
        raise InputError(f"the {name} table lacks {', '.join(missing)}; it has {found}.")


def check_text(name: str, value: Any) -> None:
    """Raise unless a value is a text.

    Raises
    ------
    InputError
        With the kind that was found.

    Examples
    --------
    >>> check_text("text", None)
    Traceback (most recent call last):
    workbench.errors.InputError: text: expected a text, found NoneType.
    """
    if not isinstance(value, str):
        raise InputError(f"{name}: expected a text, found {type(value).__name__}.")


def remembered(most: int | None) -> Callable[[Callable[Given, Got]], Callable[Given, Got]]:
    """Return a decorator that remembers what a function of texts returned, and tells what is no text.

    Parameters
    ----------
    most
        How many results are remembered; all, if it is None.

    Raises
    ------
    InputError
        When the function is given what cannot be looked up, with its name and kind.

    Examples
    --------
    >>> @remembered(100)
    ... def doubled(text: str) -> str:
    ...     return text * 2
    >>> doubled("دیر ")
    'دیر دیر '
    >>> doubled(["late"])
    Traceback (most recent call last):
    workbench.errors.InputError: text: expected a text, found list.
    """
    def of(function: Callable[Given, Got]) -> Callable[Given, Got]:
        known = lru_cache(most)(function)

        @wraps(function)
        def remembering(*args: Given.args, **kwargs: Given.kwargs) -> Got:
            try:
                return known(*args, **kwargs)  # type: ignore[arg-type]  # what cannot be looked up is told below
            except TypeError:
                for name, value in signature(function).bind(*args, **kwargs).arguments.items():
                    check_text(name, value)
                raise

        return remembering

    return of


def check_texts(name: str, values: Any) -> None:
    """Raise unless what is given is a list or a column of texts; one text is none, and neither is a table.

    Raises
    ------
    InputError
        With the kind that was found, or the first that is no text.

    Examples
    --------
    >>> check_texts("names", "Acme")
    Traceback (most recent call last):
    workbench.errors.InputError: names: expected a list or a column of texts, found str.
    >>> check_texts("texts", ["late", 3])
    Traceback (most recent call last):
    workbench.errors.InputError: texts: expected texts, but number 2 is of the type int.
    """
    if isinstance(values, str) or not isinstance(values, Collection) or getattr(values, "ndim", 1) != 1:
        raise InputError(f"{name}: expected a list or a column of texts, found {type(values).__name__}.")
    for place, value in enumerate(values, 1):
        if not isinstance(value, str):
            raise InputError(f"{name}: expected texts, but number {place:,} is of the type {type(value).__name__}.")


def check_choice(name: str, value: Any, choices: Iterable[str]) -> None:
    """Raise unless a value is one of some words, such as the names of a table's columns.

    Raises
    ------
    InputError
        With the words there are, and the nearest one.

    Examples
    --------
    >>> check_choice("period", "day", ["month", "quarter", "week"])
    Traceback (most recent call last):
    workbench.errors.InputError: period: expected one of month, quarter, week, found 'day'.
    """
    words = list(choices)
    if value not in words:
        raise InputError(f"{name}: expected one of {', '.join(map(str, words))}, found {shown(value)}"
                         f"{did_you_mean(value, map(str, words))}.")


def check_series(**series: Any) -> None:
    """Raise unless all that is given is columns of tables, by the names that the caller has for them.

    Raises
    ------
    InputError
        With the first that is none, and the kind that was found.

    Examples
    --------
    >>> check_series(ratings=[9, 10])
    Traceback (most recent call last):
    workbench.errors.InputError: ratings: expected a column (pandas.Series), found list.
    """
    for name, column in series.items():
        if getattr(column, "ndim", 0) != 1 or not hasattr(column, "index") or not hasattr(column, "iloc"):
            raise InputError(f"{name}: expected a column (pandas.Series), found {type(column).__name__}.")


def check_path(name: str, value: Any) -> None:
    """Raise unless a value is the path of a file or folder, whether or not it is there.

    Raises
    ------
    InputError
        With the kind that was found.

    Examples
    --------
    >>> check_path("output", 3)
    Traceback (most recent call last):
    workbench.errors.InputError: output: expected a path, found int.
    """
    check_kind(name, value, (str, os.PathLike), "a path")


def check_folder(folder: Path) -> None:
    """Raise if a folder cannot be there, because it or what it would be in is a file.

    Raises
    ------
    InputError
        Naming the file.

    Examples
    --------
    >>> check_folder(Path(__file__) / "reports")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    workbench.errors.InputError: ...arguments.py is a file, so there can be no folder of that name; name another.
    """
    there = next((place for place in (folder, *folder.parents) if place.exists()), None)
    if there is not None and not there.is_dir():
        raise InputError(f"{there} is a file, so there can be no folder of that name; name another.")

"""Which terms are used where: the table that descriptions, labels, groups and their quality are counted from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from workbench.feedback import redact_parts
from workbench.language import count_terms

if TYPE_CHECKING:
    from workbench.language.glossary import Glossary

_SEPARATOR = "\u241f"
_PLACEHOLDER = re.compile(r"\[\w+\]")
_KEPT: Final = 100_000  # statements whose terms are kept in a process: the stages count the same ones

Counted = tuple[tuple[str, str], ...]
_COUNTED: dict[bytes, Counted] = {}


def find_terms(statements: pd.DataFrame, glossary: Glossary | None = None, order_number: str | None = None,
               comments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row a term of a statement; personal data are no terms.

    Parameters
    ----------
    statements
        With ``feedback_id``, ``text`` and ``language``.
    glossary
        Terms of one concept are one term.
    order_number
        The study's pattern of order numbers.
    comments
        The whole comments, as for `redact_parts`: they tell names that a statement alone does not.

    Returns
    -------
    pandas.DataFrame
        ``row`` (position of the statement), ``comment, language, key`` (what it is counted under), ``surface`` (as it
        was written).

    Examples
    --------
    >>> statements = pd.DataFrame({"feedback_id": ["a", "b"], "text": ["The invoices are wrong", "قبض اشتباه است"],
    ...     "language": ["en", "fa"]})
    >>> find_terms(statements)[["row", "language", "surface"]].values.tolist()
    [[0, 'en', 'invoices'], [0, 'en', 'wrong'], [1, 'fa', 'قبض'], [1, 'fa', 'اشتباه']]
    """
    whole = pd.DataFrame() if comments is None else comments
    if len(statements) > _KEPT:
        return _table(statements, _count(statements, whole, glossary, order_number))
    keys = _keys_of(statements, whole, glossary, order_number)
    counted = [_COUNTED.get(key) for key in keys]
    missing = [row for row, words in enumerate(counted) if words is None]
    fresh = _count(statements.iloc[missing], whole, glossary, order_number)
    for row, words in zip(missing, fresh, strict=True):
        counted[row] = words
        _keep(keys[row], words)
    return _table(statements, [words or () for words in counted])


def _keys_of(statements: pd.DataFrame, comments: pd.DataFrame, glossary: Glossary | None, order_number: str | None
             ) -> list[bytes]:
    """Return what the terms of each statement are known by: all that decides them."""
    stopped = [] if glossary is None else [(name, sorted(words)) for name, words in sorted(glossary.left_out.items())]
    known = hashlib.blake2b(_bytes(order_number, glossary and glossary.right, stopped), digest_size=16)
    parts = [statements[name] if name in statements else [None] * len(statements)
             for name in ("feedback_id", "text", "language", "start", "end")]
    texts = {}
    if {"feedback_id", "text"} <= set(comments):
        own = comments[comments["feedback_id"].isin(statements["feedback_id"])]
        texts = dict(zip(own["feedback_id"], own["text"], strict=True))
    keys = []
    for comment, text, language, start, end in zip(*parts, strict=True):
        key = known.copy()
        key.update(_bytes(texts.get(comment), text, language, start, end))
        keys.append(key.digest())
    return keys


def _bytes(*parts: object) -> bytes:
    return repr(parts).encode("utf-8", "surrogatepass")


def _count(statements: pd.DataFrame, comments: pd.DataFrame, glossary: Glossary | None, order_number: str | None
           ) -> list[Counted]:
    """Return the keys and written forms of the terms of each statement."""
    count = count_terms if glossary is None else glossary.count_terms
    shown = redact_parts(statements, comments, order_number=order_number)
    return [tuple((_one_word(key), surface) for key, surface in count(_PLACEHOLDER.sub(" ", text), language))
            for text, language in zip(shown, statements["language"], strict=True)]


def _keep(key: bytes, words: Counted) -> None:
    if len(_COUNTED) >= _KEPT:
        _COUNTED.pop(next(iter(_COUNTED)))
    _COUNTED[key] = words


def _table(statements: pd.DataFrame, counted: Iterable[Counted]) -> pd.DataFrame:
    columns, said = ["row", "comment", "language", "key", "surface"], list(counted)
    rows = np.repeat(np.arange(len(said), dtype=np.int64), [len(words) for words in said])
    if not len(rows):
        return pd.DataFrame([], columns=columns)
    words = pd.DataFrame([word for part in said for word in part], columns=columns[3:])
    words.insert(0, "row", rows)
    for place, (column, of) in enumerate((("comment", "feedback_id"), ("language", "language")), start=1):
        words.insert(place, column, statements[of].take(rows).to_numpy())
    return words


def _one_word(key: str) -> str:
    return "_".join(key.split())


def written_forms(used: pd.DataFrame) -> pd.Series:
    """Return the commonest written form of each key, ties to the shorter and then the earlier in the alphabet.

    A word that is also written small is shown small, except in German: it was large for opening a sentence.

    Parameters
    ----------
    used
        As `find_terms` returns it.

    Returns
    -------
    pandas.Series
        Indexed by language and key.

    Examples
    --------
    >>> used = pd.DataFrame({"language": "en", "key": "bill", "surface": ["Bill", "bills", "bill"]})
    >>> written_forms(used).to_dict()
    {('en', 'bill'): 'bill'}
    """
    small = used["surface"].str.lower()
    written = (used["language"] + _SEPARATOR + used["surface"]).unique()
    also = (used["language"] + _SEPARATOR + small).isin(written) & (used["language"] != "de")
    used = used.assign(surface=used["surface"].mask(also, small))
    counts = used.groupby(["language", "key", "surface"]).size().rename("n").reset_index()
    counts["length"] = counts["surface"].str.len()
    counts = counts.sort_values(["n", "length", "surface"], ascending=[False, True, True])
    return counts.drop_duplicates(["language", "key"]).set_index(["language", "key"])["surface"]

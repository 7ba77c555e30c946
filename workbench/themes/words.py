"""Which terms are used where: the table that descriptions, labels, groups and their quality are counted from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from workbench.feedback import redact_parts
from workbench.language import count_terms

if TYPE_CHECKING:
    from workbench.language.glossary import Glossary

_SEPARATOR = "\u241f"
_PLACEHOLDER = re.compile(r"\[\w+\]")


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
    rows: list[tuple[int, str, str, str, str]] = []
    count = count_terms if glossary is None else glossary.count_terms
    shown = redact_parts(statements, pd.DataFrame() if comments is None else comments, order_number=order_number)
    parts = (statements["feedback_id"], shown, statements["language"])
    for row, (comment, text, language) in enumerate(zip(*parts, strict=True)):
        words = count(_PLACEHOLDER.sub(" ", text), language)
        rows.extend((row, comment, language, _one_word(key), surface) for key, surface in words)
    return pd.DataFrame(rows, columns=["row", "comment", "language", "key", "surface"])


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

"""Which terms are used where: the table that descriptions, labels, groups and their quality are counted from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import WORDS, names
from workbench.feedback import redact_parts
from workbench.language import count_terms, tokenise

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.language.glossary import Glossary

_BETWEEN: Final = "\n"  # terms of a statement; no key has one
_PLACEHOLDER = re.compile(r"\[\w+\]")


def count_words(statements: pd.DataFrame, glossary: Glossary | None = None, order_number: str | None = None,
                comments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what each statement says in words, in a form that can be kept; personal data are no terms.

    Joined to the statements, it spares `find_terms` and `measure_quality` to count them again.

    Parameters
    ----------
    statements
        With ``statement_id``, ``feedback_id``, ``text`` and ``language``.
    glossary, order_number, comments
        As for `find_terms`.

    Returns
    -------
    pandas.DataFrame
        One row a statement: ``statement_id, term_keys, term_forms, word_count, content_count``.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"], "language": ["en", "fa"],
    ...     "text": ["The invoices are wrong", "قبض اشتباه است"]})
    >>> count_words(statements)[["term_forms", "word_count", "content_count"]].values.tolist()
    [['invoices\\nwrong', 4, 2], ['قبض\\nاشتباه', 3, 2]]
    """
    check_tables(statements=statements)
    count = count_terms if glossary is None else glossary.count_terms
    rows = []
    for text, shown, language in zip(statements["text"], _shown(statements, comments, order_number),
                                     statements["language"], strict=True):
        content = count_terms(text, language)
        terms = content if glossary is None and shown == text else count(shown, language)
        rows.append((*_joined(terms), len(tokenise(text, language)), len(content)))
    said = pd.DataFrame(rows, columns=names(WORDS)[1:])
    said.insert(0, "statement_id", statements["statement_id"].to_numpy())
    return said.astype({"statement_id": "str", "term_keys": "str", "term_forms": "str", "word_count": "int32",
                        "content_count": "int32"})


def find_terms(statements: pd.DataFrame, glossary: Glossary | None = None, order_number: str | None = None,
               comments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row a term of a statement; personal data are no terms.

    Parameters
    ----------
    statements
        With ``feedback_id``, ``text`` and ``language``. Where ``term_keys`` and ``term_forms`` of `count_words` are
        joined to them, what they hold is returned, and nothing else is looked at.
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
    check_tables(statements=statements)
    import pyarrow.compute as pc

    if not {"term_keys", "term_forms"} <= set(statements):
        count = count_terms if glossary is None else glossary.count_terms
        parts = zip(_shown(statements, comments, order_number), statements["language"], strict=True)
        joined = [_joined(count(text, language)) for text, language in parts]
        statements = statements.assign(term_keys=[keys for keys, _ in joined],
                                       term_forms=[forms for _, forms in joined])
    keys, forms = _spread(statements["term_keys"]), _spread(statements["term_forms"])
    rows = pc.list_parent_indices(keys).to_numpy()
    if not len(rows):
        return pd.DataFrame([], columns=["row", "comment", "language", "key", "surface"])
    said = statements[["feedback_id", "language"]].take(rows).reset_index(drop=True)
    return pd.DataFrame({"row": rows, "comment": said["feedback_id"], "language": said["language"],
                         "key": keys.flatten().to_pandas(), "surface": forms.flatten().to_pandas()})


def _shown(statements: pd.DataFrame, comments: pd.DataFrame | None, order_number: str | None) -> list[str]:
    """Return the texts of statements without personal data and what stands for it."""
    whole = pd.DataFrame() if comments is None else comments
    return [_PLACEHOLDER.sub(" ", text) for text in redact_parts(statements, whole, order_number=order_number)]


def _joined(terms: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the keys and the written forms of terms, as they are kept."""
    keys = _BETWEEN.join("_".join(key.split()) for key, _ in terms)
    return keys, _BETWEEN.join(form.replace(_BETWEEN, " ") for _, form in terms)


def _spread(kept: pd.Series) -> pa.LargeListArray:
    """Return the terms of each statement, none where nothing was kept."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(kept.to_numpy(dtype=object), type=pa.large_string())
    return pc.split_pattern(pc.replace_with_mask(texts, pc.equal(texts, ""), pa.scalar(None, texts.type)), _BETWEEN)


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a table of uses as numbers: ``of_use`` tells the term of each use, ``comments`` its comment.

    ``languages``, ``keys`` and ``forms`` (the commonest written one) have a row a term, by language and then key.
    """

    of_use: np.ndarray
    comments: np.ndarray
    languages: np.ndarray
    keys: np.ndarray
    forms: np.ndarray


def number_terms(used: pd.DataFrame) -> Vocabulary:
    """Return the terms that are used, numbered, with the commonest written form of each.

    Of forms that are equally common the well spelt is taken, then the shorter, and then the earlier in the alphabet. An
    Arabic word that ends in ``ة`` as often as in ``ه`` or more often is shown with ``ة``. A word that is also written
    small is shown small, except in German: it was large for opening a sentence.

    Parameters
    ----------
    used
        As `find_terms` returns it.

    Examples
    --------
    >>> used = pd.DataFrame({"language": "en", "key": "bill", "surface": ["Bill", "bills", "bill"], "comment": "a"})
    >>> number_terms(used).forms.tolist()
    ['bill']
    >>> number_terms(used.assign(language="ar", surface=["المكالمه", "مكالمة", "المكالمه"])).forms.tolist()
    ['المكالمه']
    """
    language, distinct = pd.factorize(used["language"], sort=True)
    languages = distinct.to_numpy(dtype=object)  # those of some kinds of string are compared otherwise
    key, keys = pd.factorize(used["key"], sort=True)
    terms, of_use = np.unique(language * np.int64(len(keys)) + key, return_inverse=True)
    of_language, of_key = np.divmod(terms, max(len(keys), 1))
    surface, surfaces = pd.factorize(_small_where_known(used["surface"], language, languages), sort=True)
    form = _commonest(of_use, surface, surfaces, (languages == "ar")[of_language])
    return Vocabulary(of_use, pd.factorize(used["comment"])[0], languages[of_language],
                      keys.to_numpy(dtype=object)[of_key], surfaces.to_numpy(dtype=object)[form])


def _small_where_known(surface: pd.Series, language: np.ndarray, languages: np.ndarray) -> pd.Series:
    """Return written forms, in small letters where their language has them like that as well."""
    form, forms = pd.factorize(surface)
    small = forms.get_indexer(forms.str.lower())[form]
    known = sorted_distinct(language * np.int64(len(forms)) + form)
    also = (small >= 0) & np.isin(language * np.int64(len(forms)) + small, known)
    also &= (languages != "de")[language]
    return pd.Series(forms.take(np.where(also, small, form)), index=surface.index)


def _commonest(of_use: np.ndarray, form: np.ndarray, forms: pd.Index, is_arabic: np.ndarray) -> np.ndarray:
    """Return the form that most uses of each term have, ties to the well spelt, the shorter and then the earlier."""
    pairs, uses = np.unique(of_use * np.int64(len(forms)) + form, return_counts=True)
    term, form = np.divmod(pairs, max(len(forms), 1))
    lengths = forms.str.len().to_numpy(dtype=np.int64)
    right, wrong = (forms.str.endswith(ending)[form] & is_arabic[term] for ending in ("ة", "ه"))
    more = np.bincount(term, uses * (right.astype(np.int64) - wrong))[term]
    unlike = wrong & (more >= 0) & (np.bincount(term, right)[term] > 0)
    foreign = forms.str.contains("[يىك]")[form] & ~is_arabic[term]  # an Arabic keyboard's letters in other languages
    order = np.lexsort((form, lengths[form], foreign, -uses, unlike, term))
    return form[order][np.flatnonzero(np.diff(term[order], prepend=-1))]


def count_comments(groups: np.ndarray, vocabulary: Vocabulary) -> pd.DataFrame:
    """Return how many comments of each group use each term.

    Parameters
    ----------
    groups
        The group of each use, -1 for one that is in none.

    Returns
    -------
    pandas.DataFrame
        ``group, term`` (numbers), ``comment_count``, ascending.

    Examples
    --------
    >>> used = pd.DataFrame({"language": "fa", "key": "پیک", "surface": "پیک", "comment": ["a", "a", "b"]})
    >>> count_comments(np.array([0, 0, 0]), number_terms(used)).values.tolist()
    [[0, 0, 2]]
    """
    inside = np.flatnonzero(groups >= 0)
    terms, comments = len(vocabulary.keys), int(vocabulary.comments.max(initial=0)) + 1
    said = groups[inside] * np.int64(terms) + vocabulary.of_use[inside]
    distinct = sorted_distinct(said * np.int64(comments) + vocabulary.comments[inside]) // comments
    first = np.flatnonzero(np.diff(distinct, prepend=-1))
    group, term = np.divmod(distinct[first], max(terms, 1))
    return pd.DataFrame({"group": group, "term": term, "comment_count": np.diff(first, append=len(distinct))})


def sorted_distinct(numbers: np.ndarray) -> np.ndarray:
    """Return what ``numpy.unique`` does of whole numbers from 0 on, at a tenth of its cost for a million of them.

    Examples
    --------
    >>> sorted_distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ascending = np.sort(numbers)
    return np.asarray(ascending[np.diff(ascending, prepend=-1) > 0])

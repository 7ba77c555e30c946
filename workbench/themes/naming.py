"""Labels: what themes and groups of themes are called in each reading language, from words that people used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import pandas as pd

from workbench.language import script_of
from workbench.language.stop_lists import word_set

LABEL_TERMS = 3
JOINT = " · "
SCRIPTS = {"ar": ("Arab",), "fa": ("Arab",), "ur": ("Arab",), "hi": ("Deva",), "ru": ("Cyrl",), "zh": ("Hani",),
           "ja": ("Jpan", "Hani", "Hira", "Kana")}
# what a Persian form adds to a word that is a term as well; without a corpus "مرغش" cannot be told from "ارزش"
_PERSIAN_ENDING = re.compile("\u200c?(?:ها(?:یی|ی|ش)?|ی|یی|ش|م|ت|تر|ترین|[متش]ون|ان)")
# words of which a name is made only where there are no others
_SAYS_LITTLE = {
    "ar": word_set("""
        لمن لماذا فقط لكني لكنه لكنها زال يزال اقدر أقدر تقدر يقدر نقدر بتقدر بقدر شوي شوية شويه لهلأ لهلق يتم تتم
        كانوا فكان فهو فهي سيكون بالرغم الرغم الواقع بكل لكل معنا معاي معي عبر إلخ شيئا شيئ بدو خلى لتاني بروحه بروحي
        معظم بدون تتعلق فقد
    """),
    "fa": word_set("""
        تونم تونه تونید تونیم حالیکه هرچند هرچی نسبت غرض یکم همگی مجموع هاش عرض خصوص هیچی توان نبودم نبودن ازتون توش
        داخلش میخواین حد حدی وقته
    """),
}
COLUMNS = ["theme_id", "language", "label", "is_borrowed"]


def name_themes(ids: Sequence[int], own: pd.DataFrame, near: pd.DataFrame, spoken: pd.DataFrame,
                languages: tuple[str, ...], fixed: Mapping[tuple[int, str], str] | None = None) -> pd.DataFrame:
    """Return a label for each theme in each reading language; within a language no label is used twice.

    A label is made of the terms of that language in the theme; where there are fewer than three, the language's
    terms that lie nearest to the theme's centre follow. Where nobody wrote in the language at all, or not in its
    letters, the label is made of what the theme says in other languages, in its own words: nothing is translated.
    Only a theme without any word is called by its number. Arabic and Persian words that say little by themselves
    ("اقدر", I can) are taken last. Of a Persian word and the same with an ending ("مرغ", "مرغش") only
    the one that comes first is in a label.

    Parameters
    ----------
    ids
        The themes.
    own
        ``theme_id, language, term``, best first: what each language says in each theme.
    near
        The same columns: each language's terms nearest to each theme.
    spoken
        ``theme_id, term``, best first, in any language.
    languages
        To name them in.
    fixed
        Labels that are given, by theme and language.

    Returns
    -------
    pandas.DataFrame
        ``theme_id, language, label, is_borrowed`` (whether fewer than three of its terms were said in the theme).

    Examples
    --------
    >>> own = pd.DataFrame({"theme_id": [0, 0, 0], "language": "fa", "term": ["قبض", "اشتباه", "مبلغ"]})
    >>> near = pd.DataFrame({"theme_id": [0], "language": ["en"], "term": ["bill"]})
    >>> name_themes([0], own, near, own, ("fa", "en", "de"))[["language", "label", "is_borrowed"]].values.tolist()
    [['fa', 'قبض · اشتباه · مبلغ', False], ['en', 'bill', True], ['de', 'قبض · اشتباه · مبلغ', True]]
    """
    own_terms, near_terms = _lists(own, ["theme_id", "language"]), _lists(near, ["theme_id", "language"])
    anything = _lists(spoken, ["theme_id"])
    nearest = _lists(near, ["theme_id"])
    fixed = fixed or {}
    rows: list[tuple[int, str, str, bool]] = []
    for language in languages:
        little = _SAYS_LITTLE.get(language, frozenset())
        taken = {_as_set(label.split(JOINT)) for (_, of), label in fixed.items() if of == language}
        for theme in ids:
            said, close = own_terms.get((theme, language), []), near_terms.get((theme, language), [])
            words = [word for word in said if word not in little]
            label = fixed.get((theme, language))
            if label is None:
                pool = list(dict.fromkeys([*words, *(word for word in close if word not in little), *said, *close]))
                pools = [_in_own_script(pool, language), anything.get((theme,), []), nearest.get((theme,), [])]
                label = _free_label(map(_without_forms, pools), taken) or _free_number(theme, taken)
            taken.add(_as_set(label.split(JOINT)))
            rows.append((theme, language, label, len(words) < LABEL_TERMS))
    return pd.DataFrame(rows, columns=COLUMNS)


def label_without(label: str, words: Collection[str]) -> str:
    """Return a label without some of its words, an ellipsis where none is left.

    Parameters
    ----------
    label
        As `name_themes` makes it, or anything else.
    words
        In small letters.

    Examples
    --------
    >>> [label_without(label, {"zorblax"}) for label in ("Zorblax · قبض · late", "Zorblax", "Late bills")]
    ['قبض · late', '…', 'Late bills']
    """
    return JOINT.join(word for word in label.split(JOINT) if word.casefold() not in words) or "…"


def _lists(table: pd.DataFrame, by: list[str]) -> dict[Any, list[str]]:
    """Return the distinct terms of each group, in the order of the table."""
    lists: dict[Any, dict[str, None]] = {}
    for *group, term in zip(*(table[name].tolist() for name in (*by, "term")), strict=True):
        lists.setdefault(tuple(group), {})[term] = None
    return {group: list(terms) for group, terms in lists.items()}


def _as_set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _in_own_script(words: list[str], language: str) -> list[str]:
    """Return the words in the language's own letters first: a Persian label is not made of Latin letters."""
    scripts = SCRIPTS.get(language)
    if scripts is None:
        return words
    return sorted(words, key=lambda word: script_of(word) not in scripts)


def _without_forms(words: list[str]) -> list[str]:
    """Return the words without those that are another before them with a Persian ending, or without one."""
    kept: dict[str, None] = {}
    bases: set[str] = set()
    for word in words:
        if word not in bases and kept.keys().isdisjoint(own := _bases(word)):
            kept[word] = None
            bases.update(own)
    return list(kept)


@lru_cache(maxsize=100_000)
def _bases(word: str) -> frozenset[str]:
    """Return what is left of a word without a Persian ending, in each way to read one."""
    return frozenset(word[:start] for start in range(1, len(word)) if _PERSIAN_ENDING.fullmatch(word, start))


def _free_label(pools: Iterable[list[str]], taken: set[frozenset[str]]) -> str:
    """Join the first terms of the first pool that has a free label, going on to later terms while it is taken."""
    for pool in pools:
        for chosen in combinations(pool, min(len(pool), LABEL_TERMS)):
            if chosen and _as_set(chosen) not in taken:
                return JOINT.join(chosen)
    return ""


def _free_number(theme: int, taken: set[frozenset[str]]) -> str:
    number = theme + 1
    while _as_set([str(number)]) in taken:
        number += 1
    return str(number)

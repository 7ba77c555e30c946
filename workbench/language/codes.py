"""The codes of the languages that there are, whether the workbench can tell them or not."""

from __future__ import annotations

from functools import cache


@cache
def language_codes() -> frozenset[str]:
    """Return the codes of languages, of two letters where a language has one: those that the CLDR names in English.

    Some stand for a language of one region or script, such as ``pt_BR``.

    Examples
    --------
    >>> [code in language_codes() for code in ("en", "ar", "fa", "ckb", "pt_BR", "english")]
    [True, True, True, True, True, False]
    """
    from babel import Locale

    return frozenset(map(str, Locale("en").languages))

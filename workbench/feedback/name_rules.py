"""What a rule for names is made of: a pattern, and words one of which stands in every text that it matches.

Most rules begin with a word ("my name is", "Frau"). Looking up the words of a comment costs a fraction of searching it
for every rule, and most comments have the words of few.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import regex

_BETWEEN_PHRASES: Final = regex.compile(r"\|(?![^()]*\))")
_FIRST_WORD: Final = regex.compile(r"\p{L}+(?=[ .\-]|\[(?:’'|[.])\]|$)")


class Rule(NamedTuple):
    """A pattern whose groups ``name`` are names, and the small-letter words of which a text must have one."""

    words: frozenset[str]
    pattern: regex.Pattern[str]


def rule(pattern: str, phrases: str) -> Rule:
    """Return a rule for texts in which one of `phrases` stands.

    Parameters
    ----------
    pattern
        A regular expression with a group ``name`` that cannot match without one of the phrases, in any case.
    phrases
        Alternatives as for `one_of`; each begins with a plain word in small letters.

    Raises
    ------
    ValueError
        If a phrase begins with anything but a plain word: the rule would never be tried.

    Examples
    --------
    >>> sorted(rule(r"(?i:my name is|ich heiße) (?P<name>\\w+)", "my name is|ich heiße").words)
    ['ich', 'my']
    """
    found = [(phrase, _FIRST_WORD.match(phrase)) for phrase in _BETWEEN_PHRASES.split(joined(phrases))]
    if unclear := [phrase for phrase, word in found if not word or word[0] != word[0].lower()]:
        raise ValueError(f"Each phrase must begin with a plain word in small letters; these do not: {unclear}.")
    return Rule(frozenset(word[0] for _, word in found if word), regex.compile(pattern))


def joined(phrases: str) -> str:
    """Return alternatives that run over lines in one line.

    Examples
    --------
    >>> joined('''one
    ...     |two''')
    'one|two'
    """
    return regex.sub(r"\n\s*", "", phrases)


def one_of(phrases: str, any_case: bool = True) -> str:
    """Return a group of the alternatives in `phrases`, which may run over lines.

    Examples
    --------
    >>> one_of("my name is|ich heiße"), one_of("ben", any_case=False)
    ('(?i:my name is|ich heiße)', '(?:ben)')
    """
    return f"(?i:{joined(phrases)})" if any_case else f"(?:{joined(phrases)})"

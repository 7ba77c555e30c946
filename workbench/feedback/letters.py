"""What a search in comments has to look past: letters that keyboards type in two ways, and signs that take no room."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

# soft hyphen, direction marks and isolates, joiners, byte order mark: for use between the brackets of a pattern
INVISIBLE: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_ONE: Final = str.maketrans("یىک", "ييك")


@lru_cache(maxsize=8)  # many rules in turn ask for the same comment
def one_keyboard(text: str) -> str:
    """Return `text` with yeh and kaf as an Arabic keyboard types them, of the same length.

    Persian is often typed on an Arabic keyboard, and Arabic on a Persian one; patterns and texts that both went
    through here meet.

    Parameters
    ----------
    text
        Any text, or a regular expression.

    Returns
    -------
    str
        As long as `text`: character i of it stands for character i of `text`.

    Examples
    --------
    >>> one_keyboard("کد ملی") == one_keyboard("كد ملى") == "كد ملي", one_keyboard("late")
    (True, 'late')
    """
    return text if text.isascii() else text.translate(_ONE)


@lru_cache(maxsize=8)
def one_case(text: str) -> str:
    """Return `text` in small letters and as `one_keyboard` has it, of the same length: for patterns in small letters.

    Such a pattern is searched for in half the time that one takes that ignores case.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        As long as `text`; the dotted capital I, whose small form would be two characters, is an i.

    Examples
    --------
    >>> one_case("Straße İZMİR کد")
    'straße izmir كد'
    """
    return one_keyboard(text).replace("İ", "i").lower()

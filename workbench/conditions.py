"""A part of the comments, named in words: ``market=EG``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from workbench.errors import InputError, shown

_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_PAIR: Final = re.compile(rf'\s*({_QUOTED}|[^=,"][^=,]*?)\s*=\s*({_QUOTED}|[^,"][^,]*?)\s*(?:,|$)')
_PLAIN: Final = re.compile(r'(?!\s|")[^=,]+(?<!\s)')


def read_condition(only: Mapping[str, str] | str | None) -> dict[str, str]:
    """Return what a part is chosen by: ``"market=EG, segment=home"`` or a mapping, as a mapping in order of its names.

    A name or value that holds a comma stands in double quotes, as JSON writes them: ``segment="home, small"``.

    Raises
    ------
    InputError
        If it is neither, or a part of the text has no ``=``, no name or no value.

    Examples
    --------
    >>> read_condition("segment=home, market=ایران"), read_condition('segment="home, small"'), read_condition(None)
    ({'market': 'ایران', 'segment': 'home'}, {'segment': 'home, small'}, {})
    """
    if isinstance(only, str):
        only = _read(only)
    if not isinstance(only, Mapping | None):
        raise InputError(f"a part of the comments is named as {{'market': 'EG'}} or 'market=EG', not as {shown(only)}.")
    return {str(name): str(value) for name, value in sorted((only or {}).items())}


def _read(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = text.strip(" ,")
    while rest:
        pair = _PAIR.match(rest)
        try:
            name, value = [_unquoted(word) for word in pair.groups()] if pair else ("", "")
        except ValueError:  # a backslash that JSON does not know
            pair = None
        if pair is None:
            raise InputError("a part of the comments is named as column=value, such as market=EG, not as "
                             f"{shown(text)}.")
        found[name] = value
        rest = rest[pair.end():].lstrip(" ,")
    return found


def _unquoted(word: str) -> str:
    return str(json.loads(word)) if word.startswith('"') else word


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else json.dumps(word, ensure_ascii=False)


def written_condition(only: Mapping[str, str]) -> str:
    """Return a condition as `read_condition` reads it.

    Examples
    --------
    >>> written_condition(read_condition("market=EG,segment=home")), written_condition({"segment": "خانه, کوچک"})
    ('market=EG, segment=home', 'segment="خانه, کوچک"')
    """
    return ", ".join(f"{_quoted(name)}={_quoted(value)}" for name, value in only.items())

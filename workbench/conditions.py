"""A part of the comments, named in words: ``market=EG``."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.errors import InputError


def read_condition(only: Mapping[str, str] | str | None) -> dict[str, str]:
    """Return what a part is chosen by: ``"market=EG, segment=home"`` or a mapping, as a mapping in order of its names.

    Raises
    ------
    InputError
        If a part of the text has no ``=``, no name or no value.

    Examples
    --------
    >>> read_condition("segment=home, market=ایران"), read_condition(None)
    ({'market': 'ایران', 'segment': 'home'}, {})
    """
    if isinstance(only, str):
        pairs = [part.partition("=") for part in only.split(",") if part.strip()]
        if any(not equals or not name.strip() or not value.strip() for name, equals, value in pairs):
            raise InputError(f"a part of the comments is named as column=value, such as market=EG, not as {only!r}.")
        only = {name.strip(): value.strip() for name, _, value in pairs}
    return {str(name): str(value) for name, value in sorted((only or {}).items())}


def written_condition(only: Mapping[str, str]) -> str:
    """Return a condition as `read_condition` reads it.

    Examples
    --------
    >>> written_condition(read_condition("market=EG,segment=home"))
    'market=EG, segment=home'
    """
    return ", ".join(f"{name}={value}" for name, value in only.items())

"""YAML files that people write, read so that every error can name its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from workbench.errors import InputError, did_you_mean, shown

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # eight times as fast where it was built
_LONGEST_WORD: Final = 80  # characters in which another one is sought
_LIMITS: Final = {"greater_than": ("above", "gt"), "greater_than_equal": ("from", "ge"), "less_than": ("below", "lt"),
                  "less_than_equal": ("up to", "le")}
_WANTED: Final = {  # by pydantic's names of what can be wrong
    "string_type": "a text", "string_too_short": "a text", "int_type": "a whole number",
    "int_from_float": "a whole number", "float_type": "a number", "finite_number": "a finite number",
    "bool_type": "true or false", "list_type": "a list, such as [one, two]", "too_short": "one at least",
    "dict_type": "names with values, such as {name: value}", "model_type": "settings, such as {name: value}",
    "date_type": "a day, such as 2026-10-31", "date_from_datetime_inexact": "a day, such as 2026-10-31",
    "invalid_key": "a name",
}
_NO_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNFIT = (ValueError, ArithmeticError, AttributeError, LookupError)  # what reading a value as the kind it claims raises


def why_missing(file: Path, noun: str) -> str:
    """Return a sentence on a YAML file that is not there; an address is not repeated, which may hold a password.

    Examples
    --------
    >>> why_missing(Path("nowhere/a.yaml"), "study file")
    'There is no study file nowhere/a.yaml.'
    >>> why_missing(Path("sqlite:///shop.db"), "study file")
    'Expected a study file, found an address: write it into one, as the path of a source.'
    """
    from workbench.feedback.databases import is_database

    if is_database(file):
        return f"Expected a {noun}, found an address: write it into one, as the path of a source."
    near = ", ".join(sorted(p.name for p in file.parent.glob("*.y*ml"))[:5]) if file.parent.is_dir() else ""
    return f"There is no {noun} {file}." + (f" Beside it: {near}." if near else "")


def read_yaml(file: Path, noun: str, error: type[InputError]) -> tuple[yaml.Node | None, object]:
    """Return the file's node tree, which knows lines, and its plain value.

    Parameters
    ----------
    file
        Where it stands.
    noun
        What to call it in messages, such as ``"study file"``.
    error
        What to raise.

    Raises
    ------
    InputError
        Of type `error`: the file is missing, is not UTF-8, is not YAML, holds a date that does not exist, or gives a
        key twice.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.yaml"
    >>> _ = file.write_text("name: One")
    >>> read_yaml(file, "study file", InputError)[1]
    {'name': 'One'}
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(why_missing(file, noun)) from None
    except (OSError, UnicodeDecodeError) as cause:
        raise error(f"The {noun} {file} cannot be read as UTF-8 text.") from cause
    try:
        loader = _LOADER(text)
        node = loader.get_single_node()
        value = loader.construct_document(node) if node is not None else None
        _check_repeats(file, node, error, set())
    except RecursionError:
        raise error(f"{file.name}: this is nested too deeply.") from None
    except _UNFIT:
        where = f"{file.name}:{_unreadable(node, set())}"
        raise error(f"{where}: this date or number does not exist; if it is a text, put it into quotes.") from None
    except yaml.YAMLError as cause:
        if stray := _NO_YAML.search(text):
            raise error(f"{file.name}:{text.count(chr(10), 0, stray.start()) + 1}: a control character stands in this "
                        "line; delete it.") from None
        mark = getattr(cause, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        why = getattr(cause, "problem", "unreadable")
        if mark and re.match(r" *\t", "".join(text.splitlines()[mark.line : mark.line + 1])):
            why = "it is indented with a tab; use spaces"
        raise error(f"{file.name}{line}: this is not valid YAML ({why}).") from None
    return node, value


def line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """Return the line of the deepest node that `location` reaches.

    Examples
    --------
    >>> node = yaml.compose("a: 1\\nb:\\n  - c: 2\\n  - c: 3")
    >>> line_of(node, ("b", 1, "c")), line_of(node, ("b", "missing"))
    (4, 2)
    """
    line = 1 if node is None else node.start_mark.line + 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if pair is None:
                if isinstance(step, int):  # a list's short form, given as one mapping
                    continue
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def what_is_wrong(found: Mapping[str, Any]) -> str:
    """Return in plain words what is wrong with a value, from an error of pydantic's strict models.

    Parameters
    ----------
    found
        One of ``ValidationError.errors()``, with its input.

    Examples
    --------
    >>> what_is_wrong({"type": "greater_than", "ctx": {"gt": 0}, "input": -3})
    'expected a number above 0, found -3'
    >>> what_is_wrong({"type": "string_type", "input": False})
    'expected a text, found false (YAML reads a bare NO, YES, ON or OFF as true or false: put it into quotes)'
    """
    kind, value, limits = found["type"], found["input"], found.get("ctx", {})
    if kind == "value_error":
        return str(found["msg"]).removeprefix("Value error, ")
    if kind in _LIMITS:
        word, name = _LIMITS[kind]
        wanted = f"a number {word} {limits[name]:g}"
    elif kind == "literal_error":
        words = re.findall("'([^']*)'", limits["expected"])
        hint = did_you_mean(value[:_LONGEST_WORD], words) if isinstance(value, str) else ""
        return f"expected one of {', '.join(words)}, found {_found(value)}{hint}"
    else:
        wanted = _WANTED.get(kind, "another value")
    hint = ""
    if kind == "string_type" and isinstance(value, bool):
        hint = " (YAML reads a bare NO, YES, ON or OFF as true or false: put it into quotes)"
    elif kind == "string_type" and isinstance(value, int | float | date):
        hint = ": put it into quotes"
    return f"expected {wanted}, found {_found(value)}{hint}"


def _found(value: object) -> str:
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool | date):
        return str(value).lower()
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else shown(value)


def _unreadable(node: yaml.Node | None, met: set[int]) -> int:
    """Return the line of the first value that looks like a date or a number and is none."""
    if isinstance(node, yaml.ScalarNode):
        try:
            yaml.SafeLoader("").construct_object(node)
        except _UNFIT:
            return int(node.start_mark.line) + 1
        except yaml.YAMLError:  # << by itself, which is no value
            return 0
    if not isinstance(node, yaml.CollectionNode) or id(node) in met:
        return 0
    met.add(id(node))
    inner = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
    return next((line for part in inner if (line := _unreadable(part, met))), 0)


def _check_repeats(file: Path, node: yaml.Node | None, error: type[InputError], met: set[int]) -> None:
    """YAML keeps the last of two equal keys in silence; a file that people write must not.

    What an anchor names is looked at once: names of names of names can stand for more than any memory holds.
    """
    if id(node) in met:
        return
    met.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check_repeats(file, item, error, met)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            raise error(f"{file.name}:{key.start_mark.line + 1}: {key.value!r} is given twice.")
        seen.add(key.value)
        _check_repeats(file, value, error, met)

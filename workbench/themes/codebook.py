"""The codebook: what people correct in the themes, as a YAML file of rules that git can show the changes of.

Each rule is one item of the list and can be taken back by deleting it::

    rules:
      - {rename: 3, label: {en: Wrong invoices, fa: صورتحساب نادرست}, was: invoice · wrong}
      - {rename: parcel · late, label: Late parcels}
      - {describe: 3, text: {en: Amounts that do not agree with the contract.}}
      - {merge: [7, 12], into: 3}
      - {split: 4, into: 1001, label: Late courier, examples: [courier came late, TV-00012/0]}
      - {split: 4, into: 1002, label: Kind courier, statements: [TV-00017, TV-00020/2]}
      - {move: [TV-00031/1, charged twice], to: 3}
      - {pin: 5}
      - {forbid: 9}
      - {forbid: Telvana}
      - {place: 3, stages: [use]}
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from workbench.errors import InputError, did_you_mean, shown
from workbench.themes.ledger import FIRST_OF_PEOPLE, LAST_OF_PEOPLE
from workbench.yaml_lines import line_of, read_yaml, what_is_wrong

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _number(value: Any) -> Any:
    """Return the number of a theme, which may stand in quotes and in the digits of any language."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


def _theme(value: Any) -> Any:
    value = _number(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _HIGHEST:
        raise ValueError("expected the number of a theme, such as 3")
    return value


def _theme_or_name(value: Any) -> Any:
    return _text(value) if isinstance(value, str) and not value.strip().isdecimal() else _theme(value)


def _themes(value: Any) -> Any:
    themes = value if isinstance(value, list) else [value]
    if not themes:
        raise ValueError("expected the number of a theme, or a list of them, found none")
    return [_theme(theme) for theme in themes]


def _theme_or_term(value: Any) -> Any:
    return _text(value) if isinstance(value, str) else _theme(value)


def _part(value: Any) -> Any:
    value = _number(value)
    if isinstance(value, bool) or not isinstance(value, int) or not FIRST_OF_PEOPLE <= value <= LAST_OF_PEOPLE:
        raise ValueError(f"expected a new number from {FIRST_OF_PEOPLE} to {LAST_OF_PEOPLE}")
    return value


def _texts(value: Any) -> Any:
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise ValueError("expected a text, or a list of them, found none")
    return [_text(text) for text in texts]


def _words(value: Any) -> Any:
    if not isinstance(value, dict):
        return _text(value)
    languages = [_text(language).lower() for language in value]
    if not languages or not all(language.isalpha() for language in languages):
        raise ValueError("expected words, or words by language such as {en: ..., fa: ...}")
    if len(set(languages)) < len(languages):
        raise ValueError("a language is given twice")
    return dict(zip(languages, map(_text, value.values()), strict=True))


def _text(value: Any) -> str:
    """Return a text on one line; joiners stay, since Persian is written with them."""
    if isinstance(value, bool):
        raise ValueError("YAML reads a bare no, yes, on or off as true or false; put it into quotes")
    if not isinstance(value, str):
        raise ValueError("expected a text" + ("" if value is None else "; put a number or a date into quotes"))
    if not value.strip():
        raise ValueError("expected a text, found none")
    if _CONTROL.search(value):
        raise ValueError("a control character stands in this text")
    return " ".join(value.split())


_HIGHEST: Final = 2**53
Theme = Annotated[int, BeforeValidator(_theme)]
Texts = Annotated[list[str], BeforeValidator(_texts)]
Words = Annotated[str | dict[str, str], BeforeValidator(_words)]


class Rule(BaseModel):
    """One rule. ``was`` is the label that its theme had when it was written: for readers, and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)
    was: Annotated[str | None, BeforeValidator(_text)] = None


class Rename(Rule):
    """A theme's name, for all reading languages or for each; the theme by its number, or by the name that it has."""

    rename: Annotated[int | str, BeforeValidator(_theme_or_name)]
    label: Words


class Describe(Rule):
    """What a theme is about, for readers."""

    describe: Theme
    text: Words


class Merge(Rule):
    """Themes that are one with another."""

    merge: Annotated[list[int], BeforeValidator(_themes)]
    into: Theme


class Split(Rule):
    """A part of a theme that is a theme of its own.

    ``examples`` are ids of statements or comments, or phrases: what is like them belongs to the part, too.
    ``statements`` are ids: these belong to it, and nothing else for their sake.
    """

    split: Theme
    into: Annotated[int, BeforeValidator(_part)]
    examples: Texts = Field(default_factory=list)
    statements: Texts = Field(default_factory=list)
    label: Words | None = None

    @model_validator(mode="after")
    def _something(self) -> Split:
        if not self.examples and not self.statements:
            raise ValueError("a split needs examples, or the ids of its statements")
        return self


class Move(Rule):
    """Statements that belong to another theme: by id of statement or comment, or by a phrase that is in them."""

    move: Texts
    to: Theme


class Pin(Rule):
    """A theme that is kept as it is: its statements stay in it, and others that are known stay out."""

    pin: Theme


class Forbid(Rule):
    """A theme or a term that is never shown."""

    forbid: Annotated[int | str, BeforeValidator(_theme_or_term)]


class Place(Rule):
    """The stages of the journey that a theme belongs to. All its statements take them."""

    place: Theme
    stages: Texts


VERBS: Final[dict[str, type[Rule]]] = {
    "rename": Rename, "describe": Describe, "merge": Merge, "split": Split, "move": Move, "pin": Pin,
    "forbid": Forbid, "place": Place,
}


@dataclass(frozen=True)
class Line:
    """A rule, its verb and the line that it begins on."""

    number: int
    verb: str
    rule: Any


@dataclass(frozen=True)
class Codebook:
    """The rules of a file in the order of their lines, which decides nothing."""

    lines: tuple[Line, ...] = ()

    def of(self, verb: str) -> list[Line]:
        """Return the rules with a verb."""
        return [line for line in self.lines if line.verb == verb]

    def pinned(self) -> list[int]:
        """Return the themes that are kept as they are, in ascending order."""
        return sorted({line.rule.pin for line in self.of("pin")})

    def stage_rules(self) -> dict[int, list[str]]:
        """Return the stages that themes are placed in, whatever their statements look like.

        Examples
        --------
        >>> Codebook((Line(1, "place", Place(place=3, stages=["use"])),)).stage_rules()
        {3: ['use']}
        """
        found: dict[int, set[str]] = {}
        for line in self.of("place"):
            found.setdefault(line.rule.place, set()).update(line.rule.stages)
        return {theme: sorted(stages) for theme, stages in sorted(found.items())}

    def rules(self) -> list[str]:
        """Return the rules as text, in an order of their own."""
        return sorted(f"{line.verb} {line.rule.model_dump_json()}" for line in self.lines)

    def parts(self) -> list[Any]:
        """Return what a report of the rules is keyed by: the rules and their lines."""
        return sorted([f"{line.verb} {line.rule.model_dump_json()}", line.number] for line in self.lines)


def load_codebook(path: str | Path) -> Codebook:
    """Return the checked rules of a codebook.

    Parameters
    ----------
    path
        A YAML file with a list ``rules``. A list without rules is a codebook too.

    Raises
    ------
    InputError
        With file and line: no such file, not YAML, a rule that is unknown, or one that lacks a part or has a wrong
        one.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "codebook.yaml"
    >>> rules = "rules:\\n  - {rename: 3, label: {en: Wrong invoices, fa: صورتحساب نادرست}}\\n  - pin: 5\\n"
    >>> _ = file.write_text(rules, encoding="utf-8")
    >>> [(line.number, line.verb) for line in load_codebook(file).lines]
    [(2, 'rename'), (3, 'pin')]
    """
    file = Path(path)
    node, value = read_yaml(file, "codebook", InputError)
    if value is None:
        return Codebook()
    if not isinstance(value, dict) or set(value) != {"rules"} or not isinstance(value["rules"], list | None):
        raise InputError(f"{file.name} is not a codebook: expected `rules:` and a list of rules such as "
                         "`- {rename: 3, label: Wrong invoices}`.")
    items = value["rules"] or []
    return Codebook(tuple(_line(file, node, place, item) for place, item in enumerate(items)))


def _line(file: Path, node: yaml.Node | None, place: int, item: Any) -> Line:
    number = line_of(node, ("rules", place))
    known = ", ".join(VERBS)
    if not isinstance(item, dict):
        raise InputError(f"{file.name}:{number}: expected a rule such as `{{pin: 5}}`; rules are {known}.")
    verbs = [verb for verb in VERBS if verb in item]
    if len(verbs) != 1:
        hint = did_you_mean(str(next(iter(item), "")), VERBS) if not verbs else ""
        found = f"it has {' and '.join(verbs)}" if verbs else f"none is here{hint}"
        raise InputError(f"{file.name}:{number}: a rule has one of {known}; {found}.")
    model = VERBS[verbs[0]]
    try:
        return Line(number, verbs[0], model.model_validate(item))
    except ValidationError as error:
        raise InputError(_message(file, node, place, model, error)) from None


def _message(file: Path, node: yaml.Node | None, place: int, model: type[Rule], error: ValidationError) -> str:
    errors = error.errors(include_url=False)
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    part = str(first["loc"][0]) if first["loc"] else ""
    where = f"{file.name}:{line_of(node, ('rules', place, part))}"
    if first["type"] == "extra_forbidden":
        return f"{where}: {shown(part)} is no part of this rule{did_you_mean(part, model.model_fields)}."
    if first["type"] == "missing":
        return f"{where}: the rule lacks {part!r}."
    told = what_is_wrong(first)
    return f"{where}: {part!r}: {told}." if part else f"{where}: {told}."

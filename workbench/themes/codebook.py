"""The codebook: what people correct in the themes, as a YAML file of rules that git can show the changes of.

Each rule is one item of the list and can be taken back by deleting it::

    rules:
      - {rename: 3, label: {en: Wrong invoices, fa: صورتحساب نادرست}, was: invoice · wrong}
      - {describe: 3, text: {en: Amounts that do not agree with the contract.}}
      - {merge: [7, 12], into: 3}
      - {split: 4, into: 1001, label: Late courier, examples: [courier came late, TV-00012/0]}
      - {move: [TV-00031/1, charged twice], to: 3}
      - {pin: 5}
      - {forbid: 9}
      - {forbid: Telvana}
      - {place: 3, stages: [use]}
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from workbench.errors import InputError, did_you_mean
from workbench.themes.ledger import FIRST_OF_PEOPLE, LAST_OF_PEOPLE
from workbench.yaml_lines import line_of, read_yaml

Words = str | dict[str, str]


class Rule(BaseModel):
    """One rule. ``was`` is the label that its theme had when it was written: for readers, and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)
    was: str | None = None

    @field_validator("label", "text", mode="before", check_fields=False)
    @classmethod
    def _words(cls, words: Any) -> Any:
        if words is None or words == {} or (isinstance(words, str) and not words.strip()):
            raise ValueError("expected words, found none")
        parts = [*words, *words.values()] if isinstance(words, dict) else [words]
        if any(isinstance(part, bool) for part in parts):
            raise ValueError("YAML reads a bare no, yes, on or off as true or false; put it into quotes")
        if not all(isinstance(part, str) and part.strip() for part in parts) or \
                not all(language.isalpha() for language in words if isinstance(words, dict)):
            raise ValueError("expected words, or words by language such as {en: ..., fa: ...}")
        return words

    @field_validator("merge", "forbid", check_fields=False)
    @classmethod
    def _themes(cls, value: int | str | list[int]) -> int | str | list[int]:
        if any(isinstance(theme, int) and theme < 0 for theme in (value if isinstance(value, list) else [value])):
            raise ValueError("expected numbers of themes, which are 0 or more")
        return value


class Rename(Rule):
    """A theme's name, for all reading languages or for each."""

    rename: int = Field(ge=0)
    label: Words


class Describe(Rule):
    """What a theme is about, for readers."""

    describe: int = Field(ge=0)
    text: Words


class Merge(Rule):
    """Themes that are one with another."""

    merge: int | list[int]
    into: int = Field(ge=0)

    @property
    def sources(self) -> list[int]:
        """The themes that end."""
        return [self.merge] if isinstance(self.merge, int) else self.merge


class Split(Rule):
    """A part of a theme that is a theme of its own, shown by examples: ids of statements or comments, or phrases."""

    split: int = Field(ge=0)
    into: int = Field(ge=FIRST_OF_PEOPLE, le=LAST_OF_PEOPLE)
    examples: list[str] = Field(min_length=1)
    label: Words | None = None


class Move(Rule):
    """Statements that belong to another theme: by id of statement or comment, or by a phrase that is in them."""

    move: str | list[str]
    to: int = Field(ge=0)

    @property
    def examples(self) -> list[str]:
        """The ids and phrases."""
        return [self.move] if isinstance(self.move, str) else self.move


class Pin(Rule):
    """A theme that is kept as it is: its statements stay in it, and others that are known stay out."""

    pin: int = Field(ge=0)


class Forbid(Rule):
    """A theme or a term that is never shown."""

    forbid: int | str


class Place(Rule):
    """The stages of the journey that a theme belongs to. All its statements take them."""

    place: int = Field(ge=0)
    stages: list[str] = Field(min_length=1)


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
    first = error.errors(include_url=False, include_input=False)[0]
    part = str(first["loc"][0]) if first["loc"] else ""
    where = f"{file.name}:{line_of(node, ('rules', place, part))}"
    if first["type"] == "extra_forbidden":
        return f"{where}: {part!r} is no part of this rule{did_you_mean(part, model.model_fields)}."
    if first["type"] == "missing":
        return f"{where}: the rule lacks {part!r}."
    return f"{where}: {part!r}: {first['msg'].removeprefix('Value error, ')}."

"""The stages and touchpoints of a journey model as they are read from YAML, each fault with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from workbench.columns import UNASSIGNED
from workbench.errors import JourneyModelError, did_you_mean
from workbench.journey.statements import ANY, UNRELATED
from workbench.language import language_codes
from workbench.yaml_lines import line_of

LANGUAGES = ("en", "ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi")
_REQUIRED = ("id", "names", "definition", "examples")
_BY_LANGUAGE = ("names", "definition", "examples", "words")
_TAKEN = (UNASSIGNED, UNRELATED, ANY, "all")  # what tables and headings say of no stage in particular
_OPTIONAL = {"stages": ("words", "touchpoints", "after"), "touchpoints": ("words",)}


@dataclass(frozen=True)
class Part:
    """One stage or touchpoint: its id, place in the journey, names, definition, telling words and touchpoints."""

    id: str
    order: int
    names: dict[str, str]
    definition: dict[str, str]
    words: dict[str, list[str]]
    touchpoints: tuple[str, ...] = ()

    def name_in(self, language: str) -> str:
        """Return the name in a language; where there is none the English one, else the first that is given."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.id)


def error_at(file: Path, node: yaml.Node | None, location: tuple[int | str, ...], what: str) -> JourneyModelError:
    """Return an error that names the file and the line of what stands at `location`."""
    return JourneyModelError(f"{file.name}:{line_of(node, location)}: {what}.")


def read_parts(file: Path, node: yaml.Node | None, value: dict[str, Any], kind: str,
               extended: Sequence[str] = ()) -> tuple[Part, ...]:
    """Return a file's stages or touchpoints, as they stand; those that it extends need an id alone.

    Raises
    ------
    JourneyModelError
        With the line of whatever is missing, unknown, mistyped or given twice.
    """
    parts: list[Part] = []
    seen: dict[str, str] = {}
    languages = value.get("languages") or list(LANGUAGES)
    if not isinstance(languages, list):
        raise error_at(file, node, ("languages",), "'languages' must be a list, such as [en, fa]")
    for place, language in enumerate(languages):
        _check_language(file, node, ("languages", place), language)
    for place, item in enumerate(value[kind]):
        at: tuple[int | str, ...] = (kind, place)
        _check_keys(file, node, at, item, kind, extended)
        if item["id"] in [part.id for part in parts]:
            raise error_at(file, node, (*at, "id"), f"the id {item['id']!r} is given twice; ids must differ")
        for key in _BY_LANGUAGE:
            _check_languages(file, node, (*at, key), item.get(key) or {})
        if "names" in item:
            _check_names(file, node, at, item, languages)
        _check_examples(file, node, at, item, seen)
        parts.append(Part(item["id"], place, item.get("names") or {}, item.get("definition") or {},
                          item.get("words") or {}, tuple(item.get("touchpoints") or ())))
    return tuple(parts)


def _check_keys(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], item: object, kind: str,
                extended: Sequence[str]) -> None:
    known = (*_REQUIRED, *_OPTIONAL[kind])
    if not isinstance(item, dict):
        raise error_at(file, node, at, f"expected a mapping with {', '.join(_REQUIRED)}")
    for key in item:
        if key not in known:
            raise error_at(file, node, (*at, key), f"{key!r} is not a setting{did_you_mean(str(key), known)}")
    name = item.get("id", "this part")
    for key in ("id",) if name in extended else _REQUIRED:
        if not item.get(key):
            advice = "; write what customers would say, under a language" if key == "examples" else ""
            raise error_at(file, node, (*at, key), f"{name!r} has no {key}{advice}")
    if not isinstance(item["id"], str):
        raise error_at(file, node, (*at, "id"), "an id must be text")
    if item["id"] in _TAKEN:
        raise error_at(file, node, (*at, "id"), f"{item['id']!r} has a meaning of its own in tables; choose another id")
    if item["id"].strip() != item["id"] or not item["id"].isprintable():
        raise error_at(file, node, (*at, "id"), f"the id {item['id']!r} begins or ends with a space or holds a line "
                                                "break; take it out")
    for key in _BY_LANGUAGE:
        if not isinstance(item.get(key) or {}, dict):
            raise error_at(file, node, (*at, key), f"{key!r} must be a mapping from language to text")
    for key in ("touchpoints", "after"):
        if not isinstance(item.get(key, []), list) or not all(isinstance(one, str) for one in item.get(key, [])):
            raise error_at(file, node, (*at, key), f"{key!r} must be a list of ids")


def _check_language(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], language: object,
                    why: str = "write its code, such as en or fa") -> None:
    if isinstance(language, bool):
        raise error_at(file, node, at[:-1] if isinstance(at[-1], bool) else at,
                       "YAML reads a bare no, yes, on or off as true or false; put the language into quotes")
    if not isinstance(language, str) or (language not in LANGUAGES and language not in language_codes()):
        raise error_at(file, node, at, f"{language!r} is no language; {why}")


def _check_languages(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], texts: dict[Any, Any]) -> None:
    """Check that keys are languages, and that what is no list of examples or words is text."""
    for language, text in texts.items():
        why = ("put a text with a comma into quotes",) if text is None else ()
        _check_language(file, node, (*at, language), language, *why)
        if not isinstance(text, str) and (at[-1] in ("names", "definition") or not isinstance(text, list)):
            raise error_at(file, node, (*at, language), f"expected text, found {type(text).__name__}; put it in quotes")


def _check_names(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], item: dict[str, Any],
                 languages: list[str]) -> None:
    missing = [language for language in languages if not (item["names"] or {}).get(language, "").strip()]
    if missing:
        raise error_at(file, node, (*at, "names"), f"{item['id']!r} has no name in {', '.join(missing)}; add it, or "
                                                 "list the model's own `languages:` at the top")


def _check_examples(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], item: dict[str, Any],
                    seen: dict[str, str]) -> None:
    for key in ("examples", "words"):
        for language, texts in (item.get(key) or {}).items():
            if not isinstance(texts, list):
                raise error_at(file, node, (*at, key, language), f"{key} of a language must be a list")
            if not texts:
                raise error_at(file, node, (*at, key, language), f"{item['id']!r} has no {key} in {language}; write "
                                                                 "some, or take the language out")
            for place, text in enumerate(texts):
                location = (*at, key, language, place)
                if not isinstance(text, str) or not text.strip():
                    found = "nothing" if text is None or isinstance(text, str) else type(text).__name__
                    raise error_at(file, node, location, f"expected text, found {found}; put it in quotes")
                other = seen.setdefault(text.strip().casefold(), item["id"]) if key == "examples" else item["id"]
                if other != item["id"]:
                    raise error_at(file, node, location, f"this example is given for {other!r} too; keep it in one")


def in_order(file: Path, node: yaml.Node | None, value: dict[str, Any],
              stages: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the stages so that each stands after those that it follows, else as they were written.

    Raises
    ------
    JourneyModelError
        With its line: a stage follows an unknown one, or itself by way of others.
    """
    before = {item["id"]: list(item.get("after") or []) for item in value["stages"]}
    for place, item in enumerate(value["stages"]):
        for number, name in enumerate(before[item["id"]]):
            if name not in before:
                raise error_at(file, node, ("stages", place, "after", number),
                             f"there is no stage {name!r}{did_you_mean(str(name), before)}")
    left, ordered = list(stages), list[Part]()
    while left:
        free = next((part for part in left if not set(before[part.id]) & {one.id for one in left}), None)
        if free is None:
            place = left[0].order
            circle = ", ".join(part.id for part in left)
            raise error_at(file, node, ("stages", place, "after"),
                         f"stages follow each other in a circle ({circle}); take one `after` out")
        ordered.append(replace(free, order=len(ordered)))
        left.remove(free)
    return tuple(ordered)

"""Journey models as data: stages and touchpoints in YAML files that a researcher reads and edits."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pandas as pd
import yaml

from workbench.errors import JourneyModelError, did_you_mean
from workbench.yaml_lines import line_of, read_yaml

MODELS = Path(__file__).parent / "models"
LANGUAGES = ("en", "ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi")
UNRELATED = "unrelated"
_TOP = {"stages": ("id", "stages", "touchpoint_model", "languages"), "touchpoints": ("id", "touchpoints", "languages")}
_REQUIRED = ("id", "names", "definition", "examples")
_OPTIONAL = {"stages": ("words", "touchpoints"), "touchpoints": ("words",)}


@dataclass(frozen=True)
class Part:
    """One stage or touchpoint: its id, place in the journey, names, definition, telling words and touchpoints."""

    id: str
    order: int
    names: dict[str, str]
    definition: dict[str, str]
    words: dict[str, list[str]]
    touchpoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class JourneyModel:
    """A checked journey model.

    Attributes
    ----------
    id : str
    stages : tuple of Part
        In the order of the journey.
    touchpoints : tuple of Part
    examples : pandas.DataFrame
        ``kind`` ("stages", "touchpoints" or "unrelated"), ``id``, ``language``, ``text``.
    fingerprint : str
        Changes whenever a result might.
    """

    id: str
    stages: tuple[Part, ...]
    touchpoints: tuple[Part, ...]
    examples: pd.DataFrame = field(repr=False)
    fingerprint: str = field(repr=False)

    def name(self, stage_id: str, language: str = "en") -> str:
        """Return a stage's or touchpoint's name in a language, in English where it has none.

        Raises
        ------
        JourneyModelError
            If the model has no such stage or touchpoint.

        Examples
        --------
        >>> model = load_journey_model()
        >>> [model.name("delivery", language) for language in ("en", "ar", "fa")]
        ['Delivery', 'التوصيل', 'تحویل و ارسال']
        """
        for part in (*self.stages, *self.touchpoints):
            if part.id == stage_id:
                return part.names.get(language) or part.names.get("en") or stage_id
        known = [part.id for part in (*self.stages, *self.touchpoints)]
        raise JourneyModelError(
            f"the journey model {self.id!r} has no stage or touchpoint {stage_id!r}{did_you_mean(stage_id, known)}."
        )

    def stage_table(self) -> pd.DataFrame:
        """Return the stages as a table: ``stage_id``, ``order`` and ``name_<language>`` for each language.

        Examples
        --------
        >>> load_journey_model().stage_table()[["stage_id", "order", "name_fa"]].head(2).values.tolist()
        [['awareness', 0, 'آگاهی'], ['discovery', 1, 'جست\u200cوجو']]
        """
        languages = sorted({language for part in self.stages for language in part.names})
        rows = [{"stage_id": part.id, "order": part.order,
                 **{f"name_{language}": part.names.get(language, part.id) for language in languages}}
                for part in self.stages]
        return pd.DataFrame(rows)


def load_journey_model(name_or_path: str | Path = "seven_stages") -> JourneyModel:
    """Return a checked journey model.

    Parameters
    ----------
    name_or_path
        A shipped model (``"seven_stages"``, ``"service_five"``) or a YAML file. Its ``touchpoint_model`` is a
        shipped one or a file beside it; ``languages`` are those that every name must be given in.

    Raises
    ------
    JourneyModelError
        With file and line: no such file, not YAML, an unknown or missing key, two parts with one id, a part
        without examples or without a name, one example in two parts, a touchpoint of no stage or a stage with
        an unknown touchpoint.

    Examples
    --------
    >>> [stage.id for stage in load_journey_model().stages]
    ['awareness', 'discovery', 'interest', 'consideration', 'action', 'use', 'advocacy']
    """
    file = _find(str(name_or_path), None)
    node, value = _read(file, "stages")
    stages = _parts(file, node, value, "stages")
    other = _find(str(value.get("touchpoint_model", "touchpoints")), file, line_of(node, ("touchpoint_model",)))
    touchpoint_node, touchpoint_value = _read(other, "touchpoints")
    touchpoints = _parts(other, touchpoint_node, touchpoint_value, "touchpoints")
    _check_belonging(file, node, stages, other, touchpoint_node, touchpoints)
    examples = pd.concat([_examples(value, "stages"), _examples(touchpoint_value, "touchpoints"), _unrelated()],
                         ignore_index=True)
    digest = hashlib.sha256(repr((stages, touchpoints)).encode())
    digest.update("\x1f".join(examples.astype(str).to_numpy().ravel().tolist()).encode())
    return JourneyModel(str(value["id"]), stages, touchpoints, examples, digest.hexdigest())


def model_files(name_or_path: str | Path = "seven_stages") -> list[Path]:
    """Return the files that a journey model is made of: its own, its touchpoints', and the unrelated examples.

    Raises
    ------
    JourneyModelError
        If one of them is missing.

    Examples
    --------
    >>> [path.name for path in model_files("seven_stages")]
    ['seven_stages.yaml', 'touchpoints.yaml', 'unrelated.yaml']
    """
    file = _find(str(name_or_path), None)
    named = re.search(r"^touchpoint_model:\s*['\"]?([^'\"#\n]+)", file.read_text(encoding="utf-8-sig"), re.MULTILINE)
    touchpoints = _find(named[1].strip() if named else "touchpoints", file)
    return [file, touchpoints, MODELS / f"{UNRELATED}.yaml"]


def _find(name: str, beside: Path | None, line: int = 1) -> Path:
    shipped = MODELS / f"{name}.yaml"
    if shipped.is_file() and name != UNRELATED:
        return shipped
    path = Path(name) if beside is None else beside.parent / name
    if path.is_file():
        return path
    known = sorted(p.stem for p in MODELS.glob("*.yaml") if p.stem != UNRELATED)
    where = f"{beside.name}:{line}: " if beside else ""
    raise JourneyModelError(
        f"{where}there is no journey model {name!r}{did_you_mean(name, known)}. Name a shipped one "
        f"({', '.join(known)}) or a YAML file."
    )


def _read(file: Path, kind: str) -> tuple[yaml.Node | None, dict[str, Any]]:
    node, value = read_yaml(file, "journey model", JourneyModelError)
    if not isinstance(value, dict):
        raise JourneyModelError(f"{file.name}:1: expected `id:` and a list `{kind}:`, found something else.")
    for key in value:
        if key not in _TOP[kind]:
            raise _error(file, node, (key,), f"{key!r} is not a setting{did_you_mean(str(key), _TOP[kind])}")
    for key in ("id", kind):
        if not value.get(key):
            raise _error(file, node, (key,), f"{key!r} is missing; a model needs `id:` and a list `{kind}:`")
    if not isinstance(value[kind], list):
        raise _error(file, node, (kind,), f"{kind!r} must be a list, each item with `id:`, `names:` and `examples:`")
    return node, value


def _error(file: Path, node: yaml.Node | None, location: tuple[int | str, ...], what: str) -> JourneyModelError:
    return JourneyModelError(f"{file.name}:{line_of(node, location)}: {what}.")


def _parts(file: Path, node: yaml.Node | None, value: dict[str, Any], kind: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    seen: dict[str, str] = {}
    languages = tuple(value.get("languages") or LANGUAGES)
    for place, item in enumerate(value[kind]):
        at: tuple[int | str, ...] = (kind, place)
        _check_keys(file, node, at, item, kind)
        if item["id"] in [part.id for part in parts]:
            raise _error(file, node, (*at, "id"), f"the id {item['id']!r} is given twice; ids must differ")
        _check_names(file, node, at, item, languages)
        _check_examples(file, node, at, item, seen)
        parts.append(Part(item["id"], place, item["names"], item["definition"], item.get("words") or {},
                          tuple(item.get("touchpoints") or ())))
    return tuple(parts)


def _check_keys(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], item: object, kind: str) -> None:
    known = (*_REQUIRED, *_OPTIONAL[kind])
    if not isinstance(item, dict):
        raise _error(file, node, at, f"expected a mapping with {', '.join(_REQUIRED)}")
    for key in item:
        if key not in known:
            raise _error(file, node, (*at, key), f"{key!r} is not a setting{did_you_mean(str(key), known)}")
    name = item.get("id", "this part")
    for key in _REQUIRED:
        if not item.get(key):
            advice = "; write what customers would say, under a language" if key == "examples" else ""
            raise _error(file, node, (*at, key), f"{name!r} has no {key}{advice}")
    if not isinstance(item["id"], str):
        raise _error(file, node, (*at, "id"), "an id must be text")
    for key in ("names", "definition", "examples", "words"):
        if not isinstance(item.get(key, {}), dict):
            raise _error(file, node, (*at, key), f"{key!r} must be a mapping from language to text")
    if not isinstance(item.get("touchpoints", []), list):
        raise _error(file, node, (*at, "touchpoints"), "'touchpoints' must be a list of ids")


def _check_names(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], item: dict[str, Any],
                 languages: tuple[str, ...]) -> None:
    missing = [language for language in languages if not item["names"].get(language)]
    if missing:
        raise _error(file, node, (*at, "names"), f"{item['id']!r} has no name in {', '.join(missing)}; add it, or "
                                                 "list the model's own `languages:` at the top")


def _check_examples(file: Path, node: yaml.Node | None, at: tuple[int | str, ...], item: dict[str, Any],
                    seen: dict[str, str]) -> None:
    for key in ("examples", "words"):
        for language, texts in (item.get(key) or {}).items():
            if not isinstance(texts, list):
                raise _error(file, node, (*at, key, language), f"{key} of a language must be a list")
            for place, text in enumerate(texts):
                location = (*at, key, language, place)
                if not isinstance(text, str) or not text.strip():
                    raise _error(file, node, location, f"expected text, found {type(text).__name__}; put it in quotes")
                other = seen.setdefault(text.strip().casefold(), item["id"]) if key == "examples" else item["id"]
                if other != item["id"]:
                    raise _error(file, node, location, f"this example is given for {other!r} too; keep it in one")


def _check_belonging(file: Path, node: yaml.Node | None, stages: tuple[Part, ...], other: Path,
                     touchpoint_node: yaml.Node | None, touchpoints: tuple[Part, ...]) -> None:
    known = [part.id for part in touchpoints]
    taken = {part.id for part in stages} & set(known)
    for stage in stages:
        if stage.id in taken:
            raise _error(file, node, ("stages", stage.order, "id"), f"{stage.id!r} is a touchpoint's id too")
        for place, touchpoint in enumerate(stage.touchpoints):
            if touchpoint not in known:
                raise _error(file, node, ("stages", stage.order, "touchpoints", place),
                             f"there is no touchpoint {touchpoint!r}{did_you_mean(str(touchpoint), known)}")
    belonging = {touchpoint for stage in stages for touchpoint in stage.touchpoints}
    for part in touchpoints:
        if part.id not in belonging:
            raise _error(other, touchpoint_node, ("touchpoints", part.order, "id"),
                         f"the touchpoint {part.id!r} belongs to no stage; add it to a stage in {file.name}")


def _examples(value: dict[str, Any], kind: str) -> pd.DataFrame:
    rows = [(kind, item["id"], language, text) for item in value[kind]
            for language, texts in item["examples"].items() for text in texts]
    return pd.DataFrame(rows, columns=["kind", "id", "language", "text"])


def _unrelated() -> pd.DataFrame:
    """Return what belongs nowhere: it teaches the mapping to say nothing."""
    _, value = read_yaml(MODELS / f"{UNRELATED}.yaml", "journey model", JourneyModelError)
    rows = [(UNRELATED, UNRELATED, language, text)
            for language, texts in cast(dict[str, dict[str, list[str]]], value)["examples"].items() for text in texts]
    return pd.DataFrame(rows, columns=["kind", "id", "language", "text"])

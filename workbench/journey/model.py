"""Journey models as data: stages and touchpoints in YAML files that a researcher reads and edits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from workbench.columns import UNDETERMINED
from workbench.errors import JourneyModelError, did_you_mean
from workbench.journey.examples import MODELS, further_examples, join_examples, part_examples, unrelated_examples
from workbench.journey.extension import extend_parts
from workbench.journey.parts import Part, error_at, in_order, read_parts
from workbench.journey.statements import UNRELATED, read_statements
from workbench.yaml_lines import line_of, read_yaml

_TOLD, _TOUCHPOINTS = 12, "touchpoints"
_TOP = {"stages": ("id", "stages", "touchpoint_model", "statements", "languages", "extends"),
        "touchpoints": ("id", "touchpoints", "languages"),
        "extends": ("id", "extends", "stages", "touchpoints", "statements", "languages")}


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
        ``kind`` ("stages", "touchpoints" or "unrelated"), ``id``, ``language``, ``text``; ``stage_id`` and
        ``touchpoint_id``, of which one may be empty. A text stands once, with both where it is given for both.
    fingerprint : str
        Changes whenever a result might.
    """

    id: str
    stages: tuple[Part, ...]
    touchpoints: tuple[Part, ...]
    examples: pd.DataFrame = field(repr=False)
    fingerprint: str = field(repr=False)

    def name(self, stage_id: str, language: str = "en") -> str:
        """Return a stage's or touchpoint's name in a language, in English or else its first one where it has none.

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
                return part.name_in(language)
        known = [part.id for part in (*self.stages, *self.touchpoints)]
        raise JourneyModelError(
            f"the journey model {self.id!r} has no stage or touchpoint {stage_id!r}{did_you_mean(stage_id, known)}."
        )

    def stage_table(self) -> pd.DataFrame:
        """Return the stages as a table: ``stage_id``, ``order`` and ``name_<language>`` for each language and English.

        Examples
        --------
        >>> load_journey_model().stage_table()[["stage_id", "order", "name_fa"]].head(2).values.tolist()
        [['awareness', 0, 'آگاهی'], ['discovery', 1, 'جست\u200cوجو']]
        """
        return _named(self.stages, "stage_id")

    def touchpoint_table(self) -> pd.DataFrame:
        """Return the touchpoints as a table: ``touchpoint_id``, ``order`` and names as `stage_table` has them.

        Examples
        --------
        >>> load_journey_model().touchpoint_table()[["touchpoint_id", "name_fa"]].values.tolist()[7]
        ['delivery', 'تحویل و ارسال']
        """
        return _named(self.touchpoints, "touchpoint_id")


def _named(parts: tuple[Part, ...], column: str) -> pd.DataFrame:
    languages = sorted({language for part in parts for language in part.names} | {"en"})
    return pd.DataFrame([{column: part.id, "order": order,
                          **{f"name_{language}": part.name_in(language) for language in languages}}
                         for order, part in enumerate(parts)])


def load_journey_model(name_or_path: str | Path = "seven_stages", *,
                       spoken: Iterable[str] | None = None) -> JourneyModel:
    """Return a checked journey model.

    Parameters
    ----------
    name_or_path
        A shipped model (``"seven_stages"``, ``"service_five"``) or a YAML file. Its ``touchpoint_model`` is a
        shipped one or a file beside it; ``languages`` are those that every name must be given in; ``statements`` is
        a folder beside it with more examples, as `read_statements` reads them. Stages come in the order in which
        they stand, or later where one names under ``after`` the stages that it follows. A model that ``extends``
        another, shipped or beside it, has that one's stages, touchpoints and examples; its own ``stages`` and
        ``touchpoints`` add to those of the same id, or are new, and an example of the other one that it gives again
        is where it puts it.
    spoken
        Languages of the study's statements: at least one of them must have examples, unless the model is a shipped
        one, which nobody can add to.

    Raises
    ------
    JourneyModelError
        With file and line: no such file, not YAML, an unknown or missing key, two parts with one id or one name, a part
        without examples or without a name, one example in two stages or in two touchpoints, a touchpoint of no stage,
        a stage with an unknown touchpoint, stages that follow each other in a circle, a model that extends itself, or
        no examples in a spoken language.

    Examples
    --------
    >>> [stage.id for stage in load_journey_model().stages]
    ['awareness', 'discovery', 'interest', 'consideration', 'action', 'use', 'advocacy']
    """
    file = _find(str(name_or_path), None)
    digests = _digests(file)
    model = _loaded(file, digests) if digests else _load(file, ())
    if file.parent != MODELS:
        _check_spoken(file, model.examples, spoken)
    return model


def _digests(file: Path) -> tuple[str, ...]:
    """Return the digests of all files of a model; none where one is missing, which `_load` tells with its line."""
    with suppress(JourneyModelError, OSError, ValueError):
        return tuple(f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in _files(file, ()))
    return ()


@lru_cache(maxsize=4)
def _loaded(file: Path, digests: tuple[str, ...]) -> JourneyModel:
    """Return a model that is read once in a process, as long as its files stay as they are."""
    return _load(file, ())


def _load(file: Path, extended_by: tuple[Path, ...]) -> JourneyModel:
    node, value = _read(file, "stages")
    if "extends" in value:
        base = _base(file, node, value, extended_by)
        stages, touchpoints = (extend_parts(file, node, value, kind, parts) for kind, parts in
                               (("stages", base.stages), ("touchpoints", base.touchpoints)))
        other, other_node, other_value, further = file, node, value, base.examples
    else:
        stages = in_order(file, node, value, read_parts(file, node, value, "stages"))
        other = _find(str(value.get("touchpoint_model", _TOUCHPOINTS)), file, line_of(node, ("touchpoint_model",)),
                      "touchpoint model")
        other_node, other_value = _read(other, "touchpoints")
        touchpoints = read_parts(other, other_node, other_value, "touchpoints")
        further = unrelated_examples()
    written = {item["id"]: place for place, item in enumerate(other_value.get("touchpoints", []))}
    _check_belonging(file, node, value, stages, other, other_node, written, touchpoints)
    _check_named_apart(file, node, value, "stages", stages)
    _check_named_apart(other, other_node, other_value, "touchpoints", touchpoints)
    own, met = part_examples(value, "stages"), part_examples(other_value, "touchpoints")
    more = [] if "statements" not in value else read_statements(
        _folder(file, node, value), [part.id for part in stages], [part.id for part in touchpoints],
        own if file.parent != MODELS == other.parent else pd.concat([own, met]))
    examples = join_examples([own, further_examples(more), met, further])
    digest = hashlib.sha256(repr((stages, touchpoints)).encode())
    digest.update("\x1f".join(examples.astype(str).to_numpy().ravel().tolist()).encode())
    return JourneyModel(str(value["id"]), stages, touchpoints, examples, digest.hexdigest())


def _base(file: Path, node: yaml.Node | None, value: dict[str, Any], extended_by: tuple[Path, ...]) -> JourneyModel:
    found = _find(str(value["extends"]), file, line_of(node, ("extends",)))
    if found.resolve() in (*extended_by, file.resolve()):
        raise error_at(file, node, ("extends",), "a model cannot extend itself, directly or by way of others")
    return _load(found, (*extended_by, file.resolve()))


def model_files(name_or_path: str | Path = "seven_stages") -> list[Path]:
    """Return the files that a journey model is made of: its own, its touchpoints', unrelated and further examples.

    Raises
    ------
    JourneyModelError
        If one of them is missing.

    Examples
    --------
    >>> [path.name for path in model_files("service_five")]
    ['service_five.yaml', 'touchpoints.yaml', 'unrelated.yaml']
    """
    return _files(_find(str(name_or_path), None), ())


def _files(file: Path, seen: tuple[Path, ...]) -> list[Path]:
    text = file.read_text(encoding="utf-8-sig")
    named = {key: found[1].strip() for key in ("touchpoint_model", "statements", "extends")
             if (found := re.search(rf"^{key}:\s*['\"]?([^'\"#\n]+)", text, re.MULTILINE))}
    statements = sorted((file.parent / named["statements"]).glob("*.txt")) if "statements" in named else []
    if "extends" in named:
        base = _find(named["extends"], file)
        return [file, *statements, *(_files(base, (*seen, file)) if base not in (*seen, file) else [])]
    touchpoints = _find(named.get("touchpoint_model", _TOUCHPOINTS), file, kind="touchpoint model")
    return [file, touchpoints, MODELS / f"{UNRELATED}.yaml", *statements]


def _find(name: str, beside: Path | None, line: int = 1, kind: str = "journey model") -> Path:
    shipped = sorted({path.stem for path in MODELS.glob("*.yaml")} - {UNRELATED, _TOUCHPOINTS})
    known = shipped if kind == "journey model" else [_TOUCHPOINTS]
    if name in known:
        return MODELS / f"{name}.yaml"
    path = Path(name) if beside is None else beside.parent / name
    if path.is_file():
        return path
    where = f"{beside.name}:{line}: " if beside else ""
    raise JourneyModelError(
        f"{where}there is no {kind} {name!r}{did_you_mean(name, known)}. Name a shipped one "
        f"({', '.join(known)}) or a YAML file."
    )


def _read(file: Path, kind: str) -> tuple[yaml.Node | None, dict[str, Any]]:
    node, value = read_yaml(file, "journey model", JourneyModelError)
    if not isinstance(value, dict):
        raise JourneyModelError(f"{file.name}:1: expected `id:` and a list `{kind}:`, found something else.")
    known = _TOP["extends" if kind == "stages" and "extends" in value else kind]
    for key in value:
        if key not in known:
            raise error_at(file, node, (key,), f"{key!r} is not a setting{did_you_mean(str(key), known)}")
    for key in ("id",) if "extends" in value else ("id", kind):
        if not value.get(key):
            raise error_at(file, node, (key,), f"{key!r} is missing; a model needs `id:` and a list `{kind}:`")
    if not isinstance(value["id"], str | int):
        raise error_at(file, node, ("id",), "an id must be text")
    for key in ("stages", "touchpoints"):
        if not isinstance(value.get(key, []), list):
            raise error_at(file, node, (key,), f"{key!r} must be a list, each item with `id:`, `names:` and "
                                               "`examples:`")
    return node, value


def _check_spoken(file: Path, examples: pd.DataFrame, spoken: Iterable[str] | None) -> None:
    own = sorted(set(examples.loc[examples["kind"] == "stages", "language"]))
    heard = {language for language in (() if spoken is None else spoken) if language != UNDETERMINED}
    if heard and not heard & set(own):
        told = ", ".join(sorted(heard)[:_TOLD]) + (f" and {len(heard) - _TOLD} more" if len(heard) > _TOLD else "")
        node, _ = _read(file, "stages")
        raise error_at(file, node, ("languages",), f"this model has examples in {', '.join(own)} only, and the study "
                     f"speaks none of these but {told}; add examples in a language of the study")


def _check_belonging(file: Path, node: yaml.Node | None, value: dict[str, Any], stages: tuple[Part, ...], other: Path,
                     other_node: yaml.Node | None, written: dict[str, int], touchpoints: tuple[Part, ...]) -> None:
    """Check what a file says of stages; `written` are the places of touchpoints in the file `other`."""
    known, own = [part.id for part in touchpoints], {item["id"]: item for item in value.get("stages", [])}
    place_of = {stage: place for place, stage in enumerate(own)}
    for name in sorted({part.id for part in stages} & set(known)):
        if name in own:
            raise error_at(file, node, ("stages", place_of[name], "id"), f"{name!r} is a touchpoint's id too")
        raise error_at(other, other_node, ("touchpoints", written[name], "id"), f"{name!r} is a stage's id too")
    for stage, item in own.items():
        for place, touchpoint in enumerate(item.get("touchpoints") or []):
            if touchpoint not in known:
                raise error_at(file, node, ("stages", place_of[stage], "touchpoints", place),
                             f"there is no touchpoint {touchpoint!r}{did_you_mean(str(touchpoint), known)}")
    belonging = {touchpoint for stage in stages for touchpoint in stage.touchpoints}
    for name in known:
        if name not in belonging:
            raise error_at(other, other_node, ("touchpoints", written[name], "id"),
                         f"the touchpoint {name!r} belongs to no stage; add it to a stage in {file.name}")


def _check_named_apart(file: Path, node: yaml.Node | None, value: dict[str, Any], kind: str,
                       parts: tuple[Part, ...]) -> None:
    """Check that no two parts have one name in a language, by which a reader could not tell them apart."""
    places = {item["id"]: place for place, item in enumerate(value.get(kind, []))}
    seen: dict[tuple[str, str], str] = {}
    for part in sorted(parts, key=lambda one: places.get(one.id, -1)):  # parts of an extended model come first
        for language, name in part.names.items():
            other = seen.setdefault((language, name.strip().casefold()), part.id)
            if other != part.id and part.id in places:
                raise error_at(file, node, (kind, places[part.id], "names", language),
                               f"{part.id!r} has the name of {other!r}; give each its own")


def _folder(file: Path, node: yaml.Node | None, value: dict[str, Any]) -> Path:
    folder = file.parent / str(value["statements"])
    if not folder.is_dir():
        raise error_at(file, node, ("statements",), "'statements' must name a folder beside the model, with one text "
                                                  "file a language")
    return folder

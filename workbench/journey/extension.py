"""A journey model that extends another: what its own file says of stages and touchpoints goes before the other's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from workbench.errors import did_you_mean
from workbench.journey.parts import Part, error_at, read_parts


def extend_parts(file: Path, node: yaml.Node | None, value: dict[str, Any], kind: str,
                 base: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts of the extended model with a file's own ones put in.

    A part with an id of the extended model keeps its place, and names and definition unless it has its own; telling
    words and touchpoints are those of both. A new part comes after those that it names under ``after``, else at the
    end.

    Parameters
    ----------
    file, node, value
        The extending model: its name and nodes, for messages, and what is written in it.
    kind
        "stages" or "touchpoints".
    base
        Parts of the extended model.

    Raises
    ------
    JourneyModelError
        With its line: a part of the extended model has ``after``, a new one follows an unknown one, or anything that
        `read_parts` finds.
    """
    parts = list(base)
    own = read_parts(file, node, value, kind, [part.id for part in parts]) if kind in value else ()
    for place, part in enumerate(own):
        ids, after = [one.id for one in parts], value[kind][place].get("after") or []
        for number, name in enumerate(after):
            if name not in ids:
                raise error_at(file, node, (kind, place, "after", number),
                               f"there is no stage {name!r} before this one{did_you_mean(str(name), ids)}")
        if part.id not in ids:
            parts.insert(max(map(ids.index, after), default=len(parts) - 1) + 1, part)
            continue
        if after:
            raise error_at(file, node, (kind, place, "after"), f"{part.id!r} keeps the place that it has in the "
                                                               "extended model; take `after` out")
        parts[ids.index(part.id)] = _joined(parts[ids.index(part.id)], part)
    return tuple(replace(part, order=order) for order, part in enumerate(parts))


def _joined(base: Part, own: Part) -> Part:
    words = {language: list(dict.fromkeys([*own.words.get(language, []), *base.words.get(language, [])]))
             for language in [*base.words, *(one for one in own.words if one not in base.words)]}
    return replace(base, names={**base.names, **own.names}, definition={**base.definition, **own.definition},
                   words=words, touchpoints=tuple(dict.fromkeys([*base.touchpoints, *own.touchpoints])))

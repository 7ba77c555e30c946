"""The columns that a study speaks of, and those that parts of it are named by: looked for before any work is done."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.columns import UNASSIGNED
from workbench.errors import InputError, did_you_mean, shown
from workbench.study import Study

MAPPED = {"stage": ("stage_sets", "stage_id"), "touchpoint": ("touchpoints", "touchpoint_id")}
_SHOWN = 30  # names


def check_columns(study: Study, comments: pd.DataFrame, only: Mapping[str, str] | None = None) -> None:
    """Check that the comments have what the study speaks of, and that some may be of the part that is asked for.

    What their themes, stages and languages are is not known yet.

    Raises
    ------
    InputError
        Naming the setting or the condition, and what there is.
    """
    for dimension in study.expected:
        if dimension not in (*MAPPED, "language") and dimension not in comments:
            raise InputError(f"the study expects shares by {dimension!r}, but no source has that column; map it under "
                             "`columns:`, or take the expectation out.")
    for setting, column in (("themes.column", study.themes.column), ("quality.parallel", study.quality.parallel)):
        if column is not None:
            _check(column, _own(comments), f"{setting}: ")
    for name, value in (only or {}).items():
        check_name(name, comments)
        if name in MAPPED:
            _check_mapped(study, name, value)
        elif name != "language":
            having(comments.set_index("feedback_id")[name].dropna().astype(str), name, value)


def check_name(name: str, comments: pd.DataFrame) -> None:
    """Raise if comments cannot be told apart by a name: a column, "language", "stage" or "touchpoint".

    Raises
    ------
    InputError
        With the names that there are.
    """
    _check(name, list(dict.fromkeys([*MAPPED, "language", *_own(comments)])))


def having(values: pd.Series, name: str, value: str) -> set[str]:
    """Return the ids of the comments that have a value.

    Raises
    ------
    InputError
        If there are none; with the commonest values.
    """
    found = set(values.index[values == value])
    if not found:
        some = values.value_counts().index[:12]
        raise InputError(f"no comment has {name} {shown(value)}{did_you_mean(value, list(values.unique()))}; "
                         f"there are {', '.join(sorted(some)) or 'none'}.")
    return found


def _own(comments: pd.DataFrame) -> list[str]:
    """Return the columns by which comments can be told apart: all but their id and their text."""
    return [str(column) for column in comments if column not in ("feedback_id", "text")]


def _check(name: str, known: list[str], where: str = "") -> None:
    if name not in known:
        raise InputError(f"{where}the comments have no {shown(name)}{did_you_mean(name, known)} to be told apart by; "
                         f"they have {', '.join(known[:_SHOWN])}.")


def _check_mapped(study: Study, name: str, value: str) -> None:
    from workbench.journey import load_journey_model

    model = load_journey_model(study.journey_model())
    known = [UNASSIGNED, *(part.id for part in (model.stages if name == "stage" else model.touchpoints))]
    if value not in known:
        raise InputError(f"the journey model {model.id!r} has no {name} {value!r}{did_you_mean(value, known)}; it has "
                         f"{', '.join(known)}.")

"""The examples of a journey model as one table, in which a text that is given in several places stands once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pandas as pd

from workbench.errors import JourneyModelError
from workbench.journey.statements import ANY, UNRELATED
from workbench.yaml_lines import read_yaml

MODELS = Path(__file__).parent / "models"
_COLUMNS = ["kind", "id", "language", "text", "stage_id", "touchpoint_id"]


def part_examples(value: dict[str, Any], kind: str) -> pd.DataFrame:
    """Return the examples of a file's stages or touchpoints, as its YAML gives them."""
    rows = [(kind, item["id"], language, text, *((item["id"], "") if kind == "stages" else ("", item["id"])))
            for item in value.get(kind, []) for language, texts in (item.get("examples") or {}).items()
            for text in texts]
    return pd.DataFrame(rows, columns=_COLUMNS)


def further_examples(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Return the examples of a folder, as `read_statements` returns them."""
    table = [(UNRELATED if stage == UNRELATED else "touchpoints" if stage == ANY else "stages",
              touchpoint if stage == ANY else stage, language, text, stage.replace(ANY, ""),
              touchpoint.replace(ANY, "")) for stage, touchpoint, language, text in rows]
    return pd.DataFrame(table, columns=_COLUMNS)


def unrelated_examples() -> pd.DataFrame:
    """Return what belongs nowhere: it teaches the mapping to say nothing."""
    _, value = read_yaml(MODELS / f"{UNRELATED}.yaml", "journey model", JourneyModelError)
    rows = [(UNRELATED, UNRELATED, language, text, UNRELATED, UNRELATED)
            for language, texts in cast(dict[str, dict[str, list[str]]], value)["examples"].items() for text in texts]
    return pd.DataFrame(rows, columns=_COLUMNS)


def join_examples(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the examples of several tables, each text once, with the stage and the touchpoint that it is given for.

    What an earlier table says of a text's stage or touchpoint stands; what it leaves open is said by a later one. A
    text that an earlier table gives a place in the journey is not unrelated.

    Examples
    --------
    >>> stages = part_examples({"stages": [{"id": "use", "examples": {"en": ["It broke", "so slow"]}}]}, "stages")
    >>> further = further_examples([("-", "app", "en", "it broke"), ("unrelated", "unrelated", "en", "so slow")])
    >>> join_examples([stages, further])[["text", "stage_id", "touchpoint_id"]].values.tolist()
    [['It broke', 'use', 'app'], ['so slow', 'use', '']]
    """
    table = pd.concat(tables, ignore_index=True)
    key = table["text"].str.strip().str.casefold()
    placed = table["kind"].groupby(key).transform("first") != UNRELATED
    stays = ~placed | (table["kind"] != UNRELATED)
    table, key = table[stays], key[stays]
    for column in ("stage_id", "touchpoint_id"):
        said = table[column].mask(table[column] == "")
        table = table.assign(**{column: said.groupby(key).transform("first").fillna("")})
    return table[~key.duplicated()].reset_index(drop=True)

"""The card of a trained encoder: what it learnt from, under which licences, how, and what was measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.embedding.training.pairs import count_reasons


@dataclass(frozen=True)
class Outcome:
    """What a training read, rejected and reached.

    Attributes
    ----------
    pairs, rejected : pandas.DataFrame
        From `read_pairs`, after exclusion.
    english : pandas.DataFrame
        From `read_english`.
    recipe : dict
        All settings.
    seed : int
    share_alike : bool
        Whether rows under share-alike licences were used.
    validation : pandas.DataFrame
        From `score_validation`.
    evaluation, blend : tuple of str
        The files whose sentences were kept out, and the models that were blended in.
    """

    pairs: pd.DataFrame
    rejected: pd.DataFrame
    english: pd.DataFrame
    recipe: dict[str, Any]
    seed: int
    share_alike: bool
    validation: pd.DataFrame
    evaluation: tuple[str, ...] = ()
    blend: tuple[str, ...] = ()


def write_card(output: Path, outcome: Outcome) -> Path:
    """Write the card of a model beside it, and return its path: ``NAME.md``.

    Parameters
    ----------
    output
        The model file.
    outcome
        What the training read, rejected and reached.
    """
    path = output.with_suffix(".md")
    reasons = count_reasons(outcome.rejected)
    parts = [
        f"# Card of {output.name}",
        f"Trained on {date.today().isoformat()} with seed {outcome.seed}. Teacher: {outcome.recipe['teacher']}. "
        f"{len(outcome.pairs):,} pairs and {len(outcome.english):,} texts in English only; rows under share-alike "
        f"licences were {'used' if outcome.share_alike else 'left out'}.",
        f"Blended in, with whatever they were trained on: {', '.join(outcome.blend) or 'no other model'}. "
        f"Sentences kept out, with what is nearly the same: those of {', '.join(outcome.evaluation) or 'no table'}.",
        "## Sources of pairs", _table(count_sources(outcome.pairs)),
        "## Sources of English texts",
        _table(count_sources(outcome.english, "texts")) if len(outcome.english) else "None.",
        "## Rejected rows", _table(reasons) if len(reasons) else "None.",
        "## Validation rows", "Share of texts whose nearest English side is their own.",
        _table(outcome.validation.round(3)) if len(outcome.validation) else "There were none.",
        "## Recipe", f"```json\n{json.dumps(outcome.recipe, indent=1)}\n```",
    ]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


def count_sources(pairs: pd.DataFrame, rows: str = "pairs") -> pd.DataFrame:
    """Return ``source``, ``licence``, ``share_alike`` and how many rows a table has of each, named as `rows` says.

    Examples
    --------
    >>> pairs = pd.DataFrame({"text": ["دیر", "spät"], "source": "ours", "licence": "CC0", "share_alike": False})
    >>> count_sources(pairs).values.tolist()
    [['ours', 'CC0', False, 2]]
    """
    return pairs.groupby(["source", "licence", "share_alike"], sort=True).size().rename(rows).reset_index()


def _table(frame: pd.DataFrame) -> str:
    """Return a table in Markdown; what could end a cell is replaced."""
    rows = [list(map(str, frame.columns)), ["---"] * len(frame.columns)]
    rows += [[str(value).replace("|", "/").replace("\n", " ") for value in row] for row in frame.values.tolist()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

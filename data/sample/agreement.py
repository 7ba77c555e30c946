"""How well two coders agree on the gold: Krippendorff's alpha with intervals, for the 200 comments coded twice.

The second coder saw the texts and the codebook, and nothing of the first coding. Run it to print the table that the
card shows::

    python data/sample/agreement.py

Sets of codes are compared by their Jaccard distance, tones by their squared difference. Intervals are percentiles of
2,000 resamples of comments, seed 0. Source: Krippendorff (2004), Content Analysis, chapter 11.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
CODES = ("themes", "stages", "touchpoints", "tone")


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return 1 - len(a & b) / len(a | b) if a | b else 0.0


def squared(a: int, b: int) -> float:
    return float((a - b) ** 2)


def alpha(first: list, second: list, distance: Callable) -> float:
    """Krippendorff's alpha of two coders without missing codes: 1 - observed / expected disagreement."""
    pooled = [*first, *second]
    values = sorted(set(pooled), key=repr)
    place = {value: number for number, value in enumerate(values)}
    apart = np.array([[distance(a, b) for b in values] for a in values])
    counts = np.bincount([place[value] for value in pooled], minlength=len(values)).astype(float)
    observed = np.mean([apart[place[a], place[b]] for a, b in zip(first, second, strict=True)])
    total = len(pooled)
    expected = counts @ apart @ counts / (total * (total - 1))
    return float(1 - observed / expected) if expected else 1.0


def codings() -> pd.DataFrame:
    """One row a statement coded twice."""
    keys = ["feedback_id", "statement"]
    read = {"dtype": str, "keep_default_na": False}
    gold = pd.read_csv(HERE / "gold.csv", **read)
    return pd.read_csv(HERE / "second_coding.csv", **read).merge(gold, on=keys, suffixes=("_second", "_first"))


def read_code(name: str, text: str) -> object:
    return int(text) if name == "tone" else frozenset(filter(None, text.split("|")))


def agreement(table: pd.DataFrame, name: str) -> tuple[float, float, float]:
    """Alpha with the ends of its 95 % interval."""
    first = [read_code(name, text) for text in table[f"{name}_first"]]
    second = [read_code(name, text) for text in table[f"{name}_second"]]
    distance = squared if name == "tone" else jaccard
    generator = np.random.default_rng(0)
    comment = pd.factorize(table["feedback_id"])[0]
    rows = [np.flatnonzero(comment == number) for number in range(comment.max() + 1)]
    resampled = []
    for _ in range(2000):
        chosen = np.concatenate([rows[number] for number in generator.integers(0, len(rows), len(rows))])
        resampled.append(alpha([first[row] for row in chosen], [second[row] for row in chosen], distance))
    low, high = np.quantile(resampled, [0.025, 0.975])
    return alpha(first, second, distance), float(low), float(high)


if __name__ == "__main__":
    table = codings()
    print(f"{len(table)} statements of {table['feedback_id'].nunique()} comments")
    for name in CODES:
        value, low, high = agreement(table, name)
        print(f"{name:<12} alpha {value:.2f} ({low:.2f} to {high:.2f})")

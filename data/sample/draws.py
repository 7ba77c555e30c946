"""Draws that depend on a name only: the same name gives the same number, whatever else is in the study."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

SEED = "one year of customer comments"
T = TypeVar("T")


def share(*name: object) -> float:
    """Return a number in [0, 1) that is fixed by `name` and the seed."""
    said = "|".join([SEED, *map(str, name)])
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:6], "big") / 2**48


def whole(low: int, high: int, *name: object) -> int:
    """Return a whole number from `low` to `high`, both included."""
    return low + int(share(*name) * (high - low + 1))


def pick(choices: Sequence[T], *name: object) -> T:
    """Return one of `choices`."""
    return choices[whole(0, len(choices) - 1, *name)]


def digits(count: int, *name: object) -> str:
    """Return `count` decimal digits."""
    return f"{whole(0, 10**count - 1, *name):0{count}d}"


def normal(mean: float, deviation: float, *name: object) -> float:
    """Return a draw from a normal distribution."""
    return NormalDist(mean, deviation).inv_cdf(min(max(share(*name), 1e-9), 1 - 1e-9))

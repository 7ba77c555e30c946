"""P-values by shuffling, with as many shuffles as the answer needs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

FIRST, ENOUGH = 199, 20


def chance_of(reaches: Callable[[int], np.ndarray], shuffles: int) -> float:
    """Return the share of shuffles that reach what was observed, which itself counts as one of them.

    Where twenty of the first 199 do, that is all: nothing that chance does once in ten times is a finding, and a
    p-value above 0.1 then has a standard error of 0.036 at most. Only what is rarer is worth all of the shuffles.

    Source: Besag and Clifford (1991), Sequential Monte Carlo p-values.

    Parameters
    ----------
    reaches
        Makes as many shuffles as it is asked for, and tells of each whether it reaches what was observed.
    shuffles
        How many there are at most.

    Examples
    --------
    >>> asked = []
    >>> often = chance_of(lambda count: asked.append(count) or np.arange(count) % 2 == 0, 1999)
    >>> never = chance_of(lambda count: asked.append(count) or np.zeros(count, dtype=bool), 1999)
    >>> often, never, asked
    (0.505, 0.0005, [199, 199, 1800])
    """
    drawn = min(FIRST, shuffles)
    reached = int(np.sum(reaches(drawn)))
    if reached < ENOUGH and drawn < shuffles:
        reached += int(np.sum(reaches(shuffles - drawn)))
        drawn = shuffles
    return (1 + reached) / (1 + drawn)


def chance_among(reached: Callable[[int], np.ndarray], shuffles: int) -> float:
    """Return what `chance_of` returns of shuffles that stay known, in the order in which they were drawn.

    Parameters
    ----------
    reached
        Tells of each of the first shuffles, as many as it is asked for, whether it reaches what was observed.
    shuffles
        How many there are at most.

    Examples
    --------
    >>> chance_among(lambda count: np.arange(count) % 2 == 0, 1999), chance_among(np.zeros, 1999)
    (0.505, 0.0005)
    """
    told = reached(min(FIRST, shuffles))
    if int(told.sum()) < ENOUGH:
        told = reached(shuffles)
    return (1 + int(told.sum())) / (1 + len(told))

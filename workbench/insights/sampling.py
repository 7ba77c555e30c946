"""How many comments it takes: sample sizes, and how much of what people would say has been heard."""

from __future__ import annotations

from math import ceil

import numpy as np

from workbench.arguments import check_number


def needed_comments(precision: float, confidence: float = 0.95, share: float = 0.5,
                    population: int | None = None) -> int:
    """Return how many comments a share needs so that its interval reaches no further than `precision` either way.

    Source: Cochran (1977), Sampling Techniques, sections 4.4 and 4.5; the correction for a small population is his.

    Parameters
    ----------
    precision
        Half the width of the interval, such as 0.05.
    share
        The share that is expected; 0.5 needs the most.
    population
        How many customers there are, where that is known.

    Raises
    ------
    InputError
        If one of them is a number that it cannot be.

    Examples
    --------
    >>> [needed_comments(precision) for precision in (0.10, 0.05, 0.03)]
    [97, 385, 1068]
    >>> [needed_comments(0.05, population=population) for population in (100, 1000, 10_000)]
    [80, 278, 370]
    """
    from scipy.stats import norm

    for name, value in (("precision", precision), ("confidence", confidence)):
        check_number(name, value, 0, 1, between=True)
    check_number("share", share, 0, 1)
    if population is not None:
        check_number("population", population, 1, whole=True)
    wanted = float(norm.ppf(0.5 + confidence / 2)) ** 2 * share * (1 - share) / precision**2
    if population is not None:
        wanted = wanted / (1 + (wanted - 1) / population)
    return ceil(round(wanted, 9))


def reached_precision(count: float, confidence: float = 0.95, share: float = 0.5, population: int | None = None
                      ) -> float:
    """Return half the width of the interval of a share of `count` comments; 1 without comments, 0 of all customers.

    The reverse of `needed_comments`, with the same parameters.

    Examples
    --------
    >>> round(reached_precision(385), 3), round(reached_precision(6), 2), reached_precision(0)
    (0.05, 0.4, 1.0)
    >>> round(reached_precision(278, population=1000), 3)
    0.05
    """
    from scipy.stats import norm

    if count <= 0:
        return 1.0
    unheard = 1.0 if population is None or population < 2 else max(population - count, 0) / (population - 1)
    return min(1.0, float(norm.ppf(0.5 + confidence / 2)) * (unheard * share * (1 - share) / count) ** 0.5)


def estimate_saturation(counts: np.ndarray, units: int, confidence: float = 0.95) -> dict[str, float]:
    """Return how much of what would be said has been heard, from how many comments speak of each theme.

    ``seen`` themes; ``expected`` themes if everybody spoke, at least (Chao2), with ``_low`` and ``_high``; and
    ``heard_share``, the chance that the next thing said belongs to a theme that was heard already (Good and Turing).

    Source: Chao (1987), Estimating the Population Size for Capture-Recapture Data with Unequal Catchability, whose
    log-normal interval is used; Chao and Jost (2012), Coverage-based rarefaction and extrapolation, equation 4.

    Parameters
    ----------
    counts
        Comments of each theme; zeros are no theme.
    units
        Comments looked at.

    Examples
    --------
    >>> {name: round(value, 2) for name, value in estimate_saturation(np.array([1, 1, 1, 2, 3]), 6).items()}
    {'seen': 5, 'expected': 8.75, 'expected_low': 5.41, 'expected_high': 39.47, 'heard_share': 0.67}
    """
    from scipy.stats import norm

    counts = counts[counts > 0]
    seen, once, twice = len(counts), int((counts == 1).sum()), int((counts == 2).sum())
    if units < 1 or not seen:
        return {"seen": seen, "expected": float("nan"), "expected_low": float("nan"), "expected_high": float("nan"),
                "heard_share": float("nan")}
    room = (units - 1) / units
    unseen = room * (once**2 / (2 * twice) if twice else once * (once - 1) / 2)
    ratio = once / twice if twice else 0.0
    variance = twice * (room * ratio**2 / 2 + room**2 * ratio**3 + room**2 * ratio**4 / 4) if twice else \
        room * once * (once - 1) / 2 + room**2 * once * (2 * once - 1) ** 2 / 4 \
        - room**2 * once**4 / 4 / (seen + unseen)
    factor = float(np.exp(norm.ppf(0.5 + confidence / 2) * np.sqrt(np.log1p(max(variance, 0) / unseen**2)))) \
        if unseen > 0 else 1.0
    return {"seen": seen, "expected": seen + unseen, "expected_low": seen + unseen / factor,
            "expected_high": seen + unseen * factor, "heard_share": _heard(counts, units, once, twice)}


def _heard(counts: np.ndarray, units: int, once: int, twice: int) -> float:
    if once == 0:
        return 1.0
    pairs = (units - 1) * once
    other = pairs / (pairs + 2 * twice) if twice else \
        (units - 1) * (once - 1) / ((units - 1) * (once - 1) + 2) if units > 1 else 1.0
    return float(1 - once / counts.sum() * other)


def rarefy(counts: np.ndarray, units: int, sizes: np.ndarray) -> np.ndarray:
    """Return how many themes would have been heard in fewer comments, on average over all ways to choose them.

    Source: Hurlbert (1971), The Nonconcept of Species Diversity.

    Examples
    --------
    >>> rarefy(np.array([5, 5, 1]), 10, np.array([1, 5, 10])).round(2).tolist()
    [1.1, 2.49, 3.0]
    """
    from scipy.special import gammaln

    counts = counts[counts > 0]
    left, taken = units - counts[None, :].astype(float), np.asarray(sizes, dtype=float)[:, None]
    possible = left >= taken
    room = np.where(possible, left, taken)
    missed = gammaln(room + 1) - gammaln(room - taken + 1) - gammaln(units + 1.0) + gammaln(units - taken + 1.0)
    return np.asarray((1 - np.where(possible, np.exp(missed), 0.0)).sum(axis=1))

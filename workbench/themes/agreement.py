"""How well coders agree, with each other and with the machine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.themes.share import share_interval
from workbench.themes.voices import likeness, share_effects

_RESAMPLES = 2000
_BLOCK = 100
ALPHA = ("comparison", "drawn", "coders", "n", "alpha", "alpha_low", "alpha_high")
FOUND = ("coder", "theme_id", "language", "drawn", "measure", "n", "value", "value_low", "value_high")


def krippendorff_alpha(codes: pd.DataFrame) -> float:
    """Return Krippendorff's alpha for nominal codes: 1 for perfect agreement, 0 for what chance would do.

    Units with fewer than two codes tell nothing about agreement and are left out. Where all codes are the same there
    is nothing to disagree about: the result is NaN.

    Parameters
    ----------
    codes
        One row a unit, one column a coder; missing where a coder gave no code.

    Notes
    -----
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.

    Examples
    --------
    >>> codes = pd.DataFrame({"Amal": ["قیمت", "قیمت", "speed"], "Bo": ["قیمت", "speed", "speed"]})
    >>> round(krippendorff_alpha(codes), 3)
    0.444
    """
    counts = _counts(codes)
    return float(_alphas(counts, np.ones((1, len(counts))))[0])


def alpha_interval(codes: pd.DataFrame, groups: pd.Series, *, confidence: float = 0.95, seed: int = 0
                   ) -> tuple[float, float]:
    """Return the interval of Krippendorff's alpha: percentiles over 2,000 resamples of groups of units.

    Statements of one comment, or of one customer, are alike and are drawn together. Source: Efron and Tibshirani
    (1993), An Introduction to the Bootstrap.

    Parameters
    ----------
    codes
        As for `krippendorff_alpha`.
    groups
        The comment of each unit, or whose it is.
    confidence, seed
        Of the interval, and of the draws.

    Examples
    --------
    >>> codes = pd.DataFrame({"Amal": ["a", "b"] * 10, "Bo": ["a", "b"] * 10})
    >>> alpha_interval(codes, pd.Series(range(20)))
    (1.0, 1.0)
    """
    counts = _counts(codes)
    place, names = pd.factorize(groups.to_numpy(), sort=True)
    generator = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    for start in range(0, _RESAMPLES, _BLOCK) if len(names) else []:
        size = min(_BLOCK, _RESAMPLES - start)
        drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=size)
        found.append(_alphas(counts, drawn[:, place].astype(float)))
    values = np.concatenate(found) if found else np.zeros(0)
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return round(float(low), 4), round(float(high), 4)


def _counts(codes: pd.DataFrame) -> np.ndarray:
    """Return how often each unit has each code, of units with two codes or more."""
    values = codes.to_numpy(dtype=object)
    missing = pd.isna(values)
    numbers = np.zeros(values.shape, dtype=np.int64)
    known, _ = pd.factorize(np.array([str(value) for value in values[~missing]], dtype=object), sort=True)
    numbers[~missing] = known
    counts = np.zeros((len(codes), int(known.max(initial=-1)) + 1))
    rows = np.nonzero(~missing)[0]
    np.add.at(counts, (rows, known), 1)
    counts[counts.sum(axis=1) < 2] = 0
    return counts


def _alphas(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return alpha for each row of weights of the units."""
    sizes = counts.sum(axis=1)
    apart = (sizes**2 - (counts**2).sum(axis=1)) / np.maximum(sizes - 1, 1)
    observed = weights @ apart
    totals = weights @ counts
    n = totals.sum(axis=1)
    expected = n**2 - (totals**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def measure_agreement(codes: pd.DataFrame, machine: pd.Series, units: pd.DataFrame, *, confidence: float = 0.95,
                      seed: int = 0) -> pd.DataFrame:
    """Return alpha between the coders, and between each coder and the machine.

    Parameters
    ----------
    codes
        One row a statement, one column a coder, theme numbers; missing where not coded.
    machine
        The theme that the machine gave, in the same order.
    units
        ``feedback_id`` and ``drawn`` ("random", "uncertain", "unstated") of the statements, in the same order, and
        where it is known ``whose`` each is: intervals allow for who said several.
    confidence, seed
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        ``comparison`` ("coders", or the coder held against the machine), ``drawn`` ("all" and those that there
        are), ``coders``, ``n`` (statements with two codes), ``alpha`` with ``_low`` and ``_high``. Uncertain statements
        were chosen for being hard, so only the rows of "random" tell how good the coding is as a whole.

    Examples
    --------
    >>> codes = pd.DataFrame({"Amal": [1, 2, 1], "Bo": [1, 2, 2]})
    >>> units = pd.DataFrame({"feedback_id": ["a", "b", "c"], "drawn": "random"})
    >>> measure_agreement(codes, pd.Series([1, 2, 1]), units)[["comparison", "n", "alpha"]].values.tolist()[:2]
    [['coders', 3, 0.4444], ['coders', 3, 0.4444]]
    """
    parts: list[tuple[str, pd.DataFrame]] = [("coders", codes)] if codes.shape[1] > 1 else []
    parts += [(str(coder), pd.DataFrame({coder: codes[coder], "machine": machine.to_numpy()})) for coder in codes]
    rows: list[dict[str, Any]] = []
    for name, part in parts:
        for drawn in ("all", *sorted(set(units["drawn"]))):
            inside = part.notna().sum(axis=1).to_numpy() > 1
            if drawn != "all":
                inside = inside & (units["drawn"] == drawn).to_numpy()
            low, high = alpha_interval(part[inside], _whose(units)[inside], confidence=confidence, seed=seed)
            value = krippendorff_alpha(part[inside])
            rows.append({"comparison": name, "drawn": drawn, "coders": part.shape[1], "n": int(inside.sum()),
                         "alpha": round(value, 4), "alpha_low": low, "alpha_high": high})
    return pd.DataFrame(rows, columns=list(ALPHA))


def _whose(units: pd.DataFrame) -> pd.Series:
    return units["whose"] if "whose" in units else units["feedback_id"]


def measure_finding(codes: pd.DataFrame, machine: pd.Series, units: pd.DataFrame, confidence: float = 0.95
                    ) -> pd.DataFrame:
    """Return precision and recall of the machine for each coder, theme and language, with Wilson's intervals.

    Statements of one comment, or of one customer, are alike: intervals allow for it.

    Precision: of the statements that the machine put into a theme, the share that the coder put there too. Recall: of
    those that the coder put there, the share that the machine did.

    Parameters
    ----------
    codes
        One row a statement, one column a coder; missing where not coded.
    machine
        The theme that the machine gave, in the same order.
    units
        ``language, feedback_id, drawn`` and perhaps ``whose``, as for `measure_agreement`, in the same order.

    Returns
    -------
    pandas.DataFrame
        ``coder, theme_id, language, drawn`` ("all" among both: as for `measure_agreement`, only those of "random" tell
        how good the machine is as a whole), ``measure`` ("precision", "recall"), ``n`` (what the share is of),
        ``value`` with ``_low`` and ``_high``.

    Examples
    --------
    >>> units = pd.DataFrame({"feedback_id": ["a", "b", "c"], "language": ["en", "fa", "fa"],
    ...     "drawn": ["random", "uncertain", "random"]})
    >>> table = measure_finding(pd.DataFrame({"Amal": [1, 1, 2]}), pd.Series([1, 2, 2]), units)
    >>> recall = table.query("language == 'all' and theme_id == 1 and measure == 'recall'")
    >>> recall[["drawn", "n", "value"]].values.tolist()
    [['all', 2, 0.5], ['random', 1, 1.0], ['uncertain', 1, 0.0]]
    """
    parts = []
    for coder in codes:
        coded = codes[coder].notna().to_numpy()
        own = pd.DataFrame({"human": codes[coder][coded].to_numpy(dtype=np.int64),
                            "machine": machine[coded].to_numpy(dtype=np.int64),
                            "language": units["language"].to_numpy()[coded], "drawn": units["drawn"].to_numpy()[coded],
                            "whose": _whose(units).to_numpy()[coded]})
        for measure, of in (("precision", "machine"), ("recall", "human")):
            own["hit"] = own["human"] == own["machine"]
            both = pd.concat([own.assign(drawn="all"), own])
            both = pd.concat([both, both.assign(language="all")], ignore_index=True)
            cells = both.groupby([of, "language", "drawn"])
            table = cells["hit"].agg(n="size", hits="sum").reset_index().rename(columns={of: "theme_id"})
            parts.append(table.assign(coder=str(coder), measure=measure, effect=_effects(own, both, cells.ngroup())))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*FOUND, "hits", "effect"])
    low, high = share_interval(table["hits"] / table["effect"], table["n"] / table["effect"], confidence)
    table = table.assign(value=table["hits"] / table["n"], value_low=low, value_high=high)
    table["theme_id"] = table["theme_id"].astype("int64")
    return table[list(FOUND)].sort_values(["coder", "theme_id", "language", "drawn", "measure"], ignore_index=True)


def _effects(own: pd.DataFrame, both: pd.DataFrame, cell: pd.Series) -> np.ndarray:
    """Return by how much statements of one person widen the share of hits of each cell."""
    def hits(rows: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"feedback_id": rows.index[rows["hit"]], "value": True})

    places, alike = range(int(cell.max()) + 1 if len(cell) else 0), likeness(hits(own), own["whose"])
    return share_effects(hits(both), both["whose"], [True] * len(places), alike, cell, places)

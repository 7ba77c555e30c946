"""How often a tone model is wrong, measured on what it has not learned from."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from workbench.insights.tone.tell import SURE_ENOUGH

COLUMNS: Final = ["language", "n", "accuracy", "macro_f1", "majority", "abstained_share", "accuracy_of_told",
                  "negative_found", "positive_found", "bearable"]
_FEWEST, _LEAST_ACCURACY = 20, 0.5
ALL: Final = "all"
_SHARES: Final = ["p_negative", "p_neutral", "p_positive"]


def measure_error(held_out: pd.DataFrame) -> pd.DataFrame:
    """Return how well held-out texts were told, over all and by language.

    Parameters
    ----------
    held_out
        ``language, tone`` (-1, 0, 1) and ``p_negative, p_neutral, p_positive`` of texts not learned from.

    Returns
    -------
    pandas.DataFrame
        ``language`` ("all" first), ``n, accuracy, macro_f1, majority`` (the share of the commonest tone: what always
        guessing it would reach), ``abstained_share, accuracy_of_told`` (of those not abstained from),
        ``negative_found`` and ``positive_found`` (the share of such texts that is told as such), and ``bearable``:
        measured on at least 20 texts, and accuracy at least one half and above the majority's.

    Examples
    --------
    >>> held_out = pd.DataFrame({"language": ["en"] * 2, "tone": [-1, 1], "p_negative": [0.9, 0.6],
    ...     "p_neutral": [0.05, 0.2], "p_positive": [0.05, 0.2]})
    >>> measure_error(held_out)[["language", "n", "accuracy", "bearable"]].values.tolist()
    [['all', 2, 0.5, False], ['en', 2, 0.5, False]]
    """
    parts = [(ALL, held_out), *((str(language), part) for language, part in held_out.groupby("language"))]
    return pd.DataFrame([{"language": name, **_measure(part)} for name, part in parts], columns=COLUMNS)


def bearable_languages(errors: pd.DataFrame) -> frozenset[str]:
    """Return the languages whose measured error is bearable."""
    return frozenset(errors.loc[errors["bearable"] & errors["language"].ne(ALL), "language"])


def _measure(part: pd.DataFrame) -> dict[str, float | bool]:
    shares = part[_SHARES].to_numpy()
    truth, told = part["tone"].to_numpy(), shares.argmax(axis=1) - 1
    right, sure = truth == told, shares.max(axis=1) >= SURE_ENOUGH
    majority = float(np.unique(truth, return_counts=True)[1].max() / len(truth))
    accuracy = float(right.mean())
    return {
        "n": len(part), "accuracy": accuracy, "majority": majority,
        "macro_f1": _macro_f1(truth, told),
        "abstained_share": float(1 - sure.mean()),
        "accuracy_of_told": float(right[sure].mean()) if sure.any() else float("nan"),
        "negative_found": _found(truth, told, -1), "positive_found": _found(truth, told, 1),
        "bearable": bool(len(part) >= _FEWEST and accuracy >= _LEAST_ACCURACY and accuracy > majority),
    }


def _macro_f1(truth: np.ndarray, told: np.ndarray) -> float:
    """Return the mean over the tones that occur of twice the right ones by those that are so or are told so."""
    return float(np.mean([2 * ((truth == tone) & (told == tone)).sum() / ((truth == tone).sum() + (told == tone).sum())
                          for tone in np.unique(truth)]))


def _found(truth: np.ndarray, told: np.ndarray, tone: int) -> float:
    own = truth == tone
    return float((told[own] == tone).mean()) if own.any() else float("nan")

"""Prediction sets: for each statement, stages that hold the right one as often as was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED
from workbench.journey.model import JourneyModel

if TYPE_CHECKING:
    from workbench.journey.calibration import Learnt

_SHARED, _OWN = 100.0, 4.0  # chosen on draws of 200 and of 1,000 codes of the sample study


def conformal_level(missed: np.ndarray, coverage: float, weights: np.ndarray | None = None, new: float = 1.0) -> float:
    """Return how much probability may be missed: the level below which a stage is left out of a set is 1 minus it.

    With n held-out statements whose right stage was given the probabilities p, the level is the
    ``ceil((n + 1) * coverage)``-th smallest of ``1 - p``; a new statement of the same kind then has its stage in its
    set at least as often as asked. Where there are too few, everything is in the set.

    Source: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World; Sadinle, Lei and Wasserman
    (2019), Least Ambiguous Set-Valued Classifiers.

    Parameters
    ----------
    missed
        1 minus the probability of the right stage, of held-out statements.
    coverage
        Asked for, 0 to 1.
    weights
        How many statements each counts for; 1 each by default.
    new
        How many the new statement counts for.

    Examples
    --------
    >>> conformal_level(np.arange(1, 20) / 20, 0.9), conformal_level(np.array([0.5]), 0.9)
    (0.9, 1.0)
    """
    order = np.argsort(missed, kind="stable")
    reached = np.cumsum(np.ones(len(missed)) if weights is None else weights[order])
    asked = (reached[-1] + new) * coverage - 1e-9 if len(missed) else 1.0
    rank = int(np.searchsorted(reached, asked))
    return float(missed[order[rank]]) if rank < len(missed) else 1.0


def conformal_levels(missed: np.ndarray, languages: np.ndarray, coverage: float) -> dict[str, float]:
    """Return a level for each language with held-out statements, and one for all others under "".

    Levels by language (Mondrian) keep the coverage within each language, not only on average. Few statements of one
    tell little of it, so the statements of all languages are added to each. Beside n of its own they weigh as much as
    100 / (n + 4): 17 beside two, 1 beside a hundred. A language without any may be read worse than those that have
    some, by as much as these differ and more: of k languages with some, its sets are asked to miss k / (k + 1) of what
    may be missed, which is half where all are of one language.

    Source: Vovk, Gammerman and Shafer (2005), for levels by group; Ferguson (1973), A Bayesian Analysis of Some
    Nonparametric Problems, for the weighted mean of a group's distribution and that of all.

    Examples
    --------
    >>> missed = np.concatenate([np.linspace(0, 0.2, 50), np.linspace(0, 0.9, 50)])
    >>> levels = conformal_levels(missed, np.array(["en"] * 50 + ["fa"] * 50), 0.9)
    >>> sorted(levels), levels["en"] < levels[""] < levels["fa"]
    (['', 'en', 'fa'], True)
    """
    known = sorted(set(languages))
    levels = {"": conformal_level(missed, 1 - (1 - coverage) * len(known) / (len(known) + 1))}
    for language in known:
        own = languages == language
        shared = _SHARED / (own.sum() + _OWN)
        levels[str(language)] = conformal_level(missed, coverage, own + shared / len(missed),
                                                own.sum() / (own.sum() + shared))
    return levels


def sets_at(scores: np.ndarray, languages: np.ndarray, levels: dict[str, float]) -> np.ndarray:
    """Return which classes are in each row's set, shape as `scores`; the best one always is.

    Examples
    --------
    >>> sets_at(np.array([[0.6, 0.3, 0.1]]), np.array(["en"]), {"": 0.75}).astype(int).tolist()
    [[1, 1, 0]]
    """
    level = np.array([levels.get(language, levels[""]) for language in languages], dtype=float).reshape(-1, 1)
    return (scores >= 1 - level - 1e-9) | (scores >= scores.max(axis=1, keepdims=True, initial=0))


def predict_sets(statements: pd.DataFrame, scores: np.ndarray, learnt: Learnt, coverage: float,
                 model: JourneyModel) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the prediction sets as a table, and what is known of them; empty where nothing was coded."""
    if not learnt.is_calibrated:
        return pd.DataFrame({"statement_id": [], "stage_id": [], "score": []}).astype(
            {"statement_id": object, "stage_id": object, "score": float}), {}
    levels = conformal_levels(learnt.missed, learnt.languages, coverage)
    inside = sets_at(scores, statements["language"].to_numpy(), levels)
    ids = np.array([*(part.id for part in model.stages), UNASSIGNED], dtype=object)
    rows, columns = np.nonzero(inside)
    table = pd.DataFrame({"statement_id": statements["statement_id"].to_numpy()[rows], "stage_id": ids[columns],
                          "score": scores[rows, columns]})
    return table, {"coverage": coverage, "prediction_levels": {name or "all": round(one, 4)
                                                               for name, one in levels.items()},
                   "prediction_size": round(float(inside.sum(axis=1).mean()), 3)}

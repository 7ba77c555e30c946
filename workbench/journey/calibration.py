"""Learning from human codes: calibrated probabilities, and by how much they are better than evidence alone.

Two voices are pooled: the evidence (`workbench.journey.evidence`) and a ridge regression on the codes. The pool
multiplies their probabilities, each to a power, and gives each class a factor; powers and factors are fitted by
maximum likelihood on codes that the regression has not seen, so few codes change little and the result is
calibrated. Everything told of its quality is from held-out people, whoever wrote several comments.

Source: Genest and Zidek (1986), Combining Probability Distributions (logarithmic pool); Wolpert (1992), Stacked
Generalization.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED
from workbench.journey.evidence import softmax
from workbench.journey.scorer import companions

LEAST_CODES = 30
_FOLDS = 5
_RIDGE = 3.0
_RESAMPLES = 500
_STRAIN = 1.0
_TAKEN_BACK = 0.75
_EVENED = 0.05
_BLOCK = 16_384  # statements that are asked of at once


@dataclass(frozen=True)
class Learnt:
    """Probabilities of all statements, and what held-out codes say of them.

    ``rarity`` is what each class's probability is multiplied by when one is to be named; it is 1 without codes. It
    takes back three quarters of how common codes make a class: a few dozen of them hold one or none of a rare class,
    and it would never be named; and it evens out a little how common classes are, since a rare one is as much worth
    naming as a common one.
    ``missed`` is 1 minus the held-out probability of the right class, a row for each coded statement, beside its
    language.
    """

    scores: np.ndarray
    is_calibrated: bool = False
    missed: np.ndarray = field(default_factory=lambda: np.zeros(0))
    languages: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=object))
    rarity: np.ndarray | float = 1.0
    facts: dict[str, Any] = field(default_factory=dict)


def learn_codes(statements: pd.DataFrame, vectors: np.ndarray, logs: np.ndarray, beside: np.ndarray,
                codes: pd.DataFrame | None, classes: Sequence[str], column: str = "stage_id", seed: int = 0,
                confidence: float = 0.95, named: np.ndarray | None = None, clusters: pd.Series | None = None
                ) -> Learnt:
    """Return probabilities of stages or touchpoints, learnt where at least 30 statements of five people are coded.

    Parameters
    ----------
    statements, vectors
        Of all n statements.
    logs
        Log-scores of the evidence, shape ``(n, len(classes) + 1)``, "unassigned" last.
    beside
        Probabilities of the other kind (touchpoints where stages are learnt), one row a statement; nothing is read
        of them without codes.
    codes
        ``statement_id`` and `column`, several rows for several classes; "unassigned" is a code, too, and an empty one
        is none.
    classes
        Ids of the stages or touchpoints, as the columns of `logs` stand.
    column
        Of the codes: ``stage_id`` or ``touchpoint_id``.
    seed
        Of the folds and resamples.
    confidence
        Of the intervals.
    named
        Where a statement may be given several classes: which of them its words name, as `companions` takes it.
    clusters
        Whom each comment comes from, indexed by feedback_id, held out together; one that it lacks is of its own.

    Returns
    -------
    Learnt
        Its ``facts`` hold ``code_count``, and if there were enough: ``macro_f1_before`` and ``macro_f1_after``,
        ``macro_f1_gain``, the latter two with ``_low`` and ``_high`` (bootstrap of people), ``calibration_error``
        before and after, all from people who were held out. A statement with several codes counts in each of its
        classes, as `macro_f1` has it; of its calibration each code is an equal part.
    """
    if codes is None:
        return Learnt(softmax(logs), facts={"code_count": 0})
    wanted = _wanted(statements, codes, [*classes, UNASSIGNED], column)
    coded = np.flatnonzero(wanted.sum(axis=1) > 0)
    groups = _voices(statements["feedback_id"].iloc[coded], clusters)
    if len(coded) < LEAST_CODES or len(np.unique(groups)) < _FOLDS:
        return Learnt(softmax(logs), facts={"code_count": len(coded)})
    known = _features(vectors[coded], logs[coded], beside[coded])
    target, evidence = wanted[coded], _normal(logs)
    folds = _folds(groups, seed)
    voice = np.zeros_like(target)
    for fold in range(_FOLDS):
        held = folds == fold
        voice[held] = _voice(known[~held], target[~held])(known[held])
    held_out = np.zeros_like(target)
    for fold in range(_FOLDS):
        held = folds == fold
        powers = _fit_pool(evidence[coded[~held]], voice[~held], target[~held])
        held_out[held] = _pool(evidence[coded[held]], voice[held], powers)
    powers = _fit_pool(evidence[coded], voice, target)
    told = _voice(known, target)
    parts = [slice(start, start + _BLOCK) for start in range(0, len(logs), _BLOCK)]
    voices = np.vstack([told(_features(vectors[part], logs[part], beside[part])) for part in parts])
    scores = _pool(evidence, voices, powers)
    right = (held_out * (target > 0)).max(axis=1)
    taken = _TAKEN_BACK * (powers[2:] + powers[1] * voices.mean(axis=0))
    rarity = np.exp(-taken - _EVENED * np.log(scores.mean(axis=0)))[:-1]
    facts = {"code_count": len(coded), "pool_powers": [round(float(one), 3) for one in powers[:2]],
             **_quality(softmax(logs)[coded], held_out, target, groups, rarity, seed, confidence,
                        None if named is None else named[coded])}
    return Learnt(scores, True, 1 - right, statements["language"].to_numpy()[coded], rarity, facts)


def _wanted(statements: pd.DataFrame, codes: pd.DataFrame, ids: list[str], column: str) -> np.ndarray:
    """Return each statement's coded classes as shares that add up to 1, or to 0 where nobody coded it."""
    wanted = np.zeros((len(statements), len(ids)))
    if codes.empty or column not in codes:
        return wanted
    place = pd.Series(np.arange(len(statements)), index=statements["statement_id"].to_numpy())
    told = codes[codes["statement_id"].isin(place.index) & (codes[column] != "")]
    wanted[place[told["statement_id"]].to_numpy(), told[column].map(ids.index).to_numpy(dtype=int)] = 1
    return wanted / np.maximum(wanted.sum(axis=1, keepdims=True), 1)


def _voices(comments: pd.Series, clusters: pd.Series | None) -> np.ndarray:
    """Return a number for each row, the same for whatever one person wrote, in the order of first comments."""
    if clusters is not None:
        first = comments.groupby(clusters.reindex(comments).to_numpy()).transform("min")
        comments = first.where(first.notna(), comments)
    return pd.factorize(comments.to_numpy(), sort=True)[0]


def _folds(groups: np.ndarray, seed: int) -> np.ndarray:
    """Return a fold for each row, whole groups together."""
    order = np.random.default_rng(seed).permutation(int(groups.max()) + 1)
    return np.asarray(order[groups] % _FOLDS)


def _features(vectors: np.ndarray, logs: np.ndarray, beside: np.ndarray) -> np.ndarray:
    return np.hstack([vectors, 0.5 * softmax(logs), 0.5 * beside])


def _voice(known: np.ndarray, target: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    from sklearn.linear_model import Ridge

    predict: Callable[[np.ndarray], np.ndarray] = Ridge(alpha=_RIDGE, solver="cholesky").fit(known, target).predict
    return predict


def _normal(logs: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(softmax(logs), 1e-6))


def _pool(evidence: np.ndarray, voice: np.ndarray, powers: np.ndarray) -> np.ndarray:
    return softmax(powers[0] * evidence + powers[1] * voice + powers[2:])


def _fit_pool(evidence: np.ndarray, voice: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the power of evidence, that of the voice, and a factor for each class, by penalised likelihood."""
    from scipy.optimize import minimize

    start = np.concatenate([[1.0, 0.0], np.zeros(target.shape[1])])
    strain = np.concatenate([[_STRAIN, 0.01 * _STRAIN], np.full(target.shape[1], _STRAIN)])

    def loss(powers: np.ndarray) -> tuple[float, np.ndarray]:
        scores = _pool(evidence, voice, powers)
        wrong = scores - target
        slope = np.concatenate([[np.sum(wrong * evidence), np.sum(wrong * voice)], wrong.sum(axis=0)])
        value = -np.sum(target * np.log(np.maximum(scores, 1e-12))) + 0.5 * np.sum(strain * (powers - start) ** 2)
        return float(value), slope + strain * (powers - start)

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def _given(scores: np.ndarray, rarity: np.ndarray, named: np.ndarray | None) -> np.ndarray:
    """Return the classes that each row is given: the last alone where it is more likely than not, else the best.

    With `named`, those that go with the best are given, too.
    """
    given = np.zeros(scores.shape, dtype=bool)
    best = (scores[:, :-1] * rarity).argmax(axis=1)
    if named is not None:
        given[:, :-1] = companions(scores[:, :-1], named)
    given[np.arange(len(scores)), best] = True
    unrelated = scores[:, -1] > 0.5
    given[unrelated] = False
    given[:, -1] = unrelated
    return given


def _quality(before: np.ndarray, after: np.ndarray, target: np.ndarray, groups: np.ndarray, rarity: np.ndarray,
             seed: int, confidence: float, named: np.ndarray | None) -> dict[str, float]:
    """Compare evidence alone with what was learnt, on held-out people, with intervals."""
    coded, first, second = target > 0, _given(before, np.ones(len(rarity)), named), _given(after, rarity, named)
    random = np.random.default_rng(seed)
    rows = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    reached = []
    for _ in range(_RESAMPLES):
        drawn = np.concatenate([rows[one] for one in random.integers(0, len(rows), len(rows))])
        reached.append([macro_f1(coded[drawn], found[drawn]) for found in (first, second)])
    told = {"macro_f1_before": macro_f1(coded, first), "macro_f1_after": macro_f1(coded, second)}
    told["macro_f1_gain"] = told["macro_f1_after"] - told["macro_f1_before"]
    after_drawn, gains = np.array(reached)[:, 1], np.diff(reached)[:, 0]
    for name, values in (("after", after_drawn), ("gain", gains)):
        low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
        told |= {f"macro_f1_{name}_low": float(low), f"macro_f1_{name}_high": float(high)}
    told |= {"calibration_error_before": calibration_error(before, target),
             "calibration_error_after": calibration_error(after, target)}
    return {name: round(value, 3) for name, value in told.items()}


def macro_f1(right: np.ndarray, found: np.ndarray) -> float:
    """Return the mean over the classes that occur in `right` of the harmonic mean of precision and recall.

    A row of several classes counts in each of them: each that is found is right, and each that is not is missed.

    Source: Sokolova and Lapalme (2009), A systematic analysis of performance measures, on labels that go together.

    Parameters
    ----------
    right, found
        Boolean, one row a statement, one column a class.

    Examples
    --------
    >>> classes = np.eye(3, dtype=bool)
    >>> macro_f1(classes[[0, 0, 1, 1]], classes[[0, 0, 1, 2]]).__round__(3)
    0.833
    >>> macro_f1(classes[[0, 1]] | classes[[1, 0]], classes[[0, 1]]).__round__(3)
    0.667
    """
    both, counts = (right & found).sum(axis=0), right.sum(axis=0)
    total = counts + found.sum(axis=0)
    return float(np.mean(2 * both[counts > 0] / total[counts > 0]))


def calibration_error(scores: np.ndarray, target: np.ndarray, bins: int = 10) -> float:
    """Return how far the best score is from how often it is right, on average over ten equal groups of rows.

    Where a row has several classes, each is right in equal parts, since the scores of a row add up to 1.

    Source: Naeini, Cooper and Hauskrecht (2015), expected calibration error, with groups of equal size.

    Parameters
    ----------
    scores
        One row a statement, one column a class.
    target
        The part that each class has in being right, of the same shape; rows add up to 1.

    Examples
    --------
    >>> calibration_error(np.array([[0.75, 0.25]] * 4), np.eye(2)[[0, 0, 0, 1]], bins=1)
    0.0
    """
    best, hit = scores.max(axis=1), target[np.arange(len(scores)), scores.argmax(axis=1)]
    parts = np.array_split(np.argsort(best, kind="stable"), bins)
    return float(sum(abs(best[part].mean() - hit[part].mean()) * len(part) for part in parts if len(part)) / len(best))

"""A tone model that also learns from the study's own scores, where there are enough and where that helps.

Scores are weak labels: who gives a 10 may still blame something. So a model that has learned from them is kept only if
it tells held-out scores better than the shipped one does, and held-out sentences not clearly worse.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from workbench.insights.clusters import design_effect
from workbench.insights.tone.errors import bearable_languages, measure_error
from workbench.insights.tone.model import Evidence, ToneModel, ToneSource, fit_temperature, to_probabilities
from workbench.insights.tone.shipped import Shipped, folds_of, held_out_scores

NAME: Final = "shipped and own scores"
_FEWEST, _FEWEST_OF_A_TONE = 200, 30
_MOST: Final = 1500  # comments learned from: more change little and take long
_NEVER: Final = -1e6  # the score of what cannot be
_SURE: Final = 1.64  # standard errors
_LOSS_ALLOWED: Final = 0.02  # accuracy on held-out sentences
_SHARES: Final = ["p_negative", "p_neutral", "p_positive"]


@dataclass(frozen=True)
class Learned:
    """The model to use, what it did on held-out sentences, and how it and the shipped one told held-out scores.

    Attributes
    ----------
    source : ToneSource
    held_out : pandas.DataFrame
        As `Shipped.held_out`.
    score_errors : pandas.DataFrame
        ``model`` ("shipped" or "own scores") and the columns of `measure_error`, over comments; empty where no model
        was tried.
    reason : str
        "used", "too few scores", "does not help" or "switched off".
    """

    source: ToneSource
    held_out: pd.DataFrame
    score_errors: pd.DataFrame
    reason: str


def weak_tones(comments: pd.DataFrame) -> pd.Series:
    """Return the tone that a comment's score stands for: promoters and detractors, or high and low ratings.

    NaN without a score, and for a middling one: who gives a 7 may praise and blame, and is seldom neutral in words.

    Examples
    --------
    >>> weak_tones(pd.DataFrame({"nps": [9, 8, 6, None], "rating": [1, 1, 1, 3], "rating_max": 5})).tolist()
    [1.0, nan, -1.0, nan]
    """
    tones = pd.Series(np.nan, index=comments.index, dtype=float)
    if {"rating", "rating_max"} <= set(comments):
        share = (comments["rating"] / comments["rating_max"]).astype(float)
        tones = tones.mask(share >= 0.8 - 1e-9, 1.0).mask(share <= 0.4 + 1e-9, -1.0)
    if "nps" in comments:
        nps = comments["nps"].astype(float)
        tones = tones.mask(nps.notna(), np.nan).mask(nps >= 9, 1.0).mask(nps <= 6, -1.0)
    return tones


def learn_from_scores(shipped: Shipped, comments: pd.DataFrame, clusters: pd.Series, statements: pd.DataFrame,
                      vectors: np.ndarray, lexical: np.ndarray | None = None) -> Learned:
    """Return the shipped model, or one that has learned from the study's scores as well where that helps.

    Both learn and are compared over the same folds: no customer is on both sides, and no trade of the sentences.

    Parameters
    ----------
    shipped
        From `load_shipped`.
    comments
        The counted comments with their scores.
    clusters
        Whom each comes from, with the same index.
    statements, vectors
        As the contracts state, one vector a statement.
    lexical
        The statements' lexical features, where they are known already.
    """
    tones = weak_tones(comments).dropna()
    counts = tones.value_counts()
    if len(tones) < _FEWEST or any(counts.get(tone, 0) < _FEWEST_OF_A_TONE for tone in (-1.0, 1.0)):
        return Learned(shipped.model, shipped.held_out, measure_error(shipped.held_out).iloc[:0].assign(model=""),
                       "too few scores")
    data = _gather(shipped, comments.loc[_chosen(comments.loc[tones.index])], tones, clusters, statements, vectors,
                   lexical)
    sentences = len(shipped.folds)
    scores = held_out_scores(data.evidence, data.tones, data.folds, data.weights)
    own, told = scores[sentences:], data.table
    model = ToneModel(NAME, f"{NAME} {data.identity}").fit_evidence(data.evidence, data.tones, data.weights)
    model.temperature = _humbler(scores, data, sentences)
    old_scores = np.vstack([_scores_of(shipped), shipped.model.scores(data.own)])
    known = replace(shipped.model, temperature=_humbler(old_scores, data, sentences))
    new = _by_comment(told, to_probabilities(own, model.temperature))
    old = _by_comment(told, to_probabilities(old_scores[sentences:], known.temperature))
    held_out, old_held_out = shipped.held_out.copy(), shipped.held_out.copy()
    held_out[_SHARES] = to_probabilities(scores[:sentences], model.temperature)
    old_held_out[_SHARES] = to_probabilities(old_scores[:sentences], known.temperature)
    errors = pd.concat([measure_error(old).assign(model="shipped"), measure_error(new).assign(model="own scores")],
                       ignore_index=True)
    used = _is_better(new, old) and _accuracy(held_out) >= _accuracy(old_held_out) - _LOSS_ALLOWED
    if not used:
        return Learned(known, old_held_out, errors, "does not help")
    return Learned(model, held_out, errors, "used")


@dataclass(frozen=True)
class _Data:
    evidence: Evidence  # the sentences, then the study's statements
    own: Evidence
    tones: np.ndarray
    folds: np.ndarray
    weights: np.ndarray
    table: pd.DataFrame
    identity: str


def _chosen(comments: pd.DataFrame) -> pd.Index:
    """Return at most so many comments, drawn by their ids, whatever the order of rows."""
    order = comments["feedback_id"].map(lambda name: hashlib.sha256(str(name).encode()).hexdigest())
    return order.sort_values().index[:_MOST]


def _gather(shipped: Shipped, comments: pd.DataFrame, tones: pd.Series, clusters: pd.Series, statements: pd.DataFrame,
            vectors: np.ndarray, lexical: np.ndarray | None) -> _Data:
    known = comments.assign(weak=tones, cluster=clusters)[["feedback_id", "weak", "cluster"]]
    rows = statements[["statement_id", "feedback_id", "text", "language"]].reset_index(drop=True).reset_index()
    table = rows.merge(known, on="feedback_id").sort_values("statement_id", ignore_index=True)
    own = Evidence.of(table["text"].tolist(), table["language"].tolist(), np.asarray(vectors)[table["index"]],
                      None if lexical is None else lexical[table["index"]])
    each = 1.0 / table.groupby("feedback_id")["statement_id"].transform("size").to_numpy()
    weights = np.concatenate([shipped.held_out["weight"].to_numpy(), each])
    tone = np.concatenate([shipped.held_out["tone"].to_numpy(), table["weak"].to_numpy(dtype=int)])
    folds = np.concatenate([shipped.folds, folds_of(table["cluster"])])
    learned = table[["statement_id", "weak"]].to_numpy().tolist()
    identity = hashlib.sha256(repr((shipped.model.identity, learned)).encode()).hexdigest()
    return _Data(shipped.evidence.with_others(own), own, tone, folds, weights, table, identity)


def _by_comment(table: pd.DataFrame, shares: np.ndarray) -> pd.DataFrame:
    """Return ``language, tone, cluster`` and the mean probabilities of each comment's statements."""
    told = table.assign(**dict(zip(_SHARES, shares.T, strict=True)))
    grouped = told.groupby("feedback_id", sort=True)
    means = grouped[_SHARES].mean()
    return means.assign(language=grouped["language"].first(), tone=grouped["weak"].first().astype(int),
                        cluster=grouped["cluster"].first()).reset_index()


def _humbler(scores: np.ndarray, data: _Data, sentences: int) -> float:
    """Return the temperature that fits the sentences, or that fits the study's scores where that is the higher one.

    A score is of a whole comment, so that its statements' scores are averaged; and high and low ones know no neutral,
    so that only the leaning between negative and positive is judged.
    """
    own = pd.DataFrame(scores[sentences:]).groupby(data.table["feedback_id"].to_numpy(), sort=True).mean()
    own[1] = _NEVER
    tones = data.table.groupby("feedback_id", sort=True)["weak"].first().to_numpy(dtype=int)
    return max(fit_temperature(scores[:sentences], data.tones[:sentences], data.weights[:sentences]),
               fit_temperature(own.to_numpy(), tones))


def _scores_of(shipped: Shipped) -> np.ndarray:
    """Return the held-out scores of the sentences, up to a constant a row, as their probabilities hold them."""
    scores: np.ndarray = np.log(shipped.held_out[_SHARES].to_numpy()) * shipped.model.temperature
    return scores


def _is_better(new: pd.DataFrame, old: pd.DataFrame) -> bool:
    """Return whether high and low scores are told better, by more than chance makes of so many people's comments."""
    gain = pd.Series(_losses(old) - _losses(new))
    effect, _ = design_effect(gain, new["cluster"])
    return bool(gain.mean() > _SURE * gain.std(ddof=0) * (effect / len(gain)) ** 0.5)


def _losses(told: pd.DataFrame) -> np.ndarray:
    """Return what each comment costs: the logarithm of its tone's share of negative and positive together."""
    shares = np.clip(told[["p_negative", "p_positive"]].to_numpy(), 1e-6, None)
    right = np.where(told["tone"].to_numpy() > 0, shares[:, 1], shares[:, 0])
    losses: np.ndarray = -np.log(right / shares.sum(axis=1))
    return losses


def _accuracy(held_out: pd.DataFrame) -> float:
    right = held_out[_SHARES].to_numpy().argmax(axis=1) - 1 == held_out["tone"].to_numpy()
    return float(np.average(right, weights=held_out["weight"]))


def languages_told(learned: Learned) -> frozenset[str]:
    """Return the languages not abstained from: those bearable on sentences, and not poor on the study's scores.

    Poor is a language in which always guessing the commonest tone of scores would have been right more often, by more
    than chance makes of so many comments (1.64 standard errors), over at least thirty of them.
    """
    errors = learned.score_errors
    model = "own scores" if learned.reason == "used" else "shipped"
    own = errors[errors["model"].eq(model) & errors["n"].ge(_FEWEST_OF_A_TONE)]
    margin = _SURE * (own["majority"] * (1 - own["majority"]) / own["n"]) ** 0.5
    poor = set(own.loc[own["accuracy"] < own["majority"] - margin, "language"])
    return frozenset(bearable_languages(measure_error(learned.held_out)) - poor)

"""What a statement's text says: a model learnt from a journey model's examples, once for each encoder.

One-against-all kernel ridge regression on two views of a text: its vector, and its character n-grams. Ridge
regression gives every example's prediction by a model that has not seen that example in closed form, so the
scale of the scores and the threshold are chosen by leave-one-out without fitting anything again.

Source of the leave-one-out formula: Rifkin and Lippert (2007), Notes on Regularized Least Squares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.embedding import Encoder, embed, load_encoder
from workbench.journey.model import UNRELATED, JourneyModel, Part
from workbench.journey.words import fold, word_hits

_RIDGE = 0.3
_NGRAM_WEIGHT = 1.0
_WORD_WEIGHT = 3.0
_TOUCHPOINT_WEIGHT = 0.5
_QUIET = 0.95
_COMPANION = 0.5
_SCALES = (2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)

_SCORERS: dict[tuple[str, str], Scorer] = {}
_ENCODERS: dict[str, Encoder] = {}


@dataclass(frozen=True)
class _Ridge:
    """Weights of one regression; scores are log-probabilities, the last column being "unrelated"."""

    weights: np.ndarray
    scale: float
    held_out: np.ndarray


@dataclass(frozen=True)
class Scorer:
    """A fitted reader of text for one journey model and one encoder."""

    model: JourneyModel
    ngrams: Any
    stages: _Ridge
    touchpoints: _Ridge
    belonging: np.ndarray
    threshold: float = 1.0
    touchpoint_threshold: float = 1.0

    def texts(self, texts: list[str], languages: list[str], vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log-scores of stages and of touchpoints, shapes ``(n, stages + 1)`` and ``(n, touchpoints + 1)``."""
        features = _features(self.ngrams, texts, vectors)
        stages = _logs(features @ self.stages.weights * self.stages.scale)
        touchpoints = _logs(features @ self.touchpoints.weights * self.touchpoints.scale)
        return (stages + _words(self.model.stages, texts, languages),
                touchpoints + _words(self.model.touchpoints, texts, languages))

    def join(self, stages: np.ndarray, touchpoints: np.ndarray) -> np.ndarray:
        """Return probabilities of stages, told that a touchpoint belongs to certain stages."""
        return softmax(stages + _TOUCHPOINT_WEIGHT * np.log(softmax(touchpoints) @ self.belonging + 0.02))


def scorer_for(model: JourneyModel, encoder: Encoder | str | None) -> tuple[Scorer, Encoder]:
    """Return the scorer of a model, fitted at the first call for each encoder, and the encoder.

    Examples
    --------
    >>> from workbench.journey import load_journey_model
    >>> scorer, encoder = scorer_for(load_journey_model(), None)
    >>> 0 < scorer.threshold < 1, scorer_for(load_journey_model(), encoder)[0] is scorer
    (True, True)
    """
    found = _encoder(encoder)
    key = (model.fingerprint, found.identity)
    if key not in _SCORERS:
        _SCORERS[key] = _fit(model, found)
    return _SCORERS[key], found


def softmax(logs: np.ndarray) -> np.ndarray:
    """Return rows that add up to 1.

    Examples
    --------
    >>> softmax(np.zeros((1, 4))).tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def companions(scores: np.ndarray) -> np.ndarray:
    """Return which columns of each row score at least half as much as the row's best.

    Two stages that a statement speaks of share its probability; neither is a reason to doubt the other.

    Examples
    --------
    >>> companions(np.array([[0.5, 0.4, 0.1], [0.9, 0.1, 0.0], [0.0, 0.0, 0.0]])).astype(int).tolist()
    [[1, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    return (scores >= _COMPANION * scores.max(axis=1, keepdims=True)) & (scores > 0)


def joint(scores: np.ndarray) -> np.ndarray:
    """Return each row's score: that of its best column and of those that go with it, together.

    Examples
    --------
    >>> joint(np.array([[0.5, 0.4, 0.1], [0.9, 0.1, 0.0]])).tolist()
    [0.9, 0.9]
    """
    return np.round((scores * companions(scores)).sum(axis=1), 4)


def _encoder(encoder: Encoder | str | None) -> Encoder:
    if not isinstance(encoder, str | None):
        return encoder
    name = encoder or "embedded"
    if name not in _ENCODERS:
        _ENCODERS[name] = load_encoder(name)
    return _ENCODERS[name]


def _fit(model: JourneyModel, encoder: Encoder) -> Scorer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    table = model.examples
    ngrams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), preprocessor=fold, sublinear_tf=True, min_df=2,
                             dtype=np.float32).fit(table["text"])
    features = _features(ngrams, table["text"].tolist(), embed(table["text"].tolist(), encoder))
    stages, touchpoints = _targets(model)
    scorer = Scorer(model, ngrams, _ridge(features, stages), _ridge(features, touchpoints), _belonging(model))
    return _with_thresholds(scorer, stages, touchpoints)


def _targets(model: JourneyModel) -> tuple[np.ndarray, np.ndarray]:
    """Return each example's stage and touchpoint as positions; -2 where it does not say.

    An example of a touchpoint that belongs to one stage alone is an example of that stage.
    """
    table = model.examples
    stage_at = {part.id: place for place, part in enumerate(model.stages)}
    touchpoint_at = {part.id: place for place, part in enumerate(model.touchpoints)}
    homes = {t: [s.id for s in model.stages if t in s.touchpoints] for t in touchpoint_at}
    for touchpoint, home in homes.items():
        if len(home) == 1:
            stage_at[touchpoint] = stage_at[home[0]]
    stage_at[UNRELATED], touchpoint_at[UNRELATED] = len(model.stages), len(model.touchpoints)
    return (table["id"].map(stage_at).fillna(-2).astype(int).to_numpy(),
            table["id"].map(touchpoint_at).fillna(-2).astype(int).to_numpy())


def _belonging(model: JourneyModel) -> np.ndarray:
    """Return the share of each touchpoint in each stage that it belongs to; unrelated to unrelated."""
    share = np.zeros((len(model.touchpoints) + 1, len(model.stages) + 1))
    for row, part in enumerate(model.touchpoints):
        share[row, :-1] = [part.id in stage.touchpoints for stage in model.stages]
    share[-1, -1] = 1
    return share / share.sum(axis=1, keepdims=True)


def _features(ngrams: Any, texts: list[str], vectors: np.ndarray) -> Any:
    from scipy import sparse

    return sparse.hstack([sparse.csr_matrix(vectors), _NGRAM_WEIGHT * ngrams.transform(texts)]).tocsr()


def _ridge(features: Any, target: np.ndarray) -> _Ridge:
    """Fit all classes at once, each weighing the same; rows with target -2 are left out."""
    rows = np.flatnonzero(target >= 0)
    classes = int(target.max()) + 1
    size = np.bincount(target[rows], minlength=classes)
    wanted = np.eye(classes)[target[rows]]
    kernel = (features[rows] @ features[rows].T).toarray().astype(np.float64)
    inverse = np.linalg.inv(kernel + np.diag(_RIDGE * size[target[rows]] / size.mean()))
    base = 1.0 / classes
    dual = inverse @ (wanted - base)
    weights = np.asarray(features[rows].T @ dual)
    held_out = np.asarray(features @ weights)
    held_out[rows] = wanted - base - dual / np.diag(inverse)[:, None]
    scale = min(_SCALES, key=lambda one: _loss(held_out[rows] * one, target[rows], size))
    return _Ridge(weights, scale, held_out)


def _loss(scores: np.ndarray, target: np.ndarray, size: np.ndarray) -> float:
    right = _logs(scores)[np.arange(len(target)), target]
    return -float(np.sum(right / size[target]))


def _logs(scores: np.ndarray) -> np.ndarray:
    return np.log(softmax(np.asarray(scores, dtype=np.float64)))


def _words(parts: tuple[Part, ...], texts: list[str], languages: list[str]) -> np.ndarray:
    return np.pad(_WORD_WEIGHT * word_hits(parts, texts, languages), ((0, 0), (0, 1)))


def _with_thresholds(scorer: Scorer, stages: np.ndarray, touchpoints: np.ndarray) -> Scorer:
    """Choose the least thresholds that leave 95 % of held-out unrelated sentences unassigned."""
    table = scorer.model.examples
    texts, languages = table["text"].tolist(), table["language"].tolist()
    stage_logs = _logs(scorer.stages.held_out * scorer.stages.scale) + _words(scorer.model.stages, texts, languages)
    touchpoint_logs = (_logs(scorer.touchpoints.held_out * scorer.touchpoints.scale)
                       + _words(scorer.model.touchpoints, texts, languages))
    none = (table["kind"] == UNRELATED).to_numpy()
    stage_scores = scorer.join(stage_logs, touchpoint_logs)[none, :-1]
    touchpoint_scores = softmax(touchpoint_logs)[none, :-1]
    return Scorer(scorer.model, scorer.ngrams, scorer.stages, scorer.touchpoints, scorer.belonging,
                  _quantile(joint(stage_scores)), _quantile(joint(touchpoint_scores)))


def _quantile(scores: np.ndarray) -> float:
    return round(float(np.quantile(scores, _QUIET)), 3)

"""What a statement's text says: a model learnt from a journey model's examples, once for each encoder.

One-against-all ridge regression on a text's vector and on the telling words in it, and the votes of the examples that
it is like (`workbench.journey.votes`), in equal parts. Both give an example's prediction by a model that has not seen
that example in closed form, so the scale of the scores and the threshold are chosen by leave-one-out, without fitting
anything again and without any coded comment.

What the seven stages' own examples teach with the embedded encoder ships beside them, and is learnt again where a model
adds to them (`workbench.embedding.fits`). Weights are rounded, as finely as leaves sums of products with stored vectors
exact: what a text says does not hang, to the last bit, on what is read beside it.

Source of the leave-one-out formula: Rifkin and Lippert (2007), Notes on Regularized Least Squares.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from workbench.embedding import Encoder, embed_statements, load_encoder
from workbench.embedding.fits import Arrays, known_fit, ship_fit
from workbench.journey.evidence import softmax
from workbench.journey.model import UNRELATED, JourneyModel, load_journey_model
from workbench.journey.votes import fit_votes, votes
from workbench.journey.words import word_hits
from workbench.themes.whole_numbers import in_steps

_RIDGE = 1.0
_HIT_FEATURE = 0.5
_HIT_WEIGHT = 2.0
_VOICE_WEIGHT = 0.6  # of either voice: both learn from the same examples, so they do not count in full
_TOUCHPOINT_WEIGHT = 0.25
_STRANGER = 0.02  # share of a touchpoint in a stage that it does not belong to
_QUIET = {"stages": 0.97, "touchpoints": 0.95}
_COMPANION = 0.5
_NAMED_COMPANION = 0.02
FIT = Path(__file__).parent / "fits" / "seven_stages.npz"
READ_BY = (*(f"journey/{name}.py" for name in ("scorer", "votes", "words", "lexicon", "evidence")),
           "embedding", "language", "themes/whole_numbers.py")
_FINE = 2.0**24  # as fine as the finest number of a stored vector
_ROUNDING = 1e-6  # what other processors make of the same examples may be rounded the other way
_HELD_OUT = 1_500  # examples, about so many: more would tell the same scale of the votes
_SCALES = (2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 24.0)

_SCORERS: dict[tuple[str, str], Scorer] = {}


@dataclass(frozen=True)
class _Voices:
    """Weights of both regressions on one kind of class; scores are log-probabilities, the last column "unrelated"."""

    weights: np.ndarray
    scale: float
    votes: np.ndarray
    votes_scale: float

    def logs(self, straight: np.ndarray, voted: np.ndarray, hits: np.ndarray) -> np.ndarray:
        both = _normal(straight * self.scale) + _normal(voted * self.votes_scale)
        return _normal(_VOICE_WEIGHT * both + _HIT_WEIGHT * np.pad(hits, ((0, 0), (0, 1))))


@dataclass(frozen=True)
class Read:
    """What texts say: log-scores of stages and touchpoints (last column: unrelated), and stages that are named.

    A stage is named by one of its telling words, or by one of a touchpoint that belongs to it alone.
    """

    stages: np.ndarray
    touchpoints: np.ndarray
    named: np.ndarray


@dataclass(frozen=True)
class Scorer:
    """A fitted reader of text for one journey model and one encoder.

    ``examples`` are the vectors of the model's examples, in whole numbers. ``threshold`` and ``touchpoint_threshold``
    are the least probability of being about anything at all.
    """

    model: JourneyModel
    examples: np.ndarray
    stages: _Voices
    touchpoints: _Voices
    belonging: np.ndarray
    threshold: float
    touchpoint_threshold: float

    def texts(self, texts: list[str], languages: list[str], vectors: np.ndarray) -> Read:
        """Return what each text says."""
        features, stage_hits, touchpoint_hits = _features(self.model, texts, languages, vectors)
        voted = votes(in_steps(vectors), self.examples, np.hstack([self.stages.votes, self.touchpoints.votes]))
        cut = self.stages.votes.shape[1]
        touchpoints = self.touchpoints.logs(features @ self.touchpoints.weights, voted[:, cut:], touchpoint_hits)
        stages = self.stages.logs(features @ self.stages.weights, voted[:, :cut], stage_hits)
        home = (self.belonging[:-1, :-1] == 1).astype(float)
        return Read(_with_touchpoints(stages, touchpoints, self.belonging), touchpoints,
                    (stage_hits + touchpoint_hits @ home) > 0)


def scorer_for(model: JourneyModel, encoder: Encoder | str | None,
               cache: str | Path | None = None) -> tuple[Scorer, Encoder]:
    """Return the scorer of a model, fitted at the first call for each encoder, and the encoder.

    The vectors of the examples and the fit are kept in `cache`, if it is given; fitting takes a few seconds.

    Examples
    --------
    >>> from workbench.journey import load_journey_model
    >>> scorer, encoder = scorer_for(load_journey_model(), None)
    >>> 0 < scorer.threshold < 1, scorer_for(load_journey_model(), encoder)[0] is scorer
    (True, True)
    """
    found = load_encoder(encoder or "embedded") if isinstance(encoder, str | None) else encoder
    key = (model.fingerprint, found.identity)
    if key not in _SCORERS:
        _SCORERS[key] = _fitted(model, found, cache)
    return _SCORERS[key], found


def companions(scores: np.ndarray, named: np.ndarray | None = None) -> np.ndarray:
    """Return which columns of each row score at least half as much as the row's best, or a fiftieth where named.

    Two stages that a statement speaks of share its probability; neither is a reason to doubt the other.

    Examples
    --------
    >>> companions(np.array([[0.5, 0.4, 0.1], [0.9, 0.1, 0.0], [0.0, 0.0, 0.0]])).astype(int).tolist()
    [[1, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    least = np.full(scores.shape, _COMPANION) if named is None else np.where(named, _NAMED_COMPANION, _COMPANION)
    return (scores >= least * scores.max(axis=1, keepdims=True, initial=0)) & (scores > 0)


def joint(scores: np.ndarray, named: np.ndarray | None = None) -> np.ndarray:
    """Return each row's score: that of its best column and of those that go with it, together.

    Examples
    --------
    >>> joint(np.array([[0.5, 0.4, 0.1], [0.9, 0.1, 0.0]])).tolist()
    [0.9, 0.9]
    """
    return np.round((scores * companions(scores, named)).sum(axis=1), 4)


def ship() -> bool:
    """Learn from the shipped examples anew and write what ships; return whether its numbers are other ones."""
    model = load_journey_model()
    return ship_fit(FIT, model.fingerprint, READ_BY, fit_examples(model, load_encoder(), None), rounding=_ROUNDING)


def _fitted(model: JourneyModel, encoder: Encoder, cache: str | Path | None) -> Scorer:
    fit = known_fit("journey", model.fingerprint, encoder, lambda: fit_examples(model, encoder, cache),
                    read_by=READ_BY, kept=cache, shipped=FIT)
    stages, touchpoints = (_Voices(fit[f"{name}_weights"], float(fit[f"{name}_scale"]), fit[f"{name}_votes"],
                                   float(fit[f"{name}_votes_scale"])) for name in ("stages", "touchpoints"))
    return Scorer(model, fit["examples"], stages, touchpoints, _belonging(model),
                  *(float(one) for one in fit["thresholds"]))


def fit_examples(model: JourneyModel, encoder: Encoder, cache: str | Path | None) -> Arrays:
    """Return as arrays what a model's examples teach of stages and touchpoints, and their vectors."""
    table = model.examples
    texts, languages = table["text"].tolist(), table["language"].tolist()
    vectors = np.asarray(embed_statements(table, encoder, cache=cache), dtype=np.float32)
    features, *hits = _features(model, texts, languages, vectors)
    none = (table["kind"] == UNRELATED).to_numpy()
    steps = in_steps(vectors, np.int16)
    asked = none | _drawn(texts)
    fitted = [_voices(features, steps, target, asked) for target in _targets(model)]
    stages, touchpoints = (voices.logs(straight[none], voted[none], hit[none])
                           for (voices, straight, voted), hit in zip(fitted, hits, strict=True))
    least = (_least(_with_touchpoints(stages, touchpoints, _belonging(model)), _QUIET["stages"]),
             _least(touchpoints, _QUIET["touchpoints"]))
    kinds = {"stages": fitted[0][0], "touchpoints": fitted[1][0]}
    return {**{f"{name}_{part}": np.asarray(value) for name, voices in kinds.items()
               for part, value in vars(voices).items()}, "examples": steps, "thresholds": np.array(least)}


def _with_touchpoints(stages: np.ndarray, touchpoints: np.ndarray, belonging: np.ndarray) -> np.ndarray:
    """Return log-scores of stages to which is added what the touchpoints say of the stages that they belong to."""
    told = np.einsum("ij,jk->ik", softmax(touchpoints), belonging + _STRANGER)  # unlike `@`, each row by itself
    return _normal(stages + _TOUCHPOINT_WEIGHT * np.log(told))


def _least(logs: np.ndarray, quiet: float) -> float:
    """Return the least relatedness that leaves this share of held-out unrelated sentences unassigned."""
    return round(float(np.quantile(1 - softmax(logs)[:, -1], quiet)), 3)


def _targets(model: JourneyModel) -> tuple[np.ndarray, np.ndarray]:
    """Return each example's stage and touchpoint as positions; -2 where it does not say.

    An example of a touchpoint that belongs to one stage alone is an example of that stage.
    """
    table = model.examples
    stage_at = {part.id: place for place, part in enumerate(model.stages)}
    touchpoint_at = {part.id: place for place, part in enumerate(model.touchpoints)}
    homes = {t: [s.id for s in model.stages if t in s.touchpoints] for t in touchpoint_at}
    home_at = {touchpoint: stage_at[home[0]] for touchpoint, home in homes.items() if len(home) == 1}
    stage_at[UNRELATED], touchpoint_at[UNRELATED] = len(model.stages), len(model.touchpoints)
    stage = table["stage_id"].map(stage_at).fillna(table["touchpoint_id"].map(home_at)).fillna(-2)
    return (stage.astype(int).to_numpy(),
            table["touchpoint_id"].map(touchpoint_at).fillna(-2).astype(int).to_numpy())


def _belonging(model: JourneyModel) -> np.ndarray:
    """Return the share of each touchpoint in each stage that it belongs to; unrelated to unrelated."""
    share = np.zeros((len(model.touchpoints) + 1, len(model.stages) + 1))
    for row, part in enumerate(model.touchpoints):
        share[row, :-1] = [part.id in stage.touchpoints for stage in model.stages]
    share[-1, -1] = 1
    return share / share.sum(axis=1, keepdims=True)


def _features(model: JourneyModel, texts: list[str], languages: list[str],
              vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return vectors beside telling words, and the telling words of stages and of touchpoints."""
    hits = word_hits((*model.stages, *model.touchpoints), texts, languages)
    features = np.hstack([np.asarray(vectors, dtype=np.float64), _HIT_FEATURE * hits])
    return features, hits[:, : len(model.stages)], hits[:, len(model.stages) :]


def _drawn(texts: list[str]) -> np.ndarray:
    """Return which examples votes are held out of: all of few, and of many about as many, drawn by what they say."""
    every = max(len(texts) // _HELD_OUT, 1)
    return np.array([crc32(text.encode()) % every == 0 for text in texts], dtype=bool)


def _voices(features: np.ndarray, steps: np.ndarray, target: np.ndarray,
            asked: np.ndarray) -> tuple[_Voices, np.ndarray, np.ndarray]:
    """Fit all classes at once, each weighing the same; rows with target -2 are left out. Return held-out scores, too.

    Scores of the straight line are held out of all rows, votes of those that are asked for.
    """
    rows = np.flatnonzero(target >= 0)
    classes = int(target.max()) + 1
    size = np.bincount(target[rows], minlength=classes)
    weight = size.mean() / size[target[rows]]
    wanted = np.eye(classes)[target[rows]] - 1.0 / classes
    weights, straight = _ridge(features, rows, wanted, weight)
    shares, voted = np.zeros((len(target), classes), dtype=np.float32), np.zeros((len(target), classes))
    held = np.flatnonzero(asked[rows])
    shares[rows], voted[rows[held]] = fit_votes(steps[rows], wanted, weight, held)
    scales = [min(_SCALES, key=lambda one: _loss(held_out[told] * one, target[told]))
              for held_out, told in ((straight, rows), (voted, rows[held]))]
    return _Voices(np.rint(weights * _FINE) / _FINE, scales[0], shares, scales[1]), straight, voted


def _ridge(features: np.ndarray, rows: np.ndarray, wanted: np.ndarray,
           weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights, and the scores of all rows, of the fitted ones by a model that has not seen them."""
    known, heavy = features[rows], weight[:, None]
    inverse = np.linalg.inv(known.T @ (known * heavy) + _RIDGE * np.eye(known.shape[1]))
    weights = inverse @ (known.T @ (wanted * heavy))
    held_out = features @ weights
    lever = ((known @ inverse) * known).sum(axis=1, keepdims=True) * heavy
    held_out[rows] = (held_out[rows] - lever * wanted) / (1 - lever)
    return weights, held_out


def _loss(scores: np.ndarray, target: np.ndarray) -> float:
    right = _normal(scores)[np.arange(len(target)), target]
    return -float(np.sum(right / np.bincount(target)[target]))


def _normal(logs: np.ndarray) -> np.ndarray:
    """Return log-scores as logarithms of probabilities."""
    return np.log(np.maximum(softmax(np.asarray(logs, dtype=np.float64)), 1e-12))

"""ToneModel: a small discriminative model over lexical evidence, hashed words and the encoder's vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np

from workbench.insights.tone.features import lexical_features
from workbench.language import counting_key, tokenise
from workbench.language.stems import stem

NEGATIVE, NEUTRAL, POSITIVE = -1, 0, 1
TONES: Final = (NEGATIVE, NEUTRAL, POSITIVE)
_BUCKETS: Final = 2**12
_WEIGHT_OF_VECTORS, _WEIGHT_OF_WORDS = 3.0, 1.5
_STRENGTH: Final = 0.05  # inverse of the regularisation
_STEPS = 400
_MOST_KNOWN: Final = 100_000  # words of a language


class ToneSource(Protocol):
    """What tells tone: the shipped model, one trained on a study's scores, or a hub model."""

    name: str
    identity: str
    temperature: float

    def raw_scores(self, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return what `to_probabilities` makes probabilities of, each text's by itself, shape ``(len(texts), 3)``."""
        ...

    def fingerprint(self) -> str:
        """Return a digest of what decides these scores, besides texts, languages and vectors."""
        ...


@dataclass
class ToneModel:
    """Multinomial logistic regression over three kinds of evidence, with a temperature that calibrates it.

    Lexical features are the same in every language, and vectors lie near each other across languages, so that what
    is learned in one language serves the others; hashed words add what one language says in its own way.

    Attributes
    ----------
    temperature : float
        Divides the scores before they become probabilities; 1 until calibrated.
    """

    name: str = "shipped"
    identity: str = ""
    temperature: float = 1.0
    strength: float = _STRENGTH
    _scale: tuple[np.ndarray, np.ndarray] = field(default=(np.zeros(0), np.ones(0)), repr=False)
    _model: Any = field(default=None, repr=False)

    def fit(self, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray, tones: Sequence[int],
            weights: np.ndarray | None = None) -> ToneModel:
        """Learn from texts with their tone (-1, 0, 1) and return the model itself; all three tones must occur."""
        return self.fit_evidence(Evidence.of(texts, languages, vectors), np.asarray(tones), weights)

    def fit_evidence(self, evidence: Evidence, tones: np.ndarray, weights: np.ndarray | None = None) -> ToneModel:
        """Learn from evidence that was gathered before."""
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        deviation = evidence.lexical.std(axis=0)
        self._scale = evidence.lexical.mean(axis=0), np.where(deviation > 0, deviation, 1.0)
        self._model = LogisticRegression(C=self.strength, max_iter=_STEPS, tol=1e-3)
        with threadpool_limits(1):  # many threads on few numbers wait for each other, and add up in another order
            self._model.fit(evidence.matrix(self._scale), tones, sample_weight=weights)
        return self

    def learned(self) -> dict[str, np.ndarray]:
        """Return what was learned as arrays, which `with_learned` takes."""
        return {"mean": self._scale[0], "deviation": self._scale[1], "weights": self._model.coef_,
                "constants": self._model.intercept_, "temperature": np.array(self.temperature)}

    def with_learned(self, arrays: Mapping[str, np.ndarray]) -> ToneModel:
        """Take over what another model learned, and return the model itself."""
        from sklearn.linear_model import LogisticRegression

        self._scale = arrays["mean"], arrays["deviation"]
        self._model = LogisticRegression(C=self.strength, max_iter=_STEPS, tol=1e-3)
        self._model.coef_, self._model.intercept_ = arrays["weights"], arrays["constants"]
        self._model.classes_, self._model.n_features_in_ = np.array(TONES), arrays["weights"].shape[1]
        self.temperature = float(arrays["temperature"])
        return self

    def scores(self, evidence: Evidence) -> np.ndarray:
        """Return the scores of negative, neutral and positive before calibration."""
        scores: np.ndarray = self._model.decision_function(evidence.matrix(self._scale))
        return scores

    def raw_scores(self, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return the scores of negative, neutral and positive of texts, shape ``(len(texts), 3)``."""
        return self.scores(Evidence.of(texts, languages, vectors)) if len(texts) else np.zeros((0, 3))

    def fingerprint(self) -> str:
        """Return a digest of what was learned; the temperature comes after the scores."""
        learned, hasher = self.learned(), hashlib.sha256()
        for name in ("mean", "deviation", "weights", "constants"):
            hasher.update(f"{learned[name].shape}".encode() + np.asarray(learned[name], dtype=np.float64).tobytes())
        return hasher.hexdigest()

    def probabilities(self, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return the probabilities of negative, neutral and positive, shape ``(len(texts), 3)``."""
        return to_probabilities(self.raw_scores(texts, languages, vectors), self.temperature)


@dataclass(frozen=True)
class Evidence:
    """What is known of some texts: lexical features, vectors, and hashed words."""

    lexical: np.ndarray
    vectors: np.ndarray
    hashed: Any  # a sparse matrix

    @classmethod
    def of(cls, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray, lexical: np.ndarray | None = None
           ) -> Evidence:
        """Gather the evidence of texts, with one vector each; their lexical features, if they are known already."""
        known = lexical_features(texts, languages) if lexical is None else lexical
        return cls(known, np.asarray(vectors, dtype=np.float64), _hash(texts, languages))

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray], vectors: np.ndarray) -> Evidence:
        """Return evidence that was kept as arrays, with the texts' vectors."""
        from scipy.sparse import csr_matrix

        parts = (arrays["hashed"], arrays["places"], arrays["ends"])
        hashed = csr_matrix(parts, (len(arrays["lexical"]), _BUCKETS))
        return cls(arrays["lexical"], np.asarray(vectors, dtype=np.float64), hashed)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the evidence but its vectors as arrays, which `of_arrays` takes."""
        return {"lexical": self.lexical, "hashed": self.hashed.data,
                "places": self.hashed.indices, "ends": self.hashed.indptr}

    def with_others(self, others: Evidence) -> Evidence:
        """Return the evidence of both, these texts first."""
        from scipy.sparse import vstack

        return Evidence(np.vstack([self.lexical, others.lexical]), np.vstack([self.vectors, others.vectors]),
                        vstack([self.hashed, others.hashed], format="csr"))

    def __getitem__(self, rows: np.ndarray) -> Evidence:
        return Evidence(self.lexical[rows], self.vectors[rows], self.hashed[rows])

    def matrix(self, scale: tuple[np.ndarray, np.ndarray]) -> Any:
        """Return everything side by side, each kind with its weight."""
        from scipy.sparse import csr_matrix, hstack

        lexical = np.clip((self.lexical - scale[0]) / scale[1], -4, 4)
        dense = np.hstack([lexical, _WEIGHT_OF_VECTORS * self.vectors])
        rows, columns = dense.shape
        places = np.tile(np.arange(columns, dtype=np.int32), rows)
        every = csr_matrix((dense.reshape(-1), places, np.arange(0, dense.size + 1, columns)), dense.shape)
        return hstack([every, self.hashed], format="csr")


def _hash(texts: Sequence[str], languages: Sequence[str]) -> Any:
    """Return stems and pairs of stems, hashed; rows of equal length."""
    from sklearn.feature_extraction.text import HashingVectorizer

    words = [_stems(counting_key(text, language), language) for text, language in zip(texts, languages, strict=True)]
    hashing = HashingVectorizer(analyzer=_itself, n_features=_BUCKETS, alternate_sign=False, norm="l2")
    return _WEIGHT_OF_WORDS * hashing.transform(words)


def _itself(words: list[str]) -> list[str]:
    return words


def _stems(key: str, language: str) -> list[str]:
    known = _known_stems(language)
    words = [known[word] for word in tokenise(key, language)]
    return [*words, *map(" ".join, pairwise(words))]


class _Stems(dict[str, str]):
    """The stem of every word that was met."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, word: str) -> str:
        if len(self) > _MOST_KNOWN:
            self.clear()
        self[word] = found = stem(word, self._language)
        return found


@cache
def _known_stems(language: str) -> _Stems:
    return _Stems(language)


def to_probabilities(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return probabilities of scores, rows summing to 1.

    Examples
    --------
    >>> to_probabilities(np.array([[0.0, 0.0, 0.0]])).round(2).tolist()
    [[0.33, 0.33, 0.33]]
    """
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return shares


def fit_temperature(scores: np.ndarray, tones: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the temperature under which held-out scores are most likely, from 1 up.

    A model is made less sure of itself, never surer: what customers write is harder than what it was measured on.

    Source: Guo and others (2017), On Calibration of Modern Neural Networks.

    Parameters
    ----------
    scores
        Of texts that the model has not learned from.
    tones
        Their tone, -1, 0 or 1.
    weights
        How much each counts.

    Examples
    --------
    >>> overconfident = np.array([[9.0, 0.0, 0.0]] * 4)
    >>> bool(fit_temperature(overconfident, np.array([-1, -1, -1, 1])) > 3)
    True
    """
    from scipy.optimize import minimize_scalar

    right = np.arange(len(tones)), np.asarray(tones) + 1

    def loss(log_temperature: float) -> float:
        likely = to_probabilities(scores, float(np.exp(log_temperature)))[right]
        return -float(np.average(np.log(np.clip(likely, 1e-9, 1)), weights=weights))

    return float(np.exp(minimize_scalar(loss, bounds=(0.0, 3.0), method="bounded").x))

"""The tone model that works everywhere: learned from sentences that were written for it, in fourteen languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from workbench.embedding import Encoder, embed_statements, load_encoder
from workbench.embedding.fits import Arrays, known_fit, ship_fit
from workbench.insights.tone.model import Evidence, ToneModel, fit_temperature, to_probabilities

SENTENCES: Final = Path(__file__).parent / "sentences"
FIT: Final = Path(__file__).parent / "fit.npz"
FOLDS: Final = 4
READ_BY: Final = ("insights/tone", "embedding", "language")
# irony, mixed and turned sentences are many among the shipped ones and few among what customers write
_WEIGHTS: Final = {"irony": 0.15, "mixed": 0.5, "negation": 0.8}


@cache
def read_sentences() -> pd.DataFrame:
    """Return the sentences that the shipped model learns from.

    Returns
    -------
    pandas.DataFrame
        ``text, language, tone`` (-1, 0, 1), ``kind`` (plain, negation, irony, mixed, dialect, romanised, emoji) and
        ``trade`` (hotel, bank, ...). A mixed sentence whose praise and blame balance is neutral.

    Examples
    --------
    >>> sentences = read_sentences()
    >>> sorted(set(sentences["tone"])), bool(sentences["text"].is_unique)
    ([-1, 0, 1], True)
    """
    parts = [pd.read_csv(file, sep="\t", quoting=3, dtype={"tone": int}).assign(language=file.stem)
             for file in sorted(SENTENCES.glob("*.tsv"))]
    table = pd.concat(parts, ignore_index=True).drop_duplicates("text", ignore_index=True)
    return table[["text", "language", "tone", "kind", "trade"]]


@cache
def shipped_digest() -> str:
    """Return a SHA-256 of the sentences and the lexicon."""
    hasher = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.tsv")):
        hasher.update(file.name.encode() + file.read_bytes())
    return hasher.hexdigest()


@dataclass(frozen=True)
class Shipped:
    """The shipped model and what it did on sentences of trades that it had not learned from.

    Attributes
    ----------
    model : ToneModel
        Learned from all sentences, calibrated on the held-out ones.
    held_out : pandas.DataFrame
        The sentences with ``p_negative, p_neutral, p_positive`` from a model that had seen none of their trade, and
        the ``weight`` that each kind of sentence has.
    folds : numpy.ndarray
        Which sentences were held out together.
    fit : dict
        What was learned and what the sentences tell, as arrays.
    encoder, cache_folder
        What the sentences' vectors are asked of.
    """

    model: ToneModel
    held_out: pd.DataFrame
    folds: np.ndarray
    fit: Arrays
    encoder: Encoder
    cache_folder: Path | None = None

    @cached_property
    def evidence(self) -> Evidence:
        """Of the sentences, for a model that learns from them together with others; it needs their vectors."""
        return Evidence.of_arrays(self.fit, embed_statements(read_sentences(), self.encoder, cache=self.cache_folder))


def load_shipped(encoder: Encoder, cache_folder: Path | None = None) -> Shipped:
    """Return the shipped model for an encoder.

    For the embedded encoder what was learned ships with the package. Weights for one encoder's vectors mean nothing
    for another's, so that the sentences ship as well, and are learned from in a second or two for any other encoder.

    Parameters
    ----------
    encoder
        The encoder of the study.
    cache_folder
        Of the vector cache: a slow encoder reads the sentences once, and what was learned for it is kept there.

    Examples
    --------
    >>> from workbench.embedding import load_encoder
    >>> shipped = load_shipped(load_encoder())
    >>> list(shipped.held_out.columns[-3:])
    ['p_negative', 'p_neutral', 'p_positive']
    """
    known = _KNOWN.get(encoder.identity)
    if known is None:
        known = _learn(encoder, cache_folder)
        _KNOWN.clear()
        _KNOWN[encoder.identity] = known
    return Shipped(*known, encoder, cache_folder)


_Known = tuple[ToneModel, pd.DataFrame, np.ndarray, Arrays]
_KNOWN: dict[str, _Known] = {}  # without the encoder, which is large and may be let go of


def ship() -> bool:
    """Learn the shipped model for the embedded encoder anew and write it; return whether its numbers are other ones."""
    return ship_fit(FIT, shipped_digest(), READ_BY, fit_sentences(load_encoder(), None))


def _learn(encoder: Encoder, cache_folder: Path | None) -> _Known:
    sentences = read_sentences()
    model = ToneModel(identity=f"{shipped_digest()} {encoder.identity}")
    fit = known_fit("tone", shipped_digest(), encoder, lambda: fit_sentences(encoder, cache_folder), read_by=READ_BY,
                    kept=cache_folder, shipped=FIT)
    shares = to_probabilities(fit["scores"], float(fit["temperature"]))
    columns = dict(zip(("p_negative", "p_neutral", "p_positive"), shares.T, strict=True))
    held_out = sentences.assign(weight=sentence_weights(sentences), **columns)
    return model.with_learned(fit), held_out, folds_of(sentences["trade"]), fit


def fit_sentences(encoder: Encoder, cache_folder: Path | None) -> Arrays:
    """Return as arrays what the sentences tell, the model that learned from them, and their held-out scores."""
    sentences = read_sentences()
    weights, folds = sentence_weights(sentences), folds_of(sentences["trade"])
    vectors = embed_statements(sentences, encoder, cache=cache_folder)
    evidence = Evidence.of(sentences["text"].tolist(), sentences["language"].tolist(), vectors)
    tones = sentences["tone"].to_numpy()
    scores = held_out_scores(evidence, tones, folds, weights)
    model = ToneModel().fit_evidence(evidence, tones, weights)
    model.temperature = fit_temperature(scores, tones, weights)
    return {**model.learned(), **evidence.arrays(), "scores": scores}


def sentence_weights(sentences: pd.DataFrame) -> np.ndarray:
    """Return how much each sentence counts, by its kind."""
    weights: np.ndarray = sentences["kind"].map(_WEIGHTS).fillna(1.0).to_numpy()
    return weights


def folds_of(groups: pd.Series) -> np.ndarray:
    """Return a fold for each row, the same within a group, the folds being about equally large."""
    sizes = groups.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    load, fold_of = [0] * FOLDS, {}
    for group, size in sizes.items():
        fold_of[group] = load.index(min(load))
        load[fold_of[group]] += size
    folds: np.ndarray = groups.map(fold_of).to_numpy()
    return folds


def held_out_scores(evidence: Evidence, tones: np.ndarray, folds: np.ndarray, weights: np.ndarray | None = None
                    ) -> np.ndarray:
    """Return the scores of each row from a model that learned from the other folds."""
    scores = np.zeros((len(tones), 3))
    for fold in np.unique(folds):
        inside = np.flatnonzero(folds == fold)
        others = np.flatnonzero(folds != fold)
        model = ToneModel().fit_evidence(evidence[others], tones[others], None if weights is None else weights[others])
        scores[inside] = model.scores(evidence[inside])
    return scores

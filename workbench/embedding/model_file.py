"""The file of an embedded encoder: what is in it, how it is read, checked and written.

One ``.npz`` of N tokens in 256 dimensions. Version 1 has 64 one-byte codes a token:

============  ========  ====================================================================================
version       int64     1; files without it are of version 1
vocab         uint8     the N pieces, UTF-8, joined by newlines, zlib-compressed; ``▁`` marks the start of a word
scores        float16   N unigram log-probabilities, used for segmentation only
codes         uint8     N x 64 codes of a product quantiser
cb            float16   256 x 4 codebook, shared by all 64 sub-vectors
norms         float16   N lengths: the weight of a token in the sum (frequent words are short)
============  ========  ====================================================================================

Version 2 has ``version``, ``vocab`` and ``scores`` as well, and numbers in whole steps (see `graded`):

============  ========  ====================================================================================
grades        uint8     N grades; the tokens that are read most often have the lowest
steps         float32   G steps, one a grade
limits        uint8     G x 256: how many steps a number of a grade is long at most
shifts        float16   G x 256 x 2: by how much a number of one step, and of more, is put back shorter
packed        uint8     the numbers, grade by grade, zlib-compressed by the frequency of bytes alone
============  ========  ====================================================================================
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.embedding.graded import GradedModel
from workbench.errors import EncoderError

VERSIONS = (1, 2)
WIDTH = 4
_BLOCK = 4096
# A byte in the table of contents may also say that a member is encrypted or packed otherwise, or make it no archive.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, KeyError, NotImplementedError,
               RuntimeError, TypeError)
_ARRAYS = {1: ("cb", "codes", "norms", "scores", "vocab"),
           2: ("grades", "limits", "packed", "scores", "shifts", "steps", "vocab")}


@dataclass(frozen=True)
class ModelFile:
    """What a model file of version 1 holds, as it lies there."""

    pieces: list[str]
    scores: np.ndarray
    codes: np.ndarray
    codebook: np.ndarray
    norms: np.ndarray

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.codes.shape[1] * self.codebook.shape[1])

    def table(self) -> np.ndarray:
        """Return the vectors of the tokens, float32, one row a token."""
        return self.rows(np.arange(len(self.codes)))

    def rows(self, tokens: np.ndarray) -> np.ndarray:
        """Return the vectors of some tokens, float32; each is the same whatever others are asked for."""
        out = np.empty((len(tokens), self.dimensions), dtype=np.float32)
        codebook, norms = self.codebook.astype(np.float32), self.norms.astype(np.float32)
        for start in range(0, len(tokens), _BLOCK):
            some = tokens[start : start + _BLOCK]
            rows = codebook[self.codes[some]].reshape(len(some), -1)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
            rows *= norms[some][:, None]
            out[start : start + _BLOCK] = rows
        return out


Model = ModelFile | GradedModel


def read_model(content: bytes, path: Path) -> Model:
    """Return what the bytes of a model file hold.

    Parameters
    ----------
    content
        The bytes.
    path
        Where they come from, for messages.

    Raises
    ------
    EncoderError
        If the file is cut short, altered, of another format or of a later version of it.
    """
    version, arrays = _arrays(content, path)
    try:
        pieces = zlib.decompress(arrays["vocab"].tobytes()).decode("utf-8").split("\n")
        if version == 2:
            return _graded(pieces, arrays, path)
    except (zlib.error, UnicodeDecodeError) as error:
        raise _broken(path, "it is cut short or altered") from error
    if not len(pieces) == len(arrays["scores"]) == len(arrays["codes"]) == len(arrays["norms"]):
        raise _broken(path, "its arrays differ in length")
    return ModelFile(pieces, arrays["scores"], arrays["codes"], arrays["cb"], arrays["norms"])


def _graded(pieces: list[str], arrays: dict[str, np.ndarray], path: Path) -> GradedModel:
    packed = np.frombuffer(zlib.decompress(arrays["packed"].tobytes()), dtype=np.uint8)
    model = GradedModel(pieces, arrays["scores"], arrays["grades"], arrays["steps"], arrays["limits"], arrays["shifts"],
                        packed)
    if not model.is_whole:
        raise _broken(path, "its arrays differ in length")
    return model


def write_model(path: Path, model: Model) -> None:
    """Write a model file beside its place, then move it there; the same model gives the same bytes."""
    vocabulary = zlib.compress("\n".join(model.pieces).encode("utf-8"), 9)
    arrays: dict[str, Any] = {"version": np.int64(2 if isinstance(model, GradedModel) else 1),
                              "vocab": np.frombuffer(vocabulary, dtype=np.uint8),
                              "scores": model.scores.astype(np.float16)}
    if isinstance(model, GradedModel):
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
        packed = packer.compress(model.packed.tobytes()) + packer.flush()
        arrays |= {"grades": model.grades, "steps": model.steps, "limits": model.limits, "shifts": model.shifts,
                   "packed": np.frombuffer(packed, dtype=np.uint8)}
    else:
        arrays |= {"codes": model.codes, "cb": model.codebook.astype(np.float16),
                   "norms": model.norms.astype(np.float16)}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.npz")
    np.savez_compressed(beside, **arrays)
    beside.replace(path)


def _broken(path: Path, why: str) -> EncoderError:
    is_ours = path.parent == Path(__file__).parent / "model"
    mend = "Reinstall the package" if is_ours else "Copy it anew or make it again with `voc train-encoder`"
    return EncoderError(f"{path} is not an encoder file that this version reads: {why}. {mend}, or name another "
                        "encoder in the study file.")


def _arrays(content: bytes, path: Path) -> tuple[int, dict[str, np.ndarray]]:
    """Return the version of a file and what lies in it; a zip archive checks every member's CRC while it is read."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        version = int(arrays.get("version", np.int64(1)))
    except _UNREADABLE as error:
        raise _broken(path, "it is cut short or altered") from error
    if version not in VERSIONS:
        raise _broken(path, f"it is of format version {version}, and this program reads versions 1 and 2")
    missing = [name for name in _ARRAYS[version] if name not in arrays]
    if missing:
        raise _broken(path, f"it lacks {', '.join(missing)}")
    return version, arrays

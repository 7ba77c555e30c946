"""The embedded encoder: a cross-lingual static model read with numpy and `tokenizers`, without torch.

The vector of a text is the sum of the vectors of its tokens at unit length, then changed by a small nonlinear step and
brought to unit length again. A text without a known token (an empty one, say) has the zero vector.

All that is multiplied in the step are whole numbers, whose sums stay below 2**24: they are exact in float32, so that
the result is the same whatever the order of the sums, the batch size, the number of threads and the processor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from workbench.embedding import model_file, tokeniser
from workbench.embedding.model_file import Step, read_model
from workbench.embedding.tokeniser import build_tokenizer
from workbench.errors import EncoderError

EMBEDDED_MODEL = Path(__file__).parent / "model" / "embedded-2.npz"
_BATCH = 2048
_INPUT_UNITS = 2047
HIDDEN_UNITS = 255


class StaticEncoder:
    """A static cross-lingual encoder held in one file.

    Each text is encoded on its own: neither the other texts, nor their order, nor the batch size or the
    number of threads changes its vector.

    Parameters
    ----------
    path
        The model file; the model that ships with the package by default.

    Attributes
    ----------
    name : str
        ``"embedded"`` or the file's name.
    identity : str
        SHA-256 of the model file, of this code and of the version of `tokenizers`: what a cached vector is keyed by.
    dimensions : int
        Length of a vector.

    Raises
    ------
    EncoderError
        If the file is missing, cut short, altered or of another format.

    Examples
    --------
    >>> encoder = StaticEncoder()
    >>> vectors = encoder.encode(["the invoice is wrong", "الفاتورة غلط", "صورتحساب اشتباه است"])
    >>> vectors.shape
    (3, 256)
    >>> bool((vectors @ vectors.T).min() > 0.6)
    True
    """

    def __init__(self, path: str | Path = EMBEDDED_MODEL) -> None:
        self.path = Path(path)
        self.name = "embedded" if self.path == EMBEDDED_MODEL else self.path.name
        content = _read(self.path)
        self.identity = _identity(content)
        model = read_model(content, self.path)
        self._tokenizer = build_tokenizer(model.pieces, model.scores)
        self._weights = model.table()
        self._step = model.step
        self.dimensions = int(self._weights.shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 vectors of unit length, shape ``(len(texts), dimensions)``.

        A text without a known token (an empty one, say) has the zero vector.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                if encoding.ids:
                    vectors[row] = self._weights[encoding.ids].sum(axis=0)
        return apply_step(vectors, self._step)


def apply_step(sums: np.ndarray, step: Step) -> np.ndarray:
    """Return the vectors of texts from the sums of their tokens: unit length, the nonlinear step, unit length.

    A zero row stays zero.

    Parameters
    ----------
    sums
        float32, one row a text.
    step
        The step of a model.

    Examples
    --------
    >>> from workbench.embedding.model_file import no_step
    >>> apply_step(np.array([[3, 4], [0, 0]], np.float32), no_step(2)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    vectors = _to_unit_length(sums)
    if not len(step.bias):
        return vectors
    unit_in, unit_hidden, unit_out = step.scales
    whole = np.rint(vectors * np.float32(_INPUT_UNITS))
    hidden = whole @ step.weights_in.T.astype(np.float32) * (unit_in / np.float32(_INPUT_UNITS)) + step.bias
    whole = np.rint(np.clip(hidden / unit_hidden, 0, HIDDEN_UNITS))
    changed = vectors + whole @ step.weights_out.T.astype(np.float32) * (unit_hidden * unit_out)
    changed[~vectors.any(axis=1)] = 0
    return _to_unit_length(changed)


def _to_unit_length(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)


def static_identity(path: Path) -> str:
    """Return what the vectors of a model file are keyed by: the file, the code that reads it, and its tokeniser."""
    return _identity(_read(path))


def _identity(content: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(content).digest() + _code().encode()).hexdigest()


@cache
def _code() -> str:
    """Return a digest of the code that folds texts and adds vectors, with the version that cuts texts to tokens."""
    files = (__file__, tokeniser.__file__, model_file.__file__)
    code = b"".join(hashlib.sha256(Path(file).read_bytes()).digest() for file in files)
    return f"{hashlib.sha256(code).hexdigest()} tokenizers {version('tokenizers')}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EncoderError(f"The encoder file {path} cannot be read ({error.strerror}).") from error

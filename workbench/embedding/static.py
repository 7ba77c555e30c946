"""The embedded encoder: a cross-lingual static model read with numpy and `tokenizers`, without torch.

The vector of a text is the sum of the vectors of its tokens, brought to unit length. A text without a known token (an
empty one, say) has the zero vector.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from workbench.embedding import model_file, tokeniser
from workbench.embedding.model_file import read_model
from workbench.embedding.tokeniser import build_tokenizer
from workbench.errors import EncoderError

EMBEDDED_MODEL = Path(__file__).parent / "model" / "embedded-2.npz"
_BATCH = 2048


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
        self.dimensions = int(self._weights.shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 vectors of unit length, shape ``(len(texts), dimensions)``.

        A text without a known token (an empty one, say) has the zero vector.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            for row, ids in enumerate(self.tokenise(texts[start : start + _BATCH]), start):
                if ids:
                    vectors[row] = self._weights[ids].sum(axis=0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 1e-9)

    def tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the tokens of each text."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def vocabulary(self) -> dict[str, int]:
        """Return the number of each token."""
        entries: dict[str, int] = self._tokenizer.get_vocab()
        return entries

    def table(self) -> np.ndarray:
        """Return the vectors of the tokens, as they are summed."""
        return self._weights


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

"""The embedded encoder: a cross-lingual static model read with numpy and `tokenizers`, without torch.

The vector of a text is the sum of the vectors of its tokens, brought to unit length. A text without a known token (an
empty one, say, or one in letters that the model never saw) has the zero vector.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import numpy as np

from workbench.embedding import graded, model_file, reader, tokeniser, word_forms
from workbench.embedding.model_file import read_model
from workbench.errors import EncoderError

EMBEDDED_MODEL = Path(__file__).parent / "model" / "embedded-3.npz"
_BATCH = 2048
_UNREAD = -1
_SILENT = (tokeniser.UNKNOWN, tokeniser.PADDING, tokeniser.WORD_START)
_LOCK = threading.Lock()


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
        content = _bytes_of(self.path)
        self.identity = _identity(hashlib.sha256(content).digest())
        self._model = read_model(content, self.path)
        self._silent = {at for at, piece in enumerate(self._model.pieces) if piece in _SILENT}
        self.dimensions = self._model.dimensions
        self._weights = np.empty((0, self.dimensions), dtype=np.float32)
        self._place = np.full(len(self._model.pieces), _UNREAD, dtype=np.int64)
        self._read = 0

    @cached_property
    def _reader(self) -> reader.Reader:
        """Made when the first text is read: where all vectors are stored, it takes longer than all else."""
        return reader.Reader(self._model.pieces, self._model.scores)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 vectors of unit length, shape ``(len(texts), dimensions)``.

        A text without a known token (an empty one, say, or one in letters that the model never saw) has the zero
        vector.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            with _LOCK:
                tokens = self._reader.tokenise(texts[start : start + _BATCH])
                known = [[] if self._silent.issuperset(ids) else ids for ids in tokens]
                vectors[start : start + _BATCH] = self._sums(known)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 1e-9)

    def tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the tokens of each text."""
        with _LOCK:
            return self._reader.tokenise(texts)

    def _sums(self, tokens: list[list[int]]) -> np.ndarray:
        """Return the sum of the vectors of each text's tokens, added up in their order."""
        from scipy.sparse import csr_matrix

        ends = np.cumsum([0, *map(len, tokens)])
        ids = np.fromiter(chain.from_iterable(tokens), dtype=np.int64, count=int(ends[-1]))
        self._read_tokens(ids)
        shape = (len(tokens), len(self._weights))
        chosen = csr_matrix((np.ones(len(ids), dtype=np.float32), self._place[ids], ends), shape)
        return np.asarray(chosen @ self._weights)

    def _read_tokens(self, ids: np.ndarray) -> None:
        """Make the vectors of tokens not met before, behind those that were: most of a vocabulary never is met."""
        wanted = np.zeros(len(self._place), dtype=bool)
        wanted[ids] = True
        new = np.flatnonzero(wanted & (self._place == _UNREAD))
        end = self._read + len(new)
        if end > len(self._weights):
            grown = np.empty((min(2 * end, len(self._place)), self.dimensions), dtype=np.float32)
            grown[: self._read] = self._weights[: self._read]
            self._weights = grown
        self._weights[self._read : end] = self._model.rows(new)
        self._place[new] = np.arange(self._read, end)
        self._read = end

    def vocabulary(self) -> dict[str, int]:
        """Return the number of each token."""
        return self._reader.vocabulary()

    def table(self) -> np.ndarray:
        """Return the vectors of the tokens, as they are summed."""
        return self._model.table()


def static_identity(path: Path) -> str:
    """Return what the vectors of a model file are keyed by: the file, the code that reads it, and its tokeniser."""
    try:
        now = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return _identity(_digest_of(path, now.st_ino, now.st_size, now.st_mtime_ns))


@cache
def _digest_of(path: Path, *_: int) -> bytes:
    """Return the digest of a model file, which is read once as long as it stays as it is."""
    return hashlib.sha256(_bytes_of(path)).digest()


def _identity(digest: bytes) -> str:
    return hashlib.sha256(digest + _code().encode()).hexdigest()


@cache
def _code() -> str:
    """Return a digest of the code that folds texts and adds vectors, with the version that cuts texts to tokens."""
    files = (__file__, graded.__file__, model_file.__file__, reader.__file__, tokeniser.__file__, word_forms.__file__)
    code = b"".join(hashlib.sha256(Path(file).read_bytes()).digest() for file in files)
    return f"{hashlib.sha256(code).hexdigest()} tokenizers {version('tokenizers')}"


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> EncoderError:
    return EncoderError(f"The encoder file {path} cannot be read ({error.strerror}). Check the name, or write "
                        "`encoder: embedded` to use the encoder inside the package.")

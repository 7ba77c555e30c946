"""The embedded encoder: a cross-lingual static model read with numpy and `tokenizers`, without torch.

File format (one ``.npz``; N tokens, 256 dimensions, 64 one-byte codes a token):

========  =======  ==========================================================================================
vocab     uint8    the N pieces, UTF-8, joined by newlines, zlib-compressed; ``▁`` marks the start of a word
scores    float16  N unigram log-probabilities, used for segmentation only
codes     uint8    N x 64 codes of a product quantiser
cb        float16  256 x 4 codebook, shared by all 64 sub-vectors
norms     float16  N lengths: the weight of a token in the sum (frequent words are short)
========  =======  ==========================================================================================

A token's vector is its decoded direction times its length. A text's vector is the sum over its tokens,
brought to unit length. A text without a known token has the zero vector.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from workbench.errors import EncoderError

EMBEDDED_MODEL = Path(__file__).parent / "model" / "embedded-2.npz"
_ARRAYS = ("cb", "codes", "norms", "scores", "vocab")
_BATCH = 2048

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
# Folding that the model was trained with: changing it would change every vector.
_FOLDS = (
    ("[\u064b-\u0652\u0670\u0640\u200e\u200f\u00ad\ufe0f]", ""),
    ("\u200c", " "),
    ("\u064a", "\u06cc"),
    ("\u0649", "\u06cc"),
    ("\u0643", "\u06a9"),
    ("[\u0623\u0625\u0622\u0671]", "\u0627"),
    ("\u0629", "\u0647"),
    ("i\u0307", "i"),
    ("\u2019", "'"),
    (r"\d+", "0"),
)


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
        arrays = _arrays(content, self.path)
        pieces = zlib.decompress(arrays["vocab"].tobytes()).decode("utf-8").split("\n")
        if not len(pieces) == len(arrays["scores"]) == len(arrays["codes"]) == len(arrays["norms"]):
            raise _broken(self.path, "its arrays differ in length")
        self._tokenizer = _tokenizer(pieces, arrays["scores"])
        self._weights = _decode(arrays)
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
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 1e-9)


def static_identity(path: Path) -> str:
    """Return what the vectors of a model file are keyed by: the file, the code that reads it, and its tokeniser."""
    return _identity(_read(path))


def _identity(content: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(content).digest() + _code().encode()).hexdigest()


@cache
def _code() -> str:
    """Return a digest of this file, which folds texts and adds vectors, with the version that cuts texts to tokens."""
    return f"{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()} tokenizers {version('tokenizers')}"


def _broken(path: Path, why: str) -> EncoderError:
    return EncoderError(
        f"{path.name} is not an encoder file that this version reads: {why}. "
        "Reinstall the package, or name another encoder in the study file."
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EncoderError(f"The encoder file {path} cannot be read ({error.strerror}).") from error


def _arrays(content: bytes, path: Path) -> dict[str, np.ndarray]:
    """Unpack the file; a zip archive checks every member's CRC while it is read."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            missing = [name for name in _ARRAYS if name not in archive.files]
            if missing:
                raise _broken(path, f"it lacks {', '.join(missing)}")
            return {name: archive[name] for name in _ARRAYS}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError) as error:
        raise _broken(path, "it is cut short or altered") from error


def _decode(arrays: dict[str, np.ndarray]) -> np.ndarray:
    weights = arrays["cb"].astype(np.float32)[arrays["codes"]].reshape(len(arrays["codes"]), -1)
    weights /= np.linalg.norm(weights, axis=1, keepdims=True) + 1e-9
    weights *= arrays["norms"].astype(np.float32)[:, None]
    return weights


def _tokenizer(pieces: list[str], scores: np.ndarray):  # type: ignore[no-untyped-def]  # tokenizers has no types
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    pairs = list(zip(pieces, scores.astype(np.float64).tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(pairs, unk_id=0, byte_fallback=False))
    folds = [normalizers.Replace(Regex(pattern), by) for pattern, by in _FOLDS]
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), *folds])
    words = Regex(rf"[{_CJK}ー]+|[^\w\s'{_CJK}]|'")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(),
        pre_tokenizers.Split(words, "isolated"),
        pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False),
    ])
    return tokenizer

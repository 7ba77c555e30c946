"""Encoders by name: the embedded one, a hub model or a local folder, all under one small protocol."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from workbench.arguments import check_text
from workbench.embedding.presets import find_preset
from workbench.embedding.static import EMBEDDED_MODEL, StaticEncoder, static_identity
from workbench.embedding.tokeniser import mend_surrogates
from workbench.errors import EncoderError

EMBEDDED = "embedded"
_HUB_SECONDS = 15
_NORMALISED = True
_MARKS = 4  # tokens that a model puts around a text, at most
_HUB_LIBRARIES = ("sentence-transformers", "transformers", "tokenizers")


@runtime_checkable
class Encoder(Protocol):
    """What every encoder has.

    ``identity`` changes whenever a vector might: it is part of every cache key.
    ``encode`` returns float32, one row a text, unit length or zero.
    """

    name: str
    identity: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text."""
        ...


@runtime_checkable
class BatchEncoder(Protocol):
    """An encoder that works on several batches at once."""

    def encode_batches(self, batches: Sequence[list[str]]) -> Iterator[np.ndarray]:
        """Return the vectors of every batch, in their order."""
        ...


class HubEncoder:
    """A sentence-transformers model, from a hub or from a local folder.

    Parameters
    ----------
    name
        A hub name such as ``intfloat/multilingual-e5-small``, one of the short names in `PRESETS`, or a folder.
    batch_size
        Texts encoded at once; by the preset when not given.
    device
        ``"cuda"``, ``"mps"`` or ``"cpu"``; when not given, a CUDA device if there is one, else the processor.
    half
        Whether to compute in half precision, which is twice as fast on a CUDA device and the default there.

    Raises
    ------
    EncoderError
        If the model cannot be loaded. It never falls back to another model.

    Warns
    -----
    UserWarning
        If texts are longer than the model reads: how many, and how much of a text it reads.
    """

    def __init__(self, name: str, batch_size: int | None = None, device: str | None = None, half: bool | None = None
                 ) -> None:
        check_text("name", name)
        preset = find_preset(name)
        self.name = preset.model
        self.batch_size = batch_size or preset.batch_size
        self.device, self.half = choose_device(device, half)
        self._model = _load_model(self.name, self.device)
        if self.half:
            self._model.half()
        if preset.most_tokens and isinstance(self._model.max_seq_length, int):
            self._model.max_seq_length = min(preset.most_tokens, self._model.max_seq_length)
        self._prefix = _prefix(name)
        self.dimensions = int(self._model.encode(["a"]).shape[1])
        self.identity = identify_encoder(name, self.half)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 vectors of unit length, shape ``(len(texts), dimensions)``."""
        if not len(texts):
            return np.zeros((0, self.dimensions), dtype=np.float32)
        texts = [mend_surrogates(text) for text in texts]
        self._tell_truncation(texts)
        prefixed = [self._prefix + text for text in texts]
        vectors = self._model.encode(
            prefixed, batch_size=self.batch_size, normalize_embeddings=_NORMALISED, show_progress_bar=False
        )
        vectors = np.asarray(vectors, dtype=np.float32)
        vectors[[not text.strip() for text in texts]] = 0  # an empty text means nothing, whatever a model makes of it
        return vectors

    def _tell_truncation(self, texts: Sequence[str]) -> None:
        """Warn of texts that are longer than the model reads; short ones are not cut into tokens to find out."""
        most = self._model.max_seq_length
        if not isinstance(most, int):
            return
        prefixed = [self._prefix + text for text in texts]
        suspects = [text for text in prefixed if len(text.encode()) + _MARKS > most]  # a token has a byte or more
        tokens = self._model.tokenizer(suspects, truncation=False, verbose=False)["input_ids"] if suspects else []
        count = sum(len(ids) > most for ids in tokens)
        if count:
            warnings.warn(f"{count:,} of {len(texts):,} texts are longer than the {most} tokens that {self.name} "
                          "reads; what comes after them does not enter their vectors.", stacklevel=3)


def choose_device(device: str | None = None, half: bool | None = None) -> tuple[str, bool]:
    """Return the device to compute on and whether in half precision.

    Examples
    --------
    >>> choose_device("cpu"), choose_device("cuda"), choose_device("cuda", half=False)
    (('cpu', False), ('cuda', True), ('cuda', False))
    """
    if device is None:
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
    return device, device.startswith("cuda") if half is None else half


def load_encoder(name: str = EMBEDDED) -> Encoder:
    """Return the encoder that a study file names. It is kept, the embedded one and one other, until `let_go`.

    Parameters
    ----------
    name
        ``"embedded"`` for the model inside the package (works offline, no torch), a ``.npz`` file of the same
        format, a local sentence-transformers folder, a hub name, or a short name out of `PRESETS`.

    Raises
    ------
    EncoderError
        If it cannot be loaded; the message names the embedded default.

    Examples
    --------
    >>> load_encoder("embedded").dimensions
    256
    """
    check_text("name", name)
    return _embedded() if name == EMBEDDED else _other(name, identify_encoder(name))


def is_in_one_file(name: str) -> bool:
    """Return whether a name means an encoder of the embedded kind: one file of a few megabytes, no torch.

    Examples
    --------
    >>> is_in_one_file("embedded"), is_in_one_file("own.npz"), is_in_one_file("intfloat/multilingual-e5-small")
    (True, True, False)
    """
    check_text("name", name)
    return name == EMBEDDED or name.endswith(".npz")


@cache
def _embedded() -> StaticEncoder:
    """Read the embedded encoder once in a process: decoding it takes a second."""
    return StaticEncoder()


@lru_cache(maxsize=1)
def _other(name: str, identity: str) -> Encoder:
    """Load an encoder once in a process, as long as it is the one that it was: large ones take many seconds."""
    return StaticEncoder(name) if is_in_one_file(name) else HubEncoder(name)


def let_go() -> None:
    """Let go of the encoders that are kept: the embedded one is a third of a gigabyte, one from a hub up to several.

    Who asks for one again waits until it has been read again.

    Examples
    --------
    >>> encoder = load_encoder()
    >>> let_go()
    >>> load_encoder() is encoder, load_encoder().identity == encoder.identity
    (False, True)
    """
    _embedded.cache_clear()
    let_go_of_hub()


def let_go_of_hub() -> None:
    """Let go of an encoder that is not the embedded one: when an analysis is done, nothing asks for it."""
    _other.cache_clear()


def ask_for_model(name: str) -> None:
    """Raise whatever the hub client raises if a model is neither a folder nor stored here nor on the hub.

    It is one quick question; loading would ask again and again.
    """
    if not Path(name).is_dir() and _cached_commit(name) is None:
        from huggingface_hub import model_info

        model_info(name, timeout=_HUB_SECONDS)


def _load_model(name: str, device: str = "cpu") -> Any:
    try:
        ask_for_model(name)
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(name, device=device)
    except Exception as error:  # the hub client raises a dozen unrelated types; all mean the same
        raise EncoderError(
            f"The encoder {name!r} could not be loaded ({type(error).__name__}). It is neither a local "
            "sentence-transformers folder nor a hub model that can be reached from here. Check the name and the "
            f"connection, or write `encoder: {EMBEDDED}` to use the encoder inside the package."
        ) from error


def identify_encoder(name: str, half: bool | None = None) -> str:
    """Return what an encoder's vectors are keyed by, without loading it where that can be avoided.

    For the embedded format a SHA-256 of the model file, the code that reads it and the version of `tokenizers`. For
    a local folder one of all its files, for a hub model one of its name and commit; both with what is put in front of
    a text, where it is cut, the normalisation, the precision (`half`, by the device when not given) and the versions
    of the libraries that encode.

    Raises
    ------
    EncoderError
        If the encoder cannot be found, or if the commit of a hub model cannot be told.

    Examples
    --------
    >>> identify_encoder("embedded") == load_encoder("embedded").identity
    True
    """
    if is_in_one_file(name):
        return static_identity(EMBEDDED_MODEL if name == EMBEDDED else Path(name))
    manner = _manner(name, choose_device(half=half)[1])
    name = find_preset(name).model
    if Path(name).is_dir():
        return hashlib.sha256(f"{_folder_digest(Path(name))} {manner}".encode()).hexdigest()
    commit = _cached_commit(name)
    if commit is None:
        _load_model(name)
        commit = _cached_commit(name)
    if commit is None:
        raise EncoderError(
            f"The encoder {name!r} was loaded, but its config.json is not in the local hub cache, so that its version "
            "cannot be told and vectors could not be kept apart from those of another version. Save the model into a "
            f"folder and name that folder in the study file, or write `encoder: {EMBEDDED}`."
        )
    return hashlib.sha256(f"{name}@{commit} {manner}".encode()).hexdigest()


def _prefix(name: str) -> str:
    return find_preset(name).prefix


def _manner(name: str, half: bool) -> str:
    """Return how texts are given to a sentence-transformers model, and by which versions they are encoded."""
    versions = [f"{library}=={_version(library)}" for library in _HUB_LIBRARIES]
    return repr((_prefix(name), find_preset(name).most_tokens, _NORMALISED, half, versions))


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _folder_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").hexdigest().encode())
    return digest.hexdigest()


def _cached_commit(name: str) -> str | None:
    """Return the commit of a hub model in the local hub cache: the folder that its configuration lies in."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, "config.json")
    except HFValidationError:  # a path that is not there is no name of a model either
        return None
    return Path(found).parent.name if isinstance(found, str) else None

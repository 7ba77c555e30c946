"""Encoders by name: the embedded one, a hub model or a local folder, all under one small protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from workbench.embedding.static import EMBEDDED_MODEL, StaticEncoder, static_identity
from workbench.errors import EncoderError

EMBEDDED = "embedded"
_HUB_SECONDS = 15
_NORMALISED = True
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


class HubEncoder:
    """A sentence-transformers model, from a hub or from a local folder.

    Parameters
    ----------
    name
        A hub name such as ``intfloat/multilingual-e5-small``, or a folder.
    batch_size
        Texts encoded at once.

    Raises
    ------
    EncoderError
        If the model cannot be loaded. It never falls back to another model.
    """

    def __init__(self, name: str, batch_size: int = 64) -> None:
        self.name = name
        self.batch_size = batch_size
        self._model = _load_model(name)
        self._prefix = _prefix(name)
        self.dimensions = int(self._model.encode(["a"]).shape[1])
        self.identity = identify_encoder(name)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 vectors of unit length, shape ``(len(texts), dimensions)``."""
        if not len(texts):
            return np.zeros((0, self.dimensions), dtype=np.float32)
        prefixed = [self._prefix + text for text in texts]
        vectors = self._model.encode(
            prefixed, batch_size=self.batch_size, normalize_embeddings=_NORMALISED, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def load_encoder(name: str = EMBEDDED) -> Encoder:
    """Return the encoder that a study file names.

    Parameters
    ----------
    name
        ``"embedded"`` for the model inside the package (works offline, no torch), a ``.npz`` file of the same
        format, a local sentence-transformers folder, or a hub name.

    Raises
    ------
    EncoderError
        If it cannot be loaded; the message names the embedded default.

    Examples
    --------
    >>> load_encoder("embedded").dimensions
    256
    """
    if name == EMBEDDED:
        return _embedded()
    if name.endswith(".npz"):
        return StaticEncoder(name)
    return HubEncoder(name)


@cache
def _embedded() -> StaticEncoder:
    """Read the embedded encoder once in a process: decoding it takes a second."""
    return StaticEncoder()


def _load_model(name: str) -> Any:
    try:
        if not Path(name).is_dir() and _cached_commit(name) is None:
            from huggingface_hub import model_info

            model_info(name, timeout=_HUB_SECONDS)  # one quick question; loading would ask again and again
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(name)
    except Exception as error:  # the hub client raises a dozen unrelated types; all mean the same
        raise EncoderError(
            f"The encoder {name!r} could not be loaded ({type(error).__name__}). It is neither a local "
            "sentence-transformers folder nor a hub model that can be reached from here. Check the name and the "
            f"connection, or write `encoder: {EMBEDDED}` to use the encoder inside the package."
        ) from error


def identify_encoder(name: str) -> str:
    """Return what an encoder's vectors are keyed by, without loading it where that can be avoided.

    For the embedded format a SHA-256 of the model file, the code that reads it and the version of `tokenizers`. For
    a local folder one of all its files, for a hub model one of its name and commit; both with what is put in front of
    a text, the normalisation and the versions of the libraries that encode.

    Raises
    ------
    EncoderError
        If the encoder cannot be found, or if the commit of a hub model cannot be told.

    Examples
    --------
    >>> identify_encoder("embedded") == load_encoder("embedded").identity
    True
    """
    if name == EMBEDDED or name.endswith(".npz"):
        return static_identity(EMBEDDED_MODEL if name == EMBEDDED else Path(name))
    if Path(name).is_dir():
        return hashlib.sha256(f"{_folder_digest(Path(name))} {_manner(name)}".encode()).hexdigest()
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
    return hashlib.sha256(f"{name}@{commit} {_manner(name)}".encode()).hexdigest()


def _prefix(name: str) -> str:
    """Return what a model wants in front of every text: models of the E5 family want the kind of text."""
    return "query: " if "e5" in Path(name).name.lower().split("-") else ""


def _manner(name: str) -> str:
    """Return how texts are given to a sentence-transformers model, and by which versions they are encoded."""
    return repr((_prefix(name), _NORMALISED, [f"{library}=={_version(library)}" for library in _HUB_LIBRARIES]))


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

    found = try_to_load_from_cache(name, "config.json")
    return Path(found).parent.name if isinstance(found, str) else None

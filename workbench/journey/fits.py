"""Fitted models as files, so that a model's examples are read once for each encoder and not in every run."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

_KEPT = 4  # of a kind: those of other encoders and journey models, and of code that is gone
_READ_BY = ("journey", "embedding", "language", "themes/whole_numbers.py")


def fit_key(fingerprint: str, encoder_identity: str, read_by: tuple[str, ...] = _READ_BY) -> str:
    """Return what a fit is kept under: the model, the encoder, the code that reads examples, and numpy's version.

    Parameters
    ----------
    fingerprint, encoder_identity
        Of the model with its examples, and of the encoder.
    read_by
        Folders and files of the package whose code makes the fit.

    Examples
    --------
    >>> fit_key("model", "one") == fit_key("model", "one"), fit_key("model", "one") == fit_key("model", "other")
    (True, False)
    """
    return hashlib.sha256(repr((fingerprint, encoder_identity, _code(read_by), np.__version__)).encode()).hexdigest()


def read_fit(folder: str | Path, key: str, of: str = "journey") -> dict[str, np.ndarray] | None:
    """Return the arrays kept under a key, or nothing where there are none or the file is damaged."""
    with suppress(OSError, ValueError, EOFError, zipfile.BadZipFile), _path(folder, key, of).open("rb") as file:
        return dict(np.load(file))
    return None


def write_fit(folder: str | Path, key: str, arrays: dict[str, np.ndarray], of: str = "journey") -> None:
    """Keep arrays under a key, and the last few of their kind; where the folder cannot be written, nothing is kept.

    Examples
    --------
    >>> folder = tempfile.mkdtemp()
    >>> write_fit(folder, "k", {"weights": np.eye(2)})
    >>> read_fit(folder, "k")["weights"].tolist(), read_fit(folder, "other")
    ([[1.0, 0.0], [0.0, 1.0]], None)
    """
    path = _path(folder, key, of)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=f".{of}-", suffix=".npz", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]
            os.replace(beside, path)
        finally:
            Path(beside).unlink(missing_ok=True)
        kept = sorted(path.parent.glob(f"{of}-*.npz"), key=lambda each: (each.stat().st_mtime_ns, each.name))
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)


def _path(folder: str | Path, key: str, of: str) -> Path:
    return Path(folder) / f"{of}-{key[:16]}.npz"


@cache
def _code(read_by: tuple[str, ...]) -> str:
    root, hasher = Path(__file__).parent.parent, hashlib.sha256()
    named = [root / name for name in read_by]
    for path in sorted(path for one in named for path in ([one] if one.is_file() else one.rglob("*.py"))):
        hasher.update(path.relative_to(root).as_posix().encode())
        hasher.update(path.read_bytes())
    return hasher.hexdigest()

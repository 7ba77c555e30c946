"""What was fitted to examples, as files: it is learned once for each encoder, and not in every run.

A fit is a few arrays. Those for the embedded encoder ship with the package; those for other encoders are kept in the
folder of the vector cache. A file serves as long as the examples, the encoder and the code that reads them are what
they were; else the fit is made anew. ``make fits`` makes the shipped ones again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np

from workbench.embedding.encoders import EMBEDDED, Encoder, identify_encoder
from workbench.embedding.static import EMBEDDED_MODEL

Arrays = dict[str, np.ndarray]

_DAMAGED = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
_KEPT = 4  # of a kind: those of other encoders and journey models, and of code that is gone
_ROUNDING = 1e-9  # of a kind's largest number: what other processors make of the same examples differs by less


def known_fit(of: str, fingerprint: str, encoder: Encoder, make: Callable[[], Arrays], *, read_by: tuple[str, ...],
              kept: str | Path | None = None, shipped: Path | None = None) -> Arrays:
    """Return the arrays of a fit: those that ship, else those that were kept, else made now and kept.

    A shipped fit serves whatever the versions of libraries, so that machines agree on it; a kept one was made on this
    machine, and is made again when numpy, scipy or scikit-learn is another one.

    Parameters
    ----------
    of
        What is fitted, for the names of files.
    fingerprint, encoder
        Of what is fitted with its examples, and the encoder of their vectors.
    make
        Makes the fit.
    read_by
        Folders and files of the package whose code makes it.
    kept
        A folder to keep it in.
    shipped
        The file that ships, for the embedded encoder.
    """
    if shipped is not None and encoder.identity == identify_encoder(EMBEDDED):
        found = read_shipped(shipped, fingerprint, read_by)
        if found is not None:
            return found
    key = fit_key(fingerprint, encoder.identity, read_by)
    fit = None if kept is None else read_fit(kept, key, of)
    if fit is None:
        fit = make()
        if kept is not None:
            write_fit(kept, key, fit, of)
    return fit


def ship_fit(shipped: Path, fingerprint: str, read_by: tuple[str, ...], fit: Arrays, rounding: float = _ROUNDING
             ) -> bool:
    """Write a fit that ships, with what it is known by; return whether its numbers are other ones.

    Numbers that differ by rounding alone, as `same_fit` has it, stay as they are: code that changes no result changes
    no file of results.

    Examples
    --------
    >>> file = Path(tempfile.mkdtemp()) / "fit.npz"
    >>> [ship_fit(file, "examples", (), {"weights": np.eye(2) + change}) for change in (0, 1e-12, 0.1)]
    [True, False, True]
    >>> read_shipped(file, "examples", ())["weights"][0].tolist(), read_shipped(file, "other examples", ())
    ([1.1, 0.1], None)
    """
    changed = not (shipped.is_file() and same_fit(_load(shipped.read_bytes()), fit, rounding))
    if changed:
        shipped.parent.mkdir(parents=True, exist_ok=True)
        _write(shipped, fit, np.savez_compressed)
    beside = shipped.with_suffix(".key.new")
    beside.write_text(_shipped_key(fingerprint, read_by, shipped.read_bytes()) + "\n", encoding="utf-8")
    beside.replace(shipped.with_suffix(".key"))
    return changed


def read_shipped(shipped: Path, fingerprint: str, read_by: tuple[str, ...]) -> Arrays | None:
    """Return a fit that ships, or nothing where it is of other examples, another embedded encoder or other code.

    What it is known by holds for the file byte by byte: one that was damaged, or came from elsewhere, is left.
    """
    with suppress(OSError, ValueError):
        content = shipped.read_bytes()
        known_by = shipped.with_suffix(".key").read_text(encoding="utf-8").strip()
        if known_by == _shipped_key(fingerprint, read_by, content):
            return _load(content)
    return None


def same_fit(one: Arrays, other: Arrays, rounding: float = _ROUNDING) -> bool:
    """Return whether two fits are the same to rounding, a share of the largest number of each array.

    Examples
    --------
    >>> same_fit({"weights": np.array([1e6, 0])}, {"weights": np.array([1e6, 1e-5])}), same_fit({}, {"a": np.eye(1)})
    (True, False)
    """
    if {name: array.shape for name, array in one.items()} != {name: array.shape for name, array in other.items()}:
        return False
    return all(np.allclose(array, other[name], rtol=0, atol=rounding * max(1.0, float(np.abs(array).max(initial=0))))
               for name, array in one.items())


def fit_key(fingerprint: str, encoder_identity: str, read_by: tuple[str, ...]) -> str:
    """Return what a fit is kept under: model, encoder, the code that reads examples, and the libraries that calculate.

    Parameters
    ----------
    fingerprint, encoder_identity
        Of the model with its examples, and of the encoder.
    read_by
        Folders and files of the package whose code makes the fit.

    Examples
    --------
    >>> fit_key("model", "one", ()) == fit_key("model", "one", ()), fit_key("model", "one", ()) == fit_key("model",
    ...     "other", ())
    (True, False)
    """
    return hashlib.sha256(repr((fingerprint, encoder_identity, _code(read_by), _libraries())).encode()).hexdigest()


def read_fit(folder: str | Path, key: str, of: str) -> Arrays | None:
    """Return the arrays kept under a key, or nothing where there are none or the file is damaged."""
    with suppress(*_DAMAGED):
        return _load(_path(folder, key, of).read_bytes())
    return None


def write_fit(folder: str | Path, key: str, arrays: Arrays, of: str) -> None:
    """Keep arrays under a key, and the last few of their kind; where the folder cannot be written, nothing is kept.

    Examples
    --------
    >>> folder = tempfile.mkdtemp()
    >>> write_fit(folder, "k", {"weights": np.eye(2)}, "tone")
    >>> read_fit(folder, "k", "tone")["weights"].tolist(), read_fit(folder, "other", "tone")
    ([[1.0, 0.0], [0.0, 1.0]], None)
    """
    path = _path(folder, key, of)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, arrays, np.savez)
        kept = sorted(path.parent.glob(f"{of}-*.npz"), key=lambda each: (each.stat().st_mtime_ns, each.name))
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)


def _write(path: Path, arrays: Arrays, save: Callable[..., None]) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".npz", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            save(file, **arrays)
        os.replace(beside, path)
    finally:
        Path(beside).unlink(missing_ok=True)


def _load(content: bytes) -> Arrays:
    return dict(np.load(BytesIO(content)))


def _path(folder: str | Path, key: str, of: str) -> Path:
    return Path(folder) / f"{of}-{key[:16]}.npz"


def _shipped_key(fingerprint: str, read_by: tuple[str, ...], content: bytes) -> str:
    parts = (fingerprint, _embedded_digest(), _code(read_by), hashlib.sha256(content).hexdigest())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@cache
def _embedded_digest() -> str:
    return hashlib.sha256(EMBEDDED_MODEL.read_bytes()).hexdigest()


@cache
def _libraries() -> str:
    from importlib.metadata import version

    return " ".join(version(name) for name in ("numpy", "scipy", "scikit-learn"))


@cache
def _code(read_by: tuple[str, ...]) -> str:
    root, hasher = Path(__file__).parent.parent, hashlib.sha256()
    named = [root / name for name in read_by]
    for path in sorted(path for one in named for path in ([one] if one.is_file() else one.glob("*.py"))):
        hasher.update(path.relative_to(root).as_posix().encode())
        hasher.update(path.read_bytes())
    return hasher.hexdigest()

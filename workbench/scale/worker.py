"""What a worker does: unpack a block, work on it, and never say a word of it.

Comments are hostile and personal. Dask writes the arguments and the exception of a failed task into its logs, so that
arguments come sealed and exceptions leave without their message.
"""

from __future__ import annotations

import hashlib
import pickle
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.embedding import Encoder

_LOADING = threading.Lock()


class BlockError(Exception):
    """A block failed in a way that was not foreseen; the message names worker, kind and place, not the cause."""


class Sealed:
    """A call as bytes that show themselves nowhere."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<a call of {len(self.content)} bytes>"


@dataclass(frozen=True)
class Refused:
    """What a worker answers in place of a result, to be shown as it is."""

    reason: str


def seal(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Sealed:
    """Return a call as bytes.

    Examples
    --------
    >>> "0171" in repr(seal(len, (["my number is 0171 2345678"],)))
    False
    """
    return Sealed(pickle.dumps((function, arguments), protocol=5))


def name_call(function: Callable[..., Any], sealed: Sealed, fingerprint: str) -> str:
    """Return the key of a call: the name of its function and a SHA-256 of all that decides its result.

    Examples
    --------
    >>> key = name_call(len, seal(len, ("دیر",)), "")
    >>> key[:4], len(key)
    ('len-', 68)
    """
    hasher = hashlib.sha256(fingerprint.encode())
    hasher.update(sealed.content)
    return f"{function.__name__.strip('_').replace('_', '-')}-{hasher.hexdigest()}"


@cache
def describe_process() -> dict[str, str]:
    """Return the versions that must be the same wherever parts of one table are made: Python, this code, libraries.

    Examples
    --------
    >>> sorted(describe_process())[:3]
    ['bertopic', 'budoux', 'code']
    """
    import workbench
    from workbench.analysis import library_versions
    from workbench.store import code_digest

    return {"workbench": workbench.__version__, "python": platform.python_version(), **library_versions(),
            "code": code_digest()[:16]}


@cache
def own_fingerprint() -> str:
    """Return a SHA-256 of `describe_process`."""
    return hashlib.sha256(repr(sorted(describe_process().items())).encode()).hexdigest()


def run_sealed(sealed: Sealed, fingerprint: str) -> Any:
    """Return what a sealed call returns, or `Refused`.

    Raises
    ------
    BlockError
        If the call fails in a way that was not foreseen.
    """
    if own_fingerprint() != fingerprint:  # a worker that joined after all were checked
        return Refused(f"{_worker()} has another version of the package, of a library or of Python than was started "
                       "with; install the same there")
    try:
        function, arguments = pickle.loads(sealed.content)  # noqa: S301  # a scheduler runs code: it is trusted
        return function(*arguments)
    except WorkbenchError as error:  # its message holds no customer's words
        return Refused(f"{_worker()}: {error}")
    except Exception as error:  # noqa: BLE001  # whatever it is, its message may hold a customer's words
        failure = f"{_worker()} failed with {type(error).__name__} in {_place(error)}"
    raise BlockError(failure)


def _worker() -> str:
    worker = _dask_worker()
    return "this process" if worker is None else f"the worker {worker.address}"


def _dask_worker() -> Any:
    """Return the Dask worker that this process is; nothing where it is none."""
    if "distributed" not in sys.modules:
        return None
    from distributed import get_worker

    try:
        return get_worker()
    except ValueError:
        return None


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames[1:] if "workbench" in Path(frame.filename).parts] or frames
    return f"{Path(own[-1].filename).name}, line {own[-1].lineno}"


def load_once(name: str, identity: str) -> Encoder:
    """Return the encoder of this name, loaded once in a process, if it is the one that is meant.

    A model file that was sent to the workers lies in the worker's own folder; anything else is found by its name.

    Raises
    ------
    EncoderError
        If the encoder cannot be found or is another one.
    """
    with _LOADING:
        return _load(name, identity)


@cache
def _load(name: str, identity: str) -> Encoder:
    from workbench.embedding import load_encoder
    from workbench.errors import EncoderError

    sent = sent_file(identity)
    encoder = load_encoder(name if sent is None or not sent.is_file() else str(sent))
    if encoder.identity != identity:
        raise EncoderError(f"the encoder {Path(name).name!r} is another one than where the analysis was started; "
                           "put the same model there.")
    return encoder


def sent_file(identity: str) -> Path | None:
    """Return where a model file that was sent lies on this worker; nothing in a process that is no worker."""
    worker = _dask_worker()
    return None if worker is None else Path(worker.local_directory) / f"{identity}.npz"

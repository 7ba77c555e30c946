"""One process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(file: str | Path) -> Iterator[None]:
    """Let one process at a time do what is done inside; a process that dies lets go.

    Parameters
    ----------
    file
        The lock: made where there is none, together with its folder, and left there.

    Examples
    --------
    >>> import tempfile
    >>> with alone(Path(tempfile.mkdtemp()) / ".list.lock"):
    ...     print("alone")
    alone
    """
    try:
        import fcntl
    except ImportError:  # not on Windows: there files are still replaced as a whole
        yield
        return
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    with Path(file).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

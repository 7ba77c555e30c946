"""One run at a time for each report: a lock file that names the process which holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

from workbench.errors import InputError

_UNSIGNED_FOR = 60  # seconds after which a lock file without a process in it counts as left behind


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock file for the time of a ``with`` block.

    A lock that a dead process left behind is taken over.

    Parameters
    ----------
    path
        The lock file; its folder exists.

    Raises
    ------
    InputError
        When a living process holds it.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "report.lock"
    >>> with hold_lock(path):
    ...     path.exists()
    True
    >>> path.exists()
    False
    >>> folder.cleanup()
    """
    if not _create(path):
        _take_away_if_stale(path)
        if not _create(path):
            raise _busy(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _create(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(str(os.getpid()))
    return True


def _take_away_if_stale(path: Path) -> None:
    if not _is_stale(path):
        raise _busy(path)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        # Of two processes that find the same stale lock, one may move the other's fresh lock: it is put back.
        os.rename(path, aside)
        if not _is_stale(aside):
            with suppress(FileExistsError):
                os.link(aside, path)
        aside.unlink()


def _is_stale(path: Path) -> bool:
    try:
        holder = path.read_text().strip()
        if not holder.isdigit():
            return time() - path.stat().st_mtime > _UNSIGNED_FOR
    except FileNotFoundError:
        return True
    return not _is_alive(int(holder))


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return True  # elsewhere, asking with a signal would end the process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _busy(path: Path) -> InputError:
    return InputError(f"this report is being made by another run; wait for it, or delete {path} if there is none.")

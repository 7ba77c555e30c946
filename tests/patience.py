"""Waiting for what other processes do on a machine that may be busy with anything else."""

import os
import time
from pathlib import Path

PATIENCE = 600  # seconds, so many that only what never comes is given up


def ask_until(asked, is_right=bool):
    """Ask again and again until the answer is right, while there is patience; return the last."""
    until = time.monotonic() + PATIENCE
    while not is_right(answer := asked()) and time.monotonic() < until:
        time.sleep(0.05)
    return answer


def wait_until(condition):
    assert ask_until(condition), "nothing happened in time"


def is_running(process):
    """Return whether a process has not ended, whether or not anybody has asked yet how it did."""
    try:
        os.kill(process, 0)
        stat = Path(f"/proc/{process}/stat").read_text() if Path("/proc/self/stat").exists() else ") R"
    except (ProcessLookupError, FileNotFoundError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"

"""What each stage of an analysis costs, for whoever asks: lines of JSON in the file that VOC_TIMINGS names.

Nothing that is stored, keyed or compared holds these figures, so that measuring a run never changes its result.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "VOC_TIMINGS"


def cpu_seconds() -> float:
    """Return user and system seconds of this process, its threads, and its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Append one line about the block to the file that the environment names; do nothing where it names none.

    A line holds ``name``, ``started`` (on the machine's monotonic clock), ``seconds`` and ``cpu_seconds``. A block that
    fails leaves no line.

    Examples
    --------
    >>> import tempfile
    >>> os.environ["VOC_TIMINGS"] = f"{tempfile.mkdtemp()}/timings.jsonl"
    >>> with timed("language"):
    ...     sorted("دير late متأخر".split())
    ['late', 'دير', 'متأخر']
    >>> [line["name"] for line in read_timings(os.environ.pop("VOC_TIMINGS"))]
    ['language']
    """
    file = os.environ.get(VARIABLE)
    if not file:
        yield
        return
    started, worked = time.monotonic(), cpu_seconds()
    yield
    line = {"name": name, "started": round(started, 4), "seconds": round(time.monotonic() - started, 4),
            "cpu_seconds": round(cpu_seconds() - worked, 4)}
    with Path(file).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(line) + "\n")


def read_timings(file: str | Path) -> list[dict[str, float | str]]:
    """Return the lines of a file of timings, oldest first; none where there is no file."""
    path = Path(file)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []

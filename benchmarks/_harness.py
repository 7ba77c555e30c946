"""A case is one or more commands, each in a cold process: what it costs, beside others, told and kept as JSON.

Sides are measured in turn, so that what else the machine does falls on all of them alike. The figures of a run are
wall seconds, processor seconds (children included), the peak memory of the largest single process, and the highest
sum over all processes that were seen at one moment, where pages that processes share count in each.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

SHORTEST, LONGEST = 0.05, 0.25  # seconds between two looks at memory, in short runs and in long ones
MEGABYTE = 1024 * 1024
# A process begins as a copy of the one that starts it, whose memory then counts as its own; so a small one starts it.
LAUNCH = """
import json, os, sys, time
started = time.monotonic()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
result = os.waitstatus_to_exitcode(status), time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss
open(sys.argv[1], "w").write(json.dumps(result))
"""
Sample = tuple[float, float]  # moment on the monotonic clock, megabytes of the tree


class CaseError(RuntimeError):
    """A command of a case failed: its name, and the end of what it said."""


@dataclass(frozen=True)
class Case:
    """One side of a comparison.

    Attributes
    ----------
    name
        As it stands in tables.
    commands
        Run one after the other; all of them are counted.
    before
        Called before each run and not counted: it puts the folder into the state that the case begins in.
    environment
        Added to this process's own.
    limit
        Seconds after which a run is stopped and told as too long.
    repeats
        Runs, where it is to have fewer than the others.
    """

    name: str
    commands: Sequence[Sequence[str]]
    before: Callable[[], Any] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    limit: float = 3600
    repeats: int | None = None


@dataclass(frozen=True)
class Spent:
    """What one run took; `finished` is false where it was stopped at its limit."""

    wall: float
    cpu: float
    largest: float
    together: float
    finished: bool = True
    samples: tuple[Sample, ...] = ()

    def figures(self) -> dict[str, Any]:
        return {"wall_seconds": round(self.wall, 3), "cpu_seconds": round(self.cpu, 3),
                "largest_process_mb": round(self.largest, 1), "all_processes_mb": round(self.together, 1),
                "finished": self.finished}


Runs = dict[str, list[Spent]]


def measure(case: Case) -> Spent:
    """Run a case once, and return what its commands took together."""
    if case.before is not None:
        case.before()
    left, parts = case.limit, []
    for command in case.commands:
        parts.append(_run(case.name, command, {**os.environ, **case.environment}, left))
        left -= parts[-1].wall
        if not parts[-1].finished:
            break
    return Spent(sum(part.wall for part in parts), sum(part.cpu for part in parts),
                 max(part.largest for part in parts), max(part.together for part in parts),
                 all(part.finished for part in parts), tuple(sample for part in parts for sample in part.samples))


def compare(cases: Sequence[Case], repeats: int = 3) -> Runs:
    """Measure cases in turn, round by round; one that did not finish is not begun again."""
    runs: Runs = {case.name: [] for case in cases}
    for number in range(max([repeats, *(case.repeats or 0 for case in cases)])):
        for case in cases:
            wanted = repeats if case.repeats is None else case.repeats
            if number < wanted and all(run.finished for run in runs[case.name]):
                runs[case.name].append(measure(case))
    return runs


def _run(name: str, command: Sequence[str], environment: Mapping[str, str], limit: float) -> Spent:
    with tempfile.NamedTemporaryFile() as said, tempfile.NamedTemporaryFile() as result:
        launch = [sys.executable, "-S", "-I", "-c", LAUNCH, result.name, *command]
        launcher = subprocess.Popen(launch, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                    env=dict(environment))
        watch = _Watch(launcher.pid, limit)
        watch.start()
        try:
            launcher.wait()
        except BaseException:  # interrupted: nothing that was started is left to run
            watch.stop()
            launcher.wait()
            raise
        finally:
            watch.finish()
        end = Path(said.name).read_text(encoding="utf-8", errors="replace")[-2000:]
        if launcher.returncode:
            raise CaseError(f"{name}: {command[0]} could not be started:\n{end}")
        code, wall, cpu, kilobytes = json.loads(Path(result.name).read_text(encoding="utf-8"))
    if code and not watch.stopped:
        raise CaseError(f"{name}: {' '.join(command[:6])} ended with {code}:\n{end}")
    largest = max(kilobytes / 1024, watch.largest)
    return Spent(wall, max(cpu, watch.cpu()), largest, max(watch.together, largest), not watch.stopped,
                 tuple(watch.samples))


class _Watch(threading.Thread):
    """Looks at a process and all that came of it until told to finish; stops them at the limit."""

    def __init__(self, root: int, limit: float) -> None:
        super().__init__(daemon=True)
        self.root, self.started = root, time.monotonic()
        self.until = self.started + limit
        self.largest = self.together = 0.0
        self.samples: list[Sample] = []
        self.stopped = False
        self._seconds: dict[tuple[int, str], float] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            self._look()
            if time.monotonic() > self.until:
                self.stopped = True
                self.stop()
                return
            self._ended.wait(min(LONGEST, max(SHORTEST, (time.monotonic() - self.started) / 400)))

    def stop(self) -> None:
        for pid in self._below():  # parents first: one whose child ends goes on to its next command
            _stop(pid)

    def finish(self) -> None:
        self._ended.set()
        self.join()

    def cpu(self) -> float:
        """Seconds that were seen, also of processes that nobody waited for; a little less than they took."""
        return sum(self._seconds.values())

    def _below(self) -> dict[int, _Status]:
        """Return all but the process that only starts the command."""
        return {pid: status for pid, status in tree(self.root).items() if pid != self.root}

    def _look(self) -> None:
        found = self._below()
        sizes = [status.megabytes for status in found.values()]
        if sizes:
            self.largest, self.together = max(self.largest, *sizes), max(self.together, sum(sizes))
            self.samples.append((time.monotonic(), sum(sizes)))
        for pid, status in found.items():
            self._seconds[pid, status.born] = status.seconds


@dataclass(frozen=True)
class _Status:
    parent: int
    born: str
    seconds: float
    megabytes: float


def tree(root: int) -> dict[int, _Status]:
    """Return a process and its living descendants, parents first; nothing where there is no /proc."""
    everyone = {int(folder.name): status for folder in Path("/proc").glob("[0-9]*")
                if (status := _status(folder)) is not None}
    found = {root: everyone[root]} if root in everyone else {}
    waiting = list(found)
    while waiting:
        parent = waiting.pop()
        own = {pid: status for pid, status in everyone.items() if status.parent == parent}
        found.update(own)
        waiting.extend(own)
    return found


def _status(folder: Path) -> _Status | None:
    try:
        fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:  # it has just ended
        return None
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    return _Status(int(fields[1]), fields[19], (int(fields[11]) + int(fields[12])) / ticks,
                   int(fields[21]) * page / MEGABYTE)


def _stop(pid: int) -> None:
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return


FIGURES = {"wall s": "wall", "CPU s": "cpu", "largest process MB": "largest", "all processes MB": "together"}


def cost_table(runs: Runs, title: str) -> pd.DataFrame:
    """Return a row a case: the median of each figure, with its range where there was more than one run."""
    rows = [[name, *(told([getattr(run, figure) for run in spent]) for figure in FIGURES.values()), _count(spent)]
            for name, spent in runs.items()]
    return pd.DataFrame(rows, columns=[title, *FIGURES, "runs"]).set_index(title)


def _count(spent: Sequence[Spent]) -> str:
    return f"{len(spent)}" if all(run.finished for run in spent) else f"{len(spent)}, stopped at the limit"


def told(values: Sequence[float]) -> str:
    """Return a median with its range.

    Examples
    --------
    >>> told([2.0, 1.5, 4.0]), told([123.4])
    ('2.0 (1.5 to 4.0)', '123')
    """
    middle, low, high = (f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
                         for value in (statistics.median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({low} to {high})"


def ratio(runs: Runs, above: str, below: str, figure: str = "cpu") -> dict[str, float | bool]:
    """Return how many times as much one case takes as another: of the medians, and the range over all pairs of runs.

    Where the case above was stopped at its limit, the true ratio is larger: ``at_least``.
    """
    over, under = ([getattr(run, figure) for run in runs[name]] for name in (above, below))
    pairs = [one / other for one in over for other in under]
    return {"median": statistics.median(over) / statistics.median(under), "low": min(pairs), "high": max(pairs),
            "at_least": not all(run.finished for run in runs[above])}


def told_ratio(found: Mapping[str, float | bool]) -> str:
    text = f"{found['median']:.1f} ({found['low']:.1f} to {found['high']:.1f})"
    return f"at least {text}" if found["at_least"] else text


def as_figures(runs: Runs) -> dict[str, Any]:
    """Return runs as JSON can hold them."""
    return {name: [run.figures() for run in spent] for name, spent in runs.items()}


def growth(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """Return the exponent b of cost = a * size ** b, by least squares on logarithms; nothing for a single size.

    Examples
    --------
    >>> growth([10, 100, 1000], [1, 10, 100])
    1.0
    """
    import numpy as np

    kept = [(size, cost) for size, cost in zip(sizes, costs, strict=True) if size > 0 and cost > 0]
    if len({size for size, _ in kept}) < 2:
        return None
    logs = np.log(np.array(kept))
    return round(float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0]), 6)


def markdown(table: pd.DataFrame) -> str:
    """Return a table as Markdown, its index first."""
    head = [table.index.name or "", *map(str, table.columns)]
    lines: list[Iterable[str]] = [head, ["---", *["---:"] * len(table.columns)]]
    lines += [[str(name), *map(str, row)] for name, row in zip(table.index, table.to_numpy().tolist(), strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_json(file: Path, content: Any) -> None:
    """Write beside the file and move it there, so that a reader sees all of it or what was there before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    os.replace(beside, file)

"""Processes on this machine that work beside the main one, which works as well while they do.

A call lies in a queue until somebody claims it: a process that is free, or the main one, when it needs the result or
has nothing else to do. So nothing waits for a process that is still starting. What a process could not do, because it
was killed, lacked memory or met an error, the main one does itself: no run is lost with a process, and an error is met
where it can be told.

They are started as commands of their own, not by `multiprocessing`, which would run the user's script once more in
each; and they end when the pipe that calls come through closes, which it does even if the main process is killed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, Final

import workbench
from workbench.scale.calls import FAILED, Call
from workbench.scale.executor import Executor, Local, Tell
from workbench.scale.machine import VARIABLE
from workbench.scale.pipes import receive, send
from workbench.scale.worker import own_fingerprint

if TYPE_CHECKING:
    from workbench.embedding import Encoder

_COMMAND: Final = ("-P", "-c", "from workbench.scale.serve import main; main()")
_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
                   "RAYON_NUM_THREADS")
_Calls = SimpleQueue[Call | None]


class Processes:
    """Several processes of this machine, to be used in a ``with`` statement.

    Parameters
    ----------
    count
        Processes that work at the same time at most, this one among them. Others start when there is work for them.

    Attributes
    ----------
    tell : callable or None
        Called with the blocks done and their number.

    Examples
    --------
    >>> with Processes(2) as executor:
    ...     list(executor.map_blocks(divmod, [(7,), (9,)], 4))
    [(1, 3), (2, 1)]
    """

    def __init__(self, count: int) -> None:
        self.tell: Tell | None = None
        self._most = count - 1
        self._calls: _Calls = SimpleQueue()
        self._others: list[_Other] = []

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        """End the other processes, whatever they are doing."""
        for other in self._others:
            other.kill()
            self._calls.put(None)
        for other in self._others:
            other.close()

    def map_blocks(self, function: Callable[..., Any], blocks: Sequence[tuple[Any, ...]], *shared: Any
                   ) -> Iterator[Any]:
        """Return ``function(*block, *shared)`` of every block, in their order; see `Executor`."""
        waiting = deque(Call(function, (*block, *shared)) for block in blocks)
        self._offer(waiting, len(waiting) - 1)
        try:
            for done in range(1, len(blocks) + 1):
                self._work_until(waiting[0], waiting)
                yield waiting.popleft().result()
                if self.tell is not None:
                    self.tell(done, len(blocks))
        finally:
            for call in waiting:
                call.claim()  # so that nobody begins it

    def encoder(self, name: str) -> Encoder:
        """Return the encoder of this name; batches of an encoder in one file are encoded by all processes."""
        from workbench.embedding import is_in_one_file, load_encoder
        from workbench.scale.encoding import SettledEncoder, SharedEncoder

        if is_in_one_file(name):
            return SharedEncoder(name, self)
        return SettledEncoder(load_encoder(name))

    def near(self) -> Executor:
        """Return itself."""
        return self

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Call:
        """Return a call that another process does as soon as it is free, unless this one claims it before."""
        call = Call(function, arguments)
        self._offer([call], len(self._others) + 1)
        return call

    def __reduce__(self) -> tuple[type[Local], tuple[()]]:
        return Local, ()  # what another process does it does alone

    def _offer(self, calls: Iterable[Call], useful: int) -> None:
        """Let other processes have calls, of which so many are useful."""
        while len(self._others) < min(self._most, useful):
            try:
                self._others.append(_Other(self._calls))
            except OSError:  # an interpreter inside another program, or a system that lets no more processes start
                self._most = len(self._others)
        for call in calls:
            self._calls.put(call)

    def _work_until(self, first: Call, waiting: Iterable[Call]) -> None:
        """Do a call, or if somebody else does it, others that nobody has claimed until it is finished."""
        for call in (first, *waiting):
            if first.is_finished():
                return
            if call.claim():
                call.do()


class _Other:
    """A process beside this one, and the thread that hands it one call after another."""

    def __init__(self, calls: _Calls) -> None:
        self._calls = calls
        self._process = _start()
        self._thread = threading.Thread(target=self._hand_over, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        self._thread.join()
        with suppress(OSError):  # what was still to be written nobody reads
            self._process.__exit__(None, None, None)

    def _hand_over(self) -> None:
        calls, answers = self._process.stdin, self._process.stdout
        if calls is None or answers is None:
            return
        with suppress(OSError, EOFError, MemoryError):  # it was killed: what it had claimed is done by the main one
            if receive(answers) != own_fingerprint().encode():  # the code was changed since this process started
                return
            while (call := self._calls.get()) is not None:
                if call.claim():
                    _pass_on(call, calls, answers)


def _pass_on(call: Call, calls: IO[bytes], answers: IO[bytes]) -> None:
    answer = FAILED
    try:
        if packed := call.pack():
            send(calls, packed)
            answer = receive(answers)
    finally:
        call.finish(answer)


def _start() -> subprocess.Popen[bytes]:
    """Start a process that finds the modules that this one found, and computes in one thread."""
    paths = [str(Path(workbench.__file__).parent.parent), *(os.path.abspath(path) for path in sys.path)]
    environment = {**os.environ, **dict.fromkeys(_THREADS, "1"), "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
                   VARIABLE: "1"}
    return subprocess.Popen([sys.executable, *_COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE,  # noqa: S603
                            stderr=subprocess.DEVNULL, env=environment)

"""How far a run is: a line for each stage, and while one is made its blocks and seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_PATIENCE = 1.0  # seconds between two lines on blocks
_LONG = 10.0  # seconds after which a stage without blocks tells that it goes on


class Progress:
    """What is told of a run.

    Parameters
    ----------
    stream
        Where; nothing is told without one.

    Examples
    --------
    >>> import sys
    >>> progress = Progress(sys.stdout)
    >>> with progress.making("language"):
    ...     pass
    language   ...
    >>> progress.say("2 statements")
    2 statements
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream
        self._name = self._blocks = ""
        self._told = 0.0

    def say(self, text: str, end: str = "\n") -> None:
        """Write a text at once."""
        if self.stream is not None:
            self.stream.write(text + end)
            self.stream.flush()

    @contextmanager
    def making(self, name: str) -> Iterator[None]:
        """Tell that a stage is made, and every ten seconds, unless blocks are told of, for how long already."""
        self.say(f"{name:<10} ...", end="")
        started = time.perf_counter()
        self._name, self._blocks, self._told = name, "", started
        ended = threading.Event()
        watch = threading.Thread(target=self._watch, args=(started, ended), daemon=True)
        try:
            try:
                watch.start()
                yield
            finally:
                ended.set()
                if watch.is_alive():
                    watch.join()
        except GeneratorExit:  # a signal came as it ended: the command has told so, and its line stays the last
            raise
        except BaseException:  # whatever stopped it is told on a line of its own
            self.say("")
            raise

    def tell_blocks(self, done: int, total: int) -> None:
        """Tell how many blocks of the stage are done, once a second at most."""
        self._blocks = f"{done:,}/{total:,} blocks"
        now = time.perf_counter()
        if now - self._told > _PATIENCE:
            self._tell(now, self._blocks)

    def _watch(self, started: float, ended: threading.Event) -> None:
        while not ended.wait(_LONG):
            now = time.perf_counter()
            if now - self._told >= _LONG:
                self._tell(now, f"{self._blocks}, {now - started:,.0f} s".removeprefix(", "))

    def _tell(self, now: float, text: str) -> None:
        self._told = now
        self.say(f"\r{self._name:<10} {text}", end="")

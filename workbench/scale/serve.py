"""What a process beside the main one does: read a call, do it, answer; and end as soon as nobody asks any more.

It writes nothing to the terminal and tells nothing of a call that fails, not even its error: the main process does such
a call itself and meets the error there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from workbench.imports import all_is_kept
from workbench.scale.calls import answer
from workbench.scale.pipes import receive, send
from workbench.scale.worker import own_fingerprint


def main() -> None:
    """Answer calls until the pipe that they come through closes, which it does when the main process ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the main process, which ends this one
    with suppress(OSError):  # where Linux has too little memory, it ends this process before the main one
        Path("/proc/self/oom_score_adj").write_text("500")
    answers = _take_output()
    calls: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
    with all_is_kept():
        import workbench.stages  # noqa: F401  # most of what calls need, while the main process is at work already
    send(answers, own_fingerprint().encode())
    while True:
        send(answers, answer(calls.get()))


def _take_output() -> IO[bytes]:
    """Return the pipe for answers, and let what libraries print go nowhere."""
    pipe = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return pipe


def _listen(pipe: IO[bytes], calls: SimpleQueue[bytes]) -> None:
    """Pass calls on; when there can be no more of them, end the process, whatever it is doing."""
    try:
        while True:
            calls.put(receive(pipe))
    finally:
        os._exit(0)

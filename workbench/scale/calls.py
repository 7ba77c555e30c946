"""Calls that several processes could do, each of which is done once."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

FAILED: Final = b""
_GLANCE: Final = 0.5  # seconds; on Windows Ctrl-C is noticed between two waits only


class Call:
    """A call of a pure function, done by whoever claims it first, and done here if that one fails.

    Examples
    --------
    >>> call = Call(len, ["متأخر"])
    >>> call.claim(), call.claim()
    (True, False)
    >>> call.finish(FAILED)
    >>> call.result()
    5
    """

    def __init__(self, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
        self._function, self._arguments = function, tuple(arguments)
        self._claimed = threading.Lock()
        self._finished = threading.Event()
        self._answer = FAILED
        self._results: list[Any] = []

    def claim(self) -> bool:
        """Return whether nobody else does it or has done it."""
        return self._claimed.acquire(blocking=False)

    def pack(self) -> bytes:
        """Return the call as bytes, or `FAILED` if it cannot leave this process."""
        try:
            return pickle.dumps((self._function, self._arguments), protocol=5)
        except Exception:  # noqa: BLE001  # pickle raises whatever an object's own code does
            return FAILED

    def finish(self, answer: bytes) -> None:
        """Take the answer of another process: what `answer` returned, or `FAILED` if there was none."""
        self._answer = answer
        self._finished.set()

    def do(self) -> None:
        """Do the call in this process."""
        self._results.append(self._function(*self._arguments))
        self._finished.set()

    def is_finished(self) -> bool:
        """Return whether whoever claimed it has answered."""
        return self._finished.is_set()

    def result(self) -> Any:
        """Return the result of a claimed call, once; one that failed elsewhere is done here, and may raise."""
        while not self._finished.wait(_GLANCE):
            pass
        if self._answer:
            self._results.append(pickle.loads(self._answer))  # noqa: S301  # from a process that this one started
        if not self._results:
            self.do()
        self._arguments, self._answer = (), FAILED  # whoever still holds the call holds nothing large
        return self._results.pop()


def answer(call: bytes) -> bytes:
    """Return the pickled result of a packed call, or `FAILED`.

    Examples
    --------
    >>> pickle.loads(answer(Call(len, ["متأخر"]).pack())), answer(Call(len, [1]).pack())
    (5, b'')
    """
    try:
        function, arguments = pickle.loads(call)  # noqa: S301  # it comes from the process that started this one
        return pickle.dumps(function(*arguments), protocol=5)
    except BaseException:  # noqa: BLE001  # whatever it is, its message may hold a customer's words
        return FAILED

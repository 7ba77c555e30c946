"""Stages of many small matrices work on one thread: several would wait for each other longer than they work."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def on_one_thread(compute: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Return a computation during which numpy and scipy use no further threads.

    Its results are then the same to the last bit, however many threads a machine would give it.

    Examples
    --------
    >>> on_one_thread(sorted)(["دير", "late"])
    ['late', 'دير']
    """
    @wraps(compute)
    def limited(*args: _Given.args, **settings: _Given.kwargs) -> _Made:
        import scipy.linalg  # noqa: F401  what is loaded later would not be limited
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            return compute(*args, **settings)

    return limited

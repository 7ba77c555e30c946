"""Imports of large libraries, without looking at what they make again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def all_is_kept() -> Iterator[None]:
    """Import within the block as if all that is made were kept for good, which is nearly so.

    Python looks now and then for objects that only refer to each other, to free them: while libraries are imported it
    looks at all of their functions and classes each time, frees next to nothing, and takes a third of the time. After
    the block these count as permanent, so that they are not looked at later, either.

    Examples
    --------
    >>> with all_is_kept():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()

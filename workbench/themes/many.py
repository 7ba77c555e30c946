"""One function asked several times: here, one time after the other, or by whoever else can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

Many = Callable[..., Iterable[Any]]
"""As `in_turn`; another may ask other processes, if the function and what it is given can be pickled."""


def in_turn(function: Callable[..., Any], blocks: Sequence[tuple[Any, ...]], *shared: Any) -> Iterator[Any]:
    """Return ``function(*block, *shared)`` of every block, in their order.

    Parameters
    ----------
    function
        A pure function.
    blocks
        The arguments that differ from one time to the next.
    shared
        The arguments that do not.

    Examples
    --------
    >>> list(in_turn(divmod, [(7,), (9,)], 4))
    [(1, 3), (2, 1)]
    """
    return (function(*block, *shared) for block in blocks)

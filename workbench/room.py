"""Memory that is no longer needed, given back to the system."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Return to the system what this process has freed and its allocators still hold, where they can be asked to.

    A stage frees hundreds of megabytes in small pieces; the allocators keep them for later, so that the process would
    stay as large as it ever was. glibc and Arrow give them back when told to; other systems do as they do.

    Examples
    --------
    >>> give_back()
    """
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError, TypeError):  # not glibc, or not a system whose library can be opened so
        ctypes.CDLL(None).malloc_trim(0)

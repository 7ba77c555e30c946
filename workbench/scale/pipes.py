"""Messages between this process and another one over the pipes that connect them."""

from __future__ import annotations

import struct
from typing import IO, Final

_LENGTH: Final = struct.Struct(">Q")


def send(pipe: IO[bytes], content: bytes) -> None:
    """Write one message.

    Raises
    ------
    OSError
        If nobody reads any more.
    """
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Return the next message.

    Raises
    ------
    EOFError
        If nobody writes any more.

    Examples
    --------
    >>> import io
    >>> pipe = io.BytesIO()
    >>> for text in ("late", "دیر", "متأخر"):
    ...     send(pipe, text.encode())
    >>> _ = pipe.seek(0)
    >>> [receive(pipe).decode() for _ in range(3)]
    ['late', 'دیر', 'متأخر']
    """
    (length,) = _LENGTH.unpack(_read(pipe, _LENGTH.size))
    return _read(pipe, length)


def _read(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content

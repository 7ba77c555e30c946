"""What a command writes to the terminal: names of columns, sheets and files are somebody else's text there."""

from __future__ import annotations

import re

import typer

# what a terminal obeys or turns the line round by, and halves of characters, which it cannot be sent
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def tell(text: str, *, err: bool = False) -> None:
    """Write a text and a line end; signs that a terminal would obey are spelt out.

    Parameters
    ----------
    text
        May hold line ends.
    err
        Whether to write to standard error.

    Examples
    --------
    >>> tell("NPS" + chr(27) + "[2J is read as nps, ستون " + chr(0x202E) + "gnp")
    NPS\\x1b[2J is read as nps, ستون \\u202egnp
    """
    typer.echo(_OBEYED.sub(lambda sign: ascii(sign.group())[1:-1], text), err=err)

"""People who are to be forgotten: known by a salted hash of their customer id, and rejected whenever they are read.

The list holds no id and no text. A hash hides an id from readers of the list; whoever has both the list and a
register of customers can still tell who is on it, so it is to be kept like the comments themselves.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from workbench.errors import FeedbackError
from workbench.locks import alone

REASON: Final = "forgotten"
DETAIL: Final = "The customer asked to be forgotten."
_FIELDS: Final = ["salt", "digest", "forgotten_on"]
# between words, and between cells
_CUTS: Final = (re.compile(r"[^\w.@+-]+"), re.compile(r"[,;|\t]"), re.compile(r"\"[\s:,]*"))


@dataclass(frozen=True)
class Forgotten:
    """The salt and the hashes of a list.

    Attributes
    ----------
    salt : str
        One for the whole list.
    digests : frozenset of str
        SHA-256 of salt and customer id.
    """

    salt: str = ""
    digests: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.digests)

    def knows(self, customer_id: str) -> bool:
        """Return whether a customer is on the list."""
        return bool(self.digests) and _digest(self.salt, customer_id) in self.digests

    def stands_in(self, row: Any) -> bool:
        """Return whether the id of a customer on the list is a cell, or a word, of a row that has no columns."""
        cells = [str(cell) for cell in row] if isinstance(row, list) else [str(row)]
        parts = {part.strip() for cell in cells for cut in _CUTS for part in cut.split(cell)}
        return bool(self.digests) and any(map(self.knows, sorted({*map(str.strip, cells), *parts})))


def read_forgotten(path: str | Path) -> Forgotten:
    """Return the list in a file; an empty one where there is no file.

    Parameters
    ----------
    path
        A CSV file with ``salt, digest, forgotten_on``, as `add_forgotten` writes it.

    Raises
    ------
    FeedbackError
        If the file is there but is not such a list: reading on would bring people back who asked to be forgotten.

    Examples
    --------
    >>> len(read_forgotten("no_such_file.csv"))
    0
    """
    file = Path(path)
    if not file.exists():
        return Forgotten()
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True))
        salts = {row["salt"] for row in rows}
        digests = frozenset(row["digest"] for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise FeedbackError(f"{file.name} cannot be read as a list of forgotten customers; restore it.") from error
    if len(salts) > 1 or not all(re.fullmatch("[0-9a-f]{64}", str(value)) for value in digests):
        raise FeedbackError(f"{file.name} was changed: expected one salt and a SHA-256 in each row; restore it.")
    return Forgotten(next(iter(salts), ""), digests)


def add_forgotten(path: str | Path, customer_id: str) -> Forgotten:
    """Add a customer to a list, making the file where there is none, and return the list.

    Parameters
    ----------
    path
        Where the list is kept.
    customer_id
        As the source has it.

    Raises
    ------
    FeedbackError
        As `read_forgotten`.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "forgotten.csv"
    >>> known = add_forgotten(file, "مشتری-۷")
    >>> known.knows("مشتری-۷"), known.knows("K-8"), "مشتری" in file.read_text(encoding="utf-8")
    (True, False, False)
    """
    file = Path(path)
    with alone(file.with_name(f".{file.stem}.lock")):
        return _add(file, customer_id)


def _add(file: Path, customer_id: str) -> Forgotten:
    known = read_forgotten(file)
    if known.knows(customer_id):
        return known
    salt = known.salt or secrets.token_hex(16)
    digest = _digest(salt, customer_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = _rows(file)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _FIELDS)
        writer.writeheader()
        writer.writerows([*rows, {"salt": salt, "digest": digest, "forgotten_on": date.today().isoformat()}])
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, file)
    return Forgotten(salt, known.digests | {digest})


def _rows(file: Path) -> Sequence[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _digest(salt: str, customer_id: str) -> str:
    return hashlib.sha256(f"{salt}\n{customer_id}".encode("utf-8", "surrogatepass")).hexdigest()

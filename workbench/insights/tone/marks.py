"""What the characters of texts tell, whatever their words: letters, capitals, digits, marks, and what is repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

_CODES: Final = 0x110000
_KINDS: Final[tuple[Callable[[str], bool], ...]] = (str.isalpha, str.isupper, str.isdigit, "!！".__contains__,
                                                    "?؟？".__contains__)


class Marks(NamedTuple):
    """How many of each kind of character every text holds, and whether one stands three times in a row."""

    letters: np.ndarray
    capitals: np.ndarray
    digits: np.ndarray
    exclamations: np.ndarray
    questions: np.ndarray
    repeats: np.ndarray


def count_marks(texts: Sequence[str]) -> Marks:
    """Return what the characters of texts tell, those of all texts looked at together.

    Parameters
    ----------
    texts
        As customers wrote them.

    Returns
    -------
    Marks
        One number a text in each: whole numbers, and ``repeats`` a flag.

    Examples
    --------
    >>> marks = count_marks(["Late!!!", "چرا دیر شد؟", "", "5 Tage"])
    >>> marks.letters.tolist(), marks.capitals.tolist(), marks.digits.tolist(), marks.questions.tolist()
    ([4, 8, 0, 4], [1, 0, 0, 1], [0, 0, 0, 1], [0, 1, 0, 0])
    >>> marks.exclamations.tolist(), marks.repeats.tolist()
    ([3, 0, 0, 0], [True, False, False, False])
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.cumsum([0, *map(len, texts)])
    met = np.flatnonzero(np.bincount(codes, minlength=1))
    kinds = np.zeros((len(_KINDS), _CODES), dtype=bool)
    for row, is_kind in enumerate(_KINDS):
        kinds[row, met] = [is_kind(chr(code)) for code in met.tolist()]
    again = codes[1:] == codes[:-1]
    thrice = np.zeros(len(codes), dtype=bool)
    thrice[2:] = again[1:] & again[:-1]
    firsts = ends[:-1][ends[:-1] < len(codes)]  # what is repeated across two texts is not repeated
    for place in (firsts, firsts + 1):
        thrice[place[place < len(codes)]] = False
    letters, capitals, digits, exclamations, questions = (_per_text(kind[codes], ends) for kind in kinds)
    return Marks(letters, capitals, digits, exclamations, questions, _per_text(thrice, ends) > 0)


def _per_text(flags: np.ndarray, ends: np.ndarray) -> np.ndarray:
    counted = np.concatenate([[0], np.cumsum(flags)])[ends]
    return counted[1:] - counted[:-1]

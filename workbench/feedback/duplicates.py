"""Comments that say the same thing again: sent twice, or with a typo mended.

Short answers ("good", "تمام") that many people give are never duplicates of each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
import regex
from numpy.typing import NDArray

from workbench.arguments import check_tables
from workbench.columns import COMMENTS, check_table
from workbench.feedback.digits import fold_digits

SHORTEST: Final = 25  # characters after folding
_SHINGLE: Final = 5
_HASHES: Final = 72
_CHUNK: Final = 1 << 17
_DROPPED: Final = regex.compile(r"[\p{Mn}\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PUNCTUATION: Final = regex.compile(r"[^\p{L}\p{N}\p{Mc}\p{So}]+")
_LETTERS: Final = str.maketrans({
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و",
})

Hashes = NDArray[np.uint64]


def mark_duplicates(comments: pd.DataFrame, *, threshold: float = 0.85) -> pd.Series:
    """Return for every comment the earlier comment that it repeats, if any.

    Texts are compared without case, punctuation, spacing, diacritics and variants of Arabic and Persian letters. Equal
    texts are duplicates, and so are texts whose sets of five-character sequences overlap by `threshold`
    (Jaccard). Candidates for the second come from MinHash signatures in bands (A. Broder, 1997; Indyk and Motwani,
    1998) and every one is verified, so that nothing below `threshold` is marked. In a bucket that very many
    comments share, each is compared with the first and with its neighbour only.

    Parameters
    ----------
    comments
        A comments table; ``created_at`` decides what is earlier where it is known, else `feedback_id`.
    threshold
        Least overlap, above 0 and up to 1.

    Returns
    -------
    pandas.Series
        Named ``duplicate_of``, aligned with `comments`: the `feedback_id` of the earliest comment that is
        repeated (never itself a duplicate), or missing. The same whatever the order of rows.

    Raises
    ------
    InputError
        If `comments` lacks `feedback_id` or `text`.
    ValueError
        If `threshold` is not above 0 and up to 1.

    Examples
    --------
    >>> comments = pd.DataFrame({
    ...     "feedback_id": ["1", "2", "3", "4", "5", "6"],
    ...     "text": ["The courier left it in the rain!", "the courier left it in the rain", "good", "good",
    ...              "پیک بسته را زیر باران گذاشت و رفت", "پيك بسته را زير باران گذاشت و رفت."]})
    >>> mark_duplicates(comments).tolist()
    [nan, '1', nan, nan, nan, '5']
    """
    check_tables(comments=comments)
    check_table(comments, COMMENTS, "comments")
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is {threshold}; expected a share above 0 and up to 1.")
    order = _earliest_first(comments)
    ids = comments["feedback_id"].astype(object).to_numpy()[order]
    texts = comments["text"].fillna("").astype(object).to_numpy()[order]
    folded = np.array([_fold(text) for text in texts], dtype=object)
    places = np.flatnonzero([len(text) >= SHORTEST for text in folded])
    kept, original = _exact(folded, places)
    for later, earlier in _nearest(folded[kept], threshold):
        original[kept[later]] = original[kept[earlier]]
    found = original[original]  # an exact repeat of a near repeat points to the first of all
    result = np.full(len(ids), None, dtype=object)
    repeats = found != np.arange(len(ids))
    result[repeats] = ids[found[repeats]]
    unsorted = np.empty_like(result)
    unsorted[order] = result
    return pd.Series(unsorted, index=comments.index, name="duplicate_of", dtype="str")


def _earliest_first(comments: pd.DataFrame) -> NDArray[np.intp]:
    key = comments[["feedback_id"]].astype({"feedback_id": object}).reset_index(drop=True)
    key["created_at"] = comments["created_at"].to_numpy() if "created_at" in comments else pd.NaT
    return key.sort_values(["created_at", "feedback_id"], kind="stable", na_position="last").index.to_numpy()


def _fold(text: str) -> str:
    if not text.isascii():
        text = _DROPPED.sub("", unicodedata.normalize("NFKC", fold_digits(text))).translate(_LETTERS)
    return _PUNCTUATION.sub(" ", text.casefold()).strip()


def _exact(folded: NDArray[np.object_], places: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of distinct texts, and for every place the first with the same text."""
    original = np.arange(len(folded))
    first: dict[str, int] = {}
    for place in places:
        original[place] = first.setdefault(folded[place], int(place))
    return np.array(sorted(first.values()), dtype=np.intp), original


def _nearest(texts: NDArray[np.object_], threshold: float) -> Iterator[tuple[int, int]]:
    """Yield (later, earlier) for each text and the earliest verified text before it, in order of the later."""
    if len(texts) < 2 or threshold == 1:
        return
    signatures = _signatures(texts)
    earliest: dict[int, int] = {}
    held, own = -1, frozenset[str]()  # one set at a time: those of a million texts would take gigabytes
    for earlier, later in sorted(_candidates(signatures, threshold)):
        if later not in earliest:
            if earlier != held:
                held, own = earlier, _windows(texts[earlier])
            if _overlap(own, _windows(texts[later])) >= threshold:
                earliest[later] = earlier
    yield from sorted(earliest.items())


def _shingles(texts: NDArray[np.object_]) -> tuple[Hashes, NDArray[np.intp]]:
    """Return the hashes of all five-character windows, text after text, and where each text begins."""
    lengths = np.array([len(text) for text in texts])
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    hashes = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for offset in range(_SHINGLE):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[offset:offset + len(hashes)]
    hashes ^= hashes >> np.uint64(29)
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    inside = np.ones(len(hashes), dtype=bool)
    for back in range(1, _SHINGLE):  # windows that reach into the next text
        inside[begins[1:] - back] = False
    return hashes[inside], np.concatenate([[0], np.cumsum(lengths - _SHINGLE + 1)])


def _signatures(texts: NDArray[np.object_]) -> Hashes:
    """Return `_HASHES` minima for each text, of multiply-shift hashes with fixed odd factors; some texts at a time."""
    halves = np.random.default_rng(20_251).integers(1, 2**63, size=_HASHES, dtype=np.uint64)
    factors = halves * np.uint64(2) + np.uint64(1)
    signatures = np.empty((len(texts), _HASHES), dtype=np.uint64)
    ends = np.cumsum([len(text) for text in texts])
    text = 0
    while text < len(texts):
        begin = int(ends[text]) - len(texts[text])
        stop = max(text + 1, int(np.searchsorted(ends, begin + _CHUNK, side="right")))
        shingles, starts = _shingles(texts[text:stop])
        for column, factor in enumerate(factors):
            signatures[text:stop, column] = np.minimum.reduceat((shingles * factor) >> np.uint64(24), starts[:-1])
        text = stop
    return signatures


def _candidates(signatures: Hashes, threshold: float) -> set[tuple[int, int]]:
    """Return pairs that agree in all rows of at least one band."""
    rows = _rows(threshold)
    pairs: set[tuple[int, int]] = set()
    for band in range(0, _HASHES - rows + 1, rows):
        key = np.zeros(len(signatures), dtype=np.uint64)
        for column in range(band, band + rows):
            key = key * np.uint64(0x9E3779B97F4A7C15) + signatures[:, column]
        order = np.argsort(key, kind="stable")
        begins = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] ^ np.uint64(1)))
        sizes = np.diff(begins, append=len(order))
        for begin, size in zip(begins[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
            members = order[begin : begin + size].tolist()
            pairs.update(pairwise(members))
            pairs.update((members[0], member) for member in members[2:])
    return pairs


def _rows(threshold: float) -> int:
    """Return the longest band that still finds 99.5 in 100 pairs at the threshold."""
    for rows in (9, 8, 6, 4, 3, 2):
        if 1 - (1 - threshold**rows) ** (_HASHES // rows) >= 0.995:
            return rows
    return 1


def _windows(text: str) -> frozenset[str]:
    return frozenset(text[start : start + _SHINGLE] for start in range(len(text) - _SHINGLE + 1))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)

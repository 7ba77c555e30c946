"""What the words of a text tell of its tone: praise and blame, what is turned or set against it, emoji and marks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from math import fsum
from operator import attrgetter
from typing import Final

import numpy as np

from workbench.insights.tone.lexicon import UNSPACED, Hit, find_hits, lexicon_of
from workbench.insights.tone.marks import count_marks
from workbench.language import counting_key

NAMES: Final = (
    "praise", "blame", "praise_turned", "blame_turned", "net", "net_sign", "most_praise", "most_blame",
    "praise_after_but", "blame_after_but", "net_after_but", "net_first", "net_last", "has_but", "both",
    "emoji_praise", "emoji_blame", "emoji_irony", "laugh", "irony", "irony_and_blame", "irony_and_praise",
    "exclamations", "questions", "dots", "stretched", "capitals", "numbers", "idle_negators", "words", "nothing_found",
    "strengthened", "quoted",
)
_OF_MARKS: Final = ("exclamations", "questions", "capitals", "numbers")
_TOLD: Final = (*(name for name in NAMES if name not in _OF_MARKS), "says_laugh")
_DAMPENED: Final = [NAMES.index(name) for name in (
    "praise", "blame", "praise_turned", "blame_turned", "praise_after_but", "blame_after_but", "emoji_praise",
    "emoji_blame", "emoji_irony", "laugh", "exclamations", "questions", "idle_negators", "words", "strengthened",
)]
_EMOJI: Final = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f300-\U0001faff]")
_PART: Final = re.compile(r"[.!?,;:،؛。！？；：\n…]+|\s[-–—]\s")
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_QUOTED: Final = re.compile(r"[\"“„«「]\s?\w+(?:\s\w+)?\s?[\"”“»」]")
_REACH_BEFORE, _REACH_AFTER = 4, 3  # words that a negator turns
_PERSIAN_BEFORE = 2  # "without", "un-": what is said of the sentence stands in its verb
_CHARACTERS_BEFORE, _CHARACTERS_AFTER = 3, 5  # the same in Chinese and Japanese
_MANY, _NEAR = 64, 64  # hits that are worth a search, and places that no phrase and no reach spans
_first: Final = attrgetter("first")


def lexical_features(texts: Sequence[str], languages: Sequence[str]) -> np.ndarray:
    """Return the lexical evidence of each text, one row a text and one column for each of `NAMES`.

    Sums of praise and blame are dampened by a logarithm. A word that praises or blames, and strengthens
    as well ("super", "فوق‌العاده"), does the latter alone where the next one praises or blames. A word is turned by a
    negator before or after it within the same part of the sentence, as its language has it.

    Parameters
    ----------
    texts
        As customers wrote them.
    languages
        ISO 639-1 of each.

    Examples
    --------
    >>> rows = lexical_features(["not bad at all", "ما كان كويس", "عالی بود", "was soll ich sagen"],
    ...                         ["en", "ar", "fa", "de"])
    >>> rows.shape, np.sign(rows[:, NAMES.index("net")]).tolist()
    ((4, 33), [1.0, -1.0, 1.0, 0.0])
    """
    marks = count_marks(texts)
    shortened = [_shorten(text) if repeats else text
                 for text, repeats in zip(texts, marks.repeats.tolist(), strict=True)]
    told = np.array([_told(text, short, language)
                     for text, short, language in zip(texts, shortened, languages, strict=True)], dtype=np.float64)
    found: dict[str, np.ndarray] = dict(zip(_TOLD, told.reshape(-1, len(_TOLD)).T, strict=True))
    found |= {"exclamations": marks.exclamations, "questions": marks.questions, "numbers": marks.digits > 0,
              "capitals": np.where(marks.letters > 3, marks.capitals / np.maximum(marks.letters, 1), 0.0)}
    rows = np.column_stack([found[name] for name in NAMES]).astype(np.float64)
    rows[:, _DAMPENED] = np.log1p(rows[:, _DAMPENED])
    rows[:, NAMES.index("laugh")] += found["says_laugh"]
    rows[:, NAMES.index("words")] /= 2
    return rows


def _shorten(text: str) -> str:
    """Return a text without letters that are stretched ("sooo"); an English word may have two of them."""
    return _STRETCHED.sub(r"\1\1" if text.isascii() else r"\1", text)


def _told(text: str, shortened: str, language: str) -> tuple[float, ...]:
    """Return the evidence of one text that `_TOLD` names, before it is dampened."""
    told = [part for piece in _PART.split(shortened) if piece.strip() for part in _read_part(piece, language)]
    whole, after = _sum(told), _sum([part for part in told if part.after_but])
    emoji = _emoji(text)
    kinds = [kind for part in told for kind in part.kinds]
    irony, net = float("irony" in kinds), _net(whole)
    most = [value for part in told for value in part.values]
    blamed = whole[1] + whole[2]
    return (
        *whole, net, (net > 0) - (net < 0), max([*most, 0.0]), -min([*most, 0.0]),
        after[0], after[1], _net(after), _net(_sum(told[:1])), _net(_sum(told[-1:])),
        any(part.after_but for part in told), min(whole[0] + whole[3], blamed, 3.0),
        emoji["praise"], emoji["blame"], emoji["irony"], emoji["laugh"], irony,
        irony * float(blamed + emoji["blame"] > 0), irony * float(whole[0] > 0), "..." in text or "…" in text,
        shortened != text, sum(part.idle for part in told), sum(part.length for part in told),
        not any(whole) and not emoji["praise"] and not emoji["blame"],
        kinds.count("more"), bool(_QUOTED.search(text)), "laugh" in kinds,
    )


class _Part:
    """One part of a sentence: its values after turning, and what else it holds."""

    def __init__(self, hits: list[Hit], length: int, after_but: bool, language: str) -> None:
        self.kinds = [hit.kind for hit in hits]
        self.after_but = after_but
        self.length = length
        self.sums = [0.0, 0.0, 0.0, 0.0]
        self.values: list[float] = []
        negators = [hit for hit in hits if hit.kind.startswith("negator")]
        factors = [hit for hit in hits if hit.kind in ("more", "less")]
        strengthening = {hit.first for hit in factors}
        told = [hit for hit in hits if hit.kind in ("praise", "blame")]
        said = {hit.first for hit in told}
        told = [hit for hit in told if hit.first not in strengthening or hit.last + 1 not in said]
        ends = [hit.last for hit in hits if hit.kind == "end"]
        turning = [[other.first for other in _beside(hit, negators) if _turns(other, hit, language)
                    and not any(hit.last <= end < other.first for end in ends)] for hit in told]
        used = {first for turned in turning for first in turned}
        only_turns = {hit.first for hit in negators if hit.first in used and hit.kind == "negator_after"}
        for hit, turned in zip(told, turning, strict=True):
            if hit.first not in only_turns:
                value = hit.weight * _strength(hit, _beside(hit, factors))
                self.sums[(0 if value > 0 else 1) + (2 if turned else 0)] += abs(value)
                self.values.append(-0.6 * value if turned else value)
        self.idle = sum(hit.first not in used for hit in negators) if negators else 0


def _read_part(part: str, language: str) -> list[_Part]:
    """Return the parts before and after a word that sets them against each other."""
    hits, length = find_hits(counting_key(part, language), language)
    if not any(hit.kind == "contrast" for hit in hits):
        return [_Part(hits, length, False, language)]
    found: list[_Part] = []
    start, read, after = 0, 0, False
    firsts = [hit.first for hit in hits]
    for hit in [hit for hit in hits if hit.kind == "contrast"]:
        begins = bisect_left(firsts, hit.first)
        if begins > read or after:
            found.append(_Part(hits[read:begins], hit.first - start, after, language))
        start, read, after = hit.first, begins, True
    return [*found, _Part(hits[read:], length - start, after, language)]


def _beside(hit: Hit, others: list[Hit]) -> list[Hit]:
    """Return those of many hits, in order of their places, that may stand near enough to change what another means."""
    if len(others) < _MANY:
        return others
    return others[bisect_left(others, hit.first - _NEAR, key=_first):bisect_left(others, hit.last + _NEAR, key=_first)]


def _turns(negator: Hit, hit: Hit, language: str) -> bool:
    unspaced = language in UNSPACED
    before, after = (_CHARACTERS_BEFORE, _CHARACTERS_AFTER) if unspaced else (_REACH_BEFORE, _REACH_AFTER)
    if negator.kind == "negator_before":
        return 0 < hit.first - negator.last <= (_PERSIAN_BEFORE if language == "fa" else before)
    distance = negator.first - hit.last
    return 0 < distance <= after or (distance == 0 and negator.kind == "negator_itself")


def _strength(hit: Hit, others: list[Hit]) -> float:
    factors = [other.weight for other in others
               if 0 < hit.first - other.last <= 2 or other.first - hit.last == 1]
    return max(factors, key=lambda factor: abs(factor - 1), default=1.0)


def _sum(parts: list[_Part]) -> list[float]:
    if len(parts) == 1:
        return parts[0].sums
    return [fsum(part.sums[place] for part in parts) for place in range(4)]


def _net(sums: list[float]) -> float:
    """Return praise less blame as a part of both, -1 to 1; what is turned counts for somewhat less."""
    good, bad = sums[0] + 0.6 * sums[3], sums[1] + 0.7 * sums[2]
    return (good - bad) / (good + bad + 1)


def _emoji(text: str) -> dict[str, float]:
    sums = {"praise": 0.0, "blame": 0.0, "laugh": 0.0, "irony": 0.0}
    if text.isascii():
        return sums
    known = lexicon_of("any").whole
    for character in _EMOJI.findall(text):
        for kind, weight in known.get(character, ()):
            sums[kind] += abs(weight)
    return sums

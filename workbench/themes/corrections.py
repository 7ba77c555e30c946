"""What a codebook does to who is in which theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.language import counting_key
from workbench.themes.codebook import Codebook, Line
from workbench.themes.prepare import unit_length

REPORT: Final = ("line", "rule", "theme_id", "status", "reason", "statement_count")
APPLIED, STALE, CONFLICT = "applied", "no longer applies", "conflict"
_PASSES: Final = 2
_IN_PART: Final = ("matches_in_part", "no_such_language")


@dataclass
class Outcome:
    """What became of each rule, collected while they are applied.

    The report has one row a rule: ``line, rule`` (its verb), ``theme_id``, ``status`` ("applied", "no longer
    applies", "conflict"), ``reason`` (a fixed word, empty where it was applied without remark) and
    ``statement_count``, the statements that it concerned.

    ``known`` are the themes that there were before any rule, and those that rules made.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    known: set[int] = field(default_factory=set)

    def add(self, line: Line, theme: int | None, status: str, reason: str = "", count: int | None = None) -> None:
        """Note one rule."""
        self.rows.append({"line": line.number, "rule": line.verb, "theme_id": theme, "status": status,
                          "reason": reason, "statement_count": count})

    def absent(self, theme: int, once: int) -> str:
        """Return the word for why a theme is not there: a rule has ended it, it has vanished, or it never was."""
        if theme in self.known:
            return "ended_by_rule"
        return "vanished" if theme < once else "no_such_theme"

    def table(self) -> pd.DataFrame:
        """Return the report, by line."""
        kinds = {"line": "int64", "rule": "str", "theme_id": "Int64", "status": "str", "reason": "str",
                 "statement_count": "Int64"}
        table = pd.DataFrame(self.rows, columns=list(REPORT)).astype(kinds)
        return table.sort_values("line", kind="stable", ignore_index=True)


def is_open(report: pd.DataFrame) -> pd.Series:
    """Return which rules of a report are not applied, or not in full.

    Examples
    --------
    >>> report = pd.DataFrame({"status": [APPLIED, APPLIED, STALE], "reason": ["", "matches_in_part", "vanished"]})
    >>> is_open(report).tolist()
    [False, True, True]
    """
    return (report["status"] != APPLIED) | report["reason"].isin(_IN_PART)


class Meant(NamedTuple):
    """The statements that examples mean, by id and by phrase, and a word for why some of them mean none."""

    by_id: np.ndarray
    by_phrase: np.ndarray
    reason: str


class Examples:
    """Finds the statements that an example means: those with its id, those of its comment, or those that say it."""

    def __init__(self, statements: pd.DataFrame) -> None:
        self._ids = statements["statement_id"].to_numpy(dtype=object)
        self._comments = statements["feedback_id"].to_numpy(dtype=object)
        pairs = zip(statements["text"], statements["language"], strict=True)
        self._texts = pd.Series([counting_key(text, language) for text, language in pairs], dtype="str")
        self._languages = statements["language"].to_numpy(dtype=object)

    def find(self, examples: Sequence[str], within: np.ndarray, phrases: bool = True) -> Meant:
        """Return the statements within some that are meant; `phrases`: whether an example may be one."""
        by_id, by_phrase = np.zeros((2, len(self._ids)), dtype=bool)
        nothing = elsewhere = 0
        for example in examples:
            named = (self._ids == example) | (self._comments == example)
            said = self._saying(example) if phrases and not named.any() else np.zeros_like(named)
            nothing += not (named | said).any()
            elsewhere += bool((named | said).any() and not ((named | said) & within).any())
            by_id |= named & within
            by_phrase |= said & within
        missed = nothing + elsewhere
        reason = "" if not missed else "matches_in_part" if missed < len(examples) else \
            "elsewhere" if elsewhere else "matches_nothing"
        return Meant(by_id, by_phrase & ~by_id, reason)

    def _saying(self, phrase: str) -> np.ndarray:
        """A phrase is sought as each language would count it, so that its spellings fall together."""
        said = np.zeros(len(self._ids), dtype=bool)
        for language in sorted(set(self._languages)):
            rows = self._languages == language
            key = counting_key(phrase, language)
            if key:
                said[rows] = self._texts[rows].str.contains(key, regex=False).to_numpy(dtype=bool)
        return said


def correct_members(statements: pd.DataFrame, points: np.ndarray, labels: np.ndarray, codebook: Codebook,
                    once: int, outcome: Outcome) -> np.ndarray:
    """Return the theme of each statement after the rules that move statements.

    Rules are applied by kind, whatever their order in the file: split, move, merge, forbid. Within a kind the order
    decides nothing either; where two rules want the same thing differently, neither is applied and both are reported.

    Parameters
    ----------
    statements
        With ``statement_id, feedback_id, text, language``.
    points
        Their vectors as themes were found in, shape ``(n, d)``.
    labels
        Theme of each, -1 for unassigned.
    codebook
        The rules.
    once
        The first number that no theme has had: a lower one that is missing has vanished.
    outcome
        Collects what became of each rule.

    Examples
    --------
    >>> from workbench.themes.codebook import Merge
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"],
    ...                            "text": ["late", "دیر"], "language": ["en", "fa"]})
    >>> rules = Codebook((Line(1, "merge", Merge(merge=7, into=3)),))
    >>> correct_members(statements, np.eye(2), np.array([3, 7]), rules, 8, Outcome()).tolist()
    [3, 3]
    """
    if not codebook.lines:
        return labels
    outcome.known |= set(labels[labels >= 0].tolist())
    examples = Examples(statements) if codebook.of("split") or codebook.of("move") else None
    labels = labels.copy()
    if examples is not None:
        labels = _split(labels, points, examples, codebook.of("split"), once, outcome)
        labels = _move(labels, examples, codebook.of("move"), once, outcome)
    labels = _merge(labels, codebook.of("merge"), once, outcome)
    return _forbid(labels, codebook.of("forbid"), once, outcome)


def _split(labels: np.ndarray, points: np.ndarray, examples: Examples, lines: list[Line], once: int,
           outcome: Outcome) -> np.ndarray:
    there = set(labels[labels >= 0].tolist())
    wanted: dict[int, set[int]] = {}
    for line in lines:
        wanted.setdefault(line.rule.into, set()).add(line.rule.split)
    seeds: dict[int, dict[int, np.ndarray]] = {}
    kept: list[tuple[Line, np.ndarray, bool]] = []
    for line in lines:
        theme, part = line.rule.split, line.rule.into
        alike = examples.find(line.rule.examples, labels == theme)
        named = examples.find(line.rule.statements, labels == theme, phrases=False)
        rows = alike.by_id | alike.by_phrase
        if theme not in there:
            outcome.add(line, theme, STALE, outcome.absent(theme, once))
        elif len(wanted[part]) > 1 or part in there:
            outcome.add(line, theme, CONFLICT, "number_taken")
        elif not (rows | named.by_id).any():
            outcome.add(line, theme, STALE, alike.reason or named.reason)
        else:
            kept.append((line, named.by_id, bool(alike.reason or named.reason)))
            if rows.any():
                parts = seeds.setdefault(theme, {})
                parts[part] = parts.get(part, np.zeros(len(labels), dtype=bool)) | rows
    for theme in sorted(seeds):
        labels = _divide(labels, points, theme, dict(sorted(seeds[theme].items())))
    target, torn = _targets([(line.rule.into, own) for line, own, _ in kept], len(labels))
    labels = np.where((target >= 0) & ~torn, target, labels)
    outcome.known |= {line.rule.into for line, _, _ in kept}
    for line, own, in_part in kept:
        status, reason = (CONFLICT, "two_targets") if (own & torn).any() else \
            (APPLIED, "matches_in_part" if in_part else "")
        outcome.add(line, line.rule.split, status, reason, int((labels == line.rule.into).sum()))
    return labels


def _divide(labels: np.ndarray, points: np.ndarray, theme: int, seeds: dict[int, np.ndarray]) -> np.ndarray:
    """Give each statement of a theme to the nearest of its parts and its rest; the examples stay where they are put."""
    labels = labels.copy()
    members = np.flatnonzero(labels == theme)
    numbers = np.array([theme, *seeds])
    fixed = np.stack([rows[members] for rows in seeds.values()], axis=1)
    claimed = fixed.any(axis=1)
    part = np.where(claimed, fixed.argmax(axis=1) + 1, 0)
    for _ in range(_PASSES):
        sums = np.stack([points[members[part == place]].sum(axis=0) for place in range(len(numbers))])
        likeness = np.round(points[members] @ unit_length(sums).T, 5)
        nearest = likeness.argmax(axis=1)
        among = np.where(fixed, likeness[:, 1:], -np.inf).argmax(axis=1) + 1  # an example of two parts: the nearer
        part = np.where(claimed, among, nearest)
    labels[members] = numbers[part]
    return labels


def _move(labels: np.ndarray, examples: Examples, lines: list[Line], once: int, outcome: Outcome) -> np.ndarray:
    there = set(labels[labels >= 0].tolist())
    found: list[tuple[Line, Meant]] = []
    for line in lines:
        meant = examples.find(line.rule.move, np.ones(len(labels), dtype=bool))
        if line.rule.to not in there:
            outcome.add(line, line.rule.to, STALE, outcome.absent(line.rule.to, once))
        elif not (meant.by_id | meant.by_phrase).any():
            outcome.add(line, line.rule.to, STALE, meant.reason)
        else:
            found.append((line, meant))
    by_phrase, torn_phrase = _targets([(line.rule.to, meant.by_phrase) for line, meant in found], len(labels))
    by_id, torn_id = _targets([(line.rule.to, meant.by_id) for line, meant in found], len(labels))
    named_any = (by_id >= 0) | torn_id
    torn = torn_id | (torn_phrase & ~named_any)
    target = np.where(named_any, by_id, by_phrase)
    moved = (target >= 0) & ~torn
    for line, meant in found:
        rows = meant.by_id | meant.by_phrase
        status, reason = (CONFLICT, "two_targets") if (rows & torn).any() else (APPLIED, meant.reason)
        outcome.add(line, line.rule.to, status, reason, int((rows & moved & (target == line.rule.to)).sum()))
    return np.where(moved, target, labels)


def _targets(wanted: list[tuple[int, np.ndarray]], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the theme that each statement is put into (-1: none), and which are wanted by two themes."""
    target = np.full(count, UNASSIGNED_THEME, dtype=np.int64)
    torn = np.zeros(count, dtype=bool)
    for theme, rows in wanted:
        torn |= rows & (target >= 0) & (target != theme)
        target[rows] = theme
    return target, torn


def _merge(labels: np.ndarray, lines: list[Line], once: int, outcome: Outcome) -> np.ndarray:
    there = set(labels[labels >= 0].tolist())
    ends = merge_ends(lines)
    sizes = {theme: int((labels == theme).sum()) for theme in there}
    for line in lines:
        for source in line.rule.merge:
            if source not in there:
                outcome.add(line, source, STALE, outcome.absent(source, once))
            elif source not in ends:
                outcome.add(line, source, CONFLICT, "two_targets")
            elif ends[source] is None:
                outcome.add(line, source, CONFLICT, "circle")
            elif ends[source] not in there:
                outcome.add(line, source, STALE, outcome.absent(int(ends[source] or 0), once))
            else:
                outcome.add(line, source, APPLIED, count=sizes[source])
    for source, end in ends.items():
        if end is not None and end in there:
            labels = np.where(labels == source, end, labels)
    return labels


def merge_ends(lines: Sequence[Line]) -> dict[int, int | None]:
    """Return where each theme that is merged ends up, none where merges go round; not those that two rules want apart.

    Examples
    --------
    >>> from workbench.themes.codebook import Merge
    >>> merge_ends([Line(1, "merge", Merge(merge=[7, 5], into=3)), Line(2, "merge", Merge(merge=3, into=2))])
    {3: 2, 5: 2, 7: 2}
    """
    wanted: dict[int, set[int]] = {}
    for line in lines:
        for source in line.rule.merge:
            wanted.setdefault(source, set()).add(line.rule.into)
    into = {source: next(iter(goals)) for source, goals in wanted.items() if len(goals) == 1}
    return {source: _end_of(source, into) for source in sorted(into)}


def _end_of(theme: int, into: dict[int, int]) -> int | None:
    """Follow merges to their end; none, if they go round."""
    seen = {theme}
    while theme in into:
        theme = into[theme]
        if theme in seen:
            return None
        seen.add(theme)
    return theme


def _forbid(labels: np.ndarray, lines: list[Line], once: int, outcome: Outcome) -> np.ndarray:
    for line in lines:
        theme = line.rule.forbid
        if isinstance(theme, str):
            continue
        rows = labels == theme
        if rows.any():
            outcome.add(line, theme, APPLIED, count=int(rows.sum()))
        else:
            outcome.add(line, theme, STALE, outcome.absent(theme, once))
        labels = np.where(rows, UNASSIGNED_THEME, labels)
    return labels

"""What a codebook does to who is in which theme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.language import counting_key
from workbench.themes.codebook import Codebook, Line
from workbench.themes.prepare import unit_length

REPORT: Final = ("line", "rule", "theme_id", "status", "reason", "statement_count")
APPLIED, STALE, CONFLICT = "applied", "no longer applies", "conflict"
_PASSES: Final = 2


@dataclass
class Outcome:
    """What became of each rule, collected while they are applied.

    The report has one row a rule: ``line, rule`` (its verb), ``theme_id``, ``status`` ("applied", "no longer
    applies", "conflict"), ``reason`` (a fixed word, empty where it was applied without remark) and
    ``statement_count``, the statements that it concerned.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: Line, theme: int | None, status: str, reason: str = "", count: int | None = None) -> None:
        """Note one rule."""
        self.rows.append({"line": line.number, "rule": line.verb, "theme_id": theme, "status": status,
                          "reason": reason, "statement_count": count})

    def table(self) -> pd.DataFrame:
        """Return the report, by line."""
        kinds = {"line": "int64", "rule": "str", "theme_id": "Int64", "status": "str", "reason": "str",
                 "statement_count": "Int64"}
        return pd.DataFrame(self.rows, columns=list(REPORT)).astype(kinds).sort_values("line", ignore_index=True)


class Examples:
    """Finds the statements that an example means: those with its id, those of its comment, or those that say it."""

    def __init__(self, statements: pd.DataFrame) -> None:
        self._ids = statements["statement_id"].to_numpy(dtype=object)
        self._comments = statements["feedback_id"].to_numpy(dtype=object)
        pairs = zip(statements["text"], statements["language"], strict=True)
        self._texts = pd.Series([counting_key(text, language) for text, language in pairs], dtype="str")
        self._languages = statements["language"].to_numpy(dtype=object)

    def find(self, examples: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return which statements are meant by id, and which by a phrase."""
        by_id = np.zeros(len(self._ids), dtype=bool)
        by_phrase = np.zeros(len(self._ids), dtype=bool)
        for example in examples:
            named = (self._ids == example) | (self._comments == example)
            by_id |= named
            if not named.any():
                by_phrase |= self._saying(example)
        return by_id, by_phrase & ~by_id

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
    examples = Examples(statements) if codebook.of("split") or codebook.of("move") else None
    labels = labels.copy()
    if examples is not None:
        labels = _split(labels, points, examples, codebook.of("split"), once, outcome)
        labels = _move(labels, examples, codebook.of("move"), once, outcome)
    labels = _merge(labels, codebook.of("merge"), once, outcome)
    return _forbid(labels, codebook.of("forbid"), once, outcome)


def absent(theme: int, once: int) -> str:
    """Return the word for why a theme is not there: it never was, or it has vanished."""
    return "vanished" if theme < once else "no_such_theme"


def _split(labels: np.ndarray, points: np.ndarray, examples: Examples, lines: list[Line], once: int,
           outcome: Outcome) -> np.ndarray:
    there = set(labels[labels >= 0].tolist())
    wanted: dict[int, set[int]] = {}
    for line in lines:
        wanted.setdefault(line.rule.into, set()).add(line.rule.split)
    seeds: dict[int, dict[int, np.ndarray]] = {}
    kept = []
    for line in lines:
        theme, part = line.rule.split, line.rule.into
        named, said = examples.find(line.rule.examples)
        rows = (named | said) & (labels == theme)
        if theme not in there:
            outcome.add(line, theme, STALE, absent(theme, once))
        elif len(wanted[part]) > 1 or part in there:
            outcome.add(line, theme, CONFLICT, "number_taken")
        elif not rows.any():
            outcome.add(line, theme, STALE, "matches_nothing")
        else:
            own = seeds.setdefault(theme, {})
            own[part] = own.get(part, np.zeros(len(labels), dtype=bool)) | rows
            kept.append(line)
    for theme in sorted(seeds):
        labels = _divide(labels, points, theme, dict(sorted(seeds[theme].items())))
    for line in kept:
        outcome.add(line, line.rule.split, APPLIED, count=int((labels == line.rule.into).sum()))
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
    targets: dict[bool, list[tuple[Line, np.ndarray]]] = {True: [], False: []}
    found: dict[int, np.ndarray] = {}
    for line in lines:
        named, said = examples.find(line.rule.examples)
        if line.rule.to not in there:
            outcome.add(line, line.rule.to, STALE, absent(line.rule.to, once))
        elif not (named | said).any():
            outcome.add(line, line.rule.to, STALE, "matches_nothing")
        else:
            targets[True].append((line, named))
            targets[False].append((line, said))
            found[line.number] = named | said
    by_phrase, torn_phrase = _targets(targets[False], len(labels))
    by_id, torn_id = _targets(targets[True], len(labels))
    named_any = (by_id >= 0) | torn_id
    torn = torn_id | (torn_phrase & ~named_any)
    target = np.where(named_any, by_id, by_phrase)
    moved = (target >= 0) & ~torn
    for line, _ in targets[True]:
        rows = found[line.number]
        status, reason = (CONFLICT, "two_targets") if (rows & torn).any() else (APPLIED, "")
        outcome.add(line, line.rule.to, status, reason, int((rows & moved & (target == line.rule.to)).sum()))
    return np.where(moved, target, labels)


def _targets(wanted: list[tuple[Line, np.ndarray]], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the theme that each statement is moved to (-1: none), and which are wanted by two themes."""
    target = np.full(count, UNASSIGNED_THEME, dtype=np.int64)
    torn = np.zeros(count, dtype=bool)
    for line, rows in wanted:
        torn |= rows & (target >= 0) & (target != line.rule.to)
        target[rows] = line.rule.to
    return target, torn


def _merge(labels: np.ndarray, lines: list[Line], once: int, outcome: Outcome) -> np.ndarray:
    there = set(labels[labels >= 0].tolist())
    wanted: dict[int, set[int]] = {}
    for line in lines:
        for source in line.rule.sources:
            wanted.setdefault(source, set()).add(line.rule.into)
    into = {source: next(iter(goals)) for source, goals in wanted.items() if len(goals) == 1}
    ends = {source: _end_of(source, into) for source in sorted(into)}
    sizes = {theme: int((labels == theme).sum()) for theme in there}
    for line in lines:
        for source in line.rule.sources:
            if source not in there:
                outcome.add(line, source, STALE, absent(source, once))
            elif len(wanted[source]) > 1:
                outcome.add(line, source, CONFLICT, "two_targets")
            elif ends[source] is None:
                outcome.add(line, source, CONFLICT, "circle")
            elif ends[source] not in there:
                outcome.add(line, source, STALE, absent(int(ends[source] or 0), once))
            else:
                outcome.add(line, source, APPLIED, count=sizes[source])
    for source, end in ends.items():
        if end is not None and end in there:
            labels = np.where(labels == source, end, labels)
    return labels


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
            outcome.add(line, theme, STALE, absent(theme, once))
        labels = np.where(rows, UNASSIGNED_THEME, labels)
    return labels

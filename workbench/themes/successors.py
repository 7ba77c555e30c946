"""Themes that are no longer there: what they were called, and the theme that most of their statements are in now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.themes.codebook import Codebook
from workbench.themes.corrections import merge_ends
from workbench.themes.ledger import Ledger, Run, member_table
from workbench.themes.members import member_keys

FORBIDDEN: Final = "the codebook forbids it"
UNASSIGNED_NOW: Final = "most of its statements are in no theme now"
SCATTERED: Final = "its statements are in several themes now"
UNKNOWN: Final = "nothing tells where its statements are now"
_MOST: Final = 0.5


@dataclass(frozen=True)
class Past:
    """What themes were called and became.

    Attributes
    ----------
    into : dict
        For each theme that is no longer there the one that it is part of now, or why there is none.
    names : dict
        The themes that once had each name.
    """

    into: dict[int, int | str] = field(default_factory=dict)
    names: dict[str, set[int]] = field(default_factory=dict)

    def follow(self, theme: int) -> int | str:
        """Return the theme itself if it is there, else what it is part of now, or why there is no such theme.

        Examples
        --------
        >>> past = Past({7: 3, 9: FORBIDDEN})
        >>> past.follow(3), past.follow(7), past.follow(9)
        (3, 3, 'the codebook forbids it')
        """
        return self.into.get(theme, theme)


def follow_themes(ledger: Ledger, codebook: Codebook, statements: pd.DataFrame, assignments: pd.DataFrame) -> Past:
    """Return what became of the themes that there have been.

    Where the codebook merges a theme, it is part of what it was merged into. Otherwise it is part of the theme that at
    least half of its statements are in now, by the last run of the ledger that had it.

    Parameters
    ----------
    ledger, codebook
        Of the study.
    statements, assignments
        With ``statement_id, feedback_id, text`` and ``statement_id, theme_id``, as they are now.

    Examples
    --------
    >>> from workbench.themes.ledger import KnownTheme
    >>> from workbench.themes.members import write_keys
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"], "text": ["late", "دیر"]})
    >>> run = Run(number=1, found="f", settings="s", encoder="e", first_new_id=0, next_id=8,
    ...           themes=[KnownTheme(theme_id=7, label="late", comment_count=2)],
    ...           members={7: write_keys(member_keys(statements))})
    >>> assignments = pd.DataFrame({"statement_id": ["a/0", "b/0"], "theme_id": [3, 3]})
    >>> follow_themes(Ledger((run,)), Codebook(), statements, assignments)
    Past(into={7: 3}, names={'late': {7}})
    """
    now = statements[["statement_id"]].merge(assignments, how="left", on="statement_id")["theme_id"]
    themes = now.fillna(UNASSIGNED_THEME).to_numpy(dtype=np.int64)
    there = set(themes[themes >= 0].tolist())
    keys, first = np.unique(member_keys(statements), return_index=True)
    into: dict[int, int | str] = {}
    for run in reversed(ledger.runs):
        gone = {theme.theme_id for theme in run.themes if theme.is_live} - there - set(into)
        if run.is_whole and gone:
            into |= _went(run, gone, keys, themes[first])
    known = {theme.theme_id for run in ledger.runs for theme in run.themes}
    known |= {theme for run in ledger.runs for theme in run.names.values()}
    into |= dict.fromkeys(known - there - set(into), UNKNOWN)
    into |= {line.rule.forbid: FORBIDDEN for line in codebook.of("forbid") if line.rule.forbid in known - there}
    ends = {source: end for source, end in merge_ends(codebook.of("merge")).items() if source not in there}
    into |= {source: end if end in there else into.get(end, UNKNOWN) for source, end in ends.items() if end is not None}
    names: dict[str, set[int]] = {}
    for run in ledger.runs:
        for name, theme in _called(run):
            names.setdefault(name, set()).add(theme)
    return Past(dict(sorted(into.items())), names)


def _went(run: Run, gone: set[int], keys: np.ndarray, themes: np.ndarray) -> dict[int, int | str]:
    """Return for themes of a run that are gone where the statements that are still there are now."""
    old_keys, old_themes = member_table(run)
    _, then, now = np.intersect1d(old_keys, keys, assume_unique=True, return_indices=True)
    return {theme: end for theme in sorted(gone) if (end := _most(themes[now[old_themes[then] == theme]])) != UNKNOWN}


def _most(themes: np.ndarray) -> int | str:
    if not len(themes):
        return UNKNOWN
    numbers, counts = np.unique(themes[themes >= 0], return_counts=True)
    if len(numbers) and counts.max() >= _MOST * len(themes):
        return int(numbers[counts.argmax()])
    return UNASSIGNED_NOW if (themes < 0).mean() >= _MOST else SCATTERED


def _called(run: Run) -> Iterator[tuple[str, int]]:
    yield from ((name, theme.theme_id) for theme in run.themes for name in (theme.label, *theme.labels.values()))
    yield from run.names.items()
    yield from ((name, theme) for theme, proposed in run.proposed.items() for name in proposed)

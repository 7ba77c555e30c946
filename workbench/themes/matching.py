"""Old themes and new ones: which new theme is which old one, and what became of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.themes.ledger import FIRST_OF_PEOPLE, LAST_OF_PEOPLE, KnownTheme, Prior, Run, member_table
from workbench.themes.members import read_centre

EVENTS: Final = ("event", "theme_id", "other_id", "similarity", "moved_share", "label_before", "count_before",
                 "matched_by")
_CONTINUES: Final = 0.3
_RETURNS: Final = 0.5
_MOST: Final = 0.5
_DOUBT: Final = 20.0  # shared statements at which members count as much as vectors
_UNLIKE: Final = 0.4  # cosine of centres that says nothing


@dataclass(frozen=True)
class Matching:
    """The number of each new theme, and what happened.

    Attributes
    ----------
    theme_ids : numpy.ndarray
        int64, one a new theme, in the order of its centres.
    events : pandas.DataFrame
        ``event`` ("born", "continued", "merged", "split", "vanished", "returned"), ``theme_id``; ``other_id``: the
        theme it was merged into or split from; ``similarity`` 0 to 1; ``moved_share``: of the statements known from
        both runs, the share that went the way of the event; ``label_before``, ``count_before`` of the old theme;
        ``matched_by`` ("members and vectors", "members", "vectors").
    next_id : int
        The first number that is free afterwards.
    """

    theme_ids: np.ndarray
    events: pd.DataFrame
    next_id: int


def match_themes(prior: Prior, centres: np.ndarray, keys: np.ndarray, labels: np.ndarray, encoder: str) -> Matching:
    """Return which new theme continues which old one, one to one, so that likeness is largest in all.

    Likeness is the Jaccard overlap of the statements that both runs know, and the cosine of the centres, rescaled so
    that unlike themes have 0. The more statements the two share, the more the overlap counts. Centres of another
    encoder cannot be compared: then statements alone decide. A new theme that continues no old one is born, or split
    from the old theme that most of its known statements come from; an old one without a successor is merged into the
    theme that most of its known statements went to, or has vanished. A vanished theme returns if a born one has a
    centre like its own. Numbers are never used again.

    Parameters
    ----------
    prior
        From `Ledger.prior`.
    centres
        Of the new themes, shape ``(k, d)``.
    keys
        From `member_keys`, one a statement.
    labels
        The new theme of each statement, 0 to k - 1, or -1.
    encoder
        Its identity.

    Notes
    -----
    Sources: Kuhn (1955), The Hungarian method; Spiliopoulou et al. (2006), MONIC, for the kinds of transition.

    Examples
    --------
    >>> matching = match_themes(Prior(1, None, 0), np.eye(2), np.zeros(0, np.uint64), np.zeros(0, np.int64), "e")
    >>> matching.theme_ids.tolist(), matching.events["event"].tolist(), matching.next_id
    ([0, 1], ['born', 'born'], 2)
    """
    count = len(centres)
    if prior.baseline is None:
        ids = _new_ids(prior.first_new_id, count)
        rows = [_event("born", theme, None, by="") for theme in ids]
        return Matching(ids, _table(rows), _after(ids, prior.first_new_id))
    shared = _Shared.between(prior.baseline, keys, labels, count)
    likeness = _likeness(prior.baseline, centres, shared, encoder)
    pairs = _assign(likeness[: len(shared.live)], _CONTINUES)
    dormant = _assign(np.where(np.isin(np.arange(count), list(pairs.values())), 0.0,
                               _cosines(shared.dormant, centres, prior.baseline, encoder)), _RETURNS)
    return _number(prior, shared, likeness, pairs, dormant, centres, encoder)


@dataclass(frozen=True)
class _Shared:
    """Counts of the statements that both runs know: old themes (then the unassigned) by new ones (likewise)."""

    live: list[KnownTheme]
    dormant: list[KnownTheme]
    both: np.ndarray

    @classmethod
    def between(cls, run: Run, keys: np.ndarray, labels: np.ndarray, count: int) -> _Shared:
        live = [theme for theme in run.themes if theme.is_live]
        old_keys, old_themes = member_table(run)
        known, first = np.unique(keys, return_index=True)
        _, old_rows, new_rows = np.intersect1d(old_keys, known, assume_unique=True, return_indices=True)
        place = {theme.theme_id: number for number, theme in enumerate(live)}
        rows = np.array([place.get(int(theme), len(live)) for theme in old_themes[old_rows]], dtype=np.int64)
        new = labels[first][new_rows]
        both = np.zeros((len(live) + 1, count + 1))
        np.add.at(both, (rows, np.where(new >= 0, new, count)), 1)
        return cls(live, [theme for theme in run.themes if not theme.is_live], both)


def _cosines(themes: list[KnownTheme], centres: np.ndarray, run: Run, encoder: str) -> np.ndarray:
    """Return cosines rescaled to 0 for what is unlike; all 0 where the encoders differ."""
    if run.encoder != encoder or not themes or not len(centres):
        return np.zeros((len(themes), len(centres)))
    old = np.stack([read_centre(theme.centre) for theme in themes])
    if old.shape[1] != centres.shape[1]:
        return np.zeros((len(themes), len(centres)))
    return np.clip((old @ centres.T - _UNLIKE) / (1 - _UNLIKE), 0, 1)


def _likeness(run: Run, centres: np.ndarray, shared: _Shared, encoder: str) -> np.ndarray:
    both = shared.both[:-1, :-1]
    union = shared.both[:-1].sum(axis=1)[:, None] + shared.both[:, :-1].sum(axis=0)[None, :] - both
    overlap = np.divide(both, union, out=np.zeros_like(both), where=union > 0)
    if run.encoder != encoder:
        return overlap
    weight = union / (union + _DOUBT)
    return np.round(weight * overlap + (1 - weight) * _cosines(shared.live, centres, run, encoder), 6)


def _assign(likeness: np.ndarray, least: float) -> dict[int, int]:
    """Return pairs of row and column, one to one, that are at least so alike and most alike in all."""
    from scipy.optimize import linear_sum_assignment

    gain = np.where(likeness >= least, likeness, 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return {int(row): int(column) for row, column in zip(rows, columns, strict=True) if gain[row, column] > 0}


def _number(prior: Prior, shared: _Shared, likeness: np.ndarray, pairs: dict[int, int], dormant: dict[int, int],
            centres: np.ndarray, encoder: str) -> Matching:
    ids = np.full(len(centres), UNASSIGNED_THEME, dtype=np.int64)
    by = "members" if prior.baseline is not None and prior.baseline.encoder != encoder else "members and vectors"
    rows = []
    for row, column in pairs.items():
        ids[column] = shared.live[row].theme_id
        moved = _share(shared.both[row], column)
        rows.append(_event("continued", ids[column], None, likeness[row, column], moved, shared.live[row], by))
    for row, column in dormant.items():
        ids[column] = shared.dormant[row].theme_id
        rows.append(_event("returned", ids[column], None, None, None, shared.dormant[row], "vectors"))
    fresh = np.flatnonzero(ids < 0)
    ids[fresh] = _new_ids(prior.first_new_id, len(fresh))
    rows += [_origin(int(column), ids, shared, by) for column in fresh]
    rows += [_end(row, ids, shared, by) for row in range(len(shared.live)) if row not in pairs]
    return Matching(ids, _table(rows), _after(ids[fresh], prior.first_new_id))


def _origin(column: int, ids: np.ndarray, shared: _Shared, by: str) -> dict[str, object]:
    """Split, if most of what is known of a new theme comes from one old theme; else born."""
    known = shared.both[:, column]
    best = int(np.argmax(known[:-1])) if len(known) > 1 else -1
    moved = _share(known, best) if best >= 0 else 0.0
    if moved < _MOST or best < 0:
        return _event("born", ids[column], None, by=by)
    return _event("split", ids[column], shared.live[best].theme_id, moved=moved, old=shared.live[best], by=by)


def _end(row: int, ids: np.ndarray, shared: _Shared, by: str) -> dict[str, object]:
    """Merged, if most of what is known of an old theme went to one new theme; else vanished."""
    known, old = shared.both[row], shared.live[row]
    best = int(np.argmax(known[:-1])) if len(known) > 1 else -1
    moved = _share(known, best) if best >= 0 else 0.0
    if moved < _MOST or best < 0:
        return _event("vanished", old.theme_id, None, old=old, by=by)
    return _event("merged", old.theme_id, ids[best], moved=moved, old=old, by=by)


def _share(counts: np.ndarray, place: int) -> float:
    total = float(counts.sum())
    return float(counts[place]) / total if total else 0.0


def _new_ids(first: int, count: int) -> np.ndarray:
    """Return free numbers; those that a codebook gives are passed over."""
    numbers = np.arange(first, first + count, dtype=np.int64)
    over = LAST_OF_PEOPLE + 1 - FIRST_OF_PEOPLE
    return np.where((numbers >= FIRST_OF_PEOPLE) & (first < FIRST_OF_PEOPLE), numbers + over, numbers)


def _after(ids: np.ndarray, first: int) -> int:
    last = int(ids.max()) + 1 if len(ids) else first
    return LAST_OF_PEOPLE + 1 if FIRST_OF_PEOPLE <= last <= LAST_OF_PEOPLE else last


def _event(event: str, theme: int, other: int | None, similarity: float | None = None, moved: float | None = None,
           old: KnownTheme | None = None, by: str = "members and vectors") -> dict[str, object]:
    return {"event": event, "theme_id": int(theme), "other_id": other, "similarity": similarity, "moved_share": moved,
            "label_before": None if old is None else old.label,
            "count_before": None if old is None else old.comment_count, "matched_by": by}


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(EVENTS))
    kinds = {"theme_id": "int64", "other_id": "Int64", "count_before": "Int64", "similarity": "float64",
             "moved_share": "float64", "event": "str", "matched_by": "str"}
    table = table.astype(kinds)
    return table.sort_values(["theme_id", "event"], ignore_index=True)

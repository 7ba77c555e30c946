"""The stability passport: how much of each theme is found again with other comments, other seeds, another order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.arguments import check_series
from workbench.columns import UNASSIGNED_THEME
from workbench.themes.many import Many, in_turn

Refit = Callable[[np.ndarray, int], np.ndarray]

COLUMNS = ["theme_id", "resamples", "resample_share", "resample_lowest", "resample_highest", "seeds", "seed_share",
           "seed_lowest", "seed_highest", "orders", "order_share", "cut_share", "stability", "verdict"]
STABLE, UNSTABLE, UNMEASURED = "stable", "unstable", "unmeasured"
_LEFT_OUT = 0.2


def find_again(themes: np.ndarray, other: np.ndarray, theme_ids: list[int]) -> np.ndarray:
    """Return how much of each theme is found again, 0 to 1: its largest Jaccard overlap with a theme of the other kind.

    Source: Hennig (2007), Cluster-wise assessment of cluster stability.

    Parameters
    ----------
    themes, other
        Two themes of each statement, -1 where there is none.
    theme_ids
        Of which themes.

    Examples
    --------
    >>> find_again(np.array([0, 0, 7, 7, -1]), np.array([3, 3, 3, 5, 5]), [0, 7]).round(2).tolist()
    [0.67, 0.33]
    """
    row = pd.Index(theme_ids).get_indexer(pd.Index(themes))
    column, distinct = pd.factorize(other)
    inside = (row >= 0) & (other != UNASSIGNED_THEME)
    shape = (len(theme_ids), len(distinct))
    both = sp.csr_matrix((np.ones(inside.sum()), (row[inside], column[inside])), shape).tocoo()
    own = np.bincount(row[row >= 0], minlength=len(theme_ids))
    theirs = np.bincount(column, minlength=len(distinct))
    found = np.zeros(len(theme_ids))
    np.maximum.at(found, both.row, both.data / (own[both.row] + theirs[both.col] - both.data))
    return found


def measure_passport(themes: np.ndarray, whose: pd.Series, theme_ids: list[int], refit: Refit | None, *,
                     resamples: int = 5, seeds: int = 5, seed: int = 0, threshold: float = 0.5,
                     cut: pd.Series | None = None, many: Many = in_turn) -> pd.DataFrame:
    """Return, for each theme, how much of it is found again when everything is done anew.

    Every figure is the mean over runs of the theme's largest Jaccard overlap with a theme of the run:

    * resamples: a fifth of the comments, or of those who wrote them, is left out, and neighbours, graph, themes and
      floor are made of the rest. A theme that one customer repeats goes with that customer;
    * seeds: all comments, another seed;
    * orders: all comments in another order, the same seed. It must be 1.

    A theme's stability is the lower of the means over resamples and seeds; the themes of which less than `threshold`
    is found again are unstable.

    Parameters
    ----------
    themes
        The theme of each statement, -1 where there is none.
    whose
        The comment of each, or who wrote it: what is left out together.
    theme_ids
        The themes.
    refit
        From positions of statements, in any order, and a seed to a theme for each of them. None: nothing is
        measured, because there is too much to do it again.
    resamples, seeds
        Runs; 0 leaves one out.
    seed
        The seed that the themes were found with; the runs have those that follow.
    threshold
        Of the verdict.
    cut
        By theme: what is found again when statements are only cut out of the finished graph, an upper bound.
    many
        Who does the runs; the passport is the same whoever does them.

    Returns
    -------
    pandas.DataFrame
        ``theme_id``; ``resamples, seeds, orders`` (runs) and their ``_share`` (mean), ``_lowest`` and ``_highest``;
        ``cut_share``; ``stability``; ``verdict`` (stable, unstable, unmeasured).

    Examples
    --------
    >>> themes, whose = np.array([0] * 10 + [1] * 10), pd.Series([str(n) for n in range(20)])
    >>> same = lambda rows, seed: themes[rows]
    >>> measure_passport(themes, whose, [0, 1], same)[["resample_share", "seeds", "verdict"]].values.tolist()
    [[1.0, 5, 'stable'], [1.0, 5, 'stable']]
    """
    check_series(whose=whose)
    if refit is None or not theme_ids:
        resamples = seeds = 0
    table = pd.DataFrame({"theme_id": np.asarray(theme_ids, dtype=np.int64)})
    asked = [("resample", _kept(whose, seed + run), seed) for run in range(resamples)]
    asked += [("seed", np.arange(len(themes)), seed + run + 1) for run in range(seeds)]
    if asked:
        asked.append(("order", np.random.default_rng(seed).permutation(len(themes)), seed))
    runs: dict[str, list[np.ndarray]] = {"resample": [], "seed": [], "order": []}
    for (name, rows, _), other in zip(asked, many(refit, [run[1:] for run in asked]), strict=True):
        runs[name].append(find_again(themes[rows], other, theme_ids))
    for name, found in runs.items():
        table = table.assign(**_summary(name, np.array(found).reshape(len(found), len(theme_ids))))
    table["cut_share"] = np.nan if cut is None else cut.reindex(table["theme_id"]).to_numpy(dtype=float)
    measured = table[["resample_share", "seed_share"]].min(axis=1)
    table["stability"] = measured.fillna(table["cut_share"]).round(4)
    verdict = np.where(measured >= threshold, STABLE, UNSTABLE)
    return table.assign(verdict=np.where(measured.isna(), UNMEASURED, verdict))[COLUMNS]


def _kept(whose: pd.Series, seed: int) -> np.ndarray:
    codes, distinct = pd.factorize(whose, sort=True)
    chosen = np.random.default_rng(seed).choice(len(distinct), max(1, round(len(distinct) * (1 - _LEFT_OUT))),
                                                replace=False)
    return np.flatnonzero(np.isin(codes, chosen))


def _summary(name: str, found: np.ndarray) -> dict[str, Any]:
    if not len(found):
        return {f"{name}s": 0, f"{name}_share": np.nan, f"{name}_lowest": np.nan, f"{name}_highest": np.nan}
    return {f"{name}s": len(found), f"{name}_share": found.mean(axis=0).round(4),
            f"{name}_lowest": found.min(axis=0).round(4), f"{name}_highest": found.max(axis=0).round(4)}

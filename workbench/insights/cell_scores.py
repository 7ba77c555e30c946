"""The scores of many cells at once: the same arithmetic as for one, by groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.insights.clusters import cluster_of, design_effects

SCALES = {"tone": (-1.0, 1.0), "nps": (-100.0, 100.0), "satisfaction": (0.0, 1.0)}
_PSEUDO = 3.0  # answers added to an NPS, as `net_promoter_score` does


@dataclass(frozen=True, eq=False)
class Answers:
    """One measure of how people fared: what it is, whether a comment or a statement carries it, and the values.

    Attributes
    ----------
    measure : str
        "tone" (-1 to 1), "nps" (100 promoter, 0 passive, -100 detractor), "satisfaction" (0 to 1) or "none".
    unit : str
        "statement_id" or "feedback_id".
    values : pandas.Series
        Indexed by the unit.
    clusters : pandas.Series or None
        Whom each comes from, indexed by the unit; None where each stands for itself.
    """

    measure: str
    unit: str
    values: pd.Series
    clusters: pd.Series | None = None


def choose_answers(comments: pd.DataFrame, tone: pd.DataFrame | None = None, owner: pd.Series | None = None
                   ) -> Answers:
    """Return the best measure that a study has: tone of statements, else likelihood to recommend, else ratings.

    Parameters
    ----------
    comments
        With ``feedback_id`` and any of ``nps``, ``rating`` and ``rating_max``; ``customer_id`` and ``account_id`` where
        known: what one of them says is one voice.
    tone
        ``statement_id, tone`` (-1, 0 or 1) of the statements whose tone is sure.
    owner
        The comment of each statement, indexed by ``statement_id``: its statements are one voice, too.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b"], "text": ["عالی", "نرسید"], "nps": [10, 3]})
    >>> answers = choose_answers(comments)
    >>> answers.measure, answers.values.to_dict()
    ('nps', {'a': 100.0, 'b': -100.0})
    """
    check_tables(comments=comments)
    whose = cluster_of(comments).set_axis(comments["feedback_id"])
    if tone is not None and "tone" in tone and tone["tone"].notna().any():
        values = tone.set_index("statement_id")["tone"].dropna().astype(float)
        return Answers("tone", "statement_id", values, None if owner is None else owner.map(whose).dropna())
    rows = comments.set_index("feedback_id")
    if "nps" in rows and rows["nps"].notna().any():
        return Answers("nps", "feedback_id", 100 * nps_level(rows["nps"].dropna()), whose)
    if {"rating", "rating_max"} <= set(rows):
        satisfaction = (rows["rating"] / rows["rating_max"]).dropna().astype(float)
        if len(satisfaction):
            return Answers("satisfaction", "feedback_id", satisfaction, whose)
    return Answers("none", "feedback_id", pd.Series(dtype=float))


def nps_level(answers: pd.Series) -> pd.Series:
    """Return 1.0 for promoters (9 and 10), 0.0 for passives and -1.0 for detractors (0 to 6); missing stays missing.

    Examples
    --------
    >>> nps_level(pd.Series([10, 8, 2, None])).tolist()
    [1.0, 0.0, -1.0, nan]
    """
    check_series(answers=answers)
    given = answers.astype(float)
    return (given.ge(9).astype(float) - given.le(6).astype(float)).where(given.notna())


def score_cells(table: pd.DataFrame, keys: list[str], answers: Answers, confidence: float = 0.95) -> pd.DataFrame:
    """Return the mean answer of each cell with its interval.

    A unit (comment or statement) counts once in a cell, however often the table names it there. Intervals are
    those of `net_promoter_score` for the NPS and of `mean_score` for the rest, over the clusters of the answers; where
    all answers are alike, or of one cluster, their spread is not known and the interval of a mean is empty.

    Parameters
    ----------
    table
        With `keys` and the column that ``answers.unit`` names.
    keys
        The columns that make a cell.

    Returns
    -------
    pandas.DataFrame
        Indexed by `keys`: ``score, score_low, score_high, score_n``. Cells without answers are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"stage_id": ["use", "use", "use"], "feedback_id": ["a", "a", "b"]})
    >>> answers = Answers("nps", "feedback_id", pd.Series({"a": 100.0, "b": -100.0}))
    >>> score_cells(table, ["stage_id"], answers)[["score", "score_n"]].values.tolist()
    [[0.0, 2.0]]
    """
    check_tables(table=table)
    once = table[[*keys, answers.unit]].drop_duplicates()
    once = once.assign(value=once[answers.unit].map(answers.values).astype(float)).dropna(subset=["value"])
    once = once.assign(up=once["value"] > 0, down=once["value"] < 0)
    grouped = once.groupby(keys)
    cells = grouped.agg(score=("value", "mean"), spread=("value", "std"), score_n=("value", "size"), up=("up", "sum"),
                        down=("down", "sum"), least=("value", "min"), most=("value", "max"))
    cells["effect"], cells["voices"] = 1.0, cells["score_n"]
    if answers.clusters is not None and len(once):
        whose = once[answers.unit].map(answers.clusters)
        alone = whose.astype(object).fillna("alone " + once[answers.unit].astype(str)) if whose.hasnans else whose
        cells["effect"], cells["voices"] = design_effects(once["value"].to_numpy(), grouped.ngroup().to_numpy(),
                                                          pd.factorize(alone)[0])
    low, high = _nps_interval(cells, confidence) if answers.measure == "nps" else \
        _mean_interval(cells, answers.measure, confidence)
    return cells.assign(score_low=low, score_high=high)[["score", "score_low", "score_high", "score_n"]]


def _nps_interval(cells: pd.DataFrame, confidence: float) -> tuple[pd.Series, pd.Series]:
    from scipy.special import ndtri, stdtrit

    worth = (cells["score_n"] / cells["effect"]).where(cells["least"] < cells["most"], cells["voices"])
    up, down, total = worth * cells["up"] / cells["score_n"] + _PSEUDO / 4, \
        worth * cells["down"] / cells["score_n"] + _PSEUDO / 4, worth + _PSEUDO
    middle, reach = (up - down) / total, 0.5 + confidence / 2
    told = (cells["effect"] > 1) & (cells["voices"] > 1)
    errors = np.where(told, stdtrit((cells["voices"] - 1).clip(lower=1), reach), ndtri(reach))
    half = errors * (((up + down) / total - middle**2) / total) ** 0.5
    low, high = 100 * (middle - half).clip(lower=-1), 100 * (middle + half).clip(upper=1)
    return low.where(low < cells["score"], cells["score"]), high.where(high > cells["score"], cells["score"])


def _mean_interval(cells: pd.DataFrame, measure: str, confidence: float) -> tuple[pd.Series, pd.Series]:
    from scipy.special import stdtrit

    lowest, highest = SCALES.get(measure, (-np.inf, np.inf))
    n = cells["score_n"]
    spread = cells["spread"].where((cells["voices"] > 1) & (cells["least"] < cells["most"]))
    free = n.where(cells["effect"] <= 1, cells["voices"]) - 1
    half = pd.Series(stdtrit(free.clip(lower=1), 0.5 + confidence / 2), index=cells.index) * spread * \
        (cells["effect"] / n) ** 0.5
    return (cells["score"] - half).clip(lower=lowest), (cells["score"] + half).clip(upper=highest)

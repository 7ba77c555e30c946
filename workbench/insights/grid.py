"""The grid of the journey: stage by touchpoint by theme, with every margin."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.columns import UNASSIGNED, UNASSIGNED_THEME, is_among
from workbench.insights.cell_scores import Answers, score_cells
from workbench.themes import share_effects, share_interval

ALL = "all"
AXES = ("stage_id", "touchpoint_id", "theme_id")
COLUMNS = [*AXES, "mention_count", "statement_count", "comment_count", "comment_share", "comment_share_low",
           "comment_share_high", "measure", "score", "score_low", "score_high", "score_n"]


def place_statements(statements: pd.DataFrame, stage_sets: pd.DataFrame, touchpoints: pd.DataFrame,
                     assignments: pd.DataFrame, counted: pd.Series) -> pd.DataFrame:
    """Return one row for every stage, touchpoint and theme that a counted statement speaks of: its mentions.

    Parameters
    ----------
    statements
        With ``statement_id`` and ``feedback_id``.
    stage_sets
        ``statement_id, stage_id``, no row for a statement without a stage.
    touchpoints
        ``statement_id, touchpoint_id``, one row a statement or several.
    assignments
        ``statement_id, theme_id``.
    counted
        The ids of the comments that count.

    Returns
    -------
    pandas.DataFrame
        ``statement_id, feedback_id, stage_id, touchpoint_id, theme_id``, sorted. Where nothing is known a column
        says "unassigned"; themes are texts, "-1" for none.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"]})
    >>> sets = pd.DataFrame({"statement_id": ["a/0", "a/0"], "stage_id": ["action", "use"]})
    >>> met = pd.DataFrame({"statement_id": ["a/0", "b/0"], "touchpoint_id": ["delivery", "unassigned"]})
    >>> themes = pd.DataFrame({"statement_id": ["a/0", "b/0"], "theme_id": [3, -1]})
    >>> mentions = place_statements(statements, sets, met, themes, pd.Series(["a", "b"]))
    >>> mentions[["stage_id", "touchpoint_id", "theme_id"]].values.tolist()
    [['action', 'delivery', '3'], ['use', 'delivery', '3'], ['unassigned', 'unassigned', '-1']]
    """
    check_tables(statements=statements, stage_sets=stage_sets, touchpoints=touchpoints, assignments=assignments)
    check_series(counted=counted)
    own = statements.loc[is_among(statements["feedback_id"], counted), ["statement_id", "feedback_id"]]
    placed = own.merge(stage_sets[["statement_id", "stage_id"]].drop_duplicates(), how="left")
    placed = placed.merge(touchpoints[["statement_id", "touchpoint_id"]].drop_duplicates(), how="left")
    placed = placed.merge(assignments[["statement_id", "theme_id"]].drop_duplicates(), how="left")
    for axis in ("stage_id", "touchpoint_id"):
        placed[axis] = placed[axis].astype(object).fillna(UNASSIGNED)
    placed["theme_id"] = placed["theme_id"].fillna(UNASSIGNED_THEME).astype(int).astype(str).astype(object)
    return placed.sort_values(["statement_id", *AXES], ignore_index=True)


def count_grid(mentions: pd.DataFrame, base: int, ids: dict[str, list[str]], answers: Answers,
               confidence: float = 0.95, clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return how many mentions, statements and comments every cell of the grid has, and how people fared there.

    Mentions add up: those of all cells of an axis are those of its margin, in every direction. A statement that
    speaks of two stages is two mentions and one statement, and a comment is counted once in a cell and once in
    its margin, so statements and comments of the cells may add up to more than their margin, never to less.

    Parameters
    ----------
    mentions
        As `place_statements` returns them.
    base
        How many comments count in all; shares are of these.
    ids
        For each of ``stage_id``, ``touchpoint_id`` and ``theme_id``, every value in order, with "unassigned" or
        "-1".
    answers
        As `choose_answers` returns them.
    clusters
        Whom each comment that counts comes from, indexed by feedback_id; intervals of shares then allow for who wrote
        several. How like the comments of a customer are is told of all cells of the same axes together.

    Returns
    -------
    pandas.DataFrame
        ``stage_id, touchpoint_id, theme_id`` ("all" for a margin), ``mention_count, statement_count,
        comment_count, comment_share`` with ``_low`` and ``_high`` (Wilson), ``measure, score`` with ``_low``
        and ``_high``, and ``score_n`` (statements for tone, comments otherwise). Margins and pairs are complete,
        and a count of 0 says that there is no evidence; cells of all three axes are there where they have any.

    Examples
    --------
    >>> mentions = pd.DataFrame({"statement_id": ["a/0", "a/0", "b/0"], "feedback_id": ["a", "a", "b"],
    ...     "stage_id": ["action", "use", "use"], "touchpoint_id": "delivery", "theme_id": "0"})
    >>> ids = {"stage_id": ["action", "use"], "touchpoint_id": ["delivery"], "theme_id": ["0"]}
    >>> grid = count_grid(mentions, 4, ids, Answers("none", "feedback_id", pd.Series(dtype=float)))
    >>> grid.loc[(grid["touchpoint_id"] == "all") & (grid["theme_id"] == "all"),
    ...          ["stage_id", "mention_count", "statement_count", "comment_count"]].values.tolist()
    [['action', 1, 1, 1], ['use', 2, 2, 2], ['all', 3, 2, 2]]
    """
    check_tables(mentions=mentions)
    names = {axis: pd.Index([*ids[axis], ALL]) for axis in AXES}
    mentions, answers, whose = _coded(mentions, answers, names, clusters)
    parts = [_count_cells(mentions, list(kept), names, answers, confidence, whose)
             for size in range(len(AXES), -1, -1) for kept in combinations(AXES, size)]
    table = pd.concat(parts, ignore_index=True).sort_values(list(AXES), ignore_index=True)
    table["comment_share"] = table["comment_count"] / base if base else 0.0
    table["comment_share_low"], table["comment_share_high"] = share_interval(
        table["comment_count"] / table["effect"], base / table["effect"], confidence)
    table["measure"] = answers.measure
    return table.assign(**{axis: names[axis].take(table[axis].to_numpy()) for axis in AXES})[COLUMNS]


def _coded(mentions: pd.DataFrame, answers: Answers, names: dict[str, pd.Index], clusters: pd.Series | None
           ) -> tuple[pd.DataFrame, Answers, pd.Series | None]:
    """Return mentions with numbers in the place of ids, which are many times faster to count, and the rest by these."""
    codes = {name: pd.factorize(mentions[name]) for name in ("statement_id", "feedback_id")}
    ids = codes[answers.unit][1]
    values = pd.Series(answers.values.reindex(ids).to_numpy())
    own = None if answers.clusters is None else _numbered(answers.clusters.reindex(ids))
    coded = mentions.assign(**{name: numbers for name, (numbers, _) in codes.items()},
                            **{axis: known.get_indexer(pd.Index(mentions[axis])) for axis, known in names.items()})
    if clusters is not None:
        mute = pd.Index(clusters.index.difference(codes["feedback_id"][1], sort=False))
        clusters = _numbered(clusters.reindex(codes["feedback_id"][1].append(mute)))
    return coded, replace(answers, values=values, clusters=own), clusters


def _numbered(clusters: pd.Series) -> pd.Series:
    """Return a number for each cluster; who is not known stays missing."""
    numbers = pd.Series(pd.factorize(clusters)[0])
    return numbers if (numbers >= 0).all() else numbers.where(numbers >= 0)


def _count_cells(mentions: pd.DataFrame, kept: list[str], names: dict[str, pd.Index], answers: Answers,
                 confidence: float, clusters: pd.Series | None) -> pd.DataFrame:
    """Count the cells of some axes, summed over the others, whose numbers are those of all."""
    axes = list(AXES)
    everything = {axis: len(names[axis]) - 1 for axis in AXES}
    filled = mentions.assign(**{axis: everything[axis] for axis in AXES if axis not in kept})
    grouped = filled.groupby(axes)
    cells = grouped.agg(mention_count=("statement_id", "size"), statement_count=("statement_id", "nunique"),
                        comment_count=("feedback_id", "nunique"))
    if len(kept) < len(AXES):
        every = [range(everything[axis]) if axis in kept else [everything[axis]] for axis in AXES]
        cells = cells.reindex(pd.MultiIndex.from_product(every, names=axes), fill_value=0)
    cells["effect"] = 1.0
    if clusters is not None:
        cells["effect"] = _effects(filled, cells.index, names, clusters)
    scores = score_cells(filled, axes, answers, confidence)
    return cells.join(scores).fillna({"score_n": 0}).astype({"score_n": int}).reset_index()


def _effects(mentions: pd.DataFrame, cells: pd.Index, names: dict[str, pd.Index], clusters: pd.Series) -> np.ndarray:
    """Return by how much clusters widen the share of each cell."""
    sizes = [len(names[axis]) for axis in AXES]
    number = np.ravel_multi_index([mentions[axis].to_numpy() for axis in AXES], sizes)
    said = pd.DataFrame({"feedback_id": mentions["feedback_id"].to_numpy(), "value": number}).drop_duplicates()
    wanted = np.ravel_multi_index([cells.get_level_values(axis).to_numpy() for axis in AXES], sizes)
    return share_effects(said, clusters, wanted.tolist())

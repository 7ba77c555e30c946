"""How many comments of each theme speak of each stage, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED, UNASSIGNED_THEME
from workbench.themes import likeness, share_effects, share_interval


def count_stages(statements: pd.DataFrame, sets: pd.DataFrame, assignments: pd.DataFrame, stage_ids: Sequence[str], *,
                 themes: pd.DataFrame | None = None, theme_ids: Sequence[int] = (UNASSIGNED_THEME,),
                 counted: pd.Series | None = None, confidence: float = 0.95,
                 clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return theme by stage, counted by the stage sets; every theme has every stage and "unassigned".

    Parameters
    ----------
    statements
        With ``statement_id`` and ``feedback_id``.
    sets
        ``statement_id, stage_id``: one row for each stage of a statement.
    assignments
        ``statement_id, stage_id``: the best stage, or "unassigned".
    stage_ids
        In the order of the journey.
    themes
        ``statement_id, theme_id``; without it, everything is in theme -1.
    theme_ids
        In the order of the table.
    counted
        Boolean, indexed by feedback_id; all comments by default.
    confidence
        Of the intervals.
    clusters
        Whom each comment comes from, indexed by feedback_id; intervals then allow for who wrote several.

    Returns
    -------
    pandas.DataFrame
        ``theme_id, stage_id, statement_count, comment_count, comment_share`` (of the theme's comments) with ``_low``
        and ``_high``, Wilson's intervals.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"]})
    >>> best = pd.DataFrame({"statement_id": ["a/0", "b/0"], "stage_id": ["use", "unassigned"]})
    >>> table = count_stages(statements, best[:1], best, ["use"])
    >>> table[["stage_id", "comment_count", "comment_share"]].values.tolist()
    [['use', 1, 0.5], ['unassigned', 1, 0.5]]
    """
    left = assignments.loc[assignments["stage_id"] == UNASSIGNED, ["statement_id", "stage_id"]]
    member = pd.concat([sets[["statement_id", "stage_id"]], left], ignore_index=True)
    where = statements[["statement_id", "feedback_id"]].assign(theme_id=UNASSIGNED_THEME)
    if counted is not None:
        where = where[where["feedback_id"].map(counted).fillna(False).astype(bool)]
    if themes is not None:
        theme_of = themes.set_index("statement_id")["theme_id"]
        where["theme_id"] = where["statement_id"].map(theme_of).fillna(UNASSIGNED_THEME).astype(int)
    cells = pd.MultiIndex.from_product([theme_ids, [*stage_ids, UNASSIGNED]], names=["theme_id", "stage_id"])
    spoken = member.merge(where, on="statement_id")
    grouped = spoken.groupby(["theme_id", "stage_id"])["feedback_id"]
    table = pd.DataFrame({"statement_count": grouped.size().reindex(cells, fill_value=0),
                          "comment_count": grouped.nunique().reindex(cells, fill_value=0)}).reset_index()
    base = table["theme_id"].map(where.groupby("theme_id")["feedback_id"].nunique()).fillna(0)
    table["comment_share"] = (table["comment_count"] / base.where(base > 0)).fillna(0.0)
    effects = np.ones(len(table)) if clusters is None else _effects(spoken, where, table, clusters)
    table["comment_share_low"], table["comment_share_high"] = share_interval(
        table["comment_count"] / effects, base / effects, confidence)
    return table


def _effects(spoken: pd.DataFrame, where: pd.DataFrame, table: pd.DataFrame, clusters: pd.Series) -> np.ndarray:
    """Return the effect of clusters on each cell; how like a cluster's comments are is told of all themes together."""
    ids = pd.Index(where["feedback_id"].unique())
    whose = pd.Series(pd.factorize(clusters.reindex(ids), sort=True)[0])
    once = pd.MultiIndex.from_arrays([where["theme_id"], ids.get_indexer(where["feedback_id"])]).unique()
    said = spoken[["theme_id"]].assign(feedback_id=ids.get_indexer(spoken["feedback_id"]),
                                       value=spoken["stage_id"]).drop_duplicates()
    alike = likeness(said[["feedback_id", "value"]].drop_duplicates(), whose)
    within = said[["value"]].assign(feedback_id=once.get_indexer(pd.MultiIndex.from_frame(said.iloc[:, :2])))
    from_whom = pd.Series(whose.to_numpy()[once.get_level_values(1)])
    return share_effects(within, from_whom, table["stage_id"].tolist(), alike,
                         base=pd.Series(once.get_level_values(0)), of=table["theme_id"].tolist())

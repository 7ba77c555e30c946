"""The scores of the comments that speak of each theme, and how these differ from those of all others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.clusters import cluster_of, clustered_differences
from workbench.insights.incidence import gather, membership
from workbench.insights.measures import score_values
from workbench.insights.multiplicity import adjust
from workbench.insights.scores import COLUMNS, FEWEST, answer_values, score_parts


def score_themes(comments: pd.DataFrame, members: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return `score_all` for the comments of each theme.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id`` and scores.
    members
        ``feedback_id, theme_id``, one row a comment and theme.

    Returns
    -------
    pandas.DataFrame
        ``theme_id`` and the columns of `score_all`. A comment of two themes counts in both: the score says how
        people who speak of the theme answered, not what the theme did to the score.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b"], "nps": [10, 0]})
    >>> members = pd.DataFrame({"feedback_id": ["a", "b"], "theme_id": [0, 1]})
    >>> score_themes(comments, members)[["theme_id", "measure", "score"]].values.tolist()
    [[0, 'nps', 100.0], [1, 'nps', -100.0]]
    """
    check_tables(comments=comments, members=members)
    comments = comments.reset_index(drop=True)
    values = answer_values(comments)
    whose = pd.factorize(cluster_of(comments), sort=True)[0]
    places = pd.Index(comments["feedback_id"]).get_indexer(pd.Index(members["feedback_id"]))
    of, themes = pd.factorize(members["theme_id"].to_numpy()[places >= 0], sort=True)
    order = np.argsort(of, kind="stable")
    found = {str(name): score_parts(str(name), values[name].to_numpy(), comments, whose, places[places >= 0][order],
                                     of[order], len(themes), confidence) for name in values}
    rows = [{"theme_id": theme, "measure": name, **scores[place]} for place, theme in enumerate(themes)
            for name, scores in found.items() if scores[place]["n"]]
    return pd.DataFrame(rows, columns=["theme_id", *COLUMNS])


def compare_themes(comments: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return how the NPS of people who speak of a theme differs from that of everybody else.

    The test is that of `clustered_difference`, on answers counted as 100 (promoter), 0 (passive) and -100 (detractor);
    p-values are adjusted over the themes (Benjamini and Hochberg 1995). Themes with fewer than ten answers or ten
    customers on either side, or without any spread, are left out.

    Returns
    -------
    pandas.DataFrame
        ``theme_id, n, score_elsewhere, p_value, p_adjusted``.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": [str(i) for i in range(40)], "nps": [0, 7] * 10 + [10, 7] * 10})
    >>> members = pd.DataFrame({"feedback_id": [str(i) for i in range(20)], "theme_id": 3})
    >>> table = compare_themes(comments, members)
    >>> table[["theme_id", "n", "score_elsewhere"]].values.tolist(), bool(table["p_adjusted"].iloc[0] < 0.001)
    ([[3.0, 20.0, 50.0]], True)
    """
    check_tables(comments=comments, members=members)
    columns = ["theme_id", "n", "score_elsewhere", "p_value"]
    if "nps" not in comments or not comments["nps"].notna().any():
        return pd.DataFrame(columns=[*columns, "p_adjusted"])
    answered = comments[comments["nps"].notna()]
    themes, matrix = membership(answered["feedback_id"], members)
    spoken = gather(matrix, pd.factorize(cluster_of(answered))[0])
    elsewhere, p_values = clustered_differences(spoken, score_values(answered, "nps").to_numpy(), FEWEST)
    told = ~np.isnan(p_values)
    table = pd.DataFrame({"theme_id": themes[told], "n": spoken.theme_sizes[told].astype(int),
                          "score_elsewhere": elsewhere[told], "p_value": p_values[told]})
    table["p_adjusted"] = adjust(table["p_value"])
    return table

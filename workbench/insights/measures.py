"""The scores that comments carry, each as numbers that can be averaged, and who gave them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.clusters import cluster_of

MEASURES = ("nps", "satisfaction", "effort")


def score_values(comments: pd.DataFrame, measure: str) -> pd.Series:
    """Return each comment's answer so that the mean is the score: missing where there is none.

    ``nps`` counts 100 for a promoter, 0 for a passive and -100 for a detractor; ``satisfaction`` is the share of the
    highest rating reached, 0 to 1; ``effort`` is as it was answered, 1 (easy) to 7 (hard). Infinite answers are
    missing ones.

    Examples
    --------
    >>> comments = pd.DataFrame({"text": ["عالی", "ok", "سيئ"], "nps": [10, 7, 2], "rating": [5, 4, None],
    ...     "rating_max": 5})
    >>> score_values(comments, "nps").tolist(), score_values(comments, "satisfaction").tolist()
    ([100.0, 0.0, -100.0], [1.0, 0.8, nan])
    """
    nothing = pd.Series(np.nan, index=comments.index, dtype=float)
    if measure == "nps" and "nps" in comments:
        answers = comments["nps"].astype(float)
        return (100.0 * (answers >= 9) - 100.0 * (answers <= 6)).where(answers.notna())
    if measure == "satisfaction" and {"rating", "rating_max"} <= set(comments):
        share = comments["rating"].astype(float) / comments["rating_max"].astype(float)
        return share.where(np.isfinite(share))
    if measure == "effort" and "effort" in comments:
        return comments["effort"].astype(float)
    return nothing


def standing(comments: pd.DataFrame) -> pd.Series:
    """Return how well each comment's score stands among all answers to the same measure: 0 worst, 1 best.

    Scores of different scales are made comparable by their mid-ranks; a comment with several has their mean, and an
    easy effort stands high. A comment without any score is missing.

    Examples
    --------
    >>> standing(pd.DataFrame({"nps": [0, 5, 10, None], "effort": [None, None, None, 7]})).round(2).tolist()
    [0.17, 0.5, 0.83, 0.5]
    """
    check_tables(comments=comments)
    ranks = []
    for measure in MEASURES:
        values = comments["nps"].astype(float) if measure == "nps" and "nps" in comments else \
            score_values(comments, measure)
        place = (values.rank(method="average") - 0.5) / max(int(values.notna().sum()), 1)
        ranks.append(1 - place if measure == "effort" else place)
    return pd.concat(ranks, axis=1).mean(axis=1)


def clusters(comments: pd.DataFrame) -> np.ndarray:
    """Return a number for each comment, the same for comments that depend on each other.

    Comments of one account belong together, else those of one customer; a comment of nobody known stands alone.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["1", "2", "3", "4"], "customer_id": ["a", "a", "b", None],
    ...     "account_id": [None, None, "X", "X"]})
    >>> clusters(comments).tolist()
    [0, 0, 1, 1]
    """
    codes, _ = pd.factorize(cluster_of(comments))
    return np.asarray(codes)

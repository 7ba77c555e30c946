"""Null worlds: the same searches on these very comments with everything shuffled that could have made a finding.

What is found there was made of nothing. Its rate is printed beside the findings, so that a reader knows what the same
pipeline makes of pure chance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.churn import _chances, _people
from workbench.insights.clusters import clustered_differences
from workbench.insights.impact import Regression, _enough, interval, leave_out
from workbench.insights.incidence import gather, membership
from workbench.insights.measures import clusters, score_values
from workbench.insights.scores import FEWEST
from workbench.insights.weights import Dealer
from workbench.themes import share_interval

WORLDS = 40
_ALPHA = 0.05
COLUMNS = ["search", "worlds", "worlds_with_findings", "world_share", "world_share_low", "world_share_high", "findings"]
Search = Callable[[np.random.Generator], int]


def try_null_worlds(comments: pd.DataFrame, members: pd.DataFrame, seed: int = 0, worlds: int = WORLDS, *,
                    confidence: float = 0.95) -> pd.DataFrame:
    """Return how many findings each search makes where there are none.

    In each world the scores are dealt out anew among the comments that have one, and outcomes among the customers
    whose outcome is known; who speaks of what stays. The means of customers (or accounts) are dealt over whole
    customers, and what is beyond the mean within each: one customer's answers stay as alike as they are, which a search
    might take for a finding. Searches of dates are tested by `measure_false_alarms`.

    * ``comparison``: themes whose NPS differs from everybody else's;
    * ``impact``: themes of which both the change left out and the adjusted change of the NPS are beyond chance;
    * ``churn``: themes whose customers leave more or less than others.

    Parameters
    ----------
    comments
        The counted comments; ``customer_id`` and ``account_id`` where known.
    members
        ``feedback_id, theme_id``.
    seed
        Of the worlds.

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`, one row a search that the data allow: ``world_share`` of worlds had a finding, with Wilson's
        interval; ``findings`` in all worlds together.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": [f"{i}" for i in range(80)], "nps": [0, 10, 7, 9] * 20,
    ...     "text": "خوب", "language": "fa"})
    >>> members = pd.DataFrame({"feedback_id": [f"{i}" for i in range(0, 80, 4)], "theme_id": 0})
    >>> table = try_null_worlds(comments, members)
    >>> table["search"].tolist(), bool((table["worlds_with_findings"] <= 6).all())
    (['comparison', 'impact'], True)
    """
    check_tables(comments=comments, members=members)
    comments = comments.sort_values("feedback_id", ignore_index=True)
    searches = {"comparison": _comparison(comments, members), "impact": _impact(comments, members),
                "churn": _churn(comments, members)}
    rows = []
    for number, (name, search) in enumerate(searches.items()):
        if search is not None:
            generator = np.random.default_rng([seed, number])
            found = np.array([search(generator) for _ in range(worlds)])
            rows.append((name, worlds, int((found > 0).sum()), int(found.sum())))
    table = pd.DataFrame(rows, columns=["search", "worlds", "worlds_with_findings", "findings"])
    table["world_share"] = table["worlds_with_findings"] / max(worlds, 1)
    table["world_share_low"], table["world_share_high"] = share_interval(table["worlds_with_findings"], worlds,
                                                                           confidence)
    return table[COLUMNS]


def _comparison(comments: pd.DataFrame, members: pd.DataFrame) -> Search | None:
    from scipy.stats import false_discovery_control

    points = score_values(comments, "nps")
    if points.notna().sum() < 2:
        return None
    answered = comments[points.notna()].reset_index(drop=True)
    spoken = gather(membership(answered["feedback_id"], members)[1], clusters(answered))
    hand = Dealer(points[points.notna()].to_numpy(), spoken.groups)

    def search(generator: np.random.Generator) -> int:
        p = clustered_differences(spoken, hand.deal(generator), FEWEST)[1]
        told = p[~np.isnan(p)]
        return int((false_discovery_control(told) < _ALPHA).sum()) if len(told) else 0

    return search


def _impact(comments: pd.DataFrame, members: pd.DataFrame) -> Search | None:
    from scipy.stats import false_discovery_control

    score = score_values(comments, "nps")
    answered = comments[score.notna()].reset_index(drop=True)
    values = score[score.notna()].to_numpy()
    if len(values) < 2 or np.ptp(values) == 0:
        return None
    themes, matrix, _ = _enough(*membership(answered["feedback_id"], members[members["theme_id"] >= 0]))
    if not len(themes):
        return None
    spoken = gather(matrix, clusters(answered))
    fewest, regression, hand = np.minimum(*spoken.clusters_beside()), Regression(spoken), Dealer(values, spoken.groups)

    def search(generator: np.random.Generator) -> int:
        dealt = hand.deal(generator)
        sure = np.ones(len(themes), dtype=bool)
        for value, error in (leave_out(spoken, dealt), regression.adjusted(dealt)):
            sure &= false_discovery_control(interval(value, error, fewest, 0.95)[2]) < _ALPHA
        return int(sure.sum())

    return search


def _churn(comments: pd.DataFrame, members: pd.DataFrame) -> Search | None:
    from scipy.stats import false_discovery_control

    if "churned" not in comments or not comments["churned"].notna().any():
        return None
    people, _, spoken, whose = _people(comments, members)
    known = people["churned"].notna().to_numpy()
    left = people.loc[known, "churned"].astype(bool).to_numpy()
    if min(left.sum(), (~left).sum()) < 10:
        return None
    judged = spoken[np.flatnonzero(known)]
    size = judged.sum(axis=0)
    judged = judged[:, np.flatnonzero(np.minimum(size, len(left) - size) >= 10)]
    accounts = np.unique(whose[known], return_inverse=True)[1]
    order, count = np.argsort(accounts, kind="stable"), int(accounts.max()) + 1

    def search(generator: np.random.Generator) -> int:
        dealt = np.empty_like(left)  # one account after the other, in another order
        dealt[order] = left[np.argsort(generator.permutation(count)[accounts], kind="stable")]
        p = _chances(judged, dealt, accounts)
        return int((false_discovery_control(p) < _ALPHA).sum()) if len(p) else 0

    return search

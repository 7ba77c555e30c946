"""From stage to stage: what customers speak of next, against the order that chance would give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED, is_among
from workbench.insights.multiplicity import adjust
from workbench.themes import share_interval

COLUMNS = ["from_stage", "to_stage", "customer_count", "base", "customer_share", "customer_share_low",
           "customer_share_high", "expected_count", "expected_share", "p_value", "p_adjusted"]
_SHUFFLES, _WORK = 1999, 20_000_000


def count_transitions(histories: pd.DataFrame, episodes: pd.Series, mentions: pd.DataFrame, stage_ids: list[str],
                      seed: int = 0, confidence: float = 0.95) -> pd.DataFrame:
    """Return how many customers went from one stage to another within an episode.

    A customer goes from a stage to another where one comment speaks of the first and the next comment of the
    episode, among those with a stage, of the second. Customers are counted, each once for a pair however often
    they go; since every customer is a yes or a no, Wilson's interval over customers already allows for those who
    write often. What chance would give is found by shuffling the comments within each episode: who spoke of what
    stays, only the order goes.

    Source: permutation test, Phipson and Smyth (2010); adjustment by Benjamini and Hochberg (1995).

    Parameters
    ----------
    histories
        As `follow_customers` returns them.
    episodes
        As `find_episodes` returns them.
    mentions
        ``feedback_id, stage_id``.
    stage_ids
        In the order of the journey, without "unassigned".
    seed
        Of the shuffles.

    Returns
    -------
    pandas.DataFrame
        For every pair of stages ``from_stage, to_stage, customer_count, base`` (customers who spoke of the first
        and spoke again within the episode), ``customer_share`` with ``_low`` and ``_high``, ``expected_count`` and
        ``expected_share`` (mean of the shuffles), ``p_value`` (two-sided) and ``p_adjusted``. Empty where no
        customer speaks of a stage twice in an episode.

    Examples
    --------
    >>> histories = pd.DataFrame({"feedback_id": ["a", "b"], "customer_id": "k"})
    >>> mentions = pd.DataFrame({"feedback_id": ["a", "b"], "stage_id": ["action", "use"]})
    >>> table = count_transitions(histories, pd.Series(["k/1", "k/1"]), mentions, ["action", "use"])
    >>> table.loc[table["customer_count"] > 0, ["from_stage", "to_stage", "customer_count", "base"]].values.tolist()
    [['action', 'use', 1, 1]]
    """
    rows, spoken = _spoken(histories, episodes, mentions, stage_ids)
    if not len(rows):
        return pd.DataFrame(columns=COLUMNS)
    episode = rows["episode"].to_numpy()
    steps = _Steps(episode, rows["customer"].to_numpy())
    pairs, starts = steps.count(spoken)
    chance, chance_share, p_values = _shuffle(spoken, episode, steps, pairs, seed)
    index = pd.MultiIndex.from_product([stage_ids, stage_ids], names=["from_stage", "to_stage"])
    table = pd.DataFrame({"customer_count": pairs.ravel(), "base": np.repeat(starts, len(stage_ids))}, index=index,
                         dtype=int)
    table["customer_share"] = table["customer_count"] / table["base"].where(table["base"] > 0)
    low, high = share_interval(table["customer_count"], table["base"], confidence)
    table["customer_share_low"], table["customer_share_high"] = low.where(table["base"] > 0), \
        high.where(table["base"] > 0)
    table["expected_count"], table["expected_share"] = chance.ravel(), chance_share.ravel()
    possible = (table["base"] > 0) & ((table["customer_count"] > 0) | (table["expected_count"] > 0))
    table["p_value"] = pd.Series(p_values.ravel(), index=index).where(possible)
    table["p_adjusted"] = adjust(table["p_value"])
    return table.reset_index()[COLUMNS]


def _spoken(histories: pd.DataFrame, episodes: pd.Series, mentions: pd.DataFrame, stage_ids: list[str]
            ) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the comments with a stage of episodes that have two such, and their stages as a table of 1.0 and 0.0."""
    real = mentions[mentions["stage_id"].isin(stage_ids) & (mentions["stage_id"] != UNASSIGNED)]
    rows = histories[["feedback_id", "customer_id"]].assign(episode=episodes.to_numpy())
    rows = rows[is_among(rows["feedback_id"], real["feedback_id"])]
    rows = rows[rows["episode"].duplicated(keep=False)].reset_index(drop=True)
    place = pd.Series(rows.index, index=rows["feedback_id"])
    own = real[real["feedback_id"].isin(place.index)]
    spoken = np.zeros((len(rows), len(stage_ids)))
    columns = own["stage_id"].map({stage: number for number, stage in enumerate(stage_ids)})
    spoken[own["feedback_id"].map(place).to_numpy(dtype=int), columns.to_numpy(dtype=int)] = 1.0
    rows["episode"], rows["customer"] = pd.factorize(rows["episode"])[0], pd.factorize(rows["customer_id"])[0]
    return rows, spoken


class _Steps:
    """From which comment to which the customers go, in rows that stand in the order of customers and episodes."""

    def __init__(self, episode: np.ndarray, customer: np.ndarray) -> None:
        step = np.flatnonzero(episode[1:] == episode[:-1])
        whose = customer[step]
        again = np.diff(whose, prepend=-1) == 0
        several = again | np.append(again[1:], False)
        self._once, self._several = step[~several], step[several]
        self._edges = np.flatnonzero(np.diff(whose[several], prepend=-1))

    def count(self, spoken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the customers of each pair of stages, and those of each first stage; `spoken` has 1.0 and 0.0."""
        first, second = spoken[self._once], spoken[self._once + 1]
        pairs, starts = first.T @ second, first.sum(axis=0)
        if len(self._several):  # each customer once, however often they go
            first, second = spoken[self._several], spoken[self._several + 1]
            pairs += np.maximum.reduceat(first[:, :, None] * second[:, None, :], self._edges, axis=0).sum(axis=0)
            starts += np.maximum.reduceat(first, self._edges, axis=0).sum(axis=0)
        return pairs, starts


def _shuffle(spoken: np.ndarray, episode: np.ndarray, steps: _Steps, observed: np.ndarray, seed: int
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean count and share of each pair when order is chance, and how rarely chance goes as far."""
    generator = np.random.default_rng(seed)
    rounds = int(np.clip(_WORK // len(spoken), 199, _SHUFFLES))
    total, shares = np.zeros(observed.shape), np.zeros(observed.shape)
    above, below = np.ones(observed.shape), np.ones(observed.shape)
    for _ in range(rounds):
        order = np.argsort(episode + generator.random(len(spoken)))  # within each episode: its numbers ascend
        pairs, starts = steps.count(spoken[order])
        total += pairs
        shares += pairs / np.maximum(starts, 1)[:, None]
        above += pairs >= observed
        below += pairs <= observed
    p_values = np.minimum(1.0, 2 * np.minimum(above, below) / (rounds + 1))
    return total / rounds, shares / rounds, p_values

"""From stage to stage: what customers speak of next, against the order that chance would give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.columns import UNASSIGNED, is_among
from workbench.insights.clusters import cluster_of
from workbench.insights.histories import moments_of
from workbench.insights.multiplicity import adjust
from workbench.themes import intraclass, share_effects, share_interval

COLUMNS = ["from_stage", "to_stage", "customer_count", "base", "customer_share", "customer_share_low",
           "customer_share_high", "expected_count", "expected_share", "p_value", "p_adjusted"]
_SHUFFLES, _WORK = 1999, 20_000_000


def count_transitions(histories: pd.DataFrame, episodes: pd.Series, mentions: pd.DataFrame, stage_ids: list[str],
                      seed: int = 0, confidence: float = 0.95) -> pd.DataFrame:
    """Return how many customers went from one stage to another within an episode.

    A customer goes from a stage to another where one comment speaks of the first and the next comment of the
    episode, among those with a stage, of the second. Customers are counted, each once for a pair however often
    they go; since every customer is a yes or a no, Wilson's interval over customers already allows for those who
    write often, and it is widened for accounts, whose customers go alike. What chance would give is found by shuffling
    the comments within each episode: who spoke of what stays, only the order goes. Comments of one moment have no
    order, and count as one (`moments_of`).

    What no shuffle reaches is rarer than shuffles can tell, and with many stages all of them would have to be. There
    the chance is bounded instead: customers go by themselves, so that the count of those who do exceeds its mean no
    more often than a binomial one of as many customers as could go. Where accounts have several customers, the p-value
    is no less than Student's t has it of how far the customers of each account are from what chance would give.

    Source: permutation test, Phipson and Smyth (2010); adjustment by Benjamini and Hochberg (1995); Hoeffding (1956),
    On the Distribution of the Number of Successes in Independent Trials, theorem 4, for the bound.

    Parameters
    ----------
    histories
        As `follow_customers` returns them, with ``account_id`` where it is known.
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
    >>> histories = pd.DataFrame({"feedback_id": ["a", "b"], "customer_id": "k",
    ...     "created_at": pd.to_datetime(["2026-01-01", "2026-01-02"])})
    >>> mentions = pd.DataFrame({"feedback_id": ["a", "b"], "stage_id": ["action", "use"]})
    >>> table = count_transitions(histories, pd.Series(["k/1", "k/1"]), mentions, ["action", "use"])
    >>> table.loc[table["customer_count"] > 0, ["from_stage", "to_stage", "customer_count", "base"]].values.tolist()
    [['action', 'use', 1, 1]]
    """
    check_tables(histories=histories, mentions=mentions)
    check_series(episodes=episodes)
    rows, spoken = _spoken(histories, episodes, mentions, stage_ids)
    if not len(rows):
        return pd.DataFrame(columns=COLUMNS)
    episode, customer = rows["episode"].to_numpy(), rows["customer"].to_numpy()
    steps = _Steps(episode, customer, spoken, rows["account"].to_numpy())
    goes = steps.go(np.arange(len(spoken)))
    pairs, starts = steps.count(goes)
    chance, chance_share, p_values = _shuffle(episode, steps, goes, _who_could(episode, customer, spoken), seed)
    index = pd.MultiIndex.from_product([stage_ids, stage_ids], names=["from_stage", "to_stage"])
    table = pd.DataFrame({"customer_count": pairs.ravel(), "base": np.repeat(starts, len(stage_ids))}, index=index,
                         dtype=int)
    table["customer_share"] = table["customer_count"] / table["base"].where(table["base"] > 0)
    effects = steps.effects(goes).ravel()
    low, high = share_interval(table["customer_count"] / effects, table["base"] / effects, confidence)
    table["customer_share_low"], table["customer_share_high"] = low.where(table["base"] > 0), \
        high.where(table["base"] > 0)
    table["expected_count"], table["expected_share"] = chance.ravel(), chance_share.ravel()
    possible = (table["base"] > 0) & ((table["customer_count"] > 0) | (table["expected_count"] > 0))
    table["p_value"] = pd.Series(p_values.ravel(), index=index).where(possible)
    table["p_adjusted"] = adjust(table["p_value"])
    return table.reset_index()[COLUMNS]


def _spoken(histories: pd.DataFrame, episodes: pd.Series, mentions: pd.DataFrame, stage_ids: list[str]
            ) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the moments with a stage of episodes that have two such, and their stages as a table of truth values."""
    real = mentions[mentions["stage_id"].isin(stage_ids) & (mentions["stage_id"] != UNASSIGNED)]
    account = cluster_of(histories).groupby(histories["customer_id"]).transform("min")
    rows = histories[["feedback_id", "customer_id"]].assign(episode=episodes.to_numpy(), moment=moments_of(histories),
                                                            account=pd.factorize(account)[0])
    rows = rows[is_among(rows["feedback_id"], real["feedback_id"])]
    rows = rows.assign(moment=pd.factorize(pd.MultiIndex.from_frame(rows[["episode", "moment"]]))[0])
    moments = rows.drop_duplicates("moment")
    moments = moments[moments["episode"].duplicated(keep=False)].reset_index(drop=True)
    place = pd.Series(moments.index, index=moments["moment"])
    moment_of = rows.set_index("feedback_id")["moment"].map(place).dropna()
    own = real[real["feedback_id"].isin(moment_of.index)]
    spoken = np.zeros((len(moments), len(stage_ids)), dtype=bool)
    columns = own["stage_id"].map({stage: number for number, stage in enumerate(stage_ids)})
    spoken[own["feedback_id"].map(moment_of).to_numpy(dtype=int), columns.to_numpy(dtype=int)] = True
    return moments.assign(episode=pd.factorize(moments["episode"])[0],
                          customer=pd.factorize(moments["customer_id"])[0]), spoken


class _Steps:
    """From which moment to which the customers go, in rows that stand in the order of customers and episodes."""

    def __init__(self, episode: np.ndarray, customer: np.ndarray, spoken: np.ndarray, account: np.ndarray) -> None:
        self._step = np.flatnonzero(episode[1:] == episode[:-1])
        _, first, self._whose = np.unique(customer[self._step], return_index=True, return_inverse=True)
        self.account = np.unique(account[self._step][first], return_inverse=True)[1]
        self.stages = spoken.shape[1]
        where, self._said = np.nonzero(spoken)
        self._size = np.bincount(where, minlength=len(spoken))
        self._begins = np.cumsum(self._size) - self._size

    def go(self, order: np.ndarray) -> np.ndarray:
        """Return who goes from which stage to which, each customer once for a pair, in one number, ascending.

        `order` says which moment stands in each row.
        """
        first, second = order[self._step], order[self._step + 1]
        size = self._size[second]
        both = self._size[first] * size
        step = np.repeat(np.arange(len(both)), both)
        within = np.arange(len(step)) - np.repeat(np.cumsum(both) - both, both)
        one = self._said[self._begins[first][step] + within // size[step]]
        other = self._said[self._begins[second][step] + within % size[step]]
        return _distinct((self._whose[step] * self.stages + one) * self.stages + other,
                         len(self.account) * self.stages**2)

    def count(self, goes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the customers of each pair of stages, and those of each first stage, each customer once."""
        pairs = np.bincount(goes % self.stages**2, minlength=self.stages**2)
        return pairs.reshape(self.stages, -1), np.bincount(self._starts(goes) % self.stages, minlength=self.stages)

    def effects(self, goes: np.ndarray) -> np.ndarray:
        """Return by how much accounts widen the variance of each share of those who start at a stage, at least 1."""
        starts = self._starts(goes)
        whose = pd.Series(self.account[starts // self.stages], index=starts)
        said = pd.DataFrame({"feedback_id": goes // self.stages, "value": goes % self.stages})
        one, other = np.divmod(np.arange(self.stages**2), self.stages)
        return share_effects(said, whose, other.tolist(), base=pd.Series(starts % self.stages, index=starts),
                             of=one.tolist())

    def _starts(self, goes: np.ndarray) -> np.ndarray:
        return _distinct(goes // self.stages, len(self.account) * self.stages)


def _distinct(numbers: np.ndarray, below: int) -> np.ndarray:
    """Return the distinct ones of whole numbers from 0, ascending; `below` is more than any of them."""
    seen = np.zeros(below, dtype=bool)
    seen[numbers] = True
    return np.flatnonzero(seen)


def _who_could(episode: np.ndarray, customer: np.ndarray, spoken: np.ndarray) -> np.ndarray:
    """Return how many customers could go from each stage to each in some order of their moments."""
    begins = np.flatnonzero(np.diff(episode, prepend=-1))
    whose = np.flatnonzero(np.diff(customer[begins], prepend=-1))
    often = np.add.reduceat(spoken.astype(np.int64), begins)
    found = np.zeros((spoken.shape[1],) * 2, dtype=np.int64)
    for stage, column in enumerate(spoken.T):
        at_once = np.add.reduceat((column[:, None] & spoken).astype(np.int64), begins)
        apart = often[:, stage, None] * often > at_once  # two moments, not one and the same
        found[stage] = np.maximum.reduceat(apart, whose).sum(axis=0)
    return found


def _shuffle(episode: np.ndarray, steps: _Steps, goes: np.ndarray, could: np.ndarray, seed: int
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean count and share of each pair when order is chance, and how rarely chance goes as far."""
    generator = np.random.default_rng(seed)
    rounds = int(np.clip(_WORK // len(episode), 199, _SHUFFLES))
    observed, _ = steps.count(goes)
    often, shares = np.zeros(len(steps.account) * observed.size, dtype=np.int32), np.zeros(observed.shape)
    above, below = np.ones(observed.shape), np.ones(observed.shape)
    for _ in range(rounds):
        shuffled = steps.go(np.argsort(episode + generator.random(len(episode))))  # within each episode
        pairs, starts = steps.count(shuffled)
        often[shuffled] += 1
        shares += pairs / np.maximum(starts, 1)[:, None]
        above += pairs >= observed
        below += pairs <= observed
    total = often.reshape(-1, *observed.shape).sum(axis=0) / rounds
    reached = np.minimum(above, below)
    p_values = np.minimum(1.0, 2 * reached / (rounds + 1))
    bound = np.where(reached == 1, _bound(observed, total, could), 1.0)
    p_values = np.minimum(p_values, bound)
    if steps.account.max() + 1 < len(steps.account):
        went = np.zeros(len(often))
        went[goes] = 1.0
        p_values = np.maximum(p_values, _of_accounts(went, often / rounds, steps.account).reshape(observed.shape))
    return total, shares / rounds, p_values


def _of_accounts(went: np.ndarray, chances: np.ndarray, account: np.ndarray) -> np.ndarray:
    """Return the p-value of each pair, told of how far the customers of each account are from chance.

    The variance is that of sums over accounts, and no less than the likeness of customers of one account, told of all
    pairs together, has it.

    Parameters
    ----------
    went, chances
        Whether each customer makes each step, one customer after another, and in what part of the shuffles.
    account
        The number of each customer's account.
    """
    from scipy.special import stdtr

    went, chances = (values.reshape(len(account), -1) for values in (went, chances))
    free = (chances > 0) & (chances < 1)
    beyond = np.where(free, went - chances, 0.0)
    sizes, sums = (_per_account(values, account) for values in (free, beyond))
    n, accounts = sizes.sum(axis=0), (sizes > 0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = n > 0
        alike = intraclass((beyond**2).sum(), np.nansum(sums**2 / sizes), 0.0, n[known],
                           accounts[known], (sizes**2).sum(axis=0)[known])
        by_chance = (chances * (1 - chances)).sum(axis=0) * (1 + alike * ((sizes**2).sum(axis=0) / n - 1))
        found = accounts / (accounts - 1) * ((sums - sizes * (sums.sum(axis=0) / n)) ** 2).sum(axis=0)
        p_values = 2 * stdtr(accounts - 1, -np.abs(sums.sum(axis=0)) / np.sqrt(np.fmax(by_chance, found)))
    return np.where(accounts > 1, p_values, 1.0)


def _per_account(values: np.ndarray, account: np.ndarray) -> np.ndarray:
    from scipy.sparse import csr_array

    places = csr_array((np.ones(len(account)), (account, np.arange(len(account)))))
    return np.asarray(places @ values)


def _bound(observed: np.ndarray, expected: np.ndarray, could: np.ndarray) -> np.ndarray:
    """Return what a p-value of a count of independent customers is at most, two-sided; 1 next to what is expected."""
    from scipy.stats import binom

    share = np.clip(expected / np.maximum(could, 1), 0.0, 1.0)
    above = np.where(observed >= expected + 1, binom.sf(observed - 1, could, share), 1.0)
    below = np.where(observed <= expected - 1, binom.cdf(observed, could, share), 1.0)
    return np.minimum(1.0, 2 * np.minimum(above, below))

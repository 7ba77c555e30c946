"""Episodes: what one customer went through without a long pause."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.columns import UNASSIGNED

COLUMNS = ["episode_id", "customer_id", "first", "last", "comment_count", "stages", "touchpoints", "last_nps",
           "last_tone", "churned", "outcome"]
JOINT = " > "


def find_episodes(histories: pd.DataFrame, gap_days: int = 30) -> pd.Series:
    """Return each comment's episode: a customer's comments with no more than `gap_days` from one to the next.

    Parameters
    ----------
    histories
        As `follow_customers` returns them.
    gap_days
        The longest pause within an episode, in days.

    Returns
    -------
    pandas.Series
        ``customer/1``, ``customer/2``, ... in the order of time, with the index of `histories`.

    Examples
    --------
    >>> histories = pd.DataFrame({"feedback_id": ["a", "b", "c"], "customer_id": "k",
    ...     "created_at": pd.to_datetime(["2026-01-01", "2026-01-20", "2026-06-01"])})
    >>> find_episodes(histories, 30).tolist()
    ['k/1', 'k/1', 'k/2']
    """
    check_tables(histories=histories)
    if not len(histories):
        return pd.Series(dtype=object, index=histories.index)
    customer = histories["customer_id"].astype(str)
    new = customer != customer.shift()
    paused = histories["created_at"].diff() > pd.Timedelta(days=gap_days)
    number = (new | paused).groupby(customer).cumsum()
    return customer + "/" + number.astype(int).astype(str)


def tell_episodes(histories: pd.DataFrame, mentions: pd.DataFrame, gap_days: int = 30,
                  tone: pd.Series | None = None) -> pd.DataFrame:
    """Return what happened in each episode, and how it ended.

    Parameters
    ----------
    histories
        As `follow_customers` returns them, with ``nps`` and ``churned`` where they are known.
    mentions
        As `place_statements` returns them, with ``statement_id``.
    gap_days
        As for `find_episodes`.
    tone
        Of comments, indexed by feedback_id, where tone was measured.

    Returns
    -------
    pandas.DataFrame
        ``episode_id, customer_id, first, last, comment_count, stages, touchpoints`` (in the order of time, joined
        by `JOINT`, one that follows itself named once), ``last_nps, last_tone, churned`` and ``outcome``: "bad"
        where the episode's last likelihood to recommend is 6 or less or, on the customer's last episode, the
        customer has left; "good" where neither holds and one is known; else "unknown".

    Examples
    --------
    >>> histories = pd.DataFrame({"feedback_id": ["a", "b"], "customer_id": "k", "nps": [10, 2],
    ...     "created_at": pd.to_datetime(["2026-01-01", "2026-01-20"])})
    >>> mentions = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"],
    ...     "stage_id": ["action", "use"], "touchpoint_id": ["delivery", "technician"]})
    >>> tell_episodes(histories, mentions)[["stages", "touchpoints", "outcome"]].values.tolist()
    [['action > use', 'delivery > technician', 'bad']]
    """
    check_tables(histories=histories, mentions=mentions)
    if not len(histories):
        return pd.DataFrame(columns=COLUMNS)
    rows = histories.assign(episode_id=find_episodes(histories, gap_days))
    rows["last_nps"] = rows["nps"].astype(float) if "nps" in rows else float("nan")
    rows["last_tone"] = float("nan") if tone is None else rows["feedback_id"].map(tone).astype(float)
    rows["churned"] = rows["churned"].astype("boolean") if "churned" in rows else \
        pd.Series(pd.NA, index=rows.index, dtype="boolean")
    table = rows.groupby("episode_id", sort=False).agg(
        customer_id=("customer_id", "first"), first=("created_at", "min"), last=("created_at", "max"),
        comment_count=("feedback_id", "size"), last_nps=("last_nps", "last"), last_tone=("last_tone", "last"),
        churned=("churned", "last"))
    number = mentions["statement_id"].str.replace(r"(?s)^.*/", "", regex=True)  # of a statement in its comment
    mentions = mentions.assign(number=pd.to_numeric(number, errors="coerce"))
    for name, column in (("stages", "stage_id"), ("touchpoints", "touchpoint_id")):
        table[name] = _in_order(rows, mentions, column).reindex(table.index).fillna("")
    is_last = ~table["customer_id"].duplicated(keep="last")
    table["outcome"] = judge_outcome(table["last_nps"], table["churned"].where(is_last))
    return table.reset_index()[COLUMNS]


def judge_outcome(nps: pd.Series, churned: pd.Series) -> pd.Series:
    """Return "bad" for a detractor's answer or a customer who left, "good" where neither holds and one is known.

    Examples
    --------
    >>> left = pd.Series([False, True, None, None], dtype="boolean")
    >>> judge_outcome(pd.Series([3, 10, 9, None]), left).tolist()
    ['bad', 'bad', 'good', 'unknown']
    """
    check_series(nps=nps, churned=churned)
    left = churned.astype("boolean")
    bad = nps.le(6).fillna(False).astype(bool) | left.fillna(False).astype(bool)
    known = nps.notna() | left.notna()
    return pd.Series("good", index=nps.index, dtype=object).mask(bad, "bad").where(known, "unknown")


def _in_order(rows: pd.DataFrame, mentions: pd.DataFrame, column: str) -> pd.Series:
    """Return what each episode's statements speak of, in their order, a repetition named once."""
    placed = mentions.loc[mentions[column] != UNASSIGNED, ["statement_id", "feedback_id", "number", column]]
    when = rows[["feedback_id", "episode_id"]].assign(place=range(len(rows)))
    steps = placed.drop_duplicates().merge(when, on="feedback_id")
    steps = steps.sort_values(["place", "number", "statement_id", column], kind="stable")
    again = (steps["episode_id"] == steps["episode_id"].shift()) & (steps[column] == steps[column].shift())
    steps = steps[~again]
    said, episodes = steps[column].tolist(), steps["episode_id"].to_numpy()  # one episode's rows stand together
    begins = np.flatnonzero(np.append(True, episodes[1:] != episodes[:-1])[: len(episodes)])
    told = [JOINT.join(said[first:last]) for first, last in pairwise([*begins.tolist(), len(said)])]
    return pd.Series(told, index=episodes[begins], dtype=object)

"""How much comments tell of shares where some people wrote several: intervals that do not take one for many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.themes.share import share_interval


def likeness(said: pd.DataFrame, clusters: pd.Series) -> float:
    """Return how like the comments of a cluster are, told of all values together: of a rare one alone it is not seen.

    From 0, no more than any comments, to 1, the same. Where there is but one cluster it cannot be seen, and is 1.

    Source: the analysis-of-variance estimator of the intraclass correlation, sums of squares added over the values;
    Ridout, Demétrio and Firth (1999), Estimating Intraclass Correlation for Binary Data. Unlike those that weigh pairs
    of comments it still sees the likeness where one customer wrote more than all others.

    Parameters
    ----------
    said
        ``feedback_id, value``: what each comment speaks of or states, each value once.
    clusters
        Whom each comment comes from, indexed by feedback_id.

    Examples
    --------
    >>> said = pd.DataFrame({"feedback_id": [0, 1, 2, 3], "value": "use"})
    >>> likeness(said, pd.Series(list("aabbccdd"))), likeness(said, pd.Series(list("abcdabcd")))
    (1.0, 0.0)
    """
    check_tables(said=said)
    check_series(clusters=clusters)
    n, count = len(clusters), clusters.nunique()
    if count == n or count < 2:
        return float(count != n)
    told, of, whose, sizes, _ = _told(said, clusters)
    of_clusters = (told**2 / whose).sum()
    within = (told.sum() - of_clusters) / (n - count)
    between = (of_clusters - (np.bincount(of, weights=told) ** 2).sum() / n) / (count - 1)
    apart = max(0.0, (between - within) / ((n - (sizes**2).sum() / n) / (count - 1)))
    return float(apart / (apart + within)) if apart > 0 else 0.0


def share_effects(said: pd.DataFrame, clusters: pd.Series, values: Sequence[object],
                  alike: float | None = None) -> np.ndarray:
    """Return by how much clusters widen the variance of each value's share of the comments, at least 1.

    It is the larger of what the comments of this value show and what the likeness of all values has it: that of a rare
    value is not seen in its own comments, and one value may be dearer to its customers than others. Counts and bases
    divided by it are what Wilson's interval is to be told of; where nobody wrote twice it is 1.

    Source: Cochran (1977), Sampling Techniques, chapter 11, for the variance of a ratio mean over clusters; Donner and
    Klar (2000), for the effect of clusters of unlike sizes; Rao and Scott (1992), A Simple Method for the Analysis of
    Clustered Binary Data, for counts and bases divided by it.

    Parameters
    ----------
    said
        As for `likeness`.
    clusters
        Whom each comment of the base comes from, indexed by feedback_id. What comments beyond the base say is left out.
    values
        Whose shares are told; one that nobody speaks of has the effect of the likeness.
    alike
        As `likeness` returns it, of more comments than the base; told of the base without it.

    Examples
    --------
    >>> said = pd.DataFrame({"feedback_id": [0, 1, 4, 6], "value": ["use", "use", "buy", "pay"]})
    >>> share_effects(said, pd.Series(list("aabbccdd")), ["use", "buy", "leave"]).round(2).tolist()
    [2.33, 1.5, 1.5]
    >>> share_effects(said, pd.Series(range(8)), ["use", "leave"]).tolist()
    [1.0, 1.0]
    """
    check_tables(said=said)
    check_series(clusters=clusters)
    n, count = len(clusters), clusters.nunique()
    if count == n or count < 2:
        return np.full(len(values), 1.0 if count == n else float(n))
    told, of, whose, sizes, known = _told(said, clusters)
    squares = (sizes**2).sum()
    share = np.bincount(of, weights=told, minlength=len(known)) / n
    beyond = np.bincount(of, weights=told**2, minlength=len(known)) + share**2 * squares - \
        2 * share * np.bincount(of, weights=told * whose, minlength=len(known))
    differs = (share > 0) & (share < 1)
    by_chance = np.where(differs, share * (1 - share), 1.0) / (n - 1)
    own = np.where(differs, count / (count - 1) * beyond / n**2 / by_chance, 1.0)
    of_all = 1 + (likeness(said, clusters) if alike is None else alike) * (squares / n - 1)
    return np.maximum(np.append(own, 1.0)[known.get_indexer(pd.Index(values))], of_all)


def widen_intervals(table: pd.DataFrame, name: str, said: pd.DataFrame, clusters: pd.Series,
                    confidence: float = 0.95) -> pd.DataFrame:
    """Return a table of shares of all counted comments with intervals that allow for who wrote several.

    Parameters
    ----------
    table
        With a column called `name`, ``comment_count`` and ``comment_share``.
    name
        Of the column that says what the shares are of, such as ``theme_id``.
    said
        ``feedback_id`` and the same column: what each counted comment speaks of, once each.
    clusters
        Whom each counted comment comes from, indexed by feedback_id.
    confidence
        Of the intervals.

    Examples
    --------
    >>> said = pd.DataFrame({"feedback_id": range(4), "theme_id": 0})
    >>> table = pd.DataFrame({"theme_id": [0], "comment_count": [4], "comment_share": [0.5]})
    >>> for clusters in (range(8), list("aabbccdd")):
    ...     wide = widen_intervals(table, "theme_id", said, pd.Series(clusters))
    ...     print(wide[["comment_share_low", "comment_share_high"]].round(2).values.tolist())
    [[0.22, 0.78]]
    [[0.14, 0.86]]
    """
    check_tables(table=table, said=said)
    effects = share_effects(said.rename(columns={name: "value"}), clusters, table[name].tolist())
    low, high = share_interval(table["comment_count"] / effects, pd.Series(len(clusters) / effects, table.index),
                               confidence)
    return table.assign(comment_share_low=low, comment_share_high=high)


def _told(said: pd.DataFrame, clusters: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, pd.Index]:
    """Return how many comments of a cluster say a value, each value and cluster in the order of names.

    Besides the number of the value of each, the size of its cluster, the sizes of all clusters, and the values.
    """
    numbers = pd.factorize(clusters, sort=True)[0]
    sizes, rows = np.bincount(numbers), clusters.index.get_indexer(pd.Index(said["feedback_id"]))
    values, known = pd.factorize(said["value"], sort=True)
    within = (rows >= 0) & (values >= 0)
    pairs, told = np.unique(values[within] * len(sizes) + numbers[rows[within]], return_counts=True)
    of, whose = np.divmod(pairs, len(sizes))
    return told, of, sizes[whose], sizes, pd.Index(known)

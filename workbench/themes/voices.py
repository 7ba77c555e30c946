"""How much comments tell of shares where some people wrote several: intervals that do not take one for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.themes.share import share_interval


def likeness(said: pd.DataFrame, clusters: pd.Series, base: pd.Series | None = None) -> float:
    """Return how like the comments of a cluster are, told of all values together: of a rare one alone it is not seen.

    From 0, no more than any comments, to 1, the same. Where there is but one cluster it cannot be seen, and is 1.

    It is `intraclass`, with sums of squares added over the values.

    Parameters
    ----------
    said
        ``feedback_id, value``: what each comment speaks of or states, each value once.
    clusters
        Whom each comment comes from, indexed by feedback_id.
    base
        The base that each comment belongs to, with the same index, such as its month; missing where it is in none. How
        like comments of a cluster are is then told within bases, of all of them together.

    Examples
    --------
    >>> said = pd.DataFrame({"feedback_id": [0, 1, 2, 3], "value": "use"})
    >>> likeness(said, pd.Series(list("aabbccdd"))), likeness(said, pd.Series(list("abcdabcd")))
    (1.0, 0.0)
    """
    check_tables(said=said)
    check_series(clusters=clusters)
    return _likeness(_gather(said, clusters, base))


def intraclass(squares: float, of_clusters: float, of_bases: float, comments: np.ndarray, clusters: np.ndarray,
               sizes_squared: np.ndarray) -> float:
    """Return how like the answers of a cluster are: from 0, no more than any answers, to 1, the same.

    Where there is but one cluster it cannot be seen, and is 1.

    Source: the analysis-of-variance estimator of the intraclass correlation; Ridout, Demétrio and Firth (1999),
    Estimating Intraclass Correlation for Binary Data. Unlike those that weigh pairs of comments it still sees the
    likeness where one customer wrote more than all others.

    Parameters
    ----------
    squares
        The sum of the squares of all answers.
    of_clusters, of_bases
        The squares of the sums of each cluster within a base, and of each base, divided by how many answers they are
        of, all together.
    comments, clusters, sizes_squared
        Of each base: its answers, its clusters, and the sum of the squares of how many answers these have.

    Examples
    --------
    >>> answers, sizes = np.array([5.0, 5, 1, 1, 3, 3]), np.array([2, 2, 2])
    >>> of_people = np.array([10.0, 2, 6]) ** 2 / sizes
    >>> intraclass(answers @ answers, of_people.sum(), answers.sum() ** 2 / 6, np.array([6]), np.array([3]),
    ...            np.array([12]))
    1.0
    """
    n, people, free = int(comments.sum()), int(clusters.sum()), int((clusters - 1).sum())
    if people == n or free < 1:
        return float(people != n)
    within = max(0.0, (squares - of_clusters) / (n - people))
    between = (of_clusters - of_bases) / free
    apart = max(0.0, (between - within) / ((n - (sizes_squared / comments).sum()) / free))
    return float(apart / (apart + within)) if apart > 0 else 0.0


def share_effects(said: pd.DataFrame, clusters: pd.Series, values: Sequence[object], alike: float | None = None,
                  base: pd.Series | None = None, of: Sequence[object] | None = None) -> np.ndarray:
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
    base, of
        Where shares are of several bases: the base of each comment, as for `likeness`, and that of each of `values`.

    Examples
    --------
    >>> said = pd.DataFrame({"feedback_id": [0, 1, 4, 6], "value": ["use", "use", "buy", "pay"]})
    >>> share_effects(said, pd.Series(list("aabbccdd")), ["use", "buy", "leave"]).round(2).tolist()
    [2.33, 1.5, 1.5]
    >>> share_effects(said, pd.Series(range(8)), ["use", "leave"]).tolist()
    [1.0, 1.0]
    >>> month = pd.Series([1] * 4 + [2] * 4)
    >>> share_effects(said, pd.Series(list("aabbcdef")), ["use", "buy"], base=month, of=[1, 2]).round(2).tolist()
    [3.0, 1.0]
    """
    check_tables(said=said)
    check_series(clusters=clusters)
    found = _gather(said, clusters, base)
    if not len(found.bases):
        return np.ones(len(values))
    n, count = found.comments, found.clusters
    told, told_squares, told_sizes = (found.by_cell(weights) for weights in (
        found.told, found.told**2, found.told * found.sizes[found.whose]))
    of_all = 1 + (_likeness(found) if alike is None else alike) * (found.squares / n - 1)
    own = _own_effects(told, told_squares, told_sizes, n[:, None], count[:, None], found.squares[:, None])
    widest = np.column_stack([np.maximum(own, of_all[:, None]), of_all])
    widest = np.where((count == n)[:, None], 1.0, np.where((count < 2)[:, None], n[:, None], widest))
    places = found.values.get_indexer(pd.Index(values))  # of what nobody speaks of the last
    bases = np.zeros(len(places), dtype=np.int64) if of is None else found.bases.get_indexer(pd.Index(of))
    return np.where(bases >= 0, widest[bases, places], 1.0)


def span_effects(said: pd.DataFrame, clusters: pd.Series, when: pd.Series, spans: pd.DataFrame
                 ) -> tuple[np.ndarray, np.ndarray]:
    """Return what `share_effects` returns of shares within a span of time, one for each value, and of those beyond it.

    How like the comments of a cluster are is told of all times together.

    Parameters
    ----------
    said, clusters
        As for `share_effects`.
    when
        The number of the period in which each comment was written, with the index of `clusters`.
    spans
        ``value, first, end``: the first period of the span, and the first after it.

    Examples
    --------
    >>> said = pd.DataFrame({"feedback_id": [0, 1, 4, 6], "value": ["use", "use", "buy", "pay"]})
    >>> when, spans = pd.Series([1, 2, 2, 2, 3, 3, 3, 3]), pd.DataFrame({"value": ["use"], "first": [1], "end": [3]})
    >>> [effects.round(2).tolist() for effects in span_effects(said, pd.Series(list("aabbcdef")), when, spans)]
    [[3.0], [1.0]]
    """
    check_tables(said=said, spans=spans)
    check_series(clusters=clusters, when=when)
    alike, found = likeness(said, clusters), _gather(said, clusters, when)
    value, of = found.cell % len(found.values), found.bases.to_numpy()
    order = np.argsort(value, kind="stable")
    ends = np.searchsorted(value[order], np.arange(len(found.values) + 1))
    places = found.values.get_indexer(pd.Index(spans["value"]))
    both: tuple[list[float], list[float]] = ([], [])
    for place, first, end in zip(places, spans["first"], spans["end"], strict=True):
        own = order[ends[place]:ends[place + 1]]
        is_in = (of >= first) & (of < end)
        for side, inside in zip(both, (is_in, ~is_in), strict=True):
            side.append(_effect_within(found, own, inside, alike))
    return np.array(both[0], dtype=float), np.array(both[1], dtype=float)


def widen_intervals(table: pd.DataFrame, name: str, said: pd.DataFrame, clusters: pd.Series,
                    confidence: float = 0.95, base: pd.Series | None = None) -> pd.DataFrame:
    """Return a table of shares of all counted comments, or of bases, with intervals that allow for who wrote several.

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
    base
        The base of each comment where shares are of several, as for `share_effects`; its name is that of the column
        that says what base a row is of.

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
    size, of = pd.Series(len(clusters), table.index), None
    if base is not None:
        size, of = table[base.name].map(base.value_counts()).fillna(0), table[base.name].tolist()
    effects = share_effects(said.rename(columns={name: "value"}), clusters, table[name].tolist(), base=base, of=of)
    low, high = share_interval(table["comment_count"] / effects, size / effects, confidence)
    return table.assign(comment_share_low=low, comment_share_high=high)


@dataclass(frozen=True)
class _Gathered:
    """Which clusters say which values: a cluster stands once for each base that it has comments in.

    ``sizes, place, number`` of each of these: its comments, the base, the cluster. ``told, cell, whose``: how many
    comments of a cluster say a value, base and value in one number, and the place of the cluster and base.
    """

    sizes: np.ndarray
    place: np.ndarray
    number: np.ndarray
    told: np.ndarray
    cell: np.ndarray
    whose: np.ndarray
    bases: pd.Index
    values: pd.Index

    @property
    def comments(self) -> np.ndarray:
        return np.bincount(self.place, self.sizes, len(self.bases))

    @property
    def clusters(self) -> np.ndarray:
        return np.bincount(self.place, minlength=len(self.bases))

    @property
    def squares(self) -> np.ndarray:
        return np.bincount(self.place, self.sizes**2, len(self.bases))

    def by_cell(self, weights: np.ndarray) -> np.ndarray:
        """Return sums for each base, a row, and value, a column."""
        shape = (len(self.bases), len(self.values))
        return np.bincount(self.cell, weights, shape[0] * shape[1]).reshape(shape)


def _gather(said: pd.DataFrame, clusters: pd.Series, base: pd.Series | None) -> _Gathered:
    """Return who says what, each value, base and cluster in the order of names."""
    if base is None:
        base = pd.Series(0, index=clusters.index)
    known = base.notna().to_numpy()
    clusters, base = clusters[known], base[known]
    numbers, (places, bases) = pd.factorize(clusters, sort=True)[0], pd.factorize(base, sort=True)
    people = int(numbers.max(initial=-1)) + 1
    pairs, of = np.unique(places * max(people, 1) + numbers, return_inverse=True)
    rows = clusters.index.get_indexer(pd.Index(said["feedback_id"]))
    value, values = pd.factorize(said["value"], sort=True)
    within = (rows >= 0) & (value >= 0)
    both, told = np.unique(value[within] * max(len(pairs), 1) + of[rows[within]], return_counts=True)
    value, whose = np.divmod(both, max(len(pairs), 1))
    place, number = np.divmod(pairs, max(people, 1))
    return _Gathered(np.bincount(of, minlength=len(pairs)), place, number, told, place[whose] * len(values) + value,
                     whose, pd.Index(bases), pd.Index(values))


def _likeness(found: _Gathered) -> float:
    of_clusters = (found.told**2 / found.sizes[found.whose]).sum()
    of_bases = (found.by_cell(found.told) ** 2 / found.comments[:, None]).sum()
    return intraclass(found.told.sum(), of_clusters, of_bases, found.comments, found.clusters, found.squares)


def _own_effects(told: np.ndarray, told_squares: np.ndarray, told_sizes: np.ndarray, n: np.ndarray, count: np.ndarray,
                 squares: np.ndarray) -> np.ndarray:
    """Return what the comments that say a value show themselves; 1 where it cannot be seen."""
    share = told / np.maximum(n, 1)
    differs = (share > 0) & (share < 1) & (count > 1)
    beyond = told_squares + share**2 * squares - 2 * share * told_sizes
    by_chance = np.where(differs, share * (1 - share), 1.0) / np.maximum(n - 1, 1)
    return np.where(differs, count / np.maximum(count - 1, 1) * beyond / np.maximum(n, 1) ** 2 / by_chance, 1.0)


def _effect_within(found: _Gathered, own: np.ndarray, inside: np.ndarray, alike: float) -> float:
    """Return the effect on the share of one value within some of the bases taken together."""
    people = int(found.number.max(initial=-1)) + 1
    kept, own = inside[found.place], own[inside[found.place[found.whose[own]]]]
    sizes = np.bincount(found.number[kept], found.sizes[kept], people)
    told = np.bincount(found.number[found.whose[own]], found.told[own], people)
    n, count, squares = sizes.sum(), np.asarray(np.count_nonzero(sizes)), (sizes**2).sum()
    if count == n or count < 2:
        return 1.0 if count == n else float(n)
    of_all = 1 + alike * (squares / n - 1)
    return max(of_all, float(_own_effects(told.sum(), (told**2).sum(), (told * sizes).sum(), n, count, squares)))

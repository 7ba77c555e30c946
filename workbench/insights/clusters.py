"""Who spoke more than once: intervals and comparisons that do not take one customer for several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.insights.incidence import Incidence, gather
from workbench.themes import intraclass, likeness, share_effects


def cluster_of(comments: pd.DataFrame) -> pd.Series:
    """Return whom each comment comes from: the account, else the customer, else nobody but the comment itself.

    Customers of one account answer alike, so that the account is what is drawn by chance.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b", "c"], "customer_id": ["k", "k", None],
    ...     "account_id": [None, "firm", None]})
    >>> cluster_of(comments).tolist()
    ['customer k', 'account firm', 'comment c']
    """
    own = comments["feedback_id"] if "feedback_id" in comments else pd.Series(comments.index, index=comments.index)
    clusters = "comment " + own.astype(str)
    for name, kind in (("customer_id", "customer "), ("account_id", "account ")):
        if name in comments:
            known = comments[name].notna() & comments[name].ne("")
            clusters = clusters.mask(known, kind + comments[name].astype(str))
    return clusters.rename("cluster")


def design_effect(values: pd.Series, clusters: pd.Series | None) -> tuple[float, int]:
    """Return by how much clusters widen the variance of a mean, at least 1, and how many clusters there are.

    One cluster alone is one answer. Where all answers are alike the effect cannot be seen, and is 1.

    Source: the linearised (sandwich) variance of a ratio mean, Cochran (1977), Sampling Techniques, chapter 11;
    Kish (1965) for the design effect.

    Parameters
    ----------
    values
        Answers without gaps.
    clusters
        Whom each comes from, with the same index; None where every answer stands for itself.

    Examples
    --------
    >>> twice = pd.Series([0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0])
    >>> effect, count = design_effect(twice, pd.Series(list("aabbccdd")))
    >>> round(effect, 2), count
    (2.33, 4)
    """
    n = len(values)
    if clusters is None or n < 2:
        return 1.0, n
    own = clusters.loc[values.index]
    count = own.nunique()
    if count < 2:
        return float(n), count
    if count == n or values.min() == values.max():
        return 1.0, count
    sums = (values - values.mean()).groupby(own).sum()
    return max(1.0, count / (count - 1) * float((sums**2).sum()) / n**2 / (float(values.var(ddof=1)) / n)), count


def worth(values: pd.Series, clusters: pd.Series) -> float:
    """Return how many answers of people of their own tell as much of a share as these do; where all are alike, people.

    Examples
    --------
    >>> twice, people = pd.Series([0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]), pd.Series(list("aabbccdd"))
    >>> round(worth(twice, people), 2), worth(twice * 0, people)
    (3.43, 4.0)
    """
    effect, count = design_effect(values, clusters)
    return float(count) if values.min() == values.max() else len(values) / effect


def design_effects_in_turn(values: np.ndarray, whose: np.ndarray, ends: np.ndarray) -> list[tuple[float, int]]:
    """Return what `design_effect` returns, digit for digit, for each of several cells that stand one after another.

    Parameters
    ----------
    values
        Answers without gaps, cell by cell.
    whose
        The number of each one's cluster, from 0.
    ends
        Where each cell ends and the next begins; a cell may be empty.

    Examples
    --------
    >>> values, people = np.array([0.0, 0, 1, 1, 0, 0, 1, 1, 5, 6]), np.array([0, 0, 1, 1, 2, 2, 3, 3, 0, 1])
    >>> [(round(effect, 2), count) for effect, count in design_effects_in_turn(values, people, np.array([8, 10]))]
    [(2.33, 4), (1.0, 2)]
    """
    if not len(ends):
        return []
    sizes, people = np.diff(ends, prepend=0), int(whose.max(initial=-1)) + 1
    parts = np.split(values, ends[:-1])
    means = np.array([part.mean() if len(part) else 0.0 for part in parts])
    cells = np.repeat(np.arange(len(parts)) * people, sizes)
    sums = pd.Series(values - np.repeat(means, sizes)).groupby(cells + whose).sum()
    counts = np.bincount(sums.index // max(people, 1), minlength=len(parts))
    squares = np.split(sums.to_numpy() ** 2, counts.cumsum()[:-1])
    return [_effect(part, own, int(count)) for part, own, count in zip(parts, squares, counts, strict=True)]


def _effect(values: np.ndarray, squares: np.ndarray, count: int) -> tuple[float, int]:
    n = len(values)
    if count == 1:
        return float(n), count
    if count == n or values.min() == values.max():
        return 1.0, count
    return max(1.0, count / (count - 1) * float(squares.sum()) / n**2 / (float(values.var(ddof=1)) / n)), count


def design_effects(values: np.ndarray, places: np.ndarray, whose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what `design_effect` returns, for many cells at once.

    Parameters
    ----------
    values
        Answers without gaps.
    places, whose
        The number of each one's cell and of its cluster, from 0; no cell is empty.

    Examples
    --------
    >>> values, people = np.array([0.0, 0, 1, 1, 0, 0, 1, 1, 5, 6]), np.array([0, 0, 1, 1, 2, 2, 3, 3, 0, 1])
    >>> effects, counts = design_effects(values, np.array([0] * 8 + [1, 1]), people)
    >>> effects.round(2).tolist(), counts.tolist()
    ([2.33, 1.0], [4, 2])
    """
    if not len(values):
        return np.ones(0), np.zeros(0, dtype=int)
    people = int(whose.max()) + 1
    pairs, of_pairs = np.unique(places.astype(np.int64) * people + whose, return_inverse=True)
    n, count = np.bincount(places), np.bincount(pairs // people)
    beyond = values - (np.bincount(places, weights=values) / n)[places]
    spread = np.bincount(places, weights=beyond**2) / np.maximum(n - 1, 1) / n
    squares = np.bincount(pairs // people, weights=np.bincount(of_pairs, weights=beyond) ** 2)
    least, most = np.full(len(n), np.inf), np.full(len(n), -np.inf)
    np.minimum.at(least, places, values)
    np.maximum.at(most, places, values)
    known = (count > 1) & (count < n) & (least < most)
    widened = count / np.maximum(count - 1, 1) * squares / n**2
    return np.where(known, np.maximum(widened / np.where(known, spread, 1.0), 1.0), np.where(count == 1, n, 1.0)), count


def clustered_difference(inside: pd.Series, outside: pd.Series, clusters: pd.Series) -> tuple[float, float]:
    """Return the difference of two means and the p-value of its test, clusters being what was drawn.

    A cluster may have answers on both sides. The variance is the sandwich over clusters and no less than
    `variance_by_chance`; the reference is Student's t with one degree of freedom less than the side with fewer clusters
    has clusters.

    Parameters
    ----------
    inside, outside
        Answers without gaps, with disjoint indices.
    clusters
        Whom each comes from, for all of them.

    Returns
    -------
    tuple
        Difference, and p-value: NaN without spread or with fewer than two clusters on a side.

    Examples
    --------
    >>> one, two = pd.Series([1.0, 2.0, 3.0] * 10), pd.Series([5.0, 6.0, 7.0] * 10, index=range(30, 60))
    >>> difference, p = clustered_difference(one, two, pd.Series(range(60)))
    >>> difference, p < 0.001
    (-4.0, True)
    """
    both = pd.concat([inside, outside])
    spoken = gather((np.arange(len(both)) < len(inside))[:, None], pd.factorize(clusters.loc[both.index])[0])
    _, p = clustered_differences(spoken, both.to_numpy(dtype=float))
    return float(inside.mean() - outside.mean()), float(p[0])


def variance_by_chance(spoken: Incidence, values: np.ndarray) -> np.ndarray:
    """Return, for each theme, the variance that the difference of means would have if the theme made none.

    All answers then spread alike, and those of a cluster are as like as `likeness_within` has it. A few answers that
    happen to be the same show no spread of their own: ten promoters would be surely better than all others where nine
    in ten are promoters.

    Source: Donner and Klar (2000), Design and Analysis of Cluster Randomization Trials in Health Research.

    Examples
    --------
    >>> values = np.array([100.0] * 10 + [100.0, 100, 100, 100, -100] * 10)
    >>> variance_by_chance(gather(np.arange(60)[:, None] < 10), values).round().tolist()
    [678.0]
    """
    inside, sizes, alike = spoken.theme_sizes, spoken.sizes, likeness_within(spoken, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        within, elsewhere = 1 / inside, 1 / (len(values) - inside)
        of, own = spoken.themes, sizes[spoken.clusters]
        told = spoken.counts * within[of] - (own - spoken.counts) * elsewhere[of]
        squares = spoken.squares(np.zeros(len(sizes)), np.zeros(len(inside)), -elsewhere, told)
        return np.asarray(values.var(ddof=1) * ((1 - alike) * (within + elsewhere) + alike * squares))


def likeness_within(spoken: Incidence, values: np.ndarray) -> float:
    """Return how like the answers of one cluster are, 0 no more than any to 1 the same: see `intraclass`.

    Examples
    --------
    >>> likeness_within(gather(np.zeros((6, 1)), np.array([0, 0, 1, 1, 2, 2])), np.array([5.0, 5, 1, 1, 3, 3]))
    1.0
    """
    beyond, sizes = values - values.mean(), spoken.sizes
    return intraclass(beyond @ beyond, (spoken.per_cluster(beyond) ** 2 / sizes).sum(), 0.0, np.array([len(values)]),
                      np.array([len(sizes)]), np.array([sizes @ sizes]))


def widening(said: pd.DataFrame, clusters: pd.Series, base: pd.Series) -> pd.Series:
    """Return by how much clusters widen the variance of shares of comments, for each base that shares are of.

    How like the comments of a cluster are is told of all values together (`workbench.themes.likeness`).

    Source: Donner and Klar (2000), for the effect of clusters of unlike sizes; Rao and Scott (1992), A Simple Method
    for the Analysis of Clustered Binary Data, for counts and bases divided by it.

    Parameters
    ----------
    said
        ``feedback_id, value``: what each comment speaks of or states, each value once.
    clusters
        Whom each comment comes from, indexed by feedback_id.
    base
        The base that each comment belongs to, with the same index, such as its market; missing where it is in none.

    Returns
    -------
    pandas.Series
        At least 1, indexed by the bases.

    Examples
    --------
    >>> clusters = pd.Series(list("aabbccdd"), index=range(8))
    >>> said = pd.DataFrame({"feedback_id": [0, 1, 2, 3], "value": "use"})
    >>> widening(said, clusters, pd.Series("DE", index=range(8))).to_dict()
    {'DE': 2.0}
    """
    inside = clusters.groupby([base, clusters]).size()
    several = (inside**2).groupby(level=0).sum() / inside.groupby(level=0).sum()
    return 1 + likeness(said, clusters) * (several - 1)


def effects_of_groups(hits: pd.Series, clusters: pd.Series, groups: Sequence[pd.Index]) -> np.ndarray:
    """Return by how much clusters widen the variance of the share of hits in each of several groups, at least 1.

    How like the members of a cluster are is told of all of them together.

    Parameters
    ----------
    hits, clusters
        Whether each is a hit, and whose it is, with the same index.
    groups
        Places in that index; they may overlap.

    Examples
    --------
    >>> hits = pd.Series([True, True, False, False])
    >>> groups = [pd.RangeIndex(4), pd.RangeIndex(2)]
    >>> effects_of_groups(hits, pd.Series(list("aabb")), groups), effects_of_groups(hits, pd.Series(range(4)), groups)
    (array([3., 2.]), array([1., 1.]))
    """
    said = pd.DataFrame({"feedback_id": hits.index[hits], "value": True})
    alike = likeness(said, clusters)
    return np.array([share_effects(said, clusters.loc[group], [True], alike)[0] for group in groups])


def clustered_differences(spoken: Incidence, values: np.ndarray, fewest: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Return what `clustered_difference` returns for each theme against all else, and the means of all else.

    Parameters
    ----------
    spoken
        The comments that answered, with their clusters.
    values
        An answer for each of them.
    fewest
        Answers and clusters on a side, without which a theme is not tested.

    Returns
    -------
    tuple
        For each theme: the mean of the comments that do not speak of it, and the p-value of the difference.

    Examples
    --------
    >>> elsewhere, p = clustered_differences(gather(np.arange(60)[:, None] < 30), np.tile([1.0, 2.0, 3.0], 20))
    >>> elsewhere.tolist(), p.tolist()
    ([2.0], [1.0])
    """
    from scipy.special import stdtr

    sums, count = spoken.per_cluster(values), len(spoken.sizes)
    own, inside = spoken.per_cell(values), spoken.theme_sizes
    outside, total, of = len(values) - inside, spoken.per_theme(own), spoken.themes
    least = variance_by_chance(spoken, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        within, elsewhere = total / inside, (values.sum() - total) / outside
        rest, sizes = sums[spoken.clusters] - own, spoken.sizes[spoken.clusters]
        told = (own - within[of] * spoken.counts) * (outside / inside)[of] - \
            (rest - elsewhere[of] * (sizes - spoken.counts))
        squares = spoken.squares(sums, np.full(len(inside), -1.0), elsewhere, told)  # whole numbers for whole answers
        variance = np.maximum(count / max(count - 1, 1) * squares / outside**2, least)
        sides = np.minimum(*spoken.clusters_beside())
        p = 2 * stdtr(sides - 1, -np.abs(within - elsewhere) / np.sqrt(variance))
    tested = (np.minimum(inside, outside) >= fewest) & (sides >= max(fewest, 2)) & (variance > 0)
    return elsewhere, np.where(tested, p, np.nan)

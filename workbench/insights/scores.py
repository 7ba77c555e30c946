"""Net Promoter Score, satisfaction and effort, by any cut, with intervals that know who spoke more than once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_choice, check_series, check_tables
from workbench.insights.clusters import cluster_of, clustered_difference, design_effect, design_effects_in_turn
from workbench.insights.disclosure import hide_small
from workbench.insights.measures import score_values
from workbench.insights.multiplicity import adjust

COLUMNS = ["measure", "n", "score", "score_low", "score_high"]
SHARES = frozenset({"satisfaction", "csat", "low_effort"})  # measures from 0 to 1
_TOP = 0.8  # 4 or 5 of 5 stars
_LOW_EFFORT = 3
FEWEST = 10  # answers and customers on each side of a comparison
_SCALES = {"satisfaction": (0.0, 1.0), "effort": (1.0, 7.0)}
_NOTHING = {"n": 0, "score": float("nan"), "score_low": float("nan"), "score_high": float("nan")}


def net_promoter_score(ratings: pd.Series, confidence: float = 0.95, clusters: pd.Series | None = None
                       ) -> dict[str, float]:
    """Return the NPS of 0-10 answers, -100 to 100, with an adjusted Wald interval.

    Promoters answer 9 or 10, detractors 0 to 6. The interval adds three pseudo-answers (3/4 promoter, 3/2
    passive, 3/4 detractor), which holds its coverage for small samples; the score itself is not adjusted, and the
    interval is widened where it would not hold it. Where people answered several times, answers count for as many as
    they are worth: n divided by the design effect, or the number of people where all answers are alike.

    Source: Reichheld (2003); Rocks (2016), Interval Estimation for the Net Promoter Score; Kish (1965).

    Parameters
    ----------
    ratings
        Answers from 0 to 10; missing ones are left out.
    clusters
        Whom each answer comes from, with the same index, as `cluster_of` returns it.

    Returns
    -------
    dict
        ``n, score, score_low, score_high``; the score is NaN without answers.

    Examples
    --------
    >>> nps = net_promoter_score(pd.Series([10, 9, 9, 8, 7, 3, 0, 10, 6, 9]))
    >>> nps["n"], nps["score"], round(nps["score_low"]), round(nps["score_high"])
    (10, 20.0, -30, 61)
    """
    check_series(ratings=ratings)
    answers = ratings.dropna()
    return _net_promoter_score(answers.to_numpy(), design_effect(_points(answers), clusters), confidence)


def _net_promoter_score(answers: np.ndarray, effect_and_count: tuple[float, int], confidence: float
                        ) -> dict[str, float]:
    n, (effect, count) = len(answers), effect_and_count
    if n == 0:
        return dict(_NOTHING)
    promoters, detractors = int((answers >= 9).sum()), int((answers <= 6).sum())
    alike = n in (promoters, detractors, n - promoters - detractors)
    worth = count if alike else n / effect
    up, down, total = worth * promoters / n + 0.75, worth * detractors / n + 0.75, worth + 3.0
    middle = (up - down) / total
    half = _reach(confidence, effect, count) * (((up + down) / total - middle**2) / total) ** 0.5
    score = 100 * (promoters - detractors) / n
    return {
        "n": n,
        "score": score,
        "score_low": min(100 * max(middle - half, -1.0), score),
        "score_high": max(100 * min(middle + half, 1.0), score),
    }


def _points(answers: pd.Series) -> pd.Series:
    """Return 100 for a promoter, 0 for a passive, -100 for a detractor."""
    return 100.0 * ((answers >= 9).astype(int) - (answers <= 6).astype(int))


def _reach(confidence: float, effect: float, count: int) -> float:
    """Return the number of standard errors: of Student's t where clusters tell the spread, else of the normal."""
    from scipy.special import ndtri, stdtrit

    told = effect > 1 and count > 1
    return float(stdtrit(count - 1, 0.5 + confidence / 2) if told else ndtri(0.5 + confidence / 2))


def mean_score(values: pd.Series, confidence: float = 0.95, scale: tuple[float, float] | None = None,
               clusters: pd.Series | None = None) -> dict[str, float]:
    """Return the mean of answers with Student's interval, cut to the scale of the answers.

    The interval is NaN for fewer than two answers or clusters, and where all answers are the same: their spread is
    then not known. With `clusters`, its width is that of means over clusters.

    Examples
    --------
    >>> {key: round(value, 2) for key, value in mean_score(pd.Series([1, 2, 3, 4, 5]), scale=(1, 5)).items()}
    {'n': 5, 'score': 3.0, 'score_low': 1.04, 'score_high': 4.96}
    """
    check_series(values=values)
    answers = values.dropna().astype(float)
    return _mean_score(answers.to_numpy(), design_effect(answers, clusters), confidence, scale)


def _mean_score(answers: np.ndarray, effect_and_count: tuple[float, int], confidence: float,
                scale: tuple[float, float] | None) -> dict[str, float]:
    from scipy.special import stdtrit

    n, (effect, count) = len(answers), effect_and_count
    mean = float(answers.mean()) if n else float("nan")
    if n < 2 or count < 2 or np.ptp(answers) == 0:
        return {"n": n, "score": mean, "score_low": float("nan"), "score_high": float("nan")}
    free = count - 1 if effect > 1 else n - 1
    half = float(stdtrit(free, 0.5 + confidence / 2)) * float(answers.std(ddof=1)) * (effect / n) ** 0.5
    lowest, highest = scale or (float("-inf"), float("inf"))
    return {"n": n, "score": mean, "score_low": max(mean - half, lowest), "score_high": min(mean + half, highest)}


def share_score(hits: pd.Series, confidence: float = 0.95, clusters: pd.Series | None = None) -> dict[str, float]:
    """Return the share of answers that hit, with Wilson's interval over as many answers as they are worth.

    Parameters
    ----------
    hits
        1 or 0 an answer; missing ones are left out.

    Examples
    --------
    >>> {key: round(value, 3) for key, value in share_score(pd.Series([1.0, 1.0, 0.0, 1.0, None])).items()}
    {'n': 4, 'score': 0.75, 'score_low': 0.301, 'score_high': 0.954}
    """
    check_series(hits=hits)
    answers = hits.dropna().astype(float)
    return _share_score(answers.to_numpy(), design_effect(answers, clusters), confidence)


def _share_score(answers: np.ndarray, effect_and_count: tuple[float, int], confidence: float) -> dict[str, float]:
    n, (effect, count) = len(answers), effect_and_count
    if n == 0:
        return dict(_NOTHING)
    share = float(answers.mean())
    worth, z = count if share in (0.0, 1.0) else n / effect, _reach(confidence, effect, count)
    middle = (share + z**2 / (2 * worth)) / (1 + z**2 / worth)
    half = z / (1 + z**2 / worth) * (share * (1 - share) / worth + z**2 / (4 * worth**2)) ** 0.5
    return {"n": n, "score": share, "score_low": min(max(middle - half, 0.0), share),
            "score_high": max(min(middle + half, 1.0), share)}


def answer_values(comments: pd.DataFrame) -> pd.DataFrame:
    """Return each comment's part in each measure, empty where there is no answer.

    * ``nps``: 100 for 9 or 10 of 10, -100 for 6 or less, else 0 (Reichheld 2003);
    * ``satisfaction``: the rating as a share of the highest possible one;
    * ``csat``: 1 for the two highest of five answers, on other scales for four fifths of the highest or more, else 0;
    * ``effort``: 1 (easy) to 7 (hard); ``low_effort``: 1 for 1 to 3, else 0 (after Dixon, Freeman and Toman 2010,
      whose later question has the scale the other way round).

    Examples
    --------
    >>> comments = pd.DataFrame({"nps": [10, 6], "rating": [4, 9], "rating_max": [5, 10], "effort": [2, 7]})
    >>> answer_values(comments).T.to_dict("split")["data"]
    [[100.0, -100.0], [0.8, 0.9], [1.0, 1.0], [2.0, 7.0], [1.0, 0.0]]
    """
    values = pd.DataFrame(index=comments.index)
    values["nps"] = score_values(comments, "nps")
    values["satisfaction"] = score_values(comments, "satisfaction")
    values["csat"] = (values["satisfaction"] >= _TOP - 1e-9).astype(float).where(values["satisfaction"].notna())
    values["effort"] = score_values(comments, "effort")
    values["low_effort"] = (values["effort"] <= _LOW_EFFORT).astype(float).where(values["effort"].notna())
    return values.dropna(axis=1, how="all")


def score_all(comments: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return every measure of `answer_values` over a set of comments; one without answers is left out.

    Intervals are the adjusted Wald interval for NPS, Wilson's for shares, Student's for means. Answers of one
    account or customer are one cluster.

    Examples
    --------
    >>> comments = pd.DataFrame({"nps": [10, 0], "rating": [4, 5], "rating_max": [5, 5]})
    >>> score_all(comments)[["measure", "n", "score"]].values.tolist()
    [['nps', 2, 0.0], ['satisfaction', 2, 0.9], ['csat', 2, 1.0]]
    """
    check_tables(comments=comments)
    rows = _score_each(answer_values(comments), comments, confidence, cluster_of(comments))
    return pd.DataFrame(rows, columns=COLUMNS)


def _score_each(values: pd.DataFrame, comments: pd.DataFrame, confidence: float, clusters: pd.Series
                ) -> list[dict[str, object]]:
    return [{"measure": name, **_score(str(name), values[name], comments, confidence, clusters)} for name in values]


def _score(measure: str, values: pd.Series, comments: pd.DataFrame, confidence: float, clusters: pd.Series
           ) -> dict[str, float]:
    if measure == "nps":
        return net_promoter_score(comments["nps"], confidence, clusters)
    if measure in ("csat", "low_effort"):
        return share_score(values, confidence, clusters)
    return mean_score(values, confidence, _SCALES[measure], clusters)


def score_by(comments: pd.DataFrame, column: str, minimum: int = 5, confidence: float = 0.95) -> pd.DataFrame:
    """Return every measure for each value of a column, compared with all other comments.

    Parameters
    ----------
    comments
        The counted comments.
    column
        Any column to cut by; comments without a value are left out of the cells and of the comparisons.
    minimum
        Cells with fewer answers are hidden, by the rule of `hide_small`, and so is what would tell the score of hidden
        cells: comparisons with fewer answers elsewhere, and all of a measure whose hidden cells together have fewer.

    Returns
    -------
    pandas.DataFrame
        ``value, measure, n, score, score_low, score_high, score_elsewhere, p_value, p_adjusted, is_hidden``. The test
        is that of `clustered_difference`, made where each side has ten answers and ten customers; p-values are
        adjusted over the values of a measure (Benjamini and Hochberg 1995).

    Examples
    --------
    >>> comments = pd.DataFrame({"market": ["DE"] * 12 + ["ایران"] * 12 + ["EG", "JO"] * 3,
    ...     "nps": [0, 7] * 6 + [10, 9] * 6 + [9] * 6})
    >>> table = score_by(comments, "market")
    >>> table[["value", "n", "score", "is_hidden"]].values.tolist()
    [['DE', 12, -50.0, False], ['ایران', 12, 100.0, False], ['EG', 3, nan, True], ['JO', 3, nan, True]]
    >>> bool((table["p_adjusted"].dropna() < 0.01).all())
    True
    """
    check_tables(comments=comments)
    check_choice("column", column, comments.columns)
    stated = comments[comments[column].notna() & comments[column].ne("")]
    values, clusters = answer_values(stated), cluster_of(stated)
    cells = stated[column].astype(str)
    order = cells.value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    rows = []
    for measure in values:
        for value in order:
            own = cells == value
            told = _score(str(measure), values[measure][own], stated[own], confidence, clusters)
            if told["n"]:
                rows.append({"value": value, "measure": measure, **told,
                             **_compare(values[measure].dropna(), own, clusters)})
    columns = ["value", *COLUMNS, "score_elsewhere", "n_elsewhere", "p_value"]
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = table.groupby("measure")["p_value"].transform(adjust)
    unseen = table["n"].where(table["n"] < minimum, 0).groupby(table["measure"]).transform("sum")
    table["n_elsewhere"] = table["n_elsewhere"].mask(unseen.between(1, minimum - 1), unseen)
    table = hide_small(table, "n_elsewhere", minimum, ["score_elsewhere", "p_value", "p_adjusted"])
    return hide_small(table.drop(columns="n_elsewhere"), "n", minimum,
                      ["score", "score_low", "score_high", "score_elsewhere", "p_value", "p_adjusted"])


def _compare(values: pd.Series, own: pd.Series, clusters: pd.Series) -> dict[str, float]:
    inside, outside = values[own[values.index]], values[~own[values.index]]
    enough = min(len(side) for side in (inside, outside)) >= FEWEST and \
        min(clusters.loc[side.index].nunique() for side in (inside, outside)) >= FEWEST
    p_value = clustered_difference(inside, outside, clusters)[1] if enough else float("nan")
    return {"score_elsewhere": float(outside.mean()) if len(outside) else float("nan"), "n_elsewhere": len(outside),
            "p_value": p_value}


def score_parts(measure: str, values: np.ndarray, comments: pd.DataFrame, whose: np.ndarray, places: np.ndarray,
                 parts: np.ndarray, count: int, confidence: float) -> list[dict[str, float]]:
    """Return what one measure comes to in each of several parts of the comments, those without answers too.

    Parameters
    ----------
    measure, values
        Of `answer_values`, a value a comment.
    whose
        The number of each comment's cluster, from 0.
    places, parts
        The comments of each part by their places, part by part, and the number of the part; a comment may be in many.
    count
        Of the parts.

    Examples
    --------
    >>> comments = pd.DataFrame({"text": ["عالی", "ok", "سيئ"], "nps": [10, 7, 2]})
    >>> values, alone = answer_values(comments)["nps"].to_numpy(), np.arange(3)
    >>> both = score_parts("nps", values, comments, alone, np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), 2, 0.95)
    >>> [(one["n"], one["score"]) for one in both]
    [(2, 50.0), (2, -50.0)]
    """
    if not count:
        return []
    given = ~np.isnan(values[places])
    places, ends = places[given], np.bincount(parts[given], minlength=count).cumsum()
    effects = design_effects_in_turn(values[places], whose[places], ends)
    answers = (comments["nps"].to_numpy(dtype=float) if measure == "nps" else values)[places]
    parted = np.split(answers, ends[:-1])
    if measure == "nps":
        return [_net_promoter_score(own, effect, confidence) for own, effect in zip(parted, effects, strict=True)]
    if measure in ("csat", "low_effort"):
        return [_share_score(own, effect, confidence) for own, effect in zip(parted, effects, strict=True)]
    return [_mean_score(own, effect, confidence, _SCALES[measure]) for own, effect in zip(parted, effects, strict=True)]

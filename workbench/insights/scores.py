"""Net Promoter Score, satisfaction and effort, by any cut, with intervals."""

from __future__ import annotations

import pandas as pd

COLUMNS = ["measure", "n", "score", "score_low", "score_high"]


def net_promoter_score(ratings: pd.Series, confidence: float = 0.95) -> dict[str, float]:
    """Return the NPS of 0-10 answers, -100 to 100, with an adjusted Wald interval.

    Promoters answer 9 or 10, detractors 0 to 6. The interval adds three pseudo-answers (3/4 promoter, 3/2
    passive, 3/4 detractor), which holds its coverage for small samples; the score itself is not adjusted, and the
    interval is widened where it would not hold it.

    Source: Reichheld (2003); Rocks (2016), Interval Estimation for the Net Promoter Score.

    Parameters
    ----------
    ratings
        Answers from 0 to 10; missing ones are left out.

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
    from scipy.stats import norm

    answers = ratings.dropna()
    n = len(answers)
    if n == 0:
        return {"n": 0, "score": float("nan"), "score_low": float("nan"), "score_high": float("nan")}
    promoters, detractors = float((answers >= 9).sum()), float((answers <= 6).sum())
    up, down, total = promoters + 0.75, detractors + 0.75, n + 3.0
    middle = (up - down) / total
    half = float(norm.ppf(0.5 + confidence / 2)) * (((up + down) / total - middle**2) / total) ** 0.5
    score = 100 * (promoters - detractors) / n
    return {
        "n": n,
        "score": score,
        "score_low": min(100 * max(middle - half, -1.0), score),
        "score_high": max(100 * min(middle + half, 1.0), score),
    }


def mean_score(values: pd.Series, confidence: float = 0.95, scale: tuple[float, float] | None = None
               ) -> dict[str, float]:
    """Return the mean of answers with Student's interval, cut to the scale of the answers.

    The interval is NaN for fewer than two answers, and where all answers are the same: their spread is then not
    known.

    Examples
    --------
    >>> {key: round(value, 2) for key, value in mean_score(pd.Series([1, 2, 3, 4, 5]), scale=(1, 5)).items()}
    {'n': 5, 'score': 3.0, 'score_low': 1.04, 'score_high': 4.96}
    """
    from scipy.stats import t

    answers = values.dropna().astype(float)
    n = len(answers)
    mean = float(answers.mean()) if n else float("nan")
    spread = float(answers.std(ddof=1)) if n > 1 else 0.0
    half = float(t.ppf(0.5 + confidence / 2, n - 1)) * spread / n**0.5 if spread > 0 else float("nan")
    lowest, highest = scale or (float("-inf"), float("inf"))
    low, high = (max(mean - half, lowest), min(mean + half, highest)) if spread > 0 else (float("nan"), float("nan"))
    return {"n": n, "score": mean, "score_low": low, "score_high": high}


def score_all(comments: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return NPS, satisfaction (share of the highest rating reached, 0 to 1) and effort (1 to 7) of a set of comments.

    A measure without answers is left out.

    Examples
    --------
    >>> comments = pd.DataFrame({"nps": [10, 0], "rating": [4, 5], "rating_max": [5, 5]})
    >>> score_all(comments)[["measure", "n", "score"]].values.tolist()
    [['nps', 2, 0.0], ['satisfaction', 2, 0.9]]
    """
    rows = []
    if "nps" in comments and comments["nps"].notna().any():
        rows.append({"measure": "nps", **net_promoter_score(comments["nps"], confidence)})
    if {"rating", "rating_max"} <= set(comments) and comments["rating"].notna().any():
        rows.append({"measure": "satisfaction",
                     **mean_score(comments["rating"] / comments["rating_max"], confidence, (0, 1))})
    if "effort" in comments and comments["effort"].notna().any():
        rows.append({"measure": "effort", **mean_score(comments["effort"], confidence, (1, 7))})
    return pd.DataFrame(rows, columns=COLUMNS)


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
    joined = members.merge(comments, on="feedback_id")
    parts = [score_all(part, confidence).assign(theme_id=theme) for theme, part in joined.groupby("theme_id")]
    columns = ["theme_id", *COLUMNS]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def compare_themes(comments: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return how the NPS of people who speak of a theme differs from that of everybody else.

    Welch's test of the answers counted as 100 (promoter), 0 (passive) and -100 (detractor); p-values are adjusted
    over the themes (Benjamini and Hochberg 1995). Themes with fewer than ten answers on either side, or without
    any spread, are left out.

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
    from scipy.stats import false_discovery_control, ttest_ind_from_stats

    columns = ["theme_id", "n", "score_elsewhere", "p_value"]
    if "nps" not in comments or not comments["nps"].notna().any():
        return pd.DataFrame(columns=[*columns, "p_adjusted"])
    answered = comments[comments["nps"].notna()]
    value = 100.0 * ((answered["nps"] >= 9).astype(int) - (answered["nps"] <= 6).astype(int))
    rows = []
    for theme, part in members.groupby("theme_id"):
        own = answered["feedback_id"].isin(part["feedback_id"])
        inside, outside = value[own], value[~own]
        if min(len(inside), len(outside)) >= 10 and inside.std() + outside.std() > 0:
            both = [moment for side in (inside, outside) for moment in (side.mean(), side.std(), len(side))]
            p = float(ttest_ind_from_stats(*both, equal_var=False).pvalue)
            rows.append((theme, len(inside), float(outside.mean()), p))
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = false_discovery_control(table["p_value"]) if len(table) else pd.Series(dtype=float)
    return table

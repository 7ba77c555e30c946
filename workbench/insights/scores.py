"""Net Promoter Score, satisfaction and effort, by any cut, with intervals."""

from __future__ import annotations

import pandas as pd

COLUMNS = ["measure", "n", "score", "score_low", "score_high"]


def net_promoter_score(ratings: pd.Series, confidence: float = 0.95) -> dict[str, float]:
    """Return the NPS of 0-10 answers, -100 to 100, with an adjusted Wald interval.

    Promoters answer 9 or 10, detractors 0 to 6. The interval adds three pseudo-answers (3/4 promoter, 3/2
    passive, 3/4 detractor), which holds its coverage for small samples; the score itself is not adjusted.

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
    return {
        "n": n,
        "score": 100 * (promoters - detractors) / n,
        "score_low": 100 * max(middle - half, -1.0),
        "score_high": 100 * min(middle + half, 1.0),
    }


def mean_score(values: pd.Series, confidence: float = 0.95) -> dict[str, float]:
    """Return the mean of answers with Student's interval; the interval is NaN for fewer than two answers.

    Examples
    --------
    >>> {key: round(value, 2) for key, value in mean_score(pd.Series([1, 2, 3, 4, 5])).items()}
    {'n': 5, 'score': 3.0, 'score_low': 1.04, 'score_high': 4.96}
    """
    from scipy.stats import t

    answers = values.dropna().astype(float)
    n = len(answers)
    mean = float(answers.mean()) if n else float("nan")
    half = float(t.ppf(0.5 + confidence / 2, n - 1) * answers.std(ddof=1) / n**0.5) if n > 1 else float("nan")
    return {"n": n, "score": mean, "score_low": mean - half, "score_high": mean + half}


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
                     **mean_score(comments["rating"] / comments["rating_max"], confidence)})
    if "effort" in comments and comments["effort"].notna().any():
        rows.append({"measure": "effort", **mean_score(comments["effort"], confidence)})
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

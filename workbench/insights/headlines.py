"""What the report says first: a few findings, ranked, each with its numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED_THEME
from workbench.insights.linked import of_few_customers

COLUMNS = ["rank", "kind", "theme_id", "dimension", "value", "subject", "n", "base", "estimate", "estimate_low",
           "estimate_high", "comparison", "first_period", "last_period", "p_adjusted", "importance"]
_LARGEST, _LOWEST, _UNHEARD, _TURNS, _LEAVING = 1, 2, 2, 3, 1
_ALPHA = 0.05
FIRST = 7  # findings on a report's first page
OF_A_KIND = 3  # of these, as long as there are others
STABLE = 0.5
_SILENT, _SILENT_SHARE = 0.005, 0.05  # importance of a silent cell of which nothing was expected; most of its share
_CONTEXT = 0.1  # how much of a finding it is that a theme is the largest: something must be


def rank_headlines(themes: pd.DataFrame, theme_scores: pd.DataFrame, compared: pd.DataFrame,
                   stretches: pd.DataFrame, coverage: pd.DataFrame, *, turns: pd.DataFrame | None = None,
                   churn: pd.DataFrame | None = None, minimum_cell: int = 5, budget: int = FIRST,
                   stable: float = STABLE) -> pd.DataFrame:
    """Return the findings that a reader should see first, most important first.

    Kinds of finding:

    * ``largest``: the theme that most comments speak of (estimate: share of comments);
    * ``stretch``: a theme that stood out for some time (estimate: its share then; comparison: its share in the
      rest), only where the adjusted p-value is below 0.05;
    * ``turn``: a touchpoint of which the scores turned on some day, in all comments or in one market (estimate: the
      change of the mean standing, 0 to 1; comparison: the standing before);
    * ``low_score``: a theme whose speakers' NPS lies below that of everybody else (estimate: their NPS;
      comparison: the others'), only where the p-value, adjusted over the themes, is below 0.05;
    * ``leaving``: a theme whose customers leave more than others (estimate: the difference of shares; comparison: the
      share of the others who leave);
    * ``unheard``: a cell of the coverage table heard less than expected (estimate: its share; comparison: the
      expected one), or not at all, if that says anything: of few comments, many cells have none.

    A theme whose stability is below `stable` is no headline: another sample might not have it at all. Nor is one that
    fewer than `minimum_cell` customers speak of. A turn within a
    market is preferred to the same turn in all comments.

    Importance is the square of the effect that is certain, times the root of the share of comments (or customers)
    that it concerns. The certain effect, 0 to 1, is measured at the end of the interval that is nearest to no effect,
    so that what is large but uncertain ranks behind what is as large and certain. A finding on fewer than
    `minimum_cell` comments, or a turn with fewer on one side, is never a headline, but for a cell that was not heard;
    and what is compared with fewer comments than that has no comparison.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme_id": [0, -1], "comment_count": [30, 5], "comment_share": [0.6, 0.1],
    ...     "comment_share_low": [0.46, 0.04], "comment_share_high": [0.72, 0.21]})
    >>> empty = pd.DataFrame()
    >>> rank_headlines(themes, empty, empty, empty, empty)[["rank", "kind", "theme_id", "n"]].values.tolist()
    [[1, 'largest', 0, 30]]
    """
    check_tables(themes=themes, theme_scores=theme_scores, compared=compared, stretches=stretches, coverage=coverage)
    counted = _base_of(themes)
    findings = [
        *_largest(themes, stable),
        *_stretches(stretches, counted, minimum_cell),
        *_low_scores(themes, theme_scores, compared),
        *_unheard(coverage),
        *_turns(turns, counted, minimum_cell),
        *_leaving(churn),
    ]
    shaky = set(themes.loc[themes["stability"] < stable, "theme_id"]) if "stability" in themes else set()
    shaky |= set(of_few_customers({"themes": themes}, minimum_cell))
    findings = [finding for finding in findings if finding.get("theme_id") not in shaky]
    kept = [finding for finding in findings if finding["n"] >= minimum_cell or finding["kind"] == "unheard"]
    kept.sort(key=lambda finding: (-finding["importance"], finding["kind"], str(finding.get("theme_id", "")),
                                   str(finding.get("value", "")), str(finding.get("subject", ""))))
    table = pd.DataFrame(kept[:budget], columns=COLUMNS)
    table["rank"] = range(1, len(table) + 1)
    table["theme_id"] = table["theme_id"].astype("Int64")
    return table


def _importance(effect: float, reach: float) -> float:
    """Return the weight of a certain effect (0 to 1) on a share of all."""
    return max(float(effect), 0.0) ** 2 * max(float(reach), 0.0) ** 0.5


def _base_of(themes: pd.DataFrame) -> float:
    """Return how many comments are counted, as the themes' shares say."""
    shares = themes[themes["comment_share"] > 0]
    return float((shares["comment_count"] / shares["comment_share"]).max()) if len(shares) else 0.0


def _rows(table: pd.DataFrame) -> list[Any]:
    """Return the rows as named tuples, whose values' types only the table knows."""
    return list(table.itertuples())


def _largest(themes: pd.DataFrame, stable: float) -> list[dict[str, Any]]:
    firm = ~(themes["stability"] < stable) if "stability" in themes else True
    real = themes[(themes["theme_id"] != UNASSIGNED_THEME) & firm].nlargest(_LARGEST, "comment_count")
    return [
        {"kind": "largest", "theme_id": row.theme_id, "n": row.comment_count, "estimate": row.comment_share,
         "estimate_low": row.comment_share_low, "estimate_high": row.comment_share_high,
         "importance": _importance(_CONTEXT, row.comment_share)}
        for row in _rows(real)
    ]


def _stretches(stretches: pd.DataFrame, counted: float, minimum: int) -> list[dict[str, Any]]:
    if not len(stretches):
        return []
    sure = stretches[(stretches["p_adjusted"] < _ALPHA) & (stretches["theme_id"] != UNASSIGNED_THEME)]
    small = sure["comment_count_elsewhere"].between(1, minimum - 1)
    sure = sure.assign(told_elsewhere=sure["comment_share_elsewhere"].mask(small))
    return [
        {"kind": "stretch", "theme_id": row.theme_id, "n": row.comment_count, "base": row.base,
         "estimate": row.comment_share, "estimate_low": row.comment_share_low,
         "estimate_high": row.comment_share_high, "comparison": row.told_elsewhere,
         "first_period": row.first_period, "last_period": row.last_period, "p_adjusted": row.p_adjusted,
         "importance": _importance(1 - row.comment_share_elsewhere / row.comment_share_low,
                                   row.comment_count / counted) if counted and row.comment_share_low > 0 else 0.0}
        for row in _rows(sure)
    ]


def _low_scores(themes: pd.DataFrame, theme_scores: pd.DataFrame, compared: pd.DataFrame) -> list[dict[str, Any]]:
    if not len(theme_scores) or not len(compared):
        return []
    share = themes.set_index("theme_id")["comment_share"]
    nps = theme_scores[(theme_scores["measure"] == "nps") & (theme_scores["theme_id"] != UNASSIGNED_THEME)]
    table = nps.merge(compared[["theme_id", "score_elsewhere", "p_adjusted"]], on="theme_id")
    low = table[(table["p_adjusted"] < _ALPHA) & (table["score"] < table["score_elsewhere"])]
    found = [
        {"kind": "low_score", "theme_id": row.theme_id, "n": row.n, "estimate": row.score,
         "estimate_low": row.score_low, "estimate_high": row.score_high, "comparison": row.score_elsewhere,
         "p_adjusted": row.p_adjusted,
         "importance": _importance((row.score_elsewhere - row.score_high) / 200, float(share.get(row.theme_id, 0.0)))}
        for row in _rows(low)
    ]
    return sorted(found, key=lambda finding: -finding["importance"])[:_LOWEST]


def _unheard(coverage: pd.DataFrame) -> list[dict[str, Any]]:
    if not len(coverage) or not coverage["comment_count"].any():
        return []
    less = coverage[coverage["heard"].isin(["less than expected", "not heard"])]
    less = less[less["expected_share"].notna() | (less["comment_share_high"] < _SILENT_SHARE)]
    found = [
        {"kind": "unheard", "dimension": row.dimension, "value": row.value, "n": row.comment_count,
         "estimate": row.comment_share, "estimate_low": row.comment_share_low,
         "estimate_high": row.comment_share_high, "comparison": row.expected_share,
         "importance": _SILENT if pd.isna(row.expected_share) else
         _importance(1 - row.comment_share_high / row.expected_share, row.expected_share)}
        for row in _rows(less)
    ]
    return sorted(found, key=lambda finding: -finding["importance"])[:_UNHEARD]


def _turns(turns: pd.DataFrame | None, counted: float, minimum: int) -> list[dict[str, Any]]:
    if turns is None or not len(turns) or not counted:
        return []
    enough = turns[["n_before", "n_after"]].min(axis=1) >= minimum
    sure = turns[(turns["p_adjusted"] < _ALPHA) & turns["change_low"].notna() & enough]
    found = [
        {"kind": "turn", "dimension": row.dimension, "value": row.value, "subject": row.subject, "n": row.n,
         "base": row.n, "estimate": row.change, "estimate_low": row.change_low, "estimate_high": row.change_high,
         "comparison": row.standing_before, "first_period": row.turned_on, "p_adjusted": row.p_adjusted,
         "importance": _importance(max(row.change_low, -row.change_high), row.n / counted)}
        for row in _rows(sure)
    ]
    within = {finding["subject"] for finding in found if finding["value"]}
    kept = [finding for finding in found if finding["value"] or finding["subject"] not in within]
    return sorted(kept, key=lambda finding: -finding["importance"])[:_TURNS]


def _leaving(churn: pd.DataFrame | None) -> list[dict[str, Any]]:
    if churn is None or not len(churn):
        return []
    more = churn[(churn["p_adjusted"] < _ALPHA) & (churn["difference_low"] > 0) & (churn["basis"] == "churned")]
    found = [
        {"kind": "leaving", "theme_id": row.theme_id, "n": row.n, "base": row.base, "estimate": row.difference,
         "estimate_low": row.difference_low, "estimate_high": row.difference_high, "comparison": row.share_without,
         "p_adjusted": row.p_adjusted, "importance": _importance(row.difference_low, row.n / row.base)}
        for row in _rows(more)
    ]
    return sorted(found, key=lambda finding: -finding["importance"])[:_LEAVING]

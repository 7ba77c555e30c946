"""What the report says first: a few findings, ranked, each with its numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.columns import UNASSIGNED_THEME

COLUMNS = ["rank", "kind", "theme_id", "dimension", "value", "n", "base", "estimate", "estimate_low", "estimate_high",
           "comparison", "first_period", "last_period", "p_adjusted", "importance"]
_LARGEST, _LOWEST, _UNHEARD = 1, 2, 2
_ALPHA = 0.05
STABLE = 0.5
_SILENT = 0.05  # importance of a silent cell that nothing was expected of


def rank_headlines(themes: pd.DataFrame, theme_scores: pd.DataFrame, compared: pd.DataFrame,
                   stretches: pd.DataFrame, coverage: pd.DataFrame, *, minimum_cell: int = 5, budget: int = 7
                   ) -> pd.DataFrame:
    """Return the findings that a reader should see first, most important first.

    Kinds of finding:

    * ``largest``: the theme that most comments speak of (estimate: share of comments);
    * ``stretch``: a theme that stood out for some time (estimate: its share then; comparison: its share in the
      rest), only where the adjusted p-value is below 0.05;
    * ``low_score``: a theme whose speakers' NPS lies below that of everybody else (estimate: their NPS;
      comparison: the others'), only where the p-value, adjusted over the themes, is below 0.05;
    * ``unheard``: a cell of the coverage table heard less than expected (estimate: its share; comparison: the
      expected one).

    A theme whose stability is below 0.5 is no headline: another sample might not have it at all.

    Importance is the share of comments that a finding concerns, times how far it is from what it is compared
    with. A finding on fewer than `minimum_cell` comments is never a headline, but for a cell that was not heard.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme_id": [0, -1], "comment_count": [30, 5], "comment_share": [0.6, 0.1],
    ...     "comment_share_low": [0.46, 0.04], "comment_share_high": [0.72, 0.21]})
    >>> empty = pd.DataFrame()
    >>> rank_headlines(themes, empty, empty, empty, empty)[["rank", "kind", "theme_id", "n"]].values.tolist()
    [[1, 'largest', 0, 30]]
    """
    findings = [
        *_largest(themes),
        *_stretches(stretches),
        *_low_scores(themes, theme_scores, compared),
        *_unheard(coverage),
    ]
    shaky = set(themes.loc[themes["stability"] < STABLE, "theme_id"]) if "stability" in themes else set()
    findings = [finding for finding in findings if finding.get("theme_id") not in shaky]
    kept = [finding for finding in findings if finding["n"] >= minimum_cell or finding["kind"] == "unheard"]
    kept.sort(key=lambda finding: (-finding["importance"], finding["kind"], str(finding.get("theme_id", ""))))
    table = pd.DataFrame(kept[:budget], columns=COLUMNS)
    table["rank"] = range(1, len(table) + 1)
    table["theme_id"] = table["theme_id"].astype("Int64")
    return table


def _rows(table: pd.DataFrame) -> list[Any]:
    """Return the rows as named tuples, whose values' types only the table knows."""
    return list(table.itertuples())


def _largest(themes: pd.DataFrame) -> list[dict[str, Any]]:
    stable = ~(themes["stability"] < STABLE) if "stability" in themes else True
    real = themes[(themes["theme_id"] != UNASSIGNED_THEME) & stable].nlargest(_LARGEST, "comment_count")
    return [
        {"kind": "largest", "theme_id": row.theme_id, "n": row.comment_count, "estimate": row.comment_share,
         "estimate_low": row.comment_share_low, "estimate_high": row.comment_share_high,
         "importance": row.comment_share}
        for row in _rows(real)
    ]


def _stretches(stretches: pd.DataFrame) -> list[dict[str, Any]]:
    if not len(stretches):
        return []
    sure = stretches[(stretches["p_adjusted"] < _ALPHA) & (stretches["theme_id"] != UNASSIGNED_THEME)]
    return [
        {"kind": "stretch", "theme_id": row.theme_id, "n": row.comment_count, "base": row.base,
         "estimate": row.comment_share, "estimate_low": row.comment_share_low,
         "estimate_high": row.comment_share_high, "comparison": row.comment_share_elsewhere,
         "first_period": row.first_period, "last_period": row.last_period, "p_adjusted": row.p_adjusted,
         "importance": row.comment_share - row.comment_share_elsewhere}
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
         "importance": float(share.get(row.theme_id, 0.0)) * (row.score_elsewhere - row.score) / 100}
        for row in _rows(low)
    ]
    return sorted(found, key=lambda finding: -finding["importance"])[:_LOWEST]


def _unheard(coverage: pd.DataFrame) -> list[dict[str, Any]]:
    if not len(coverage) or not coverage["comment_count"].any():
        return []
    less = coverage[coverage["heard"].isin(["less than expected", "not heard"])]
    found = [
        {"kind": "unheard", "dimension": row.dimension, "value": row.value, "n": row.comment_count,
         "estimate": row.comment_share, "estimate_low": row.comment_share_low,
         "estimate_high": row.comment_share_high, "comparison": row.expected_share,
         "importance": _SILENT if pd.isna(row.expected_share) else row.expected_share - row.comment_share}
        for row in _rows(less)
    ]
    return sorted(found, key=lambda finding: -finding["importance"])[:_UNHEARD]

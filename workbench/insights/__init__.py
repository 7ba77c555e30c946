"""Sixth stage: what the tables say, with intervals."""

from workbench.insights.coverage import cover, cover_stages
from workbench.insights.disclosure import hide_small
from workbench.insights.headlines import rank_headlines
from workbench.insights.quotes import choose_quotes
from workbench.insights.scores import compare_themes, mean_score, net_promoter_score, score_all, score_themes
from workbench.insights.trends import find_stretches, share_by_period

__all__ = [
    "choose_quotes",
    "compare_themes",
    "cover",
    "cover_stages",
    "find_stretches",
    "hide_small",
    "mean_score",
    "net_promoter_score",
    "rank_headlines",
    "score_all",
    "score_themes",
    "share_by_period",
]

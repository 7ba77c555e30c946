"""Sixth stage: what the tables say, with intervals."""

from workbench.insights.adequacy import Adequacy, judge_adequacy
from workbench.insights.changes import find_changes, measure_false_alarms
from workbench.insights.churn import Churn, measure_churn, reasons_by_group
from workbench.insights.coverage import cover, cover_stages
from workbench.insights.disclosure import hide_small
from workbench.insights.gaps import find_gaps
from workbench.insights.guards import guard_concentration, guard_scores
from workbench.insights.headlines import rank_headlines
from workbench.insights.impact import Impact, measure_impact
from workbench.insights.leaving import mark_leaving, states_leaving
from workbench.insights.measures import standing
from workbench.insights.mix import explain_change, part_change
from workbench.insights.money import ASSUMPTIONS, weigh_by_money
from workbench.insights.null_world import try_null_worlds
from workbench.insights.quotes import choose_quotes
from workbench.insights.sampling import estimate_saturation, needed_comments, rarefy
from workbench.insights.scores import compare_themes, mean_score, net_promoter_score, score_all, score_themes
from workbench.insights.seasons import find_seasons
from workbench.insights.trends import find_stretches, share_by_period
from workbench.insights.turns import find_turns
from workbench.insights.weights import relative_weights

__all__ = [
    "ASSUMPTIONS",
    "Adequacy",
    "Churn",
    "Impact",
    "choose_quotes",
    "compare_themes",
    "cover",
    "cover_stages",
    "estimate_saturation",
    "explain_change",
    "find_changes",
    "find_gaps",
    "find_seasons",
    "find_stretches",
    "find_turns",
    "guard_concentration",
    "guard_scores",
    "hide_small",
    "judge_adequacy",
    "mark_leaving",
    "mean_score",
    "measure_churn",
    "measure_false_alarms",
    "measure_impact",
    "needed_comments",
    "net_promoter_score",
    "part_change",
    "rank_headlines",
    "rarefy",
    "reasons_by_group",
    "relative_weights",
    "score_all",
    "score_themes",
    "share_by_period",
    "standing",
    "states_leaving",
    "try_null_worlds",
    "weigh_by_money",
]

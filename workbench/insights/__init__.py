"""Sixth stage: what the tables say, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.insights.adequacy import Adequacy, judge_adequacy
    from workbench.insights.blind_spots import find_blind_spots
    from workbench.insights.cell_scores import Answers, choose_answers, nps_level, score_cells
    from workbench.insights.changes import find_changes, measure_false_alarms
    from workbench.insights.churn import Churn, measure_churn, reasons_by_group
    from workbench.insights.coverage import cover, cover_places, cover_stages
    from workbench.insights.disclosure import hide_small
    from workbench.insights.endings import end_customers, find_fine_but_lost, weigh_touchpoints
    from workbench.insights.episodes import find_episodes, judge_outcome, tell_episodes
    from workbench.insights.gaps import find_gaps
    from workbench.insights.grid import count_grid, place_statements
    from workbench.insights.guards import guard_concentration, guard_scores
    from workbench.insights.headlines import rank_headlines
    from workbench.insights.histories import follow_customers
    from workbench.insights.impact import Impact, measure_impact
    from workbench.insights.leaving import mark_leaving, states_leaving
    from workbench.insights.linked import hidden_in, of_few_customers
    from workbench.insights.measures import standing
    from workbench.insights.mix import explain_change, part_change
    from workbench.insights.money import ASSUMPTIONS, weigh_by_money
    from workbench.insights.multiplicity import adjust
    from workbench.insights.null_world import try_null_worlds
    from workbench.insights.quotes import choose_quotes
    from workbench.insights.sampling import estimate_saturation, needed_comments, rarefy
    from workbench.insights.scores import mean_score, net_promoter_score, score_all, score_by, share_score
    from workbench.insights.searches import Dealt
    from workbench.insights.seasons import find_seasons
    from workbench.insights.theme_scores import compare_themes, score_themes
    from workbench.insights.transitions import count_transitions
    from workbench.insights.trends import (
        drop_future_dates,
        drop_stray_dates,
        find_stretches,
        one_voice_a_period,
        share_by_period,
        widen_spans,
    )
    from workbench.insights.turning import find_turned, name_turned, weigh_moments
    from workbench.insights.turns import find_turns
    from workbench.insights.weights import relative_weights

__all__ = [
    "ASSUMPTIONS",
    "Adequacy",
    "Answers",
    "Churn",
    "Dealt",
    "Impact",
    "adjust",
    "choose_answers",
    "choose_quotes",
    "compare_themes",
    "count_grid",
    "count_transitions",
    "cover",
    "cover_places",
    "cover_stages",
    "drop_future_dates",
    "drop_stray_dates",
    "end_customers",
    "estimate_saturation",
    "explain_change",
    "find_blind_spots",
    "find_changes",
    "find_episodes",
    "find_fine_but_lost",
    "find_gaps",
    "find_seasons",
    "find_stretches",
    "find_turned",
    "find_turns",
    "follow_customers",
    "guard_concentration",
    "guard_scores",
    "hidden_in",
    "hide_small",
    "judge_adequacy",
    "judge_outcome",
    "mark_leaving",
    "mean_score",
    "measure_churn",
    "measure_false_alarms",
    "measure_impact",
    "name_turned",
    "needed_comments",
    "net_promoter_score",
    "nps_level",
    "of_few_customers",
    "one_voice_a_period",
    "part_change",
    "place_statements",
    "rank_headlines",
    "rarefy",
    "reasons_by_group",
    "relative_weights",
    "score_all",
    "score_by",
    "score_cells",
    "score_themes",
    "share_by_period",
    "share_score",
    "standing",
    "states_leaving",
    "tell_episodes",
    "try_null_worlds",
    "weigh_by_money",
    "weigh_moments",
    "weigh_touchpoints",
    "widen_spans",
]

__getattr__, __dir__ = on_first_use(__name__, __file__)

"""Fourth stage: statements and vectors to themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.themes.assign import assign_themes, sample_unassigned
    from workbench.themes.communities import persistence, resample, survival
    from workbench.themes.find import Themes, find_themes, refind_themes
    from workbench.themes.given import Given, embed_given, given_by_column
    from workbench.themes.hierarchy import count_groups, levels_of, name_groups, nest_themes, recount_groups
    from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours
    from workbench.themes.parity import audit_parity
    from workbench.themes.passport import find_again, measure_passport
    from workbench.themes.prepare import in_context, without_language
    from workbench.themes.quality import measure_quality
    from workbench.themes.resolution import natural_resolution
    from workbench.themes.sampled import (
        agreement_with_full_fit,
        draw_statements,
        find_on_sample,
        recount,
        sample_ranks,
    )
    from workbench.themes.share import count_customers, count_themes, share_interval
    from workbench.themes.voices import intraclass, likeness, share_effects, span_effects, widen_intervals
    from workbench.themes.words import count_words, find_terms

__all__ = [
    "Given",
    "Themes",
    "agreement_with_full_fit",
    "assign_themes",
    "audit_parity",
    "count_customers",
    "count_groups",
    "count_themes",
    "count_words",
    "draw_statements",
    "embed_given",
    "find_again",
    "find_on_sample",
    "find_terms",
    "find_themes",
    "fuzzy_graph",
    "given_by_column",
    "in_context",
    "intraclass",
    "levels_of",
    "likeness",
    "measure_passport",
    "measure_quality",
    "name_groups",
    "natural_resolution",
    "nearest_neighbours",
    "nest_themes",
    "persistence",
    "recount",
    "recount_groups",
    "refind_themes",
    "resample",
    "sample_ranks",
    "sample_unassigned",
    "share_effects",
    "share_interval",
    "span_effects",
    "survival",
    "widen_intervals",
    "without_language",
]

__getattr__, __dir__ = on_first_use(__name__, __file__)

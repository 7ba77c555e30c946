"""Fourth stage: statements and vectors to themes."""

from workbench.themes.communities import communities, persistence, resample, survival
from workbench.themes.find import Themes, find_themes
from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours
from workbench.themes.prepare import in_context, without_language
from workbench.themes.share import count_themes, share_interval

__all__ = [
    "Themes",
    "communities",
    "count_themes",
    "find_themes",
    "fuzzy_graph",
    "in_context",
    "nearest_neighbours",
    "persistence",
    "resample",
    "share_interval",
    "survival",
    "without_language",
]

"""Fourth stage: statements and vectors to themes."""

from workbench.themes.communities import choose_resolution, communities
from workbench.themes.find import Themes, find_themes, without_language
from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours
from workbench.themes.share import count_themes, share_interval

__all__ = [
    "Themes",
    "choose_resolution",
    "communities",
    "count_themes",
    "find_themes",
    "fuzzy_graph",
    "nearest_neighbours",
    "share_interval",
    "without_language",
]

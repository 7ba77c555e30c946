"""Tone: whether a statement praises, blames, or neither, and how far the answer may be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.insights.tone.errors import bearable_languages, measure_error
    from workbench.insights.tone.hub import HubTone, check_folder, measure_hub
    from workbench.insights.tone.model import ToneModel, ToneSource
    from workbench.insights.tone.own_scores import Learned, languages_told, learn_from_scores
    from workbench.insights.tone.shares import share_tones
    from workbench.insights.tone.shipped import load_shipped, shipped_digest
    from workbench.insights.tone.tell import tell_scores, tell_tone

__all__ = ["HubTone", "Learned", "ToneModel", "ToneSource", "bearable_languages", "check_folder", "languages_told",
           "learn_from_scores", "load_shipped", "measure_error", "measure_hub", "share_tones", "shipped_digest",
           "tell_scores", "tell_tone"]

__getattr__, __dir__ = on_first_use(__name__, __file__)

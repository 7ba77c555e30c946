"""Tone: whether a statement praises, blames, or neither, and how far the answer may be believed."""

from workbench.insights.tone.errors import bearable_languages, measure_error
from workbench.insights.tone.model import ToneModel, ToneSource
from workbench.insights.tone.shipped import load_shipped, shipped_digest
from workbench.insights.tone.tell import tell_tone

__all__ = ["ToneModel", "ToneSource", "bearable_languages", "load_shipped", "measure_error", "shipped_digest",
           "tell_tone"]

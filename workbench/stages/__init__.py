"""What each stage reads and makes: its inputs, which key what is stored, and its computation.

The order of the stages stands in `workbench.analysis.analyse`. Each computation returns its tables and the figures
of this run, of which ``told`` is one line for the terminal.
"""

from workbench.stages.coding import code_all, coding_inputs, is_remembered, remember, remember_names, study_codebook
from workbench.stages.columns import check_columns, check_name
from workbench.stages.cut import cut, cut_inputs, without_expectations
from workbench.stages.embedding import asks_large_encoder, embed_all, embedding_inputs, encoder_identity
from workbench.stages.evidence import evidence_inputs, weigh_all
from workbench.stages.feedback import feedback_inputs, open_feedback, read_feedback
from workbench.stages.insights import insight_inputs, tell_all
from workbench.stages.journey import journey_digest, journey_inputs, map_all
from workbench.stages.language import glossary_digest, language_inputs, split_comments
from workbench.stages.map import lay_out_all, map_inputs
from workbench.stages.models import check_models
from workbench.stages.naming import naming_inputs, propose_all
from workbench.stages.paths import follow_all, is_current, path_inputs
from workbench.stages.quality import examine_all, finds_again, quality_inputs
from workbench.stages.reading import read_all, reading_inputs
from workbench.stages.result import Result
from workbench.stages.themes import find_all, kept_themes_digest, theme_inputs
from workbench.stages.tone import asks_large_model, count_tones, tell_tones, tone_count_inputs, tone_digest, tone_inputs
from workbench.stages.voices import hear_all, voice_inputs
from workbench.stages.words import count_all, word_inputs
from workbench.stages.written import written_inputs

__all__ = [
    "Result",
    "asks_large_encoder",
    "asks_large_model",
    "check_columns",
    "check_models",
    "check_name",
    "code_all",
    "coding_inputs",
    "count_all",
    "count_tones",
    "cut",
    "cut_inputs",
    "embed_all",
    "embedding_inputs",
    "encoder_identity",
    "evidence_inputs",
    "examine_all",
    "feedback_inputs",
    "find_all",
    "finds_again",
    "follow_all",
    "glossary_digest",
    "hear_all",
    "insight_inputs",
    "is_current",
    "is_remembered",
    "journey_digest",
    "journey_inputs",
    "kept_themes_digest",
    "language_inputs",
    "lay_out_all",
    "map_all",
    "map_inputs",
    "naming_inputs",
    "open_feedback",
    "path_inputs",
    "propose_all",
    "quality_inputs",
    "read_all",
    "read_feedback",
    "reading_inputs",
    "remember",
    "remember_names",
    "split_comments",
    "study_codebook",
    "tell_all",
    "tell_tones",
    "theme_inputs",
    "tone_count_inputs",
    "tone_digest",
    "tone_inputs",
    "voice_inputs",
    "weigh_all",
    "without_expectations",
    "word_inputs",
    "written_inputs",
]

"""Second stage: comments -> statements, and all that is known about the languages that they are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.language.codes import language_codes
    from workbench.language.courtesy import is_courtesy
    from workbench.language.glossary import load_glossary
    from workbench.language.identify import LANGUAGES, identify_languages
    from workbench.language.noise import drop_boilerplate, is_boilerplate, says_nothing
    from workbench.language.normalise import counting_key, embedding_text
    from workbench.language.profile import profile_comments
    from workbench.language.script import direction_of, isolate, script_of, strip_controls, to_digits
    from workbench.language.split import split_statements
    from workbench.language.tokens import count_terms, stop_words, tokenise

__all__ = [
    "LANGUAGES",
    "count_terms",
    "counting_key",
    "direction_of",
    "drop_boilerplate",
    "embedding_text",
    "identify_languages",
    "is_boilerplate",
    "is_courtesy",
    "isolate",
    "language_codes",
    "load_glossary",
    "profile_comments",
    "says_nothing",
    "script_of",
    "split_statements",
    "stop_words",
    "strip_controls",
    "to_digits",
    "tokenise",
]

__getattr__, __dir__ = on_first_use(__name__, __file__)

"""What a study names beside its comments, read before any stage runs: a fault in it is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.columns import SOURCES, UNDETERMINED
from workbench.errors import StudyError, did_you_mean
from workbench.stages.coding import study_codebook
from workbench.stages.journey import journey_digest, placed_stages
from workbench.stages.tone import check_tone_model
from workbench.study import Study
from workbench.yaml_lines import line_of, read_yaml

if TYPE_CHECKING:
    from workbench.journey import JourneyModel


def check_models(study: Study) -> None:
    """Read the glossary, codebook, journey model and human codes, and what the study says of the journey's parts.

    Of a tone model or an encoder of the study's own, whether its folder or file is there.

    Raises
    ------
    InputError
        If one of them is wrong, or names a stage or touchpoint that the journey model does not have.
    """
    from workbench.embedding import EMBEDDED, identify_encoder, is_in_one_file
    from workbench.journey import check_codes, load_journey_model
    from workbench.language import LANGUAGES, load_glossary

    if study.encoder != EMBEDDED and is_in_one_file(study.encoder):
        identify_encoder(study.encoder_name())
    if study.glossary_file is not None:
        load_glossary(study.glossary_file, LANGUAGES)
    study_codebook(study)
    model = load_journey_model(study.journey_model())
    check_expected(study, model)
    placed_stages(study, model)
    journey_digest(study)
    if study.codes_file is not None:
        check_codes(study.codes_file, model)
    check_tone_model(study)


def check_expected(study: Study, model: JourneyModel) -> None:
    """Check that what is expected or decided of the parts of a journey is there: others would never be heard.

    Stages and touchpoints are those of the journey model, languages those that there are, sources the known kinds. A
    market, a channel or a segment may be any.

    Raises
    ------
    StudyError
        With the line of what is not known.
    """
    from workbench.language import language_codes

    known = {"stage": [part.id for part in model.stages], "touchpoint": [part.id for part in model.touchpoints],
             "source": list(SOURCES)}
    for dimension, value, location in _named(study):
        if dimension == "language" and value not in (*language_codes(), UNDETERMINED):
            raise StudyError(f"{_place(study, location)} names {value!r}, which is no language; write its code, such "
                             "as en or fa.")
        if dimension in known and value not in known[dimension]:
            whose = f"{dimension} of the journey model {model.id!r}" if dimension != "source" else \
                f"kind of source ({', '.join(SOURCES)})"
            raise StudyError(f"{_place(study, location)} names {value!r}, which is no {whose}"
                             f"{did_you_mean(value, known[dimension])}.")


def _named(study: Study) -> Iterator[tuple[str, str, tuple[int | str, ...]]]:
    """Yield each dimension and value that the study speaks of, and where it does."""
    for dimension, shares in study.expected.items():
        for value in shares:
            yield dimension, value, ("expected", dimension, value)
    for place, decision in enumerate(study.decisions):
        for dimension, values in decision.cells.items():
            for number, value in enumerate(values):
                yield dimension, value, ("decisions", place, "cells", dimension, number)


def _place(study: Study, location: tuple[int | str, ...]) -> str:
    """Return the study file's name and line, and the setting; without the line where there is no such file."""
    setting = ".".join(str(step) for step in location[:-1])
    try:
        line = f":{line_of(read_yaml(study.path, 'study file', StudyError)[0], location)}"
    except StudyError:
        line = ""
    return f"{study.path.name}{line}: {setting!r}"

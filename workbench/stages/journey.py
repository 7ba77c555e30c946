"""The stage that places statements on the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.errors import StudyError, did_you_mean
from workbench.stages.embedding import encoder_identity
from workbench.stages.likeness import search_in
from workbench.stages.reading import journey_model_digest, reader_of
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, array_digest, digest, file_digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from workbench.journey import JourneyModel


def journey_digest(study: Study) -> str:
    """Return a digest of the journey model's files and of the human codes.

    Raises
    ------
    StudyError
        If the study names codes that are not there.
    """
    codes = [] if study.codes_file is None else [study.codes_file]
    if codes and not codes[0].is_file():
        raise StudyError(f"{study.path.name}: 'journey.codes' names {study.journey.codes!r}, and there is no such file "
                         "beside the study.")
    return digest(journey_model_digest(study), [file_digest(path) for path in codes])


def journey_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the journey model, the codes, the statements, their vectors, what comments say, and who wrote them."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", "text", "touchpoint", "channel", "question", "customer_id", "account_id")
            if name in comments]
    return [journey_digest(study), encoder_identity(study), study.insights.confidence, study.journey.coverage,
            _placed(study), table_digest(comments[used]), table_digest(tables["statements"]),
            table_digest(tables["profile"]), array_digest(tables["vectors"]), table_digest(tables["assignments"])]


@on_one_thread
def map_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``journey``, ``stage_sets``, ``stage_predictions``, ``touchpoints``, ``stage_shares``, ``stages`` and
    ``touchpoint_names``.

    What a statement and its row say was read before. How statements lean on each other, how common stages are and what
    is learnt from codes is worked out here, of all of them.
    """
    from workbench.insights.clusters import cluster_of
    from workbench.journey import load_journey_model, map_journey
    from workbench.themes import Themes

    statements = tables["statements"]
    model = load_journey_model(study.journey_model(), spoken=statements["language"])
    themes = Themes(tables["themes"], tables["assignments"], tables["terms"], tables["labels"], tables["theme_centres"])
    codes = _codes(study, tables, model)
    journey = map_journey(
        statements, tables["vectors"], themes, comments=tables["comments"], model=model,
        encoder=study.encoder_name(), confidence=study.insights.confidence, codes=codes,
        reader=reader_of(tables["reading"]), cache=store.vectors, theme_stages=placed_stages(study, model),
        coverage=study.journey.coverage, counted=tables["profile"].set_index("feedback_id")["is_counted"],
        clusters=cluster_of(tables["comments"]).set_axis(tables["comments"]["feedback_id"]),
        search=search_in(tables["likeness"], statements["statement_id"]),
    )
    mapped = float((journey.assignments["stage_id"] != "unassigned").mean())
    made: Tables = {"journey": journey.assignments, "stage_sets": journey.sets,
                    "stage_predictions": journey.predictions, "touchpoints": journey.touchpoints,
                    "stage_shares": journey.table, "stages": model.stage_table(),
                    "touchpoint_names": model.touchpoint_table()}
    told = f"{mapped:.0%} of statements mapped to a stage"
    if codes is not None:
        told += f", learnt from {journey.facts['code_count']} coded ones"
    if journey.facts["touchpoints_calibrated"]:
        told += f", touchpoints from {journey.facts['touchpoint_code_count']}"
    return made, {"told": told, "unmatched_codes": 0 if codes is None else codes.attrs["unmatched"], **journey.facts}


def _placed(study: Study) -> dict[int, list[str]]:
    from workbench.stages.coding import study_codebook

    return study_codebook(study).stage_rules()


def placed_stages(study: Study, model: JourneyModel) -> dict[int, list[str]]:
    """Return the stages that the codebook places themes in.

    Raises
    ------
    StudyError
        With the line: a stage that the journey model does not have.
    """
    from workbench.stages.coding import study_codebook

    codebook, known = study_codebook(study), [part.id for part in model.stages]
    for line in codebook.of("place"):
        for stage in line.rule.stages:
            if stage not in known:
                raise StudyError(f"{study.codebook}:{line.number}: theme {line.rule.place} is placed in {stage!r}, "
                                 f"which is no stage of the journey model {model.id!r}{did_you_mean(stage, known)}.")
    return codebook.stage_rules()


def _codes(study: Study, tables: Tables, model: JourneyModel) -> pd.DataFrame | None:
    from workbench.journey import read_codes

    if study.codes_file is None:
        return None
    return read_codes(study.codes_file, tables["statements"], model, tables["comments"])

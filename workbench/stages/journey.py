"""The stage that places statements on the journey."""

from __future__ import annotations

from typing import Any

from workbench.stages.embedding import encoder_identity
from workbench.stages.result import Result
from workbench.store import Store, Tables, array_digest, digest, file_digest, table_digest
from workbench.study import Study


def journey_digest(study: Study) -> str:
    """Return a digest of the journey model's files."""
    from workbench.journey import model_files

    return digest([file_digest(path) for path in model_files(study.journey_model())])


def journey_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the journey model, the statements, their vectors and what their comments record."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", "touchpoint", "channel", "question") if name in comments]
    return [journey_digest(study), encoder_identity(study), study.insights.confidence,
            table_digest(comments[used]), table_digest(tables["statements"]), table_digest(tables["profile"]),
            array_digest(tables["vectors"]), table_digest(tables["assignments"])]


def map_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``journey``, ``stage_sets``, ``touchpoints``, ``stage_shares`` and the model's ``stages``."""
    from workbench.embedding import load_encoder
    from workbench.journey import load_journey_model, map_journey
    from workbench.themes import Themes

    model = load_journey_model(study.journey_model())
    themes = Themes(tables["themes"], tables["assignments"], tables["terms"], tables["labels"], tables["theme_centres"])
    journey = map_journey(
        tables["statements"], tables["vectors"], themes, comments=tables["comments"], model=model,
        encoder=load_encoder(study.encoder_name()), confidence=study.insights.confidence,
        counted=tables["profile"].set_index("feedback_id")["is_counted"],
    )
    mapped = float((journey.assignments["stage_id"] != "unassigned").mean())
    made: Tables = {"journey": journey.assignments, "stage_sets": journey.sets, "touchpoints": journey.touchpoints,
                      "stage_shares": journey.table, "stages": model.stage_table()}
    return made, {"told": f"{mapped:.0%} of statements mapped to a stage", **journey.facts}

"""The stage that finds and describes themes."""

from __future__ import annotations

from typing import Any

from workbench.stages.language import glossary_digest, study_glossary
from workbench.stages.result import Result
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study

LABEL_LANGUAGES = ("en", "ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi", "ur")


def theme_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings of themes, the statements and their vectors."""
    return [study.themes.model_dump(mode="json"), study.insights.confidence, study.order_number,
            glossary_digest(study), table_digest(tables["statements"]),
            table_digest(tables["profile"]), array_digest(tables["vectors"])]


def find_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``themes``, ``assignments``, ``terms``, ``labels`` and ``theme_centres``."""
    from workbench.themes import find_themes

    settings = study.themes
    counted = tables["profile"].set_index("feedback_id")["is_counted"]
    themes = find_themes(
        tables["statements"], tables["vectors"], seed=settings.seed, resolution=settings.resolution,
        count=settings.count, minimum_size=settings.minimum_size, neighbours=settings.neighbours, floor=settings.floor,
        remove_language=settings.remove_language,
        label_languages=LABEL_LANGUAGES, counted=counted,
        confidence=study.insights.confidence, glossary=study_glossary(study), order_number=study.order_number,
    )
    assigned = float((themes.assignments["theme_id"] >= 0).mean())
    made: Tables = {"themes": themes.table, "assignments": themes.assignments, "terms": themes.terms,
                      "labels": themes.labels, "theme_centres": themes.vectors}
    told = f"{len(themes.vectors)} themes, {assigned:.0%} of statements assigned"
    return made, {"told": told, **themes.facts}

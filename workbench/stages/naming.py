"""The stage that lets a language model propose labels, if the study asks for it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.stages.coding import study_codebook
from workbench.stages.result import Result
from workbench.store import Store, Tables, table_digest
from workbench.study import Study


def naming_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the endpoint and what is asked about; nothing but the labels where there is no endpoint."""
    if study.labels.endpoint is None:
        return [None, table_digest(tables["labels"]), table_digest(tables["themes"])]
    asked = [table_digest(tables[name]) for name in ("labels", "themes", "terms", "statements", "assignments")]
    asked.append(table_digest(tables["comments"][["feedback_id", "text"]]))
    return [study.labels.model_dump(mode="json"), study.order_number, sorted(_named_by_people(study, tables)), asked]


def _named_by_people(study: Study, tables: Tables) -> set[int]:
    """Return the themes that the codebook names or pins: nobody else names them."""
    codebook, report = study_codebook(study), tables["codebook_report"]
    renamed = {int(theme) for theme in report.loc[report["rule"] == "rename", "theme_id"].dropna()}
    split = {int(line.rule.into) for line in codebook.of("split") if line.rule.label is not None}
    return renamed | split | set(codebook.pinned())


def propose_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``labels`` and ``themes`` with the labels that were accepted, and ``summaries`` of themes."""
    from workbench.themes.endpoint import Endpoint
    from workbench.themes.proposals import propose_labels

    settings, labels, themes = study.labels, tables["labels"], tables["themes"]
    if settings.endpoint is None or settings.model is None:
        summaries = pd.DataFrame({"theme_id": pd.Series(dtype="int64"), "language": pd.Series(dtype="str"),
                                  "summary": pd.Series(dtype="str")})
        return {"summaries": summaries}, {"told": "labels of people's own words", "asked": 0}
    endpoint = Endpoint(settings.endpoint, settings.model, store.folder / "replies", settings.key_env,
                        settings.timeout, settings.attempt)
    made = propose_labels(tables["terms"], tables["statements"], tables["assignments"], labels, endpoint,
                          tuple(settings.languages), study.order_number, _named_by_people(study, tables),
                          tables["comments"])
    accepted = made.labels.set_index(["theme_id", "language"])["label"]
    pairs = pd.MultiIndex.from_frame(labels[["theme_id", "language"]])
    proposed = pd.Series(accepted.reindex(pairs).to_numpy(), index=labels.index, dtype=object)
    labels = labels.assign(label=proposed.fillna(labels["label"]).astype("str"))
    own = pd.MultiIndex.from_frame(themes[["theme_id", "label_language"]])
    named = pd.Series(accepted.reindex(own).to_numpy(), index=themes.index, dtype=object)
    themes = themes.assign(label=named.fillna(themes["label"]).astype("str"))
    summaries = made.labels.loc[made.labels["summary"] != "", ["theme_id", "language", "summary"]]
    told = f"{len(made.labels)} of {made.asked} proposed labels accepted"
    return {"labels": labels, "themes": themes, "summaries": summaries.reset_index(drop=True)}, {
        "told": told, "asked": made.asked, "accepted": len(made.labels), "stored": made.stored,
        "refused": made.refused, "model": settings.model}

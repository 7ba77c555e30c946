"""The stage that tells who spoke, and lets them speak."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.columns import is_among
from workbench.stages.insights import everybody_of
from workbench.stages.paths import exceeded_day
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study

_READ = ("comments", "profile", "statements", "assignments", "stage_sets", "stages", "themes", "tone")


def voice_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return what is expected, the pattern of order numbers, and every table that is counted and quoted."""
    return [study.insights.model_dump(mode="json"), study.expected, study.order_number,
            str(exceeded_day(study, tables["comments"])), array_digest(tables["vectors"]),
            [table_digest(tables[name]) for name in _READ]]


@on_one_thread
def hear_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``coverage``, a row for each language, market, ... and stage of the journey, and ``quotes`` of themes.

    Themes that fewer customers speak of than a cell must have are not quoted.
    """
    from workbench import insights
    from workbench.insights.clusters import cluster_of

    confidence, everybody = study.insights.confidence, everybody_of(study, tables)
    counted = everybody[everybody["is_counted"]].reset_index(drop=True)
    own = tables["statements"][is_among(tables["statements"]["feedback_id"], counted["feedback_id"])]
    coverage = pd.concat([
        insights.cover(counted, dict(study.expected), confidence),
        insights.cover_stages(tables["stage_sets"], own, list(tables["stages"]["stage_id"]), len(counted),
                              study.expected.get("stage"), confidence,
                              cluster_of(counted).set_axis(counted["feedback_id"]))], ignore_index=True)
    quotes = insights.choose_quotes(tables["statements"], tables["assignments"], counted, typical=3,
                                    vectors=tables["vectors"], tone=tables["tone"], order_number=study.order_number)
    few = insights.of_few_customers(tables, study.insights.minimum_cell)
    quotes = quotes[~quotes["theme_id"].isin(few)].reset_index(drop=True)
    return {"coverage": coverage, "quotes": quotes}, {"told": f"{len(quotes):,} quotes of themes"}

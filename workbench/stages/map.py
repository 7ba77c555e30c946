"""The stage that draws all statements on one map."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study


def map_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the vectors, the themes and their centres."""
    return [array_digest(tables["vectors"]), array_digest(tables["theme_centres"]),
            table_digest(tables["assignments"]), table_digest(tables["themes"][["theme_id"]])]


@on_one_thread
def lay_out_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``map``: ``statement_id``, ``x`` and ``y`` from -1 to 1."""
    from workbench.themes.layout import lay_out

    themes = tables["themes"]["theme_id"].to_numpy()
    themes = themes[themes != UNASSIGNED_THEME]  # in the order of their centres
    places = lay_out(tables["vectors"], tables["assignments"]["theme_id"].to_numpy(), tables["theme_centres"], themes)
    table = pd.DataFrame({"statement_id": tables["statements"]["statement_id"], "x": places[:, 0], "y": places[:, 1]})
    return {"map": table}, {"told": f"{len(table):,} statements on a map"}

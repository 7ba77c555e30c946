"""Where in the journey people speak, and of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.charts import Figure, Html, share_grid
from workbench.charts.bars import distinct_labels
from workbench.columns import UNASSIGNED
from workbench.report.sections.withheld import hidden_cells, is_hidden, withheld_note, without_hidden
from workbench.report.sections.wording import (
    has_themes,
    isolated,
    mark_note,
    marked_names,
    no_themes,
    stage_names,
    top_themes,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages


def themes_by_stage(analysis: Analysis, m: Messages, top: int) -> Figure | Html:
    """Return a grid of themes by stage: which share of a theme's comments speak of each stage.

    A stage that nobody speaks of stays in the grid, without cells; small cells are left empty.
    """
    if not has_themes(analysis):
        return no_themes(m, analysis)
    themes, stages = marked_names(m, analysis, short=True), stage_names(m, analysis)
    ids = top_themes(analysis, top)
    kept = analysis.stage_shares[analysis.stage_shares["theme_id"].isin(ids)]
    states = hidden_cells(analysis, "stage_shares").loc[kept.index]
    silent = (kept["comment_count"] == 0) & ~is_hidden(states)
    text = without_hidden(kept["comment_share"].map(m.percent).mask(silent, m("words.no_evidence")), states, m)
    ids = [theme for theme in ids if theme in set(kept["theme_id"])]
    rows = dict(zip(ids, distinct_labels([themes[theme] for theme in ids], 24, m.language), strict=True))
    columns = dict(zip(stages, distinct_labels(list(stages.values()), 20, m.language), strict=True))
    table = pd.DataFrame({
        "row": kept["theme_id"].map(rows), "column": kept["stage_id"].map(columns),
        "share": kept["comment_share"].mask(is_hidden(states) | silent), "text": text,
    })
    chart = share_grid(table, legend_title=m("journey.share_of_theme"), language=m.language,
                       columns=list(columns.values()), rows=list(rows.values()), show_values=True)
    display = table.pivot(index="row", columns="column", values="text")
    display = display.reindex(columns=list(columns.values()), index=list(rows.values())).rename_axis(columns=None)
    display = display.reset_index(names=m("words.theme"))
    told = _description(len(ids), stages, analysis, m) + withheld_note(states, m)
    told += mark_note(m, [themes[theme] for theme in ids])
    return Figure(chart, told, display, title=m("journey.title"),
                  language=m.language)


def _description(themes: int, stages: dict[str, str], analysis: Analysis, m: Messages) -> str:
    told = m("journey.figure", themes=m("words.n_themes", count=themes),
             stages=m("words.n_stages", count=len(stages) - 1))
    coverage = analysis.coverage[analysis.coverage["dimension"] == "stage"]
    unheard = set(coverage.loc[coverage["comment_count"] == 0, "value"]) - {UNASSIGNED}
    silent = [isolated(name) for stage, name in stages.items() if stage in unheard]
    return f"{told} {m('journey.silent', stages=m('words.list_joint').join(silent))}" if silent else told

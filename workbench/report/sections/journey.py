"""Where in the journey people speak, and of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.charts import Figure, label, share_grid
from workbench.report.sections.wording import stage_names, theme_names

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages


def themes_by_stage(analysis: Analysis, m: Messages, top: int) -> Figure:
    """Return a grid of themes by stage: which share of a theme's comments speak of each stage.

    A stage that nobody speaks of stays in the grid, without cells; small cells are left empty.
    """
    themes, stages = theme_names(m, analysis), stage_names(m, analysis)
    kept = analysis.stage_shares[analysis.stage_shares["theme_id"].between(0, top - 1)]
    minimum = analysis.study.insights.minimum_cell
    count = kept["comment_count"]
    text = kept["comment_share"].map(m.percent).where(count >= minimum, m("words.hidden"))
    text = text.where(count > 0, m("words.no_evidence"))
    table = pd.DataFrame({
        "row": [label(themes[theme], 24) for theme in kept["theme_id"]],
        "column": [label(stages[stage], 20) for stage in kept["stage_id"]],
        "share": kept["comment_share"].where(count >= minimum).to_numpy(),
        "text": text.to_numpy(),
    })
    columns = [label(name, 20) for name in stages.values()]
    rows = list(dict.fromkeys(table["row"]))
    chart = share_grid(table, legend_title=m("journey.share_of_theme"), language=m.language, columns=columns,
                       rows=rows, show_values=True)
    display = table.pivot_table(index="row", columns="column", values="text", aggfunc="first")
    display = display.reindex(columns=columns, index=rows).rename_axis(columns=None)
    display = display.reset_index(names=m("words.theme"))
    silent = [stages[stage] for stage in stages if not kept.loc[kept["stage_id"] == stage, "comment_count"].any()]
    description = m("journey.figure", count=len(rows), stages=len(stages) - 1)
    if silent:
        description += " " + m("journey.silent", stages=m("words.list_joint").join(silent))
    return Figure(chart, description, display, title=m("journey.title"), language=m.language)

"""The journey as one picture, and its grid of touchpoints by stage."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, MapStage, Voice, share_grid, table_html
from workbench.charts import journey_map as draw_map
from workbench.charts.bars import distinct_labels
from workbench.columns import UNASSIGNED
from workbench.insights.disclosure import WITHHELD
from workbench.report.sections.withheld import hidden_cells, is_hidden, withheld_note, without_hidden
from workbench.report.sections.wording import (
    callout,
    confidence,
    confidence_interval,
    interval,
    is_small,
    isolated,
    mark_note,
    marked_names,
    quoted,
    rows_of,
    stage_names,
    touchpoint_names,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

ALL = "all"
_THEMES, _VOICES = 3, 2
_SMALL_SHARE = 0.01  # rounded to whole percents it would look like nothing
_COUNTED = {"tone": "journey_map.n_statements"}  # what carries the measure, if it is not an answer


def journey_map(analysis: Analysis, m: Messages) -> Html:
    """Return the stages in order: how much is said, how people fare, what they speak of, a voice or two."""
    if not analysis.facts["insights"]["counted"]:
        return callout(m, "headline.nothing_counted")
    names, grid = stage_names(m, analysis), analysis.journey_grid.assign(state=hidden_cells(analysis, "journey_grid"))
    margins = grid[(grid["touchpoint_id"] == ALL) & (grid["theme_id"] == ALL)].set_index("stage_id")
    everybody = margins.loc[ALL]
    real = margins.loc[[stage for stage in names if stage != UNASSIGNED]]
    tallest = float(real["comment_share"].max())
    shown = grid[~is_hidden(grid["state"]) & (grid["comment_count"] > 0)]
    stages = [_stage(str(row.Index), row, names, tallest, everybody, shown, analysis, m) for row in rows_of(real)]
    told = _description(real, margins, names, analysis, m)
    told += mark_note(m, [theme for stage in stages for theme in stage.themes])
    return draw_map(stages, title=m("journey_map.title"), description=told,
                    themes_title=m("journey_map.themes"), numbers_title=m("page.data_table"),
                    numbers=_numbers(real, names, analysis, m), language=m.language)


def _stage(stage: str, row: Any, names: dict[str, str], tallest: float, everybody: pd.Series, grid: pd.DataFrame,
           analysis: Analysis, m: Messages) -> MapStage:
    minimum = analysis.study.insights.minimum_cell
    if row.comment_count == 0:
        return MapStage(names[stage], gap=m("journey_map.not_heard"))
    if is_small(row.comment_count, minimum):
        return MapStage(names[stage], gap=m("journey_map.hidden", minimum=minimum))
    if row.state == WITHHELD:
        return MapStage(names[stage], gap=m("disclosure.note"))
    volume = m("journey_map.volume", share=isolated(m.percent(row.comment_share)),
               span=interval(m, row.comment_share_low, row.comment_share_high))
    return MapStage(names[stage], volume, row.comment_share / tallest, score_in_words(row, analysis, m),
                    _mood(row, everybody), tuple(_themes(stage, grid, analysis, m)), tuple(_voices(stage, analysis, m)))


def score_in_words(row: Any, analysis: Analysis, m: Messages) -> str:
    """Return a cell's score with its interval and count, or that it has too few answers; empty without a measure."""
    if row.measure == "none":
        return ""
    name = m(f"journey_map.measure_{row.measure}")
    if row.score_n < analysis.study.insights.minimum_cell:
        return m("journey_map.no_score", measure=name)
    return m("journey_map.score", measure=name, score=isolated(_score(m, row.measure, row.score)),
             span=_score_span(m, row), answers=m(_COUNTED.get(row.measure, "words.n_answers"), count=int(row.score_n)))


def _score(m: Messages, measure: str, value: float) -> str:
    return m.percent(value) if measure == "satisfaction" else m.number(value, 2 if measure == "tone" else 0)


def _score_span(m: Messages, row: Any) -> str:
    if pd.isna(row.score_low):
        return "–"
    low, high = (isolated(_score(m, row.measure, end)) for end in (row.score_low, row.score_high))
    return m("words.interval", low=low, high=high)


def _mood(row: Any, everybody: pd.Series) -> str:
    if row.score_high < everybody["score"]:
        return "bad"
    return "good" if row.score_low > everybody["score"] else "even"


def _themes(stage: str, grid: pd.DataFrame, analysis: Analysis, m: Messages) -> list[str]:
    names = marked_names(m, analysis, short=True)
    cells = grid[(grid["stage_id"] == stage) & (grid["touchpoint_id"] == ALL) & ~grid["theme_id"].isin([ALL, "-1"])]
    top = cells.sort_values("comment_count", ascending=False, kind="stable").head(_THEMES)
    return [m("journey_map.theme", theme=isolated(names[int(row.theme_id)]),
              comments=m("words.n_comments", count=int(row.comment_count))) for row in rows_of(top)]


def _voices(stage: str, analysis: Analysis, m: Messages) -> list[Voice]:
    """Return quotes of the stage: one in the reader's language where there is one, then those of other languages."""
    quotes = analysis.stage_quotes
    own = quotes[(quotes["stage_id"] == stage) & (quotes["role"] == "typical")]
    order = (own["language"] != m.language).astype(int).sort_values(kind="stable").index
    return [Voice(quoted(m, str(row.text)), str(row.language), str(row.direction),
                  m("words.list_joint").join([value_name(m, "language", str(row.language), analysis),
                                              isolated(row.feedback_id)]))
            for row in rows_of(own.loc[order].drop_duplicates("language").head(_VOICES))]


def _description(real: pd.DataFrame, margins: pd.DataFrame, names: dict[str, str], analysis: Analysis, m: Messages
                 ) -> str:
    minimum = analysis.study.insights.minimum_cell
    shown = real[~is_hidden(real["state"]) & (real["comment_count"] > 0)]
    if not len(shown):
        return m("journey_map.figure_hidden", minimum=minimum)
    most = str(shown["comment_count"].idxmax())
    unplaced = margins.loc[UNASSIGNED]
    parts = [m("journey_map.figure", confidence=confidence(m, analysis), most=isolated(names[most]),
               share=isolated(m.percent(shown.loc[most, "comment_share"])),
               unplaced=isolated("–" if unplaced["state"] == WITHHELD else _share_or_less(
                   unplaced["comment_count"], unplaced["comment_share"], minimum, m)))]
    if margins.loc[ALL, "measure"] != "none":
        parts.append(m("journey_map.colours", everybody=_everybody(margins.loc[ALL], minimum, m)))
    silent = [isolated(names[str(stage)]) for stage in real.index[real["comment_count"] == 0]]
    if silent:
        parts.append(m("journey.silent", stages=m("words.list_joint").join(silent)))
    return " ".join(parts)


def _everybody(row: Any, minimum: int, m: Messages) -> str:
    """Return the score that the stages' scores are held against."""
    return "–" if row["score_n"] < minimum else isolated(_score(m, row["measure"], row["score"]))


def _share_or_less(count: Any, share: Any, minimum: int, m: Messages) -> str:
    """Return a share of comments; of a small cell, the share that it lies below."""
    if not is_small(count, minimum):
        return m.percent(share)
    return "< " + m.percent(ceil(1000 * minimum * share / count) / 1000, 1)


def _numbers(real: pd.DataFrame, names: dict[str, str], analysis: Analysis, m: Messages) -> str:
    hidden, silent = is_hidden(real["state"]), m("words.no_evidence")
    shown = pd.DataFrame({
        m("dimension.stage"): [names[str(stage)] for stage in real.index],
        m("words.comments"): without_hidden(real["comment_count"].map(m.number), real["state"], m).to_numpy(),
        m("words.share"): real["comment_share"].map(m.percent).mask(real["comment_count"] == 0, silent).mask(
            hidden, "–").to_numpy(),
        confidence_interval(m, analysis): [
            "" if small else interval(m, row.comment_share_low, row.comment_share_high)
            for small, row in zip(hidden, rows_of(real), strict=True)],
        m("journey_map.score_column"): ["–" if small or row.comment_count == 0 else score_in_words(row, analysis, m)
                                        for small, row in zip(hidden, rows_of(real), strict=True)],
    })
    return table_html(shown, caption=m("journey_map.title"), language=m.language)


def journey_grid(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return touchpoints by stages: the share of all comments in each cell, and how many in the table."""
    if not analysis.facts["insights"]["counted"]:
        return callout(m, "headline.nothing_counted")
    names, stages = touchpoint_names(m, analysis), stage_names(m, analysis)
    grid = analysis.journey_grid[analysis.journey_grid["theme_id"] == ALL]
    cells = grid[(grid["stage_id"] != ALL) & (grid["touchpoint_id"] != ALL)]
    states = hidden_cells(analysis, "journey_grid").loc[grid.index]
    hidden = is_hidden(states.loc[cells.index])
    rows = dict(zip(names, distinct_labels(list(names.values()), 22, m.language), strict=True))
    columns = dict(zip(stages, distinct_labels(list(stages.values()), 16, m.language), strict=True))
    table = pd.DataFrame({
        "row": cells["touchpoint_id"].map(rows), "column": cells["stage_id"].map(columns),
        "share": cells["comment_share"].mask(hidden | (cells["comment_count"] == 0)),
        "text": [m.percent(share, 1 if share < _SMALL_SHARE else 0) for share in cells["comment_share"]]})
    chart = share_grid(table, legend_title=m("words.share_of_comments"), language=m.language,
                       columns=list(columns.values()), rows=list(rows.values()), show_values=True)
    told = _grid_description(grid, names, stages, m) + withheld_note(states, m)
    return Figure(chart, told, _grid_numbers(grid, names, stages, states, m), title=m("journey_grid.title"),
                  language=m.language)


def _grid_description(grid: pd.DataFrame, names: dict[str, str], stages: dict[str, str], m: Messages) -> str:
    whole = grid[(grid["stage_id"] == ALL) & (grid["touchpoint_id"] == ALL)].iloc[0]
    return m("journey_grid.figure", touchpoints=len(names) - 1, stages=len(stages) - 1,
             mentions=int(whole["mention_count"]), statements=int(whole["statement_count"]),
             comments=int(whole["comment_count"]))


def _grid_numbers(grid: pd.DataFrame, names: dict[str, str], stages: dict[str, str], states: pd.Series, m: Messages
                  ) -> pd.DataFrame:
    """Return the counts of comments with every margin; empty cells say that there is no evidence."""
    count = grid["comment_count"]
    text = without_hidden(count.map(m.number).mask(count == 0, m("words.no_evidence")), states, m)
    rows = {**names, ALL: m("journey_grid.any_touchpoint")}
    columns = {**stages, ALL: m("journey_grid.any_stage")}
    display = grid.assign(text=text).pivot(index="touchpoint_id", columns="stage_id", values="text")
    display = display.reindex(index=list(rows), columns=list(columns)).rename(index=rows, columns=columns)
    return display.rename_axis(columns=None).reset_index(names=m("dimension.touchpoint"))

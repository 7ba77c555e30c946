"""All statements on one map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.charts import Html, table_html
from workbench.charts.map import Colouring, PointMap
from workbench.columns import UNASSIGNED, UNASSIGNED_THEME
from workbench.feedback import redact_parts
from workbench.insights.disclosure import SHOWN, Lines, what_is_hidden
from workbench.insights.linked import hidden_places
from workbench.report.sections.withheld import hidden_cells, is_hidden, without_few_customers
from workbench.report.sections.wording import (
    callout,
    has_themes,
    marked_names,
    no_themes,
    quoted,
    stage_names,
    value_name,
)
from workbench.themes import sample_ranks

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

MOST_QUOTES = 300
MOST_POINTS = 100_000  # a page of a megabyte, and as many as can be moved about; more cannot be told apart
_LONGEST_QUOTE = 220


def statement_map(analysis: Analysis, m: Messages) -> PointMap | Html:
    """Return a map of the counted statements, coloured by theme, stage or language, with a sample of quotes.

    Of very many statements some are drawn, by chance; whatever is counted is counted of all.
    """
    if not has_themes(analysis):
        return no_themes(m, analysis)
    points = _points(analysis)
    if len(points) < analysis.study.insights.minimum_cell:
        return callout(m, "headline.nothing_counted")
    languages = {str(code): value_name(m, "language", str(code), analysis) for code in points["language"].unique()}
    minimum = analysis.study.insights.minimum_cell
    rest = m("disclosure.withheld")
    themes = _colouring(m("words.theme"), points, "theme_id", marked_names(m, analysis), minimum, rest,
                        UNASSIGNED_THEME, _unsaid(analysis, points, "themes", ["theme_id"]))
    points = points.assign(colour=themes.codes)  # a point shows its theme with its stage and its language
    unsaid = {column: _few_together(points, column, minimum) for column in ("stage_id", "language")}
    unsaid["stage_id"] |= _unsaid(analysis, points, "stage_shares", ["theme_id", "stage_id"])
    colourings = [
        themes,
        _colouring(m("dimension.stage"), points, "stage_id", stage_names(m, analysis), minimum, rest, UNASSIGNED,
                   unsaid["stage_id"]),
        _colouring(m("dimension.language"), points, "language", languages, minimum, rest, "und", unsaid["language"]),
    ]
    texts = {name: m(f"map.{name}") for name in ("colour_by", "enlarge", "reduce", "whole", "help", "legend")}
    told = m("map.figure", statements=len(points), count=int((analysis.themes["theme_id"] >= 0).sum()))
    if len(points) > MOST_POINTS:
        told += " " + m("map.sampled", shown=MOST_POINTS)
    quotes = _quotes(points, analysis, m)
    rows = _drawn(points["statement_id"], list(quotes))
    shown = [replace(each, codes=each.codes[rows]) for each in colourings]
    places = dict(zip(rows.tolist(), range(len(rows)), strict=True))
    return PointMap(points[["x", "y"]].to_numpy(dtype=np.float32)[rows], shown,
                    {places[row]: text for row, text in quotes.items()}, texts, told,
                    _table(points, colourings[0], m), title=m("map.title"), language=m.language)


def _drawn(statement_ids: pd.Series, quoted: list[int]) -> np.ndarray:
    """Return the rows that are drawn, ascending: all, or of very many those quoted and others by chance."""
    if len(statement_ids) <= MOST_POINTS:
        return np.arange(len(statement_ids))
    ranks = sample_ranks(statement_ids)
    ranks[quoted] = 0
    return np.sort(np.argsort(ranks, kind="stable")[:MOST_POINTS])


def _points(analysis: Analysis) -> pd.DataFrame:
    counted = analysis.profile.loc[analysis.profile["is_counted"], "feedback_id"]
    statements = analysis.statements[["statement_id", "feedback_id", "language"]]
    points = statements[statements["feedback_id"].isin(counted)].merge(analysis.map, on="statement_id")
    points = points.merge(analysis.assignments[["statement_id", "theme_id", "strength"]], on="statement_id")
    return points.merge(analysis.journey[["statement_id", "stage_id"]], on="statement_id")


def _unsaid(analysis: Analysis, points: pd.DataFrame, name: str, keys: list[str]) -> pd.Series:
    """Return the points in a cell that a table of the report hides."""
    table = analysis[name]
    hidden = pd.MultiIndex.from_frame(table.loc[is_hidden(hidden_cells(analysis, name)), keys])
    return pd.Series(pd.MultiIndex.from_frame(points[keys]).isin(hidden), index=points.index)


def _few_together(points: pd.DataFrame, column: str, minimum: int) -> pd.Series:
    """Return the points whose kind is rare among those of their colour, and so many more that it cannot be computed."""
    keys = ["colour", column]
    table = points.groupby(keys)["feedback_id"].nunique().rename("n").reset_index()
    table = table[is_hidden(what_is_hidden(table, Lines("n", tuple(keys), tuple(keys)), minimum))]
    return pd.Series(pd.MultiIndex.from_frame(points[keys]).isin(pd.MultiIndex.from_frame(table[keys])),
                     index=points.index)


def _colouring(title: str, points: pd.DataFrame, column: str, names: dict[str, str] | dict[int, str], minimum: int,
               rest: str, last: str | int, unsaid: pd.Series) -> Colouring:
    """Return kinds from the largest to the smallest, those of few comments as one, what has no kind at the end."""
    counts = points.groupby(column)["feedback_id"].nunique()
    order = sorted(counts.index, key=lambda kind: (kind == last, -counts[kind], str(kind)))
    states = hidden_places([str(kind) for kind in order], [int(counts[kind]) for kind in order], minimum)
    large = [kind for kind, state in zip(order, states, strict=True) if state == SHOWN]
    large = [kind for kind in large if not unsaid[points[column] == kind].all()]
    position = {kind: number for number, kind in enumerate(large)}
    codes = points[column].map(position).mask(unsaid).fillna(len(large)).astype(int).to_numpy()
    shown = [str(names.get(kind, kind)) for kind in large]
    return Colouring(title, shown + ([rest] if (codes == len(large)).any() else []), codes)


def _quotes(points: pd.DataFrame, analysis: Analysis, m: Messages) -> dict[int, str]:
    """Return the statements nearest to their theme's middle, every theme in turn, with personal data taken out."""
    ranked = without_few_customers(points.assign(position=range(len(points))), analysis)
    ranked = ranked.sort_values(["strength", "statement_id"], ascending=[False, True])
    ranked["turn"] = ranked.groupby("theme_id").cumcount()
    chosen = ranked.sort_values(["turn", "theme_id"], kind="stable").head(MOST_QUOTES)
    said = analysis.statements[["statement_id", "start", "end", "text"]]
    chosen = chosen.merge(said[said["statement_id"].isin(chosen["statement_id"])], on="statement_id")
    redacted = redact_parts(chosen, analysis.comments, order_number=analysis.study.order_number)
    texts = {int(position): quoted(m, text) for position, text in zip(chosen["position"], redacted, strict=True)}
    return {point: text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE - 1].rstrip() + "…"
            for point, text in texts.items()}


def _table(points: pd.DataFrame, colouring: Colouring, m: Messages) -> str:
    counts = np.bincount(colouring.codes, minlength=len(colouring.names))
    table = pd.DataFrame({"name": list(colouring.names), "statements": counts, "share": counts / len(points)})
    columns = {"name": m("words.theme"), "statements": m("words.statements"), "share": m("map.share")}
    return table_html(table, caption=m("map.title"), language=m.language, columns=columns,
                      formats={"share": m.percent})

"""Journeys in time: who could be followed, from stage to stage, what is critical, and where loyal customers turned."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, score_points, share_grid, table_html
from workbench.charts.bars import distinct_labels
from workbench.insights.multiplicity import ALPHA
from workbench.report.sections.journey_map import ALL
from workbench.report.sections.withheld import hidden_cells, is_hidden, withheld_note
from workbench.report.sections.wording import (
    callout,
    confidence,
    confidence_interval,
    interval,
    is_small,
    isolated,
    marked_names,
    paragraph,
    rows_of,
    stage_names,
    touchpoint_names,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_LEAST_P = 0.001
_REASONS = {"no customer": "no_customer", "no date": "no_date", "date in the future": "future", "shared id": "shared"}
_VERDICTS = {"critical and frequent": "critical_frequent", "critical": "critical", "protective": "protective",
             "frequent": "frequent", "neither": "neither"}


def followed(analysis: Analysis, m: Messages) -> Html:
    """Return how many comments could be placed in a customer's time, and why the others could not."""
    facts = analysis.facts["paths"]
    told = [m("paths.followed", used=facts["used"], counted=analysis.facts["insights"]["counted"],
              customers=facts["customers"]),
            m("paths.episodes", episodes=facts["episodes"], long=facts["long_episodes"], gap=facts["gap_days"])]
    values = {"future": {"day": m.date(date.fromisoformat(facts["last_day"]))}, "shared": {"ids": facts["shared_ids"]}}
    left = [m(f"paths.left_{key}", count=facts["left_out"][reason], **values.get(key, {}))
            for reason, key in _REASONS.items() if facts["left_out"][reason]]
    listed = "".join(f'<li dir="{m.direction}">{escape(text)}</li>' for text in left)
    why = f"{paragraph(m('paths.left_out'))}<ul>{listed}</ul>" if left else paragraph(m("paths.none_left_out"))
    return Html("".join(paragraph(text) for text in told) + why)


def episode_flow(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return which stage customers speak of after which, as a grid from row to column, against the order of chance."""
    table, minimum = analysis.transitions, analysis.study.insights.minimum_cell
    if not len(table) or table["customer_count"].max() < minimum:
        return callout(m, "paths.no_flow", minimum=minimum)
    names = stage_names(m, analysis)
    ids = list(dict.fromkeys(table["from_stage"]))
    labels = dict(zip(ids, distinct_labels([names[stage] for stage in ids], 18, m.language), strict=True))
    states = hidden_cells(analysis, "transitions")
    hidden = is_hidden(states) | is_small(table["base"], minimum)
    empty = hidden | (table["customer_count"] == 0)
    cells = pd.DataFrame({"row": table["from_stage"].map(labels), "column": table["to_stage"].map(labels),
                          "share": table["customer_share"].mask(empty), "text": table["customer_share"].map(m.percent)})
    chart = share_grid(cells, legend_title=m("paths.flow_share"), language=m.language, columns=list(labels.values()),
                       rows=list(labels.values()), show_values=True)
    description = f"{m('paths.flow_figure')} {_beyond_chance(table[~hidden], names, m)}" + withheld_note(states, m)
    return Figure(chart, description, _flow_numbers(table[~empty], names, analysis, m), title=m("paths.flow_title"),
                  language=m.language)


def _beyond_chance(table: pd.DataFrame, names: dict[str, str], m: Messages) -> str:
    sure = table[(table["p_adjusted"] < ALPHA) & (table["customer_count"] > table["expected_count"])]
    if not len(sure):
        return m("paths.flow_chance")
    pairs = [m("paths.step", first=isolated(names[row.from_stage]), then=isolated(names[row.to_stage]))
             for row in rows_of(sure)]
    return m("paths.flow_beyond", steps=m("words.list_joint").join(pairs))


def _flow_numbers(shown: pd.DataFrame, names: dict[str, str], analysis: Analysis, m: Messages) -> pd.DataFrame:
    return pd.DataFrame({
        m("paths.flow_from"): [names[stage] for stage in shown["from_stage"]],
        m("paths.flow_next"): [names[stage] for stage in shown["to_stage"]],
        m("paths.customers"): shown["customer_count"].map(m.number),
        m("paths.of_customers"): shown["base"].map(m.number),
        m("words.share"): shown["customer_share"].map(m.percent),
        confidence_interval(m, analysis): [interval(m, row.customer_share_low, row.customer_share_high)
                                           for row in rows_of(shown)],
        m("paths.by_chance"): shown["expected_count"].map(lambda count: m.number(count, 1)),
        m("change.p_adjusted"): shown["p_adjusted"].map(lambda p: _p_value(p, m)),
    })


def touchpoint_weight(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return how much oftener customers who met a touchpoint ended badly, beside how many met it."""
    table, minimum = analysis.touchpoint_weight, analysis.study.insights.minimum_cell
    shown = table
    if len(table):
        told = (table["customer_count"] >= minimum) & ~is_small(table["bad_count"], minimum) & \
            ~is_small(table["base"] - table["customer_count"], minimum)
        shown = table[told & table["difference"].notna()]
    if not len(shown):
        return callout(m, "weight.none")
    names = touchpoint_names(m, analysis)
    shown = shown.sort_values(["difference", "touchpoint_id"], ascending=[False, True])
    points = pd.DataFrame({"name": [names[place] for place in shown["touchpoint_id"]],
                           **{name: 100 * shown[column] for name, column in (
                               ("value", "difference"), ("low", "difference_low"), ("high", "difference_high"))}})
    chart = score_points(points, axis_title=m("weight.axis"), language=m.language, everybody=0.0)
    display = pd.DataFrame({
        m("dimension.touchpoint"): points["name"],
        m("weight.verdict"): [m(f"weight.verdict_{_VERDICTS[verdict]}") for verdict in shown["verdict"]],
        m("paths.customers"): shown["customer_count"].map(m.number),
        m("weight.bad_share"): _shares(shown, "bad_share", m),
        m("weight.elsewhere"): shown["bad_share_elsewhere"].map(m.percent),
        m("weight.difference"): [_points(row, m) for row in rows_of(shown)],
        m("change.p_adjusted"): shown["p_adjusted"].map(lambda p: _p_value(p, m)),
    })
    return Figure(chart, _weight_description(shown, names, analysis, m), display, title=m("weight.title"),
                  language=m.language)


def _shares(table: pd.DataFrame, name: str, m: Messages) -> list[str]:
    spans = [interval(m, row[f"{name}_low"], row[f"{name}_high"]) for _, row in table.iterrows()]
    return [f"{isolated(m.percent(share))} ({span})" for share, span in zip(table[name], spans, strict=True)]


def _points(row: Any, m: Messages) -> str:
    span = interval(m, 100 * row.difference_low, 100 * row.difference_high, share=False)
    return f"{isolated(m.number(100 * row.difference))} ({span})"


def _weight_description(shown: pd.DataFrame, names: dict[str, str], analysis: Analysis, m: Messages) -> str:
    critical = [names[row.touchpoint_id] for row in rows_of(shown) if str(row.verdict).startswith("critical")]
    frequent = [names[row.touchpoint_id] for row in rows_of(shown) if row.verdict == "frequent"]
    parts = [m("weight.figure", confidence=confidence(m, analysis)),
             m("weight.critical", names=_joined(critical, m)) if critical else m("weight.no_critical")]
    if frequent:
        parts.append(m("weight.merely_frequent", names=_joined(frequent, m)))
    return " ".join(parts)


def _joined(names: list[str], m: Messages) -> str:
    return m("words.list_joint").join(isolated(name) for name in names)


def fine_but_lost(analysis: Analysis, m: Messages) -> Html:
    """Return the customers whose every touchpoint went well and who ended badly, by touchpoint."""
    table, minimum = analysis.fine_but_lost, analysis.study.insights.minimum_cell
    whole = table[table["touchpoint_id"] == ALL] if len(table) else table
    if not len(whole) or whole["customer_count"].iloc[0] < minimum or is_small(whole["bad_count"].iloc[0], minimum):
        return callout(m, "fine.none")
    names, first = touchpoint_names(m, analysis), rows_of(whole)[0]
    told = m("fine.all", customers=int(first.customer_count), share=isolated(m.percent(first.bad_share)),
             span=interval(m, first.bad_share_low, first.bad_share_high))
    shown = table[(table["touchpoint_id"] != ALL) & (table["customer_count"] >= minimum)
                  & ~is_small(table["bad_count"], minimum) & ~is_small(table["base_elsewhere"], minimum)]
    worse = shown[(shown["p_adjusted"] < ALPHA) & (shown["difference"] > 0)
                  & (shown["bad_share"] > shown["bad_share_elsewhere"])]
    lines = [m("fine.sharp", touchpoint=isolated(names[row.touchpoint_id]), customers=int(row.customer_count),
               share=isolated(m.percent(row.bad_share)), span=interval(m, row.bad_share_low, row.bad_share_high),
               elsewhere=isolated(m.percent(row.bad_share_elsewhere))) for row in rows_of(worse)]
    marked = "".join(f'<p class="callout warning" dir="{m.direction}">{escape(line)}</p>' for line in lines) or \
        paragraph(m("fine.no_sharp"))
    if not len(shown):
        return Html(paragraph(told) + marked)
    return Html(paragraph(told) + marked + _fine_table(shown, names, m))


def _fine_table(shown: pd.DataFrame, names: dict[str, str], m: Messages) -> str:
    shown = shown.sort_values(["bad_share", "touchpoint_id"], ascending=[False, True])
    rows = pd.DataFrame({
        "name": [names[place] for place in shown["touchpoint_id"]], "n": shown["customer_count"].map(m.number),
        "share": _shares(shown, "bad_share", m), "elsewhere": shown["bad_share_elsewhere"].map(m.percent),
        "p": shown["p_adjusted"].map(lambda p: _p_value(p, m))})
    columns = {"name": m("dimension.touchpoint"), "n": m("fine.customers"), "share": m("weight.bad_share"),
               "elsewhere": m("fine.elsewhere"), "p": m("change.p_adjusted")}
    return table_html(rows, caption=m("fine.table"), language=m.language, columns=columns)


def turning_points(analysis: Analysis, m: Messages) -> Html:
    """Return after which moments loyal customers turned, against the moments at which they stayed."""
    facts, table = analysis.facts["paths"], analysis.turning_moments
    minimum = analysis.study.insights.minimum_cell
    if is_small(facts["turned"], minimum) or is_small(facts["loyal"], minimum):
        return callout(m, "turns.few", minimum=minimum)
    if not len(table):
        return callout(m, "turns.none")
    told = m("turns.told", turned=facts["turned"], loyal=facts["loyal"], answers=facts["loyal_after"],
             moments=int(table["base"].iloc[0]))
    shown = table[(table["moment_count"] >= minimum) & ~is_small(table["turned_count"], minimum)]
    sure = shown[shown["p_adjusted"] < ALPHA]
    names = _place_names(analysis, m)
    lines = [m("turns.sure", place=isolated(names[row.kind][row.place_id]), turned=int(row.turned_count),
               moments=int(row.moment_count), share=isolated(m.percent(row.precision)),
               span=interval(m, row.precision_low, row.precision_high), base=isolated(m.percent(row.base_share)))
             for row in rows_of(sure)]
    marked = "".join(f"<li>{escape(line)}</li>" for line in lines)
    listed = f"<ul>{marked}</ul>" if lines else paragraph(m("turns.no_sure"))
    return Html(paragraph(told) + listed + _turn_table(shown, names, m))


def _place_names(analysis: Analysis, m: Messages) -> dict[str, dict[str, str]]:
    themes = {str(theme): name for theme, name in marked_names(m, analysis).items()}
    return {"touchpoint": touchpoint_names(m, analysis), "stage": stage_names(m, analysis), "theme": themes}


def _turn_table(shown: pd.DataFrame, names: dict[str, dict[str, str]], m: Messages) -> str:
    rows = pd.DataFrame({
        "place": [names[row.kind][row.place_id] for row in rows_of(shown)],
        "kind": [m("words.theme") if kind == "theme" else m(f"dimension.{kind}") for kind in shown["kind"]],
        "moments": shown["moment_count"].map(m.number), "turned": shown["turned_count"].map(m.number),
        "precision": _shares(shown, "precision", m),
        "lift": [f"{isolated(m.number(row.lift, 1))} ({_span(row.lift_low, row.lift_high, m)})"
                 for row in rows_of(shown)],
        "p": shown["p_adjusted"].map(lambda p: _p_value(p, m))})
    columns = {"place": m("turns.place"), "kind": m("turns.kind"), "moments": m("turns.moments"),
               "turned": m("turns.turned"), "precision": m("turns.precision"), "lift": m("turns.lift"),
               "p": m("change.p_adjusted")}
    return table_html(rows, caption=m("turns.table"), language=m.language, columns=columns)


def _span(low: float, high: float, m: Messages) -> str:
    if pd.isna(low):
        return "–"
    return m("words.interval", low=isolated(m.number(low, 1)), high=isolated(m.number(high, 1)))


def _p_value(p: float, m: Messages) -> str:
    """Return a probability; one that three decimals would show as nothing is named as below the least of them."""
    return m("paths.least_p", p=isolated(m.number(_LEAST_P, 3))) if p < _LEAST_P else m.number(p, 3)

"""What goes with the score, with leaving and with revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, impact_points
from workbench.errors import InputError, did_you_mean
from workbench.insights.disclosure import SMALL
from workbench.report.sections.evidence import (
    SURE,
    listed,
    point_span,
    points,
    probability,
    shown_table,
    subject_name,
    why_not,
)
from workbench.report.sections.withheld import hidden_cells, is_hidden, withheld_note, without_hidden
from workbench.report.sections.wording import (
    callout,
    confidence,
    confidence_interval,
    has_themes,
    interval,
    is_small,
    isolated,
    marked_names,
    no_themes,
    paragraph,
    share_with_interval,
    stable_first,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_UNITS = {"nps": (1, 1), "satisfaction": (100, 1), "effort": (1, 2)}  # factor and digits of what is shown


def impact(analysis: Analysis, m: Messages, measure: str, top: int) -> Figure | Html:
    """Return how much each theme goes with a score, by three methods side by side, strongest first.

    Unstable themes come after the stable ones: another sample of comments might not have them at all.

    Raises
    ------
    InputError
        If there is no such score.
    """
    if measure not in _UNITS:
        raise InputError(f"there is no score {measure!r}{did_you_mean(measure, _UNITS)}; what goes with a score is "
                         f"told of {', '.join(_UNITS)}.")
    if not has_themes(analysis):
        return no_themes(m, analysis)
    table = analysis.impact
    table = table[(table["measure"] == measure) & ~is_hidden(hidden_cells(analysis, "impact"))]
    table = table[table["n"] >= analysis.study.insights.minimum_cell]
    if not len(table):
        return why_not(analysis, m, "impact", measure, of=m(f"score.{measure}"))
    names, (factor, digits) = marked_names(m, analysis), _UNITS[measure]
    reach = table[["leave_out", "adjusted"]].abs().max(axis=1)
    shown = stable_first(table.loc[reach.sort_values(ascending=False, kind="stable").index], analysis).head(top)
    ways = [m("impact.leave_out"), m("impact.adjusted")]
    long = pd.concat([pd.DataFrame({
        "name": [names[theme] for theme in shown["theme_id"]], "way": way, "value": factor * shown[column],
        "low": factor * shown[f"{column}_low"], "high": factor * shown[f"{column}_high"],
    }) for way, column in zip(ways, ("leave_out", "adjusted"), strict=True)], ignore_index=True)
    chart = impact_points(long, axis_title=m(f"impact.unit_{measure}"), language=m.language, ways=ways)
    return Figure(chart, _told(table, names, analysis, m, measure), _impact_table(shown, names, analysis, m, digits,
                                                                                 factor),
                  title=m(f"impact.title_{measure}"), language=m.language)


def _told(table: pd.DataFrame, names: dict[int, str], analysis: Analysis, m: Messages, measure: str) -> str:
    sure = table[table["agreement"].isin(["all", "leave_out_only", "adjusted_only", "opposite", "partly"])]
    left_out = analysis.impact_left_out
    few = int((left_out["measure"] == measure).sum()) if len(left_out) else 0
    parts = [m("impact.figure", answers=m("words.n_answers", count=int(table["base"].iloc[0])),
               confidence=confidence(m, analysis))]
    alike = table.loc[table["agreement"] == "all", "theme_id"].astype(int)
    agreed = [isolated(name) for name in alike.map(names)]
    parts.append(m("impact.agreed", themes=m("words.list_joint").join(agreed)) if agreed else m("impact.none_agreed"))
    if len(sure) > len(agreed):
        parts.append(m("impact.disagreed", count=len(sure) - len(agreed)))
    if few:
        parts.append(m("impact.left_out", count=few))
    return " ".join([*parts, m("impact.no_cause")])


def _impact_table(shown: pd.DataFrame, names: dict[int, str], analysis: Analysis, m: Messages, digits: int,
                  factor: int) -> pd.DataFrame:
    def cell(row: Any, column: str) -> str:
        value, low, high = (getattr(row, name) for name in (column, f"{column}_low", f"{column}_high"))
        if pd.isna(value):
            return "–"
        ends = m("words.interval", low=isolated(m.number(factor * low, digits)),
                 high=isolated(m.number(factor * high, digits)))
        return f"{isolated(m.number(factor * value, digits))} ({ends})"

    rows = list(shown.itertuples())
    weights = [share_with_interval(m, row.weight, row.weight_low, row.weight_high, 1) for row in rows]
    return pd.DataFrame({
        m("words.theme"): shown["theme_id"].map(names).to_list(),
        m("words.answers"): shown["n"].map(m.number).to_list(),
        m("impact.leave_out"): [cell(row, "leave_out") for row in rows],
        m("impact.adjusted"): [cell(row, "adjusted") for row in rows], m("impact.weight"): weights,
        m("impact.agreement"): [m(f"impact.says_{row.agreement}") for row in rows],
    })


def reasons_by_group(analysis: Analysis, m: Messages, top: int) -> Html:
    """Return what promoters, passives and detractors speak of, side by side."""
    table = analysis.group_reasons
    if not len(table) or not (table["theme_id"] >= 0).any():
        told = m("headline.condition", dimension=m("score.nps"), value=m("reason.no_scores"))
        return Html(paragraph(told, "callout"))
    table = table.assign(state=hidden_cells(analysis, "group_reasons"))
    table = table[table["theme_id"] >= 0]
    names, minimum = marked_names(m, analysis), analysis.study.insights.minimum_cell
    states = table["state"].mask(is_small(table["base"], minimum), SMALL)
    spans = [share_with_interval(m, row.comment_share, row.comment_share_low, row.comment_share_high)
             for row in table.itertuples()]
    cells = table.assign(text=without_hidden(pd.Series(spans, index=table.index), states, m))
    order = analysis.themes.loc[analysis.themes["theme_id"].isin(cells["theme_id"]), "theme_id"].tolist()[:top]
    wide = cells.pivot(index="theme_id", columns="group", values="text").reindex(order)
    shown = {m("words.theme"): [names[theme] for theme in order]}
    shown |= {m(f"leaving.{group}"): wide[group].to_list() for group in ("detractor", "passive", "promoter")
              if group in wide}
    note = withheld_note(table["state"], m).strip()
    return Html(shown_table(shown, m, m("leaving.groups")) + (paragraph(note, "muted small") if note else ""))


def leaving(analysis: Analysis, m: Messages, top: int) -> Html:
    """Return how leaving goes with themes; and how well it can be foretold, where outcomes are known."""
    table = analysis.churn_themes
    if not len(table):
        return why_not(analysis, m, "churn")
    names, minimum = marked_names(m, analysis), analysis.study.insights.minimum_cell
    basis = str(table["basis"].iloc[0])
    none_sure = not (table["p_adjusted"] < SURE).any()
    table = table[table["n"] >= minimum]
    rows = list(table.sort_values(["p_value", "theme_id"]).head(top).itertuples())
    small = pd.Series([is_small(round(row.n * row.share_with), minimum) for row in rows], dtype=bool)
    few = pd.Series([is_small(round((row.base - row.n) * row.share_without), minimum) for row in rows], dtype=bool)
    shown = pd.DataFrame({
        m("words.theme"): [names[row.theme_id] for row in rows],
        m("leaving.customers"): [m.number(row.n) for row in rows],
        m("leaving.with"): _masked([m.percent(row.share_with) for row in rows], small, m),
        m("leaving.without"): _masked([m.percent(row.share_without) for row in rows], few, m),
        m("leaving.difference"): _masked([_difference(row, m) for row in rows], small | few, m),
        m("change.p_adjusted"): [probability(m, row.p_adjusted) for row in rows],
    })
    told = paragraph(m(f"leaving.basis_{basis}"))
    if none_sure:
        told += callout(m, "leaving.none_sure", limit=m.number(SURE, 2)).html
    body = shown_table(dict(shown), m, m(f"leaving.table_{basis}"))
    return Html(told + body + _forecast(analysis, m))


def _masked(texts: list[str], small: pd.Series, m: Messages) -> pd.Series:
    return pd.Series(texts, dtype=object).mask(small, m("words.hidden"))


def _difference(row: Any, m: Messages) -> str:
    return f"{isolated(points(m, row.difference))} ({point_span(m, row.difference_low, row.difference_high)})"


def _forecast(analysis: Analysis, m: Messages) -> str:
    """Return the sentences on the forecast and its calibration; nothing without one."""
    measures, bins = analysis.churn_measures, analysis.churn_calibration
    if not len(measures):
        return paragraph(m("leaving.no_forecast"), "callout")
    value = measures.set_index("name")["value"]
    better = value["brier"] < value["brier_of_base_rate"]
    told = m("leaving.forecast" if better else "leaving.forecast_useless", auc=m.number(value["auc"], 2),
             error=isolated(points(m, value["calibration_error"], 1)), brier=m.number(value["brier"], 3),
             base=m.number(value["brier_of_base_rate"], 3), customers=m("words.n_customers",
                                                                       count=int(value["customers"])))
    shown = {m("leaving.foretold"): bins["forecast"].map(m.percent).to_list(),
             m("leaving.happened"): bins["observed"].map(m.percent).to_list(),
             confidence_interval(m, analysis): [interval(m, row.observed_low, row.observed_high)
                                                for row in bins.itertuples()],
             m("leaving.customers"): bins["n"].map(m.number).to_list()}
    return paragraph(told) + shown_table(shown, m, m("leaving.calibration"))


def money(analysis: Analysis, m: Messages, top: int) -> Html:
    """Return the revenue that stands with each theme and stage, beside the plain share of customers."""
    table, notes = analysis.money, analysis.money_notes
    if not len(table):
        return why_not(analysis, m, "money")
    minimum = analysis.study.insights.minimum_cell
    parts = []
    for cut in ("theme", "stage"):
        own = table[(table["cut"] == cut) & (table["customers"] >= minimum)]
        rows = list(own.nlargest(top, ["revenue_low_score", "customers"]).itertuples())
        small = pd.Series([is_small(row.customers_low_score, minimum) for row in rows], dtype=bool)
        few_left = pd.Series([is_small(row.left_count, minimum) for row in rows], dtype=bool)
        shown = pd.DataFrame({
            m(f"money.{cut}"): [subject_name(analysis, m, cut, row.value) for row in rows],
            m("money.customers"): [f"{m.number(row.customers)} ({isolated(m.percent(row.customer_share))})"
                                   for row in rows],
            m("money.revenue_share"): [_with_interval(m, row, "revenue_share") for row in rows],
            m("money.low_score"): _masked([_with_interval(m, row, "revenue_low_score") for row in rows], small, m),
            m("money.excess"): _masked([_with_interval(m, row, "excess") for row in rows], small | few_left, m),
        })
        parts.append(shown_table(dict(shown), m, m(f"money.table_{cut}")) if rows else "")
    told = [m(f"reason.{row.reason}", count=int(row.n)) for row in notes.itertuples()]
    return Html("".join(parts) + paragraph(m("money.assumptions")) + listed(told))


def _with_interval(m: Messages, row: Any, name: str) -> str:
    value, low, high = (getattr(row, part) for part in (name, f"{name}_low", f"{name}_high"))
    if pd.isna(value):
        return "–"
    share = name.endswith("_share")
    told = isolated(m.percent(value) if share else m.number(value))
    return told if pd.isna(low) else f"{told} ({interval(m, low, high, share=share)})"

"""What is known about the themes themselves: their groups, how firm they are, and where to be careful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, interval_bars, table_html
from workbench.columns import UNASSIGNED, UNASSIGNED_THEME
from workbench.insights.disclosure import SHOWN, SMALL, WITHHELD
from workbench.insights.linked import hidden_places
from workbench.report.sections.evidence import listed
from workbench.report.sections.themes import quote_list
from workbench.report.sections.withheld import hidden_cells, is_hidden, withheld_note, without_hidden
from workbench.report.sections.wording import (
    callout,
    confidence,
    confidence_interval,
    found_on_sample,
    has_themes,
    interval,
    is_small,
    isolated,
    mark_note,
    marked_names,
    no_themes,
    other_than_asked,
    paragraph,
    rows_of,
    share_with_interval,
    theme_number,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_SHADES = ("#004B76", "#3F8FBE", "#B9D8EA")
_LEVELS = {1: ("theme",), 2: ("area", "theme"), 3: ("area", "group", "theme")}
_PERCENTAGES = {"coverage", "largest_share", "diversity", "one_customer", "one_template", "stop_words"}
_WHOLE = ("coverage", "largest_share", "gini")
_SINGLE = ("theme_coherence", "stop_words", "one_customer", "one_template")


def theme_tree(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return areas, groups and themes as bars below each other; small cells are hidden."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    groups = analysis.theme_groups.assign(state=hidden_cells(analysis, "theme_groups"))
    groups = groups[groups["group_id"] != UNASSIGNED]
    levels = _LEVELS[int(groups["level"].max())]
    if len(levels) == 1:
        return callout(m, "examined.too_few")
    hidden = is_hidden(groups["state"])
    names = [_group_name(row, analysis, m) for row in groups.itertuples()]
    groups = groups.assign(name=names, is_hidden=hidden)
    # a group that is the same as the area above it says nothing new
    below = groups["theme_ids"] == groups["theme_ids"].shift()
    groups = groups[~below]
    offset = len(_SHADES) - len(levels)
    bars = pd.DataFrame({"name": groups["name"], "value": groups["comment_share"], "low": groups["comment_share_low"],
                         "high": groups["comment_share_high"], "shade": groups["level"] - 1 + offset})
    chart = interval_bars(bars[~groups["is_hidden"]], axis_title=m("words.share_of_comments"), language=m.language,
                          shades=_SHADES)
    areas = groups[(groups["level"] == 1) & ~groups["is_hidden"]].sort_values(
        "comment_count", ascending=False, kind="stable")
    if not len(areas):
        return callout(m, "themes.all_hidden", minimum=analysis.study.insights.minimum_cell)
    told = m("examined.tree_figure", areas=int((groups["level"] == 1).sum()), name=isolated(areas.iloc[0]["name"]),
             share=share_with_interval(m, *areas.iloc[0][
                 ["comment_share", "comment_share_low", "comment_share_high"]]), confidence=confidence(m, analysis))
    told += withheld_note(groups["state"], m) + mark_note(m, groups["name"])
    return Figure(chart, told, _tree_table(groups, levels, analysis, m), title=m("examined.tree_title"),
                  language=m.language)


def _group_name(row: Any, analysis: Analysis, m: Messages) -> str:
    """Return the label of a group, and of one with a single theme that theme's, with its mark."""
    if row.theme_count == 1:
        return marked_names(m, analysis, short=True)[int(row.theme_ids)]
    labels = analysis.group_labels
    own = labels[(labels["group_id"] == row.group_id) & (labels["language"] == m.language)]
    return str(own["label"].iloc[0]) if len(own) else str(row.label)


def _tree_table(groups: pd.DataFrame, levels: tuple[str, ...], analysis: Analysis, m: Messages) -> pd.DataFrame:
    hidden = groups["is_hidden"]
    level_names = [m("words.theme") if level == "theme" else m(f"examined.{level}") for level in levels]
    return pd.DataFrame({
        m("words.name"): groups["name"], m("examined.level"): [level_names[level - 1] for level in groups["level"]],
        m("words.comments"): without_hidden(groups["comment_count"].map(m.number), groups["state"], m),
        m("words.share"): groups["comment_share"].map(m.percent).mask(hidden, "–"),
        confidence_interval(m, analysis): pd.Series(
            [interval(m, row.comment_share_low, row.comment_share_high) for row in groups.itertuples()],
            index=groups.index).mask(hidden, "–"),
    })


def passport(analysis: Analysis, m: Messages) -> Html:
    """Return, for each theme, what is found again without some comments, with other seeds and in another order."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    table, names = analysis.passport, marked_names(m, analysis)
    sampled = "".join(map(paragraph, found_on_sample(analysis.facts["themes"], m)))
    if not table[["resamples", "seeds"]].to_numpy().any():
        return Html(sampled + callout(m, "examined.passport_unmeasured").html)
    shown = pd.DataFrame({"theme": [names[theme] for theme in table["theme_id"]],
                          "number": [theme_number(m, theme) for theme in table["theme_id"]]})
    headings = {"theme": m("words.theme"), "number": m("kept.number")}
    for name in ("resample", "seed"):
        runs = int(table[f"{name}s"].max())
        if runs:
            shown[name] = [_spread(m, *values) for values in
                           zip(*(table[f"{name}_{part}"] for part in ("share", "lowest", "highest")), strict=True)]
            headings[name] = m("examined.runs", name=m(f"examined.found_{name}s"), count=runs)
    shown["order"] = [m.percent(share) for share in table["order_share"]]
    shown["verdict"] = [m(f"examined.verdict_{verdict}") for verdict in table["verdict"]]
    headings |= {"order": m("examined.found_order"), "verdict": m("examined.verdict")}
    note = m("examined.passport_note", unstable=int((table["verdict"] == "unstable").sum()), all=len(table),
             threshold=isolated(m.percent(analysis.study.quality.stability)))
    return Html(sampled + paragraph(note) + table_html(shown, caption=m("examined.passport"), language=m.language,
                                                       columns=headings))


def _spread(m: Messages, mean: float, lowest: float, highest: float) -> str:
    return m("examined.spread", **{name: isolated(m.percent(value)) for name, value in
                                   (("mean", mean), ("lowest", lowest), ("highest", highest))})


def parity(analysis: Analysis, m: Messages) -> Html:
    """Return how well the language can be told from the theme: as the themes are, and with the other setting."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    table = analysis.parity[analysis.parity["language"] == ""]
    used = _removal(analysis)
    own = table[(table["measure"] == "balanced_accuracy") & (table["removal"] == used)].iloc[0]
    if pd.isna(own["value"]):
        return callout(m, "examined.no_languages")
    told = m("examined.above_chance" if own["p_value"] < 0.05 else "examined.as_chance",
             value=isolated(m.percent(own["value"])), chance=isolated(m.percent(own["chance"])))
    shown = table[table["value"].notna()]
    numbers = pd.DataFrame({
        "measure": [m(f"examined.{measure}") for measure in shown["measure"]],
        "removal": [_removal_name(removal, used, m) for removal in shown["removal"]],
        "value": [_measured(m, row.measure, row.value) for row in shown.itertuples()],
        "chance": [_measured(m, row.measure, row.chance) for row in shown.itertuples()],
        "high": [_measured(m, row.measure, row.chance_high) for row in shown.itertuples()],
        "n": shown["n"].map(m.number),
    })
    columns = {"measure": m("examined.measure"), "removal": m("examined.removal"), "value": m("examined.value"),
               "chance": m("examined.by_chance"), "high": m("examined.by_chance_high"), "n": "n"}
    missing = "" if "parallel" in set(shown["measure"]) else paragraph(m("examined.no_parallel"), "muted small")
    body = table_html(numbers, caption=m("examined.parity"), language=m.language, columns=columns)
    return Html(paragraph(told) + body + missing)


def _removal(analysis: Analysis) -> str:
    return "on" if analysis.study.themes.remove_language else "off"


def _removal_name(removal: str, used: str, m: Messages) -> str:
    key = "taken_out" if removal == "on" else "left_in"
    return m(f"examined.{key}_used" if removal == used else f"examined.{key}")


def _measured(m: Messages, measure: str, value: float) -> str:
    return m.number(value, 2) if measure == "nmi" else m.percent(value)


def unassigned_by_language(analysis: Analysis, m: Messages) -> Figure | Html:
    """Return the share of each language's comments without a theme, beside that of the other setting.

    Of a share that stands for a small count only the bound is told.
    """
    used, minimum = _removal(analysis), analysis.study.insights.minimum_cell
    table = analysis.parity.assign(state=hidden_cells(analysis, "parity"))
    table = table[table["measure"] == "unassigned"]
    own = table[table["removal"] == used]
    told = [state == SHOWN for state in hidden_places(own["language"].tolist(), own["n"].tolist(), minimum)]
    unsaid = analysis.languages.loc[is_hidden(hidden_cells(analysis, "languages")), "value"]
    own = own[told][lambda rows: ~rows["language"].isin(unsaid)]
    if not len(own) and analysis.facts["insights"]["counted"]:
        return callout(m, "voices.all_hidden", minimum=minimum)
    if not len(own):
        return callout(m, "headline.nothing_counted")
    other = table[table["removal"] != used].set_index("language").reindex(own["language"]).set_axis(own.index)
    own = own.assign(name=[value_name(m, "language", language, analysis) for language in own["language"]],
                     mark=other["value"].astype("float64").mask(is_hidden(other["state"])))
    shown, title = own[~is_hidden(own["state"])], m("examined.unassigned_title")
    display = pd.DataFrame({
        m("dimension.language"): own["name"], m("words.comments"): own["n"].map(m.number),
        m("words.share"): _bounded(own, minimum, m),
        confidence_interval(m, analysis): [interval(m, row.low, row.high) if row.state == SHOWN else ""
                                           for row in rows_of(own)],
        _removal_name("off" if used == "on" else "on", used, m): _bounded(other, minimum, m)})
    if not len(shown):
        return Html(table_html(display, caption=title, language=m.language))
    chart = interval_bars(shown[["name", "value", "low", "high", "mark"]], axis_title=m("words.share_of_comments"),
                          language=m.language, reference="mark")
    description = _most_unassigned(own, minimum, m) + m(
        "examined.unassigned_figure", confidence=confidence(m, analysis),
        other=m("examined.left_in" if used == "on" else "examined.taken_out"))
    return Figure(chart, description + withheld_note(own["state"], m), display, title=title, language=m.language)


def _bounded(rows: pd.DataFrame, minimum: int, m: Messages) -> pd.Series:
    """Return shares; of one that stands for a small count, or for all but a small one, the bound."""
    few, bound = is_small((rows["n"] * rows["value"]).round(), minimum), (minimum - 1) / rows["n"]
    at_most = bound.map(lambda share: m("disclosure.at_most", share=isolated(m.percent(share))))
    at_least = bound.map(lambda share: m("disclosure.at_least", share=isolated(m.percent(1 - share))))
    return rows["value"].map(m.percent).mask(rows["state"] == SMALL, at_most.where(few, at_least)).mask(
        rows["state"] == WITHHELD, m("disclosure.withheld"))


def _most_unassigned(own: pd.DataFrame, minimum: int, m: Messages) -> str:
    """Return a sentence on the language with the largest share, where no hidden one can be larger."""
    most = own[~is_hidden(own["state"])].sort_values("value", ascending=False, kind="stable").iloc[0]
    hidden = own[is_hidden(own["state"])]
    bounds = ((minimum - 1) / hidden["n"]).where(is_small((hidden["n"] * hidden["value"]).round(), minimum), 1.0)
    if most["value"] <= bounds.max() or not most["value"]:
        return ""
    return m("examined.unassigned_most", name=isolated(most["name"]),
             share=share_with_interval(m, most["value"], most["low"], most["high"])) + " "


def unassigned_sample(analysis: Analysis, m: Messages) -> Html:
    """Return statements that no theme fits, drawn at random, so that a person can judge the floor."""
    outside = analysis.assignments.loc[analysis.assignments["theme_id"] == UNASSIGNED_THEME, "statement_id"]
    counted = analysis.profile.loc[analysis.profile["is_counted"], "feedback_id"]
    own = analysis.statements[analysis.statements["statement_id"].isin(outside)
                              & analysis.statements["feedback_id"].isin(counted)]
    if not len(own):
        return Html(paragraph(m("without.none")))
    minimum, states = analysis.study.insights.minimum_cell, hidden_cells(analysis, "themes")
    drawn = analysis.unassigned_sample.merge(own[["statement_id", "direction"]], on="statement_id")
    if is_small(own["feedback_id"].nunique(), minimum) or not len(drawn):
        return callout(m, "without.hidden", minimum=minimum)
    if is_hidden(states[analysis.themes["theme_id"] == UNASSIGNED_THEME]).any():
        return callout(m, "disclosure.note")
    told, floor = m("without.told", shown=len(drawn), all=m.number(len(own))), analysis.facts["themes"].get("floor")
    if floor is not None:
        told += " " + m("without.floor", floor=isolated(m.number(floor, 2)))
    return Html(paragraph(told) + quote_list(drawn, analysis, m))


def theme_quality(analysis: Analysis, m: Messages) -> Html:
    """Return the measures of all themes together, and those of each language's words."""
    table = analysis.quality
    whole = table[table["measure"].isin(_WHOLE)]
    spoken = table[table["measure"].isin(("coherence", "diversity")) & (table["language"] != "")]
    parts = [paragraph(told) for told in other_than_asked(analysis.facts["themes"], m)]
    parts.append(_judgements(whole, m, m("examined.measures")))
    if len(spoken):
        names = [value_name(m, "language", language, analysis) for language in spoken["language"]]
        parts.append(_judgements(spoken.assign(name=names), m, m("examined.measures_by_language"),
                                 {"name": m("dimension.language")}))
    return Html("".join(parts))


def _judgements(rows: pd.DataFrame, m: Messages, caption: str, first: dict[str, str] | None = None) -> str:
    shown = rows.assign(
        told=[m(f"examined.{measure}") for measure in rows["measure"]],
        shown=[_written(m, *pair) for pair in zip(rows["measure"], rows["value"], strict=True)],
        limit=[_written(m, *pair) for pair in zip(rows["measure"], rows["threshold"], strict=True)],
        judged=[m(f"examined.verdict_{verdict}") for verdict in rows["verdict"]])
    columns = {**(first or {}), "told": m("examined.measure"), "shown": m("examined.value"),
               "limit": m("examined.threshold"), "judged": m("examined.verdict")}
    return table_html(shown, caption=caption, language=m.language, columns=columns)


def _written(m: Messages, measure: str, value: float) -> str:
    if pd.isna(value):
        return m("examined.unmeasured")
    return m.percent(value) if measure in _PERCENTAGES else m.number(value, 2)


def themes_to_look_at(analysis: Analysis, m: Messages) -> Html:
    """Return the themes that a measure marks, each with the reason, and the pairs that may be one theme."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    table, names = analysis.quality[analysis.quality["verdict"] == "poor"], marked_names(m, analysis)
    weak = table[table["measure"].isin(_SINGLE)].sort_values(["theme_id", "measure"], kind="stable")
    small = analysis.themes.set_index("theme_id")["comment_count"] < analysis.study.insights.minimum_cell
    weak = weak[~weak["theme_id"].map(small).astype(bool)]
    named = weak.assign(name=[names[theme] for theme in weak["theme_id"]])
    first = _judgements(named, m, m("examined.weak"), {"name": m("words.theme")}) if len(weak) else \
        paragraph(m("examined.weak_none"))
    return Html(first + _duplicates(table[table["measure"] == "near_duplicate"], names, m))


def _duplicates(pairs: pd.DataFrame, names: dict[int, str], m: Messages) -> str:
    if not len(pairs):
        return paragraph(m("examined.duplicates_none"))
    shown = pd.DataFrame({"one": [names[theme] for theme in pairs["theme_id"]],
                          "other": [names[theme] for theme in pairs["other_theme_id"]],
                          "similar": [m.number(value, 2) for value in pairs["value"]],
                          "words": pairs["n"].map(m.number)})
    columns = {"one": m("words.theme"), "other": m("examined.other_theme"), "similar": m("examined.similarity"),
               "words": m("examined.shared_words")}
    return table_html(shown, caption=m("examined.duplicates"), language=m.language, columns=columns)


def how_they_were_named(analysis: Analysis, m: Messages) -> Html:
    """Return which given themes were not found, whether a language model named any, and why its names were refused."""
    facts, told = analysis.facts.get("naming", {}), _not_found(analysis, m)
    if not facts.get("asked"):
        return Html(told + paragraph(m("examined.labels_own")))
    told += paragraph(m("examined.labels_asked", model=isolated(facts["model"]), accepted=facts["accepted"],
                       asked=facts["asked"]))
    refused = facts.get("refused", {})
    rows = pd.DataFrame({"reason": [m(f"examined.why.{reason}") for reason in sorted(refused)],
                         "n": [m.number(refused[reason]) for reason in sorted(refused)]})
    columns = {"reason": m("examined.reason"), "n": "n"}
    table = table_html(rows, caption=m("examined.refused"), language=m.language, columns=columns) if refused else ""
    return Html(told + table)


def _not_found(analysis: Analysis, m: Messages) -> str:
    given = analysis.given_themes
    names = {kind: given.loc[given["outcome"] == kind, "name"] for kind in ("no_match", "shared")} if len(given) else {}
    return "".join(paragraph(m(f"examined.given_{kind}")) + listed(list(map(isolated, which)))
                   for kind, which in names.items() if len(which))

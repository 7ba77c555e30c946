"""What to know first: key figures and the ranked findings."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.charts import Html
from workbench.insights import drop_future_dates
from workbench.insights.disclosure import SHOWN, WITHHELD
from workbench.insights.headlines import FIRST, OF_A_KIND
from workbench.insights.scores import SHARES
from workbench.report.sections.withheld import hidden_cells
from workbench.report.sections.wording import (
    callout,
    confidence,
    dimension_name,
    interval,
    is_small,
    isolated,
    measured_share,
    paragraph,
    period_in_words,
    rows_of,
    share_with_interval,
    theme_names,
    touchpoint_name,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_NO_COMMENTS = ("empty_text", "forgotten")  # rows rejected for this are no comments that are missing here


def about(analysis: Analysis, m: Messages) -> Html:
    """Return what was studied and the days that it covers."""
    exceeded = analysis.facts["insights"]["exceeded_day"]
    last = None if exceeded is None else date.fromisoformat(exceeded)
    stated = analysis.comments["created_at"].dropna() if "created_at" in analysis.comments else pd.Series(dtype=object)
    days = drop_future_dates(stated.to_frame(), last)["created_at"].dropna() if len(stated) else stated
    covered = m("headline.covered", first=m.date(days.min()), last=m.date(days.max())) if len(days) else \
        m("change.no_dates")
    if last is not None and len(stated) > len(days):
        covered += f" ({m('paths.left_future', day=m.date(last), count=len(stated) - len(days))})"
    part = paragraph(_part(analysis, m), "callout") if analysis.only else ""
    return Html(f'<div class="lede"><bdi>{escape(analysis.study.name)}</bdi></div>{paragraph(covered, "meta")}{part}')


def _part(analysis: Analysis, m: Messages) -> str:
    """Return which part of the comments this is, and how large it is."""
    facts = analysis.facts["cut"]
    conditions = [m("headline.condition", dimension=dimension_name(m, name),
                    value=isolated(value_name(m, name, value, analysis))) for name, value in analysis.only.items()]
    given = {"conditions": m("words.list_joint").join(conditions), "count": facts["comments"]}
    if is_small(facts["of"] - facts["comments"], analysis.study.insights.minimum_cell):
        return m("disclosure.few_others", **given)
    return m("headline.only", **given, all=facts["of"])


def key_figures(analysis: Analysis, m: Messages) -> Html:
    """Return a card each for comments, languages, themes and the scores there are."""
    facts = analysis.facts["insights"]
    if not facts["counted"]:
        return callout(m, "headline.nothing_counted")
    heard = analysis.coverage.query("dimension == 'language' and value != 'und' and comment_count > 0")
    enough = heard[heard["comment_count"] >= analysis.study.insights.minimum_cell]
    languages = enough if len(enough) else heard  # of one or two short comments the language is often mistaken
    themes = analysis.themes[analysis.themes["theme_id"] >= 0]
    cards = [
        (m.number(facts["counted"]), m("headline.comments", count=facts["counted"]),
         _of_read(analysis, m)),
        (m.number(len(languages)), m("headline.languages", count=len(languages)), ""),
        (m.number(len(themes)), m("headline.themes", count=len(themes)), _unassigned(analysis, m)),
        *(_score_card(row, analysis, m) for row in analysis.scores.itertuples()),
    ]
    return Html(f'<ul class="cards">{"".join(_card(*card) for card in cards)}</ul>')


def _of_read(analysis: Analysis, m: Messages) -> str:
    """Return how many comments were read, and how many rows held one that could not be used; of a part nobody knows."""
    read = analysis.facts["insights"]["comments"]
    lost = 0 if analysis.only else int((~analysis.rejected["reason"].isin(_NO_COMMENTS)).sum())
    return m("headline.comments_of_more", all=read, rows=lost) if lost else m("headline.comments_of", all=read)


def _unassigned(analysis: Analysis, m: Messages) -> str:
    rest = analysis.themes[(analysis.themes["theme_id"] < 0) & (hidden_cells(analysis, "themes") == SHOWN)]
    if not len(rest):
        return ""
    rest = rest.iloc[0]
    return m("headline.unassigned", share=share_with_interval(
        m, rest["comment_share"], rest["comment_share_low"], rest["comment_share_high"]))


def _score_card(row: Any, analysis: Analysis, m: Messages) -> tuple[str, str, str]:
    measure, minimum = str(row.measure), analysis.study.insights.minimum_cell
    if is_small(row.n, minimum):
        return "–", m(f"score.{measure}"), m("headline.score_hidden", minimum=minimum)
    share = measure in SHARES
    digits = 1 if measure == "effort" else 0
    value, low, high = row.score, row.score_low, row.score_high
    shown = m.percent(value) if share else m.number(value, digits)
    span = m("words.interval", low=isolated(m.percent(low) if share else m.number(low, digits)),
             high=isolated(m.percent(high) if share else m.number(high, digits)))
    return shown, m(f"score.{measure}"), m("headline.score_detail", span=span, confidence=confidence(m, analysis),
                                          answers=m("words.n_answers", count=int(row.n)))


def _card(value: str, label: str, detail: str) -> str:
    below = f'<p class="detail">{escape(detail)}</p>' if detail else ""
    return f'<li class="card"><p class="value">{escape(value)}</p><p class="label">{escape(label)}</p>{below}</li>'


def first_findings(analysis: Analysis) -> pd.DataFrame:
    """Return the findings of the first page, in the order of their rank: of one kind no more than three, unless there
    are no others. The short page takes the first of each kind, wherever they rank.
    """
    return _mixed(told_findings(analysis))


def _mixed(table: pd.DataFrame) -> pd.DataFrame:
    crowd = (table.groupby("kind").cumcount() >= OF_A_KIND).to_numpy()
    first = np.argsort(crowd, kind="stable")[:FIRST]
    return table.iloc[np.sort(first)]


def findings(analysis: Analysis, m: Messages) -> Html:
    """Return the ranked findings, each a sentence with its numbers."""
    table = first_findings(analysis)
    if not len(table):
        return Html(f'<p class="callout warning">{escape(m("headline.none"))}</p>')
    names = theme_names(m, analysis)
    sentences = [finding_sentence({str(name): value for name, value in row.items()}, names, analysis, m)
                 for row in table.to_dict("records")]
    items = "".join(f'<li dir="{m.direction}">{escape(text)}</li>' for text in sentences)
    return Html(f"<h3>{escape(m('headline.findings'))}</h3><ol>{items}</ol>")


def told_findings(analysis: Analysis) -> pd.DataFrame:
    """Return the findings that may be told, each with the ``state`` of its cell.

    Who was hardly heard is told without the number where that is hidden, and so is what stood out for some time where
    the rest of the time is a small cell; of other hidden cells there is no finding.
    """
    table, names = analysis.headlines, ("stretch", "unheard", "turn")
    if not len(table):
        return table.assign(state=pd.Series(dtype=object))
    table = table.assign(state=hidden_cells(analysis, "headlines"))
    few = [row.kind == "stretch" and _small_elsewhere(int(row.theme_id), analysis) for row in rows_of(table)]
    table["state"] = table["state"].mask(pd.Series(few, index=table.index), WITHHELD)
    return table[(table["state"] == SHOWN) | table["kind"].isin(names)]


def finding_sentence(row: dict[str, Any], names: dict[int, str], analysis: Analysis, m: Messages) -> str:
    """Return one row of the table of findings as a sentence with all of its numbers."""
    kind = str(row["kind"])
    if kind in ("turn", "leaving"):
        return _turned(row, analysis, m) if kind == "turn" else _left(row, names, m)
    n, minimum = int(row["n"]), analysis.study.insights.minimum_cell
    values: dict[str, Any] = {"comments": m("words.n_comments", count=n), "answers": m("words.n_answers", count=n),
                              "minimum": minimum}
    values["span"] = interval(m, row["estimate_low"], row["estimate_high"], kind != "low_score")
    if not pd.isna(row["theme_id"]):
        values["theme"] = isolated(names[int(row["theme_id"])])
    write = m.number if kind == "low_score" else m.percent
    values |= {"estimate": isolated(write(row["estimate"])), "comparison": isolated(write(row["comparison"]))}
    if kind == "stretch":
        if row["state"] == WITHHELD:
            return few_at_other_times(row, names, analysis, m)
        values["comparison"] = measured_share(m, _stretch(int(row["theme_id"]), analysis), "_elsewhere")
        first, last = pd.Timestamp(row["first_period"]), pd.Timestamp(row["last_period"])
        period = analysis.study.insights.period
        values |= {"first": period_in_words(m, first, period), "last": period_in_words(m, last, period)}
        kind = "stretch_one" if first == last else kind
    if kind == "unheard":
        dimension = str(row["dimension"])
        values |= {name: isolated(m.percent(row[name], 1)) for name in ("estimate", "comparison")}
        values["span"] = interval(m, row["estimate_low"], row["estimate_high"], digits=1)
        values["dimension"] = m(f"dimension.{dimension}")
        values["value"] = isolated(value_name(m, dimension, str(row["value"]), analysis))
        kind = "unheard_at_all" if n == 0 else "unheard_few" if is_small(n, minimum) else kind
        if row["state"] == WITHHELD:
            return m("disclosure.unheard", **{name: values[name] for name in ("value", "dimension", "comparison")})
    return m(f"finding.{kind}", **values)


def few_at_other_times(row: dict[str, Any], names: dict[int, str], analysis: Analysis, m: Messages) -> str:
    """Return the sentence on a theme that stood out, whose numbers would tell how few spoke of it at other times."""
    return m("disclosure.stretch", theme=isolated(names[int(row["theme_id"])]), when=when_in_words(row, analysis, m),
             minimum=analysis.study.insights.minimum_cell)


def when_in_words(row: dict[str, Any], analysis: Analysis, m: Messages) -> str:
    """Return the time from a finding's first period to its last, as a sentence speaks of it."""
    period = analysis.study.insights.period
    first, last = (period_in_words(m, pd.Timestamp(row[name]), period) for name in ("first_period", "last_period"))
    return m("brief.during", period=first) if first == last else m("brief.from_to", first=first, last=last)


def _turned(row: dict[str, Any], analysis: Analysis, m: Messages) -> str:
    """Return the sentence on scores that turned on some day."""
    way = "turn_better" if row["estimate"] > 0 else "turn_worse"
    place = {"value": isolated(value_name(m, str(row["dimension"]), str(row["value"]), analysis))} \
        if row["value"] else {}
    return m(f"finding.{way}_in" if place else f"finding.{way}", **place, **_two_shares(row, m),
             subject=isolated(touchpoint_name(m, str(row["subject"]), analysis)),
             first=isolated(m.date(pd.Timestamp(row["first_period"]))),
             comments=m("words.n_comments", count=int(row["n"])))


def _left(row: dict[str, Any], names: dict[int, str], m: Messages) -> str:
    """Return the sentence on a theme whose customers leave more than others."""
    return m("finding.leaving", theme=isolated(names[int(row["theme_id"])]), **_two_shares(row, m),
             customers=m("words.n_customers", count=int(row["n"])))


def _two_shares(row: dict[str, Any], m: Messages) -> dict[str, str]:
    """Return what is compared, what it is compared with, and the interval of the difference in points.

    The difference is told without its sign, in the way that it goes; an end that goes the other way is below zero.
    """
    points = 100 if row["estimate"] > 0 else -100
    low, high = sorted(points * row[name] for name in ("estimate_low", "estimate_high"))
    return {"own": isolated(m.percent(row["comparison"] + row["estimate"])),
            "comparison": isolated(m.percent(row["comparison"])), "span": interval(m, low, high, share=False)}


def _small_elsewhere(theme: int, analysis: Analysis) -> bool:
    """Return whether the rest, with which a theme's stretch is compared, is too small to be shown."""
    return bool(is_small(_stretch(theme, analysis)["comment_count_elsewhere"], analysis.study.insights.minimum_cell))


def _stretch(theme: int, analysis: Analysis) -> Any:
    """Return the stretch of time in which a theme stood out, beside the rest of the time."""
    return analysis.stretches.set_index("theme_id").loc[theme]

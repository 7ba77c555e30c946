"""What people speak of: shares, words in their own languages, quotes, scores."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, interval_bars, score_points
from workbench.insights.disclosure import SMALL, WITHHELD
from workbench.language import direction_of
from workbench.report.sections.evidence import SURE
from workbench.report.sections.tone import tone_of_theme
from workbench.report.sections.withheld import (
    hidden_cells,
    is_hidden,
    withheld_note,
    without_few_customers,
    without_hidden,
)
from workbench.report.sections.wording import (
    callout,
    confidence,
    confidence_interval,
    has_themes,
    interval,
    is_stable,
    isolated,
    marked_names,
    no_themes,
    own_letters,
    quoted,
    share_with_interval,
    stable_first,
    theme_names,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_TERM_LANGUAGES, _TERMS = 6, 6


def theme_shares(analysis: Analysis, m: Messages, top: int) -> Figure | Html:
    """Return the share of comments that speak of each theme, the unassigned beside them; small cells are hidden."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    names, minimum = marked_names(m, analysis), analysis.study.insights.minimum_cell
    table, shares = _with_states(analysis), ["comment_share", "comment_share_low", "comment_share_high"]
    table[shares] = table[shares].mask(is_hidden(table["state"]))
    real = table[table["theme_id"] >= 0].sort_values("comment_count", ascending=False, kind="stable")
    told_of = real[~is_hidden(real["state"]) & (real["comment_count"] > 0)]
    if not len(told_of):
        return callout(m, "themes.all_hidden", minimum=minimum)
    first = told_of.iloc[0]
    shown = pd.concat([real.head(top), table[table["theme_id"] < 0]])
    shown = shown.assign(name=[names[theme] for theme in shown["theme_id"]])
    bars = shown.rename(columns={"comment_share": "value", "comment_share_low": "low", "comment_share_high": "high"})
    chart = interval_bars(bars[["name", "value", "low", "high"]].dropna(subset=["value"]),
                          axis_title=m("words.share_of_comments"), language=m.language)
    limit = analysis.study.quality.stability
    shaky = int((~real["stability"].map(lambda value: is_stable(value, limit))).sum())
    told = m("themes.figure", name=isolated(names[first["theme_id"]]), count=len(real),
             share=share_with_interval(
                 m, first["comment_share"], first["comment_share_low"], first["comment_share_high"]),
             confidence=confidence(m, analysis))
    unstable = m("themes.stability_note", count=shaky, threshold=isolated(m.percent(limit))) if shaky else ""
    description = f"{told} {unstable}".rstrip()
    few = len(real) - len(without_few_customers(real, analysis))
    description += (" " + m("themes.few_customers", count=few, minimum=minimum) if few else "") + \
        withheld_note(shown["state"], m)
    return Figure(chart, description, _shares_table(shown, analysis, m), title=m("themes.shares_title"),
                  language=m.language)


def _with_states(analysis: Analysis) -> pd.DataFrame:
    return analysis.themes.assign(state=hidden_cells(analysis, "themes"))


def _shares_table(shown: pd.DataFrame, analysis: Analysis, m: Messages) -> pd.DataFrame:
    states = shown["state"]
    told = {"words.comments": "comment_count"}
    told |= {"leaving.customers": "customer_count"} if "customer_count" in shown else {}
    return pd.DataFrame({
        m("words.theme"): shown["name"],
        **{m(name): without_hidden(shown[column].map(m.number), states, m) for name, column in told.items()},
        m("words.statements"): without_hidden(shown["statement_count"].map(m.number), states, m),
        m("words.share"): without_hidden(shown["comment_share"].map(m.percent), states, m),
        confidence_interval(m, analysis): [interval(m, row.comment_share_low, row.comment_share_high)
                                           for row in shown.itertuples()],
        m("themes.stability"): shown["stability"].map(lambda value: m.number(value, 2)),
    })


def theme_scores(analysis: Analysis, m: Messages, top: int) -> Figure | Html:
    """Return the NPS of the people who speak of each theme beside everybody's, those first that are most surely low.

    A few answers give extreme scores by chance, so that an order by scores would begin with the least sure. Unstable
    themes come after the stable ones: another sample of comments might not have them at all.
    """
    if not has_themes(analysis):
        return no_themes(m, analysis)
    scores, overall = analysis.theme_scores, analysis.scores
    minimum = analysis.study.insights.minimum_cell
    scores = scores[~is_hidden(hidden_cells(analysis, "theme_scores"))]
    nps = scores[(scores["measure"] == "nps") & (scores["theme_id"] >= 0) & (scores["n"] >= minimum)]
    if not len(nps):
        return Html(f"<p>{escape(m('themes.no_scores'))}</p>")
    names = marked_names(m, analysis)
    everybody = float(overall.set_index("measure").at["nps", "score"])
    shown = stable_first(nps.sort_values(["score_high", "score", "theme_id"]), analysis).head(top)
    shown = shown.assign(name=[names[theme] for theme in shown["theme_id"]])
    points = shown.rename(columns={"score": "value", "score_low": "low", "score_high": "high"})
    chart = score_points(points[["name", "value", "low", "high"]], axis_title=m("score.nps"), language=m.language,
                         everybody=everybody)
    first = shown.iloc[0]
    description = m("themes.scores_figure", name=isolated(first["name"]), score=isolated(m.number(first["score"])),
                    span=interval(m, first["score_low"], first["score_high"], share=False),
                    answers=m("words.n_answers", count=int(first["n"])), everybody=isolated(m.number(everybody)),
                    confidence=confidence(m, analysis)) + _surely_low(nps, analysis, m)
    display = pd.DataFrame({
        m("words.theme"): shown["name"], m("words.answers"): shown["n"].map(m.number),
        m("score.nps"): shown["score"].map(m.number),
        confidence_interval(m, analysis): [interval(m, row.score_low, row.score_high, share=False)
                                           for row in shown.itertuples()],
    })
    return Figure(chart, description, display, title=m("themes.scores_title"), language=m.language)


def _surely_low(scores: pd.DataFrame, analysis: Analysis, m: Messages) -> str:
    """Return how many themes are low beyond chance: among many intervals some lie low by chance."""
    compared = scores.merge(analysis.theme_comparison.drop(columns="n"), on="theme_id").dropna(subset=["p_adjusted"])
    if not len(compared):
        return ""
    sure = compared["p_adjusted"].lt(SURE) & compared["score"].lt(compared["score_elsewhere"])
    return " " + m("themes.scores_sure", sure=isolated(m.number(int(sure.sum()))), all=isolated(m.number(len(sure))))


def theme_profiles(analysis: Analysis, m: Messages, top: int) -> Html:
    """Return, for each theme, its share, the words of each language, and what people said for and against."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    themes, names = _largest(analysis, top), theme_names(m, analysis)
    if not themes:
        return callout(m, "themes.all_hidden", minimum=analysis.study.insights.minimum_cell)
    return Html("".join(_profile(row, names[row.theme_id], analysis, m) for row in themes))


def _largest(analysis: Analysis, most: int) -> list[Any]:
    """Return the themes with enough comments to be shown, the largest first."""
    themes = _with_states(analysis)
    shown = themes[(themes["theme_id"] >= 0) & (themes["comment_count"] > 0) & (themes["state"] != SMALL)]
    return list(shown.sort_values(["comment_count", "theme_id"], ascending=[False, True]).head(most).itertuples())


def voices_first(analysis: Analysis, m: Messages, most: int) -> Html:
    """Return what people say, theme by theme, quotes before shares."""
    if not has_themes(analysis):
        return no_themes(m, analysis)
    names, parts = marked_names(m, analysis), []
    for row in _largest(analysis, most):
        quotes = analysis.quotes[analysis.quotes["theme_id"] == row.theme_id]
        if len(quotes):
            parts.append(f'<section><h3 dir="auto">{escape(names[row.theme_id])}</h3>{quote_list(quotes, analysis, m)}'
                         f'<p class="meta">{escape(_profile_share(row, analysis, m))}</p></section>')
    return Html("".join(parts)) if parts else callout(m, "themes.no_quotes")


def _profile(row: Any, name: str, analysis: Analysis, m: Messages) -> str:
    theme, share = row.theme_id, _profile_share(row, analysis, m)
    quotes = analysis.quotes[analysis.quotes["theme_id"] == theme]
    typical, diverse, contrary = (quotes[quotes["role"] == role] for role in ("typical", "diverse", "contrary"))
    others = f"<h4>{escape(m('themes.diverse'))}</h4>{quote_list(diverse, analysis, m)}" if len(diverse) else ""
    against = f"<h4>{escape(m('themes.contrary'))}</h4>{quote_list(contrary, analysis, m)}" if len(contrary) else \
        f'<p class="muted small">{escape(m("themes.no_contrary"))}</p>'
    warning = "" if is_stable(row.stability, analysis.study.quality.stability) else (
        f'<p class="callout warning">{escape(m("themes.unstable", value=m.number(row.stability, 2)))}</p>')
    tone = tone_of_theme(theme, analysis, m)
    spoken = f'<p class="meta">{escape(tone)}</p>' if tone else ""
    return (f'<section><h3 dir="auto">{escape(name)}</h3><p class="meta">{escape(share)}</p>{spoken}{warning}'
            f"{_summary(theme, analysis, m)}"
            f"{_terms(theme, analysis, m)}<h4>{escape(m('themes.typical'))}</h4>"
            f"{quote_list(typical, analysis, m)}{others}{against}</section>")


def _summary(theme: int, analysis: Analysis, m: Messages) -> str:
    """Return what people wrote of the theme in the language of the report, or what a language model did, if asked."""
    written = analysis.theme_descriptions
    own = written.loc[(written["theme_id"] == theme) & (written["language"] == m.language), "text"]
    if len(own):
        return f'<p dir="auto">{escape(own.iloc[0])}</p>'
    table = analysis.summaries
    own = table.loc[(table["theme_id"] == theme) & (table["language"] == m.language), "summary"]
    return f"<p>{escape(m('themes.summary', summary=isolated(own.iloc[0])))}</p>" if len(own) else ""


def _profile_share(row: Any, analysis: Analysis, m: Messages) -> str:
    if row.state == WITHHELD:
        return m("disclosure.note")
    told = m("words.n_comments", count=int(row.comment_count))
    if "customer_count" in analysis.themes:
        told += m("words.list_joint") + m("words.n_customers", count=int(row.customer_count))
    return m("themes.profile", share=isolated(m.percent(row.comment_share)),
             span=interval(m, row.comment_share_low, row.comment_share_high), comments=told)


def _terms(theme: int, analysis: Analysis, m: Messages) -> str:
    """Return a line of words for each language that speaks most in the theme."""
    terms = analysis.terms[analysis.terms["theme_id"] == theme]
    volume = terms.groupby("language")["comment_count"].sum()
    order = sorted(volume.index, key=lambda language: (-volume[language], language))[:_TERM_LANGUAGES]
    rows = []
    for language in order:
        words = terms[terms["language"] == language].head(_TERMS)["term"].map(partial(own_letters, language=language))
        joined = " · ".join(f"<bdi>{escape(word)}</bdi>" for word in words)
        rows.append(f'<dt>{escape(value_name(m, "language", language, analysis))}</dt>'
                    f'<dd lang="{escape(language)}" dir="{_direction(words)}">{joined}</dd>')
    return f'<dl class="terms">{"".join(rows)}</dl>' if rows else ""


def _direction(words: pd.Series) -> str:
    return direction_of(" ".join(words))


def quote_list(quotes: pd.DataFrame, analysis: Analysis, m: Messages) -> str:
    """Return quotes as a list, each in its own direction, with its language and id."""
    return '<ul class="quotes">' + "".join(_quote(row, analysis, m) for row in quotes.itertuples()) + "</ul>"


def _quote(row: Any, analysis: Analysis, m: Messages) -> str:
    language = str(row.language)
    source = m("words.list_joint").join([value_name(m, "language", language, analysis),
                                         isolated(row.feedback_id)])
    known = f' lang="{escape(language)}"' if language != "und" else ""
    return (f'<li><blockquote{known} dir="{escape(str(row.direction))}">'
            f'<p dir="auto">{escape(quoted(m, str(row.text)))}</p></blockquote>'
            f'<p class="meta small">{escape(source)}</p></li>')

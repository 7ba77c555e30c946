"""How people speak: the tone of each theme, and scores that say something else than the words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Figure, Html, interval_bars
from workbench.report.sections.withheld import hidden_cells, is_hidden
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
    quoted,
    stable_first,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_MEASURED = ["negative_share", "negative_share_low", "negative_share_high", "neutral_share", "positive_share",
             "positive_share_low", "positive_share_high"]


def theme_tones(analysis: Analysis, m: Messages, top: int) -> Figure | Html:
    """Return the share of what is said negatively of each theme, corrected for the model's error, highest first.

    Unstable themes come after the stable ones: another sample of comments might not have them at all.
    """
    if not has_themes(analysis):
        return no_themes(m, analysis)
    shown = _theme_shares(analysis).dropna(subset=["negative_share"])
    if not len(shown):
        return callout(m, "tone.too_little")
    names = marked_names(m, analysis)
    shown = stable_first(shown.sort_values(["negative_share", "theme_id"], ascending=[False, True]), analysis).head(top)
    shown = shown.assign(name=[names[theme] for theme in shown["theme_id"]])
    bars = shown.rename(columns={"negative_share": "value", "negative_share_low": "low", "negative_share_high": "high"})
    chart = interval_bars(bars[["name", "value", "low", "high"]], axis_title=m("tone.axis"), language=m.language)
    first = shown.iloc[0]
    description = m("tone.figure", name=isolated(first["name"]), share=isolated(m.percent(first["negative_share"])),
                    span=interval(m, first["negative_share_low"], first["negative_share_high"]),
                    confidence=confidence(m, analysis))
    return Figure(chart, description, _tones_table(shown, analysis, m), title=m("tone.title"), language=m.language)


def _theme_shares(analysis: Analysis) -> pd.DataFrame:
    """Return the tone of each theme, small cells emptied."""
    table = analysis.tone_shares
    themes = table[table["dimension"] == "theme"].assign(theme_id=lambda part: part["value"].astype(int))
    themes = themes.drop(columns=["dimension", "value"])
    themes = themes[themes["theme_id"] >= 0]
    hidden = is_hidden(hidden_cells(analysis, "tone_shares").loc[themes.index])
    return themes.assign(**{name: themes[name].mask(hidden) for name in _MEASURED})


def _tones_table(shown: pd.DataFrame, analysis: Analysis, m: Messages) -> pd.DataFrame:
    return pd.DataFrame({
        m("words.theme"): shown["name"], m("words.comments"): shown["n"].map(m.number),
        m("tone.negative"): shown["negative_share"].map(m.percent),
        confidence_interval(m, analysis): [interval(m, row.negative_share_low, row.negative_share_high)
                                           for row in shown.itertuples()],
        m("tone.neutral"): shown["neutral_share"].map(m.percent),
        m("tone.positive"): shown["positive_share"].map(m.percent),
        m("tone.abstained"): shown["abstained_share"].map(m.percent),
    })


def tone_of_theme(theme: int, analysis: Analysis, m: Messages) -> str:
    """Return a sentence on the tone of one theme, empty where nothing can be said of it."""
    table = _theme_shares(analysis)
    rows = table[table["theme_id"] == theme].dropna(subset=["negative_share"])
    if not len(rows):
        return ""
    row = rows.iloc[0]
    return m("tone.profile", negative=isolated(m.percent(row["negative_share"])),
             span=interval(m, row["negative_share_low"], row["negative_share_high"]),
             positive=isolated(m.percent(row["positive_share"])),
             positive_span=interval(m, row["positive_share_low"], row["positive_share_high"]))


def how_tone_was_told(analysis: Analysis, m: Messages) -> Html:
    """Return what told the tone and how often it was wrong on texts that it had not learned from."""
    errors, facts = analysis.tone_errors.set_index("language"), analysis.facts["tone"]
    overall = errors.loc["all"]
    known = m("tone.measured", count=int(overall["n"]), accuracy=isolated(m.percent(overall["accuracy"])),
              majority=isolated(m.percent(overall["majority"])))
    silent = analysis.tone["abstained"].mean() if len(analysis.tone) else 0.0
    parts = [known, m("tone.abstains", share=isolated(m.percent(silent)))]
    reason = str(facts["own_scores"])
    if reason in ("used", "does not help"):
        scores = analysis.tone_score_errors
        model = "own scores" if reason == "used" else "shipped"
        row = scores[scores["model"].eq(model) & scores["language"].eq("all")].iloc[0]
        key = "tone.own_used" if reason == "used" else "tone.own_no_help"
        parts.append(m(key, count=int(row["n"]), accuracy=isolated(m.percent(row["accuracy"])),
                       majority=isolated(m.percent(row["majority"]))))
    return Html("".join(paragraph(part) for part in parts))


def contradictions(analysis: Analysis, m: Messages) -> Html:
    """Return how many comments say something else than their score, beside what the model's error would yield."""
    table, minimum = analysis.contradictions, analysis.study.insights.minimum_cell
    if table["reason"].eq("no scores").all():
        return callout(m, "contradiction.no_scores")
    return Html("".join(_contradiction(row, analysis, m, minimum) for row in table.itertuples()))


def _contradiction(row: Any, analysis: Analysis, m: Messages, minimum: int) -> str:
    title = f"<h4>{escape(m(f'contradiction.{row.kind}'))}</h4>"
    if row.reason:
        return title + paragraph(m("contradiction.no_such_score"), "muted")
    if is_small(row.n, minimum) or is_small(row.count, minimum):
        return title + paragraph(m("contradiction.hidden", minimum=minimum), "muted")
    told = m("contradiction.share", share=isolated(m.percent(row.share)), comments=m("words.n_comments", count=row.n),
             span=interval(m, row.share_low, row.share_high), expected=isolated(m.percent(row.expected_share)),
             expected_span=interval(m, row.expected_share_low, row.expected_share_high))
    verdict = m("contradiction.beyond" if row.beyond_error else "contradiction.within")
    examples = analysis.contradiction_examples
    own = examples[examples["kind"] == row.kind] if row.beyond_error else examples.iloc[:0]
    return f"{title}{paragraph(told)}{paragraph(verdict)}{_examples(own, analysis, m)}"


def _examples(rows: pd.DataFrame, analysis: Analysis, m: Messages) -> str:
    items = []
    for row in rows.to_dict("records"):
        language = str(row["language"])
        source = m("words.list_joint").join([value_name(m, "language", language, analysis),
                                             isolated(row["feedback_id"])])
        known = f' lang="{escape(language)}"' if language != "und" else ""
        items.append(f'<li><blockquote{known} dir="{escape(str(row["direction"]))}">'
                     f'<p dir="auto">{escape(quoted(m, str(row["text"])))}</p></blockquote>'
                     f'<p class="meta small">{escape(source)}</p></li>')
    return f'<ul class="quotes">{"".join(items)}</ul>' if items else ""

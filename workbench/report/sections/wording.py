"""How numbers, names and intervals are worded in every part of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html
from workbench.charts.numerals import in_digits_of
from workbench.columns import UNASSIGNED, UNASSIGNED_THEME, UNDETERMINED
from workbench.insights.coverage import MISSING
from workbench.insights.headlines import STABLE
from workbench.language.arabic_script import respell_as_persian
from workbench.report.messages import date_form, jalali_date

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

SHORT_MARK = "≈ "
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_TAKEN_OUT = re.compile(r"\[(address|birthdate|card|email|handle|iban|id|ip|name|order|phone|plate|url)\]")
_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # of direction: one ends an isolate early


def isolated(text: Any) -> str:
    """Return a name that keeps its own direction within a sentence of any direction, and turns nothing beyond itself.

    Examples
    --------
    >>> isolated("\\u2069\\u202emarket") == "\\u2068market\\u2069"
    True
    """
    return f"{_ISOLATE}{str(text).translate(_CONTROLS)}{_END_ISOLATE}"


def quoted(m: Messages, text: str) -> str:
    """Return a quote as a page shows it: what stands for personal data is in the reader's language, as ``[نام]``."""
    return _TAKEN_OUT.sub(lambda found: f"[{m(f'redacted.{found[1]}')}]", text)


def interval(m: Messages, low: Any, high: Any, share: bool = True, digits: int = 0) -> str:
    """Return an interval in words, such as ``12% to 18%``; nothing where there is none."""
    if pd.isna(low) or pd.isna(high):
        return ""
    write = m.percent if share else m.number
    return m("words.interval", low=isolated(write(low, digits)), high=isolated(write(high, digits)))


def share_with_interval(m: Messages, share: Any, low: Any, high: Any, digits: int = 0) -> str:
    """Return a share and its interval, such as ``15% (12% to 18%)``."""
    return f"{isolated(m.percent(share, digits))} ({interval(m, low, high, digits=digits)})"


def measured_share(m: Messages, row: Any, end: str = "") -> str:
    """Return a share with its interval and count, such as ``15% (12% to 18%; 40 comments)``.

    Parameters
    ----------
    row
        ``comment_share`` with ``_low`` and ``_high``, and ``comment_count``.
    end
        What these names end with in the row, such as ``_elsewhere``.
    """
    share, low, high, count = (row[f"comment_{name}"] for name in (
        f"share{end}", f"share{end}_low", f"share{end}_high", f"count{end}"))
    return m("words.measured", share=isolated(m.percent(share)), span=interval(m, low, high),
             comments=m("words.n_comments", count=int(count)))


def confidence(m: Messages, analysis: Analysis) -> str:
    """Return the confidence of the intervals as it is stated in the study, such as ``95%`` or ``99.5%``."""
    return isolated(m.confidence(analysis.study.insights.confidence))


def confidence_interval(m: Messages, analysis: Analysis) -> str:
    """Return what the column of intervals is called, such as ``95% interval``."""
    return m("words.confidence_interval", confidence=confidence(m, analysis))


def period_name(m: Messages, day: Any, period: str, short: bool = False) -> str:
    """Return the name of the period that starts on a day.

    ``March 2026`` or ``Mar 2026`` for a month, its first day for a week (``2 March 2026``, ``2 Mar 2026``),
    ``Q1 2026`` for a quarter. The year has four digits: ``Nov 25`` could be a day of November.
    """
    from babel.dates import format_date

    if period == "quarter":
        return m("words.quarter", number=in_digits_of(str((day.month + 2) // 3), m.language),
                 year=in_digits_of(str(day.year), m.language))
    week = period == "week"
    form = date_form(m.language, with_day=week)
    if short:
        form = form.replace("MMMM", "MMM").replace("'de' ", "")
    return in_digits_of(format_date(day.date(), form, locale=m.language), m.language)


def period_in_words(m: Messages, day: Any, period: str) -> str:
    """Return a period as a sentence speaks of it: a week is ``the week of 2 March 2026``."""
    name = period_name(m, day, period)
    if m.language == "fa":
        name += f" (آغاز: {jalali_date(day.date())})"
    return m("words.week_of", day=name) if period == "week" else name


def is_small(count: Any, minimum: int) -> Any:
    """Return whether a count (or each of a column) is too small to be shown; nobody at all is no small cell."""
    return (count > 0) & (count < minimum)


def value_name(m: Messages, dimension: str, value: str, analysis: Analysis) -> str:
    """Return what a value of a dimension is called in the language of the report; its own name where none is known."""
    from babel import Locale

    if value == MISSING:
        return m("words.not_stated")
    if dimension == "language":
        return m("words.undetermined") if value == UNDETERMINED else Locale(m.language).languages.get(value, value)
    if dimension == "market":
        countries = Locale(m.language).territories if analysis.facts["feedback"]["markets_are_countries"] else {}
        return str(countries.get(value, value))
    if dimension == "stage":
        return stage_names(m, analysis).get(value, value)
    if dimension == "touchpoint":
        return touchpoint_name(m, value, analysis)
    return str(m.texts["value"].get(value.casefold().replace("-", ""), value))


def dimension_name(m: Messages, dimension: str) -> str:
    """Return what a dimension is called in the language of the report; a further column keeps its own name."""
    return str(m.texts["dimension"].get(dimension, isolated(dimension)))


def theme_names(m: Messages, analysis: Analysis) -> dict[int, str]:
    """Return each theme's label in the language of the report."""
    labels = analysis.labels
    own = labels[labels["language"] == (m.language if m.language in set(labels["language"]) else "en")]
    names = {theme: _named(str(label), theme, m) for theme, label in zip(own["theme_id"], own["label"], strict=True)}
    names[UNASSIGNED_THEME] = m("words.unassigned")
    return names


def theme_number(m: Messages, theme: int) -> str:
    """Return a theme's number as a codebook takes it, but for the digits: 1001 has no comma in it."""
    return in_digits_of(str(theme), m.language)


def _named(label: str, theme: int, m: Messages) -> str:
    """Return the label, or words in its place where it is a mere number because the theme has no words."""
    unnamed = not label.strip() or label.strip().isdecimal()
    return m("themes.unnamed", number=theme_number(m, theme)) if unnamed else own_letters(label, m.language)


def own_letters(words: str, language: str) -> str:
    """Return the report's own words in the letters of their language: many keyboards write Persian with Arabic ones.

    Examples
    --------
    >>> own_letters("كلاس", "fa") == "کلاس", own_letters("كود", "ar") == "كود"
    (True, True)
    """
    return respell_as_persian(words) if language == "fa" else words


def top_themes(analysis: Analysis, top: int) -> list[int]:
    """Return the numbers of the themes that most comments speak of, most first, without the unassigned."""
    ids = analysis.themes["theme_id"]
    return [int(theme) for theme in ids[ids != UNASSIGNED_THEME].head(top)]


def is_stable(stability: float, limit: float = STABLE) -> bool:
    """Return whether a theme is found again often enough to be spoken of without a warning.

    A theme that people put together has no stability, and needs no warning.

    Source of the limit, which a study may change: Hennig (2008), Dissolution point and isolation robustness: below one
    half, a cluster is dissolved.
    """
    return not stability < limit


def stable_first(table: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Return rows with a ``theme_id`` in their order, but those of unstable themes after all others."""
    stability, limit = analysis.themes.set_index("theme_id")["stability"], analysis.study.quality.stability
    stable = table["theme_id"].map(lambda theme: is_stable(stability[theme], limit)).astype(bool)
    return pd.concat([table[stable], table[~stable]])


def marked_names(m: Messages, analysis: Analysis, *, short: bool = False) -> dict[int, str]:
    """Return the themes' labels, those of unstable themes with a mark that says so.

    The short mark stands before the name, so that it is not cut off where names are.
    """
    stability, limit = analysis.themes.set_index("theme_id")["stability"], analysis.study.quality.stability
    return {
        theme: name if theme == UNASSIGNED_THEME or is_stable(stability[theme], limit) else
        f"{SHORT_MARK}{name}" if short else m("themes.unstable_name", theme=name)
        for theme, name in theme_names(m, analysis).items()
    }


def mark_note(m: Messages, names: Iterable[str]) -> str:
    """Return what the short mark says, if any of the names bears it, with a space before it."""
    return f" {m('themes.short_mark')}" if any(
        str(name).lstrip(_ISOLATE).startswith(SHORT_MARK) for name in names) else ""


def stage_names(m: Messages, analysis: Analysis) -> dict[str, str]:
    """Return each stage's name in the language of the report, in order, those without a stage last."""
    stages = analysis.stages.sort_values("order")
    column = f"name_{m.language}" if f"name_{m.language}" in stages else "name_en"
    return {**dict(zip(stages["stage_id"], stages[column], strict=True)), UNASSIGNED: m("method.no_stage")}


def touchpoint_names(m: Messages, analysis: Analysis) -> dict[str, str]:
    """Return each touchpoint's name in the language of the report, in order, those without a touchpoint last."""
    table = analysis.touchpoint_names.sort_values("order")
    column = f"name_{m.language}" if f"name_{m.language}" in table else "name_en"
    names = dict(zip(table["touchpoint_id"], table[column], strict=True))
    return {**names, UNASSIGNED: m("journey_grid.no_touchpoint")}


def touchpoint_name(m: Messages, touchpoint: str, analysis: Analysis) -> str:
    """Return what the study's journey model calls a touchpoint; its id where the model does not know it."""
    return touchpoint_names(m, analysis).get(touchpoint, touchpoint)


def has_themes(analysis: Analysis) -> bool:
    """Return whether any theme was found."""
    return bool((analysis.themes["theme_id"] != UNASSIGNED_THEME).any())


def rows_of(table: pd.DataFrame) -> list[Any]:
    """Return the rows as named tuples, whose values' types only the table knows."""
    return list(table.itertuples())


def callout(m: Messages, key: str, **values: Any) -> Html:
    """Return a message that stands where a figure has nothing to show."""
    return Html(f'<p class="callout">{escape(m(key, **values))}</p>')


def no_themes(m: Messages, analysis: Analysis) -> Html:
    """Return why there is no theme to show."""
    return callout(m, "themes.none_found" if analysis.facts["insights"]["counted"] else "headline.nothing_counted")


def other_than_asked(themes: Mapping[str, Any], m: Messages) -> list[str]:
    """Return that another number of themes was found than the study asks for, and why there may be fewer, if so."""
    asked, found = themes.get("asked_count"), themes["theme_count"]
    if asked is None or asked == found:
        return []
    told = m("asked.themes", asked=asked, count=found)
    if found < asked:
        told += " " + m("asked.fewer", minimum=themes["minimum_size"], setting=isolated("minimum_size"))
    return [told]


def found_on_sample(themes: Mapping[str, Any], m: Messages) -> list[str]:
    """Return on how many statements themes were found, where it was not on all of them."""
    if "sampled" not in themes:
        return []
    told = m("sampled.themes", sampled=themes["sampled"], statements=themes["sampled_of"])
    if "sampled_alike" in themes:
        told += " " + m("sampled.alike", share=m.percent(themes["sampled_alike"]))
    return [told]


def paragraph(text: str, css: str = "") -> str:
    """Return an escaped paragraph."""
    attribute = f' class="{css}"' if css else ""
    return f"<p{attribute}>{escape(text)}</p>"

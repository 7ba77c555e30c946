"""The journey as one picture: a stage beside the other, in the direction of the language, stacked on a phone.

Made of safe HTML, not of a chart: quotes wrap, the page's own style draws bars, and a screen reader reads it in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from workbench.arguments import check_kind
from workbench.charts.display import Html
from workbench.charts.numerals import direction_of

_MARKS = {"good": "▲ ", "bad": "▼ "}  # colours alone do not reach everyone, nor paper
_MOST = 8  # stages beside each other: of more, words are broken letter by letter
_STEP = 5  # bars are drawn in steps of so many percent: the page's style has a class for each


@dataclass(frozen=True)
class Voice:
    """One quote: its text, language and direction, and where it comes from."""

    text: str
    language: str
    direction: str
    source: str


@dataclass(frozen=True)
class MapStage:
    """One stage as the map shows it.

    Attributes
    ----------
    name : str
    volume : str
        The share of comments in words.
    fill : float
        Height of its bar, 0 to 1 of the tallest.
    score : str
        The score in words; empty where there is none.
    mood : str
        "good", "bad" or "even": how the score stands to that of all comments.
    themes : tuple of str
        Most spoken of first.
    voices : tuple of Voice
    gap : str
        Why nothing is shown: not heard, or too few. Empty for a stage that is shown.
    """

    name: str
    volume: str = ""
    fill: float = 0.0
    score: str = ""
    mood: str = "even"
    themes: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = field(default=(), repr=False)
    gap: str = ""


def journey_map(stages: list[MapStage], *, title: str, description: str, themes_title: str, numbers_title: str,
                numbers: str, language: str) -> Html:
    """Return the map with its title, a description in words, and its numbers as a table that can be opened.

    More than eight stages stand in several rows.

    Parameters
    ----------
    stages
        In the order of the journey; the page turns the order round where the language is written from the right.
    title, description, themes_title, numbers_title
        Texts in the language of the report; escaped here.
    numbers
        A table as `table_html` returns it.
    language
        ISO 639-1 of the report.

    Examples
    --------
    >>> stages = [MapStage("آگاهی", gap="not heard"), MapStage("استفاده", volume="55%", fill=1.0)]
    >>> html = journey_map(stages, title="<Map>", description="Two stages.", themes_title="Themes",
    ...     numbers_title="Numbers", numbers="<table></table>", language="fa").html
    >>> html.count("<li class"), "&lt;Map&gt;" in html, 'class="journey-bar fill-100"' in html
    (2, True, True)
    """
    check_kind("stages", stages, list, "a list of MapStage")
    for stage in stages:
        check_kind("stages", stage, MapStage, "a list of MapStage")
    shown = "".join(_stage(stage, themes_title) for stage in stages)
    rows = " many" if len(stages) > _MOST else ""
    return Html(
        f'<figure class="voc-figure journey-figure" dir="{direction_of(language)}"><figcaption>'
        f'<p class="figure-title" dir="auto">{escape(title)}</p>'
        f'<p class="figure-description" dir="auto">{escape(description)}</p></figcaption>'
        f'<ol class="journey-map{rows}">{shown}</ol>'
        f"<details><summary>{escape(numbers_title)}</summary>{numbers}</details></figure>")


def _stage(stage: MapStage, themes_title: str) -> str:
    name = f'<p class="journey-name" dir="auto">{escape(stage.name)}</p>'
    if stage.gap:
        return (f'<li class="journey-stage gap">{name}<div class="journey-bar" aria-hidden="true"></div>'
                f'<p class="journey-gap" dir="auto">{escape(stage.gap)}</p></li>')
    bar = f'<div class="journey-bar fill-{_filled(stage.fill)}" aria-hidden="true"><span></span></div>'
    told = _MARKS.get(stage.mood, "") + escape(stage.score)
    score = f'<p class="journey-score {escape(stage.mood)}" dir="auto">{told}</p>' if stage.score else ""
    themes = "".join(f'<li dir="auto">{escape(theme)}</li>' for theme in stage.themes)
    named = f'<p class="journey-label">{escape(themes_title)}</p><ul class="journey-themes">{themes}</ul>' if themes \
        else ""
    return (f'<li class="journey-stage">{name}{bar}<p class="journey-volume" dir="auto">{escape(stage.volume)}</p>'
            f'{score}<div class="journey-more">{named}{"".join(_voice(voice) for voice in stage.voices)}</div></li>')


def _filled(fill: float) -> int:
    """Return a share as a multiple of the step; what was heard at all is never drawn as nothing."""
    return min(100, max(_STEP, round(fill * 100 / _STEP) * _STEP))


def _voice(voice: Voice) -> str:
    known = f' lang="{escape(voice.language)}"' if voice.language != "und" else ""
    return (f'<blockquote{known} dir="{escape(voice.direction)}"><p dir="auto">{escape(voice.text)}</p></blockquote>'
            f'<p class="journey-source" dir="auto">{escape(voice.source)}</p>')

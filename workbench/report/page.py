"""Page: what a notebook shows of an analysis, in one language."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.arguments import check_number
from workbench.charts import Figure, Html
from workbench.charts.map import PointMap
from workbench.charts.numerals import choose_digits
from workbench.errors import InputError
from workbench.report.messages import load_messages
from workbench.report.receipts import with_receipts
from workbench.report.request import page_name
from workbench.report.sections import (
    adequacy,
    atlas,
    brief,
    change,
    drivers,
    examined,
    headline,
    journey,
    journey_gaps,
    journey_map,
    journey_paths,
    kept,
    method,
    summary,
    themes,
    tone,
    trends,
    voices,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis


@with_receipts
class Page:
    """The parts of a report on one analysis, ready to be the last line of a notebook's cell.

    Every method returns a `Figure` (a chart with its description and table) or a piece of `Html`, with a receipt that
    says which tables it was made of; nothing is counted here.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    language
        ISO 639-1 of the reader, one that has a file in `messages`.
    top
        Themes shown in each part.

    Raises
    ------
    InputError
        If it is no analysis, or one of a part that is a small cell itself; if there are no messages in the language, or
        no theme is to be shown.
    """

    def __init__(self, analysis: Analysis, language: str = "en", top: int = 12) -> None:
        if not hasattr(analysis, "facts"):
            raise InputError(f"a page is of an analysis, as `analyse` returns it, not of {type(analysis).__name__}.")
        check_number("top", top, 1, whole=True)
        _check_part(analysis)
        self.analysis = analysis
        self.messages = load_messages(language)
        choose_digits(language, {str(name): kind for name, kind in analysis.study.digits.items()}.get(language))
        self.top = top
        self.digests: dict[str, str] = {}

    def about(self) -> Html:
        """Return what was studied and the days that it covers."""
        return headline.about(self.analysis, self.messages)

    def key_figures(self) -> Html:
        """Return how much was heard, and the scores there are."""
        return headline.key_figures(self.analysis, self.messages)

    def findings(self) -> Html:
        """Return the findings to read first, most important first."""
        return headline.findings(self.analysis, self.messages)

    def brief_changes(self) -> Html:
        """Return what changed, a number each."""
        return brief.changes(self.analysis, self.messages)

    def brief_problems(self) -> Html:
        """Return what hurts, a number each."""
        return brief.problems(self.analysis, self.messages)

    def brief_actions(self) -> Html:
        """Return what to look into next, and whom to ask."""
        return brief.actions(self.analysis, self.messages)

    def brief_certainty(self, full_report: str = "voice_of_customer") -> Html:
        """Return how sure this is, with a link to the full report beside this page."""
        link = page_name(full_report, self.analysis.only, self.messages.language)
        return brief.certainty(self.analysis, self.messages, link)

    def voices_first(self, most: int = 12) -> Html:
        """Return quotes before any number: the themes that most speak of, and what people say of each."""
        return themes.voices_first(self.analysis, self.messages, most)

    def who_spoke(self, dimension: str) -> Figure | Html:
        """Return the share of comments by "language", "market", "channel", "segment", "source" or "stage"."""
        return voices.who_spoke(self.analysis, self.messages, dimension)

    def who_was_not_heard(self) -> Html:
        """Return what was heard less than expected, or not at all."""
        return voices.who_was_not_heard(self.analysis, self.messages)

    def theme_shares(self) -> Figure | Html:
        """Return the share of comments that speak of each theme."""
        return themes.theme_shares(self.analysis, self.messages, self.top)

    def theme_profiles(self) -> Html:
        """Return each theme's words by language and its quotes."""
        return themes.theme_profiles(self.analysis, self.messages, self.top)

    def statement_map(self) -> PointMap | Html:
        """Return all counted statements as points on a map, to move, enlarge, colour and read."""
        return atlas.statement_map(self.analysis, self.messages)

    def theme_scores(self) -> Figure | Html:
        """Return the NPS of the people who speak of each theme."""
        return themes.theme_scores(self.analysis, self.messages, self.top)

    def theme_tones(self) -> Figure | Html:
        """Return how much of what is said of each theme is negative."""
        return tone.theme_tones(self.analysis, self.messages, self.top)

    def how_tone_was_told(self) -> Html:
        """Return what told the tone, and how often it was wrong."""
        return tone.how_tone_was_told(self.analysis, self.messages)

    def contradictions(self) -> Html:
        """Return how many comments say something else than their score."""
        return tone.contradictions(self.analysis, self.messages)

    def themes_over_time(self) -> Figure | Html:
        """Return themes by period."""
        return change.themes_over_time(self.analysis, self.messages, self.top)

    def strongest_change(self) -> Figure | Html:
        """Return the theme that changed most, beyond chance."""
        return change.strongest_change(self.analysis, self.messages)

    def stretches(self) -> Html:
        """Return every theme that stood out for some time, beyond chance."""
        return change.stretches(self.analysis, self.messages)

    def themes_by_stage(self) -> Figure | Html:
        """Return themes by stage of the journey."""
        return journey.themes_by_stage(self.analysis, self.messages, self.top)

    def journey_map(self) -> Html:
        """Return the stages of the journey as one picture, gaps where nobody spoke."""
        return journey_map.journey_map(self.analysis, self.messages)

    def journey_grid(self) -> Figure | Html:
        """Return touchpoints by stage of the journey."""
        return journey_map.journey_grid(self.analysis, self.messages)

    def blind_spots(self) -> Html:
        """Return where fewer spoke than expected, and where nothing was expected."""
        return journey_gaps.blind_spots(self.analysis, self.messages)

    def followed(self) -> Html:
        """Return how many comments could be placed in a customer's time, and why the others could not."""
        return journey_paths.followed(self.analysis, self.messages)

    def episode_flow(self) -> Figure | Html:
        """Return which stage customers speak of after which."""
        return journey_paths.episode_flow(self.analysis, self.messages)

    def touchpoint_weight(self) -> Figure | Html:
        """Return which touchpoints go with bad endings, and which are merely frequent."""
        return journey_paths.touchpoint_weight(self.analysis, self.messages)

    def fine_but_lost(self) -> Html:
        """Return the customers whose every touchpoint went well and who ended badly."""
        return journey_paths.fine_but_lost(self.analysis, self.messages)

    def turning_points(self) -> Html:
        """Return after which moments loyal customers turned."""
        return journey_paths.turning_points(self.analysis, self.messages)

    def impact(self, measure: str) -> Figure | Html:
        """Return what goes with "nps", "satisfaction" or "effort", by three methods side by side."""
        return drivers.impact(self.analysis, self.messages, measure, self.top)

    def reasons_by_group(self) -> Html:
        """Return what promoters, passives and detractors speak of."""
        return drivers.reasons_by_group(self.analysis, self.messages, self.top)

    def leaving(self) -> Html:
        """Return what goes with leaving, and how well that can be foretold."""
        return drivers.leaving(self.analysis, self.messages, self.top)

    def money(self) -> Html:
        """Return the revenue that stands with each theme and stage."""
        return drivers.money(self.analysis, self.messages, self.top)

    def turns(self) -> Html:
        """Return the touchpoints whose scores turned on some day."""
        return trends.turns(self.analysis, self.messages, self.top)

    def changes(self) -> Html:
        """Return the themes whose share was different from some time on."""
        return trends.changes(self.analysis, self.messages, self.top)

    def seasons(self) -> Html:
        """Return the themes that come back on certain weekdays or in certain months."""
        return trends.seasons(self.analysis, self.messages, self.top)

    def mix(self) -> Html:
        """Return the change of each score, parted into other people and other answers."""
        return trends.mix(self.analysis, self.messages)

    def guards(self) -> Html:
        """Return what speaks against scores that got better, and pauses in collection."""
        return trends.guards(self.analysis, self.messages)

    def null_worlds(self) -> Html:
        """Return how many findings the same searches make of shuffled data."""
        return trends.null_worlds(self.analysis, self.messages)

    def adequacy(self) -> Html:
        """Return whether the voice is enough for each decision, and why."""
        return adequacy.verdicts(self.analysis, self.messages)

    def adequacy_cells(self) -> Figure | Html:
        """Return how many comments there are in each cell asked for, and how many it takes."""
        return adequacy.cells(self.analysis, self.messages)

    def collect_next(self) -> Html:
        """Return whom to ask next, what, and how many."""
        return adequacy.collect_next(self.analysis, self.messages)

    def concentration(self) -> Html:
        """Return whether few people make most of the noise."""
        return adequacy.concentration(self.analysis, self.messages)

    def since_last_time(self) -> Html:
        """Return what became of the themes of the run before, and of the codebook's rules; nothing on a first run."""
        return kept.since_last_time(self.analysis, self.messages)

    def theme_tree(self) -> Figure | Html:
        """Return areas, the groups within them and their themes."""
        return examined.theme_tree(self.analysis, self.messages)

    def passport(self) -> Html:
        """Return how much of each theme is found again when it is looked for anew."""
        return examined.passport(self.analysis, self.messages)

    def parity(self) -> Html:
        """Return how well the language can be told from the theme, with what languages share taken out and left in."""
        return examined.parity(self.analysis, self.messages)

    def unassigned_by_language(self) -> Figure | Html:
        """Return the share of each language's comments that no theme fits."""
        return examined.unassigned_by_language(self.analysis, self.messages)

    def unassigned_sample(self) -> Html:
        """Return statements that no theme fits, drawn at random."""
        return examined.unassigned_sample(self.analysis, self.messages)

    def theme_quality(self) -> Html:
        """Return the measures of the themes as a whole and of their words by language."""
        return examined.theme_quality(self.analysis, self.messages)

    def themes_to_look_at(self) -> Html:
        """Return the themes that a measure marks, and those that may be one."""
        return examined.themes_to_look_at(self.analysis, self.messages)

    def how_themes_were_named(self) -> Html:
        """Return where the labels come from."""
        return examined.how_they_were_named(self.analysis, self.messages)

    def how_it_was_made(self) -> Html:
        """Return the steps of this run with its own figures."""
        return method.how_it_was_made(self.analysis, self.messages)

    def by_language(self) -> Html:
        """Return how well each language was understood in this run."""
        return method.by_language(self.analysis, self.messages)

    def limits(self) -> Html:
        """Return what these numbers cannot bear."""
        return method.limits(self.analysis, self.messages)

    def save_summary(self, path: str | Path, headlines: bool = True) -> None:
        """Write the numbers of the report's first page as JSON, beside their place first and then moved there.

        ``key, counted, languages, themes`` (theme_id, label, share with interval), ``scores`` and ``headlines``;
        without these ``left_out`` names them. Where a number stands for fewer comments than the study's
        ``minimum_cell``, but not for none, it is null.
        """
        target, told = Path(path), summary.first_page(self.analysis, headlines)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        temporary.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        os.replace(temporary, target)


def _check_part(analysis: Analysis) -> None:
    """Raise if a part is too small to be shown: whatever is told of it would tell how many comments there are."""
    counted, minimum = analysis.facts["insights"]["counted"], analysis.study.insights.minimum_cell
    if analysis.only and 0 < counted < minimum:
        raise InputError(f"this part has fewer than {minimum} comments that count, and the study hides cells as small "
                         "as that (insights: {minimum_cell: ...}): report on a larger part, or lower it if they may "
                         "be known.")

"""Which stage makes which table, and which stages some tables take: so that nobody waits for what is not asked for.

What `ALWAYS` names is made in every analysis: comments, statements, themes, how firm these are, and what is counted of
them. A stage of `LATER` is made where one of its tables is wanted, or one of a stage that reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from workbench.errors import InputError, did_you_mean, shown

if TYPE_CHECKING:
    from workbench.analysis import Analysis

ALWAYS: Final[dict[str, tuple[str, ...]]] = {
    "feedback": ("comments", "rejected", "numbers"),
    "language": ("statements", "boilerplate", "profile"),
    "words": ("words",),
    "embedding": ("vectors",),
    "themes": ("given_themes", "theme_offsets", "unassigned_sample"),
    "coding": ("assignments", "terms", "theme_centres", "theme_events", "labels_before", "theme_restated",
               "codebook_report", "theme_descriptions", "kept_members", "found_centres", "found_numbers"),
    "naming": ("labels", "summaries"),
    "quality": ("themes", "theme_groups", "group_labels", "passport", "parity", "quality"),
    "insights": ("languages", "scores", "members", "theme_scores", "theme_comparison", "periods", "stretches"),
}
LATER: Final[dict[str, tuple[str, ...]]] = {
    "tone": ("tone", "tone_scores", "tone_words", "tone_errors", "tone_score_errors", "tone_held_out"),
    "map": ("map",),
    "reading": ("reading", "likeness"),
    "journey": ("journey", "stages", "stage_sets", "stage_predictions", "stage_shares", "touchpoints",
                "touchpoint_names"),
    "voices": ("coverage", "quotes"),
    "tone_counts": ("tone_shares", "contradictions", "contradiction_examples"),
    "paths": ("journey_grid", "blind_spots", "stage_quotes", "episodes", "transitions", "touchpoint_weight",
              "fine_but_lost", "turning_moments", "turned_customers"),
    "evidence": ("headlines", "impact", "impact_left_out", "changes", "seasons", "mix", "turns", "score_guards", "gaps",
                 "null_worlds", "group_reasons", "churn_themes", "churn_calibration", "churn_measures", "money",
                 "money_notes", "concentration", "adequacy", "adequacy_checks", "adequacy_cells", "adequacy_collect",
                 "evidence_reasons"),
}
_READS: Final[dict[str, frozenset[str]]] = {  # of the later stages, each with what those read in turn
    "journey": frozenset(("reading",)),
    "voices": frozenset(("tone", "reading", "journey")),
    "tone_counts": frozenset(("tone", "reading", "journey")),
    "paths": frozenset(("tone", "reading", "journey", "voices")),
    "evidence": frozenset(("tone", "reading", "journey", "voices")),
}
_OF_PARTS: Final = frozenset(("tone", "map", "reading", "journey"))  # of the whole study, before a part is cut out


def known_tables() -> dict[str, str]:
    """Return the stage that makes each table of an analysis: the last one, where several have a hand in it.

    Examples
    --------
    >>> known_tables()["themes"], known_tables()["tone_shares"]
    ('quality', 'tone_counts')
    """
    return {table: stage for stages in (ALWAYS, LATER) for stage, made in stages.items() for table in made}


def find_table(tables: Mapping[str, Any], name: str) -> Any:
    """Return what is known of a table by its name.

    Raises
    ------
    InputError
        If an analysis has no table of that name; with the nearest and with all.

    Examples
    --------
    >>> find_table({"themes": 3}, "theme")
    Traceback (most recent call last):
    workbench.errors.InputError: an analysis has no table 'theme' (did you mean 'themes'?); its tables are themes.
    """
    if name not in tables:
        raise InputError(f"an analysis has no table {shown(name)}{did_you_mean(name, tables)}; its tables are "
                         f"{', '.join(sorted(tables))}.")
    return tables[name]


def needed_stages(tables: Iterable[str] | None = None, is_part: bool = False) -> frozenset[str]:
    """Return the stages of `LATER` that some tables take; all of them where no tables are named.

    Parameters
    ----------
    tables
        Names of tables of an analysis.
    is_part
        Whether it counts a part of the comments.

    Raises
    ------
    InputError
        If an analysis has no table of that name, or a single name is given in place of a list.

    Examples
    --------
    >>> sorted(needed_stages(["passport", "tone_shares"])), sorted(needed_stages(["themes"]))
    (['journey', 'reading', 'tone', 'tone_counts'], [])
    >>> needed_stages() == set(LATER)
    True
    """
    if tables is None:
        return frozenset(LATER)
    if isinstance(tables, str):
        raise InputError(f"tables: expected a list of names, such as [{tables!r}], found {shown(tables)}.")
    maker, found = known_tables(), _OF_PARTS if is_part else frozenset()
    for table in tables:
        find_table(maker, table)
        found |= {maker[table]} | _READS.get(maker[table], frozenset())
    return found & set(LATER)


def with_the_rest(tables: Mapping[str, Any], facts: Mapping[str, Any], again: Callable[[list[str]], Analysis]
                  ) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return tables and facts of an analysis with those that are still to be made, which are made when asked for.

    Parameters
    ----------
    tables
        Those that were made.
    facts
        Of the stages that were made, by stage.
    again
        Makes the analysis with tables of these names.
    """
    left = {stage: made for stage, made in LATER.items() if stage not in facts}
    there = [made[0] for stage, made in LATER.items() if stage in facts]
    if not left:
        return tables, facts
    return (OnDemand(tables, [name for made in left.values() for name in made],
                     lambda name: again([*there, name]).tables),
            OnDemand(facts, left, lambda stage: again([*there, LATER[stage][0]]).facts))


class OnDemand(Mapping[str, Any]):
    """Tables by name, or facts by stage, of which some are made when they are first asked for.

    Parameters
    ----------
    made
        Those that are there.
    rest
        The names of the others.
    make
        Returns, for the name of one of these, at least what there was and what has that name.

    Examples
    --------
    >>> tables = OnDemand({"themes": ["late"]}, ["tone"], lambda name: {"themes": ["late"], name: ["دير"]})
    >>> list(tables), "tone" in tables, tables["tone"], tables.get("moods")
    (['themes', 'tone'], True, ['دير'], None)
    """

    def __init__(self, made: Mapping[str, Any], rest: Collection[str],
                 make: Callable[[str], Mapping[str, Any]]) -> None:
        self._made, self._make = made, make
        self._rest = sorted(set(rest) - set(made))

    def __getitem__(self, name: str) -> Any:
        if name in self._rest and name not in self._made:
            self._made = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rest or name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._made, *self._rest}))

    def __len__(self) -> int:
        return len({*self._made, *self._rest})

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

"""Many reports in one go: one for each language, and one for each part of the comments."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.arguments import check_number
from workbench.conditions import read_condition
from workbench.demand import needed_stages
from workbench.errors import InputError
from workbench.report.execution import kernels_ended
from workbench.report.notebooks import find_notebook, read_notebook
from workbench.report.render import Report, check_request, render_report, report_stands, told_standing
from workbench.report.wanted import wanted_tables
from workbench.standing import find_standing, standing_analysis, told_stored

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Part:
    """A part of the comments: the condition that it fits, how many counted comments there are, whether it is withheld.

    A part that is large enough is withheld where its report, taken from that of the whole, would tell a small count.
    """

    only: dict[str, str]
    comments: int
    is_withheld: bool = False


def check_parts(study: str | Path, name: str, *, only: Mapping[str, str] | str | None = None) -> None:
    """Look at the comments of a study that is still to be analysed: whether they can be told apart by a name.

    Parameters
    ----------
    study, name, only
        As `parts_by` takes them.

    Raises
    ------
    InputError
        If comments have no such column, or none fits the condition; or if the study or its files are wrong.
    """
    from workbench.feedback import load_sources
    from workbench.stages import check_columns, check_name
    from workbench.study import load_study

    if find_standing(study, {}) is None:
        asked = load_study(study)
        comments = load_sources(asked.feedback, asked.folder).comments
        check_name(name, comments)
        check_columns(asked, comments, read_condition(only))


def parts_by(study: str | Path, name: str, *, minimum: int = 30,
             only: Mapping[str, str] | str | None = None) -> tuple[list[Part], list[Part]]:
    """Return the parts of a study's comments that get a report of their own, and those that do not.

    Parameters
    ----------
    study
        The study file.
    name
        What the parts are told apart by: a column of the comments, "language", "stage" or "touchpoint".
    minimum
        Counted comments; a part with fewer gets no report of its own. Where all others together would tell how many
        comments a part below the study's ``minimum_cell`` has, the smallest of them gets none, either.
    only
        A condition that all parts fit as well.

    Raises
    ------
    InputError
        If comments have no such column, or no part is large enough.
    """
    from workbench.analysis import analyse
    from workbench.stages.columns import MAPPED
    from workbench.stages.cut import values_of

    check_number("minimum", minimum, 0, whole=True)
    given = read_condition(only)
    analysis = analyse(study, only=given, tables=["stage_sets", "touchpoints"], progress=False)
    counts = values_of(analysis.tables, name).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    counts = counts[counts.index != "unassigned"] if name in MAPPED else counts
    unstated = 0 if name in MAPPED else analysis.facts["insights"]["counted"] - int(counts.sum())
    withheld = withheld_parts(counts, unstated, analysis.study.insights.minimum_cell)
    parts = [Part({**given, name: str(value)}, int(count), str(value) in withheld) for value, count in counts.items()]
    large = [part for part in parts if part.comments >= minimum and not part.is_withheld]
    if not large:
        raise InputError(f"no {name} has {minimum} comments or more, so none gets a report of its own.")
    return large, [part for part in parts if part not in large]


def withheld_parts(counts: pd.Series, unstated: int, minimum: int) -> set[str]:
    """Return the parts that are not small, and yet would tell the size of a small one if they were reported on.

    Parameters
    ----------
    counts
        Counted comments by part.
    unstated
        Counted comments of no part.
    minimum
        Counts from 1 to below it are small.

    Examples
    --------
    >>> import pandas as pd
    >>> sorted(withheld_parts(pd.Series({"DE": 200, "EG": 61, "IR": 40, "JO": 3}), 0, 5))
    ['IR']
    >>> sorted(withheld_parts(pd.Series({"DE": 200, "EG": 61, "IR": 40}), 0, 5))
    []
    """
    from workbench.insights.coverage import MISSING
    from workbench.insights.disclosure import WITHHELD
    from workbench.insights.linked import hidden_places

    places, sizes = [str(value) for value in counts.index], [int(count) for count in counts]
    states = hidden_places([*places, MISSING], [*sizes, unstated], minimum)
    return {place for place, state in zip(places, states[:-1], strict=True) if state == WITHHELD}


def render_reports(
    notebook: str | Path,
    *,
    study: str | Path,
    languages: Sequence[str] = ("en",),
    parts: Sequence[Mapping[str, str]] = ({},),
    jobs: int = 1,
    parameters: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
    timeout: float = 600,
    processes: int | None = None,
    progress: bool = True,
    anew: bool = False,
) -> Iterator[Report]:
    """Make the reports of every part in every language, and return each as it is done; those that stand are left.

    Every report is made by a kernel of its own, so one that fails takes no other with it: the others of its round are
    finished, and the first failure is raised.

    Parameters
    ----------
    notebook, study, parameters, output, timeout, anew
        As `render_report` takes them.
    languages
        ISO 639-1 of the pages.
    parts
        Conditions, as ``only`` of `render_report`; an empty one is the whole study.
    jobs
        Reports that are made at the same time.
    processes
        As `analyse` takes it.
    progress
        Whether to show a progress bar; there is none where several are made at the same time.

    Raises
    ------
    InputError
        When a part, the notebook, study, a language or a parameter is wrong; before any kernel starts.
    ReportError
        When a notebook did not finish.
    """
    check_number("jobs", jobs, 1, whole=True)
    if output is not None and Path(output).suffix == ".html" and len(languages) * len(parts) > 1:
        raise InputError("several reports need a folder as output, not one HTML file.")
    wanted = [(dict(part), language) for part in parts for language in languages]
    for part, language in wanted:
        check_request(notebook, study=study, language=language, only=part, parameters=parameters)
    tables = wanted_tables(read_notebook(find_notebook(notebook)))
    for each in parts:
        if anew or not all_stand([notebook], study, languages, [each], parameters, output):
            _analyse(study, each, processes, progress, tables)

    def make(only: Mapping[str, str], language: str) -> Report:
        try:
            made = render_report(notebook, study=study, language=language, only=only, parameters=parameters,
                                 output=output, timeout=timeout, progress=progress and jobs == 1, anew=anew)
        finally:
            _close_event_loop()
        if made.stood and progress and jobs > 1:
            sys.stderr.write(f"{told_standing(made.html.name)}\n")
        return made

    with ThreadPoolExecutor(jobs) as pool, _ended_with(pool):
        for report in [pool.submit(make, part, language) for part, language in wanted]:
            yield report.result()


def all_stand(notebooks: Iterable[str | Path], study: str | Path, languages: Iterable[str],
              parts: Iterable[Mapping[str, str]], parameters: Mapping[str, Any] | None, output: str | Path | None
              ) -> bool:
    """Return whether all these reports stand, so that nothing is to be made; as `render_reports` takes what is asked.

    Raises
    ------
    InputError
        When a part, a notebook, the study, a language or a parameter is wrong.
    """
    asked = product(notebooks, parts, languages)
    return all(report_stands(notebook, study=study, language=language, only=part, parameters=parameters, output=output)
               for notebook, part, language in asked)


def _analyse(study: str | Path, only: Mapping[str, str], processes: int | None, progress: bool,
             tables: Sequence[str] | None = None) -> None:
    """See that what reports show of the analysis is stored: they are to find it, not to make it."""
    key = standing_analysis(study, only, needed_stages(tables, bool(only)))
    if key is None:
        from workbench.analysis import analyse

        analyse(study, only=only, tables=tables, processes=processes, progress=progress)
    elif progress:
        sys.stderr.write(f"{told_stored(key)}\n")


def _close_event_loop() -> None:
    """Close the event loop that the kernel's client leaves open in a thread of its own."""
    from jupyter_core.utils import ensure_event_loop

    ensure_event_loop().close()


@contextmanager
def _ended_with(pool: Executor) -> Iterator[None]:
    """Let nothing further begin once something fails; whoever stops waiting, as with Ctrl-C, ends what was begun."""
    try:
        yield
    except BaseException as reason:
        with nullcontext() if isinstance(reason, Exception) else kernels_ended():
            pool.shutdown(cancel_futures=True)
        raise

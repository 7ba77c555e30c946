"""Make a report: a notebook and its parameters in; a page, the executed notebook and a manifest out, all or none.

Everything is made in a folder beside its place and moved there at the end. A run that fails leaves the last good
report as it was and puts a page beside it that says what went wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from time import monotonic
from typing import Any

from workbench.charts.numerals import choose_digits
from workbench.conditions import read_condition
from workbench.errors import ReportError
from workbench.report.kernel import skip_slow_import
from workbench.report.lock import hold_lock
from workbench.report.request import Asked, Job, check_job, command_of

NOTEBOOK_FILE, MANIFEST_FILE, SUMMARY_FILE = "report.ipynb", "manifest.json", "summary.json"


@dataclass(frozen=True)
class Report:
    """Where a finished report lies.

    Attributes
    ----------
    html
        The page.
    notebook
        The executed notebook.
    manifest
        What the report was made from: parameters, versions and file hashes.
    summary
        The numbers that the notebook stored, or None where it stored none.
    seconds
        How long it took to make it, or to find that it stands.
    stood
        Whether it lay there already, just as it would be made again: nothing was made.
    """

    html: Path
    notebook: Path
    manifest: Path
    summary: Path | None
    seconds: float
    stood: bool = False


def render_report(
    notebook: str | Path,
    *,
    study: str | Path | None = None,
    language: str = "en",
    only: Mapping[str, str] | str | None = None,
    parameters: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
    timeout: float = 600,
    progress: bool = True,
    anew: bool = False,
) -> Report:
    """Execute a notebook and return where its report lies; a report that stands is returned as it is.

    A report of a notebook that comes with the package stands while making it again would give the same: the study is as
    it was, so are package, libraries and what is asked, none of its files was changed, and it was made today, which the
    page tells.

    Parameters
    ----------
    notebook
        The name of a notebook in ``./notebooks`` or of one that comes with the package, or the path of an
        ``.ipynb`` file.
    study
        The study file; passed on as the parameter ``study`` where the notebook declares it.
    language
        ISO 639-1 of the page; passed on as the parameter ``language`` where the notebook declares it.
    only
        The part of the comments to report on, such as ``{"market": "EG"}`` or ``"market=EG"``; passed on as the
        parameter ``only``.
    parameters
        Further parameters, none of those above; checked against the notebook's declarations before a kernel starts.
    output
        The HTML file to write, or the folder to write into. Default: ``reports/<study>/``.
    timeout
        Seconds that one cell may take.
    progress
        Whether to show a progress bar on the terminal, or that the report stands.
    anew
        Make the report in any case.

    Returns
    -------
    Report
        The page is ``<notebook>.<language>.html``, for a part ``<notebook>.<part>.<language>.html``; the folder of that
        name beside it holds ``report.ipynb``, ``manifest.json`` and, where the notebook wrote one, ``summary.json``.

    Raises
    ------
    InputError
        When the notebook, study, language or a parameter is wrong, or another run is making this report.
    ReportError
        When the notebook did not finish. The last good report is left as it was, and
        ``<notebook>.<language>.failed.html`` says what happened.

    Examples
    --------
    >>> render_report("صدای_مشتری.ipynb", language="fa")
    Traceback (most recent call last):
    workbench.errors.InputError: there is no notebook file صدای_مشتری.ipynb.
    """
    skip_slow_import()
    started = monotonic()
    asked = Asked(study, language, read_condition(only), parameters or {})
    job, source = check_job(notebook, asked, output, timeout, progress)
    job.place.parent.mkdir(parents=True, exist_ok=True)
    with hold_lock(job.place.parent / f".{job.place.stem}.lock"):
        if not anew and _stands(job, source):
            if progress:
                sys.stderr.write(f"{told_standing(job.place.name)}\n")
            return _report(job, started, stood=True)
        draft = _fresh_draft(job.place)
        try:
            return _make(job, source, draft, started)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def report_stands(
    notebook: str | Path,
    *,
    study: str | Path | None = None,
    language: str = "en",
    only: Mapping[str, str] | str | None = None,
    parameters: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
) -> bool:
    """Return whether `render_report` would find that this report stands.

    Raises
    ------
    InputError
        When the notebook, study, language or a parameter is wrong.
    """
    asked = Asked(study, language, read_condition(only), parameters or {})
    return _stands(*check_job(notebook, asked, output, 1, False))


def told_standing(name: str) -> str:
    """Return the line that says that a report is left as it is."""
    return f"Stored report {name}: nothing has changed since it was made."


def _stands(job: Job, source: Any) -> bool:
    from workbench.report.stands import does_stand

    return does_stand(job, source, _today())


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _report(job: Job, started: float, stood: bool = False) -> Report:
    folder = job.companions
    summary = folder / SUMMARY_FILE
    return Report(job.place, folder / NOTEBOOK_FILE, folder / MANIFEST_FILE, summary if summary.exists() else None,
                  monotonic() - started, stood)


def _fresh_draft(place: Path) -> Path:
    """Return a new folder beside the report; drafts that an ended process left behind go first."""
    for left in place.parent.glob(f".{escape(place.stem)}--????????"):
        shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f".{place.stem}--", dir=place.parent))


def check_request(
    notebook: str | Path,
    *,
    study: str | Path | None = None,
    language: str = "en",
    only: Mapping[str, str] | str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Raise what `render_report` would raise before it starts a kernel; do nothing else.

    Raises
    ------
    InputError
        When the notebook, study, language or a parameter is wrong.

    Examples
    --------
    >>> check_request("گزارش.ipynb", language="fa")
    Traceback (most recent call last):
    workbench.errors.InputError: there is no notebook file گزارش.ipynb.
    """
    check_job(notebook, Asked(study, language, read_condition(only), parameters or {}), None, 1, False)


def _make(job: Job, source: Any, draft: Path, started: float) -> Report:
    from workbench.report.execution import execute
    from workbench.report.stands import stands_by, surroundings

    started_at, today, made_in = datetime.now(UTC), _today(), surroundings()
    if "summary_path" in job.parameters:
        job = replace(job, parameters={**job.parameters, "summary_path": str(draft / SUMMARY_FILE)})
    source.metadata["voc"] = {
        "notebook": job.source.stem,
        "language": job.messages.language,
        "generated_on": today,
    }
    executed, failure = execute(
        source,
        job.parameters,
        folder=job.source.parent,
        timeout=job.timeout,
        progress=job.progress,
    )
    if failure is not None:
        raise _failed(job, failure, draft)
    stands = stands_by(job, _write_page(job, executed, draft), made_in, today)
    _write_manifest(job, draft, started_at, monotonic() - started, stands)
    _move_into_place(job, draft)
    return _report(job, started)


def _failed(job: Job, failure: Any, draft: Path) -> ReportError:
    from workbench.report.failure import failure_page, failure_sentence

    command = command_of(job)
    html = failure_page(failure, job.messages, name=job.source.stem, command=command, timeout=job.timeout)
    (draft / "failed.html").write_text(html, encoding="utf-8")
    os.replace(draft / "failed.html", job.failed_page)
    sentence = failure_sentence(failure, job.timeout)
    return ReportError(f"the report {job.source.stem!r} was not made: {sentence}. See {job.failed_page}.")


def _write_page(job: Job, executed: Any, draft: Path) -> list[Mapping[str, Any]]:
    """Write the page and the notebook as it was executed; return the receipts of what they show."""
    import nbformat

    from workbench.report.outputs import receipt_of
    from workbench.report.pages import notebook_page, translate_prose

    choose_digits(job.messages.language, _digits(job))
    translate_prose(executed, job.messages, job.source.stem)
    written = nbformat.writes(executed)
    (draft / NOTEBOOK_FILE).write_text(f"{written}\n", encoding="utf-8")
    executed = nbformat.v4.reads(written)  # with its keys in order: the file makes the same page
    (draft / "report.html").write_text(notebook_page(executed, job.messages), encoding="utf-8")
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    return [receipt for output in outputs if (receipt := receipt_of(output)) is not None]


def _digits(job: Job) -> str | None:
    """Return the digits that the study asks for; the study is read only if it speaks of digits."""
    if job.study is None or not job.study.is_file() or b"digits" not in job.study.read_bytes():
        return None
    from workbench.study import load_study

    return {str(name): kind for name, kind in load_study(job.study).digits.items()}.get(job.messages.language)


def _write_manifest(job: Job, draft: Path, started_at: datetime, seconds: float, stands: Mapping[str, Any] | None
                    ) -> None:
    from workbench.report.manifest import manifest

    facts = manifest(
        source=job.source,
        study=job.study,
        language=job.messages.language,
        parameters=job.told_parameters,
        files=sorted(path for path in draft.iterdir() if path.is_file()),
        started_at=started_at,
        seconds=seconds,
        stands_by=stands,
    )
    text = json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True)
    (draft / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def _move_into_place(job: Job, draft: Path) -> None:
    made, last = draft / "companions", draft / "last"
    made.mkdir()
    for name in (NOTEBOOK_FILE, MANIFEST_FILE, SUMMARY_FILE):
        if (draft / name).exists():
            os.replace(draft / name, made / name)
    had_last = job.companions.exists()
    if had_last:
        os.replace(job.companions, last)
    try:
        os.replace(made, job.companions)
        os.replace(draft / "report.html", job.place)
    except BaseException:  # Ctrl-C, too, must not take the last report away
        if had_last:
            shutil.rmtree(job.companions, ignore_errors=True)
            os.replace(last, job.companions)
        raise
    job.failed_page.unlink(missing_ok=True)

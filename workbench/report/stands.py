"""Whether a report stands: whether it lies there just as it would be made again, so that no kernel need start.

It hangs on the analysis, on what was asked, on the program and on the day, which the page tells. That is known of the
notebooks that come with the package alone: one of a user's own may read anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from workbench.report.manifest import altered_files, file_hash
from workbench.report.notebooks import comes_with_package
from workbench.report.request import Job
from workbench.standing import find_standing, program, table_stamps

_PAGE, _NOTEBOOK = "report.html", "report.ipynb"
_PREFIXES: Final = ("PYTHON", "IPYTHON")  # variables that lead the kernel to other modules, or have it run others


def surroundings() -> str:
    """Return what changes with the package, the libraries, Python, and the environment that kernels read."""
    variables = sorted(item for item in os.environ.items() if item[0].startswith(_PREFIXES))
    parts = repr((program(), sys.version, sys.prefix, variables))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def stands_by(job: Job, receipts: Sequence[Mapping[str, Any]], made_in: str, made_on: str) -> dict[str, Any] | None:
    """Return what a report that was just made stands by; None where nothing tells that it would be made so again.

    Parameters
    ----------
    job
        The request.
    receipts
        Of the parts of the page.
    made_in
        `surroundings`, from before the report was made.
    made_on
        The day that the page tells.
    """
    found = None if job.study is None else find_standing(job.study, job.only)
    if found is None or {receipt["analysis"] for receipt in receipts} != {found.key}:
        return None
    tables = sorted({table["name"] for receipt in receipts for table in receipt["tables"]})
    return {"analysis": found.key, "tables": table_stamps(found.folder, tables), "surroundings": made_in,
            "made_on": made_on}


def does_stand(job: Job, notebook: Any, today: str) -> bool:
    """Return whether the report that is asked for lies there already, just as it would be made now.

    Parameters
    ----------
    job
        The request.
    notebook
        Its notebook, as it was read.
    today
        The day, as ``2025-03-20``.
    """
    if job.failed_page.exists() or not _is_told_by_files(job, notebook):
        return False
    try:
        facts = json.loads((job.companions / "manifest.json").read_text(encoding="utf-8"))
        return _was_asked_so(job, facts) and _is_made_of_what_stands(job, facts["stands_by"], today) and \
            {_PAGE, _NOTEBOOK} <= set(facts["files"]) and not altered_files(job.place, facts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none, the rest of one, or an older one
        return False


def _is_told_by_files(job: Job, notebook: Any) -> bool:
    """Return whether all that the report reads and writes is known: the study's analysis, and files in its place."""
    return job.study is not None and comes_with_package(job.source, notebook)


def _was_asked_so(job: Job, facts: Mapping[str, Any]) -> bool:
    asked = {"status": "complete", "notebook_sha256": file_hash(job.source), "study": str(job.study),
             "language": job.messages.language, "parameters": job.told_parameters}
    return all(facts[name] == value for name, value in asked.items())


def _is_made_of_what_stands(job: Job, made: Mapping[str, Any], today: str) -> bool:
    found = find_standing(str(job.study), job.only)
    if found is None or made != {"analysis": found.key, "tables": table_stamps(found.folder, made["tables"]),
                                 "surroundings": surroundings(), "made_on": today}:
        return False
    with suppress(OSError):
        os.utime(found.folder)  # the analysis used last, as if the report had been made
    return True

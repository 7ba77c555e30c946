"""What a report was made from, so that it can be made again and checked: parameters, versions, file hashes."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import workbench

_PACKAGES = ("altair", "bertopic", "nbconvert", "numpy", "pandas", "papermill", "scikit-learn", "vl-convert-python")


def manifest(
    *,
    source: Path,
    study: Path | None,
    language: str,
    parameters: Mapping[str, Any],
    files: Sequence[Path],
    started_at: datetime,
    seconds: float,
    stands_by: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the facts of one run, ready for JSON.

    Parameters
    ----------
    source
        The notebook that was executed.
    study
        The study file, if there was one.
    language
        ISO 639-1 of the page.
    parameters
        What the notebook was given.
    files
        The files that the run made; each is listed with its SHA-256.
    started_at
        With its time zone.
    seconds
        How long the run took.
    stands_by
        What tells whether the report would be made again just as it is, see `workbench.report.stands`.

    Examples
    --------
    >>> from datetime import UTC
    >>> start = datetime(2025, 3, 20, 8, 30, tzinfo=UTC)
    >>> facts = manifest(source=Path(__file__), study=None, language="fa", parameters={"بازار": "تهران"}, files=[],
    ...                  started_at=start, seconds=1.234)
    >>> facts["language"], facts["parameters"], facts["started_at"], facts["seconds"], facts["status"]
    ('fa', {'بازار': 'تهران'}, '2025-03-20T08:30:00+00:00', 1.23, 'complete')
    """
    return {
        "schema": 1,
        "status": "complete",
        "notebook": source.stem,
        "notebook_sha256": file_hash(source),
        "study": None if study is None else str(study),
        "study_sha256": file_hash(study) if study is not None and study.is_file() else None,
        "language": language,
        "parameters": dict(parameters),
        "files": {path.name: file_hash(path) for path in files},
        "versions": _versions(),
        "started_at": started_at.isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "stands_by": stands_by,
    }


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Examples
    --------
    >>> len(file_hash(Path(__file__)))
    64
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def altered_files(page: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each file of a report that is missing, or is not the one that its manifest names."""
    altered = []
    for name, sha256 in sorted(manifest.get("files", {}).items()):
        file = page if name == "report.html" else page.with_suffix("") / name
        if not file.is_file():
            altered.append(f"{file.name} is missing")
        elif file_hash(file) != sha256:
            altered.append(f"{file.name} is not the file that was made: its hash differs")
    return altered


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "workbench": workbench.__version__}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found

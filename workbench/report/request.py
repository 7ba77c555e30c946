"""A request for a report, checked before a kernel starts: what is asked, of what, and where the result goes."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workbench.arguments import check_folder, check_kind, check_number, check_path
from workbench.conditions import written_condition
from workbench.errors import InputError, ParameterError
from workbench.report.messages import Messages, load_messages
from workbench.report.parameters import Parameter, check_parameters, declared_parameters
from workbench.yaml_lines import why_missing

_LONGEST_PART: Final = 48  # characters; a file's name holds 255 bytes, and a letter has up to three
_ASKED_BY_ITSELF: Final = ("study", "language", "only")  # the page's place hangs on them


@dataclass(frozen=True)
class Asked:
    """What a user asks of a report, as it was given."""

    study: str | Path | None
    language: str
    only: Mapping[str, str]
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """One checked request for a report."""

    source: Path
    study: Path | None
    messages: Messages
    only: Mapping[str, str]
    given: Mapping[str, Any]
    parameters: Mapping[str, Any]
    place: Path
    output: Path | None
    timeout: float
    progress: bool

    @property
    def companions(self) -> Path:
        """The folder of what belongs to the page."""
        return self.place.with_suffix("")

    @property
    def told_parameters(self) -> dict[str, Any]:
        """What the notebook is given, without the place of the summary, which is a draft's."""
        return {name: value for name, value in self.parameters.items() if name != "summary_path"}

    @property
    def failed_page(self) -> Path:
        """Where a failed run says what happened."""
        return self.place.with_suffix(".failed.html")


def check_job(
    notebook: str | Path, asked: Asked, output: str | Path | None, timeout: float, progress: bool
) -> tuple[Job, Any]:
    """Return the checked request and the notebook as it was read.

    Raises
    ------
    InputError
        When the notebook, study, language or a parameter is wrong.
    """
    from workbench.report.notebooks import find_notebook, read_notebook

    messages = load_messages(asked.language)
    for name, value in (("study", asked.study), ("output", output)):
        if value is not None:
            check_path(name, value)
    check_kind("parameters", asked.parameters, Mapping, "a mapping such as {'top': 20}")
    check_number("timeout", timeout, 0, between=True)
    path = find_notebook(notebook)
    source = read_notebook(path)
    study_file = None if asked.study is None else Path(asked.study).resolve()
    if asked.study is not None and not Path(asked.study).exists():
        raise InputError(why_missing(Path(asked.study), "study file"))
    declared = declared_parameters(source)
    _check_none_is_filled_in(asked.parameters)
    checked = check_parameters(declared, {**_passed_on(asked, study_file, declared), **asked.parameters})
    if isinstance(checked.get("top"), int):  # the themes that a `Page` shows
        check_number("top", checked["top"], 1, whole=True)
    place = _place(output, study_file, path.stem, asked)
    check_folder(place.parent)
    _check_owner(place, study_file)
    asked_for = None if output is None else Path(output)
    given = dict(asked.parameters)
    return Job(path, study_file, messages, asked.only, given, checked, place, asked_for, timeout, progress), source


def _check_none_is_filled_in(given: Mapping[str, Any]) -> None:
    for name in _ASKED_BY_ITSELF:
        if name in given:
            raise ParameterError(f"{name!r} is asked for by itself (--{name}, in Python {name}=...), not as a "
                                 "parameter: the place of the report goes by it.")
    if "summary_path" in given:
        raise ParameterError("'summary_path' cannot be chosen: the summary lies in the folder beside the page.")


def _passed_on(asked: Asked, study: Path | None, declared: list[Parameter]) -> dict[str, Any]:
    """Return what the notebook is given by its own names, where it declares them."""
    names = {parameter.name for parameter in declared}
    if asked.only and "only" not in names:
        raise InputError("this notebook cannot report on a part of the comments: it declares no parameter 'only'.")
    values = {"study": None if study is None else str(study), "language": asked.language,
              "only": written_condition(asked.only) or None}
    offered = {name: value for name, value in values.items() if name in names and value is not None}
    return {**offered, "summary_path": ""} if "summary_path" in names else offered  # filled in with the draft's folder


def _check_owner(place: Path, study: Path | None) -> None:
    """Raise if the report that stands there is of another study that is still there: it would be lost silently."""
    with suppress(OSError, ValueError, AttributeError):  # no report, or the rest of one
        other = json.loads((place.with_suffix("") / "manifest.json").read_text(encoding="utf-8")).get("study")
        if other and study is not None and Path(other) != study and Path(other).is_file():
            raise InputError(f"{place} is the report of another study, {other}: name another folder as output.")


def _place(output: str | Path | None, study: Path | None, name: str, asked: Asked) -> Path:
    if output is not None and Path(output).suffix == ".html":
        return Path(output).resolve()
    folder = Path("reports", study_name(study)) if output is None else Path(output)
    return folder.resolve() / page_name(name, asked.only, asked.language)


def page_name(notebook: str, only: Mapping[str, str], language: str) -> str:
    """Return the file name of a report's page.

    A part whose name is too long for a file, or has more than letters, digits and spaces, is known by a digest besides,
    so that no two parts have one page.

    Examples
    --------
    >>> page_name("voice_of_customer", {"market": "EG"}, "ar"), page_name("executive", {}, "fa")
    ('voice_of_customer.market-EG.ar.html', 'executive.fa.html')
    """
    parts = [_part_name(f"{column}-{value}") for column, value in only.items()]
    return f"{'.'.join([notebook, *parts, language])}.html"


def _part_name(part: str) -> str:
    plain = re.sub(r"[^\w-]+", "_", part)
    if plain == part.replace(" ", "_") and len(plain) <= _LONGEST_PART:
        return plain
    return f"{plain[:_LONGEST_PART]}-{hashlib.sha256(part.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def study_name(study: Path | None) -> str:
    """Return a study's name for folders: its file's, or its folder's where the file is called ``study``.

    Examples
    --------
    >>> study_name(Path("data/sample/study.yaml")), study_name(Path("متجر.yaml")), study_name(None)
    ('sample', 'متجر', '')
    """
    if study is None:
        return ""
    return study.resolve().parent.name if study.stem == "study" else study.stem


def command_of(job: Job) -> str:
    """Return the command that makes this report again."""
    words = ["voc", "report", str(job.source)]
    words += ["--study", str(job.study)] if job.study else []
    words += ["--language", job.messages.language]
    words += ["--output", str(job.output)] if job.output else []
    words += ["--only", written_condition(job.only)] if job.only else []
    for name, value in job.given.items():
        words += ["-p", f"{name}={_typed(value)}"]
    return shlex.join(words)


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

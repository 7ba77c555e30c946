"""The stage that reads files and queries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import FeedbackError, InputError
from workbench.stages.result import Result
from workbench.store import Store, Tables, file_digest
from workbench.study import Study

if TYPE_CHECKING:
    from pandas import DataFrame

    from workbench.feedback.sources import Opened


_TWO_CAPITALS = re.compile("[A-Z]{2}")
_TO_LOOK_AT = re.compile(  # what further rows may show otherwise, and what may be missing by mistake
    "taken for granted|rows contradict it|taken as out of|of another calendar|though in others of its source"
    "|whose value is not in the file")


def open_feedback(study: Study) -> list[Opened]:
    """Return the study's files and queries; a query is run here, once, because only its rows tell what changed."""
    from workbench.feedback import open_sources

    return open_sources(study.feedback, study.folder)


def feedback_inputs(opened: list[Opened], study: Study, tables: Tables | None = None) -> list[Any]:
    """Return the settings of the sources, who is forgotten, and the digest of each file and of each query's rows."""
    from workbench.feedback.forgotten import read_forgotten
    from workbench.feedback.sources import rows_digest

    forgotten = sorted(read_forgotten(study.forgotten_file).digests)
    digests = [[one.name, _digest(one.file) if one.file is not None else rows_digest(one.read())] for one in opened]
    return [[source.model_dump(mode="json") for source in study.feedback], digests, forgotten]


def read_feedback(opened: list[Opened], study: Study, tables: Tables, store: Store, *,
                  keyed_by: list[Any] | None = None) -> Result:
    """Return ``comments`` (with duplicates marked), ``rejected`` and ``numbers``.

    ``keyed_by`` is what `feedback_inputs` returned. Rows of a file that was written to since are not those of their
    key: they would come back as the result of what the file held before.
    """
    from workbench.feedback import load_opened, mark_duplicates
    from workbench.feedback.forgotten import REASON, read_forgotten
    from workbench.feedback.raw import free_name

    comments, rejected, numbers, _ = load_opened(opened, forgotten=read_forgotten(study.forgotten_file))
    if keyed_by is not None:
        _check_unchanged(opened, keyed_by[1])
    if not len(comments):
        raise InputError(f"None of the {len(rejected)} rows can be used; run `voc check` on the file to see why.")
    readings = list(comments.attrs.get("readings", []))
    kept_as = free_name("duplicate_of_in_file", dict.fromkeys(map(str, comments)))
    comments = comments.rename(columns={"duplicate_of": kept_as})
    comments = comments.assign(duplicate_of=mark_duplicates(comments))
    comments.attrs = {}
    told = f"{len(comments):,} comments, {len(rejected):,} rejected"
    told += f", {len(numbers):,} rows of numbers" if len(numbers) else ""
    told += "".join(f"; {reading.rstrip('.')}" for reading in readings if _TO_LOOK_AT.search(reading))
    facts = {"told": told, "readings": readings, "markets_are_countries": _are_countries(comments),
             "forgotten": int((rejected["reason"] == REASON).sum())}
    return {"comments": comments, "rejected": rejected, "numbers": numbers}, facts


def _are_countries(comments: DataFrame) -> bool:
    """Return whether all markets of two capitals are codes of countries: federal states have such codes, too."""
    from babel import Locale

    if "market" not in comments:
        return True
    codes = {str(market) for market in comments["market"].dropna().unique() if _TWO_CAPITALS.fullmatch(str(market))}
    return codes <= {*Locale("en").territories, "UK"}


def _digest(file: Path) -> str:
    try:
        return file_digest(file)
    except OSError as error:
        raise FeedbackError(f"{file} cannot be opened: {error.strerror or 'unreadable'}.") from None


def _check_unchanged(opened: list[Opened], digests: list[list[str]]) -> None:
    """Raise if a file is no longer what the digest was made of."""
    for one, (_, before) in zip(opened, digests, strict=True):
        if one.file is not None and _digest(one.file) != before:
            raise FeedbackError(f"{one.name} was changed while it was read: run again when it is written to its end.")

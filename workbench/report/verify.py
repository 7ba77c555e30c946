"""voc verify: make every part of a finished report again from the analysis, and compare it with what the page shows."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.arguments import check_path
from workbench.errors import InputError, StoreError
from workbench.report.manifest import altered_files
from workbench.report.reasons import reasons
from workbench.store import Store
from workbench.study import Study, load_study

if TYPE_CHECKING:
    from workbench.analysis import Analysis

_NUMBER = re.compile(r"[\d۰-۹٠-٩][\d۰-۹٠-٩.,٫٬]*")
_LONGEST = 60


@dataclass
class Verification:
    """What was compared, and what differed.

    Attributes
    ----------
    parts
        Parts of the page that were made again.
    numbers
        Numbers that stood in them.
    differences
        One sentence each; empty if the report shows what the analysis gives.
    uncovered
        Outputs of the page without a receipt, which nothing can be said about.
    since
        What has changed since the report was made, a clause each; empty if nothing has.
    then
        Parts that differ from the analysis that the report was made from; None if nothing has changed since, or if that
        analysis is no longer stored.
    """

    parts: int = 0
    numbers: int = 0
    differences: list[str] = field(default_factory=list)
    uncovered: int = 0
    since: list[str] = field(default_factory=list)
    then: int | None = None


def verify_report(report: str | Path, *, from_data: bool = False) -> Verification:
    """Return whether a report shows what its analysis gives.

    Every part with a receipt is made again and compared with the page: words, numbers, and the data of each chart. The
    hash of every file that the report's manifest lists is compared as well.

    Parameters
    ----------
    report
        The HTML file; the folder with its ``manifest.json`` lies beside it.
    from_data
        Analyse the study's data once more, in a temporary place, instead of reading the stored analysis.

    Raises
    ------
    InputError
        If the file is no report of this package, its manifest or its study is missing.
    """
    check_path("report", report)
    page = Path(report)
    soup = _read(page)
    manifest = _manifest(page)
    receipts = _receipts(soup, page)
    found = Verification(uncovered=_uncovered(soup, receipts))
    found.differences += altered_files(page, manifest)
    with tempfile.TemporaryDirectory(prefix="voc-verify-") as place:
        study = load_study(manifest["study"])
        analysis = _analysis(study, receipts, Path(place) if from_data else None)
        keys = sorted({receipt["analysis"] for receipt in receipts.values()} - {analysis.key})
        if keys:
            found.differences.append(f"the report was made from analysis {keys[0][:16]}; the study now gives "
                                     f"{analysis.key[:16]}")
        for name, receipt in receipts.items():
            _compare(soup, name, receipt, analysis, found)
        if keys:
            _look_back(soup, receipts, Store(study.store_folder), keys, analysis, found)
    return found


def _look_back(soup: Any, receipts: Mapping[str, Any], store: Store, keys: list[str], now: Analysis,
               found: Verification) -> None:
    """Tell what has changed since, and whether the report shows what the analysis of then gave, if that is stored."""
    path = store.find_analysis(keys[0], _shown(receipts))
    try:
        tables, told = store.open(path), store.manifest(path)
        if tables is None:
            raise StoreError("It is not stored.")
        found.since = reasons(told, store.manifest(now.folder))
        study = Study.model_validate_json(json.dumps({**told["study"], "path": str(now.study.path)}))
        then = replace(now, study=study, tables=tables, facts=told["facts"], key=keys[0], folder=path)
        past = Verification()
        for name, receipt in receipts.items():
            _compare(soup, name, receipt, then, past)
        found.then = len(past.differences)
    except (StoreError, OSError, ValueError):
        found.since = found.since or ["the analysis that it was made from is no longer stored, so that what has "
                                      "changed since cannot be told"]
    store.mark_used(now.folder)  # as the analysis used last, whose themes are kept


def _read(page: Path) -> Any:
    from bs4 import BeautifulSoup

    try:
        return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    except FileNotFoundError:
        raise InputError(f"there is no report {page}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the report {page} cannot be read ({type(error).__name__}).") from error


def _manifest(page: Path) -> dict[str, Any]:
    file = page.with_suffix("") / "manifest.json"
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} is missing or damaged; it tells what the report was made of, so keep it beside the "
                         "page, or render the report again.") from error
    study = content.get("study")
    if not study or not Path(study).is_file():
        raise InputError(f"the report's study file {study or ''} is not there, so its numbers cannot be made again.")
    return content


def _receipts(soup: Any, page: Path) -> dict[str, dict[str, Any]]:
    block = soup.find("script", id="voc-receipts")
    if block is None:
        raise InputError(f"{page} holds no receipts; render it again, or name a report of this package.")
    found: dict[str, dict[str, Any]] = json.loads(block.string)
    return found


def _uncovered(soup: Any, receipts: Mapping[str, Any]) -> int:
    """Return how many blocks with figures or tables have no receipt; prose is not meant."""
    cells = soup.find_all("div", class_="cell")
    return sum(cell.get("id") not in receipts and cell.find(["figure", "table", "pre"]) is not None for cell in cells)


def _analysis(study: Study, receipts: Mapping[str, Mapping[str, Any]], place: Path | None) -> Analysis:
    from workbench.analysis import analyse
    from workbench.demand import known_tables

    if place is not None:
        study = _elsewhere(study, place)
    only: Mapping[str, str] = next((receipt["only"] for receipt in receipts.values()), {})
    tables = sorted(_shown(receipts) & set(known_tables()))
    return analyse(study, only=only, tables=tables, progress=False)


def _shown(receipts: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {table["name"] for receipt in receipts.values() for table in receipt["tables"]}


def _elsewhere(study: Study, place: Path) -> Study:
    """Return the study with an empty store in `place`, beside it what the data alone do not tell.

    That is which numbers themes had before, and which customers are to be forgotten.
    """
    moved = study.model_copy(update={"store": str(place / "store")})
    for kept, copy in ((study.ledger_file, moved.ledger_file), (study.forgotten_file, moved.forgotten_file)):
        if kept.is_file():
            shutil.copyfile(kept, copy)
    return moved


def _compare(soup: Any, name: str, receipt: Mapping[str, Any], analysis: Analysis, found: Verification) -> None:
    shown = soup.find("div", id=name)
    part = str(receipt["part"])
    if shown is None:
        found.differences.append(f"{part}: the page no longer shows it")
        return
    again = _made_again(receipt, analysis)
    if again is None:
        found.differences.append(f"{part}: this version of the package does not make it")
        return
    found.parts += 1
    was, now = list(_content(shown)), list(_content(again))
    found.numbers += sum(len(_NUMBER.findall(text)) for text in now)
    if was != now:
        found.differences.append(f"{part}: {_first_difference(was, now)}")


def _made_again(receipt: Mapping[str, Any], analysis: Analysis) -> Any:
    from bs4 import BeautifulSoup

    from workbench.report.outputs import OutputWriter
    from workbench.report.page import Page

    page = Page(analysis, language=receipt["language"], top=receipt["top"])
    method = getattr(page, receipt["part"], None) if not receipt["part"].startswith("_") else None
    if method is None:
        return None
    bundle = method(**receipt["arguments"])._repr_mimebundle_()
    html = OutputWriter(page.messages).html({"output_type": "display_data", "data": bundle})
    return BeautifulSoup(html, "html.parser")


def _content(part: Any) -> Iterator[str]:
    """Return every text of a part and the data of its chart, but neither its receipt nor its still picture."""
    for tag in part.find_all(class_="receipt"):
        tag.decompose()
    for tag in part.find_all("noscript"):
        tag.decompose()
    for text in part.find_all(string=True):
        if text.parent.name == "script":
            yield json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True)
        elif words := " ".join(text.split()):
            yield words


def _first_difference(was: list[str], now: list[str]) -> str:
    """Return where two contents part, in numbers alone: the words may be a customer's."""
    for old, new in zip(was, now, strict=False):
        if old != new:
            old_numbers, new_numbers = _NUMBER.findall(old), _NUMBER.findall(new)
            for before, after in zip(old_numbers, new_numbers, strict=False):
                if before != after:
                    return f"it shows {before[:_LONGEST]}, the analysis gives {after[:_LONGEST]}"
            return "it shows other words than the analysis gives"
    return f"it shows {len(was)} texts, the analysis gives {len(now)}"

"""Receipts: what each part of a report was made of, written down while it is made.

A part reads tables of the analysis. What it read is seen, not declared: the analysis that it is given notes every
table that is asked for. So a receipt cannot forget one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from workbench.charts import Figure, Html
from workbench.charts.map import PointMap
from workbench.store import array_digest, digest, table_digest

if TYPE_CHECKING:
    from workbench.analysis import Analysis

C = TypeVar("C")
# not counted for a part
OF_THE_WHOLE = frozenset(("codebook_report", "labels_before", "parity", "passport", "quality", "theme_events"))


class Watched:
    """An analysis that notes which of its tables are read.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> watched = Watched(SimpleNamespace(tables={"themes": [1], "scores": [2]}, themes=[1], key="k"))
    >>> watched.themes, watched["scores"], watched.key, sorted(watched.read)
    ([1], [2], 'k', ['scores', 'themes'])
    """

    def __init__(self, analysis: Analysis | Watched) -> None:
        self._analysis: Analysis = analysis._analysis if isinstance(analysis, Watched) else analysis
        self.read: set[str] = set()
        self.tables = _WatchedTables(self._analysis.tables, self.read)

    def __getattr__(self, name: str) -> Any:
        if name in self._analysis.tables:
            self.read.add(name)
        return getattr(self._analysis, name)

    def __getitem__(self, name: str) -> Any:
        return self.tables[name]


class _WatchedTables(Mapping[str, Any]):
    def __init__(self, tables: Mapping[str, Any], read: set[str]) -> None:
        self._tables = tables
        self._read = read

    def __getitem__(self, name: str) -> Any:
        table = self._tables[name]
        self._read.add(name)
        return table

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def with_receipts(page: type[C]) -> type[C]:
    """Return the class with every public method that returns a `Figure` or `Html` adding its receipt to it."""
    for name, method in list(vars(page).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(page, name, _receipted(name, method))
    return page


def _receipted(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(method)

    @wraps(method)
    def receipted(page: Any, *args: Any, **named: Any) -> Any:
        analysis, watched = page.analysis, Watched(page.analysis)
        page.analysis = watched
        try:
            made = method(page, *args, **named)
        finally:
            page.analysis = analysis
        if not isinstance(made, Figure | Html | PointMap):
            return made
        if analysis.only and watched.read & OF_THE_WHOLE:
            made = _said_of_the_whole(made, page.messages("headline.of_the_whole"))
        given = dict(list(signature.bind(page, *args, **named).arguments.items())[1:])
        made = replace(made, receipt=_receipt(name, given, page, watched))
        return replace(made, stills=analysis.folder / "stills") if isinstance(made, Figure) else made

    return receipted


def _said_of_the_whole(made: Figure | Html | PointMap, note: str) -> Figure | Html | PointMap:
    """Return a part of a page with the note that it is about the whole study."""
    if isinstance(made, Html):
        return replace(made, html=f'<p class="callout">{escape(note)}</p>{made.html}')
    return replace(made, description=f"{made.description} {note}")


def _receipt(name: str, given: Mapping[str, Any], page: Any, watched: Watched) -> dict[str, Any]:
    analysis = page.analysis
    facts = analysis.facts.get("insights", {})
    return {
        "part": name,
        "arguments": dict(given),
        "language": page.messages.language,
        "top": page.top,
        "analysis": analysis.key,
        "only": dict(analysis.only),
        "comments": facts.get("comments"),
        "counted": facts.get("counted"),
        "count_duplicates": analysis.study.insights.count_duplicates,
        "confidence": analysis.study.insights.confidence,
        "minimum_cell": analysis.study.insights.minimum_cell,
        "tables": [_table(table, analysis, page.digests) for table in sorted(watched.read)],
    }


def _table(name: str, analysis: Analysis, digests: dict[str, str]) -> dict[str, Any]:
    """Return a table's name, size and hash.

    The hash is of the comments as well, which a reader does not have: of a table alone, a few hidden counts could be
    found by trying.
    """
    table = analysis.tables[name]
    return {"name": name, "rows": len(table), "sha256": digest(_digest_of("comments", analysis, digests),
                                                               _digest_of(name, analysis, digests))}


def _digest_of(name: str, analysis: Analysis, digests: dict[str, str]) -> str:
    if name not in digests:
        table = analysis.tables[name]
        digests[name] = array_digest(table) if isinstance(table, np.ndarray) else table_digest(table)
    return digests[name]

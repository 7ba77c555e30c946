"""Results as files for other programs: tables for spreadsheets, charts as pictures."""

from __future__ import annotations

import base64
import inspect
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.arguments import check_folder, check_path
from workbench.charts import Figure
from workbench.charts.display import specification
from workbench.charts.numerals import direction_of
from workbench.charts.stills import FONTS, still_picture, still_specification
from workbench.errors import InputError
from workbench.feedback import redact, write_csv, write_xlsx
from workbench.insights import hidden_in
from workbench.insights.disclosure import SHOWN
from workbench.report.messages import load_messages

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.page import Page

DIMENSIONS = ("language", "market", "channel", "segment", "source", "stage")
KEYS = ("theme_id", "other_theme_id", "group_id", "parent_id", "rank", "order", "level", "line", "peak", "run")
_COUNT = re.compile(r"(score_)?n(_before|_after)?|count(_before)?|customers(_low_score)?"
                    r"|(peak_)?base(_before|_after|_elsewhere|_turned)?|\w+_count(_before|_after|_elsewhere)?")
NOT_COUNTED_HERE = ("tone_errors", "tone_held_out")  # texts that the tone model was measured on, not comments
ABOUT_PEOPLE = ("customer_id", "account_id")
PNG_SCALE = 2.0  # pixels a unit: sharp on a slide


def export_analysis(analysis: Analysis, folder: str | Path, *, language: str = "en", charts: bool = True) -> list[Path]:
    """Write an analysis as CSV files, one workbook and pictures of its charts; return the files.

    Tables that have a row for each comment or statement are left out, but for the quotes, whose personal data are taken
    out. Numbers of cells with fewer comments than the study's ``minimum_cell`` are left empty, and those of further
    cells by which they could be computed.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    folder
        Where ``tables/*.csv``, ``tables.xlsx`` and ``charts/*.svg`` and ``*.png`` go. Files of an earlier export are
        replaced as a whole.
    language
        ISO 639-1 of the charts.
    charts
        Whether pictures are made.

    Raises
    ------
    InputError
        If the folder holds other files, or there are no messages in the language.
    DiskError
        If a file cannot be written.
    """
    from workbench.report.page import Page

    check_export(folder, language)
    place = Path(folder)
    page = Page(analysis, language)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    draft = beside / "new"
    draft.mkdir()
    try:
        _write_tables(shown_tables(analysis), analysis, draft, direction_of(language) == "rtl")
        if charts:
            _write_charts(page, draft / "charts")
        _replace(draft, place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return sorted(path for path in place.rglob("*") if path.is_file())


def shown_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return the tables that may leave the house, small cells emptied and personal data taken out, by name."""
    minimum = analysis.study.insights.minimum_cell
    found = {}
    for name, table in sorted(analysis.tables.items()):
        if not isinstance(table, pd.DataFrame) or name in ("rejected", "numbers"):
            continue
        if name != "quotes" and {"feedback_id", "statement_id", "customer_id"} & set(table):
            continue
        withheld = False if name in NOT_COUNTED_HERE else hidden_in(name, analysis.tables, minimum) != SHOWN
        found[name] = _without_small(_redacted(table, analysis.study.order_number), minimum, withheld)
    return found


def _redacted(table: pd.DataFrame, order_number: str | None) -> pd.DataFrame:
    table = table.drop(columns=[name for name in ABOUT_PEOPLE if name in table])
    if "text" in table:
        table = table.assign(text=[redact(str(text), order_number=order_number) for text in table["text"]])
    return table


def _without_small(table: pd.DataFrame, minimum: int, withheld: pd.Series | bool = False) -> pd.DataFrame:
    """Return the table with every number of a row taken out in which any count is small or withheld, or a share is."""
    numbers = [str(name) for name in table if pd.api.types.is_numeric_dtype(table[name])
               and not pd.api.types.is_bool_dtype(table[name]) and name not in KEYS]
    counts = [name for name in numbers if _COUNT.fullmatch(name)]
    if not counts:
        return table
    hidden = withheld | ((table[counts] > 0) & (table[counts] < minimum)).any(axis=1)
    if {"n", "share_with"} <= set(table):
        with_it = (table["n"] * table["share_with"]).round()
        hidden |= (with_it > 0) & (with_it < minimum)
    shown = table.copy()
    shown[numbers] = table[numbers].astype(object).mask(hidden, None)
    return shown.assign(is_hidden=hidden)


def _write_tables(tables: dict[str, pd.DataFrame], analysis: Analysis, draft: Path, right_to_left: bool) -> None:
    (draft / "tables").mkdir()
    tables = {"about": _about(analysis), **tables}
    for name, table in tables.items():
        write_csv(table, draft / "tables" / f"{name}.csv")
    write_xlsx(tables, draft / "tables.xlsx", right_to_left=right_to_left)


def _about(analysis: Analysis) -> pd.DataFrame:
    """Return what the tables are of, as a table."""
    settings = analysis.study.insights
    only = ", ".join(f"{name}={value}" for name, value in analysis.only.items())
    rows = {
        "study": analysis.study.name, "comments counted": analysis.facts["insights"]["counted"],
        "part": only or "all", "confidence of intervals": settings.confidence,
        "cells hidden below": settings.minimum_cell, "analysis": analysis.key,
    }
    return pd.DataFrame({"what": list(rows), "value": [str(value) for value in rows.values()]})


def _write_charts(page: Page, folder: Path) -> None:
    folder.mkdir()
    for name, figure in figures_of(page).items():
        svg, png = chart_pictures(figure)
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        (folder / f"{name}.png").write_bytes(png)


def figures_of(page: Page) -> dict[str, Figure]:
    """Return every figure that a page can show by itself, by name."""
    found: dict[str, Any] = {}
    for name, method in inspect.getmembers(page, inspect.ismethod):
        needed = [each.name for each in inspect.signature(method).parameters.values() if each.default is each.empty]
        if name.startswith("_") or name == "save_summary":
            continue
        if not needed:
            found[name] = method()
        elif needed == ["dimension"]:
            found |= {f"{name}_{dimension}": method(dimension) for dimension in DIMENSIONS}
    return {name: part for name, part in found.items() if isinstance(part, Figure)}


def chart_pictures(figure: Figure) -> tuple[str, bytes]:
    """Return a figure's chart as SVG, its font within where its language needs one, and as PNG."""
    import vl_convert

    spec = specification(figure.chart)
    svg = still_picture(spec, figure.stills)
    png = bytes(vl_convert.vegalite_to_png(still_specification(spec), scale=PNG_SCALE, allowed_base_urls=[]))
    return (_with_font(svg) if direction_of(figure.language) == "rtl" else svg), png


def _with_font(svg: str) -> str:
    font = base64.b64encode((FONTS / "Vazirmatn-variable.woff2").read_bytes()).decode("ascii")
    source = f'url("data:font/woff2;base64,{font}") format("woff2")'
    style = f"<style>@font-face{{font-family:Vazirmatn;font-weight:400 700;src:{source}}}</style>"
    start = svg.index(">", svg.index("<svg")) + 1
    return svg[:start] + style + svg[start:]


def check_export(place: str | Path, language: str) -> None:
    """Raise unless an export may go there: the folder is new, empty, or was written by an earlier export.

    Raises
    ------
    InputError
        If it is not, or there are no messages in the language.
    """
    load_messages(language)
    check_path("folder", place)
    place = Path(place)
    check_folder(place.parent)
    if place.exists() and not place.is_dir():
        raise InputError(f"{place} is a file; name a folder.")
    if place.is_dir() and any(place.iterdir()) and not (place / "tables" / "about.csv").is_file():
        raise InputError(f"{place} holds other files, which an export would replace; name another folder.")


def _replace(draft: Path, place: Path) -> None:
    old = draft.with_name("old")
    if place.exists():
        os.replace(place, old)
    try:
        os.replace(draft, place)
    except BaseException:  # Ctrl-C, too, must not take the earlier export away
        if old.exists() and not place.exists():
            os.replace(old, place)
        raise

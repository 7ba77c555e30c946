"""Rendering: one `voc report` against the two commands that it stands for, papermill and nbconvert.

The same notebook (two charts, two tables) is rendered by both in turn. CPU seconds are those of all processes, kernels
included; on a busy machine they tell more than wall time.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._harness import Case, as_figures, compare, cost_table, markdown, ratio, told_ratio

OURS, THEIRS = "voc report", "papermill + nbconvert"
FIRST_CHART = 20_000  # milliseconds to wait for a chart in the browser
CELLS = (
    "import altair as alt\nimport pandas as pd",
    "words = ['late', 'دیر', 'متأخر', 'spät']\n"
    "table = pd.DataFrame({'word': words * 50, 'day': pd.date_range('2026-01-01', periods=200), 'n': range(200)})",
    "{show}(alt.Chart(table).mark_bar().encode(x='sum(n)', y='word'))",
    "{show}(alt.Chart(table).mark_line().encode(x='day', y='n'))",
    "table.groupby('word')['n'].describe()",
    "table.head(12)",
)
SHOW = "from workbench.charts import Figure\ndef show(chart): display(Figure(chart, 'A chart.', None))"


def run(data: Path | None, repeats: int = 3) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        ours, theirs = _notebook(folder / "ours.ipynb", "voc"), _notebook(folder / "theirs.ipynb", "python3")
        cases = [Case(OURS, [_voc(ours, folder)]), Case(THEIRS, [_papermill(theirs, folder), _nbconvert(folder)])]
        runs = compare(cases, repeats)
        pages = {OURS: folder / "ours.en.html", THEIRS: folder / "executed.html"}
        weights = {side: page.stat().st_size / 1000 for side, page in pages.items()}
        drawn = {side: _first_chart(page) for side, page in pages.items()}
    table = cost_table(runs, "two charts, two tables")
    table["page kB"] = [f"{weights[side]:,.0f}" for side in table.index]
    table["first chart without a network, s"] = [drawn[side] for side in table.index]
    print(markdown(table))
    found = {figure: ratio(runs, THEIRS, OURS, figure) for figure in ("cpu", "wall")}
    print(f"\n{THEIRS} takes {told_ratio(found['cpu'])} times the CPU and {told_ratio(found['wall'])} times the wall "
          f"time of {OURS}")
    return {"runs": as_figures(runs), "ratio": found, "page_kb": weights, "first_chart": drawn}


def _notebook(path: Path, kernel: str) -> Path:
    import nbformat
    from nbformat import v4

    own = kernel == "voc"
    sources = [*([SHOW] if own else []), *(cell.replace("{show}", "show" if own else "display") for cell in CELLS)]
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources], metadata=metadata), path)
    return path


def _voc(notebook: Path, folder: Path) -> Sequence[str]:
    render = f"from workbench.report import render_report; render_report({str(notebook)!r}, output={str(folder)!r}, " \
             "progress=False)"
    return [sys.executable, "-c", render]


def _papermill(notebook: Path, folder: Path) -> Sequence[str]:
    return [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), str(folder / "executed.ipynb")]


def _nbconvert(folder: Path) -> Sequence[str]:
    return [sys.executable, "-m", "nbconvert", "--to", "html", str(folder / "executed.ipynb")]


def _first_chart(page: Path) -> str:
    """Return how long a browser without a network takes to the first chart."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return "no Chromium"
    from playwright.sync_api import TimeoutError as NeverDrawn
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_context(offline=True).new_page()
        started = time.perf_counter()
        opened.goto(page.as_uri())
        try:
            opened.wait_for_selector(".chart svg, .vega-embed svg, .vega-embed canvas", timeout=FIRST_CHART)
        except NeverDrawn:
            return "never"
        finally:
            seconds = time.perf_counter() - started
            browser.close()
        return f"{seconds:.1f}"

"""Rendering: one `voc report` against the two commands that it stands for, papermill and nbconvert.

The same notebook (two charts, two tables) is rendered by both in turn, each in cold processes. CPU seconds are those of
all child processes, kernels included; on a busy machine they tell more than wall time.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

REPEATS = 3
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
OURS = "from workbench.charts import Figure\ndef show(chart): display(Figure(chart, 'A chart.', None))"


def run(data: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        ours, theirs = _notebook(folder / "ours.ipynb", "voc"), _notebook(folder / "theirs.ipynb", "python3")
        sides: dict[str, Callable[[], list[Sequence[str]]]] = {
            "voc report": lambda: [_voc(ours, folder)],
            "papermill + nbconvert": lambda: [_papermill(theirs, folder), _nbconvert(folder)],
        }
        spent: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
        for _ in range(REPEATS):
            for side, commands in sides.items():
                spent[side].append(_spent(commands()))
        pages = {"voc report": folder / "ours.en.html", "papermill + nbconvert": folder / "executed.html"}
        print("| | CPU s (median, range) | wall s (median, range) | page kB | first chart without a network, s |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for side in sides:
            cpu, wall = zip(*spent[side], strict=True)
            weight = pages[side].stat().st_size / 1000
            print(f"| {side} | {_told(cpu)} | {_told(wall)} | {weight:,.0f} | {_first_chart(pages[side])} |")
        ratio = statistics.median(cpu for cpu, _ in spent["papermill + nbconvert"]) / \
            statistics.median(cpu for cpu, _ in spent["voc report"])
        print(f"\nCPU ratio: {ratio:.1f}")


def _notebook(path: Path, kernel: str) -> Path:
    import nbformat
    from nbformat import v4

    own = kernel == "voc"
    sources = [*([OURS] if own else []), *(cell.replace("{show}", "show" if own else "display") for cell in CELLS)]
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


def _spent(commands: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Return CPU and wall seconds of some commands, one after the other."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - started


def _told(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


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

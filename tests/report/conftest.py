"""Small notebooks for the report's tests, and one rendered report a language that many tests look at."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from patience import PATIENCE

PARAMETERS = """study: str | None = None
language: str = "en"
market: str = "all"
top: int = 3
summary_path: str = ""
"""
FIGURES = """
import altair as alt
import pandas as pd
from workbench.charts import Figure, Html, configure, label, table_html

names = ["constructor", "</script><script>window.PWN=1</script>", "تعطل تطبيق iPhone 15 (مرتين)", "هزینهٔ ارسال"]
counts = pd.DataFrame({"theme": [label(name) for name in names], "comments": [4, 3, 2, 1]})
bars = alt.Chart(counts).mark_bar().encode(x="comments:Q", y=alt.Y("theme:N", sort=None))
days = pd.DataFrame({"day": pd.date_range("2025-01-01", periods=6, freq="MS"), "comments": [1, 3, 2, 5, 4, 6]})
line = alt.Chart(days).mark_line(point=True).encode(x="day:T", y="comments:Q")
for chart, table in ((bars, counts), (line, days)):
    display(Figure(configure(chart.properties(width="container"), language), "What <b>the</b> chart says.", table,
                   title="Themes & سلام", language=language))
wide = pd.concat([counts] * 2, axis=1).set_axis(list("abcd"), axis=1).assign(e="wide " * 9, f="x" * 60)
display(Html(table_html(wide, caption="A wide table", language=language)))
"""
SUMMARY = """
import json, pathlib, sys
print("standard output", top)
print("standard error", file=sys.stderr)
pathlib.Path(summary_path).write_text(json.dumps({"market": market, "top": top, "study": study}))
"""


def code(source: str, **metadata: object) -> nbformat.NotebookNode:
    return v4.new_code_cell(source, metadata=metadata)


def parameters(source: str = PARAMETERS) -> nbformat.NotebookNode:
    return code(source, tags=["parameters"])


@pytest.fixture
def write_notebook(tmp_path: Path) -> Callable[..., Path]:
    """Write cells (texts are code) as a notebook and return its path."""

    def write(*cells: str | nbformat.NotebookNode, name: str = "tiny") -> Path:
        path = tmp_path / f"{name}.ipynb"
        nodes = [code(cell) if isinstance(cell, str) else cell for cell in cells]
        nbformat.write(v4.new_notebook(cells=nodes), path)
        return path

    return write


@pytest.fixture(scope="session")
def demo_notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.ipynb"
    cells = [
        parameters(),
        v4.new_markdown_cell("# What customers say", id="title"),
        v4.new_markdown_cell("## First <script>window.PWN=2</script>\n\nText with [a link](javascript:x).", id="first"),
        code(FIGURES),
        v4.new_markdown_cell("## Second", id="second"),
        code(SUMMARY),
    ]
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="session")
def rendered(demo_notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Return the demo's finished report in each language."""
    from workbench.report import render_report

    place = tmp_path_factory.mktemp("reports")
    study = place / "shop.yaml"
    study.write_text("name: shop\n")
    return {
        language: render_report(
            demo_notebook,
            study=study,
            language=language,
            parameters={"top": "7", "market": "007"},
            output=place / "out",
            progress=False,
        )
        for language in ("en", "ar", "fa")
    }


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium_path = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium_path is None:
        pytest.skip("Chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"],
                                              timeout=PATIENCE * 1000)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Open a file and return the page, its console errors and every request that it made."""
    contexts = []

    def open_it(path, width=1200, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page, complaints, requests = context.new_page(), [], []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        return page, complaints, requests

    yield open_it
    for context in contexts:
        context.close()

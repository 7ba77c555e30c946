"""Themes: quality against human labels, stability, seconds and memory, beside BERTopic on the same vectors.

``python -m benchmarks.themes --data DIR [--parts quality,cost,...] [--sets ...] [--rows N]``

Needs ``banking77_en``, ``banking77_ar_sample``, ``clinc150`` and ``airline_tweets`` as Parquet files in the data folder
(columns ``id``, ``text``, ``language``, ``label``; the tweets' reasons are ``label2``). BERTopic runs with its defaults
(UMAP and HDBSCAN), and once more with its outliers reassigned. What a finding gave is kept in a folder, one JSON line
each in ``runs.jsonl`` and its labels beside: a run that was broken off goes on where it was, and findings by other
code or of other vectors are made anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks._harness import markdown
from benchmarks._sources import missing, there
from benchmarks._theme_runs import nearest_of_labels, reassigned, rows_of
from benchmarks._theme_sets import SETS, labelled, pooled, read, take

NEEDS = ("banking77_en", "banking77_ar_sample", "clinc150", "airline_tweets")
KEPT = Path(__file__).parent / "results" / "themes"
PARTS = ("quality", "cost", "recall", "assigning", "sampling")
SEEDS, BOOTSTRAPS, GROUPS = 3, 4, 20
LIMIT = 900
SIZES = (2_000, 13_000, 50_000, 100_000)
LARGEST_FOR_BERTOPIC, RECALLED, NEIGHBOURS = 50_000, 50_000, 30
TOLD_LABELS = "nearest centre, told the labels"
QUALITY = ("themes", "unassigned", "NMI", "ARI", "AMI", "seeds", "bootstraps")
SAMPLED, SAMPLED_OF = ("themes", "unassigned", "ARI", "same theme", "n"), 13_000
COST = ("themes", "wall s", "CPU s", "peak MB")

TOLD = """
Quality on sets with human labels: means over the fits to all rows ({seeds} where all were made; one figure of
themes each), ± one standard error (jackknife over {groups} groups of rows). `seeds` and `bootstraps` are the
mean ARI between the pairs of these fits, and of those to rows drawn with replacement ({bootstraps} where all
were made), on the rows in common, with the lowest and highest pair and the number of pairs. The last method of a
set gives each row to the label whose centre is nearest: as far as these vectors go where the labels are known
"""


def run(data: Path | None) -> None:
    assert data is not None
    measure(data, PARTS, tuple(SETS), None, KEPT)


def measure(data: Path, parts: tuple[str, ...], sets: tuple[str, ...], rows: int | None, kept: Path,
            bootstraps: int = BOOTSTRAPS, anew: bool = True) -> None:
    """Print the tables of some parts, on some sets, with at most so many rows of each."""
    kept.mkdir(parents=True, exist_ok=True)
    if "quality" in parts:
        quality(data, sets, rows, kept, bootstraps, anew)
    if "cost" in parts:
        cost(data, rows, kept)
    if "recall" in parts:
        recall(data, min(RECALLED, rows or RECALLED), kept)
    if "assigning" in parts:
        assigning(data, sets, rows, kept)
    if "sampling" in parts:
        sampling(pooled(data).iloc[: min(SAMPLED_OF, rows or SAMPLED_OF)])


def store(rows: pd.DataFrame, stem: Path, name: str = "") -> np.ndarray:
    """Write the statements and their vectors, and return these."""
    vectors = read(name, rows)
    rows.to_parquet(f"{stem}.parquet")
    np.save(f"{stem}.npy", vectors)
    return vectors


def find(method: str, rows: pd.DataFrame, vectors: np.ndarray, stem: Path, runs: list[str],
         anew: bool = True) -> tuple[dict[str, np.ndarray], dict[str, dict[str, Any]]]:
    """Return the labels and the cost of each run; those that are kept are not made again.

    The runs that are missing are made one after the other in a new process; only its first one is cold. Where they
    take longer than the limit, those that were not reached are left out.
    """
    lines = stem.parent / "runs.jsonl"
    key = {"set": stem.name, "method": method, "rows": len(rows), "made_of": made_of(method, rows, vectors)}
    missing = [run for run in runs if run not in _known(lines, key)]
    if missing and anew:
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks._theme_runs", method, str(stem), *missing]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child, \
                lines.open("a", encoding="utf-8") as file:
            for line in _within(child, LIMIT):
                file.write(json.dumps({**key, **json.loads(line)}) + "\n")
                file.flush()
        if child.returncode > 0:  # below 0: it was killed at the limit
            raise RuntimeError(f"a run failed: {' '.join(command)}")
    costs = {run: cost for run, cost in _known(lines, key).items() if run in runs}
    return {run: np.load(f"{stem}.{method}.{run.replace(' ', '')}.npy") for run in costs}, costs


def _within(child: subprocess.Popen[str], seconds: float) -> Any:
    """Yield the lines of a process, and end it where it takes longer."""
    from threading import Timer

    timer = Timer(seconds, child.kill)
    timer.start()
    try:
        yield from child.stdout or ()
    finally:
        timer.cancel()


def _known(lines: Path, key: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if not lines.is_file():
        return {}
    there = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    return {line["run"]: line for line in there if all(line[name] == value for name, value in key.items())}


def made_of(method: str, rows: pd.DataFrame, vectors: np.ndarray) -> str:
    """Return a digest of the statements, of the vectors and, for the workbench's own methods, of the code."""
    import workbench.themes
    from workbench.store import array_digest, digest, table_digest

    folder = Path(workbench.themes.__file__).parent
    code = [] if method == "bertopic" else [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    return digest(table_digest(rows[["statement_id", "feedback_id", "text"]]), array_digest(vectors), code)


def scores(gold: pd.Series, fits: list[np.ndarray]) -> np.ndarray:
    """Return the mean NMI and ARI of some fits with the gold, and the same with each twentieth of the rows left out."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    known = gold.notna().to_numpy()
    codes, fits = pd.factorize(gold[known])[0], [labels[known] for labels in fits]
    group = np.random.default_rng(0).permutation(len(codes)) % GROUPS
    kept = [np.ones(len(codes), dtype=bool), *(group != left_out for left_out in range(GROUPS))]
    return np.array([[np.mean([score(codes[rows], labels[rows]) for labels in fits])
                      for score in (normalized_mutual_info_score, adjusted_rand_score)] for rows in kept])


def with_error(values: np.ndarray, sign: str = "") -> str:
    """Return the first value and its standard error, the jackknife's over the others."""
    error = np.sqrt((GROUPS - 1) / GROUPS * ((values[1:] - values[1:].mean()) ** 2).sum())
    return f"{values[0]:{sign}.3f} ± {error:.3f}"


def described(gold: pd.Series, fits: list[np.ndarray]) -> dict[str, str]:
    from sklearn.metrics import adjusted_mutual_info_score

    known = gold.notna().to_numpy()
    mutual = [adjusted_mutual_info_score(gold[known], labels[known]) for labels in fits]
    return {"themes": " ".join(str(labels.max() + 1) for labels in fits), "AMI": f"{np.mean(mutual):.3f}",
            "unassigned": f"{np.mean([np.mean(labels < 0) for labels in fits]):.1%}"}


def agreement(fits: dict[str, np.ndarray], comments: pd.Series) -> dict[str, str]:
    """Return the mean ARI between seeds and between bootstraps, on the rows that two have in common."""
    from sklearn.metrics import adjusted_rand_score

    told = {}
    for kind, column in (("seed", "seeds"), ("bootstrap", "bootstraps")):
        parts = [pd.Series(labels, index=rows_of(run, comments)) for run, labels in fits.items()
                 if run.startswith(kind)]
        shared = [pd.concat(pair, axis=1, join="inner") for pair in combinations(parts, 2)]
        between = [adjusted_rand_score(both[0], both[1]) for both in shared]
        if between:
            told[column] = f"{np.mean(between):.3f} ({min(between):.3f} to {max(between):.3f}; {len(between)})"
    return told


def quality(data: Path, sets: tuple[str, ...], rows: int | None, kept: Path, bootstraps: int, anew: bool) -> None:
    runs = [*(f"seed {number}" for number in range(SEEDS)), *(f"bootstrap {number}" for number in range(bootstraps))]
    print(TOLD.format(seeds=SEEDS, groups=GROUPS, bootstraps=bootstraps))
    heading("set (rows), method", QUALITY)
    for name in sets:
        statements = take(labelled(data, name), rows)
        stem = kept / (name if rows is None else f"{name}_{rows}")
        vectors = store(statements, stem, name)
        fits = {"workbench": find("found", statements, vectors, stem, runs, anew)[0],
                "BERTopic": find("bertopic", statements, vectors, stem, runs, anew)[0]}
        fits["BERTopic, reassigned"] = {run: reassigned(vectors[rows_of(run, statements["feedback_id"])], labels)
                                        for run, labels in fits["BERTopic"].items()}
        fits[TOLD_LABELS] = nearest_of_labels(statements, vectors, ["seed 0", *runs[SEEDS:]])
        measured = {}
        for method, found in fits.items():
            whole = [labels for run, labels in found.items() if run.startswith("seed")]
            if not whole:
                line(f"{name} ({len(statements):,}), {method}", QUALITY,
                     {"themes": f"over {LIMIT} s" if anew else "not kept"})
                continue
            measured[method] = scores(statements["gold"], whole)
            line(f"{name} ({len(statements):,}), {method}", QUALITY, {
                **described(statements["gold"], whole), **agreement(found, statements["feedback_id"]),
                "NMI": with_error(measured[method][:, 0]), "ARI": with_error(measured[method][:, 1])})
        if len(measured) == len(fits):
            ahead(name, measured)


def ahead(name: str, measured: dict[str, np.ndarray]) -> None:
    """Print how far the workbench is ahead of the better of the two BERTopic runs, by either measure."""
    ours, theirs = measured["workbench"], np.stack([measured["BERTopic"], measured["BERTopic, reassigned"]])
    better = theirs[theirs[:, 0, :].argmax(axis=0), :, [0, 1]].T
    line(f"{name}, workbench less the better BERTopic", QUALITY,
         {"NMI": with_error(ours[:, 0] - better[:, 0], "+"), "ARI": with_error(ours[:, 1] - better[:, 1], "+")})


def heading(first: str, columns: tuple[str, ...]) -> None:
    print(markdown(pd.DataFrame(columns=columns).rename_axis(first)), flush=True)


def line(name: str, columns: tuple[str, ...], values: dict[str, Any]) -> None:
    """Print a row as soon as it is measured: the whole takes long."""
    print(f"| {' | '.join([name, *(str(values.get(column, '')) for column in columns)])} |", flush=True)


def cost(data: Path, rows: int | None, kept: Path) -> None:
    print("\nCost of one fit in a cold process, vectors given. `found` does what BERTopic does (themes and words), "
          "`ours` also resamples, describes each language and names\n")
    heading("rows and method", COST)
    everything = pooled(data)
    for size in [size for size in SIZES if rows is None or size <= rows]:
        part = everything.iloc[:size]
        stem = kept / f"rows{size}"
        vectors = store(part, stem)
        for method in ("found", "ours", "bertopic"):
            if method == "bertopic" and size > LARGEST_FOR_BERTOPIC:
                continue
            labels, costs = find(method, part, vectors, stem, ["seed 0"])
            spent = costs.get("seed 0")
            shown = {"themes": int(labels["seed 0"].max() + 1), "wall s": f"{spent['wall']:.1f}",
                     "CPU s": f"{spent['cpu']:.1f}", "peak MB": f"{spent['megabytes']:.0f}"} if spent else {
                         "wall s": f"over {LIMIT}"}
            line(f"{len(part):,}: {method}", COST, shown)


def recall(data: Path, size: int, kept: Path) -> None:
    """How many of the true nearest neighbours the cells find."""
    from workbench.themes import nearest_neighbours

    vectors = store(pooled(data).iloc[:size], kept / f"recall{size}")
    vectors = vectors[np.linalg.norm(vectors, axis=1) > 0]
    cells, _ = nearest_neighbours(vectors, NEIGHBOURS, exact_up_to=0)
    probe = np.linspace(0, len(vectors) - 1, min(2_000, len(vectors))).astype(int)
    hits = []
    for row in probe:
        alike = vectors @ vectors[row]
        alike[row] = -2
        hits.append(len(set(cells[row]) & set(np.argpartition(-alike, NEIGHBOURS)[:NEIGHBOURS])) / NEIGHBOURS)
    print(f"\nNeighbours by cells over {len(vectors):,} rows: {np.mean(hits):.4f} of the {NEIGHBOURS} nearest found "
          f"(standard error {np.std(hits) / np.sqrt(len(hits)):.4f}, {len(hits):,} rows probed; "
          f"one row in a hundred finds {np.quantile(hits, 0.01):.2f} or less)", flush=True)


def assigning(data: Path, sets: tuple[str, ...], rows: int | None, kept: Path) -> None:
    """A tenth of the rows given to themes found without them, beside the themes that a refit with them gives."""
    from sklearn.metrics import adjusted_rand_score

    from workbench.themes import assign_themes, find_themes, refind_themes

    print("\nA tenth of the rows given to themes found in the rest: ARI of these with a refit to all rows, ARI of the "
          "rest between both fits (as far as the refit moves what is old), ARI of the tenth with human labels, given "
          "and refitted\n")
    columns = ("given and refit", "the rest, fit and refit", "given and labels", "refit and labels")
    heading("set (new rows)", columns)
    for name in sets:
        statements = take(labelled(data, name), rows)
        vectors = store(statements, kept / f"{name}_assigned", name)
        new = np.random.default_rng(0).permutation(pd.factorize(statements["feedback_id"], sort=True)[0].max() + 1)
        is_new = np.isin(pd.factorize(statements["feedback_id"], sort=True)[0], new[: len(new) // 10])
        old, fresh = (statements[which].reset_index(drop=True) for which in (~is_new, is_new))
        themes = find_themes(old, vectors[~is_new])
        given = assign_themes(fresh, vectors[is_new], themes)["theme_id"].to_numpy()
        refit = refind_themes(statements, vectors)
        known = fresh["gold"].notna().to_numpy()
        pairs = [(given, refit[is_new]), (themes.assignments["theme_id"], refit[~is_new]),
                 (fresh["gold"][known], given[known]), (fresh["gold"][known], refit[is_new][known])]
        line(f"{name} ({len(fresh):,})", columns,
             {column: f"{adjusted_rand_score(*pair):.3f}" for column, pair in zip(columns, pairs, strict=True)})


def sampling(rows: pd.DataFrame) -> None:
    """Themes found on a part of the rows and everything else given to them, beside those that all rows give."""
    from workbench.embedding import embed_statements
    from workbench.themes import agreement_with_full_fit, draw_statements, find_on_sample

    vectors = embed_statements(rows)
    full = find_on_sample(rows, vectors, None).assignments["theme_id"].to_numpy()
    again = find_on_sample(rows, vectors, None, seed=1).assignments["theme_id"].to_numpy()
    print(f"\nThemes found on a sample of {len(rows):,} rows, beside those found on all; ARI and share of the same "
          "theme, over the rows that were not in the sample\n")
    heading("sample", SAMPLED)
    line("all, another seed", SAMPLED, _shown(agreement_with_full_fit(again, full), again))
    for part in (0.5, 0.25, 0.1):
        size = int(len(rows) * part)
        theme = find_on_sample(rows, vectors, size).assignments["theme_id"].to_numpy()
        rest = ~draw_statements(rows, size)
        line(f"{size:,}", SAMPLED, _shown(agreement_with_full_fit(theme[rest], full[rest]), theme))


def _shown(agreed: dict[str, float], theme: np.ndarray) -> dict[str, str]:
    return {"themes": str(int(theme.max() + 1)), "unassigned": f"{np.mean(theme < 0):.1%}",
            "ARI": f"{agreed['ari']:.2f}", "same theme": f"{agreed['same_share']:.1%}", "n": f"{agreed['n']:,}"}


def main(asked: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of public data sets")
    parser.add_argument("--parts", default=",".join(PARTS), help="default: %(default)s")
    parser.add_argument("--sets", default=",".join(SETS), help="default: %(default)s")
    parser.add_argument("--rows", type=int, help="at most so many of each set, drawn at random")
    parser.add_argument("--bootstraps", type=int, default=BOOTSTRAPS, help="default: %(default)s")
    parser.add_argument("--kept-only", action="store_true", help="tell the quality of what is kept alone")
    parser.add_argument("--kept", type=Path, default=KEPT, help="folder where results are kept")
    given = parser.parse_args(asked)
    parts, sets = (tuple(filter(None, text.split(","))) for text in (given.parts, given.sets))
    unknown = sorted({*parts} - {*PARTS} | {*sets} - {*SETS})
    if unknown:
        parser.error(f"there is no part or set {unknown[0]!r}; parts are {', '.join(PARTS)}, sets {', '.join(SETS)}")
    lacking = missing(given.data, NEEDS)
    if lacking and set(sets) != {"sample"} and (sets == tuple(SETS) or not there(given.data, NEEDS)):
        parser.error(lacking)
    measure(given.data, parts, sets, given.rows, given.kept, given.bootstraps, not given.kept_only)


if __name__ == "__main__":
    main()

"""Themes: quality against human labels, stability, seconds and memory, beside BERTopic on the same vectors.

Needs ``banking77_en``, ``banking77_ar_sample``, ``clinc150`` and ``airline_tweets`` as Parquet files in the data folder
(columns ``id``, ``text``, ``language``, ``label``; the tweets' reasons are ``label2``). Every fit stands in a cold
process of its own. BERTopic runs with its defaults (UMAP and HDBSCAN), and once more with its outliers reassigned.
``VOC_BENCH_QUICK=1`` takes 1,500 rows of each set and leaves the large sizes out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks._theme_runs import assigned, subsample
from benchmarks.language import markdown

NEEDS_DATA = True
QUICK = bool(os.environ.get("VOC_BENCH_QUICK"))
LIMIT = int(os.environ.get("VOC_BENCH_SECONDS", "900"))
SIZES = (2_000, 13_000, 50_000, 100_000)
LARGEST_FOR_BERTOPIC = 50_000
SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "study.yaml"
QUALITY = ("themes", "unassigned", "NMI", "ARI", "AMI", "seeds", "parts", "CPU s")
SAMPLED = ("themes", "unassigned", "ARI", "same theme", "n")
COST = ("themes", "wall s", "CPU s", "peak MB")
EXTRA = ("sib200_20_languages", "persian_snappfood", "semeval2016_ar_hotel_reviews")


def run(data: Path | None) -> None:
    assert data is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quality(labelled(data), folder)
        cost(pooled(data), folder)
        neighbours(folder)
        assigning(labelled(data)["banking77, English"])
        sampling(as_statements(pooled(data).iloc[:2_000 if QUICK else 13_000]))


def read(data: Path, name: str, label: str = "label") -> pd.DataFrame:
    table = pd.read_parquet(data / f"{name}.parquet")
    rows = pd.DataFrame({"text": table["text"].astype(str), "language": table["language"].fillna("en").str[:2],
                         "gold": table.get(label)})
    return rows[rows["text"].str.strip() != ""].drop_duplicates("text")


def as_statements(rows: pd.DataFrame) -> pd.DataFrame:
    """Each text is one statement of one comment."""
    ids = [f"{number:06d}" for number in range(len(rows))]
    return rows.assign(feedback_id=ids, statement_id=[f"{name}/0" for name in ids], start=0,
                       end=rows["text"].str.len(), language_confidence=1.0, direction="ltr", script="Zyyy",
                       romanised=False).reset_index(drop=True)


def labelled(data: Path) -> dict[str, pd.DataFrame]:
    english, arabic = read(data, "banking77_en"), read(data, "banking77_ar_sample")
    tweets = read(data, "airline_tweets", "label2")
    reasons = tweets[tweets["gold"].notna() & ~tweets["gold"].isin(["Can't Tell", ""])]
    clinc = read(data, "clinc150")
    mixed = pd.concat([part.sample(min(6_500, len(part)), random_state=0) for part in (english, arabic)])
    sets = {"banking77, English": english, "banking77, Arabic": arabic, "banking77, both": mixed,
            "clinc150": clinc[clinc["gold"] != "oos"], "airline tweets": reasons}
    sets = {name: as_statements(rows.sample(min(1_500, len(rows)), random_state=0) if QUICK else rows)
            for name, rows in sets.items()}
    return {**sets, "the sample": sample_statements()}


def sample_statements() -> pd.DataFrame:
    from benchmarks.sample import _gold_of
    from workbench import stages
    from workbench.store import Store
    from workbench.study import load_study

    study = load_study(SAMPLE)
    tables, _ = stages.read_feedback(stages.open_feedback(study), study, {}, Store(study.store_folder))
    statements = stages.split_comments(study, tables, Store(study.store_folder))[0]["statements"]
    gold = _gold_of(statements).set_index("statement_id")["theme"].replace("", None)
    return statements.assign(gold=statements["statement_id"].map(gold))


def store(rows: pd.DataFrame, stem: Path) -> str:
    from workbench.embedding import embed_statements

    rows.to_parquet(f"{stem}.parquet")
    np.save(f"{stem}.npy", embed_statements(rows))
    return str(stem)


def fit(method: str, stem: str, again: int = 0, subsamples: int = 0) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Return the labels of each fit and the cost of the first; nothing where it took longer than the limit."""
    target = Path(f"{stem}.{method}.npz")
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks._theme_runs", method, stem, str(target), str(again),
               str(subsamples)]
    try:
        subprocess.run(command, check=True, timeout=LIMIT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return {}, {}
    with np.load(target) as labels:
        return dict(labels), json.loads(target.with_suffix(".json").read_text())


def score(gold: pd.Series, labels: np.ndarray) -> dict[str, Any]:
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, normalized_mutual_info_score

    known = gold.notna().to_numpy()
    pair = gold[known], labels[known]
    return {"themes": int(labels.max() + 1), "unassigned": f"{np.mean(labels < 0):.1%}",
            "NMI": f"{normalized_mutual_info_score(*pair):.3f}", "ARI": f"{adjusted_rand_score(*pair):.3f}",
            "AMI": f"{adjusted_mutual_info_score(*pair):.3f}"}


def agreement(labels: dict[str, np.ndarray]) -> dict[str, str]:
    """Return the mean ARI between seeds, and between fits on four fifths of the rows, on the rows that they share."""
    from sklearn.metrics import adjusted_rand_score

    seeds = [part for name, part in labels.items() if not name.startswith("part")]
    between = [adjusted_rand_score(*pair) for pair in combinations(seeds, 2)]
    parts = [pd.Series(part, index=subsample(len(labels["whole"]), int(name.split()[1])))
             for name, part in labels.items() if name.startswith("part")]
    shared = [pd.concat(pair, axis=1, join="inner") for pair in combinations(parts, 2)]
    across = [adjusted_rand_score(both[0], both[1]) for both in shared]
    return {"seeds": f"{np.mean(between):.2f}" if between else "", "parts": f"{np.mean(across):.2f}" if across else ""}


def quality(sets: dict[str, pd.DataFrame], folder: Path) -> None:
    print("\nQuality on sets with human labels; `seeds` and `parts` are mean ARI between two seeds, and between fits "
          "on 80 % of the rows (of BERTopic for the first set alone)\n")
    heading("set and method", QUALITY)
    for number, (name, rows) in enumerate(sets.items()):
        stem = store(rows, folder / str(number))
        vectors = np.load(f"{stem}.npy")
        labels, spent = fit("ours", stem, again=1, subsamples=3)
        line(f"{name} ({len(rows):,}): workbench", QUALITY, quality_of(rows, labels, spent))
        labels, spent = fit("bertopic", stem, again=int(number == 0), subsamples=2 * int(number == 0))
        line(f"{name}: BERTopic", QUALITY, quality_of(rows, labels, spent))
        given = {key: assigned(vectors if len(part) == len(rows) else vectors[subsample(len(rows), int(key[-1]))], part)
                 for key, part in labels.items()}
        line(f"{name}: BERTopic, reassigned", QUALITY, quality_of(rows, given, spent))


def quality_of(rows: pd.DataFrame, labels: dict[str, np.ndarray], spent: dict[str, float]) -> dict[str, Any]:
    if not labels:
        return {"themes": f"over {LIMIT} s"}
    return {**score(rows["gold"], labels["whole"]), **agreement(labels), "CPU s": f"{spent['cpu']:.0f}"}


def heading(first: str, columns: tuple[str, ...]) -> None:
    print("\n".join(markdown(pd.DataFrame(columns=columns).rename_axis(first)).splitlines()), flush=True)


def line(name: str, columns: tuple[str, ...], values: dict[str, Any]) -> None:
    """Print a row as soon as it is measured: the whole takes long."""
    print(f"| {' | '.join([name, *(str(values.get(column, '')) for column in columns)])} |", flush=True)


def pooled(data: Path) -> pd.DataFrame:
    """All rows of all sets, shuffled: real texts in 20 languages."""
    names = ("banking77_en", "banking77_ar_sample", "clinc150", "airline_tweets", *EXTRA)
    rows = pd.concat([read(data, name) for name in names if (data / f"{name}.parquet").is_file()])
    return rows.drop_duplicates("text").sample(frac=1, random_state=0)


def cost(rows: pd.DataFrame, folder: Path) -> None:
    print("\nCost of one fit in a cold process, vectors given. `found` does what BERTopic does (themes and words), "
          "`ours` also resamples, describes each language and names\n")
    heading("rows and method", COST)
    for size in (2_000,) if QUICK else SIZES:
        part = as_statements(rows.iloc[:size].drop(columns="gold"))
        stem = store(part, folder / f"rows{size}")
        for method in ("found", "ours", "bertopic"):
            if method == "bertopic" and size > LARGEST_FOR_BERTOPIC:
                continue
            labels, spent = fit(method, stem)
            shown = {"themes": int(labels["whole"].max() + 1), "wall s": f"{spent['wall']:.1f}",
                     "CPU s": f"{spent['cpu']:.1f}", "peak MB": f"{spent['megabytes']:.0f}"} if labels else {
                         "wall s": f"over {LIMIT}"}
            line(f"{len(part):,}: {method}", COST, shown)


def neighbours(folder: Path) -> None:
    """How many of the true nearest neighbours the cells find, on the largest stored set up to 50,000 rows."""
    from workbench.themes import nearest_neighbours

    stem = max((path for path in folder.glob("rows*.npy")), key=lambda path: min(path.stat().st_size, 60_000_000))
    vectors = np.load(stem)
    vectors = vectors[np.linalg.norm(vectors, axis=1) > 0]
    cells, _ = nearest_neighbours(vectors, 30, exact_up_to=0)
    probe = np.linspace(0, len(vectors) - 1, min(500, len(vectors))).astype(int)
    alike = vectors[probe] @ vectors.T
    alike[np.arange(len(probe)), probe] = -2
    exact = np.argsort(-alike, axis=1)[:, :30]
    hits = np.mean([len(set(cells[row]) & set(exact[place])) / 30 for place, row in enumerate(probe)])
    print(f"\nNeighbours by cells over {len(vectors):,} rows: {hits:.3f} of the 30 nearest found", flush=True)


def assigning(rows: pd.DataFrame) -> None:
    """New rows given to themes found without them, beside the themes that a refit with them gives."""
    from sklearn.metrics import adjusted_rand_score

    from workbench.embedding import embed_statements
    from workbench.themes import assign_themes, find_themes

    vectors = embed_statements(rows)
    known = subsample(len(rows), 0)
    new = np.setdiff1d(np.arange(len(rows)), known)
    themes = find_themes(rows.iloc[known].reset_index(drop=True), vectors[known])
    part = rows.iloc[new].reset_index(drop=True)
    given = assign_themes(part, vectors[new], themes)["theme_id"].to_numpy()
    whole = find_themes(rows, vectors)
    refit = whole.assignments["theme_id"].to_numpy()[new]
    print(f"\n{len(new):,} new rows given to themes found in {len(known):,}: adjusted Rand index with a full refit "
          f"{adjusted_rand_score(refit, given):.2f}, with the labels {adjusted_rand_score(part['gold'], given):.2f} "
          f"(refit {adjusted_rand_score(part['gold'], refit):.2f})", flush=True)


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

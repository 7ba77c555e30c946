"""One finding of themes in a process of its own: what it costs, and the theme of every row."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

KEPT = 0.8


def ours(rows: pd.DataFrame, vectors: np.ndarray, seed: int) -> np.ndarray:
    """The whole of find_themes: found, resampled for their stability, described in each language, named, counted."""
    from workbench.themes import find_themes

    return find_themes(rows, vectors, seed=seed).assignments["theme_id"].to_numpy()


def found(rows: pd.DataFrame, vectors: np.ndarray, seed: int) -> np.ndarray:
    """What BERTopic does as well, and no more: themes found, and each one's words by class-based TF-IDF."""
    from workbench.themes import refind_themes
    from workbench.themes.engine import fit_bertopic

    labels = refind_themes(rows, vectors, seed=seed)
    inside = labels >= 0
    fit_bertopic(rows["text"].str.lower()[inside].tolist(), vectors[inside], labels[inside])
    return labels


def bertopic(rows: pd.DataFrame, vectors: np.ndarray, seed: int) -> np.ndarray:
    """BERTopic as its users run it: UMAP and HDBSCAN, all defaults; no seed, since it sets none."""
    from bertopic import BERTopic

    model = BERTopic()
    return np.asarray(model.fit_transform(rows["text"].tolist(), embeddings=vectors)[0])


def assigned(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Outliers given to the topic with the nearest centre, as reduce_outliers(strategy="embeddings") does."""
    if not (labels >= 0).any():
        return labels
    centres = np.stack([vectors[labels == topic].mean(axis=0) for topic in range(labels.max() + 1)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return np.where(labels >= 0, labels, np.argmax(vectors @ centres.T, axis=1))


def subsample(count: int, seed: int) -> np.ndarray:
    chosen = np.random.default_rng(seed).choice(count, round(count * KEPT), replace=False)
    return np.sort(chosen)


METHODS = {"ours": ours, "found": found, "bertopic": bertopic}


def main(method: str, source: str, target: str, again: int, subsamples: int) -> None:
    """Fit once, cold, and write what it cost; then fit again for seeds and for subsamples, uncounted."""
    started = time.perf_counter()
    rows, vectors = pd.read_parquet(source + ".parquet"), np.load(source + ".npy")
    fit = METHODS[method]
    labels = {"whole": fit(rows, vectors, 0)}
    wall, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cost = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}
    for seed in range(1, again + 1):
        labels[f"seed {seed}"] = fit(rows, vectors, seed)
    for seed in range(subsamples):
        kept = subsample(len(rows), seed)
        labels[f"part {seed}"] = fit(rows.iloc[kept].reset_index(drop=True), vectors[kept], 0)
    np.savez(target, **labels)  # type: ignore[arg-type]
    Path(target).with_suffix(".json").write_text(json.dumps(cost))


if __name__ == "__main__":
    main(*sys.argv[1:4], *map(int, sys.argv[4:6]))  # type: ignore[arg-type]

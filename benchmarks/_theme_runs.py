"""Findings of themes in a process of their own: the theme of every row, and what each finding cost."""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pandas as pd


def ours(rows: pd.DataFrame, vectors: np.ndarray, seed: int) -> np.ndarray:
    """The whole of find_themes: found, resampled for their stability, described in each language, named, counted."""
    from workbench.themes import find_themes

    return find_themes(rows, vectors, seed=seed).assignments["theme_id"].to_numpy()


def found(rows: pd.DataFrame, vectors: np.ndarray, seed: int) -> np.ndarray:
    """What BERTopic does as well, and no more: themes found, and each one's words by class-based TF-IDF."""
    from workbench.themes import refind_themes
    from workbench.themes.engine import weigh_words

    labels = refind_themes(rows, vectors, seed=seed)
    inside = labels >= 0
    weigh_words(rows["text"].str.lower()[inside].tolist(), labels[inside])
    return labels


def bertopic(rows: pd.DataFrame, vectors: np.ndarray, seed: int) -> np.ndarray:
    """BERTopic as its users run it: UMAP and HDBSCAN, all defaults; no seed, since it sets none."""
    from bertopic import BERTopic

    model = BERTopic()
    return np.asarray(model.fit_transform(rows["text"].tolist(), embeddings=vectors)[0])


def reassigned(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Outliers given to the topic with the nearest centre, as reduce_outliers(strategy="embeddings") does."""
    if not (labels >= 0).any():
        return labels
    centres = np.stack([vectors[labels == topic].mean(axis=0) for topic in range(labels.max() + 1)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return np.where(labels >= 0, labels, np.argmax(vectors @ centres.T, axis=1))


def rows_of(run: str, comments: pd.Series) -> np.ndarray:
    """Return the rows of a run: all, or those of as many comments as there are, drawn with replacement.

    A comment that is drawn twice is there once: about 63 in a hundred of the comments are left.
    """
    kind, number = run.split()
    if kind == "seed":
        return np.arange(len(comments))
    codes, distinct = pd.factorize(comments, sort=True)
    drawn = np.random.default_rng(int(number)).choice(len(distinct), len(distinct))
    return np.flatnonzero(np.isin(codes, drawn))


def nearest_of_labels(rows: pd.DataFrame, vectors: np.ndarray, runs: list[str]) -> dict[str, np.ndarray]:
    """For each run, the label (of ``gold``) whose centre among the run's rows is nearest to each of these.

    What the vectors tell apart when the labels are known, which no other method is told.
    """
    found = {}
    for run in runs:
        kept = rows_of(run, rows["feedback_id"])
        codes, read = pd.factorize(rows["gold"].iloc[kept])[0], vectors[kept]
        centres = np.stack([read[codes == label].mean(axis=0) for label in range(codes.max() + 1)])
        found[run] = np.argmax(read @ (centres / np.linalg.norm(centres, axis=1, keepdims=True)).T, axis=1)
    return found


METHODS = {"ours": ours, "found": found, "bertopic": bertopic}


def main(method: str, stem: str, runs: list[str]) -> None:
    """Find once for each run, and write the labels and a line of costs as soon as there are some."""
    started = time.perf_counter()
    rows, vectors = pd.read_parquet(f"{stem}.parquet"), np.load(f"{stem}.npy")
    spent = 0.0
    for number, run in enumerate(runs):
        kept = rows_of(run, rows["feedback_id"])
        seed = int(run.split()[1]) if run.startswith("seed") else 0
        labels = METHODS[method](rows.iloc[kept].reset_index(drop=True), vectors[kept], seed)
        np.save(f"{stem}.{method}.{run.replace(' ', '')}.npy", labels)
        used = resource.getrusage(resource.RUSAGE_SELF)
        cost = {"run": run, "cold": number == 0, "wall": time.perf_counter() - started,
                "cpu": used.ru_utime + used.ru_stime - spent, "megabytes": used.ru_maxrss / 1024}
        print(json.dumps(cost), flush=True)
        spent, started = used.ru_utime + used.ru_stime, time.perf_counter()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

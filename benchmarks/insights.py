"""Insights on planted data and on nothing: do intervals cover, do alarms stay quiet, is what was planted found?

With a data folder that holds ``olist_reviews_all_incl_no_text.parquet`` (Olist, Brazilian marketplace orders with
review scores), lateness is looked for as a driver of the score.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._sources import missing
from workbench.insights import measure_impact, try_null_worlds
from workbench.insights.impact import Regression, interval, leave_out
from workbench.insights.incidence import Incidence, gather

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "study.yaml"
WORLDS = 1000
ORDERS = "olist_reviews_all_incl_no_text"


def run(data: Path | None) -> None:
    coverage()
    correlated()
    nothing()
    story()
    if data is not None and (lacking := missing(data, [ORDERS])):
        print(f"\n{lacking}")
    elif data is not None:
        olist(data)


def world(rng: np.random.Generator, size: int, overlapping: bool, clustered: bool
          ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return themes, an NPS-like score that follows them, and who wrote."""
    themes = (rng.random((size, 5)) < [0.3, 0.2, 0.1, 0.4, 0.15]).astype(float)
    if overlapping:
        themes[:, 1] = rng.random(size) < np.where(themes[:, 0] > 0, 0.7, 0.05)
    who = np.unique(rng.integers(0, size // 2, size), return_inverse=True)[1] if clustered else np.arange(size)
    shared = rng.normal(0, 30, who.max() + 1)[who] if clustered else np.zeros(size)
    tendency = themes @ [-60.0, 0.0, 40.0, 0.0, -30.0] + shared + rng.normal(0, 60, size)
    return themes, np.select([tendency > 40, tendency < -10], [100.0, -100.0], 0.0), who


def both_ways(spoken: Incidence, score: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return the changes left out and adjusted, each with its standard error."""
    return leave_out(spoken, score), Regression(spoken).adjusted(score)


def coverage() -> None:
    print(f"\nCoverage of 95 % intervals, {WORLDS} worlds of 400 comments and five themes\n")
    print("| themes | customers | left out | adjusted |\n| --- | --- | ---: | ---: |")
    for overlapping in (False, True):
        for clustered in (False, True):
            rng = np.random.default_rng([overlapping, clustered])
            themes, score, who = world(rng, 500_000, overlapping, clustered)
            truth = [found[0] for found in both_ways(gather(themes, who), score)]
            hits: list[list[np.ndarray]] = [[], []]
            for _ in range(WORLDS):
                themes, score, who = world(rng, 400, overlapping, clustered)
                spoken = gather(themes, who)
                fewest = np.minimum(*spoken.clusters_beside())
                for found, true, hit in zip(both_ways(spoken, score), truth, hits, strict=True):
                    low, high, _p = interval(*found, fewest, 0.95)
                    hit.append((low <= true) & (true <= high))
            kinds = "overlapping" if overlapping else "independent", "write twice" if clustered else "write once"
            print(f"| {kinds[0]} | {kinds[1]} | {np.mean(hits[0]):.3f} | {np.mean(hits[1]):.3f} |")


def correlated() -> None:
    print("\nTwo correlated themes, one guilty, 200 worlds of 600 comments: how often each is called a driver\n")
    called = {name: np.zeros(2) for name in ("leave_out", "adjusted")}
    for seed in range(200):
        rng = np.random.default_rng(seed)
        guilty = rng.random(600) < 0.3
        bystander = rng.random(600) < np.where(guilty, 0.7, 0.08)
        themes = np.column_stack([guilty, bystander]).astype(float)
        score = np.where(rng.random(600) < np.where(guilty, 0.7, 0.2), -100.0, 100.0)
        spoken = gather(themes)
        fewest = np.minimum(*spoken.clusters_beside())
        for name, found in zip(called, both_ways(spoken, score), strict=True):
            called[name] += interval(*found, fewest, 0.95)[2] < 0.05
    print("| way | guilty theme | bystander |\n| --- | ---: | ---: |")
    for name, count in called.items():
        print(f"| {name} | {count[0] / 200:.2f} | {count[1] / 200:.2f} |")


def empty_studies(count: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield studies in which nothing goes with anything."""
    for seed in range(count):
        rng = np.random.default_rng([seed, 9])
        ids = [f"{i}" for i in range(400)]
        comments = pd.DataFrame({"feedback_id": ids, "nps": rng.choice([10, 8, 2], 400, p=[0.4, 0.3, 0.3]),
                                 "churned": rng.random(400) < 0.25, "text": "", "language": "en"})
        rows, themes = np.nonzero(rng.random((400, 20)) < 0.07)
        yield comments, pd.DataFrame({"feedback_id": [ids[row] for row in rows], "theme_id": themes})


def nothing() -> None:
    print("\nFalse findings in 25 empty studies of 400 comments and twenty themes, 20 shuffles each\n")
    tables = [try_null_worlds(comments, members, seed=1, worlds=20) for comments, members in empty_studies(25)]
    told = pd.concat(tables).groupby("search", sort=False)[["worlds", "worlds_with_findings"]].sum()
    print("| search | worlds | with a false finding |\n| --- | ---: | ---: |")
    for row in told.itertuples():
        print(f"| {row.Index} | {row.worlds} | {row.worlds_with_findings / row.worlds:.3f} |")


def story() -> None:
    import workbench as wb

    analysis = wb.analyse(SAMPLE, progress=False)
    names = analysis.themes.set_index("theme_id")["label"]
    print("\nThe sample's findings, in their order\n\n| rank | kind | of | where | from | importance |")
    print("| ---: | --- | --- | --- | --- | ---: |")
    for row in analysis.headlines.head(7).itertuples():  # those of a report's first page
        of = names[row.theme_id] if pd.notna(row.theme_id) else row.subject if row.kind == "turn" else row.dimension
        since = "" if pd.isna(row.first_period) else f"{row.first_period:%Y-%m-%d}"
        where = "" if pd.isna(row.value) else row.value
        print(f"| {row.rank} | {row.kind} | {of} | {where} | {since} | {row.importance:.4f} |")
    print("\nFalse findings on the sample itself, shuffled\n\n| search | worlds | with a false finding |")
    print("| --- | ---: | ---: |")
    for row in analysis.null_worlds.itertuples():
        print(f"| {row.search} | {row.worlds} | {row.world_share:.3f} |")


def olist(data: Path) -> None:
    """Take order facts as themes: late, slow, dear, several items, high freight."""
    orders = pd.read_parquet(data / f"{ORDERS}.parquet")
    orders = orders[(orders["order_status"] == "delivered") & orders["late_days"].notna()].reset_index(drop=True)
    comments = pd.DataFrame({"feedback_id": orders["id"].astype(str), "rating": orders["rating"].astype(float),
                             "rating_max": 5, "customer_id": orders["order_id"]})
    facts = {"late": orders["late_days"] > 0, "price above the median": orders["price"] > orders["price"].median(),
             "several items": orders["n_items"] > 1, "freight above the median":
             orders["freight"] > orders["freight"].median(), "paid by instalments": orders["installments"] > 1}
    members = pd.concat([pd.DataFrame({"feedback_id": comments.loc[inside.fillna(False), "feedback_id"], "theme_id": i})
                         for i, inside in enumerate(facts.values())])
    table = measure_impact(comments, members, measures=("satisfaction",)).table
    print(f"\nOlist, {len(orders):,} delivered orders: what goes with the rating (points of a hundred)\n")
    print("| fact | orders | left out | adjusted | one such order, others equal | weight | the three ways |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for row in table.sort_values("weight", ascending=False).itertuples():
        each = 100 / row.score_share
        print(f"| {list(facts)[row.theme_id]} | {row.n:,} | {100 * row.leave_out:+.2f} | {100 * row.adjusted:+.2f} "
              f"({100 * row.adjusted_low:+.2f} to {100 * row.adjusted_high:+.2f}) | {each * row.adjusted:+.1f} "
              f"({each * row.adjusted_low:+.1f} to {each * row.adjusted_high:+.1f}) | {row.weight:.3f} | "
              f"{row.agreement} |")

"""The sample study: how near themes and stages come to human coding, and what a cold and a stored run cost."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmarks._harness import Case, Runs, as_figures, compare, cost_table, markdown

if TYPE_CHECKING:
    from workbench.analysis import Analysis

UNSTABLE = 0.5
SAMPLE = Path(__file__).parent.parent / "data" / "sample"


def run(data: Path | None, repeats: int = 1) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        study = shutil.copytree(SAMPLE, Path(folder) / "sample", ignore=shutil.ignore_patterns(".workbench"))
        runs = time_runs(study / "study.yaml", repeats)
        compare_with_gold(study / "study.yaml")
    return as_figures(runs)


def time_runs(study: Path, repeats: int) -> Runs:
    """Return what `voc analyse` costs: cold, and again."""
    command = [sys.executable, "-m", "workbench", "analyse", "-q", str(study)]

    def forget() -> None:
        shutil.rmtree(study.parent / ".workbench", ignore_errors=True)
        study.with_suffix(".themes.json").unlink(missing_ok=True)

    runs = compare([Case("cold", [command], before=forget), Case("stored", [command])], repeats)
    print(markdown(cost_table(runs, "`voc analyse`")))
    return runs


def compare_with_gold(study: Path) -> None:
    """Each statement takes the codes of the gold statement that it overlaps most."""
    from sklearn.metrics import adjusted_rand_score, f1_score, normalized_mutual_info_score

    from workbench.analysis import analyse

    analysis = analyse(study, progress=False)
    table = analysis.statements.merge(analysis.assignments).merge(analysis.journey[["statement_id", "stage_id"]])
    table = table.merge(_gold_of(analysis.statements), on="statement_id")
    inside = table[table["theme_id"] >= 0]
    pair = inside["theme"], inside["theme_id"]
    leak = normalized_mutual_info_score(inside["language"], inside["theme_id"])
    print(f"themes: {analysis.themes['theme_id'].max() + 1}, {len(inside) / len(table):.0%} of {len(table)} coded "
          f"statements in one; NMI {normalized_mutual_info_score(*pair):.2f} and ARI {adjusted_rand_score(*pair):.2f} "
          f"with the coding, NMI {leak:.2f} with language")
    staged = table[table["stage"] != ""]
    stages = sorted(set(staged["stage"]))
    score = f1_score(staged["stage"], staged["stage_id"], labels=stages, average="macro")
    common = staged["stage"].mode().iloc[0]
    base = f1_score(staged["stage"], [common] * len(staged), labels=stages, average="macro", zero_division=0)
    print(f"stages: macro-F1 {score:.2f} over {len(staged)} statements; always {common!r} gives {base:.2f}")
    print(told_doubt(analysis, pd.read_csv(SAMPLE / "gold.csv")))


def told_doubt(analysis: Analysis, gold: pd.DataFrame) -> str:
    """Return how many themes are unstable, and how much is negative as told and as people coded it.

    A comment counts once, in equal parts for its statements; only those that the workbench counts are taken.
    """
    found = analysis.themes[analysis.themes["theme_id"] >= 0]
    told = analysis.tone_shares.query("dimension == 'all'").iloc[0]
    counted = analysis.profile.loc[analysis.profile["is_counted"], "feedback_id"]
    coded = gold[gold["feedback_id"].isin(counted)]
    bad = (coded["tone"] < 0).groupby(coded["feedback_id"]).mean()
    return (f"stability: below one half for {(found['stability'] < UNSTABLE).sum()} of {len(found)} themes\n"
            f"tone: {told['negative_share']:.0%} negative ({told['negative_share_low']:.0%} to "
            f"{told['negative_share_high']:.0%}); people coded {bad.mean():.0%} of {len(bad):,} comments so")


def _gold_of(statements: pd.DataFrame) -> pd.DataFrame:
    gold = pd.read_csv(SAMPLE / "gold.csv", dtype=str, keep_default_na=False)
    pairs = statements[["statement_id", "feedback_id", "start", "end"]].merge(gold, on="feedback_id",
                                                                             suffixes=("", "_gold"))
    first, last = pairs["start_gold"].astype(int), pairs["end_gold"].astype(int)
    pairs["overlap"] = pairs["end"].clip(upper=last) - pairs["start"].clip(lower=first)
    best = pairs[pairs["overlap"] > 0].sort_values(["statement_id", "overlap"], ascending=[True, False])
    best = best.drop_duplicates("statement_id")
    return pd.DataFrame({"statement_id": best["statement_id"], "theme": best["themes"].str.split("|").str[0],
                         "stage": best["stages"].str.split("|").str[0]})

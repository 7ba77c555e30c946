"""The stage that weighs what was counted: what goes with scores, what changed, whether it is enough, and for whom."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.columns import COMMENTS, UNASSIGNED, names
from workbench.stages.paths import exceeded_day
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, table_digest
from workbench.study import Study

_READ = ("comments", "profile", "statements", "themes", "assignments", "stage_sets", "touchpoints", "members",
         "periods", "stretches", "coverage", "theme_scores", "theme_comparison", "tone")
_CELLS = ("market", "language", "channel", "segment", "source")


def evidence_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings that decide the evidence and every table that it weighs."""
    return [study.insights.model_dump(mode="json"), study.quality.stability,
            [one.model_dump(mode="json") for one in study.decisions],
            study.themes.seed, str(exceeded_day(study, tables["comments"])),
            [table_digest(tables[name]) for name in _READ]]


@on_one_thread
def weigh_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return impact, change, adequacy, churn, money, guards, null worlds and the headlines; and why parts are empty."""
    from workbench import insights

    seed, confidence = study.themes.seed, study.insights.confidence
    day = exceeded_day(study, tables["comments"])
    everybody = insights.drop_stray_dates(insights.drop_future_dates(_everybody(tables), day))
    counted = everybody[everybody["is_counted"]].reset_index(drop=True)
    members, subjects = tables["members"], _subjects(tables, counted)
    made: Tables = {}
    reasons = []
    impact = insights.measure_impact(counted, members, confidence, seed)
    made |= {"impact": impact.table, "impact_left_out": impact.left_out}
    reasons.append(_reasons("impact", impact.reasons, "measure"))
    made |= _change(study, tables, counted, subjects, reasons)
    made["gaps"] = insights.find_gaps(everybody)
    made |= _enough(study, everybody, counted, members, subjects, made["gaps"])
    made |= _leaving(study, counted, members, subjects, reasons)
    made["concentration"] = insights.guard_concentration(counted, members, confidence)
    made["score_guards"] = insights.guard_scores(counted, made["mix"], _bad_words(tables, counted), made["gaps"],
                                                 confidence)
    made["null_worlds"] = pd.concat([made.pop("false_alarms"), insights.try_null_worlds(
        counted, members, seed, confidence=confidence)], ignore_index=True)
    made["evidence_reasons"] = pd.concat(reasons, ignore_index=True)
    made["headlines"] = insights.rank_headlines(
        tables["themes"], tables["theme_scores"], tables["theme_comparison"], tables["stretches"], tables["coverage"],
        turns=made["turns"], churn=made["churn_themes"], minimum_cell=study.insights.minimum_cell,
        stable=study.quality.stability)
    verdicts = made["adequacy"]["verdict"].value_counts().to_dict()
    told = f"{len(made['headlines'])} findings; decisions: " + \
        (", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "none asked")
    return made, {"told": told}


def _everybody(tables: Tables) -> pd.DataFrame:
    own = [name for name in names(COMMENTS) if name in tables["comments"] and name != "language"]
    return tables["comments"][own].merge(tables["profile"], on="feedback_id")


def _bad_words(tables: Tables, counted: pd.DataFrame) -> pd.Series:
    """Return, for each counted comment, whether most of its statements of known tone are negative; or that none is."""
    owner = tables["statements"].set_index("statement_id")["feedback_id"]
    tone = tables["tone"][tables["tone"]["word"] != "uncertain"]
    balance = tone["word"].map({"negative": -1, "positive": 1}).fillna(0).groupby(
        tone["statement_id"].map(owner)).sum()
    return counted["feedback_id"].map(balance < 0).astype("boolean")


def _subjects(tables: Tables, counted: pd.DataFrame) -> pd.DataFrame:
    """Return what each counted comment speaks of: its themes, stages and touchpoints."""
    owner = tables["statements"].set_index("statement_id")["feedback_id"]
    members = tables["members"]
    parts = [members.loc[members["theme_id"] >= 0].assign(cut="theme", subject=lambda t: t["theme_id"].astype(str))]
    for cut, table, column in (("stage", "stage_sets", "stage_id"), ("touchpoint", "touchpoints", "touchpoint_id")):
        placed = tables[table][tables[table][column] != UNASSIGNED]
        parts.append(pd.DataFrame({"feedback_id": placed["statement_id"].map(owner), "cut": cut,
                                   "subject": placed[column].astype(str)}))
    told = pd.concat([part[["feedback_id", "cut", "subject"]] for part in parts], ignore_index=True).drop_duplicates()
    return told[told["feedback_id"].isin(counted["feedback_id"])].reset_index(drop=True)


def _change(study: Study, tables: Tables, counted: pd.DataFrame, subjects: pd.DataFrame,
            reasons: list[pd.DataFrame]) -> Tables:
    """Return what changed over time; without dates, empty tables and a reason."""
    from workbench import insights

    seed, confidence, period = study.themes.seed, study.insights.confidence, study.insights.period
    periods, members = tables["periods"], tables["members"]
    dated = len(periods) > 0
    if not dated:
        reasons.append(_reason("trends", "no_dates"))
    elif periods["period"].nunique() < 3:
        reasons.append(_reason("trends", "too_few_periods"))
    seasons, not_told = insights.find_seasons(counted, members, seed, confidence)
    mix, not_parted = insights.explain_change(counted, confidence=confidence, seed=seed)
    reasons += [_reasons("seasons", not_told, "cycle"), _reasons("mix", not_parted, "measure")]
    turns = _turns(counted.assign(standing=insights.standing(counted)), subjects, seed, confidence)
    if not len(turns):
        reasons.append(_reason("turns", _why_no_turns(counted)))
    written = insights.drop_future_dates(tables["comments"], exceeded_day(study, tables["comments"]))
    written = written[written["feedback_id"].isin(counted["feedback_id"])]  # as periods hold them
    dealt = insights.Dealt(seed)
    changes = insights.find_changes(periods, seed, confidence, dealt) if dated else pd.DataFrame(columns=["theme_id"])
    return {"changes": changes,
            "false_alarms": insights.measure_false_alarms(written, members, periods, period, seed,
                                                          confidence=confidence, dealt=dealt),
            "seasons": seasons, "mix": mix, "turns": turns}


def _why_no_turns(counted: pd.DataFrame) -> str:
    from workbench import insights

    if not insights.standing(counted).notna().any():
        return "no_scores"
    dated = "created_at" in counted and bool(counted["created_at"].notna().any())
    return "too_few_answers" if dated else "no_dates"


def _turns(scored: pd.DataFrame, subjects: pd.DataFrame, seed: int, confidence: float) -> pd.DataFrame:
    """Return turns of touchpoints, in all comments and by market, corrected over all of them together."""
    from scipy.stats import false_discovery_control

    from workbench import insights

    if "created_at" not in scored:
        scored = scored.assign(created_at=pd.Series(pd.NaT, index=scored.index))
    touched = subjects[subjects["cut"] == "touchpoint"]
    parts = [insights.find_turns(scored, touched, dimension, seed, confidence)
             for dimension in (None, "market") if dimension is None or dimension in scored]
    kept = [part for part in parts if len(part)] or parts[:1]
    table = pd.concat(kept, ignore_index=True)
    if len(table):
        table["p_adjusted"] = false_discovery_control(table["p_value"])
    return table.sort_values(["p_value", "subject", "value"], ignore_index=True)


def _enough(study: Study, everybody: pd.DataFrame, counted: pd.DataFrame, members: pd.DataFrame,
            subjects: pd.DataFrame, gaps: pd.DataFrame) -> Tables:
    """Return whether the voice is enough for each decision; where none is asked, for the study, without a name."""
    from workbench import insights

    decisions = [one.model_dump(mode="json") for one in study.decisions] or [{"name": ""}]
    cells = [subjects[subjects["cut"] != "theme"].rename(columns={"cut": "dimension", "subject": "value"})]
    cells += [pd.DataFrame({"feedback_id": counted["feedback_id"], "dimension": name,
                            "value": counted[name].astype(str)})[counted[name].notna()]
              for name in _CELLS if name in counted]
    placed = pd.concat(cells, ignore_index=True)
    found = insights.judge_adequacy(decisions, everybody, members, placed, gaps, study.insights.confidence)
    return {"adequacy": found.verdicts, "adequacy_checks": found.checks, "adequacy_cells": found.cells,
            "adequacy_collect": found.collect}


def _leaving(study: Study, counted: pd.DataFrame, members: pd.DataFrame, subjects: pd.DataFrame,
             reasons: list[pd.DataFrame]) -> Tables:
    from workbench import insights

    seed, confidence = study.themes.seed, study.insights.confidence
    churn = insights.measure_churn(counted, members, confidence, seed)
    weighed = subjects[subjects["cut"].isin(["theme", "stage"])].rename(columns={"subject": "value"})
    money, notes = insights.weigh_by_money(counted, weighed, confidence, seed)
    missing = notes[~notes["reason"].isin(insights.ASSUMPTIONS)].assign(part="")
    reasons += [_reasons("churn", churn.reasons, "part"), _reasons("money", missing, "part")]
    return {"group_reasons": insights.reasons_by_group(counted, members, confidence), "churn_themes": churn.themes,
            "churn_calibration": churn.calibration, "churn_measures": churn.measures, "money": money,
            "money_notes": notes}


def _reasons(insight: str, table: pd.DataFrame, part: str) -> pd.DataFrame:
    n = table.get("n", 0)
    return pd.DataFrame({"insight": insight, "part": table[part].astype(str), "reason": table["reason"].astype(str),
                         "n": n})


def _reason(insight: str, reason: str) -> pd.DataFrame:
    return pd.DataFrame({"insight": [insight], "part": [""], "reason": [reason], "n": [0]})

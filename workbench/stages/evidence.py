"""The stage that weighs what was counted: what goes with scores, what changed, whether it is enough, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from workbench.columns import COMMENTS, UNASSIGNED, is_among, names
from workbench.scale import Executor, is_large
from workbench.stages.paths import exceeded_day
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, table_digest
from workbench.study import Study

_READ = ("comments", "profile", "statements", "themes", "assignments", "stage_sets", "touchpoints", "members",
         "periods", "stretches", "coverage", "theme_scores", "theme_comparison", "tone")
_Part = tuple[Tables, list[pd.DataFrame]]  # what was found, and why some of it is empty
_FINDINGS = 24  # more than the first page shows: the short page has its own choice among them
_CELLS = ("market", "language", "channel", "segment", "source")


def evidence_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings that decide the evidence and every table that it weighs."""
    return [study.insights.model_dump(mode="json"), study.quality.stability,
            [one.model_dump(mode="json") for one in study.decisions],
            study.themes.seed, str(exceeded_day(study, tables["comments"])),
            [table_digest(tables[name]) for name in _READ]]


class _Voice:
    """All comments with their profile, those that count, and what each of these speaks of."""

    def __init__(self, study: Study, tables: Tables) -> None:
        from workbench import insights

        self._tables = tables
        day = exceeded_day(study, tables["comments"])
        self.everybody = insights.drop_stray_dates(insights.drop_future_dates(_everybody(tables), day))
        self.counted = self.everybody[self.everybody["is_counted"]].reset_index(drop=True)

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """The themes, stages and touchpoints of each counted comment."""
        return _subjects(self._tables, self.counted)


@on_one_thread
def weigh_all(study: Study, tables: Tables, store: Store, executor: Executor | None = None) -> Result:
    """Return impact, change, adequacy, churn, money, guards, null worlds and the headlines; and why parts are empty.

    Parts that need nothing of each other are weighed by several processes of this machine, where there are any.
    """
    from workbench import insights

    made: Tables = {}
    reasons: list[pd.DataFrame] = []
    voice = _Voice(study, tables)
    if executor is not None and is_large(len(tables["statements"])):
        parts = executor.near().map_blocks(_weigh, [(name,) for name in _PARTS], study, tables)
    else:
        parts = (part(study, tables, voice) for part in _PARTS.values())
    for tables_of_part, reasons_of_part in parts:
        made |= tables_of_part
        reasons += reasons_of_part
    made["null_worlds"] = pd.concat([made.pop("false_alarms"), made["null_worlds"]], ignore_index=True)
    made["evidence_reasons"] = pd.concat(reasons, ignore_index=True)
    made["score_guards"] = insights.guard_scores(voice.counted, made["mix"], _bad_words(tables, voice.counted),
                                                 made["gaps"], study.insights.confidence)
    made["headlines"] = insights.rank_headlines(
        tables["themes"], tables["theme_scores"], tables["theme_comparison"], tables["stretches"], tables["coverage"],
        turns=made["turns"], churn=made["churn_themes"], minimum_cell=study.insights.minimum_cell,
        budget=_FINDINGS, stable=study.quality.stability)
    verdicts = made["adequacy"]["verdict"].value_counts().to_dict()
    told = f"{len(made['headlines'])} findings; decisions: " + \
        (", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "none asked")
    return made, {"told": told}


def _weigh(name: str, study: Study, tables: Tables) -> _Part:
    return _PARTS[name](study, tables, _Voice(study, tables))


def _impact(study: Study, tables: Tables, voice: _Voice) -> _Part:
    """Return how themes go with scores, and what searches find where scores and outcomes are dealt out anew."""
    from workbench import insights

    seed, confidence, members = study.themes.seed, study.insights.confidence, tables["members"]
    impact = insights.measure_impact(voice.counted, members, confidence, seed)
    worlds = insights.try_null_worlds(voice.counted, members, seed, confidence=confidence)
    return {"impact": impact.table, "impact_left_out": impact.left_out, "null_worlds": worlds}, \
        [_reasons("impact", impact.reasons, "measure")]


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
    ids, statements, members = pd.Index(counted["feedback_id"]), tables["statements"], tables["members"]
    known, owners = pd.Index(statements["statement_id"]), np.append(ids.get_indexer(statements["feedback_id"]), -1)
    real = members[members["theme_id"] >= 0]
    parts = [_spoken("theme", ids, ids.get_indexer(real["feedback_id"]), real["theme_id"])]
    for cut, table, column in (("stage", "stage_sets", "stage_id"), ("touchpoint", "touchpoints", "touchpoint_id")):
        placed = tables[table][tables[table][column] != UNASSIGNED]
        parts.append(_spoken(cut, ids, owners[known.get_indexer(placed["statement_id"])], placed[column]))
    return pd.concat(parts, ignore_index=True)


def _spoken(cut: str, ids: pd.Index, owners: np.ndarray, subjects: pd.Series) -> pd.DataFrame:
    """Return each subject of each comment once, in the order of its first place; comments not counted have no owner."""
    codes, names = pd.factorize(subjects)
    kept = np.flatnonzero(owners >= 0)
    once = kept[np.sort(np.unique(owners[kept] * len(names) + codes[kept], return_index=True)[1])]
    return pd.DataFrame({"feedback_id": ids.take(owners[once]), "cut": cut,
                         "subject": pd.Index(names).astype(str).take(codes[once])})


def _change(study: Study, tables: Tables, voice: _Voice) -> _Part:
    """Return what changed over time; without dates, empty tables and a reason."""
    from workbench import insights

    seed, confidence, period = study.themes.seed, study.insights.confidence, study.insights.period
    counted, periods, members = voice.counted, tables["periods"], tables["members"]
    reasons, dated = [], len(periods) > 0
    if not dated:
        reasons.append(_reason("trends", "no_dates"))
    elif periods["period"].nunique() < 3:
        reasons.append(_reason("trends", "too_few_periods"))
    seasons, not_told = insights.find_seasons(counted, members, seed, confidence)
    mix, not_parted = insights.explain_change(counted, confidence=confidence, seed=seed)
    reasons += [_reasons("seasons", not_told, "cycle"), _reasons("mix", not_parted, "measure")]
    turns = _turns(counted.assign(standing=insights.standing(counted)), voice.subjects, seed, confidence)
    if not len(turns):
        reasons.append(_reason("turns", _why_no_turns(counted)))
    written = insights.drop_future_dates(tables["comments"], exceeded_day(study, tables["comments"]))
    written = written[is_among(written["feedback_id"], counted["feedback_id"])]  # as periods hold them
    people, dealt, voices = (written, members), insights.Dealt(seed), periods
    changes = pd.DataFrame(columns=["theme_id"])
    if dated:
        people = insights.one_voice_a_period(written, members, period)
        voices = insights.share_by_period(*people, period)
        changes = insights.find_changes(periods, seed, confidence, dealt, voices)
        changes = insights.widen_spans(changes, written, members, period, confidence)
    alarms = insights.measure_false_alarms(*people, voices, period, seed, confidence=confidence, dealt=dealt)
    return {"changes": changes, "false_alarms": alarms, "seasons": seasons, "mix": mix, "turns": turns}, reasons


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


def _leaving(study: Study, tables: Tables, voice: _Voice) -> _Part:
    """Return what goes with leaving and with money, from how many customers it comes, and whether it is enough."""
    from workbench import insights

    counted, members, subjects = voice.counted, tables["members"], voice.subjects
    seed, confidence = study.themes.seed, study.insights.confidence
    churn = insights.measure_churn(counted, members, confidence, seed)
    weighed = subjects[subjects["cut"].isin(["theme", "stage"])].rename(columns={"subject": "value"})
    money, notes = insights.weigh_by_money(counted, weighed, confidence, seed)
    missing = notes[~notes["reason"].isin(insights.ASSUMPTIONS)].assign(part="")
    gaps = insights.find_gaps(voice.everybody)
    made = {"gaps": gaps, "group_reasons": insights.reasons_by_group(counted, members, confidence),
            "churn_themes": churn.themes, "churn_calibration": churn.calibration, "churn_measures": churn.measures,
            "money": money, "money_notes": notes,
            "concentration": insights.guard_concentration(counted, members, confidence)}
    return made | _enough(study, voice.everybody, counted, members, subjects, gaps), \
        [_reasons("churn", churn.reasons, "part"), _reasons("money", missing, "part")]


# in the order in which their reasons are told
_PARTS: dict[str, Callable[[Study, Tables, _Voice], _Part]] = {
    "impact": _impact, "change": _change, "leaving": _leaving}


def _reasons(insight: str, table: pd.DataFrame, part: str) -> pd.DataFrame:
    n = table.get("n", 0)
    return pd.DataFrame({"insight": insight, "part": table[part].astype(str), "reason": table["reason"].astype(str),
                         "n": n})


def _reason(insight: str, reason: str) -> pd.DataFrame:
    return pd.DataFrame({"insight": [insight], "part": [""], "reason": [reason], "n": [0]})

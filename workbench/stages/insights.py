"""The stage that counts what the comments themselves tell: themes, scores, languages, time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.columns import COMMENTS, is_among, names
from workbench.stages.paths import exceeded_day
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, table_digest
from workbench.study import Study


def insight_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings of insights and every table that they count."""
    counted = [table_digest(tables[name]) for name in ("comments", "profile", "statements", "assignments")]
    return [study.insights.model_dump(mode="json"), study.expected, study.themes.seed,
            str(exceeded_day(study, tables["comments"])), counted]


@on_one_thread
def tell_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return how many comments came in each language, scores, themes with their scores, and themes over time."""
    from workbench import insights

    confidence, everybody = study.insights.confidence, everybody_of(study, tables)
    counted = everybody[everybody["is_counted"]].reset_index(drop=True)
    members = members_of(tables["statements"], tables["assignments"], counted)
    period, periods, stretches = study.insights.period, pd.DataFrame(), pd.DataFrame()
    if "created_at" in counted:
        periods = insights.share_by_period(counted, members, period, confidence)
    if len(periods):
        voices = insights.share_by_period(*insights.one_voice_a_period(counted, members, period), period)
        stretches = insights.find_stretches(periods, study.themes.seed, confidence, voices)
        stretches = insights.widen_spans(stretches, counted, members, period, confidence)
    own = [name for name in ("feedback_id", "customer_id", "account_id", "language") if name in counted]
    made: Tables = {"languages": insights.cover(counted[own], dict(study.expected), confidence),
                    "scores": insights.score_all(counted, confidence), "members": members,
                    "theme_scores": insights.score_themes(counted, members, confidence),
                    "theme_comparison": insights.compare_themes(counted, members),
                    "periods": periods, "stretches": stretches}
    exceeded = exceeded_day(study, tables["comments"])
    facts = {"told": f"{len(counted):,} comments counted", "counted": len(counted),
             "comments": len(everybody), "says_nothing": int(everybody["says_nothing"].sum()),
             "duplicates": 0 if study.insights.count_duplicates else int(everybody["duplicate_of"].notna().sum()),
             "speaks_for_customers": int(everybody["speaks_for_customers"].sum()),
             "exceeded_day": None if exceeded is None else str(exceeded)}
    return made, facts


def everybody_of(study: Study, tables: Tables) -> pd.DataFrame:
    """Return all comments with what their rows state and their profile; dates to come are taken out."""
    from workbench.insights import drop_future_dates

    stated = [name for name in names(COMMENTS) if name in tables["comments"] and name != "language"]
    own = tables["comments"][stated]
    return drop_future_dates(own, exceeded_day(study, own)).merge(tables["profile"], on="feedback_id")


def members_of(statements: pd.DataFrame, assignments: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return one row a counted comment and theme: ``feedback_id, theme_id``."""
    joined = statements[["statement_id", "feedback_id"]].merge(assignments[["statement_id", "theme_id"]])
    joined = joined[is_among(joined["feedback_id"], counted["feedback_id"])]
    pairs = joined[["feedback_id", "theme_id"]].drop_duplicates()
    return pairs.sort_values(["theme_id", "feedback_id"], ignore_index=True)

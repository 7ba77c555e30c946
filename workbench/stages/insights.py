"""The stage that counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.columns import COMMENTS, is_among, names
from workbench.stages.paths import exceeded_day
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study


def insight_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings of insights and every table that they count."""
    counted = [tables["comments"], tables["profile"], tables["statements"], tables["themes"], tables["assignments"],
              tables["stage_sets"], tables["stages"]]
    return [study.insights.model_dump(mode="json"), study.expected, study.themes.seed, study.order_number,
            study.quality.stability, array_digest(tables["vectors"]), str(exceeded_day(study, tables["comments"])),
            table_digest(tables["tone"]) if "tone" in tables else "", [table_digest(table) for table in counted]]


@on_one_thread
def tell_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return coverage, scores, change over time and quotes."""
    from workbench import insights

    confidence = study.insights.confidence
    own_columns = [name for name in names(COMMENTS) if name in tables["comments"] and name != "language"]
    stated = tables["comments"][own_columns]
    everybody = insights.drop_future_dates(stated, exceeded_day(study, stated)).merge(
        tables["profile"], on="feedback_id")
    counted = everybody[everybody["is_counted"]].reset_index(drop=True)
    members = members_of(tables["statements"], tables["assignments"], counted)
    own = tables["statements"][is_among(tables["statements"]["feedback_id"], counted["feedback_id"])]
    stage_ids = list(tables["stages"]["stage_id"])
    parts = [insights.cover(counted, dict(study.expected), confidence),
             insights.cover_stages(tables["stage_sets"], own, stage_ids, len(counted),
                                   study.expected.get("stage"), confidence)]
    coverage = pd.concat(parts, ignore_index=True)
    scores = insights.score_all(counted, confidence)
    theme_scores = insights.score_themes(counted, members, confidence)
    compared = insights.compare_themes(counted, members)
    dated = "created_at" in counted
    periods = insights.share_by_period(counted, members, study.insights.period, confidence) if dated else \
        pd.DataFrame()
    stretches = insights.find_stretches(periods, study.themes.seed, confidence) if len(periods) else pd.DataFrame()
    quotes = insights.choose_quotes(tables["statements"], tables["assignments"], counted, typical=3,
                                    vectors=tables["vectors"], tone=tables.get("tone"),
                                    order_number=study.order_number)
    made: Tables = {"coverage": coverage, "scores": scores, "theme_scores": theme_scores,
                    "theme_comparison": compared, "members": members,
                      "periods": periods, "stretches": stretches, "quotes": quotes}
    facts = {"told": f"{len(counted):,} comments counted", "counted": len(counted),
             "comments": len(everybody), "says_nothing": int(everybody["says_nothing"].sum()),
             "duplicates": 0 if study.insights.count_duplicates else int(everybody["duplicate_of"].notna().sum()),
             "speaks_for_customers": int(everybody["speaks_for_customers"].sum())}
    return made, facts


def members_of(statements: pd.DataFrame, assignments: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return one row a counted comment and theme: ``feedback_id, theme_id``."""
    joined = statements[["statement_id", "feedback_id"]].merge(assignments[["statement_id", "theme_id"]])
    joined = joined[is_among(joined["feedback_id"], counted["feedback_id"])]
    pairs = joined[["feedback_id", "theme_id"]].drop_duplicates()
    return pairs.sort_values(["theme_id", "feedback_id"], ignore_index=True)

"""The stage that keeps the comments of one market, segment or touchpoint: themes stay, what is counted is theirs.

A part is not analysed anew. Its themes, stages and names are those of the whole study, so that the reports of two
markets speak of the same things and can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import InputError
from workbench.stages.columns import MAPPED, check_name, having
from workbench.stages.result import Result
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study

MADE_ANEW = ("theme_restated",)  # earlier months of the whole study say nothing of a part


def without_expectations(study: Study, only: Mapping[str, str]) -> Study:
    """Return the study for a part: what is expected or asked of all markets says nothing within one market."""
    expected = {name: shares for name, shares in study.expected.items() if name not in only}
    decisions = [one for one in study.decisions if not set(one.cells) & set(only)]
    return study.model_copy(update={"expected": expected, "decisions": decisions})


def values_of(tables: Mapping[str, Any], name: str) -> pd.Series:
    """Return the value or values that each counted comment has: one row each, indexed by ``feedback_id``.

    Raises
    ------
    InputError
        If the comments can not be told apart by that name.
    """
    comments, profile = tables["comments"], tables["profile"]
    counted = profile.loc[profile["is_counted"], "feedback_id"]
    if name in MAPPED:
        table, column = MAPPED[name]
        where = tables[table][["statement_id", column]].merge(tables["statements"][["statement_id", "feedback_id"]])
        values = where[["feedback_id", column]].drop_duplicates().set_index("feedback_id")[column]
    elif name == "language":
        values = profile.set_index("feedback_id")["language"]
    else:
        check_name(name, comments)
        values = comments.set_index("feedback_id")[name]
    values = values[values.index.isin(counted)].dropna()
    return values.astype(str).sort_index(kind="stable")


def cut_inputs(only: Mapping[str, str], study: Study, tables: Tables) -> list[Any]:
    """Return the condition and every table that is cut."""
    return [dict(only), study.insights.confidence,
            {name: array_digest(table) if isinstance(table, np.ndarray) else table_digest(table)
             for name, table in sorted(tables.items())}]


def cut(only: Mapping[str, str], study: Study, tables: Tables, store: Store) -> Result:
    """Return the tables of the comments that fit, themes and stages counted among them alone."""
    kept = _fitting(only, tables)
    statements = tables["statements"]
    inside = statements["feedback_id"].isin(kept).to_numpy()
    statement_ids = set(statements.loc[inside, "statement_id"])
    made: Tables = {"vectors": np.ascontiguousarray(tables["vectors"][inside])}
    for name, table in tables.items():
        if isinstance(table, pd.DataFrame) and name != "rejected":
            if "feedback_id" in table:
                made[name] = table[table["feedback_id"].isin(kept)].reset_index(drop=True)
            elif "statement_id" in table:
                made[name] = table[table["statement_id"].isin(statement_ids)].reset_index(drop=True)
    numbers = tables["numbers"]
    for name in (name for name in only if name in numbers):
        numbers = numbers[numbers[name].astype(str) == only[name]].reset_index(drop=True)
    made["numbers"] = numbers
    for name in (name for name in MADE_ANEW if name in tables):
        made[name] = tables[name].iloc[:0]
    made["terms"] = _spoken(tables["terms"], statements[inside], tables["assignments"])
    made |= _recounted(study, {**tables, **made})
    total = int(tables["profile"]["is_counted"].sum())
    return made, {"told": f"{len(kept):,} of {len(tables['comments']):,} comments", "only": dict(only),
                  "comments": len(kept), "of": len(tables["comments"]), "counted_of": total}


def _spoken(terms: pd.DataFrame, statements: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of the languages in which a theme is spoken of here."""
    heard = statements[["statement_id", "language"]].merge(assignments[["statement_id", "theme_id"]])
    return terms.merge(heard[["theme_id", "language"]].drop_duplicates(), on=["theme_id", "language"])


def _fitting(only: Mapping[str, str], tables: Tables) -> set[str]:
    """Return the feedback ids that fit; those that do not count go along with their value."""
    kept = set(tables["comments"]["feedback_id"])
    everyone = {**tables, "profile": tables["profile"].assign(is_counted=True)}
    for name, value in only.items():
        kept &= having(values_of(everyone, name), name, value)
    if not kept:
        raise InputError("no comment fits all of " + ", ".join(f"{name}={value}" for name, value in only.items()) + ".")
    return kept


def _recounted(study: Study, tables: Tables) -> Tables:
    from workbench.insights.clusters import cluster_of
    from workbench.journey.share import count_stages
    from workbench.themes import count_customers, count_themes, recount_groups, widen_intervals

    counted = tables["profile"].set_index("feedback_id")["is_counted"]
    clusters = cluster_of(tables["comments"]).set_axis(tables["comments"]["feedback_id"])[counted.index[counted]]
    confidence, themes = study.insights.confidence, tables["themes"]
    members = tables["statements"][["statement_id", "feedback_id"]].merge(tables["assignments"])
    members = members.loc[members["feedback_id"].map(counted).fillna(False).astype(bool), ["feedback_id", "theme_id"]]
    members = members.drop_duplicates()
    fresh = count_themes(tables["statements"], tables["assignments"], tables["labels"], counted, confidence)
    fresh = widen_intervals(fresh, "theme_id", members, clusters, confidence)
    fresh = fresh.set_index("theme_id").reindex(themes["theme_id"])
    renewed = [str(name) for name in fresh if str(name).startswith(("statement_count", "comment_"))]
    shares = count_stages(
        tables["statements"], tables["stage_sets"], tables["journey"], list(tables["stages"]["stage_id"]),
        themes=tables["assignments"], theme_ids=themes["theme_id"].tolist(), counted=counted,
        confidence=confidence, clusters=clusters,
    )
    groups = recount_groups(tables["theme_groups"], members, len(clusters), confidence, clusters)
    themes = themes.assign(**{name: fresh[name].to_numpy() for name in renewed})
    themes = count_customers(themes, members, tables["comments"])
    return {"themes": themes, "stage_shares": shares, "theme_groups": groups}

"""The stage that follows customers: the grid of the journey, its blind spots, episodes and turning points."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from workbench.columns import UNASSIGNED, UNASSIGNED_THEME, is_among
from workbench.stages.journey import journey_digest
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, digest, table_digest
from workbench.study import Study

_READ = ("comments", "profile", "statements", "themes", "assignments", "stage_sets", "touchpoints", "stages",
         "touchpoint_names", "coverage")

_QUOTED = (20, 110)  # characters of a quote that stands in a narrow column
_QUOTES = 8


def path_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings of journeys, every table that they are counted in, and the last day that may be."""
    last = str(exceeded_day(study, tables["comments"]))
    tone = [table_digest(tables["tone"])] if "tone" in tables else []
    return [study.journey.model_dump(mode="json"), study.insights.model_dump(mode="json"), study.expected,
            study.order_number, study.themes.seed, journey_digest(study), last, digest(tone),
            [table_digest(tables[name]) for name in _READ]]


def last_day(study: Study) -> date:
    """Return the last day that a comment of the study can be of: the one it states, else today."""
    return study.journey.last_day or datetime.now(UTC).date()


def exceeded_day(study: Study, comments: pd.DataFrame) -> date | None:
    """Return the last day that a comment can be of, if any is of a later one; results hang on the day then."""
    day = last_day(study)
    if "created_at" not in comments:
        return None
    return day if (comments["created_at"] >= pd.Timestamp(day) + pd.Timedelta(days=1)).any() else None


def is_current(study: Study, facts: dict[str, Any]) -> bool:
    """Return whether what was made on an earlier day would be the same today, by the facts of then."""
    return facts["exceeded_day"] in (None, str(last_day(study)))


@on_one_thread
def follow_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return the grid, the blind spots and what became of customers.

    ``journey_grid, blind_spots, stage_quotes, episodes, transitions, touchpoint_weight, fine_but_lost,
    turning_moments, turned_customers``.
    """
    from workbench import insights
    from workbench.insights.clusters import cluster_of

    confidence = study.insights.confidence
    counted = _counted(tables)
    ids = _ids(tables)
    mentions = insights.place_statements(tables["statements"], tables["stage_sets"], _met(tables),
                                         tables["assignments"], counted["feedback_id"])
    tone = _sure_tone(tables)
    owner = tables["statements"].set_index("statement_id")["feedback_id"]
    answers = insights.choose_answers(counted, tone, owner)
    grid = insights.count_grid(mentions, len(counted), ids, answers, confidence,
                               cluster_of(counted).set_axis(counted["feedback_id"]))
    spots = insights.find_blind_spots(tables["coverage"], mentions, counted, ids, study.expected, confidence)
    followed, facts = _follow(study, counted, mentions, ids["stage_id"][:-1], tone)
    made: Tables = {"journey_grid": grid, "blind_spots": spots,
                    "stage_quotes": _stage_quotes(study, tables, counted), **followed}
    told = f"{facts['customers']:,} customers in {facts['episodes']:,} episodes, {facts['turned']} turned"
    return made, {"told": told, "measure": answers.measure, **facts}


def _stage_quotes(study: Study, tables: Tables, counted: pd.DataFrame) -> pd.DataFrame:
    """Return short quotes of each stage, several languages of each, as `choose_quotes` chooses those of themes."""
    from workbench import insights

    stages = pd.Series(range(len(tables["stages"])), index=tables["stages"]["stage_id"])
    sets = tables["stage_sets"]
    placed = pd.DataFrame({"statement_id": sets["statement_id"], "theme_id": sets["stage_id"].map(stages),
                           "strength": sets["score"]})
    short = tables["statements"][tables["statements"]["text"].str.len().between(*_QUOTED)]
    quotes = insights.choose_quotes(short, placed, counted, _QUOTES, order_number=study.order_number,
                                    longest_whole=0)
    quotes.insert(0, "stage_id", quotes["theme_id"].map(pd.Series(stages.index, index=stages.to_numpy())))
    return quotes.drop(columns="theme_id")


def _follow(study: Study, counted: pd.DataFrame, mentions: pd.DataFrame, stage_ids: list[str],
            tone: pd.DataFrame | None) -> tuple[Tables, dict[str, Any]]:
    """Return what is told of customers in time, and the figures of how it was told."""
    from workbench import insights

    settings, confidence = study.journey, study.insights.confidence
    histories, facts = insights.follow_customers(counted, last_day(study))
    episodes = insights.find_episodes(histories, settings.episode_gap_days)
    levels, level_measure = _levels(histories, mentions, tone)
    at_risk = insights.find_turned(histories, levels, settings.loyal_after)
    turned = insights.name_turned(at_risk, mentions, levels)
    told = insights.tell_episodes(histories, mentions, settings.episode_gap_days, _comment_tone(mentions, tone))
    made: Tables = {
        "episodes": told,
        "transitions": insights.count_transitions(histories, episodes, mentions, stage_ids, study.themes.seed,
                                                  confidence),
        "touchpoint_weight": insights.weigh_touchpoints(histories, mentions, confidence),
        "fine_but_lost": insights.find_fine_but_lost(histories, mentions, tone, confidence),
        "turning_moments": insights.weigh_moments(at_risk, mentions, confidence),
        "turned_customers": turned,
    }
    facts |= {"episodes": len(told), "long_episodes": int((told["comment_count"] > 1).sum()),
              "gap_days": settings.episode_gap_days, "last_day": str(last_day(study)),
              "loyal": int(at_risk["customer_id"].nunique()), "turned": len(turned),
              "loyal_after": settings.loyal_after, "levels": level_measure}
    return made, facts


def _counted(tables: Tables) -> pd.DataFrame:
    """Return the counted comments as their sources state them."""
    profile = tables["profile"]
    ids = profile.loc[profile["is_counted"], "feedback_id"]
    comments = tables["comments"]
    return comments[is_among(comments["feedback_id"], ids)].reset_index(drop=True)


def _met(tables: Tables) -> pd.DataFrame:
    """Return the touchpoints of statements: all of them where sets are stored, else the best one."""
    best = tables["touchpoints"]
    if "touchpoint_sets" not in tables:
        return best
    return pd.concat([tables["touchpoint_sets"][["statement_id", "touchpoint_id"]],
                      best.loc[best["touchpoint_id"] == UNASSIGNED, ["statement_id", "touchpoint_id"]]])


def _sure_tone(tables: Tables) -> pd.DataFrame | None:
    """Return the tone of the statements of which it is not uncertain; None where there is none."""
    if "tone" not in tables:
        return None
    tone = tables["tone"]
    sure = tone[~tone["abstained"]]
    return sure[["statement_id", "tone"]].astype({"tone": float}) if len(sure) else None


def _ids(tables: Tables) -> dict[str, list[str]]:
    themes = [str(theme) for theme in tables["themes"]["theme_id"] if theme != UNASSIGNED_THEME]
    return {"stage_id": [*tables["stages"].sort_values("order")["stage_id"], UNASSIGNED],
            "touchpoint_id": [*tables["touchpoint_names"]["touchpoint_id"], UNASSIGNED],
            "theme_id": [*themes, str(UNASSIGNED_THEME)]}


def _comment_tone(mentions: pd.DataFrame, tone: pd.DataFrame | None) -> pd.Series | None:
    if tone is None:
        return None
    once = mentions[["statement_id", "feedback_id"]].drop_duplicates()
    value = once["statement_id"].map(tone.set_index("statement_id")["tone"])
    return value.astype(float).groupby(once["feedback_id"]).mean()


def _levels(histories: pd.DataFrame, mentions: pd.DataFrame, tone: pd.DataFrame | None) -> tuple[pd.Series, str]:
    """Return how well each comment speaks (1, 0, -1) by its likelihood to recommend, else by its tone."""
    from workbench.insights import nps_level

    if "nps" in histories and histories["nps"].notna().any():
        return nps_level(histories.set_index("feedback_id")["nps"]), "nps"
    mean = _comment_tone(mentions, tone)
    if mean is None:
        return pd.Series(dtype=float), "none"
    return mean.gt(0.5).astype(float) - mean.lt(-0.5).astype(float), "tone"

"""map_journey(): from statements and their vectors to stages and touchpoints, or to neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.columns import JOURNEY, STATEMENTS, UNASSIGNED, UNASSIGNED_THEME, check_table, names
from workbench.embedding import Encoder, embed
from workbench.errors import InputError
from workbench.journey.model import JourneyModel, load_journey_model
from workbench.journey.scorer import Scorer, companions, joint, scorer_for, softmax
from workbench.journey.share import count_stages
from workbench.journey.words import named_touchpoints
from workbench.themes import Themes

_RECORDED_WEIGHT = 2.0
_CHANNEL_WEIGHT = 0.5
_QUESTION_WEIGHT = 0.5


@dataclass(frozen=True)
class Journey:
    """Which stages and touchpoints the statements speak of.

    Attributes
    ----------
    model : JourneyModel
    assignments : pandas.DataFrame
        One row a statement: ``statement_id``, ``stage_id`` (the best one, or "unassigned"), ``score`` (of
        the statement's stages together).
    sets : pandas.DataFrame
        One row for each stage of a statement: the best, and any other that scores at least half as much.
        Unassigned statements have no row.
    touchpoints : pandas.DataFrame
        One row a statement: ``statement_id``, ``touchpoint_id`` or "unassigned", ``score``, ``evidence``
        ("recorded" where the comment's own field says it, else "text").
    table : pandas.DataFrame
        Theme by stage: ``theme_id``, ``stage_id``, ``statement_count``, ``comment_count``, ``comment_share`` (of
        the theme's comments) with ``_low`` and ``_high``. Every theme has every stage and "unassigned". Without
        themes, everything is in theme -1.
    facts : dict
        ``threshold``, ``touchpoint_threshold``, ``calibrated``, counts, model and encoder.
    """

    model: JourneyModel
    assignments: pd.DataFrame
    sets: pd.DataFrame
    touchpoints: pd.DataFrame
    table: pd.DataFrame
    facts: dict[str, Any] = field(default_factory=dict)


def map_journey(
    statements: pd.DataFrame,
    vectors: np.ndarray,
    themes: Themes | None = None,
    *,
    comments: pd.DataFrame | None = None,
    model: str | Path | JourneyModel = "seven_stages",
    encoder: Encoder | str | None = None,
    threshold: float | None = None,
    seed: int = 0,
    counted: pd.Series | None = None,
    confidence: float = 0.95,
) -> Journey:
    """Return the stages and touchpoints that statements speak of.

    Three kinds of evidence are added up: the statement's text beside the model's examples (vector and character
    n-grams), its telling words, and what its comment records (touchpoint, channel, question). A statement whose
    score is below the threshold is unassigned. Two stages that score about alike are both its stages, and their
    scores count together. Scores are between 0 and 1 but are not calibrated: 0.8 does
    not mean right four times of five.

    Parameters
    ----------
    statements
        As `split_statements` returns them, n rows.
    vectors
        Of the statements, by the same encoder; unit length or zero, shape ``(n, d)``.
    themes
        To count stages by theme.
    comments
        With ``feedback_id`` and any of ``touchpoint``, ``channel``, ``question``.
    model
        A journey model, or what `load_journey_model` takes.
    encoder
        That made the vectors; the embedded one when None.
    threshold
        Least score of a stage, 0 to 1. None: the least at which 95 % of unrelated sentences are unassigned,
        by leave-one-out over the model's own examples.
    seed
        Nothing here is random; taken so that every stage is called alike.
    counted
        Boolean, indexed by feedback_id: which comments enter the theme by stage table (all by default).
    confidence
        Of its intervals.

    Returns
    -------
    Journey

    Raises
    ------
    InputError
        If a table lacks columns, the numbers of rows or dimensions differ, or the threshold is not 0 to 1.
    JourneyModelError
        If the model is wrong.

    Examples
    --------
    >>> texts = ["the courier lost my parcel", "أنصح كل أصحابي فيكم", "امروز هوا گرمه"]
    >>> statements = pd.DataFrame({
    ...     "statement_id": ["a/0", "b/0", "c/0"], "feedback_id": ["a", "b", "c"], "start": 0, "end": 9,
    ...     "text": texts, "language": ["en", "ar", "fa"], "language_confidence": 1.0, "direction": "ltr",
    ...     "script": "Latn"})
    >>> journey = map_journey(statements, embed(texts))
    >>> journey.assignments["stage_id"].tolist()
    ['action', 'advocacy', 'unassigned']
    >>> journey.touchpoints["touchpoint_id"].tolist()[0]
    'delivery'
    """
    check_table(statements, STATEMENTS, "statements")
    known = model if isinstance(model, JourneyModel) else load_journey_model(model)
    scorer, found = scorer_for(known, encoder)
    _check(statements, vectors, threshold, found)
    floor = scorer.threshold if threshold is None else threshold
    stages, touchpoints, recorded = _scores(scorer, found, statements, np.asarray(vectors), comments)
    ids = statements["statement_id"].to_numpy()
    assignments = _assignments(ids, stages, [part.id for part in known.stages], floor)
    met = _touchpoints(ids, touchpoints, recorded, scorer)
    sets = _sets(assignments, stages, [part.id for part in known.stages])
    table = count_stages(
        statements, sets, assignments, [part.id for part in known.stages], counted=counted, confidence=confidence,
        themes=None if themes is None else themes.assignments,
        theme_ids=(UNASSIGNED_THEME,) if themes is None else themes.table["theme_id"].tolist(),
    )
    facts = {
        "model": known.id, "fingerprint": known.fingerprint, "encoder": found.name, "threshold": floor,
        "threshold_chosen_by": "held-out examples" if threshold is None else "the caller",
        "touchpoint_threshold": scorer.touchpoint_threshold, "calibrated": False, "seed": seed,
        "statement_count": len(statements),
        "unassigned_count": int((assignments["stage_id"] == UNASSIGNED).sum()),
        "recorded_count": int((met["evidence"] == "recorded").sum()),
    }
    return Journey(known, assignments, sets, met, table, facts)


def _check(statements: pd.DataFrame, vectors: np.ndarray, threshold: float | None, encoder: Encoder) -> None:
    if len(statements) != len(vectors):
        raise InputError(f"expected one vector a statement: {len(statements)} statements, {len(vectors)} vectors.")
    if np.ndim(vectors) != 2 or np.shape(vectors)[1] != encoder.dimensions:
        raise InputError(
            f"expected vectors of {encoder.dimensions} dimensions, which the encoder {encoder.name!r} makes, found "
            f"shape {np.shape(vectors)}; pass the encoder that made them as `encoder`."
        )
    if threshold is not None and not 0 <= threshold <= 1:
        raise InputError(f"expected a threshold from 0 to 1, found {threshold}.")


def _scores(scorer: Scorer, encoder: Encoder, statements: pd.DataFrame, vectors: np.ndarray,
            comments: pd.DataFrame | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return probabilities of stages and touchpoints without "unrelated", and recorded touchpoints (-1: none)."""
    texts, languages = statements["text"].astype(str).tolist(), statements["language"].astype(str).tolist()
    if not texts:
        empty = np.zeros(0, dtype=np.int64)
        return np.zeros((0, len(scorer.model.stages))), np.zeros((0, len(scorer.model.touchpoints))), empty
    stages, touchpoints = scorer.texts(texts, languages, vectors)
    recorded = np.full(len(texts), -1, dtype=np.int64)
    if comments is not None:
        stages, touchpoints, recorded = _add_row(scorer, encoder, statements, comments, stages, touchpoints)
    told = touchpoints.copy()
    rows = np.flatnonzero(recorded >= 0)
    told[rows, recorded[rows]] += _RECORDED_WEIGHT
    blank = ~statements["text"].astype(str).str.contains(r"\w", regex=True).to_numpy()
    stage_scores = np.round(scorer.join(stages, told)[:, :-1], 4)
    stage_scores[blank] = 0
    return stage_scores, np.round(softmax(touchpoints)[:, :-1], 4) * ~blank[:, None], recorded


def _add_row(scorer: Scorer, encoder: Encoder, statements: pd.DataFrame, comments: pd.DataFrame, stages: np.ndarray,
             touchpoints: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Add what the comment's own fields say: its channel and question a little, its touchpoint apart."""
    if "feedback_id" not in comments:
        raise InputError(f"the comments table lacks feedback_id; it has {', '.join(map(str, comments.columns))}.")
    rows = comments.drop_duplicates("feedback_id").set_index("feedback_id").reindex(statements["feedback_id"])
    nowhere = pd.Series([None] * len(statements), dtype=object)
    recorded = named_touchpoints(scorer.model.touchpoints, rows.get("touchpoint", nowhere))
    channel = named_touchpoints(scorer.model.touchpoints, rows.get("channel", nowhere))
    touchpoints = touchpoints.copy()
    touchpoints[np.flatnonzero(channel >= 0), channel[channel >= 0]] += _CHANNEL_WEIGHT
    asked = pd.Series(rows.get("question", nowhere)).fillna("").astype(str).to_numpy()
    codes, questions = pd.factorize(asked, sort=True)
    long = np.array([len(question.split()) >= 3 for question in questions])
    if long.any():
        found = scorer.texts(list(questions), ["und"] * len(questions), embed(list(questions), encoder))
        weight = (_QUESTION_WEIGHT * long[codes])[:, None]
        stages, touchpoints = stages + weight * found[0][codes], touchpoints + weight * found[1][codes]
    return stages, touchpoints, recorded


def _best(scores: np.ndarray, ids: list[str], floor: float) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's best id, or "unassigned", and its score."""
    if not len(scores):
        return np.zeros(0, dtype=object), np.zeros(0)
    total = joint(scores)
    named = np.array(ids, dtype=object)[scores.argmax(axis=1)]
    return np.where((total >= floor) & (total > 0), named, UNASSIGNED), np.minimum(total, 1.0)


def _assignments(ids: np.ndarray, scores: np.ndarray, stage_ids: list[str], floor: float) -> pd.DataFrame:
    stage, best = _best(scores, stage_ids, floor)
    return pd.DataFrame({"statement_id": ids, "stage_id": stage, "score": best})[names(JOURNEY)]


def _sets(assignments: pd.DataFrame, scores: np.ndarray, stage_ids: list[str]) -> pd.DataFrame:
    assigned = (assignments["stage_id"] != UNASSIGNED).to_numpy()
    rows, columns = np.nonzero(companions(scores) & assigned[:, None]) if len(scores) else np.nonzero(scores)
    return pd.DataFrame({
        "statement_id": assignments["statement_id"].to_numpy()[rows],
        "stage_id": np.array(stage_ids, dtype=object)[columns], "score": scores[rows, columns],
    })


def _touchpoints(ids: np.ndarray, scores: np.ndarray, recorded: np.ndarray, scorer: Scorer) -> pd.DataFrame:
    """What a system recorded stands, whatever the text seems to say."""
    touchpoint_ids = [part.id for part in scorer.model.touchpoints]
    touchpoint, best = _best(scores, touchpoint_ids, scorer.touchpoint_threshold)
    own = recorded >= 0
    touchpoint[own], best[own] = np.array(touchpoint_ids, dtype=object)[recorded[own]], 1.0
    return pd.DataFrame({"statement_id": ids, "touchpoint_id": touchpoint, "score": best,
                         "evidence": np.where(own, "recorded", "text")})

"""map_journey(): from statements and their vectors to stages and touchpoints, or to neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.arguments import check_number, check_tables
from workbench.columns import STATEMENTS, UNASSIGNED, check_table, is_among
from workbench.embedding import Encoder
from workbench.journey.beside import check_beside, check_read
from workbench.journey.calibration import Learnt, learn_codes
from workbench.journey.conformal import predict_sets
from workbench.journey.evidence import (
    Search,
    how_common,
    lean_on_comment,
    lean_on_language,
    lean_on_likeness,
    most_alike,
    search_all,
    softmax,
)
from workbench.journey.model import JourneyModel, load_journey_model
from workbench.journey.rows import Reader, read_rows
from workbench.journey.scorer import Read, Scorer, companions, joint, scorer_for
from workbench.journey.share import count_stages
from workbench.themes import Themes

_EVEN = 0.5
_BLOCK = 16_384  # statements


@dataclass(frozen=True)
class Journey:
    """Which stages and touchpoints the statements speak of.

    Attributes
    ----------
    model : JourneyModel
    assignments : pandas.DataFrame
        One row a statement: ``statement_id``, ``stage_id`` (the best one, or "unassigned"), ``score`` (of
        the statement's stages together), ``is_calibrated`` (whether the score was learnt from human codes, so that
        0.8 means right four times of five), ``evidence`` ("text", "coded" where a human code stands, "codebook").
    sets : pandas.DataFrame
        One row for each stage of a statement: the best, any other that scores at least half as much,
        and any that is named by a telling word and scores at least a fiftieth as much.
        Unassigned statements have no row.
    predictions : pandas.DataFrame
        With human codes: for each statement all stages ("unassigned" among them) that hold the right one with the
        stated coverage, ``statement_id``, ``stage_id``, ``score``; more of them in languages without codes. Empty
        without codes.
    touchpoints : pandas.DataFrame
        One row a statement: ``statement_id``, ``touchpoint_id`` or "unassigned", ``score``, ``evidence`` ("coded"
        where a human code stands, "recorded" where the comment's own field says it, else "text"), ``is_calibrated``.
    table : pandas.DataFrame
        Theme by stage: ``theme_id``, ``stage_id``, ``statement_count``, ``comment_count``, ``comment_share`` (of
        the theme's comments) with ``_low`` and ``_high``. Every theme has every stage and "unassigned". Without
        themes, everything is in theme -1.
    facts : dict
        ``threshold``, ``touchpoint_threshold``, ``calibrated``, how common each stage was estimated to be, what was
        learnt from codes (of touchpoints under names that begin with ``touchpoint_``), counts, model and encoder.
    """

    model: JourneyModel
    assignments: pd.DataFrame
    sets: pd.DataFrame
    touchpoints: pd.DataFrame
    table: pd.DataFrame
    predictions: pd.DataFrame
    facts: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Journey: {len(self.assignments):,} statements on {self.model.id!r}>"


def map_journey(
    statements: pd.DataFrame,
    vectors: np.ndarray,
    themes: Themes | None = None,
    *,
    comments: pd.DataFrame | None = None,
    model: str | Path | JourneyModel = "seven_stages",
    encoder: Encoder | str | None = None,
    threshold: float | None = None,
    cache: str | Path | None = None,
    codes: pd.DataFrame | None = None,
    coverage: float = 0.9,
    theme_stages: Mapping[int, Sequence[str]] | None = None,
    seed: int = 0,
    counted: pd.Series | None = None,
    confidence: float = 0.95,
    clusters: pd.Series | None = None,
    reader: Reader = read_rows,
    search: Search = search_all,
) -> Journey:
    """Return the stages and touchpoints that statements speak of.

    Evidence is added up: the statement's text beside the model's examples (vector and telling words), what its
    comment records (touchpoint, channel, question), the comment's other statements, the most similar statements of
    other comments, and how common each stage seems in these statements, and in those of the same language. A
    statement that is more likely about nothing of the kind is unassigned. Two stages that score about alike are both
    its stages, and their scores count together. Without human codes, scores are between 0 and 1 but are not
    calibrated: 0.8 does not mean right four times of five.

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
        Least probability, 0 to 1, of being about any stage at all. None: the least at which 97 of 100
        unrelated sentences are unassigned, by leave-one-out over the model's own examples.
    cache
        Folder of the vector cache, so that the examples are encoded once.
    codes
        Human codes of stages and touchpoints, as `read_codes` returns them: learnt from, and standing where they were
        given.
    coverage
        How often, 0 to 1, a statement's prediction set is to hold its stage.
    theme_stages
        Stages that a codebook gives to all statements of a theme.
    seed
        Of the folds in which codes are held out.
    counted
        Boolean, indexed by feedback_id: which comments enter the theme by stage table (all by default).
    confidence, clusters
        Of its intervals, and whom each comment comes from, as for `count_stages`; codes are held out by them, too.
    reader
        What reads statements and the rows that they come from, if not this process, all at once.
    search
        What finds the most similar statements.

    Returns
    -------
    Journey

    Raises
    ------
    InputError
        If a table lacks columns, the numbers of rows or dimensions differ, or threshold or coverage is not 0 to 1.
    JourneyModelError
        If the model is wrong.

    Examples
    --------
    >>> from workbench.embedding import embed
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
    scorer, found = scorer_for(known, encoder, cache)
    check_read(statements, vectors, found)
    check_beside(comments, codes, counted, clusters)
    if themes is not None:
        check_tables(**{"themes.assignments": getattr(themes, "assignments", themes)})
    if threshold is not None:
        check_number("threshold", threshold, 0, 1)
    check_number("coverage", coverage, 0, 1, between=True)
    read, recorded = _evidence(scorer, found, statements, vectors, comments, reader, search)
    shares, touchpoint_shares = how_common(read.stages), how_common(read.touchpoints)
    stage_ids, touchpoint_ids = [part.id for part in known.stages], [part.id for part in known.touchpoints]
    languages = statements["language"].to_numpy()
    learnt = learn_codes(statements, vectors, lean_on_language(read.stages, languages, shares),
                         _beside(read.touchpoints, codes), codes, stage_ids, "stage_id", seed, confidence, read.named,
                         clusters)
    met_learnt = learn_codes(statements, vectors, lean_on_language(read.touchpoints, languages, touchpoint_shares),
                             _beside(read.stages, codes), codes, touchpoint_ids, "touchpoint_id", seed, confidence,
                             clusters=clusters)
    named = read.named
    del read  # what was read of a million statements takes half a gigabyte
    known_floor = _EVEN if learnt.is_calibrated else scorer.threshold
    floor = known_floor if threshold is None else threshold
    scores = _quiet(statements, learnt.scores)
    given = _given(statements, codes, themes, theme_stages, known)
    assignments, sets = _stages(statements, scores, named, floor, learnt, given, known)
    met = _touchpoints(statements, _quiet(statements, met_learnt.scores), recorded, scorer, met_learnt, codes)
    predictions, covered = predict_sets(statements, scores, learnt, coverage, known)
    by_theme: dict[str, Any] = {} if themes is None else {
        "themes": themes.assignments, "theme_ids": themes.table["theme_id"].tolist()}
    table = count_stages(statements, sets, assignments, stage_ids, counted=counted, confidence=confidence,
                         clusters=clusters, **by_theme)
    facts = {
        "model": known.id, "fingerprint": known.fingerprint, "encoder": found.name, "threshold": floor,
        "threshold_chosen_by": "held-out examples" if threshold is None else "the caller",
        "touchpoint_threshold": scorer.touchpoint_threshold, "calibrated": learnt.is_calibrated, "seed": seed,
        "how_common": dict(zip([*stage_ids, UNASSIGNED], shares.round(4).tolist(), strict=True)), **learnt.facts,
        "touchpoints_calibrated": met_learnt.is_calibrated,
        **{f"touchpoint_{name}": value for name, value in met_learnt.facts.items()}, **covered,
        "statement_count": len(statements), "example_count": len(known.examples),
        "unassigned_count": int((assignments["stage_id"] == UNASSIGNED).sum()),
        "recorded_count": int((met["evidence"] == "recorded").sum()),
    }
    return Journey(known, assignments, sets, met, table, predictions, facts)


def _evidence(scorer: Scorer, encoder: Encoder, statements: pd.DataFrame, vectors: np.ndarray,
              comments: pd.DataFrame | None, reader: Reader, search: Search) -> tuple[Read, np.ndarray]:
    """Return what is said by all evidence but how common stages are, and recorded touchpoints (-1: none)."""
    if not len(statements):
        classes = len(scorer.model.stages) + 1, len(scorer.model.touchpoints) + 1
        empty = Read(np.zeros((0, classes[0])), np.zeros((0, classes[1])), np.zeros((0, classes[0] - 1), dtype=bool))
        return empty, np.zeros(0, dtype=np.int64)
    read, recorded = reader(scorer, encoder, statements, vectors, comments)
    where, ids = statements["feedback_id"].to_numpy(), statements["statement_id"].to_numpy()
    alike = most_alike(vectors, where, ids, search=search)
    stages, touchpoints = (lean_on_comment(lean_on_likeness(logs, alike), where)
                           for logs in (read.stages, read.touchpoints))
    return Read(stages, touchpoints, read.named), recorded


def _beside(logs: np.ndarray, codes: pd.DataFrame | None) -> np.ndarray:
    """Return the probabilities of the other kind; none where there is no code to learn from."""
    return softmax(logs) if codes is not None else np.zeros((len(logs), 0))


def _quiet(statements: pd.DataFrame, scores: np.ndarray) -> np.ndarray:
    """Return scores, rounded in their place; a statement without letter or digit scores nothing but "unrelated"."""
    blank = ~statements["text"].astype(str).str.contains(r"\w", regex=True).to_numpy(dtype=bool)
    quiet = np.round(scores, 4, out=scores)
    quiet[blank] = 0
    quiet[blank, -1] = 1
    return quiet


def _given(statements: pd.DataFrame, codes: pd.DataFrame | None, themes: Themes | None,
           theme_stages: Mapping[int, Sequence[str]] | None, model: JourneyModel) -> pd.DataFrame:
    """Return the stages that people gave: ``statement_id, stage_id, evidence``; a code goes before a codebook."""
    known = {part.id for part in model.stages}
    parts = []
    if codes is not None:
        codes = codes.loc[codes["stage_id"] != "", ["statement_id", "stage_id"]]
        parts.append(codes.assign(evidence="coded"))
    if theme_stages and themes is not None:
        rows = [(theme, stage) for theme in sorted(theme_stages) for stage in theme_stages[theme] if stage in known]
        ruled = pd.DataFrame(rows, columns=["theme_id", "stage_id"])
        left = themes.assignments if codes is None else \
            themes.assignments[~is_among(themes.assignments["statement_id"], codes["statement_id"])]
        parts.append(left[["statement_id", "theme_id"]].merge(ruled, on="theme_id").drop(columns="theme_id")
                     .assign(evidence="codebook"))
    empty = pd.DataFrame({"statement_id": [], "stage_id": [], "evidence": []}, dtype=object)
    given = pd.concat(parts, ignore_index=True) if parts else empty
    return given[is_among(given["statement_id"], statements["statement_id"])]


def _stages(statements: pd.DataFrame, scores: np.ndarray, named: np.ndarray, floor: float, learnt: Learnt,
            given: pd.DataFrame, model: JourneyModel) -> tuple[pd.DataFrame, pd.DataFrame]:
    ids = np.array([part.id for part in model.stages], dtype=object)
    own, best = _best(scores, ids, floor, named, learnt.rarity)
    assignments = pd.DataFrame({"statement_id": statements["statement_id"].to_numpy(), "stage_id": own, "score": best,
                                "is_calibrated": learnt.is_calibrated, "evidence": "text"})
    members = companions(scores[:, :-1], named) | (own[:, None] == ids)
    rows, columns = np.nonzero(members & (own != UNASSIGNED)[:, None])
    sets = pd.DataFrame({"statement_id": assignments["statement_id"].to_numpy()[rows], "stage_id": ids[columns],
                         "score": scores[rows, columns]})
    if given.empty:
        return assignments, sets
    first = given.drop_duplicates("statement_id").set_index("statement_id")
    told = assignments["statement_id"].isin(first.index)
    where = assignments.loc[told, "statement_id"]
    assignments.loc[told, "stage_id"] = where.map(first["stage_id"])
    assignments.loc[told, "evidence"] = where.map(first["evidence"])
    assignments.loc[told, "score"] = 1.0
    people = given.loc[given["stage_id"] != UNASSIGNED, ["statement_id", "stage_id"]].drop_duplicates()
    sets = pd.concat([sets[~sets["statement_id"].isin(first.index)], people.assign(score=1.0)], ignore_index=True)
    place = {one: number for number, one in enumerate(assignments["statement_id"])}
    return assignments, sets.sort_values("statement_id", key=lambda one: one.map(place), kind="stable",
                                         ignore_index=True)


def _best(scores: np.ndarray, ids: np.ndarray, floor: float,
          names: np.ndarray | None = None, rarity: np.ndarray | float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's best id and score; "unassigned" where it is less likely than `floor` to be about any.

    Where classes are rare, the best is chosen with their rarity in mind: else the commonest would swallow them.
    """
    own, best = np.zeros(len(scores), dtype=object), np.zeros(len(scores))
    for start in range(0, len(scores), _BLOCK):
        part = slice(start, start + _BLOCK)
        named, related = scores[part, :-1], 1 - scores[part, -1]
        own[part] = np.where((related >= floor) & (named.max(axis=1) > 0), ids[(named * rarity).argmax(axis=1)],
                             UNASSIGNED)
        best[part] = np.minimum(joint(named, None if names is None else names[part]), 1.0)
    return own, best


def _touchpoints(statements: pd.DataFrame, scores: np.ndarray, recorded: np.ndarray, scorer: Scorer, learnt: Learnt,
                 codes: pd.DataFrame | None) -> pd.DataFrame:
    """What people coded stands, and what a system recorded, whatever the text seems to say."""
    ids = np.array([part.id for part in scorer.model.touchpoints], dtype=object)
    floor = _EVEN if learnt.is_calibrated else scorer.touchpoint_threshold
    touchpoint, best = _best(scores, ids, floor, rarity=learnt.rarity)
    own = recorded >= 0
    touchpoint[own], best[own] = ids[recorded[own]], 1.0
    table = pd.DataFrame({"statement_id": statements["statement_id"].to_numpy(), "touchpoint_id": touchpoint,
                          "score": best, "evidence": np.where(own, "recorded", "text"),
                          "is_calibrated": learnt.is_calibrated})
    if codes is None or "touchpoint_id" not in codes:
        return table
    first = codes[codes["touchpoint_id"] != ""].drop_duplicates("statement_id").set_index("statement_id")
    told = table["statement_id"].isin(first.index)
    table.loc[told, "touchpoint_id"] = table.loc[told, "statement_id"].map(first["touchpoint_id"])
    return table.assign(score=table["score"].mask(told, 1.0), evidence=table["evidence"].mask(told, "coded"))

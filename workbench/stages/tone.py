"""The stages that tell the tone of statements, and count it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import UNDETERMINED, is_among
from workbench.scale import Executor, Local, cut_rows
from workbench.stages.earlier import earlier_stages, same_rows, way_digest
from workbench.stages.embedding import asks_large_encoder, encoder_identity, let_go_of_encoder
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    from workbench.insights.tone import Learned, ToneSource

_SCORES = ("nps", "rating", "rating_max")
_WHO = ("customer_id", "account_id")
_RAW = ["negative", "neutral", "positive"]
_MOST_KEPT = 250_000  # statements whose words are kept for the next run: a quarter of a kilobyte each


def tone_digest(study: Study) -> str:
    """Return a digest of what tells tone: the shipped sentences and words, and the model that the study names."""
    from workbench.embedding import identify_encoder
    from workbench.insights.tone import shipped_digest

    check_tone_model(study)
    model = study.tone_model()
    return shipped_digest() + ("" if model == "shipped" else identify_encoder(model))


def check_tone_model(study: Study) -> None:
    """Raise if a study names a tone model, and there is no such folder."""
    from workbench.insights.tone import check_folder

    if study.tone_model() != "shipped":
        check_folder(study.tone_model())


def tone_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the model, the encoder, the statements with their vectors, and who gave which score."""
    texts = tables["statements"][["statement_id", "text", "language"]]
    comments = tables["comments"]
    used = [name for name in ("feedback_id", *_SCORES, *_WHO) if name in comments]
    return [study.tone.model_dump(mode="json"), tone_digest(study), encoder_identity(study), table_digest(texts),
            array_digest(tables["vectors"]), table_digest(comments[used]), table_digest(tables["profile"])]


def asks_large_model(study: Study) -> bool:
    """Return whether tone is told with a model that takes gigabytes, so that one process alone should load it."""
    return study.tone_model() != "shipped" or asks_large_encoder(study)


def tell_tones(study: Study, tables: Tables, store: Store, executor: Executor | None = None) -> Result:
    """Return ``tone``, a row a statement, and what is known of its error.

    A model that is learned here is asked in blocks of statements; a hub model is asked here, all at once. What an
    earlier run has asked the same model is not asked again: ``tone_scores`` holds its answers, not yet calibrated; and
    words that an earlier run has read are not read again, whatever the model: ``tone_words`` holds what they tell.

    ``tone_errors``, a row a language; ``tone_score_errors``, the same on the study's scores; and ``tone_held_out``.
    """
    from workbench.insights.tone import (
        Learned,
        languages_told,
        measure_error,
        measure_hub,
        shipped_digest,
        tell_scores,
    )
    from workbench.insights.tone.features import NAMES

    model, executor, words = study.tone_model(), executor or Local(), None
    words_way = way_digest(shipped_digest())
    if model == "shipped":
        words = _read_words(tables["statements"], store, words_way, executor)
        learned = _learn(study, tables, store, words)
    else:
        source, held_out = measure_hub(model)
        learned = Learned(source, held_out, measure_error(held_out).iloc[:0].assign(model=""), "switched off")
    read = [encoder_identity(study), study.names] if model == "shipped" else []
    way = way_digest(learned.source.fingerprint(), read)
    scores, new = _score(tables, learned, store, way, executor if model == "shipped" else Local(), words)
    tone = tell_scores(tables["statements"], scores, learned.source, languages_told(learned))
    let_go_of_encoder(len(tone))
    ids = tables["statements"]["statement_id"].to_numpy()
    shares = tone["word"].value_counts(normalize=True)
    told = ", ".join(f"{shares.get(word, 0.0):.0%} {word}" for word in ("negative", "neutral", "positive", "uncertain"))
    told += f", {new:,} statements new" if new < len(tone) else ""
    made: Tables = {"tone": tone, "tone_scores": _by_statement(ids, scores, _RAW),
                    "tone_words": _by_statement(ids, np.zeros((0, len(NAMES))) if words is None else words, NAMES),
                    "tone_errors": measure_error(learned.held_out), "tone_score_errors": learned.score_errors,
                    "tone_held_out": learned.held_out.drop(columns=["text", "trade"])}
    return made, {"told": told, "source": learned.source.name, "own_scores": learned.reason,
                  "held_out": len(learned.held_out), "way": way, "words_way": None if words is None else words_way}


def _by_statement(ids: np.ndarray, numbers: np.ndarray, columns: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame(numbers, columns=list(columns))
    table.insert(0, "statement_id", ids[: len(numbers)])
    return table


def _read_words(statements: pd.DataFrame, store: Store, way: str, executor: Executor) -> np.ndarray | None:
    """Return what the words of each statement tell of its tone; nothing where there is too much to keep of it."""
    from workbench.insights.tone.features import NAMES

    if len(statements) > _MOST_KEPT:
        return None
    words = _earlier(statements, store, way, "words_way", "tone_words", NAMES)
    rows = np.flatnonzero(np.isnan(words[:, 0]))
    new = statements[["text", "language"]].iloc[rows]
    blocks = [(new.iloc[part],) for part in cut_rows(new["text"])]
    words[rows] = np.concatenate(list(executor.map_blocks(_read_block, blocks)))
    return words


def _read_block(statements: pd.DataFrame) -> np.ndarray:
    from workbench.insights.tone.features import lexical_features

    return lexical_features(statements["text"].tolist(), statements["language"].tolist())


def _score(tables: Tables, learned: Learned, store: Store, way: str, executor: Executor, words: np.ndarray | None
           ) -> tuple[np.ndarray, int]:
    """Return the model's scores of all statements, and how many statements it was asked about."""
    statements, vectors = tables["statements"][["statement_id", "text", "language"]], np.asarray(tables["vectors"])
    scores = _earlier(statements, store, way, "way", "tone_scores", _RAW)
    rows = np.flatnonzero(np.isnan(scores[:, 0]))
    new = statements.iloc[rows]
    asked = vectors if len(rows) == len(vectors) else vectors[rows]  # of all of them, none is copied
    told = None if words is None else words[rows]
    blocks = [(new.iloc[part], asked[part], None if told is None else told[part]) for part in cut_rows(new["text"])]
    scores[rows] = np.concatenate(list(executor.map_blocks(_score_block, blocks, learned.source)))
    return scores, len(rows)


def _score_block(statements: pd.DataFrame, vectors: np.ndarray, words: np.ndarray | None, source: ToneSource
                 ) -> np.ndarray:
    from workbench.insights.tone.model import Evidence, ToneModel

    texts, languages = statements["text"].tolist(), statements["language"].tolist()
    if words is not None and len(texts) and isinstance(source, ToneModel):
        return source.scores(Evidence.of(texts, languages, vectors, words))
    return source.raw_scores(texts, languages, vectors)


def _earlier(statements: pd.DataFrame, store: Store, way: str, fact: str, name: str, columns: Sequence[str]
             ) -> np.ndarray:
    """Return what a table of an earlier run tells of statements that are as they were; NaN for the others."""
    told = np.full((len(statements), len(columns)), np.nan)
    for path, language in earlier_stages(store, "tone", way, ("language",), fact):
        then = store.read_table(language, "statements", ["statement_id", "text", "language"])
        known = store.read_table(path, name).merge(then, on="statement_id")
        place = same_rows(statements, known, "statement_id", ("text", "language"))
        told[place >= 0] = known[list(columns)].to_numpy()[place[place >= 0]]
        break
    return told


def _learn(study: Study, tables: Tables, store: Store, words: np.ndarray | None) -> Any:
    from workbench.embedding import load_encoder
    from workbench.insights.clusters import cluster_of
    from workbench.insights.tone import Learned, learn_from_scores, load_shipped, measure_error

    shipped = load_shipped(load_encoder(study.encoder_name()), store.vectors)
    if not study.tone.own_scores:
        nothing = measure_error(shipped.held_out).iloc[:0].assign(model="")
        return Learned(shipped.model, shipped.held_out, nothing, "switched off")
    counted = _counted(tables)
    return learn_from_scores(shipped, counted, cluster_of(counted), tables["statements"], tables["vectors"], words)


def _counted(tables: Tables) -> pd.DataFrame:
    """Return the counted comments with what their rows state, and the language that they are in."""
    comments, profile = tables["comments"], tables["profile"]
    used = [name for name in ("feedback_id", *_SCORES, *_WHO, "market") if name in comments]
    known = comments[used].merge(profile[["feedback_id", "language", "is_counted"]], on="feedback_id")
    return known[known["is_counted"]].drop(columns="is_counted").reset_index(drop=True)


def tone_count_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the tone of statements, and every table that it is counted over."""
    counted = ["tone", "tone_held_out", "statements", "assignments", "stage_sets", "comments", "profile"]
    return [study.insights.confidence, study.insights.minimum_cell, study.themes.seed, study.order_number,
            [table_digest(tables[name]) for name in counted]]


@on_one_thread
def count_tones(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``tone_shares`` over all, by theme, language, market and stage, ``contradictions`` and their examples."""
    from workbench.insights.clusters import cluster_of
    from workbench.insights.contradiction import find_contradictions
    from workbench.insights.tone import share_tones

    counted = _counted(tables)
    clusters = cluster_of(counted).set_axis(counted["feedback_id"])
    cells, held_out = _cells(tables, counted), _held_out_of_told(tables)
    shares = share_tones(tables["tone"], cells, clusters, held_out, seed=study.themes.seed,
                         confidence=study.insights.confidence, minimum=study.insights.minimum_cell)
    written = counted.drop(columns="language").merge(tables["comments"][["feedback_id", "text"]], on="feedback_id")
    found, examples = find_contradictions(written, tables["statements"], tables["tone"], held_out,
                                          confidence=study.insights.confidence, order_number=study.order_number)
    told = f"{len(shares)} shares of tone, {int(found['count'].sum())} comments against their own score"
    return {"tone_shares": shares, "contradictions": found, "contradiction_examples": examples}, {"told": told}


def _held_out_of_told(tables: Tables) -> pd.DataFrame:
    """Return the held-out texts, less those of languages that every statement is abstained from.

    What the model would have answered in such a language says nothing about why nothing was told.
    """
    tone, held_out = tables["tone"], tables["tone_held_out"]
    language = tone["statement_id"].map(tables["statements"].set_index("statement_id")["language"])
    told = language[tone["calibrated"].astype(bool)].unique()
    return held_out[~held_out["language"].isin(language.unique()) | held_out["language"].isin(told)]


def _cells(tables: Tables, counted: pd.DataFrame) -> pd.DataFrame:
    """Return one row a statement and cell that it is counted in."""
    statements = tables["statements"][["statement_id", "feedback_id", "language"]]
    own = statements[is_among(statements["feedback_id"], counted["feedback_id"])]
    themes = own.merge(tables["assignments"][["statement_id", "theme_id"]], on="statement_id")
    stages = own.merge(tables["stage_sets"][["statement_id", "stage_id"]], on="statement_id")
    known = own[own["language"] != UNDETERMINED]
    parts = [own.assign(dimension="all", value="all"),
             themes.assign(dimension="theme", value=themes["theme_id"].astype(str)),
             stages.assign(dimension="stage", value=stages["stage_id"]),
             known.assign(dimension="language", value=known["language"])]
    if "market" in counted:
        markets = own.merge(counted[["feedback_id", "market"]].dropna(), on="feedback_id")
        parts.append(markets.assign(dimension="market", value=markets["market"].astype(str)))
    columns = ["dimension", "value", "statement_id", "feedback_id", "language"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)

"""The stage that reads what statements say of the journey, each by itself and its row, and finds those most similar.

Neither themes nor human codes are asked, and only what has changed since an earlier run is read and searched again.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED
from workbench.scale import Executor, Local, cut_rows
from workbench.stages.earlier import earlier_stages, same_rows, same_vectors, way_digest
from workbench.stages.embedding import encoder_identity
from workbench.stages.likeness import find_likeness, likeness_way
from workbench.stages.result import Result
from workbench.stages.threads import on_one_thread
from workbench.store import Store, Tables, array_digest, digest, file_digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    from workbench.embedding import Encoder
    from workbench.journey.rows import Reader
    from workbench.journey.scorer import Read, Scorer

_OF_ROWS = ("touchpoint", "channel", "question")


def journey_model_digest(study: Study) -> str:
    """Return a digest of the journey model's files."""
    from workbench.journey import model_files

    return digest([file_digest(path) for path in model_files(study.journey_model())])


def reading_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the journey model, the statements, their vectors and what their rows record."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", *_OF_ROWS) if name in comments]
    texts = tables["statements"][["statement_id", "feedback_id", "text", "language"]]
    return [journey_model_digest(study), encoder_identity(study), table_digest(comments[used]), table_digest(texts),
            array_digest(tables["vectors"])]


@on_one_thread
def read_all(study: Study, tables: Tables, store: Store, executor: Executor | None = None) -> Result:
    """Return ``reading``, what each statement and its row say of stages and touchpoints, and ``likeness``, the
    statements most similar to each.

    ``reading`` has a row a statement: ``statement_id``; ``recorded``, the place of the touchpoint that its row records,
    -1 for none; the log-scores ``stage_<id>`` and ``touchpoint_<id>``, float32; ``named_<id>``, whether it names a
    stage in so many words. Statements are read in blocks.
    """
    from workbench.journey import load_journey_model
    from workbench.journey.evidence import NEIGHBOURS
    from workbench.journey.scorer import scorer_for

    executor, statements = executor or Local(), tables["statements"]
    model = load_journey_model(study.journey_model(), spoken=statements["language"])
    scorer, encoder = scorer_for(model, executor.encoder(study.encoder_name()), store.vectors)
    way = way_digest(model.fingerprint, encoder.identity)
    reading, new = read_new(partial(_read, executor), scorer, encoder, tables, store, way)
    likeness = find_likeness(statements["statement_id"], tables["vectors"], NEIGHBOURS, store)
    told = f"{len(statements):,} statements read for the journey"
    told += f", {new:,} of them new" if new < len(statements) else ""
    return {"reading": reading, "likeness": likeness}, {"told": told, "likeness_way": likeness_way(likeness),
                                                        "reading_way": way}


def read_new(read: Reader, scorer: Scorer, encoder: Encoder, tables: Tables, store: Store, way: str
             ) -> tuple[pd.DataFrame, int]:
    """Return the table ``reading``, and how many statements were read for it: all that no earlier run has read as such.

    Parameters
    ----------
    read
        Reads statements and their rows.
    scorer, encoder
        What it reads with.
    tables
        ``comments``, ``statements`` and their ``vectors``.
    store
        Where earlier runs are.
    way
        All that decides what is read, besides the rows.
    """
    comments, statements, vectors = (tables[name] for name in ("comments", "statements", "vectors"))
    earlier = _earlier(statements, vectors, comments, store, way)
    if earlier is None:
        return _as_table(statements["statement_id"], *read(scorer, encoder, statements, vectors, comments), scorer), \
            len(statements)
    table, new = earlier
    found, recorded = _of_table(table, scorer)
    if new.any():
        news, recorded[new] = read(scorer, encoder, statements[new], vectors[new], comments)
        found.stages[new], found.touchpoints[new], found.named[new] = news.stages, news.touchpoints, news.named
    return _as_table(statements["statement_id"], found, recorded, scorer), int(new.sum())


def reader_of(table: pd.DataFrame) -> Reader:
    """Return a reader that looks up what `read_all` has read of the same statements."""
    return lambda scorer, *_: _of_table(table, scorer)


def _earlier(statements: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame, store: Store, way: str
             ) -> tuple[pd.DataFrame, np.ndarray] | None:
    """Return what an earlier run has read of statements, and which of them it did not know as they are."""
    others = ("feedback", "language", "embedding")
    for path, *made in earlier_stages(store, "reading", way, others, "reading_way"):
        place = _place(statements, vectors, comments, store, *made)
        table = store.read_table(path, "reading")
        row = pd.Index(table["statement_id"]).get_indexer(pd.Index(statements["statement_id"]))
        new = (place < 0) | (row < 0)
        return None if new.all() else (table.take(np.where(new, 0, row)), new)
    return None


def _place(statements: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame, store: Store, feedback: Path,
           language: Path, embedding: Path) -> np.ndarray:
    """Return the earlier place of each statement of which all that is read is as it was, -1 for the others."""
    then = store.read_table(language, "statements", ["statement_id", "text", "language"])
    place = same_rows(statements, then, "statement_id", ("text", "language"))
    tables = store.open(embedding)
    if tables is None or tables["vectors"].shape != (len(then), vectors.shape[1]):
        return np.full(len(place), -1)
    rows = store.read_table(feedback, "comments", ["feedback_id", *_OF_ROWS])
    changed = comments["feedback_id"][same_rows(comments, rows, "feedback_id", _OF_ROWS) < 0]
    place[statements["feedback_id"].isin(changed).to_numpy()] = -1
    return same_vectors(vectors, tables["vectors"], place)


def _read(executor: Executor, scorer: Scorer, encoder: Encoder, statements: pd.DataFrame, vectors: np.ndarray,
          comments: pd.DataFrame | None) -> tuple[Read, np.ndarray]:
    """Return what statements and their rows say, read in blocks that hold no more of a row than is read of it."""
    from workbench.journey.rows import join_rows

    read = statements[["feedback_id", "text", "language"]]
    rows = comments
    if comments is not None:
        asked = [name for name in ("feedback_id", *_OF_ROWS) if name in comments]
        rows = comments[asked].set_index("feedback_id").reindex(read["feedback_id"]).reset_index()
    blocks = [(read.iloc[part], vectors[part], None if rows is None else rows.iloc[part])
              for part in cut_rows(read["text"])]
    return join_rows(executor.map_blocks(_read_block, blocks, scorer, encoder), len(read))


def _read_block(statements: pd.DataFrame, vectors: np.ndarray, rows: pd.DataFrame | None, scorer: Scorer,
                encoder: Encoder) -> tuple[Read, np.ndarray]:
    from workbench.journey.rows import read_rows

    return read_rows(scorer, encoder, statements, vectors, rows)


def _names(scorer: Scorer) -> tuple[list[str], list[str], list[str]]:
    """Return the columns of stages and of touchpoints, and those of named stages."""
    stages, touchpoints = ([part.id for part in parts] for parts in (scorer.model.stages, scorer.model.touchpoints))
    return ([f"stage_{one}" for one in (*stages, UNASSIGNED)],
            [f"touchpoint_{one}" for one in (*touchpoints, UNASSIGNED)], [f"named_{one}" for one in stages])


def _as_table(ids: pd.Series, read: Read, recorded: np.ndarray, scorer: Scorer) -> pd.DataFrame:
    parts = zip((read.stages, read.touchpoints, read.named), _names(scorer), strict=True)
    own = pd.DataFrame({"statement_id": ids.reset_index(drop=True), "recorded": recorded.astype(np.int16)})
    return pd.concat([own, *(pd.DataFrame(array, columns=names) for array, names in parts)], axis=1)


def _of_table(table: pd.DataFrame, scorer: Scorer) -> tuple[Read, np.ndarray]:
    from workbench.journey.scorer import Read

    stages, touchpoints, named = (table[names].to_numpy(copy=True) for names in _names(scorer))
    return Read(stages, touchpoints, named), table["recorded"].to_numpy(dtype=np.int64, copy=True)

"""The stage that turns statements into vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from workbench.scale import Executor, Local, cut_rows
from workbench.scale.executor import Tell
from workbench.stages.earlier import earlier_stages, same_rows, way_digest
from workbench.stages.result import Result
from workbench.store import Store, Tables, table_digest
from workbench.study import Study

_LARGE = 50_000  # statements
_BLOCK = 20_000  # statements: what is needed while they are encoded does not grow with how many there are


def encoder_identity(study: Study) -> str:
    """Return what the vectors are keyed by."""
    from workbench.embedding import identify_encoder

    return identify_encoder(study.encoder_name())


def asks_large_encoder(study: Study) -> bool:
    """Return whether the encoder takes gigabytes, so that one process alone should load it."""
    from workbench.embedding import is_in_one_file

    return not is_in_one_file(study.encoder_name())


def embedding_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the encoder, the names left out and the texts."""
    texts = tables["statements"][["statement_id", "text", "language"]]
    return [encoder_identity(study), study.names, table_digest(texts)]


def embed_all(study: Study, tables: Tables, store: Store, executor: Executor | None = None) -> Result:
    """Return ``vectors``, one a statement, float16: whoever calculates with them widens those that it looks at.

    What is encoded of statements is told in blocks, and texts without a stored vector are encoded in batches, both by
    the executor; stored vectors are looked up here.
    """
    from workbench.embedding import embed_pairs
    from workbench.embedding.cache import STORED

    executor = executor or Local()
    encoder = executor.encoder(study.encoder_name())
    way, statements = way_digest(encoder.identity, study.names), tables["statements"]
    vectors, new = _earlier_vectors(statements, store, way)
    if vectors is None:
        vectors = np.zeros((len(statements), encoder.dimensions), dtype=STORED)

    def embed(some: pd.DataFrame, note: Callable[[int, int], None]) -> np.ndarray:
        return embed_pairs(_texts(some, study.names, executor), encoder, cache=store.vectors, progress=note)

    rows, tell = np.flatnonzero(new), executor.tell
    if len(rows) > _BLOCK:  # blocks of statements are told of, not what is done with each
        executor.tell = None
    texts, known = _encode(vectors, rows, statements, embed, tell if len(rows) > _BLOCK else None)
    executor.tell = tell
    told = f"{int((~new).sum()):,} statements as before; " if not new.all() else ""
    told += f"{texts:,} distinct texts, {texts - known:,} of them new"
    let_go_of_encoder(len(statements))
    empty = int((~vectors.any(axis=1)).sum())
    told += f"; {empty:,} statements hold nothing that the encoder knows" if empty else ""
    return {"vectors": vectors}, {"told": told, "encoder": encoder.name, "identity": encoder.identity, "way": way,
                                  "dimensions": encoder.dimensions, "without_vector": empty}


def let_go_of_encoder(statements: int) -> None:
    """Make room for what else a large study needs; in a small one, reading the encoder again would cost more."""
    from workbench.embedding.encoders import let_go

    if statements > _LARGE:
        let_go()


def _texts(statements: pd.DataFrame, names: list[str], executor: Executor) -> list[str]:
    """Return what is encoded of statements: each whole, then the content words of each."""
    from workbench.embedding import texts_to_embed

    read = statements[["text", "language"]]
    blocks = [(read.iloc[rows],) for rows in cut_rows(read["text"])]
    parts = list(executor.map_blocks(texts_to_embed, blocks, names))
    return [text for part in parts for text in part[: len(part) // 2]] + \
        [text for part in parts for text in part[len(part) // 2 :]]


def _encode(vectors: np.ndarray, rows: np.ndarray, statements: pd.DataFrame,
            embed: Callable[[pd.DataFrame, Callable[[int, int], None]], np.ndarray], tell: Tell | None
            ) -> tuple[int, int]:
    """Fill some rows, a block at a time; return how many distinct texts they hold, and how many of these were known."""
    told: list[tuple[int, int]] = []
    texts = known = 0

    def note(done: int, total: int) -> None:
        told.append((done, total))

    for start in range(0, len(rows), _BLOCK):
        told.clear()
        some = rows[start : start + _BLOCK]
        vectors[some] = embed(statements.iloc[some], note)
        known, texts = known + told[0][0], texts + told[0][1]
        if tell is not None:
            tell(start // _BLOCK + 1, -(-len(rows) // _BLOCK))
    return texts, known


def _earlier_vectors(statements: pd.DataFrame, store: Store, way: str) -> tuple[np.ndarray | None, np.ndarray]:
    """Return the vectors of an earlier run where a statement is as it was, and which statements are new."""
    for path, language in earlier_stages(store, "embedding", way, ("language",)):
        then = store.read_table(language, "statements", ["statement_id", "text", "language"])
        stored = np.load(path / "vectors.npy", mmap_mode="r")
        place = same_rows(statements, then, "statement_id", ("text", "language"))
        if len(stored) != len(then):  # somebody was forgotten in one of the two
            continue
        vectors = np.zeros((len(statements), stored.shape[1]), dtype=stored.dtype)
        vectors[place >= 0] = stored[place[place >= 0]]
        return vectors, place < 0
    return None, np.ones(len(statements), dtype=bool)

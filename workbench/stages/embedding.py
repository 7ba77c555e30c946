"""The stage that turns statements into vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.stages.earlier import earlier_stages, same_rows, way_digest
from workbench.stages.result import Result
from workbench.store import Store, Tables, table_digest
from workbench.study import Study


def encoder_identity(study: Study) -> str:
    """Return what the vectors are keyed by."""
    from workbench.embedding import identify_encoder

    return identify_encoder(study.encoder_name())


def embedding_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the encoder, the names left out and the texts."""
    texts = tables["statements"][["statement_id", "text", "language"]]
    return [encoder_identity(study), study.names, table_digest(texts)]


def embed_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``vectors``, one a statement."""
    from workbench.embedding import embed_statements, load_encoder

    encoder = load_encoder(study.encoder_name())
    way, statements = way_digest(encoder.identity, study.names), tables["statements"]
    texts = {"all": 0, "known": 0}

    def note(done: int, total: int) -> None:
        if not texts["all"]:
            texts.update(all=total, known=done)

    vectors, new = _earlier_vectors(statements, store, way)
    if vectors is None or new.any():
        fresh = embed_statements(statements[new], encoder, names=study.names, cache=store.vectors, progress=note)
        vectors = _put(vectors, new, fresh)
    told = f"{int((~new).sum()):,} statements as before; " if not new.all() else ""
    told += f"{texts['all']:,} distinct texts, {texts['all'] - texts['known']:,} of them new"
    empty = int((np.abs(vectors).sum(axis=1) == 0).sum())
    return {"vectors": vectors}, {"told": told, "encoder": encoder.name, "identity": encoder.identity, "way": way,
                                  "dimensions": encoder.dimensions, "without_vector": empty}


def _put(vectors: np.ndarray | None, new: np.ndarray, fresh: np.ndarray) -> np.ndarray:
    if vectors is None:
        return fresh
    vectors[new] = fresh
    return vectors


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

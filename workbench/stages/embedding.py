"""The stage that turns statements into vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

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
    known = {"texts": 0, "known": 0}

    def note(done: int, total: int) -> None:
        if not known["texts"]:
            known.update(texts=total, known=done)

    vectors = embed_statements(tables["statements"], encoder, names=study.names, cache=store.vectors, progress=note)
    told = f"{known['texts']:,} distinct texts, {known['texts'] - known['known']:,} of them new"
    empty = int((np.abs(vectors).sum(axis=1) == 0).sum())
    return {"vectors": vectors}, {"told": told, "encoder": encoder.name, "identity": encoder.identity,
                                  "dimensions": encoder.dimensions, "without_vector": empty}

"""The most similar statements of each, searched again only where statements have changed since an earlier run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.stages.earlier import earlier_stages, same_vectors, way_digest
from workbench.store import Store


class KnownLikeness:
    """A search of the most similar statements that begins with what an earlier run has found.

    Parameters
    ----------
    ids
        ``statement_id`` of the statements.
    store
        Where earlier runs are.

    Attributes
    ----------
    table : pandas.DataFrame
        What was found, for a later run: ``statement_id, neighbour_id, cosine``, the nearest first for each; empty of
        more statements than all pairs of which are compared.
    """

    def __init__(self, ids: pd.Series, store: Store) -> None:
        self.table = pd.DataFrame({"statement_id": ids.iloc[:0], "neighbour_id": ids.iloc[:0], "cosine": np.zeros(0)})
        self._ids, self._store = ids, store

    def __call__(self, vectors: np.ndarray, count: int, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest neighbours of rows in an order, as positions in it, and their cosines."""
        from workbench.themes.known_neighbours import update_neighbours
        from workbench.themes.neighbours import EXACT_UP_TO, nearest_neighbours

        if len(order) > EXACT_UP_TO:
            return nearest_neighbours(vectors, count, order=order)
        ids = self._ids.iloc[order].reset_index(drop=True)
        earlier = self._earlier(ids, np.asarray(vectors)[order], min(count, max(len(ids) - 1, 0)))
        found, cosine = nearest_neighbours(vectors, count, order=order) if earlier is None else \
            update_neighbours(vectors, order, *earlier)
        self.table = pd.DataFrame({"statement_id": ids.repeat(found.shape[1]).array, "cosine": cosine.ravel()})
        self.table.insert(1, "neighbour_id", ids.take(found.ravel()).array)
        return found, cosine

    def _earlier(self, ids: pd.Series, vectors: np.ndarray, count: int
                 ) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """Return the neighbours and cosines that an earlier run found, and which statements it did not know as such."""
        others = ("language", "embedding")
        for path, language, embedding in earlier_stages(self._store, "journey", way_digest(), others, "likeness_way"):
            then = self._store.read_table(language, "statements", ["statement_id"])["statement_id"]
            tables = self._store.open(embedding)
            if tables is None or tables["vectors"].shape != (len(then), vectors.shape[1]):
                return None
            new = same_vectors(vectors, tables["vectors"], pd.Index(then).get_indexer(pd.Index(ids))) < 0
            return *_as_matrix(self._store.read_table(path, "likeness"), ids, new, count), new
        return None


def likeness_way(found: KnownLikeness) -> str | None:
    """Return what has decided the neighbours besides the vectors; nothing where none are kept."""
    return way_digest() if len(found.table) else None


def _as_matrix(table: pd.DataFrame, ids: pd.Series, new: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return neighbours and cosines as a row for each of `ids`; -1 for what is not known, or was another."""
    here = np.append(np.where(new, -1, np.arange(len(ids))), -1)  # the last for who is gone
    own, other = (here[pd.Index(ids).get_indexer(pd.Index(table[name]))] for name in ("statement_id", "neighbour_id"))
    rank = table.groupby("statement_id", sort=False).cumcount().to_numpy()
    kept = (own >= 0) & (rank < count)
    found, cosine = np.full((len(ids), count), -1, dtype=np.int32), np.zeros((len(ids), count), dtype=np.float32)
    found[own[kept], rank[kept]] = other[kept]
    cosine[own[kept], rank[kept]] = table["cosine"].to_numpy()[kept]
    return found, cosine

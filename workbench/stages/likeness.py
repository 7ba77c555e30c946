"""The most similar statements of each, searched again only where statements have changed since an earlier run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.stages.earlier import earlier_stages, same_vectors, way_digest
from workbench.store import Store

if TYPE_CHECKING:
    from workbench.journey.evidence import Search


def find_likeness(ids: pd.Series, vectors: np.ndarray, count: int, store: Store) -> pd.DataFrame:
    """Return the most similar statements of each, of which an earlier run has found those that are still the same.

    Parameters
    ----------
    ids
        ``statement_id`` of the statements.
    vectors
        Of the statements.
    count
        Neighbours a statement.
    store
        Where earlier runs are.

    Returns
    -------
    pandas.DataFrame
        ``statement_id, neighbour_id, cosine``, the nearest first for each; empty of more statements than all pairs of
        which are compared.
    """
    from workbench.themes.known_neighbours import update_neighbours
    from workbench.themes.neighbours import EXACT_UP_TO, nearest_neighbours

    if len(ids) > EXACT_UP_TO:
        return pd.DataFrame({"statement_id": ids.iloc[:0], "neighbour_id": ids.iloc[:0], "cosine": np.zeros(0)})
    order = np.argsort(ids.to_numpy().astype(str), kind="stable")
    ids = ids.iloc[order].reset_index(drop=True)
    earlier = _earlier(ids, np.asarray(vectors)[order], min(count, max(len(ids) - 1, 0)), store)
    found, cosine = nearest_neighbours(vectors, count, order=order) if earlier is None else \
        update_neighbours(vectors, order, *earlier)
    table = pd.DataFrame({"statement_id": ids.repeat(found.shape[1]).array, "cosine": cosine.ravel()})
    table.insert(1, "neighbour_id", ids.take(found.ravel()).array)
    return table


def search_in(table: pd.DataFrame, ids: pd.Series) -> Search:
    """Return a search of the most similar statements that looks them up in what `find_likeness` has found of them.

    Where that is nothing, they are searched.
    """
    def search(vectors: np.ndarray, count: int, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        from workbench.themes.neighbours import nearest_neighbours

        if not len(table):
            return nearest_neighbours(vectors, count, order=order)
        known = ids.iloc[order].reset_index(drop=True)
        return _as_matrix(table, known, np.zeros(len(known), dtype=bool), min(count, len(known) - 1))

    return search


def _earlier(ids: pd.Series, vectors: np.ndarray, count: int, store: Store
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return the neighbours and cosines that an earlier run found, and which statements it did not know as such."""
    others = ("language", "embedding")
    for path, language, embedding in earlier_stages(store, "reading", way_digest(), others, "likeness_way"):
        then = store.read_table(language, "statements", ["statement_id"])["statement_id"]
        tables = store.open(embedding)
        if tables is None or tables["vectors"].shape != (len(then), vectors.shape[1]):
            return None
        new = same_vectors(vectors, tables["vectors"], pd.Index(then).get_indexer(pd.Index(ids))) < 0
        return *_as_matrix(store.read_table(path, "likeness"), ids, new, count), new
    return None


def likeness_way(found: pd.DataFrame) -> str | None:
    """Return what has decided the neighbours besides the vectors; nothing where none are kept."""
    return way_digest() if len(found) else None


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

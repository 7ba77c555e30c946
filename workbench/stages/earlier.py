"""What an earlier run of a study made of rows that have not changed since: they are not read again.

Nothing is kept for this alone. The tables of earlier runs lie in the store as they are, so that whatever takes a
customer out of the store takes them out of here as well. Only what hangs on nothing but the row itself is taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.store import Store, code_digest, digest

_BLOCK = 16_384  # rows


def way_digest(*settings: Any) -> str:
    """Return a digest of all save the rows that decides what is made of a row: settings, code and libraries."""
    from workbench.analysis import library_versions  # it imports the stages

    return digest(code_digest(), library_versions(), settings)


def earlier_stages(store: Store, stage: str, way: str, others: tuple[str, ...], fact: str = "way"
                   ) -> Iterator[list[Path]]:
    """Yield the folders of earlier runs, the last used first: that of a stage made in this way, then those of others.

    Parameters
    ----------
    store
        Where to look.
    stage
        Whose facts state the `way`.
    way
        From `way_digest`.
    others
        Further stages of the same run; a run that lacks one is passed over.
    fact
        Under which of the stage's facts the way is stated.
    """
    for path in store.analyses():
        with suppress(OSError, ValueError):  # removed by another process, or damaged: `Store.read` tells
            manifest = store.manifest(path)
            made = manifest.get("stages", {})
            found = [store.stage_path(name, made[name]) for name in (stage, *others) if name in made]
            whole = len(found) == 1 + len(others) and all((each / "manifest.json").is_file() for each in found)
            if whole and manifest.get("facts", {}).get(stage, {}).get(fact) == way:
                yield found


def same_rows(now: pd.DataFrame, then: pd.DataFrame, key: str, columns: tuple[str, ...]) -> np.ndarray:
    """Return the earlier row of each row that is still the same, -1 for the others.

    Parameters
    ----------
    now, then
        Tables with the column `key`, unique in each. A column that one of them lacks is empty there.
    key
        What a row is found by.
    columns
        What must be the same.

    Returns
    -------
    numpy.ndarray
        int64, positions in `then`, one for each row of `now`.

    Examples
    --------
    >>> then = pd.DataFrame({"id": ["a", "b"], "text": ["late", "دیر"]})
    >>> now = pd.DataFrame({"id": ["b", "a", "c"], "text": ["دیر", "too late", "متأخر"], "language": [None, "en", ""]})
    >>> same_rows(now, then, "id", ("text", "language")).tolist()
    [1, -1, -1]
    """
    place = pd.Index(then[key]).get_indexer(pd.Index(now[key]))
    kept = np.flatnonzero(place >= 0)
    for column in columns:
        own, old = (_values(table, column, rows) for table, rows in ((now, kept), (then, place[kept])))
        kept = kept[(own == old).to_numpy(dtype=bool)]
    found = np.full(len(now), -1, dtype=np.int64)
    found[kept] = place[kept]
    return found


def same_vectors(now: np.ndarray, then: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return the earlier row of each row whose vector is still the same, -1 for the others.

    Parameters
    ----------
    now, then
        Vectors, of as many dimensions.
    place
        Positions in `then`, one for each row of `now`; -1 for none.

    Examples
    --------
    >>> same_vectors(np.eye(2), np.eye(2)[:, ::-1], np.array([1, -1])).tolist()
    [1, -1]
    >>> same_vectors(np.eye(2), np.eye(2), np.array([0, 0])).tolist()
    [0, -1]
    """
    found = place.copy()
    for start in range(0, len(now), _BLOCK):
        part = slice(start, start + _BLOCK)
        found[part][(then[place[part]] != now[part]).any(axis=1)] = -1
    return found


def _values(table: pd.DataFrame, column: str, rows: np.ndarray) -> pd.Series:
    if column not in table:
        return pd.Series("", index=range(len(rows)), dtype="str")
    return table[column].iloc[rows].reset_index(drop=True).astype("str").fillna("")

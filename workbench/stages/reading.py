"""What statements say of stages, each by itself: read again only where one or its row has changed since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED
from workbench.stages.earlier import earlier_stages, same_rows, same_vectors, way_digest
from workbench.store import Store

if TYPE_CHECKING:
    from workbench.embedding import Encoder
    from workbench.journey.rows import Reader
    from workbench.journey.scorer import Read, Scorer

_OF_ROWS = ("touchpoint", "channel", "question")


class KnownReading:
    """A reader of statements and their rows that begins with what an earlier run has read.

    Parameters
    ----------
    read
        Reads those that are new.
    store
        Where earlier runs are.

    Attributes
    ----------
    table : pandas.DataFrame
        What was read, for a later run: ``statement_id``; ``recorded``, the place of the touchpoint that its row
        records, -1 for none; the log-scores ``stage_<id>`` and ``touchpoint_<id>``, float32; ``named_<id>``, whether
        it names a stage in so many words.
    way : str or None
        What has decided this besides the rows.
    """

    def __init__(self, read: Reader, store: Store) -> None:
        self.table = pd.DataFrame({"statement_id": pd.Series(dtype="str")})
        self.way: str | None = None
        self._read, self._store = read, store

    def __call__(self, scorer: Scorer, encoder: Encoder, statements: pd.DataFrame, vectors: np.ndarray,
                 comments: pd.DataFrame | None) -> tuple[Read, np.ndarray]:
        """Return what statements and their rows say, and the positions of recorded touchpoints (-1: none)."""
        self.way = way_digest(scorer.model.fingerprint, encoder.identity)
        rows = pd.DataFrame({"feedback_id": []}) if comments is None else comments
        earlier = self._earlier(statements, vectors, rows)
        if earlier is None:
            read, recorded = self._read(scorer, encoder, statements, vectors, comments)
        else:
            table, new = earlier
            read, recorded = _of_table(table, scorer)
            if new.any():
                news, recorded[new] = self._read(scorer, encoder, statements[new], vectors[new], comments)
                read.stages[new], read.touchpoints[new], read.named[new] = news.stages, news.touchpoints, news.named
        self.table = _as_table(statements["statement_id"], read, recorded, scorer)
        return read, recorded

    def _earlier(self, statements: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame
                 ) -> tuple[pd.DataFrame, np.ndarray] | None:
        """Return what an earlier run has read of statements, and which of them it did not know as they are."""
        others = ("feedback", "language", "embedding")
        for path, *made in earlier_stages(self._store, "journey", str(self.way), others, "reading_way"):
            place = self._place(statements, vectors, comments, *made)
            table = self._store.read_table(path, "reading")
            row = pd.Index(table["statement_id"]).get_indexer(pd.Index(statements["statement_id"]))
            new = (place < 0) | (row < 0)
            return None if new.all() else (table.take(np.where(new, 0, row)), new)
        return None

    def _place(self, statements: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame, feedback: Path,
               language: Path, embedding: Path) -> np.ndarray:
        """Return the earlier place of each statement of which all that is read is as it was, -1 for the others."""
        then = self._store.read_table(language, "statements", ["statement_id", "text", "language"])
        place = same_rows(statements, then, "statement_id", ("text", "language"))
        tables = self._store.open(embedding)
        if tables is None or tables["vectors"].shape != (len(then), vectors.shape[1]):
            return np.full(len(place), -1)
        rows = self._store.read_table(feedback, "comments", ["feedback_id", *_OF_ROWS])
        changed = comments["feedback_id"][same_rows(comments, rows, "feedback_id", _OF_ROWS) < 0]
        place[statements["feedback_id"].isin(changed).to_numpy()] = -1
        return same_vectors(vectors, tables["vectors"], place)


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

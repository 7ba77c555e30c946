"""What statements and the rows that they come from say, as log-scores of stages and touchpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from workbench.arguments import check_columns
from workbench.embedding import Encoder, embed
from workbench.journey.scorer import Read, Scorer
from workbench.journey.words import named_touchpoints

Reader = Callable[[Scorer, Encoder, pd.DataFrame, np.ndarray, pd.DataFrame | None], tuple[Read, np.ndarray]]

_RECORDED_WEIGHT = 0.25
_CHANNEL_WEIGHT = 0.5
_QUESTION_WEIGHT = 0.5


def read_rows(scorer: Scorer, encoder: Encoder, statements: pd.DataFrame, vectors: np.ndarray,
              comments: pd.DataFrame | None) -> tuple[Read, np.ndarray]:
    """Return what statements and their rows say, and the positions of recorded touchpoints (-1: none).

    Each row is read by itself: what is said of it does not hang on the others, to the last bit. Log-scores are float32.

    Raises
    ------
    InputError
        If the comments table lacks feedback_id.
    """
    texts, languages = statements["text"].astype(str).tolist(), statements["language"].astype(str).tolist()
    read = scorer.texts(texts, languages, vectors)
    if comments is None:
        return _narrow(read.stages, read.touchpoints, read.named), np.full(len(texts), -1, dtype=np.int64)
    check_columns("comments", comments, ["feedback_id"])
    rows = comments.drop_duplicates("feedback_id").set_index("feedback_id").reindex(statements["feedback_id"])
    nowhere = pd.Series([None] * len(statements), dtype=object)
    recorded = named_touchpoints(scorer.model.touchpoints, rows.get("touchpoint", nowhere))
    channel = named_touchpoints(scorer.model.touchpoints, rows.get("channel", nowhere))
    stages, touchpoints = read.stages.copy(), read.touchpoints.copy()
    own = recorded >= 0
    stages[own] += _RECORDED_WEIGHT * np.log(scorer.belonging[recorded[own]] + 0.02)
    touchpoints[np.flatnonzero(channel >= 0), channel[channel >= 0]] += _CHANNEL_WEIGHT
    asked = _asked(scorer, encoder, pd.Series(rows.get("question", nowhere)))
    if asked is not None:
        stages, touchpoints = stages + asked[0], touchpoints + asked[1]
    return _narrow(stages, touchpoints, read.named), recorded


def _narrow(stages: np.ndarray, touchpoints: np.ndarray, named: np.ndarray) -> Read:
    return Read(stages.astype(np.float32), touchpoints.astype(np.float32), named)


def join_rows(parts: Iterable[tuple[Read, np.ndarray]], count: int) -> tuple[Read, np.ndarray]:
    """Return what `read_rows` returns of all rows, from what it returned of parts of them, at least one, in order.

    Each part is copied to its place as it comes, so that nothing is held twice. `count` is how many rows there are.

    Examples
    --------
    >>> part = Read(np.zeros((2, 8)), np.zeros((2, 16)), np.zeros((2, 7), dtype=bool)), np.array([-1, 3])
    >>> joined, recorded = join_rows([part, part], 4)
    >>> joined.stages.shape, recorded.tolist()
    ((4, 8), [-1, 3, -1, 3])
    """
    joined: list[np.ndarray] = []
    start = 0
    for read, recorded in parts:
        arrays = (read.stages, read.touchpoints, read.named, recorded)
        joined = joined or [np.empty((count, *one.shape[1:]), dtype=one.dtype) for one in arrays]
        for whole, one in zip(joined, arrays, strict=True):
            whole[start : start + len(one)] = one
        start += len(recorded)
    return Read(joined[0], joined[1], joined[2]), joined[3]


def _asked(scorer: Scorer, encoder: Encoder, questions: pd.Series) -> tuple[np.ndarray, np.ndarray] | None:
    """Return what each row's question says of its answer; nothing where all questions are shorter than three words."""
    codes, known = pd.factorize(questions.fillna("").astype(str).to_numpy(), sort=True)
    long = np.array([len(question.split()) >= 3 for question in known])
    if not long.any():
        return None
    read = scorer.texts(list(known), ["und"] * len(known), embed(list(known), encoder))
    weight = (_QUESTION_WEIGHT * long[codes])[:, None]
    return weight * read.stages[codes], weight * read.touchpoints[codes]

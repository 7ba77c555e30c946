"""A score that says one thing and words that say another: how many, and how many the model's error would make."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from workbench.feedback import redact_parts
from workbench.insights.clusters import cluster_of
from workbench.insights.scores import share_score
from workbench.insights.tone.shares import TRANSFER
from workbench.themes import share_effects

COLUMNS: Final = ["kind", "n", "count", "share", "share_low", "share_high", "expected_share", "expected_share_low",
                  "expected_share_high", "p_value", "beyond_error", "reason"]
EXAMPLE_COLUMNS: Final = ["kind", "rank", "feedback_id", "statement_id", "language", "direction", "score", "text"]
PRAISED, BLAMED = "high_score_blaming_words", "low_score_praising_words"
_CLEAR = 0.6  # distance of the mean tone of a comment from neutral
_ALPHA = 0.05
_LONGEST = 280
_NOUGHT = 1e-9


def find_contradictions(comments: pd.DataFrame, statements: pd.DataFrame, tone: pd.DataFrame, held_out: pd.DataFrame,
                        *, confidence: float = 0.95, examples: int = 5, order_number: str | None = None,
                        transfer: float = TRANSFER) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how many comments contradict their own score, and examples of them.

    A score is high from 9 of 10, or four fifths of the highest rating; low up to 4 of 10, or two fifths. Words are
    clearly negative where the mean tone of a comment's statements is -0.6 or less and none of them is positive; the
    reverse for positive. Comments with a statement that the model abstains from are left out. What the model's error
    alone would yield is measured on held-out texts: how many that are not negative it calls clearly negative; on other
    texts it errs otherwise (see `share_tones`). What a customer (or account) wrote is alike, and so are the errors in
    it: interval and p-value allow for who wrote several, and what one customer says, however often, is not beyond the
    error.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id``, ``nps`` or ``rating`` and ``rating_max``, ``customer_id`` and
        ``account_id`` where known, and ``text`` for what only the whole comment gives away (see `redact_parts`).
    statements, tone
        As the contracts state.
    held_out
        Texts that the model had not learned from: ``tone``, the three probabilities and ``weight``.
    examples
        How many of each kind, the clearest first, personal data taken out.
    order_number
        The study's own pattern of order numbers, as for `redact`.
    transfer
        As for `share_tones`.

    Returns
    -------
    tuple of pandas.DataFrame
        One row a kind: ``kind`` ("high_score_blaming_words", "low_score_praising_words"), ``n`` (comments with such a
        score whose tone is told), ``count, share`` with interval, ``expected_share`` with interval, ``p_value`` (that
        the model's error alone yields as many; beta-binomial), ``beyond_error`` and ``reason`` ("no scores",
        "no such score", or empty). And the examples.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b"], "nps": [10, 9]})
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"], "language": ["fa", "en"],
    ...     "direction": ["rtl", "ltr"], "text": ["افتضاح بود", "lovely"]})
    >>> tone = pd.DataFrame({"statement_id": ["a/0", "b/0"], "score": [-0.9, 0.9], "abstained": False, "tone": [-1, 1]})
    >>> held_out = pd.DataFrame({"tone": [1, -1], "p_negative": [0.1, 0.9], "p_neutral": 0.0,
    ...     "p_positive": [0.9, 0.1], "weight": 1.0})
    >>> table, found = find_contradictions(comments, statements, tone, held_out)
    >>> table[["kind", "n", "count", "reason"]].values.tolist(), found["feedback_id"].tolist()
    ([['high_score_blaming_words', 2, 1, ''], ['low_score_praising_words', 0, 0, 'no such score']], ['a'])
    """
    leaning = score_leaning(comments)
    if not leaning.ne(0).any():
        rows = [_empty(kind, "no scores") for kind in (PRAISED, BLAMED)]
        return pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(columns=EXAMPLE_COLUMNS)
    told = _tone_of_comments(statements, tone)
    table = comments.assign(leaning=leaning, cluster=cluster_of(comments)).merge(told, on="feedback_id")
    rows, shown = [], []
    for kind, score, words in ((PRAISED, 1, -1), (BLAMED, -1, 1)):
        part = table[table["leaning"].eq(score)]
        hits = part["clear"].eq(words)
        rows.append(_row(kind, part["clear"], part["cluster"], held_out, words, confidence, transfer) if len(part)
                    else _empty(kind, "no such score"))
        own = part[hits]
        clearest = own.assign(far=-own["mean"] * score).sort_values(["far", "feedback_id"], ascending=[False, True])
        people = clearest.drop_duplicates("cluster")
        shown.append(_examples(kind, people.head(examples), statements, tone, words, order_number))
    found = [part for part in shown if len(part)]
    return pd.DataFrame(rows, columns=COLUMNS), pd.concat(found or shown[:1], ignore_index=True)


def score_leaning(comments: pd.DataFrame) -> pd.Series:
    """Return 1 for a high score, -1 for a low one, 0 for neither or none; the NPS goes before the rating.

    Examples
    --------
    >>> score_leaning(pd.DataFrame({"nps": [9, 7, 4, None], "rating": [1, 1, 1, 2], "rating_max": 5})).tolist()
    [1, 0, -1, -1]
    """
    leaning = pd.Series(0, index=comments.index)
    if {"rating", "rating_max"} <= set(comments):
        share = (comments["rating"] / comments["rating_max"]).astype(float)
        leaning = leaning.mask(share >= 0.8 - 1e-9, 1).mask(share <= 0.4 + 1e-9, -1)
    if "nps" in comments:
        nps = comments["nps"].astype(float)
        leaning = leaning.mask(nps.notna(), 0).mask(nps >= 9, 1).mask(nps <= 4, -1)
    return leaning


def _tone_of_comments(statements: pd.DataFrame, tone: pd.DataFrame) -> pd.DataFrame:
    """Return ``feedback_id, mean, clear`` (-1, 0 or 1) of comments that nothing is abstained from in."""
    joined = statements[["statement_id", "feedback_id"]].merge(tone, on="statement_id")
    grouped = joined.groupby("feedback_id")
    table = grouped.agg(mean=("score", "mean"), abstained=("abstained", "any"), lowest=("tone", "min"),
                        highest=("tone", "max"))
    table = table[~table["abstained"].astype(bool)]
    negative = table["mean"].le(-_CLEAR) & table["highest"].lt(1)
    positive = table["mean"].ge(_CLEAR) & table["lowest"].gt(-1)
    told = table.assign(clear=positive.astype(int) - negative.astype(int)).reset_index()
    return told[["feedback_id", "mean", "clear"]]


def _row(kind: str, clear: pd.Series, clusters: pd.Series, held_out: pd.DataFrame, words: int, confidence: float,
         transfer: float) -> dict[str, object]:
    from scipy.stats import beta, betabinom

    hits = clear.eq(words)
    told = share_score(hits.astype(float), confidence, clusters)
    score = held_out["p_positive"] - held_out["p_negative"]
    sure = held_out[["p_negative", "p_neutral", "p_positive"]].max(axis=1) >= 0.5
    other = held_out[(held_out["tone"] != words) & sure]
    wrong = other["weight"].where(score.loc[other.index] * words >= _CLEAR, 0.0).sum()
    right = other["weight"].sum() - wrong
    one, two = np.array([wrong + 0.5, right + 0.5]) * min(1.0, transfer / (wrong + right + 1))
    n, count = len(hits), int(hits.sum())
    loose = _loosened(clear, clusters, words, one + two)
    people = hits.groupby(clusters).mean()  # each customer has one voice, in parts
    p_value = max(float(betabinom.sf(count - 1, n, one * loose, two * loose)),
                  float(betabinom.sf(np.floor(people.sum() + _NOUGHT) - 1, len(people), one, two)))
    low, high = beta.ppf([(1 - confidence) / 2, (1 + confidence) / 2], one, two)
    return {"kind": kind, "n": n, "count": count, "share": told["score"], "share_low": told["score_low"],
            "share_high": told["score_high"], "expected_share": one / (one + two), "expected_share_low": float(low),
            "expected_share_high": float(high), "p_value": p_value, "beyond_error": p_value < _ALPHA, "reason": ""}


def _loosened(clear: pd.Series, clusters: pd.Series, words: int, sure: float) -> float:
    """Return by what the parameters of a beta-binomial, together `sure`, are multiplied to allow for who wrote several.

    Its variance then grows by as much as clusters widen that of a share of known chance; its mean stays. Source: Donner
    and Klar (2000), Design and Analysis of Cluster Randomization Trials in Health Research, for the effect of clusters.
    """
    said = pd.DataFrame({"feedback_id": clear.index, "value": clear})[clear != 0]
    extra = (share_effects(said, clusters, [words])[0] - 1) / max(len(clear) - 1, 1)
    return max(float((1 - extra) / (1 + extra * sure)), 1e-9)


def _empty(kind: str, reason: str) -> dict[str, object]:
    return {**dict.fromkeys(COLUMNS, float("nan")), "kind": kind, "n": 0, "count": 0, "beyond_error": False,
            "reason": reason}


def _examples(kind: str, comments: pd.DataFrame, statements: pd.DataFrame, tone: pd.DataFrame, words: int,
              order_number: str | None) -> pd.DataFrame:
    """Return the statement of each comment that says it most clearly."""
    if not len(comments):
        return pd.DataFrame(columns=EXAMPLE_COLUMNS)
    joined = statements[statements["feedback_id"].isin(comments["feedback_id"])].merge(tone, on="statement_id")
    joined = joined.assign(far=joined["score"] * words).sort_values(["far", "statement_id"], ascending=[False, True])
    first = joined.drop_duplicates("feedback_id").set_index("feedback_id")
    first = first.loc[comments["feedback_id"]].reset_index()
    texts = redact_parts(first, comments, order_number=order_number)
    shown = [text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…" for text in texts]
    return first.assign(kind=kind, rank=range(1, len(first) + 1), text=shown)[EXAMPLE_COLUMNS]

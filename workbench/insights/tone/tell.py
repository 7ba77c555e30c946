"""The tone of each statement, with what may be believed of it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from workbench.columns import TONE, UNDETERMINED, names
from workbench.insights.tone.model import ToneSource, to_probabilities

WORDS: Final = {-1: "negative", 0: "neutral", 1: "positive"}
UNCERTAIN: Final = "uncertain"
SURE_ENOUGH: Final = 0.5
_SHARES: Final = ["p_negative", "p_neutral", "p_positive"]


def tell_tone(statements: pd.DataFrame, vectors: np.ndarray, source: ToneSource,
              calibrated_languages: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Return the tone of each statement.

    Parameters
    ----------
    statements
        With ``statement_id, text, language``.
    vectors
        One a statement, of the encoder that the source was made with.
    source
        What tells tone, see `ToneSource`.
    calibrated_languages
        Those whose error was measured and is bearable. In all others the source abstains.

    Returns
    -------
    pandas.DataFrame
        ``statement_id, tone`` (the likeliest: -1, 0 or 1), ``word`` ("negative", "neutral", "positive", or "uncertain"
        where the source abstains), ``score`` (-1 to 1, the probability of positive less that of negative),
        ``p_negative, p_neutral, p_positive, abstained, calibrated`` (whether error was measured in that language)
        and ``source``. It abstains where no probability reaches one half, and where the language's error was not
        measured or is too large.

    Examples
    --------
    >>> from workbench.embedding import embed_statements, load_encoder
    >>> from workbench.insights.tone.shipped import load_shipped
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0", "c/0"], "language": ["en", "fa", "ar"],
    ...     "text": ["absolutely terrible service", "خیلی خوب بود، ممنون", "خدمة ممتازة والموظفين محترمين"]})
    >>> shipped = load_shipped(load_encoder())
    >>> table = tell_tone(statements, embed_statements(statements), shipped.model, frozenset({"en", "fa", "ar"}))
    >>> table["word"].tolist()
    ['negative', 'positive', 'positive']
    """
    scores = source.raw_scores(statements["text"].tolist(), statements["language"].tolist(), vectors)
    return tell_scores(statements, scores, source, calibrated_languages)


def tell_scores(statements: pd.DataFrame, scores: np.ndarray, source: ToneSource,
                calibrated_languages: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Return the tone of each statement, as `tell_tone` does, of the scores that the source has given it.

    Parameters
    ----------
    statements
        With ``statement_id`` and ``language``.
    scores
        What ``source.raw_scores`` has returned, shape ``(len(statements), 3)``.
    source, calibrated_languages
        As for `tell_tone`.
    """
    shares = np.round(to_probabilities(scores, source.temperature), 4) if len(scores) else np.zeros((0, 3))
    table = pd.DataFrame(shares.reshape(-1, 3), columns=_SHARES)
    table.insert(0, "statement_id", statements["statement_id"].to_numpy())
    table["tone"] = shares.reshape(-1, 3).argmax(axis=1).astype(np.int8) - 1
    table["score"] = (table["p_positive"] - table["p_negative"]).round(4)
    table["calibrated"] = statements["language"].isin(calibrated_languages - {UNDETERMINED}).to_numpy()
    table["abstained"] = ~table["calibrated"] | (table[_SHARES].max(axis=1) < SURE_ENOUGH)
    table["word"] = table["tone"].map(WORDS).where(~table["abstained"], UNCERTAIN).astype("str")
    table["source"] = source.name
    return table[names(TONE)]

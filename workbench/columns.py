"""The table contracts, stated once: which columns each table has, of what kind, and what they mean.

Every stage takes and returns plain pandas tables that keep to these contracts. ``check_table`` stands at the
door of each stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.arguments import check_columns
from workbench.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

UNASSIGNED_THEME = -1
UNASSIGNED = "unassigned"
UNDETERMINED = "und"

SOURCES = ("survey", "review", "ticket", "call", "chat", "social", "interview")
SPEAKERS = ("customer", "employee", "proxy")


@dataclass(frozen=True)
class Column:
    """One column of a contract: its kind (``text``, ``integer``, ``number``, ``time``, ``flag``) and meaning."""

    name: str
    kind: str
    meaning: str
    required: bool = True
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


def _optional(name: str, kind: str, meaning: str, low: float | None = None, high: float | None = None,
              choices: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, meaning, required=False, low=low, high=high, choices=choices)


COMMENTS = (
    Column("feedback_id", "text", "the comment's own id, unique in the study"),
    Column("text", "text", "the comment as it was written, never changed"),
    _optional("created_at", "time", "when it was written"),
    _optional("source", "text", "the kind of feedback", choices=SOURCES),
    _optional("speaker", "text", "who speaks", choices=SPEAKERS),
    _optional("question", "text", "the question that was asked"),
    _optional("collected_for", "text", "the purpose that it was collected for"),
    _optional("channel", "text", "the channel that it came in by"),
    _optional("touchpoint", "text", "the touchpoint that the system recorded"),
    _optional("customer_id", "text", "who wrote it"),
    _optional("account_id", "text", "the contract or company that the customer belongs to"),
    _optional("market", "text", "the market, usually a country code"),
    _optional("segment", "text", "the customer segment"),
    _optional("language", "text", "the language as the source states it (ISO 639-1)"),
    _optional("nps", "number", "likelihood to recommend", low=0, high=10),
    _optional("rating", "number", "satisfaction, out of rating_max", low=0),
    _optional("rating_max", "number", "the highest possible rating", low=1),
    _optional("effort", "number", "customer effort, 1 (easy) to 7 (hard)", low=1, high=7),
    _optional("revenue", "number", "yearly revenue with this customer"),
    _optional("cost", "number", "yearly cost to serve this customer"),
    _optional("churned", "flag", "whether the customer has left since"),
)

NUMBERS = (
    _optional("date", "time", "the day or time that the numbers are of"),
    _optional("customer_id", "text", "the customer that they are of, as the comments call them"),
    _optional("account_id", "text", "the contract or company that the customer belongs to"),
    _optional("market", "text", "the market, usually a country code"),
    _optional("segment", "text", "the customer segment"),
    _optional("channel", "text", "the channel"),
    _optional("touchpoint", "text", "the touchpoint"),
)

STATEMENTS = (
    Column("statement_id", "text", "feedback_id, a slash and the statement's number within it"),
    Column("feedback_id", "text", "the comment that it belongs to"),
    Column("start", "integer", "offset of its first character in the comment's text"),
    Column("end", "integer", "offset after its last character"),
    Column("text", "text", "comment text[start:end]"),
    Column("language", "text", "ISO 639-1, or 'und' where it cannot be told"),
    Column("language_confidence", "number", "0 to 1", low=0, high=1),
    Column("direction", "text", "'rtl' or 'ltr'", choices=("rtl", "ltr")),
    Column("script", "text", "ISO 15924 code of the script that most letters belong to, or 'Zyyy'"),
)

WORDS = (
    Column("statement_id", "text", "the statement"),
    Column("term_keys", "text", "what its terms are counted under, one a line; personal data are none"),
    Column("term_forms", "text", "its terms as they are written, one a line"),
    Column("word_count", "integer", "words in it"),
    Column("content_count", "integer", "of these, words that say something"),
)

ASSIGNMENTS = (
    Column("statement_id", "text", "the statement"),
    Column("theme_id", "integer", "its theme, -1 for unassigned"),
    Column("strength", "number", "0 to 1", low=0, high=1),
    Column("is_core", "flag", "whether the theme is described from it"),
)

THEMES = (
    Column("theme_id", "integer", "the theme, -1 for unassigned"),
    Column("label", "text", "its name in label_language"),
    Column("label_language", "text", "ISO 639-1"),
    Column("statement_count", "integer", "statements in it"),
    Column("comment_count", "integer", "comments with at least one statement in it"),
    _optional("customer_count", "integer", "customers who wrote these; a comment of nobody known counts as one"),
    Column("comment_share", "number", "of all comments that say something", low=0, high=1),
    Column("comment_share_low", "number", "interval of the share", low=0, high=1),
    Column("comment_share_high", "number", "interval of the share", low=0, high=1),
    Column("stability", "number", "likeness (Jaccard) of the theme found again on resampled comments", low=0, high=1),
)

JOURNEY = (
    Column("statement_id", "text", "the statement"),
    Column("stage_id", "text", "a stage of the journey model, or 'unassigned'"),
    Column("score", "number", "0 to 1", low=0, high=1),
)

TONE = (
    Column("statement_id", "text", "the statement"),
    Column("tone", "integer", "the likeliest tone: -1 negative, 0 neutral or balanced, 1 positive", low=-1, high=1),
    Column("word", "text", "the tone in a word, 'uncertain' where the model abstains",
           choices=("negative", "neutral", "positive", "uncertain")),
    Column("score", "number", "probability of positive less that of negative", low=-1, high=1),
    Column("p_negative", "number", "probability", low=0, high=1),
    Column("p_neutral", "number", "probability", low=0, high=1),
    Column("p_positive", "number", "probability", low=0, high=1),
    Column("abstained", "flag", "whether the answer should not be used by itself"),
    Column("calibrated", "flag", "whether the model's error was measured in this language"),
    Column("source", "text", "what told the tone"),
)


def names(contract: tuple[Column, ...]) -> list[str]:
    """Return the column names of a contract, in order.

    Examples
    --------
    >>> names(JOURNEY)
    ['statement_id', 'stage_id', 'score']
    """
    return [column.name for column in contract]


def check_table(table: pd.DataFrame, contract: tuple[Column, ...], name: str) -> None:
    """Raise if `table` lacks a required column of `contract`.

    Parameters
    ----------
    table
        A pandas table.
    contract
        One of the contracts of this module.
    name
        What to call the table in the message.

    Raises
    ------
    InputError
        Naming the columns that are missing and those that were found, or what stands there in place of a table.

    Examples
    --------
    >>> import pandas as pd
    >>> check_table(pd.DataFrame({"statement_id": ["a/0"]}), JOURNEY, "journey")
    Traceback (most recent call last):
    workbench.errors.InputError: the journey table lacks stage_id, score; it has statement_id.
    """
    check_columns(name, table, [column.name for column in contract if column.required])


def check_vectors(statements: pd.DataFrame, vectors: np.ndarray) -> None:
    """Raise unless there is a vector for each statement, and every one is made of numbers.

    A vector without numbers is like nothing, so that its statement would be unassigned without a word.

    Parameters
    ----------
    statements
        Any table with a row a statement.
    vectors
        One a row.

    Raises
    ------
    InputError
        With how many there are, how many are not finite, or what stands there in place of an array.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> check_vectors(pd.DataFrame({"text": ["late", "دیر"]}), np.array([[0.6, 0.8], [np.nan, 0.0]]))
    Traceback (most recent call last):
    workbench.errors.InputError: expected vectors of finite numbers; 1 of 2 are not: see what the encoder returns.
    """
    import numpy as np

    if not isinstance(vectors, np.ndarray) or vectors.ndim != 2 or vectors.dtype.kind not in "fiu":
        kind = getattr(vectors, "dtype", None)
        found = type(vectors).__name__ if kind is None else f"{kind} of shape {np.shape(vectors)}"
        raise InputError(f"expected vectors as a numpy array of numbers, a row a statement, found {found}.")
    if len(statements) != len(vectors):
        raise InputError(f"expected one vector a statement: {len(statements)} statements, {len(vectors)} vectors.")
    broken = int((~np.isfinite(np.asarray(vectors).sum(axis=-1, dtype=np.float64))).sum())
    if broken:
        raise InputError(f"expected vectors of finite numbers; {broken:,} of {len(vectors):,} are not: see what the "
                         "encoder returns.")


def is_among(column: pd.Series, known: pd.Series) -> pd.Series:
    """Return what ``column.isin(known)`` returns, at a hundredth of its cost where both hold texts.

    pandas 3 looks at each known text by itself before it asks Arrow, which can be asked at once.

    Parameters
    ----------
    column
        Values to look up, such as ids.
    known
        Where they are looked up.

    Examples
    --------
    >>> import pandas as pd
    >>> is_among(pd.Series(["متأخر", "late", None]), pd.Series(["دیر", "متأخر"])).tolist()
    [True, False, False]
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if not all(isinstance(values.array, pd.arrays.ArrowStringArray) for values in (column, known)):
        return column.isin(known)
    looked_up, values = (texts.array.__arrow_array__().cast(pa.large_string()) for texts in (column, known))
    found = pc.is_in(looked_up, value_set=values.combine_chunks())
    return pd.Series(found.to_numpy(), index=column.index, name=column.name)

"""One row a comment: what is needed to count it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_columns
from workbench.language.noise import is_boilerplate, says_nothing


def profile_comments(comments: pd.DataFrame, statements: pd.DataFrame, *,
                     count_duplicates: bool = False, known: pd.Series | None = None) -> pd.DataFrame:
    """Return each comment's language and direction, and whether it is counted in shares.

    The language is the one that most of the comment's characters are in. Not counted are answers that say
    nothing, duplicates of another comment (column ``duplicate_of``, where there is one), and people who speak for
    customers without being one (column ``speaker``: employee or proxy). All of them stay in every table.
    A comment that is boilerplate from end to end says nothing.

    Parameters
    ----------
    comments
        With ``feedback_id`` and ``text``.
    statements
        Their statements.
    count_duplicates
        Count duplicates like any other comment; they stay marked.
    known
        Boolean, indexed by feedback_id: comments of which it is known whether they say nothing, so that they need not
        be read.

    Returns
    -------
    pandas.DataFrame
        ``feedback_id, language, direction, says_nothing, duplicate_of, speaks_for_customers, is_counted``, in the
        order of `comments`.

    Examples
    --------
    >>> from workbench.language import split_statements
    >>> comments = pd.DataFrame({"feedback_id": ["1", "2", "3"], "text": ["Too slow", "لا شيء", "خیلی کند است"]})
    >>> profile_comments(comments, split_statements(comments))[["direction", "is_counted"]].values.tolist()
    [['ltr', True], ['rtl', False], ['rtl', True]]
    """
    check_columns("comments", comments, ["feedback_id", "text"])
    check_columns("statements", statements, ["feedback_id", "start", "end", "language", "direction"])
    size = (statements["end"] - statements["start"]).rename("size")
    parts = pd.concat([statements[["feedback_id", "language", "direction"]], size], axis=1)
    profile = pd.DataFrame({"feedback_id": comments["feedback_id"].to_numpy()})
    for column, absent in (("language", "und"), ("direction", "ltr")):
        profile[column] = profile["feedback_id"].map(_most(parts, column)).astype("str").fillna(absent)
    profile["says_nothing"] = _silent(comments, known)
    has_duplicates = "duplicate_of" in comments.columns
    profile["duplicate_of"] = comments["duplicate_of"].to_numpy() if has_duplicates else None
    inside = comments["speaker"].isin(["employee", "proxy"]).to_numpy() if "speaker" in comments.columns else False
    profile["speaks_for_customers"] = inside
    repeats = profile["duplicate_of"].notna() & (not count_duplicates)
    profile["is_counted"] = ~profile["says_nothing"] & ~repeats & ~profile["speaks_for_customers"]
    return profile


def _silent(comments: pd.DataFrame, known: pd.Series | None) -> np.ndarray:
    """Return which comments say nothing, reading those alone of which it is not known."""
    silent = np.zeros(len(comments), dtype=bool)
    unread = np.ones(len(comments), dtype=bool)
    if known is not None:
        place = known.index.get_indexer(pd.Index(comments["feedback_id"]))
        unread = place < 0
        silent[~unread] = known.to_numpy(dtype=bool)[place[~unread]]
    silent[unread] = [says_nothing(text) or is_boilerplate(text) for text in comments["text"][unread]]
    return silent


def _most(parts: pd.DataFrame, column: str) -> pd.Series:
    """Return the value of `column` that covers most characters of each comment, ties in alphabetical order."""
    sizes = parts.groupby(["feedback_id", column])["size"].sum().reset_index()
    sizes = sizes.sort_values(["feedback_id", "size", column], ascending=[True, False, True])
    return sizes.drop_duplicates("feedback_id").set_index("feedback_id")[column]

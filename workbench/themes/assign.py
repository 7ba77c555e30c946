"""New statements given to themes that are there, and a look at those that fit none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import ASSIGNMENTS, STATEMENTS, UNASSIGNED_THEME, check_table, check_vectors, names
from workbench.errors import InputError
from workbench.feedback import redact_parts
from workbench.themes.centres import nearest_centre
from workbench.themes.find import Themes
from workbench.themes.prepare import in_context, no_offsets, take_out


def assign_themes(statements: pd.DataFrame, vectors: np.ndarray, themes: Themes) -> pd.DataFrame:
    """Return the theme of each new statement, without finding themes anew: that of the nearest centre.

    What was taken out of the vectors that the themes were found in is taken out of these, and the same floor holds.
    No theme changes by it; whether new comments call for new themes is decided by finding them again.

    Parameters
    ----------
    statements
        As `split_statements` returns them, n rows.
    vectors
        Unit length or zero, shape ``(n, d)``, of the encoder that the themes were found with.
    themes
        What `find_themes` returned.

    Returns
    -------
    pandas.DataFrame
        The columns of theme assignments, in the order of the statements; none is a core statement.

    Raises
    ------
    InputError
        If the table lacks columns, the numbers of rows differ, or the vectors are of another encoder.

    Examples
    --------
    >>> from workbench.language import split_statements
    >>> from workbench.embedding import embed_statements
    >>> from workbench.themes import find_themes
    >>> texts = ["the invoice is wrong", "الفاتورة غلط", "internet is slow", "اینترنت کند است"] * 3
    >>> old = split_statements(pd.DataFrame({"feedback_id": [str(i) for i in range(12)], "text": texts}))
    >>> themes = find_themes(old, embed_statements(old), minimum_size=2, neighbours=2, floor=0.0)
    >>> new = split_statements(pd.DataFrame({"feedback_id": ["n"], "text": ["the invoice is wrong"]}))
    >>> given = assign_themes(new, embed_statements(new), themes)
    >>> bool(given["theme_id"].iloc[0] == themes.assignments["theme_id"].iloc[0])
    True
    """
    check_tables(statements=statements)
    check_table(statements, STATEMENTS, "statements")
    check_vectors(statements, vectors)
    if len(themes.vectors) and vectors.shape[1] != themes.vectors.shape[1]:
        raise InputError(f"expected vectors of the encoder that the themes were found with: {themes.vectors.shape[1]} "
                         f"numbers each, found {vectors.shape[1]}; name the same encoder, or find the themes anew.")
    offsets = themes.offsets if themes.offsets is not None else no_offsets(vectors.shape[1])
    points = in_context(take_out(np.asarray(vectors, dtype=np.float32), statements["language"], offsets), statements)
    nearest, cosine = nearest_centre(points, themes.vectors)
    floor = themes.facts.get("floor")
    outside = (nearest < 0) | (cosine < (0.0 if floor is None else floor))
    ids = themes.table.loc[themes.table["theme_id"] >= 0, "theme_id"].to_numpy(dtype=np.int64)
    theme = np.where(outside, UNASSIGNED_THEME, ids[nearest] if len(ids) else UNASSIGNED_THEME)
    strength = np.where(outside, 0, np.clip(cosine, 0, 1)).astype(np.float32)
    return pd.DataFrame({"statement_id": statements["statement_id"].to_numpy(), "theme_id": theme,
                         "strength": strength, "is_core": False})[names(ASSIGNMENTS)]


def sample_unassigned(statements: pd.DataFrame, assignments: pd.DataFrame, *, size: int = 20, seed: int = 0,
                      order_number: str | None = None, comments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a sample of the statements that fit no theme, one a comment, with personal data taken out.

    Whoever reads it sees whether the floor is right: what a person would have put in a theme should not be there.

    Parameters
    ----------
    statements
        With ``statement_id``, ``feedback_id``, ``text`` and ``language``.
    assignments
        With ``statement_id`` and ``theme_id``.
    size
        How many at most.
    seed
        Of the draw, which does not depend on the order of the rows.
    order_number
        The study's pattern of order numbers.
    comments
        The whole comments, as for `redact_parts`.

    Returns
    -------
    pandas.DataFrame
        ``statement_id, feedback_id, language, text``, by statement_id.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"], "language": ["en", "fa"],
    ...     "text": ["write to me@example.org", "سلام"]})
    >>> assignments = pd.DataFrame({"statement_id": ["a/0", "b/0"], "theme_id": [-1, 0]})
    >>> sample_unassigned(statements, assignments)["text"].tolist()
    ['write to [email]']
    """
    check_tables(statements=statements, assignments=assignments)
    free = assignments.loc[assignments["theme_id"] == UNASSIGNED_THEME, "statement_id"]
    columns = ["statement_id", "feedback_id", "language", "text"]
    rows = statements.loc[statements["statement_id"].isin(free)].sort_values("statement_id")
    rows = rows.sample(frac=1, random_state=seed).drop_duplicates("feedback_id").head(size)
    shown = redact_parts(rows, pd.DataFrame() if comments is None else comments, order_number=order_number)
    return rows.assign(text=shown)[columns].sort_values("statement_id", ignore_index=True)

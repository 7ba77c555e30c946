"""Tables cut into blocks of rows, and put together again in row order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.arguments import check_kind, check_series, check_tables
from workbench.errors import InputError

ROWS = 2_000
CHARACTERS = 1_000_000


def cut_rows(texts: pd.Series, comments: pd.Series | None = None) -> list[slice]:
    """Return the blocks that rows are worked on in: at most 2,000 rows and a million characters each.

    Where `comments` is given, what stands together under one of them stays in one block. A row, or a comment, that is
    larger by itself is a block by itself. The blocks hang on the rows alone, not on who works on them.

    Parameters
    ----------
    texts
        One a row.
    comments
        The comment of each row, all rows of a comment standing together.

    Returns
    -------
    list of slice
        In row order, without gaps; of no rows a single one that holds none.

    Examples
    --------
    >>> cut_rows(pd.Series(["late", "دیر", "متأخر"] * 1_000))
    [slice(0, 2000, None), slice(2000, 3000, None)]
    """
    check_series(texts=texts)
    if comments is not None:
        check_series(comments=comments)
    count = len(texts)
    ends = np.arange(1, count + 1)
    if comments is not None and count:
        codes = pd.factorize(comments)[0]
        ends = np.append(np.flatnonzero(codes[1:] != codes[:-1]) + 1, count)
    characters = np.concatenate([[0], np.cumsum(texts.str.len().to_numpy(dtype=np.int64, na_value=0))])
    blocks: list[slice] = []
    start = 0
    while start < count:
        most = int(np.searchsorted(characters, characters[start] + CHARACTERS, side="right")) - 1
        last = int(np.searchsorted(ends, min(start + ROWS, most), side="right")) - 1
        following = int(np.searchsorted(ends, start, side="right"))
        end = int(ends[max(last, following)])
        blocks.append(slice(start, end))
        start = end
    return blocks or [slice(0, 0)]


def is_large(rows: int) -> bool:
    """Return whether so many rows are more than one block, so that it pays to let another process work on them.

    Examples
    --------
    >>> is_large(2_000), is_large(2_001)
    (False, True)
    """
    return rows > ROWS


def join_tables(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all parts in their order, with a new index; columns and types are those of the first part.

    Examples
    --------
    >>> join_tables([pd.DataFrame({"text": ["late"]}), pd.DataFrame({"text": ["دیر"]})])["text"].tolist()
    ['late', 'دیر']
    """
    check_kind("parts", parts, Sequence, "a list of tables, one at least")
    if not parts:
        raise InputError("parts: expected a list of tables, one at least, found none.")
    check_tables(**{f"part {number}": part for number, part in enumerate(parts, 1)})
    filled = [part for part in parts if len(part)] or list(parts[:1])
    return pd.concat(filled, ignore_index=True)

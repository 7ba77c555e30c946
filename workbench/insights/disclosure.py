"""Small cells are hidden, by one rule."""

from __future__ import annotations

import pandas as pd


def hide_small(table: pd.DataFrame, count: str, minimum: int, columns: list[str]) -> pd.DataFrame:
    """Return the table with `columns` emptied where `count` is from 1 to below `minimum`, marked in ``is_hidden``.

    A count of 0 is not hidden: that nobody was heard is no secret, and it tells nothing about anybody.

    Examples
    --------
    >>> table = pd.DataFrame({"market": ["DE", "JO", "IR"], "n": [40, 3, 0], "share": [0.4, 0.03, 0.0]})
    >>> hide_small(table, "n", 5, ["share"]).values.tolist()
    [['DE', 40, 0.4, False], ['JO', 3, nan, True], ['IR', 0, 0.0, False]]
    """
    hidden = table[count].gt(0) & table[count].lt(minimum)
    shown = table.copy()
    shown[columns] = shown[columns].mask(hidden)
    shown["is_hidden"] = hidden
    return shown

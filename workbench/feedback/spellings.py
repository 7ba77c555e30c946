"""Markets, segments, channels and touchpoints that are written in several ways: each is one, however it is written."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")  # within a word; ages such as 1-8 are not 18
PLACES: Final = ("market", "segment", "channel", "touchpoint")


def with_one_spelling(comments: pd.DataFrame, numbers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Return both tables with one spelling of what differs in case, spaces and hyphens alone, and what to tell of it.

    A report that counts ``app`` and ``App`` as two channels shows the same name twice, with two shares. The spelling
    that most comments have is taken, of equally common ones the first in the order of letters.

    Parameters
    ----------
    comments, numbers
        With any of the columns `PLACES`, as text.

    Examples
    --------
    >>> comments = pd.DataFrame({"channel": ["app", "App", "app", "فروشگاه"]})
    >>> comments, _, told = with_one_spelling(comments, pd.DataFrame({"channel": ["APP "]}))
    >>> comments["channel"].tolist(), told
    (['app', 'app', 'app', 'فروشگاه'], ['channel: 2 spelt otherwise in case, spaces or hyphens alone, counted \
with the rest.'])
    """
    told = []
    for name in PLACES:
        columns = [table[name] for table in (comments, numbers) if name in table]
        respelt = _respelt(columns)
        if respelt:
            comments, numbers = (table.assign(**{name: table[name].replace(respelt)}) if name in table else table
                                 for table in (comments, numbers))
            told.append(f"{name}: {len(respelt)} spelt otherwise in case, spaces or hyphens alone, counted with the "
                        "rest.")
    return comments, numbers, told


def _respelt(columns: list[pd.Series]) -> dict[str, str]:
    """Return each spelling that gives way, and the one that stays: of the first column rather than of the second."""
    counts: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        for value, count in column.value_counts().items():
            counts.setdefault(str(value), [0] * len(columns))[place] = int(count)
    kept: dict[str, str] = {}
    for value in sorted(counts, key=lambda value: ([-count for count in counts[value]], value)):
        kept.setdefault(_key(value), value)
    return {value: kept[_key(value)] for value in counts if kept[_key(value)] != value}


def _key(value: str) -> str:
    return _HYPHEN.sub("", " ".join(value.split()).casefold())

"""How much of planted personal data redaction finds, and how much of what it takes out was planted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd
import regex

from workbench.columns import Column, check_table
from workbench.feedback.redaction import Span, find_personal_data

NAMES: Final = "name"
# Found and planted in the sample, for reports to print; a test holds them to what `score_redaction` finds there.
MEASURED: Final = {"name": (93, 102), "all but names": (85, 85)}
_PLANTED: Final = (
    Column("feedback_id", "text", "the comment"), Column("start", "integer", "offset of the first character"),
    Column("end", "integer", "offset after the last character"), Column("type", "text", "what it is"),
)
_TEXTS: Final = (Column("feedback_id", "text", "the comment"), Column("text", "text", "the comment as written"))
_SAME: Final = {"national_id": "id", "order_number": "order"}
# a title that is left standing tells nobody's name
_TELLS_NOTHING: Final = regex.compile(
    r"(?i)(?<!\p{L})(?:herrn?|frau|familie|mevrouw|meneer|mrs?|ms|sr|sra|bey|hanım|апа|ага|آقای|خانم|السيدة?)(?!\p{L})"
    r"|[^\p{L}\p{N}]"
)


def score_redaction(comments: pd.DataFrame, planted: pd.DataFrame,
                    find: Callable[[str], Sequence[Span]] = find_personal_data) -> pd.DataFrame:
    """Return precision and recall of a detector of personal data, by type.

    A planted item is found when all of it is covered by what was found, of whatever type, courtesy titles and
    punctuation aside: a name of which the surname is left over is missed. A finding is right when it touches a
    planted item.

    Parameters
    ----------
    comments
        With ``feedback_id`` and ``text``.
    planted
        ``feedback_id, start, end, type``, offsets in code points; all that is personal in `comments` must be in it,
        or precision is too low.
    find
        What finds personal data in a text, as `find_personal_data` does.

    Returns
    -------
    pandas.DataFrame
        ``type, planted, found, recall, marked, right, precision``: a row a type by name, then ``all but names``
        and ``all``. A share without a denominator is missing.

    Raises
    ------
    InputError
        If a table lacks a column.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["1", "2", "3"], "text": [
    ...     "ring Ann on 0171 2345678", "شماره‌ام ۰۹۱۲۳۴۵۶۷۸۹ است", "mail: a@example.org"]})
    >>> planted = pd.DataFrame({"feedback_id": ["1", "1", "2", "3"], "start": [5, 12, 9, 6], "end": [8, 24, 20, 19],
    ...     "type": ["name", "phone", "phone", "email"]})
    >>> score_redaction(comments, planted)[["type", "planted", "found", "recall", "precision"]].values.tolist()[-2:]
    [['all but names', 3, 3, 1.0, 1.0], ['all', 4, 3, 0.75, 1.0]]
    """
    check_table(comments, _TEXTS, "comments")
    check_table(planted, _PLANTED, "planted data")
    here = planted.assign(type=planted["type"].replace(_SAME))
    by_comment = {str(name): part for name, part in here.groupby("feedback_id")}
    items: list[tuple[str, bool]] = []
    marks: list[tuple[str, bool]] = []
    for name, text in zip(comments["feedback_id"], comments["text"], strict=True):
        spans = list(find(text))
        part = by_comment.get(name)
        places = [] if part is None else list(part[["start", "end", "type"]].itertuples(index=False, name=None))
        items += [(kind, _is_covered(text, start, end, spans)) for start, end, kind in places]
        marks += [(kind, any(begin < end and stop > start for start, end, _ in places)) for begin, stop, kind in spans]
    return _table(items, marks)


def _is_covered(text: str, start: int, end: int, spans: Sequence[Span]) -> bool:
    left = "".join(
        " " if any(begin <= place < stop for begin, stop, _ in spans) else text[place] for place in range(start, end))
    return not _TELLS_NOTHING.sub("", left)


def _table(items: list[tuple[str, bool]], marks: list[tuple[str, bool]]) -> pd.DataFrame:
    kinds = sorted({kind for kind, _ in [*items, *marks]})
    groups = [(kind, {kind}) for kind in kinds]
    groups += [("all but names", set(kinds) - {NAMES}), ("all", set(kinds))]
    rows = []
    for name, members in groups:
        found = [hit for kind, hit in items if kind in members]
        right = [hit for kind, hit in marks if kind in members]
        rows.append((name, len(found), sum(found), _share(found), len(right), sum(right), _share(right)))
    return pd.DataFrame(rows, columns=["type", "planted", "found", "recall", "marked", "right", "precision"])


def _share(hits: list[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else float("nan")

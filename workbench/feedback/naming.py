"""Which of a file's columns is which column of the contract, and which one the comments are likely in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from workbench.columns import COMMENTS, names
from workbench.errors import FeedbackError, did_you_mean, shown
from workbench.feedback.raw import free_name

_LEAST_NAMES: Final = 2
_LONGEST_NAME: Final = 40  # characters; what is longer may be a comment
_CONTRACT: Final = tuple(names(COMMENTS))
_LIKELY: Final = re.compile(
    r"(?i)comment|feedback|review|verbatim|remark|message|body|content|description|transcript|opinion|answer|response|tweet"
    r"|kommentar|bemerkung|bewertung|r[uü]ckmeldung|antwort|freitext|commentaire|avis|comentario|opini[oó]n|rese[nñ]a|coment[aá]rio"
    r"|commento|recensione|opmerking|reactie|yorum|g[oö]r[uü][sş]|نظر|نظرات|بازخورد|دیدگاه|متن|تعليق|تعلیق|ملاحظ|رأي|مراجعة|النص"
    r"|评论|评价|反馈|意见|コメント|感想|意見|レビュー|отзыв|комментари|टिप्पणी|समीक्षा"
)


def name_columns(columns: Mapping[str, Sequence[Any]], mapping: Mapping[str, str], file: str,
                 contract: Sequence[str] = _CONTRACT, in_study: bool = False
                 ) -> tuple[dict[str, Sequence[Any]], list[str]]:
    """Return a file's columns under their contract names, and sentences on what was renamed.

    A mapped column comes first; then a column whose name is a contract name but for case, spaces or hyphens.
    A column that loses its name to a mapped one is kept as ``<name>_in_file``.

    Parameters
    ----------
    columns
        Cells by the file's own column names.
    mapping
        Contract name to the file's own name.
    file
        What to call the file in messages.
    contract
        The contract's names. Without ``text`` among them, further names may be mapped.
    in_study
        Whether it is a study file that maps them, which decides how advice is written.

    Raises
    ------
    FeedbackError
        If the mapping names a column that the file or the contract lacks, or no column holds the text.

    Examples
    --------
    >>> name_columns({"Yorum": ["iyi"], "NPS ": ["9"]}, {"text": "Yorum"}, "a.csv")
    ({'text': ['iyi'], 'nps': ['9']}, ['Yorum is read as text.', 'NPS  is read as nps.'])
    """
    chosen = {name: _find(own, name, columns, file) for name, own in mapping.items() if _known(name, contract)}
    told = [f"{own} is read as {name}." for name, own in chosen.items() if own != name]
    for own in columns:
        name = spelt(own)
        free = name in contract and name not in chosen and own not in chosen.values()
        if free and (own == name or name not in columns):
            chosen[name] = own
            told += [f"{own} is read as {name}."] if own != name else []
    if "text" in contract and "text" not in chosen:
        raise FeedbackError(_no_text(columns, file, in_study))
    named = {name: columns[own] for name, own in chosen.items()}
    for own, cells in columns.items():
        if own not in chosen.values():
            further = free_name(f"{own}_in_file", {**columns, **named}) if own in named else own
            told += [f"The file's own column {own} is kept as {further}."] if further != own else []
            named[further] = cells
    return named, told


def add_constants(columns: Mapping[str, Sequence[Any]], constants: Mapping[str, Any], length: int
                  ) -> tuple[dict[str, Sequence[Any]], list[str]]:
    """Return the columns with every constant as a whole column, and sentences on them.

    Examples
    --------
    >>> add_constants({"text": ["good"], "source": ["web form"]}, {"source": "survey"}, 1)[0]
    {'text': ['good'], 'source': ['survey'], 'source_in_file': ['web form']}
    """
    filled, told = dict(columns), []
    for name, value in constants.items():
        if name in filled:
            kept = free_name(f"{name}_in_file", filled)
            filled[kept] = filled[name]
            told.append(f"The file's own column {name} is kept as {kept}.")
        filled[name] = [value] * length
        told.append(f"{name} is {value!r} for every row, as stated.")
    return filled, told


def header_below(rows: Sequence[Sequence[Any]], mapping: Mapping[str, str], contract: Sequence[str] = _CONTRACT
                 ) -> int | None:
    """Return which row holds the names of the columns, where a title stands above them; None if none does.

    It is the row with most of the mapped names, or of names of the contract and of columns of comments; at least two.

    Examples
    --------
    >>> header_below([[None, None], ["Nr", "Kommentar"], ["1", "gut"]], {"feedback_id": "Nr", "text": "Kommentar"})
    1
    """
    mapped = {own.strip().lower() for own in mapping.values()}

    def names_in(row: Sequence[Any]) -> int:
        cells = {cell.strip() for cell in row if isinstance(cell, str) and len(cell) <= _LONGEST_NAME}
        return sum(cell.lower() in mapped or spelt(cell) in contract or bool(_LIKELY.search(cell)) for cell in cells)

    found = [names_in(row) for row in rows]
    most = max(found, default=0)
    return found.index(most) if most >= _LEAST_NAMES else None


def spelt(own: str) -> str:
    """Return a column's name as it is compared: in small letters, with underscores in place of spaces and hyphens.

    Examples
    --------
    >>> spelt("Customer-ID ")
    'customer_id'
    """
    return re.sub(r"[\s\-]+", "_", own.strip().lower())


def _known(name: str, contract: Sequence[str]) -> bool:
    if "text" in contract and name not in contract:
        raise FeedbackError(f"{shown(name)} is not a column of the comments table{did_you_mean(name, contract)}.")
    return True


def _find(own: str, name: str, columns: Mapping[str, Sequence[Any]], file: str) -> str:
    if own in columns:
        return own
    for column in columns:
        if column.strip().lower() == own.strip().lower():
            return column
    raise FeedbackError(f"{file} has no column {shown(own)}{did_you_mean(own, columns)}; it has {_listed(columns)}. "
                        f"Correct what is read as {name}, or take it out of `columns`.")


def _no_text(columns: Mapping[str, Sequence[Any]], file: str, in_study: bool) -> str:
    guess = _likely_text(columns)
    if len(columns) == 1 and not _LIKELY.search(guess):  # its name may be the first comment
        return f"{file} has one column and it is not called 'text': put 'text' above the comments, or map it to text."
    if in_study:
        advice = f"`columns: {{text: {json.dumps(guess, ensure_ascii=False) if guess else '...'}}}` in the study file"
    else:
        advice = f"columns={{'text': {repr(guess) if guess else '...'}}}"
    likely = f"It is likely {guess!r}: map" if guess else "Map"
    return f"{file} has no column 'text'; it has {_listed(columns)}. {likely} it with {advice}."


def _listed(columns: Mapping[str, Sequence[Any]]) -> str:
    """Name the columns; a long name may be a comment in the wrong place, so it is cut."""
    listed = [name if len(name) <= _LONGEST_NAME else f"{name[:12]}… ({len(name)} characters)" for name in columns]
    return ", ".join(listed[:30]) + (f" and {len(listed) - 30} more" if len(listed) > 30 else "")


def _likely_text(columns: Mapping[str, Sequence[Any]]) -> str:
    """Return the column with a telling name, or else the one with the longest cells, or nothing.

    A column that the contract has a meaning for, such as feedback_id, is none.
    """
    lengths = {name: _mean_length(cells) for name, cells in columns.items() if spelt(name) not in _CONTRACT}
    telling = [name for name in lengths if _LIKELY.search(name) and lengths[name] > 0]
    among = telling or [name for name in lengths if lengths[name] >= 15]
    return max(among, key=lambda name: (lengths[name], name), default="")


def _mean_length(cells: Sequence[Any]) -> float:
    words = [cell for cell in cells[:2000] if isinstance(cell, str) and re.search(r"[^\W\d_]", cell)]
    return sum(map(len, words)) / max(1, len(cells[:2000]))

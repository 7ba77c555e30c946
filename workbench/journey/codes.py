"""Human codes: a table that says which stages statements speak of, matched to the statements of a study."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from workbench.arguments import check_columns, check_kind, check_path
from workbench.columns import UNASSIGNED
from workbench.errors import InputError, did_you_mean
from workbench.feedback.hand_made import read_table
from workbench.journey.model import JourneyModel
from workbench.journey.words import fold

_KEYS = ("statement_id", "feedback_id", "text")
_PART = ("start", "end")
_SEVERAL = re.compile(r"[|;,/]")


def read_codes(file: str | Path, statements: pd.DataFrame, model: JourneyModel,
               comments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the codes of a file, matched to statements: ``statement_id``, ``stage_id``, ``touchpoint_id``.

    The file is a table with ``stage_id`` and one of: ``statement_id``; ``feedback_id``, with ``start`` and
    ``end`` where only a part of the comment was coded; or ``text``, as it stands in the statement or comment.
    Several rows give several stages; "unassigned" says that a statement speaks of none, and stands alone.
    ``touchpoint_id`` may be added likewise, and where it is, either may be left empty: nothing is said of it then. A
    code of a part goes to the statements that lie for the most part in it, one of a comment to all statements of it.
    Rows that match no statement are left out and counted in the result's ``attrs["unmatched"]``.

    Parameters
    ----------
    file
        CSV, or an Excel workbook.
    statements
        Of the study.
    model
        Whose stages and touchpoints may be named.
    comments
        With ``feedback_id`` and ``text``; without them, texts are sought among those of statements alone.

    Raises
    ------
    InputError
        With the line: a stage or touchpoint that the model does not have, or a statement that is coded "unassigned"
        and with a stage (or touchpoint), too. Or the columns are not those above, or the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.journey import load_journey_model
    >>> file = Path(tempfile.mkdtemp()) / "codes.csv"
    >>> _ = file.write_text("feedback_id,stage_id\\na,use\\na,action\\nz,use\\n")
    >>> statements = pd.DataFrame({"statement_id": ["a/0"], "feedback_id": ["a"], "start": [0], "end": [4],
    ...     "text": ["slow"]})
    >>> codes = read_codes(file, statements, load_journey_model())
    >>> codes[["statement_id", "stage_id"]].values.tolist(), codes.attrs["unmatched"]
    ([['a/0', 'use'], ['a/0', 'action']], 1)
    """
    check_columns("statements", statements, ["statement_id", "feedback_id", "start", "end", "text"])
    if comments is not None:
        check_columns("comments", comments, ["feedback_id", "text"])
    table, key = _read(path := _path(file, model), model)
    matched = _match(table, statements, comments, key)
    _check_contradictions(path, matched, ["statement_id"])
    codes = matched[["statement_id", "stage_id", "touchpoint_id"]].drop_duplicates(ignore_index=True)
    codes.attrs["unmatched"] = len(table) - int(matched["row"].nunique())
    return codes


def check_codes(file: str | Path, model: JourneyModel) -> None:
    """Raise what `read_codes` would raise, as far as the file by itself tells it: before there are statements.

    Raises
    ------
    InputError
        As `read_codes` does.
    """
    table, key = _read(path := _path(file, model), model)
    if key == "text":
        table["text"] = table["text"].map(_plain)
    _check_contradictions(path, table, [key, *(_PART if key == "feedback_id" and set(_PART) <= set(table) else ())])


def _path(file: str | Path, model: JourneyModel) -> Path:
    check_path("file", file)
    check_kind("model", model, JourneyModel, "a journey model, as `load_journey_model` returns it")
    return Path(file)


def _read(path: Path, model: JourneyModel) -> tuple[pd.DataFrame, str]:
    """Return the table as it stands, its rows numbered under ``row``, and the column that says what was coded."""
    table = read_table(path).reset_index(drop=True)
    key = next((name for name in _KEYS if name in table), None)
    if key is None or "stage_id" not in table:
        found = ", ".join(map(str, table.columns)) or "no columns"
        raise InputError(f"{path.name}:1: expected stage_id and one of {', '.join(_KEYS)}; found {found}.")
    stages = [*(part.id for part in model.stages), UNASSIGNED]
    if "touchpoint_id" in table:
        known = [*(part.id for part in model.touchpoints), UNASSIGNED]
        _check_ids(path, table["touchpoint_id"].mask(table["touchpoint_id"] == "", UNASSIGNED), known, "touchpoint")
        _check_ids(path, table["stage_id"].mask((table["stage_id"] == "") & (table["touchpoint_id"] != ""), UNASSIGNED),
                   stages, "stage")
    else:
        _check_ids(path, table["stage_id"], stages, "stage")
        table["touchpoint_id"] = ""
    if key == "feedback_id" and set(_PART) <= set(table):
        table[[*_PART]] = _offsets(path, table[[*_PART]])
    return table.assign(row=range(len(table))), key


def _offsets(path: Path, written: pd.DataFrame) -> pd.DataFrame:
    bounds = written.apply(pd.to_numeric, errors="coerce")
    if bounds.isna().any(axis=None):
        place = int(bounds.isna().any(axis=1).to_numpy().argmax())
        raise InputError(f"{path.name}:{place + 2}: start and end must be offsets into the comment, in characters.")
    return bounds


def _check_ids(path: Path, column: pd.Series, known: list[str], noun: str) -> None:
    wrong = ~column.isin(known)
    if wrong.any():
        place = int(wrong.to_numpy().argmax())
        found = column.iloc[place]
        several = len(parts := _SEVERAL.split(found)) > 1 and {part.strip() for part in parts} <= set(known)
        advice = f"; give each {noun} a row of its own" if several else did_you_mean(found, known)
        raise InputError(f"{path.name}:{place + 2}: there is no {noun} {found!r}{advice}.")


def _check_contradictions(path: Path, table: pd.DataFrame, coded: list[str]) -> None:
    """Check that nothing is coded to speak of no stage and of one; `coded` are the columns that say what was coded."""
    for noun in ("stage", "touchpoint"):
        said = table[table[f"{noun}_id"] != ""]
        none = said[f"{noun}_id"] == UNASSIGNED
        first = [said[part].groupby(coded, sort=False)["row"].min() for part in (none, ~none)]
        both = pd.concat(first, axis=1, join="inner", keys=["none", "some"])
        if len(both):
            lines = (both.iloc[int(both.max(axis=1).to_numpy().argmin())] + 2).tolist()
            raise InputError(
                f"{path.name}:{max(lines)}: the same statement is coded {UNASSIGNED!r} in line {lines[0]} and with a "
                f"{noun} in line {lines[1]}; take one of the two out.")


def _match(table: pd.DataFrame, statements: pd.DataFrame, comments: pd.DataFrame | None, key: str) -> pd.DataFrame:
    """Return the table's rows once for each statement that they are a code of, in the table's order."""
    if key == "statement_id":
        return table.merge(statements[["statement_id"]], on="statement_id")
    if key == "text":
        return table.assign(key=table["text"].map(_plain)).merge(_texts(statements, comments), on="key")
    own = statements[["statement_id", "feedback_id", "start", "end"]]
    if not set(_PART) <= set(table):
        return table.merge(own, on="feedback_id")
    pairs = table.rename(columns={"start": "first", "end": "last"}).merge(own)
    shared = pairs[["end", "last"]].min(axis=1) - pairs[["start", "first"]].max(axis=1)
    return pairs[shared * 2 > pairs["end"] - pairs["start"]]


def _texts(statements: pd.DataFrame, comments: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``statement_id, key``: each statement under its own text and under that of its whole comment."""
    texts = statements[["statement_id", "text"]]
    if comments is not None:
        whole = statements[["statement_id", "feedback_id"]].merge(comments[["feedback_id", "text"]], on="feedback_id")
        texts = pd.concat([texts, whole[["statement_id", "text"]]])
    return texts[["statement_id"]].assign(key=texts["text"].map(_plain)).drop_duplicates()


def _plain(text: str) -> str:
    return " ".join(fold(text).split())

"""Checked sources as whole tables; only here can the ids of different files meet."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from workbench.columns import COMMENTS, NUMBERS, names
from workbench.feedback.parts import Part
from workbench.feedback.raw import free_name
from workbench.feedback.spellings import with_one_spelling

REJECTED: Final = ("row_number", "reason", "detail", "source_file", "row")


class Loaded(NamedTuple):
    """All that a study's sources hold: comments, rejected rows, rows of numbers, and a summary of each source."""

    comments: pd.DataFrame
    rejected: pd.DataFrame
    numbers: pd.DataFrame
    sources: pd.DataFrame


def gather(parts: list[Part]) -> Loaded:
    """Return the rows of all sources as tables; `parts` is emptied, so that each row is held once.

    Parameters
    ----------
    parts
        Checked sources, in order: of several rows with one id the first that is good keeps it.

    Returns
    -------
    Loaded
        ``comments`` and ``rejected`` as `workbench.feedback.load_feedback` says; ``numbers`` with the columns of
        `workbench.columns.NUMBERS` that occur, ``source_file`` and all further ones; ``sources`` with
        ``source_file``, ``kind``, ``rows``, ``kept`` and ``rejected``.

    Examples
    --------
    >>> gather([]).numbers.columns.tolist()
    ['date', 'customer_id', 'account_id', 'market', 'segment', 'channel', 'touchpoint', 'source_file']
    """
    comments = [part for part in parts if part.kind != "numbers"]
    numbers = [part for part in parts if part.kind == "numbers"]
    table = pd.concat([part.table for part in comments], ignore_index=True, sort=False) if comments else _no_comments()
    _spread_repeats(comments, table)
    rejected = _rejected(parts)
    sources = _summary(parts)
    _tell_missing(comments)
    readings = [f"{part.name}: {reading}" if len(parts) > 1 else reading
                for part in parts for reading in part.readings]
    good = np.ones(len(table), dtype=bool)
    good[[place for place, _ in _bad_places(comments)]] = False
    files = [(part.name, len(part)) for part in comments]
    measured = _numbers(numbers)
    several = len(parts) > 1
    parts.clear()
    comments.clear()
    numbers.clear()
    kept, measured, respelt = with_one_spelling(_comments(table, good, files if several else []), measured)
    kept.attrs["readings"] = readings + respelt
    return Loaded(kept, rejected, measured, sources)


def _tell_missing(parts: list[Part]) -> None:
    """Tell of each file the columns that are empty in it, though others of its source have them: a week's other names.
    """
    held = [{name for name in names(COMMENTS) if name in part.table and part.table[name].notna().any()}
            for part in parts]
    for part, own in zip(parts, held, strict=True):
        others = set().union(*(there for other, there in zip(parts, held, strict=True) if other.source == part.source))
        missing = ", ".join(name for name in names(COMMENTS) if name in others - own)
        if missing:
            part.readings.append(f"{missing}: not in this file, though in others of its source.")


def _no_comments() -> pd.DataFrame:
    return pd.DataFrame({"feedback_id": pd.Series(dtype="str"), "text": pd.Series(dtype="str")})


def _bad_places(parts: list[Part]) -> list[tuple[int, list[tuple[str, str]]]]:
    """Return the faulty rows by their place in the table of all `parts`."""
    starts = np.cumsum([0, *map(len, parts)]).tolist()
    return [(start + place, part.faults[place])
            for start, part in zip(starts, parts, strict=False) for place in sorted(part.faults)]


def _spread_repeats(parts: list[Part], table: pd.DataFrame) -> None:
    """Number made ids of equal rows; add a fault to rows whose id an earlier good row has."""
    made = np.concatenate([np.zeros(0, bool), *(np.full(len(part), part.made_ids) for part in parts)])
    if made.any():
        table["feedback_id"] = _count_repeats(table["feedback_id"], pd.Series(made))
    good = np.ones(len(table), dtype=bool)
    good[[place for place, _ in _bad_places(parts)]] = False
    ids = table["feedback_id"][good]
    repeated = table.loc[ids.index[ids.duplicated(keep=False)]]
    if repeated.empty:
        return
    content = pd.util.hash_pandas_object(repeated, index=False)
    firsts = repeated.drop_duplicates("feedback_id")
    first = repeated["feedback_id"].map(dict(zip(firsts["feedback_id"], firsts.index, strict=True)))
    numbers = np.concatenate([part.row_numbers() for part in parts])
    starts = np.cumsum([0, *map(len, parts)])
    for place, earlier in zip(first.index.tolist(), first.tolist(), strict=True):
        if place != earlier:
            at, before = (int(np.searchsorted(starts, row, side="right")) - 1 for row in (place, earlier))
            same = "is the same" if content[place] == content[earlier] else "differs"
            where = f"row {numbers[earlier]} of {parts[before].name}"
            parts[at].faults[place - int(starts[at])] = [
                ("duplicate_id", f"feedback_id is already used in {where}; this row {same}.")]


def _count_repeats(ids: pd.Series, made: pd.Series) -> pd.Series:
    """Number the second and later rows of equal content, so that made ids are unique."""
    among = made & ids.notna()
    number = ids[among].groupby(ids[among]).cumcount() + 1
    later = number[number > 1]
    numbered = ids.copy()
    numbered[later.index] = ids[later.index] + "-" + later.astype(str)
    return numbered


def _comments(table: pd.DataFrame, good: np.ndarray, files: list[tuple[str, int]]) -> pd.DataFrame:
    """Return the good rows by id; columns are moved one by one, so that no table is held twice."""
    if files:
        table = _without_source_file(table)
        table["source_file"] = pd.Series(np.repeat([name for name, _ in files], [count for _, count in files]),
                                         dtype="str", index=table.index)
    order = table["feedback_id"][good].sort_values(kind="stable").index.to_numpy()
    contract = [name for name in names(COMMENTS) if name in table]
    further = [str(name) for name in table if name not in contract]
    return pd.DataFrame({name: table.pop(name).take(order).array for name in [*contract, *further]},
                        index=pd.RangeIndex(len(order)))


def _without_source_file(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its own column of that name under another."""
    return table.rename(columns={"source_file": free_name("source_file_in_file", dict.fromkeys(map(str, table)))})


def _numbers(parts: list[Part]) -> pd.DataFrame:
    """Return the good rows of all sources of numbers, in order."""
    tables = []
    for part in parts:
        good = np.ones(len(part), dtype=bool)
        good[list(part.faults)] = False
        named = _without_source_file(part.table)
        tables.append(named.assign(source_file=pd.Series(part.name, index=named.index, dtype="str"))[good])
    if not tables:
        kinds = {column.name: "datetime64[ns]" if column.kind == "time" else "str" for column in NUMBERS}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in {**kinds, "source_file": "str"}.items()})
    table = pd.concat(tables, ignore_index=True, sort=False)
    first = [name for name in (*names(NUMBERS), "source_file") if name in table]
    return table[[*first, *(name for name in table if name not in first)]]


def _rejected(parts: list[Part]) -> pd.DataFrame:
    numbers, found, files, rows = [np.zeros(0, np.int64)], list[list[tuple[str, str]]](), list[str](), list[str]()
    for part in parts:
        places = sorted(part.faults)
        if places:
            numbers.append(part.row_numbers()[places])
            found += [part.faults[place] for place in places]
            files += [part.name] * len(places)
            rows += part.rows(places)
    return pd.DataFrame({
        "row_number": np.concatenate(numbers),
        "reason": pd.Series([faults[0][0] for faults in found], dtype="str"),
        "detail": pd.Series([" ".join(detail for _, detail in faults) for faults in found], dtype="str"),
        "source_file": pd.Series(files, dtype="str"),
        "row": pd.Series(rows, dtype="str"),
    })[list(REJECTED)]


def _summary(parts: list[Part]) -> pd.DataFrame:
    rows = [(part.name, part.kind, len(part), len(part) - len(part.faults), len(part.faults)) for part in parts]
    return pd.DataFrame(rows, columns=["source_file", "kind", "rows", "kept", "rejected"])

"""One register of what is counted: the same cell is hidden alike in every table, and hidden for all sums it is part of.

Tables of an analysis tell the same counts several times, and one table's cells are another's totals: a theme is a row
of its own, the total of its months and of its stages, and a part of its group. A cell is named by what is counted in
it, whichever table tells it, so that all of its sums are known.

Linked tables: A. Hundepool and others, "Statistical Disclosure Control", 2012, section 4.3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.columns import UNASSIGNED_THEME
from workbench.digests import code_digest, digest, table_digest
from workbench.insights.decided import keep_states, read_states
from workbench.insights.disclosure import SHOWN, SMALL, WITHHELD, Lines, Sums, hide_until_safe, rank_of, what_is_hidden

PAIR: Final = "stage in market"
_ALL: Final = "all"
_GROUP: Final = "themes"  # the axis of groups of themes, whose sums are those of a tree
# the tables that add up, or nearly: a comment that speaks of two stages counts in both. A layer takes over what another
# decided, so that a report of a few tables need not make the others
LAYERS: Final[tuple[tuple[str, ...], ...]] = (
    ("languages", "themes", "theme_groups", "periods"),
    ("coverage", "stage_shares"),
    ("journey_grid", "blind_spots"),
    ("group_reasons",),
)
_TAKES_OVER: Final = (None, 0, 1, 0)
# those that add up by themselves, and count something else than comments
ALONE: Final = {"transitions": Lines("customer_count", ("from_stage", "to_stage"), ("to_stage",))}
# counts that a table holds beside those of the register, in a column of their own
BESIDE: Final = {"theme_restated": Lines("comment_count_before", ("theme_id", "period"), ("theme_id", "period"))}
_COUNTS: Final = ("comment_count", "customer_count", "n", "missing")
_AXES: Final = {"theme_id": "theme", "stage_id": "stage", "touchpoint_id": "touchpoint", "group": "group",
                "language": "language", "period": "period"}


def hidden_in(name: str, tables: Mapping[str, Any], minimum: int, kept: Path | None = None) -> pd.Series:
    """Return for each row of a table whether its cell is shown, too small, or withheld: the same in every table.

    Parameters
    ----------
    name
        A table whose rows name what they count: by theme, stage, touchpoint, language, period, group of customers,
        or by ``dimension`` and ``value``.
    tables
        The tables of the analysis, each as a whole.
    minimum
        Counts from 1 to below it are small.
    kept
        A folder in which what was decided is kept, for the very same tables; without it all is decided anew.

    Returns
    -------
    pandas.Series
        "shown", "small" or "withheld", with the index of the table. A row whose cell is in no table that adds up is
        small by its own count, and shown otherwise. What fewer customers than the minimum speak of is small, and what
        would tell its count is withheld.

    Examples
    --------
    >>> coverage = pd.DataFrame({"dimension": "market", "value": ["DE", "JO"], "comment_count": [40, 3]})
    >>> cells = pd.DataFrame({"decision": "", "dimension": "market", "value": ["JO", "DE"], "n": [3, 40]})
    >>> hidden_in("adequacy_cells", {"coverage": coverage, "adequacy_cells": cells}, 5).tolist()
    ['small', 'withheld']
    """
    table = tables[name]
    if name in ALONE:
        return what_is_hidden(table, ALONE[name], minimum)
    count = next((column for column in _COUNTS if column in table), "")
    own = table[count].fillna(0) if count and len(table) else pd.Series(0, index=table.index)
    states = pd.Series(np.where((own > 0) & (own < minimum), SMALL, SHOWN), index=table.index, dtype=object)
    places = _places(name, table)
    of_few = pd.Series(False, index=table.index)
    if "theme" in places:
        of_few = places["theme"].isin(_texts(pd.Series(of_few_customers(tables, minimum))))
    if name in BESIDE and len(table):
        states = states.mask(states == SHOWN, what_is_hidden(table, BESIDE[name], minimum, of_few))
    if name == "parity":
        states = _without_theme(table, states, minimum)
    states = states.mask(of_few, SMALL)
    known = _states(tables, _layer(name, places), minimum, kept).reindex(_keys(places)).to_numpy()
    withheld = pd.Series((known == WITHHELD) | (known == SMALL), index=table.index)
    return states.mask((states == SHOWN) & withheld, WITHHELD)


def of_few_customers(tables: Mapping[str, Any], minimum: int) -> list[int]:
    """Return the themes that fewer customers than `minimum` speak of, however much they write: small cells of people.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme_id": [0, 1, -1], "comment_count": [30, 9, 2], "customer_count": [1, 9, 2]})
    >>> of_few_customers({"themes": themes}, 5)
    [0]
    """
    themes = tables.get("themes", pd.DataFrame())
    if "customer_count" not in themes:
        return []
    few = themes["customer_count"].between(1, minimum - 1) & (themes["theme_id"] != UNASSIGNED_THEME)
    return [int(theme) for theme in themes.loc[few, "theme_id"]]


def _layer(name: str, places: pd.DataFrame) -> int:
    """Return the layer that decides on a table: its own, or the first that tells of what its rows name."""
    own = next((number for number, layer in enumerate(LAYERS) if name in layer), None)
    if own is not None:
        return own
    return 0 if set(places) <= {"language", "theme", _GROUP, "period"} else 2 if "touchpoint" in places else 1


def _without_theme(parity: pd.DataFrame, states: pd.Series, minimum: int) -> pd.Series:
    """Return the states of shares of comments without a theme: those that stand for few comments tell how many."""
    for _, rows in parity[parity["measure"] == "unassigned"].groupby("removal"):
        count = (rows["n"] * rows["value"]).round().astype(int)
        own = pd.Series(hidden_places(rows["language"].tolist(), count.tolist(), minimum), index=rows.index)
        few_others = (rows["n"] > count) & (rows["n"] - count < minimum)
        states = states.mask(own.ne(SHOWN).reindex(states.index, fill_value=False) & (states == SHOWN), own)
        states = states.mask(few_others.reindex(states.index, fill_value=False), SMALL)
    return states


def _places(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return what the rows of a table count, in a column for each axis, "all" where it is not told apart."""
    if "theme_ids" in table:
        many = table["theme_ids"].astype(str).str.contains(" ")
        ids = table["theme_ids"].astype(str)
        return pd.DataFrame({"theme": ids.mask(many, _ALL), _GROUP: ids.where(many, _ALL)}, index=table.index)
    found = {axis: _texts(table[column]) for column, axis in _AXES.items() if column in table}
    if {"dimension", "value"} <= set(table):
        dimension, value = _texts(table["dimension"]), _texts(table["value"])
        for axis in sorted({*dimension} - {_ALL, PAIR}):
            found[axis] = value.where(dimension == axis, _ALL)
        pairs = dimension == PAIR
        if pairs.any():
            found["stage"] = value.where(pairs, found.get("stage", pd.Series(_ALL, index=table.index)))
            found["market"] = table["within"].astype(str).where(
                pairs, found.get("market", pd.Series(_ALL, index=table.index)))
    return pd.DataFrame(found, index=table.index, dtype=object)


def _texts(column: pd.Series) -> pd.Series:
    """Return values as texts: whole numbers without a point, periods as their first day, nothing as "all"."""
    if column.name == "period":
        return pd.to_datetime(column).dt.strftime("%Y-%m-%d")
    if pd.api.types.is_float_dtype(column):
        column = column.astype("Int64")
    texts = column.astype(str)
    return texts.mask(column.isna() | (texts == ""), _ALL)


def _keys(places: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a number for each cell: the sum of one for each axis, so that a total's is the cell's without an axis's.

    Numbers of 64 bits that a hash gives; with a million cells two are alike once in ten million runs.
    """
    return sum((_of_axis(places[axis]) for axis in places), np.zeros(len(places), dtype=np.uint64))


def _of_axis(values: pd.Series) -> NDArray[np.uint64]:
    codes, names = pd.factorize(values)
    hashed = pd.util.hash_array(np.array([f"{values.name}\x1f{name}" for name in names], dtype=object))
    return np.where(names == _ALL, np.uint64(0), hashed).astype(np.uint64)[codes]


class _Same:
    """Tables that are the same only if they are these very ones."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables = tables

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.tables.values())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and list(self.tables) == list(other.tables) and \
            all(one is another for one, another in zip(self.tables.values(), other.tables.values(), strict=True))


def _states(tables: Mapping[str, Any], layer: int, minimum: int, kept: Path | None) -> pd.Series:
    """Return the state of each cell of a layer, by its key."""
    wanted: list[str] = []
    below: int | None = layer
    while below is not None:
        wanted, below = [*LAYERS[below], *wanted], _TAKES_OVER[below]
    return _decided(_Same({name: tables[name] for name in wanted if name in tables and len(tables[name])}),
                    layer, minimum, kept)


@lru_cache(maxsize=8)
def _decided(found: _Same, layer: int, minimum: int, kept: Path | None) -> pd.Series:
    if kept is None:
        return _decide(found.tables, layer, minimum, kept)
    contents = {name: table_digest(table) for name, table in found.tables.items()}
    file = kept / f"{digest(code_digest(), contents, layer, minimum)[:32]}.npy"
    states = read_states(file)
    if states is None:
        states = _decide(found.tables, layer, minimum, kept)
        keep_states(file, states)
    return states


def _decide(tables: Mapping[str, pd.DataFrame], layer: int, minimum: int, kept: Path | None) -> pd.Series:
    cells, below = _register(tables, of_few_customers(tables, minimum)), _TAKES_OVER[layer]
    if not len(cells.counts):
        return pd.Series(dtype=object, index=pd.Index([], dtype=np.uint64))
    given = np.full(len(cells.keys), "", dtype=object)
    if below is not None:
        given = _states(tables, below, minimum, kept).reindex(cells.keys).fillna("").to_numpy(dtype=object)
    states = hide_until_safe(cells.counts, cells.known, cells.rank, minimum, given, cells.of_few)
    return pd.Series(states, index=cells.keys, dtype=object)


class _Register(NamedTuple):
    keys: NDArray[np.uint64]
    counts: NDArray[np.int64]
    known: list[Sums]
    rank: NDArray[np.int64]
    of_few: NDArray[np.bool_]  # cells with comments of a theme that few customers speak of


def _register(tables: Mapping[str, pd.DataFrame], few: Sequence[int]) -> _Register:
    """Return every cell of the tables once, and all ways in which they add up."""
    parts = [part for name, table in tables.items() for part in _counted(name, table)]
    if not parts:
        return _Register(np.empty(0, np.uint64), np.empty(0, np.int64), [], np.empty(0, np.int64), np.empty(0, bool))
    if "languages" in tables:  # each comment has one
        parts.append(pd.DataFrame({"count": [tables["languages"]["comment_count"].sum()]}))
    cells = pd.concat(parts, ignore_index=True)
    axes = sorted(str(name) for name in cells if name != "count")
    names = cells.reindex(columns=axes).fillna(_ALL)
    keys = _keys(names)
    first = ~pd.Series(keys).duplicated()
    names, counts, keys = names[first].reset_index(drop=True), cells.loc[first, "count"], keys[first.to_numpy()]
    known = [_along(names[axis], keys) for axis in axes if axis != _GROUP]
    if "theme_groups" in tables:
        known.append(_tree(tables["theme_groups"], keys))
    whole = counts.fillna(0).to_numpy(dtype=np.int64)
    of_few = names["theme"].isin(_texts(pd.Series(few))).to_numpy() if few else np.zeros(len(keys), dtype=bool)
    return _Register(keys, whole, known, _groups_first(rank_of(names, whole), names, whole), of_few & (whole > 0))


def _groups_first(rank: NDArray[np.int64], names: pd.DataFrame, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a rank with groups of themes first: the largest theme is not withheld while a group of others could be."""
    if _GROUP not in names:
        return rank
    is_group = ((names[_GROUP] != _ALL).to_numpy() & (counts > 0))[rank]
    return np.concatenate([rank[is_group], rank[~is_group]])


def _counted(name: str, table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Return the cells of a table with their counts; of a table of periods, the periods' own as well."""
    count = next(column for column in _COUNTS if column in table)
    yield _places(name, table).assign(count=table[count])
    if name == "periods":
        yield pd.DataFrame({"period": _texts(table["period"]), "count": table["base"]}).drop_duplicates()


def _along(values: pd.Series, keys: NDArray[np.uint64]) -> Sums:
    """Return the sums along an axis: the total of a cell is the cell without it."""
    is_part = (values != _ALL).to_numpy()
    line = np.full(len(keys), -1, dtype=np.int64)
    line[is_part], totals = pd.factorize((keys - _of_axis(values))[is_part])
    return Sums(line, pd.Index(keys).get_indexer(pd.Index(totals)).astype(np.int64))


def _tree(groups: pd.DataFrame, keys: NDArray[np.uint64]) -> Sums:
    """Return the sums of the tree of themes; a group that is all of the one above it is the same cell."""
    cell = pd.Index(keys).get_indexer(pd.Index(_keys(_places("theme_groups", groups))))
    above = pd.Series(cell, index=groups["group_id"].astype(str)).reindex(groups["parent_id"].astype(str))
    table = pd.DataFrame({"cell": cell, "above": above.fillna(-1).to_numpy(dtype=np.int64)})
    table = table[table["cell"] != table["above"]].drop_duplicates("cell")
    line = np.full(len(keys), -1, dtype=np.int64)
    line[table["cell"]], totals = pd.factorize(table["above"])
    return Sums(line, np.asarray(totals, dtype=np.int64))


def hidden_places(places: Sequence[str], counts: Sequence[int], minimum: int) -> list[str]:
    """Return what is hidden of a single line whose total is known, such as the parts of a study."""
    table = pd.DataFrame({"value": list(places), "n": list(counts)})
    return what_is_hidden(table, Lines("n", ("value",), ("value",)), minimum).tolist()

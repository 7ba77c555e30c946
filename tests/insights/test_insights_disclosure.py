"""No small cell can be computed from what is shown of its line, in any view of the counts."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from workbench.insights.disclosure import (
    ADDING_UP,
    SAME_COUNTS,
    SHOWN,
    SMALL,
    WITHHELD,
    Lines,
    hidden_in,
    what_is_hidden,
)

GRID = Lines("n", ("row", "column", "layer"), ("row", "column", "layer"))
FLAT = Lines("n", ("row", "column"), ("row", "column"))


def counted(seed: int, shape: tuple[int, ...], mean: float, names: tuple[str, ...]) -> pd.DataFrame:
    """Return counts of every cell and every margin of a random table that adds up exactly."""
    counts = np.random.default_rng(seed).negative_binomial(0.6, 0.6 / (0.6 + mean), size=shape)
    rows = []
    for place in product(*(range(-1, size) for size in shape)):
        part = counts[tuple(slice(None) if at < 0 else at for at in place)]
        rows.append((*("all" if at < 0 else f"c{at}" for at in place), int(part.sum())))
    return pd.DataFrame(rows, columns=[*names, "n"])


def possible(state: str, states: list[str], left: int, minimum: int) -> set[int]:
    """Return what a hidden cell of a line can be, given the states of all its hidden cells and their sum."""
    few, more = states.count(SMALL) - (state == SMALL), states.count(WITHHELD) - (state == WITHHELD)
    large = [0, *range(minimum, left + 1)]
    return {count for count in (range(1, minimum) if state == SMALL else large) for rest in (large if more else [0])
            if few <= left - rest - count <= few * (minimum - 1)}


def recovered(table: pd.DataFrame, lines: Lines, minimum: int) -> list[int]:
    """Return the counts of small cells that a reader can compute line by line, using what was computed before."""
    cells = {tuple(row[name] for name in lines.axes): [row["n"], row["state"]] for row in table.to_dict("records")}
    parts: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for place in cells:
        for at, axis in enumerate(lines.axes):
            if axis in lines.along and place[at] != "all":
                parts.setdefault((*place[:at], "all", *place[at + 1:]), []).append(place)
    found, before = [], -1
    while len(found) > before:
        before = len(found)
        for total, places in parts.items():
            hidden = [place for place in places if cells[place][1] != SHOWN]
            if cells[total][1] == SHOWN and hidden:
                states, left = [cells[place][1] for place in hidden], sum(cells[place][0] for place in hidden)
                known = [place for place in hidden if len(possible(cells[place][1], states, left, minimum)) == 1]
                found += [tuple(cells[place]) for place in known]
                for place in known:
                    cells[place][1] = SHOWN
    return [count for count, state in found if state == SMALL]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("lines", "shape"), [(FLAT, (7, 5)), (FLAT, (2, 3)), (GRID, (4, 3, 5))])
def test_no_small_cell_can_be_computed_from_its_line(lines, shape, seed):
    table = counted(seed, shape, mean=6.0, names=lines.axes)
    primary = table.assign(state=np.where(table["n"].between(1, 4), SMALL, SHOWN))
    table["state"] = what_is_hidden(table, lines, 5)
    assert recovered(table, lines, 5) == []
    assert (table["state"] == SMALL).equals(primary["state"] == SMALL)
    withheld = table.loc[table["state"] == WITHHELD, "n"]
    assert ((withheld == 0) | (withheld >= 5)).all()


def test_the_check_itself_finds_cells_that_are_only_hidden_by_their_size():
    tables = [counted(seed, (7, 5), mean=6.0, names=FLAT.axes) for seed in range(8)]
    found = [recovered(table.assign(state=np.where(table["n"].between(1, 4), SMALL, SHOWN)), FLAT, 5)
             for table in tables]
    assert sum(map(len, found)) >= 8


@pytest.mark.parametrize(("counts", "hidden"), [
    ([40, 9, 12, 3], ["shown", "withheld", "shown", "small"]),
    ([40, 9, 12, 3, 0], ["shown", "withheld", "shown", "small", "shown"]),  # nobody heard is no secret
    ([40, 20, 3, 3], ["shown", "shown", "small", "small"]),  # 6 can be 2 and 4
    ([40, 20, 1, 1], ["shown", "withheld", "small", "small"]),  # 2 is small itself, and can be 1 and 1 only
    ([40, 20, 4, 4], ["shown", "withheld", "small", "small"]),  # 8 can be 4 and 4 only
    ([40, 1, 5], ["withheld", "small", "withheld"]),  # 6 can be 1 and 5 only
    ([40, 20, 10], ["shown"] * 3),
    ([40, 9, 9, 3], ["shown", "withheld", "shown", "small"]),  # the first by name of two alike
    ([4, 4, 0, 0], ["small", "small", "withheld", "shown"]),  # 8 can be 1, 2 and 5
    ([3], ["small"]),
    ([], []),
])
def test_a_line_hides_the_smallest_cells_until_it_is_safe(counts, hidden):
    table = pd.DataFrame({"value": [f"v{at}" for at in range(len(counts))], "n": pd.Series(counts, dtype=int)})
    assert what_is_hidden(table, Lines("n", ("value",), ("value",)), 5).tolist() == hidden


def test_a_total_is_withheld_where_a_line_has_no_more_cells():
    table = pd.DataFrame({"row": ["a", "b", "all"], "column": "x", "n": [3, 3, 6]})
    only = Lines("n", ("row", "column"), ("row",))
    assert what_is_hidden(table, only, 5).tolist() == ["small", "small", "shown"]
    assert what_is_hidden(table.assign(n=[1, 4, 5]), only, 5).tolist() == ["small", "small", "shown"]
    assert what_is_hidden(table.assign(n=[4, 4, 8]), only, 5).tolist() == ["small", "small", "withheld"]
    assert what_is_hidden(table.assign(n=[1, 0, 1]), only, 5).tolist() == ["small", "shown", "small"]  # nothing known


def test_the_order_of_rows_and_a_minimum_of_one_change_nothing():
    table = counted(3, (6, 6), mean=5.0, names=FLAT.axes)
    states = what_is_hidden(table, FLAT, 5)
    mixed = table.sample(frac=1, random_state=7)
    assert what_is_hidden(mixed, FLAT, 5).sort_index().equals(states)
    assert set(what_is_hidden(table, FLAT, 1)) == {SHOWN}


@pytest.mark.parametrize("name", [*ADDING_UP, *SAME_COUNTS])
def test_every_table_that_adds_up_is_known_by_its_columns(name):
    _first, axes, count = SAME_COUNTS.get(name, ("", (), ""))
    lines = ADDING_UP.get(name, Lines(count, axes, ()))
    table = pd.DataFrame({axis: ["a", "b"] for axis in lines.axes} | {lines.counted: [40, 3]})
    assert hidden_in(name, {name: table}, 5).tolist()[1] == SMALL
    assert set(lines.along) <= set(lines.axes)


def test_views_of_the_same_counts_hide_the_same_cells():
    grid = counted(5, (4, 3, 6), mean=6.0, names=("stage_id", "touchpoint_id", "theme_id"))
    grid = grid.rename(columns={"n": "comment_count"})
    plane = grid[(grid["touchpoint_id"] == "all") & (grid["stage_id"] != "all") & (grid["theme_id"] != "all")]
    tables = {"journey_grid": grid, "stage_shares": plane.drop(columns="touchpoint_id").sample(frac=1, random_state=1)}
    there, here = (hidden_in(name, tables, 5) for name in ("journey_grid", "stage_shares"))
    withheld = there.loc[plane.index].eq(WITHHELD)
    assert withheld.any()
    assert here.loc[plane.index][withheld].eq(WITHHELD).all()


def test_a_cell_of_coverage_is_hidden_wherever_it_is_told_again():
    coverage = pd.DataFrame({"dimension": "market", "value": ["DE", "EG", "JO"], "comment_count": [40, 9, 3]})
    spots = coverage[coverage["value"] != "JO"].assign(within="")
    asked = pd.DataFrame({"decision": "", "dimension": "market", "value": ["EG", "DE"], "n": [9, 40]})
    tables = {"coverage": coverage, "blind_spots": spots, "adequacy_cells": asked}
    assert hidden_in("coverage", tables, 5).tolist() == [SHOWN, WITHHELD, SMALL]
    assert hidden_in("blind_spots", tables, 5).tolist() == [SHOWN, WITHHELD]
    assert hidden_in("adequacy_cells", tables, 5).tolist() == [WITHHELD, SHOWN]

"""No small cell can be computed from what is shown of its line, in any view of the counts."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from workbench.insights.bounds import is_fixed
from workbench.insights.disclosure import (
    SHOWN,
    SMALL,
    WITHHELD,
    Lines,
    Sums,
    hide_until_safe,
    rank_of,
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


def test_a_line_whose_total_is_hidden_hides_a_cell_or_the_cells_would_tell_it():
    counts, line = np.array([60, 3, 12, 30, 7, 5, 0]), np.array([0, 0, 0, -1, -1, -1, -1])
    parts = Sums(np.array([-1, -1, -1, -1, 0, 0, 0]), np.array([2]))  # the last three are parts of the third
    rank = rank_of(pd.DataFrame({"name": [*"abcdefg"]}), counts)
    one, both = (hide_until_safe(counts, known, rank, 5).tolist() for known in (
        [Sums(line, np.array([-1]))], [Sums(line, np.array([-1])), parts]))
    assert one == [SHOWN, SMALL, WITHHELD, SHOWN, SHOWN, SHOWN, SHOWN]
    assert both == [SHOWN, SMALL, WITHHELD, SHOWN, SHOWN, WITHHELD, SHOWN]


BLOCKS = [[3, 9, 0, 0, 20], [8, 7, 0, 0, 20], [0, 0, 0, 0, 20], [0, 2, 9, 8, 20], [0, 0, 7, 9, 20]]


def test_a_cell_that_is_alone_between_two_blocks_is_found_over_several_lines():
    """Each line has two hidden cells, and yet the sum of three rows less that of two columns is one cell."""
    counts = np.array(BLOCKS).ravel()
    row, column = np.divmod(np.arange(25), 5)
    known = [Sums(row, np.full(5, -1)), Sums(column, np.full(5, -1))]
    hidden = (counts > 0) & (counts < 20)
    assert np.flatnonzero(is_fixed(known, hidden)).tolist() == [16]
    rank = rank_of(pd.DataFrame({"row": row, "column": column}), counts)
    states = hide_until_safe(counts, known, rank, 5)
    assert states[16] == SMALL
    assert not is_fixed(known, states != SHOWN)[states == SMALL].any()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_fixed_is_what_exact_algebra_says(seed):
    draw = np.random.default_rng(seed)
    line, hidden = draw.integers(-1, 5, (3, 40)), draw.random(40) < 0.4
    known = [Sums(each, np.full(5, -1)) for each in line]
    sums = np.concatenate([each == np.arange(5)[:, None] for each in line])[:, hidden].astype(float)
    rank = np.linalg.matrix_rank(sums)
    expected = [np.linalg.matrix_rank(np.vstack([sums, unit])) == rank for unit in np.eye(hidden.sum())]
    assert is_fixed(known, hidden)[hidden].tolist() == expected


def test_what_was_decided_before_stays_and_is_built_on():
    counts, line = np.array([40, 9, 12, 3]), np.zeros(4, dtype=np.int64)
    rank, known = rank_of(pd.DataFrame({"name": [*"abcd"]}), counts), [Sums(line, np.array([-1]))]
    given = np.array(["", SHOWN, "", ""], dtype=object)
    assert hide_until_safe(counts, known, rank, 5, given).tolist() == [SHOWN, SHOWN, WITHHELD, SMALL]
    given = np.array([WITHHELD, "", "", ""], dtype=object)
    assert hide_until_safe(counts, known, rank, 5, given).tolist() == [WITHHELD, SHOWN, SHOWN, SMALL]

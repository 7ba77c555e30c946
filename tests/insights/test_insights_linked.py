"""The same cell is hidden alike in every table, and no reader of all tables together can tell how small it is."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from workbench.insights import linked
from workbench.insights.disclosure import SHOWN, SMALL, WITHHELD
from workbench.insights.linked import PAIR, hidden_in

AXES = {"theme_id": 5, "stage_id": 3, "touchpoint_id": 3, "market": 3, "period": 2}
AREAS = {"area-0": "0 1 2", "area-1": "3 4"}


def heard(seed, comments):
    """Return comments that say one thing each, so that everything adds up exactly; some markets and themes are rare."""
    draw = np.random.default_rng(seed)
    odds = {axis: draw.dirichlet(np.full(size, 0.7)) for axis, size in AXES.items()}
    said = pd.DataFrame({axis: draw.choice(size, comments, p=odds[axis]) for axis, size in AXES.items()})
    return said.astype({"stage_id": str, "touchpoint_id": str, "market": str}).assign(
        period=pd.Timestamp("2026-01-01") + pd.to_timedelta(31 * said["period"], unit="D"))


def every(said, axes):
    """Return the counts of all cells of some axes, empty ones as well."""
    index = pd.MultiIndex.from_product([sorted(said[axis].unique()) for axis in axes], names=axes)
    return said.groupby(axes).size().reindex(index, fill_value=0).rename("comment_count").reset_index()


def tables_of(said):
    grids = [every(said, list(axes)) if axes else pd.DataFrame({"comment_count": [len(said)]})
             for size in range(4) for axes in combinations(("stage_id", "touchpoint_id", "theme_id"), size)]
    grid = pd.concat([part.astype({"theme_id": str}) if "theme_id" in part else part for part in grids],
                     ignore_index=True).fillna("all")
    covered = [every(said, [f"{name}_id" if name == "stage" else name]).set_axis(["value", "comment_count"], axis=1)
               .assign(dimension=name) for name in ("market", "stage")]
    pairs = every(said, ["stage_id", "market"]).set_axis(["value", "within", "comment_count"], axis=1)
    groups = [(1, area, "", ids, said["theme_id"].isin([int(each) for each in ids.split()]).sum())
              for area, ids in AREAS.items()]
    groups += [(2, f"theme-{theme}", area, str(theme), (said["theme_id"] == theme).sum())
               for area, ids in AREAS.items() for theme in map(int, ids.split())]
    return {
        "languages": pd.DataFrame({"dimension": "language", "value": ["en"], "comment_count": [len(said)]}),
        "coverage": pd.concat(covered, ignore_index=True), "themes": every(said, ["theme_id"]),
        "theme_groups": pd.DataFrame(groups, columns=["level", "group_id", "parent_id", "theme_ids", "comment_count"]),
        "stage_shares": every(said, ["theme_id", "stage_id"]),
        "periods": every(said, ["theme_id", "period"]).assign(
            base=lambda table: table["period"].map(said["period"].value_counts())),
        "journey_grid": grid, "blind_spots": pairs.assign(dimension=PAIR),
    }


def told(said, tables, minimum):
    """Return which comments each cell of the tables counts, with its count and state."""
    found = []
    for name, table in tables.items():
        for row, state in zip(table.to_dict("records"), hidden_in(name, tables, minimum), strict=True):
            inside = pd.Series(True, index=said.index)
            for axis in AXES:
                if str(row.get(axis, "all")) != "all":
                    inside &= said[axis].astype(object).map(str) == str(row[axis])
            if "dimension" in row:
                if row["dimension"] != "language":
                    inside &= said["market" if row["dimension"] == "market" else "stage_id"] == row["value"]
                inside &= (said["market"] == row["within"]) if "within" in row else True
            if "theme_ids" in row:
                inside &= said["theme_id"].astype(str).isin(row["theme_ids"].split())
            found.append((inside.to_numpy(), int(row["comment_count"]), state))
    return found


def pinned(said, tables, minimum, few=None):
    """Return the small cells that have one count only which goes with all that any table shows, and how many are small.

    Where few customers speak of a theme, these are its cells, of whose counts the reader knows nothing.
    """
    places = [sorted(set(said[axis])) for axis in AXES]
    full = pd.MultiIndex.from_product(places, names=list(AXES)).to_frame(index=False)
    cells = told(full, tables, minimum)
    masks = np.array([mask for mask, _, _ in cells], dtype=float)
    counts, states = np.array([count for _, count, _ in cells]), np.array([state for *_, state in cells])
    masks, first = np.unique(masks, axis=0, return_index=True)
    counts, states = counts[first], states[first]
    shown, small = states == SHOWN, states == SMALL
    asked = small
    if few is not None:
        of_few = masks @ (full["theme_id"] != few) == 0
        asked, small = small & of_few & (counts > 0), small & ~of_few
    limits = {"A_eq": np.vstack([masks[shown], np.ones(len(full))]), "b_eq": [*counts[shown], len(said)],
              "A_ub": np.vstack([masks[small], -masks[small]]),
              "b_ub": np.repeat([minimum - 1, -1], small.sum()), "bounds": (0, None), "method": "highs"}
    ends = [(linprog(mask, **limits).fun, -linprog(-mask, **limits).fun) for mask in masks[asked]]
    return [count for count, (low, high) in zip(counts[asked], ends, strict=True)
            if np.ceil(low - 1e-6) == np.floor(high + 1e-6)], int(asked.sum())


@pytest.mark.parametrize(("seed", "comments"), [(0, 150), (1, 150), (2, 60), (3, 300)])
def test_no_small_cell_can_be_computed_from_all_tables_together(seed, comments):
    said = heard(seed, comments)
    found, small = pinned(said, tables_of(said), 5)
    assert small > 10
    assert found == []


@pytest.mark.parametrize(("seed", "comments"), [(0, 150), (1, 150), (2, 60), (3, 300), (106, 60), (111, 60), (112, 60)])
def test_what_few_customers_say_of_a_theme_cannot_be_computed_from_all_tables_together(seed, comments):
    said = heard(seed, comments)
    tables, few = tables_of(said), said["theme_id"].value_counts().index[0]
    people = tables["themes"]["theme_id"].map(lambda theme: 1 if theme == few else 9)
    found, hidden = pinned(said, {**tables, "themes": tables["themes"].assign(customer_count=people)}, 5, few)
    assert hidden > 10
    assert found == []


def test_a_group_of_themes_is_withheld_before_the_largest_theme():
    counts = {0: 20, 1: 12, 2: 30, -1: 1}
    themes = pd.DataFrame({"theme_id": list(counts), "comment_count": list(counts.values())})
    groups = [(1, "area-0", "", "0 1", 32), (2, "theme-0", "area-0", "0", 20), (2, "theme-1", "area-0", "1", 12),
              (1, "area-1", "", "2", 30), (2, "theme-2", "area-1", "2", 30), (1, "unassigned", "", "-1", 1)]
    tables = {"themes": themes, "theme_groups": pd.DataFrame(
        groups, columns=["level", "group_id", "parent_id", "theme_ids", "comment_count"])}
    assert hidden_in("themes", tables, 5).tolist() == [SHOWN, WITHHELD, SHOWN, SMALL]
    assert hidden_in("theme_groups", tables, 5).tolist() == [WITHHELD, SHOWN, WITHHELD, SHOWN, SHOWN, SMALL]


def test_a_theme_of_few_customers_hides_another_one():
    themes = pd.DataFrame({"theme_id": [0, 1, 2, -1], "comment_count": [40, 30, 12, 18]})
    tables = {"languages": pd.DataFrame({"dimension": "language", "value": ["en"], "comment_count": [100]}),
              "periods": pd.DataFrame({"theme_id": [0, 1, 2, -1], "period": pd.Timestamp("2026-01-01"), "base": 100,
                                       "comment_count": [40, 30, 12, 18]})}
    states = [hidden_in(name, {**tables, "themes": themes.assign(customer_count=[38, people, 12, 18])}, 5).tolist()
              for people in (30, 1) for name in ("themes", "periods")]
    assert states == [[SHOWN] * 4] * 2 + [[SHOWN, SMALL, "withheld", SHOWN]] * 2


def test_what_few_customers_said_of_a_theme_before_cannot_be_computed_from_the_other_themes():
    """Of a run before, themes of which counts have changed since; each line's total is known to the reader."""
    restated = pd.DataFrame({"theme_id": np.repeat([0, 1, 2], 2), "comment_count": [40, 30, 20, 10, 31, 29],
                             "period": pd.to_datetime(["2026-01-01", "2026-02-01"] * 3),
                             "comment_count_before": [41, 29, 22, 9, 30, 30]})
    states = [hidden_in("theme_restated", {"theme_restated": restated, "themes": pd.DataFrame(
        {"theme_id": [0, 1, 2], "comment_count": [70, 30, 60], "customer_count": [people, 25, 50]})}, 5).tolist()
        for people in (60, 1)]
    assert states[0] == [SHOWN] * 6
    assert states[1][:2] == [SMALL] * 2
    assert states[1][2:].count("withheld") == 2


@pytest.fixture
def decided_anew(monkeypatch):
    """How often cells were decided on, and not read."""
    counted = []
    decide = linked.hide_until_safe
    monkeypatch.setattr(linked, "hide_until_safe", lambda *given: counted.append(1) or decide(*given))
    linked._decided.cache_clear()
    return counted


def as_in_a_new_process(name, tables, kept):
    linked._decided.cache_clear()
    return hidden_in(name, tables, 5, kept).tolist()


def test_what_was_decided_is_kept_and_the_same(tmp_path, decided_anew):
    tables, kept = tables_of(heard(3, 300)), tmp_path / "hidden"
    without = {name: hidden_in(name, tables, 5).tolist() for name in tables}
    assert {SMALL, "withheld"} <= {state for states in without.values() for state in states}
    assert decided_anew == [1, 1, 1]
    for times in (6, 6):
        assert {name: as_in_a_new_process(name, tables, kept) for name in tables} == without
        assert len(decided_anew) == times
    as_in_a_new_process("journey_grid", {**tables, "periods": tables["periods"].assign(base=1)}, kept)
    assert len(decided_anew) == 9  # in every layer: each takes over what the ones below decided


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"no numbers"])
def test_what_is_kept_in_part_is_decided_again(tmp_path, decided_anew, damage):
    tables = tables_of(heard(3, 60))
    first = as_in_a_new_process("themes", tables, tmp_path / "hidden")
    [file] = (tmp_path / "hidden").iterdir()
    file.write_bytes(damage)
    assert as_in_a_new_process("themes", tables, tmp_path / "hidden") == first
    assert as_in_a_new_process("themes", tables, tmp_path / "gone" / "hidden") == first
    assert len(decided_anew) == 3
    assert not (tmp_path / "gone").exists()

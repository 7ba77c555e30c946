import numpy as np
import pandas as pd
import pytest

from workbench.themes.hierarchy import count_groups, levels_of, name_groups, nest_themes, recount_groups
from workbench.themes.words import find_terms


def planted_centres(groups=3, each=5, seed=0):
    """Centres around a few far directions, so that the areas are known."""
    generator = np.random.default_rng(seed)
    far = np.eye(groups, 8)
    near = np.repeat(far, each, axis=0) + generator.normal(scale=0.05, size=(groups * each, 8))
    return near / np.linalg.norm(near, axis=1, keepdims=True)


@pytest.mark.parametrize(("count", "levels"), [
    (0, ["theme"]), (1, ["theme"]), (3, ["theme"]), (4, ["area", "theme"]), (11, ["area", "theme"]),
    (12, ["area", "group", "theme"]),
])
def test_the_number_of_levels_follows_the_number_of_themes(count, levels):
    centres = np.random.default_rng(0).normal(size=(count, 6))
    assert levels_of(nest_themes(list(range(count)), centres)) == levels


def test_planted_areas_are_found_and_called_after_their_lowest_theme():
    nested = nest_themes(list(range(15)), planted_centres())
    assert nested["area"].tolist() == ["area-0"] * 5 + ["area-5"] * 5 + ["area-10"] * 5
    assert (nested.groupby("group")["area"].nunique() == 1).all()


def test_ids_do_not_hang_on_the_order_of_the_themes():
    centres, ids = planted_centres(), [*range(10, 25)]
    order = np.random.default_rng(3).permutation(15)
    straight = nest_themes(ids, centres).set_index("theme_id").sort_index()
    shuffled = nest_themes([ids[row] for row in order], centres[order]).set_index("theme_id").sort_index()
    pd.testing.assert_frame_equal(straight, shuffled)


def test_an_area_keeps_its_id_when_another_theme_comes():
    centres = planted_centres()
    before = nest_themes(list(range(15)), centres)
    after = nest_themes([*range(15), 40], np.vstack([centres, centres[7] * 0.99 + centres[8] * 0.01]))
    assert set(before["area"]) == set(after["area"])
    assert after["area"].iloc[-1] == "area-5"


def test_centres_of_no_length_do_no_harm():
    nested = nest_themes(list(range(5)), np.vstack([planted_centres(2, 2)[:, :8], np.zeros(8)]))
    assert nested["area"].notna().all()


@pytest.fixture
def small():
    texts = {0: "invoice amount", 1: "invoice date", 2: "parcel courier", 3: "parcel street", 4: "parcel box"}
    rows = [(f"{theme}{n}", text, "en") for theme, text in texts.items() for n in range(4)]
    statements = pd.DataFrame(rows, columns=["feedback_id", "text", "language"])
    theme_of = np.repeat(np.arange(5), 4)
    centres = np.array([[1, 0, 0.1], [1, 0.1, 0], [0, 1, 0.1], [0.1, 1, 0], [0, 1, 0]])
    centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    labels = pd.DataFrame({"theme_id": range(5), "language": "en", "label": [texts[n] for n in range(5)],
                           "is_borrowed": False})
    return statements, theme_of, centres, labels


def test_groups_are_named_by_what_sets_them_apart(small):
    statements, theme_of, centres, labels = small
    nested = nest_themes(list(range(5)), centres)
    names = name_groups(nested, centres, find_terms(statements), theme_of, centres[theme_of], labels)
    first = names.set_index("group_id")["label"]
    assert first["area-0"].startswith("invoice")
    assert first["area-2"].startswith("parcel")
    assert first["theme-3"] == "parcel street"
    assert not names.duplicated(["language", "label"]).any()


def test_a_comment_counts_once_in_each_group_and_shares_have_intervals(small):
    statements, theme_of, centres, labels = small
    nested = nest_themes(list(range(5)), centres)
    names = name_groups(nested, centres, find_terms(statements), theme_of, centres[theme_of], labels)
    members = pd.DataFrame({"feedback_id": ["a", "a", "b", "c"], "theme_id": [0, 1, 2, -1]})
    groups = count_groups(nested, names, members, 4).set_index("group_id")
    assert groups["comment_count"][["area-0", "theme-0", "area-2", "theme-4", "unassigned"]].tolist() == [1, 1, 1, 0, 1]
    assert groups.loc["area-0", "comment_share"] == 0.25
    assert (groups["comment_share_low"] <= groups["comment_share"]).all()
    assert (groups["comment_share"] <= groups["comment_share_high"]).all()
    assert groups.index[-1] == "unassigned"
    assert groups.loc["theme-0", "parent_id"] == "area-0"
    again = recount_groups(groups.reset_index(), members[members["feedback_id"] == "b"], 1)
    assert again.set_index("group_id")["comment_count"][["area-0", "area-2"]].tolist() == [0, 1]


def test_without_themes_only_the_unassigned_are_counted():
    nested = nest_themes([], np.zeros((0, 3)))
    used = find_terms(pd.DataFrame({"feedback_id": ["a"], "text": ["late"], "language": ["en"]}))
    labels = pd.DataFrame(columns=["theme_id", "language", "label", "is_borrowed"])
    names = name_groups(nested, np.zeros((0, 3)), used, np.array([-1]), np.zeros((1, 3)), labels)
    groups = count_groups(nested, names, pd.DataFrame({"feedback_id": ["a"], "theme_id": [-1]}), 1)
    assert groups[["group_id", "comment_count"]].values.tolist() == [["unassigned", 1]]

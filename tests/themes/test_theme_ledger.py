import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.errors import StoreError
from workbench.themes.codebook import Codebook, Forbid, Line, Merge
from workbench.themes.ledger import KEPT_RUNS, KnownTheme, Ledger, Prior, Run, read_ledger, write_ledger
from workbench.themes.matching import match_themes
from workbench.themes.members import member_keys, sample_keys, write_centre, write_keys
from workbench.themes.successors import FORBIDDEN, SCATTERED, UNASSIGNED_NOW, UNKNOWN, follow_themes


def keys_of(count, start=0):
    table = pd.DataFrame({"feedback_id": [f"c{n}" for n in range(start, start + count)], "text": "late"})
    return member_keys(table)


def run(number=1, found="f", labels=None, keys=None, centres=None, encoder="e", **rest):
    """A run whose statements have the given keys and themes."""
    keys, labels = (np.zeros(0, np.uint64), np.zeros(0, int)) if keys is None else (keys, np.asarray(labels))
    centres = np.eye(4) if centres is None else centres
    ids = sorted(set(labels[labels >= 0].tolist()))
    given = {"settings": "s", "first_new_id": 0, "next_id": max(ids, default=-1) + 1, **rest}
    return Run(number=number, found=found, encoder=encoder,
               themes=[KnownTheme(theme_id=theme, label=f"label {theme}", comment_count=9,
                                  centre=write_centre(centres[row])) for row, theme in enumerate(ids)],
               members={theme: write_keys(keys[labels == theme]) for theme in sorted(set(labels.tolist()))}, **given)


def match(old, labels, keys, centres=None, encoder="e"):
    centres = np.eye(4)[: max(labels) + 1] if centres is None else centres
    return match_themes(Prior(2, old, old.next_id), centres, keys, np.asarray(labels), encoder)


def events(matching):
    return {(row.event, row.theme_id, None if pd.isna(row.other_id) else row.other_id)
            for row in matching.events.itertuples()}


KEYS = keys_of(60)
TWO = np.repeat([0, 1], 30)


def test_the_same_themes_under_other_numbers_keep_theirs():
    found = match(run(labels=TWO, keys=KEYS), 1 - TWO, KEYS, np.eye(4)[[1, 0]])
    assert found.theme_ids.tolist() == [1, 0]
    assert events(found) == {("continued", 0, None), ("continued", 1, None)}
    assert found.next_id == 2


def test_a_merged_theme_gives_up_its_number_and_is_written_down():
    merged = match(run(labels=np.repeat([0, 1], [40, 20]), keys=KEYS), np.zeros(60, int), KEYS)
    assert merged.theme_ids.tolist() == [0]
    assert events(merged) == {("continued", 0, None), ("merged", 1, 0)}
    assert merged.events.set_index("event").at["merged", "moved_share"] == 1.0


def test_the_larger_part_of_a_split_theme_keeps_the_number():
    split = match(run(labels=np.zeros(60, int), keys=KEYS), np.repeat([0, 1], [20, 40]), KEYS, np.eye(4)[[0, 0]])
    assert split.theme_ids.tolist() == [1, 0]
    assert events(split) == {("continued", 0, None), ("split", 1, 0)}


def test_new_statements_make_a_born_theme_and_lost_ones_a_vanished_one():
    keys = np.concatenate([KEYS[:30], keys_of(30, 100)])
    found = match(run(labels=TWO, keys=KEYS), TWO, keys, np.eye(4)[[0, 2]])
    assert events(found) == {("continued", 0, None), ("born", 2, None), ("vanished", 1, None)}


def test_without_shared_statements_centres_decide():
    found = match(run(labels=TWO, keys=KEYS), TWO, keys_of(60, 500), np.eye(4)[[1, 0]])
    assert found.theme_ids.tolist() == [1, 0]


def test_centres_of_another_encoder_are_never_compared():
    old = run(labels=TWO, keys=KEYS)
    swapped = match(old, TWO, KEYS, np.eye(4)[[1, 0]], encoder="another")
    assert swapped.theme_ids.tolist() == [0, 1]
    assert set(swapped.events["matched_by"]) == {"members"}
    apart = match(old, TWO, keys_of(60, 500), encoder="another")
    assert apart.theme_ids.tolist() == [2, 3]
    wider = match(old, TWO, KEYS, np.eye(7)[:2], encoder="another")
    assert wider.theme_ids.tolist() == [0, 1]


def test_statements_are_known_again_only_with_the_same_text():
    old = run(labels=TWO, keys=KEYS)
    renumbered = member_keys(pd.DataFrame({"feedback_id": [f"c{n}" for n in range(60)], "text": "something else"}))
    found = match(old, 1 - TWO, renumbered)
    assert found.theme_ids.tolist() == [0, 1]  # by their centres


def test_a_vanished_theme_comes_back_with_its_number():
    old = run(labels=TWO, keys=KEYS)
    sleeping = old.model_copy(update={"themes": [old.themes[0], old.themes[1].model_copy(update={"is_live": False})],
                                      "members": {0: old.members[0]}})
    keys = np.concatenate([KEYS[:30], keys_of(30, 100)])
    found = match(sleeping, TWO, keys)
    assert events(found) == {("continued", 0, None), ("returned", 1, None)}


def test_numbers_are_never_used_again_and_pass_over_those_of_people():
    found = match_themes(Prior(9, None, 999), np.eye(3), np.zeros(0, np.uint64), np.zeros(0, int), "e")
    assert found.theme_ids.tolist() == [999, 10_000, 10_001]
    assert found.next_id == 10_002
    last = match_themes(Prior(9, None, 998), np.eye(2), np.zeros(0, np.uint64), np.zeros(0, int), "e")
    assert (last.theme_ids.tolist(), last.next_id) == ([998, 999], 10_000)


def test_matching_does_not_depend_on_the_order_of_statements():
    old, labels = run(labels=TWO, keys=KEYS), np.repeat([0, 1, 2], 20)
    order = np.random.default_rng(3).permutation(60)
    pd.testing.assert_frame_equal(match(old, labels, KEYS).events, match(old, labels[order], KEYS[order]).events)


def test_two_runs_keep_the_same_sample():
    few, many = keys_of(300), keys_of(900)
    kept = many[sample_keys(many, 90)]
    assert len(kept) == 90
    assert set(few[few <= kept.max()]) <= set(kept)


def test_a_run_that_is_there_goes_by_what_it_went_by():
    ledger = Ledger().with_run(run(1, "a")).with_run(run(2, "b", baseline=1, first_new_id=3, next_id=5))
    again, new = ledger.prior("b", "s"), ledger.prior("c", "s")
    assert (again.number, again.baseline.number, again.first_new_id) == (2, 1, 3)
    assert (new.number, new.baseline.number, new.first_new_id) == (3, 2, 5)
    assert ledger.prior("a", "s") == Prior(1, None, 0)


def test_other_rules_on_the_same_themes_leave_what_they_are_compared_with():
    ledger = Ledger().with_run(run(1, "a", as_found="A"))
    ledger = ledger.with_run(run(2, "b", as_found="B", baseline=1, first_new_id=3, next_id=5))
    for number in range(3, KEPT_RUNS + 9):
        prior = ledger.prior(f"b{number}", "s", "B")
        assert (prior.baseline.number, prior.first_new_id) == (number - 1, 5)
        assert (prior.compared.number, prior.since_first_id) == (1, 3)
        ledger = ledger.with_run(run(number, f"b{number}", as_found="B", baseline=number - 1, first_new_id=5, next_id=5,
                                     since=1, since_first_id=3))
        assert ledger.prior(f"b{number}", "s", "B") == prior
    assert ledger.prior("c", "s", "C").compared.number == KEPT_RUNS + 8
    assert sum(one.is_whole for one in ledger.runs) == KEPT_RUNS + 1


def test_a_run_whose_baseline_is_gone_settles_again():
    ledger = Ledger().with_run(run(1, "before", settings="other"))
    for number in range(2, KEPT_RUNS + 1):
        ledger = ledger.with_run(run(number, str(number)))
    ledger = ledger.with_run(run(KEPT_RUNS + 1, "f", settings="other", baseline=1))
    assert ledger.find("f") is None  # what it went by is gone
    prior = ledger.prior("f", "other")
    assert prior.baseline.found == "f"
    ledger = ledger.with_run(run(prior.number, "f", settings="other", baseline=prior.baseline.number))
    assert ledger.prior("f", "other") == prior
    assert ledger.find("f").number == prior.number


def test_a_run_with_other_settings_does_not_disturb_the_next_one():
    ledger = Ledger().with_run(run(1, "a")).with_run(run(2, "b", settings="other", next_id=70, baseline=1))
    prior = ledger.prior("c", "s")
    assert (prior.baseline.number, prior.first_new_id) == (1, 70)
    assert ledger.prior("c", "third").baseline.number == 2


def test_the_ledger_keeps_what_is_needed_and_thins_the_rest(tmp_path):
    ledger = Ledger()
    for number in range(1, KEPT_RUNS + 4):
        ledger = ledger.with_run(run(number, str(number), labels=TWO, keys=KEYS,
                                     baseline=number - 1 if number > 1 else None))
    assert [one.is_whole for one in ledger.runs] == [False] * 3 + [True] * KEPT_RUNS
    assert ledger.runs[0].members == {}
    assert ledger.find("2") is None  # what it went by is gone
    write_ledger(ledger, tmp_path / "l.json")
    assert read_ledger(tmp_path / "l.json") == ledger


@pytest.mark.parametrize(("now", "became"), [
    ([1] * 30, 1), ([1] * 15 + [-1] * 15, 1), ([1] * 10 + [2] * 10 + [-1] * 10, SCATTERED),
    ([1] * 14 + [-1] * 16, UNASSIGNED_NOW), ([], UNKNOWN)])
def test_a_theme_that_is_gone_is_where_half_of_its_statements_are(now, became):
    statements = pd.DataFrame({"statement_id": [f"c{n}/0" for n in range(60)],
                               "feedback_id": [f"c{n}" for n in range(60)], "text": "late"})
    statements = statements.iloc[:len(now)].reset_index(drop=True)
    ledger = Ledger().with_run(run(1, "a", labels=np.repeat([7, 8], 30), keys=KEYS)).with_run(
        run(2, "b", labels=np.repeat([9, 8], 30), keys=KEYS))
    assigned = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": now}, dtype=object)
    past = follow_themes(ledger, Codebook(), statements, assigned.astype({"theme_id": "int64"}))
    assert past.into == {theme: became if theme != 8 else UNKNOWN for theme in (7, 8, 9)}
    assert past.names["label 7"] == {7}


def test_rules_tell_where_a_theme_went_first():
    rules = Codebook((Line(1, "merge", Merge(merge=[7, 5], into=9)), Line(2, "forbid", Forbid(forbid=8)),
                      Line(3, "merge", Merge(merge=9, into=1)), Line(4, "forbid", Forbid(forbid="term"))))
    statements = pd.DataFrame({"statement_id": ["c0/0"], "feedback_id": ["c0"], "text": ["late"]})
    ledger = Ledger().with_run(run(1, "a", labels=np.repeat([7, 8, 9], 20), keys=KEYS))
    past = follow_themes(ledger, rules, statements, pd.DataFrame({"statement_id": ["c0/0"], "theme_id": [1]}))
    assert past.into == {5: 1, 7: 1, 8: FORBIDDEN, 9: 1}


def test_the_name_of_a_part_that_no_rule_splits_off_any_more_is_known():
    ledger = Ledger().with_run(run(1, "a", names={"slow evenings": 1001}))
    statements = pd.DataFrame({"statement_id": ["c0/0"], "feedback_id": ["c0"], "text": ["late"]})
    past = follow_themes(ledger, Codebook(), statements, pd.DataFrame({"statement_id": ["c0/0"], "theme_id": [0]}))
    assert past.into[1001] == UNKNOWN
    assert past.names["slow evenings"] == {1001}


def test_a_theme_is_known_by_its_name_in_each_language_until_that_is_forgotten():
    theme = KnownTheme(theme_id=7, label="late", labels={"ar": "تاخر", "fa": "ياسمن · دیر"}, comment_count=9)
    old = Run(number=1, found="f", settings="s", encoder="e", first_new_id=0, next_id=8, themes=[theme])
    ledger = Ledger().with_run(old)
    statements = pd.DataFrame({"statement_id": ["c0/0"], "feedback_id": ["c0"], "text": ["late"]})
    past = follow_themes(ledger, Codebook(), statements, pd.DataFrame({"statement_id": ["c0/0"], "theme_id": [0]}))
    assert past.names == {"late": {7}, "تاخر": {7}, "ياسمن · دیر": {7}}
    assert ledger.knows([], {"ياسمن"})
    assert ledger.without([], {"ياسمن"}).runs[0].themes[0].labels == {"ar": "تاخر", "fa": "دیر"}


def test_a_forgotten_word_leaves_the_names_that_rules_gave():
    ledger = Ledger().with_run(run(1, "a", names={"ياسمن · قبض": 0, "late": 1}))
    ledger = ledger.with_proposed(1, {0: ["یاسمن"], 1: ["Late"]})
    assert ledger.knows([], {"یاسمن"})
    less = ledger.without([], {"یاسمن"}).runs[0]
    assert (less.names, less.proposed) == ({"late": 1}, {0: [], 1: ["Late"]})


def test_a_forgotten_comment_leaves_every_run(tmp_path):
    ledger = Ledger().with_run(run(1, "a", labels=TWO, keys=KEYS)).with_run(run(2, "b", labels=TWO, keys=KEYS))
    assert ledger.knows(["c7"])
    assert not ledger.knows(["nobody"])
    less = ledger.without(["c7"])
    assert not less.knows(["c7"])
    assert less.knows(["c8"])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2, "runs": []}', '{"version": 1, "runs": [{}]}',
                                  '{"version": 1, "runs": [], "more": 1}'])
def test_a_damaged_ledger_is_an_error_and_not_a_new_beginning(tmp_path, text):
    (tmp_path / "study.themes.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read as a theme ledger"):
        read_ledger(tmp_path / "study.themes.json")


def test_damaged_keys_are_an_error(tmp_path):
    write_ledger(Ledger((run(labels=TWO, keys=KEYS),)), tmp_path / "l.json")
    content = json.loads((tmp_path / "l.json").read_text(encoding="utf-8"))
    content["runs"][0]["members"]["0"] = "%%%"
    (tmp_path / "l.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StoreError, match="theme ledger"):
        read_ledger(tmp_path / "l.json")


def test_a_ledger_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        write_ledger(Ledger(), Path(tmp_path / "file" / "l.json"))


def test_nothing_is_left_beside_a_ledger_that_cannot_be_replaced(tmp_path):
    (tmp_path / "a.themes.json").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write_ledger(Ledger(), tmp_path / "a.themes.json")
    assert [file.name for file in tmp_path.iterdir()] == ["a.themes.json"]

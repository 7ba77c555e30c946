"""New comments given to the themes that were found before, by the command; and the same tables whatever is stored."""

import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from workbench.analysis import analyse
from workbench.errors import InputError
from workbench.study import load_study

NEW = {"new1": "wrong amount on my invoice once more", "new2": "بسته باز هم نرسید", "new3": "الإنترنت بطيء جدا الآن"}
LIKE = {"new1": "en11", "new2": "fa21", "new3": "ar41"}  # a comment that says the same


def voc(*arguments, **environment):
    return subprocess.run([sys.executable, "-m", "workbench", *map(str, arguments)], capture_output=True, text=True,
                          encoding="utf-8", env={**os.environ, **environment})


def theme_of(analysis):
    return analysis.statements.merge(analysis.assignments).groupby("feedback_id")["theme_id"].first()


@pytest.mark.slow
def test_the_command_gives_new_comments_to_the_themes_that_are_there(tmp_path, make_small_study):
    path = make_small_study(tmp_path)
    before = analyse(path, progress=False)
    comments = pd.read_csv(tmp_path / "comments.csv")
    more = pd.DataFrame({"feedback_id": list(NEW), "text": list(NEW.values()), "created_at": "2026-03-20",
                         "market": "GB", "nps": 5, "customer_id": list(NEW)})
    pd.concat([comments, more]).to_csv(tmp_path / "comments.csv", index=False)

    done = voc("analyse", "--assign-only", path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"themes kept, \d+% of the statements they were found in are where they were", done.stderr)
    assert f"{len(comments) + len(NEW)} comments, {len(before.theme_centres)} themes" in done.stdout
    assert done.stderr.endswith("to report on this analysis, write `themes: {refit: false}` there.\n")

    study = before.study.with_themes(refit=False)
    after = analyse(study, progress=False)
    assert f"Tables: {after.folder}" in done.stdout
    np.testing.assert_array_equal(after.theme_centres, before.theme_centres)
    pd.testing.assert_frame_equal(after.labels, before.labels)
    assert after.themes["theme_id"].tolist() == before.themes["theme_id"].tolist()
    assert after.themes["comment_count"].sum() >= before.themes["comment_count"].sum() + len(NEW)
    given = theme_of(after)
    assert {new: given[new] for new in NEW} == {new: given[like] for new, like in LIKE.items()}
    assert (given.reindex(theme_of(before).index) == theme_of(before)).mean() > 0.9
    alike = after.statements.merge(after.assignments).merge(before.assignments, on="statement_id")
    alike = (alike["theme_id_x"] == alike["theme_id_y"]).mean()
    assert after.facts["themes"]["kept_alike"] == pytest.approx(alike, abs=1e-4)
    assert analyse(study, progress=False).key == after.key
    assert "refit" not in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_settings_that_were_tried_once_do_not_disturb_the_themes_that_are_kept(tmp_path, make_small_study):
    study = load_study(make_small_study(tmp_path))
    found = analyse(study, tables=["themes"], progress=False)
    tried = analyse(study.with_themes(count=6), tables=["themes"], progress=False)
    assert len(tried.theme_centres) != len(found.theme_centres)
    comments = pd.read_csv(tmp_path / "comments.csv")
    comments.iloc[1:].to_csv(tmp_path / "comments.csv", index=False)
    kept = analyse(study.with_themes(refit=False), tables=["themes"], progress=False)
    np.testing.assert_array_equal(kept.theme_centres, found.theme_centres)
    renamed = study.model_copy(update={"name": "Another"}).with_themes(refit=False)
    with pytest.raises(InputError, match="none are stored for a study of the name 'Another'"):
        analyse(renamed, tables=["themes"], progress=False)


@pytest.mark.slow
def test_a_cold_and_a_warm_store_give_the_same_tables_in_two_processes(tmp_path, make_small_study):
    cold, warm = make_small_study(tmp_path / "cold"), make_small_study(tmp_path / "warm")
    wanted = warm.read_text(encoding="utf-8")
    warm.write_text(wanted.replace("minimum_size: 4", "minimum_size: 5"), encoding="utf-8")
    analyse(warm, progress=False)  # comments, statements and vectors are stored now
    warm.write_text(wanted, encoding="utf-8")
    runs = [voc("analyse", path, PYTHONHASHSEED=seed, OMP_NUM_THREADS=seed)
            for path, seed in ((cold, "1"), (warm, "2"))]
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr + runs[1].stderr
    first, second = (analyse(path, progress=False) for path in (cold, warm))
    assert sorted(first.tables) == sorted(second.tables)
    for name, table in first.tables.items():
        if isinstance(table, np.ndarray):
            np.testing.assert_array_equal(table, second[name], err_msg=name)
        else:
            pd.testing.assert_frame_equal(table, second[name], obj=name)

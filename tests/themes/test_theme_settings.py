import shutil

import pandas as pd
import pytest

from workbench.errors import InputError, StudyError
from workbench.stages.themes import find_all, given_themes, theme_inputs
from workbench.store import Store
from workbench.study import load_study


def study_with(folder, themes, name="Small study"):
    path = folder / "study.yaml"
    path.write_text(f"name: {name}\nfeedback: comments.csv\nthemes:\n{themes}", encoding="utf-8")
    return path


@pytest.mark.parametrize(("themes", "message"), [
    ("  resolution: 0", r"study.yaml:4: 'themes.resolution.*a number above 0, or auto"),
    ("  resolution: fine", r"study.yaml:4: 'themes.resolution.*a number above 0, or auto"),
    ("  resolution: 2\n  count: 20", "study.yaml:.*count and resolution both say how many"),
    ("  method: kmeans", "study.yaml:.*kmeans needs count"),
    ("  method: guided", "study.yaml:.*guided needs given"),
    ("  given: [{name: Bills, words: [invoice]}]", "study.yaml:.*given goes with the methods guided and zero_shot"),
    ("  method: zero_shot\n  given:\n    - name: Bills", "study.yaml:6: .*needs words or examples"),
    ("  method: zero_shot\n  given:\n    - {name: Bills, wrds: [a]}", "study.yaml:6: .*did you mean 'words'"),
    ("  method: zero_shot\n  given: [{name: A, words: [a]}, {name: A, words: [b]}]", "two given themes have one name"),
    ("  method: manual", "manual needs column"),
    ("  column: reason", "column goes with the method manual"),
    ("  method: magic", "study.yaml:4: 'themes.method'"),
])
def test_wrong_settings_are_told_with_their_line(tmp_path, themes, message):
    with pytest.raises(StudyError, match=message):
        load_study(study_with(tmp_path, themes + "\n"))


def test_right_settings_are_read(tmp_path):
    assert load_study(study_with(tmp_path, "  count: 20\n")).themes.count == 20
    assert load_study(study_with(tmp_path, "  resolution: 2\n")).themes.resolution == 2.0
    assert load_study(study_with(tmp_path, "  resolution: auto\n")).themes.resolution == "auto"


def test_a_column_that_is_not_there_is_named(tmp_path):
    study = load_study(study_with(tmp_path, "  method: manual\n  column: reasn\n"))
    with pytest.raises(InputError, match=r"no column 'reasn' .did you mean 'reason'"):
        given_themes(study, {"comments": pd.DataFrame({"feedback_id": ["a"], "reason": ["x"]})})


def test_keeping_themes_needs_themes_to_keep(tmp_path, small_analysis):
    study = load_study(study_with(tmp_path, "  refit: false\n"))
    with pytest.raises(InputError, match="this study has none stored; analyse it once without"):
        find_all(study, small_analysis.tables, Store(study.store_folder))


def test_kept_themes_take_in_new_comments_and_stay_as_they_were(tmp_path, small_study, small_analysis):
    shutil.copytree(small_study.parent / ".workbench", tmp_path / ".workbench")
    study = load_study(study_with(tmp_path, "  refit: false\n  minimum_size: 4\n  neighbours: 8\n"))
    some = small_analysis["statements"].iloc[::2].reset_index(drop=True)
    tables = {**small_analysis.tables, "statements": some, "vectors": small_analysis["vectors"][::2]}
    made, facts = find_all(study, tables, Store(study.store_folder))
    assert "themes kept" in facts["told"]
    assert made["assignments"]["statement_id"].tolist() == some["statement_id"].tolist()
    assert len(made["theme_centres"]) == len(made["themes"]) - 1 > 0
    assert (made["assignments"]["theme_id"] >= 0).mean() > 0.8
    assert theme_inputs(study, tables) == theme_inputs(study, tables)

import shutil
from dataclasses import replace

import numpy as np
import pytest

from workbench.errors import InputError, StudyError
from workbench.stages.coding import code_all, coding_inputs
from workbench.stages.quality import quality_inputs
from workbench.stages.themes import _kept_themes, find_all, kept_themes_digest, theme_inputs
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


@pytest.mark.parametrize(("method", "count"), [("graph", 40), ("kmeans", 40), ("graph", 3)])
def test_a_number_of_themes_that_is_not_reached_is_told(small_analysis, method, count):
    study = small_analysis.study.with_themes(method=method, count=count)
    made, facts = find_all(study, small_analysis.tables, Store(study.store_folder))
    found = len(made["theme_centres"])
    assert (facts["asked_count"], facts["theme_count"]) == (count, found)
    assert (f"{found} themes where about {count} were asked for," in facts["told"]) == (found != count)
    assert (found == count) == (count == 3)


def test_keeping_themes_needs_themes_to_keep(tmp_path, small_analysis):
    study = load_study(study_with(tmp_path, "  refit: false\n"))
    with pytest.raises(InputError, match=r"none are stored for a study of the name .*; analyse it once without"):
        find_all(study, small_analysis.tables, Store(study.store_folder))


def test_a_study_under_a_new_name_is_told_of_the_themes_of_the_old_one(tmp_path, small_study, small_analysis):
    shutil.copytree(small_study.parent / ".workbench", tmp_path / ".workbench")
    path = study_with(tmp_path, "  refit: false\n")
    name = load_study(small_study).name
    path.write_text(path.read_text(encoding="utf-8").replace(f"name: {load_study(path).name}", "name: Renamed"),
                    encoding="utf-8")
    study = load_study(path)
    with pytest.raises(InputError, match=rf"of the name 'Renamed'; .* There are themes of '{name}': if this study had"):
        find_all(study, small_analysis.tables, Store(study.store_folder))


@pytest.mark.parametrize(("others", "told"), [
    ([], ""), (["old.themes.json"], "old.themes.json belongs to no study file"),
    (["old.themes.json", "old.yaml"], ""), (["old.themes.json", "old.yml"], ""),
])
def test_numbers_that_a_renamed_study_file_left_behind_are_told(tmp_path, small_analysis, others, told):
    for name in others:
        (tmp_path / name).touch()
    study = load_study(study_with(tmp_path, "  minimum_size: 4\n"))
    facts = code_all(study, small_analysis.tables, Store(study.store_folder))[1]
    assert facts["told"].startswith("first run: ")
    assert told in facts["told"]
    assert ("no study file" in facts["told"]) == bool(told)


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


@pytest.mark.parametrize("inputs", [theme_inputs, quality_inputs])
def test_names_that_given_themes_are_embedded_without_are_in_the_keys(small_analysis, inputs):
    named = small_analysis.study.model_copy(update={"names": ["Telko"]})
    assert inputs(named, small_analysis.tables) != inputs(small_analysis.study, small_analysis.tables)


def test_what_centres_are_made_of_is_in_the_key_of_the_numbers(small_analysis):
    study, tables = small_analysis.study, small_analysis.tables
    other = study.model_copy(update={"themes": study.themes.model_copy(
        update={"remove_language": not study.themes.remove_language})})
    assert coding_inputs(study, {**tables, "vectors": -tables["vectors"]}) != coding_inputs(study, tables)
    assert coding_inputs(other, tables) != coding_inputs(study, tables)


def test_all_that_is_kept_of_themes_is_in_their_digest(small_study, monkeypatch):
    study = load_study(small_study)
    study = study.model_copy(update={"themes": study.themes.model_copy(update={"refit": False})})
    kept = _kept_themes(study)
    others = [
        replace(kept, offsets=replace(kept.offsets, means=kept.offsets.means + 1)),
        replace(kept, offsets=replace(kept.offsets, languages=kept.offsets.languages[::-1])),
        replace(kept, terms=kept.terms.iloc[1:]), replace(kept, labels=kept.labels.iloc[1:]),
        replace(kept, vectors=-np.asarray(kept.vectors)), replace(kept, facts={**kept.facts, "floor": 0.9}),
        replace(kept, table=kept.table.assign(stability=0.123)),
    ]
    same = replace(kept, table=kept.table.assign(comment_count=0), facts={**kept.facts, "told": "", "refit": False})
    digests = []
    for themes in (kept, same, *others):
        monkeypatch.setattr("workbench.stages.themes._kept_themes", lambda study, themes=themes: themes)
        digests.append(kept_themes_digest(study))
    assert digests[0] == digests[1]
    assert len(set(digests)) == 1 + len(others)

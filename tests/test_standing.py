"""The note that a study stands as it was: whatever an analysis hangs on takes it away."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import workbench
from workbench.report import batch
from workbench.standing import keep_note, look_at, standing_analysis
from workbench.study import load_study

KEY = "0123456789abcdef"
FILES = {
    "data/comments.csv": "text\nlate\n", "forgotten.csv": "salt,digest,forgotten_on\n", "glossary.csv": "term\nfibre\n",
    "rules.yaml": "version: 1\n", "codes.csv": "statement_id,stage_id\n", "study.themes.json": "{}",
    "encoder/config.json": "{}", "tone/config.json": "{}",
    "own.yaml": "extends: seven_stages\nstatements: examples\n", "examples/use.txt": "it works\n",
    "study.yaml": "name: All\nfeedback: data\nglossary: glossary.csv\ncodebook: rules.yaml\nencoder: encoder\n"
                  "tone: {model: tone}\njourney: {model: own.yaml, codes: codes.csv}\n",
}


def open_files(study):
    from workbench.feedback import open_sources

    return open_sources(study.feedback, study.folder)


def noted(folder, settings=None, only=None):
    """Write a study, note that its analysis holds, and return its file."""
    for name, content in {**FILES, **({} if settings is None else {"study.yaml": settings})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    study = load_study(folder / "study.yaml")
    made = study.store_folder / "analyses" / KEY
    made.mkdir(parents=True)
    (made / "manifest.json").write_text("{}", encoding="utf-8")
    seen = look_at(study, open_files(study))
    if seen is not None:
        keep_note(study, only or {}, seen, KEY * 4, made)
    return study.path


def test_a_note_tells_the_analysis_of_just_this_part(tmp_path):
    study = noted(tmp_path, only={"market": "EG"})
    assert standing_analysis(study, {"market": "EG"}) == KEY * 4
    assert standing_analysis(study, {}) is None
    assert standing_analysis(tmp_path / "nowhere.yaml", {}) is None


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("how", ["written", "removed"])
def test_a_file_that_changed_takes_the_note_away(tmp_path, name, how):
    study = noted(tmp_path)
    assert standing_analysis(study, {})
    if how == "removed":
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(FILES[name] + "\n", encoding="utf-8")
    assert standing_analysis(study, {}) is None


@pytest.mark.parametrize("name", ["data/more.csv", "examples/leave.txt", "tone/weights.bin"])
def test_a_new_file_takes_the_note_away(tmp_path, name):
    study = noted(tmp_path)
    (tmp_path / name).write_text("text\nlost\n", encoding="utf-8")
    assert standing_analysis(study, {}) is None


def test_a_new_file_that_a_pattern_would_find_takes_the_note_away(tmp_path):
    study = noted(tmp_path, "name: All\nfeedback: data/c*.csv\n")
    assert standing_analysis(study, {})
    (tmp_path / "data" / "calls.csv").write_text("text\nlost\n", encoding="utf-8")
    assert standing_analysis(study, {}) is None


@pytest.mark.parametrize("pattern", ["data/*/c*.csv", "*/week?/c*.csv", "d*/*/comments.csv"])
def test_a_new_file_in_a_folder_that_held_none_takes_the_note_away(tmp_path, pattern):
    for name in ("week1", "week2"):
        (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / "week1" / "comments.csv").write_text("text\nlate\n", encoding="utf-8")
    study = noted(tmp_path, f"name: All\nfeedback: '{pattern}'\n")
    assert standing_analysis(study, {})
    (tmp_path / "data" / "week2" / "comments.csv").write_text("text\nlost\n", encoding="utf-8")
    assert standing_analysis(study, {}) is None


def test_a_file_that_was_edited_and_given_its_time_back_takes_the_note_away(tmp_path):
    study, file = noted(tmp_path), tmp_path / "data" / "comments.csv"
    before = file.stat()
    with file.open("r+", encoding="utf-8") as same:
        same.write("text\nlost\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert standing_analysis(study, {}) is None


def test_without_the_analysis_or_with_half_a_note_nothing_is_told(tmp_path):
    study = noted(tmp_path)
    file = next((tmp_path / ".workbench" / "standing").glob("*.json"))
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[:100], encoding="utf-8")
    assert standing_analysis(study, {}) is None
    file.write_text(json.dumps({**json.loads(whole), "program": "another"}), encoding="utf-8")
    assert standing_analysis(study, {}) is None
    file.write_text(whole, encoding="utf-8")
    assert standing_analysis(study, {})
    (tmp_path / ".workbench" / "analyses" / KEY / "manifest.json").unlink()
    assert standing_analysis(study, {}) is None


@pytest.mark.parametrize("settings", [
    "name: All\nfeedback: data\nencoder: someone/some-model\n",
    "name: All\nfeedback: 'data/**/*.csv'\n",
])
def test_nothing_is_noted_where_files_alone_do_not_tell(tmp_path, settings):
    assert standing_analysis(noted(tmp_path, settings), {}) is None


def test_with_kept_themes_another_analysis_takes_the_note_away(tmp_path):
    study = noted(tmp_path, "name: All\nfeedback: data\nthemes: {refit: false}\n")
    assert standing_analysis(study, {}) == KEY * 4
    (tmp_path / ".workbench" / "analyses" / "another").mkdir()
    assert standing_analysis(study, {}) is None


def test_a_store_elsewhere_is_found(tmp_path):
    study = noted(tmp_path, "name: All\nfeedback: data\nstore: kept\n")
    assert (tmp_path / "kept" / "standing").is_dir()
    assert standing_analysis(study, {}) == KEY * 4


def test_a_copy_of_a_study_with_its_store_does_not_stand_by_the_files_of_the_first(tmp_path):
    study = noted(tmp_path / "first")
    shutil.copytree(study.parent, tmp_path / "copy")
    assert standing_analysis(study, {})
    assert standing_analysis(tmp_path / "copy" / "study.yaml", {}) is None


def test_an_analysis_that_was_found_stored_is_noted(small_study, small_analysis):
    assert standing_analysis(small_study, {}) == small_analysis.key


def test_an_analysis_that_was_made_is_noted(tmp_path, make_small_study):
    study = make_small_study(tmp_path)
    made = workbench.analyse(study, only="market=EG", progress=False)
    assert standing_analysis(study, {"market": "EG"}) == made.key


def test_a_study_with_other_settings_than_its_file_is_not_noted(small_study, tmp_path, make_small_study):
    study = load_study(make_small_study(tmp_path))
    for _ in range(2):
        workbench.analyse(study, progress=False)
    assert standing_analysis(study.path, {}) is None


def test_reports_of_what_stands_load_no_tables(small_study, small_analysis):
    script = (
        "import sys\nfrom workbench.commands.analyse import report\nfrom workbench.report import batch\n"
        f"batch._analyse({os.fspath(small_study)!r}, {{}}, None, True)\n"
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'pydantic'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    assert found.stderr.startswith(f"Stored analysis {small_analysis.key[:12]}")


def test_what_does_not_stand_is_analysed(tmp_path, make_small_study):
    study = make_small_study(tmp_path)
    batch._analyse(study, {}, 1, False)
    assert Path(tmp_path, ".workbench", "analyses").is_dir()

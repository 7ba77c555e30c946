"""An analysis of some tables makes the stages that they take; the rest is made, the same, when it is asked for."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench import analysis as making
from workbench.analysis import analyse
from workbench.demand import ALWAYS, LATER, known_tables, needed_stages
from workbench.errors import InputError, StoreError
from workbench.report import batch
from workbench.report.verify import verify_report
from workbench.standing import standing_analysis
from workbench.store import Store, array_digest, table_digest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture
def stages(small_study, tmp_path):
    """A copy of the small study whose stages are stored, and no analysis."""
    shutil.copytree(small_study.parent, tmp_path / "copy")
    for kind in ("analyses", "standing"):
        shutil.rmtree(tmp_path / "copy" / ".workbench" / kind)
    return tmp_path / "copy" / "study.yaml"


@pytest.mark.parametrize("name", ["them", "nothing", 0])
def test_a_table_that_is_not_there_is_told_with_the_nearest(small_analysis, name):
    with pytest.raises(InputError, match=f"an analysis has no table {name!r}.*; its tables are .*themes") as told:
        small_analysis[name]
    assert ("did you mean 'themes'" in str(told.value)) == (name == "them")


@pytest.mark.parametrize(("analysis", "top", "message"), [
    ("small_analysis", 0, "top: expected a whole number from 1 on, found 0"),
    ("sample_study", 12, "a page is of an analysis, as `analyse` returns it, not of PosixPath"),
])
def test_a_page_is_of_an_analysis_and_shows_a_theme(request, analysis, top, message):
    with pytest.raises(InputError, match=message):
        wb.Page(request.getfixturevalue(analysis), top=top)


def test_a_single_name_is_no_list_of_tables(small_study):
    with pytest.raises(InputError, match=r"tables: expected a list of names, such as \['themes'\], found 'themes'"):
        analyse(small_study, tables="themes", progress=False)


@pytest.mark.parametrize("processes", [0, 1.5, "two"])
def test_processes_that_cannot_be_are_refused_though_all_is_stored(small_analysis, processes):
    with pytest.raises(InputError, match=f"processes: expected a whole number from 1 on, found {processes!r}"):
        analyse(small_analysis.study.path, processes=processes, progress=False)


def digests(tables):
    return {name: array_digest(value) if isinstance(value, np.ndarray) else table_digest(value)
            for name, value in tables.items()}


def folders(study):
    return sorted(path.name for path in (study.parent / ".workbench" / "analyses").iterdir())


def test_every_table_is_known_by_the_stage_that_makes_it_last(small_study, small_analysis):
    store, made = Store(small_study.parent / ".workbench"), {}
    manifest = store.manifest(small_analysis.folder)
    for stage in (*ALWAYS, *LATER):
        files = store.manifest(store.stage_path(stage, manifest["stages"][stage]))["files"]
        made |= {file.rsplit(".", 1)[0]: stage for file in files}
    small = {name: stage for name, stage in known_tables().items() if name != "labels"}  # no model proposes any here
    assert {**made, **small} == made
    assert set(made) == set(known_tables()) == set(small_analysis.tables)


@pytest.mark.parametrize(("tables", "is_part", "stages"), [
    ([], False, []),
    (["themes", "passport", "languages"], False, []),
    (["stage_shares"], False, ["journey", "reading"]),
    (["quotes"], False, ["journey", "reading", "tone", "voices"]),
    (["headlines"], False, ["evidence", "journey", "reading", "tone", "voices"]),
    (["themes"], True, ["journey", "map", "reading", "tone"]),
    (None, False, sorted(LATER)),
])
def test_stages_that_tables_take(tables, is_part, stages):
    assert sorted(needed_stages(tables, is_part)) == stages


def test_a_table_that_there_is_not_is_told_before_anything_is_read():
    with pytest.raises(InputError, match=r"no table 'theme' \(did you mean 'themes'\?\); its tables are adequacy, "):
        needed_stages(["theme"])


def test_what_is_made_first_and_what_is_made_later_are_a_whole_run(tmp_path, make_small_study, small_analysis, capsys):
    study = make_small_study(tmp_path)
    early = analyse(study, tables=["passport"])
    assert "journey" not in capsys.readouterr().err
    whole = analyse(study)
    lines = capsys.readouterr().err.replace("\r", "\n").splitlines()
    assert sum("stored" in line for line in lines) == len(ALWAYS)
    assert early.key == whole.key == standing_analysis(study, {})
    assert digests(whole.tables) == digests(small_analysis.tables)
    assert whole.facts.keys() == small_analysis.facts.keys()


def test_what_is_not_made_is_made_when_it_is_asked_for(stages, small_analysis):
    early = analyse(stages, tables=["themes"], progress=False)
    assert set(Store(stages.parent / ".workbench").manifest(early.folder)["stages"]) == set(ALWAYS)
    assert list(early.tables) == sorted(small_analysis.tables)
    assert "headlines" in early.tables
    assert folders(stages) == [early.folder.name]
    assert table_digest(early.tone) == table_digest(small_analysis.tone)
    assert len(folders(stages)) == 2
    assert early.facts["evidence"] == small_analysis.facts["evidence"]
    assert early.facts.get("cut") is None
    assert digests(early.tables) == digests(small_analysis.tables)
    with pytest.raises(AttributeError, match="an analysis has no 'topics'"):
        _ = early.topics


def test_a_study_that_has_changed_meanwhile_is_told(stages):
    early = analyse(stages, tables=["themes"], progress=False)
    comments = stages.parent / "comments.csv"
    comments.write_text(comments.read_text(encoding="utf-8").replace("parcel", "letter"), encoding="utf-8")
    with pytest.raises(StoreError, match="no longer as it was"):
        _ = early.tone


def test_a_part_of_the_comments_is_the_same_part(stages, small_study):
    whole = analyse(small_study, only="market=EG", progress=False)
    early = analyse(stages, only="market=EG", tables=["scores"], progress=False)
    assert early.key == whole.key
    assert set(LATER) - set(Store(stages.parent / ".workbench").manifest(early.folder)["stages"]) == {
        "voices", "tone_counts", "paths", "evidence"}
    assert digests(early.tables) == digests(whole.tables)
    assert early.study.expected == whole.study.expected


def test_of_what_is_stored_the_fullest_serves(stages):
    whole = analyse(stages, progress=False)
    made = folders(stages)
    early = analyse(stages, tables=["themes"], progress=False)
    assert early.folder == whole.folder
    assert folders(stages) == made
    assert standing_analysis(stages, {}) == whole.key


def test_what_stands_serves_reports_that_need_no_more(stages, monkeypatch):
    batch._analyse(stages, {}, 1, False, ["passport"])
    assert standing_analysis(stages, {}, []) is not None
    assert standing_analysis(stages, {}, needed_stages(["tone"])) is None
    monkeypatch.setattr(making, "_Run", None)
    batch._analyse(stages, {}, 1, False, ["parity", "quality"])
    with pytest.raises(TypeError, match="NoneType"):
        batch._analyse(stages, {}, 1, False)


def test_folders_of_one_analysis_are_pruned_as_one(tmp_path):
    store, paths = Store(tmp_path), []
    for day, (key, lacking) in enumerate([("a", []), ("a", ["tone"]), ("b", []), ("a", ["map"])]):
        paths.append(store.analysis_path(key, lacking))
        store.write(paths[-1], {}, {})
        os.utime(paths[-1], (day, day))
    assert store.prune(keep=2) == []
    assert store.prune(keep=1) == [paths[2]]


def test_the_folder_of_an_analysis_is_found_by_what_it_holds(tmp_path):
    store, table = Store(tmp_path), pd.DataFrame({"text": ["late", "دیر"]})
    for lacking, tables in ((["tone"], ["themes"]), (["themes"], ["tone"])):
        store.write(store.analysis_path("a", lacking), dict.fromkeys(tables, table), {})
    assert store.find_analysis("a", ["tone"]) == store.analysis_path("a", ["themes"])
    assert store.find_analysis("a", ["themes"]) == store.analysis_path("a", ["tone"])
    assert store.find_analysis("a", ["themes", "tone"]) == store.analysis_path("a")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_names_the_tables_that_it_reads(path, stages, tmp_path, monkeypatch):
    """Nothing is made on demand while it runs; and of each stage that is made for it, something is shown."""
    def unasked(run, key, tables):
        raise AssertionError(f"{path.stem} reads {tables[-1]}, which it does not name")

    monkeypatch.setattr(making._Run, "_more", unasked)
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    given = {"study": str(stages), "summary_path": str(tmp_path / "summary.json")}
    names: dict[str, object] = {}
    for cell in cells:
        exec("".join(cell["source"]), names)
        names |= given if "parameters" in cell["metadata"].get("tags", []) else {}
    page = names["page"]
    assert isinstance(page, wb.Page)
    summary = tmp_path / "summary.json"
    read = set(page.digests) | ({"headlines"} if summary.exists() and "headlines" in summary.read_text() and
                                "left_out" not in summary.read_text() else set())
    made = set(Store(stages.parent / ".workbench").manifest(page.analysis.folder)["stages"]) & set(LATER)
    assert needed_stages(read) == made


@pytest.mark.slow
def test_reports_one_after_the_other_make_each_stage_once_and_verify(make_small_study, tmp_path, small_analysis):
    study, place, made = make_small_study(tmp_path / "own"), tmp_path / "out", []
    for notebook in ("themes", "trends", "voice_of_customer"):
        made += batch.render_reports(notebook, study=study, output=place, progress=False)
        html = made[-1].html.read_text(encoding="utf-8")
        assert small_analysis.key in html
    stages = [path.name.rpartition("-")[0] for path in (study.parent / ".workbench" / "stages").iterdir()]
    assert sorted(stages) == sorted([*ALWAYS, *LATER])
    assert len(folders(study)) == 3
    for report in made:
        found = verify_report(report.html)
        assert found.parts > 5
        assert not found.differences
    assert len(folders(study)) == 3
    told = json.loads(made[0].summary.read_text(encoding="utf-8"))
    assert told["left_out"] == ["headlines"]
    assert "headlines" not in told
    assert {row["theme_id"] for row in told["themes"]} == set(small_analysis.themes["theme_id"])
    shutil.rmtree(study.parent / ".workbench")
    again = verify_report(made[0].html)
    assert (again.differences, again.parts) == ([], verify_report(made[0].html, from_data=True).parts)
    assert len(folders(study)) == 1

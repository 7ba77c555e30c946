import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.errors import InputError, StudyError
from workbench.report.messages import load_messages
from workbench.report.sections.wording import found_on_sample
from workbench.settings import ThemeSettings
from workbench.stages.quality import examine_all
from workbench.stages.themes import find_all
from workbench.store import Store
from workbench.study import load_study
from workbench.themes import agreement_with_full_fit, assign_themes, draw_statements, find_on_sample, find_themes


def planted(seed=0, each=60, topics=6, dimensions=24):
    generator = np.random.default_rng(seed)
    vectors = np.repeat(generator.normal(size=(topics, dimensions)), each, axis=0)
    vectors = vectors + 0.5 * generator.normal(size=vectors.shape)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    ids = [f"{number:04d}" for number in range(len(vectors))]
    language = np.where(np.arange(len(vectors)) % 4 == 0, "fa", "en")
    return pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids, "start": 0, "end": 9,
                         "text": [f"word{name} late" for name in ids], "language": language,
                         "language_confidence": 1.0, "direction": "ltr", "script": "Latn"}), vectors


def test_the_sample_is_the_same_in_any_order_and_in_any_part():
    statements, _ = planted()
    drawn = set(statements.loc[draw_statements(statements, 100, seed=3), "statement_id"])
    order = np.random.default_rng(1).permutation(len(statements))
    other = statements.iloc[order].reset_index(drop=True)
    assert set(other.loc[draw_statements(other, 100, seed=3), "statement_id"]) == drawn
    assert set(statements.loc[draw_statements(statements, 100, seed=4), "statement_id"]) != drawn
    larger = set(statements.loc[draw_statements(statements, 200, seed=3), "statement_id"])
    assert drawn < larger


@pytest.mark.parametrize(("size", "english", "persian"), [(100, 75, 25), (8, 6, 2), (2, 1, 1), (360, 270, 90),
                                                        (5_000, 270, 90)])
def test_languages_are_drawn_in_proportion(size, english, persian):
    statements, _ = planted()
    counts = statements.loc[draw_statements(statements, size), "language"].value_counts()
    assert (counts["en"], counts["fa"]) == (english, persian)


@pytest.mark.parametrize("size", [1, 0, -3])
def test_a_sample_of_hardly_anything_is_refused(size):
    statements, vectors = planted()
    with pytest.raises(InputError, match=f"two statements at least, not on a sample of {size}"):
        find_on_sample(statements, vectors, size)


def test_all_statements_get_the_themes_that_a_sample_has():
    statements, vectors = planted()
    statements["feedback_id"] = [f"{number // 3:04d}" for number in range(len(statements))]
    found = find_on_sample(statements, vectors, 150, neighbours=10)
    assert found.facts["sampled"] == 150
    assert found.facts["sampled_of"] == 360
    assert found.facts["sampled_alike"] > 0.9
    assert found.assignments["statement_id"].tolist() == statements["statement_id"].tolist()
    assert int(found.table["statement_count"].sum()) == 360
    theme = found.assignments["theme_id"].to_numpy()
    assert adjusted_rand_score(np.repeat(np.arange(6), 60), theme) > 0.85
    drawn = draw_statements(statements, 150)
    fit = find_themes(statements[drawn], vectors[drawn], neighbours=10)
    rest = assign_themes(statements, vectors, fit)[~drawn]
    assert theme[drawn].tolist() == fit.assignments["theme_id"].tolist()
    assert theme[~drawn].tolist() == rest["theme_id"].tolist()
    assert found.table["stability"].tolist()[:-1] == fit.table["stability"].tolist()[:-1]


def test_row_order_changes_nothing():
    statements, vectors = planted()
    order = np.random.default_rng(1).permutation(len(statements))
    one = find_on_sample(statements, vectors, 150, neighbours=10)
    other = find_on_sample(statements.iloc[order].reset_index(drop=True), vectors[order], 150, neighbours=10)
    pd.testing.assert_frame_equal(other.assignments.sort_values("statement_id", ignore_index=True), one.assignments)
    pd.testing.assert_frame_equal(other.table, one.table)
    pd.testing.assert_frame_equal(other.labels, one.labels)
    np.testing.assert_array_equal(other.vectors, one.vectors)


@pytest.mark.parametrize("size", [None, 360, 10_000])
def test_a_sample_as_large_as_the_data_is_a_full_fit(size):
    statements, vectors = planted()
    one, other = find_on_sample(statements, vectors, size, neighbours=10), find_themes(statements, vectors,
                                                                                      neighbours=10)
    pd.testing.assert_frame_equal(one.assignments, other.assignments)
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.facts == other.facts


def test_agreement_by_hand():
    assigned, full = np.array([0, 0, 0, 1, 1, -1, -1]), np.array([4, 4, 2, 2, 2, -1, 4])
    found = agreement_with_full_fit(assigned, full)
    assert found["same_share"] == round(5 / 7, 4)
    assert found["ari"] == round(adjusted_rand_score(full, assigned), 4)
    assert found["n"] == 7
    assert agreement_with_full_fit(np.array([-1, -1]), np.array([0, -1]))["same_share"] == 0.5


@pytest.mark.parametrize(("one", "other"), [([], []), ([0], [0, 1])])
def test_agreement_needs_the_same_statements(one, other):
    with pytest.raises(InputError, match=f"found {len(one)} and {len(other)}"):
        agreement_with_full_fit(np.array(one), np.array(other))


@pytest.mark.parametrize(("themes", "message"), [
    ("{sample: 1}", "themes.sample.*2 or more, or all, or auto"),
    ("{sample: -5}", "themes.sample.*2 or more"),
    ("{sample: 2.5}", "themes.sample.*2 or more"),
    ("{sample: true}", "themes.sample.*2 or more"),
    ("{sample: many}", "themes.sample.*2 or more"),
    ("{method: manual, column: reason, sample: 50}", "manual finds nothing, so that it needs no sample"),
])
def test_wrong_samples_are_told(tmp_path, themes, message):
    path = tmp_path / "study.yaml"
    path.write_text(f"name: One\nfeedback: a.csv\nthemes: {themes}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        load_study(path)


def test_settings_of_themes_are_checked_when_they_are_changed(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text("name: One\nfeedback: a.csv\nthemes: {method: manual, column: reason}\n", encoding="utf-8")
    study = load_study(path)
    with pytest.raises(StudyError, match="manual finds nothing"):
        study.with_themes(sample=50)
    with pytest.raises(StudyError, match=r"'themes.sample'.*2 or more"):
        study.with_themes(sample=0)
    assert not study.with_themes(refit=False).themes.refit
    for wrong in ("1", "few", "-3"):
        told = CliRunner().invoke(app, ["analyse", str(path), "--theme-sample", wrong])
        assert "2 or more, or all, or auto" in str(told.exception)


def test_stages_say_on_what_themes_were_found(small_analysis):
    study, tables = small_analysis.study.with_themes(sample=30), small_analysis.tables
    made, facts = find_all(study, tables, Store(study.store_folder))
    assert (facts["sampled"], facts["sampled_of"]) == (30, len(tables["statements"]))
    assert f"found on 30 of {len(tables['statements'])}" in facts["told"]
    assert "sampled" not in small_analysis.facts["themes"]
    examined, told = examine_all(study, {**tables, **made}, Store(study.store_folder))
    assert told["refitted"]
    assert (examined["passport"]["resamples"] == study.quality.resamples).all()
    assert set(examined["parity"]["removal"]) == {"on"}


def test_reports_say_on_what_themes_were_found():
    m = load_messages("en")
    assert "30 of 1,200 statements" in found_on_sample({"sampled": 30, "sampled_of": 1200}, m)[0]
    assert "92%" in found_on_sample({"sampled": 30, "sampled_of": 1200, "sampled_alike": 0.917}, m)[0]
    assert found_on_sample({}, m) == []


def test_how_far_a_sample_is_assigned_as_it_was_found_is_counted():
    """The theme that assigning gives is swapped for one statement in ten of those drawn."""
    statements, vectors = planted()
    drawn = draw_statements(statements, 150)
    swapped = np.flatnonzero(drawn)[::10]

    def assign(rows, points, themes):
        whole = find_themes(statements[drawn], vectors[drawn], neighbours=10).assignments.set_index("statement_id")
        theme = assign_themes(rows, points, themes).assign(
            theme_id=whole["theme_id"].reindex(rows["statement_id"]).fillna(0).astype(int).to_numpy())
        theme.loc[swapped, "theme_id"] += 1
        return theme

    assert find_on_sample(statements, vectors, 150, neighbours=10, assign=assign).facts["sampled_alike"] == 0.9


@pytest.mark.parametrize(("settings", "statements", "size"), [
    ({}, 200_000, 200_000), ({}, 200_001, 200_000), ({}, 0, 2), ({"sample": "all"}, 1_000_000, 1_000_000),
    ({"sample": 50}, 1_000, 50), ({"sample": 50}, 20, 20), ({"method": "manual", "column": "a"}, 300_000, 300_000),
])
def test_large_studies_are_sampled_by_themselves(settings, statements, size):
    assert ThemeSettings(**settings).sample_size(statements) == size

"""What a study names beside its comments is read before anything else."""

import pytest

from workbench.analysis import analyse
from workbench.errors import InputError, StudyError
from workbench.stages import check_models
from workbench.stages.models import check_expected
from workbench.study import load_study


def study_of(folder, settings):
    (folder / "study.yaml").write_text(f"name: A\nfeedback: c.csv\n{settings}", encoding="utf-8")
    (folder / "c.csv").write_text("feedback_id,text\na,the courier was late\n", encoding="utf-8")
    return load_study(folder / "study.yaml")


@pytest.mark.parametrize(("settings", "message"), [
    ("expected:\n  market: {DE: 0.1}\n  stage:\n    use: 0.1\n    usage: 0.2\n",
     r"study.yaml:7: 'expected.stage' names 'usage', .* stage of the journey model 'seven_stages' .* mean 'use'"),
    ("expected: {touchpoint: {deliver: 0.2}}\n", r"study.yaml:3: 'expected.touchpoint' names 'deliver', .*'delivery'"),
    ("expected: {stage: {unassigned: 0.2}}\n", "study.yaml:3: 'expected.stage' names 'unassigned'"),
    ("expected: {source: {reviews: 0.2}}\n", r"'expected.source' names 'reviews', which is no kind of .* 'review'"),
    ("expected: {language: {english: 0.2}}\n", "'expected.language' names 'english', which is no language; write its"),
    ("decisions:\n  - name: B\n    cells:\n      stage: [use, usage]\n",
     r"study.yaml:6: 'decisions.0.cells.stage' names 'usage', .* mean 'use'"),
    ("decisions: [{name: B, cells: {touchpoint: [deliver]}}]\n", "'decisions.0.cells.touchpoint' names 'deliver'"),
])
def test_what_is_expected_of_an_unknown_part_is_told_with_its_line(tmp_path, settings, message):
    study = study_of(tmp_path, settings)
    with pytest.raises(StudyError, match=message):
        check_models(study)


def test_what_may_be_expected_is_accepted(tmp_path):
    check_models(study_of(tmp_path, "expected: {stage: {use: 0.2}, touchpoint: {app: 0.1}, source: {review: 0.1}, "
                                    "language: {pl: 0.1, und: 0.1}, market: {XX: 0.5}, segment: {any: 0.1}}\n"))


def test_a_study_that_is_no_file_is_told_without_a_line(tmp_path):
    from workbench.journey import load_journey_model

    study = study_of(tmp_path, "expected: {stage: {usage: 0.2}}\n")
    study.path.unlink()
    with pytest.raises(StudyError, match=r"study.yaml: 'expected.stage' names 'usage'"):
        check_expected(study, load_journey_model())


@pytest.mark.parametrize(("settings", "files", "message"), [
    ("expected: {stage: {usage: 0.2}}\n", {}, "names 'usage'"),
    ("encoder: nosuch.npz\n", {}, r"The encoder file nosuch\.npz cannot be read"),
    ("journey: {codes: codes.csv}\n", {"codes.csv": "text,stage_id\na,usage\n"}, "codes.csv:2: there is no stage"),
    ("journey: {codes: codes.csv}\n", {"codes.csv": "text,stage_id\na,use\na,unassigned\n"}, "codes.csv:3: the same"),
    ("codebook: book.yaml\n", {"book.yaml": "rules:\n  - {place: 1, stages: [usage]}\n"}, "book.yaml:2: theme 1"),
])
def test_mistakes_are_told_before_comments_are_read(tmp_path, monkeypatch, settings, files, message):
    study = study_of(tmp_path, settings)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("workbench.stages.read_feedback", lambda *_: pytest.fail("comments were read before"))
    with pytest.raises(InputError, match=message):
        analyse(study.path, progress=False)

"""A user's own data, as odd as they come, go through every stage."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.analysis import analyse
from workbench.errors import InputError
from workbench.scale import Local
from workbench.stages import embedding
from workbench.store import Store
from workbench.study import load_study


def change(path, **columns):
    table = pd.read_csv(path.parent / "comments.csv", dtype=str)
    table.assign(**columns).to_csv(path.parent / "comments.csv", index=False)
    return path


@pytest.fixture
def study(tmp_path, make_small_study):
    return make_small_study(tmp_path / "own")


def test_columns_named_like_ours_are_kept_and_harm_nothing(study):
    analysis = analyse(change(study, is_counted="no", theme_id="x", says_nothing="1", duplicate_of="me",
                              stage_id="y", direction="up"), progress=False)
    assert set(analysis.comments["is_counted"]) == {"no"}
    assert set(analysis.comments["duplicate_of_in_file"]) == {"me"}
    assert analysis.facts["insights"]["counted"] > 0


def test_an_expectation_without_its_column_is_an_error(study):
    table = pd.read_csv(study.parent / "comments.csv", dtype=str).drop(columns="market")
    table.to_csv(study.parent / "comments.csv", index=False)
    with pytest.raises(InputError, match="expects shares by 'market', but no source has that column"):
        analyse(study, progress=False)


@pytest.mark.parametrize(("settings", "message"), [
    ("quality: {parallel: markt}", "quality.parallel: the comments have no 'markt' (did you mean 'market'?)"),
    ("quality: {parallel: text}", "quality.parallel: the comments have no 'text' to be told apart by; they have "),
    ("themes: {method: manual, column: markt}", "themes.column: the comments have no 'markt' (did you mean 'market'?)"),
])
def test_a_column_that_a_study_names_and_the_comments_lack_is_told_before_any_work(study, settings, message, capsys):
    study.write_text(f"name: One\nfeedback: comments.csv\n{settings}\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        analyse(study)
    assert message in str(told.value)
    assert {line.split()[0] for line in capsys.readouterr().err.splitlines()} == {"feedback"}
    assert message in str(CliRunner().invoke(app, ["check", str(study)]).exception)


def test_an_expectation_of_comments_that_are_stored_already_is_checked(study):
    study.write_text("name: One\nfeedback: comments.csv\n", encoding="utf-8")
    analyse(study, tables=["comments"], progress=False)
    study.write_text("name: One\nfeedback: comments.csv\nexpected: {segment: {home: 0.4}}\n", encoding="utf-8")
    with pytest.raises(InputError, match="expects shares by 'segment', but no source has that column"):
        analyse(study, progress=False)


def test_dates_with_zones_missing_customers_and_one_wrong_year(study):
    table = pd.read_csv(study.parent / "comments.csv", dtype=str)
    table["created_at"] = table["created_at"] + "T10:00:00+03:00"
    table.loc[0, "created_at"] = "1970-01-01T00:00:00Z"
    table.loc[::2, "customer_id"] = None
    table.to_csv(study.parent / "comments.csv", index=False)
    analysis = analyse(study, progress=False)
    assert analysis.periods["period"].min() == pd.Timestamp("2026-01-01")
    assert analysis.gaps.empty
    assert len(analysis.quotes)


def test_only_employees_speak_for_nobody(study):
    analysis = analyse(change(study, speaker="employee"), progress=False)
    assert analysis.facts["insights"]["counted"] == 0
    assert len(analysis.headlines) == 0
    assert (analysis.themes["comment_count"] == 0).all()


def test_a_stage_may_be_expected(study):
    study.write_text(study.read_text(encoding="utf-8").replace("expected:\n", "expected:\n  stage: {awareness: 0.9}\n"),
                     encoding="utf-8")
    coverage = analyse(study, tables=["coverage"], progress=False).coverage
    row = coverage[(coverage["dimension"] == "stage") & (coverage["value"] == "awareness")].iloc[0]
    assert row["heard"] in ("less than expected", "not heard")


def test_encoding_many_statements_tells_of_blocks_of_them(small_study, small_analysis, tmp_path, monkeypatch):
    monkeypatch.setattr(embedding, "_BLOCK", 20)
    executor, told = Local(), []
    executor.tell = lambda *numbers: told.append(numbers)
    made, _ = embedding.embed_all(load_study(small_study), small_analysis.tables, Store(tmp_path), executor)
    count = -(-len(small_analysis.statements) // 20)
    assert told == [(number, count) for number in range(1, count + 1)]
    assert executor.tell is not None
    assert (made["vectors"] == small_analysis.vectors).all()

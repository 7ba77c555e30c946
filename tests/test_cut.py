"""A part of the comments: its own counts, the whole study's themes."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.analysis import analyse
from workbench.conditions import read_condition, written_condition
from workbench.errors import InputError
from workbench.stages.columns import check_name
from workbench.stages.cut import values_of


@pytest.fixture(scope="module")
def egypt(small_study):
    return analyse(small_study, only="market=EG", progress=False)


def test_a_part_counts_its_own_comments_and_keeps_the_themes(small_analysis, egypt):
    assert set(egypt.comments["market"]) == {"EG"}
    assert egypt.facts["insights"]["comments"] == len(egypt.comments) < len(small_analysis.comments)
    assert list(egypt.themes["theme_id"]) == list(small_analysis.themes["theme_id"])
    assert list(egypt.labels["label"]) == list(small_analysis.labels["label"])
    assert len(egypt.vectors) == len(egypt.statements) == len(egypt.assignments) == len(egypt.journey)


def test_the_parts_add_up_to_the_whole(small_study, small_analysis):
    parts = [analyse(small_study, only={"market": name}, progress=False) for name in ("EG", "GB", "IR")]
    for table, count in (("themes", "statement_count"), ("themes", "comment_count"), ("stage_shares", "comment_count")):
        assert sum(part[table][count] for part in parts).tolist() == small_analysis[table][count].tolist()


def test_shares_are_of_the_part(egypt):
    counted = egypt.facts["insights"]["counted"]
    themes = egypt.themes
    assert (themes["comment_share"] * counted).round(9).tolist() == themes["comment_count"].tolist()


def test_what_is_expected_of_markets_is_not_asked_of_one(small_analysis, egypt):
    assert "market" in small_analysis.study.expected
    assert "market" not in egypt.study.expected


def test_a_part_is_stored_under_its_own_key(small_study, small_analysis, egypt, capsys):
    again = analyse(small_study, only={"market": "EG"})
    assert "nothing has changed" in capsys.readouterr().err
    assert again.key == egypt.key != small_analysis.key
    assert again.only == {"market": "EG"}
    assert again.study.expected == egypt.study.expected


@pytest.mark.parametrize(("only", "message"), [
    ("market", "column=value"),
    ("=EG", "column=value"),
    ("market=", "column=value"),
    ("markt=EG", "did you mean 'market'"),
    ("text=hello", "no 'text' to be told apart by; they have stage, touchpoint, language, "),
    ("market=XX", "there are EG, GB, IR"),
    ("market=EG, language=fa", "no comment fits all"),
])
def test_a_wrong_condition_is_told(small_study, only, message):
    with pytest.raises(InputError, match=message):
        analyse(small_study, only=only, progress=False)


def test_what_comments_can_be_told_apart_by_is_named_once():
    comments = pd.DataFrame(columns=["feedback_id", "text", "touchpoint", "language", "market"])
    with pytest.raises(InputError, match=r"they have stage, touchpoint, language, market\.$"):
        check_name("markt", comments)


@pytest.mark.parametrize(("only", "message"), [
    ("markt=EG", "did you mean 'market'"),
    ("market=XX", "no comment has market 'XX'; there are EG, GB, IR"),
    ("market=EG, stage=usee", "the journey model 'seven_stages' has no stage 'usee' .did you mean 'use'"),
    ("touchpoint=invoce", "the journey model 'seven_stages' has no touchpoint 'invoce'"),
])
def test_a_wrong_condition_is_told_before_any_work(tmp_path, make_small_study, only, message, capsys):
    study = make_small_study(tmp_path)
    with pytest.raises(InputError, match=message):
        analyse(study, only=only)
    assert {line.split()[0] for line in capsys.readouterr().err.splitlines()} == {"feedback"}


@pytest.mark.parametrize("options", [["--by", "markt"], ["--by", "market", "--only", "markt=EG"]])
def test_what_reports_are_made_by_is_looked_at_before_any_work(tmp_path, make_small_study, options):
    study = make_small_study(tmp_path)
    done = CliRunner().invoke(app, ["report", "trends", "--study", str(study), *options])
    assert "the comments have no 'markt' (did you mean 'market'?)" in str(done.exception)
    assert not (tmp_path / ".workbench").exists()


@pytest.mark.parametrize("options", [["--timeout", "0"], ["--by", "market", "--minimum", "-1"]])
def test_numbers_that_cannot_be_are_told_before_any_work(tmp_path, make_small_study, options):
    done = CliRunner().invoke(app, ["report", "trends", "--study", str(make_small_study(tmp_path)), *options])
    assert done.exit_code == 2
    assert f"Invalid value for '{options[-2]}'" in done.output
    assert not (tmp_path / ".workbench").exists()


def test_a_report_that_is_of_all_comments_is_not_made_by_parts(tmp_path, make_small_study):
    done = CliRunner().invoke(app, ["report", "themes", "--study", str(make_small_study(tmp_path)), "--by", "market"])
    assert "this notebook cannot report on a part of the comments" in str(done.exception)
    assert not (tmp_path / ".workbench").exists()


def test_touchpoints_and_stages_cut_by_what_comments_speak_of(small_analysis):
    values = values_of(small_analysis.tables, "touchpoint")
    assert isinstance(values, pd.Series)
    assert set(values.index) <= set(small_analysis.comments["feedback_id"])
    assert not values.reset_index().duplicated().any()


def test_conditions_have_one_order():
    assert list(read_condition("b=1, a=2")) == ["a", "b"] == list(read_condition({"b": "1", "a": "2"}))


@pytest.mark.parametrize("only", [
    {"segment": "home, small"}, {"segment": "خانه، کوچک"}, {"a=b": "c=d"}, {"segment": ' "quoted" \\ '}, {"n,m": "1,5"},
    {"market": "EG", "segment": "line\nend"},
])
def test_a_condition_is_read_as_it_is_written(only):
    assert read_condition(written_condition(only)) == only


@pytest.mark.parametrize("text", ["market", "=EG", "market=", "market=EG, segment", '"market', '"a\\x"=1', 'a="b" c'])
def test_what_is_no_condition(text):
    with pytest.raises(InputError, match="named as column=value"):
        read_condition(text)


@pytest.mark.parametrize("only", [3, ["market=EG"]])
def test_what_is_no_condition_at_all(only):
    with pytest.raises(InputError, match=r"a part of the comments is named as .* or 'market=EG', not as"):
        read_condition(only)


def test_gaps_between_conditions_are_nothing():
    assert read_condition(" market=EG,, segment = home ,") == {"market": "EG", "segment": "home"}


def test_what_is_of_the_whole_study_says_so(small_analysis, egypt):
    from workbench.report.page import Page

    note = "about the whole study"
    assert note in Page(egypt, "en").passport().html
    assert note not in Page(small_analysis, "en").passport().html
    assert note not in Page(egypt, "en").key_figures().html
    assert not len(egypt["theme_restated"])


def test_terms_are_of_languages_that_speak_in_the_part(egypt):
    assert set(egypt.terms["language"]) <= set(egypt.statements["language"])


def test_rows_read_are_not_told_of_a_part(small_analysis, egypt):
    from workbench.report.page import Page

    assert "Rows read" in Page(small_analysis, "en").how_it_was_made().html
    assert "Rows read" not in Page(egypt, "en").how_it_was_made().html

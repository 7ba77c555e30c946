"""Tables and charts as files for other programs."""

import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.errors import FeedbackError, InputError
from workbench.feedback import write_csv, write_xlsx
from workbench.report.export import _without_small, export_analysis, shown_tables

RUNS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]
HARMLESS = ["a=b", "خوب", "نعم = لا", "", "'quoted"]


@pytest.fixture(scope="module")
def exported(small_analysis, tmp_path_factory):
    place = tmp_path_factory.mktemp("export") / "out"
    return place, export_analysis(small_analysis, place, language="fa")


def test_tables_and_charts_are_written(exported):
    place, files = exported
    names = {path.relative_to(place).as_posix() for path in files}
    assert {"tables.xlsx", "tables/about.csv", "tables/themes.csv", "charts/theme_shares.svg",
            "charts/theme_shares.png", "charts/who_spoke_market.svg"} <= names
    assert (place / "charts" / "theme_shares.png").read_bytes().startswith(b"\x89PNG")


def test_charts_carry_their_font_and_nothing_from_elsewhere(exported):
    svg = (exported[0] / "charts" / "theme_shares.svg").read_text(encoding="utf-8")
    assert "@font-face" in svg
    assert "http" not in svg.replace("http://www.w3.org/", "")


def test_no_table_of_single_comments_leaves_the_house(small_analysis, exported):
    names = set(shown_tables(small_analysis))
    assert "quotes" in names
    assert not names & {"comments", "statements", "assignments", "profile", "members", "journey", "rejected"}
    for file in (exported[0] / "tables").glob("*.csv"):
        assert "customer_id" not in pd.read_csv(file).columns


def test_the_workbook_and_the_files_say_the_same(exported):
    book = load_workbook(exported[0] / "tables.xlsx")
    themes = pd.read_csv(exported[0] / "tables" / "themes.csv")
    rows = list(book["themes"].values)
    assert list(rows[0]) == list(themes.columns)
    assert [row[0] for row in rows[1:]] == themes["theme_id"].tolist()
    assert book["themes"].sheet_view.rightToLeft


def test_small_cells_are_empty():
    table = pd.DataFrame({"market": ["DE", "JO"], "n": [40, 3], "score_low": [0.1, 0.2]})
    assert json.loads(_without_small(table, 5).to_json(orient="records")) == [
        {"market": "DE", "n": 40, "score_low": 0.1, "is_hidden": False},
        {"market": "JO", "n": None, "score_low": None, "is_hidden": True},
    ]


@pytest.mark.parametrize("row", [
    {"value": "a", "customers": 40, "customers_low_score": 1, "revenue_low_score": 48_210.0},
    {"value": "a", "n": 1, "positive_share": 1.0, "abstained_share": 0.0},
    {"value": "a", "n": 40, "count": 1, "share": 0.025},
    {"value": "a", "moment_count": 6, "turned_count": 1, "precision": 0.17},
    {"value": "a", "comment_count": 50, "comment_count_before": 2, "base_before": 300},
    {"value": "a", "n": 40, "share_with": 0.05, "share_without": 0.5},
])
def test_one_small_count_empties_the_numbers_of_its_row(row):
    shown = _without_small(pd.DataFrame([row]), 5)
    assert shown["is_hidden"].all()
    assert shown.drop(columns=["value", "is_hidden"]).isna().all().all()


def test_a_row_without_small_counts_stays_whole():
    table = pd.DataFrame([{"theme_id": 3, "n": 40, "share_with": 0.5, "customers": 12, "turned_count": 0}])
    assert _without_small(table, 5).drop(columns="is_hidden").values.tolist() == table.values.tolist()


def test_an_interrupted_export_leaves_the_earlier_one(small_analysis, tmp_path, monkeypatch):
    from workbench.report import export

    place = tmp_path / "out"
    export_analysis(small_analysis, place, charts=False)
    before = (place / "tables.xlsx").read_bytes()
    real = export.os.replace

    def stop(source, target):
        if Path(source).name == "new":
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(export.os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        export_analysis(small_analysis, place, charts=False)
    assert (place / "tables.xlsx").read_bytes() == before


def test_an_earlier_export_is_replaced_and_other_files_are_not(small_analysis, tmp_path):
    place = tmp_path / "out"
    export_analysis(small_analysis, place, charts=False)
    (place / "tables" / "old.csv").write_text("x")
    export_analysis(small_analysis, place, charts=False)
    assert not (place / "tables" / "old.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    other = tmp_path / "mine"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        export_analysis(small_analysis, other)
    with pytest.raises(InputError, match="is a file"):
        export_analysis(small_analysis, other / "letter.txt")


@pytest.mark.parametrize(("options", "message"), [
    (["--to", "."], "holds other files"),
    (["--to", "new", "-l", "eo"], "'eo'"),
])
def test_a_wrong_place_or_language_is_told_before_any_work(tmp_path, monkeypatch, make_small_study, options, message):
    study = make_small_study(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["export", str(study), *options])
    assert isinstance(done.exception, InputError)
    assert message in str(done.exception)
    assert not (tmp_path / ".workbench").exists()


def test_a_folder_within_a_file_is_told(small_analysis, tmp_path):
    (tmp_path / "a.txt").write_text("mine")
    with pytest.raises(InputError, match=r"a\.txt is a file, so there can be no folder of that name"):
        export_analysis(small_analysis, tmp_path / "a.txt" / "out")


@pytest.mark.parametrize("text", RUNS)
def test_a_text_that_would_run_is_a_text(tmp_path, text):
    table = pd.DataFrame({"text": [text], "n": [-5]})
    write_csv(table, tmp_path / "a.csv")
    write_xlsx({"a": table}, tmp_path / "a.xlsx")
    assert pd.read_csv(tmp_path / "a.csv", lineterminator="\n")["text"][0].startswith("'")
    assert pd.read_csv(tmp_path / "a.csv")["n"].tolist() == [-5]
    cell = load_workbook(tmp_path / "a.xlsx")["a"]["A2"]
    assert cell.data_type == "s"


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_stays_as_it_is(tmp_path, text):
    write_csv(pd.DataFrame({"text": [text], "n": [1]}), tmp_path / "a.csv")
    assert pd.read_csv(tmp_path / "a.csv", keep_default_na=False)["text"][0] == text


def test_control_characters_do_not_break_a_workbook(tmp_path):
    write_xlsx({"a": pd.DataFrame({"text": ["a\x00b\x0bc"]})}, tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx")["a"]["A2"].value == "a\ufffdb\ufffdc"


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(FeedbackError, match="cannot be written"):
        write_xlsx({"a": pd.DataFrame({"n": [1]})}, Path(tmp_path) / "none" / "a.xlsx")

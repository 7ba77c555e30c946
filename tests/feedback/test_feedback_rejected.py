"""The file of rejected rows: shown by spreadsheets, run by none; and what the command says about it."""

import csv
import os
import re
from zipfile import ZipFile

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.errors import FeedbackError, InputError
from workbench.feedback import load_feedback, write_csv, write_xlsx


def rejected(*rows):
    reasons = pd.Series(["bad_nps"] * len(rows), dtype="str")
    return pd.DataFrame({"row_number": range(-1, len(rows) - 1), "reason": reasons,
                         "row": pd.Series(rows, dtype="str")})


def cells(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def defused(text):
    return f"'{text[0]}'{text[1:]}" if text[0] in "\t\r\n" else f"'{text}"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x"]
PLAIN = ["gut ;-) und ; gut", "a; b=1", "'=1", "a=1", " 1", "{}", "خوب", "1-1", '"quoted", and\nbroken']


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_defused(tmp_path, text):
    write_csv(rejected(text), tmp_path / "r.csv")
    assert cells(tmp_path / "r.csv")[1] == ["-1", "bad_nps", defused(text)]  # numbers are numbers, also below zero


@pytest.mark.parametrize("name", FORMULAS)
def test_a_column_of_that_name_is_defused(tmp_path, name):
    write_csv(pd.DataFrame({name: [1]}), tmp_path / "r.csv")
    assert cells(tmp_path / "r.csv")[0] == [defused(name)]


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\ufffe", "\uffff", "\ud83d"])
def test_a_sign_that_no_workbook_holds_is_replaced(tmp_path, sign):
    from openpyxl import load_workbook

    write_xlsx({"texts": pd.DataFrame({"text": pd.Series([f"دیر{sign}late"], dtype=object)})}, tmp_path / "r.xlsx")
    assert load_workbook(tmp_path / "r.xlsx")["texts"]["A2"].value == "دیر\ufffdlate"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
@pytest.mark.parametrize("text", [
    "a{0}=cmd()", 'a{0}"=cmd()"', "a{0} =cmd()", "a{0}{0}@x", "a\n=cmd()", "- a\r\n- b", 'a,b{0}""+1', '"{0}＝1{0}"',
    'a"\n"{0}－1', "a{0}-(1)",
])
def test_no_formula_begins_where_another_sign_is_taken_for_the_separator(tmp_path, separator, quoting, text):
    text = text.format(separator)
    write_csv(pd.DataFrame({"id": ["a"], "text": [text], "last": [text]}), tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [cell.lstrip(' "') for row in csv.reader(file, delimiter=separator, quoting=quoting) for cell in row]
    assert len(found) > 3
    assert not [cell for cell in found if cell.startswith(tuple("=+-@＝＋－＠"))]


def test_a_workbook_does_not_tell_when_it_was_made(tmp_path):
    write_xlsx({"texts": pd.DataFrame({"text": ["خوب"]})}, tmp_path / "r.xlsx")
    with ZipFile(tmp_path / "r.xlsx") as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+", book.read("docProps/core.xml").decode())) == \
            {"1980-01-01T00:00:00"}


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay_as_they_are(tmp_path, text):
    write_csv(rejected(text), tmp_path / "r.csv")
    assert cells(tmp_path / "r.csv")[1][2] == text


def test_spreadsheets_see_that_it_is_utf8(tmp_path):
    write_csv(rejected("خوب"), tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbfrow_number,reason,row\r\n")


def test_a_file_that_stands_is_replaced_whole(tmp_path):
    (tmp_path / "r.csv").write_text("old " * 1000)
    write_csv(rejected(), tmp_path / "r.csv")
    assert cells(tmp_path / "r.csv") == [["row_number", "reason", "row"]]
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_nothing_is_left_behind_when_writing_fails(tmp_path):
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(FeedbackError, match=r"r\.csv cannot be written"):
        write_csv(rejected("a"), tmp_path / "r.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]
    with pytest.raises(FeedbackError, match="cannot be written: No such file"):
        write_csv(rejected("a"), tmp_path / "gone" / "r.csv")


def test_what_was_rejected_is_read_back(tmp_path):
    (tmp_path / "a.csv").write_text("text,nps\n=cmd,99\nextra,1,2\n")
    found = load_feedback(tmp_path / "a.csv").rejected
    write_csv(found, tmp_path / "r.csv")
    kept = ["row_number", "reason", "row"]
    assert pd.read_csv(tmp_path / "r.csv")[kept].values.tolist() == found[kept].values.tolist()


def check(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_check_tells_readings_counts_and_where_the_rest_is(tmp_path):
    (tmp_path / "a.csv").write_text("text;nps;created_at\ngut;9;14.03.2026\n;3;14.03.2026\nja;99;14.03.2026\n")
    done = check(tmp_path / "a.csv", "--output", tmp_path / "r.csv")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "Encoding: UTF-8.", "Column separator: semicolon.", "created_at: 3 day.month.year.",
        "feedback_id: made from each row's content, because the file has none.",
        "3 rows read: 1 comments, 2 rejected.", "  bad_nps: 1 (nps should be a number from 0 to 10)",
        "  empty_text: 1 (text is empty)",
        f"The rejected rows are in {tmp_path / 'r.csv'}."]
    assert [row[1] for row in cells(tmp_path / "r.csv")[1:]] == ["empty_text", "bad_nps"]


def test_check_sums_up_each_source_of_a_study(tmp_path):
    (tmp_path / "a.csv").write_text("text\ngut\n \n")
    (tmp_path / "b.csv").write_text("date,visits\n2026-03-14,7\n")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: [a.csv, {path: b.csv, kind: numbers}]\n")
    done = check(tmp_path / "study.yaml", "--output", tmp_path / "r.csv")
    assert done.output.splitlines()[-5:] == [
        "a.csv: 2 rows read: 1 comments, 1 rejected.", "b.csv: 1 rows read: 1 rows of numbers, 0 rejected.",
        "3 rows read: 1 comments, 1 rows of numbers, 1 rejected.", "  a.csv, empty_text: 1 (text is empty)",
        f"The rejected rows are in {tmp_path / 'r.csv'}."]


def test_strict_turns_rejections_into_an_error(tmp_path):
    (tmp_path / "a.csv").write_text("text\ngut\n \n")
    done = check(tmp_path / "a.csv", "--output", tmp_path / "r.csv", "--strict")
    assert isinstance(done.exception, InputError)
    assert "1 rows were rejected, and --strict allows none" in str(done.exception)
    assert (tmp_path / "r.csv").exists()


def test_strict_says_nothing_when_all_is_well(tmp_path):
    (tmp_path / "a.csv").write_text("text\ngut\n")
    done = check(tmp_path / "a.csv", "--output", tmp_path / "r.csv", "--strict")
    assert done.exit_code == 0
    assert not (tmp_path / "r.csv").exists()


def test_a_signal_after_a_table_was_written_is_not_taken_for_a_fault_of_the_disk(tmp_path, monkeypatch):
    moved = os.replace

    def stopped(*places):
        moved(*places)
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.feedback.spreadsheets.os.replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_csv(pd.DataFrame({"text": ["x"]}), tmp_path / "a.csv")
    assert [place.name for place in tmp_path.iterdir()] == ["a.csv"]

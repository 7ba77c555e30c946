"""The tables can be made again, byte for byte, and the wild copy holds the same comments."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from workbench.study import load_study

TABLES = ("feedback.csv", "gold.csv", "gold_comments.csv", "pii.csv", "company_texts.csv", "actions.csv",
          "README.md", "story.md", "wild/iran_windows1256.csv", "wild/rest.jsonl")


@pytest.fixture(scope="module")
def rebuilt(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, "-B", sample / "build.py", folder], check=True, env={"PYTHONHASHSEED": "7"})
    return folder


def sheet_rows(path: Path) -> list[tuple]:
    return [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(path).active.iter_rows()]


@pytest.fixture(scope="module")
def wild(sample: Path) -> dict[str, list[dict]]:
    """The rows of the three files, under the file's own column names."""
    with (sample / "wild" / "iran_windows1256.csv").open(encoding="cp1256", newline="") as file:
        iran = list(csv.DictReader(file, delimiter=";"))
    head, *rows = sheet_rows(sample / "wild" / "europe.xlsx")
    europe = [dict(zip(head, row, strict=True)) for row in rows if any(value is not None for value in row)]
    lines = (sample / "wild" / "rest.jsonl").read_text(encoding="utf-8").split("\n")
    return {"iran": iran, "europe": europe, "rest": [json.loads(line) for line in lines if line]}


@pytest.mark.parametrize("name", TABLES)
def test_building_again_gives_the_same_bytes(sample: Path, rebuilt: Path, name: str) -> None:
    assert (rebuilt / name).read_bytes() == (sample / name).read_bytes()


def test_building_again_gives_the_same_sheet(sample: Path, rebuilt: Path) -> None:
    assert sheet_rows(rebuilt / "wild" / "europe.xlsx") == sheet_rows(sample / "wild" / "europe.xlsx")


def test_words_are_those_that_were_written(sample: Path, coded: pd.DataFrame, pii: pd.DataFrame) -> None:
    files = [path for path in (sample / "written").glob("*.jsonl") if path.stem not in ("company_texts", "actions")]
    written = [json.loads(line)["text"] for path in files
               for line in path.read_text(encoding="utf-8").split("\n") if line]
    filled = set(pii[~pii["type"].isin(["name", "address", "handle", "order_number"])]["feedback_id"])
    untouched = coded[~coded["feedback_id"].isin(filled)]["text"]
    assert len(written) == len(coded)
    assert set(untouched) <= set(written)


@pytest.mark.parametrize("name", ["study.yaml", "study_wild.yaml"])
def test_study_files_load_and_name_existing_files(sample: Path, name: str) -> None:
    study = load_study(sample / name)
    assert all((study.folder / source.path).is_file() for source in study.feedback)


def test_the_study_expects_shares_for_every_market(sample: Path, feedback: pd.DataFrame) -> None:
    shares = load_study(sample / "study.yaml").expected["market"]
    assert set(shares) == set(feedback["market"])
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["JO"] == 0.06


def test_every_comment_is_in_one_wild_file(wild: dict[str, list[dict]], feedback: pd.DataFrame) -> None:
    ids = [row["شناسه"] for row in wild["iran"]] + [row["Vorgangsnummer"] for row in wild["europe"]]
    ids += [row["id"] for row in wild["rest"]]
    assert sorted(ids) == feedback["feedback_id"].tolist()
    assert min(map(len, wild.values())) > 100


def test_wild_columns_are_those_of_the_study_file(sample: Path, wild: dict[str, list[dict]]) -> None:
    for source, rows in zip(load_study(sample / "study_wild.yaml").feedback, wild.values(), strict=True):
        assert {name for row in rows for name in row} == set(source.columns.values())


def test_wild_texts_are_the_same_comments(wild: dict[str, list[dict]], feedback: pd.DataFrame) -> None:
    text = feedback.set_index("feedback_id")["text"]
    assert all(row["متن نظر"] == text[row["شناسه"]].replace("ی", "ي") for row in wild["iran"])
    assert all(row["Kommentar"] == text[row["Vorgangsnummer"]] for row in wild["europe"])
    assert all(row["body"] == text[row["id"]] for row in wild["rest"])


@pytest.mark.parametrize(("day", "solar"), [
    ("2025-11-03", "1404/08/12"), ("2026-03-14", "1404/12/23"), ("2026-03-20", "1404/12/29"),
    ("2026-03-21", "1405/01/01"), ("2026-05-01", "1405/02/11"), ("2026-09-22", "1405/06/31"),
    ("2026-09-23", "1405/07/01"), ("2026-10-22", "1405/07/30"),
])
def test_solar_hijri_dates(sample: Path, day: str, solar: str) -> None:
    code = ("import sys, datetime; sys.path.insert(0, sys.argv[1]); import wild_copy; "
            "print('{:04d}/{:02d}/{:02d}'.format(*wild_copy.jalali(datetime.date.fromisoformat(sys.argv[2]))))")
    run = subprocess.run([sys.executable, "-B", "-c", code, sample, day], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == solar


def test_wild_dates_are_local(wild: dict[str, list[dict]], feedback: pd.DataFrame) -> None:
    moments = feedback.set_index("feedback_id")["created_at"]
    assert all(isinstance(row["Eingegangen am"], datetime) for row in wild["europe"])
    assert all(row["Eingegangen am"] == moments[row["Vorgangsnummer"]] for row in wild["europe"])
    for row in wild["rest"]:
        assert datetime.fromisoformat(row["ts"]).replace(tzinfo=None) == moments[row["id"]]
    zones = {(row["country"], row["ts"][-6:]) for row in wild["rest"]}
    assert {("IR", "+03:30"), ("IN", "+05:30"), ("EG", "+02:00"), ("EG", "+03:00"), ("JP", "+09:00")} <= zones


def test_formula_like_comments_stay_words_in_the_sheet(sample: Path) -> None:
    sheet = openpyxl.load_workbook(sample / "wild" / "europe.xlsx").active
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_sheet_has_one_empty_row(sample: Path) -> None:
    rows = sheet_rows(sample / "wild" / "europe.xlsx")
    assert sum(all(value is None for value in row) for row in rows) == 1

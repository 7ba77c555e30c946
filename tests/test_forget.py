"""Forgetting a customer: gone from all that is stored, and kept from coming back."""

import json
import shutil
import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.analysis import analyse
from workbench.errors import FeedbackError, InputError
from workbench.feedback import load_sources, write_csv
from workbench.feedback.forgotten import add_forgotten, read_forgotten
from workbench.forget import forget
from workbench.store import Store
from workbench.study import load_study

SECRET = ["my router melted on Tuesday night", "روتر من سه‌شنبه شب آب شد و پشتیبانی خندید", "ok"]
REST = ["the app crashes every day", "برنامه هر روز بسته می‌شود", "التطبيق يتعطل كل يوم", "too dear", "ok",
        "die App stürzt ab"]


def write(folder):
    rows = ["feedback_id,customer_id,text,nps"]
    rows += [f"S{number},K-100200,{text},1" for number, text in enumerate(SECRET)]
    rows += [f"R{number},K-{number},{text} {number % 7},9" for number, text in enumerate(REST * 8)]
    rows += ["R98,K-98,ok,5", "S99,K-100200,late again,11"]
    (folder / "comments.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "study.yaml").write_text("name: One\nfeedback: comments.csv\nthemes: {minimum_size: 3}\n")
    return load_study(folder / "study.yaml")


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("analysed")
    analyse(write(folder), progress=False)
    return folder


@pytest.fixture
def study(analysed, tmp_path):
    shutil.copytree(analysed, tmp_path / "study")
    return load_study(tmp_path / "study" / "study.yaml")


def stored(study):
    store = Store(study.store_folder)
    for path in sorted(path for kind in ("stages", "analyses") for path in (study.store_folder / kind).iterdir()):
        yield path, store.read(path), store.manifest(path)


def vectors(study):
    file = next(study.store_folder.glob("vectors/*.sqlite"))
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM vectors").fetchone()[0]


def test_every_stored_table_array_and_cache_lets_go(study):
    before = {path.name: tables for path, tables, _ in stored(study)}
    cached = vectors(study)
    done = forget(study, "K-100200", reports=study.folder)
    assert done.left == []
    assert done.rows["comments"] == 2 * 3
    assert done.rows["rejected"] == 2 * 1
    assert done.source_rows == {"comments.csv": 4}
    assert cached - vectors(study) == done.vectors >= 4
    for path, tables, manifest in stored(study):
        assert set(tables) == set(before[path.name])
        if "statements" in tables:
            assert len(tables["statements"]) < len(before[path.name]["statements"])
            assert manifest["forgotten"] == 1
        if "vectors" in tables:
            assert len(tables["vectors"]) == len(tables["statements"])
        if "comments" in tables:
            assert "K-100200" not in set(tables["comments"]["customer_id"])
            assert len(tables["comments"]) == len(before[path.name]["comments"]) - 3


def test_nothing_of_the_customer_is_in_any_file_but_the_source(study):
    forget(study, "K-100200", reports=study.folder)
    for file in study.folder.rglob("*"):
        if file.is_file() and file.name != "comments.csv":
            content = file.read_bytes()
            assert not any(needle.encode() in content for needle in (*SECRET[:2], "K-100200"))
            if file.suffix == ".parquet":
                cells = pd.read_parquet(file).astype("object").to_numpy().ravel()
                assert not any(word in str(cell) for cell in cells for word in (*SECRET[:2], "K-100200", "S0/"))


def test_a_text_that_others_wrote_too_stays_in_the_cache(study):
    from workbench.embedding.cache import known_keys

    forget(study, "K-100200", reports=study.folder)
    file = next(study.store_folder.glob("vectors/*.sqlite"))
    with closing(sqlite3.connect(file)) as connection:
        keys = {row[0] for row in connection.execute("SELECT key FROM vectors")}
    assert known_keys(["ok"]) <= keys
    assert not known_keys(SECRET[:2]) & keys


def test_the_customer_does_not_come_back(study):
    forget(study, "K-100200", reports=study.folder)
    again = analyse(study, progress=False)
    assert "K-100200" not in set(again.comments["customer_id"])
    gone = again.rejected[again.rejected["reason"] == "forgotten"]
    assert gone["row_number"].tolist() == [2, 3, 4, len(REST) * 8 + 6]
    assert set(gone["row"]) == {"{}"}
    assert again.facts["feedback"]["forgotten"] == 4
    assert forget(study, "K-100200", reports=study.folder).left == []


def test_the_list_holds_no_id_and_is_kept_beside_the_store(study):
    forget(study, "K-100200", reports=study.folder)
    text = (study.folder / "forgotten.csv").read_text(encoding="utf-8")
    assert "100200" not in text
    shutil.rmtree(study.store_folder)
    comments, rejected = load_sources(study.feedback, study.folder, forgotten=read_forgotten(study.forgotten_file))
    assert len(comments) == len(REST) * 8 + 1
    assert len(rejected) == 4


def test_rendered_reports_are_named_and_left(study):
    page = study.folder / "report.html"
    page.write_text(f"<p>{SECRET[1]}</p>", encoding="utf-8")
    (study.folder / "other.html").write_text("<p>the app crashes every day</p>", encoding="utf-8")
    done = forget(study, "K-100200", reports=study.folder)
    assert done.reports == [page]
    assert SECRET[1] in page.read_text(encoding="utf-8")


def test_folders_of_interrupted_runs_go_as_a_whole(study):
    leftover = study.store_folder / "stages" / ".feedback-abc-x1"
    leftover.mkdir()
    (leftover / "comments.parquet").write_bytes(b"K-100200")
    done = forget(study, "K-100200", reports=study.folder)
    assert leftover.name in done.dropped
    assert done.left == []


def test_ids_that_are_small_numbers_are_not_taken_for_themes(tmp_path):
    rows = [f"{number},{number},{text} {number % 7},9" for number, text in enumerate(REST * 8)]
    (tmp_path / "comments.csv").write_text("\n".join(["feedback_id,customer_id,text,nps", *rows]) + "\n",
                                           encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: comments.csv\nthemes: {minimum_size: 3}\n")
    study = load_study(tmp_path / "study.yaml")
    assert {0, 1} <= set(analyse(study, progress=False).themes["theme_id"])
    for customer in ("0", "1"):
        assert forget(study, customer, reports=tmp_path).left == []


@pytest.mark.parametrize("mapped", ["customer_id: account, ", ""])
def test_a_score_is_not_taken_for_a_customer(tmp_path, mapped):
    column = "Account" if mapped else "Customer ID"
    (tmp_path / "comments.csv").write_text(f"feedback_id,{column},text,nps,date\n1,3,late,11,2026-01-01\n"
                                           "2,11,dear,3,2026-13-01\n3,12,slow,12,2026-01-03\n4,5,fine,9,2026-01-04\n")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: comments.csv\n"
                                         f"columns: {{{mapped}created_at: date}}\n")
    study = load_study(tmp_path / "study.yaml")
    assert forget(study, "3", reports=tmp_path).source_rows == {"comments.csv": 1}
    assert forget(study, "11", reports=tmp_path).source_rows == {"comments.csv": 1}


def test_the_search_afterwards_can_fail(study, monkeypatch):
    import workbench.forget as module

    monkeypatch.setattr(module, "_clean", lambda *_: None)
    assert forget(study, "K-100200", reports=study.folder).left


@pytest.mark.parametrize(("customer", "message"), [
    ("  ", "Give the customer's id"), ("nobody", "No source and no stored")])
def test_ids_that_mean_nobody_are_refused(study, customer, message):
    with pytest.raises(InputError, match=message):
        forget(study, customer, reports=study.folder)
    assert not (study.folder / "forgotten.csv").exists()


def test_a_part_of_an_id_is_another_customer(study):
    done = forget(study, "K-1", reports=study.folder)
    assert done.source_rows == {"comments.csv": 1}
    assert done.rows["comments"] == 2


@pytest.mark.parametrize("customer", ["SHOP\\amal", 'Anna "Ann" Müller', "two\nlines", "مشتری ۷", "C++"])
def test_an_id_is_found_however_a_rejected_row_writes_it(tmp_path, customer):
    rows = [("a", customer, "late again", "1"), ("b", customer, "my router melted", "11"), ("c", "K-1", "fine", "99")]
    table = pd.DataFrame(rows, columns=["feedback_id", "customer_id", "text", "nps"])
    cell = '"' + customer.replace('"', '""') + '"'
    written = f"{table.to_csv(index=False)}d,{cell},slow,1,one too many\n"
    (tmp_path / "comments.csv").write_text(written, encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: comments.csv\n")
    study = load_study(tmp_path / "study.yaml")
    comments, rejected = load_sources(study.feedback, study.folder)
    store = Store(study.store_folder)
    path = store.stage_path("feedback", "a" * 16)
    store.write(path, {"comments": comments, "rejected": rejected}, {})
    write_csv(rejected, tmp_path / "comments.rejected.csv")
    done = forget(study, customer, reports=study.folder)
    assert done.source_rows == {"comments.csv": 3}
    assert store.read(path)["rejected"]["row"].str.contains("K-1").tolist() == [True]
    assert [file.name for file in done.reports] == ["comments.rejected.csv"]
    _, again = load_sources(study.feedback, study.folder, forgotten=read_forgotten(study.forgotten_file))
    assert again["row"].str.contains("K-1").sum() == 1
    assert (again["row"] == "{}").sum() == 3


@pytest.mark.parametrize("content", ["x\n1\n", "salt,digest,forgotten_on\na,K-1,2026-01-01\n", "\xff\xfe"])
def test_a_spoilt_list_stops_the_reading(tmp_path, content):
    file = tmp_path / "forgotten.csv"
    file.write_text(content, encoding="latin-1")
    with pytest.raises(FeedbackError, match=r"forgotten\.csv"):
        read_forgotten(file)


def test_one_salt_a_list_and_no_entry_twice(tmp_path):
    file = tmp_path / "forgotten.csv"
    add_forgotten(file, "K-1")
    add_forgotten(file, "K-2")
    add_forgotten(file, "K-1")
    rows = pd.read_csv(file)
    assert rows["salt"].nunique() == 1
    assert len(rows) == 2


def test_the_command_tells_what_it_did_and_not_what_was_said(study):
    result = CliRunner().invoke(app, ["forget", "K-100200", "--study", str(study.path), "--reports", str(study.folder)])
    assert result.exit_code == 0, result.output
    assert "comments.csv still holds 4 rows" in result.output
    assert "nothing of this customer was found" in result.output
    assert "router" not in result.output
    assert json.loads(next(study.store_folder.glob("analyses/*/manifest.json")).read_text())["forgotten"] == 1


def test_statements_are_sought_as_reports_show_them():
    from workbench.forget import _parts

    text = "Late.\nBest regards,\nJane Doe-Millerton, a customer for twenty years"
    comments = pd.DataFrame({"feedback_id": ["a"], "text": [text]})
    statements = pd.DataFrame({"feedback_id": ["a"], "start": [20], "end": [len(text)], "text": [text[20:]]})
    shown = _parts({"comments": [comments], "statements": [statements]}, {text[20:]}, None)
    assert shown == ["[name], a customer for twenty years"]

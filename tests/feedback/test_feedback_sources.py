"""Several sources of one study: own mappings, the same customers, numbers beside the comments, a summary of each."""

import pandas as pd
import pytest

from workbench import stages
from workbench.analysis import analyse
from workbench.columns import NUMBERS, names
from workbench.commands.check import check
from workbench.errors import FeedbackError, InputError, StudyError
from workbench.feedback import load_feedback, load_opened, load_sources, open_sources
from workbench.feedback.forgotten import add_forgotten
from workbench.standing import look_at
from workbench.study import load_study

STUDY = """
name: One
feedback:
- path: survey.csv
  columns: {text: Antwort, customer_id: Kunde, created_at: Tag, nps: Wert}
  constants: {source: survey}
- path: reviews.jsonl
  columns: {text: نظر, customer_id: مشتری, created_at: تاریخ}
  constants: {source: review, market: IR}
- path: visits.csv
  kind: numbers
  columns: {customer_id: Kundennummer, date: Monat, conversion: Quote}
"""
FILES = {
    "survey.csv": "Antwort;Kunde;Tag;Wert\nzu langsam;007;14.03.2026;3\nsehr gut;K-2;15.03.2026;9\n;K-3;15.03.2026;9\n",
    "reviews.jsonl": '{"نظر": "خوب بود", "مشتری": "007", "تاریخ": "۱۴۰۴/۱۲/۲۳"}\n{"نظر": "بد", "مشتری": "7"}\n',
    "visits.csv": "Kundennummer;Monat;visits;Quote;page;text\n007;2026-03-01;1,204;0,25;home;\n"
                  "K-2;2026-03-01;3;;shop;\nK-9;soon;3;0,5;;\nK-9;2026-03-01;many;0,5;;\nbroken\n"
                  + "K-1;2026-03-02;4;0,1;;\n" * 10,
}


@pytest.fixture
def study(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return load_study(tmp_path / "study.yaml")


def load(study, **more):
    return load_opened(open_sources(study.feedback, study.folder), **more)


def test_the_same_customer_joins_across_sources(study):
    comments, _, numbers, _ = load(study)
    told = comments[comments["customer_id"] == "007"].sort_values("source_file")
    assert told[["text", "source", "created_at"]].values.tolist() == [
        ["خوب بود", "review", pd.Timestamp("2026-03-14")], ["zu langsam", "survey", pd.Timestamp("2026-03-14")]]
    joined = comments.merge(numbers, on="customer_id", suffixes=("", "_of_numbers"))
    assert sorted(joined["text"]) == ["sehr gut", "zu langsam", "خوب بود"]
    assert "7" in set(comments["customer_id"])  # as given: 7 and 007 are two customers


def test_numbers_are_typed_and_no_comments(study):
    comments, rejected, numbers, sources = load(study)
    assert numbers.columns.tolist() == ["date", "customer_id", "source_file", "conversion", "visits", "page", "text"]
    assert [str(kind) for kind in numbers.dtypes[["date", "visits", "conversion"]]] == [
        "datetime64[ns]", "float64", "float64"]
    assert numbers.iloc[0][["customer_id", "visits", "conversion", "page"]].tolist() == ["007", 1204.0, 0.25, "home"]
    assert (len(comments), len(numbers)) == (4, 12)
    assert set(comments["source_file"]) == {"survey.csv", "reviews.jsonl"}
    assert rejected[["row_number", "reason", "source_file"]].values.tolist() == [
        [4, "empty_text", "survey.csv"], [4, "bad_date", "visits.csv"], [5, "bad_number", "visits.csv"],
        [6, "broken_row", "visits.csv"]]
    assert sources.values.tolist() == [
        ["survey.csv", "comments", 3, 2, 1], ["reviews.jsonl", "comments", 2, 2, 0],
        ["visits.csv", "numbers", 15, 12, 3]]
    assert len(comments) + len(numbers) + len(rejected) == sources["rows"].sum()
    assert "visits.csv: Numbers: conversion, visits." in comments.attrs["readings"]


def test_the_reading_of_each_source_is_told(study):
    readings = load(study).comments.attrs["readings"]
    assert "survey.csv: created_at: 3 day.month.year." in readings
    assert "reviews.jsonl: created_at: 1 year-month-day; 1 Jalali years." in readings
    assert "visits.csv: date: 13 year-month-day." in readings


def test_comments_alone_can_be_loaded(study):
    comments, rejected = load_sources(study.feedback, study.folder)
    assert (len(comments), set(rejected["source_file"])) == (4, {"survey.csv"})


def test_numbers_are_stored_with_the_analysis_and_key_it(study):
    opened = stages.open_feedback(study)
    made, facts = stages.read_feedback(opened, study, {}, None)
    assert (len(made["numbers"]), facts["told"]) == (12, "4 comments, 4 rejected, 12 rows of numbers")
    first = stages.feedback_inputs(opened, study)
    (study.folder / "visits.csv").write_text(FILES["visits.csv"].replace("1,204", "1,205"), encoding="utf-8")
    assert stages.feedback_inputs(stages.open_feedback(study), study) != first


@pytest.mark.parametrize(("rows", "told"), [
    ("03/04/2026,4,", "created_at: 1 day/month/year, taken for granted because no number above 12 decides it; "
                      "rating: taken as out of 5, because no rating_max is stated"),
    ("03/04/2026,4,5\ngut,2026-04-03,4,5\ngut,03/14/2026,4,5\ngut,04/15/2026,4,5\ngut,14/03/2026,4,5",
     "created_at: 3 month/day/year, by most rows; 1 rows contradict it; 1 year-month-day"),
    ("2026-04-03,4,5", ""),
])
def test_an_analysis_tells_what_was_guessed(tmp_path, rows, told):
    (tmp_path / "a.csv").write_text(f"text,created_at,rating,rating_max\ngut,{rows}\n")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: a.csv\n")
    study = load_study(tmp_path / "study.yaml")
    facts = stages.read_feedback(stages.open_feedback(study), study, {}, None)[1]
    assert facts["told"].partition("; ")[2] == told


def test_a_file_that_changes_while_it_is_read_is_not_taken_for_what_it_was(study):
    opened = stages.open_feedback(study)
    inputs = stages.feedback_inputs(opened, study)
    kept = stages.read_feedback(opened, study, {}, None, keyed_by=inputs)[1]["told"]
    assert kept == "4 comments, 4 rejected, 12 rows of numbers"
    visits = study.folder / "visits.csv"
    visits.write_text(visits.read_text(encoding="utf-8") + "2026-03-30,C9,5\n", encoding="utf-8")
    with pytest.raises(FeedbackError, match=r"visits\.csv was changed while it was read: run again"):
        stages.read_feedback(opened, study, {}, None, keyed_by=inputs)


def test_a_file_that_cannot_be_opened_is_told(study):
    opened = stages.open_feedback(study)
    (study.folder / "visits.csv").unlink()
    with pytest.raises(FeedbackError, match=r"visits\.csv cannot be opened: No such file or directory\."):
        stages.feedback_inputs(opened, study)


def test_a_folder_with_signs_of_patterns_in_its_name(tmp_path):
    folder = tmp_path / "Survey [May] *"
    for week in ("w1", "w2"):
        (folder / week).mkdir(parents=True)
        (folder / week / "c.csv").write_text(f"feedback_id,text\n{week},gut\n", encoding="utf-8")
    (folder / "study.yaml").write_text("name: One\nfeedback: ['w*/c.csv']\n", encoding="utf-8")
    study = load_study(folder / "study.yaml")
    assert load(study).comments["feedback_id"].tolist() == ["w1", "w2"]
    opened = stages.open_feedback(study)
    assert {str(folder / week) for week in ("w1", "w2")} < set(look_at(study, opened) or {})


def test_without_a_source_of_numbers_the_table_is_empty_and_can_be_stored(tmp_path):
    (tmp_path / "a.csv").write_text("text\ngut\n")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: a.csv\n")
    study = load_study(tmp_path / "study.yaml")
    numbers = stages.read_feedback(stages.open_feedback(study), study, {}, None)[0]["numbers"]
    assert numbers.columns.tolist() == [*names(NUMBERS), "source_file"]
    numbers.to_parquet(tmp_path / "n.parquet")
    assert len(pd.read_parquet(tmp_path / "n.parquet")) == 0


def test_a_source_of_numbers_alone_has_no_comments(tmp_path):
    (tmp_path / "a.csv").write_text("date,visits\n2026-03-14,7\n")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: {path: a.csv, kind: numbers}\n")
    study = load_study(tmp_path / "study.yaml")
    comments, rejected, numbers, _ = load(study)
    assert (len(comments), len(rejected), numbers["visits"].tolist()) == (0, 0, [7.0])


def test_a_source_of_numbers_without_numbers_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("date,page\n2026-03-14,home\n")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: {path: a.csv, kind: numbers}\n")
    study = load_study(tmp_path / "study.yaml")
    with pytest.raises(FeedbackError, match=r"a\.csv is a source of numbers but has no column of numbers; it has date"):
        load(study)


def test_a_kind_that_is_unknown_is_told(tmp_path):
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: {path: a.csv, kind: counts}\n")
    with pytest.raises(StudyError, match=r"feedback\.0\.kind': expected one of comments, numbers, found 'counts'"):
        load_study(tmp_path / "study.yaml")


def test_who_is_forgotten_is_rejected_in_every_source_and_hidden(study, tmp_path):
    known = add_forgotten(tmp_path / "forgotten.csv", "007")
    comments, rejected, numbers, _ = load(study, forgotten=known)
    assert "007" not in {*comments["customer_id"], *numbers["customer_id"]}
    gone = rejected[rejected["reason"] == "forgotten"]
    assert gone[["source_file", "row"]].values.tolist() == [
        ["survey.csv", "{}"], ["reviews.jsonl", "{}"], ["visits.csv", "{}"]]


@pytest.mark.parametrize(("header", "advice"), [
    ("Kommentar: kurz", '`columns: {text: "Kommentar: kurz"}` in the study file'),
    ("n", "`columns: {text: ...}` in the study file"),
])
def test_a_text_that_is_missing_is_asked_for_as_the_one_who_reads_it_would_write_it(tmp_path, header, advice):
    (tmp_path / "a.csv").write_text(f"id,{header}\n1,3\n2,zu langsam\n" if "K" in header else "id,n\n1,3\n")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: a.csv\n")
    study = load_study(tmp_path / "study.yaml")
    for source in (study, tmp_path / "study.yaml", tmp_path / "a.csv"):
        with pytest.raises(FeedbackError) as told:
            load_feedback(source) if source is study else check(str(source))
        assert str(told.value).endswith(f"ap it with {advice}.")
    with pytest.raises(FeedbackError, match=r"ap it with columns={'text': .*}\.$"):
        load_feedback(tmp_path / "a.csv")


@pytest.mark.parametrize("given", [
    {"columns": "text"}, {"columns": ["text"]}, {"columns": {"text": 3}}, {"constants": "IR"},
])
def test_what_maps_no_columns_is_told(tmp_path, given):
    (tmp_path / "a.csv").write_text("id,text\n1,zu langsam\n")
    with pytest.raises(InputError, match=f"{next(iter(given))}: expected "):
        load_feedback(tmp_path / "a.csv", **given)


def test_columns_that_one_week_lacks_though_others_have_them_are_told(tmp_path):
    weeks = {"w1": "feedback_id,text,created_at,nps\na,late,2026-05-01,3\n",
             "w2": "feedback_id,text,created_at,nps\nb,\u062f\u06cc\u0631,2026-05-08,\n",
             "w3": "feedback_id,text,Datum,nps\nc,wet,2026-05-15,9\n"}
    for name, text in weeks.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "reviews.csv").write_text("feedback_id,text\nd,dear\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: [w*.csv, reviews.csv]\n", encoding="utf-8")
    study = load_study(tmp_path / "study.yaml")
    told = [reading for reading in load_opened(open_sources(study.feedback, study.folder)).comments.attrs["readings"]
            if "not in this file" in reading]
    assert told == ["w2.csv: nps: not in this file, though in others of its source.",
                    "w3.csv: created_at: not in this file, though in others of its source."]
    facts = analyse(study.path, tables=["comments"], progress=False).facts
    assert "; w3.csv: created_at: not in this file" in facts["feedback"]["told"]


@pytest.mark.parametrize(("markets", "countries"), [
    (["DE", "IR", "UK"], True), (["MG", "SP", "ES"], False), (["DE", "north"], True), (["", ""], True)])
def test_markets_are_countries_where_all_their_codes_are(tmp_path, markets, countries):
    rows = "".join(f"{number},late {number},{market}\n" for number, market in enumerate(markets))
    (tmp_path / "a.csv").write_text(f"feedback_id,text,market\n{rows}", encoding="utf-8")
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: a.csv\n", encoding="utf-8")
    facts = analyse(tmp_path / "study.yaml", tables=["comments"], progress=False).facts
    assert facts["feedback"]["markets_are_countries"] is countries

"""Columns, types, faults and ids: every row read is in one of the two tables."""

import csv
import json
import random
from types import SimpleNamespace

import pandas as pd
import pytest

import workbench.feedback as feedback
from workbench.columns import COMMENTS, names
from workbench.errors import FeedbackError, InputError
from workbench.feedback import load_feedback, load_sources
from workbench.feedback.files import read_file
from workbench.feedback.load import load_opened
from workbench.feedback.sources import open_sources
from workbench.study import Source


def table(tmp_path, text, name="a.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path / name


def reasons(rejected):
    return rejected[["row_number", "reason"]].values.tolist()


FAULTS = [
    ('text,nps\n ,9\n"\n",9\n', ["empty_text", "empty_text"], "text is empty"),
    ("feedback_id,text\n,good\n", ["missing_id"], "feedback_id is empty"),
    ("text,created_at\ngood,2026-02-30\n", ["bad_date"], "created_at should be a date that exists"),
    ("text,nps\ngood,11\nbad,-1\nodd,nine\n", ["bad_nps"] * 3, "nps should be a number from 0 to 10"),
    ("text,rating,rating_max\ngood,6,5\nbad,-1,5\n", ["bad_rating"] * 2, "rating"),
    ("text,rating\ngood,11\nfine,4\n", ["bad_rating"], "rating_max"),
    ("text,effort\ngood,8\nbad,0\n", ["bad_effort"] * 2, "effort should be a number from 1 to 7"),
    ("text,revenue,cost\ngood,much,1\nbad,-5,inf\n", ["bad_number"] * 2, "should be a number"),
    ("text,rating_max\ngood,0\n", ["bad_number"], "rating_max should be a number from 1 on"),
    ("text,churned\ngood,perhaps\n", ["bad_flag"], "churned should be yes or no"),
    ("text,source\ngood,fax\n", ["bad_choice"], "source should be one of survey, review"),
    ("text,speaker\ngood,alien\n", ["bad_choice"], "speaker should be one of customer"),
    ("feedback_id,text\na,good\na,bad\n", ["duplicate_id"], "row 2 of a.csv; this row differs"),
    ("feedback_id,text\na,good\na,good\n", ["duplicate_id"], "row 2 of a.csv; this row is the same"),
]


@pytest.mark.parametrize(("text", "expected", "detail"), FAULTS)
def test_every_fault_has_its_word(tmp_path, text, expected, detail):
    comments, rejected = load_feedback(table(tmp_path, text))
    assert rejected["reason"].tolist() == expected
    assert rejected["detail"].str.contains(detail, regex=False).all()
    assert len(comments) + len(rejected) == len(text.replace('"\n"', "x").splitlines()) - 1


def test_the_first_fault_is_the_reason_and_all_are_told(tmp_path):
    _, rejected = load_feedback(table(tmp_path, "text,churned,nps,created_at\n ,perhaps,99,soon\n"))
    assert rejected["reason"].tolist() == ["empty_text"]
    for part in ("text is empty", "created_at", "nps", "churned"):
        assert part in rejected["detail"][0]


def test_details_never_repeat_what_a_customer_wrote(tmp_path):
    path = table(
        tmp_path, "text,nps,created_at,churned,source\nsecret words,verysecret,verysecret,verysecret,verysecret\n"
    )
    _, rejected = load_feedback(path)
    assert "secret" not in rejected["detail"][0]
    assert json.loads(rejected["row"][0])["nps"] == "verysecret"


def test_a_rejected_row_does_not_take_the_id_of_a_good_one(tmp_path):
    comments, rejected = load_feedback(table(tmp_path, "feedback_id,text\na, \na,good\na,bad\n"))
    assert comments["text"].tolist() == ["good"]
    assert reasons(rejected) == [[2, "empty_text"], [4, "duplicate_id"]]


def test_columns_are_typed(tmp_path):
    comments, _ = load_feedback(
        table(tmp_path, "Text,created_at,nps,churned,customer_id,source,floor\nNA,2026-03-14,٧,yes,007,Survey,NULL\n")
    )
    row = comments.iloc[0]
    assert row[["text", "nps", "churned", "customer_id", "source", "floor"]].tolist() == [
        "NA",
        7.0,
        True,
        "007",
        "survey",
        "NULL",
    ]
    assert str(comments["created_at"].dtype) == "datetime64[ns]"
    assert (str(comments["nps"].dtype), str(comments["churned"].dtype)) == ("float64", "boolean")


def test_text_is_exactly_as_in_the_file(tmp_path):
    text = "  two  spaces,\tتـــأخير\u200c و\u202e \u00a0end "
    comments, _ = load_feedback(table(tmp_path, f'feedback_id,text\n1,"{text}"\n'))
    assert comments["text"].tolist() == [text]


RATINGS = [
    ("text,rating\na,1\nb,5\n", [5.0, 5.0], []),
    ("text,rating\na,1\nb,9\n", [10.0, 10.0], []),
    ("text,rating\na,1\nb,99\n", [5.0], [3]),
    ("text,rating,rating_max\na,1,7\nb,3,\n", [5.0, 7.0], []),
    ("text,rating\na,4/5\nb,۹ از ۱۰\nc,3\nd,6 von 5\ne,3/0\n", [5.0, 5.0, 5.0, 10.0], [5]),
    ("text,rating,rating_max\na,4/5,10\nb,4/5,5\nc,3/5,\n", [5.0, 5.0], [2]),
]


@pytest.mark.parametrize(("text", "highest", "rejected_rows"), RATINGS)
def test_the_highest_rating(tmp_path, text, highest, rejected_rows):
    comments, rejected = load_feedback(table(tmp_path, text))
    assert (sorted(comments["rating_max"]), rejected["row_number"].tolist()) == (highest, rejected_rows)


def test_answers_are_read_with_the_highest_one_behind_them(tmp_path):
    answers = ["9/10", "٧/١٠", "۸ از ۱۰", "٣ من ١٠", "4 von 10", "6 out of 10", "5", "4/5", "2026/9/10", "9/11"]
    rows = "".join(f"{number},x{number},{answer}\n" for number, answer in enumerate(answers))
    comments, rejected = load_feedback(table(tmp_path, "feedback_id,text,nps\n" + rows))
    assert comments["nps"].tolist() == [9, 7, 8, 3, 4, 6, 5]
    assert rejected["reason"].tolist() == ["bad_nps"] * 3
    assert "nps: 8 with the highest possible answer behind it, such as 4/5." in comments.attrs["readings"]


def test_the_order_of_rows_does_not_matter(tmp_path):
    lines = [f"{i:03d},comment {i % 5},2026-03-{i % 28 + 1:02d},{i % 12}" for i in range(60)]
    header = "feedback_id,text,created_at,nps\n"
    comments, rejected = load_feedback(table(tmp_path, header + "\n".join(lines)))
    random.Random(1).shuffle(lines)
    again, rejected_again = load_feedback(table(tmp_path, header + "\n".join(lines), "b.csv"))
    pd.testing.assert_frame_equal(comments, again)
    assert comments.attrs == again.attrs
    assert sorted(rejected["row"]) == sorted(rejected_again["row"])


def test_ids_come_from_content_in_any_format_and_order(tmp_path):
    comments, _ = load_feedback(table(tmp_path, "text,nps\ngood,9\nbad,1\ngood,9\n"))
    again, _ = load_feedback(
        table(tmp_path, '{"nps": 1, "text": "bad"}\n{"nps": 9, "text": "good"}\n{"nps": 9, "text": "good"}', "a.jsonl")
    )
    assert comments[["feedback_id", "text"]].values.tolist() == again[["feedback_id", "text"]].values.tolist()
    assert comments["feedback_id"].is_unique
    assert comments["feedback_id"].str.fullmatch("[0-9a-f]{12}(-2)?").all()
    assert any("made from each row's content" in told for told in comments.attrs["readings"])


def test_names_are_matched_without_case_and_spaces(tmp_path):
    comments, _ = load_feedback(table(tmp_path, " TEXT ,Feedback ID,Shop\ngood,7,north\n"))
    assert comments.columns.tolist() == ["feedback_id", "text", "Shop"]
    assert "Feedback ID is read as feedback_id." in comments.attrs["readings"]


def test_a_mapping_wins_and_nothing_is_lost(tmp_path):
    path = table(tmp_path, "text,Kommentar,Wert\nx1,viel zu langsam,3\n")
    comments, _ = load_feedback(path, columns={"text": "Kommentar", "nps": "wert "})
    assert comments[["text", "text_in_file", "nps"]].values.tolist() == [["viel zu langsam", "x1", 3.0]]


def test_a_column_that_is_called_as_another_is_kept_is_not_lost(tmp_path):
    (tmp_path / "b.csv").write_text("text\nlate\n", encoding="utf-8")
    names = ["text", "text_in_file", "Kommentar", "source", "source_in_file", "source_file", "source_file_in_file"]
    path = table(tmp_path, f"{','.join(names)}\n1,2,3,4,5,6,7\n")
    comments, _ = load_feedback(path, columns={"text": "Kommentar"}, constants={"source": "review"})
    assert sorted(comments.drop(columns="feedback_id").loc[0]) == ["1", "2", "3", "4", "5", "6", "7", "review"]
    both, _ = load_feedback(tmp_path, constants={"source": "review"})
    own = both[both["source_file"] == path.name].drop(columns="feedback_id").iloc[0]
    assert sorted(own) == sorted(["1", "2", "3", "4", "5", "6", "7", "review", path.name])


def test_a_constant_with_half_a_character_can_be_stored(tmp_path):
    comments, _ = load_feedback(table(tmp_path, "text\ngood\n"), constants={"segment": "\ud83d"})
    assert comments["segment"].tolist() == ["\ufffd"]


def test_constants_fill_whole_columns(tmp_path):
    path = table(tmp_path, "text,source\ngood,Store page\n")
    comments, _ = load_feedback(path, constants={"source": "review", "market": "IR", "wave": 2, "churned": False})
    assert comments[["source", "source_in_file", "market", "wave", "churned"]].values.tolist() == [
        ["review", "Store page", "IR", "2", False]
    ]


def test_the_calendar_can_be_stated(tmp_path):
    path = table(tmp_path, "text,created_at\ngood,1419/01/01\n")
    assert load_feedback(path).comments["created_at"].dt.year.tolist() == [2040]
    comments, _ = load_feedback(path, constants={"calendar": "hijri"})
    assert comments["created_at"].dt.year.tolist() == [1998]
    assert "calendar" not in comments


WRONG_ARGUMENTS = [
    ({"columns": {"txt": "text"}}, r"'txt' is not a column of the comments table \(did you mean 'text'\?\)"),
    ({"columns": {"nps": "scor"}}, r"a.csv has no column 'scor' \(did you mean 'score'\?\); it has text, score\. "
     r"Correct what is read as nps, or take it out of `columns`\.$"),
    ({"constants": {"nps": 99}}, "constant for nps does not fit"),
    ({"constants": {"calendar": "maya"}}, "calendar should be one of"),
    ({"constants": {3: "x"}}, "constants: expected a text, found int"),
    ({"columns": False}, "columns: expected a mapping"), ({"progress": 3}, "progress: expected a function"),
    ({"unpacked_gb": 10**400}, "unpacked_gb: expected a number above 0"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_ARGUMENTS)
def test_wrong_arguments_are_told(tmp_path, arguments, message):
    with pytest.raises(InputError, match=message):
        load_feedback(table(tmp_path, "text,score\ngood,9\n"), **arguments)


def test_what_differs_in_case_or_spaces_alone_is_one_place(tmp_path):
    (tmp_path / "a.csv").write_text("text,channel,segment\none,App,A+\ntwo, app,A\nthree,APP,a\nfour,app,A\n")
    (tmp_path / "b.csv").write_text("channel,visits\nAPP,3\n")
    sources = [Source(path="a.csv"), Source(path="b.csv", kind="numbers")]
    loaded = load_opened(open_sources(sources, tmp_path))
    assert set(loaded.comments["channel"]) == set(loaded.numbers["channel"]) == {"app"}
    assert sorted(loaded.comments["segment"]) == ["A", "A", "A", "A+"]
    assert "channel: 2 spelt otherwise in case, spaces or hyphens alone, counted with the rest." in \
        loaded.comments.attrs["readings"]
    (tmp_path / "c.csv").write_text("text,channel\nfour,app\nthree,APP\ntwo,APP\none,App\n")
    assert set(load_feedback(tmp_path / "c.csv").comments["channel"]) == {"APP"}
    (tmp_path / "d.csv").write_text("text,channel,segment\none,E-Mail,1-8\ntwo,email,18\nthree,email,A-\n")
    comments = load_feedback(tmp_path / "d.csv").comments
    assert (set(comments["channel"]), set(comments["segment"])) == ({"email"}, {"1-8", "18", "A-"})


def test_sources_of_a_study_become_one_table(tmp_path):
    table(tmp_path, "feedback_id,text,nps\n1,good,9\n2,bad,1\n", "a.csv")
    table(tmp_path, '{"feedback_id": "2", "Yorum": "kötü"}\n{"feedback_id": "3", "Yorum": "iyi", "x": "y"}', "b.jsonl")
    sources = [Source(path="a.csv", constants={"source": "survey"}), Source(path="b.jsonl", columns={"text": "Yorum"})]
    seen = []
    comments, rejected = load_sources(sources, tmp_path, lambda done, total: seen.append((done, total)))
    assert comments[["feedback_id", "source_file"]].values.tolist() == [
        ["1", "a.csv"],
        ["2", "a.csv"],
        ["3", "b.jsonl"],
    ]
    assert rejected[["row_number", "reason", "source_file"]].values.tolist() == [[1, "duplicate_id", "b.jsonl"]]
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert any(told.startswith("b.jsonl: Yorum is read as text") for told in comments.attrs["readings"])
    study = SimpleNamespace(feedback=sources, folder=tmp_path)
    pd.testing.assert_frame_equal(load_feedback(study).comments, comments)
    with pytest.raises(FeedbackError, match="study states columns and constants itself"):
        load_feedback(study, constants={"source": "call"})


def test_equal_rows_of_two_files_get_different_ids(tmp_path):
    for name in ("a.csv", "b.csv"):
        table(tmp_path, "text\ngood\n", name)
    comments, rejected = load_feedback(tmp_path)
    assert (len(comments), len(rejected), comments["feedback_id"].is_unique) == (2, 0, True)


POOL = [
    "",
    " ",
    "good",
    "NA",
    "9",
    "11",
    "2026-02-30",
    '"',
    "a,b",
    "x\ny",
    "یک",
    "yes",
    "=1+1",
    "\x00",
    "5,5",
    "\\",
    "'",
    "\u202e",
]


@pytest.mark.parametrize("seed", range(25))
def test_nothing_disappears_whatever_the_rows_hold(tmp_path, seed):
    chance = random.Random(seed)
    rows = [["id", *(chance.choice(POOL) for _ in range(chance.choice([4, 4, 4, 3, 5])))] for _ in range(30)]
    for row in rows:
        row[0] = chance.choice(["", "a", "b", str(chance.random())])
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["feedback_id", "text", "nps", "created_at", "churned"], *rows])
    comments, rejected = load_feedback(tmp_path / "a.csv")
    assert len(comments) + len(rejected) == 30
    assert comments["feedback_id"].is_unique
    assert rejected["row_number"].is_monotonic_increasing
    assert set(rejected["row_number"]) <= set(range(2, 32))
    for number, row in zip(rejected["row_number"], rejected["row"], strict=True):
        found = json.loads(row)
        written = list(found.values()) if isinstance(found, dict) else found
        assert written == rows[number - 2][: len(written)]


@pytest.mark.parametrize("seed", range(10))
def test_nothing_disappears_from_damaged_files(tmp_path, seed):
    """Quotes, separators and line ends at random places: whatever is parsed must be accounted for."""
    chance = random.Random(seed)
    text = "".join(
        chance.choice(["good", "bad", ",", ",", '"', '""', "\n", "\n", "9", ";", "\t", "\r\n"]) for _ in range(400)
    )
    path = table(tmp_path, "text,nps\n" + text)
    comments, rejected = load_feedback(path)
    assert len(comments) + len(rejected) == len(read_file(path))
    kept = "".join(comments["text"]) + "".join(rejected["row"])
    assert kept.count("good") == text.count("good")


def test_both_tables_survive_being_empty(tmp_path):
    comments, rejected = load_feedback(table(tmp_path, "text,nps\ngood,9\n"))
    assert rejected.columns.tolist() == ["row_number", "reason", "detail", "source_file", "row"]
    assert len(rejected) == 0
    comments, rejected = load_feedback(table(tmp_path, "text,nps\n ,9\n"))
    assert (len(comments), comments.columns.tolist()) == (0, ["feedback_id", "text", "nps"])


def test_comments_can_be_stored_and_keep_their_readings(tmp_path):
    comments, _ = load_feedback(table(tmp_path, "text,churned,created_at\ngood,yes,2026-03-14\n"))
    comments.to_parquet(tmp_path / "c.parquet")
    stored = pd.read_parquet(tmp_path / "c.parquet")
    pd.testing.assert_frame_equal(stored, comments)
    assert stored.attrs == comments.attrs


def test_contract_columns_come_first_in_contract_order(tmp_path):
    comments, _ = load_feedback(table(tmp_path, "zone,nps,created_at,text\nx,9,2026-03-14,good\n"))
    contract = [name for name in names(COMMENTS) if name in comments]
    assert comments.columns.tolist() == [*contract, "zone"]


def test_public_names_are_sorted_and_there():
    assert feedback.__all__ == sorted(feedback.__all__)
    assert all(hasattr(feedback, name) for name in feedback.__all__)


def test_what_stands_for_no_customer_is_no_customer(tmp_path):
    loaded = load_feedback(table(tmp_path, "feedback_id,text,customer_id,account_id,market\n1,a,NULL,n/a,NA\n"
                                           "2,b,null,-,NA\n3,c,K-1,A,NO\n"))
    known = loaded.comments[["customer_id", "account_id", "market"]]
    assert known.notna().values.tolist() == [[False, False, True], [False, False, True], [True, True, True]]
    assert "customer_id: NULL, null is read as no id." in loaded.comments.attrs["readings"]


def test_a_table_is_no_source():
    with pytest.raises(FeedbackError, match=r"Expected a path, .* found DataFrame: a table .* needs no loading\."):
        load_feedback(pd.DataFrame({"feedback_id": ["a"], "text": ["late"]}))

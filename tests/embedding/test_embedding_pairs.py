import pandas as pd
import pytest

from workbench.embedding.training import count_reasons, find_evaluation_rows, read_pairs
from workbench.embedding.training.corpus import add_romanised
from workbench.embedding.training.english import read_english
from workbench.embedding.training.pairs import read_marks
from workbench.errors import InputError


@pytest.mark.parametrize(("text", "language", "english", "reason"), [
    ("تأخر", "ar", "late", ""),
    ("ta5ar", "rom", "late", ""),
    ("😡", "und", "angry", ""),
    ("  ", "ar", "late", "empty_text"),
    ("تأخر", "ar", " ", "empty_english"),
    ("spät", "German", "late", "unknown_language"),
    ("spät", "ger", "late", "unknown_language"),
    ("遅い", "jp", "late", "unknown_language"),
    ("遅い", "JA", "late", "unknown_language"),
    ("late", "fa", "late", "wrong_script"),
    ("دیر", "ja", "late", "wrong_script"),
    ("spät", "de", "دیر", "english_not_english"),
    ("ä" * 2001, "de", "late", "too_long"),
])
def test_each_fault_has_its_reason(tmp_path, text, language, english, reason):
    pd.DataFrame({"text": [text], "language": [language], "english": [english]}).to_csv(
        tmp_path / "p.csv", index=False)
    pairs, rejected = read_pairs([tmp_path / "p.csv"])
    assert len(pairs) + len(rejected) == 1
    assert rejected["reason"].tolist() == ([reason] if reason else [])


def test_one_sided_and_repeated_rows_are_counted_by_file(tmp_path):
    (tmp_path / "a.csv").write_text("text,language,english\nspät,de,late\nspät,de,late\nfrüh,de\n", encoding="utf-8")
    pd.DataFrame({"text": ["دیر", None], "language": "fa", "english": "late", "share_alike": [True, False],
                  "licence": "CC-BY-SA-4.0"}).to_parquet(tmp_path / "b.parquet")
    pairs, rejected = read_pairs([tmp_path / "a.csv", tmp_path / "b.parquet"])
    assert count_reasons(rejected).values.tolist() == [
        ["a.csv", "duplicate", 1], ["a.csv", "empty_english", 1], ["b.parquet", "empty_text", 1]]
    assert pairs[["share_alike", "licence", "split"]].values.tolist() == [
        [False, "not stated", "train"], [True, "CC-BY-SA-4.0", "train"]]
    assert rejected["row_number"].tolist() == [2, 3, 2]


def test_empty_cells_of_optional_columns_are_as_absent_ones(tmp_path):
    (tmp_path / "a.csv").write_text("text,language,english,kind,source,licence,split,share_alike\n"
                                    "spät,de,late,,,,,\nfrüh,de,early,ui,us,CC0, validation ,no\n"
                                    "dir,de,you,ui,us,CC0,test,no\n", encoding="utf-8")
    pairs, rejected = read_pairs([tmp_path / "a.csv"])
    assert pairs[["kind", "source", "licence", "split", "share_alike"]].values.tolist() == [
        ["sent", "a.csv", "not stated", "train", False], ["ui", "us", "CC0", "validation", False]]
    assert rejected["reason"].tolist() == ["unknown_split"]


@pytest.mark.parametrize(("marks", "expected"), [
    ([True, False], [True, False]), ([1.0, None], [True, False]), (["YES", "no"], [True, False]),
    (["true", ""], [True, False]), ([1, 0], [True, False]),
])
def test_share_alike_is_yes_or_no(marks, expected):
    assert read_marks(pd.DataFrame({"share_alike": marks}), "p.csv").tolist() == expected


@pytest.mark.parametrize("read", [read_pairs, lambda files: read_english(files, share_alike=False)])
def test_a_mark_that_says_neither_is_told_and_never_taken_for_no(tmp_path, read):
    (tmp_path / "p.csv").write_text("text,language,english,share_alike\na,de,b,no\nc,de,d,CC-BY-SA\n")
    with pytest.raises(InputError, match=r"p\.csv, row 2: share_alike is 'cc-by-sa'; write yes or no"):
        read([tmp_path / "p.csv"])


def test_english_texts_keep_their_source_and_lose_what_is_empty_or_share_alike(tmp_path):
    pd.DataFrame({"text": ["late", " ", None, "wrong bill", "late"], "source": ["us", "us", "us", None, "us"],
                  "licence": "CC0", "share_alike": [False, False, False, True, False]}).to_parquet(
                      tmp_path / "e.parquet")
    assert sorted(read_english([tmp_path / "e.parquet"], share_alike=True).values.tolist()) == [
        ["late", "us", "CC0", False], ["wrong bill", "e.parquet", "CC0", True]]
    assert read_english([tmp_path / "e.parquet"], share_alike=False)["text"].tolist() == ["late"]
    assert read_english([], share_alike=True)["text"].tolist() == []


@pytest.mark.parametrize(("content", "message"), [
    ("text,lang,english\na,de,b\n", r"lacks the column language .*pairs need text, language, english"),
    (None, "cannot be read"),
])
def test_a_table_that_is_none_of_pairs_is_refused(tmp_path, content, message):
    if content:
        (tmp_path / "p.csv").write_text(content)
    with pytest.raises(InputError, match=message):
        read_pairs([tmp_path / "p.csv"])


def test_no_table_is_an_error():
    with pytest.raises(InputError, match="Name at least one table"):
        read_pairs([])


SENTENCE = "The courier left my parcel in the rain and never rang the bell"


@pytest.mark.parametrize(("english", "text", "reason"), [
    (SENTENCE, "x", "evaluation_exact"),
    (SENTENCE.upper() + "!!", "x", "evaluation_exact"),
    (SENTENCE + " twice", "x", "evaluation_near"),
    ("My parcel was left in the rain", "x", ""),
    ("courier", "x", ""),
    ("x", "配達員は荷物を雨の中に置いて行きました。", "evaluation_near"),
    ("x", "پیک بسته را زیر باران گذاشت", "evaluation_exact"),
])
def test_what_a_model_is_judged_by_is_found_on_either_side(english, text, reason):
    judged = [SENTENCE, "courier", "پیک بسته را زیر باران گذاشت", "配達員は荷物を雨の中に置いて行きましたよ"]
    found = find_evaluation_rows(pd.DataFrame({"text": [text], "english": [english]}), judged)
    assert found.tolist() == [reason]


def test_the_shipped_rows_hold_no_sentence_of_the_sample():
    from pathlib import Path

    from workbench.embedding import EMBEDDED_MODEL

    sample = Path(__file__).parents[2] / "data" / "sample"
    own = pd.read_csv(EMBEDDED_MODEL.parent / "own-pairs.csv")
    found = find_evaluation_rows(own, pd.read_csv(sample / "feedback.csv")["text"].dropna())
    assert set(own.loc[found.ne(""), "english"]) <= {"thank you"}


def test_romanised_copies_are_seeded_and_leave_places_out():
    pairs = pd.DataFrame({"text": ["تأخر الطلب كثيرا", "طهران", "خیلی دیر رسید"], "language": ["ar", "ar", "fa"],
                          "english": ["late", "Tehran", "late"], "kind": ["sent", "place", "sent"]})
    first, again, other = (add_romanised(pairs, seed) for seed in (0, 0, 1))
    assert first["kind"].value_counts().to_dict() == {"rom_sent": 4, "sent": 2, "place": 1}
    assert first["text"].tolist() == again["text"].tolist() != other["text"].tolist()
    assert first.loc[first["language"] == "rom", "text"].str.fullmatch(r"[a-z0-9' ]+").all()

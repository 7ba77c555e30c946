"""Formats, encodings, separators and broken rows: what a file says is read, and what cannot be read is told."""

import json
import os
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.errors import FeedbackError
from workbench.feedback import load_feedback
from workbench.study import load_study

ROWS = [
    {"feedback_id": "007", "text": "Der Techniker war nett, kam aber zu spät", "nps": "4", "shop": "NA"},
    {"feedback_id": "008", "text": "اینترنت هر شب قطع می‌شود", "nps": "0", "shop": ""},
    {"feedback_id": "009", "text": "null", "nps": "", "shop": "0042"},
    {"feedback_id": "010", "text": 'line one\nline two; "quoted", |\ttabbed', "nps": "10", "shop": "x"},
]
HEADER = list(ROWS[0])


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def delimited(separator):
    def cell(value):
        return '"' + value.replace('"', '""') + '"' if any(sign in value for sign in ',;\t|"\n') else value

    return "\r\n".join(separator.join(map(cell, row)) for row in [HEADER, *(row.values() for row in ROWS)]) + "\r\n"


def expected():
    return [
        [row["feedback_id"], row["text"], float(row["nps"]) if row["nps"] else None, row["shop"] or None]
        for row in ROWS
    ]


def cells(comments):
    table = comments[["feedback_id", "text", "nps", "shop"]].astype(object)
    return table.where(table.notna(), None).values.tolist()


def as_json_lines(path):
    return write(path.with_suffix(".jsonl"), "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS))


def as_json(path):
    return write(path.with_suffix(".json"), json.dumps({"total": 4, "data": ROWS}))


def as_parquet(path):
    pd.DataFrame(ROWS).to_parquet(path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def as_workbook(path):
    book = openpyxl.Workbook()
    book.active.append([])
    for row in [HEADER, *(list(row.values()) for row in ROWS)]:
        book.active.append([value or None for value in row])
    book.create_sheet("notes")
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


@pytest.mark.parametrize(
    "writer",
    [
        *(lambda path, sign=sign: write(path, delimited(sign)) for sign in ",;\t|"),
        lambda path: write(path, "sep=;\r\n" + delimited(";")),
        lambda path: write(path, "\r\n\r\n" + delimited(",")),
        lambda path: write(path.with_suffix(".tsv"), delimited("\t")),
        lambda path: write(path, delimited(","), "utf-8-sig"),
        lambda path: write(path, delimited(","), "utf-16"),
        lambda path: write(path, delimited(","), "utf-16-le"),
        lambda path: write(path, delimited(";"), "utf-32"),
        as_json_lines,
        as_json,
        as_parquet,
        as_workbook,
    ],
)
def test_every_format_gives_the_same_comments(tmp_path, writer):
    comments, rejected = load_feedback(writer(tmp_path / "a.csv"))
    assert len(rejected) == 0
    assert cells(comments) == expected()


ENCODINGS = [
    ("text\nschöne Grüße und viel Ärger\n", "cp1252", "Windows-1252 (Western)"),
    ("text\nnaïve “quotes” — été à la fin\n", "cp1252", "Windows-1252 (Western)"),
    ("text\nالإنترنت ينقطع كل يوم والفني لا يأتي في الموعد\n", "cp1256", "Windows-1256 (Arabic)"),
    ("text\nтехник не пришёл вовремя и не позвонил\n", "cp1251", "Windows-1251 (Cyrillic)"),
    ("text\nçağrı merkezi ilgisiz, teknisyen ise çok kibardı ışık yanıyor\n", "cp1254", "Windows-1254 (Turkish)"),
    ("text\nالخدمة ممتازة والمنتج وصل متأخرا جدا وكان الموظف لطيفا\n", "iso8859_6", "ISO 8859-6 (Arabic)"),
    ("text\nخيلي دير رسيد و بسته خراب بود ولي پشتيباني خوب\n", "cp1256", "Windows-1256 (Arabic)"),
    ("text\nהמשלוח איחר מאוד והשירות לא היה טוב בכלל\n", "cp1255", "Windows-1255 (Hebrew)"),
    ("text\nit’s “fine” — 5 € …\n", "cp1252", "Windows-1252 (Western)"),
    ("text\nاینترنت قطع است\n", "utf-8", "UTF-8"),
    ("text\nاینترنت قطع است\n", "utf-8-sig", "UTF-8"),
    ("text\nاینترنت قطع است\n", "utf-16", "UTF-16"),
]


@pytest.mark.parametrize(("text", "encoding", "told"), ENCODINGS)
def test_encodings_are_decided_and_told(tmp_path, text, encoding, told):
    comments, _ = load_feedback(write(tmp_path / "a.csv", text, encoding))
    assert comments["text"].tolist() == [text.split("\n")[1]]
    assert told in comments.attrs["readings"][0]


@pytest.mark.parametrize(("text", "encoding"), [
    ("배송이 늦었어요 정말 실망입니다", "cp949"), ("配達が遅いです。とても残念", "shift_jis"),
    ("物流很慢，客服态度也不好", "gbk"),
    ("Dostawa była bardzo późno, żądam zwrotu pieniędzy", "cp1250"),
    ("Größer, schöner, aber früher war es besser", "mac_roman"),
    ("доставка опоздала очень сильно", "koi8_r"), ("η παράδοση άργησε πολύ", "cp1253"),
])
def test_an_encoding_that_is_not_known_is_not_guessed(tmp_path, text, encoding):
    with pytest.raises(FeedbackError, match=r"The encoding of a\.csv cannot be told"):
        load_feedback(write(tmp_path / "a.csv", "text\n" + f"{text}\n" * 8, encoding))


def test_a_few_bad_bytes_are_repaired_where_they_stand(tmp_path):
    data = "text\nاینترنت قطع است و schön\n".encode() + "naïve schön\n".encode("cp1252")
    comments, _ = load_feedback(write(tmp_path / "a.csv", data))
    assert sorted(comments["text"]) == ["naïve schön", "اینترنت قطع است و schön"]
    assert "2 bytes in 1 rows are not valid UTF-8" in comments.attrs["readings"][0]


BROKEN = [
    ("text,nps\ngood,9\nbad,1,2\nfine,7\n", [3], ["good", "fine"]),
    ("text,nps\ngood,9\nlonely\nfine,7\n", [3], ["good", "fine"]),
    ('text,nps\ngood,9\n"never closed,1\nfine,7\n"also, fine",8\n', [3], ["good", "fine", "also, fine"]),
    ('text,nps\ngood,9\n"never closed,1\nfine,7\n', [], ["good", '"never closed', "fine"]),
    ('text,nps\n"two\nlines",9\nbad,1,2\n', [3], ["two\nlines"]),
    ('text,nps\ngood,9\n"a "b" c",1\n"x",2\n', [3], ["good", "x"]),
    ("text,nps\ngood,9,,\nfine,7\n", [], ["good", "fine"]),
    ("text,nps\ngood,9\n\nfine,7\nbad\n", [5], ["good", "fine"]),
    ('text\tnps\n"Super" sagte er\t9\n5" Bildschirm\t7\n', [], ['"Super" sagte er', '5" Bildschirm']),
    ('text,nps\n"a \\"b\\" c",1\n"x",2\n', [], ['a "b" c', "x"]),
]


@pytest.mark.parametrize(("text", "rows", "kept"), BROKEN)
def test_a_broken_row_is_rejected_alone(tmp_path, text, rows, kept):
    comments, rejected = load_feedback(write(tmp_path / "a.csv", text))
    assert rejected["row_number"].tolist() == rows
    assert set(rejected["reason"]) <= {"broken_row"}
    assert sorted(comments["text"]) == sorted(kept)


def test_many_open_quotes_do_not_swallow_the_file(tmp_path):
    text = "text,nps\n" + "".join(f'"open {i},{i % 10}\n"fine, {i}",{i % 10}\n' for i in range(500))
    comments, rejected = load_feedback(write(tmp_path / "a.csv", text))
    assert (len(comments), rejected["row_number"].tolist()) == (500, list(range(2, 1002, 2)))
    assert comments["text"].str.startswith("fine, ").all()


def test_one_column_may_hold_commas(tmp_path):
    comments, rejected = load_feedback(write(tmp_path / "a.csv", 'text\nlate, rude, never again\n"quoted, too"\n'))
    assert sorted(comments["text"]) == ["late, rude, never again", "quoted, too"]
    assert len(rejected) == 0


def test_json_lines_are_rejected_by_line(tmp_path):
    lines = [
        '{"text": "gut", "nps": 9}',
        "",
        '{"text": "schl',
        "[1, 2]",
        '{"text": "ok", "nps": 1e400}',
        '{"text": "\\ud83d x"}',
    ]
    comments, rejected = load_feedback(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert rejected[["row_number", "reason"]].values.tolist() == [[3, "broken_row"], [4, "broken_row"], [5, "bad_nps"]]
    assert sorted(comments["text"]) == ["gut", "\ufffd x"]


def test_numbers_in_json_stay_as_they_are_written(tmp_path):
    comments, _ = load_feedback(
        write(tmp_path / "a.json", '[{"text": "a", "feedback_id": 12345678901234567890, "x": 1.50, "y": [1]}]')
    )
    assert comments[["feedback_id", "x", "y"]].values.tolist() == [["12345678901234567890", "1.50", '["1"]']]


def test_workbook_rows_are_those_of_the_sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in [
        [],
        ["text", "nps", "created_at"],
        ["gut", 9, pd.Timestamp("2026-03-14").to_pydatetime()],
        [],
        ["schlecht", 99, None],
    ]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    comments, rejected = load_feedback(tmp_path / "a.xlsx")
    assert comments["created_at"].tolist() == [pd.Timestamp("2026-03-14")]
    assert rejected[["row_number", "reason"]].values.tolist() == [[5, "bad_nps"]]
    assert "Column names are in row 2." in comments.attrs["readings"]


def test_folders_and_patterns(tmp_path):
    for name in ("b.csv", "a.csv", ".hidden.csv", "~$lock.xlsx", "notes.md", "study.rejected.csv", "study.themes.json",
                 "forgotten.csv"):
        write(tmp_path / name, f"feedback_id,text\n{name},good\n")
    for source in (tmp_path, str(tmp_path / "*.csv"), str(tmp_path / "*.*")):
        comments, _ = load_feedback(source)
        assert comments[["feedback_id", "source_file"]].values.tolist() == [["a.csv", "a.csv"], ["b.csv", "b.csv"]]


REFUSED = [
    ("a.csv", b"", "a.csv is empty"),
    ("a.csv", b"\n \n", "a.csv is empty"),
    ("a.csv", b"text,nps\n", "column names but no rows"),
    ("a.json", b"[]", "column names but no rows"),
    ("a.csv", b"text####nps\ngood####9\nbad####1\n", "separated by '####'"),
    ("a.tsv", b"http://x.example/1\tsuch a bad day. Really bad.\ttrue\n" * 3, "first row of a.tsv holds data"),
    ("a.csv", b"PK\x03\x04rest", "should be text but is an Excel workbook"),
    ("a.csv", b"\xff\xfet\x00e\x00x", "cannot be read as such from byte"),
    (
        "a.csv",
        "text\nο τεχνικός δεν ήρθε ποτέ στο σπίτι μου και δεν τηλεφώνησε\n".encode("cp1253"),
        "encoding of a.csv cannot be told",
    ),
    ("a.xlsx", b"no zip", "not a workbook"),
    ("a.parquet", b"no parquet", "not a Parquet file"),
    ("a.json", b"{", "not valid JSON"),
    ("a.json", b"[" * 100_000, "not valid JSON"),
    ("a.json", b'{"a": [1], "b": [2]}', "list of objects"),
    ("a.pdf", b"%PDF", "ends in .pdf; comments are read from .csv"),
    ("a.xls", b"x", "save it as .xlsx"),
    ("a", b"x", "a has no suffix"),
    (
        "a.csv",
        b"id,Kommentar,nps\n1,viel zu langsam,3\n",
        "has no column 'text'; it has id, Kommentar, nps. It is likely 'Kommentar'",
    ),
    ("a.csv", b"feedback_id,Speaker,words\nabcdefghijklmnopqrstuvwxyz,customer or employee,this is what was said\n",
     "It is likely 'words'"),
    ("a.csv", "id,نظر\n1,خیلی کند\n".encode(), "It is likely 'نظر'"),
    ("a.csv", b"id,a,b\n1,x,this one is by far the longest\n", "It is likely 'b'"),
    ("a.csv", b"id,n\n1,2\n", "Map it with"),
    ("a.txt", b"what a secret day\nthe router broke\n", "a.txt has one column and it is not called 'text'"),
]


@pytest.mark.parametrize(("name", "data", "message"), REFUSED)
def test_files_that_cannot_be_read_as_a_whole(tmp_path, name, data, message):
    with pytest.raises(FeedbackError, match=message.replace("(", r"\(").replace("[", r"\[")):
        load_feedback(write(tmp_path / name, data))


def write_sheets(path):
    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(["Report", "by"])
    book.active.append(["March", "x"])
    for name, text in (("March", "دیر رسید"), ("April", "gut")):
        sheet = book.create_sheet(name)
        sheet.append(["ID", "text"])
        sheet.append(["007", text])
    book.save(path)
    return path


def test_the_sheet_that_is_named_is_read(tmp_path):
    path = write_sheets(tmp_path / "a.xlsx")
    comments, _ = load_feedback(path, sheet="April")
    assert comments[["ID", "text"]].values.tolist() == [["007", "gut"]]
    assert comments.attrs["readings"][:2] == ["Excel workbook, sheet April.",
                                              "Sheets that were not read: About, March."]
    (tmp_path / "study.yaml").write_text("name: One\nfeedback:\n- {path: a.xlsx, sheet: March}\n"
                                         "- {path: a.xlsx, sheet: April}\n", encoding="utf-8")
    comments, _ = load_feedback(load_study(tmp_path / "study.yaml"))
    assert sorted(comments[["text", "source_file"]].values.tolist()) == [["gut", "a.xlsx (April)"],
                                                                         ["دیر رسید", "a.xlsx (March)"]]


@pytest.mark.parametrize(("sheet", "message"), [
    (None, r"a\.xlsx has no column 'text'; it has Report, by\. .* Of a\.xlsx only the sheet About is read, not March, "
           r"April: name one as `sheet`\.$"),
    ("Mrch", r"a\.xlsx has no sheet 'Mrch' \(did you mean 'March'\?\); it has About, March, April\."),
])
def test_a_sheet_that_does_not_fit_is_told_with_the_others(tmp_path, sheet, message):
    with pytest.raises(FeedbackError, match=message):
        load_feedback(write_sheets(tmp_path / "a.xlsx"), sheet=sheet)


def test_a_cover_sheet_is_told_with_the_others(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Please do not edit"])
    book.active.title = "Cover"
    book.create_sheet("March").append(["text"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(FeedbackError, match=r"no rows. .* sheet Cover is read, not March: name one"):
        load_feedback(tmp_path / "a.xlsx")


def test_a_file_without_sheets_has_none(tmp_path):
    with pytest.raises(FeedbackError, match=r"a\.csv is no workbook, so it has no sheet 'March': leave out `sheet`"):
        load_feedback(write(tmp_path / "a.csv", b"text\ngut\n"), sheet="March")


def test_an_empty_sheet_is_refused(tmp_path):
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(FeedbackError, match=r"The sheet Sheet of a\.xlsx is empty\.$"):
        load_feedback(tmp_path / "a.xlsx")


def test_a_missing_file_names_the_nearest(tmp_path):
    write(tmp_path / "feedback.csv", "text\ngood\n")
    with pytest.raises(FeedbackError, match=r"did you mean 'feedback.csv'"):
        load_feedback(tmp_path / "fedback.csv")
    with pytest.raises(FeedbackError, match=r"beside it: feedback.csv"):
        load_feedback(tmp_path / "quite-another.csv")
    with pytest.raises(FeedbackError, match="No file of comments matches"):
        load_feedback(tmp_path / "*.parquet")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FeedbackError, match="holds no file of comments"):
        load_feedback(tmp_path / "empty")


@pytest.mark.parametrize("title", ["\ufefftext", "\u200ftext\u200f", "\u00a0text "])
def test_signs_that_take_no_room_are_no_part_of_a_column_name(tmp_path, title):
    comments, _ = load_feedback(write(tmp_path / "a.csv", f"\ufeff{title},nps\nخوب,9\n"))
    assert comments[["text", "nps"]].values.tolist() == [["خوب", 9]]


def test_wide_text_without_a_mark_is_known_by_its_column_names(tmp_path):
    words = "کتاب‌های‌شما‌خیلی‌خوب‌بودند‌و‌من‌خیلی‌راضی‌هستم"
    path = write(tmp_path / "a.csv", "text\n" + f"{words}\n" * 40, "utf-16-le")
    comments, _ = load_feedback(path)
    assert set(comments["text"]) == {words}


def test_a_name_given_twice_in_json_loses_nothing(tmp_path):
    comments, _ = load_feedback(write(tmp_path / "a.json", '[{"text": "gut", "text": "schlecht"}]'))
    assert comments[["text", "text_2"]].values.tolist() == [["gut", "schlecht"]]


def test_half_a_character_in_a_name_of_json_is_replaced(tmp_path):
    comments, _ = load_feedback(write(tmp_path / "a.jsonl", '{"text": "gut", "k\\ud83d": "x"}\n'))
    assert comments["k\ufffd"].tolist() == ["x"]


def workbook(path, text="good", **parts):
    """Write a workbook with one comment; of a part named in `parts`, what is given instead of it."""
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.active.append([text])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], data))
    return path


def test_signs_that_a_workbook_spells_out_are_read(tmp_path):
    comments, _ = load_feedback(workbook(tmp_path / "a.xlsx", "late_x000D_\nand dear, order_x0041_"))
    assert comments["text"].tolist() == ["late\r\nand dear, order_x0041_"]


def test_ids_of_a_workbook_keep_the_zeros_that_it_shows(tmp_path):
    book = openpyxl.Workbook()
    for row in (["feedback_id", "text", "nps"], [7, "gut", 7], [-12, "schlecht", 8], [123456, "besser", 9]):
        book.active.append(row)
    for place, format_code in {"A2": "000", "A3": "00000", "A4": "000", "C2": "0", "C3": "0.0"}.items():
        book.active[place].number_format = format_code
    book.save(tmp_path / "a.xlsx")
    comments, _ = load_feedback(tmp_path / "a.xlsx")
    assert comments[["feedback_id", "nps"]].values.tolist() == [["-0012", 8], ["007", 7], ["123456", 9]]


def test_formulas_that_nothing_has_computed_are_counted_by_column(tmp_path):
    path = workbook(tmp_path / "a.xlsx", sheet1=(
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="str"><v>text</v></c><c r="B1" t="str"><v>nps</v></c></row>'
        b'<row r="2"><c r="A2" t="str"><v>gut</v></c><c r="B2"><f>1+6</f><v>7</v></c></row>'
        b'<row r="3"><c r="A3" t="str"><v>bad</v></c><c r="B3"><f>1+6</f><v/></c><c r="C3"><f>1+6</f></c></row>'
        b'<row r="4"><c r="A4" t="str"><v>dear</v></c><c r="B4" t="str"><f>""</f><v></v></c></row>'
        b'<row r="5"><c r="A5"><f>B2</f></c><c r="B5"><v>3</v></c></row></sheetData></worksheet>'))
    comments, rejected = load_feedback(path)
    assert comments["nps"].fillna(-1).tolist() == [7, -1, -1]
    assert rejected["row_number"].tolist() == [5]
    assert ("Formulas whose value is not in the file are read as empty cells: text (1), nps (1), column 3 (1). Open "
            "a.xlsx in a spreadsheet program and save it there.") in comments.attrs["readings"]
    assert not any("Formulas" in told for told in load_feedback(workbook(tmp_path / "b.xlsx"))[0].attrs["readings"])


@pytest.mark.parametrize("parts", [{"sheet1": b"<worksheet><sheetData>"}, {"workbook": b"<workb"}])
def test_a_damaged_workbook_is_told(tmp_path, parts):
    with pytest.raises(FeedbackError, match=r"a\.xlsx is not a workbook that can be read"):
        load_feedback(workbook(tmp_path / "a.xlsx", **parts))


def test_a_damaged_workbook_is_closed(tmp_path):
    path = workbook(tmp_path / "a.xlsx", sheet1=b"<worksheet><sheetData>")
    with pytest.raises(FeedbackError) as told:
        load_feedback(path)
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert told.value.__context__ is not None  # what was read is still there
    assert path not in [link.resolve() for link in links]


def test_a_workbook_with_damaged_bytes_is_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    data[60:400] = bytes(byte ^ 0x55 for byte in data[60:400])
    path.write_bytes(data)
    with pytest.raises(FeedbackError, match=r"a\.xlsx is not a workbook that can be read"):
        load_feedback(path)


@pytest.mark.parametrize(("name", "data"), [
    ("a.csv", ",".join(["text", *(f"c{number}" for number in range(5_000))]) + "\ngood\n"),
    ("a.jsonl", "".join(f'{{"text": "good", "c{number}": 1}}\n' for number in range(5_000))),
])
def test_more_columns_than_any_table_of_comments_has_are_refused(tmp_path, name, data):
    with pytest.raises(FeedbackError, match="at most 5,000 columns"):
        load_feedback(write(tmp_path / name, data))


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are Unicode there")
def test_a_file_whose_name_is_no_unicode_is_read(tmp_path):
    file = Path(os.fsdecode(os.fsencode(tmp_path / "K") + b"\xf6ln.csv"))
    comments, rejected = load_feedback(write(file, "text,nps\ngood,1\nslow,99\n"))
    assert len(comments) == 1
    assert rejected["source_file"].tolist() == ["K\ufffdln.csv"]


def test_what_is_no_file_is_told_so(tmp_path):
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(FeedbackError, match=r"loop\.csv is no file that can be read"):
        load_feedback(tmp_path / "loop.csv")


def test_a_parquet_file_with_what_cannot_be_read_is_told(tmp_path):
    bytes_that_are_no_text = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    for name, column in {"a": bytes_that_are_no_text, "b": pa.array([10**15], pa.timestamp("s"))}.items():
        pq.write_table(pa.table({"text": ["good"], "more": column}), tmp_path / f"{name}.parquet")
        with pytest.raises(FeedbackError, match=r"parquet is not a Parquet file that can be read"):
            load_feedback(tmp_path / f"{name}.parquet")


def test_rows_that_were_rejected_are_no_comments_of_a_folder(tmp_path):
    write(tmp_path / "a.csv", "text\ngut\n")
    write(tmp_path / "a.rejected.csv", "row_number,reason,detail,source_file,row\n2,empty_text,,a.csv,{}\n")
    for source in (tmp_path, tmp_path / "*.csv"):
        assert load_feedback(source).comments["text"].tolist() == ["gut"]


def test_a_cell_beyond_all_measure_is_rejected_for_its_length(tmp_path):
    comments, rejected = load_feedback(write(tmp_path / "a.csv", "text,nps\n" + "a" * 1_100_000 + ",3\ngut,4\n"))
    assert comments["text"].tolist() == ["gut"]
    assert rejected["detail"].str.startswith("a cell of more than 1,000,000 characters").tolist() == [True]


@pytest.mark.parametrize("mapping", [{"text": "Kommentar", "feedback_id": "No"}, {}])
def test_names_of_columns_under_a_title_are_told(tmp_path, mapping):
    rows = [["Rückmeldungen 2026", None, None], [None, None, None], ["Fall", None, None], ["No", "Kommentar", "NPS"],
            ["1", "zu spät", "3"]]
    table = pd.DataFrame(rows)
    table.to_excel(tmp_path / "a.xlsx", header=False, index=False)
    with pytest.raises(FeedbackError, match=r"a\.xlsx seem to have their names in row 4: delete the rows above it\."):
        load_feedback(tmp_path / "a.xlsx", columns=mapping)
    table.iloc[3:].to_excel(tmp_path / "a.xlsx", header=False, index=False)
    assert len(load_feedback(tmp_path / "a.xlsx", columns={"text": "Kommentar"}).comments) == 1
    with pytest.raises(FeedbackError, match=r"has no column 'Text here'; it has No, Kommentar, NPS\. Correct [^.]*\.$"):
        load_feedback(tmp_path / "a.xlsx", columns={"text": "Text here"})

"""Files are read in pieces: where a piece ends must show nowhere, and a million rows fit into little memory."""

import json
import random
import subprocess
import sys

import pandas as pd
import pytest

from workbench.feedback import cells, dates, decode, load_feedback
from workbench.feedback.cells import Cells, Packer, RecordPacker, distinct, pack

ODD = ["", " ", "gut", "NA", '"', "a,b", "x\ny", "x\r\ny", "یک", "=1+1", "ü", "\u2028", "7", "99", "2026-02-30",
       "1404/1/5"]


def written(seed, encoding):
    """Return a CSV with broken rows, repeated ids, line breaks in cells and, as UTF-8, bytes that do not belong."""
    chance = random.Random(seed)
    rows = ["feedback_id,text,nps,created_at"]
    for number in range(120):
        row = [chance.choice(["a", "b", "", str(number), str(number)]), *(chance.choice(ODD) for _ in range(3))]
        quoted = ['"' + cell.replace('"', '""') + '"' if chance.random() < 0.9 else cell for cell in row]
        rows.append(",".join(quoted + ["extra"] * (chance.random() < 0.1)))
    data = chance.choice(["\n", "\r\n", "\r"]).join(rows).encode(encoding, "replace")
    return data.replace("ü".encode(), b"\xfc") if encoding == "utf-8" and seed % 2 else data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be", "cp1252"])
@pytest.mark.parametrize("seed", range(8))
def test_where_a_piece_ends_shows_nowhere(tmp_path, monkeypatch, seed, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes((b"\x00\x00\xfe\xff" if encoding == "utf-32-be" else b"") + written(seed, encoding))
    whole = load_feedback(path)
    for block, piece in ((1, 1), (7, 3), (64, 50)):
        monkeypatch.setattr(decode, "_BLOCK", block)
        monkeypatch.setattr(cells, "_PIECE", piece)
        monkeypatch.setattr(dates, "_PIECE", piece)
        pieces = load_feedback(path)
        pd.testing.assert_frame_equal(pieces.comments, whole.comments)
        pd.testing.assert_frame_equal(pieces.rejected, whole.rejected)
        assert pieces.comments.attrs == whole.comments.attrs


def test_an_id_is_known_beyond_its_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(cells, "_PIECE", 10)
    (tmp_path / "a.csv").write_text("feedback_id,text\n" + "".join(f"{i % 70},text {i % 2}\n" for i in range(100)))
    comments, rejected = load_feedback(tmp_path / "a.csv")
    assert (len(comments), rejected["row_number"].tolist()) == (70, list(range(72, 102)))
    assert rejected["detail"].str.contains("row 2 of a.csv; this row is the same").sum() == 1


def test_one_form_of_dates_and_numbers_holds_across_pieces(tmp_path, monkeypatch):
    """The last row decides how the first is read: day first, decimal comma, ratings out of ten."""
    for module in (cells, dates):
        monkeypatch.setattr(module, "_PIECE", 10)
    rows = "".join(f"{i};t;0{i % 9 + 1}/02/2026;1,234;3\n" for i in range(40))
    (tmp_path / "a.csv").write_text(f"feedback_id;text;created_at;revenue;rating\n{rows}99;t;02/13/2026;1,5;9\n")
    comments, _ = load_feedback(tmp_path / "a.csv")
    assert (comments["created_at"].dt.day == 2).sum() == 40
    assert comments["revenue"].max() == 1.5
    assert set(comments["rating_max"]) == {10.0}


def test_records_may_bring_new_names_late(tmp_path, monkeypatch):
    monkeypatch.setattr(cells, "_PIECE", 2)
    records = [{"text": f"t{i}", "feedback_id": str(i), **({"late": "x"} if i > 4 else {})} for i in range(8)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    comments, _ = load_feedback(tmp_path / "a.jsonl")
    assert comments["late"].isna().tolist() == [True] * 5 + [False] * 3


MIXED = [
    ["a", None, ""], [1, None, 2], [True, False, None], [1.5, None], [1, "a"], [1, True], [2**70, 1], ["\ud83d"],
    [None], [], [[1], {"a": 1}],
]


@pytest.mark.parametrize("values", MIXED, ids=repr)
def test_what_is_packed_comes_out_as_it_was(values):
    packed = Cells.of(values)
    assert [(type(value), value) for value in packed] == [(type(value), value) for value in values]
    assert packed == values
    assert packed[1:] == values[1:]
    assert len(pack(values)) == len(values)


def test_packers_keep_order_and_width(monkeypatch):
    monkeypatch.setattr(cells, "_PIECE", 3)
    packer, records = Packer(2), RecordPacker()
    for number in range(8):
        packer.add([number, str(number)])
        records.add({"b": number} if number % 2 else {"a": number})
    assert packer.columns() == [list(range(8)), [str(number) for number in range(8)]]
    assert records.columns() == {"a": [0, None, 2, None, 4, None, 6, None], "b": [None, 1, None, 3, None, 5, None, 7]}
    assert packer.columns()[0].take(pd.Index([7, 0, 4]).to_numpy()) == [7, 0, 4]
    assert packer.columns()[0][-1] == 7
    with pytest.raises(IndexError):
        packer.columns()[0][8]


@pytest.mark.parametrize("pieces", [[["a", None], ["b"]], [["a"], [None, "a"]], [[None], ["a"]], [[], ["a"]], []])
def test_distinct_values_of_several_pieces_some_missing(pieces):
    cells = Cells(pack(piece) for piece in pieces)
    places, values = distinct(cells.texts())
    assert [values[place] for place in places] == list(cells)
    assert values.tolist() == list(dict.fromkeys(cells))


def test_a_long_file_with_missing_values_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(cells, "_PIECE", 3)
    rows = [{"text": f"gut {number}", **({"nps": number % 11} if number % 2 else {})} for number in range(8)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    comments, rejected = load_feedback(tmp_path / "a.jsonl")
    assert (len(comments), len(rejected), comments["nps"].count()) == (8, 0, 4)


MEMORY = """
import re, sys
from workbench.feedback import load_feedback
comments, rejected = load_feedback(sys.argv[1])
status = open("/proc/self/status").read()  # ru_maxrss would count the process that started this one
print(len(comments), len(rejected), int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is counted in kilobytes on Linux alone")
def test_a_million_rows_fit_into_memory(tmp_path):
    text = "اینترنت هر شب قطع می‌شود و کسی جواب نمی‌دهد; der Techniker kam zu spät"
    with (tmp_path / "a.csv").open("w", encoding="utf-8") as file:
        file.write("feedback_id,text,created_at,source,channel,customer_id,account_id,market,segment,language,nps,"
                   "rating,revenue,churned\n")
        for i in range(1_000_000):
            file.write(f"F{(i * 7919) % 1_000_003:07d},{text} {i},2026-03-{i % 28 + 1:02d} {i % 24:02d}:{i % 60:02d}"
                       f":00,survey,web,C{i % 300_000},A{i % 5000},IR,home,fa,{i % 12},{i % 5 + 1},{i % 900}.5,no\n")
    done = subprocess.run([sys.executable, "-c", MEMORY, tmp_path / "a.csv"], capture_output=True, text=True,
                          check=True)
    kept, rejected, megabytes = map(int, done.stdout.split())
    assert (kept, rejected) == (916_667, 83_333)
    assert megabytes < 1500

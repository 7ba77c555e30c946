"""Small files that unpack to more than any memory are told before they do, and raised limits hold."""

import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.errors import FeedbackError, InputError
from workbench.feedback import load_feedback
from workbench.feedback.unpacking import Room, WorkbookArchive
from workbench.study import load_study

LONG = "x" * 1_000_000
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TITLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>'
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def repeated(rows, value=LONG):
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([value]))


def parquet(path, column, **settings):
    pq.write_table(pa.table({"text": column}), path, compression="zstd", **settings)
    return path


def workbook(path, rows=TITLE, strings="", **parts):
    book = openpyxl.Workbook()
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name).decode() for name in archive.namelist()}
    content["xl/worksheets/sheet1.xml"] = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    if strings:
        content["xl/sharedStrings.xml"] = f"<sst {MAIN}>{strings}</sst>"
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS}"/></Types>'
        content["[Content_Types].xml"] = content["[Content_Types].xml"].replace("</Types>", override)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], data))
    return path


@pytest.mark.parametrize(("column", "settings"), [
    (repeated(5_000), {}),
    (pa.ListArray.from_arrays(pa.array([0, 5_000], pa.int32()), repeated(5_000)), {}),
    (pa.StructArray.from_arrays([repeated(5_000)], ["inner"]), {}),
    (pa.nulls(10_000_000, pa.bool_()), {}),
    (pa.array([LONG[:100_000] + str(number) for number in range(600)]),
     {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY"}}),
    (pa.array([LONG.encode()] * 60, pa.binary(len(LONG))), {}),
], ids=["text", "list", "struct", "nothing", "shared beginnings", "fixed length"])
def test_a_parquet_file_that_repeats_a_long_text_is_not_written_out(tmp_path, column, settings):
    path = parquet(tmp_path / "a.parquet", column, **settings)
    assert path.stat().st_size < 1_000_000
    before = pa.total_allocated_bytes()
    with pytest.raises(FeedbackError, match=r"^a\.parquet unpacks to more than 0\.05 GB, which could fill the memory: "
                       r"take out .* larger number than 0\.05 as `unpacked_gb` beside its `path` in the study\.$"):
        load_feedback(path, unpacked_gb=0.05)
    assert pa.total_allocated_bytes() - before < 100_000_000


def test_what_a_parquet_file_declares_is_enough_to_refuse_it(tmp_path, monkeypatch):
    path = parquet(tmp_path / "a.parquet", pa.array(["a" * 1_000_000] * 40), use_dictionary=False)
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(FeedbackError, match=r"more than 0\.03 GB"):
        load_feedback(path, unpacked_gb=0.03)


def test_parquet_values_are_what_they_are_however_they_are_written(tmp_path):
    table = pa.table({
        "feedback_id": list("1234"), "text": ["gut", "gut", None, "خوب"], "list": [["a", "a"], [], None, ["b"]],
        "map": pa.array([[("k", "v")], [], None, [("k", "w")]], pa.map_(pa.string(), pa.string())),
        "struct": [{"q": "a", "r": 1}, None, {"q": None, "r": 2}, {"q": "a", "r": 3}],
        "large": pa.array(["x", "x", None, ""], pa.large_string()), "bytes": [b"caf\xc3\xa9", None, b"", b"1"],
        "delta": ["abc", "abd", None, "abd"], "codes": pa.array(["x", "x", "y", None]).dictionary_encode(),
    })
    kept = [name for name in table.column_names if name != "delta"]
    for name, settings in {"a": {}, "b": {"use_dictionary": kept, "column_encoding": {"delta": "DELTA_BYTE_ARRAY"}},
                           "c": {"use_dictionary": False}}.items():
        pq.write_table(table, tmp_path / f"{name}.parquet", **settings)
    tables = [load_feedback(tmp_path / f"{name}.parquet").comments for name in "abc"]
    assert tables[0].drop(columns="feedback_id").fillna("").to_dict("list") == {
        "text": ["gut", "gut", "خوب"], "list": ['["a", "a"]', "[]", '["b"]'],
        "map": ['[["k", "v"]]', "[]", '[["k", "w"]]'],
        "struct": ['{"q": "a", "r": 1}', "", '{"q": "a", "r": 3}'],
        "large": ["x", "x", ""], "bytes": ["café", "", "1"], "delta": ["abc", "abd", "abd"], "codes": ["x", "x", ""],
    }
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], other)


@pytest.mark.parametrize(("rows", "strings", "told"), [
    ("<row><c t='s'><v>0</v></c></row>" + "<row><c t='s'><v>1</v></c></row>" * 1_000,
     f"<si><t>text</t></si><si><t>{'x' * 32_000}</t></si>", "unpacks to more than 0.02 GB"),
    ("<row><c t='s'><v>0</v></c></row>", "<si><t>text</t></si>" + "<si/>" * 200_000, "unpacks to more than 0.02 GB"),
    (f'{TITLE}<row><c r="CCC2"><v>1</v></c></row>' + "<row><c><v>1</v></c></row>" * 2_000, "",
     "unpacks to more than 0.02 GB"),
    (f'{TITLE}<row r="2000000000"><c><v>1</v></c></row>', "", "rows below the last that a sheet can have, 10,000"),
    (TITLE + "<row/>" * 11_000, "", "rows below the last that a sheet can have, 10,000"),
    (f"{TITLE}<row>{'<c/>' * 300_000}</row>", "", r"a row or a part of more than 1,000,000 bytes"),
    (f'{TITLE}<row r="2"><c r="XFD2"><v>1</v></c></row>' * 2, "", "at most 5,000 columns"),
], ids=["long text", "many texts", "wide row", "gap", "many rows", "many cells", "too wide"])
def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(tmp_path, monkeypatch, rows, strings, told):
    monkeypatch.setattr("workbench.feedback.unpacking._LARGEST_ELEMENT", 1_000_000)
    monkeypatch.setattr("workbench.feedback.unpacking._MOST_ROWS", 10_000)
    path = workbook(tmp_path / "a.xlsx", rows, strings)
    with pytest.raises(FeedbackError, match=told):
        load_feedback(path, unpacked_gb=0.02 if "0.02" in told else 2)


def test_styles_that_would_fill_the_memory_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.feedback.unpacking._LARGEST_ELEMENT", 1_000_000)
    styles = f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 300_000}</cellXfs></styleSheet>"
    path = workbook(tmp_path / "a.xlsx", styles=styles)
    with pytest.raises(FeedbackError, match=r"a row or a part of more than 1,000,000 bytes"):
        load_feedback(path)


def test_the_size_that_a_part_declares_is_enough_to_refuse_it_and_a_smaller_one_no_way_round(tmp_path):
    path = workbook(tmp_path / "a.xlsx", TITLE + "<row><c><v>1</v></c></row>" * 50_000)
    with WorkbookArchive(path, Room("a.xlsx", 0.001)) as archive:
        with pytest.raises(FeedbackError, match=r"than 0\.001 GB"):
            archive.open("xl/worksheets/sheet1.xml")
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (5_000).to_bytes(4, "little")))
    with pytest.raises(FeedbackError, match=r"a\.xlsx is not a workbook that can be read"):
        load_feedback(path)


def test_a_study_raises_the_limit(tmp_path):
    parquet(tmp_path / "a.parquet", repeated(30))
    for limit, text in ((0.02, "0.02"), (0.1, "0.1")):
        (tmp_path / "study.yaml").write_text(f"name: A\nfeedback: {{path: a.parquet, unpacked_gb: {text}}}\n")
        study = load_study(tmp_path / "study.yaml")
        assert study.feedback[0].unpacked_gb == limit
        if limit < 0.03:
            with pytest.raises(FeedbackError, match=r"more than 0\.02 GB"):
                load_feedback(study)
        else:
            assert len(load_feedback(study).comments) == 30
    with pytest.raises(InputError, match="unpacked_gb: expected a number above 0, found '2'"):
        load_feedback(tmp_path / "a.parquet", unpacked_gb="2")


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx", "a.csv"])
def test_a_file_that_takes_more_memory_than_there_is_is_told(tmp_path, monkeypatch, name):
    def fill(*_, **__):
        raise MemoryError

    monkeypatch.setattr("workbench.feedback.records.Cells", fill)
    monkeypatch.setattr("workbench.feedback.records.Packer", fill)
    monkeypatch.setattr("workbench.feedback.delimited.Packer", fill)
    path = tmp_path / name
    {"a.parquet": lambda: parquet(path, pa.array(["good"])), "a.xlsx": lambda: workbook(path),
     "a.csv": lambda: path.write_text("text\ngood\n")}[name]()
    with pytest.raises(FeedbackError, match=r"takes more memory than there is: take out what is not needed"):
        load_feedback(path)

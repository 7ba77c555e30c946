"""Forgetting a customer: what lies beside the stored tables, and files that go on showing the customer."""

import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from html import escape

import pandas as pd
import pytest

from workbench.embedding.cache import forget_vectors
from workbench.feedback import forgotten, redact
from workbench.forget import forget
from workbench.store import Store
from workbench.study import load_study
from workbench.themes.ledger import KnownTheme, Ledger, Run, read_ledger, write_ledger
from workbench.themes.members import member_keys, write_keys

MINE = ['He said "no" & <b>left</b>\nand my router at home melted', "روتر من سه‌شنبه شب\nآب شد و پشتیبانی خندید",
        "parcel kettle-77 was lost on its way", "never again, " + "the queue is long & slow, " * 20]
ORDER = r"kettle-\d\d"


@pytest.fixture
def study(tmp_path):
    """A study with one stored folder of comments, made without an analysis."""
    rows = [*((f"S{number}", "K-100200", text) for number, text in enumerate(MINE)), ("R1", "K-1", "the app is fine")]
    table = pd.DataFrame(rows, columns=["feedback_id", "customer_id", "text"])
    table.to_csv(tmp_path / "comments.csv", index=False)
    (tmp_path / "study.yaml").write_text(f"name: One\nfeedback: comments.csv\norder_number: '{ORDER}'\n")
    found = load_study(tmp_path / "study.yaml")
    store = Store(found.store_folder)
    store.write(store.stage_path("feedback", "a" * 16), {"comments": table}, {})
    assert forget_vectors(store.vectors, []) == 0
    return found


def reports(study):
    return [file.name for file in forget(study, "K-100200", reports=study.folder / "reports").reports]


def book(file, text):
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("xl/sharedStrings.xml", f"<sst><si><t>{escape(text)}</t></si></sst>")


def write(name, text):
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("make", [
    write("a.html", f"<p>{escape(MINE[0])}</p>"),
    write("a.html", f"<p>{redact(MINE[2], order_number=ORDER)}</p>"),
    write("a.html", f"<p>{escape(MINE[3][:219])}…</p>"),
    write("a.html", "<script>" + json.dumps({"q": MINE[0]}, ensure_ascii=False).replace("<", "\\u003c") + "</script>"),
    write("a.json", json.dumps([MINE[1]])),
    write("a.csv", pd.DataFrame({"text": [MINE[0]]}).to_csv()),
    write("a.ipynb", json.dumps({"source": ["It says:\n", MINE[1]]}, ensure_ascii=False)),
    write("a.svg", f"<svg><text>{escape(MINE[1])}</text></svg>"),
    lambda folder: book(folder / "a.xlsx", MINE[0]),
], ids=["html", "order", "cut", "script", "ascii", "csv", "notebook", "svg", "xlsx"])
def test_words_are_found_however_a_format_writes_them(study, make):
    (study.folder / "reports").mkdir()
    make(study.folder / "reports")
    (study.folder / "reports" / "other.html").write_text("<p>the app is fine</p>", encoding="utf-8")
    (study.folder / "reports" / "broken.xlsx").write_bytes(b"no book")
    assert [name[:2] for name in reports(study)] == ["a."]


@pytest.mark.parametrize(("name", "text"), [
    ("comments.rejected.csv", 'row_number,row\n9,"{""customer_id"": ""K-100200"", ""nps"": ""99""}"\n'),
    ("coding.csv", "\ufeffstatement_id,language,text,theme\nS1/0,en,ok,3\n"),
    ("codes.csv", "feedback_id,stage\nS2,buy\n"),
    ("copied.csv", f"note\n{MINE[1]}\n"),
])
def test_tables_beside_the_study_are_listed_and_left(study, name, text):
    file = study.folder / name
    file.write_text(text, encoding="utf-8")
    (study.folder / "other.csv").write_text("statement_id,text\nS10/0,K-1002001 is another customer\n")
    (study.folder / "empty.csv").write_text("")
    assert reports(study) == [name]
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("make", [
    write("voice.en.html", "<p>the app is fine</p><footer>\u2068KETTLE-07\u2069</footer>"),
    lambda folder: book(folder / "tables.xlsx", "KETTLE-07/0"),
], ids=["report", "workbook"])
def test_files_beside_the_study_that_name_a_comment_are_listed(study, make):
    comments = study.folder / "comments.csv"
    comments.write_text(comments.read_text(encoding="utf-8") + "KETTLE-07,K-100200,the app is fine\n", encoding="utf-8")
    (study.folder / "out").mkdir()
    make(study.folder / "out")
    (study.folder / "out" / "other.html").write_text("<p>the app is fine</p> KETTLE-071, S1", encoding="utf-8")
    assert reports(study) in (["voice.en.html"], ["tables.xlsx"])


def test_rejected_rows_beside_data_that_lie_elsewhere_are_listed(study, tmp_path_factory):
    data = tmp_path_factory.mktemp("elsewhere") / "data"
    data.mkdir()
    (study.folder / "comments.csv").rename(data / "comments.csv")
    (data.parent / "data.rejected.csv").write_text("row\nK-100200\n")
    study.path.write_text(f"name: One\nfeedback: {(data / 'comments.csv').as_posix()}\n")
    assert reports(load_study(study.path)) == ["data.rejected.csv"]


def test_answers_of_a_language_model_are_dropped(study):
    replies = study.store_folder / "replies"
    replies.mkdir()
    (replies / "abc.json").write_text(json.dumps({"attempt": 1, "content": "words of anybody"}))
    assert "replies" in forget(study, "K-100200").dropped
    assert not replies.exists()


def ledger():
    statements = pd.DataFrame({"statement_id": ["S0/0", "R1/0"], "feedback_id": ["S0", "R1"], "text": ["a", "b"]})
    keys = write_keys(member_keys(statements))
    theme = KnownTheme(theme_id=0, label="router", comment_count=2)
    return Ledger((Run(number=1, found="f", settings="s", encoder="e", first_new_id=0, next_id=1, themes=[theme],
                       members={0: keys}),))


def test_the_ledgers_of_all_studies_that_share_the_store_let_go(study):
    files = [study.ledger_file, study.ledger_file.with_name("two.themes.json")]
    for file in files:
        write_ledger(ledger(), file)
        assert read_ledger(file).knows(["S0"])
    assert forget(study, "K-100200").left == []
    for file in files:
        assert not read_ledger(file).knows(["S0"])
        assert read_ledger(file).knows(["R1"])


def test_words_that_nobody_else_used_leave_terms_labels_and_ledgers(study):
    store = Store(study.store_folder)
    path = store.stage_path("naming", "b" * 16)
    store.write(path, {
        "words": pd.DataFrame({"statement_id": ["S0/0", "R1/0"], "term_forms": ["Router\nmelted\napp", "app\nfine"]}),
        "terms": pd.DataFrame({"theme_id": [0, 0, 0], "term": ["router", "app", "melted"]}),
        "labels": pd.DataFrame({"theme_id": [0, 1], "label": ["app · Router", "Melted"]}),
    }, {})
    write_ledger(ledger(), study.ledger_file)
    assert forget(study, "K-100200").left == []
    tables = store.read(path)
    assert tables["terms"]["term"].tolist() == ["app"]
    assert tables["labels"]["label"].tolist() == ["app", "…"]
    assert read_ledger(study.ledger_file).runs[0].themes[0].label == "…"


def test_a_ledger_that_is_written_meanwhile_is_found_afterwards(study, monkeypatch):
    import workbench.forget as module

    write_ledger(ledger(), study.ledger_file.with_name("two.themes.json"))
    monkeypatch.setattr(module, "write_ledger", lambda *_: None)
    assert forget(study, "K-100200").left == ["two.themes.json"]


def test_a_ledger_changes_under_its_lock(study, monkeypatch):
    import workbench.forget as module

    fcntl = pytest.importorskip("fcntl")
    tried = []

    def write_locked(*_):
        with study.ledger_lock.open("a") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        tried.append(True)

    write_ledger(ledger(), study.ledger_file)
    monkeypatch.setattr(module, "write_ledger", write_locked)
    forget(study, "K-100200")
    assert tried


def test_customers_who_are_added_at_once_are_all_on_the_list(tmp_path, monkeypatch):
    pytest.importorskip("fcntl")
    rows = forgotten._rows
    monkeypatch.setattr(forgotten, "_rows", lambda file: [rows(file), time.sleep(0.02)][0])
    names = [f"K-{number}" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda name: forgotten.add_forgotten(tmp_path / "forgotten.csv", name), names))
    assert all(map(forgotten.read_forgotten(tmp_path / "forgotten.csv").knows, names))

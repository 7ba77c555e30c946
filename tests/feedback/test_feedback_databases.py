"""Queries on databases: read whole and read only, keyed by their rows, and a password is nowhere to be seen."""

import sqlite3
import subprocess
import sys
import traceback
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
from sqlalchemy.exc import OperationalError

from workbench import stages
from workbench.__main__ import main
from workbench.errors import FeedbackError, StudyError
from workbench.feedback import load_feedback, load_opened, open_sources
from workbench.feedback.databases import check_address
from workbench.study import Source, load_study

SECRET = "hunter2-geheim-رمز"
ROWS = [
    ("007", "Der Techniker kam zu spät: 50 % Rabatt?", "2026-03-14 10:00:00", 4, "K-1"),
    ("008", "اینترنت هر شب قطع می‌شود", "2026-03-15 11:00:00", 0, "K-2"),
    ("009", None, "2026-03-16 12:00:00", 9, "K-2"),
    ("010", "الإنترنت بطيء", "2026-03-17 13:00:00", 99, "K-3"),
]
TABLE = "CREATE TABLE reviews (id TEXT, body TEXT, written TIMESTAMP, score INTEGER, customer TEXT)"
QUERY = "SELECT id AS feedback_id, body, written, score, customer FROM reviews ORDER BY id"
COLUMNS = {"text": "body", "created_at": "written", "nps": "score", "customer_id": "customer"}


@pytest.fixture(params=["sqlite", "duckdb"])
def address(request, tmp_path):
    if request.param == "sqlite":
        connection = sqlite3.connect(tmp_path / "shop.db")
    else:
        connection = duckdb.connect(str(tmp_path / "shop.db"))
    connection.execute(TABLE)
    connection.executemany("INSERT INTO reviews VALUES (?, ?, ?, ?, ?)", ROWS)
    connection.commit()
    connection.close()
    return f"{request.param}:///shop.db"


def test_every_row_of_a_query_is_a_comment_or_rejected(address, tmp_path):
    source = Source(path=address, query=QUERY, columns=COLUMNS)
    comments, rejected, _, sources = load_opened(open_sources([source], tmp_path))
    assert comments[["feedback_id", "text", "nps"]].values.tolist() == [
        ["007", ROWS[0][1], 4.0], ["008", ROWS[1][1], 0.0]]
    assert comments["created_at"].tolist() == [pd.Timestamp(row[2]) for row in ROWS[:2]]
    assert rejected[["row_number", "reason", "source_file"]].values.tolist() == [
        [3, "empty_text", "shop.db"], [4, "bad_nps", "shop.db"]]
    assert sources.values.tolist() == [["shop.db", "comments", 4, 2, 2]]
    assert "Query of shop.db: 4 rows." in comments.attrs["readings"]


def test_a_query_alone_can_be_loaded(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    comments, rejected = load_feedback(address, query=QUERY, columns=COLUMNS, constants={"source": "review"})
    assert (len(comments), len(rejected), set(comments["source"])) == (2, 2, {"review"})


def test_rows_beyond_one_piece_are_read(address, tmp_path):
    counted = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12345) "
               "SELECT i AS feedback_id, 'text ' || i AS text FROM n ORDER BY i")
    comments, rejected, _, _ = load_opened(open_sources([Source(path=address, query=counted)], tmp_path))
    assert (len(comments), len(rejected)) == (12_345, 0)
    assert comments["text"].is_unique


@pytest.mark.parametrize(("query", "message"), [
    ("SELECT nobody FROM reviews", r"shop\.db does not understand the query: .*nobody"),
    ("SELECT * FROM nowhere", r"shop\.db does not understand the query: .*nowhere"),
    ("SELEC 1", r"shop\.db does not understand the query: .*syntax"),
    ("INSERT INTO reviews VALUES ('x', 'x', NULL, 1, 'x')", r"shop\.db does not understand the query: .*read-?only"),
    ("DROP TABLE reviews", r"shop\.db does not understand the query: .*read-?only"),
])
def test_queries_that_are_wrong_or_write(address, tmp_path, query, message):
    with pytest.raises(FeedbackError, match=message):
        open_sources([Source(path=address, query=query)], tmp_path)
    assert len(open_sources([Source(path=address, query=QUERY)], tmp_path)[0].rows) == 4


def test_a_message_never_holds_what_a_row_says(tmp_path):
    duckdb.connect(str(tmp_path / "a.duckdb")).execute("CREATE TABLE t AS SELECT 'secret words' AS body").close()
    with pytest.raises(FeedbackError, match="could not finish the query") as caught:
        open_sources([Source(path="duckdb:///a.duckdb", query="SELECT CAST(body AS INTEGER) FROM t")], tmp_path)
    assert "secret" not in "".join(traceback.format_exception(caught.value, chain=True))


def test_a_missing_file_is_not_made(address, tmp_path):
    with pytest.raises(FeedbackError, match=r"There is no database file gone\.db"):
        open_sources([Source(path=address.replace("shop", "gone"), query=QUERY)], tmp_path)
    assert not (tmp_path / "gone.db").exists()


def test_a_result_without_rows_is_told(address, tmp_path):
    opened = open_sources([Source(path=address, query=QUERY.replace("ORDER", "WHERE 1 = 0 ORDER"), columns=COLUMNS)],
                          tmp_path)
    with pytest.raises(FeedbackError, match=r"shop\.db has column names but no rows"):
        load_opened(opened)


def test_an_order_that_is_not_stated_is_told(address, tmp_path):
    source = Source(path=address, query=QUERY.partition(" ORDER")[0], columns=COLUMNS)
    comments, _, _, _ = load_opened(open_sources([source], tmp_path))
    assert any("no ORDER BY" in told for told in comments.attrs["readings"])


ADDRESSES = [
    (f"postgresql://reader:{SECRET}@db.example/shop", "A password stands in the address"),
    (f"mysql://reader:{SECRET}/with/stroke@db.example/shop", "A password stands in the address"),
    (f"postgresql://db.example/shop?user=reader&password={SECRET}", "A password stands in the address"),
    (f"postgresql://db.example/shop?sslPassword={SECRET}", "A password stands in the address"),
    (f"duckdb:///a.duckdb?motherduck_token={SECRET}", "A password stands in the address"),
    (f"postgresql://reader:{SECRET}/shop", r"should be postgresql://user@host:port/name"),
    (f"postgresql://db.example/shop?options={SECRET}", r"should be postgresql://user@host:port/name"),
    ("postgresql://db.example", r"should be postgresql://user@host:port/name"),
    (f"oracle://reader:{SECRET}@db.example/shop", "begins with one of duckdb://, mariadb://"),
    ("postgre://db.example/shop", r"did you mean 'postgres(ql)?'"),
    ("sqlite://", "names a file"),
    ("sqlite:///:memory:", "names a file"),
    ("duckdb:///", "names a file"),
]


@pytest.mark.parametrize(("address", "message"), ADDRESSES)
def test_addresses_that_are_refused_are_not_repeated(tmp_path, address, message):
    with pytest.raises(FeedbackError, match=message) as caught:
        check_address(address)
    study = tmp_path / "study.yaml"
    study.write_text(f"name: One\nfeedback:\n- path: '{address}'\n  query: SELECT 1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=message) as at_study:
        load_study(study)
    assert "study.yaml:" in str(at_study.value)
    with pytest.raises(ValueError, match=message) as at_source:
        Source(path=address, query="SELECT 1")
    for error in (caught.value, at_study.value, at_source.value):
        assert SECRET not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(("settings", "message"), [
    ("path: sqlite:///a.db", "a database needs a query"),
    ("path: sqlite:///a.db\n  sheet: a", "a database has no sheet"),
    ("path: a.csv\n  query: SELECT 1", "query and password_env go with the address of a database"),
    ("path: a.csv\n  password_env: X", "query and password_env go with the address of a database"),
    ("path: sqlite:///a.db\n  query: ''", "expected a text, found none"),
    ("path: sqlite:///a.db\n  password: X", "did you mean 'password_env'"),
])
def test_settings_of_a_database_belong_together(tmp_path, settings, message):
    (tmp_path / "study.yaml").write_text(f"name: One\nfeedback:\n- {settings}\n")
    with pytest.raises(StudyError, match=message):
        load_study(tmp_path / "study.yaml")


def test_arguments_of_a_database_belong_together(tmp_path):
    with pytest.raises(FeedbackError, match="needs a query"):
        load_feedback("sqlite:///a.db")
    with pytest.raises(FeedbackError, match="go with the address of a database"):
        load_feedback(tmp_path / "a.csv", query="SELECT 1")


def test_a_variable_that_is_not_set_is_named(address, tmp_path, monkeypatch):
    monkeypatch.delenv("VOC_DB_PASSWORD", raising=False)
    with pytest.raises(FeedbackError, match="The environment variable VOC_DB_PASSWORD should hold the password"):
        open_sources([Source(path=address, query=QUERY, password_env="VOC_DB_PASSWORD")], tmp_path)


@pytest.mark.parametrize("missing", ["sqlalchemy", "psycopg", "duckdb_engine", "pymysql"])
def test_a_missing_driver_is_told_with_the_extra(missing, tmp_path):
    address = {"psycopg": "postgresql://h/d", "pymysql": "mysql://h/d"}.get(missing, "duckdb:///a.duckdb")
    (tmp_path / "a.duckdb").touch()
    code = f"""
import pathlib, sys
sys.modules[{missing!r}] = None
from workbench.feedback.databases import read_query
try:
    read_query({address!r}, "SELECT 1", None, pathlib.Path({str(tmp_path)!r}))
except Exception as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("FeedbackError")
    assert 'pip install "voc-workbench[sql]"' in done.stdout


def test_a_server_that_is_not_there_is_told(tmp_path):
    for scheme in ("postgresql", "mysql"):
        told = rf"^{scheme}://127\.0\.0\.1:1/shop cannot be read, because no database answers there: see that it runs"
        with pytest.raises(FeedbackError, match=told):
            open_sources([Source(path=f"{scheme}://reader@127.0.0.1:1/shop", query="SELECT 1")], tmp_path)


def test_what_is_keyed_are_the_rows(address, tmp_path):
    """Changed rows change the key of an analysis, a changed rest of the database does not."""
    study = SimpleNamespace(feedback=[Source(path=address, query=QUERY, columns=COLUMNS)], folder=tmp_path,
                            forgotten_file=tmp_path / "forgotten.csv", expected={})

    def key():
        return stages.feedback_inputs(stages.open_feedback(study), study)

    def change(statement):
        module = sqlite3 if address.startswith("sqlite") else duckdb
        connection = module.connect(str(tmp_path / "shop.db"))
        connection.execute(statement)
        connection.commit()
        connection.close()

    first = key()
    change("CREATE TABLE other (n INTEGER)")
    assert key() == first
    change("UPDATE reviews SET body = 'gut' WHERE id = '007'")
    assert key() != first


def test_a_query_is_run_once_for_key_and_rows(address, tmp_path, monkeypatch):
    from workbench.feedback import sources

    runs = []
    read = sources.read_query
    monkeypatch.setattr(sources, "read_query", lambda *given: runs.append(given[1]) or read(*given))
    study = SimpleNamespace(feedback=[Source(path=address, query=QUERY, columns=COLUMNS)], folder=tmp_path,
                            forgotten_file=tmp_path / "forgotten.csv", expected={})
    opened = stages.open_feedback(study)
    stages.feedback_inputs(opened, study)
    made, facts = stages.read_feedback(opened, study, {}, None)
    assert runs == [QUERY]
    assert (len(made["comments"]), len(made["rejected"]), facts["told"]) == (2, 2, "2 comments, 2 rejected")


def test_two_queries_of_one_database_keep_apart(address, tmp_path):
    queries = [f"SELECT id AS feedback_id, 'x' AS text FROM reviews WHERE id {sign} '008' ORDER BY id"
               for sign in ("<=", ">")]
    opened = open_sources([Source(path=address, query=query) for query in queries], tmp_path)
    assert load_opened(opened).sources["source_file"].tolist() == ["shop.db", "shop.db #2"]


@pytest.mark.parametrize(("query", "message"), [
    ("ATTACH 'other.db' AS o", "ATTACH can write files"),
    ("VACUUM INTO 'other.db'", "VACUUM can write files"),
    ("-- all of it\nCOPY (SELECT 'x' AS text) TO 'other.db'", "COPY can write files"),
    ("/* ; */ export database 'other.db'", "EXPORT can write files"),
    ("SELECT text FROM reviews INTO OUTFILE 'other.db'", "INTO OUTFILE can write files"),
    ("SELECT 1; DROP TABLE reviews", "the query holds several statements"),
    ("ATTACH 'other.db' AS o; CREATE TABLE o.t AS SELECT 1; SELECT 'x' AS text", "several statements"),
])
def test_a_query_that_could_write_elsewhere_is_refused(address, tmp_path, monkeypatch, query, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FeedbackError, match=message):
        load_feedback(address, query=query)
    assert [file.name for file in tmp_path.iterdir()] == ["shop.db"]


@pytest.mark.parametrize("query", [
    "SELECT 'a; copy' AS text;", "SELECT 'it''s; vacuum' AS text -- ; attach\n;\n", "/* ; */ SELECT 'load' AS \"text\"",
])
def test_signs_and_words_within_texts_are_no_statements(address, tmp_path, monkeypatch, query):
    monkeypatch.chdir(tmp_path)
    assert len(load_feedback(address, query=query).comments) == 1


@pytest.mark.parametrize(("told", "address"), [
    ("There is no database file missing.db.", "sqlite:///missing.db"),
    ("There is no database file missing.duckdb.", "duckdb:///missing.duckdb"),
    ("A database needs a query: name both in a study, such as feedback: {path: sqlite:///file.db, query: SELECT * FROM "
     "reviews}, and give that.", "sqlite:///shop.db"),
    ("A database needs a query", "postgresql://reader@db.example/shop"),
    ("A password stands in the address of the database", f"postgresql://reader:{SECRET}@db.example/shop"),
    ("A password stands in the address of the database", f"mysql://db.example/shop?password={SECRET}"),
    ("the address of a database begins with one of", f"oracle://reader:{SECRET}@db.example/shop"),
    ("the address of a database begins with one of", f"jdbc:postgresql://db.example/shop?password={SECRET}"),
    ("the address of a database begins with one of", f"postgres:reader:{SECRET}@db.example/shop"),
    ("the address of a database begins with one of", "sqlite:shop.db"),
    ("download the file and name its path", f"https://{SECRET}@example.org/comments.csv"),
])
def test_an_address_that_is_given_to_a_command_is_told_in_a_sentence(tmp_path, monkeypatch, capsys, told, address):
    monkeypatch.chdir(tmp_path)
    sqlite3.connect("shop.db").close()
    (tmp_path / "shop.db").touch()
    for arguments in (["check", address], ["analyse", address], ["report", "themes", "--study", address]):
        monkeypatch.setattr(sys, "argv", ["voc", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().err
        assert ended.value.code == 2
        assert (told if arguments[0] == "check" else "Expected a study file, found an address: write it") in said
        assert SECRET not in said


def test_a_command_that_has_read_a_database_writes_no_more_than_it_means(address, tmp_path):
    (tmp_path / "study.yaml").write_text(
        f"name: A\nfeedback: {{path: '{address}', query: '{QUERY}', columns: {{text: body}}}}\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "workbench", "check", "study.yaml"], cwd=tmp_path, capture_output=True,
                          text=True, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_file_that_is_no_database_is_told(tmp_path, scheme):
    (tmp_path / "shop.db").write_bytes(b"\x01no database\xff" * 1_000)
    with pytest.raises(FeedbackError, match=r"^shop\.db is no file of this kind of database, or it is damaged"):
        open_sources([Source(path=f"{scheme}:///shop.db", query="SELECT * FROM reviews")], tmp_path)


@pytest.mark.parametrize(("said", "told"), [
    (("failed to resolve host 'db': Name or service not known",), "no server of that name is known"),
    ((2003, "Can't connect to MySQL server on 'db' ([Errno -2] Name or service not known)"), "no server of that name"),
    (("connection failed: Connection refused",), "no database answers there: see that it runs"),
    (("connection timeout expired",), "no database answers there: see that it runs"),
    (('FATAL:  password authentication failed for user "reader"',), "it does not let the user in: see that the user"),
    ((1045, f"Access denied for user 'reader'@'db' (using password: {SECRET})"), "it does not let the user in"),
    (('FATAL:  database "shop" does not exist',), "it has no database of that name"),
    ((1049, "Unknown database 'shop'"), "it has no database of that name"),
    (("SSL SYSCALL error: EOF",), "see that it runs, that the address and the user are right"),
])
def test_why_no_connection_can_be_made_is_told_without_the_password(tmp_path, monkeypatch, said, told):
    def refuse(*_, **__):
        raise OperationalError("connect", None, Exception(*said))

    monkeypatch.setattr("workbench.feedback.databases._fetch", refuse)
    monkeypatch.setenv("VOC_DB_PASSWORD", SECRET)
    source = Source(path="mysql://reader@db/shop", query="SELECT 1", password_env="VOC_DB_PASSWORD")
    with pytest.raises(FeedbackError, match=rf"^mysql://db/shop cannot be read.*{told}") as caught:
        open_sources([source], tmp_path)
    assert SECRET not in str(caught.value)

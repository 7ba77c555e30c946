"""A real PostgreSQL server of the tests' own: on loopback, on a free port, in a temporary folder, with a password."""

import glob
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import traceback
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from patience import PATIENCE

from workbench import stages
from workbench.errors import FeedbackError
from workbench.feedback import load_feedback, load_opened, open_sources
from workbench.store import Store
from workbench.study import Source, load_study

pytestmark = pytest.mark.sql
VARIABLE = "VOC_TEST_DB_PASSWORD"
SETUP = """
CREATE ROLE reader LOGIN PASSWORD '{password}';
CREATE DATABASE shop ENCODING 'UTF8' TEMPLATE template0;
"""
TABLES = """
CREATE TABLE reviews (id bigint PRIMARY KEY, body text, written timestamptz, score numeric(4, 1), left_us boolean,
                      customer text, tags jsonb, photo bytea, ref uuid, day date);
INSERT INTO reviews
SELECT i, CASE WHEN i % 3 = 0 THEN 'اینترنت هر شب قطع می‌شود' WHEN i % 3 = 1 THEN 'الإنترنت بطيء: 50 %'
               ELSE 'viel zu langsam' END || ' ' || i,
       timestamptz '2026-03-14 10:00:00+03:30' + i * interval '1 minute', i % 11, i % 2 = 0, 'K-' || i % 100,
       '{"a": [1]}', 'x'::bytea, '00000000-0000-0000-0000-000000000001', '2026-03-14'
FROM generate_series(1, 25000) AS i;
UPDATE reviews SET body = ' ' WHERE id = 7;
UPDATE reviews SET score = 99 WHERE id = 8;
CREATE TABLE secrets AS SELECT 'words of a customer' AS said;
CREATE TABLE hidden (n integer);
GRANT SELECT ON reviews, secrets TO reader;
GRANT INSERT, DELETE ON reviews TO reader;
"""
QUERY = "SELECT id AS feedback_id, body, written, score, left_us, customer, tags, ref, day FROM reviews ORDER BY id"
COLUMNS = {"text": "body", "created_at": "written", "nps": "score", "churned": "left_us", "customer_id": "customer"}


def programs():
    """Return the folder of the server's programs, which Debian keeps out of the search path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += [Path(path).parent for path in sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)]
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@pytest.fixture(scope="module")
def server():
    """Start a server as the user postgres where the tests run as root, whom it refuses."""
    folder = programs()
    if folder is None:
        pytest.skip("the server program of PostgreSQL is not installed (Debian: apt-get install postgresql)")
    user = "postgres" if os.getuid() == 0 else None
    place = Path(tempfile.mkdtemp(prefix="voc-postgresql-"))
    owner = secrets.token_hex(16)
    (place / "owner").write_text(owner)
    if user:
        entry = pwd.getpwnam(user)
        for path in (place, place / "owner"):
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def call(program, *arguments, **more):
        extra = {"user": user, "group": user, "extra_groups": []} if user else {}
        done = subprocess.run([folder / program, *arguments], cwd=place, capture_output=True, text=True,
                              **extra, **more)
        assert done.returncode == 0, done.stderr

    def start():
        """Start the server at a free port, or where somebody else was quicker to take it, at another one."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = (f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off "
                   "-c shared_buffers=16MB")
        log = place / "log"
        try:
            call("pg_ctl", "-D", data, "-w", "-t", str(PATIENCE), "-l", str(log), "-o", options, "start",
                 stdin=subprocess.DEVNULL)
        except AssertionError:
            if "Address already in use" not in log.read_text():
                raise
            log.unlink()
            return start()
        return port

    data = str(place / "data")
    try:
        call("initdb", "-D", data, "-U", "owner", "--auth=scram-sha-256", f"--pwfile={place / 'owner'}", "--no-sync",
             "--encoding=UTF8", "--locale=C")
        port = start()
        try:
            yield fill(port, owner)
        finally:
            call("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place)


def fill(port, owner):
    import psycopg

    password = f"p@ss/{secrets.token_hex(8)}:رمز"
    where = {"host": "127.0.0.1", "port": port, "user": "owner", "password": owner}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as connection:
        for statement in SETUP.format(password=password).split(";")[:-1]:
            connection.execute(statement)
    with psycopg.connect(dbname="shop", autocommit=True, **where) as connection:
        connection.execute(TABLES)
    return SimpleNamespace(port=port, password=password, url=f"postgresql://reader@127.0.0.1:{port}/shop")


@pytest.fixture
def shop(server, monkeypatch):
    monkeypatch.setenv(VARIABLE, server.password)
    return server


def source(shop, query=QUERY, columns=COLUMNS, **more):
    return Source(path=shop.url, query=query, password_env=VARIABLE, columns=columns, **more)


def test_every_row_of_a_query_is_a_comment_or_rejected(shop, tmp_path):
    comments, rejected, _, sources = load_opened(open_sources([source(shop)], tmp_path))
    name = f"postgresql://127.0.0.1:{shop.port}/shop"
    assert sources.values.tolist() == [[name, "comments", 25_000, 24_998, 2]]
    assert rejected[["row_number", "reason"]].values.tolist() == [[7, "empty_text"], [8, "bad_nps"]]
    first = comments[comments["feedback_id"] == "1"].iloc[0]
    assert first[["text", "nps", "churned", "customer_id", "tags", "ref", "day"]].tolist() == [
        "الإنترنت بطيء: 50 % 1", 1.0, False, "K-1", '{"a": [1]}', "00000000-0000-0000-0000-000000000001", "2026-03-14"]
    assert first["created_at"] == pd.Timestamp("2026-03-14 06:31:00")


def test_a_query_alone_can_be_loaded(shop):
    comments, rejected = load_feedback(shop.url, query=QUERY, password_env=VARIABLE, columns=COLUMNS)
    assert (len(comments), len(rejected)) == (24_998, 2)


def test_colons_and_percent_signs_are_plain(shop, tmp_path):
    query = "SELECT 'a:b ::c %s %(x)s 100%' AS text, '1'::text AS feedback_id -- at the end"
    comments, _, _, _ = load_opened(open_sources([source(shop, query, {})], tmp_path))
    assert comments["text"].tolist() == ["a:b ::c %s %(x)s 100%"]


@pytest.mark.parametrize(("query", "message"), [
    ("SELECT nobody FROM reviews", 'does not understand the query: column "nobody" does not exist'),
    ("SELECT * FROM nowhere", 'does not understand the query: relation "nowhere" does not exist'),
    ("SELECT * FROM hidden", "does not understand the query: permission denied for table hidden"),
    ("SELECT said::integer FROM secrets", r"could not finish the query \(InvalidTextRepresentation\)"),
    ("DELETE FROM reviews", "does not understand the query"),
    ("WITH gone AS (DELETE FROM reviews RETURNING id) SELECT * FROM gone", "postgresql://"),
])
def test_queries_that_fail_or_write(shop, tmp_path, query, message):
    with pytest.raises(FeedbackError, match=message) as caught:
        open_sources([source(shop, query)], tmp_path)
    assert "words of a customer" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert len(open_sources([source(shop)], tmp_path)[0].rows) == 25_000


@pytest.mark.parametrize(("change", "why"), [("password", "it does not let the user in: see that the user is right"),
                                             ("user", "it does not let the user in"),
                                             ("database", "it has no database of that name")])
def test_a_wrong_address_or_password_is_told_without_either(shop, tmp_path, monkeypatch, change, why):
    url = shop.url
    if change == "password":
        monkeypatch.setenv(VARIABLE, "wrong-geheim")
    else:
        url = url.replace({"user": "reader", "database": "/shop"}[change], {"user": "nobody", "database": "/x"}[change])
    with pytest.raises(FeedbackError, match=f"cannot be read, because {why}") as caught:
        open_sources([Source(path=url, query=QUERY, password_env=VARIABLE)], tmp_path)
    told = "".join(traceback.format_exception(caught.value))
    assert "wrong-geheim" not in told
    assert shop.password not in told


def test_the_password_is_stored_and_shown_nowhere(shop, tmp_path, caplog, capfd):
    caplog.set_level("DEBUG")
    (tmp_path / "study.yaml").write_text(
        f"name: One\nfeedback:\n- path: {shop.url}\n  query: {QUERY} LIMIT 50\n  password_env: {VARIABLE}\n"
        "  columns: {text: body, customer_id: customer}\n")
    study = load_study(tmp_path / "study.yaml")
    opened = stages.open_feedback(study)
    inputs = stages.feedback_inputs(opened, study)
    tables, facts = stages.read_feedback(opened, study, {}, Store(tmp_path / "store"))
    Store(tmp_path / "store").write(tmp_path / "store" / "a", tables,
                                    {"study": study.model_dump(mode="json"), "facts": facts, "inputs": inputs})
    shown = [repr(study), repr(opened), repr(inputs), caplog.text, *capfd.readouterr()]
    shown += [path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(shown) > 8
    assert not any(shop.password in text or "p@ss" in text for text in shown)
    assert stages.feedback_inputs(stages.open_feedback(study), study) == inputs


def test_a_customer_of_the_database_is_the_one_of_a_file(shop, tmp_path):
    (tmp_path / "survey.csv").write_text("Antwort,Kunde\nsehr gut,K-5\n", encoding="utf-8")
    survey = Source(path="survey.csv", columns={"text": "Antwort", "customer_id": "Kunde"})
    comments = load_opened(open_sources([survey, source(shop)], tmp_path)).comments
    assert comments.loc[comments["customer_id"] == "K-5", "source_file"].value_counts().to_dict() == {
        "survey.csv": 1, f"postgresql://127.0.0.1:{shop.port}/shop": 250}

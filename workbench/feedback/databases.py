"""The rows of a query on a database, read in pieces and never written to; the password comes from the environment.

No password is stored, shown or put into a message, and neither is what a database says about the values of a row.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from workbench.errors import FeedbackError, did_you_mean
from workbench.feedback.cells import Packer
from workbench.feedback.raw import RawTable, plain_cell, table_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

_DRIVERS: Final = {
    "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql", "sqlite": "sqlite", "duckdb": "duckdb",
}
_FILES: Final = ("sqlite", "duckdb")
_ADDRESS: Final = re.compile(rf"(?i)(?:[a-z][a-z0-9.+\-]+:)+/|(?:jdbc:)?(?:{'|'.join(_DRIVERS)})(?:\+\w+)?:")
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9.\-]*)(?:\+[A-Za-z0-9]+)?://(.*)", re.DOTALL)
_SERVER: Final = re.compile(r"(?:(?P<user>[^:@/?]*)@)?(?P<host>\[[^\]@]+\]|[^:@/?\s]+)"
                            r"(?::(?P<port>\d+))?/(?P<name>[^/?@]+)")
_SECRET: Final = re.compile(r"(?i)[?&;][^=&;]*(?:pass|pwd|secret|token)[^=&;]*=")
_INSTALL: Final = 'install it with: pip install "voc-workbench[sql]"'
_ABOUT_QUERY: Final = re.compile(r'no such |near "|attempt to write')  # SQLite tells these as errors of operation
_MYSQL_ABOUT_QUERY: Final = ((1054,), (1792,))  # as does MySQL: a column that is not there, a query that writes
_NO_CODE: Final = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$""", re.S)
_WRITES_FILES: Final = re.compile(
    r"(?i)^\s*(?:attach|copy|export|import|install|load|vacuum)\b|\binto\s+(?:out|dump)file\b")
_BAD_FILE: Final = re.compile(r"file is (?:not a database|encrypted)|(?s:.*)not a valid DuckDB database")
_WHY_NOT: Final = (  # what drivers say where no connection can be made, and what to do then
    (r"resolve host|translate host|Name or service|getaddrinfo|nodename nor", "no server of that name is known: see "
     "that the host is written rightly, and that this machine is in its network"),
    (r"refused|timed? ?out|unreachable|invalid port", "no database answers there: see that it runs, and that the host "
     "and the port are right"),
    (r"password|Access denied|authentication", "it does not let the user in: see that the user is right, and that "
     "password_env names the variable with the password"),
    (r"database .* does not exist|Unknown database", "it has no database of that name"),
)
_PIECE: Final = 5_000  # rows fetched at a time
_SECONDS: Final = 15  # to wait for a connection


class Database(NamedTuple):
    """A database as a study states it, without a password; ``name`` is what it is called in tables and messages."""

    scheme: str
    user: str
    host: str
    port: int | None
    database: str
    name: str


def is_database(source: object) -> bool:
    """Return whether a source is the address of a database, right or wrong, and not a path.

    Examples
    --------
    >>> [is_database(source) for source in ("postgresql://reader@localhost/shop", "sqlite:shop.db", "data/*.csv")]
    [True, True, False]
    """
    return isinstance(source, str | Path) and _ADDRESS.match(str(source)) is not None


def check_readable(url: str, folder: Path) -> None:
    """Raise if an address is not one of a database, or names a file that is not there.

    Parameters
    ----------
    url
        See `check_address`.
    folder
        Where relative paths of database files start.

    Raises
    ------
    FeedbackError
        As `check_address`, or if there is no such file.

    Examples
    --------
    >>> check_readable("sqlite:///missing.db", Path("my"))
    Traceback (most recent call last):
    workbench.errors.FeedbackError: There is no database file missing.db.
    """
    database = check_address(url)
    file = folder / database.database
    if database.scheme in _FILES and not file.is_file():
        raise FeedbackError(f"There is no database file {database.database}.")


def check_address(url: str) -> Database:
    """Return the parts of a database's address.

    Parameters
    ----------
    url
        Such as ``postgresql://user@host:5432/name``, ``mysql://user@host/name``, ``sqlite:///file.db`` (beside the
        study) or ``duckdb:////data/file.duckdb`` (four strokes: from the root).

    Raises
    ------
    FeedbackError
        If the kind of database is not known, the address holds a password, or a part is missing. The address is
        not repeated, because it may hold a password in the wrong place.

    Examples
    --------
    >>> check_address("postgresql://reader@db.example:5433/shop").name
    'postgresql://db.example:5433/shop'
    >>> check_address("mysql://reader:hunter2@db.example/shop")
    Traceback (most recent call last):
    workbench.errors.FeedbackError: A password stands in the address of the database: take it out, put it into an \
environment variable and name that in the study, such as password_env: VOC_DB_PASSWORD.
    """
    match = _URL.fullmatch(url)
    scheme = match[1].lower() if match else ""
    if not match or scheme not in _DRIVERS:
        kinds = ", ".join(f"{kind}://" for kind in sorted(_DRIVERS))
        web = "download the file and name its path; " if scheme in ("http", "https", "ftp", "s3", "gs", "file") else ""
        raise FeedbackError(f"This is no address that can be read: {web}the address of a database begins with one of "
                            f"{kinds}{did_you_mean(scheme, _DRIVERS)}.")
    rest = match[2]
    user = rest.rpartition("@")[0] if scheme not in _FILES else ""
    if ":" in user or _SECRET.search(rest):
        raise FeedbackError("A password stands in the address of the database: take it out, put it into an environment "
                            "variable and name that in the study, such as password_env: VOC_DB_PASSWORD.")
    if scheme in _FILES:
        if not re.fullmatch(r"/[^?]+", rest) or rest in ("/:memory:", "//"):
            raise FeedbackError(f"The address of a {scheme} database names a file: {scheme}:///file.db.")
        return Database(scheme, "", "", None, rest[1:], Path(rest).name)
    parts = _SERVER.fullmatch(rest)
    if not parts:
        raise FeedbackError(f"The address of the database should be {scheme}://user@host:port/name, with nothing else.")
    port = f":{parts['port']}" if parts["port"] else ""
    return Database(scheme, parts["user"] or "", parts["host"], int(parts["port"]) if port else None, parts["name"],
                    f"{scheme}://{parts['host']}{port}/{parts['name']}")


def read_query(url: str, query: str, password_env: str | None, folder: Path) -> tuple[str, RawTable]:
    """Return what the database is called, and the rows of a query; row numbers count from 1.

    The query runs in a read-only session, in pieces, and sees no parameters: colons and percent signs in it are
    plain characters.

    Parameters
    ----------
    url
        See `check_address`.
    query
        One SELECT.
    password_env
        The environment variable that holds the password, if one is needed.
    folder
        Where relative paths of database files start.

    Raises
    ------
    FeedbackError
        If the driver, the variable, the database, or something that the query names is missing, or the query is
        several statements or one that writes files.

    Examples
    --------
    >>> import sqlite3, tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with sqlite3.connect(folder / "shop.db") as connection:
    ...     _ = connection.execute("CREATE TABLE reviews AS SELECT 'خیلی کند' AS body, 3 AS score")
    >>> connection.close()
    >>> read_query("sqlite:///shop.db", "SELECT body, score FROM reviews", None, folder)[1].columns
    {'body': ['خیلی کند'], 'score': [3]}
    """
    check_readable(url, folder)
    database = check_address(url)
    _check_query(query, database.name)
    password = _password(password_env)
    engine = _engine(database, password, folder)
    failure = ""
    try:
        header, packer, rows = _fetch(engine, query, database.scheme)
    except Exception as error:  # noqa: BLE001  # each driver has its own; what it says may hold words of a row
        failure = _explain(error, database.name, password)
    finally:
        engine.dispose()
    if failure:  # raised here, so that the driver's own error does not hang on it
        raise FeedbackError(failure)
    told = [f"Query of {database.name}: {rows:,} rows."]
    if not re.search(r"(?i)\border\s+by\b", query):
        told.append("The query has no ORDER BY: the database may number the rows differently another time.")
    return database.name, table_of(header, packer.columns(), range(1, rows + 1), [], told)


def _check_query(query: str, name: str) -> None:
    """Raise if a query could write in spite of the read-only session: to files, or after a first statement ended it."""
    plain = _NO_CODE.sub(" ", query).strip().rstrip("; \n\t")
    if ";" in plain:
        raise FeedbackError(f"{name}: the query holds several statements; give one SELECT.")
    if found := _WRITES_FILES.search(plain):
        raise FeedbackError(f"{name}: the query should be a SELECT; {found[0].strip().upper()} can write files.")


def _password(variable: str | None) -> str:
    if variable is None:
        return ""
    if not os.environ.get(variable):
        raise FeedbackError(f"The environment variable {variable} should hold the password of the database and is not "
                            "set: set it and run again.")
    return os.environ[variable]


def _engine(database: Database, password: str, folder: Path) -> Engine:
    try:
        import sqlalchemy as sa
        from sqlalchemy.exc import NoSuchModuleError
    except ImportError:
        raise FeedbackError(f"Reading a database needs SQLAlchemy, which is missing: {_INSTALL}.") from None
    scheme, arguments, options = database.scheme, dict[str, Any](), dict[str, Any]()
    url = sa.URL.create(_DRIVERS[scheme])
    if scheme in _FILES:
        file = folder / database.database
        url = url.set(database=str(file))
    else:
        url = url.set(username=database.user or None, password=password or None, host=database.host.strip("[]"),
                      port=database.port, database=database.database)
        arguments["connect_timeout"] = _SECONDS
    if scheme == "duckdb":
        arguments["read_only"] = True
    elif scheme == "sqlite":
        options["creator"] = lambda: _open_sqlite(file)
    elif scheme in ("mysql", "mariadb"):
        arguments |= {"init_command": "SET SESSION TRANSACTION READ ONLY", "charset": "utf8mb4"}
    try:
        return sa.create_engine(url, connect_args=arguments, hide_parameters=True, poolclass=sa.NullPool, **options)
    except (ImportError, NoSuchModuleError):
        raise FeedbackError(f"The driver for {scheme} is missing: {_INSTALL}.") from None


def _open_sqlite(file: Path) -> Any:
    import sqlite3

    return sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro", uri=True)


def _fetch(engine: Engine, query: str, scheme: str) -> tuple[list[str], Packer, int]:
    options: dict[str, Any] = {"stream_results": True, "no_parameters": True}
    if scheme.startswith("postgres"):
        options["postgresql_readonly"] = True
    with engine.connect().execution_options(**options) as connection:
        result = connection.exec_driver_sql(query.strip().rstrip(";"))
        if not result.returns_rows:
            raise FeedbackError("The query should be a SELECT that returns rows.")
        header = list(result.keys())
        packer, rows = Packer(len(header)), 0
        for piece in result.partitions(_PIECE):
            for row in piece:
                packer.add([plain_cell(bytes(cell) if isinstance(cell, memoryview) else cell) for cell in row])
            rows += len(piece)
        return header, packer, rows


def _explain(error: Exception, name: str, password: str) -> str:
    """Return a sentence on what went wrong; only what is said about the query itself is passed on."""
    from sqlalchemy import exc

    if isinstance(error, FeedbackError):
        return f"{name}: {error}"
    own = getattr(error, "orig", None)
    told = getattr(own, "args", ())
    said = (str(told[-1]).strip().splitlines() or [""])[0].rstrip(".") if told else ""
    about_query = isinstance(error, exc.ProgrammingError) or _ABOUT_QUERY.match(said) or told[:1] in _MYSQL_ABOUT_QUERY
    if about_query and not isinstance(error, exc.DataError) and (not password or password not in said):
        return f"{name} does not understand the query: {said}."
    if _BAD_FILE.match(said):
        return f"{name} is no file of this kind of database, or it is damaged or encrypted."
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        reasons = [why for signs, why in _WHY_NOT if re.search(signs, " ".join(map(str, told)))]
        if reasons:
            return f"{name} cannot be read, because {reasons[0]}."
        return (f"{name} cannot be read: see that it runs, that the address and the user are right, that password_env "
                "names the variable with the password, and that the user may read.")
    return f"{name} could not finish the query ({type(own or error).__name__}): try it in the database's own program."

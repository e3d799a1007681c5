"""Where everything is kept: SQL text and parameters in, Arrow tables out.

The embedded DuckDB file is the engine here; PostgreSQL joins behind the same three calls. What
the tables mean is said in ``migrations/``; nothing here knows a case from a zone.
"""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import pyarrow as pa

from geodata.errors import InputError, StoreError

SCHEMA_VERSION: Final = 2
"""Number of the newest file in ``migrations/``."""
_URL = re.compile(r"^duckdb:///(?P<path>.+)$")
_HOLDER = re.compile(r"\(PID (\d+)\)")
# Later than every moment before it even where the clock was set back. The row is locked until the
# transaction ends, so that writers follow one another and no later commit has an earlier moment.
_TAKE_MOMENT: Final = """
update latest_moment set moment = greatest(moment + interval '1 microsecond', $1)
"""
_MOMENT: Final = "select moment from latest_moment"


Clock = Callable[[], datetime]
"""Says what moment it is, in UTC and without a zone."""


class Transaction:
    """Writes that happen together or not at all; made by `Store.transaction`.

    Attributes
    ----------
    moment
        When everything written here was recorded, UTC: later than whatever was committed before,
        earlier than whatever will be.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, clock: Clock) -> None:
        self._connection = connection
        self.execute(_TAKE_MOMENT, clock())
        self.moment: datetime = self.read(_MOMENT)["moment"][0].as_py()

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query inside the transaction."""
        return _answer(self._connection, sql, parameters)

    def execute(self, sql: str, *parameters: Any) -> None:  # noqa: ANN401
        """Run one statement."""
        self._connection.execute(sql, parameters)

    def append(self, sql: str, stage: pa.Table) -> None:
        """Run one ``insert into t (...) select ... from stage ...`` over an Arrow table.

        Order by the key in that statement, and give each key once: PostgreSQL needs both.
        """
        self._connection.register("stage", stage)
        self._connection.execute(sql)
        # Not after a failure: the transaction is over then, and would hide what went wrong.
        self._connection.unregister("stage")


class Store:
    """An open database. Safe for many threads; made by `open_store`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, url: str, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._writing = threading.Lock()
        self.url = url

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query from the last committed state.

        Parameters
        ----------
        sql
            With ``$1``, ``$2``, ... for the parameters.
        """
        with self._connection.cursor() as cursor:
            return _answer(cursor, sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing; one writer at a time."""
        with self._writing, self._connection.cursor() as cursor:
            cursor.execute("begin transaction")
            try:
                yield Transaction(cursor, self._clock)
            except BaseException:
                cursor.execute("rollback")
                raise
            cursor.execute("commit")

    def close(self) -> None:
        """Let go of the file, so that another process may open it."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def database_path(url: str) -> Path:
    """File of a database URL: ``duckdb:///relative.duckdb`` or ``duckdb:////absolute.duckdb``.

    Raises
    ------
    InputError
        If the URL is of another form.
    """
    found = _URL.match(url)
    if found is None:
        raise InputError(
            "database-url",
            "The database URL is not understood. Write duckdb:///city.duckdb for a file in this "
            "folder or duckdb:////var/lib/city.duckdb for an absolute path.",
        )
    return Path(found["path"])


def now() -> datetime:
    """This moment in UTC, without a zone, as the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def open_store(url: str, *, create: bool = False, clock: Clock = now) -> Store:
    """Open a database.

    Parameters
    ----------
    url
        See `database_path`.
    create
        Make the file and its tables where there is none yet.
    clock
        Tells the moments that are recorded; where it is set back, they go on all the same.

    Raises
    ------
    StoreError
        If there is no file and `create` is false, another process holds it, it is no DuckDB
        file, or its tables are of another version.
    """
    path = database_path(url)
    if not create and not path.exists():
        raise StoreError(
            "no-database",
            f"There is no database {path.name} yet. Make one with `mikrozonasi boundaries load` "
            "or `mikrozonasi demo`, or name another with --database.",
        )
    if not path.absolute().parent.is_dir():
        raise StoreError("no-folder", f"The folder for {path.name} does not exist. Make it first.")
    connection = _connect(path)
    try:
        _ensure_schema(connection, path.name)
    except BaseException:
        connection.close()
        raise
    return Store(connection, url, clock)


def _answer(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object]
) -> pa.Table:
    return connection.sql(sql, params=list(parameters)).to_arrow_table()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        return duckdb.connect(path, config=settings)
    except duckdb.IOException as error:
        holder = _HOLDER.search(str(error))
        if holder is not None:
            raise StoreError(
                "database-held",
                f"{path.name} is held by another process (PID {holder[1]}). An embedded database "
                "has one process at a time: stop that one, then try again.",
            ) from None
        raise StoreError(
            "database-unreadable", f"{path.name} cannot be opened as a DuckDB database."
        ) from None


def _ensure_schema(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    tables = {row[0] for row in connection.execute("show tables").fetchall()}
    if "schema_version" not in tables:
        if tables:
            raise StoreError("foreign-database", f"{name} is a database of something else.")
        connection.execute("begin transaction")
        for version in range(1, SCHEMA_VERSION + 1):
            for statement in _statements(version):
                connection.execute(statement)
            connection.execute("insert into schema_version values ($1, $2)", [version, now()])
        connection.execute("commit")
    found = connection.execute("select max(version) from schema_version").fetchone()
    if found is None or found[0] != SCHEMA_VERSION:
        raise StoreError(
            "schema-version",
            f"{name} was made by another version of mikrozonasi. Use that version, or load the "
            "files into a new database.",
        )


def _statements(version: int) -> Sequence[str]:
    text = files("geodata").joinpath(f"migrations/{version:04}.sql").read_text(encoding="utf-8")
    bare = re.sub(r"--[^\n]*", "", text)
    return [statement for part in bare.split(";") if (statement := part.strip())]

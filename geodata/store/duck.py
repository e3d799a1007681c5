"""The embedded database: one DuckDB file, held by one process."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from geodata.errors import StoreError
from geodata.private_files import created_private, narrow
from geodata.store.faults import conflict, failed
from geodata.store.memory import memory_limit
from geodata.store.model import Dialect, Session

_HOLDER: Final = re.compile(r"\(PID (\d+)\)")
SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
"""No statement reads or writes a file beside the database's own, loads code, or changes this.

Every connection of this project is opened with these settings.
"""
_BESIDE: Final = ("", ".wal", ".tmp")
"""Endings of what DuckDB keeps: the database, its log, what does not fit into memory."""


class DuckEngine:
    """A DuckDB file, opened; without a path a database in memory."""

    dialect: Dialect = "duckdb"

    def __init__(self, path: Path | None) -> None:
        self._connection = duckdb.connect(config=SETTINGS) if path is None else _connect(path)
        self._writing = threading.Lock()

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state."""
        with self._connection.cursor() as cursor:
            return _DuckSession(cursor).read(sql, parameters)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction; the threads of this process take turns."""
        with self._writing, self._transaction() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction beside the writers': it sees the state at its beginning."""
        with self._transaction() as session:
            yield session

    def close(self) -> None:
        """Let go of the file."""
        with created_private():
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with self._connection.cursor() as cursor:
            cursor.execute("begin transaction")
            try:
                yield _DuckSession(cursor)
            except BaseException:
                cursor.execute("rollback")
                raise
            with _spoken():
                cursor.execute("commit")


class _DuckSession:
    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with _spoken():
            return self._cursor.sql(sql, params=list(parameters)).to_arrow_table()

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        with _spoken():
            self._cursor.execute(sql, parameters)

    def append(self, sql: str, stage: pa.Table) -> None:
        self._cursor.register("stage", stage)
        with _spoken():
            self._cursor.execute(sql)
        # Not after a failure: the transaction is over then, and would hide what went wrong.
        self._cursor.unregister("stage")


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn what may happen to anyone into a sentence; a mistake in the SQL stays as it is.

    Any statement may make a file: the log, or what does not fit into memory.
    """
    try:
        with created_private():
            yield
    except duckdb.ConstraintException:
        raise conflict() from None
    except (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException) as error:
        raise failed() from error


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    for ending in _BESIDE:
        narrow(path.with_name(f"{path.name}{ending}"))
    try:
        with created_private():
            return duckdb.connect(path, config={**SETTINGS, "memory_limit": memory_limit()})
    except duckdb.IOException as error:
        holder = _HOLDER.search(str(error))
        if holder is not None:
            raise StoreError(
                "database-held",
                f"{path.name} is held by another process (PID {holder[1]}) that works for no "
                "other. An embedded database has one process at a time: wait until that one is "
                "done, or stop it, then try again. While `mikrozonasi serve` holds it, commands "
                "of the same user work through the server.",
            ) from None
        raise StoreError(
            "database-unreadable", f"{path.name} cannot be opened as a DuckDB database."
        ) from None

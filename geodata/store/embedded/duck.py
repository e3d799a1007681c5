"""The embedded database: one DuckDB file, held by one process."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from geodata.errors import StoreError
from geodata.files.private import created_private, narrow
from geodata.store.embedded.connecting import connect
from geodata.store.embedded.database_file import check_descriptors, check_length
from geodata.store.embedded.duck_faults import fault_of, not_opened
from geodata.store.embedded.reopening import Reopening
from geodata.store.model import Dialect, Session

_BESIDE: Final = ("", ".wal", ".tmp")
"""Endings of what DuckDB keeps: the database, its log, what does not fit into memory."""
_OPENING: Final = threading.Lock()
"""Whoever looks at the length of a file must be done before this process has it."""


class DuckEngine:
    """A DuckDB file, opened; without a path a database in memory.

    Parameters
    ----------
    megabytes
        Memory that DuckDB may use; see `geodata.settings.CitySettings`.
    """

    dialect: Dialect = "duckdb"

    def __init__(self, path: Path | None, megabytes: int) -> None:
        self._file = Reopening(lambda: _connect(path, megabytes))
        self._writing = threading.Lock()

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state; once more where DuckDB gave the file up."""
        try:
            return self._read(sql, parameters)
        except StoreError:
            if not self._file.given_up:
                raise
        return self._read(sql, parameters)

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
            self._file.close()

    def _read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with self._file.cursor() as cursor:
            return _DuckSession(cursor).read(sql, parameters)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        # A database that DuckDB gave up is found out before anything is begun.
        self.read("select 1", ())
        check_descriptors()
        with self._file.cursor() as cursor:
            with _translate_driver_errors():
                cursor.execute("begin transaction")
            try:
                yield _DuckSession(cursor)
                with _translate_driver_errors():
                    cursor.execute("commit")
            except BaseException:
                # Some failures end the transaction by themselves.
                with suppress(duckdb.Error):
                    cursor.execute("rollback")
                raise


class _DuckSession:
    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with _translate_driver_errors():
            return self._cursor.sql(sql, params=list(parameters)).to_arrow_table()

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        with _translate_driver_errors():
            self._cursor.execute(sql, parameters)

    def append(self, sql: str, stage: pa.Table) -> None:
        self._cursor.register("stage", stage)
        with _translate_driver_errors():
            self._cursor.execute(sql)
        # Not after a failure: the transaction is over then, and would hide what went wrong.
        self._cursor.unregister("stage")


@contextmanager
def _translate_driver_errors() -> Iterator[None]:
    """Raise a `StoreError` for a failure of the database; a mistake in the SQL stays as it is.

    Any statement may make a file: the log, or what does not fit into memory.
    """
    try:
        with created_private():
            yield
    except duckdb.Error as error:
        fault = fault_of(error)
        if fault is None:
            raise
        # Without DuckDB's words: they may repeat a value.
        raise fault from None


def _connect(path: Path | None, megabytes: int) -> duckdb.DuckDBPyConnection:
    if path is None:
        return connect(None, megabytes)
    check_descriptors()
    for ending in _BESIDE:
        narrow(path.with_name(f"{path.name}{ending}"))
    try:
        with _OPENING:
            check_length(path)
            return connect(path, megabytes)
    except duckdb.Error as error:
        raise not_opened(error, path) from None

"""The embedded database: one DuckDB file, held by one process."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from geodata.errors import StoreError
from geodata.files.private import private_umask, restrict_to_owner
from geodata.store.embedded.connecting import connect
from geodata.store.embedded.database_file import check_descriptors, check_length
from geodata.store.embedded.duck_faults import open_error, translate_error
from geodata.store.embedded.reopening import RecoverableConnection
from geodata.store.model import Dialect, Session

_FILE_ENDINGS: Final = ("", ".wal", ".tmp")
"""Endings of DuckDB's files: the database, its journal, its temporary file."""
_OPENING_LOCK: Final = threading.Lock()
"""The check of the file's length must end before this process opens the file."""


class DuckEngine:
    """An open DuckDB file; without a path, a database in memory.

    Parameters
    ----------
    megabytes
        Memory that DuckDB may use; see `geodata.settings.CitySettings`.
    """

    dialect: Dialect = "duckdb"

    def __init__(self, path: Path | None, megabytes: int) -> None:
        self._file = RecoverableConnection(lambda: _connect(path, megabytes))
        self._writing = threading.Lock()

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state; retry once if the file must be reopened."""
        try:
            return self._read(sql, parameters)
        except StoreError:
            if not self._file.needs_reopening:
                raise
        return self._read(sql, parameters)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction; one thread of this process at a time."""
        with self._writing, self._transaction() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that sees the state at its beginning, while writers may write."""
        with self._transaction() as session:
            yield session

    def close(self) -> None:
        """Close the file."""
        with private_umask():
            self._file.close()

    def _read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with self._file.cursor() as cursor:
            return _DuckSession(cursor).read(sql, parameters)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        # An invalidated database is noticed and reopened before the transaction begins.
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
        # Not after a failure: then the transaction is over, and this call would hide the error.
        self._cursor.unregister("stage")


@contextmanager
def _translate_driver_errors() -> Iterator[None]:
    """Raise a `StoreError` for a failure of the database; a mistake in the SQL stays as it is.

    Any statement may make a file, the journal or a temporary file, which must be private.
    """
    try:
        with private_umask():
            yield
    except duckdb.Error as error:
        fault = translate_error(error)
        if fault is None:
            raise
        # Without DuckDB's message: the message may repeat a value.
        raise fault from None


def _connect(path: Path | None, megabytes: int) -> duckdb.DuckDBPyConnection:
    if path is None:
        return connect(None, megabytes)
    check_descriptors()
    for ending in _FILE_ENDINGS:
        restrict_to_owner(path.with_name(f"{path.name}{ending}"))
    try:
        with _OPENING_LOCK:
            check_length(path)
            return connect(path, megabytes)
    except duckdb.Error as error:
        raise open_error(error, path) from None

"""Reopen a DuckDB file after DuckDB invalidated the database.

If the disk is full at a critical moment, DuckDB invalidates the database for the whole process:
every later statement fails, reads too, until the file is opened again. Committed rows are in the
file.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import duckdb

from geodata.store import faults

_WAIT: Final = 10.0
"""Seconds to wait for open cursors before the file is reopened."""


class RecoverableConnection:
    """The connection to a file, which is reopened when needed; safe for many threads.

    Parameters
    ----------
    connect
        Opens the file.
    """

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._connect = connect
        self._connection: duckdb.DuckDBPyConnection | None = connect()
        self._condition = threading.Condition()
        self._cursors = 0
        self._needs_reopening = False

    @property
    def needs_reopening(self) -> bool:
        """Whether the file must be reopened."""
        return self._needs_reopening

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one thread.

        Raises
        ------
        StoreError
            If the file could not be reopened.
        """
        connection = self._enter()
        try:
            with connection.cursor() as cursor:
                yield cursor
        except BaseException:
            self._needs_reopening = self._needs_reopening or _is_invalidated(connection)
            raise
        finally:
            self._leave()

    def close(self) -> None:
        """Close the file."""
        with self._condition:
            if self._connection is not None:
                self._connection.close()

    def _enter(self) -> duckdb.DuckDBPyConnection:
        with self._condition:
            if self._needs_reopening:
                self._reopen()
            if self._connection is None:
                raise faults.database_failed()
            self._cursors += 1
            return self._connection

    def _leave(self) -> None:
        with self._condition:
            self._cursors -= 1
            self._condition.notify_all()

    def _reopen(self) -> None:
        # DuckDB opens a file once per process: close the old connection and its cursors first.
        if not self._condition.wait_for(lambda: self._cursors == 0, _WAIT):
            raise faults.database_failed()
        if not self._needs_reopening:
            return  # another thread reopened the file
        if self._connection is not None:
            with suppress(duckdb.Error):
                self._connection.close()
        self._connection = None
        self._connection = self._connect()
        self._needs_reopening = False


def _is_invalidated(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except duckdb.FatalException:
        return True
    except duckdb.Error:
        return False
    return False

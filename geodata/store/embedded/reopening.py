"""A DuckDB file that is opened again where DuckDB has given it up.

Where the disk is full at the wrong moment DuckDB ends the database for the whole process: every
later statement fails, reads too, until the file is opened anew. What was committed is in the file.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import duckdb

from geodata.store import faults

_PATIENCE: Final = 10.0
"""Seconds to wait for those who are still at work on a database that was given up."""


class Reopening:
    """The connection to a file; safe for many threads.

    Parameters
    ----------
    connect
        Opens the file.
    """

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._connect = connect
        self._connection: duckdb.DuckDBPyConnection | None = connect()
        self._changed = threading.Condition()
        self._at_work = 0
        self._given_up = False

    @property
    def given_up(self) -> bool:
        """Whether the file has to be opened again."""
        return self._given_up

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one thread.

        Raises
        ------
        StoreError
            If the file had to be opened again, and could not be.
        """
        connection = self._enter()
        try:
            with connection.cursor() as cursor:
                yield cursor
        except BaseException:
            self._given_up = self._given_up or _is_given_up(connection)
            raise
        finally:
            self._leave()

    def close(self) -> None:
        """Let go of the file."""
        with self._changed:
            if self._connection is not None:
                self._connection.close()

    def _enter(self) -> duckdb.DuckDBPyConnection:
        with self._changed:
            if self._given_up:
                self._open_again()
            if self._connection is None:
                raise faults.failed()
            self._at_work += 1
            return self._connection

    def _leave(self) -> None:
        with self._changed:
            self._at_work -= 1
            self._changed.notify_all()

    def _open_again(self) -> None:
        # DuckDB lets a process have a file once: the old connection and its cursors go first.
        if not self._changed.wait_for(lambda: self._at_work == 0, _PATIENCE):
            raise faults.failed()
        if not self._given_up:
            return  # another thread was quicker
        if self._connection is not None:
            with suppress(duckdb.Error):
                self._connection.close()
        self._connection = None
        self._connection = self._connect()
        self._given_up = False


def _is_given_up(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except duckdb.FatalException:
        return True
    except duckdb.Error:
        return False
    return False

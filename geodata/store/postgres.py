"""PostgreSQL through ADBC, with Arrow tables in and out, for many processes at once."""

import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import adbc_driver_manager
import pyarrow as pa
from adbc_driver_postgresql import dbapi
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from geodata.errors import StoreError
from geodata.store import faults
from geodata.store.address import server_name
from geodata.store.model import Dialect, Session
from geodata.store.statements import with_names

_LOCK: Final = "select 1 from pg_advisory_xact_lock(6217064)"
"""One writer at a time over all processes; the lock is released when the transaction ends."""
_READ_SNAPSHOT: Final = "set transaction isolation level repeatable read read only"
_DETECT_DEAD_CLIENTS: Final = """
select set_config('client_connection_check_interval', '2s', false),
       set_config('tcp_keepalives_idle', '60', false),
       set_config('tcp_keepalives_interval', '10', false),
       set_config('tcp_keepalives_count', '6', false)
"""
"""The server releases the lock of a writer whose process or machine died. Without these settings
the server would notice late or never, while a statement runs or the network is silent."""
POOL_SIZE, POOL_OVERFLOW = 4, 32
CONNECTION_TIMEOUT: Final = 60.0
"""Seconds to wait for a connection while all connections are in use."""
_TYPES: Final = {
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.string(): "text",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
    pa.binary(): "bytea",
}


_FAULTS_BY_STATE: Final[dict[str, Callable[[], StoreError]]] = {
    "23": faults.key_conflict,
    "25006": faults.read_only,
    "40001": faults.tables_locked,
    "40P01": faults.tables_locked,
    "55P03": faults.tables_locked,
    "42501": faults.permission_denied,
    "53100": faults.disk_full,
    "53200": faults.out_of_memory,
    "53300": faults.pool_exhausted,
    "53400": faults.limit_reached,
    "57014": faults.statement_cancelled,
    "25": faults.database_failed,
    "40": faults.database_failed,
    "53": faults.database_failed,
    "54": faults.database_failed,
    "55": faults.database_failed,
    "57": faults.database_failed,
    "58": faults.database_failed,
    "XX": faults.database_failed,
}
"""Errors by the beginning of the SQLSTATE; the first match counts. Other states are mistakes in the
SQL."""


class PostgresEngine:
    """A database on a PostgreSQL server, opened."""

    dialect: Dialect = "postgresql"

    def __init__(self, url: str, timeout: float = CONNECTION_TIMEOUT) -> None:
        self._source = _connect(url)
        self._url = url
        # Each reading thread has its own connection; a few connections stay open.
        self._pool = QueuePool(
            self._new_connection,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            timeout=timeout,
            reset_on_return=None,
            use_lifo=True,
        )
        # Only one thread at a time waits for the writers' lock: a waiting thread holds a
        # connection that a reader may need.
        self._writing = threading.Lock()

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state; retry once if the connection was lost."""
        return self._retry_if_lost(lambda: self._read(sql, parameters))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction under the writers' lock of the database."""
        with self._writing, self._transaction(_LOCK) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that sees the state at its beginning."""
        with self._transaction(_READ_SNAPSHOT) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self._pool.dispose()
        self._source.close()

    def _new_connection(self) -> dbapi.Connection:
        try:
            connection = self._source.adbc_clone()
        except adbc_driver_manager.Error as error:
            raise _unreachable(self._url, str(error)) from None
        try:
            connection.adbc_connection.set_autocommit(True)
            with connection.cursor() as cursor:
                cursor.execute(_DETECT_DEAD_CLIENTS)
                cursor.fetchone()
        except BaseException as error:
            _close(connection)
            if isinstance(error, adbc_driver_manager.Error):
                raise faults.connection_lost() from None
            raise
        return connection

    def _read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with self._connection() as connection:
            return _PostgresSession(connection).read(sql, parameters)

    @contextmanager
    def _connection(self) -> Iterator[dbapi.Connection]:
        """A connection of the pool. After any failure the connection is closed and not reused.

        After a failed commit the driver would begin a transaction with the next statement on the
        connection, and nobody would end that transaction.
        """
        pooled = self._pooled_connection()
        try:
            yield pooled.dbapi_connection
        except BaseException as error:
            pooled.invalidate()
            if isinstance(error, StoreError) and error.code == "database-lost":
                # If one connection is lost, the idle connections are lost too.
                self._pool.dispose()
            raise
        finally:
            pooled.close()

    def _pooled_connection(self) -> PoolProxiedConnection:
        try:
            return self._pool.connect()
        except PoolTimeout:
            raise faults.pool_exhausted() from None

    @staticmethod
    def _retry_if_lost(query: Callable[[], pa.Table]) -> pa.Table:
        try:
            return query()
        except StoreError as error:
            if error.code != "database-lost":
                raise
            return query()

    @contextmanager
    def _transaction(self, first_statement: str) -> Iterator[Session]:
        # A lost idle connection is noticed before the transaction begins.
        self._retry_if_lost(lambda: self._read("select 1", ()))
        with self._connection() as connection:
            try:
                with _translate_driver_errors():
                    connection.adbc_connection.set_autocommit(False)
                session = _PostgresSession(connection)
                session.execute(first_statement, ())
                yield session
                with _translate_driver_errors():
                    connection.commit()
                    connection.adbc_connection.set_autocommit(True)
            except BaseException:
                # Roll back before the connection is closed, so that the lock is free when the
                # caller sees the error.
                with suppress(adbc_driver_manager.Error):
                    connection.rollback()
                raise


class _PostgresSession:
    def __init__(self, connection: dbapi.Connection) -> None:
        self._connection = connection

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with _translate_driver_errors(), self._connection.cursor() as cursor:
            cursor.execute(sql, list(parameters) or None)
            return cursor.fetch_arrow_table()

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        with _translate_driver_errors(), self._connection.cursor() as cursor:
            cursor.execute(sql, list(parameters) or None)
            if cursor.description:
                # An error while rows are sent is raised only when the rows are read.
                cursor.fetch_arrow_table()

    def append(self, sql: str, stage: pa.Table) -> None:
        columns = {field.name: _TYPES[field.type] for field in stage.schema}
        create = with_names(
            "create temporary table stage ({columns}) on commit drop", columns=columns
        )
        with _translate_driver_errors(), self._connection.cursor() as cursor:
            cursor.execute(create)
            cursor.adbc_ingest("stage", stage, mode="append", temporary=True)
            cursor.execute(sql)
            cursor.execute("drop table stage")


def _close(connection: dbapi.Connection) -> None:
    with suppress(adbc_driver_manager.Error):
        connection.close()


@contextmanager
def _translate_driver_errors() -> Iterator[None]:
    """Raise a `StoreError` for a failure of the database; a mistake in the SQL stays as it is."""
    try:
        yield
    except adbc_driver_manager.Error as error:
        fault = _translate_state(error.sqlstate or "", broken=_is_broken(error))
        if fault is None:
            raise
        # Without the driver's message: the message may repeat a value.
        raise fault from None


def _translate_state(state: str, *, broken: bool) -> StoreError | None:
    """The error for an SQLSTATE; None if the state means a mistake in the SQL."""
    if broken or state.startswith(("08", "57P")):
        return faults.connection_lost()
    make_fault = next(
        (fault for start, fault in _FAULTS_BY_STATE.items() if state.startswith(start)), None
    )
    return None if make_fault is None else make_fault()


def _is_broken(error: adbc_driver_manager.Error) -> bool:
    return not error.sqlstate and isinstance(error, adbc_driver_manager.OperationalError)


def _connect(url: str) -> dbapi.Connection:
    server_name(url)
    try:
        return dbapi.connect(_with_timeout(url), autocommit=True)
    except adbc_driver_manager.Error as error:
        # Without the driver's message: the message may repeat the URL and its password.
        raise _unreachable(url, str(error)) from None


def _with_timeout(url: str) -> str:
    """The URL with a connection timeout of 10 seconds, unless the URL has a timeout."""
    separator = "&" if "?" in url else "?"
    return url if "connect_timeout" in url else f"{url}{separator}connect_timeout=10"


_DISK_FULL_TEXTS: Final = (os.strerror(errno.ENOSPC), "could not write init file")
"""A server with a full disk reports these texts on the first connection to a database."""
_NO_CONNECTION_TEXTS: Final = (
    "too many clients",
    "too many connections",
    "remaining connection slots",
)


def _unreachable(url: str, driver_message: str) -> StoreError:
    database, host = server_name(url)
    if "does not exist" in driver_message and "database" in driver_message:
        return StoreError(
            "no-database",
            f"There is no database {database} on {host} yet. Make an empty database there: "
            f"`createdb {database}`, then `mikrozonasi database upgrade`.",
            indonesian=f"Belum ada basis data {database} di {host}. Buat basis data kosong di "
            f"sana: `createdb {database}`, lalu `mikrozonasi database upgrade`.",
        )
    if any(words in driver_message for words in _DISK_FULL_TEXTS):
        return faults.disk_full()
    if any(words in driver_message for words in _NO_CONNECTION_TEXTS):
        return StoreError(
            "database-crowded",
            f"The PostgreSQL server on {host} has no free connection for {database}. Try again "
            "when fewer programs use the server, or raise max_connections of the server.",
            indonesian=f"Server PostgreSQL di {host} tidak punya koneksi yang bebas untuk "
            f"{database}. Coba lagi saat lebih sedikit program memakai server itu, atau naikkan "
            "max_connections server.",
        )
    if any(word in driver_message for word in ("password", "authentication", "role", "pg_hba")):
        return StoreError(
            "database-refused",
            f"The PostgreSQL server on {host} does not let this user into {database}. Check the "
            "user's name and password. Keep the password in ~/.pgpass, or in the URL if the URL "
            "is set as MIKROZONASI_DATABASE.",
            indonesian=f"Server PostgreSQL di {host} tidak mengizinkan pengguna ini masuk ke "
            f"{database}. Periksa nama pengguna dan kata sandi. Simpan kata sandi di ~/.pgpass, "
            "atau di URL jika URL ditulis dalam MIKROZONASI_DATABASE.",
        )
    return StoreError(
        "database-unreachable",
        f"The PostgreSQL server on {host} does not answer. Check that the server runs and that "
        "its address is right. The URL has the form postgresql://user@host/name.",
        indonesian=f"Server PostgreSQL di {host} tidak menjawab. Periksa apakah server itu "
        "berjalan dan alamatnya benar. Bentuk URL: postgresql://user@host/name.",
    )

"""PostgreSQL through ADBC: Arrow both ways, for many processes at once."""

import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import adbc_driver_manager
import pyarrow as pa
from adbc_driver_postgresql import dbapi
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from geodata.errors import StoreError
from geodata.store import faults
from geodata.store.address import server_name
from geodata.store.model import Dialect, Session
from geodata.store.statements import with_names

_LOCK: Final = "select 1 from pg_advisory_xact_lock(6217064)"
"""One writer at a time over all processes; let go when the transaction ends."""
_ONE_MOMENT: Final = "set transaction isolation level repeatable read read only"
_NOTICE_THE_DEAD: Final = """
select set_config('client_connection_check_interval', '2s', false),
       set_config('tcp_keepalives_idle', '60', false),
       set_config('tcp_keepalives_interval', '10', false),
       set_config('tcp_keepalives_count', '6', false)
"""
"""A writer whose process or machine died lets go of the lock: while a statement runs, and where
the network says nothing, the server would else notice late or never."""
_KEPT, _MORE = 4, 28
PATIENCE: Final = 60.0
"""Seconds to wait for a connection while all are at work."""
_TYPES: Final = {
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.string(): "text",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
    pa.binary(): "bytea",
}


_FAULTS: Final[dict[str, Callable[[], StoreError]]] = {
    "23": faults.conflict,
    "25006": faults.read_only,
    "40001": faults.in_the_way,
    "40P01": faults.in_the_way,
    "55P03": faults.in_the_way,
    "42501": faults.not_allowed,
    "53100": faults.disk_full,
    "53200": faults.out_of_memory,
    "53300": faults.crowded,
    "53400": faults.limited,
    "57014": faults.cancelled,
    "25": faults.failed,
    "40": faults.failed,
    "53": faults.failed,
    "54": faults.failed,
    "55": faults.failed,
    "57": faults.failed,
    "58": faults.failed,
    "XX": faults.failed,
}
"""By the beginning of the SQLSTATE, the first that fits; others are mistakes in the SQL."""


class PostgresEngine:
    """A database on a PostgreSQL server, opened."""

    dialect: Dialect = "postgresql"

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self._source = _connect(url)
        self._url = url
        # A thread that reads has a connection of its own; a few stay open for the next.
        self._pool = QueuePool(
            self._new,
            pool_size=_KEPT,
            max_overflow=_MORE,
            timeout=patience,
            reset_on_return=None,
            use_lifo=True,
        )
        # One thread at a time asks for the writers' lock: waiting ones would hold connections
        # that readers want.
        self._writing = threading.Lock()

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state; once more where the server went away."""
        return self._again_if_lost(lambda: self._read(sql, parameters))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction under the writers' lock of the database."""
        with self._writing, self._transaction(_LOCK) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that sees the state at its beginning."""
        with self._transaction(_ONE_MOMENT) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self._pool.dispose()
        self._source.close()

    def _new(self) -> dbapi.Connection:
        try:
            connection = self._source.adbc_clone()
        except adbc_driver_manager.Error as error:
            raise _unreachable(self._url, str(error)) from None
        try:
            connection.adbc_connection.set_autocommit(True)
            with connection.cursor() as cursor:
                cursor.execute(_NOTICE_THE_DEAD)
                cursor.fetchone()
        except BaseException as error:
            _close(connection)
            if isinstance(error, adbc_driver_manager.Error):
                raise faults.lost() from None
            raise
        return connection

    def _read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with self._connection() as connection:
            return _PostgresSession(connection).read(sql, parameters)

    @contextmanager
    def _connection(self) -> Iterator[dbapi.Connection]:
        """A connection; one on which anything failed is closed, and given to nobody again.

        After a commit that failed the driver would begin a transaction with the next statement of
        whoever gets the connection, and nobody would end that transaction.
        """
        held = self._free()
        try:
            yield held.dbapi_connection
        except BaseException as error:
            held.invalidate()
            if isinstance(error, StoreError) and error.code == "database-lost":
                # Where one connection broke, those that lie idle are broken too.
                self._pool.dispose()
            raise
        finally:
            held.close()

    def _free(self) -> PoolProxiedConnection:
        try:
            return self._pool.connect()
        except NoneFree:
            raise faults.crowded() from None

    @staticmethod
    def _again_if_lost(ask: Callable[[], pa.Table]) -> pa.Table:
        try:
            return ask()
        except StoreError as error:
            if error.code != "database-lost":
                raise
            return ask()

    @contextmanager
    def _transaction(self, first: str) -> Iterator[Session]:
        # A connection that broke while it lay idle is found out before anything is begun.
        self._again_if_lost(lambda: self._read("select 1", ()))
        with self._connection() as connection:
            try:
                with _spoken():
                    connection.adbc_connection.set_autocommit(False)
                session = _PostgresSession(connection)
                session.execute(first, ())
                yield session
                with _spoken():
                    connection.commit()
                    connection.adbc_connection.set_autocommit(True)
            except BaseException:
                # Before the connection is closed: who is told of the failure finds the lock free.
                with suppress(adbc_driver_manager.Error):
                    connection.rollback()
                raise


class _PostgresSession:
    def __init__(self, connection: dbapi.Connection) -> None:
        self._connection = connection

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with _spoken(), self._connection.cursor() as cursor:
            cursor.execute(sql, list(parameters) or None)
            return cursor.fetch_arrow_table()

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        with _spoken(), self._connection.cursor() as cursor:
            cursor.execute(sql, list(parameters) or None)
            if cursor.description:
                # What fails while rows are on their way is raised only where they are read.
                cursor.fetch_arrow_table()

    def append(self, sql: str, stage: pa.Table) -> None:
        columns = {field.name: _TYPES[field.type] for field in stage.schema}
        create = with_names(
            "create temporary table stage ({columns}) on commit drop", columns=columns
        )
        with _spoken(), self._connection.cursor() as cursor:
            cursor.execute(create)
            cursor.adbc_ingest("stage", stage, mode="append", temporary=True)
            cursor.execute(sql)
            cursor.execute("drop table stage")


def _close(connection: dbapi.Connection) -> None:
    with suppress(adbc_driver_manager.Error):
        connection.close()


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn what may happen to anyone into a sentence; a mistake in the SQL stays as it is."""
    try:
        yield
    except adbc_driver_manager.Error as error:
        fault = _fault(error.sqlstate or "", broken=_is_broken(error))
        if fault is None:
            raise
        # Without the driver's words: they may repeat a value.
        raise fault from None


def _fault(state: str, *, broken: bool) -> StoreError | None:
    """What a state of SQL says of the database, None where it is a mistake in the SQL."""
    if broken or state.startswith(("08", "57P")):
        return faults.lost()
    known = next((fault for start, fault in _FAULTS.items() if state.startswith(start)), None)
    return None if known is None else known()


def _is_broken(error: adbc_driver_manager.Error) -> bool:
    return not error.sqlstate and isinstance(error, adbc_driver_manager.OperationalError)


def _connect(url: str) -> dbapi.Connection:
    server_name(url)
    try:
        return dbapi.connect(_impatient(url), autocommit=True)
    except adbc_driver_manager.Error as error:
        # The driver's own words may repeat the URL, and so a password.
        raise _unreachable(url, str(error)) from None


def _impatient(url: str) -> str:
    """The URL with a time after which a server that says nothing is taken for absent."""
    sign = "&" if "?" in url else "?"
    return url if "connect_timeout" in url else f"{url}{sign}connect_timeout=10"


_NO_ROOM: Final = (os.strerror(errno.ENOSPC), "could not write init file")
"""A server without room writes a file for the first connection to a database, and says no more."""
_NONE_FREE: Final = ("too many clients", "too many connections", "remaining connection slots")


def _unreachable(url: str, said: str) -> StoreError:
    database, host = server_name(url)
    if "does not exist" in said and "database" in said:
        return StoreError(
            "no-database",
            f"There is no database {database} on {host} yet. Make an empty one there: "
            f"`createdb {database}`, then `mikrozonasi database upgrade`.",
            indonesian=f"Belum ada basis data {database} di {host}. Buat basis data kosong di "
            f"sana: `createdb {database}`, lalu `mikrozonasi database upgrade`.",
        )
    if any(words in said for words in _NO_ROOM):
        return faults.disk_full()
    if any(words in said for words in _NONE_FREE):
        return StoreError(
            "database-crowded",
            f"The PostgreSQL server on {host} has no connection free for {database}. Try again "
            "when fewer programs use it, or raise its max_connections.",
            indonesian=f"Server PostgreSQL di {host} tidak punya koneksi yang bebas untuk "
            f"{database}. Coba lagi saat lebih sedikit program memakainya, atau naikkan "
            "max_connections.",
        )
    if any(word in said for word in ("password", "authentication", "role", "pg_hba")):
        return StoreError(
            "database-refused",
            f"The PostgreSQL server on {host} does not let this user into {database}. Check the "
            "user's name and password; the password belongs in ~/.pgpass, or in the URL where that "
            "is given as MIKROZONASI_DATABASE.",
            indonesian=f"Server PostgreSQL di {host} tidak mengizinkan pengguna ini masuk ke "
            f"{database}. Periksa nama pengguna dan kata sandi; simpan kata sandi di ~/.pgpass, "
            "atau di URL jika URL diberikan sebagai MIKROZONASI_DATABASE.",
        )
    return StoreError(
        "database-unreachable",
        f"The PostgreSQL server on {host} does not answer. Is it running, and is its address "
        "right? The URL has the form postgresql://user@host/name.",
        indonesian=f"Server PostgreSQL di {host} tidak menjawab. Periksa apakah server itu "
        "berjalan dan alamatnya benar. Bentuk URL: postgresql://user@host/name.",
    )

"""An embedded database that a server of the same owner holds, worked through that server."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa

from geodata.errors import StoreError
from geodata.store.faults import connection_lost
from geodata.store.model import Dialect, Session
from geodata.store.shared.wire import Channel, pack_parameters, short_socket_name, socket_path


class RemoteEngine:
    """A database behind the socket of the process that holds it.

    Raises
    ------
    OSError
        If no process listens there, or the socket belongs to another user.
    """

    dialect: Dialect = "duckdb"

    def __init__(self, database: Path) -> None:
        self._path = socket_path(database)
        self._connect().close()

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state."""
        with _translate_socket_errors(), self._connect() as channel:
            channel.send({"session": "read"})
            return _RemoteSession(channel).read(sql, parameters)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction; waits for the server's own writers."""
        with self._session("writing") as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A read-only transaction in which every query sees the same state."""
        with self._session("snapshot") as session:
            yield session

    def close(self) -> None:
        """Do nothing: every session closes its own connection."""

    @contextmanager
    def _session(self, session_type: str) -> Iterator[Session]:
        with _translate_socket_errors():
            connection = self._connect()
        with connection as channel:
            _request(channel, {"session": session_type})
            # If the block fails, the connection is closed without a commit, and the server rolls
            # the transaction back.
            yield _RemoteSession(channel)
            _request(channel, {"do": "commit"})

    def _connect(self) -> Channel:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with short_socket_name(self._path) as address:
                connection.connect(address)
        except OSError:
            connection.close()
            raise
        return Channel(connection)


class _RemoteSession:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        return _request(self._channel, {"do": "read", "sql": sql}, _packed(parameters))

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        _request(self._channel, {"do": "execute", "sql": sql}, _packed(parameters))

    def append(self, sql: str, stage: pa.Table) -> None:
        _request(self._channel, {"do": "append", "sql": sql}, stage)


def _packed(parameters: Sequence[object]) -> pa.Table | None:
    return pack_parameters(parameters) if parameters else None


def _request(channel: Channel, header: dict[str, str], table: pa.Table | None = None) -> pa.Table:
    with _translate_socket_errors():
        # After the server disconnected, its last message is still readable and has the reason.
        with suppress(ConnectionError):
            channel.send(header, table)
        answer = channel.receive()
    if "code" in answer.header:
        raise StoreError(
            answer.header["code"],
            answer.header["message"],
            indonesian=answer.header["indonesian"],
        )
    return answer.table


@contextmanager
def _translate_socket_errors() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise connection_lost() from None

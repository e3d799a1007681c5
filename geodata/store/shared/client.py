"""An embedded database that a server of the same owner holds, worked through that server."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa

from geodata.errors import StoreError
from geodata.store.faults import lost
from geodata.store.model import Dialect, Session
from geodata.store.shared.wire import Channel, packed_parameters, reachable, socket_path


class RemoteEngine:
    """A database behind the socket of the process that holds it.

    Raises
    ------
    OSError
        If nobody listens there, or it is another user's.
    """

    dialect: Dialect = "duckdb"

    def __init__(self, database: Path) -> None:
        self._path = socket_path(database)
        self._connect().close()

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state."""
        with _spoken(), self._connect() as channel:
            channel.send({"session": "read"})
            return _RemoteSession(channel).read(sql, parameters)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction, in turn with the server's own."""
        with self._session("writing") as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that only reads, all of it from one moment."""
        with self._session("snapshot") as session:
            yield session

    def close(self) -> None:
        """Do nothing: every session ends by itself."""

    @contextmanager
    def _session(self, kind: str) -> Iterator[Session]:
        with _spoken():
            connected = self._connect()
        with connected as channel:
            _ask(channel, {"session": kind})
            # Where the block fails the connection is closed without a word, and all is undone.
            yield _RemoteSession(channel)
            _ask(channel, {"do": "commit"})

    def _connect(self) -> Channel:
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with reachable(self._path) as name:
                connected.connect(name)
        except OSError:
            connected.close()
            raise
        return Channel(connected)


class _RemoteSession:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        return _ask(self._channel, {"do": "read", "sql": sql}, _packed(parameters))

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        _ask(self._channel, {"do": "execute", "sql": sql}, _packed(parameters))

    def append(self, sql: str, stage: pa.Table) -> None:
        _ask(self._channel, {"do": "append", "sql": sql}, stage)


def _packed(parameters: Sequence[object]) -> pa.Table | None:
    return packed_parameters(parameters) if parameters else None


def _ask(channel: Channel, header: dict[str, str], table: pa.Table | None = None) -> pa.Table:
    with _spoken():
        # Where the server hung up, what it said last is still to be heard, and says why.
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
def _spoken() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise lost() from None

"""Messages between processes of one machine: a JSON header and an Arrow table, no pickle.

Both sides of a socket send and receive through a `Channel`. A session is one connection: its type
(``read``, ``writing`` or ``snapshot``), then its statements, then the commit.
"""

import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import pyarrow as pa

_SIZES: Final = struct.Struct("!IQ")
_LONGEST_PATH: Final = 100
"""Bytes that the path of a socket may have on every system."""


class Message(NamedTuple):
    """A header, and a table if the message has one."""

    header: Mapping[str, Any]
    table: pa.Table | None


class Channel:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._incoming = connection.makefile("rb")

    def send(self, header: Mapping[str, Any], table: pa.Table | None = None) -> None:
        """Send one message.

        Raises
        ------
        OSError
            If the other side is gone.
        """
        head = json.dumps(header).encode()
        body = b"" if table is None else _pack_table(table)
        self._socket.sendall(_SIZES.pack(len(head), len(body)) + head)
        # Do not send an empty body: the other side may have closed the connection after the head.
        if len(body):
            self._socket.sendall(body)

    def receive(self) -> Message:
        """Wait for one message.

        Raises
        ------
        OSError
            If the other side is gone; `TimeoutError` if it sends nothing for too long.
        """
        n_head, n_body = _SIZES.unpack(self._read_exactly(_SIZES.size))
        header = json.loads(self._read_exactly(n_head))
        table = pa.ipc.open_stream(self._read_exactly(n_body)).read_all() if n_body else None
        return Message(header, table)

    def set_timeout(self, seconds: float) -> None:
        """Set the time after which a silent other side raises `TimeoutError`."""
        self._socket.settimeout(seconds)

    def disconnect(self) -> None:
        """End the connection, even while a thread waits for a message."""
        with suppress(OSError):  # the other side may have closed first
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection and free its resources."""
        self.disconnect()
        self._incoming.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_exactly(self, size: int) -> bytes:
        content = self._incoming.read(size)
        if len(content) < size:
            raise ConnectionError("the other side closed the connection")
        return content


def pack_parameters(parameters: Sequence[object]) -> pa.Table:
    """Parameters of a statement as a table of one row, which keeps their types."""
    return pa.table(
        {str(number): pa.array([parameter]) for number, parameter in enumerate(parameters)}
    )


def unpack_parameters(table: pa.Table | None) -> list[object]:
    """The parameters in a table of `pack_parameters`."""
    return [] if table is None else [column[0].as_py() for column in table.columns]


def socket_path(database: Path) -> Path:
    """Path of the socket of the process that serves an embedded database."""
    return database.with_name(f"{database.name}.sock")


@contextmanager
def short_socket_name(path: Path) -> Iterator[str]:
    """A name for a socket's path that is short enough for the system, even in a deep folder."""
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _pack_table(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue()

"""Messages between processes of one machine: a JSON header and an Arrow table, no pickle.

Either side of a connected socket sends and receives through a `Channel`. A session is one
connection: what it is (``read``, ``writing`` or ``snapshot``), then its statements, then its end.
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
"""Characters that the name of a socket may have on every system."""


class Message(NamedTuple):
    """What was said, and the table that came with it."""

    header: Mapping[str, Any]
    table: pa.Table | None


class Channel:
    """One end of a connection."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._incoming = connected.makefile("rb")

    def send(self, header: Mapping[str, Any], table: pa.Table | None = None) -> None:
        """Send one message.

        Raises
        ------
        OSError
            If the other end is gone.
        """
        head = json.dumps(header).encode()
        body = b"" if table is None else _packed(table)
        self._socket.sendall(_SIZES.pack(len(head), len(body)) + head)
        # Not even nothing after the last byte: who has heard it all may have hung up by then.
        if len(body):
            self._socket.sendall(body)

    def receive(self) -> Message:
        """Wait for one message.

        Raises
        ------
        OSError
            If the other end is gone; `TimeoutError` if it is silent for longer than is waited.
        """
        n_head, n_body = _SIZES.unpack(self._exactly(_SIZES.size))
        header = json.loads(self._exactly(n_head))
        table = pa.ipc.open_stream(self._exactly(n_body)).read_all() if n_body else None
        return Message(header, table)

    def wait_at_most(self, seconds: float) -> None:
        """Give up on another end that neither speaks nor listens for so long."""
        self._socket.settimeout(seconds)

    def hang_up(self) -> None:
        """End the connection, also under the hands of a thread that waits for a message."""
        with suppress(OSError):  # where the other end was first
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection and forget it."""
        self.hang_up()
        self._incoming.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exactly(self, size: int) -> bytes:
        found = self._incoming.read(size)
        if len(found) < size:
            raise ConnectionError("the other end hung up")
        return found


def packed_parameters(parameters: Sequence[object]) -> pa.Table:
    """Parameters of a statement as a table of one row: every type they may have goes along."""
    return pa.table({str(number): pa.array([each]) for number, each in enumerate(parameters)})


def unpacked_parameters(table: pa.Table | None) -> list[object]:
    """Parameters again."""
    return [] if table is None else [column[0].as_py() for column in table.columns]


def socket_path(database: Path) -> Path:
    """Where the process that serves an embedded database listens for others."""
    return database.with_name(f"{database.name}.sock")


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """A name for a socket's path that the system takes, however deep its folder lies."""
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _packed(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue()

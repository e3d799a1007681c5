"""A shared embedded database: the process that holds the file works for other processes.

Only one process can open a DuckDB file. While a server holds the file, the command line must still
load and compute. So the server listens on a socket next to the file, which only the file's owner
may open, and runs the calls of an engine. A connection is one session. If the connection ends
without a commit, the transaction is rolled back.
"""

import os
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pyarrow as pa

from geodata.errors import StoreError
from geodata.files.private import OWNER_ONLY, private_umask
from geodata.language import Bilingual
from geodata.store.faults import writer_timed_out
from geodata.store.model import Dialect, Engine, Session
from geodata.store.shared.wire import (
    Channel,
    Message,
    short_socket_name,
    socket_path,
    unpack_parameters,
)

WRITER_TIMEOUT: Final = 120.0
"""Seconds for which another writing process may send nothing, while all other writers wait."""


class SharedEngine:
    """An engine that also works for other processes while it is open."""

    def __init__(
        self, engine: Engine, database: Path, writer_timeout: float = WRITER_TIMEOUT
    ) -> None:
        self.dialect: Dialect = engine.dialect
        self._engine = engine
        self._path = socket_path(database)
        try:
            # Only the process that holds the file listens: an existing socket is left from a crash.
            self._path.unlink(missing_ok=True)
            with short_socket_name(self._path) as address:
                self._server = _Server(address, engine, writer_timeout)
        except OSError as error:
            raise _not_shared(error, self._path) from None
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.2,), name="database-socket", daemon=True
        )
        try:
            self._thread.start()
        except BaseException:
            self._server.server_close()
            self._path.unlink(missing_ok=True)
            raise

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state."""
        return self._engine.read(sql, parameters)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction; waits for the writers of the other processes."""
        with self._engine.writing() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A read-only transaction in which every query sees the same state."""
        with self._engine.snapshot() as session:
            yield session

    def close(self) -> None:
        """Stop listening, roll back open transactions of other processes, and close the file."""
        try:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            self._server.stop()
            self._thread.join()
        finally:
            self._engine.close()


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, address: str, engine: Engine, writer_timeout: float) -> None:
        self.engine = engine
        self.writer_timeout = writer_timeout
        self._open: set[Channel] = set()
        self._lock = threading.Lock()
        try:
            super().__init__(address, _Handler)
        except BaseException:
            with suppress(OSError):
                Path(address).unlink(missing_ok=True)
            raise

    def server_bind(self) -> None:
        with private_umask():
            super().server_bind()
        Path(str(self.server_address)).chmod(OWNER_ONLY)

    @contextmanager
    def connected(self, channel: Channel) -> Iterator[None]:
        with self._lock:
            self._open.add(channel)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(channel)

    def stop(self) -> None:
        self.shutdown()
        with self._lock:
            for channel in self._open:
                channel.disconnect()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        with Channel(self.request) as channel, self.server.connected(channel):
            try:
                _serve(channel, self.server.engine, self.server.writer_timeout)
            except OSError:
                return  # the other process is gone; its transaction was rolled back


def _not_shared(error: OSError, path: Path) -> StoreError:
    system_message = os.strerror(error.errno) if error.errno else type(error).__name__
    return StoreError(
        "database-not-shared",
        f"The socket {path.name}, which commands use while a server runs, cannot be made "
        f"({system_message}). Check the folder of the database: free space, and who may write "
        "there.",
        indonesian=f"Soket {path.name}, yang dipakai perintah selama server berjalan, tidak "
        f"dapat dibuat ({system_message}). Periksa folder basis data: ruang kosong, dan siapa "
        "yang boleh menulis di sana.",
    )


def _serve(channel: Channel, engine: Engine, writer_timeout: float) -> None:
    """Run one session from its first message to its end; errors are sent to the client."""
    try:
        session_type = channel.receive().header["session"]
        if session_type == "read":
            query = channel.receive()
            answer = engine.read(query.header["sql"], unpack_parameters(query.table))
            channel.send({"done": "read"}, answer)
            return
        with engine.writing() if session_type == "writing" else engine.snapshot() as session:
            channel.send({"done": "begin"})
            if session_type == "writing":
                channel.set_timeout(writer_timeout)
            while (message := _next_message(channel)).header["do"] != "commit":
                channel.send({"done": message.header["do"]}, _run_statement(session, message))
        channel.send({"done": "commit"})
    except StoreError as error:
        channel.send({"code": error.code, "message": error.message, "indonesian": error.indonesian})
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  (a mistake of the client, which gets the error)
        # Without the error's message: the message may repeat a value of a record.
        sentence = Bilingual(
            f"Server tidak dapat menjalankan sebuah perintah SQL ({type(error).__name__}).",
            f"The server could not run an SQL statement ({type(error).__name__}).",
        )
        channel.send(
            {"code": "statement-failed", "message": sentence.en, "indonesian": sentence.id}
        )


def _next_message(channel: Channel) -> Message:
    try:
        return channel.receive()
    except TimeoutError:
        raise writer_timed_out() from None


def _run_statement(session: Session, message: Message) -> pa.Table | None:
    sql = message.header["sql"]
    if message.header["do"] == "append":
        session.append(sql, message.table)
        return None
    if message.header["do"] == "execute":
        session.execute(sql, unpack_parameters(message.table))
        return None
    return session.read(sql, unpack_parameters(message.table))

"""An embedded database shared: the process that holds its file works for others of its owner.

DuckDB lets one process in. While that is a server, the command line must still load and run; so
the server listens on a socket beside the file, which only its owner may open, and answers at the
level of an engine's own calls. A connection is one session: where it ends without a word, what
it did is undone.
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
from geodata.files.private import OWNER_ONLY, created_private
from geodata.language import Bilingual
from geodata.store.faults import undone_in_silence
from geodata.store.model import Dialect, Engine, Session
from geodata.store.shared.wire import Channel, Message, reachable, socket_path, unpacked_parameters

SILENCE: Final = 120.0
"""Seconds for which another process that writes may say nothing: all writers wait for it."""


class SharedEngine:
    """An engine that works for other processes too, as long as it is open."""

    def __init__(self, engine: Engine, database: Path, silence: float = SILENCE) -> None:
        self.dialect: Dialect = engine.dialect
        self._engine = engine
        self._path = socket_path(database)
        try:
            # Who holds the file is the only one to listen: a socket that is there outlived a crash.
            self._path.unlink(missing_ok=True)
            with reachable(self._path) as name:
                self._server = _Server(name, engine, silence)
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
        """A transaction, in turn with those of the other processes."""
        with self._engine.writing() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that only reads, all of it from one moment."""
        with self._engine.snapshot() as session:
            yield session

    def close(self) -> None:
        """Stop listening, undo what others had begun, and let go of the file."""
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

    def __init__(self, name: str, engine: Engine, silence: float) -> None:
        self.engine = engine
        self.silence = silence
        self._open: set[Channel] = set()
        self._changing = threading.Lock()
        try:
            super().__init__(name, _Handler)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink(missing_ok=True)
            raise

    def server_bind(self) -> None:
        with created_private():
            super().server_bind()
        Path(str(self.server_address)).chmod(OWNER_ONLY)

    @contextmanager
    def connected(self, channel: Channel) -> Iterator[None]:
        with self._changing:
            self._open.add(channel)
        try:
            yield
        finally:
            with self._changing:
                self._open.discard(channel)

    def stop(self) -> None:
        self.shutdown()
        with self._changing:
            for channel in self._open:
                channel.hang_up()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        with Channel(self.request) as channel, self.server.connected(channel):
            try:
                _serve(channel, self.server.engine, self.server.silence)
            except OSError:
                return  # the other end is gone; what it began is undone


def _not_shared(error: OSError, path: Path) -> StoreError:
    words = os.strerror(error.errno) if error.errno else type(error).__name__
    return StoreError(
        "database-not-shared",
        f"The socket {path.name}, through which commands work while a server runs, cannot be made: "
        f"the system says: {words}. Check the folder of the database: its disk, and who may write "
        "there.",
        indonesian=f"Soket {path.name}, yang dipakai perintah selama server berjalan, tidak "
        f"dapat dibuat: sistem menjawab: {words}. Periksa folder basis data: disknya, dan siapa "
        "yang boleh menulis di sana.",
    )


def _serve(channel: Channel, engine: Engine, silence: float) -> None:
    """One session from its first message to its end; its own mistakes are told to it."""
    try:
        kind = channel.receive().header["session"]
        if kind == "read":
            query = channel.receive()
            answer = engine.read(query.header["sql"], unpacked_parameters(query.table))
            channel.send({"done": "read"}, answer)
            return
        with engine.writing() if kind == "writing" else engine.snapshot() as session:
            channel.send({"done": "begin"})
            if kind == "writing":
                channel.wait_at_most(silence)
            while (message := _next(channel)).header["do"] != "commit":
                channel.send({"done": message.header["do"]}, _do(session, message))
        channel.send({"done": "commit"})
    except StoreError as error:
        channel.send({"code": error.code, "message": error.message, "indonesian": error.indonesian})
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  (a mistake of the asker's, and it is told)
        # Its words may repeat a value of a record.
        said = Bilingual(
            f"Server tidak dapat menjalankan sebuah perintah SQL ({type(error).__name__}).",
            f"The server could not carry out a statement ({type(error).__name__}).",
        )
        channel.send({"code": "statement-failed", "message": said.en, "indonesian": said.id})


def _next(channel: Channel) -> Message:
    try:
        return channel.receive()
    except TimeoutError:
        raise undone_in_silence() from None


def _do(session: Session, message: Message) -> pa.Table | None:
    sql = message.header["sql"]
    if message.header["do"] == "append":
        session.append(sql, message.table)
        return None
    if message.header["do"] == "execute":
        session.execute(sql, unpacked_parameters(message.table))
        return None
    return session.read(sql, unpacked_parameters(message.table))

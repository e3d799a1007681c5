"""Reading uploads in separate processes: a few at once; reading stops when the client leaves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread
from starlette.requests import Request

from api.settings import Settings
from geodata.errors import BusyError, InputError, MikrozonasiError
from geodata.reading_process.reader import Limits, Reader
from geodata.records.layout.record_extraction import ExtractedRecords

_MOST_UPLOADS: Final = 32
"""Uploads that are received, read and stored at the same time."""
_MOST_BODIES: Final = 3
"""Bodies of the largest size that memory may hold at the same time."""
_MOST_READ: Final = 2
"""Files that are read at the same time; the other files wait."""
_MEGABYTE: Final = 1_000_000
_SMALL: Final = 5_000_000
"""Bytes. A process that has read a larger file ends, because it would keep the memory."""


class Readers:
    """Processes that read files for a server.

    Parameters
    ----------
    limits
        Processor time and memory for each file.
    most_bytes
        Size of all bodies that memory holds at the same time.
    """

    def __init__(self, limits: Limits, most_bytes: int) -> None:
        self._limits = limits
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._idle: list[Reader] = []
        self._closed = False
        self._uploads = self._bytes = 0
        self._reading_limit = CapacityLimiter(_MOST_READ)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Readers with the limits of the settings; starts a process if the server has a token."""
        readers = cls(
            Limits(settings.upload_seconds, settings.upload_memory_megabytes),
            _MOST_BODIES * settings.upload_megabytes * _MEGABYTE,
        )
        if settings.token is not None:
            readers.warm_up()
        return readers

    def warm_up(self) -> None:
        """Start a process in advance, so that the next file does not wait for the start."""
        with self._lock:
            if not self._idle and not self._closed:
                self._idle.append(Reader(self._limits))

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.close()

    @contextmanager
    def slot(self) -> Iterator["UploadSlot"]:
        """A slot for one upload, from its first byte to its response.

        Raises
        ------
        BusyError
            ``uploads-busy`` if no slot is free.
        """
        if self._uploads >= _MOST_UPLOADS:
            raise _busy()
        self._uploads += 1
        slot = UploadSlot(self)
        try:
            yield slot
        finally:
            self._uploads -= 1
            self._bytes -= slot.bytes

    def reserve(self, count: int) -> None:
        """Reserve memory for bytes of a body.

        Raises
        ------
        BusyError
            ``uploads-busy`` if all bodies together are too large.
        """
        if self._bytes + count > self._most_bytes:
            raise _busy()
        self._bytes += count

    async def read(
        self, request: Request, content: bytes, name: str, kind: str
    ) -> ExtractedRecords:
        """The records of an uploaded file; reading stops when the client closes the connection.

        Raises
        ------
        MikrozonasiError
            See `geodata.reading_process.reader.Reader.read`; ``client-left``.
        """
        job = _Job(self, content, name, kind)
        outcome: ExtractedRecords | MikrozonasiError | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_cancel_on_disconnect, request, tasks.cancel_scope)
            try:
                async with self._reading_limit:
                    outcome = await to_thread.run_sync(job.run, abandon_on_cancel=True)
            finally:
                job.stop()
            tasks.cancel_scope.cancel()
        if outcome is None:
            raise client_left()
        if isinstance(outcome, MikrozonasiError):
            raise outcome
        return outcome

    def take(self) -> Reader:
        """An idle process, or a new process, for one file."""
        with self._lock:
            while self._idle:
                reader = self._idle.pop()
                if reader.is_alive:
                    return reader
                reader.close()
        return Reader(self._limits)

    def release(self, reader: Reader, *, reusable: bool) -> None:
        """Keep a process for the next file, or end the process and start a new process."""
        with self._lock:
            if reusable and reader.is_alive and not self._idle and not self._closed:
                self._idle.append(reader)
                return
        reader.close()
        self.warm_up()


class UploadSlot:
    """One upload and its reserved memory."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self.bytes = 0

    def reserve(self, count: int) -> None:
        """Reserve memory for more bytes; see `Readers.reserve`."""
        self._readers.reserve(count)
        self.bytes += count


class _Job:
    """Reads one file on a thread; another thread may stop it."""

    def __init__(self, readers: Readers, content: bytes, name: str, kind: str) -> None:
        self._readers = readers
        self._file = (content, name, kind)
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._stopped = False

    def run(self) -> ExtractedRecords | MikrozonasiError:
        content, name, kind = self._file
        reader = self._readers.take()
        try:
            with self._lock:
                self._reader = reader
                if self._stopped:
                    reader.end()
            return reader.read(content, name, kind)
        except MikrozonasiError as error:
            return error
        finally:
            with self._lock:
                self._reader = None
            self._readers.release(reader, reusable=len(content) < _SMALL)

    def stop(self) -> None:
        """Stop reading; no effect if reading has ended."""
        with self._lock:
            self._stopped = True
            if self._reader is not None:
                self._reader.end()


async def _cancel_on_disconnect(request: Request, scope: CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _busy() -> BusyError:
    return BusyError(
        "uploads-busy",
        "The server is loading many files now. Send this file again in a minute.",
        indonesian="Server sedang memuat banyak berkas. Kirim berkas ini lagi satu menit lagi.",
    )


def client_left() -> InputError:
    """The error for a closed connection; no client reads this error."""
    return InputError(
        "client-left",
        "The connection closed before the file was read. No row was loaded. Send the file again.",
        indonesian="Koneksi terputus sebelum berkas selesai dibaca. Tidak ada baris yang dimuat. "
        "Kirim lagi berkasnya.",
    )

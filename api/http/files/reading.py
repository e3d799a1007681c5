"""Files of records read beside the server: a few at once, each stopped when nobody waits for it."""

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
from geodata.records.layout.arranging import Arranged

_MOST_UPLOADS: Final = 32
"""Files that are sent, read and kept at once."""
_MOST_HELD: Final = 3
"""Bodies of the largest size that are held in memory at once."""
_MOST_READ: Final = 2
"""Files that are read at once; the others wait."""
_MEGABYTE: Final = 1_000_000
_SMALL: Final = 5_000_000
"""A process that has read a larger file is ended: it would keep the memory."""


class Readers:
    """Processes that read files for a server.

    Parameters
    ----------
    limits
        Of each file.
    most_bytes
        Of all files that are held at once.
    """

    def __init__(self, limits: Limits, most_bytes: int) -> None:
        self._limits = limits
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._spare: list[Reader] = []
        self._closed = False
        self._uploads = self._bytes = 0
        self._at_once = CapacityLimiter(_MOST_READ)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Readers with the limits of the settings; one is started where officials may send."""
        found = cls(
            Limits(settings.upload_seconds, settings.upload_memory_megabytes),
            _MOST_HELD * settings.upload_megabytes * _MEGABYTE,
        )
        if settings.token is not None:
            found.warm()
        return found

    def warm(self) -> None:
        """Start a process, so that the next file need not wait for it."""
        with self._lock:
            if not self._spare and not self._closed:
                self._spare.append(Reader(self._limits))

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, []
        for reader in spare:
            reader.close()

    @contextmanager
    def slot(self) -> Iterator["UploadSlot"]:
        """A place for one upload, from its first byte to its answer.

        Raises
        ------
        BusyError
            ``uploads-busy`` where there is none.
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

    def hold(self, count: int) -> None:
        """Count bytes of a body that is held.

        Raises
        ------
        BusyError
            ``uploads-busy`` where too many are.
        """
        if self._bytes + count > self._most_bytes:
            raise _busy()
        self._bytes += count

    async def read(self, request: Request, content: bytes, name: str, kind: str) -> Arranged:
        """The records of a file that a request sent; reading ends when the client leaves.

        Raises
        ------
        MikrozonasiError
            As `geodata.reading_process.reader.Reader.read`; ``client-left``.
        """
        job = _Job(self, content, name, kind)
        found: Arranged | MikrozonasiError | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_cancel_when_left, request, tasks.cancel_scope)
            try:
                async with self._at_once:
                    found = await to_thread.run_sync(job.run, abandon_on_cancel=True)
            finally:
                job.stop()
            tasks.cancel_scope.cancel()
        if found is None:
            raise client_left()
        if isinstance(found, MikrozonasiError):
            raise found
        return found

    def take(self) -> Reader:
        """A process for one file."""
        with self._lock:
            while self._spare:
                reader = self._spare.pop()
                if reader.is_alive:
                    return reader
                reader.close()
        return Reader(self._limits)

    def give_back(self, reader: Reader, *, keep: bool) -> None:
        """Keep a process for the next file, or end it and start another."""
        with self._lock:
            if keep and reader.is_alive and not self._spare and not self._closed:
                self._spare.append(reader)
                return
        reader.close()
        self.warm()


class UploadSlot:
    """What one upload holds."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self.bytes = 0

    def hold(self, count: int) -> None:
        """Hold bytes more; see `Readers.hold`."""
        self._readers.hold(count)
        self.bytes += count


class _Job:
    """One file to read, on a thread; it may be stopped from another."""

    def __init__(self, readers: Readers, content: bytes, name: str, kind: str) -> None:
        self._readers = readers
        self._file = (content, name, kind)
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._stopped = False

    def run(self) -> Arranged | MikrozonasiError:
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
            self._readers.give_back(reader, keep=len(content) < _SMALL)

    def stop(self) -> None:
        """End what is read; nothing where it has ended."""
        with self._lock:
            self._stopped = True
            if self._reader is not None:
                self._reader.end()


async def _cancel_when_left(request: Request, scope: CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _busy() -> BusyError:
    return BusyError(
        "uploads-busy",
        "Many files are being taken in now. Send this one again in a minute.",
        indonesian="Banyak berkas sedang dimuat. Kirim berkas ini lagi satu menit lagi.",
    )


def client_left() -> InputError:
    """The error that nobody reads."""
    return InputError(
        "client-left",
        "The connection closed before the file was read. Nothing of it was taken.",
        indonesian="Koneksi terputus sebelum berkas selesai dibaca. Tidak ada isinya yang dimuat.",
    )

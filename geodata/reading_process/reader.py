"""The parent's side: a process that reads files, started, asked, and ended.

A reader is asked by one thread at a time. Another thread may end it, as when who sent the file has
left: the one that waits is told at once.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, BinaryIO, Final, NamedTuple, cast

import pyarrow as pa

from geodata.errors import MikrozonasiError, TooLargeError
from geodata.reading_process.messages import (
    OUT_OF_MEMORY,
    Message,
    arranged_of,
    error_of,
    receive,
    send,
)
from geodata.records.layout.arranging import Arranged
from geodata.records.layout.source import Source

_log = logging.getLogger(__name__)
_PROGRAM: Final = "geodata.reading_process.child"
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ", "TZDIR", "PYTHONPATH")
"""Of the environment; secrets, tokens and passwords are no business of who reads a file."""
_FEWER_THREADS: Final = {
    # Memory is counted as it is reserved, and each thread reserves its own.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
_MEGABYTE: Final = 1_000_000
_SPARE_SECONDS: Final = 30
"""Beyond the limit of processor time: on a busy machine a process waits for its turn."""

_ENDS_SECONDS: Final = 10
"""For a process that has closed its end to be gone."""


class Limits(NamedTuple):
    """What reading one file may take: seconds of the processor, and megabytes of memory."""

    seconds: int
    megabytes: int


class Reader:
    """A process that reads files.

    Parameters
    ----------
    limits
        Of each file.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._ending: str | None = None
        self._lock = threading.Lock()
        theirs, self._lifeline = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                [
                    *(sys.executable, "-m", _PROGRAM, f"--seconds={limits.seconds}"),
                    *(f"--megabytes={limits.megabytes}", f"--lifeline={theirs}"),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(os.environ),
                pass_fds=[theirs],
            )
        except OSError:
            os.close(self._lifeline)
            raise
        finally:
            os.close(theirs)

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can read another file."""
        return self._ending is None and self._process.poll() is None

    def read(
        self, content: bytes | bytearray, name: str, kind: str, source: Source | None = None
    ) -> Arranged:
        """The records of a file; see `geodata.records.layout.arranging.arrange`.

        Raises
        ------
        RecordError
            As `geodata.tables.content_pages` and `arrange`.
        TooLargeError
            ``too-slow``, ``too-much-memory``: it took more than the limits; the process is ended.
        MikrozonasiError
            ``reading-stopped`` where `end` was called, ``reading-failed`` where the process ended
            for another reason, ``intake-failed`` for what nobody foresaw.
        """
        header = {
            "name": name,
            "kind": kind,
            "source": None if source is None else source.model_dump_json(),
        }
        watch = threading.Timer(self._limits.seconds + _SPARE_SECONDS, self.end, ["too-slow"])
        watch.daemon = True
        watch.start()
        try:
            answer = self._asked(Message(header, content))
        finally:
            watch.cancel()
        if answer is None:
            raise self._reason()
        return self._arranged(answer)._replace(source=source)

    def end(self, reason: str = "reading-stopped") -> None:
        """End the process, whatever it does; may be called again, and from any thread."""
        with self._lock:
            self._ending = self._ending or reason
            if self._lifeline >= 0:
                self._process.kill()
                os.close(self._lifeline)
                self._lifeline = -1

    def close(self) -> None:
        """End the process and leave nothing of it; when nobody reads any more."""
        self.end()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _status(self) -> int | None:
        """How the process ended by itself; None where it had to be ended: it answered nonsense."""
        try:
            return self._process.wait(_ENDS_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None

    def _asked(self, message: Message) -> Message | None:
        """The answer to a message, None where the process ended before it answered."""
        try:
            send(_opened(self._process.stdin), *message)
            return receive(_opened(self._process.stdout), self._limits.megabytes * _MEGABYTE)
        except (OSError, ValueError, MemoryError):
            return None

    def _arranged(self, answer: Message) -> Arranged:
        header = answer.header
        if "error" in header:
            raise error_of(header)
        if "failed" in header:
            _log.error("intake failed: %s", header["failed"])
            raise intake_failed()
        if "out_of_memory" in header:
            self.end("too-much-memory")
            raise self._reason()
        try:
            return arranged_of(answer)
        except (pa.ArrowInvalid, ValueError, KeyError, TypeError):
            self.end("intake-failed")
            _log.error("intake failed: a reading process gave no records that are in order")
            raise intake_failed() from None

    def _reason(self) -> MikrozonasiError:
        """Why the process ended without an answer."""
        code = self._status()
        if self._ending == "reading-stopped":
            return MikrozonasiError(
                "reading-stopped",
                "Nobody waits for this file any more.",
                indonesian="Tidak ada lagi yang menunggu berkas ini.",
            )
        reason, self._ending = self._ending or _signalled(code), "ended"
        if reason == "reading-failed":
            _log.error("reading failed: the process that reads files ended (status %s)", code)
            return _reading_failed()
        if reason == "too-slow":
            return TooLargeError(
                "too-slow",
                f"Reading this file takes more than {self._limits.seconds} seconds. Nothing of it "
                "was taken. Split it, or let the operator raise MIKROZONASI_UPLOAD_SECONDS.",
                indonesian=f"Membaca berkas ini memerlukan lebih dari {self._limits.seconds} "
                "detik. Tidak ada isinya yang dimuat. Bagi berkas itu, atau minta pengelola "
                "menaikkan MIKROZONASI_UPLOAD_SECONDS.",
            )
        return TooLargeError(
            "too-much-memory",
            f"Reading this file takes more than {self._limits.megabytes} MB of memory, or it is "
            "damaged. Nothing of it was taken. Split it, save it as CSV, or let the operator raise "
            "MIKROZONASI_UPLOAD_MEMORY_MEGABYTES.",
            indonesian=f"Membaca berkas ini memerlukan lebih dari {self._limits.megabytes} MB "
            "memori, atau berkas ini rusak. Tidak ada isinya yang dimuat. Bagi berkas itu, "
            "simpan sebagai CSV, atau minta pengelola menaikkan "
            "MIKROZONASI_UPLOAD_MEMORY_MEGABYTES.",
        )


def _signalled(code: int | None) -> str:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return "too-slow"
    # A library that gets no memory aborts.
    return "too-much-memory" if code in {OUT_OF_MEMORY, -signal.SIGABRT} else "reading-failed"


def _reading_failed() -> MikrozonasiError:
    return MikrozonasiError(
        "reading-failed",
        "The process that reads files ended in the midst of this one. Nothing of it was taken. "
        "Send it again; where that fails too, save it as CSV and send that.",
        indonesian="Proses yang membaca berkas berhenti di tengah berkas ini. Tidak ada isinya "
        "yang dimuat. Kirim lagi; jika gagal lagi, simpan sebagai CSV lalu kirim.",
    )


def intake_failed() -> MikrozonasiError:
    """The error of what nobody foresaw: it says nothing of the file."""
    return MikrozonasiError(
        "intake-failed",
        "This file made something fail here; it has been noted, and nothing of it was taken.",
        indonesian="Berkas ini menimbulkan kegagalan di sini; kegagalan itu sudah dicatat, dan "
        "tidak ada isinya yang dimuat.",
    )


def _environment(known: Mapping[str, str]) -> dict[str, str]:
    return {name: known[name] for name in _PASSED_ON if name in known} | _FEWER_THREADS


def _opened(stream: IO[bytes] | None) -> BinaryIO:
    if stream is None:
        raise ValueError
    return cast("BinaryIO", stream)

"""The side of the parent: start a reading process, send files, and end the process.

One thread at a time may read. Another thread may end the process, for instance when the client has
disconnected; the thread that waits gets an error at once.
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
    parse_error,
    parse_records,
    receive,
    send,
)
from geodata.records.layout.record_extraction import ExtractedRecords
from geodata.records.layout.source import Source

_log = logging.getLogger(__name__)
_PROGRAM: Final = "geodata.reading_process.child"
_INHERITED_VARIABLES: Final = ("PATH", "LANG", "LC_ALL", "TZ", "TZDIR", "PYTHONPATH")
"""Variables of the environment that the process gets; never secrets, tokens or passwords."""
_MEMORY_VARIABLES: Final = {
    # The limit counts reserved memory, and each thread reserves memory.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
_MEGABYTE: Final = 1_000_000
_SPARE_SECONDS: Final = 30
"""Wall time above the limit of processor time: on a busy machine a process waits."""
_EXIT_SECONDS: Final = 10
"""Longest wait for the exit of a process that has closed its output."""


class Limits(NamedTuple):
    """Limits for one file: processor seconds, and megabytes of memory."""

    seconds: int
    megabytes: int


class Reader:
    """A process that reads files.

    Parameters
    ----------
    limits
        Limits for each file.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._end_reason: str | None = None
        self._lock = threading.Lock()
        child_end, self._lifeline = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                [
                    *(sys.executable, "-m", _PROGRAM, f"--seconds={limits.seconds}"),
                    *(f"--megabytes={limits.megabytes}", f"--lifeline={child_end}"),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(os.environ),
                pass_fds=[child_end],
            )
        except OSError:
            os.close(self._lifeline)
            raise
        finally:
            os.close(child_end)

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process can read another file."""
        return self._end_reason is None and self._process.poll() is None

    def read(
        self, content: bytes | bytearray, name: str, kind: str, source: Source | None = None
    ) -> ExtractedRecords:
        """The records of a file; see `geodata.records.layout.record_extraction.extract_records`.

        Raises
        ------
        RecordError
            As `geodata.tables.content_pages` and `extract_records`.
        TooLargeError
            ``too-slow``, ``too-much-memory``: the file exceeds a limit; the process ends.
        MikrozonasiError
            ``reading-stopped`` if `end` was called, ``reading-failed`` if the process ended for
            another reason, ``intake-failed`` for an unexpected error.
        """
        header = {
            "name": name,
            "kind": kind,
            "source": None if source is None else source.model_dump_json(),
        }
        timer = threading.Timer(self._limits.seconds + _SPARE_SECONDS, self.end, ["too-slow"])
        timer.daemon = True
        timer.start()
        try:
            answer = self._exchange(Message(header, content))
        finally:
            timer.cancel()
        if answer is None:
            raise self._end_error()
        return self._parse_answer(answer)._replace(source=source)

    def end(self, reason: str = "reading-stopped") -> None:
        """Kill the process; may be called again, and from any thread."""
        with self._lock:
            self._end_reason = self._end_reason or reason
            if self._lifeline >= 0:
                self._process.kill()
                os.close(self._lifeline)
                self._lifeline = -1

    def close(self) -> None:
        """End the process and close its streams; call this when no thread reads."""
        self.end()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _exit_status(self) -> int | None:
        """Exit status of the process; None if the process still runs and is killed here."""
        try:
            return self._process.wait(_EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None

    def _exchange(self, message: Message) -> Message | None:
        """The answer to a message; None if the process ended without an answer."""
        try:
            send(_require_stream(self._process.stdin), *message)
            return receive(
                _require_stream(self._process.stdout), self._limits.megabytes * _MEGABYTE
            )
        except (OSError, ValueError, MemoryError):
            return None

    def _parse_answer(self, answer: Message) -> ExtractedRecords:
        header = answer.header
        if "error" in header:
            raise parse_error(header)
        if "failed" in header:
            _log.error("intake failed: %s", header["failed"])
            raise intake_failed()
        if "out_of_memory" in header:
            self.end("too-much-memory")
            raise self._end_error()
        try:
            return parse_records(answer)
        except (pa.ArrowInvalid, ValueError, KeyError, TypeError):
            self.end("intake-failed")
            _log.error("intake failed: the answer of a reading process is malformed")
            raise intake_failed() from None

    def _end_error(self) -> MikrozonasiError:
        """Why the process ended without an answer."""
        status = self._exit_status()
        if self._end_reason == "reading-stopped":
            return MikrozonasiError(
                "reading-stopped",
                "Reading this file was stopped: no client waits for it. Nothing was loaded.",
                indonesian="Pembacaan berkas ini dihentikan: tidak ada lagi klien yang "
                "menunggunya. Tidak ada yang dimuat.",
            )
        reason, self._end_reason = self._end_reason or _error_code(status), "ended"
        if reason == "reading-failed":
            _log.error("reading failed: the process that reads files ended (status %s)", status)
            return _reading_failed()
        if reason == "too-slow":
            return TooLargeError(
                "too-slow",
                f"Reading this file takes more than {self._limits.seconds} seconds. Nothing was "
                "loaded. Split the file, or ask the operator to raise MIKROZONASI_UPLOAD_SECONDS.",
                indonesian=f"Membaca berkas ini memerlukan lebih dari {self._limits.seconds} "
                "detik. Tidak ada yang dimuat. Bagi berkas itu, atau minta pengelola "
                "menaikkan MIKROZONASI_UPLOAD_SECONDS.",
            )
        return TooLargeError(
            "too-much-memory",
            f"Reading this file takes more than {self._limits.megabytes} MB of memory, or the file "
            "is damaged. Nothing was loaded. Split the file, save it as CSV, or ask the operator "
            "to raise MIKROZONASI_UPLOAD_MEMORY_MEGABYTES.",
            indonesian=f"Membaca berkas ini memerlukan lebih dari {self._limits.megabytes} MB "
            "memori, atau berkas ini rusak. Tidak ada yang dimuat. Bagi berkas itu, simpan "
            "sebagai CSV, atau minta pengelola menaikkan MIKROZONASI_UPLOAD_MEMORY_MEGABYTES.",
        )


def _error_code(status: int | None) -> str:
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        return "too-slow"
    # A library that gets no memory aborts the process.
    return "too-much-memory" if status in {OUT_OF_MEMORY, -signal.SIGABRT} else "reading-failed"


def _reading_failed() -> MikrozonasiError:
    return MikrozonasiError(
        "reading-failed",
        "The process that reads files ended before this file was read. Nothing was loaded. Send "
        "the file again; if that fails too, save it as CSV and send that.",
        indonesian="Proses yang membaca berkas berhenti sebelum berkas ini selesai dibaca. Tidak "
        "ada yang dimuat. Kirim lagi; jika gagal lagi, simpan sebagai CSV lalu kirim.",
    )


def intake_failed() -> MikrozonasiError:
    """The error for a failure that no other error describes, without content of the file."""
    return MikrozonasiError(
        "intake-failed",
        "This file caused an unexpected error in this system. The error was logged, and nothing "
        "was loaded.",
        indonesian="Berkas ini menimbulkan kegagalan yang tidak terduga di sistem ini. Kegagalan "
        "itu sudah dicatat, dan tidak ada yang dimuat.",
    )


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: environment[name] for name in _INHERITED_VARIABLES if name in environment
    } | _MEMORY_VARIABLES


def _require_stream(stream: IO[bytes] | None) -> BinaryIO:
    if stream is None:
        raise ValueError
    return cast("BinaryIO", stream)

"""Preparer: prepares tiles in the background, in a separate process of the lowest priority.

With a separate process, requests do not wait for the work or for the GIL, and the memory goes back
to the system afterwards.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final

import pyarrow as pa
from cachetools import TTLCache

from geodata.errors import MikrozonasiError, StoreError
from geodata.language import Bilingual
from zoning.risk import FOUR_COLOURS
from zoning.tiles.artifact_cache import preparation_lock
from zoning.tiles.progress import quarters
from zoning.tiles.pyramid import prepared_share

_RETRY_AFTER: Final = 600.0
"""Seconds after a failure before the next attempt: preparing takes a minute."""
_EXIT_TIMEOUT: Final = 10.0
"""Seconds that the thread may take to end."""
_TITLE: Final = Bilingual("Menyiapkan tile peta", "Preparing the tiles")


class Preparer:
    """Prepares versions of the boundaries one after the other. Safe for many threads.

    Parameters
    ----------
    folder
        Folder of the prepared tiles.
    areas_of
        Gives the areas of a version; see `geodata.boundaries.areas_table`.
    log
        Called with a sentence for each step, for a log.
    n_classes
        Number of classes of risk.
    """

    def __init__(
        self,
        folder: Path,
        areas_of: Callable[[str], pa.Table],
        log: Callable[[Bilingual], None] | None = None,
        *,
        clock: Callable[[], float] = monotonic,
        n_classes: int = len(FOUR_COLOURS),
    ) -> None:
        self._n_classes = n_classes
        self._folder, self._areas_of, self._log = folder, areas_of, log or _ignore_message
        self._lock = Lock()
        self._requested: set[str] = set()
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._failures: TTLCache[str, StoreError] = TTLCache(16, _RETRY_AFTER, clock)
        self._thread: Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stop = Event()

    def request(self, version: str) -> None:
        """Request the tiles of a version, unless they are requested already. Does not wait.

        Raises
        ------
        StoreError
            ``tiles-not-kept`` or ``tiles-not-prepared`` if the last attempt failed recently.
        """
        with self._lock:
            failure = self._failures.get(version)
            if failure is not None:
                raise StoreError(
                    failure.code,
                    failure.message,
                    indonesian=failure.indonesian,
                )
            if version in self._requested or self._stop.is_set():
                return
            self._requested.add(version)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="preparer", daemon=True)
                self._thread.start()
        self._queue.put(version)

    def is_requested(self, version: str) -> bool:
        """Whether the tiles of a version are queued or in preparation."""
        with self._lock:
            return version in self._requested

    def close(self) -> None:
        """Stop the work; unfinished files are removed."""
        self._stop.set()
        self._queue.put(None)
        with self._lock:
            if self._process is not None:
                self._process.terminate()
        if self._thread is not None:
            self._thread.join(_EXIT_TIMEOUT)

    def _work(self) -> None:
        while (version := self._queue.get()) is not None:
            error = self._try_to_prepare(version)
            with self._lock:
                self._requested.discard(version)
                if error is not None:
                    self._failures[version] = error

    def _try_to_prepare(self, version: str) -> StoreError | None:
        try:
            with preparation_lock(self._folder, version, self._stop):
                if (
                    not self._stop.is_set()
                    and prepared_share(version, self._folder, self._n_classes) < 1
                ):
                    self._run(version)
        except StoreError as error:
            self._log(_sentence(error))
            return error
        except MikrozonasiError as error:
            return StoreError(
                error.code,
                error.message,
                indonesian=error.indonesian,
            )
        except Exception:  # noqa: BLE001  (the thread must go on; the log says what to do)
            self._log(_sentence(_not_prepared_error()))
            return _not_prepared_error()
        return None

    def _run(self, version: str) -> None:
        started = monotonic()
        with self._lock:
            if self._stop.is_set():
                return
            process = self._process = subprocess.Popen(  # noqa: S603  (our own module)
                [
                    *(sys.executable, "-m", "zoning.tiles"),
                    *(str(self._folder), version, str(self._n_classes)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C goes to the server, which ends this process
            )
        self._log(
            Bilingual(
                f"{_TITLE.id} untuk batas wilayah {version} di latar belakang: mulai",
                f"{_TITLE.en} of boundaries {version} in the background: begun",
            )
        )
        try:
            with suppress(BrokenPipeError):
                self._send_areas(process, version)
            error = self._read_progress(process)
            if process.wait() != 0 and not self._stop.is_set():
                raise error or _not_prepared_error()
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()
            with self._lock:
                self._process = None
        if not self._stop.is_set():
            seconds = monotonic() - started
            self._log(
                Bilingual(
                    f"{_TITLE.id}: selesai dalam {seconds:.0f} detik",
                    f"{_TITLE.en}: done in {seconds:.0f} s",
                )
            )

    def _send_areas(self, process: "subprocess.Popen[bytes]", version: str) -> None:
        """Write the areas to the process. Its input stays open: the process ends when it closes."""
        assert process.stdin is not None  # noqa: S101  (stdin=PIPE)
        areas = self._areas_of(version)
        with pa.ipc.new_stream(process.stdin, areas.schema) as stream:
            stream.write_table(areas)
        process.stdin.flush()

    def _read_progress(self, process: "subprocess.Popen[bytes]") -> StoreError | None:
        assert process.stdout is not None  # noqa: S101
        log_quarter = quarters(
            lambda share: self._log(
                Bilingual(f"{_TITLE.id}: {share.id}", f"{_TITLE.en}: {share.en}")
            )
        )
        error = None
        for line in process.stdout:
            message = json.loads(line)
            if "code" in message:
                error = StoreError(
                    message["code"],
                    message["message"],
                    indonesian=message["indonesian"],
                )
            else:
                log_quarter(Bilingual(*message["doing"]), message["done"], message["total"])
        return error


def _not_prepared_error() -> StoreError:
    return StoreError(
        "tiles-not-prepared",
        "The tiles could not be prepared: the process that prepares them ended. Perhaps it had too "
        "little memory; it needs about 1 GB for a city of 10,000 RT.",
        indonesian="Tile tidak dapat disiapkan: proses yang menyiapkannya berhenti. Mungkin "
        "memorinya terlalu sedikit; proses itu memerlukan sekitar 1 GB untuk kota dengan "
        "10.000 RT.",
    )


def _sentence(error: MikrozonasiError) -> Bilingual:
    return Bilingual(error.indonesian, error.message)


def _ignore_message(_message: Bilingual) -> None:
    """Log nothing."""

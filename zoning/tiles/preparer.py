"""Preparer: has tiles prepared in the background, in a process of its own of the lowest priority.

A process, so that requests wait neither for its work nor for the interpreter's lock, and so that
its memory goes back to the system.
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
from zoning.tiles.artifact_cache import preparing
from zoning.tiles.progress import quarters
from zoning.tiles.pyramid import share_prepared

_REFUSED_FOR: Final = 600.0
"""Seconds for which tiles that could not be kept are not prepared again: it takes a minute."""
_PATIENCE: Final = 10.0
"""Seconds that a process may take to end."""
_TITLE: Final = Bilingual("Menyiapkan tile peta", "Preparing the tiles")


class Preparer:
    """Prepares versions of the boundaries one after the other. Safe for many threads.

    Parameters
    ----------
    folder
        Where prepared tiles are kept.
    areas_of
        The areas of a version; see `geodata.boundaries.areas_table`.
    say
        Told in a sentence what is being done, for a log.
    n_classes
        How many classes of risk there are.
    """

    def __init__(
        self,
        folder: Path,
        areas_of: Callable[[str], pa.Table],
        say: Callable[[Bilingual], None] | None = None,
        *,
        clock: Callable[[], float] = monotonic,
        n_classes: int = len(FOUR_COLOURS),
    ) -> None:
        self._n_classes = n_classes
        self._folder, self._areas_of, self._say = folder, areas_of, say or _nobody
        self._lock = Lock()
        self._asked: set[str] = set()
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._refused: TTLCache[str, StoreError] = TTLCache(16, _REFUSED_FOR, clock)
        self._thread: Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stop = Event()

    def ask(self, version: str) -> None:
        """Have a version prepared, unless that is asked for already. Does not wait.

        Raises
        ------
        StoreError
            ``tiles-not-kept`` or ``tiles-not-prepared`` if that failed lately.
        """
        with self._lock:
            refused = self._refused.get(version)
            if refused is not None:
                raise StoreError(
                    refused.code,
                    refused.message,
                    indonesian=refused.indonesian,
                )
            if version in self._asked or self._stop.is_set():
                return
            self._asked.add(version)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="preparer", daemon=True)
                self._thread.start()
        self._queue.put(version)

    def is_asked(self, version: str) -> bool:
        """Whether a version waits to be prepared, or is."""
        with self._lock:
            return version in self._asked

    def close(self) -> None:
        """End what is being done: nothing half made is left."""
        self._stop.set()
        self._queue.put(None)
        with self._lock:
            if self._process is not None:
                self._process.terminate()
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    def _work(self) -> None:
        while (version := self._queue.get()) is not None:
            error = self._prepared(version)
            with self._lock:
                self._asked.discard(version)
                if error is not None:
                    self._refused[version] = error

    def _prepared(self, version: str) -> StoreError | None:
        try:
            with preparing(self._folder, version, self._stop):
                if (
                    not self._stop.is_set()
                    and share_prepared(version, self._folder, self._n_classes) < 1
                ):
                    self._run(version)
        except StoreError as error:
            self._say(_sentence(error))
            return error
        except MikrozonasiError as error:
            return StoreError(
                error.code,
                error.message,
                indonesian=error.indonesian,
            )
        except Exception:  # noqa: BLE001  (the thread must go on; the sentence says what to do)
            self._say(_sentence(_failed()))
            return _failed()
        return None

    def _run(self, version: str) -> None:
        begun = monotonic()
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
                start_new_session=True,  # Ctrl+C is for the server, which ends it
            )
        self._say(
            Bilingual(
                f"{_TITLE.id} untuk batas wilayah {version} di latar belakang: mulai",
                f"{_TITLE.en} of boundaries {version} in the background: begun",
            )
        )
        try:
            with suppress(BrokenPipeError):
                self._hand_over(process, version)
            error = self._listen(process)
            if process.wait() != 0 and not self._stop.is_set():
                raise error or _failed()
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
            seconds = monotonic() - begun
            self._say(
                Bilingual(
                    f"{_TITLE.id}: selesai dalam {seconds:.0f} detik",
                    f"{_TITLE.en}: done in {seconds:.0f} s",
                )
            )

    def _hand_over(self, process: "subprocess.Popen[bytes]", version: str) -> None:
        """Give it the areas. Its input stays open: when that closes, it ends."""
        assert process.stdin is not None  # noqa: S101  (a pipe was asked for)
        areas = self._areas_of(version)
        with pa.ipc.new_stream(process.stdin, areas.schema) as stream:
            stream.write_table(areas)
        process.stdin.flush()

    def _listen(self, process: "subprocess.Popen[bytes]") -> StoreError | None:
        assert process.stdout is not None  # noqa: S101
        tell = quarters(
            lambda share: self._say(
                Bilingual(f"{_TITLE.id}: {share.id}", f"{_TITLE.en}: {share.en}")
            )
        )
        error = None
        for line in process.stdout:
            said = json.loads(line)
            if "code" in said:
                error = StoreError(
                    said["code"],
                    said["message"],
                    indonesian=said["indonesian"],
                )
            else:
                tell(Bilingual(*said["doing"]), said["done"], said["total"])
        return error


def _failed() -> StoreError:
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


def _nobody(_said: Bilingual) -> None:
    """Tell no one."""

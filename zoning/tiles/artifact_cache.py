"""Prepared tiles on disk: one file for each version of the boundaries, kind of tile, and zoom.

Files are written atomically; see `zoning.tiles.blob_file` for their format. A damaged file is
removed by the first reader that notices, and built again. The format number is part of the file
name, so another version of this project never reads the file wrongly.
"""

import fcntl
import math
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock
from typing import Final

import platformdirs

from geodata.errors import StoreError
from geodata.files.private import INCOMPLETE_PREFIX, atomic_private_file
from geodata.store.address import database_path, is_embedded
from zoning.risk import FOUR_COLOURS
from zoning.tiles.blob_file import BlobFile, DamagedError, write_blobs

PICTURES: Final = "pictures"
_FORMAT: Final = 4
"""Increase when the content of the files changes: their format or the shapes."""
_READABLE_BY_ALL: Final = 0o644
_LOCK: Final = ".lock-"
_FILE_NAME: Final = re.compile(r"[0-9a-z]+-\d+\.([a-z]+\.arrow|[a-z]+\d*-\d+\.tiles)")
_SECONDS_A_DAY: Final = 86_400
_LOCK_RETRY: Final = 0.2
"""Seconds."""
UNUSED_DAYS: Final = 90
"""Days without use after which a file is removed, when other files are prepared."""


def tiles_folder(database: str) -> Path:
    """Folder of the prepared tiles: next to an embedded database, else in the user's cache."""
    if is_embedded(database):
        return database_path(database).with_suffix(".tiles")
    return platformdirs.user_cache_path("mikrozonasi") / "tiles"


def vector_kind(n_classes: int) -> str:
    """Kind of the vector tiles for a number of classes of risk; their bytes depend on it."""
    return "vector" if n_classes == len(FOUR_COLOURS) else f"vector{n_classes}"


class NotPreparedError(Exception):
    """No intact file of the requested tiles exists."""


class ArtifactCache:
    """The files of one kind of tiles of one version of the boundaries. Safe for many threads.

    A file is opened at first use and stays open. Another process may remove or replace the file
    without harm to its readers.

    Parameters
    ----------
    kind
        `PICTURES`, or the result of `vector_kind`.
    """

    def __init__(self, folder: Path, boundaries: str, kind: str) -> None:
        self._folder, self._boundaries, self._kind = folder, boundaries, kind
        self._open_files: dict[int, BlobFile] = {}
        self._open_lock = Lock()

    def path(self, zoom: int) -> Path:
        """Path of the file of a zoom."""
        return self._folder / f"{self._boundaries}-{_FORMAT}.{self._kind}-{zoom}.tiles"

    def read(self, zoom: int, key: int) -> bytes | None:
        """The blob of a key; None for an unknown key.

        Raises
        ------
        NotPreparedError
            If the file does not exist or is damaged. A damaged file is removed.
        """
        file = self.open_file(zoom)
        try:
            return file.read(key)
        except DamagedError:
            self._remove(zoom, file)
            raise NotPreparedError from None

    def open_file(self, zoom: int) -> BlobFile:
        """The file of a zoom, opened at most once.

        Raises
        ------
        NotPreparedError
            If the file does not exist or its index is damaged. A damaged file is removed.
        """
        file = self._open_files.get(zoom)
        if file is not None:
            return file
        path = self.path(zoom)
        with self._open_lock:
            try:
                if zoom not in self._open_files:
                    self._open_files[zoom] = BlobFile(path)
                    with suppress(OSError):  # a file of another user is read-only for us
                        os.utime(path)
                return self._open_files[zoom]
            except DamagedError:
                with suppress(OSError):
                    path.unlink()
            except OSError:
                pass
        raise NotPreparedError

    def is_intact(self, zoom: int) -> bool:
        """Read the whole file and check it; a damaged file is removed."""
        try:
            file = self.open_file(zoom)
        except NotPreparedError:
            return False
        try:
            file.check()
        except DamagedError:
            self._remove(zoom, file)
            return False
        return self.path(zoom).exists()

    def write(self, zoom: int, blobs: Iterable[tuple[int, bytes]]) -> None:
        """Write a file atomically, readable by all users."""
        with atomic_private_file(self.path(zoom), _READABLE_BY_ALL) as file:
            write_blobs(file, blobs)
        with self._open_lock:
            self._open_files.pop(zoom, None)

    def _remove(self, zoom: int, file: BlobFile) -> None:
        with self._open_lock:
            if self._open_files.get(zoom) is not file:
                return  # another thread noticed first
            del self._open_files[zoom]
            with suppress(OSError):
                # Another process may have replaced the file since: remove only the damaged one.
                if self.path(zoom).stat().st_ino == file.inode:
                    self.path(zoom).unlink()


@contextmanager
def preparation_lock(folder: Path, boundaries: str, stop: Event | None = None) -> Iterator[None]:
    """Hold a lock: only one process at a time prepares the tiles of a version of the boundaries.

    Parameters
    ----------
    stop
        Ends the wait for the lock.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    with translate_disk_errors(folder):
        _remove_unused(folder)
        lock = os.open(folder / f"{_LOCK}{boundaries}", os.O_CREAT | os.O_RDWR, _READABLE_BY_ALL)
    try:
        while not (stop is not None and stop.is_set()):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_LOCK_RETRY)
        yield
    finally:
        os.close(lock)


def check_writable(folder: Path) -> None:
    """Check that a folder is writable, before the work begins.

    Raises
    ------
    StoreError
        ``tiles-not-kept``.
    """
    with translate_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


@contextmanager
def translate_disk_errors(folder: Path) -> Iterator[None]:
    """Translate an `OSError` into a `StoreError` with a sentence."""
    try:
        yield
    except OSError:
        raise StoreError(
            "tiles-not-kept",
            f"The prepared tiles cannot be written to {folder}. Check that the disk has room and "
            "who may write there, or name another folder: MIKROZONASI_TILES=/var/cache/tiles.",
            indonesian=f"Tile yang sudah disiapkan tidak dapat ditulis ke {folder}. Periksa sisa "
            "ruang di disk dan siapa yang boleh menulis di sana, atau sebutkan folder lain: "
            "MIKROZONASI_TILES=/var/cache/tiles.",
        ) from None


def _remove_unused(folder: Path) -> None:
    """Make the folder, and remove unused files and the remains of killed processes.

    Only the time of last use shows that a file is unused: another server, of another version or
    with another database, may use the same folder. A process with an open file can go on reading.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(OSError):  # another process was quicker
            if path.stat().st_mtime < time.time() - _days_until_removal(path.name) * _SECONDS_A_DAY:
                path.unlink()


def _days_until_removal(name: str) -> float:
    """Days without use after which a file is removed; infinite for an unknown file."""
    if name.startswith((INCOMPLETE_PREFIX, _LOCK)):
        return 1
    return UNUSED_DAYS if _FILE_NAME.fullmatch(name) else math.inf

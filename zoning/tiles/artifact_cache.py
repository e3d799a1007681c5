"""Prepared tiles on disk: a file for each version of the boundaries, kind of tile, and zoom.

A file is there whole or not at all; see `zoning.tiles.parts` for its form. A file that is damaged
is removed when that is noticed, and made anew. What a file's form means may change with this
project: its number is part of the file's name.
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
from geodata.files.private import UNFINISHED, replacing
from geodata.store.address import database_path, is_embedded
from zoning.risk import FOUR_COLOURS
from zoning.tiles.parts import DamagedError, Parts, write_parts

PICTURES: Final = "pictures"
_FORMAT: Final = 4
"""Counted up when prepared tiles of before would be read wrongly, or show other shapes."""
_FOR_ALL: Final = 0o644
_LOCK: Final = ".lock-"
_OURS: Final = re.compile(r"[0-9a-z]+-\d+\.([a-z]+\.arrow|[a-z]+\d*-\d+\.tiles)")
_A_DAY: Final = 86_400
_LOOK_AGAIN: Final = 0.2
"""Seconds."""
UNUSED_DAYS: Final = 90
"""After so many days without a use a file is cleared away when others are made."""


def tiles_folder(database: str) -> Path:
    """Where the prepared tiles of a database lie: beside an embedded one, else in a cache."""
    if is_embedded(database):
        return database_path(database).with_suffix(".tiles")
    return platformdirs.user_cache_path("mikrozonasi") / "tiles"


def vector_kind(n_classes: int) -> str:
    """Kind of the vector tiles with so many classes of risk: their bytes number the classes."""
    return "vector" if n_classes == len(FOUR_COLOURS) else f"vector{n_classes}"


class NotPreparedError(Exception):
    """There is no sound file of the tiles that are asked for."""


class Shelf:
    """The files of one kind of tiles of one version of the boundaries. Safe for many threads.

    Parameters
    ----------
    kind
        `PICTURES`, or `vector_kind`.

    A file is opened at first use and stays open: who removes or replaces it changes nothing for
    those who read it.
    """

    def __init__(self, folder: Path, boundaries: str, kind: str) -> None:
        self._folder, self._boundaries, self._kind = folder, boundaries, kind
        self._open: dict[int, Parts] = {}
        self._opening = Lock()

    def path(self, zoom: int) -> Path:
        """Where the file of a zoom is."""
        return self._folder / f"{self._boundaries}-{_FORMAT}.{self._kind}-{zoom}.tiles"

    def read(self, zoom: int, key: int) -> bytes | None:
        """The part of a key; None where there is none.

        Raises
        ------
        NotPreparedError
            If the file is not there, or is damaged; it is removed then.
        """
        parts = self.parts(zoom)
        try:
            return parts.read(key)
        except DamagedError:
            self._remove(zoom, parts)
            raise NotPreparedError from None

    def parts(self, zoom: int) -> Parts:
        """The file of a zoom.

        Raises
        ------
        NotPreparedError
            If it is not there, or its index is damaged; it is removed then.
        """
        found = self._open.get(zoom)
        if found is not None:
            return found
        path = self.path(zoom)
        with self._opening:
            try:
                if zoom not in self._open:
                    self._open[zoom] = Parts(path)
                    with suppress(OSError):  # another user's, whom we may read only
                        os.utime(path)
                return self._open[zoom]
            except DamagedError:
                with suppress(OSError):
                    path.unlink()
            except OSError:
                pass
        raise NotPreparedError

    def is_sound(self, zoom: int) -> bool:
        """Read a file whole; a damaged one is removed."""
        try:
            parts = self.parts(zoom)
        except NotPreparedError:
            return False
        try:
            parts.check()
        except DamagedError:
            self._remove(zoom, parts)
            return False
        return self.path(zoom).exists()

    def write(self, zoom: int, parts: Iterable[tuple[int, bytes]]) -> None:
        """Write a file, for all to read, when it is whole."""
        with replacing(self.path(zoom), _FOR_ALL) as file:
            write_parts(file, parts)
        with self._opening:
            self._open.pop(zoom, None)

    def _remove(self, zoom: int, parts: Parts) -> None:
        with self._opening:
            if self._open.get(zoom) is not parts:
                return  # another thread noticed first
            del self._open[zoom]
            with suppress(OSError):
                # A file that took its place since may be sound.
                if self.path(zoom).stat().st_ino == parts.inode:
                    self.path(zoom).unlink()


@contextmanager
def preparing(folder: Path, boundaries: str, stop: Event | None = None) -> Iterator[None]:
    """Be the only one, of all processes, who prepares the tiles of some boundaries.

    Parameters
    ----------
    stop
        Ends the wait for others.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    with not_kept(folder):
        _sweep(folder)
        lock = os.open(folder / f"{_LOCK}{boundaries}", os.O_CREAT | os.O_RDWR, _FOR_ALL)
    try:
        while not (stop is not None and stop.is_set()):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_LOOK_AGAIN)
        yield
    finally:
        os.close(lock)


def check_writable(folder: Path) -> None:
    """Check that files can be made in a folder, before the work begins.

    Raises
    ------
    StoreError
        ``tiles-not-kept``.
    """
    with not_kept(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


@contextmanager
def not_kept(folder: Path) -> Iterator[None]:
    """Turn what the disk may answer into a sentence."""
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


def _sweep(folder: Path) -> None:
    """Make the folder, without what nobody has used for long and what killed processes left.

    Another server, of another version or with another database, may use the same folder: by their
    use alone one sees which files are needed. One that has a file open may go on using it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(OSError):  # another process was quicker
            if path.stat().st_mtime < time.time() - _days_kept(path.name) * _A_DAY:
                path.unlink()


def _days_kept(name: str) -> float:
    """Days without a use after which a file goes: never, if it is none of ours."""
    if name.startswith((UNFINISHED, _LOCK)):
        return 1
    return UNUSED_DAYS if _OURS.fullmatch(name) else math.inf

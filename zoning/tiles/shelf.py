"""Prepared tables on disk: a file for each version of the boundaries, used where it lies.

A file is there whole or not at all: an Arrow file, and behind it a checksum. One that is damaged or
cannot be read is made anew. What the format of a table means may change with this project: its
number is part of the file's name.
"""

import math
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import platformdirs
import pyarrow as pa
from isal import isal_zlib

from geodata.errors import StoreError
from geodata.store.address import database_path, is_embedded

_FORMAT: Final = 3
"""Counted up when prepared tables of before would be read wrongly, or show other shapes."""
_SUM: Final = 4
"""Bytes of the checksum at a file's end: CRC-32 of all before it."""
_PART: Final = ".making-"
_OURS: Final = re.compile(r"[0-9a-z]+-\d+\.[a-z]+\.arrow")
_A_DAY: Final = 86_400
UNUSED_DAYS: Final = 90
"""After so many days without a use a file is cleared away when others are made."""


def tiles_folder(database: str) -> Path:
    """Where the prepared tiles of a database lie: beside an embedded one, else in a cache."""
    if is_embedded(database):
        return database_path(database).with_suffix(".tiles")
    return platformdirs.user_cache_path("mikrozonasi") / "tiles"


def shelved(folder: Path, boundaries: str, kind: str, make: Callable[[], pa.Table]) -> pa.Table:
    """A table from its file; made, and kept there, where there is none that can be read.

    Parameters
    ----------
    boundaries
        Id of the version it was prepared from.
    kind
        What is in it, part of the file's name.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    path = _path(folder, boundaries, kind)
    found = _read(path)
    if found is not None:
        with suppress(OSError):  # another user's, whom we may read only
            os.utime(path)
        return found
    try:
        _sweep(folder)
        # Opened before the work, which takes a while, so that a closed folder is told first.
        with _replacing(path) as part:
            made = make()
            with pa.ipc.new_file(part, made.schema) as file:
                file.write_table(made.combine_chunks())
            part.flush()
            part.write(_sum_of(_mapped(part.name)))
    except OSError:
        raise StoreError(
            "tiles-not-kept",
            f"The prepared tiles cannot be written to {folder}. Check that the disk has room and "
            "who may write there, or name another folder: MIKROZONASI_TILES=/var/cache/tiles.",
        ) from None
    return _read(path) or made


def is_shelved(folder: Path, boundaries: str, kind: str) -> bool:
    """Whether there is a file, sound or not, so that `shelved` hardly ever makes one."""
    return _path(folder, boundaries, kind).exists()


def _path(folder: Path, boundaries: str, kind: str) -> Path:
    return folder / f"{boundaries}-{_FORMAT}.{kind}.arrow"


def _read(path: Path) -> pa.Table | None:
    try:
        # Mapped twice: the pages that the checksum went through are let go again.
        if not _is_sound(_mapped(path)):
            return None
        held = _mapped(path)
        return pa.ipc.open_file(held.slice(0, held.size - _SUM)).read_all()
    except (OSError, pa.ArrowException):
        return None


def _mapped(path: Path | str) -> pa.Buffer:
    return pa.memory_map(str(path)).read_buffer()


def _is_sound(held: pa.Buffer) -> bool:
    end = max(held.size - _SUM, 0)
    return bool(_sum_of(held.slice(0, end)) == held.slice(end).to_pybytes())


def _sum_of(held: pa.Buffer) -> bytes:
    return int(isal_zlib.crc32(held)).to_bytes(_SUM, "little")


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets to a path, for all to read, when it is written."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_PART, delete=False) as part:
        try:
            yield part
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).chmod(0o644)
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


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
    if name.startswith(_PART):
        return 1
    return UNUSED_DAYS if _OURS.fullmatch(name) else math.inf

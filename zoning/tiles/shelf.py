"""Prepared tables on disk: a file for each version of the boundaries, used where it lies.

A file is there whole or not at all; one that cannot be read is made anew. What the format of a
table means may change with this project: its number is part of the file's name.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import platformdirs
import pyarrow as pa

from geodata.errors import StoreError
from geodata.store import database_path, is_embedded

_FORMAT: Final = 2
"""Counted up when prepared tables of before would be read wrongly, or show other shapes."""
_PART: Final = ".making-"
_A_DAY: Final = 86_400


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
    path = folder / f"{boundaries}-{_FORMAT}.{kind}.arrow"
    found = _read(path)
    if found is not None:
        return found
    try:
        _sweep(folder, older=f"{boundaries}-*.{kind}.arrow")
        # Opened before the work, which takes a while, so that a closed folder is told first.
        with _replacing(path) as part:
            made = make()
            with pa.ipc.new_file(part, made.schema) as file:
                file.write_table(made.combine_chunks())
    except OSError:
        raise StoreError(
            "tiles-not-kept",
            f"The prepared tiles cannot be written to {folder}. Check that the disk has room and "
            "who may write there, or name another folder: MIKROZONASI_TILES=/var/cache/tiles.",
        ) from None
    return _read(path) or made


def _read(path: Path) -> pa.Table | None:
    try:
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowException):
        return None


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


def _sweep(folder: Path, older: str) -> None:
    """Make the folder, without what older versions made and what a process that was killed left."""
    folder.mkdir(parents=True, exist_ok=True)
    yesterday = time.time() - _A_DAY
    for path in [*folder.glob(f"{_PART}*"), *folder.glob(older)]:
        with suppress(FileNotFoundError):  # another process was quicker
            if not path.name.startswith(_PART) or path.stat().st_mtime < yesterday:
                path.unlink()

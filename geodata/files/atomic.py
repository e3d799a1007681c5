"""Files that get to their name when they are whole, and sentences where they cannot.

What is at the name before stays there until then, and for good where anything fails.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyogrio

from geodata.errors import InputError
from geodata.files.private import UNFINISHED
from geodata.files.system_errors import not_written, temporary_folder

_PROBE: Final = 1 << 20


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Refuse a path that no file can be written to; say why where the system refuses to write.

    Raises
    ------
    InputError
        ``no-folder``, ``disk-full``, ``too-many-files``, or ``not-written`` with the reason.
    """
    _check_target(path)
    try:
        yield
    except OSError as error:
        known = error if error.errno else _reason(path.absolute().parent)
        raise not_written(known, path.name) from None
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        # GDAL does not say why it could not write.
        raise not_written(_reason(path.absolute().parent), path.name) from None


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where a library writes what is to be at a path: in a folder of its own, beside it.

    Raises
    ------
    InputError
        As `writing_to`.
    """
    with (
        writing_to(path),
        tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=UNFINISHED) as folder,
    ):
        part = Path(folder) / f"part{path.suffix}"
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)


def _check_target(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise InputError(
            "no-folder",
            f"The folder for {path.name} does not exist. Make it first.",
            indonesian=f"Folder untuk {path.name} tidak ada. Buat folder itu dahulu.",
        )
    if path.is_dir():
        raise InputError(
            "not-written",
            f"{path.name} cannot be written: it is a folder. Name a file in it.",
            indonesian=f"{path.name} tidak dapat ditulis: itu sebuah folder. Sebutkan berkas di "
            "dalamnya.",
        )
    if path.exists() and not path.is_file():
        raise InputError(
            "not-written",
            f"{path.name} cannot be written: it is a device or a pipe, and a file would take its "
            "place. Name a file.",
            indonesian=f"{path.name} tidak dapat ditulis: itu perangkat atau pipa, dan berkas "
            "akan menggantikannya. Sebutkan nama berkas.",
        )


def _reason(folder: Path) -> OSError:
    """What the system says to a file of some size there, or among the temporary files."""
    for place in (folder, Path(temporary_folder())):
        try:
            with tempfile.TemporaryFile(dir=place) as probe:
                probe.write(bytes(_PROBE))
                probe.flush()
        except OSError as error:
            return error
    return OSError()

"""Atomic writes: a file appears at its path only when it is complete.

Until then the old file stays at the path. If the write fails, the old file stays for good.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyogrio

from geodata.errors import InputError
from geodata.files.private import INCOMPLETE_PREFIX
from geodata.files.system_errors import temporary_folder, write_error

_PROBE_BYTES: Final = 1 << 20


@contextmanager
def translate_write_errors(path: Path) -> Iterator[None]:
    """Check that a file can be written to a path; translate errors of the write.

    Raises
    ------
    InputError
        ``no-folder``, ``disk-full``, ``too-many-files``, or ``not-written`` with the reason.
    """
    _check_target(path)
    try:
        yield
    except OSError as error:
        cause = error if error.errno else _write_failure(path.absolute().parent)
        raise write_error(cause, path.name) from None
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        # GDAL does not say why it could not write.
        raise write_error(_write_failure(path.absolute().parent), path.name) from None


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Give a temporary path to a library that writes a file; then move the file to its path.

    The temporary path is in a new folder in the folder of the target.

    Raises
    ------
    InputError
        As `translate_write_errors`.
    """
    with (
        translate_write_errors(path),
        tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=INCOMPLETE_PREFIX) as folder,
    ):
        temporary_path = Path(folder) / f"part{path.suffix}"
        yield temporary_path
        with temporary_path.open("rb") as file:
            os.fsync(file.fileno())
        temporary_path.replace(path)


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
            f"{path.name} cannot be written: it is a folder. Name a file in that folder.",
            indonesian=f"{path.name} tidak dapat ditulis: itu sebuah folder. Sebutkan berkas di "
            "folder itu.",
        )
    if path.exists() and not path.is_file():
        raise InputError(
            "not-written",
            f"{path.name} cannot be written: it is a device or a pipe, and a file would replace "
            "it. Name a file.",
            indonesian=f"{path.name} tidak dapat ditulis: itu perangkat atau pipa, dan berkas "
            "akan menggantikannya. Sebutkan nama berkas.",
        )


def _write_failure(folder: Path) -> OSError:
    """The error of a test write to the folder or to the folder of temporary files."""
    for probed_folder in (folder, Path(temporary_folder())):
        try:
            with tempfile.TemporaryFile(dir=probed_folder) as probe:
                probe.write(bytes(_PROBE_BYTES))
                probe.flush()
        except OSError as error:
            return error
    return OSError()

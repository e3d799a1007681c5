"""Files with records are readable by their owner only (mode 0600), from the first byte.

Use `atomic_private_file` or `write_once` for a file that we write, `private_umask` for a library
that chooses the names of its files, and `restrict_to_owner` for a file that exists already.
"""

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Final

INCOMPLETE_PREFIX: Final = ".making-"
"""Prefix of the names of incomplete files."""
OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077
"""Permissions of the group and of everyone else."""
_log = logging.getLogger(__name__)


class _Umask:
    """The file creation mask of the process, restricted while any thread needs it.

    All threads share one mask. The first thread restricts the mask and the last thread restores
    it. A file that another thread creates meanwhile gets too few permissions, never too many.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._original_mask = 0

    def enter(self) -> None:
        with self._lock:
            if self._users == 0:
                self._original_mask = os.umask(_OTHERS)
                os.umask(self._original_mask | _OTHERS)
            self._users += 1

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                os.umask(self._original_mask)


_umask: Final = _Umask()


@contextmanager
def private_umask() -> Iterator[None]:
    """Make every file that is created inside the block readable by its owner only."""
    _umask.enter()
    try:
        yield
    finally:
        _umask.leave()


@contextmanager
def atomic_private_file(path: Path, mode: int = OWNER_ONLY) -> Iterator[IO[bytes]]:
    """Replace a file when the new file is complete.

    A symbolic link at the path is replaced, not followed. If the block fails, no temporary file
    stays.

    Parameters
    ----------
    mode
        Permissions of the new file, whatever the old file had; wider only for a public file.
    """
    with _temporary_file(path) as (file, temporary_path):
        yield file
        _sync_to_disk(file)
        temporary_path.chmod(mode)
        temporary_path.replace(path)


def write_once(path: Path, text: str) -> bool:
    """Write a private file, unless a file exists at the path.

    Returns
    -------
    bool
        Whether the file was written; false if another process wrote it first.
    """
    with _temporary_file(path) as (file, temporary_path):
        file.write(text.encode())
        _sync_to_disk(file)
        try:
            # Unlike a rename, a hard link replaces nothing.
            path.hardlink_to(temporary_path)
        except FileExistsError:
            return False
    return True


@contextmanager
def _temporary_file(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A private file in the folder of a path, and its own path; deleted at the end."""
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=INCOMPLETE_PREFIX)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync_to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def restrict_to_owner(path: Path) -> None:
    """Restrict an existing file or folder to its owner, and log a warning if others had access.

    If the system refuses (another owner, a file system without modes), the warning asks the
    operator to act.
    """
    try:
        before = _mode(path)
        if not before & _OTHERS:
            return
        path.chmod(before & ~_OTHERS)
        restricted = not _mode(path) & _OTHERS
    except FileNotFoundError:
        return
    except OSError:
        restricted = False
    if restricted:
        _log.warning(
            "%s was open to other users of this machine (mode %04o); now only its owner can use "
            "it.",
            path.name,
            before,
        )
    else:
        _log.warning(
            "%s is open to other users of this machine, and this user cannot change that. Let its "
            "owner run `chmod go= %s`, or move it to a file system that has permissions.",
            path.name,
            path.name,
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)

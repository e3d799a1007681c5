"""Files that hold records are their owner's alone (mode 0600) from the first byte.

One way for each kind of writer: `replacing` and `write_once` where we write the file,
`created_private` where a library creates files under names of its own, and `narrow` for a file that
is there already.
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

UNFINISHED: Final = ".making-"
"""How the names of files begin that are not whole yet."""
OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077
"""Permissions of the group and of everyone else."""
_log = logging.getLogger(__name__)


class _Umask:
    """The process's file creation mask, narrowed while any thread needs it.

    The mask belongs to the whole process. The first thread narrows it and the last one restores
    it. A file that another thread creates in between is too narrow, never too wide.
    """

    def __init__(self) -> None:
        self._changing = Lock()
        self._users = 0
        self._before = 0

    def enter(self) -> None:
        with self._changing:
            if self._users == 0:
                self._before = os.umask(_OTHERS)
                os.umask(self._before | _OTHERS)
            self._users += 1

    def leave(self) -> None:
        with self._changing:
            self._users -= 1
            if self._users == 0:
                os.umask(self._before)


_umask: Final = _Umask()


@contextmanager
def created_private() -> Iterator[None]:
    """Whatever any library creates inside the block is its owner's alone."""
    _umask.enter()
    try:
        yield
    finally:
        _umask.leave()


@contextmanager
def replacing(path: Path, mode: int = OWNER_ONLY) -> Iterator[IO[bytes]]:
    """A file that takes the place of another when it is written whole.

    Nothing follows a link and nothing is left behind where the block fails. A file that was there
    and was wider is replaced by a private one.

    Parameters
    ----------
    mode
        Its owner's alone where not given; wider only for what is public.
    """
    with _unfinished(path) as (file, name):
        yield file
        _finish(file)
        name.chmod(mode)
        name.replace(path)


def write_once(path: Path, text: str) -> bool:
    """Write a private file whole, unless there is one of that name already.

    Returns
    -------
    bool
        Whether it was written; false where another process was first, whose file stays.
    """
    with _unfinished(path) as (file, name):
        file.write(text.encode())
        _finish(file)
        try:
            # Unlike a rename, a link replaces nothing.
            path.hardlink_to(name)
        except FileExistsError:
            return False
    return True


@contextmanager
def _unfinished(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A private file beside a path, and its name, which is gone in the end."""
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=UNFINISHED)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _finish(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def narrow(path: Path) -> None:
    """Make a file or folder that is there its owner's alone, and say so where it was wider.

    Where this is not possible (another owner, a file system without modes), say that too: the
    operator has to act.
    """
    try:
        before = _mode(path)
        if not before & _OTHERS:
            return
        path.chmod(before & ~_OTHERS)
        done = not _mode(path) & _OTHERS
    except FileNotFoundError:
        return
    except OSError:
        done = False
    if done:
        _log.warning(
            "%s was open to other users of this machine (mode %04o); it is its owner's alone now.",
            path.name,
            before,
        )
    else:
        _log.warning(
            "%s is open to other users of this machine and cannot be closed to them from here. "
            "Let its owner run `chmod go= %s`, or move it to a file system that knows owners.",
            path.name,
            path.name,
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
